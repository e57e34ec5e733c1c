"""The catalogue's own rules: rubrics, values, caps, freshness and defaults."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import CATALOGUE, WEIGHTS, build, contents, criterion, freeze
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evaluator.model.catalogue import Catalogue, CatalogueHead, Criterion, Scale, Seal, Weights


def made(**changes: Any) -> Criterion:
    return Criterion.model_validate(freeze(criterion("c-1", **changes)))


def refused(call: Any) -> tuple[str, str]:
    with pytest.raises(ValidationError) as raised:
        call()
    (error,) = raised.value.errors()
    return error["type"], error["msg"]


def levels(low: int, high: int) -> dict[int, str]:
    return dict.fromkeys(range(low, high + 1), "x")


def test_the_highest_level_lies_above_the_lowest() -> None:
    assert Scale(min=0, max=1).max == 1
    words = ("scale_order", "the highest level must lie above the lowest")
    assert refused(lambda: Scale(min=1, max=1)) == refused(lambda: Scale(min=2, max=1)) == words


def test_levels_have_no_gap() -> None:
    assert made(levels=levels(-2, 1)).levels.keys() == {-2, -1, 0, 1}
    words = ("level_gap", "levels must be whole numbers without a gap")
    assert refused(lambda: made(levels={0: "x", 2: "x"})) == words
    assert refused(lambda: made(levels={0: "x", 1: "x", 3: "x"})) == words


def test_values_are_one_for_each_level_and_do_not_fall() -> None:
    assert made(values=[0, 0, 0.5, 1, 1]).values == (0, 0, 0.5, 1, 1)
    count = ("values_count", "values must give one number for each level")
    assert refused(lambda: made(values=[0, 1])) == refused(lambda: made(values=[0] * 6)) == count
    order = ("values_order", "values must not fall as the level rises")
    assert (
        refused(lambda: made(values=[0.1, 0, 0.5, 1, 1])) == refused(lambda: made(values=[0, 0, 0.5, 1, 0.9])) == order
    )


def test_a_gate_asks_for_a_level_that_there_is() -> None:
    assert made(gates={"internal": 4, "public": 0}).gates == {"internal": 4, "public": 0}
    assert refused(lambda: made(gates={"public": 0, "internal": 5})) == (
        "gate_level",
        "a gate requires a level that the criterion does not have",
    )


def test_the_value_of_a_level() -> None:
    plain, own = made(levels=levels(-2, 2)), made(levels=levels(1, 3), values=[0.1, 0.2, 0.9])
    assert (plain.min_level, plain.max_level, plain.best_value) == (-2, 2, 1)
    assert [plain.value(level) for level in range(-2, 3)] == [0, 0.25, 0.5, 0.75, 1]
    assert [own.value(level) for level in (1, 2, 3)] == [0.1, 0.2, 0.9]
    assert own.best_value == 0.9
    assert isinstance(made(values=[0, 0, 0, 0, 1]).value(4), float)
    for level in (-3, 3):
        with pytest.raises(KeyError, match=str(level)):
            plain.value(level)


def test_evidence_is_fresh_for_months() -> None:
    assert made(fresh_months=3).fresh_until(date(2026, 11, 30)) == date(2027, 2, 28)


def test_what_a_criterion_has_where_nothing_is_said() -> None:
    found = made()
    given_ = {name: getattr(found, name) for name in Criterion.model_fields if name not in criterion("c-1")}
    assert given_ == {
        "values": None, "fresh_reason": "", "own_figures": False, "tier": "core", "gates": {}, "starter_gate": False, "mappings": {},
        "tag_gates": {}, "gates_apply_to": None, "own_work": (),
        "references": (), "basis": "proposed", "note": "", "revisions": (),
    }  # fmt: skip


def test_what_the_head_and_the_weights_have_where_nothing_is_said() -> None:
    workspace = build(contents())
    head = workspace.catalogue.head
    assert (head.rules, head.evidence_rules, head.triggers, head.retired) == ((), (), (), {})
    assert head.families[0].note == head.references["ref-1"].note == ""
    seal = workspace.weights.seal
    assert seal
    assert (seal.note, seal.digest, seal.earlier) == ("", None, ())
    assert (workspace.weights.reasons, workspace.weights.note) == ({}, "")
    unsealed = freeze({key: value for key, value in contents()[WEIGHTS].items() if key != "seal"})
    assert Weights.model_validate(unsealed).seal is None
    assert CatalogueHead.model_validate({**freeze(contents()[CATALOGUE]), "references": {}}).references == {}


def test_a_seal_without_digest_and_predecessors_is_written_without_them() -> None:
    earlier = {"date": "2026-01-01", "by": "x"}
    seal = Seal.model_validate({**earlier, "method": "m", "earlier": (earlier,), "digest": "0" * 64})
    assert seal.model_dump(mode="json") == {
        **earlier,
        "method": "m",
        "note": "",
        "digest": "0" * 64,
        "earlier": [earlier],
    }
    bare = Seal.model_validate({**earlier, "method": "m"})
    assert bare.model_dump(mode="json") == {**earlier, "method": "m", "note": ""}


def with_scale(low: int, high: int, caps: dict[str, int], own: tuple[int, int]) -> Catalogue:
    content = contents(criteria=2)
    content[CATALOGUE]["scale"] = {"min": low, "max": high}
    content[CATALOGUE]["evidence_grades"] = [{"grade": g, "what": "x", "max_level": cap} for g, cap in caps.items()]
    content["criteria/f-1.yaml"]["criteria"][0]["levels"] = levels(*own)
    return build(content).catalogue


def test_criteria_families_and_grades_are_found_by_id() -> None:
    catalogue = build(contents(criteria=3)).catalogue
    assert list(catalogue.criteria) == ["c-1", "c-3", "c-2"]
    assert catalogue.criteria["c-2"].id == "c-2"
    assert catalogue.family_of == {"c-1": "f-1", "c-3": "f-1", "c-2": "f-2"}
    assert {grade: found.max_level for grade, found in catalogue.grades.items()} == {
        "A": 4,
        "B": 4,
        "C": 4,
        "D": 2,
        "E": 1,
    }


@pytest.mark.parametrize(
    ("own", "caps"),
    [
        ((0, 4), {"A": 4, "B": 3, "C": 2, "D": 1, "E": 0}),
        ((1, 3), {"A": 3, "B": 2, "C": 2, "D": 1, "E": 1}),
        ((-10, 0), {"A": 0, "B": -3, "C": -5, "D": -8, "E": -10}),
        ((0, 1), {"A": 1, "B": 0, "C": 0, "D": 0, "E": 0}),
    ],
)
def test_caps_are_carried_over_by_their_share_of_the_range_rounded_down(
    own: tuple[int, int], caps: dict[str, int]
) -> None:
    catalogue = with_scale(0, 4, {"A": 4, "B": 3, "C": 2, "D": 1, "E": 0}, own)
    assert catalogue.caps["c-1"] == caps
    assert catalogue.cap("B", catalogue.criteria["c-1"]) == caps["B"]
    assert catalogue.cap("Z", catalogue.criteria["c-1"]) == own[0]


def test_caps_beyond_the_scale_end_at_its_ends() -> None:
    catalogue = with_scale(1, 5, {"A": 9, "E": -9, "C": 3}, (0, 4))
    assert catalogue.caps["c-1"] == {"A": 4, "E": 0, "C": 2}


@given(st.integers(-5, 5), st.integers(1, 10), st.integers(-5, 5), st.integers(1, 10), st.integers(-20, 20))
def test_a_cap_is_the_highest_level_whose_share_is_no_larger(
    low: int, span: int, own: int, size: int, cap: int
) -> None:
    catalogue = with_scale(low, low + span, {"A": cap}, (own, own + size))
    within = [level for level in range(own, own + size + 1) if (level - own) * span <= size * (cap - low)]
    assert catalogue.caps["c-1"]["A"] == max(within, default=own)
