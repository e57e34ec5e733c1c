"""Two editions of one vendor, from `vendor add` to the comparison and back from the form."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from builders import AS_OF, answer, contents, freeze, write
from exchange_tools import Filled
from real_program import run

from evaluator import api
from evaluator.model.scorecard import Answer


def test_two_editions_are_started_assessed_and_compared(tmp_path: Path) -> None:
    root = write(tmp_path / "ws", contents(vendors=2))
    added = run(
        "vendor", "add", "acme", "--name", "Acme", "--homepage", "https://acme.example", "--edition", "Team",
        "--edition", "Business (cloud)", cwd=root,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    done = run("scorecard", "export", "acme", "--assessor", "desk-a", "-o", "acme.xlsx", cwd=root)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(root / "acme.xlsx")
    forms = [sheet for sheet in book.worksheets if str(sheet["A1"].value).startswith("#sheet ")]
    assert [(sheet.title, str(sheet["A1"].value)) for sheet in forms] == [
        ("Acme Team", "#sheet scorecard acme team desk-a"),
        ("Acme Business (cloud)", "#sheet scorecard acme business-cloud desk-a"),
    ]
    filled = Filled(root / "acme.xlsx", "Acme Business (cloud)")
    filled.answer("c-1", Answer.model_validate(freeze(answer(3))))
    filled.save(root / "back.xlsx")
    taken = run("scorecard", "import", "back.xlsx", "--date", AS_OF.isoformat(), cwd=root)
    assert taken.returncode == 0, taken.stdout
    assert "acme/business-cloud/desk-a: 1 answer changed" in taken.stdout
    workspace = api.load(root)
    scores = {option.id: option.score for option in api.score(workspace).options}
    assert scores["acme@team"] == 0 < scores["acme@business-cloud"]
    shown = run("score", "acme", cwd=root)
    assert "Editions of Acme, in the order of its profile" in " ".join(shown.stdout.split())
    asked = run("explain", "acme", cwd=root)
    assert asked.stderr == (
        "Error: Several editions of acme are evaluated; name one of them: acme@business-cloud, acme@team.\n"
    )
    formatted = run("format", cwd=root)
    assert formatted.returncode == 0, formatted.stderr
    assert "schema: profile/2\n" in (root / "vendors" / "v-1" / "profile.yaml").read_text()
    assert api.load(root).digest == workspace.digest


def test_one_sheet_for_an_edition_that_is_named(tmp_path: Path) -> None:
    root = write(tmp_path, contents(vendors=2))
    path = api.export_scorecards(root, ["v-1", "v-2"], tmp_path / "x.xlsx", edition="enterprise", assessor="desk-b")
    marks = [str(sheet["A1"].value) for sheet in openpyxl.load_workbook(path).worksheets]
    assert [mark for mark in marks if mark.startswith("#sheet ")] == [
        "#sheet scorecard v-1 enterprise desk-b", "#sheet scorecard v-2 enterprise desk-b",
    ]  # fmt: skip
