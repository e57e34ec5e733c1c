"""What stakeholders said, what is missing of it, the weights that follow, and the mean that is adopted."""

from __future__ import annotations

from typing import Any

import pytest
from builders import EVALUATION, WEIGHTS, Content, build, contents, stakeholder

from evaluator.errors import EvaluatorError
from evaluator.model.elicitation import FAMILIES, Group, Judged, Pair, SealState, Stated
from evaluator.weighting.stakeholders import (
    adopted,
    elicited,
    group_of,
    groups,
    hundredths,
    missing,
    stated,
    views,
    weights_state,
)

ONE = Group("f-1", ("a", "b", "c"))


def content(out: tuple[str, ...] = (), **people: dict[str, Any]) -> Content:
    """``c-1`` and ``c-3`` in ``f-1``, ``c-2`` and ``c-4`` in ``f-2``; what each role said."""
    made = contents()
    made[EVALUATION]["out_of_scope"] = dict.fromkeys(out, "no")
    return made | {f"weights/{role}.yaml": stakeholder(role, **said) for role, said in people.items()}


def of(out: tuple[str, ...] = (), **said: Any) -> Stated:
    workspace = build(content(out, office=said))
    return stated(workspace, workspace.stakeholders["office"])


def points(**given: float) -> dict[str, Any]:
    return {"points": {key.replace("_", "-"): value for key, value in given.items()}}


FAMILIES_DONE: dict[str, Any] = {"families": points(f_1=100, f_2=25)}
PAIRS = Judged(pairs=tuple(Pair(first=one, second=two, times=times) for one, two, times in (("a", "b", 2), ("c", "b", 1), ("a", "c", 2))))  # fmt: skip


# --- groups -----------------------------------------------------------------------------------------------------------


def test_groups_in_scope() -> None:
    assert groups(build(content())) == (
        Group(FAMILIES, ("f-1", "f-2")), Group("f-1", ("c-1", "c-3")), Group("f-2", ("c-2", "c-4"))
    )  # fmt: skip
    assert groups(build(content(("c-2", "c-3", "c-4")))) == (Group(FAMILIES, ("f-1",)), Group("f-1", ("c-1",)))


def test_the_group_that_all_belong_to() -> None:
    workspace = build(content(("c-4",)))
    assert group_of(workspace, ["f-2", "f-1"]).id == FAMILIES
    assert group_of(workspace, ["c-3"]).id == "f-1"
    with pytest.raises(EvaluatorError, match="'c-4' is no family and no criterion in scope"):
        group_of(workspace, ["c-2", "c-4"])
    for items in (["c-1", "c-2"], ["f-1", "c-1"], []):
        with pytest.raises(EvaluatorError, match="Weigh families against families"):
            group_of(workspace, items)


# --- one group --------------------------------------------------------------------------------------------------------


def test_what_is_missing_of_a_group() -> None:
    assert missing(ONE, Judged(points={"b": 1, "z": 2})) == ("a", "c")
    assert missing(ONE, Judged(order=(("c",), ("a", "b")))) == ()
    assert missing(ONE, PAIRS) == ()
    begun = Judged(pairs=(Pair(first="c", second="a", times=2), Pair(first="a", second="z", times=2)))
    assert missing(ONE, begun) == ("a against b", "b against c")


def test_weights_inside_a_group_by_each_way_of_asking() -> None:
    """What is not of the group is left aside. Of three in order: 11/18, 5/18 and 2/18 (Barron and Barrett 1996)."""
    found = elicited(ONE, Judged(points={"a": 100, "z": 7, "b": 60, "c": 40}))
    assert (found.method, found.weights) == ("swing", {"a": 0.5, "b": 0.3, "c": 0.2})
    found = elicited(ONE, Judged(order=(("z",), ("c",), ("z-2", "a"), ("b",))))
    assert found.method == "rank order centroid"
    assert found.weights == pytest.approx({"c": 11 / 18, "a": 5 / 18, "b": 2 / 18})
    pairs = (*(PAIRS.pairs or ()), Pair(first="a", second="z", times=9), Pair(first="z", second="b", times=9))
    found = elicited(ONE, Judged(pairs=pairs))
    assert found.method == "pairwise"
    assert found.weights == pytest.approx({"a": 0.5, "b": 0.25, "c": 0.25})


