"""Names of editions from strangers: on the command line, in files and in returned forms they lead nowhere and are not obeyed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from builders import (
    EVALUATION,
    Content,
    answer,
    card_of,
    contents,
    profile_of,
    scorecard,
    with_evaluated,
    write,
)
from real_program import run
from sampling import each_nth

from evaluator import api

NAMES = (
    "v-1@../../outside", "v-1@/etc/passwd", "v-1@", "@business", "v-1@business@enterprise", "v-1@\x1b[31mbusiness", "../v-1@business",
    "v-1@business/../enterprise", "v-1@BUSINESS", "v-1@" + "x" * 5000, "v-1@busin\u202eess", "@", "v-1@-business",
)  # fmt: skip
COMMANDS = (
    ("score", "{}"), ("explain", "{}"), ("explain", "v-2", "--against", "{}"), ("stack", "--required", "{}"), ("stack", "--excluded", "{}"),
    ("report", "vendor", "{}", "-o", "out.pdf"), ("report", "scorecard", "{}", "-o", "out.pdf"), ("scorecard", "export", "{}", "-o", "out.xlsx"),
    ("scorecard", "export", "v-1", "--edition", "{}", "-o", "out.xlsx"), ("scorecard", "moderate", "{}", "-o", "out.xlsx"),
    ("questionnaire", "export", "{}", "-o", "out.xlsx"), ("compare", "--options", "{}", "-o", "out.html"), ("vendor", "own-work", "{}"),
    ("vendor", "own-work", "v-1", "report", "--state", "not-needed", "--edition", "{}"), ("review", "confirm", "{}", "--assessor", "desk-a"),
    ("review", "log", "{}", "--checked", "--by", "x"), ("review", "history", "{}"),
)  # fmt: skip


def editions() -> Content:
    content = contents(vendors=2)
    with_evaluated(content, "v-1", "business", "enterprise")
    answers = {key: answer(2) for key in content[card_of("v-1")]["answers"]}
    content[card_of("v-1", edition="enterprise")] = scorecard("v-1", "desk-a", answers, edition="enterprise")
    return content


def files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and ".evaluator" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("command", each_nth(COMMANDS, 4))
def test_no_name_of_an_edition_is_a_path_or_is_obeyed(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "ws", editions())
    monkeypatch.chdir(root)
    before = files(tmp_path)
    start = COMMANDS.index(command)
    for name in (NAMES * 2)[start % len(NAMES) :][:4]:
        done = run(*(part.format(name) for part in command))
        assert done.returncode in {1, 2}, (name, done)
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert not {"\x1b", "\u202e"} & set(done.stderr)
        assert len(done.stderr) < 2000
    assert files(tmp_path) == before


@pytest.mark.parametrize("name", NAMES)
def test_no_file_names_an_edition_that_is_no_id(name: str, tmp_path: Path) -> None:
    edition = name.partition("@")[2]
    content = editions()
    content[profile_of("v-1")]["evaluate"] = [edition]
    content[EVALUATION] |= {"status_quo": name, "stack": {"required": [{"tool": name, "reason": "x"}]}}
    root = write(tmp_path, content)
    found = [problem for problem in api.check(root) if problem.file]
    wrong = {EVALUATION, *([] if edition == "business" else [profile_of("v-1")])}
    assert wrong <= {problem.file for problem in found}
    assert all(problem.line for problem in found if problem.file in {EVALUATION, profile_of("v-1")})


def test_a_folder_that_is_called_like_an_option_is_no_vendor(tmp_path: Path) -> None:
    content = editions()
    content["vendors/v-1@business/profile.yaml"] = content[profile_of("v-1")]
    content["vendors/v-1/v-1@business/desk-a.yaml"] = content[card_of("v-1")]
    root = write(tmp_path, content)
    named = {problem.file for problem in api.check(root) if problem.code == "bad-name"}
    assert named == {"vendors/v-1@business", "vendors/v-1/v-1@business"}
    assert api.listed_ids(root, "options") == ["v-1", "v-1@business", "v-1@enterprise", "v-2"]


@pytest.mark.parametrize("edition", ["../../outside", "enterprise/../../x", "gold", "ENTERPRISE"])
def test_a_returned_form_on_an_edition_that_is_not_there_is_refused(edition: str, tmp_path: Path) -> None:
    root = write(tmp_path / "ws", editions())
    path = api.export_scorecards(root, ["v-1@enterprise"], tmp_path / "form.xlsx", assessor="desk-a")
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if str(sheet["A1"].value).startswith("#sheet "))
    sheet["A1"] = str(sheet["A1"].value).replace(" enterprise ", f" {edition} ")
    book.save(path)
    before = files(root)
    report = api.import_scorecards(root, [path], today=api.load(root).evaluation.as_of)
    assert report.failed
    assert files(root) == before
