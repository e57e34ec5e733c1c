"""Keys and words that JSON had before they became the field's terms; records of closed reviews still have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
"""Old key -> old word -> the word of today."""


def with_present_names(data: Any) -> Any:
    """Return plain JSON data with the keys and words of today; what has them already stays as it is."""
    if isinstance(data, Mapping):
        return {KEYS.get(key, key): with_present_names(_word(key, value)) for key, value in data.items()}
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [with_present_names(item) for item in data]
    return data


def _word(key: str, value: Any) -> Any:
    return WORDS.get(key, {}).get(value, value) if isinstance(value, str) else value
