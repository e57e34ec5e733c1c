"""``tools/setup.sh``: what is missing is named in one sentence, and running it again is enough."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "dirname", "mktemp", "rm", "mkdir", "id", "grep", "cat", "touch", "env")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="set-up is a shell script")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A clone and a machine with a few commands and no package manager; ``bin`` is all of its path."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    (tmp_path / "tools").mkdir()
    for name in ("tools/setup.sh", "tools/needs.py", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def python(machine: Path, *, venv: bool) -> None:
    """Give ``machine`` a Python, with the module venv or without it."""
    hidden = machine / "hidden"
    hidden.mkdir(exist_ok=True)
    (hidden / "venv.py").write_text("raise ImportError('no module venv')\n", encoding="utf-8")
    found = "" if venv else f"PYTHONPATH='{hidden}' "
    wrapper = machine / "bin" / "python3"
    wrapper.write_text(f"#!/bin/sh\n{found}exec '{Path(sys.executable).resolve()}' \"$@\"\n", encoding="utf-8")
    wrapper.chmod(0o755)


def set_up(machine: Path) -> subprocess.CompletedProcess[str]:
    """Run the set-up of ``machine``, whose package index answers to nobody."""
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0"}
    surroundings = {"PATH": str(machine / "bin"), "HOME": str(machine)} | nowhere
    command = ["sh", str(machine / "tools" / "setup.sh"), "run"]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


def test_without_python_the_packages_are_named(machine: Path) -> None:
    done = set_up(machine)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 or newer is missing; as root: apt-get install python3 python3-venv (" in done.stderr
    assert not (machine / ".venv").exists()


@pytest.mark.exhaustive
def test_what_stopped_one_run_does_not_stop_the_next(machine: Path) -> None:
    python(machine, venv=False)
    done = set_up(machine)
    assert done.returncode == 1
    assert "this machine lacks the Python module venv" in done.stderr
    assert f"apt-get install python3.{sys.version_info.minor}-venv" in done.stderr

    python(machine, venv=True)
    done = set_up(machine)
    assert done.returncode == 1
    assert "creating .venv" in done.stderr
    assert "the package index cannot be reached" in done.stderr

    done = set_up(machine)
    assert done.returncode == 1
    assert "creating .venv" not in done.stderr

    (machine / ".venv" / "unfinished").touch()  # as an interrupted run leaves it
    assert "creating .venv" in set_up(machine).stderr
    assert not (machine / ".venv" / "run").exists()


@pytest.mark.exhaustive
def test_a_venv_made_in_another_folder_is_made_again(machine: Path) -> None:
    python(machine, venv=True)
    set_up(machine)
    moved = machine / "moved"
    moved.mkdir()
    for name in ("bin", "tools", "requirements.lock", ".venv"):
        (machine / name).rename(moved / name)
    assert "creating .venv" in set_up(moved).stderr


def test_git_is_asked_for_by_the_tests_alone(machine: Path) -> None:
    def needs(kind: str) -> str:
        command = [sys.executable, str(ROOT / "tools" / "needs.py"), "packages", kind]
        surroundings = {"PATH": str(machine / "bin")}
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True).stdout

    assert "git" in needs("dev").split()
    assert "git" not in needs("run").split()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_pinned_requirements_record_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert not [line for line in text.splitlines() if line.startswith("-")]
