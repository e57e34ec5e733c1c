"""Every command's help is whole at 80 columns, and a shell completes what a workspace holds."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import click
import pytest
from builders import contents, write

from evaluator.cli.main import main, program

ROOT = Path(__file__).parents[2]


def commands(
    group: click.Group = program, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


@pytest.mark.parametrize("width", ["30", "55"])
def test_a_narrow_terminal_and_a_shell_get_whole_summaries(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit):
        main(["review", "--help"])
    listed = " ".join(out.getvalue().split())
    for words, command in commands():
        told = command.get_short_help_str()
        assert told.endswith("."), words
        assert not told.endswith("..."), words
        assert words[0] != "review" or len(words) == 1 or told in listed


@pytest.mark.parametrize("words", [(), *(words for words, _ in commands())], ids=" ".join)
def test_help_fits_80_columns_and_cuts_no_summary(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    usage, _, rest = out.getvalue().partition("\n\n")
    assert all(len(line) <= 80 for line in usage.splitlines() + rest.splitlines())
    _, _, listed = rest.partition("\nCommands:\n")
    assert not [line for line in listed.splitlines() if line.endswith("...")]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("w"), contents(vendors=2, assessors=("desk-a", "desk-b")))
    (root / "weights").mkdir()
    (root / "weights/head-of-it.yaml").touch()
    (root / "reports/2026").mkdir(parents=True)
    (root / "reports/2026/record.json").touch()
    (root / "reports/theme").mkdir()
    (root / "reviews").mkdir()
    (root / "reviews/2027.yaml").touch()
    (root / "reviews/log.yaml").touch()
    (root / "vendors/v-1/\x1b[31m.yaml").touch()
    return root


def completed(line: str, cwd: Path) -> list[str]:
    """The words that a shell is offered for the last word of ``line``."""
    return [row.partition(",")[2] for row in offered(line, cwd)]


def offered(line: str, cwd: Path) -> list[str]:
    """What a shell is offered for the last word of ``line``: kind and word."""
    words = line.split(" ")
    environment = {"_EVALUATOR_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": f"{len(words) - 1}"}
    done = subprocess.run(
        [sys.executable, "-m", "evaluator"],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    assert done.stderr == ""
    return [row for row in done.stdout.splitlines() if row]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("evaluator sco", ["score", "scorecard"]),
        ("evaluator score v", ["v-1", "v-2"]),
        ("evaluator score v-1 v-2 x", []),
        ("evaluator explain v-1 --against v", ["v-1", "v-2"]),
        ("evaluator compare --family ", ["f-1", "f-2"]),
        ("evaluator weights rank --stakeholder h", ["head-of-it"]),
        ("evaluator weights rank --stakeholder head-of-it f-1 c", ["c-1", "c-2", "c-3", "c-4"]),
        ("evaluator review confirm v-1 c-1 c-", ["c-1", "c-2", "c-3", "c-4"]),
        ("evaluator review confirm v-1 --assessor ", ["desk-a", "desk-b"]),
        ("evaluator review status ", ["2027"]),
        ("evaluator review verify ", ["2026"]),
        ("evaluator review diff 2", ["2026"]),
        ("evaluator score --workspace nowhere v", []),
    ],
)
def test_a_shell_completes_what_the_workspace_holds(workspace: Path, line: str, expected: list[str]) -> None:
    assert completed(line, workspace) == expected


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("evaluator recommend -o pap", "file"),
        ("evaluator scorecard import first.xlsx sec", "file"),
        ("evaluator scorecard import x.xlsx --annotate ", "file"),
        ("evaluator init --from-matrix ma", "file"),
        ("evaluator weights pairwise --stakeholder head ju", "file"),
        ("evaluator review verify 2026 --allowed-signers al", "file"),
        ("evaluator init my", "dir"),
        ("evaluator score --workspace ev", "dir"),
        ("evaluator review open 2028 --send out", "dir"),
    ],
)
def test_a_shell_completes_names_of_files_and_folders(workspace: Path, line: str, kind: str) -> None:
    assert offered(line, workspace) == [f"{kind},{line.rpartition(' ')[2]}"]


def test_every_file_and_folder_is_completed() -> None:
    named = {"FILE", "[FILE]", "FILE...", "DIR", "KEY", "OUT.xlsx"}
    for words, command in commands():
        context = click.Context(command, info_name=" ".join(words))
        for parameter in command.params:
            if parameter.make_metavar(context) in named:
                assert parameter.type.shell_complete(context, parameter, ""), (words, parameter.name)


def test_the_page_on_commands_repeats_no_help_option() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert page.count("--help") == 1
    assert page.count("\n## ") == len(list(commands()))


def test_every_word_that_names_something_of_a_workspace_is_completed(workspace: Path) -> None:
    named = {
        "VENDOR", "[VENDOR]...", "VENDOR...", "[CRITERION]...", "[REVIEW]", "REVIEW|all", "NEW|now", "GROUP",
    }  # fmt: skip
    bare = {"vendor", "old"}
    for words, command in commands():
        if words == ("vendor", "add"):
            continue  # a new vendor has no id yet
        context = click.Context(command, info_name=" ".join(words))
        context.params["folder"] = str(workspace)
        for parameter in command.params:
            if parameter.metavar in named or (parameter.metavar is None and parameter.name in bare):
                found = [item.value for item in parameter.shell_complete(context, "")]
                assert found, (words, parameter.name)


def test_completion_reads_no_workspace_as_a_whole(workspace: Path) -> None:
    code = (
        "import sys, json\n"
        "from evaluator.cli.scores import score\n"
        "import click\n"
        f"context = click.Context(score); context.params['folder'] = {str(workspace)!r}\n"
        "found = [item.value for item in score.params[0].shell_complete(context, '')]\n"
        "print(json.dumps([found, sorted(set(sys.modules) & {'yaml', 'numpy', 'evaluator.workspace.load'})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout) == [["v-1", "v-2"], []]
