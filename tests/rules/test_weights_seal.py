"""The seal against the first answer and the weights in use, to the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from builders import EVALUATION, WEIGHTS, Content, answer, build, card_of, contents

from evaluator.model.catalogue import Weights
from evaluator.model.elicitation import Sealing, SealState
from evaluator.rules.weights_seal import first_answer, sealing, weights_digest

DAY = date.fromisoformat
BEFORE, FIRST, AFTER = "2026-11-09", "2026-11-10", "2026-11-11"
"""Around the day on which all scorecards were assessed."""


def sealed(day: str, **seal: Any) -> Content:
    content = contents()
    content[WEIGHTS]["seal"] = {"date": day, "by": "Office", "method": "swing", **seal}
    return content


def found(content: Content) -> Sealing:
    return sealing(build(content))


def digest_of(content: Content) -> str:
    return weights_digest(build(content).weights)


def test_the_first_answer_is_the_earliest_of_any_option_in_scope() -> None:
    content = contents(vendors=3, assessors=("a", "b"))
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    assert first_answer(build(content)) == DAY(FIRST)
    content[card_of("v-2", "b")]["assessed"] = "2026-11-01"
    assert first_answer(build(content)) == DAY("2026-11-01")
    content[card_of("v-1", "b")]["answers"]["c-3"] = answer(1, date="2026-10-01")
    assert first_answer(build(content)) == DAY("2026-10-01")
    content[card_of("v-3", "a")]["assessed"] = "2020-01-01"
    assert first_answer(build(content)) == DAY("2026-10-01")


def test_the_day_of_an_answer_goes_before_that_of_its_scorecard() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[card_of("v-1")]["answers"]["c-1"] = answer(1, date="2026-11-20")
    assert first_answer(build(content)) == DAY("2026-11-20")
    content[card_of("v-1")]["answers"] = {}
    assert first_answer(build(content)) is None


def test_no_seal() -> None:
    content = contents()
    del content[WEIGHTS]["seal"]
    assert found(content) == Sealing(SealState.NEVER, first_answer=DAY(FIRST))


@pytest.mark.parametrize(
    ("day", "earlier", "state"),
    [
        (BEFORE, [], SealState.BEFORE),
        (FIRST, [], SealState.SAME_DAY),
        (AFTER, [], SealState.LATE),
        (AFTER, [FIRST], SealState.LATE),
        (FIRST, [FIRST], SealState.SAME_DAY),
        (AFTER, [FIRST, BEFORE], SealState.RESEALED),
        (FIRST, [BEFORE], SealState.RESEALED),
        (BEFORE, ["2026-01-01"], SealState.BEFORE),
    ],
)
def test_the_state_by_the_day(day: str, earlier: list[str], state: SealState) -> None:
    seals = [{"date": one, "by": "Office"} for one in earlier]
    assert found(sealed(day, earlier=seals)) == Sealing(
        state, DAY(day), "Office", "swing", DAY(FIRST), provable=False, earlier=DAY(min(earlier)) if earlier else None
    )


def test_without_an_answer_every_seal_is_in_time() -> None:
    content = sealed(AFTER)
    for vendor in ("v-1", "v-2"):
        content[card_of(vendor)]["answers"] = {}
    assert (found(content).state, found(content).first_answer) == (SealState.BEFORE, None)


def test_a_digest_shows_a_change_since() -> None:
    content = sealed(BEFORE)
    content[WEIGHTS]["seal"]["digest"] = digest_of(content)
    assert (found(content).state, found(content).provable) == (SealState.BEFORE, True)
    content[WEIGHTS]["criteria"]["c-1"] = 2
    assert found(content).state is SealState.CHANGED


@pytest.mark.parametrize(
    ("digests", "changed"),
    [([], False), ([None], False), (["same"], False), (["same", "other"], True), (["other"], True)],
)
def test_a_change_between_two_seals(digests: list[str | None], *, changed: bool) -> None:
    own = digest_of(contents())
    known = {"same": own, "other": "0" * 64, None: None}
    earlier = [{"date": "2026-01-01", "by": "Office", "digest": known[one]} for one in digests]
    assert found(sealed(BEFORE, digest=own, earlier=earlier)).changed is changed


def weights(families: Mapping[str, float], criteria: Mapping[str, float], **more: Any) -> Weights:
    return Weights.model_validate({"schema": "weights/1", "families": families, "criteria": criteria, **more})


def test_only_figures_make_the_digest() -> None:
    one = weights_digest(weights({"f-1": 1, "f-2": 2}, {"c-1": 3}))
    assert one == weights_digest(weights({"f-2": 2.0, "f-1": 1}, {"c-1": 3.0}, note="n", reasons={"c-1": "r"}))
    others = [
        weights({"f-1": 1, "f-2": 2.5}, {"c-1": 3}),
        weights({"f-1": 1, "f-2": 2}, {"c-1": 4}),
        weights({"f-1": 2, "f-2": 1}, {"c-1": 3}),
    ]
    assert len({one, *map(weights_digest, others)}) == 4
    # Written down once: seals of today have to hold under later versions.
    assert one == "41c1aeb11ff6e9517d5b78cb1e05a6fc5ae513a486d5ce3c9e3d55783926ae79"
