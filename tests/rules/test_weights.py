"""Weights that are missing, lost, sealed late or stated of what does not exist."""

from __future__ import annotations

from typing import Any

import pytest
from builders import EVALUATION, WEIGHTS, Content, answer, card_of, contents, stakeholder
from check_context import found, messages, places

from evaluator.rules import weights

ROLE = "weights/office.yaml"


def weighed(families: dict[str, Any], criteria: dict[str, Any], out: tuple[str, ...] = ()) -> Content:
    """``c-1`` and ``c-3`` in ``f-1``, ``c-2`` and ``c-4`` in ``f-2``."""
    content = contents()
    content[WEIGHTS] |= {"families": families, "criteria": criteria}
    content[EVALUATION]["out_of_scope"] = dict.fromkeys(out, "no")
    return content


ALL = {"c-1": 1, "c-2": 1, "c-3": 1, "c-4": 1}


def test_families_and_criteria_in_scope_without_a_weight() -> None:
    content = weighed({"f-2": 1}, {"c-1": 0, "c-2": 1}, ("c-4",))
    rows = found(weights.missing_weights, content)
    assert [(row.file, row.path, row.message) for row in rows] == [
        (WEIGHTS, ("families",), "the family f-1 has no weight"),
        (WEIGHTS, ("criteria",), "the criterion c-3 has no weight"),
    ]
    assert rows[0].hint == "add f-1: and a number; 0 takes it out of the sum"


@pytest.mark.parametrize(
    ("families", "criteria", "out", "nothing", "lost"),
    [
        ({"f-1": 1, "f-2": 1}, ALL, (), False, []),
        ({"f-1": 0, "f-2": 0}, ALL, (), True, []),
        ({"f-1": 1, "f-2": 1}, dict.fromkeys(ALL, 0), (), True, []),
        ({}, ALL, (), True, []),
        ({"f-1": 1, "f-2": 0}, ALL, ("c-1", "c-3"), True, []),
        ({"f-1": 1, "f-2": 1}, ALL, ("c-1", "c-3"), False, ["f-1"]),
        ({"f-1": 1, "f-2": 1}, {"c-1": 0, "c-3": 1, "c-2": 1}, ("c-3",), False, ["f-1"]),
        ({"f-1": 0, "f-2": 1}, ALL, ("c-1", "c-3"), False, []),
        ({"f-2": 1}, ALL, (), False, []),
        ({"f-1": 1, "f-9": 1}, {"c-1": 1}, (), False, []),
        ({"f-1": 0.2, "f-2": 1}, {"c-2": 0.1}, (), False, ["f-1"]),
    ],
)
def test_weight_that_is_lost_or_not_there_at_all(
    families: dict[str, Any], criteria: dict[str, Any], out: tuple[str, ...], lost: list[str], *, nothing: bool
) -> None:
    content = weighed(families, criteria, out)
    assert places(weights.weightless, content) == ([(WEIGHTS, ("families",))] if nothing else [])
    assert places(weights.lost_family_weights, content) == [(WEIGHTS, ("families", key)) for key in lost]
    for rule in (weights.weightless, weights.lost_family_weights):
        assert found(rule, content, incomplete_catalogue=True) == []


def test_weights_without_a_seal() -> None:
    content = contents()
    assert found(weights.unsealed, content) == []
    del content[WEIGHTS]["seal"]
    assert places(weights.unsealed, content) == [(WEIGHTS, ())]
    assert found(weights.sealed_late, content) == []
    assert found(weights.seals_out_of_order, content) == []


@pytest.mark.parametrize(
    ("sealed", "answers", "first"),
    [
        ("2026-11-10", {}, None),
        ("2026-11-11", {}, ("2026-11-10", card_of("v-1"))),
        ("2026-10-01", {"v-2": "2026-09-30"}, ("2026-09-30", card_of("v-2"))),
        ("2026-10-01", {"v-2": "2026-09-30", "v-1": "2026-09-29"}, ("2026-09-29", card_of("v-1"))),
        ("2026-10-01", {"v-1": "2026-10-01"}, None),
        ("2026-10-01", {"v-3": "2026-01-01"}, None),
    ],
)
def test_weights_sealed_after_the_first_answer(
    sealed: str, answers: dict[str, str], first: tuple[str, str] | None
) -> None:
    """All scorecards were assessed on 10 November; an answer may have a day of its own; ``v-3`` is no option."""
    content = contents(vendors=3)
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    content[WEIGHTS]["seal"]["date"] = sealed
    for vendor, day in answers.items():
        content[card_of(vendor)]["answers"]["c-2"] = answer(1, date=day)
    rows = found(weights.sealed_late, content)
    assert [row.message for row in rows] == (
        [f"the weights were sealed on {sealed}, after the first answer on {first[0]}"] if first else []
    )
    assert all(row.path == ("seal", "date") for row in rows)
    assert all(f"the answer is in {first[1]};" in row.hint for row in rows if first)


