"""The three-way merge: as exported, as the workspace has it, as the workbook has it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import answer, freeze, scorecard
from hypothesis import given
from hypothesis import strategies as st

from evaluator.forms.answer_rows import BLANK, AnswerRow, ScorecardHeader, row_of
from evaluator.forms.import_changes import (
    CardKey,
    Conflict,
    HeaderChange,
    ImportedChange,
    Merged,
    ReturnedAnswer,
    Side,
    Way,
    merge,
    merge_header,
    scorecard_way,
    touched,
)
from evaluator.model.scorecard import Answer, Scorecard

ASSESSED, DAY, LATER = date(2026, 11, 10), date(2026, 11, 20), date(2026, 11, 22)
WHO = CardKey("v-1", "business", "desk-a")


def given_answer(level: int | str, **changes: Any) -> Answer:
    return Answer.model_validate(freeze(answer(level, **changes)))


def card_of(**answers: Answer) -> Scorecard:
    empty = Scorecard.model_validate(freeze(scorecard("v-1", "desk-a", {})))
    return empty.model_copy(update={"answers": {f"c-{key[1:]}": value for key, value in answers.items()}})


def way(**exported: str | None) -> Way:
    """A scorecard's way, with the fingerprints of c-1, c-2 ... at export."""
    return scorecard_way({f"c-{key[1:]}": value for key, value in exported.items() if value is not None})


ONE, TWO, THREE = given_answer(1), given_answer(2), given_answer(3)


def merged(card: Scorecard | None, row: AnswerRow, base: str | None, **more: Any) -> Merged:
    """One criterion, held against the scorecard."""
    confirmed = more.pop("confirmed", None)
    options: dict[str, Any] = {"who": WHO, "day": DAY, "prefer": None, **more}
    return merge(card, [ReturnedAnswer("c-1", row, "V-1!F8", confirmed)], way(c1=base), **options)


def only(found: Merged) -> ImportedChange:
    assert (found.conflicts, found.kept) == ([], [])
    (change,) = found.changes
    return change


NOTHING = Merged()
BLANK_DIGEST = BLANK.digest


def test_a_change_of_the_workbook_alone_is_taken() -> None:
    change = only(merged(card_of(c1=ONE), row_of(TWO), row_of(ONE).digest))
    assert (change.who, change.criterion, change.cell) == (WHO, "c-1", "V-1!F8")
    assert (change.before, change.after) == (ONE, TWO.model_copy(update={"date": DAY}))


def test_a_row_that_went_out_and_came_back_is_no_change() -> None:
    card = card_of(c1=ONE)
    assert merged(card, row_of(ONE), row_of(ONE).digest) == NOTHING
    assert merged(card, row_of(TWO), row_of(TWO).digest) == NOTHING
    assert not touched(ReturnedAnswer("c-1", row_of(ONE), ""), card, way())
    assert not touched(ReturnedAnswer("c-1", row_of(TWO), ""), card, way(c1=row_of(TWO).digest))
    assert touched(ReturnedAnswer("c-1", row_of(TWO), ""), card, way(c1=row_of(ONE).digest))
    assert not touched(ReturnedAnswer("c-1", BLANK, ""), None, way())
    assert touched(ReturnedAnswer("c-1", row_of(TWO), ""), None, way())


def test_both_sides_alike_are_no_change_and_both_apart_a_conflict() -> None:
    card = card_of(c1=TWO)
    assert merged(card, row_of(TWO), row_of(ONE).digest) == NOTHING
    dated = THREE.model_copy(update={"date": DAY})
    conflict = Conflict(WHO, "c-1", TWO, dated, "V-1!F8")
    assert merged(card, row_of(THREE), row_of(ONE).digest) == Merged(conflicts=[conflict])
    assert merged(card, row_of(THREE), row_of(ONE).digest, prefer="ours") == Merged(kept=[conflict])
    taken = merged(card, row_of(THREE), row_of(ONE).digest, prefer="theirs")
    assert taken == Merged(changes=[ImportedChange(WHO, "c-1", TWO, dated, "V-1!F8")])


def test_what_was_exported_is_not_known() -> None:
    assert only(merged(card_of(), row_of(TWO), None)).after == TWO.model_copy(update={"date": DAY})
    assert [one.criterion for one in merged(card_of(c1=ONE), row_of(TWO), None).conflicts] == ["c-1"]
    assert merged(card_of(c1=ONE), BLANK, None).conflicts == [Conflict(WHO, "c-1", ONE, None, "V-1!F8")]


def test_emptied_cells_take_the_answer_away() -> None:
    assert only(merged(card_of(c1=ONE), BLANK, row_of(ONE).digest)).after is None
    assert merged(card_of(), BLANK, BLANK_DIGEST) == NOTHING
    assert merged(card_of(c1=ONE), BLANK, BLANK_DIGEST) == NOTHING


def test_a_new_scorecard_says_the_day_itself() -> None:
    change = only(merged(None, row_of(TWO), BLANK_DIGEST))
    assert (change.before, change.after) == (None, TWO)


