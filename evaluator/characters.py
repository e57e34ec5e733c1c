"""Which characters may be shown, and what stands for the others: one rule for the terminal, messages and names.

Letters, marks, numbers, punctuation, symbols and blanks are shown, and the two joiners that emoji and many scripts
are written with. A mark stands for everything else: control characters, bidirectional controls, line and paragraph
separators, invisible format characters, private and unassigned characters and halves of surrogate pairs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import category

MARK = "\ufffd"
"""Stands for a character that is not shown."""

# A joiner is kept behind a character outside ASCII only: between Latin letters it would be nothing but invisible.
_UNCERTAIN = re.compile("(?<=[^\0-\x7f])(?P<joiner>[\u200c\u200d])|[^\t\n -~]")
_EMOJI = ("\U0001f000", "\U0001faff")
"""The blocks in which new emoji are assigned, some of them later than this Python."""
_HAS_LETTER = re.compile("[^\\W_\u115f\u1160\u3164\uffa0]")
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Fillers that Unicode counts as letters or symbols, although nothing is seen."""


def safe_text(text: str) -> str:
    """Return ``text`` as a terminal may get it: lines and tabs stay, a mark stands for what is not shown."""
    return _replaced(text, lambda _: MARK)


def safe_line(text: str) -> str:
    """Return ``text`` on one line: as :func:`safe_text`, and a mark also stands for each line end and tab."""
    return safe_text(text).replace("\n", MARK).replace("\t", MARK)


def safe_json(text: str) -> str:
    """Return the JSON ``text`` with an escape for each character that is not shown: the data stay equal."""
    return _replaced(text, _escape)


def has_visible(text: str) -> bool:
    """Whether anything is seen of ``text``: a letter, number, punctuation or symbol; blanks and invisible characters alone are no name."""
    return bool(_HAS_LETTER.search(text)) or any(
        category(letter)[0] in "LNPS" and letter not in _BLANK for letter in text
    )


def _replaced(text: str, instead: Callable[[str], str]) -> str:
    if text.isprintable():
        return text
    return _UNCERTAIN.sub(lambda found: found[0] if found["joiner"] or _is_shown(found[0]) else instead(found[0]), text)


@lru_cache(maxsize=4096)
def _is_shown(letter: str) -> bool:
    return letter.isprintable() or category(letter) == "Zs" or _EMOJI[0] <= letter <= _EMOJI[1]


def _escape(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