# --- one stakeholder --------------------------------------------------------------------------------------------------


def test_weights_of_families_times_those_inside() -> None:
    found = of(**FAMILIES_DONE, criteria={"f-1": points(c_1=30, c_3=10), "f-2": {"order": [["c-4"], ["c-2"]]}})
    assert found.weights == pytest.approx({"c-1": 0.6, "c-3": 0.2, "c-2": 0.05, "c-4": 0.15})
    assert found.methods == ("swing", "rank order centroid")
    assert (found.role, found.unfinished, found.untouched) == ("office", {}, ())
    assert list(found.groups) == [FAMILIES, "f-1", "f-2"]


def test_what_was_not_touched_keeps_its_importance_and_what_was_begun_keeps_it_from_counting() -> None:
    found = of(**FAMILIES_DONE)
    assert found.untouched == ("f-1", "f-2")
    assert found.weights == pytest.approx({"c-1": 0.4, "c-3": 0.4, "c-2": 0.1, "c-4": 0.1})
    found = of(**FAMILIES_DONE, criteria={"f-2": points(c_2=100)})
    assert (found.unfinished, found.weights) == ({"f-2": ("c-4",)}, None)
    found = of(criteria={"f-2": points(c_2=100, c_4=1)})
    assert (found.untouched, found.unfinished, found.weights) == ((FAMILIES, "f-1"), {}, None)


def test_a_group_of_one_needs_no_judgement() -> None:
    found = of(("c-3",), **FAMILIES_DONE)
    assert found.groups["f-1"].weights == {"c-1": 1.0}
    assert (found.untouched, found.methods) == (("f-2",), ("swing",))
    assert found.weights == pytest.approx({"c-1": 0.8, "c-2": 0.1, "c-4": 0.1})
    alone = of(("c-2", "c-4"))
    assert alone.methods == ()
    assert alone.weights == pytest.approx({"c-1": 0.5, "c-3": 0.5})


def test_points_only_for_what_is_out_of_scope_are_none() -> None:
    found = of(("c-5",), **FAMILIES_DONE, criteria={"f-1": points(c_1=0, c_3=0, c_5=100)})
    assert (found.unfinished, found.weights) == ({"f-1": ("points above 0 for anything in scope",)}, None)


def test_weight_that_went_to_families_whose_criteria_weigh_nothing() -> None:
    made = content(office={"families": points(f_1=100, f_2=0)})
    made[WEIGHTS]["criteria"] |= {"c-1": 0, "c-3": 0}
    workspace = build(made)
    found = stated(workspace, workspace.stakeholders["office"])
    assert (found.weights, found.unfinished) == (None, {})


# --- several stakeholders ---------------------------------------------------------------------------------------------


def people(*roles: str) -> Content:
    said: dict[str, Any] = {
        "zoe": {"families": points(f_1=100, f_2=0)},
        "ann": {"families": points(f_1=0, f_2=100), "criteria": {"f-2": points(c_2=75, c_4=25)}},
        "kim": {"criteria": {"f-1": points(c_1=1)}},
    }
    return content(**{role: said[role] for role in roles})


def test_views_from_two_on_by_role() -> None:
    assert views(build(people("zoe", "kim"))) == {}
    found = views(build(people("zoe", "kim", "ann")))
    assert list(found) == ["ann", "zoe"]
    assert found["ann"] == pytest.approx({"c-1": 0, "c-3": 0, "c-2": 0.75, "c-4": 0.25})


