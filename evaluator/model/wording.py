"""Whether two wordings of a criterion ask the same: one rule for the bridge, for what is due, and for a newer catalogue."""

from __future__ import annotations

import re

from evaluator.model.base import Model, digest_of
from evaluator.model.catalogue import Criterion

_DASHES = str.maketrans({"‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})
_MARKS = re.compile(r"[;:!?()\"'“”„‘’`]|[.,](?!\d)")


def plain(text: str) -> str:
    """``text`` without what typography alone changes: case, spaces, quotes, dashes, commas and full stops that end something."""
    return " ".join(_MARKS.sub(" ", text.translate(_DASHES)).casefold().split())


def same_words(old: Criterion, new: Criterion) -> bool:
    """Whether question and anchors are the same but for typography."""
    return (
        old.levels.keys() == new.levels.keys()
        and plain(old.question) == plain(new.question)
        and all(plain(text) == plain(new.levels[level]) for level, text in old.levels.items())
    )


def meaning_changed(old: Criterion, new: Criterion) -> bool:
    """Whether an answer to ``old`` says nothing about ``new``.

    Other words are another meaning, unless every revision that only one of the two has says that
    the meaning stayed the same. Another scale is always another meaning. Symmetric.
    """
    if same_words(old, new):
        return False
    if old.levels.keys() != new.levels.keys():
        return True
    between = set(old.revisions) ^ set(new.revisions)
    return not between or any(revision.meaning == "changed" for revision in between)


def content_digest(value: Model | object) -> str:
    """A short digest of content, for recognising a text that was shipped; fields at their default do not count."""
    if isinstance(value, Model):
        value = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return digest_of(value)[:16]
