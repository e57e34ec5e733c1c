"""The real program, end to end, on workspaces of its own and on the shipped one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import EVALUATION, contents, write
from real_program import ROOT, WIDTH, run


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("small"), contents(vendors=3, assessors=("desk-a", "desk-b")))


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in (
        "init",
        "check",
        "score",
        "explain",
        "stack",
        "robustness",
        "breakeven",
        "questions",
        "compare",
        "recommend",
        "demo",
    ):
        assert f"  {command}" in done.stdout
        sub = run(command, "--help")
        assert sub.returncode == 0
        assert sub.stdout.startswith(f"Usage: evaluator {command}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scroe"], "No such command"),
        (["score", "--as-of", "yesterday"], "write it as YYYY-MM-DD"),
        (["stack", "--max-tools", "9"], "not in the range"),
        (["compare"], "Missing option '-o'"),
    ],
)
def test_usage_errors_exit_with_two(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["score", "v-9"], "There is no option 'v-9'; did you mean v-3?"),
        (["explain", "v-1", "--against", "nobody"], "There is no option 'nobody'; there are v-1, v-2, v-3."),
        (
            ["score", "--as-of", "2020-01-01"],
            "The content stands for 2026-11-24; it cannot tell what was known on 2020-01-01.",
        ),
        (
            ["compare", "-o", "table.csv"],
            "'table.csv' does not end in .xlsx or .pdf or .html, so its format is not known.",
        ),
        (
            ["recommend", "-o", "paper.docx"],
            "'paper.docx' does not end in .pdf or .html or .json, so its format is not known.",
        ),
        (["compare", "-o", "t.html", "--family", ""], "There is no family ''; there are f-1, f-2."),
        (["compare", "-o", "t.html", "--options", "v-1,"], "There is no option ''; there are v-1, v-2, v-3."),
        (["compare", "-o", "t.html", "--options", ""], "There is no option ''; there are v-1, v-2, v-3."),
    ],
)
def test_wrong_requests_get_one_sentence(arguments: list[str], words: str, small: Path) -> None:
    done = run(*arguments, "--workspace", small)
    assert (done.returncode, done.stdout, done.stderr.splitlines()[-1]) == (1, "", f"Error: {words}")


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", ""),
        ("init", "--blank", ""),
        ("init", "--from-matrix", "matrix.csv", ""),
        ("init", "--example", ""),
        ("demo", "-o", ""),
    ],
)
def test_an_empty_name_of_a_folder_is_not_the_current_folder(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        1,
        "Error: The name of the folder to write to is empty; name a folder.\n",
    )
    assert not any(tmp_path.iterdir())


def test_no_workspace_here(tmp_path: Path) -> None:
    done = run("score", cwd=tmp_path)
    assert done.returncode == 1
    assert "evaluation.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_workspace_is_found_from_a_folder_inside_it(small: Path) -> None:
    assert run("score", cwd=small / "vendors" / "v-1").stdout == run("score", "--workspace", small).stdout


def test_a_named_folder_must_be_a_workspace_itself(small: Path) -> None:
    done = run("score", "--workspace", small / "vendors")
    assert done.returncode == 1
    assert "is no workspace" in done.stderr


def test_rules_that_were_not_run_are_said(tmp_path: Path) -> None:
    content = contents()
    content[EVALUATION]["titel"] = "x"
    done = run("check", "--workspace", write(tmp_path, content))
    assert done.returncode == 1
    assert "rules on content were not run" in done.stdout


def test_output_in_another_encoding_is_no_crash() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", "stack"], capture_output=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "? conditional" in done.stdout.decode("cp1252")


def test_a_full_disk_is_one_sentence() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "evaluator", "score"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.strip() == "Error: The output could not be written: No space left on device."


def test_errors_in_content_stop_the_figures_but_all_are_listed(tmp_path: Path) -> None:
    content = contents(vendors=2)
    content["vendors/v-1/business/desk-a.yaml"]["answers"]["c-1"]["level"] = 9
    content["vendors/v-2/business/desk-a.yaml"]["assessed"] = "last week"
    write(tmp_path, content)
    for command in ("score", "check"):
        done = run(command, "--workspace", tmp_path)
        assert done.returncode == 1
        listed = done.stdout if command == "check" else done.stderr
        assert "vendors/v-1/business/desk-a.yaml:" in listed
        assert "vendors/v-2/business/desk-a.yaml:" in listed
        assert "Traceback" not in done.stderr
    report = json.loads(run("check", "--json", "--workspace", tmp_path).stdout)
    assert report["errors"] == 2
    assert all(problem["line"] for problem in report["problems"] if problem["severity"] == "error")


SCORE_CONTRACT: dict[str, Any] = {
    "type": "object",
    "required": ["as_of", "options"],
    "properties": {
        "as_of": {"type": "string", "format": "date"},
        "options": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "id",
                    "name",
                    "score",
                    "low",
                    "high",
                    "rank",
                    "coverage",
                    "stale",
                    "cleared",
                    "families",
                    "gates",
                ],
                "properties": {
                    "score": {"type": "number", "minimum": 0, "maximum": 100},
                    "rank": {"type": "integer", "minimum": 1},
                    "coverage": {"type": "number", "minimum": 0, "maximum": 1},
                    "cleared": {"type": ["string", "null"]},
                    "families": {"additionalProperties": {"type": "object", "required": ["score", "weight"]}},
                    "gates": {
                        "additionalProperties": {
                            "type": "object",
                            "required": ["met", "failed", "unsupported"],
                            "additionalProperties": {"type": "array", "items": {"type": "string"}},
                        }
                    },
                },
            },
        },
    },
}


def test_score_json_keeps_its_contract() -> None:
    done = run("score", "--json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    jsonschema.validate(data, SCORE_CONTRACT)
    assert len(data["options"]) == 12
    chosen = json.loads(run("score", "retool", "mendix", "--json", "--as-of", "2028-11-24").stdout)
    assert {option["id"] for option in chosen["options"]} == {"retool", "mendix"}
    assert chosen["as_of"] == "2028-11-24"
    assert all(option["stale"] > 0.5 for option in chosen["options"])


def test_explain_json_adds_up() -> None:
    data = json.loads(run("explain", "mendix", "--against", "retool", "--json").stdout)
    assert sum(part["points"] for part in data["parts"]) == pytest.approx(data["score"], abs=1e-9)


def test_stack_json_names_the_recommended_size() -> None:
    data = json.loads(run("stack", "--json", "--max-tools", "2").stdout)
    assert [size["size"] for size in data["sizes"]] == [1, 2]
    assert data["recommended"] in (1, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["score"],
        ["score", "retool"],
        ["explain", "mendix"],
        ["explain", "mendix", "--against", "retool"],
        ["stack"],
        ["robustness"],
        ["breakeven"],
        ["questions"],
    ],
)
def test_pages_fit_eighty_columns(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 0
    assert done.stderr == ""
    assert max(len(line) for line in done.stdout.splitlines()) <= WIDTH
    assert "Desk review" in done.stdout or "desk review" in done.stdout


def test_disagreement_and_the_rule_are_shown(small: Path) -> None:
    page = run("score", "--workspace", small).stdout
    assert "the lower level counts, unknown if any assessor says unknown" in " ".join(page.split())


def test_the_shipped_evaluation_has_no_error_and_only_honest_warnings() -> None:
    report = json.loads(run("check", "--json").stdout)
    assert report["errors"] == 0
    assert {problem["code"] for problem in report["problems"]} <= {
        "stale-evidence",
        "other-edition",
        "undated-document",
    }


def test_init_copies_the_shipped_evaluation(tmp_path: Path) -> None:
    done = run("init", tmp_path / "mine")
    assert done.returncode == 0, done.stderr
    assert run("score", "--workspace", tmp_path / "mine").stdout == run("score").stdout
    again = run("init", tmp_path / "mine")
    assert again.returncode == 1
    assert "mine" in again.stderr


def test_init_blank_passes_its_own_check(tmp_path: Path) -> None:
    assert run("init", tmp_path / "own", "--blank").returncode == 0
    done = run("check", "--workspace", tmp_path / "own")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "own" / EVALUATION).is_file()


@pytest.mark.slow
def test_demo_leaves_the_paper_and_the_workbook(tmp_path: Path) -> None:
    done = run("demo", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "recommendation.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "out" / "comparison.xlsx").read_bytes().startswith(b"PK")
    assert done.stdout == ""
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("output", ["paper.json", "sub/folder/paper.json"])
def test_recommend_writes_json_and_makes_its_folder(output: str, small: Path, tmp_path: Path) -> None:
    done = run("recommend", "-o", tmp_path / output, "--workspace", small)
    assert done.returncode == 0, done.stderr
    data = json.loads((tmp_path / output).read_text(encoding="utf-8"))
    assert data["schema"] == "result/1"
    schema = json.loads((ROOT / "schemas" / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)


def test_an_unwritable_target_leaves_nothing_behind(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old", encoding="utf-8")
    done = run("recommend", "-o", tmp_path / "file" / "paper.json", "--workspace", small)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"


def test_a_bug_is_told_apart_from_a_mistake() -> None:
    code = (
        "import evaluator.api as api, evaluator.cli.main as m\n"
        "def broken(*a, **k): raise RuntimeError('broken')\n"
        "api.load = broken\n"
        "m.main(['score'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 70
    assert "Traceback" in done.stderr
    assert "a bug in the evaluator" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("compare", "-o", "x.doc"), "its format is not known"),
        (("compare", "-o", "x.xlsx", "--options", "vendor-9"), "There is no option 'vendor-9'"),
        (("compare", "-o", "x.xlsx", "--family", "nowhere"), "There is no family 'nowhere'"),
        (("recommend", "-o", "taken.txt/x.pdf"), "is not a folder"),
        (("recommend", "-o", "folder.pdf"), "is a folder"),
        (("report", "vendor", "vendor-9", "-o", "x.pdf"), "There is no option 'vendor-9'"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_before_the_work(
    small: Path, tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    (tmp_path / "taken.txt").write_text("a file", encoding="utf-8")
    (tmp_path / "folder.pdf").mkdir()
    done = run(*arguments, "--workspace", small, cwd=tmp_path)
    assert done.returncode == 1
    assert expected in done.stderr
    assert "scoring" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.pdf", "taken.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_request_to_end_that_a_library_swallows_is_made_again_but_not_while_cleaning_up(tmp_path: Path) -> None:
    program = """
import os, pathlib, signal, time
from evaluator.cli import main

def run(arguments):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except SystemExit:
        pass
    try:
        time.sleep(60)
    finally:
        time.sleep(2 * main.REMINDER)
        pathlib.Path("cleaned").touch()

main._run = run
main.main([])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 143
    assert (tmp_path / "cleaned").exists()
