"""Keys and words that had other names before they became the field's terms.

Records of closed reviews still have the old keys of JSON. Reports of a workspace may still have the old names of strings,
templates and values; they are told the new one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

KEYS = {
    "cure": "missing",
    "flips": "breakeven",
    "firmness": "sensitivity",
    "gaps": "questions",
    "not_shown": "unsupported",
    "opinions": "methods",
    "standing": "evidence_status",
    "standings": "evidence_statuses",
    "unproven": "unknown_capabilities",
}
"""Old key of JSON -> the key of today."""
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


STRING_GROUPS = {
    "comparison-apart": "comparison-differences",
    "cure": "needed",
    "firmness": "sensitivity",
    "worth": "contribution",
}
"""Old first part of the keys of strings in ``reports/language.yaml`` -> the first part of today."""
STRINGS = {
    "clearance.shown": "clearance.met",
    "comparison-gates.asked-from-class": "comparison-gates.required-from-class",
    "conditions.levels": "conditions.gates",
    "contents.minimum-levels-means": "contents.gates-means",
    "criteria.minimum": "criteria.gates",
    "cure.over-cap": "needed.beyond-its-evidence",
    "doubt.floor": "doubt.higher-level",
    "doubt.over-cap": "doubt.beyond-its-evidence",
    "firmness.no-turn": "sensitivity.no-breakeven",
    "firmness.opinions-caption": "sensitivity.methods-caption",
    "firmness.share-of-draws": "sensitivity.share-of-simulations",
    "firmness.turns-caption": "sensitivity.breakeven-caption",
    "firmness.under": "sensitivity.key",
    "first-place.clear.firm": "first-place.clear.supported",
    "first-place.only.firm": "first-place.only.supported",
    "limits.not-shown": "limits.budget-unknown",
    "marks.not-shown": "marks.needed",
    "marks.not-shown-stale": "marks.needed-stale",
    "method.minimum-levels": "method.gates",
    "method.minimum-levels-text": "method.gates-text",
    "obstacles.levels": "obstacles.gates",
    "permits.not-shown": "permits.unsupported",
    "process.apart-caption": "process.disagreements-caption",
    "process.apart-caption-partly": "process.disagreements-caption-partly",
    "questions.today-floor": "questions.today-higher-level",
    "reasons.worth": "reasons.value",
    "reasons.worth-against-one": "reasons.value-against-one",
    "reasons.worth-against-one-within-limits": "reasons.value-against-one-within-limits",
    "reasons.worth-one": "reasons.value-one",
    "reasons.worth-one-within-limits": "reasons.value-one-within-limits",
    "register.stands-for": "register.dated",
    "section.firmness": "section.sensitivity",
    "sign.above-its-evidence": "sign.beyond-its-evidence",
    "sign.no-evidence": "sign.unsupported",
    "stack.shown-asked": "stack.today-required",
    "stack.what-closes-it": "stack.what-is-needed",
    "stack.what-is-not-shown": "stack.conditions",
    "standing": "summary",
    "standing.may-reach": "summary.may-reach",
    "standing.shared": "summary.shared",
    "state.above-its-evidence": "state.beyond-its-evidence",
    "state.firm": "state.supported",
    "state.no-evidence": "state.unsupported",
    "state.not-shown": "state.unsupported",
    "vendor.minimum-levels-that-are-not": "vendor.unmet-gates",
    "word.asked": "word.required",
    "word.minimum-levels": "word.gates",
    "word.shown": "word.today",
    "word.what-would-cure-it": "word.what-is-needed",
}
"""Old key of a string, without ``.one`` and ``.many`` -> the key of today, where more than its first part is new."""
TEMPLATES = {
    "parts/comparison-apart.html": "parts/comparison-differences.html",
    "parts/firmness.html": "parts/sensitivity.html",
    "parts/worth.html": "parts/contributions.html",
}
"""Old file of a template -> the file of today."""
TEMPLATE_NAMES = {
    "apart": "disagreements",
    "cure": "needed",
    "cured": "needed",
    "draws": "samples",
    "firmness_view": "sensitivity_view",
    "opinions": "methods",
    "standings": "evidence_states",
    "to_show": "still_missing",
    "turns": "breakeven",
}
"""Old name of a value, filter or macro that templates use -> the name of today."""


def present_string(key: str) -> str:
    """Return the key of today for the old key of a string; ``key`` itself where it is no old one."""
    stem, dot, count = key.rpartition(".")
    if count not in {"one", "many"}:
        stem, dot, count = key, "", ""
    group, _, rest = stem.partition(".")
    if stem in STRINGS:
        stem = STRINGS[stem]
    elif group in STRING_GROUPS:
        stem = f"{STRING_GROUPS[group]}.{rest}"
    return f"{stem}{dot}{count}"


def present_key(key: str, known: Container[str]) -> str:
    """Return the key under which ``known`` has what stood under ``key``.

    An id may be called like an old key, so a key that is still there is never taken for another.
    """
    return key if key in known else KEYS.get(key, key)


def present_word(key: str, word: object) -> object:
    """Return the word of today for an old one under ``key``; any other value as it is."""
    return WORDS.get(key, {}).get(word, word) if isinstance(word, str) else word
