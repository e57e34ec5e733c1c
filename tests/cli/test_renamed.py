"""Old names of commands and options: one sentence with the new name, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_program import run

OLD = [
    ("agree v-1 -o x.xlsx", "'evaluator agree' is now 'evaluator scorecard moderate'."),
    ("agree --help", "'evaluator agree' is now 'evaluator scorecard moderate'."),
    ("flips", "'evaluator flips' is now 'evaluator breakeven'."),
    ("gaps --json", "'evaluator gaps' is now 'evaluator questions'."),
    ("history v-1", "'evaluator history' is now 'evaluator review history'."),
    ("review example x", "'evaluator review example' is now 'evaluator init --example'."),
    ("scorecard export --for-vendor", "'--for-vendor' is now 'evaluator questionnaire export'."),
    ("scorecard export v-1 --for-vendor -o x.xlsx", "'--for-vendor' is now 'evaluator questionnaire export'."),
    ("scorecard export v-1 --only gaps -o x.xlsx", "'--only gaps' is now '--only questions'."),
    ("questionnaire export v-1 --only gaps -o x.xlsx", "'--only gaps' is now '--only questions'."),
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
