"""The files under reviews/: what is found, what is wrong with them, and what is written."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import AS_OF, EVALUATION, card_of, contents, write

from evaluator.errors import ContentError, EvaluatorError, Problem
from evaluator.model.review import Review, empty_log
from evaluator.reviews.review_files import (
    append_log,
    digests,
    find_reviews,
    open_reviews,
    read_log,
    read_review,
    set_answer_days,
    set_as_of,
    write_review,
    wrong_name,
)
from evaluator.workspace.transaction import transaction

DAY = date(2027, 10, 20)


def review(name: str = "2027", **more: Any) -> Review:
    given = {"schema": "review/1", "review": name, "as_of": DAY, "opened": date(2027, 9, 1), **more}
    return Review.model_validate(given)


def put(root: Path, **texts: str) -> Path:
    (root / "reviews").mkdir(exist_ok=True)
    for name, text in texts.items():
        (root / "reviews" / f"{name.replace('_', '.')}.yaml").write_text(text)
    return root.resolve()


def text_of(name: str, more: str = "") -> str:
    return f'schema: review/1\nreview: "{name}"\nas_of: 2027-10-20\nopened: 2027-09-01\n{more}'


def close(root: Path, name: str, file: str = "record.json") -> None:
    (root / "reports" / name).mkdir(parents=True)
    (root / "reports" / name / file).write_text("{}")


def test_a_review_and_the_log_are_read_where_they_are(tmp_path: Path) -> None:
    assert read_review(tmp_path, "2027") is None
    assert read_log(tmp_path) == empty_log()
    root = put(
        tmp_path,
        **{"2027": text_of("2027"), "log": "schema: review-log/1\nchecks:\n- {vendor: v, date: 2027-01-01, by: x}\n"},
    )
    assert read_review(root, "2027") == review()
    assert [check.vendor for check in read_log(root).checks] == ["v"]


def test_what_cannot_be_used_is_told_by_its_line(tmp_path: Path) -> None:
    root = put(tmp_path, **{"2027": text_of("2027", "other: 1\n"), "2028": "a: [\n"})
    (root / "reviews/2029.yaml").mkdir()
    for name, code, line in (("2027", "unknown-key", 5), ("2028", "yaml-syntax", 2), ("2029", "not-a-file", None)):
        with pytest.raises(ContentError) as raised:
            read_review(root, name)
        assert str(raised.value) == f"'reviews/{name}.yaml' cannot be used."
        assert [(one.code, one.line) for one in raised.value.problems] == [(code, line)]


def test_open_reviews_are_those_that_are_not_closed(tmp_path: Path) -> None:
    assert open_reviews(tmp_path) == ()
    root = put(tmp_path, **{"2028": "", "2027": "", "2026": "", "log": "", "_hidden": ""})
    (root / "reviews/notes.txt").write_text("")
    close(root, "2026")
    assert open_reviews(root) == ("2027", "2028")


def test_the_files_under_reviews_are_found_with_what_is_wrong_in_them(tmp_path: Path) -> None:
    texts = {
        "2026": text_of("2026"), "2027": text_of("2027"), "2028": text_of("2027"), "2029": "schema: review/1\n",
        "log": "schema: review-log/1\n", "_hidden": "[",
    }  # fmt: skip
    root = put(tmp_path, **texts)
    (root / "reviews/notes.yml").write_text("[")
    close(root, "2026")
    found = find_reviews(root)
    assert found.log == empty_log()
    assert found.opened == (review("2027"),)
    assert [(one.file, one.code) for one in found.problems] == [
        ("reviews/2028.yaml", "review-name"),
        *[("reviews/2029.yaml", "missing-key")] * 3,
    ]
    assert set(found.places) == {f"reviews/{name}.yaml" for name in ("2026", "2027", "2028", "log")}
    pinned = found.pin(found.problems[0])
    assert (pinned.line, pinned.column, pinned.message) == (2, 9, "the file says 2027, its name 2028")


def test_a_closed_review_without_its_record_is_told(tmp_path: Path) -> None:
    root = put(tmp_path)
    close(root, "2026", "SHA256SUMS")
    assert find_reviews(root).problems == (
        Problem(
            "closed-reviews",
            "a closed review without its record, or with something else in its place",
            "reports/2026/record.json",
            hint="restore it from git or a backup",
        ),
    )


def test_folders_that_cannot_be_looked_into(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    nothing = find_reviews(root)
    assert (nothing.log, nothing.opened, nothing.problems, nothing.places) == (None, (), (), {})
    (root / "reviews").write_text("")
    found = find_reviews(root)
    assert [one.code for one in found.problems] == ["not-a-folder"]
    assert (found.log, found.opened, found.places) == (None, (), {})
    assert open_reviews(root) == ()
    (root / "reviews").unlink()
    (root / "there").mkdir()
    (root / "reports").symlink_to("there")
    (one,) = find_reviews(put(root, **{"2027": text_of("2027")})).problems
    assert (one.code, one.file) == ("closed-reviews", "reports")
    assert one.message.endswith("replace it with the folder itself")


def test_a_file_under_the_name_of_another_review() -> None:
    assert wrong_name("reviews/2028.yaml", review()) == Problem(
        "review-name", "the file says 2027, its name 2028", "reviews/2028.yaml", ("review",)
    )


def test_a_review_is_written_to_the_letter(tmp_path: Path) -> None:
    with transaction(tmp_path) as change:
        write_review(change, review())
    assert (
        (tmp_path / "reviews/2027.yaml").read_text()
        == """\
