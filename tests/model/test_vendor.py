"""A vendor's profile: defaults, the evaluated edition and the last rehearsal."""

from __future__ import annotations

from datetime import date
from typing import Any

from builders import freeze, profile

from evaluator.model.vendor import ExitPlan, Fact, Profile, Rehearsal

PLAN = {"owner": "x", "planned": "x", "export": "x"}


def made(**changes: Any) -> Profile:
    return Profile.model_validate(freeze(profile("v", **changes)))


def test_the_evaluated_edition() -> None:
    assert (edition := made(edition="enterprise").evaluated)
    assert edition.name == "Enterprise"
    assert made(edition="none").evaluated is None


def test_the_latest_rehearsal() -> None:
    days = [date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 1)]
    plan = ExitPlan.model_validate({**PLAN, "rehearsed": tuple({"date": day, "finding": "x"} for day in days)})
    assert (last := plan.last_rehearsal)
    assert last.date == days[1]
    assert ExitPlan.model_validate(PLAN).last_rehearsal is None


def test_what_is_left_out() -> None:
    found = made(facts=[], capabilities={})
    rest = {
        name: getattr(found, name)
        for name in ("owner", "regions", "summary", "notice", "facts", "gaps", "exit", "capabilities")
    }
    assert rest == {
        "owner": "", "regions": (), "summary": "", "notice": "", "facts": (), "gaps": (), "exit": None, "capabilities": {},
    }  # fmt: skip
    assert (
        Profile.model_validate(freeze({k: v for k, v in profile("v").items() if k not in {"facts", "capabilities"}}))
        == found
    )
    (price,), none = found.editions[0].prices, found.editions[1]
    assert (price.minimum, price.included, price.billing, price.note) == (0, 0, "", "")
    assert (none.prices, none.unpriced, none.note) == ((), (), "")
    plan = ExitPlan.model_validate(PLAN)
    assert plan.model_dump(exclude=set(PLAN)) == {
        "stressed": "not described", "alternatives": {}, "notice_days": None, "retrieval_days": None, "rehearsed": (),
        "next_rehearsal": None, "note": "",
    }  # fmt: skip
    fact = Fact.model_validate({"topic": "t", "fact": "f", "source": "s", "source_date": None, "confidence": "low"})
    assert (fact.value, fact.source_title, fact.conflict) == (None, "", None)
    assert Rehearsal.model_validate({"date": "2026-01-01", "finding": "x"}).hours is None
