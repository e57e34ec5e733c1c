"""Each evaluated edition is scored as if it were the only one: no figure of an option depends on another edition."""

from __future__ import annotations

import copy
from dataclasses import replace
from random import Random

import pytest
from builders import (
    Content,
    answer,
    capability,
    card_of,
    evaluated,
    profile_of,
    scorecard,
    tagged,
    with_evaluated,
    with_own_work,
)

from evaluator.model.evaluated import Evaluated, Fit, OptionScore

EDITIONS = ("business", "enterprise", "gold")


def editions(seed: int) -> Content:
    """Gates of classes and tags, deployments, prices, own work and two assessors, all by chance and by edition."""
    chance = Random(seed)
    content = with_own_work(tagged(), report={"state": "not-needed"})
    with_evaluated(content, "v-1", *EDITIONS)
    for edition in content[profile_of("v-1")]["editions"]:
        edition["deployment"] = chance.choice(["cloud", "self-hosted", "either"])
        edition["capabilities"] = {"cap-2": capability(chance.choice(["native", "none", "unknown"]))}
        if edition["id"] == "gold":
            edition["quote"] = {
                "date": "2026-11-01", "by": "Procurement", "prices": [{"unit": "user", "amount": 3, "currency": "EUR", "per": "month"}],
            }  # fmt: skip
    keys = list(content[card_of("v-1")]["answers"])
    for edition_id in EDITIONS:
        for assessor in ("desk-a", "desk-b"):
            answers = {key: answer(chance.randint(0, 4)) for key in keys}
            content[card_of("v-1", assessor, edition_id)] = scorecard("v-1", assessor, answers, edition=edition_id)
    return content


def alone(content: Content, edition: str) -> Evaluated:
    """The same with one evaluated edition."""
    found = copy.deepcopy(content)
    found[profile_of("v-1")]["evaluate"] = [edition]
    return evaluated(found)


def plain(option: OptionScore) -> OptionScore:
    """What is scored of an option, without its names, its place among the others and the cards that count for nobody."""
    return replace(option, id="", name="", rank=0, close=(), left_out=())


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_among_others_has_the_figures_it_has_alone(seed: int, edition: str) -> None:
    content = editions(seed)
    among, single, key = evaluated(content), alone(content, edition), f"v-1@{edition}"
    assert [option.id for option in single.workspace.options] == ["v-1", "v-2", "v-3"]
    assert plain(among.scores.option(key)) == plain(single.scores.option("v-1"))

    def fits(result: Evaluated, option: str) -> list[Fit]:
        return [replace(fit, option="") for row in result.fits.values() for fit in row if fit.option == option]

    assert fits(among, key) == fits(single, "v-1")
    there, here = among.costs.get(key), single.costs.get("v-1")
    assert (there and there.amounts) == (here and here.amounts)
    assert (there and there.unpriced == (key,)) == (here and here.unpriced == ("v-1",))
    for other in ("v-2", "v-3"):
        assert plain(among.scores.option(other)) == plain(single.scores.option(other))


def test_the_evidence_of_an_edition_is_registered_under_its_option() -> None:
    result = evaluated(editions(3))
    found = {item.option for item in result.evidence}
    assert {f"v-1@{edition}" for edition in EDITIONS} <= found
    assert len({item.id for item in result.evidence}) == len(result.evidence)
