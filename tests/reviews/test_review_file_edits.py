"""Edits of hand-written files: one line changes, everything else stays, and an unusual layout is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import AS_OF, EVALUATION, card_of
from hypothesis import given
from hypothesis import strategies as st
from review_builders import closed, final_contents, place

from evaluator.characters import has_visible
from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.review import Review, ReviewLog
from evaluator.reviews import review_files
from evaluator.reviews.opening import confirm, log, state
from evaluator.reviews.review_files import open_reviews, read_log, read_review
from evaluator.workspace.transaction import transaction
from evaluator.workspace.yaml_editor import YamlEditor


def append_log(root: Path, key: str, entry: dict[str, Any]) -> None:
    with transaction(root) as change:
        review_files.append_log(change, key, entry)


def write_review(root: Path, review: Review) -> None:
    with transaction(root) as change:
        review_files.write_review(change, review)


def set_as_of(root: Path, day: date) -> None:
    with transaction(root) as change:
        review_files.set_as_of(change, day)


def set_answer_days(root: Path, file: str, criteria: list[str], day: date) -> None:
    with transaction(root) as change:
        review_files.set_answer_days(change, file, criteria, day)


DAY = date(2027, 10, 20)
CARD = """\
# kept
schema: scorecard/1
vendor: v-1   # kept too
answers:
  c-1:
    level: 2
    rationale: >-
      Two
      lines.
    confidence: low
  c-2: # with a date
    level: 3
    date: '2026-01-01'  # old
    confidence: high
  c-3:
    level: unknown
    confidence: low
    date: 2026-01-01
