"""Closed reviews from strangers: a record of any origin ends in figures or in a sentence, and nothing is followed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from builders import EVALUATION, write
from hypothesis import given, settings
from record_mutations import issue, mutated
from review_builders import NEXT, a_year_later, final_contents, place, review

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.reviewing.drafting import drafted
from evaluator.reviewing.editions import Place
from evaluator.reviewing.following import history
from evaluator.reviewing.opening import open_review, state
from evaluator.reviewing.verifying import diff, verify


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace a year after the review of the golden record."""
    return write(tmp_path_factory.mktemp("hostile"), a_year_later(final_contents(vendors=3)))


@pytest.fixture(scope="module")
def there(root: Path) -> Place:
    return place(root)


@contextmanager
def undone(root: Path) -> Iterator[None]:
    """What opening writes is taken back."""
    kept = (root / EVALUATION).read_bytes()
    try:
        yield
    finally:
        (root / EVALUATION).write_bytes(kept)
        shutil.rmtree(root / "reviews", ignore_errors=True)


def verified(there: Place) -> None:
    found = verify(there.root, "2026")
    api.verification_as_text(found)
    json.dumps(api.review_as_data(found), allow_nan=False)


def compared(there: Place) -> None:
    workspace, change = diff(there, there.root, "2026", "now")
    api.change_as_text(workspace, change, [option.id for option in change.options])
    json.dumps(api.review_as_data(change), allow_nan=False)


def followed(there: Place) -> None:
    points = history(there, "v-1", commits=False, revisions=())
    api.history_as_text(there.workspace, "v-1", points)


def opened(there: Place) -> None:
    with undone(there.root):
        open_review(there, review("2027", NEXT))
        result, found = state(there, "2027", date(2027, 12, 1))
        api.status_as_text(there.workspace, found)
        api.due_as_text(there.workspace, found)
        json.dumps(api.review_as_data(found), allow_nan=False)
        drafted(there, result, date(2027, 12, 1))


VERBS: tuple[Callable[[Place], None], ...] = (verified, compared, followed, opened)


@given(mutated())
@settings(max_examples=150)
def test_a_record_of_any_origin_ends_in_figures_or_a_sentence(root: Path, there: Place, raw: bytes) -> None:
    issue(root, raw)
    for verb in VERBS:
        with suppress(EvaluatorError):
            verb(there)
