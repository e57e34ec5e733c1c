"""Ids that lead nowhere: every place that uses one, beside a use of one that exists."""

from __future__ import annotations

from typing import Any

import pytest
from builders import (
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    capability,
    card_of,
    contents,
    evidence,
    profile,
    profile_of,
    use_case,
)
from check_context import found, messages, places

from evaluator.rules import references
from evaluator.rules.references import duplicate_ids, must_and_should, reserved_ids

CARD, PROFILE, FAMILY = card_of("v-1"), profile_of("v-1"), "criteria/f-1.yaml"


def everywhere(key: str) -> Content:
    """``c-1`` and ``key`` in every place that names criteria."""
    content = contents(criteria=2, families=1, vendors=2)
    content[WEIGHTS]["criteria"][key] = 1
    content[WEIGHTS]["reasons"] = {"f-1": "why", "c-1": "why", key: "why"}
    content[EVALUATION] |= {
        "out_of_scope": {"c-1": "no", key: "no"}, "policies": {"gates": ["c-1", key]}, "options": ["v-1"]
    }  # fmt: skip
    content[USE_CASES]["use_cases"] = [
        use_case("u-1"), use_case("u-2", emphasis={"c-1": 1, key: 1}, gates={"c-1": 1, key: 1})
    ]  # fmt: skip
    content[card_of("v-2")]["answers"][key] = answer(1)
    content[CATALOGUE]["triggers"] = [
        {"id": "t-1", "when": "w", "reopens": ["c-1"]},
        {"id": "t-2", "when": "w", "reopens": ["c-1", key]},
    ]
    return content


def test_criteria_in_every_place() -> None:
    assert places(references.unknown_criteria, everywhere("zzz")) == [
        (WEIGHTS, ("criteria", "zzz")),
        (EVALUATION, ("out_of_scope", "zzz")),
        (EVALUATION, ("policies", "gates", 1)),
        (USE_CASES, ("use_cases", 1, "emphasis", "zzz")),
        (USE_CASES, ("use_cases", 1, "gates", "zzz")),
        (card_of("v-2"), ("answers", "zzz")),
        (CATALOGUE, ("triggers", 1, "reopens", 1)),
        (WEIGHTS, ("reasons", "zzz")),
    ]
    assert set(messages(references.unknown_criteria, everywhere("zzz"))) == {
        "there is no criterion zzz",
        "there is no family or criterion zzz",
    }


def test_nothing_is_said_where_the_catalogue_could_not_be_read_or_all_is_known() -> None:
    assert found(references.unknown_criteria, everywhere("zzz"), incomplete_catalogue=True) == []
    assert found(references.unknown_criteria, everywhere("c-2")) == []


def test_a_family_whose_file_is_gone_is_one_problem() -> None:
    content = everywhere("c-9")
    del content[FAMILY]
    (finding,) = found(references.unknown_criteria, content)
    assert (finding.file, finding.path) == (CATALOGUE, ("families", 0, "id"))
    assert finding.message == (
        "no file in criteria/ holds the criteria of the family f-1, so 21 uses of criteria cannot be checked"
    )
    assert finding.hint == "restore the file, criteria/f-1.yaml as a rule, or take the family out"


def test_a_family_without_criteria_that_nothing_uses_is_no_problem() -> None:
    content = contents(criteria=2, families=1)
    content[CATALOGUE]["families"].append({"id": "f-9", "title": "Empty", "about": "vendor"})
    assert found(references.unknown_criteria, content) == []


def test_a_policy_in_a_word_names_no_criteria() -> None:
    content = contents()
    content[EVALUATION]["policies"] = {"gates": "all"}
    assert found(references.unknown_criteria, content) == []


def test_hints_name_a_near_id_or_the_place() -> None:
    content = contents()
    content[WEIGHTS]["criteria"] |= {"c-11": 1, "zzz": 1}
    assert [finding.hint for finding in found(references.unknown_criteria, content)] == [
        "did you mean c-1?",
        "known ids are in the files of criteria/",
    ]


def test_families_of_weights_and_files() -> None:
    content = contents()
    content[WEIGHTS]["families"]["f-9"] = 1
    assert places(references.unknown_families, content, families={"f-1": "a.yaml", "f-8": "b.yaml"}) == [
        (WEIGHTS, ("families", "f-9")),
        ("b.yaml", ("family",)),
    ]


def test_capabilities_of_use_cases_and_profiles() -> None:
    content = contents()
    content[USE_CASES]["use_cases"] = [use_case("u-1", must=["cap-1", "x"], should=["y", "cap-2", "z"])]
    content[profile_of("v-2")]["capabilities"]["w"] = capability("none")
    assert places(references.unknown_capabilities, content) == [
        (USE_CASES, ("use_cases", 0, "must", 1)),
        (USE_CASES, ("use_cases", 0, "should", 0)),
        (USE_CASES, ("use_cases", 0, "should", 2)),
        (profile_of("v-2"), ("capabilities", "w")),
    ]


