"""Nothing that a terminal would obey reaches it, wherever the text comes from: files, names, arguments, records."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import CATALOGUE, EVALUATION, USE_CASES, card_of, profile_of, write
from review_builders import a_year_later, closed, final_contents, place

from evaluator.cli.main import main

ROOT = Path(__file__).parents[2]

EVIL = "\x1b]0;OWNED\a\x9b31m\x7f\r\b\x85\u202e\u2066\u2028\u200b\u200e\ufeff\U000e0041"
"""What a terminal, or the eye, would follow."""
NAME = "\x1b]0;OWNED\a\x9b31m\n\u202e\udcff"
"""A file name with such characters, a line end and a byte that is no UTF-8."""
SLY = "Zoë \u202e\u2066\u200b 👩\u200d💻"
"""Characters that YAML allows; the joiner in the emoji is to stay."""

OBEYED = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program inside this process; what it prints is looked at as bytes, and has to be safe."""

    def start(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capfdbinary.readouterr()
        assert safe(out) + safe(err)
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, safe(out), safe(err))

    return start


def safe(output: bytes) -> str:
    """``output`` as text, if nothing in it is obeyed."""
    text = output.decode("utf-8")  # strict: half of a surrogate pair or a stray byte is an error
    assert not (found := OBEYED.search(text)), ascii(text[max(0, found.start() - 60) : found.end() + 20])
    return text


