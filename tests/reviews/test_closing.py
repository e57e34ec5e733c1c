"""Closed reviews: whole or not there, never overwritten, verifiable for ever, and any changed byte is found."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import AS_OF, EVALUATION, WEIGHTS, build, card_of, write
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_cases import ASSETS
from record_mutations import golden, issue, sealed
from review_builders import NEXT, a_year_later, closed, final_contents, papers, place
from strategies import evaluations

from evaluator import __version__
from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.change import Cause
from evaluator.model.closed_review import Engine, VerificationVerdict
from evaluator.model.numerical_rules import NUMERICAL_RULES
from evaluator.model.renamed_keys import RECORD_SCHEMA, present_record
from evaluator.model.review import Review
from evaluator.model.workspace import Workspace
from evaluator.reports.paper.papers import recommendation_html
from evaluator.reviews import record_files, review_files
from evaluator.reviews.closing import close
from evaluator.reviews.opening import open_review
from evaluator.reviews.record_files import RECORD, SUMS, canonical
from evaluator.reviews.verification import diff, figure_changes, tampering, verify
from evaluator.workspace.disk import sha256
from evaluator.workspace.transaction import create_folder

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one closed review; not to be changed."""
    root = tmp_path_factory.mktemp("issued")
    closed(root, "2026", final_contents(vendors=2, assessors=("desk-a", "desk-b")))
    return root


