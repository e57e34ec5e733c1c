"""What must hold for every evaluation, and agreement with the second implementation."""

from __future__ import annotations

import copy
import random
from datetime import date, timedelta
from math import fsum
from typing import Any

import oracle
import pytest
from builders import AS_OF, CLASSES, WEIGHTS, Content, answer, build, card_of, profile_of
from hypothesis import given
from hypothesis import strategies as st
from strategies import TAGS, evaluations

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated, Scores
from evaluator.scoring.explanation import explain
from evaluator.scoring.score import score

NEAR = 1e-9


def scored(content: Content, as_of: date = AS_OF) -> Scores:
    return score(build(content), as_of)


def result_of(content: Content) -> Evaluated:
    return evaluate(build(content), AS_OF, version="test")


@given(evaluations())
def test_scores_agree_with_the_second_implementation(content: Content) -> None:
    expected = oracle.scores(content, AS_OF)
    ranks = oracle.ranks(expected)
    for option in scored(content).options:
        row = expected[option.id]
        for figure in ("score", "low", "high", "coverage", "stale"):
            assert getattr(option, "score" if figure == "score" else figure) == pytest.approx(
                float(row[figure]), abs=NEAR
            )
        assert {cell.criterion: (cell.evidence_status.value, cell.level) for cell in option.cells} == {
            key: (standing, level) for key, (standing, level, _) in row["cells"].items()
        }
        assert option.rank == ranks[option.id]


@given(evaluations())
def test_gates_agree_with_the_second_implementation(content: Content) -> None:
    expected = oracle.scores(content, AS_OF)
    tags = {tag: found for tag in TAGS if (found := oracle.tag_gates(content, tag))}
    gated = bool(tags) or any(oracle.gates(content, data_class) for data_class in CLASSES)
    for option in scored(content).options:
        row = expected[option.id]
        groups = [(checks, oracle.gates(content, key)) for key, checks in option.gates.items()]
        groups += [(checks, tags[tag]) for tag, checks in option.tag_gates.items()]
        for checks, levels in groups:
            wanted = oracle.outcomes(content, option.id, row, levels)
            assert {check.criterion: check.outcome.value for check in checks.checks} == wanted
            assert checks.cleared == oracle.cleared(row, wanted, gated=gated)
        assert set(option.tag_gates) == set(tags)
        assert set(option.cleared_tags) == {tag for tag, checks in option.tag_gates.items() if checks.cleared}
        classes = [key for key, checks in option.gates.items() if checks.cleared]
        assert option.cleared == (classes[-1] if classes else None)


@given(evaluations())
def test_fits_and_stacks_agree_with_every_set_tried(content: Content) -> None:
    result = result_of(content)
    expected = oracle.fits(content, AS_OF)
    for use_case, row in result.fits.items():
        for fit in row:
            assert fit.fit == pytest.approx(float(expected[use_case][fit.option]), abs=NEAR)
    assert result.stacks is not None
    found = {size.size for size in result.stacks.sizes}
    assert found == {size for size in range(1, 5) if oracle.best_stacks(content, AS_OF, size)}
    for size in result.stacks.sizes:
        tried = oracle.best_stacks(content, AS_OF, size.size)
        assert size.best.value == pytest.approx(float(tried[0][0]), abs=NEAR)
        band = {tools for value, tools in tried if value >= tried[0][0] - 2}
        assert {stack.tools for stack in (size.best, *size.tied, *size.close)} == band
        assert size.combinations == len(tried)


@given(evaluations())
def test_low_is_at_most_score_is_at_most_high(content: Content) -> None:
    for option in scored(content).options:
        assert -NEAR <= option.low <= option.score + NEAR
        assert option.score <= option.high + NEAR <= 100 + 2 * NEAR
        assert 0 <= option.stale <= option.coverage + NEAR
        assert option.coverage <= 1


@given(evaluations(), st.data())
def test_raising_a_level_never_lowers_a_score(content: Content, data: st.DataObject) -> None:
    vendor = data.draw(st.sampled_from(oracle.vendors(content)))
    card = content[card_of(vendor)]
    raisable = sorted(key for key, given_ in card["answers"].items() if given_["level"] in (0, 1, 2, 3))
    if not raisable:
        return
    key = data.draw(st.sampled_from(raisable))
    before = scored(content).option(vendor).score
    raised = copy.deepcopy(content)
    raised[card_of(vendor)]["answers"][key]["level"] += 1
    assert scored(raised).option(vendor).score >= before - NEAR


