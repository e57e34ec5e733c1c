"""The conversation about swings: the next question, and what an answer, a step back and a new start leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from evaluator.model.elicitation import FAMILIES, Group, Judged, Stakeholder
from evaluator.weighting.swing import TOP, SwingQuestion, answered, asked, back, next_question, redone

DAY, LATER = date(2026, 1, 10), date(2026, 1, 11)
ALL = Group(FAMILIES, ("f-1", "f-2"))
ONE = Group("f-1", ("a", "b", "c"))
ALONE = Group("f-2", ("d",))
GROUPS = (ALL, ALONE, ONE)


def said(**groups: Any) -> Stakeholder:
    return Stakeholder.model_validate({"schema": "stakeholder/1", "role": "office", "date": DAY, **groups})


def points(**given: float) -> dict[str, Any]:
    return {"points": given}


FAMILIES_DONE = {"families": {"points": {"f-1": 100, "f-2": 50}}}


def test_groups_of_one_are_not_asked() -> None:
    assert asked(GROUPS) == (ALL, ONE)
    assert asked((ALONE,)) == ()
    assert next_question((ALONE,), said()) is None


def test_the_questions_in_their_order() -> None:
    assert next_question(GROUPS, said()) == SwingQuestion(ALL, None, "", (1, 2))
    assert next_question(GROUPS, said(families=points(**{"f-2": 100}))) == SwingQuestion(ALL, "f-1", "f-2", (1, 2))
    assert next_question(GROUPS, said(**FAMILIES_DONE)) == SwingQuestion(ONE, None, "", (2, 2))
    begun = said(**FAMILIES_DONE, criteria={"f-1": points(b=100)})
    assert next_question(GROUPS, begun) == SwingQuestion(ONE, "a", "b", (2, 2))
    further = said(**FAMILIES_DONE, criteria={"f-1": points(b=100, a=40)})
    assert next_question(GROUPS, further) == SwingQuestion(ONE, "c", "b", (2, 2))
    assert next_question(GROUPS, said(**FAMILIES_DONE, criteria={"f-1": points(b=100, a=40, c=0)})) is None


def test_what_was_said_in_another_way_is_not_asked_again_where_it_is_complete() -> None:
    order = {"order": (("f-2", "f-1"),)}
    assert next_question(GROUPS, said(families=order)) == SwingQuestion(ONE, None, "", (2, 2))
    begun = {"order": (("f-2",),)}
    assert next_question(GROUPS, said(families=begun)) == SwingQuestion(ALL, None, "", (1, 2))


def test_points_of_what_is_out_of_scope_are_out_of_sight() -> None:
    old = said(**FAMILIES_DONE, criteria={"f-1": points(gone=100, b=60)})
    assert next_question(GROUPS, old) == SwingQuestion(ONE, "a", "b", (2, 2))
    only = said(**FAMILIES_DONE, criteria={"f-1": points(gone=100)})
    assert next_question(GROUPS, only) == SwingQuestion(ONE, None, "", (2, 2))


def test_answers_are_added_at_the_end_with_their_day() -> None:
    first = answered(said(), SwingQuestion(ALL, None, place=(1, 2)), "f-2", LATER)
    assert first.families == Judged(points={"f-2": TOP})
    assert first.date == LATER
    second = answered(first, SwingQuestion(ALL, "f-1", "f-2", (1, 2)), 62.5, DAY)
    assert second.families == Judged(points={"f-2": 100, "f-1": 62.5})
    third = answered(second, SwingQuestion(ONE, None, place=(2, 2)), "c", DAY)
    assert third.criteria == {"f-1": Judged(points={"c": 100})}
    assert third.families == second.families


def test_whole_numbers_are_kept_as_such() -> None:
    question = SwingQuestion(ALL, "f-1", "f-2", (1, 2))
    found = answered(said(families=points(**{"f-2": 100.0})), question, 50.0, DAY).families
    assert found is not None
    assert [(type(value), value) for value in (found.points or {}).values()] == [(int, 100), (int, 50)]


def test_a_step_back_takes_the_last_answer() -> None:
    full = said(**FAMILIES_DONE, criteria={"f-1": points(b=100, a=40, c=0)})
    without = back(GROUPS, full, LATER)
    assert without == said(**FAMILIES_DONE, criteria={"f-1": points(b=100, a=40)}).model_copy(update={"date": LATER})
    begun = said(**FAMILIES_DONE, criteria={"f-1": points(b=100)})
    assert back(GROUPS, begun, DAY) == said(**FAMILIES_DONE)
    assert back(GROUPS, said(**FAMILIES_DONE), DAY) == said(families=points(**{"f-1": 100}))
    assert back(GROUPS, said(families=points(**{"f-1": 100})), DAY) == said()
    assert back(GROUPS, said(), LATER) == said()


def test_what_comes_after_the_next_question_is_not_taken_back() -> None:
    """Families are not finished, so that criteria further on were not said in this conversation."""
    begun = said(families=points(**{"f-1": 100}), criteria={"f-1": points(b=100)})
    assert back(GROUPS, begun, DAY) == said(criteria={"f-1": points(b=100)})


def test_what_was_stated_in_another_way_is_not_taken_back() -> None:
    ordered = said(**FAMILIES_DONE, criteria={"f-1": {"order": (("a", "b", "c"),)}})
    assert back(GROUPS, ordered, LATER) is ordered
    behind = said(families={"order": (("f-1", "f-2"),)})
    assert back(GROUPS, behind, LATER) is behind


def test_a_group_is_asked_again_from_the_start() -> None:
    full = said(**FAMILIES_DONE, criteria={"f-1": points(b=100)})
    assert redone(full, "f-1", LATER) == said(**FAMILIES_DONE).model_copy(update={"date": LATER})
    assert redone(full, FAMILIES, DAY) == said(criteria={"f-1": points(b=100)})
