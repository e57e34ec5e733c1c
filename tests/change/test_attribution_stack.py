"""The value of a stack in every mixture of two reviews: against evaluations of the mixed content itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from itertools import combinations
from math import fsum

import pytest
from builders import (
    AS_OF,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    build,
    capability,
    card_of,
    contents,
    criterion,
    profile_of,
    use_case,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from review_builders import answers_of

from evaluator.change import attribution
from evaluator.change.attribution import Bridges, StackBridge, ToolSets
from evaluator.change.mixtures import ReviewSide
from evaluator.model.change import NATURES, Cause, Nature
from evaluator.scoring.fit import fits
from evaluator.scoring.score import score
from evaluator.stack.recommendation import decision_matrix, describe

Change = Callable[[Content], object]
TOOLS = ("v-1", "v-2")


def base() -> Content:
    """Three options with two assessors each on seven criteria; v-1 serves u-1 and on condition u-3, v-2 serves u-2."""
    levels = {"v-1": 2, "v-2": 3, "v-3": 1}
    content = contents(
        criteria=7,
        families=2,
        vendors=3,
        assessors=("desk-a", "desk-b"),
        level=lambda vendor, _key, _who: levels[vendor],
    )
    first, second = (content[f"criteria/f-{n}.yaml"]["criteria"] for n in (1, 2))
    first[0] |= {"starter_gate": True, "gates": {"internal": 1}}
    second[0] |= {"gates": {"internal": 1}}
    content[USE_CASES]["capabilities"] = {f"cap-{n}": "Something." for n in (1, 2, 3)}
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", should=["cap-3"]),
        use_case("u-2", importance=2, must=["cap-2"], should=[], emphasis={"c-2": 3}),
        use_case("u-3", importance=3, must=["cap-3"], should=[]),
    ]
    for vendor, degrees in (
        ("v-1", "native none unknown"),
        ("v-2", "none native none"),
        ("v-3", "partial partial none"),
    ):
        content[profile_of(vendor)]["capabilities"] = {
            f"cap-{n}": capability(degree) for n, degree in enumerate(degrees.split(), start=1)
        }
    # Unknown by one of two assessors, and without evidence where a gate that is not switched on asks for it.
    answers_of(content, "v-2", "desk-b")["c-4"] = answer("unknown")
    for assessor in ("desk-a", "desk-b"):
        answers_of(content, "v-2", assessor)["c-2"]["evidence"] = []
    return content


def both(content: Content, vendor: str, key: str, level: int | str) -> None:
    for assessor in ("desk-a", "desk-b"):
        answers_of(content, vendor, assessor)[key] = answer(level)


def without_evidence(content: Content) -> None:
    for assessor in ("desk-a", "desk-b"):
        answers_of(content, "v-1", assessor)["c-1"]["evidence"] = []


def with_a_new_criterion(content: Content) -> None:
    content["criteria/f-1.yaml"]["criteria"].append(criterion("c-9"))
    content[WEIGHTS]["criteria"]["c-9"] = 2
    for vendor in ("v-1", "v-2", "v-3"):
        both(content, vendor, "c-9", 4)


def policy(**changes: object) -> Change:
    def change(content: Content) -> None:
        content[EVALUATION].setdefault("policies", {}).update(changes)

    return change


CHANGES: dict[Cause, Change] = {
    Cause.ANSWERS: lambda content: both(content, "v-1", "c-3", 1),
    Cause.LEARNED: lambda content: both(content, "v-2", "c-5", "unknown"),
    Cause.EVIDENCE: without_evidence,
    Cause.WEIGHTS: lambda content: content[WEIGHTS]["criteria"].update({"c-2": 4}),
    Cause.CRITERIA: with_a_new_criterion,
    Cause.RUBRICS: lambda content: content["criteria/f-1.yaml"]["criteria"][3].update(values=[0, 0.1, 0.2, 0.3, 0.4]),
    Cause.COMBINATION: policy(unknown_if="all"),
    Cause.SCOPE: lambda content: content[EVALUATION].update(out_of_scope={"c-6": "Law."}),
    Cause.CAPABILITIES: lambda content: content[profile_of("v-2")]["capabilities"].update(
        {"cap-2": capability("built")}
    ),
    Cause.GATES: policy(gates="all"),
    Cause.POLICIES: policy(conditional_credit=0.25, should_weight=1),
    Cause.DEMAND: lambda content: content[USE_CASES]["use_cases"][0].update(importance=4, emphasis={"c-3": 2}),
}


def changed(causes: Iterable[Cause], content: Content | None = None) -> Content:
    made = copy.deepcopy(content or base())
    for cause in causes:
        CHANGES[cause](made)
    return made


def side(content: Content) -> ReviewSide:
    workspace = build(content)
    return ReviewSide(workspace, AS_OF, score(workspace, AS_OF))


def bridge(
    old: Content, new: Content, before: tuple[str, ...] = TOOLS, after: tuple[str, ...] | None = None
) -> StackBridge:
    now = before if after is None else after
    return StackBridge(Bridges(side(old), side(new)), ToolSets(before, now, before, now))


def value(content: Content, tools: tuple[str, ...] = TOOLS) -> float:
    """What the engine says a stack is worth."""
    workspace = build(content)
    demand = decision_matrix(workspace, fits(workspace, score(workspace, AS_OF)))
    assert demand is not None
    return describe(workspace, demand, tools).value


@pytest.mark.parametrize("cause", CHANGES)
def test_one_change_is_one_cause_and_moves_the_whole_difference(cause: Cause) -> None:
    old, new = base(), changed([cause])
    found = bridge(old, new)
    assert found.active() == [cause]
    assert found.value(frozenset()) == pytest.approx(value(old))
    assert found.value(frozenset({cause})) == pytest.approx(value(new))
    assert value(old) != pytest.approx(value(new))
    assert found.causes() == {cause: pytest.approx(value(new) - value(old))}


@pytest.mark.parametrize("cause", CHANGES)
def test_the_way_back_is_the_same_cause(cause: Cause) -> None:
    found = bridge(changed([cause]), base())
    assert found.active() == [cause]
    assert found.value(frozenset({cause})) == pytest.approx(value(base()))


@settings(max_examples=30)
@given(st.sets(st.sampled_from(sorted(CHANGES))))
def test_every_mixture_is_worth_what_the_engine_says_of_the_mixed_content(causes: set[Cause]) -> None:
    mixed = bridge(base(), changed(CHANGES)).value(frozenset(causes))
    # In the order of the changes, so that the same content comes out.
    assert mixed == pytest.approx(value(changed(cause for cause in CHANGES if cause in causes)))


def test_all_causes_are_active_in_a_fixed_order_and_add_up() -> None:
    found = bridge(base(), changed(CHANGES))
    assert found.active() == [cause for cause in Cause if cause in CHANGES]
    assert len(found.active()) > attribution.MOST_CAUSES
    assert fsum(found.causes().values()) == pytest.approx(value(changed(CHANGES)) - value(base()))


def test_up_to_nine_causes_are_attributed_in_every_mixture(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def by_blocks(blocks: object, _value: object) -> dict[Cause, float]:
        asked.append(blocks)
        return {}

    monkeypatch.setattr(attribution, "owen", by_blocks)
    order = list(CHANGES)
    few, many = bridge(base(), changed(order[:9])), bridge(base(), changed(order[:10]))
    few.causes()
    many.causes()
    # Causes of one nature stand together where they are many.
    assert asked == [
        [few.active()],
        [[cause for cause in many.active() if NATURES[cause] is nature] for nature in Nature],
    ]


def test_nothing_changed_moves_nothing() -> None:
    found = bridge(base(), base())
    assert found.active() == []
    assert found.causes() == {}


def test_a_change_that_moves_no_value_is_no_part() -> None:
    # v-3 is in neither set.
    quiet = changed([])
    both(quiet, "v-3", "c-1", 0)
    assert bridge(base(), quiet).active() == []
    # A cause may be active and move nothing: what nobody uses was credited otherwise.
    found = bridge(base(), changed([]), ("v-1",), ("v-1", "v-1"))
    assert found.active() == []
    other = copy.deepcopy(base())
    other[USE_CASES]["use_cases"][0]["story"] = "Told in other words."
    assert bridge(base(), other).active() == [Cause.DEMAND]
    assert bridge(base(), other).causes() == {}


# Tools


def test_other_tools_are_a_cause_of_their_own() -> None:
    content = base()
    found = bridge(content, content, ("v-1", "v-2"), ("v-3", "v-2"))
    assert found.active() == [Cause.CHOICE]
    assert found.value(frozenset({Cause.CHOICE})) == pytest.approx(value(content, ("v-2", "v-3")))
    assert found.causes() == {
        Cause.CHOICE: pytest.approx(value(content, ("v-2", "v-3")) - value(content, ("v-1", "v-2")))
    }
    assert bridge(content, content, ("v-1", "v-2"), ("v-2", "v-1")).active() == []


def test_no_tools_are_worth_nothing() -> None:
    found = bridge(base(), base(), (), ("v-1",))
    assert found.value(frozenset()) == 0
    assert found.causes() == {Cause.CHOICE: pytest.approx(value(base(), ("v-1",)))}


def test_an_option_that_came_or_went() -> None:
    new = base()
    new[EVALUATION]["options"] = ["v-1", "v-2"]
    both(new, "v-1", "c-3", 1)
    found = bridge(base(), new, ("v-1", "v-3"))
    assert found.active() == [Cause.ANSWERS, Cause.OPTIONS]
    assert found.value(frozenset()) == pytest.approx(value(base(), ("v-1", "v-3")))
    assert found.value(frozenset({Cause.OPTIONS})) == pytest.approx(value(base(), ("v-1",)))
    assert found.value(frozenset({Cause.ANSWERS})) == pytest.approx(value(changed([Cause.ANSWERS]), ("v-1", "v-3")))
    assert found.value(frozenset({Cause.ANSWERS, Cause.OPTIONS})) == pytest.approx(value(new, ("v-1",)))
    back = bridge(new, base(), ("v-1", "v-3"))
    assert back.value(frozenset()) == pytest.approx(value(new, ("v-1",)))
    assert back.value(frozenset({Cause.ANSWERS, Cause.OPTIONS})) == pytest.approx(value(base(), ("v-1", "v-3")))


def test_an_option_of_one_review_keeps_its_answers_and_capabilities_in_every_mixture() -> None:
    new = changed([Cause.CAPABILITIES, Cause.WEIGHTS])
    del new[profile_of("v-3")]
    for assessor in ("desk-a", "desk-b"):
        del new[card_of("v-3", assessor)]
    found = bridge(base(), new, ("v-3", "v-2"))
    weights = frozenset({Cause.WEIGHTS})
    assert found.value(weights) == pytest.approx(value(changed([Cause.WEIGHTS]), ("v-2", "v-3")))
    assert found.value(weights | {Cause.CAPABILITIES}) == pytest.approx(
        value(changed([Cause.WEIGHTS, Cause.CAPABILITIES]), ("v-2", "v-3"))
    )


# Other inputs


def test_an_importance_of_nothing_does_not_count() -> None:
    new = base()
    for case in new[USE_CASES]["use_cases"]:
        case["importance"] = 0
    found = bridge(base(), new)
    assert found.value(frozenset({Cause.DEMAND})) == 0
    assert found.causes() == {Cause.DEMAND: pytest.approx(-value(base()))}
    one = base()
    one[USE_CASES]["use_cases"][1]["importance"] = 0
    assert bridge(base(), one).value(frozenset({Cause.DEMAND})) == pytest.approx(value(one))


def test_a_mixture_in_which_nothing_has_any_weight_is_worth_nothing() -> None:
    old, new = base(), base()
    old[WEIGHTS]["families"] = {"f-1": 1, "f-2": 0}
    new[WEIGHTS]["families"] = {"f-1": 0, "f-2": 1}
    new[EVALUATION]["out_of_scope"] = dict.fromkeys(("c-1", "c-3", "c-5", "c-7"), "Law.")
    assert bridge(old, new).value(frozenset({Cause.SCOPE})) == 0


def test_an_emphasis_that_leaves_nothing_any_weight_is_worth_nothing_in_a_mixture() -> None:
    old, new = base(), base()
    old[WEIGHTS]["families"] = {"f-1": 1, "f-2": 0}
    new[WEIGHTS]["families"] = {"f-1": 1, "f-2": 1}
    for case in new[USE_CASES]["use_cases"]:
        case["emphasis"] = {"c-1": 0, "c-3": 0, "c-5": 0, "c-7": 0}
    found = bridge(old, changed([], new))
    assert found.value(frozenset({Cause.DEMAND})) == 0
    assert found.value(frozenset({Cause.DEMAND, Cause.WEIGHTS})) == pytest.approx(value(new))


def test_a_criterion_that_moved_to_another_family_is_a_change_of_criteria() -> None:
    new = base()
    new["criteria/f-2.yaml"]["criteria"].append(new["criteria/f-1.yaml"]["criteria"].pop())
    found = bridge(base(), new)
    assert found.active() == [Cause.CRITERIA]
    assert found.value(frozenset({Cause.CRITERIA})) == pytest.approx(value(new))


def test_a_data_class_that_came_is_a_change_of_gates() -> None:
    new = base()
    new[GUARDRAILS]["data_classes"].append({"id": "secret", "title": "Secret", "meaning": "Most of all."})
    assert bridge(base(), new).active() == [Cause.GATES]


def with_tags() -> Content:
    """All gates are on, and the data of every use case has a tag."""
    content = base()
    content[EVALUATION].setdefault("policies", {})["gates"] = "all"
    content[GUARDRAILS]["data_tags"] = [{"id": "tag-a", "min_class": "public"}]
    for case in content[USE_CASES]["use_cases"]:
        case["data_tags"] = ["tag-a"]
    both(content, "v-1", "c-1", 1)
    return content


def limited_to(deployment: str | None) -> Content:
    """A gate of the tag on a criterion that one tool fails, limited to a deployment."""
    content = with_tags()
    content["criteria/f-1.yaml"]["criteria"][0] |= {"tag_gates": {"tag-a": 4}, "gates_apply_to": deployment}
    return content


def self_hosted() -> Content:
    """The same with the tools run by the organisation itself."""
    content = limited_to("cloud")
    for tool in TOOLS:
        content[profile_of(tool)]["editions"][0]["deployment"] = "self-hosted"
    return content


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (with_tags, lambda: limited_to(None), Cause.GATES),
        (lambda: limited_to("self-hosted"), lambda: limited_to("cloud"), Cause.GATES),
        (self_hosted, lambda: limited_to("cloud"), Cause.EDITION),
    ],
)
def test_gates_of_tags_move_the_value_as_gates_and_a_deployment_as_an_edition(
    old: Callable[[], Content], new: Callable[[], Content], cause: Cause
) -> None:
    before, after = old(), new()
    found = bridge(before, after)
    assert found.active() == [cause]
    assert found.causes() == {cause: pytest.approx(value(after) - value(before))}
    assert value(after) < value(before)


def test_a_criterion_of_one_review_brings_its_gates_along() -> None:
    new = base()
    with_a_new_criterion(new)
    new["criteria/f-1.yaml"]["criteria"][-1] |= {"starter_gate": True, "gates": {"internal": 4}}
    both(new, "v-1", "c-9", 2)
    found = bridge(base(), new)
    assert found.value(frozenset({Cause.CRITERIA})) == pytest.approx(value(new))
    assert found.value(frozenset({Cause.GATES, Cause.CRITERIA})) == pytest.approx(value(new))
    assert found.value(frozenset({Cause.GATES})) == pytest.approx(value(base()))


@pytest.mark.parametrize(
    ("change", "causes"),
    [
        (lambda content: content[EVALUATION].update(policies={"close_points": 9, "min_gain": 9}), []),
        (policy(capability_credit={"native": 0.9, "partial": 0.6, "built": 0.4}), [Cause.POLICIES]),
        (lambda content: content[profile_of("v-1")].update(name="Other"), []),
        (lambda content: content[profile_of("v-3")]["capabilities"].pop("cap-1"), []),
    ],
)
def test_only_what_a_fit_reads_is_a_cause(change: Change, causes: list[Cause]) -> None:
    new = base()
    change(new)
    assert bridge(base(), new).active() == causes


def test_an_answer_that_is_open_above_is_a_change_of_evidence() -> None:
    new = base()
    for assessor in ("desk-a", "desk-b"):
        answers_of(new, "v-1", assessor)["c-1"]["missing"] = ["a test"]
    assert bridge(base(), new).active() == [Cause.EVIDENCE]


def test_pairs_of_changes_share_what_they_do_together() -> None:
    for one, two in combinations((Cause.ANSWERS, Cause.WEIGHTS, Cause.DEMAND), 2):
        first, second, together = (value(changed(causes)) for causes in ([one], [two], [one, two]))
        nothing = value(base())
        found = bridge(base(), changed([one, two])).causes()
        assert found[one] == pytest.approx((first - nothing + together - second) / 2)
        assert found[two] == pytest.approx((second - nothing + together - first) / 2)