def test_an_answer_of_the_scorecards_own_day_bears_no_date_unless_it_confirms() -> None:
    base = row_of(ONE).digest
    assert only(merged(card_of(c1=ONE), row_of(TWO), base, day=ASSESSED)).after == TWO
    assert only(merged(card_of(), row_of(TWO), BLANK_DIGEST, day=ASSESSED)).after == TWO
    words = given_answer(1, rationale="Looked at it again.")
    confirmed = only(merged(card_of(c1=ONE), row_of(words), base, day=ASSESSED)).after
    assert confirmed == words.model_copy(update={"date": ASSESSED})
    dated = ONE.model_copy(update={"date": LATER})
    assert only(merged(card_of(c1=dated), row_of(words), base, day=ASSESSED)).after == confirmed


# Confirmed


@pytest.mark.parametrize(
    ("own", "confirmed", "renewed"),
    [
        (None, ASSESSED, True), (None, DAY, True), (None, date(2026, 11, 9), False), (None, None, False),
        (DAY, DAY, False), (DAY, LATER, True), (DAY, date(2026, 11, 19), False), (ASSESSED, ASSESSED, False),
    ],
)  # fmt: skip
def test_an_answer_found_to_stand_gets_the_later_day(own: date | None, confirmed: date | None, renewed: bool) -> None:  # noqa: FBT001
    ours = ONE.model_copy(update={"date": own})
    found = merged(card_of(c1=ours), row_of(ONE), row_of(ONE).digest, confirmed=confirmed)
    if renewed:
        assert only(found).after == ours.model_copy(update={"date": confirmed})
        assert only(found).cell == "V-1!F8"
    else:
        assert found == NOTHING


def test_what_is_not_there_cannot_be_confirmed() -> None:
    assert merged(None, BLANK, BLANK_DIGEST, confirmed=DAY) == NOTHING
    assert merged(card_of(), BLANK, BLANK_DIGEST, confirmed=DAY) == NOTHING


def test_a_confirmation_of_what_went_out_and_was_changed_since_is_a_conflict() -> None:
    found = merged(card_of(c1=TWO), row_of(ONE), row_of(ONE).digest, confirmed=LATER)
    assert found == Merged(conflicts=[Conflict(WHO, "c-1", TWO, ONE.model_copy(update={"date": LATER}), "V-1!F8")])
    assert merged(card_of(c1=TWO), row_of(ONE), row_of(ONE).digest) == NOTHING


def test_a_changed_answer_that_is_confirmed_bears_the_day_of_the_confirmation() -> None:
    change = only(merged(card_of(c1=ONE), row_of(TWO), row_of(ONE).digest, confirmed=LATER))
    assert change.after == TWO.model_copy(update={"date": LATER})


def test_every_row_is_merged_in_its_order() -> None:
    rows = [
        ReturnedAnswer("c-2", row_of(TWO), "b"),
        ReturnedAnswer("c-1", row_of(ONE), "a"),
        ReturnedAnswer("c-3", row_of(THREE), "c"),
    ]
    found = merge(card_of(c1=ONE), rows, way(), who=WHO, day=DAY, prefer=None)
    assert [change.criterion for change in found.changes] == ["c-2", "c-3"]


levels = st.sampled_from([None, ONE, TWO, THREE])


@given(levels, levels, levels)
def test_of_three_states_the_one_that_moved_wins(
    base: Answer | None, ours: Answer | None, theirs: Answer | None
) -> None:
    card = card_of(c1=ours) if ours else card_of()
    found = merged(card, row_of(theirs), row_of(base).digest)
    if theirs in (base, ours):
        assert found == NOTHING
    elif base == ours:
        assert row_of(only(found).after) == row_of(theirs)
    else:
        assert (found.changes, len(found.conflicts)) == ([], 1)


# The head

HEAD = ScorecardHeader("desk review", "")


CELLS = {"kind": "V-1!E5", "notice": "V-1!J5"}


@pytest.mark.parametrize(
    ("theirs", "base", "prefer", "changed"),
    [
        (ScorecardHeader("desk review", ""), HEAD.digest, None, []),
        (ScorecardHeader("", ""), None, None, []),
        (ScorecardHeader("trial", "x"), HEAD.digest, None, ["kind", "notice"]),
        (ScorecardHeader("", "x"), HEAD.digest, None, ["notice"]),
        (ScorecardHeader("trial", ""), ScorecardHeader("trial", "").digest, None, []),
        (ScorecardHeader("trial", ""), ScorecardHeader("trial", "").digest, "theirs", []),
        (ScorecardHeader("trial", ""), "other", None, None),
        (ScorecardHeader("trial", ""), "other", "ours", []),
        (ScorecardHeader("trial", ""), "other", "theirs", ["kind"]),
        (ScorecardHeader("trial", ""), None, None, None),
    ],
)  # fmt: skip
def test_headers_merge_like_answers(
    theirs: ScorecardHeader, base: str | None, prefer: Side | None, changed: list[str] | None
) -> None:
    found = merge_header(card_of(), theirs, base, prefer, CELLS)
    assert (None if found is None else [change.key for change in found]) == changed


def test_what_differs_between_two_headers() -> None:
    assert merge_header(card_of(), ScorecardHeader("trial", "x"), HEAD.digest, None, CELLS) == [
        HeaderChange(WHO, "kind", "desk review", "trial", "V-1!E5"), HeaderChange(WHO, "notice", "", "x", "V-1!J5"),
    ]  # fmt: skip