def test_without_answers_no_seal_is_late() -> None:
    assert found(weights.sealed_late, contents(vendors=0)) == []


def test_seals_stand_in_their_order() -> None:
    content = contents()
    content[WEIGHTS]["seal"]["earlier"] = [
        {"date": day, "by": "Office"} for day in ("2026-01-14", "2026-01-15", "2026-01-16")
    ]
    assert places(weights.seals_out_of_order, content) == [(WEIGHTS, ("seal", "earlier", 2))]
    assert messages(weights.seals_out_of_order, content) == [
        "the seal of 2026-01-16 is said to be earlier than that of 2026-01-15"
    ]


def said(**groups: Any) -> Content:
    content = contents()
    content[ROLE] = stakeholder("office", **groups)
    return content


def test_judgements_of_what_does_not_exist() -> None:
    content = said(
        families={"points": {"f-1": 100, "f-3": 10}},
        criteria={
            "f-9": {"points": {"c-1": 100}},
            "f-1": {"points": {"c-1": 100, "c-2": 50}},
            "f-2": {"points": {"c-2": 100, "c-4": 50}},
        },
    )
    rows = found(weights.strange_judgements, content)
    assert [(row.file, row.path, row.message) for row in rows] == [
        (ROLE, ("criteria", "f-9"), "there is no family f-9"),
        (ROLE, ("families",), "there is no family f-3"),
        (ROLE, ("criteria", "f-1"), "there is no criterion of f-1 c-2"),
    ]
    assert all(row.hint.startswith("did you mean ") for row in rows)
    assert found(weights.strange_judgements, content, incomplete_catalogue=True) == []
    assert found(weights.strange_judgements, said()) == []


def test_hints_where_nothing_is_near() -> None:
    content = said(families={"points": {"zzzz": 1}}, criteria={"yyyy": {"points": {"c-1": 1}}})
    assert [row.hint for row in found(weights.strange_judgements, content)] == [
        "known ids are in criteria/catalogue.yaml",
        "known ids are in criteria/",
    ]


@pytest.mark.parametrize(
    ("groups", "out", "lacking"),
    [
        ({"families": {"points": {"f-1": 1, "f-2": 1}}}, (), None),
        ({}, (), "2 of 2 families"),
        ({"families": {"points": {"f-2": 1}}}, (), "1 of 2 families"),
        ({"families": {"points": {"f-2": 1}}}, ("c-1", "c-3"), None),
        ({"families": {"order": [["f-2", "f-1"]]}, "criteria": {"f-1": {"points": {"c-3": 1}}}}, (), "1 of 2 criteria of f-1"),
        ({"families": {"order": [["f-2", "f-1"]]}, "criteria": {"f-1": {"points": {"c-3": 1}}}}, ("c-1",), None),
        (
            {"criteria": {"f-2": {"points": {"c-9": 1}}, "f-1": {"points": {"c-3": 1}}}},
            (),
            "2 of 2 families, 1 of 2 criteria of f-1, 2 of 2 criteria of f-2",
        ),
    ],
)  # fmt: skip
def test_judgements_that_were_not_finished(groups: dict[str, Any], out: tuple[str, ...], lacking: str | None) -> None:
    content = said(**groups)
    content[EVALUATION]["out_of_scope"] = dict.fromkeys(out, "no")
    rows = found(weights.unfinished_judgements, content)
    assert [row.message for row in rows] == (
        [f"the weights of office are not complete and do not count: {lacking} not weighed"] if lacking else []
    )
    for row in rows:
        assert (row.file, row.path) == (ROLE, ())
        assert row.hint == "evaluator weights swing --stakeholder office goes on where it stopped"


def test_of_many_unfinished_groups_three_are_named() -> None:
    content = contents(criteria=8, families=4)
    content[ROLE] = stakeholder(
        "office", criteria={f"f-{number}": {"points": {f"c-{number}": 1}} for number in range(1, 5)}
    )
    (message,) = messages(weights.unfinished_judgements, content)
    assert message.endswith("4 of 4 families, 1 of 2 criteria of f-1, 1 of 2 criteria of f-2 not weighed")
