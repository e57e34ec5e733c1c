"""What would change the answer: held against evaluations in which it has changed, and against exhaustive search."""

from __future__ import annotations

import copy
from fractions import Fraction
from itertools import combinations, product

import pytest
from builders import AS_OF, USE_CASES, WEIGHTS, Content, answer, build, card_of, contents, evaluated, use_case
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import evaluations

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import AnswerBreakeven, Breakeven, BreakevenPoint, WeightBreakeven
from evaluator.sensitivity import arrays
from evaluator.sensitivity.breakeven import breakeven

SLOW = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
STEP = 1e-5


def result_of(content: Content) -> Evaluated:
    return evaluate(build(content), AS_OF, version="test")


def family_of(content: Content) -> dict[str, str]:
    files = [value for value in content.values() if value["schema"] == "criteria/1"]
    return {item["id"]: value["family"] for value in files for item in value["criteria"]}


def with_weights(content: Content, weights: dict[str, float]) -> Content:
    """The same evaluation with these weights of criteria: a family weighs what its criteria weigh together."""
    changed = {**content, WEIGHTS: copy.deepcopy(content[WEIGHTS])}
    family = family_of(content)
    changed[WEIGHTS]["criteria"] = dict(weights)
    changed[WEIGHTS]["families"] = {
        name: sum(weight for key, weight in weights.items() if family[key] == name)
        for name in content[WEIGHTS]["families"]
    }
    return changed


def moved(content: Content, stated: dict[str, float], group: set[str], share: float) -> Evaluated:
    """The evaluation with a group of criteria at another share of the weight, all else in proportion."""
    inside = sum(stated[key] for key in group)
    weights = {
        key: weight * share / inside if key in group else weight * (1 - share) / (1 - inside)
        for key, weight in stated.items()
    }
    return result_of(with_weights(content, weights))


def first(result: Evaluated) -> set[str]:
    return {option.id for option in result.scores.options if option.rank == 1}


def holds(result: Evaluated, tools: tuple[str, ...]) -> bool:
    """Whether ``tools`` are recommended, or exactly as good as what is."""
    chosen = result.stacks.chosen if result.stacks else None
    if chosen is None or len(chosen.tools) != len(tools):
        return False
    size = next(size for size in result.stacks.sizes if size.size == len(tools)) if result.stacks else None
    return size is not None and tools in {one.tools for one in (size.best, *size.tied)}


@SLOW
@given(evaluations(max_vendors=4, max_criteria=5, use_cases=2), st.data())
def test_turns_of_one_weight_are_where_the_answer_turns(content: Content, data: st.DataObject) -> None:
    found = breakeven(evaluated(content))
    stated = result_of(content).scores.weights
    family = family_of(content)
    groups = {row.id: {row.id} for row in found.criteria} | {
        row.id: {key for key in family if family[key] == row.id} for row in found.families
    }
    row: WeightBreakeven = data.draw(st.sampled_from([*found.criteria, *found.families]))
    group = groups[row.id]
    assume(0.01 < row.weight < 0.99)
    assert row.weight == pytest.approx(sum(stated[key] for key in group))
    for turn, sign in ((row.first_down, -1), (row.first_up, 1)):
        if len(found.first) == 1:
            check_first(content, stated, group, turn, sign, found)
    for turn, sign in ((row.stack_down, -1), (row.stack_up, 1)):
        if found.stack:
            check_stack(content, stated, group, turn, sign, found.stack)


def places(row_weight: float, end: float, count: int = 8) -> list[float]:
    return [row_weight + (end - row_weight) * step / (count + 1) for step in range(1, count + 1)]


def check_first(
    content: Content,
    stated: dict[str, float],
    group: set[str],
    turn: BreakevenPoint | None,
    sign: int,
    found: Breakeven,
) -> None:
    weight = sum(stated[key] for key in group)
    end = turn.at if turn else (0.001 if sign < 0 else 0.999)
    for share in places(weight, end):
        assert found.first[0] in first(moved(content, stated, group, share))
    if turn and STEP < turn.at < 1 - STEP:
        at = moved(content, stated, group, turn.at)
        lead = at.scores.option(found.first[0]).score
        assert all(at.scores.option(name).score == pytest.approx(lead, abs=1e-6) for name in turn.to)
        beyond = moved(content, stated, group, turn.at + sign * STEP)
        assert found.first[0] not in first(beyond) or len(first(beyond)) > 1


def check_stack(
    content: Content,
    stated: dict[str, float],
    group: set[str],
    turn: BreakevenPoint | None,
    sign: int,
    tools: tuple[str, ...],
) -> None:
    weight = sum(stated[key] for key in group)
    end = turn.at - sign * STEP if turn else (0.001 if sign < 0 else 0.999)
    if (end - weight) * sign > 0:
        for share in places(weight, end, 12):
            assert holds(moved(content, stated, group, share), tools)
    if turn and STEP < turn.at < 1 - STEP:
        assert not holds(moved(content, stated, group, turn.at + sign * STEP), tools)


