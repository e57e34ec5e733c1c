"""The commands that print figures, as people read them."""

from __future__ import annotations

import re
from pathlib import Path

from builders import EVALUATION, contents, profile_of, write
from real_program import run_here

NOTICE = "A desk review of public sources."


def workspace(folder: Path) -> Path:
    content = contents(
        criteria=4, vendors=3, level=lambda vendor, key, _: "unknown" if key == "c-2" else int(vendor[-1])
    )
    content[EVALUATION]["notice"] = NOTICE
    for number in (1, 2, 3):
        content[profile_of(f"v-{number}")]["name"] = f"A product whose name goes on for very long, number {number}"
    return write(folder, content)


def test_robustness_prints_its_notice_once_and_explains_its_columns(tmp_path: Path) -> None:
    page = run_here(workspace(tmp_path), "robustness", "--samples", "50").stdout
    assert page.count(NOTICE) == 1
    plain = " ".join(page.split())
    for column in (
        "Around: weights around the stated ones",
        "order: any weights",
        "±: standard error",
        "Regret: points",
    ):
        assert column in plain
    assert "stays within" in plain
    assert re.search(r"[1-8] of 8 puts? another option first", plain) or "does not depend on the method" in plain


def test_breakeven_cuts_no_name(tmp_path: Path) -> None:
    page = run_here(workspace(tmp_path), "breakeven").stdout
    assert max(map(len, page.splitlines())) <= 80
    assert "…" not in page


def test_questions_say_what_blocks(tmp_path: Path) -> None:
    page = run_here(workspace(tmp_path), "questions").stdout
    assert "block" in page
    assert "hold" not in page


def test_an_error_begins_as_one_of_usage_does(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    for arguments, code in ((("explain", "nobody"), 1), (("explain",), 2), (("flips",), 2)):
        done = run_here(root, *arguments, code=code)
        assert done.stderr.splitlines()[-1].startswith("Error: ")
