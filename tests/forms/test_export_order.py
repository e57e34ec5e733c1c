"""Which sheets an export has, and which criteria each asks."""

from __future__ import annotations

from typing import Any

import pytest
from builders import AS_OF, EVALUATION, Content, answer, build, card_of, contents, evidence, with_editions

from evaluator.errors import EvaluatorError
from evaluator.forms.export_order import ExportOrder, Setting, order_for, orders_for, vendor_of
from evaluator.model.review import Past


def content(**knobs: Any) -> Content:
    """Two vendors; c-1 and c-3 are of the first family and come first, c-2 and c-4 of the second."""
    return contents(**{"level": 2, **knobs})


def orders(of: Content, *vendors: str, **options: Any) -> list[ExportOrder]:
    return orders_for(build(of), vendors or ("v-1",), **options)


def criteria(of: Content, **options: Any) -> tuple[str, ...]:
    (order,) = orders(of, **options)
    return order.criteria


def refusal(of: Content, *vendors: str, **options: Any) -> str:
    with pytest.raises(EvaluatorError) as refused:
        orders(of, *vendors, **options)
    return str(refused.value)


# Which scorecard


def test_the_scorecard_on_the_evaluated_edition_is_exported() -> None:
    of = content(vendors=1)
    with_editions(of, "v-1", "desk-a", "enterprise")
    (order,) = orders(of)
    assert order.card is not None
    assert (order.assessor, order.edition, order.card.edition) == ("desk-a", "business", "business")
    del of[card_of("v-1")]
    assert [order.edition for order in orders(of)] == ["enterprise"]
    of[card_of("v-1", edition="gold")] = {**of[card_of("v-1", edition="enterprise")], "edition": "gold"}
    (order,) = orders(of)
    assert (order.card, order.edition) == (None, "business")


# Which criteria


def test_all_criteria_in_the_order_of_the_catalogue() -> None:
    assert criteria(content()) == ("c-1", "c-3", "c-2", "c-4")
    assert criteria(content(), family="f-2") == ("c-2", "c-4")
    assert criteria(content(), family="f-1") == ("c-1", "c-3")
    assert refusal(content(), family="f-9") == "There is no family 'f-9'; did you mean f-2?"


def test_only_what_is_unknown_or_unanswered_and_in_scope() -> None:
    of = content()
    answers = of[card_of("v-1")]["answers"]
    answers["c-1"] = answers["c-2"] = answer("unknown")
    del answers["c-4"]
    assert criteria(of, only="unknown") == ("c-1", "c-2", "c-4")
    of[EVALUATION]["out_of_scope"] = {"c-2": "Not this year.", "c-3": "Not this year."}
    assert criteria(of, only="unknown") == ("c-1", "c-4")
    assert criteria(of, only="unknown", family="f-2") == ("c-4",)
    assert criteria(of) == ("c-1", "c-3", "c-2", "c-4")
    assert refusal(content(), only="unknown") == "There is nothing to export: no criterion of these vendors is unknown."


def test_only_what_is_stale() -> None:
    of = content()
    answers = of[card_of("v-1")]["answers"]
    answers["c-1"] = answer(2, evidence=[evidence(date="2025-11-23")])
    answers["c-2"] = answer(2, evidence=[evidence(date="2025-11-24")])
    answers["c-3"] = answer("unknown")
    del answers["c-4"]
    assert criteria(of, only="stale") == ("c-1",)
    assert refusal(content(), only="stale") == "There is nothing to export: no criterion of these vendors is stale."


def test_only_the_open_questions_that_matter() -> None:
    ranked = {"v-1": ["c-4", "c-9", "c-1"]}
    (own,) = orders(content(), only="questions", ranked=ranked)
    assert (own.criteria, own.ranked) == (("c-1", "c-4"), False)
    (theirs,) = orders(content(), only="questions", ranked=ranked, for_vendor=True)
    assert (theirs.criteria, theirs.ranked) == (("c-4", "c-1"), True)
    nothing = "There is nothing to export: no open question of these vendors matters; only options in scope have any."
    assert refusal(content(), only="questions", ranked={"v-2": ["c-1"]}) == nothing
    assert refusal(content(), only="questions") == nothing
    assert criteria(content(), ranked=ranked) == ("c-1", "c-3", "c-2", "c-4")


def test_vendors_are_asked_what_is_in_scope_and_not_our_own_figure() -> None:
    of = content()
    of["criteria/f-1.yaml"]["criteria"][0]["own_figures"] = True
    of[EVALUATION]["out_of_scope"] = {"c-4": "Not this year."}
    assert criteria(of, for_vendor=True) == ("c-3", "c-2")
    assert criteria(of) == ("c-1", "c-3", "c-2", "c-4")
    assert criteria(of, only="questions", ranked={"v-1": ["c-1", "c-2"]}, for_vendor=True) == ("c-2",)


# Which vendors


