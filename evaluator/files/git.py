"""The one door to git: reading the history of a workspace, never writing.

Only plumbing that runs no hook, filter, pager or external program is used, and the network is shut.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from evaluator.errors import EvaluatorError
from evaluator.files.inside import shown

Files = Mapping[str, str]
"""File name, relative to the workspace -> id of its content."""

_SAFE = ("--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
_COMMIT = re.compile(rb"\x01([0-9a-f]{40,64})\x02([^\x02\0]*)\x02([^\0]*)\0")
_CHANGE = re.compile(rb"\n?:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*\0([^\0]*)\0")
_PLAIN_FILE = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit and the workspace's files in it."""

    id: str
    day: date
    subject: str
    files: Files


def commits(root: Path) -> Iterator[Commit]:
    """The commits that touched the workspace, oldest first, along the first parent.

    Raises :class:`EvaluatorError` where the workspace is in no git repository, or git cannot be run.
    """
    layout = "--format=%x01%H%x02%cI%x02%s"
    options = ("--first-parent", "-m", "--reverse", "--raw", "--no-renames", "--no-abbrev", "-z", "--relative", layout)
    output = _git(root, "log", *options, "--", ".")
    heads = list(_COMMIT.finditer(output))
    files: dict[str, str] = {}
    ends = [*(head.start() for head in heads[1:]), len(output)]
    for head, end in zip(heads, ends, strict=False):  # without any commit there is an end and no head
        changes = output[head.end() : end]
        for mode, blob, name in _CHANGE.findall(changes):
            path = os.fsdecode(name)
            if mode in _PLAIN_FILE:
                files[path] = blob.decode()
            else:  # removed, or a link or a submodule by now
                files.pop(path, None)
        yield _commit(head, MappingProxyType(dict(files)))


def _commit(head: re.Match[bytes], files: Files) -> Commit:
    day = datetime.fromisoformat(head[2].decode()).date()
    return Commit(head[1].decode(), day, shown(head[3].decode("utf-8", "replace")), files)


def commit_at(root: Path, revision: str) -> Commit:
    """The commit that git calls ``revision``; raises :class:`EvaluatorError` where there is none."""
    if revision.startswith("-"):
        raise EvaluatorError(f"'{shown(revision)}' is no revision.")
    try:
        output = _git(root, "log", "-1", "-z", "--format=%x01%H%x02%cI%x02%s", f"{revision}^{{commit}}", "--")
    except EvaluatorError as error:
        raise EvaluatorError(f"git knows no revision '{shown(revision)}' here.") from error
    head = _COMMIT.search(output + b"\0")
    if head is None:
        raise EvaluatorError(f"git knows no revision '{shown(revision)}' here.")
    rows = [row.partition(b"\t") for row in _git(root, "ls-tree", "-r", "-z", head[1].decode()).split(b"\0") if row]
    files = {os.fsdecode(name): meta.split()[2].decode() for meta, _, name in rows if meta.split()[0] in _PLAIN_FILE}
    return _commit(head, files)


@contextmanager
def blobs(root: Path) -> Iterator[Blobs]:
    """Reading contents by id, through one process of git."""
    process = subprocess.Popen(  # noqa: S603 - git with fixed arguments
        _command(root, "cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield Blobs(process)
    finally:
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
        process.wait()


class Blobs:
    """Contents by id."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise EvaluatorError("git cannot be read.")
        self._ask, self._answer = process.stdin, process.stdout

    def read(self, blob: str, limit: int) -> bytes:
        """The content, cut after ``limit`` bytes."""
        self._ask.write(blob.encode() + b"\n")
        self._ask.flush()
        head = self._answer.readline().split()
        if len(head) != 3 or head[1] != b"blob":  # noqa: PLR2004 - id, type and size
            raise EvaluatorError(f"git has no content {blob[:12]} any more.")
        size = int(head[2])
        data = self._answer.read(min(size, limit))
        left = size - len(data) + 1
        while left > 0:
            left -= len(self._answer.read(min(left, 1 << 20))) or left
        return data


def _command(root: Path, *arguments: str) -> Sequence[str]:
    return ("git", "-C", str(root), *_SAFE, *arguments)


def _git(root: Path, *arguments: str) -> bytes:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - git with fixed arguments
            _command(root, *arguments),
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**environment, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
        )
    except FileNotFoundError:
        raise EvaluatorError("git is not installed; the history of commits cannot be read.") from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        if any("not a git repository" in line for line in words):
            raise EvaluatorError(f"'{shown(str(root))}' is in no git repository; there are no commits to read.")
        if any("does not have any commits" in line for line in words):
            return b""
        raise EvaluatorError(f"git cannot read the history: {shown(words[0]) if words else 'it failed'}.")
    return done.stdout
