"""Own work from the command to every place that shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import AS_OF, DONE, build, contents, evaluated, own_work_of, with_own_work, write
from click.testing import CliRunner, Result
from review_builders import closed, final_contents

from evaluator import api
from evaluator.cli.main import program
from evaluator.errors import ContentError, EvaluatorError
from evaluator.reviews.record import sound_record

FILE = own_work_of("v-1")
WORDS = ("--role", "security officer", "--on", "2026-11-02", "--finding", "No exception noted.")


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(program, [*arguments, "--workspace", str(root)])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    content = with_own_work(final_contents(vendors=2))
    del content[FILE]
    return write(tmp_path, content)


def test_an_item_is_recorded_and_shown(root: Path) -> None:
    done = run(root, "vendor", "own-work", "v-1", "report", "--state", "done", *WORDS)
    assert (done.exit_code, done.stderr) == (0, f"recorded c-1/report as done in {FILE}\n")
    assert (root / FILE).read_text() == (
        "# yaml-language-server: $schema=../../schemas/own-work.schema.json\n"
        "schema: own-work/1\n"
        "items:\n"
        "  business:\n"
        "    c-1:\n"
        "      report:\n"
        "        state: done\n"
        "        role: security officer\n"
        "        date: 2026-11-02\n"
        "        finding: No exception noted.\n"
    )
    assert run(root, "vendor", "own-work", "v-1", "c-1/calls", "--state", "not-needed").exit_code == 0
    assert [problem for problem in api.check(root) if problem.file == FILE] == []
    assert "Own work: 1 of 2 done; 1 not needed." in run(root, "score", "v-1").stdout
    listed = run(root, "vendor", "own-work", "v-1").stdout
    assert "c-1/report" in listed
    assert listed.index("c-1/report") < listed.index("c-1/calls")
    (option,) = json.loads(run(root, "score", "v-1", "--json").stdout)["options"]
    assert [(item["id"], item["state"], item["date"]) for item in option["own_work"]] == [
        ("report", "done", "2026-11-02"), ("calls", "not-needed", None),
    ]  # fmt: skip


def test_a_file_that_is_there_keeps_its_comments(root: Path) -> None:
    (root / FILE).write_text(
        "schema: own-work/1\nitems: # ours\n  business:\n    c-1:\n      calls: {state: open}  # two names\n"
    )
    assert run(root, "vendor", "own-work", "v-1", "report", "--state", "open").exit_code == 0
    text = (root / FILE).read_text()
    assert "items: # ours\n" in text
    assert "calls: {state: open}  # two names\n" in text
    assert "      report:\n        state: open\n" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "done"}, "needs the role, the day and the finding"),
        ({"item": "reports"}, "There is no item of own work 'reports'; did you mean report"),
        ({"vendor": "v-9"}, "There is no vendor 'v-9'"),
        ({"edition": "gold"}, "There is no edition 'gold'"),
        ({"on": date(2027, 1, 1)}, "lies after the date of the evaluation"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_is_written(root: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(EvaluatorError, match=words):
        api.record_own_work(root, **{"vendor": "v-1", "item": "report", "state": "open", **change})
    assert not (root / FILE).exists()


def test_an_id_of_several_criteria_needs_its_criterion(tmp_path: Path) -> None:
    content = with_own_work(contents())
    for criterion in content["criteria/f-1.yaml"]["criteria"]:
        criterion["own_work"] = [{"id": "report", "text": "Read it."}]
    write(tmp_path, content)
    with pytest.raises(
        EvaluatorError, match="Several criteria have own work called report; name one: c-1/report, c-3/report"
    ):
        api.record_own_work(tmp_path, "v-1", "report", state="open")
    assert api.record_own_work(tmp_path, "v-1", "c-3/report", state="open")[1] == "c-3/report"


def test_a_broken_file_is_reported_and_not_overwritten(root: Path) -> None:
    (root / FILE).write_text("schema: own-work/1\nitems:\n  business:\n    c-1:\n      report: {state: perhaps}\n")
    (problem,) = [problem for problem in api.check(root) if problem.file == FILE]
    assert (problem.line, problem.severity) == (5, "error")
    with pytest.raises(ContentError):
        api.record_own_work(root, "v-1", "report", state="open")
    assert "perhaps" in (root / FILE).read_text()


def test_own_work_moves_no_figure() -> None:
    """Every option scores the same, whatever is done; only the list of items differs."""
    asked = with_own_work(contents(vendors=3), report=DONE)
    bare = contents(vendors=3)
    with_it, without = evaluated(asked), evaluated(bare)
    assert [replace(option, own_work=()) for option in with_it.scores.options] == list(without.scores.options)
    assert (with_it.fits, with_it.stacks) == (without.fits, without.stacks)
    first = with_it.scores.option("v-1")
    assert [item.state for item in first.own_work] == ["done", "open"]
    assert build(asked).evaluation.as_of == AS_OF


def test_the_review_counts_it(root: Path) -> None:
    api.record_own_work(root, "v-1", "calls", state="not-needed", finding="We know them.")
    opened = run(root, "review", "open", "2026", "--as-of", str(AS_OF))
    assert opened.exit_code == 0, opened.stderr
    lines: Any = [line.split() for line in run(root, "review", "status", "2026").stdout.splitlines()]
    start = next(place for place, line in enumerate(lines) if line[:3] == ["own", "work", "on"])
    assert lines[start + 2 : start + 4] == [["V-2", "2", "0", "0", "2"], ["V-1", "2", "0", "1", "1"]]


def test_a_closed_review_keeps_it(tmp_path: Path) -> None:
    closed(tmp_path, "2026", with_own_work(final_contents(vendors=2), report=DONE))
    recorded = sound_record(tmp_path, "2026")
    assert [item.finding for item in recorded.result().scores.option("v-1").own_work] == ["No exception noted.", ""]
    (verification,) = api.review_verify(tmp_path, "2026")
    assert (verification.tampered, verification.figures) == ((), ())