def least_by_vertices(weights: list[Fraction], lead: list[Fraction]) -> Fraction | None:
    """min sum (p + q) with w' = w + p - q >= 0, sum p = sum q, lead w' <= 0: every vertex of the linear program is tried.

    At a vertex all variables stand at a bound but two, which the two constraints determine.
    """
    count = len(weights)
    best: Fraction | None = None
    for full in product([False, True], repeat=count):
        taken = [weight if all_ else Fraction(0) for weight, all_ in zip(weights, full, strict=True)]
        free = [(1, k) for k in range(count)] + [(-1, k) for k in range(count) if not full[k]]
        balance = -sum(taken)
        gap = sum((weight - one) * d for weight, one, d in zip(weights, taken, lead, strict=True))
        candidates: list[dict[tuple[int, int], Fraction]] = [{}]
        candidates += [{one: Fraction(-balance * one[0])} for one in free]
        for one, two in combinations(free, 2):
            # one[0] x + two[0] y = -balance ; one[0] d1 x + two[0] d2 y = -gap
            determinant = one[0] * two[0] * (lead[two[1]] - lead[one[1]])
            if determinant:
                x = (-balance * two[0] * lead[two[1]] + gap * two[0]) / determinant
                y = (-gap * one[0] + balance * one[0] * lead[one[1]]) / determinant
                candidates.append({one: x, two: y})
        for moves in candidates:
            after = [weight - one for weight, one in zip(weights, taken, strict=True)]
            for (sign, k), amount in moves.items():
                after[k] += sign * amount
            feasible = all(amount >= 0 for amount in moves.values()) and min(after) >= 0
            if feasible and sum(after) == 1 and sum(w * d for w, d in zip(after, lead, strict=True)) <= 0:
                distance = sum((abs(a - w) for a, w in zip(after, weights, strict=True)), Fraction(0))
                best = distance if best is None else min(best, distance)
    return best


@settings(max_examples=40)
@given(st.data())
def test_the_least_change_of_all_weights_is_the_linear_program(data: st.DataObject) -> None:
    criteria = data.draw(st.integers(2, 4))
    raw = data.draw(st.lists(st.integers(1, 9), min_size=criteria, max_size=criteria))
    levels = {
        vendor: data.draw(st.lists(st.integers(0, 4), min_size=criteria, max_size=criteria))
        for vendor in ("a", "b", "c")
    }
    content = contents(
        criteria=criteria,
        families=1,
        vendors=["a", "b", "c"],
        level=lambda vendor, key, _: levels[vendor][int(key[2:]) - 1],
    )
    content[WEIGHTS]["criteria"] = {f"c-{number + 1}": weight for number, weight in enumerate(raw)}
    found = breakeven(evaluated(content))
    assume(len(found.first) == 1)
    leader = found.first[0]
    weights = [Fraction(weight, sum(raw)) for weight in raw]
    for row in found.least:
        lead = [Fraction(one - two, 4) for one, two in zip(levels[leader], levels[row.rival], strict=True)]
        expected = least_by_vertices(weights, lead)
        assert row.distance == (None if expected is None else pytest.approx(float(expected), abs=1e-12))
        if row.distance is not None:
            after = {f"c-{k + 1}": float(weight) for k, weight in enumerate(weights)}
            after |= {key: new for key, (_, new) in row.weights.items()}
            assert sum(after.values()) == pytest.approx(1)
            changed = result_of(with_weights(content, after)).scores
            assert changed.option(leader).score == pytest.approx(changed.option(row.rival).score)
            assert sum(abs(new - old) for old, new in row.weights.values()) == pytest.approx(row.distance)


def fewest(content: Content, leader: str, *, open_only: bool) -> int | None:
    """The smallest number of answers that lets anybody draw level with the leader, by trying every set and every level."""
    scores = result_of(content).scores
    cells = {(option.id, cell.criterion): cell for option in scores.options for cell in option.cells}
    base = {option.id: option.score for option in scores.options}

    def changes(option: str, key: str) -> list[float]:
        cell = cells[option, key]
        values = {
            item["id"]: item.get("values")
            for v in content.values()
            if v["schema"] == "criteria/1"
            for item in v["criteria"]
        }
        ladder = values[key] or [0, 0.25, 0.5, 0.75, 1]
        if not open_only:
            return [100 * cell.weight * value - cell.points for value in (*ladder, 0)]
        if option != leader and cell.evidence_status is EvidenceStatus.UNKNOWN:
            return [100 * cell.weight * value for value in ladder]
        if option == leader and cell.evidence_status is not EvidenceStatus.SUPPORTED:
            return [-cell.points]
        return []

    able = [(place, changes(*place)) for place in cells if changes(*place)]
    for count in range(1, 4):
        for chosen in combinations(able, count):
            for moves in product(*(moves for _, moves in chosen)):
                after = dict(base)
                for ((option, _), _), move in zip(chosen, moves, strict=True):
                    after[option] += move
                if any(after[rival] >= after[leader] - 1e-9 for rival in after if rival != leader):
                    return count
    return None


