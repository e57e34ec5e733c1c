"""Single cases with their expected figures, worked by hand or taken from print."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import (
    AS_OF,
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    WEIGHTS,
    Content,
    answer,
    build,
    card_of,
    contents,
    criterion,
    evidence,
    profile_of,
)

from evaluator.errors import EvaluatorError
from evaluator.model.base import add_months
from evaluator.model.evaluated import GateOutcome, OptionScore
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.scoring.score import score


def one(content: Content, vendor: str = "v-1", as_of: date = AS_OF) -> OptionScore:
    return score(build(content), as_of).option(vendor)


def single(level: int | str, **changes: Any) -> Content:
    """One vendor, one criterion, one answer."""
    return contents(criteria=1, families=1, vendors=1, level=level, answer_changes=changes)


def test_weighted_sum_of_triantaphyllou() -> None:
    """Triantaphyllou (2000), Multi-Criteria Decision Making Methods, example 2-1: 21.50, 22.00, 22.00; a tie for the lead."""
    table = {"a-1": (25, 20, 15, 30), "a-2": (10, 30, 20, 30), "a-3": (30, 10, 30, 10)}
    content = contents(
        criteria=4, families=1, vendors=list(table), level=lambda vendor, key, _: table[vendor][int(key[-1]) - 1]
    )
    for item in content["criteria/f-1.yaml"]["criteria"]:
        item["levels"] = {level: f"{level} points" for level in range(31)}
    content[CATALOGUE]["scale"] = {"min": 0, "max": 30}
    content[CATALOGUE]["evidence_grades"] = [{"grade": "C", "what": "page", "max_level": 30}]
    content[WEIGHTS]["criteria"] = {"c-1": 0.20, "c-2": 0.15, "c-3": 0.40, "c-4": 0.25}
    scores = score(build(content), AS_OF)
    printed = {option.id: option.score * 30 / 100 for option in scores.options}
    assert printed == pytest.approx({"a-1": 21.50, "a-2": 22.00, "a-3": 22.00})
    assert [(option.id, option.rank) for option in scores.options] == [("a-2", 1), ("a-3", 1), ("a-1", 3)]


@pytest.mark.parametrize(("level", "expected"), [(0, 0), (1, 25), (2, 50), (3, 75), (4, 100)])
def test_levels_are_spread_evenly(level: int, expected: float) -> None:
    assert one(single(level)).score == pytest.approx(expected)


def test_own_values_and_own_scale() -> None:
    content = single(6)
    content["criteria/f-1.yaml"]["criteria"][0] |= {
        "levels": {level: f"step {level}" for level in (5, 6, 7)},
        "values": [0.0, 0.8, 1.0],
    }
    assert one(content).score == pytest.approx(80)


def test_unknown_earns_nothing_and_widens_the_range() -> None:
    content = contents(criteria=2, families=1, vendors=1, level=lambda _v, key, _a: 2 if key == "c-1" else "unknown")
    option = one(content)
    assert (option.low, option.score, option.high) == pytest.approx((25, 25, 75))
    assert option.coverage == pytest.approx(0.5)


def test_an_answer_that_is_missing_counts_as_unknown() -> None:
    content = contents(criteria=2, families=1, vendors=1, level=4)
    del content[card_of("v-1")]["answers"]["c-2"]
    option = one(content)
    assert (option.low, option.score, option.high) == pytest.approx((50, 50, 100))
    assert option.cell("c-2").evidence_status is EvidenceStatus.UNKNOWN


def test_a_family_weighs_the_same_however_many_criteria_it_has() -> None:
    content = contents(criteria=5, families=2, vendors=1, level=4)
    assert one(content).families["f-1"].weight == pytest.approx(0.5)
    content[EVALUATION]["out_of_scope"] = {"c-1": "does not apply here"}
    option = one(content)
    assert option.families["f-1"].weight == pytest.approx(0.5)
    assert [cell.criterion for cell in option.cells] == ["c-3", "c-5", "c-2", "c-4"]


def test_a_family_taken_out_whole_leaves_its_weight_to_the_others() -> None:
    content = contents(criteria=2, families=2, vendors=1, level=4)
    content[EVALUATION]["out_of_scope"] = {"c-1": "does not apply here"}
    assert set(one(content).families) == {"f-2"}
    assert one(content).score == pytest.approx(100)


def test_nothing_with_weight_is_a_clear_refusal() -> None:
    content = contents()
    content[WEIGHTS]["families"] = dict.fromkeys(content[WEIGHTS]["families"], 0)
    with pytest.raises(EvaluatorError, match="No criterion in scope has any weight"):
        score(build(content), AS_OF)


def test_exact_ties_share_a_rank_and_float_noise_splits_none() -> None:
    content = contents(criteria=3, families=1, vendors=4, level=2)
    content[WEIGHTS]["criteria"] = {"c-1": 0.1, "c-2": 0.2, "c-3": 0.3}
    for vendor, levels in {"v-1": (3, 3, 0), "v-2": (0, 0, 3), "v-3": (4, 4, 4), "v-4": (0, 0, 0)}.items():
        content[card_of(vendor)]["answers"] = {f"c-{n}": answer(level) for n, level in enumerate(levels, start=1)}
    options = score(build(content), AS_OF).options
    assert [(option.id, option.rank) for option in options] == [("v-3", 1), ("v-1", 2), ("v-2", 2), ("v-4", 4)]


def test_the_close_band_includes_its_edge() -> None:
    content = contents(
        criteria=1, families=1, vendors=3, level=lambda vendor, _k, _a: {"v-1": 0, "v-2": 1, "v-3": 2}[vendor]
    )
    content[EVALUATION]["policies"] = {"close_points": 25}
    options = {option.id: option.close for option in score(build(content), AS_OF).options}
    assert options == {"v-3": ("v-2",), "v-2": ("v-3", "v-1"), "v-1": ("v-2",)}


class TestStanding:
    """Stale, unsupported and over-graded answers earn their points but not in ``low``."""

    @pytest.mark.parametrize(
        ("level", "items", "expected"),
        [
            (2, [], EvidenceStatus.UNSUPPORTED),
            (2, [evidence(date="2025-11-23")], EvidenceStatus.STALE),
            (2, [evidence(date="2025-11-24")], EvidenceStatus.SUPPORTED),
            (3, [evidence(grade="D")], EvidenceStatus.OVER_CAP),
            (3, [evidence(grade="D"), evidence(grade="D")], EvidenceStatus.OVER_CAP),
            (2, [evidence(grade="E"), evidence(date="2020-01-01")], EvidenceStatus.STALE),
            (1, [evidence(grade="E"), evidence(date="2020-01-01")], EvidenceStatus.SUPPORTED),
            (2, [{"source": "undated page", "captured": "2026-11-01", "grade": "C"}], EvidenceStatus.SUPPORTED),
            (2, [{"source": "undated page", "captured": "2024-11-01", "grade": "C"}], EvidenceStatus.STALE),
        ],
    )
    def test_of_an_answer(self, level: int, items: list[dict[str, Any]], expected: EvidenceStatus) -> None:
        option = one(single(level, evidence=items))
        assert option.cells[0].evidence_status is expected
        assert option.score == pytest.approx(25 * level)
        assert option.low == pytest.approx(25 * level if expected is EvidenceStatus.SUPPORTED else 0)
        assert option.high == option.score
        assert option.stale == (1 if expected is EvidenceStatus.STALE else 0)

    def test_moves_with_the_date(self) -> None:
        content = single(2)
        assert one(content, as_of=date(2027, 10, 1)).cells[0].evidence_status is EvidenceStatus.SUPPORTED
        assert one(content, as_of=date(2027, 10, 2)).cells[0].evidence_status is EvidenceStatus.STALE


class TestGates:
    """Outcomes, decided by supported answers only."""

    @staticmethod
    def content(level: int | str, **changes: Any) -> Content:
        content = single(level, **changes)
        content["criteria/f-1.yaml"]["criteria"] = [
            criterion("c-1", gates={"internal": 2, "confidential": 3}, starter_gate=True)
        ]
        return content

    @pytest.mark.parametrize(
        ("level", "changes", "internal", "confidential"),
        [
            (3, {}, GateOutcome.MET, GateOutcome.MET),
            (2, {}, GateOutcome.MET, GateOutcome.FAILED),
            (2, {"missing": ["the contract text"]}, GateOutcome.MET, GateOutcome.UNSUPPORTED),
            ("unknown", {}, GateOutcome.UNSUPPORTED, GateOutcome.UNSUPPORTED),
            (3, {"evidence": [evidence(date="2020-01-01")]}, GateOutcome.UNSUPPORTED, GateOutcome.UNSUPPORTED),
            (1, {"evidence": [evidence(date="2020-01-01")]}, GateOutcome.FAILED, GateOutcome.FAILED),
            (3, {"evidence": []}, GateOutcome.UNSUPPORTED, GateOutcome.UNSUPPORTED),
            (3, {"evidence": [evidence(grade="D")]}, GateOutcome.UNSUPPORTED, GateOutcome.UNSUPPORTED),
        ],
    )
    def test_outcome(
        self, level: int | str, changes: dict[str, Any], internal: GateOutcome, confidential: GateOutcome
    ) -> None:
        gates = one(self.content(level, **changes)).gates
        assert [gates[name].verdict for name in ("public", "internal", "confidential")] == [
            GateOutcome.MET if level != "unknown" else GateOutcome.UNSUPPORTED,  # no answer at all clears for nothing
            internal,
            confidential,
        ]

    def test_cleared_and_clearable_class(self) -> None:
        option = one(self.content(2, missing=["the contract text"]))
        assert (option.cleared, option.clearable) == ("internal", "restricted")
        assert option.gates["confidential"].checks[0].missing == ("the contract text",)
        option = one(self.content(2))
        assert (option.cleared, option.clearable) == ("internal", "internal")

    def test_a_failed_gate_leaves_the_score_alone(self) -> None:
        assert one(self.content(1)).score == pytest.approx(25)

    def test_a_class_inherits_the_gates_below_it(self) -> None:
        content = self.content(1)
        assert one(content).gates["restricted"].checks[0].required == 3
        assert one(content).cleared == "public"

    @pytest.mark.parametrize(("policy", "on"), [("starter", False), ("all", True), (["c-1"], True), ([], False)])
    def test_only_those_switched_on(self, policy: Any, *, on: bool) -> None:
        content = self.content(0)
        content["criteria/f-1.yaml"]["criteria"][0]["starter_gate"] = False
        content[EVALUATION]["policies"] = {"gates": policy}
        assert bool(one(content).gates["internal"].checks) is on

    def test_no_class_at_all_when_the_lowest_fails(self) -> None:
        content = self.content(0)
        content["criteria/f-1.yaml"]["criteria"][0]["gates"] = {"public": 1}
        option = one(content)
        assert (option.cleared, option.clearable) == (None, None)

    def test_own_classes(self) -> None:
        content = self.content(2)
        content[GUARDRAILS]["data_classes"] = [{"id": "internal", "title": "Internal", "meaning": "for staff"}]
        assert one(content).cleared == "internal"


class TestSeveralScorecards:
    """The stated rule of combination."""

    @staticmethod
    def option(first: int | str, second: int | str, *, policy: str = "any", **second_changes: Any) -> OptionScore:
        content = contents(criteria=1, families=1, vendors=1, assessors=("desk-a", "desk-b"))
        content[card_of("v-1", "desk-a")]["answers"]["c-1"] = answer(first)
        content[card_of("v-1", "desk-b")]["answers"]["c-1"] = answer(second, confidence="low")
        content[card_of("v-1", "desk-b")] |= second_changes
        content[EVALUATION]["policies"] = {"unknown_if": policy}
        return one(content)

    @pytest.mark.parametrize(
        ("first", "second", "policy", "expected"),
        [
            (3, 1, "any", 1),
            (1, 3, "any", 1),
            (3, "unknown", "any", None),
            (3, "unknown", "all", 3),
            ("unknown", "unknown", "all", None),
        ],
    )
    def test_the_lower_level_counts(
        self, first: int | str, second: int | str, policy: str, expected: int | None
    ) -> None:
        cell = self.option(first, second, policy=policy).cells[0]
        assert cell.level == expected
        assert cell.differs is (first != second)

    def test_equal_answers_pool_their_evidence_and_keep_the_lower_confidence(self) -> None:
        cell = self.option(2, 2).cells[0]
        assert cell.by == ("desk-a", "desk-b")
        assert cell.answer is not None
        assert cell.answer.confidence == "low"
        assert len(cell.answer.evidence) == 1

    def test_another_edition_is_not_combined_but_named(self) -> None:
        option = self.option(3, 1, edition="enterprise")
        assert (option.cells[0].level, option.scorecards, option.left_out) == (3, ("desk-a",), ("desk-b",))

    def test_the_rule_is_named_only_where_it_was_used(self) -> None:
        assert score(build(single(2)), AS_OF).combination == ""
        content = contents(criteria=1, families=1, vendors=1, assessors=("desk-a", "desk-b"))
        assert (
            "the lower level counts, unknown if any assessor says unknown" in score(build(content), AS_OF).combination
        )

    def test_a_vendor_without_scorecard_is_all_unknown(self) -> None:
        content = contents(criteria=1, families=1, vendors=2)
        del content[card_of("v-2")]
        option = one(content, "v-2")
        assert (option.score, option.high, option.coverage) == pytest.approx((0, 100, 0))

        assert option.scorecards == ()


def test_only_options_in_scope_are_scored() -> None:
    content = contents(vendors=3)
    content[EVALUATION]["options"] = ["v-3", "v-1"]
    assert {option.id for option in score(build(content), AS_OF).options} == {"v-1", "v-3"}
    assert profile_of("v-2") in content


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-12-15", 12, "2026-12-15"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_months_are_calendar_months(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_months_end_where_the_calendar_does() -> None:
    assert add_months(date(9999, 6, 1), 120) == date.max