def copied(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def keeping(seen: list[Any]) -> Any:
    """What makes a paper and keeps the result it was made from."""

    def made(result: Any) -> dict[str, bytes]:
        seen.append(result)
        return {"paper": b"x"}

    return made


def opened(name: str, as_of: date, **more: Any) -> Review:
    return Review.model_validate(
        {"schema": "review/1", "review": name, "as_of": as_of, "opened": date(2027, 10, 1), **more}
    )


def test_a_closed_review_holds_record_papers_and_checksums(issued: Path) -> None:
    folder = issued / "reports" / "2026"
    assert {path.name for path in folder.iterdir()} == {RECORD, SUMS, "recommendation.pdf", "comparison.xlsx"}
    data = json.loads((folder / RECORD).read_bytes())
    assert canonical(data) == (folder / RECORD).read_bytes()
    assert (data["schema"], data["review"], data["as_of"], data["closed"]) == (
        "record/2",
        "2026",
        AS_OF.isoformat(),
        AS_OF.isoformat(),
    )
    assert data["engine"] == {"version": __version__, "rules": NUMERICAL_RULES}
    assert data["since"] is None
    assert data["result"]["scores"]["options"]
    assert "workspace" not in data["result"]
    if shutil.which("sha256sum"):
        done = subprocess.run(["sha256sum", "-c", SUMS], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout


def test_an_untouched_review_verifies(issued: Path) -> None:
    found = verify(issued, "2026")
    assert found.verdict is VerificationVerdict.SAME
    assert found.same_rules
    assert (found.tampered, found.figures, found.notes) == ((), (), ())


def test_criteria_that_are_called_like_old_keys_verify(tmp_path: Path) -> None:
    names = {"c-1": "gaps", "c-2": "standing", "v-1": "flips", "u-1": "firmness", "f-1": "opinions"}
    content = final_contents(vendors=2)
    text = yaml.safe_dump(content)
    for old, new in names.items():
        text = re.sub(rf"\b{old}\b", new, text)
    closed(tmp_path, "2026", yaml.safe_load(text))
    found = verify(tmp_path, "2026")
    assert (found.verdict, found.figures) == (VerificationVerdict.SAME, ())


def test_it_still_verifies_after_a_change_of_version(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluator.reviews.record.__version__", "9.0.0")
    monkeypatch.setattr("evaluator.reviews.record.NUMERICAL_RULES", 2)
    found = verify(issued, "2026")
    assert found.verdict is VerificationVerdict.SAME
    assert not found.same_rules


def test_other_numerical_rules_are_told_with_the_figures_it_changed(
    issued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluator.reviews.record.NUMERICAL_RULES", 2)
    monkeypatch.setattr("evaluator.scoring.score._ANSWERED", frozenset())
    found = verify(issued, "2026")
    assert found.verdict is VerificationVerdict.CHANGED
    assert not found.same_rules
    assert all("coverage" in figure.path for figure in found.figures)
    assert "scores.options[v-1].coverage" in {figure.path for figure in found.figures}


def test_a_closed_review_is_never_overwritten(issued: Path, tmp_path: Path) -> None:
    root = copied(issued, tmp_path)
    before = {path.name: path.read_bytes() for path in (root / "reports" / "2026").iterdir()}
    with pytest.raises(EvaluatorError, match="closed already"):
        close(place(root), "2026", AS_OF, papers)
    assert {path.name: path.read_bytes() for path in (root / "reports" / "2026").iterdir()} == before


@pytest.mark.parametrize("name", ["templates", "theme", "now", "all", "log", "../2026", "2026/x", "", ".hidden", "Two"])
def test_what_cannot_name_a_review(name: str, issued: Path) -> None:
    with pytest.raises(EvaluatorError, match="cannot name"):
        close(place(issued), name, AS_OF, papers)


def test_closing_is_refused_while_blocked_and_says_by_what(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    del content[WEIGHTS]["seal"]
    content[EVALUATION]["deciders"] = []
    with pytest.raises(ContentError, match="2 points block it") as found:
        closed(tmp_path, "2026", content)
    assert [problem.code for problem in found.value.problems] == ["final-weights-sealed", "final-deciders"]
    assert not (tmp_path / "reports").exists()


def test_a_waived_point_is_frozen_with_its_reason_and_counts_as_passed(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    content[EVALUATION]["deciders"] = []
    seen: list[Any] = []
    there = place(tmp_path, content)
    open_review(there, opened("2026", AS_OF, waived={"final-deciders": "The board decides as a whole."}))
    close(there, "2026", AS_OF, keeping(seen))
    check = next(check for check in seen[0].final if check.id == "deciders")
    assert check.passed
    assert check.waived
    page = recommendation_html(seen[0], assets=ASSETS)
    assert re.search(r"1 of \d+ checks waived, with reasons", page)
    assert not re.search(r"[Aa]ll( \d+)? checks passed", page)
    assert check.finding == "No role is named that decides. Waived: The board decides as a whole."
    data = record_files.read_record(tmp_path, "2026").data
    assert data["review_file"]["waived"] == {"final-deciders": "The board decides as a whole."}
    assert verify(tmp_path, "2026").verdict is VerificationVerdict.SAME


def test_a_failing_paper_leaves_nothing(tmp_path: Path) -> None:
    def broken(_: Any) -> dict[str, bytes]:
        raise EvaluatorError("The PDF engine lacks Pango.")

    with pytest.raises(EvaluatorError, match="Pango"):
        close(place(tmp_path, final_contents(vendors=2)), "2026", AS_OF, broken)
    assert not (tmp_path / "reports").exists()


def test_papers_know_the_review_and_what_changed(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    closed(tmp_path, "2026", content)
    later = a_year_later(content)
    later[card_of("v-1")]["answers"]["c-1"]["level"] = 4
    seen: list[Any] = []
    there = place(tmp_path, later)
    open_review(there, opened("2027", NEXT))
    close(there, "2027", NEXT, keeping(seen))
    assert seen[0].review.since == "2026"
    assert seen[0].review.closed == NEXT
    assert seen[0].changes.option("v-1").difference.score == pytest.approx(12.5)
    assert (seen[0].changes.old.name, seen[0].changes.new.name) == ("2026", "2027")


# Tampering


@given(st.data())
@settings(max_examples=250)
def test_any_changed_byte_of_any_file_is_found(issued: Path, data: st.DataObject) -> None:
    folder = issued / "reports" / "2026"
    name = data.draw(st.sampled_from(sorted(path.name for path in folder.iterdir())))
    raw = (folder / name).read_bytes()
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[at]))
    (folder / name).write_bytes(raw[:at] + bytes([byte]) + raw[at + 1 :])
    try:
        found = tampering(issued, "2026")[1]
        assert name in {item.file for item in found}
    finally:
        (folder / name).write_bytes(raw)
    assert tampering(issued, "2026")[1] == ()


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"conditional_credit":0.5', '"conditional_credit":0.6', "workspace.evaluation.policies"),
        (
            '"level":2,"missing":[],"rationale":"The page says so."}},"assessed"',
            '"level":3,"missing":[],"rationale":"The page says so."}},"assessed"',
            "workspace.vendors.v-1.scorecards.0:desk-a.answers.c-4",
        ),
        ('"closed":"2026-11-24"', '"closed":"2026-11-25"', "closed"),
        ('"recommended":1', '"recommended":2', "result.stacks.recommended"),
    ],
)
def test_the_changed_field_is_named(old: str, new: str, field: str, issued: Path, tmp_path: Path) -> None:
    root = copied(issued, tmp_path)
    path = root / "reports" / "2026" / RECORD
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = verify(root, "2026")
    assert found.verdict is VerificationVerdict.TAMPERED
    assert any(item.file == RECORD and item.field.startswith(field) for item in found.tampered), found.tampered


def test_a_changed_figure_is_named_by_recomputing_too(issued: Path, tmp_path: Path) -> None:
    root = copied(issued, tmp_path)
    path = root / "reports" / "2026" / RECORD
    data = json.loads(path.read_bytes())
    data["result"]["scores"]["options"][0]["score"] += 1
    path.write_bytes(canonical(data))
    assert [figure.path for figure in verify(root, "2026").figures] == ["scores.options[v-2].score"]


def test_a_forged_record_with_new_seals_still_differs_from_the_papers_and_from_the_next_review(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    closed(tmp_path, "2026", content)
    there = place(tmp_path, a_year_later(content))
    open_review(there, opened("2027", NEXT))
    close(there, "2027", NEXT, papers)
    assert verify(tmp_path, "2027").verdict is VerificationVerdict.SAME
    path = tmp_path / "reports" / "2026" / RECORD
    data = json.loads(path.read_bytes())
    data["closed"] = "2026-11-01"
    path.write_bytes(canonical(record_files.sealed(data)))
    sums = path.with_name(SUMS)
    files = {
        name: sha256(path.with_name(name).read_bytes()) for name in (RECORD, "recommendation.pdf", "comparison.xlsx")
    }
    sums.write_bytes(record_files.checksums(files))
    assert verify(tmp_path, "2026").verdict is VerificationVerdict.SAME  # the forger was thorough
    found = verify(tmp_path, "2027")
    assert [item.file for item in found.tampered] == ["reports/2026/record.json"]


@pytest.mark.parametrize(
    ("damage", "file", "words"),
    [
        (lambda folder: (folder / "recommendation.pdf").unlink(), "recommendation.pdf", "missing"),
        (lambda folder: (folder / SUMS).unlink(), SUMS, "missing"),
        (lambda folder: (folder / "extra.txt").write_text("x"), "extra.txt", "not part"),
        (lambda folder: (folder / RECORD).write_text("{"), RECORD, "no JSON"),
        (lambda folder: (folder / RECORD).write_text("[" * 100_000), RECORD, "no JSON"),
        (lambda folder: (folder / RECORD).write_text('{"schema": "record/9"}'), RECORD, "schema"),
        (lambda folder: (folder / RECORD).write_bytes(b"\xff\xfe{}"), RECORD, "UTF-8"),
        (lambda folder: (folder / RECORD).write_text('{"schema": NaN}'), RECORD, "not finite"),
    ],
)
def test_damage_is_told_in_words(damage: Any, file: str, words: str, issued: Path, tmp_path: Path) -> None:
    root = copied(issued, tmp_path)
    damage(root / "reports" / "2026")
    found = verify(root, "2026")
    assert found.verdict is VerificationVerdict.TAMPERED
    assert any(item.file == file and words in item.finding for item in found.tampered), found.tampered


def test_a_tampered_record_is_no_ground_for_the_next_review(issued: Path, tmp_path: Path) -> None:
    root = copied(issued, tmp_path)
    path = root / "reports" / "2026" / RECORD
    path.write_text(path.read_text().replace('"closed":"2026-11-24"', '"closed":"2026-11-25"'))
    for action in (
        lambda: open_review(place(root), opened("2027", NEXT)),
        lambda: diff(place(root), root, "2026", "now"),
    ):
        with pytest.raises(EvaluatorError, match=r"tampered with; see `evaluator review verify 2026`"):
            action()


def test_no_such_review(issued: Path) -> None:
    with pytest.raises(EvaluatorError, match="There is no closed review '2031'; the closed ones are 2026"):
        verify(issued, "2031")


# Publishing


def test_of_two_who_close_at_once_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def run(number: int) -> None:
        def paper(_: Any) -> dict[str, bytes]:
            barrier.wait(30)  # all have passed every check before anybody publishes
            return {"paper": f"paper of {number}".encode()}

        try:
            close(there, "2026", AS_OF, paper)
            outcomes.append(f"closed {number}")
        except EvaluatorError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if outcome.startswith("closed")]
    assert len(winners) == 1
    assert len(outcomes) == 4
    assert all("is not overwritten" in outcome for outcome in outcomes if outcome not in winners)
    assert (tmp_path / "reports" / "2026" / "paper").read_text().endswith(winners[0][-1])
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["2026"]
    assert verify(tmp_path, "2026").verdict is VerificationVerdict.SAME


def test_publishing_never_replaces_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "2026").write_text("x")
    (tmp_path / "b" / "2026" / "y").mkdir(parents=True)
    for root in (tmp_path / "a", tmp_path / "b"):
        with pytest.raises(EvaluatorError, match=r"exists already|not a folder"):
            create_folder(root, "2026", {"a": b"1"}, {})
        assert [path.name for path in root.iterdir() if not path.name.startswith(".")] == ["2026"]


def test_reports_that_cannot_be_written_get_one_sentence(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    (tmp_path / "reports").write_text("a file in the way")
    with pytest.raises(EvaluatorError, match="is not a folder"):
        close(there, "2026", AS_OF, papers)


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    there = place(tmp_path / "w", final_contents(vendors=2))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "w" / "reports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EvaluatorError, match="'reports' is a link"):
        close(there, "2026", AS_OF, papers)


# The record as such


@given(evaluations())
@settings(max_examples=25)
def test_a_workspace_survives_the_round_trip_through_json(content: Any) -> None:
    workspace = build(content)
    data = workspace.model_dump(mode="json", by_alias=True)
    again = Workspace.model_validate_json(canonical(data))
    assert again.digest == workspace.digest
    for criterion in workspace.catalogue.criteria.values():
        assert list(again.catalogue.criteria[criterion.id].levels) == list(criterion.levels)


def test_the_same_content_gives_the_same_record_whatever_the_order_of_files(tmp_path: Path) -> None:
    content = final_contents(vendors=3)
    one = closed(tmp_path / "one", "2026", content)
    turned = {
        name: dict(reversed(value.items())) if name != EVALUATION else value
        for name, value in reversed(content.items())
    }
    other = closed(tmp_path / "other", "2026", turned)
    assert (one / RECORD).read_bytes() == (other / RECORD).read_bytes()


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("record-*.json.gz")))
def test_records_of_every_format_ever_issued_still_verify(name: str, tmp_path: Path) -> None:
    """Never edit these files: each is a record as a released version wrote it."""
    raw = gzip.decompress((GOLDEN / name).read_bytes())
    data = json.loads(raw)
    review = present_record(data)["review"]
    folder = tmp_path / "reports" / review
    folder.mkdir(parents=True)
    issued = {paper: f"stands for {paper}".encode() for paper in data["files"]}
    assert {paper: sha256(content) for paper, content in issued.items()} == data["files"]
    sums = record_files.checksums({**data["files"], RECORD: sha256(raw)})
    for paper, content in {**issued, RECORD: raw, SUMS: sums}.items():
        (folder / paper).write_bytes(content)
    found = verify(tmp_path, review)
    assert found.tampered == ()
    assert found.figures == (), "the engine computes other figures from an issued record"
    assert found.recorded_by == Engine(data["engine"]["version"], data["engine"].get("rules", 1))


def test_a_review_of_an_older_format_is_compared_and_followed(tmp_path: Path) -> None:
    """The engine of a record/1 is that of version 1 of the numerical rules: nothing is put down to another one."""
    write(tmp_path, a_year_later(final_contents(vendors=3)))
    issue(tmp_path, sealed(golden(1)))
    there = place(tmp_path)
    _, found = diff(there, tmp_path, "2026", "now")
    assert {option.id for option in found.options if option.status == "kept"} == {"v-1", "v-2", "v-3"}
    assert not any(Cause.ENGINE in option.causes for option in found.options)
    assert open_review(there, opened("2027", NEXT)).since == "2026"


def test_there_is_a_record_of_todays_format() -> None:
    assert (GOLDEN / f"{RECORD_SCHEMA.replace('/', '-')}.json.gz").is_file()


def test_what_only_the_newer_tool_computes_is_no_difference() -> None:
    then = {"score": 1.0, "rows": [{"id": "a", "x": 1}], "digest": "old"}
    now = {"score": 1.0 + 1e-12, "rows": [{"id": "a", "x": 1, "y": 2}], "more": 3, "digest": "new"}
    assert figure_changes(then, now) == ()
    now["rows"][0]["x"] = 2  # type: ignore[index]
    assert [(row.path, row.recorded, row.computed) for row in figure_changes(then, now)] == [("rows[a].x", 1, 2)]
    assert [row.path for row in figure_changes({"a": True}, {"a": 1})] == ["a"]
    assert [row.path for row in figure_changes({"a": [1, 2]}, {"a": [1]})] == ["a[1]"]


# Opening


def test_a_review_is_not_opened_before_the_days_in_the_content(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(EvaluatorError) as refused:
        open_review(there, opened("2027", date(2020, 1, 1)))
    assert str(refused.value) == (
        "The review 2027 cannot be as of 2020-01-01: answers, evidence and other content bear days up to 2026-11-10. "
        "Give --as-of 2026-11-10 or a later day."
    )
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert open_review(there, opened("2027", date(2026, 11, 10))).as_of == date(2026, 11, 10)


def test_opening_writes_its_file_and_moves_the_date(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    closed(tmp_path, "2026", content)
    before = (tmp_path / EVALUATION).read_text()
    made = open_review(place(tmp_path), opened("2027", NEXT, deadline=date(2027, 12, 15)))
    assert made.since == "2026"
    assert review_files.read_review(tmp_path, "2027") == made
    old, new = AS_OF.isoformat(), NEXT.isoformat()
    assert (tmp_path / EVALUATION).read_text() == before.replace(f"'{old}'", new)
    with pytest.raises(EvaluatorError, match="open already"):
        open_review(place(tmp_path), opened("2027", NEXT))


@pytest.mark.parametrize(
    ("name", "as_of", "more", "words"),
    [
        ("2026", NEXT, {}, "closed already"),
        ("2027", AS_OF, {"since": "2026"}, "before it is as of"),
        ("2027", NEXT, {"deadline": date(2027, 9, 1)}, "before the opening day"),
        (
            "2027",
            NEXT,
            {"deadline": date(2027, 11, 23)},
            "before the date at which the review judges evidence, 2027-11-24",
        ),
        ("2027", NEXT, {"since": "2025"}, "no closed review '2025'"),
        ("templates", NEXT, {}, "cannot name"),
    ],
)
def test_reviews_that_cannot_be_opened(
    name: str, as_of: date, more: dict[str, Any], words: str, issued: Path, tmp_path: Path
) -> None:
    root = copied(issued, tmp_path)
    with pytest.raises(EvaluatorError, match=words):
        open_review(place(root), opened(name, as_of, **more))
    assert not (root / "reviews").exists()
    assert AS_OF.isoformat() in (root / EVALUATION).read_text()


def test_a_death_at_any_step_of_publishing_leaves_nothing_or_everything(tmp_path: Path) -> None:
    """Each child dies at another call that reaches the disk; the last one lives."""
    files = {"a": b"1" * 10_000, "b": b"2", SUMS: b"3"}
    seen = set()
    for steps in range(40):
        (tmp_path / str(steps)).mkdir()
        target = tmp_path / str(steps) / "2026"
        child = os.fork()
        if child == 0:
            left = iter(range(steps))
            for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "mkdir"), (os, "open")):
                _mortal(owner, name, left)
            create_folder(tmp_path / str(steps), "2026", files, {})
            os._exit(0)
        os.waitpid(child, 0)
        visible = [path for path in target.parent.glob("*") if not path.name.startswith(".")]
        seen.add(bool(visible))
        if visible:
            assert {path.name: path.read_bytes() for path in target.iterdir()} == files
        shutil.rmtree(target.parent, ignore_errors=True)
    assert seen == {False, True}


def _mortal(owner: Any, name: str, left: Iterator[int]) -> None:
    """Let the process die, without a word, at the call after the last one that is left."""
    real = getattr(owner, name)

    def dies(*arguments: Any, **named: Any) -> Any:
        if next(left, None) is None:
            os._exit(9)
        return real(*arguments, **named)

    setattr(owner, name, dies)


def test_a_place_that_cannot_be_written_is_found_before_the_papers_are_made(tmp_path: Path) -> None:
    there = place(tmp_path, final_contents(vendors=2))
    (tmp_path / ".evaluator").write_text("no folder")
    seen: list[Any] = []
    with pytest.raises(EvaluatorError, match="is not an ordinary folder"):
        close(there, "2026", AS_OF, keeping(seen))
    assert not seen
    assert not (tmp_path / "reports" / "2026").exists()
