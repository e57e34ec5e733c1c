"""``evaluator vendor add``: a new vendor's profile, from the command line to a first scorecard."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import pytest
from builders import contents, write
from hypothesis import given, settings
from hypothesis import strategies as st
from real_program import run

from evaluator import api
from evaluator.characters import has_visible, safe_line
from evaluator.errors import EvaluatorError, has_errors

TODAY = date(2026, 11, 24)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    return api.init(tmp_path / "own", blank=True, today=TODAY)


def test_a_new_vendor_is_an_option_of_which_nothing_is_known(blank: Path, tmp_path: Path) -> None:
    done = run("vendor", "add", "acme", "--name", "Acme: Forms #1", "--homepage", "https://acme.example", cwd=blank)
    assert (done.returncode, done.stdout) == (0, "")
    assert "evaluator scorecard export acme" in done.stderr
    assert not has_errors(api.check(blank))
    (option,) = api.score(api.load(blank)).options
    assert (option.name, option.score, option.low, option.high) == ("Acme: Forms #1", 0, 0, 100)
    exported = run("scorecard", "export", "acme", "--assessor", "architect", "-o", tmp_path / "acme.xlsx", cwd=blank)
    assert exported.returncode == 0, exported.stderr


@pytest.mark.parametrize("from_inside", [True, False])
def test_the_next_command_that_it_names_runs(blank: Path, tmp_path: Path, *, from_inside: bool) -> None:
    there = () if from_inside else ("--workspace", str(blank))
    folder = blank if from_inside else tmp_path
    done = run("vendor", "add", "acme", "--name", "Acme", "--homepage", "https://acme.example", *there, cwd=folder)
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("next: evaluator "))
    following = run(*shlex.split(line.removeprefix("next: evaluator ")), cwd=folder)
    assert (following.returncode, following.stderr) == (0, "wrote acme.xlsx\n")


@settings(max_examples=60, deadline=None)
@given(name=st.text(min_size=1, max_size=60), edition=st.text(min_size=1, max_size=60))
def test_any_one_line_name_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, name: str, edition: str
) -> None:
    root = write(tmp_path_factory.mktemp("names"), contents(vendors=2))

    def add() -> None:
        api.add_vendor(root, "acme", name=name, homepage="https://acme.example", editions=[edition], captured=TODAY)

    if not all(safe_line(text) == text and has_visible(text) for text in (name, edition)):
        with pytest.raises(EvaluatorError, match="one line"):
            add()
        assert not (root / "vendors" / "acme").exists()
        return
    add()
    option = api.load(root).option("acme")
    assert option.name == name.strip()
    assert option.edition_name == edition.strip()


@pytest.mark.parametrize(
    ("vendor", "name", "expected"),
    [
        ("Ac Me", "Acme", "is not an id"),
        ("../acme", "Acme", "is not an id"),
        ("acme", "  ", "The name must be one line"),
        ("acme", "\u200b\u3164", "The name must be one line of visible text"),
        ("acme", "two\nlines", "The name must be one line"),
        ("acme", "x" * 501, "at most 500"),
    ],
)
def test_what_cannot_be_a_vendor_gets_a_sentence_and_no_file(
    blank: Path, vendor: str, name: str, expected: str
) -> None:
    done = run("vendor", "add", vendor, "--name", name, "--homepage", "https://acme.example", cwd=blank)
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (blank / "vendors").exists()


def test_a_vendor_that_exists_is_left_alone(tmp_path: Path) -> None:
    root = write(tmp_path / "w", contents(vendors=2))
    (folder, *_) = sorted((root / "vendors").iterdir())
    before = (folder / "profile.yaml").read_bytes()
    done = run("vendor", "add", folder.name, "--name", "Other", "--homepage", "https://other.example", cwd=root)
    assert done.returncode == 1
    assert "already" in done.stderr
    assert (folder / "profile.yaml").read_bytes() == before


def test_where_the_evaluation_names_its_options_the_vendor_is_not_one_yet(tmp_path: Path) -> None:
    root = write(tmp_path / "w", contents(vendors=2))
    names = ", ".join(sorted(folder.name for folder in (root / "vendors").iterdir()))
    evaluation = root / "evaluation.yaml"
    evaluation.write_text(evaluation.read_text(encoding="utf-8") + f"options: [{names}]\n", encoding="utf-8")
    done = run("vendor", "add", "acme", "--name", "Acme", "--homepage", "https://acme.example", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "add acme there" in done.stderr
