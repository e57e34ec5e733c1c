"""The two closed reviews made from the shipped content: the documented command works on what ships today."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError
from evaluator.reviews.example import example
from evaluator.reviews.record import Place, compared_review
from evaluator.reviews.review_files import read_review
from evaluator.reviews.verification import diff, verify
from evaluator.workspace.load import load


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example without its papers, which the pages' own tests make."""
    root = tmp_path_factory.mktemp("example") / "w"
    example(root, lambda _: lambda _: {}, lambda _told: None)
    return root


def test_the_shipped_content_makes_two_reviews_that_verify(reviews: Path) -> None:
    assert [verify(reviews, name).verdict.value for name in ("2025", "2026")] == ["same", "same"]


def test_a_folder_named_from_here_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example(Path("out/reviews"), lambda _: lambda _: {}, lambda _told: None)
    assert [verify(tmp_path / "out" / "reviews", name).verdict.value for name in ("2025", "2026")] == ["same", "same"]


def test_each_waiver_of_the_example_is_needed_and_no_other_check_fails(reviews: Path) -> None:
    for name in ("2025", "2026"):
        review = read_review(reviews, name)
        assert review is not None
        failing = {check.id for check in compared_review(reviews, name).result.final if not check.passed}
        assert set(review.waived) == {f"final-{check}" for check in failing}


def test_every_option_moved_by_what_became_known_in_the_year(reviews: Path) -> None:
    workspace = load(reviews).workspace
    assert workspace is not None
    _, change = diff(Place(reviews, workspace), reviews, "2025", "2026", None)
    for option in change.options:
        assert option.difference is not None
        for figure in ("score", "low", "high"):
            parts = sum(getattr(points, figure) for points in option.causes.values())
            assert parts == pytest.approx(getattr(option.difference, figure), abs=1e-9)


def test_a_place_that_cannot_be_written_is_found_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    told: list[str] = []
    with pytest.raises(EvaluatorError, match=r"cannot be written: .* is not a folder"):
        example(tmp_path / "file" / "new", lambda _: lambda _: {}, told.append)
    assert not told
