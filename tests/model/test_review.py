"""A review: defaults, reasons, blockers and exits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from evaluator.model.review import (
    CATALOGUE_TRIGGER,
    Blocker,
    Divest,
    DueAnswer,
    DueKind,
    DueReason,
    ExitPlanState,
    LightCheck,
    Past,
    Review,
    ReviewLog,
    ReviewState,
    TriggerEvent,
    empty_log,
)
from evaluator.model.vendor import ExitPlan

DAY = date(2026, 6, 15)


def test_what_is_left_out_of_the_files() -> None:
    found = Review.model_validate({"schema": "review/1", "review": "2026", "as_of": DAY, "opened": DAY})
    assert found.model_dump(exclude={"format", "name", "as_of", "opened"}) == {
        "deadline": None, "since": None, "soon_months": 3, "approved": None, "waived": {}, "note": "",
    }  # fmt: skip
    assert empty_log() == ReviewLog.model_validate(
        {"schema": "review-log/1", "triggers": (), "checks": (), "divest": ()}
    )
    event = TriggerEvent.model_validate({"trigger": "t", "date": DAY, "by": "x"})
    assert (event.vendor, event.source, event.note, event.reopens) == (None, "", "", None)
    assert LightCheck.model_validate({"vendor": "v", "date": DAY, "by": "x"}).note == ""
    divest = Divest.model_validate({"tool": "t", "owner": "x", "until": DAY, "running": ("a",)})
    assert (divest.done, divest.note) == (None, "")
    assert CATALOGUE_TRIGGER == "catalogue"


def test_reasons_of_some_kinds() -> None:
    answer = DueAnswer("v", "a", "c", 1, (DueReason(DueKind.STALE), DueReason(DueKind.NEW)), carried=False)
    assert answer.has(DueKind.STALE)
    assert answer.has(DueKind.SOON, DueKind.NEW)
    assert not answer.has(DueKind.SOON, DueKind.TRIGGER)
    assert not answer.has()
    assert DueReason(DueKind.NEW) == DueReason(DueKind.NEW, None, "")
    assert [kind.value for kind in DueKind] == [
        "stale", "soon", "never-confirmed", "cadence", "trigger", "reworded", "new", "edition",
    ]  # fmt: skip


def test_a_waived_point_does_not_block() -> None:
    points = Blocker("a", "x"), Blocker("b", "x", waived="because"), Blocker("c", "x", can_be_waived=False)
    assert [point.blocks for point in points] == [True, False, True]
    assert [point.can_be_waived for point in points] == [True, True, False]
    state = ReviewState("e", DAY, None, None, None, (), (), (), None, points, (), (), (), (), ())  # type: ignore[arg-type]
    assert state.blocked == (points[0], points[2])
    assert (state.closed, state.days_left, state.note) == (None, None, "")
    assert Past("e", DAY, None, ()).before is None  # type: ignore[arg-type]


BEFORE, AFTER = date(2026, 6, 14), date(2026, 6, 16)


@pytest.mark.parametrize(
    ("last", "following", "overdue"),
    [
        (None, None, False),
        (None, BEFORE, True),
        (None, DAY, False),
        (None, AFTER, False),
        (date(2026, 6, 13), BEFORE, True),
        (BEFORE, BEFORE, False),
        (DAY, BEFORE, False),
        (BEFORE, None, False),
    ],
)
def test_a_rehearsal_is_overdue_from_the_day_after(last: date | None, following: date | None, overdue: bool) -> None:  # noqa: FBT001
    given: dict[str, Any] = {"owner": "x", "planned": "x", "export": "x", "next_rehearsal": following}
    if last:
        given["rehearsed"] = ({"date": last, "finding": "x"},)
    found = ExitPlanState.of("t", ExitPlan.model_validate(given), DAY)
    assert found == ExitPlanState("t", planned=True, last_rehearsal=last, next_rehearsal=following, overdue=overdue)


def test_without_a_plan_nothing_is_overdue() -> None:
    assert ExitPlanState.of("t", None, DAY) == ExitPlanState(
        "t", planned=False, last_rehearsal=None, next_rehearsal=None, overdue=False
    )


def test_a_review_file_of_before_is_read_under_its_old_name() -> None:
    given = {"schema": "review/1", "as_of": DAY, "opened": DAY}
    old = Review.model_validate({**given, "edition": "2026"})
    assert old == Review.model_validate({**given, "review": "2026"})
    assert old.model_dump(by_alias=True)["review"] == "2026"
    with pytest.raises(ValidationError):
        Review.model_validate({**given, "review": "2026", "edition": "2026"})
