"""How likely each level is, given an answer."""

from __future__ import annotations

from typing import Any

import pytest
from analysis_builders import answer_of, cell
from builders import criterion, freeze

from evaluator.model.catalogue import Criterion
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import AnswerUncertainty
from evaluator.sensitivity.sampling import level_chances

RUBRIC = Criterion.model_validate(freeze(criterion("c-1")))
SHIFTED = Criterion.model_validate(freeze(criterion("c-1", levels={level: f"L {level}" for level in (2, 3, 4)})))


def chances(
    level: int | None, confidence: str = "low", rubric: Criterion = RUBRIC, **changes: Any
) -> tuple[float, ...]:
    given = None if level is None else answer_of(level, confidence=confidence)
    found = cell("c-1", 0, **{"level": level, "answer": given, **changes})
    return level_chances(found, rubric, AnswerUncertainty())


def test_a_supported_answer_is_as_sure_as_its_confidence() -> None:
    assert chances(2, "high") == (0, 0, 1, 0, 0)
    assert chances(2, "medium") == pytest.approx((0, 0.1, 0.8, 0.1, 0))
    assert chances(2, "low") == pytest.approx((0.05, 0.2, 0.5, 0.2, 0.05))


def test_what_would_leave_the_scale_stays_at_its_end() -> None:
    assert chances(0) == pytest.approx((0.75, 0.2, 0.05, 0, 0))
    assert chances(1) == pytest.approx((0.25, 0.5, 0.2, 0.05, 0))
    assert chances(4) == pytest.approx((0, 0, 0.05, 0.2, 0.75))
    assert chances(3) == pytest.approx((0, 0.05, 0.2, 0.5, 0.25))


@pytest.mark.parametrize("standing", [EvidenceStatus.STALE, EvidenceStatus.OVER_CAP, EvidenceStatus.UNSUPPORTED])
def test_an_answer_that_is_not_supported_counts_as_one_of_low_confidence(standing: EvidenceStatus) -> None:
    assert chances(2, "high", evidence_status=standing) == pytest.approx((0.05, 0.2, 0.5, 0.2, 0.05))


def test_an_unknown_answer_makes_all_levels_equally_likely() -> None:
    assert chances(None) == (0.2,) * 5
    assert chances(None, answer=answer_of("unknown")) == (0.2,) * 5
    assert chances(2, answer=None) == (0.2,) * 5
    assert chances(None, rubric=SHIFTED) == (1 / 3,) * 3


def test_a_scale_that_does_not_begin_at_zero() -> None:
    assert chances(2, rubric=SHIFTED) == pytest.approx((0.75, 0.2, 0.05))
    assert chances(4, "medium", rubric=SHIFTED) == pytest.approx((0, 0.1, 0.9))
