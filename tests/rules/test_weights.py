"""Weights that are missing, lost, sealed late or stated of what does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from builders import EVALUATION, WEIGHTS, Content, answer, build, card_of, contents, stakeholder
from check_context import found, messages, places

from evaluator.model.catalogue import Weights
from evaluator.model.elicitation import Sealing, SealState
from evaluator.rules import weights
from evaluator.rules.weights import first_answer, sealing, weights_digest

ROLE = "weights/office.yaml"


def weights_of(families: dict[str, Any], criteria: dict[str, Any], out: tuple[str, ...] = ()) -> Content:
    """``c-1`` and ``c-3`` in ``f-1``, ``c-2`` and ``c-4`` in ``f-2``."""
    content = contents()
    content[WEIGHTS] |= {"families": families, "criteria": criteria}
    content[EVALUATION]["out_of_scope"] = dict.fromkeys(out, "no")
    return content


ALL = {"c-1": 1, "c-2": 1, "c-3": 1, "c-4": 1}


def test_families_and_criteria_in_scope_without_a_weight() -> None:
    content = weights_of({"f-2": 1}, {"c-1": 0, "c-2": 1}, ("c-4",))
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
    content = weights_of(families, criteria, out)
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
        assert row.hint == "to continue, run: evaluator weights swing --stakeholder office"


def test_of_many_unfinished_groups_three_are_named() -> None:
    content = contents(criteria=8, families=4)
    content[ROLE] = stakeholder(
        "office", criteria={f"f-{number}": {"points": {f"c-{number}": 1}} for number in range(1, 5)}
    )
    (message,) = messages(weights.unfinished_judgements, content)
    assert message.endswith("4 of 4 families, 1 of 2 criteria of f-1, 1 of 2 criteria of f-2 not weighed")


DAY = date.fromisoformat
BEFORE, FIRST, AFTER = "2026-11-09", "2026-11-10", "2026-11-11"
"""Around the day on which all scorecards were assessed."""


def sealed(day: str, **seal: Any) -> Content:
    content = contents()
    content[WEIGHTS]["seal"] = {"date": day, "by": "Office", "method": "swing", **seal}
    return content


def sealing_of(content: Content) -> Sealing:
    return sealing(build(content))


def digest_of(content: Content) -> str:
    return weights_digest(build(content).weights)


def test_the_first_answer_is_the_earliest_of_any_option_in_scope() -> None:
    content = contents(vendors=3, assessors=("a", "b"))
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    assert first_answer(build(content)) == DAY(FIRST)
    content[card_of("v-2", "b")]["assessed"] = "2026-11-01"
    assert first_answer(build(content)) == DAY("2026-11-01")
    content[card_of("v-1", "b")]["answers"]["c-3"] = answer(1, date="2026-10-01")
    assert first_answer(build(content)) == DAY("2026-10-01")
    content[card_of("v-3", "a")]["assessed"] = "2020-01-01"
    assert first_answer(build(content)) == DAY("2026-10-01")


def test_the_day_of_an_answer_goes_before_that_of_its_scorecard() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[WEIGHTS]["seal"]["date"] = "2026-11-21"
    content[card_of("v-1")]["answers"]["c-1"] = answer(1, date="2026-11-20")
    assert first_answer(build(content)) == DAY("2026-11-20")
    assert "after the first answer on 2026-11-20" in found(weights.sealed_late, content)[0].message
    content[card_of("v-1")]["answers"] = {}
    assert first_answer(build(content)) is None
    assert found(weights.sealed_late, content) == []


def test_no_seal() -> None:
    content = contents()
    del content[WEIGHTS]["seal"]
    assert sealing_of(content) == Sealing(SealState.NEVER, first_answer=DAY(FIRST))


@pytest.mark.parametrize(
    ("day", "earlier", "state"),
    [
        (BEFORE, [], SealState.BEFORE),
        (FIRST, [], SealState.SAME_DAY),
        (AFTER, [], SealState.LATE),
        (AFTER, [FIRST], SealState.LATE),
        (FIRST, [FIRST], SealState.SAME_DAY),
        (AFTER, [FIRST, BEFORE], SealState.RESEALED),
        (FIRST, [BEFORE], SealState.RESEALED),
        (BEFORE, ["2026-01-01"], SealState.BEFORE),
    ],
)
def test_the_state_by_the_day(day: str, earlier: list[str], state: SealState) -> None:
    seals = [{"date": one, "by": "Office"} for one in earlier]
    assert sealing_of(sealed(day, earlier=seals)) == Sealing(
        state, DAY(day), "Office", "swing", DAY(FIRST), provable=False, earlier=DAY(min(earlier)) if earlier else None
    )


def test_without_an_answer_every_seal_is_in_time() -> None:
    content = sealed(AFTER)
    for vendor in ("v-1", "v-2"):
        content[card_of(vendor)]["answers"] = {}
    assert (sealing_of(content).state, sealing_of(content).first_answer) == (SealState.BEFORE, None)


def test_a_digest_shows_a_change_since() -> None:
    content = sealed(BEFORE)
    content[WEIGHTS]["seal"]["digest"] = digest_of(content)
    assert (sealing_of(content).state, sealing_of(content).provable) == (SealState.BEFORE, True)
    content[WEIGHTS]["criteria"]["c-1"] = 2
    assert sealing_of(content).state is SealState.CHANGED


@pytest.mark.parametrize(
    ("digests", "changed"),
    [([], False), ([None], False), (["same"], False), (["same", "other"], True), (["other"], True)],
)
def test_a_change_between_two_seals(digests: list[str | None], *, changed: bool) -> None:
    own = digest_of(contents())
    known = {"same": own, "other": "0" * 64, None: None}
    earlier = [{"date": "2026-01-01", "by": "Office", "digest": known[one]} for one in digests]
    assert sealing_of(sealed(BEFORE, digest=own, earlier=earlier)).changed is changed


def weights_file(families: Mapping[str, float], criteria: Mapping[str, float], **more: Any) -> Weights:
    return Weights.model_validate({"schema": "weights/1", "families": families, "criteria": criteria, **more})


def test_only_figures_make_the_digest() -> None:
    one = weights_digest(weights_file({"f-1": 1, "f-2": 2}, {"c-1": 3}))
    assert one == weights_digest(weights_file({"f-2": 2.0, "f-1": 1}, {"c-1": 3.0}, note="n", reasons={"c-1": "r"}))
    others = [
        weights_file({"f-1": 1, "f-2": 2.5}, {"c-1": 3}),
        weights_file({"f-1": 1, "f-2": 2}, {"c-1": 4}),
        weights_file({"f-1": 2, "f-2": 1}, {"c-1": 3}),
    ]
    assert len({one, *map(weights_digest, others)}) == 4
    # Written down once: seals of today have to hold under later versions.
    assert one == "41c1aeb11ff6e9517d5b78cb1e05a6fc5ae513a486d5ce3c9e3d55783926ae79"
