"""Ids that stand twice: every list that holds ids, and what is said of the second."""

from __future__ import annotations

from typing import Any

import pytest
from builders import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, contents, profile_of, use_case
from check_context import found, places

from evaluator.rules.duplicates import duplicate_ids, must_and_should, reserved_ids

CLASS = {"title": "T", "meaning": "m"}
TAG: dict[str, Any] = {"min_class": "internal"}
TRIGGER = {"when": "w", "outcome": "go"}


@pytest.mark.parametrize(
    ("file", "field", "entries", "key", "what"),
    [
        (EVALUATION, "options", ["a", "b", "b"], "", "option b"),
        (CATALOGUE, "families", [{"id": key, "title": "T", "about": "product"} for key in "abb"], "id", "family b"),
        (CATALOGUE, "evidence_grades", [{"grade": key, "what": "w", "max_level": 1} for key in "ABB"], "grade", "evidence grade B"),
        (USE_CASES, "use_cases", [use_case(key) for key in "abb"], "id", "use case b"),
        (GUARDRAILS, "outcomes", ["a", "b", "b"], "", "outcome b"),
        (GUARDRAILS, "data_classes", [{"id": key, **CLASS} for key in "abb"], "id", "data class b"),
        (GUARDRAILS, "data_tags", [{"id": key, **TAG} for key in "abb"], "id", "data tag b"),
        (GUARDRAILS, "triggers", [{"id": key, **TRIGGER} for key in "abb"], "id", "trigger b"),
        (GUARDRAILS, "support_tiers", [{"tier": key, "name": "n", "applies": "a"} for key in (1, 2, 2)], "tier", "support tier 2"),
        (profile_of("v-2"), "editions", [{"id": key, "name": "N", "deployment": "cloud"} for key in "abb"], "id", "edition b"),
    ],
)  # fmt: skip
def test_the_second_is_found_and_the_first_is_named(
    file: str, field: str, entries: list[Any], key: str, what: str
) -> None:
    content = contents()
    content[file][field] = entries
    (finding,) = found(duplicate_ids, content)
    assert (finding.file, finding.path) == (file, (field, 2, key) if key else (field, 2))
    assert finding.message == f"the {what} stands here twice"
    assert finding.hint == f"the first is entry 2 of {field}; keep one, or give it another id"


def test_a_capability_asked_for_twice_and_a_third_time() -> None:
    content = contents()
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", must=["a", "b"], should=["c"]),
        use_case("u-2", must=["a", "a", "a"], should=["b", "c", "b"]),
    ]
    rows = found(duplicate_ids, content)
    assert [row.path for row in rows] == [
        ("use_cases", 1, "must", 1), ("use_cases", 1, "must", 2), ("use_cases", 1, "should", 2)
    ]  # fmt: skip
    assert [row.hint.split(";")[0] for row in rows] == [
        "the first is entry 1 of must", "the first is entry 1 of must", "the first is entry 1 of should"
    ]  # fmt: skip
    assert found(duplicate_ids, contents()) == []


def test_no_family_is_called_as_all_of_them() -> None:
    content = contents()
    content[CATALOGUE]["families"][1]["id"] = "families"
    assert places(reserved_ids, content) == [(CATALOGUE, ("families", 1, "id"))]
    assert found(reserved_ids, contents()) == []


def test_a_capability_under_must_and_should() -> None:
    content = contents()
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", must=["a"], should=["b"]),
        use_case("u-2", must=["b", "a"], should=["c", "a"]),
    ]
    (finding,) = found(must_and_should, content)
    assert (finding.file, finding.path) == (USE_CASES, ("use_cases", 1, "should", 1))
    assert finding.message == "the capability a stands under must and should"