"""


def days(text: str, *keys: str) -> str:
    editor = YamlEditor(text.encode(), "card.yaml")
    for key in keys:
        editor.set(("answers", key, "date"), DAY, before="confidence")
    return editor.text().decode()


def test_a_date_is_put_in_place_or_added_and_nothing_else_moves() -> None:
    assert days(CARD, "c-1", "c-2", "c-3") == (
        CARD.replace("      lines.\n    confidence", f"      lines.\n    date: {DAY}\n    confidence")
        .replace("'2026-01-01'", f"{DAY}")
        .replace("date: 2026-01-01", f"date: {DAY}")
    )


@pytest.mark.parametrize(
    "text",
    [
        "answers: {c-1: {level: 2, confidence: low}}\n",
        "answers:\n  c-1: {level: 2,\n    confidence: low}\n",
        "answers:\n  c-1:\n    level: 2\n    date: >-\n      2026-01-01\n    confidence: low\n",
    ],
)
def test_an_unusual_layout_becomes_the_usual_one(text: str) -> None:
    assert days(text, "c-1") == f"answers:\n  c-1:\n    level: 2\n    date: {DAY}\n    confidence: low\n"


LOGS = [
    "schema: review-log/1\n",
    "schema: review-log/1\ntriggers: []\n# end\n",
    "schema: review-log/1\ntriggers:\n# first\n- {trigger: a, date: 2026-01-01, by: x}\n\n# other\nchecks: []\n",
    "schema: review-log/1\ntriggers:\n    - trigger: a\n      date: 2026-01-01\n      by: x # tail\nchecks:\n- {vendor: v, date: 2026-01-01, by: x}",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60).filter(has_visible)


@given(st.sampled_from(LOGS), TEXT, TEXT, st.sampled_from(["triggers", "divest", "checks"]))
def test_an_entry_is_appended_whatever_its_text(text: str, note: str, by: str, key: str) -> None:
    entry = {"vendor": "v-1", "date": DAY, "by": by, "note": note}
    if key == "triggers":
        entry["trigger"] = "sold"
    if key == "divest":
        entry = {"tool": "v-1", "until": DAY, "owner": by, "running": [note, "a form"]}
    try:
        editor = YamlEditor(text.encode(), "log.yaml")
        editor.add((key,), entry)
        new = editor.text().decode()
    except EvaluatorError:
        # Text that a YAML file cannot hold as such, such as control characters, is refused rather than changed.
        assert not all(letter.isprintable() for letter in note + by)
        return
    before, after = yaml.safe_load(text), yaml.safe_load(new)
    assert after[key][:-1] == (before.get(key) or [])
    assert {k: v for k, v in after.items() if k != key} == {k: v for k, v in before.items() if k != key}
    for line in text.splitlines():
        if line.strip() and line != f"{key}: []":
            assert line in new.splitlines()


def test_the_log_is_made_when_it_is_first_needed(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    assert read_log(tmp_path) == ReviewLog.model_validate({"schema": "review-log/1"})
    log(there, {"vendor": "v-1", "date": DAY, "by": "architect", "note": ""}, None)
    append_log(tmp_path, "checks", {"vendor": "v-2", "date": DAY, "by": "architect: 'me'"})
    assert [(check.vendor, check.by) for check in read_log(tmp_path).checks] == [
        ("v-1", "architect"),
        ("v-2", "architect: 'me'"),
    ]


def test_an_unknown_trigger_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    content["criteria/catalogue.yaml"]["triggers"] = [{"id": "sold", "when": "sold", "reopens": ["c-1"]}]
    there = place(tmp_path, content)
    with pytest.raises(EvaluatorError, match="There is no trigger 'price'; the catalogue knows sold"):
        log(there, {"vendor": "v-1", "date": DAY, "by": "architect"}, "price")
    assert not (tmp_path / "reviews").exists()


def test_an_entry_that_the_log_cannot_hold_is_refused(tmp_path: Path) -> None:
    place(tmp_path, final_contents(vendors=2))
    with pytest.raises(ContentError):
        append_log(tmp_path, "checks", {"vendor": "Not an id", "date": DAY, "by": "x"})
    assert not (tmp_path / "reviews").exists()


def test_a_wrong_log_is_told_by_its_line(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "log.yaml").write_text("schema: review-log/1\ntriggers:\n  - trigger: sold\n    by: x\n")
    write_review(tmp_path, review_of("2027"))
    set_as_of(tmp_path, DAY)
    with pytest.raises(ContentError) as found:
        state(there, "2027")
    assert [(problem.line, problem.code) for problem in found.value.problems] == [(3, "missing-key")]


def review_of(name: str, **more: Any) -> Review:
    return Review.model_validate(
        {"schema": "review/1", "review": name, "as_of": DAY, "opened": date(2027, 9, 1), **more}
    )


@given(TEXT)
def test_a_review_is_read_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, reason: str) -> None:
    root = tmp_path_factory.mktemp("w")
    given = review_of("2027", deadline=date(2027, 12, 1), since="2026", waived={"final-deciders": reason})
    try:
        write_review(root, given)
    except (EvaluatorError, ContentError):
        assert not all(letter.isprintable() for letter in reason)
        return
    assert read_review(root, "2027") == given
    assert open_reviews(root) == ("2027",)


def test_which_review_is_meant(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    with pytest.raises(EvaluatorError, match="No review is open"):
        state(there, None)
    write_review(tmp_path, review_of("2027"))
    assert state(there, None)[1].review == "2027"
    write_review(tmp_path, review_of("2028"))
    with pytest.raises(EvaluatorError, match="Several reviews are open: 2027, 2028"):
        state(there, None)
    with pytest.raises(EvaluatorError, match="The review 2029 is not open"):
        state(there, "2029")
    (tmp_path / "reviews" / "2029.yaml").write_text((tmp_path / "reviews" / "2028.yaml").read_text())
    with pytest.raises(ContentError) as found:
        state(there, "2029")
    assert "the file says 2028, its name 2029" in found.value.problems[0].message


def test_a_closed_review_has_no_status(tmp_path: Path) -> None:
    closed(tmp_path, "2026", final_contents(vendors=2))
    with pytest.raises(EvaluatorError, match="The review 2026 is closed"):
        state(place(tmp_path), "2026")


def test_confirming_dates_the_answers_named_or_all(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    assert confirm(there, "v-1", "desk-a", ["c-1"], AS_OF) == ("c-1",)
    answers = yaml.safe_load((tmp_path / card_of("v-1")).read_text())["answers"]
    assert [answers[key].get("date") for key in sorted(answers)] == [AS_OF, None, None, None]
    assert len(confirm(there, "v-1", "desk-a", [], AS_OF)) == 4
    for arguments, words in (
        (
            ("v-1", "desk-z", []),
            r"v-1 has no scorecard of desk-z on its edition business; its scorecards are desk-a \(business\)",
        ),
        (("v-1", "desk-a", ["c-9"]), "desk-a has no answer on c-9"),
    ):
        with pytest.raises(EvaluatorError, match=words):
            confirm(there, *arguments, AS_OF)
    with pytest.raises(EvaluatorError, match="after the date of the evaluation"):
        confirm(there, "v-1", "desk-a", [], DAY)


def test_confirming_all_answers_makes_no_evidence_younger(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    old = {"kind": "page", "date": None, "captured": "2025-11-01"}
    for answer in content[card_of("v-1")]["answers"].values():
        answer["evidence"] = [{**item, **old} for item in answer["evidence"]]
    there = place(tmp_path, content)
    before = there.workspace.vendors["v-1"].scorecards[0]
    confirm(there, "v-1", "desk-a", [], AS_OF)
    after = place(tmp_path).workspace
    card = after.vendors["v-1"].scorecards[0]
    for key, answer in card.answers.items():
        assert answer.date == AS_OF
        assert answer.evidence == before.answers[key].evidence
        criterion = after.catalogue.criteria[key]
        assert evidence_status(answer, criterion, after.catalogue, AS_OF) is EvidenceStatus.STALE


def test_writing_is_refused_on_a_protected_file(tmp_path: Path) -> None:
    place(tmp_path, final_contents(vendors=2))
    path = tmp_path / EVALUATION
    path.unlink()
    path.mkdir()
    with pytest.raises(ContentError):
        set_as_of(tmp_path, DAY)
    with pytest.raises(ContentError):
        set_answer_days(tmp_path, card_of("v-9"), ["c-1"], DAY)


def test_check_reads_the_files_of_reviews_too(tmp_path: Path) -> None:
    from evaluator.api import check

    place(tmp_path, final_contents(vendors=2))
    folder = tmp_path / "reviews"
    folder.mkdir()
    (folder / "2026.yaml").write_text("schema: review/1\nedition: 2026\n")
    write_review(tmp_path, review_of("2027"))
    (folder / "2028.yaml").write_text((folder / "2027.yaml").read_text())
    (folder / "log.yaml").write_text(
        "schema: review-log/1\ntriggers:\n"
        "  - {trigger: sld, vendor: v-9, date: 2026-01-01, by: x, reopens: [c-1, c-99]}\n"
        "  - {trigger: catalogue, date: 2026-01-01, by: x, reopens: [c-1]}\n"
        "checks:\n  - {vendor: v-1, date: 2026-01-01, by: x}\n"
    )
    found = [(problem.file, problem.line, problem.code, problem.severity.value) for problem in check(tmp_path)]
    assert ("reviews/2026.yaml", 2, "wrong-type", "error") in found
    assert ("reviews/2028.yaml", None, "review-name", "error") in found
    assert [row for row in found if row[0] == "reviews/log.yaml"] == [
        ("reviews/log.yaml", 3, "unknown-log-trigger", "error"),
        ("reviews/log.yaml", 3, "unknown-log-criterion", "warning"),
        ("reviews/log.yaml", 3, "unknown-log-vendor", "warning"),
    ]