# yaml-language-server: $schema=../schemas/review.schema.json
schema: review/1
review: '2027'
# Evidence is judged at this date.
as_of: 2027-10-20
opened: 2027-09-01

# Evidence that goes stale within so many months after the date is due as well.
soon_months: 3

# The tools that were approved, where they are not the recommended stack:
# approved: [one-tool, another-tool]

# Points that block closing and that the deciders waive, each with its reason:
# waived:
#   final-status-quo: The board has seen today's cost in a paper of its own.
"""
    )


def test_what_is_given_is_written_and_read_back(tmp_path: Path) -> None:
    given = review(deadline=date(2027, 12, 1), since="2026", soon_months=0, waived={"final-a": "because: so"})
    with transaction(tmp_path) as change:
        write_review(change, given)
    text = (tmp_path / "reviews/2027.yaml").read_text()
    assert "opened: 2027-09-01\ndeadline: 2027-12-01\nsince: '2026'\n\n" in text
    assert text.endswith("reason:\nwaived:\n  final-a: 'because: so'\n")
    assert read_review(tmp_path, "2027") == given


def test_a_review_is_opened_once_and_holds_what_can_be_written(tmp_path: Path) -> None:
    with transaction(tmp_path) as change:
        write_review(change, review())
        with pytest.raises(EvaluatorError) as raised:
            write_review(change, review())
        assert str(raised.value) == "The review 2027 is open already: see reviews/2027.yaml."
        with pytest.raises(EvaluatorError) as raised:
            write_review(change, review("2028", note="lost"))
        assert str(raised.value) == "The review 2028 cannot be written; write reviews/2028.yaml yourself."
    (tmp_path / "reviews/2029.yaml").mkdir()
    with transaction(tmp_path) as change, pytest.raises(EvaluatorError, match="is open already"):
        write_review(change, review("2029"))


def test_dates_are_set_in_other_files(tmp_path: Path) -> None:
    root = write(tmp_path, contents(criteria=2))
    before = (root / EVALUATION).read_text()
    card = (root / card_of("v-1")).read_text()
    with transaction(root) as change:
        set_as_of(change, DAY)
        set_answer_days(change, card_of("v-1"), ["c-2"], DAY)
        set_answer_days(change, card_of("v-9"), [], DAY)
    assert (root / EVALUATION).read_text() == before.replace(f"'{AS_OF}'", str(DAY))
    answers = yaml.safe_load((root / card_of("v-1")).read_text())["answers"]
    assert (answers["c-1"].get("date"), answers["c-2"]["date"]) == (None, DAY)
    assert (root / card_of("v-1")).read_text().replace("    date: 2027-10-20\n", "") == card
    assert answers["c-2"]["confidence"] == "medium"
    with transaction(root) as change, pytest.raises(ContentError) as raised:
        set_answer_days(change, card_of("v-9"), ["c-1"], DAY)
    assert str(raised.value) == "'vendors/v-9/business/desk-a.yaml' cannot be used."


def test_the_log_is_begun_and_continued(tmp_path: Path) -> None:
    for vendor in ("v", "w"):
        with transaction(tmp_path) as change:
            append_log(change, "checks", {"vendor": vendor, "date": DAY, "by": "x"})
    assert (
        (tmp_path / "reviews/log.yaml").read_text()
        == """\
# yaml-language-server: $schema=../schemas/review-log.schema.json
# What happens between two reviews; `evaluator review log` adds to it.
schema: review-log/1

checks:
  - vendor: v
    date: 2027-10-20
    by: x
  - vendor: w
    date: 2027-10-20
    by: x
"""
    )


def test_what_the_log_cannot_hold_is_not_written(tmp_path: Path) -> None:
    with (
        transaction(tmp_path) as change,
        pytest.raises(ContentError, match=r"^'reviews/log.yaml' cannot be used\.$") as raised,
    ):
        append_log(change, "checks", {"vendor": "V", "date": DAY, "by": "x"})
    assert [one.code for one in raised.value.problems] == ["bad-form"]
    (tmp_path / "reviews/log.yaml").mkdir(parents=True)
    with transaction(tmp_path) as change, pytest.raises(ContentError):
        append_log(change, "checks", {"vendor": "v", "date": DAY, "by": "x"})


def test_a_review_is_closed_with_the_digests_of_its_files(tmp_path: Path) -> None:
    root = put(tmp_path, **{"2027": "a"})
    assert digests(root, "2027") == {"reviews/2027.yaml": hashlib.sha256(b"a").hexdigest(), "reviews/log.yaml": None}
