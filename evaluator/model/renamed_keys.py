"""Keys and words that JSON had before they became the field's terms; records of closed reviews still have them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

KEYS = {
    "flips": "breakeven",
    "firmness": "sensitivity",
    "gaps": "questions",
    "not_shown": "unsupported",
    "opinions": "methods",
    "standing": "evidence_status",
    "standings": "evidence_statuses",
    "unproven": "unknown_capabilities",
}
"""Old key -> the key of today."""
WORDS = {
    "budget": {"not_shown": "unknown"},
    "outcome": {"not_shown": "unsupported"},
    "standing": {"firm": "supported"},
}
"""Key in the record -> old word under it -> the word of today."""
RECORD_SCHEMA = "record/2"
"""The format in which records are written."""
RECORD_SCHEMAS = (RECORD_SCHEMA, "record/1")
"""The formats in which records are read."""
_RECORD_1 = {"edition": "review", "review": "review_file"}
"""Key of a record/1 -> the key of today; its result has the keys and words above, or already those of today."""


def present_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record of any format under the keys of today; its result stays as it was written."""
    if record.get("schema") == RECORD_SCHEMA:
        return dict(record)
    found = {_RECORD_1.get(key, key): value for key, value in record.items()} | {"schema": RECORD_SCHEMA}
    if isinstance(since := found.get("since"), dict):
        found["since"] = {_RECORD_1.get(key, key): value for key, value in since.items()}
    return found


def present_key(key: str, known: Container[str]) -> str:
    """Return the key under which ``known`` has what stood under ``key``.

    An id may be called like an old key, so a key that is still there is never taken for another.
    """
    return key if key in known else KEYS.get(key, key)


def present_word(key: str, word: object) -> object:
    """Return the word of today for an old one under ``key``; any other value as it is."""
    return WORDS.get(key, {}).get(word, word) if isinstance(word, str) else word