def test_who_stated_what_and_how_far_they_lie_apart() -> None:
    state = weights_state(build(people("zoe", "kim", "ann")))
    assert [one.role for one in state.stakeholders] == ["ann", "kim", "zoe"]
    assert [one.role for one in state.complete] == ["ann", "zoe"]
    assert [(row.id, row.mean, row.low, row.high) for row in state.families] == [("f-1", 0.5, 0, 1), ("f-2", 0.5, 0, 1)]
    assert [(row.id, row.low, row.high) for row in state.criteria] == [
        ("c-2", 0, 0.75), ("c-1", 0, 0.5), ("c-3", 0, 0.5), ("c-4", 0, 0.25)
    ]  # fmt: skip
    assert state.sealing.state is SealState.BEFORE
    nobody = weights_state(build(people("kim")))
    assert (nobody.families, nobody.criteria) == ((), ())


def test_the_mean_of_all_or_of_some() -> None:
    """In use: every family a half, inside it every criterion a half. The mean of both: a half each, f-2 at 3 to 1."""
    workspace = build(people("zoe", "kim", "ann"))
    found = adopted(workspace)
    assert found.roles == ("ann", "zoe")
    assert set(found.families.values()) == {(0.5, 0.5)}
    assert [before for before, _ in found.criteria.values()] == [0.5] * 4
    assert {key: after for key, (_, after) in found.criteria.items()} == pytest.approx(
        {"c-1": 0.5, "c-3": 0.5, "c-2": 0.75, "c-4": 0.25}
    )
    # Inside f-1 nothing changes, so what its criteria have in the file stays.
    assert found.figures == ({"f-1": 50.0, "f-2": 50.0}, {"c-2": 75.0, "c-4": 25.0})
    alone = adopted(workspace, ["zoe"])
    assert (alone.roles, alone.families["f-2"]) == (("zoe",), (0.5, 0.0))
    # Nobody gives f-2 weight: inside it the importance in use stays.
    assert alone.criteria["c-2"] == (0.5, 0.5)
    assert "c-2" not in alone.figures[1]


def test_a_family_in_which_nothing_weighs_gets_no_figures() -> None:
    made = people("zoe")
    made[WEIGHTS]["criteria"] |= {"c-2": 0, "c-4": 0}
    found = adopted(build(made))
    assert found.criteria["c-2"] == (0.0, 0.0)
    assert found.figures == ({"f-1": 100.0, "f-2": 0.0}, {})


def test_a_criterion_that_nobody_weighs_stands_at_nothing_beside_the_others() -> None:
    made = content(zoe={"families": points(f_1=1, f_2=1), "criteria": {"f-1": points(c_1=100, c_3=0)}})
    assert adopted(build(made)).figures[1] == {"c-1": 100.0, "c-3": 0.0}


def test_who_cannot_be_adopted() -> None:
    with pytest.raises(EvaluatorError, match="'max' stated no weights; those who did are ann, zoe"):
        adopted(build(people("zoe", "ann")), ["ann", "max"])
    with pytest.raises(EvaluatorError, match="those who did are nobody"):
        adopted(build(content()), ["max"])
    with pytest.raises(EvaluatorError, match="The weights of 'kim' are not complete"):
        adopted(build(people("zoe", "kim")), ["zoe", "kim"])
    with pytest.raises(EvaluatorError, match="Nobody's weights are complete"):
        adopted(build(people("kim")))


def test_hundredths_of_a_percent_by_largest_remainders() -> None:
    assert hundredths({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}) == {"a": 33.34, "b": 33.33, "c": 33.33}
    # 1666.67 and 8333.33: the larger remainder is rounded up, wherever it stands.
    assert hundredths({"a": 5 / 6, "b": 1 / 6}) == {"a": 83.33, "b": 16.67}
    assert hundredths({"b": 0.25, "a": 0.75}) == {"b": 25.0, "a": 75.0}