def test_data_classes_in_every_place() -> None:
    content = contents(criteria=2, families=1)
    content[USE_CASES]["use_cases"] = [use_case("u-1"), use_case("u-2", data_class="x")]
    content[GUARDRAILS]["data_tags"] = [{"id": "a", "min_class": "public"}, {"id": "b", "min_class": "x"}]
    content[GUARDRAILS]["review_tiers"] = [
        {"tier": tier, "data_classes": classes, "full_months": 12, "light_months": 3}
        for tier, classes in ((1, ["restricted"]), (2, ["internal", "x"]))
    ]
    content[FAMILY]["criteria"][1]["gates"] = {"internal": 1, "x": 2}
    assert places(references.unknown_data_classes, content) == [
        (USE_CASES, ("use_cases", 1, "data_class")),
        (GUARDRAILS, ("data_tags", 1, "min_class")),
        (GUARDRAILS, ("review_tiers", 1, "data_classes", 1)),
        (FAMILY, ("criteria", 1, "gates", "x")),
    ]


def test_use_cases_of_exit_plans() -> None:
    content = contents()
    content[profile_of("v-2")]["exit"] = {
        "owner": "IT", "planned": "x", "export": "y", "alternatives": {"u-1": "paper", "u-2": "paper"}
    }  # fmt: skip
    assert places(references.unknown_use_cases, content) == [(profile_of("v-2"), ("exit", "alternatives", "u-2"))]


def test_options_in_every_place() -> None:
    content = contents()
    content[EVALUATION] |= {
        "options": ["v-1", "x"],
        "status_quo": "y",
        "stack": {part: [{"tool": tool, "reason": "r"} for tool in ("v-2", part)] for part in ("required", "excluded")},
    }
    expected = [
        (EVALUATION, ("options", 1)),
        (EVALUATION, ("status_quo",)),
        (EVALUATION, ("stack", "required", 1, "tool")),
        (EVALUATION, ("stack", "excluded", 1, "tool")),
    ]
    assert places(references.unknown_options, content) == expected
    # A vendor whose file could not be used is there all the same.
    assert places(references.unknown_options, content, incomplete_vendors=frozenset({"x", "y"})) == expected[2:]


@pytest.mark.parametrize(
    ("evaluation", "said"),
    [
        ({"status_quo": "today", "options": ["v-1"]}, True),
        ({"status_quo": "today", "options": ["v-1", "today"]}, False),
        ({"status_quo": "today"}, False),
        ({"status_quo": "nowhere", "options": ["v-1"]}, False),
        ({"options": ["v-1"]}, False),
    ],
)
def test_the_status_quo_is_an_option_where_options_are_listed(evaluation: dict[str, Any], *, said: bool) -> None:
    content = contents(vendors=1)
    content[profile_of("today")] = profile("today")
    content[EVALUATION] |= evaluation
    assert places(references.status_quo_out_of_scope, content) == ([(EVALUATION, ("status_quo",))] if said else [])


def test_editions_of_profiles_and_scorecards() -> None:
    content = contents(vendors=2)
    content[profile_of("v-2")]["edition"] = "gold"
    content[CARD]["edition"] = "busines"
    rows = found(references.unknown_editions, content)
    assert [(row.file, row.path, row.hint) for row in rows] == [
        (profile_of("v-2"), ("edition",), f"known ids are in {profile_of('v-2')} under editions"),
        (card_of("v-1", edition="busines"), ("edition",), "did you mean business?"),
    ]


def test_triggers_and_outcomes() -> None:
    content = contents()
    content[GUARDRAILS]["triggers"] = [
        {"id": "t-1", "when": "w", "outcome": "go"},
        {"id": "t-2", "when": "w", "outcome": "x"},
    ]
    content[GUARDRAILS]["data_tags"] = [
        {"id": "a", "min_class": "public"},
        {"id": "b", "min_class": "public", "outcome": "stop"},
        {"id": "c", "min_class": "public", "outcome": "y"},
    ]
    content[USE_CASES]["use_cases"] = [use_case("u-1"), use_case("u-2", review_triggers=["t-1", "z"])]
    assert places(references.unknown_outcomes, content) == [
        (GUARDRAILS, ("triggers", 1, "outcome")),
        (GUARDRAILS, ("data_tags", 2, "outcome")),
    ]
    assert places(references.unknown_triggers, content) == [(USE_CASES, ("use_cases", 1, "review_triggers", 1))]


def test_published_works() -> None:
    content = contents(criteria=2, families=1)
    content[FAMILY]["criteria"][1]["references"] = ["ref-1", "x"]
    (finding,) = found(references.unknown_references, content)
    assert (finding.file, finding.path) == (FAMILY, ("criteria", 1, "references", 1))
    assert finding.hint == f"known ids are in {CATALOGUE} under references"


def test_grades_of_evidence() -> None:
    content = contents(criteria=2, families=1, vendors=2)
    content[EVALUATION]["options"] = ["v-1"]
    content[card_of("v-2")]["answers"]["c-2"] = answer(1, evidence=[evidence(), evidence(grade="X")])
    (finding,) = found(references.unknown_grades, content)
    assert (finding.file, finding.path) == (card_of("v-2"), ("answers", "c-2", "evidence", 1, "grade"))
    assert (finding.message, finding.hint) == ("there is no evidence grade X", "known: A, B, C, D, E")


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
    assert finding.message == f"the {what} is listed twice here"
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
    assert finding.message == "the capability a is listed under both must and should"
