"""The real program: as a process of its own, as a person would run it, and inside this process."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaluator.cli.main import main

ROOT = Path(__file__).parents[1]
WIDTH = 80


def run(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a person would, without a terminal on stdin."""
    return subprocess.run(
        [sys.executable, "-m", "evaluator", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@dataclass(frozen=True)
class Printed:
    """What a command printed."""

    stdout: str
    stderr: str


def run_here(root: Path, *arguments: str, code: int = 0) -> Printed:
    """Run a command on the workspace ``root`` inside this process and expect an exit code; pages fit the terminal."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([*arguments, "--workspace", str(root)])
    assert ended.value.code == code, err.getvalue()
    if "--json" not in arguments:
        assert max((len(line) for line in out.getvalue().splitlines()), default=0) <= WIDTH
    return Printed(out.getvalue(), err.getvalue())
