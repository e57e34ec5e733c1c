"""How many columns a text takes on a terminal, and texts cut, padded and folded to columns.

Letters of some scripts take two columns, marks and joiners none, and an emoji of several characters takes two.
"""

from __future__ import annotations


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, an ellipsis standing for the rest; no letter or emoji is cut in two."""
    if text.isascii():
        return text if len(text) <= width else text[: max(0, width - 1)].rstrip() + "…"
    import wcwidth

    if wcwidth.width(text) <= width:
        return text
    return wcwidth.clip(text, 0, max(0, width - 1)).rstrip() + "…"


def padded(text: str, width: int) -> str:
    """``text`` with blanks up to ``width`` columns."""
    return text + " " * (width - columns_of(text))


def columns_of(text: str) -> int:
    """How many columns ``text`` takes."""
    if text.isascii():
        return len(text)
    import wcwidth

    return wcwidth.width(text)


def folded(text: str, width: int, indent: str = "", *, break_on_hyphens: bool = True) -> str:
    """``text`` on lines of at most ``width`` columns, each after ``indent``."""
    import wcwidth

    lines = wcwidth.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=break_on_hyphens
    )
    return "\n".join(lines)
