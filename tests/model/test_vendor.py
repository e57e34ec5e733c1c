"""A vendor's profile: defaults, the evaluated edition and the last rehearsal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import freeze, profile
from pydantic import ValidationError

from evaluator.model.vendor import ExitPlan, Fact, Profile, Rehearsal, evaluated_words

PLAN = {"owner": "x", "planned": "x", "export": "x"}


def made(**changes: Any) -> Profile:
    return Profile.model_validate(freeze(profile("v", **changes)))


def test_the_editions_that_are_evaluated() -> None:
    assert made(edition="enterprise").evaluated == ("enterprise",)
    several = {key: value for key, value in profile("v").items() if key != "edition"}
    several |= {"schema": "profile/2", "evaluate": ["enterprise", "business", "enterprise"]}
    found = Profile.model_validate(freeze(several))
    assert found.evaluated == ("enterprise", "business")
    assert (edition := found.edition("enterprise"))
    assert edition.name == "Enterprise"
    assert found.edition("none") is None


def test_a_profile_keeps_the_key_of_its_version() -> None:
    old = made().model_dump(mode="json", by_alias=True)
    assert (old["schema"], old["edition"], "evaluate" in old) == ("profile/1", "business", False)
    new = Profile.model_validate(
        freeze({**{k: v for k, v in old.items() if k != "edition"}, "schema": "profile/2", "evaluate": ["business"]})
    )
    dumped = new.model_dump(mode="json", by_alias=True)
    assert (dumped["evaluate"], "edition" in dumped) == (["business"], False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"evaluate": ["business"]}, "it is a key of profile/2, and this is a profile/1"),
        ({"schema": "profile/2"}, "it is a key of profile/1, and this is a profile/2"),
        ({"schema": "profile/2", "evaluate": ["business"]}, "it is a key of profile/1, and this is a profile/2"),
        ({"schema": "profile/2", "edition": None}, "the key `evaluate` is missing"),
        ({"edition": None}, "the key `edition` is missing"),
        ({"schema": "profile/2", "edition": None, "evaluate": []}, "at least 1 item"),
        ({"schema": "profile/3"}, "Input should be 'profile/2' or 'profile/1'"),
    ],
)
def test_keys_of_two_versions_do_not_mix(changes: dict[str, Any], error: str) -> None:
    with pytest.raises(ValidationError, match=error):
        made(**changes)


def test_ids_and_names_of_editions_as_options() -> None:
    alone = made()
    assert (alone.option_id("business"), alone.option_id("enterprise")) == ("v", "v@enterprise")
    assert (alone.option_name("business"), alone.option_name("enterprise")) == ("V", "V Enterprise")
    both = made(schema="profile/2", edition=None, evaluate=["business", "enterprise"])
    assert [both.option_id(key) for key in both.evaluated] == ["v@business", "v@enterprise"]
    alike = [{**edition, "name": "Cloud"} for edition in profile("v")["editions"]]
    same = made(schema="profile/2", edition=None, evaluate=["business", "enterprise"], editions=alike)
    assert [same.option_name(key) for key in same.evaluated] == ["V business", "V enterprise"]
    assert evaluated_words(alone) == "the evaluated edition is business"
    assert evaluated_words(both) == "the evaluated editions are business, enterprise"


def test_what_counts_of_prices_quotes_and_estimates() -> None:
    price = profile("v")["editions"][0]["prices"][0]
    estimate = {
        "low": 5,
        "high": 9,
        "currency": "USD",
        "per": "year",
        "source": "x",
        "source_date": None,
        "confidence": "low",
    }
    estimates = [{**estimate, "unit": unit} for unit in ("maker", "flat", "external-user")]
    sold = {
        "id": "business",
        "name": "B",
        "deployment": "cloud",
        "prices": [price],
        "unpriced": ["external-user", "user"],
    }
    found = made(editions=[{**sold, "estimates": estimates}]).editions[0]
    assert [item.unit for item in found.charges] == ["maker"]
    assert [item.unit for item in found.counted_estimates] == ["flat", "external-user"]
    assert (found.unknown_units, found.currencies) == (("user",), frozenset({"EUR", "USD"}))
    quote = {
        "prices": [{"unit": "flat", "amount": 1, "currency": "GBP", "per": "year"}],
        "date": "2026-11-01",
        "by": "Procurement",
    }
    quoted = made(editions=[{**sold, "estimates": estimates, "quote": quote}]).editions[0]
    assert [(item.unit, item.amount) for item in quoted.charges] == [("flat", 1)]
    assert (quoted.counted_estimates, quoted.unknown_units, quoted.currencies) == ((), (), frozenset({"GBP"}))


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
