"""Reviews through the real program, from the first closed review to the next."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from builders import CATALOGUE, EVALUATION, card_of, write
from openpyxl import load_workbook
from pypdf import PdfReader
from real_program import ROOT, run_here
from review_builders import a_year_later, final_contents

from evaluator.api import init
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.model.workspace import Workspace

TRIGGERS = [{"id": "ownership", "when": "sold", "reopens": ["c-1", "c-2"]}]


def content() -> dict[str, Any]:
    made = final_contents(vendors=3, criteria=6, assessors=("desk-a", "desk-b"))
    made[CATALOGUE]["triggers"] = TRIGGERS
    return made


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose review 2026 was closed through the program, with its real papers."""
    root = write(tmp_path_factory.mktemp("year"), content())
    done = run_here(root, "review", "close", "2026", "--on", "2026-11-30")
    assert done.stdout == ""
    assert "closed 2026" in done.stderr
    return root


@pytest.fixture
def next_year(year: Path, tmp_path: Path) -> Path:
    """The same, in a folder of its own, with the review 2027 open."""
    root = tmp_path / "w"
    shutil.copytree(year, root)
    write(root, {EVALUATION: a_year_later(content())[EVALUATION]})
    run_here(root, "review", "open", "2027", "--as-of", "2027-11-24", "--on", "2027-10-01", "--deadline", "2027-12-15")
    return root