def test_one_order_per_vendor_in_the_order_asked_for() -> None:
    assert [order.profile.id for order in orders(content(), "v-2", "v-1")] == ["v-2", "v-1"]
    of = content()
    of[card_of("v-2")]["answers"]["c-1"] = answer("unknown")
    assert [order.profile.id for order in orders(of, "v-1", "v-2", only="unknown")] == ["v-2"]
    assert refusal(content(), "v-1", "v-1") == "A vendor is named twice; name each once."
    assert refusal(content(criteria=0)) == "There is nothing to export: no criterion is left to be asked."


def test_vendors_that_do_not_exist() -> None:
    assert refusal(content(vendors=["v-2"]), "v-3") == "There is no vendor 'v-3'; did you mean v-2?"
    assert refusal(content(), "zzz") == "There is no vendor 'zzz'; there are v-1, v-2."
    with pytest.raises(EvaluatorError, match=r"^There is no vendor 'v-1'; there are none.$"):
        vendor_of(build(content(vendors=0)), "v-1")
    assert vendor_of(build(content()), "v-2").profile.id == "v-2"


# Whose


def test_the_only_assessor_is_taken_and_two_are_not_chosen_between() -> None:
    assert [order.assessor for order in orders(content())] == ["desk-a"]
    assert [order.assessor for order in orders(content(assessors=("agreed", "desk-a")))] == ["desk-a"]
    (two,) = orders(content(assessors=("desk-a", "desk-b")))
    assert (two.assessor, two.card) == ("", None)
    (none,) = orders(content(assessors=()), only="unknown")
    assert (none.assessor, none.card, none.criteria) == ("", None, ("c-1", "c-3", "c-2", "c-4"))
    (agreed,) = orders(content(assessors=("agreed",)))
    assert agreed.assessor == ""


@pytest.mark.parametrize("only", ["unknown", "stale"])
def test_whose_answers_are_unknown_or_stale(only: str) -> None:
    of = content(assessors=("desk-a", "desk-b"))
    assert refusal(of, only=only) == f"Whose answers are {only}? V-1 has scorecards of desk-a, desk-b; name one."
    of[card_of("v-1", "desk-b")]["answers"]["c-1"] = answer("unknown")
    assert criteria(of, only="unknown", assessor="desk-b") == ("c-1",)
    assert criteria(of, only="questions", ranked={"v-1": ["c-1"]}) == ("c-1",)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            "Anna M",
            "'Anna M' cannot be an assessor's id; use lower-case letters and digits, in words joined by hyphens.",
        ),
        ("profile", "An assessor cannot be called profile: that is the name of another file of the vendor."),
        ("own-work", "An assessor cannot be called own-work: that is the name of another file of the vendor."),
        ("agreed", "V-1 has no agreed scorecard to correct; `evaluator scorecard moderate v-1` starts one."),
    ],
)
def test_assessors_that_cannot_be(asked: str, words: str) -> None:
    assert refusal(content(), assessor=asked) == words


def test_assessors_that_can_be() -> None:
    (new,) = orders(content(), assessor="desk-c")
    assert (new.assessor, new.card) == ("desk-c", None)
    (agreed,) = orders(content(assessors=("agreed", "desk-a")), assessor="agreed")
    assert agreed.card is not None
    assert agreed.card.assessor == "agreed"


# One order


def test_the_edition_is_the_scorecards_or_the_one_evaluated() -> None:
    of = content()
    of[card_of("v-1")]["edition"] = "enterprise"
    workspace = build(of)
    order = order_for(workspace, "v-1", "desk-a", ["c-2", "c-1"], None)
    assert (order.edition, order.subject, order.criteria, order.earlier, order.replies, order.ranked) == (
        "enterprise", "V-1 · Enterprise", ("c-2", "c-1"), None, {}, False,
    )  # fmt: skip
    blank = order_for(workspace, "v-1", "", ["c-1"], None, ranked=True)
    assert (blank.edition, blank.subject, blank.ranked) == ("business", "V-1 · Business", False)
    assert ExportOrder(blank.profile, "gone", "", None, ()).subject == "V-1 · gone"
    assert order_for(workspace, "v-1", "", ["c-1"], None, for_vendor=True, ranked=True).ranked is True
    assert order_for(workspace, "v-1", "", ["c-1"], None, for_vendor=True).ranked is False


def test_what_was_answered_before_is_shown_to_assessors_and_told_to_vendors() -> None:
    workspace = build(content())
    past = Past("2025", AS_OF, workspace, ())
    order = order_for(workspace, "v-1", "desk-a", ["c-1"], past)
    assert order.earlier is not None
    assert (order.earlier.review, order.replies) == ("2025", {})
    asked = order_for(workspace, "v-1", "desk-a", ["c-1", "c-2"], past, for_vendor=True)
    assert {key: told.since for key, told in asked.replies.items()} == {"c-1": AS_OF, "c-2": AS_OF}
    (through,) = orders(content(), past=past, for_vendor=True)
    assert set(through.replies) == {"c-1", "c-2", "c-3", "c-4"}


def test_a_setting_has_no_weights_unless_given() -> None:
    setting = Setting(build(content()).catalogue, AS_OF, "1")
    assert (setting.weights, setting.out_of_scope) == ({}, {})