def applied(content: Content, turn: AnswerBreakeven) -> Content:
    """The evaluation with these answers agreed."""
    changed = copy.deepcopy(content)
    for change in turn.changes:
        edition = changed[f"vendors/{change.option}/profile.yaml"]["edition"]
        name = card_of(change.option, "agreed")
        card = changed.get(name)
        if card is None or card["edition"] != edition:
            card = {**changed[card_of(change.option)], "assessor": "agreed", "edition": edition, "answers": {}}
        given_ = answer("unknown" if change.after is None else change.after)
        changed[name] = {**card, "answers": {**card["answers"], change.criterion: given_}}
    return changed


@SLOW
@given(evaluations(max_vendors=3, max_criteria=3, use_cases=1))
def test_the_fewest_answers_are_those_of_trying_every_set(content: Content) -> None:
    found = breakeven(evaluated(content))
    assume(len(found.first) == 1 and found.runner_up is not None)
    leader = found.first[0]
    for turn, open_only in ((found.answers, False), (found.open_answers, True)):
        expected = fewest(content, leader, open_only=open_only)
        if expected is None:
            assert turn is None or len(turn.changes) > 3
            continue
        assert turn is not None
        assert len(turn.changes) == expected
        after = result_of(applied(content, turn)).scores
        assert after.option(turn.rival).score >= after.option(leader).score - 1e-7
        assert all(change.option in {leader, turn.rival} for change in turn.changes)


def test_a_shared_first_place_has_nothing_left_to_flip() -> None:
    found = breakeven(evaluated(contents(criteria=2, vendors=2, level=3)))
    assert found.first == ("v-1", "v-2")
    assert (found.runner_up, found.least, found.answers, found.open_answers) == (None, (), None, None)
    assert all(row.first_down is None and row.first_up is None for row in found.criteria)


def test_one_option_and_none() -> None:
    content = contents(criteria=2, vendors=1, level=3)
    alone = breakeven(evaluated(content))
    assert (alone.first, alone.runner_up, alone.least) == (("v-1",), None, ())
    content["evaluation.yaml"]["options"] = []
    assert breakeven(evaluated(content)).first == ()


def test_who_leads_everywhere_cannot_be_overtaken_by_weights() -> None:
    content = contents(criteria=3, vendors=2, level=lambda vendor, *_: 4 if vendor == "v-2" else 1)
    found = breakeven(evaluated(content))
    assert [(row.rival, row.distance) for row in found.least] == [("v-1", None)]
    assert found.answers is not None
    assert len(found.answers.changes) == 2
    assert found.open_answers is None


def test_the_last_answer_moves_no_further_than_it_must() -> None:
    content = contents(criteria=2, families=1, vendors=2, level=lambda vendor, *_: 3 if vendor == "v-1" else 2)
    content[card_of("v-1")]["answers"]["c-2"]["level"] = 2
    found = breakeven(evaluated(content)).answers
    assert found is not None
    change = found.changes[0]
    assert len(found.changes) == 1
    assert (change.option, change.before, change.after) in {("v-1", 3, 2), ("v-2", 2, 3), ("v-1", 2, 1)}


def test_a_zero_weight_plays_no_part() -> None:
    content = contents(
        criteria=3, families=1, vendors=2, level=lambda vendor, key, _: 4 if (vendor == "v-1") != (key == "c-3") else 0
    )
    content[WEIGHTS]["criteria"]["c-3"] = 0
    found = breakeven(evaluated(content))
    assert [row.id for row in found.criteria] == ["c-1", "c-2"]
    assert found.least[0].distance is None


def test_a_search_stands_in_where_there_are_too_many_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    content = contents(
        criteria=4, vendors=5, use_cases=0, level=lambda vendor, key, _: (int(vendor[-1]) * int(key[-1])) % 5
    )
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", emphasis={"c-1": 3}), use_case("u-2", emphasis={"c-2": 3}), use_case("u-3", emphasis={"c-3": 4})
    ]  # fmt: skip
    every = breakeven(evaluated(content))
    monkeypatch.setattr(arrays, "EXHAUSTIVE", 0)
    searched = breakeven(evaluated(content))
    assert every.stack == searched.stack
    for one, two in zip(every.criteria, searched.criteria, strict=True):
        for name in ("stack_down", "stack_up"):
            first_, second = getattr(one, name), getattr(two, name)
            assert (first_ is None) == (second is None)
            if first_:
                assert first_.at == pytest.approx(second.at, abs=1e-6)
