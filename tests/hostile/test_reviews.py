"""Closed reviews from strangers: a record of any origin ends in figures or in a sentence, and nothing is followed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import EVALUATION, write
from hypothesis import given, settings
from real_program import run_here
from record_mutations import golden, issue, mutated, nested, sealed
from review_builders import NEXT, a_year_later, final_contents, place, review

from evaluator import api
from evaluator.errors import EvaluatorError, Severity
from evaluator.model.closed_review import VerificationVerdict
from evaluator.reviews.history import history
from evaluator.reviews.opening import open_review, state
from evaluator.reviews.record import Place
from evaluator.reviews.record_files import RECORD, SIGNATURE, SUMS
from evaluator.reviews.state import drafted
from evaluator.reviews.verification import diff, verify


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


@pytest.mark.slow
@given(mutated())
@settings(max_examples=40)
def test_a_record_of_any_origin_ends_in_figures_or_a_sentence(root: Path, there: Place, raw: bytes) -> None:
    issue(root, raw)
    for verb in VERBS:
        with suppress(EvaluatorError):
            verb(there)


# Records that somebody wrote by hand


def changed(**values: Any) -> bytes:
    """The golden record with other values, sealed; ``a__b`` stands for the field b of a."""
    data = golden()
    for name, value in values.items():
        *around, last = name.split("__")
        place: Any = data
        for step in around:
            place = place[step]
        place[last] = value
    return sealed(data)


def without(name: str) -> bytes:
    data = golden()
    del data[name]
    return sealed(data)


UNREADABLE = {
    "deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "rather deep": changed(log__note=nested(100)),
    "huge number": changed(log__note=10**400),
    "huge digits": changed().replace(b'"closed":"2026-11-24"', b'"closed":' + b"9" * 100_000),
    "infinite": changed().replace(b'"min_gain":2.0', b'"min_gain":1e999', 1),
    "no number": changed().replace(b'"min_gain":2.0', b'"min_gain":NaN', 1),
    "key twice": changed().replace(b'{"approved":', b'{"approved":[],"approved":', 1),
    "half a character": changed().replace(b'"organisation":"', b'"organisation":"\\ud800', 1),
    "a list": b"[]",
    "nothing": b"",
    "files are a list": changed(files=[]),
    "no parts": without("parts").replace(b'"parts":', b'"other":'),
}
UNUSABLE = {
    "approved is a word": changed(approved="v-1"),
    "approved is unknown": changed(approved=["v-9"]),
    "no log": without("log"),
    "no engine": without("engine"),
    "engine is a list": changed(engine=["0.1.0"]),
    "date out of range": changed(as_of="2026-02-30"),
    "date of five digits": changed(as_of="12026-02-03"),
    "workspace is empty": changed(workspace={}),
    "scores is a word": changed(result__scores="none"),
    "options is a dictionary": changed(result__scores__options={}),
    "since is a word": changed(since="2025"),
    "since lacks its date": changed(since={"review": "2025", "record": "0" * 64}),
    "a field of another release": changed(workspace__evaluation__mood="good"),
    "an unknown criterion": changed(workspace__weights__criteria={"c-99": 1}),
    "an unknown option": changed(workspace__evaluation__options=["v-1", "v-9"]),
    "another vendor's profile": changed(workspace__vendors__x=golden()["workspace"]["vendors"]["v-1"]),
    "a file outside": changed(files={"../../evaluation.yaml": "0" * 64}),
    "a file with NUL": changed(files={"a\0b": "0" * 64}),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_record_that_cannot_be_read_is_told_by_every_verb(name: str, there: Place) -> None:
    issue(there.root, UNREADABLE[name])
    found = verify(there.root, "2026")
    assert found.verdict is VerificationVerdict.TAMPERED
    assert found.tampered[0].file == RECORD
    for verb in (compared, followed, opened):
        with pytest.raises(
            EvaluatorError, match=r"^The record of 2026 cannot be read: .*; see `evaluator review verify"
        ):
            verb(there)


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_record_whose_seal_holds_and_whose_content_does_not_fit(name: str, there: Place) -> None:
    issue(there.root, UNUSABLE[name])
    found = verify(there.root, "2026")
    assert found.unusable
    assert found.verdict in {VerificationVerdict.UNUSABLE, VerificationVerdict.TAMPERED}
    assert "This version of the tool cannot score" in " ".join(api.verification_as_text(found).split())
    for verb in (compared, followed, opened):
        with pytest.raises(EvaluatorError, match=r"^The record of 2026 cannot be used: .*\.$"):
            verb(there)


def test_a_later_release_may_add_what_is_not_computed_from(there: Place) -> None:
    issue(there.root, changed(mood="good", result__mood=[1], engine__mood=None))
    assert verify(there.root, "2026").unusable == ""
    for verb in VERBS:
        verb(there)


@pytest.mark.parametrize("raw", [UNREADABLE["deep"], UNUSABLE["an unknown criterion"]], ids=["unreadable", "unusable"])
def test_the_program_ends_with_one_for_each_verb(raw: bytes, tmp_path: Path) -> None:
    root = write(tmp_path / "w", a_year_later(final_contents(vendors=2)))
    issue(root, raw)
    for arguments in (
        ["review", "verify", "all"],
        ["review", "verify", "2026", "--json"],
        ["review", "diff", "2026", "now"],
        ["review", "open", "2027", "--as-of", "2027-11-24", "--on", "2027-10-01"],
        ["review", "close", "2027", "--on", "2027-11-24"],
        ["review", "history", "v-1"],
        ["scorecard", "export", "v-1", "--assessor", "desk-a", "-o", str(tmp_path / "a.xlsx")],
    ):
        done = run_here(root, *arguments, code=1)
        assert "Traceback" not in done.stderr
        assert "2026" in done.stdout + done.stderr
    write(
        root,
        {
            "reviews/2027.yaml": {
                "schema": "review/1",
                "review": "2027",
                "as_of": "2027-11-24",
                "opened": "2027-10-01",
                "since": "2026",
            }
        },
    )
    for arguments in (
        ["review", "status"],
        ["recommend", "-o", str(tmp_path / "a.html")],
        ["compare", "-o", str(tmp_path / "a.xlsx")],
    ):
        assert "The record of 2026 cannot be" in run_here(root, *arguments, code=1).stderr
    assert not (tmp_path / "a.html").exists()
    assert not (tmp_path / "a.xlsx").exists()


# Links and what is no plain file


@pytest.fixture
def issued(tmp_path: Path) -> Path:
    """A workspace with a closed review."""
    root = write(tmp_path / "w", a_year_later(final_contents(vendors=3)))
    issue(root, sealed(golden()))
    return root


def linked(path: Path, elsewhere: Path) -> None:
    """``path`` moved elsewhere, and a link in its place."""
    elsewhere.parent.mkdir(parents=True, exist_ok=True)
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "outside"])
@pytest.mark.parametrize("name", ["reports", "reports/2026"])
def test_no_folder_of_reviews_is_followed(name: str, inside: bool, issued: Path, tmp_path: Path) -> None:  # noqa: FBT001
    there = place(issued)
    linked(issued / name, (issued if inside else tmp_path) / "elsewhere" / "folder")
    for verb in VERBS:
        with pytest.raises(
            EvaluatorError, match=rf"^'{name}' is a link, and closed reviews are not read through links"
        ):
            verb(there)
    for arguments in (
        ["review", "verify", "all"],
        ["review", "diff", "2026", "now"],
        ["review", "history", "v-1"],
        ["review", "close", "2027"],
    ):
        said = " ".join(run_here(issued, *arguments, code=1).stderr.split())
        assert f"'{name}' is a link" in said or f"{name}: error: the link leaves the workspace" in said


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "outside"])
@pytest.mark.parametrize("name", [RECORD, SUMS, "recommendation.pdf", SIGNATURE])
def test_no_file_of_a_review_is_followed(name: str, inside: bool, issued: Path, tmp_path: Path) -> None:  # noqa: FBT001
    path = issued / "reports" / "2026" / name
    if not path.exists():
        path.write_text("x")
    linked(path, (issued if inside else tmp_path) / "elsewhere" / name)
    found = verify(issued, "2026")
    assert (name, "it is a link, and links are not followed here") in [
        (item.file, item.finding) for item in found.tampered
    ]
    if name == RECORD:
        for verb in (compared, followed, opened):
            with pytest.raises(EvaluatorError, match="cannot be read: it is a link"):
                verb(place(issued))


def test_the_review_before_is_not_followed_either(issued: Path, tmp_path: Path) -> None:
    data = golden()
    data["review"] = "2027"
    data["since"] = {"review": "2026", "as_of": "2026-11-24", "record": "0" * 64}
    issue(issued, sealed(data), "2027")
    linked(issued / "reports" / "2026" / RECORD, tmp_path / "record.json")
    found = verify(issued, "2027")
    assert [(item.file, item.finding) for item in found.tampered] == [
        ("reports/2026/record.json", "it is a link, and links are not followed here")
    ]


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _large(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(10**12)


@pytest.mark.parametrize("name", [RECORD, SUMS, "recommendation.pdf", SIGNATURE])
@pytest.mark.parametrize(
    ("make", "words"), [(_pipe, "a device or pipe"), (_folder, "found a folder"), (_large, "larger than")]
)
def test_what_is_no_plain_file_is_said_and_not_read(
    make: Callable[[Path], None], words: str, name: str, issued: Path
) -> None:
    path = issued / "reports" / "2026" / name
    path.unlink(missing_ok=True)
    make(path)
    found = verify(issued, "2026")
    assert any(item.file == name and words in item.finding for item in found.tampered), found.tampered


def test_a_link_to_a_device_is_not_read(issued: Path) -> None:
    path = issued / "reports" / "2026" / "comparison.xlsx"
    path.unlink()
    path.symlink_to("/dev/zero")
    assert any(item.file == path.name and "a link" in item.finding for item in verify(issued, "2026").tampered)


def test_checksums_that_name_other_files_read_none_of_them(issued: Path) -> None:
    folder = issued / "reports" / "2026"
    (folder / RECORD).write_text("{")
    (folder / SUMS).write_text(f"{'0' * 64}  ../../evaluation.yaml\n{'0' * 64}  /etc/passwd\n")
    found = verify(issued, "2026")
    assert {item.finding for item in found.tampered[1:]} == {"no file of a review can have this name"}


# Requests


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "Edition 2026"], "There is no closed review 'Edition 2026' to follow (--since); the closed ones are 2026."),
        (["--since", "../2026"], "There is no closed review '../2026' to follow (--since)"),
        (["--deadline", "2027-11-23"], "The deadline 2027-11-23 lies before the date at which the review judges evidence, 2027-11-24."),
        (["--on", "2027-12-01", "--deadline", "2027-11-30"], "The deadline 2027-11-30 lies before the opening day, 2027-12-01."),
    ],
)  # fmt: skip
def test_opening_names_what_is_wrong(arguments: list[str], words: str, issued: Path) -> None:
    given = ["review", "open", "2027", "--as-of", "2027-11-24"]
    done = run_here(issued, *given, *([] if "--on" in arguments else ["--on", "2027-10-01"]), *arguments, code=1)
    assert words in " ".join(done.stderr.split())
    assert not (issued / "reviews").exists()


def test_check_names_the_line_of_a_deadline_that_cannot_be(issued: Path) -> None:
    (issued / "reviews").mkdir()
    (issued / "reviews" / "2027.yaml").write_text(
        "schema: review/1\nreview: '2027'\nas_of: 2027-11-24\nopened: 2027-10-01\ndeadline: 2027-11-01\n"
    )
    problems = [problem for problem in api.check(issued) if problem.code == "early-deadline"]
    assert [(problem.file, problem.line) for problem in problems] == [("reviews/2027.yaml", 5)]
    assert str(problems[0]).startswith("reviews/2027.yaml:5:11: error: the deadline 2027-11-01 lies before")


def test_a_closed_review_without_its_record_is_told_and_never_taken_for_none(issued: Path) -> None:
    (issued / "reports" / "2026" / RECORD).unlink()
    (problem,) = [problem for problem in api.check(issued) if problem.severity is Severity.ERROR]
    assert problem.file == f"reports/2026/{RECORD}"
    for arguments in (
        ["review", "verify", "2026"],
        ["review", "verify", "all"],
        ["review", "history", "v-1"],
    ):
        done = run_here(issued, *arguments, code=1)
        assert RECORD in done.stdout + done.stderr
        assert "none is closed yet" not in done.stdout + done.stderr