def test_the_papers_of_a_closed_review_are_there(year: Path) -> None:
    folder = year / "reports" / "2026"
    assert (folder / "recommendation.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder / "comparison.xlsx").read_bytes().startswith(b"PK")
    done = run_here(year, "review", "verify", "2026")
    assert done.stdout.splitlines()[0] == "2026: same figures"


def test_an_issued_paper_and_workbook_say_how_firm_the_answer_is(year: Path) -> None:
    folder = year / "reports" / "2026"
    assert "Break-even" in load_workbook(folder / "comparison.xlsx", read_only=True).sheetnames
    assert "How robust the answer is" in str(PdfReader(folder / "recommendation.pdf").outline)


def test_closing_twice_is_refused_in_one_sentence(year: Path) -> None:
    done = run_here(year, "review", "close", "2026", code=1)
    assert done.stderr.splitlines()[-1] == "Error: '2026' is closed already; a closed review is never overwritten."


def test_verify_names_the_file_and_exits_with_one(year: Path, tmp_path: Path) -> None:
    root = tmp_path / "w"
    shutil.copytree(year, root)
    with (root / "reports" / "2026" / "recommendation.pdf").open("ab") as stream:
        stream.write(b" ")
    done = run_here(root, "review", "verify", "all", code=1)
    assert "2026: tampered" in done.stdout
    assert "recommendation.pdf: the file is not the one that was issued" in " ".join(done.stdout.split())
    data = json.loads(run_here(root, "review", "verify", "2026", "--json", code=1).stdout)
    assert data[0]["verdict"] == "tampered"


def paper(root: Path, on: str) -> str:
    """The text of the recommendation as it stands on a day."""
    run_here(root, "recommend", "-o", str(root / "out.html"), "--on", on)
    html = re.sub(r"<style.*?</style>", " ", (root / "out.html").read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_paper_at_another_date_is_none_of_the_open_review(next_year: Path) -> None:
    run_here(next_year, "recommend", "-o", str(next_year / "out.html"), "--as-of", "2028-02-01")
    assert "review 2027" not in (next_year / "out.html").read_text(encoding="utf-8")


def test_the_workbook_of_an_open_review_has_what_changed_and_says_draft(next_year: Path) -> None:
    run_here(next_year, "compare", "-o", str(next_year / "out.xlsx"))
    book = load_workbook(next_year / "out.xlsx")
    assert "Changes" in book.sheetnames
    status = {row[0]: row[1] for row in book["Read me"].iter_rows(values_only=True)}["Status"]
    assert "the review 2027 is not closed" in str(status)


def test_from_opening_to_closing_the_next_review(next_year: Path) -> None:
    root = next_year
    run_here(
        root,
        "review",
        "log",
        "v-3",
        "--trigger",
        "ownership",
        "--on",
        "2027-03-02",
        "--by",
        "architect",
        "--note",
        "sold",
    )
    due = run_here(root, "review", "status", "--due").stdout
    assert "ownership on 2027-03-02: c-1, c-2" in due
    status = run_here(root, "review", "status", "--on", "2027-11-11").stdout
    assert "34 days to the deadline of 2027-12-15" in " ".join(status.split())
    assert "trigger-v-3-ownership" in status
    assert json.loads(run_here(root, "review", "status", "--on", "2027-11-11", "--json").stdout)["days_left"] == 34
    draft = paper(root, "2027-11-11")
    assert "draft: the review 2027 is not closed (see section" in draft
    assert "Unchanged since 2026: V-3" in draft
    assert "34 days to the deadline of 2027-12-15" in draft
    assert "1 point blocks closing" in draft
    assert "the trigger ownership of 2027-03-02 reopened answers that nobody gave again: c-1, c-2." in draft
    done = run_here(root, "review", "close", "2027", code=1)
    assert "trigger-v-3-ownership" in done.stderr
    assert not (root / "reports" / "2027").exists()
    for assessor in ("desk-a", "desk-b"):
        run_here(root, "review", "confirm", "v-3", "c-1", "c-2", "--assessor", assessor, "--on", "2027-10-20")
    data = json.loads(run_here(root, "review", "status", "--json").stdout)
    assert data["blockers"] == []
    assert sum(row["confirmed"] for row in data["vendors"]) == 4
    text = (root / card_of("v-1")).read_text()
    (root / card_of("v-1")).write_text(text.replace("level: 2", "level: 4", 1))
    run_here(root, "review", "close", "2027", "--on", "2027-12-01")
    page = run_here(root, "review", "diff", "2026", "2027").stdout
    assert "Changes from 2026 (as of 2026-11-24) to 2027 (as of 2027-11-24)" in page
    assert "Unchanged since 2026: V-3." in page
    bridge = run_here(root, "review", "diff", "2026", "2027", "v-1").stdout
    assert "V-1, by criterion and cause" in bridge
    found = json.loads(run_here(root, "review", "diff", "2026", "now", "--json").stdout)
    for option in found["options"]:
        moved = sum(part["score"] for part in option["causes"].values())
        assert moved == pytest.approx(option["new"]["score"] - option["old"]["score"], abs=1e-9)
    history = run_here(root, "review", "history", "v-1").stdout
    assert [line.split()[0] for line in history.splitlines()[4:7]] == ["2026", "2027", "now"]
    assert run_here(root, "review", "verify", "all").stdout.count("same figures") == 2


def test_a_review_cannot_approve_what_is_no_option(next_year: Path) -> None:
    with (next_year / "reviews" / "2027.yaml").open("a") as stream:
        stream.write("approved: [v-1, v-33]\n")
    problems = json.loads(run_here(next_year, "check", "--json", code=1).stdout)["problems"]
    (found,) = [row for row in problems if row["severity"] == "error"]
    lines = (next_year / "reviews" / "2027.yaml").read_text().splitlines()
    assert (found["file"], lines[found["line"] - 1]) == ("reviews/2027.yaml", "approved: [v-1, v-33]")
    assert found["message"] == "there is no option v-33 that could be approved"
    status = " ".join(run_here(next_year, "review", "status").stdout.split())
    assert "The workspace has 1 error; `evaluator check` lists them." in status
    assert "no option v-33" in run_here(next_year, "review", "close", "2027", code=1).stderr
    assert "no option v-33" in run_here(next_year, "recommend", "-o", str(next_year / "out.html"), code=1).stderr


def test_now_is_what_the_open_review_approves_and_nothing_is_called_withdrawn(next_year: Path) -> None:
    with (next_year / "reviews" / "2027.yaml").open("a") as stream:
        stream.write("approved: [v-1]\n")
    page = " ".join(run_here(next_year, "review", "diff", "2026", "now").stdout.split())
    assert "Recommended now, against 2026; new: V-1; not among them: V-3." in page
    assert "those of today would have reached" in page


def test_a_vendor_that_is_gone_is_still_followed(next_year: Path) -> None:
    shutil.rmtree(next_year / "vendors" / "v-1")
    later = a_year_later(content())[EVALUATION]
    write(next_year, {EVALUATION: {**later, "status_quo": "v-2"}})
    page = run_here(next_year, "review", "history", "v-1").stdout
    assert [line.split()[0] for line in page.splitlines()[4:6]] == ["2026", "now"]
    assert "now: not an option then" not in page
    assert "no option any more" in page


def test_workbooks_and_questionnaires_go_out_with_what_is_due(next_year: Path) -> None:
    run_here(next_year, "review", "log", "v-3", "--trigger", "ownership", "--on", "2027-03-02", "--by", "architect")
    done = run_here(next_year, "review", "status", "--send", str(next_year / "out"))
    names = {path.name for path in (next_year / "out").iterdir()}
    assert {"2027-desk-a.xlsx", "2027-desk-b.xlsx", "2027-questions-v-3.xlsx"} <= names
    assert done.stderr.count("wrote") == len(names)


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_status_that_also_sends_evaluates_the_workspace_once(
    next_year: Path, form: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run_here(next_year, "review", "status", "--on", "2027-11-02", *form).stdout
    evaluated: list[date] = []

    def counted(workspace: Workspace, as_of: date, *, version: str) -> Evaluated:
        evaluated.append(as_of)
        return evaluate(workspace, as_of, version=version)

    monkeypatch.setattr("evaluator.reviews.opening.evaluate", counted)
    out = next_year / "out"
    done = run_here(next_year, "review", "status", "--on", "2027-11-02", "--send", str(out), *form)
    assert len(evaluated) == 1
    assert done.stdout == plain
    assert list(out.iterdir())


def test_nothing_is_sent_from_a_workspace_with_errors(next_year: Path) -> None:
    (next_year / "vendors" / "v-1" / "profile.yaml").write_text("schema: profile/1\n", encoding="utf-8")
    done = run_here(next_year, "review", "status", "--send", str(next_year / "out"), code=1)
    assert done.stdout == ""
    assert not (next_year / "out").exists()


def test_catalogue_upgrade_says_every_difference_and_changes_nothing_on_a_dry_run(tmp_path: Path) -> None:
    root = init(tmp_path / "mine")
    assert "nothing to do" in run_here(root, "catalogue", "upgrade", "--dry-run").stdout
    path = root / "criteria" / "identity.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Single sign-on: protocols", "Sign-in: protocols", 1), encoding="utf-8"
    )
    page = run_here(root, "catalogue", "upgrade").stdout
    assert "changed by the organisation, kept; the shipped one differs (1)\n  sso-protocols: title" in page
    assert page.rstrip().endswith("Changed: no file")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["review", "status"], 1, "No review is open"),
        (["review", "verify", "2026", "--revoked", "keys"], 2, "--revoked goes with --allowed-signers FILE."),
        (["review", "verify", "2031"], 1, "There is no closed review '2031'"),
        (["review", "diff", "2026", "2026"], 1, "Name two reviews"),
        (["review", "diff", "2026", "now", "v-9"], 1, "There is no option 'v-9' in either review"),
        (["review", "open", "Two", "--as-of", "2027-11-24"], 1, "'Two' cannot name a review"),
        (["review", "open", "2027"], 2, "Missing option '--as-of'"),
        (["review", "open", "2027", "--as-of", "soon"], 2, "write it as YYYY-MM-DD"),
        (["review", "log", "v-1", "--by", "x"], 2, "either --trigger ID or --checked"),
        (["review", "log", "v-1", "--by", "x", "--trigger", "no"], 1, "There is no trigger 'no'"),
        (["review", "confirm", "v-9", "--assessor", "desk-a"], 1, "There is no option 'v-9'"),
        (["review", "history", "v-9"], 1, "There is no option 'v-9'"),
        (["catalogue", "upgrade"], 1, "follows the catalogue test"),
    ],
)
def test_wrong_requests_get_one_sentence(arguments: list[str], code: int, words: str, year: Path) -> None:
    done = run_here(year, *arguments, code=code)
    assert done.stdout == ""
    assert words in " ".join(done.stderr.split())


def test_help_of_the_group_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom evaluator.cli.main import program\n"
        "try: program.main(['review', 'close', '--help'], standalone_mode=True)\nexcept SystemExit: pass\n"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(done.stdout.splitlines()) & {"pydantic", "numpy", "yaml", "weasyprint", "xlsxwriter", "openpyxl"}
