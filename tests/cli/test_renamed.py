"""Old names of commands and options: one sentence with the new name, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_program import run

OLD = [
    ("agree v-1 -o x.xlsx", "'agree' is now 'scorecard moderate'."),
    ("agree --help", "'agree' is now 'scorecard moderate'."),
    ("flips", "'flips' is now 'breakeven'."),
    ("gaps --json", "'gaps' is now 'questions'."),
    ("history v-1", "'history' is now 'review history'."),
    ("review example x", "'review example' is now 'init --example DIR'."),
    ("scorecard export v-1 --for-vendor -o x.xlsx", "'--for-vendor' is now 'evaluator questionnaire export'."),
    ("scorecard export v-1 --only gaps -o x.xlsx", "'gaps' is now 'questions'."),
    ("questionnaire export v-1 --only gaps -o x.xlsx", "'gaps' is now 'questions'."),
]


@pytest.mark.parametrize(("arguments", "sentence"), OLD)
def test_an_old_name_is_answered_with_the_new_one(arguments: str, sentence: str, tmp_path: Path) -> None:
    done = run(*arguments.split(), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Error: {sentence}\n"
    assert not list(tmp_path.iterdir())


def test_no_help_names_an_old_name() -> None:
    for arguments in ((), ("review",), ("scorecard",), ("scorecard", "export"), ("questionnaire", "export")):
        page = run(*arguments, "--help").stdout
        assert page
        assert not {"agree", "flips", "gaps", "--for-vendor", "example"} & set(page.split())