def hostile_content() -> dict[str, Any]:
    """A workspace whose names and texts are hostile, and valid all the same."""
    content = final_contents(vendors=3, criteria=6, families=2, use_cases=2, assessors=("desk-a", "desk-b"))
    content[EVALUATION] |= {"title": f"Title {SLY}", "notice": f"Notice {SLY}\nforged: line"}
    content[CATALOGUE]["triggers"] = [{"id": "sold", "when": f"sold {SLY}", "reopens": ["c-1"]}]
    for family in content[CATALOGUE]["families"]:
        family["title"] = f"Family {family['id']} {SLY}"
        for one in content[f"criteria/{family['id']}.yaml"]["criteria"]:
            one["title"] = f"Title of {one['id']} {SLY}"
    for one in content[USE_CASES]["use_cases"]:
        one["title"] = f"Use {one['id']} {SLY}"
    for vendor in ("v-1", "v-2", "v-3"):
        content[profile_of(vendor)] |= {"name": f"{vendor} {SLY}", "owner": f"Owner {SLY}"}
        for assessor in ("desk-a", "desk-b"):
            for one in content[card_of(vendor, assessor)]["answers"].values():
                one["rationale"] = f"Because {SLY}"
    content[card_of("v-2", "desk-b")]["answers"]["c-1"]["level"] = 0
    return content


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile workspace in a folder with a hostile name, one review closed and the next one open."""
    root = tmp_path_factory.mktemp("w") / NAME
    content = hostile_content()
    closed(root, "2026", content)
    write(root, a_year_later(content))
    place(root)
    (root / "reviews").mkdir(exist_ok=True)
    (root / "reviews/2027.yaml").write_text(
        "schema: review/1\nreview: '2027'\nas_of: 2027-11-24\nopened: 2027-10-01\nsince: '2026'\n", encoding="utf-8"
    )
    (root / "reviews/log.yaml").write_text(
        f"schema: review-log/1\ntriggers:\n  - {{trigger: sold, vendor: v-1, date: 2027-01-01, by: '{SLY}', note: '{SLY}'}}\n",
        encoding="utf-8",
    )
    return root


COMMANDS = [
    ("check",), ("check", "--json"), ("score",), ("score", "v-1"), ("score", "--json"), ("explain", "v-1"),
    ("explain", "v-1", "--against", "v-2"), ("explain", "v-1", "--json"), ("stack",), ("stack", "--full"), ("stack", "--json"),
    ("robustness", "--samples", "50"), ("robustness", "--samples", "50", "--json"), ("breakeven",), ("breakeven", "--json"),
    ("questions",), ("questions", "--json"), ("weights", "show"), ("weights", "show", "--json"),
    ("weights", "rank", "--stakeholder", "head", "f-1", "f-2", "--dry-run"), ("weights", "swing", "--stakeholder", "head"),
    ("review", "status"), ("review", "status", "--due"), ("review", "status", "--json"), ("review", "verify", "all"),
    ("review", "verify", "2026", "--json"), ("review", "diff", "2026", "now"), ("review", "diff", "2026", "now", "v-1"),
    ("review", "diff", "2026", "now", "--json"), ("review", "history", "v-1"), ("review", "history", "v-1", "--json"),
    ("catalogue", "upgrade", "--dry-run"), ("review", "close", "2027"), ("review", "open", "2028", "--as-of", "2028-11-24"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_text_of_a_workspace_is_obeyed(run: Any, workspace: Path, command: tuple[str, ...]) -> None:
    done = run(*command, "--workspace", str(workspace), stdin=f"{EVIL}\n1\nquit\n".encode())
    assert done.code in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr
    if "--json" in command:
        assert json.loads(done.stdout)


def test_json_holds_the_very_text_and_tables_keep_the_joiners(run: Any, workspace: Path) -> None:
    scores = json.loads(run("score", "--json", "--workspace", str(workspace)).stdout)
    assert f"v-1 {SLY}" in [option["name"] for option in scores["options"]]
    assert "👩\u200d💻" in run("score", "--workspace", str(workspace)).stdout


WRITTEN = [
    ("recommend", "json"), ("compare", "html"), ("compare", "xlsx"), ("scorecard export v-1 --assessor desk-a", "xlsx"),
    ("questionnaire export v-1", "xlsx"), ("scorecard moderate v-2", "xlsx"), ("weights swing --stakeholder head", "xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "ending"), WRITTEN)
def test_no_name_of_a_written_file_is_obeyed(
    run: Any, workspace: Path, tmp_path: Path, command: str, ending: str
) -> None:
    done = run(*command.split(), "-o", str(tmp_path / f"{NAME}.{ending}"), "--workspace", str(workspace))
    assert done.code == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("wrote ")]
    assert "OWNED" in line  # the line end in the name made no second line


ARGUMENTS = [
    (NAME,), ("score", NAME), ("explain", NAME), ("explain", "v-1", "--against", NAME), ("score", f"--{NAME}"),
    ("stack", "--max-tools", NAME), ("stack", "--required", NAME), ("stack", "--budget", NAME, NAME),
    ("stack", "--budget", "1", NAME), ("score", "--as-of", NAME), ("compare", "-o", NAME), ("compare", "-o", "x.html", "--family", NAME),
    ("compare", "-o", "x.html", "--options", NAME), ("compare", "-o", "x.html", "--paper", NAME), ("recommend", "-o", NAME),
    ("report", "vendor", NAME, "-o", "x.pdf"), ("report", NAME), ("scorecard", "export", NAME, "-o", "x.xlsx"),
    ("scorecard", "export", "v-1", "-o", "x.xlsx", "--assessor", NAME), ("scorecard", "export", "v-1", "-o", "x.xlsx", "--only", NAME),
    ("scorecard", "import", NAME), ("scorecard", "moderate", NAME, "-o", "x.xlsx"), ("weights", "import", NAME),
    ("weights", "rank", "--stakeholder", NAME, "f-1"), ("weights", "rank", "--stakeholder", "head", NAME),
    ("weights", "swing", "--stakeholder", NAME), ("weights", "swing", "--stakeholder", "head", "--redo", NAME),
    ("weights", "pairwise", "--stakeholder", "head", NAME), ("weights", "adopt", "--stakeholder", NAME),
    ("weights", "seal", "--by", NAME), ("weights", "seal", "--by", "x", "--method", NAME),
    ("review", "open", NAME, "--as-of", "2028-01-01"), ("review", "open", "2028", "--as-of", "2028-01-01", "--since", NAME),
    ("review", "status", NAME), ("review", "close", NAME), ("review", "verify", NAME), ("review", "diff", NAME, "now"),
    ("review", "confirm", NAME, "--assessor", NAME), ("review", "confirm", "v-1", NAME, "--assessor", "desk-a"),
    ("review", "log", NAME, "--checked", "--by", "x"), ("review", "log", "v-1", "--checked", "--by", NAME),
    ("review", "log", "v-1", "--trigger", NAME, "--by", "x"), ("review", "history", NAME), ("review", "history", "v-1", "--at", NAME),
    ("vendor", "add", NAME, "--name", "x", "--homepage", "x"), ("vendor", "add", "x", "--name", NAME, "--homepage", "x"),
    ("vendor", "add", "x", "--name", "x", "--homepage", NAME), ("vendor", "add", "x", "--name", "x", "--homepage", "x", "--edition", NAME),
]  # fmt: skip


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda found: " ".join(map(ascii, found)))
def test_no_argument_is_obeyed(run: Any, workspace: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, *([] if len(arguments) == 1 else ["--workspace", str(workspace)]))
    assert done.code in {1, 2}, done
    assert "Traceback" not in done.stderr
    assert not [line for line in done.stderr.splitlines() if line.startswith(("\u202e", "\ufffd"))]


@pytest.mark.parametrize("odd", ["", "x" * 300, "x/" * 3000, "../" * 50, "/dev/null/x", "-"])
def test_an_argument_of_any_form_is_answered(
    run: Any, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    """What the system refuses, such as a name that is too long, is answered by a sentence and never a bug."""
    monkeypatch.chdir(tmp_path)  # some of these write
    workspace = shutil.copytree(workspace, tmp_path / "w")
    for arguments in ARGUMENTS[1:]:
        if NAME in arguments and arguments != ("review", "history", "v-1", "--at", NAME):
            asked = [argument.replace(NAME, odd) for argument in arguments]
            done = run(*asked, "--workspace", str(workspace))
            assert done.code != 70, (asked, done.stderr)


@pytest.mark.parametrize(
    "arguments", [("init",), ("init", "x", "--from-matrix"), ("check", "--workspace"), ("demo", "-o")]
)
@pytest.mark.parametrize("name", [NAME, "x" * 300, "x/" * 3000])
def test_a_folder_that_cannot_be_gets_a_sentence(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    done = run(*arguments, f"file/{name}")
    assert done.code in {1, 2}, done
    assert "Traceback" not in done.stderr


def test_broken_yaml_is_quoted_safely(run: Any, tmp_path: Path) -> None:
    content = hostile_content()
    content[profile_of("v-1")] |= {EVIL: EVIL, "captured": EVIL, "status": {EVIL: [EVIL]}}
    root = write(tmp_path / "w", content)
    (root / "vendors" / NAME).mkdir()
    (root / "vendors/v-2" / f"{NAME}.yaml").write_bytes(b"\x1b[31m: \xff")
    (root / "vendors/v-3/business/desk-a.yaml").write_text(
        f'"\\e]0;x\\a\\x9b\\u202e": &{SLY.split(maxsplit=1)[0]} !<x%1B> "\\uD800"\n'
    )
    (root / "criteria/weights.yaml").write_text(
        f"schema: weights/1\nfamilies: {{\"f-1\u202e\\u2028\": 1, '{SLY}': x}}\n"
    )
    (root / "reports").mkdir()
    (root / "reports/language.yaml").write_text(f"schema: language/1\nlang: en\nstrings: {{'{SLY}': '{SLY}'}}\n")
    done = run("check", "--workspace", str(root))
    assert done.code == 1
    assert len(done.stdout.splitlines()) > 5
    assert all(
        re.match(r"[^:]+(:\d+:\d+)?: (error|warning): |\d+ errors?, ", line) for line in done.stdout.splitlines()
    )
    assert json.loads(run("check", "--json", "--workspace", str(root)).stdout)["problems"]
    assert run("score", "--workspace", str(root)).code == 1


def test_cells_titles_and_names_of_files_that_come_back_are_quoted_safely(
    run: Any, workspace: Path, tmp_path: Path
) -> None:
    table = tmp_path / f"{NAME}.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["first", "second", "times"], [EVIL, "f-2", EVIL], ["f-1", EVIL, "3"]])
    book = openpyxl.Workbook()
    book.create_sheet("T\x9b\u202e\x85", 0)["A1"] = "\u202e\x9b\u2028"
    sheet = tmp_path / f"{NAME}.xlsx"
    book.save(sheet)
    matrix = tmp_path / f"m{NAME}.csv"
    rows = [["Criterion", "Weight", f"A{EVIL}", "B"], [f"Cost{EVIL}", "2", "3", EVIL], ["Speed", "1", "1", "4"]]
    with matrix.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    at = ("--workspace", str(workspace))
    assert run("weights", "pairwise", "--stakeholder", "head", str(table), *at).code == 1
    assert run("weights", "import", str(sheet), str(table), *at).code == 1
    assert run("scorecard", "import", str(sheet), str(table), "--dry-run", *at).code == 1
    assert run("scorecard", "import", str(sheet), "--dry-run", "--json", *at).code == 1
    for source in (matrix, sheet):
        assert run("init", str(tmp_path / "made"), "--from-matrix", str(source)).code == 1
        assert run("init", str(tmp_path / "made"), "--from-matrix", str(source), "--sheet", NAME).code == 1


RECORDS = [
    lambda record: record.update(review=EVIL), lambda record: record.update(schema=EVIL),
    lambda record: record.update({EVIL: EVIL}), lambda record: record["engine"].update(version=EVIL),
    lambda record: record["workspace"]["evaluation"].update(title=EVIL),
    lambda record: record["workspace"]["vendors"]["v-1"]["profile"].update(name=f"N {EVIL}"),
    lambda record: record["workspace"]["vendors"].update({EVIL: {}}), lambda record: record["result"].update({EVIL: EVIL}),
    lambda record: record.update(workspace="\ud800"),
]  # fmt: skip


@pytest.mark.parametrize("change", range(len(RECORDS)))
def test_no_text_of_a_record_is_obeyed(run: Any, tmp_path: Path, change: int) -> None:
    root = tmp_path / "w"
    content = final_contents(vendors=2)
    closed(root, "2026", content)
    write(root, a_year_later(content))
    path = root / "reports/2026/record.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    RECORDS[change](record)
    path.chmod(0o644)
    path.write_text(json.dumps(record), encoding="utf-8")
    (root / "reports" / NAME).mkdir()
    (root / "reports/2026" / NAME).write_bytes(b"x")
    at = ("--workspace", str(root))
    assert run("review", "verify", "all", *at).code == 1
    assert run("review", "verify", "2026", "--json", *at).code == 1
    for command in (
        ("review", "diff", "2026", "now", "v-1"),
        ("review", "history", "v-1"),
        ("review", "open", "2027", "--as-of", "2027-11-24"),
    ):
        run(*command, *at)


def test_a_bug_and_a_warning_are_told_safely() -> None:
    code = (
        "import warnings, logging, evaluator.api as api, evaluator.cli.main as m\n"
        f"evil = {EVIL!r}\n"
        "def broken(*a, **k):\n"
        "    warnings.warn(evil); logging.getLogger('weasyprint').error(evil); logging.error(evil)\n"
        "    raise OSError(evil)\n"
        "api.load = broken\n"
        "m.main(['score'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 70  # an OSError that nobody foresaw is no failing output
    assert safe(done.stderr).count("OWNED") >= 3
    assert "output could not be written" not in safe(done.stderr)


def start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "evaluator", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)


def test_a_terminal_gets_nothing_that_it_obeys(workspace: Path) -> None:
    ours, theirs = os.openpty()
    for command in (("score",), ("robustness", "--samples", "200001"), (NAME,)):
        at = () if command == (NAME,) else ("--workspace", str(workspace))
        process = subprocess.Popen(
            [sys.executable, "-m", "evaluator", *command, *at], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs
        )
        seen = b""
        while process.poll() is None or _waiting(ours):
            if _waiting(ours):
                seen += os.read(ours, 65536)
        # A terminal is sent CR LF for a line end, and a lone CR by the line that tells how far something is.
        safe(re.sub(rb"\r(\n|(?=[\d,]+ of 200,001 simulations))", rb"\1", seen))
        assert seen
    os.close(ours)
    os.close(theirs)


def _waiting(handle: int) -> bool:
    import select

    return bool(select.select([handle], [], [], 0.05)[0])


def test_a_reader_that_left_ends_the_program_in_silence() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start("score", stdout=writing)
    os.close(writing)
    assert process.communicate()[1] == b""
    assert process.returncode == 1


def test_a_closed_output_ends_the_program_in_silence() -> None:
    shell = ["sh", "-c", f"exec {sys.executable} -m evaluator score >&-"]
    # A library that is loaded before the program may open a file of its own in the place of the closed output.
    surroundings = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    done = subprocess.run(shell, cwd=ROOT, stderr=subprocess.PIPE, env=surroundings, check=False)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "command", [("score",), ("score", "--json"), ("--help",), ("review", "--help"), ("--version",)]
)
def test_a_full_output_is_told_in_one_sentence(command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(*command, stdout=full)
    said = process.communicate()[1].decode()
    assert process.returncode == 1
    assert re.fullmatch(r"Error: The output could not be written: [^\n]+\.\n", said)


def test_errors_that_nobody_can_read_change_nothing(tmp_path: Path) -> None:
    shell = ["sh", "-c", f"exec {sys.executable} -m evaluator recommend -o {tmp_path}/paper.json 2>&-"]
    assert subprocess.run(shell, cwd=ROOT, check=False).returncode == 0
    assert (tmp_path / "paper.json").stat().st_size > 1000


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_program_removes_its_temporary_folders(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = start("recommend", "-o", str(tmp_path / "p.pdf"), env={**os.environ, "TMPDIR": str(scratch)})
    # Once its fonts are cached the engine is loaded: while it looks for its libraries, Python has files of its own there.
    while process.poll() is None and not any(scratch.glob("evaluator-fonts-*/*.cache-*")):
        time.sleep(0.01)
    time.sleep(0.5)  # into the work of the engine
    process.send_signal(sent)
    said = process.communicate()[1]
    assert process.returncode == code, said
    assert not list(scratch.iterdir())
    assert not (tmp_path / "p.pdf").exists()
    assert b"Traceback" not in said
