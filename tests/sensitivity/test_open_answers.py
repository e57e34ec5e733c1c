"""What is open about an option, and its scores and fits for many outcomes, held against scoring each outcome anew."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from builders import (
    EVALUATION,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    capability,
    card_of,
    contents,
    evaluated,
    evidence,
    profile_of,
    use_case,
)
from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.evaluated import Evaluated, Fit, OptionScore
from evaluator.model.sensitivity import AnswerUncertainty, OpenReason
from evaluator.sensitivity.open_answers import SUPPORTS, Key, OpenAnswer, Outcomes, open_answers, open_failures

OLD = [evidence(date="2020-01-01")]
FAMILY = "criteria/f-1.yaml"


def one(**answers: dict[str, Any]) -> Content:
    """One vendor with these answers on ``c_1`` ...; no use case asks for a capability."""
    content = contents(criteria=len(answers), families=1, vendors=1)
    content[card_of("v-1")]["answers"] = {key.replace("_", "-"): value for key, value in answers.items()}
    content[USE_CASES]["use_cases"] = [use_case("u-1", must=[], should=[])]
    return content


def scored(content: Content) -> tuple[Evaluated, OptionScore, list[Fit]]:
    result = evaluated(content)
    option = result.scores.option("v-1")
    return result, option, [next(fit for fit in row if fit.option == "v-1") for row in result.fits.values()]


def opened(content: Content, uncertainty: AnswerUncertainty | None = None) -> tuple[OpenAnswer, ...]:
    result, option, found = scored(content)
    return open_answers(result.workspace.catalogue, option, found, uncertainty or AnswerUncertainty())


def test_what_is_open_and_its_chances() -> None:
    """The law of low confidence, 0.5 as answered and 0.2 and 0.05 on either side, whatever the confidence said."""
    found = opened(
        one(
            c_1=answer(2),
            c_2=answer("unknown", missing=["a page"]),
            c_3=answer(2, evidence=OLD, missing=["x"], confidence="high"),
            c_4=answer(4, evidence=[]),
            c_5=answer(4, evidence=[evidence(grade="E")]),
        )
    )
    assert [(item.subject, item.doubt, item.level, item.missing, item.codes) for item in found] == [
        ("c-2", OpenReason.UNKNOWN, None, ("a page",), (0, 1, 2, 3, 4)),
        ("c-3", OpenReason.STALE, 2, ("x",), (0, 1, 2, 3, 4)),
        ("c-4", OpenReason.UNSUPPORTED, 4, (), (2, 3, 4)),
        ("c-5", OpenReason.OVER_CAP, 4, (), (2, 3, 4)),
    ]
    assert [item.chances for item in found] == [
        pytest.approx(chances)
        for chances in ([0.2] * 5, [0.05, 0.2, 0.5, 0.2, 0.05], [0.05, 0.2, 0.75], [0.05, 0.2, 0.75])
    ]
    assert {item.key for item in found} == {(False, f"c-{number}") for number in (2, 3, 4, 5)}


def test_levels_that_cannot_be_are_left_out() -> None:
    (item,) = opened(one(c_1=answer(2, evidence=[])), AnswerUncertainty(low=(0.6, 0.0, 0.2)))
    assert item.codes == (0, 2, 4)
    assert item.chances == pytest.approx((0.2, 0.6, 0.2))


def test_a_scale_that_begins_elsewhere() -> None:
    content = one(c_1=answer("unknown"))
    content[FAMILY]["criteria"][0]["levels"] = {level: f"Level {level}" for level in (-1, 0, 1)}
    (item,) = opened(content)
    assert item.codes == (-1, 0, 1)


def test_an_answer_that_nobody_gave_is_open() -> None:
    content = one(c_1=answer(1))
    content[card_of("v-1")]["answers"] = {}
    (item,) = opened(content)
    assert (item.doubt, item.level, item.missing) == (OpenReason.UNKNOWN, None, ())


def gated(value: dict[str, Any], *, weight: int = 0, gate: int | None = 3, own: int | None = None) -> Content:
    """``c-1`` with this answer, weight, gate of its class and gate of the use case; ``c-2`` carries the weight."""
    content = one(c_1=value, c_2=answer(2))
    content[WEIGHTS]["criteria"]["c-1"] = weight
    if gate is not None:
        content[FAMILY]["criteria"][0] |= {"gates": {"restricted": gate}, "starter_gate": True}
    if own is not None:
        content[USE_CASES]["use_cases"][0]["gates"] = {"c-1": own}
    return content


def test_what_weighs_nothing_is_open_only_where_a_gate_waits_for_it() -> None:
    assert [item.doubt for item in opened(gated(answer("unknown")))] == [OpenReason.UNKNOWN]
    assert [item.doubt for item in opened(gated(answer("unknown"), gate=None, own=3))] == [OpenReason.UNKNOWN]
    assert [item.doubt for item in opened(gated(answer(1, evidence=OLD), gate=None, own=3))] == [OpenReason.STALE]
    assert opened(gated(answer("unknown"), gate=None)) == ()
    assert [item.doubt for item in opened(gated(answer("unknown"), gate=None, weight=1))] == [OpenReason.UNKNOWN]


def test_a_floor_below_a_gate_may_turn_out_at_its_level_or_above() -> None:
    (item,) = opened(gated(answer(2, missing=["x", "y"])))
    assert item == OpenAnswer("c-1", OpenReason.FLOOR, 2, ("x", "y"), (2, 3, 4), (1 / 3, 1 / 3, 1 / 3))
    assert [item.codes for item in opened(gated(answer(0, missing=["x"])))] == [(0, 1, 2, 3, 4)]
    assert opened(gated(answer(3, missing=["x"]))) == ()
    assert opened(gated(answer(2))) == ()
    assert opened(gated(answer(2, missing=["x"]), gate=None, weight=1)) == ()


def needing(*use_cases: dict[str, Any], **supports: str) -> Content:
    content = one(c_1=answer(2))
    content[profile_of("v-1")]["capabilities"] = {
        key.replace("_", "-"): capability(value) for key, value in supports.items()
    }
    content[USE_CASES]["use_cases"] = list(use_cases)
    return content


def test_capabilities_that_must_be_there_and_are_not_known_once_each() -> None:
    content = needing(
        use_case("u-1", must=["cap-1", "c-1", "cap-2"], should=["cap-3"]),
        use_case("u-2", must=["cap-2", "cap-1"], should=[]),
        cap_1="unknown",
        cap_2="native",
    )
    assert opened(content) == tuple(
        OpenAnswer(key, OpenReason.CAPABILITY, None, (), (0, 1, 2, 3), (0.25,) * 4) for key in ("cap-1", "c-1")
    )
    assert opened(content)[1].key == (True, "c-1")


def test_gates_failed_by_an_answer_that_is_not_firm_may_still_be_met() -> None:
    for value, count in ((answer(1, evidence=OLD), 1), (answer(1), 0)):
        _, _, (fit,) = scored(gated(value, gate=None, own=3))
        assert len(fit.failed) == 1
        assert len(open_failures(fit)) == count


# --- outcomes ---------------------------------------------------------------------------------------------------------


def outcomes(content: Content) -> Outcomes:
    result, option, found = scored(content)
    cases = result.workspace.demand.use_cases
    importance = np.array([float(case.importance) for case in cases])
    return Outcomes(result, option, cases, found, importance / importance.sum())


def rich(draw: Any) -> Content:
    """Open answers of every kind, gates of classes and use cases, emphasis, capabilities known and not."""
    given_ = st.sampled_from(
        [
            answer("unknown"), answer(1, evidence=OLD), answer(3, evidence=[]), answer(1), answer(3), answer(1, missing=["x"]),
        ]
    )  # fmt: skip
    content = one(c_1=draw(given_), c_2=draw(given_), c_3=draw(given_))
    content[FAMILY]["criteria"][0] |= {"gates": {"internal": 2}, "starter_gate": draw(st.booleans())}
    content[FAMILY]["criteria"][1]["values"] = [0, 0.5, 0.6, 0.9, 0.9]
    content[FAMILY]["criteria"][2]["levels"] = {level: f"Level {level}" for level in range(-1, 4)}
    content[WEIGHTS]["criteria"] = {"c-1": 1, "c-2": draw(st.integers(0, 3)), "c-3": 2}
    content[EVALUATION]["policies"] = {"conditional_credit": 0.3}
    content[profile_of("v-1")]["capabilities"] = {
        key: capability(draw(st.sampled_from([*SUPPORTS, "unknown"]))) for key in ("cap-1", "cap-2")
    }
    content[USE_CASES]["use_cases"] = [
        use_case(
            f"u-{number}",
            importance=number,
            must=draw(st.sampled_from([[], ["cap-1"], ["cap-1", "cap-2"]])),
            should=draw(st.sampled_from([[], ["cap-3"]])),
            gates=draw(st.sampled_from([{}, {"c-3": 2}, {"c-2": 2, "c-1": 1}])),
            emphasis=draw(st.sampled_from([{}, {"c-1": 2, "c-3": 0.5}])),
        )
        for number in (1, 2)
    ]
    return content


def turned_out(content: Content, turned: dict[Key, int]) -> Content:
    """The same content with firm answers, and known capabilities, as they turned out."""
    varied = copy.deepcopy(content)
    for (is_capability, subject), code in turned.items():
        if is_capability:
            varied[profile_of("v-1")]["capabilities"][subject] = capability(SUPPORTS[code])
        else:
            varied[card_of("v-1")]["answers"][subject] = answer(code)
    return varied


@given(st.data())
def test_an_outcome_is_worth_what_scoring_it_anew_gives(data: st.DataObject) -> None:
    content = rich(data.draw)
    found = outcomes(content)
    questions = opened(content)
    asked = data.draw(st.sets(st.sampled_from(questions))) if questions else set()
    turned = {
        item.key: np.array(data.draw(st.lists(st.sampled_from(item.codes), min_size=3, max_size=3)), dtype=np.intp)
        for item in asked
    }
    scores, parts = found.scores(turned, 3), found.parts(turned, 3)
    assert scores.shape == (3,)
    assert parts.shape == (3, 2)
    for number in range(3):
        anew = turned_out(content, {key: int(codes[number]) for key, codes in turned.items()})
        _, option, rows = scored(anew)
        assert scores[number] == pytest.approx(option.score / 100)
        # Importance 1 and 2 of 3.
        assert parts[number] == pytest.approx([rows[0].fit / 300, 2 * rows[1].fit / 300])


def test_an_unknown_capability_in_each_way_it_may_turn_out() -> None:
    """Score 0.5; what must be there counts 1 and what should 0.5, of 1.5. Only the answer on the must makes the fit count in full."""
    found = outcomes(needing(use_case("u-1", must=["cap-1"], should=["cap-2"]), cap_2="unknown"))
    every = np.arange(4)
    assert SUPPORTS == ("native", "partial", "built", "none")
    must = found.parts({(True, "cap-1"): every}, 4)[:, 0]
    assert must == pytest.approx([0.5 * credit / 1.5 for credit in (1, 0.6, 0.4, 0)])
    should = found.parts({(True, "cap-2"): every}, 4)[:, 0]
    assert should == pytest.approx([0.5 * 0.5 * credit / 1.5 / 2 for credit in (1, 0.6, 0.4, 0)])
    both = found.parts({(True, "cap-1"): every, (True, "cap-2"): np.zeros(4, dtype=np.intp)}, 4)[:, 0]
    assert both == pytest.approx([0.5 * (credit + 0.5) / 1.5 for credit in (1, 0.6, 0.4)] + [0])
    assert found.scores({(True, "cap-1"): every}, 4) == pytest.approx([0.5] * 4)


def test_without_use_cases_only_scores_are_left() -> None:
    content = one(c_1=answer("unknown"))
    content[USE_CASES]["use_cases"] = []
    result, option, _ = scored(content)
    found = Outcomes(result, option, (), (), np.zeros(0))
    assert found.parts({(False, "c-1"): np.array([4])}, 1).shape == (1, 0)
    assert found.scores({(False, "c-1"): np.array([4, 2])}, 2) == pytest.approx([1, 0.5])