@given(evaluations(), st.randoms(use_true_random=False))
def test_no_order_of_vendors_files_or_criteria_matters(content: Content, shuffler: random.Random) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            shuffler.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return value

    mixed: Content = shuffled(content)
    first, second = scored(content), scored(mixed)
    assert [(option.id, option.rank) for option in first.options] == [
        (option.id, option.rank) for option in second.options
    ]
    for one, other in zip(first.options, second.options, strict=True):
        assert (one.score, one.low, one.high) == pytest.approx((other.score, other.low, other.high), abs=NEAR)
    assert result_of(content).digest == result_of(mixed).digest


@given(evaluations(), st.sampled_from([0.125, 3, 7.5, 1000]))
def test_weights_times_a_constant_change_nothing(content: Content, factor: float) -> None:
    scaled = copy.deepcopy(content)
    for group in ("families", "criteria"):
        scaled[WEIGHTS][group] = {key: weight * factor for key, weight in content[WEIGHTS][group].items()}
    for one, other in zip(scored(content).options, scored(scaled).options, strict=True):
        assert (one.id, one.rank) == (other.id, other.rank)
        assert (one.score, one.low, one.high) == pytest.approx((other.score, other.low, other.high), abs=NEAR)


@given(evaluations())
def test_adding_a_vendor_changes_no_other_score(content: Content) -> None:
    before = {option.id: option for option in scored(content).options}
    more = copy.deepcopy(content)
    more[profile_of("newcomer")] = {**content[profile_of("v-1")], "id": "newcomer"}
    more[card_of("newcomer")] = {**content[card_of("v-1")], "vendor": "newcomer", "answers": {"c-1": answer(4)}}
    for option in scored(more).options:
        if option.id != "newcomer":
            old = before[option.id]
            assert (option.score, option.low, option.high, option.families, option.gates) == (
                old.score,
                old.low,
                old.high,
                old.families,
                old.gates,
            )


@given(evaluations(), st.data())
def test_contributions_add_up(content: Content, data: st.DataObject) -> None:
    scores = scored(content)
    ids = st.sampled_from([option.id for option in scores.options])
    one, other = data.draw(ids), data.draw(ids)
    alone = explain(scores, one)
    assert fsum(part.points for part in alone.parts) == pytest.approx(scores.option(one).score, abs=NEAR)
    assert alone.score + alone.open[0] == pytest.approx(scores.option(one).high, abs=NEAR)
    against = explain(scores, one, other)
    assert against.open == (alone.open[0], explain(scores, other).open[0])
    difference = scores.option(one).score - scores.option(other).score
    assert fsum(part.points for part in against.parts) == pytest.approx(difference, abs=NEAR)
    for option in scores.options:
        by_family = fsum(family.score * family.weight for family in option.families.values())
        assert by_family == pytest.approx(option.score, abs=NEAR)


@given(evaluations())
def test_a_larger_stack_is_never_worth_less_and_no_stack_less_than_its_best_member(content: Content) -> None:
    stacks = result_of(content).stacks
    assert stacks is not None
    values = [size.best.value for size in stacks.sizes]
    assert values == sorted(values)
    for size in stacks.sizes:
        for tool in size.best.tools:
            assert size.best.marginal[tool] >= -NEAR


@given(evaluations())
def test_moderated_answers_alone_count_where_there_are_any(content: Content) -> None:
    agreed = copy.deepcopy(content)
    vendor = oracle.vendors(content)[0]
    edition = content[profile_of(vendor)]["edition"]
    agreed[card_of(vendor, "agreed")] = {
        **content[card_of(vendor)],
        "assessor": "agreed",
        "edition": edition,
        "answers": {key: answer(3) for key in content[WEIGHTS]["criteria"]},
    }
    assert {cell.level for cell in scored(agreed).option(vendor).cells} == {3}


@given(evaluations(), st.sampled_from([30, 400, 4000]))
def test_time_that_passes_improves_nothing(content: Content, days: int) -> None:
    workspace = build(content)
    order = [None, *workspace.guardrails.class_ids]
    now = evaluate(workspace, AS_OF, version="test")
    later = evaluate(workspace, AS_OF + timedelta(days=days), version="test")
    for option in now.scores.options:
        aged = later.scores.option(option.id)
        assert (aged.score, aged.high) == (option.score, option.high)
        assert aged.low <= option.low + NEAR
        assert order.index(aged.cleared) <= order.index(option.cleared)
        assert order.index(aged.clearable) == order.index(option.clearable)
    for use_case, fits in now.fits.items():
        aged_fits = {fit.option: fit.fit for fit in later.fits[use_case]}
        assert all(aged_fits[fit.option] <= fit.fit + NEAR for fit in fits)
    if now.stacks and later.stacks:
        for size, aged_size in zip(now.stacks.sizes, later.stacks.sizes, strict=True):
            assert aged_size.best.value <= size.best.value + NEAR
