"""Objects of a git repository by id or revision: the only place that starts git.

git runs one command, ``cat-file --batch``, in a git folder made here, which shares nothing with the repository but its
objects. So no configuration, hook, reference, replacement or remote of the repository or of the user reaches it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from evaluator.errors import EvaluatorError, one_line
from evaluator.workspace.disk import reason_of
from evaluator.workspace.git_folder import GitFolder

_PATIENCE = 30.0
"""Seconds after which git is ended if it has not answered."""

_KEPT = ("SYSTEMROOT", "DEVELOPER_DIR")
"""What of the environment git gets to see, besides the search path: where Windows and Xcode keep programs."""

_CONFIG = {
    "sha1": "[core]\nrepositoryformatversion = 0\n",
    "sha256": "[extensions]\nobjectFormat = sha256\n[core]\nrepositoryformatversion = 1\n",
}
_CONFIG_OF_ALL = "bare = true\ncommitGraph = false\nmultiPackIndex = false\nbigFileThreshold = 1m\n"
_LARGEST_MEMORY = "64m"
_HEAD = re.compile(rb"([0-9a-f]{40,64}) (blob|tree|commit|tag) ([0-9]{1,18})\n")
_LONGEST_HEAD = 8_192


@dataclass(frozen=True, slots=True)
class GitObject:
    """One object; without data where it is larger than was asked for."""

    id: str
    kind: str
    data: bytes | None


@contextmanager
def open_objects(folder: GitFolder, algorithm: str) -> Iterator[GitObjects]:
    """Reading the objects of ``folder``, whose ids are made with ``algorithm`` (sha1 or sha256).

    Raises:
        EvaluatorError: git is not installed or cannot be run, or the objects are not laid out as git lays them out.
    """
    folder.check_objects()
    found = find_program("git", folder.top)
    if found is None:
        raise EvaluatorError("git is not installed; the history of commits cannot be read.")
    program, path = found
    with ExitStack() as stack:
        try:
            private = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evaluator-git-")))
            (private / "refs").mkdir()
            (private / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
            (private / "config").write_text(_CONFIG[algorithm] + _CONFIG_OF_ALL, encoding="ascii")
        except OSError as error:
            raise EvaluatorError(
                f"The history cannot be read: no temporary folder can be made ({error.strerror})."
            ) from None
        environment = {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "PATH": path,
            "LC_ALL": "C",
            "HOME": str(private),
            "XDG_CONFIG_HOME": str(private),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_DIR": str(private),
            "GIT_OBJECT_DIRECTORY": str(folder.objects),
            "GIT_ALLOC_LIMIT": _LARGEST_MEMORY,
        }
        objects = GitObjects(program, private, environment, algorithm)
        stack.callback(objects.close)
        yield objects


class GitObjects:
    """Objects by id or by an expression on ids, such as ``<id>~3``; git is started when the first is asked for."""

    def __init__(self, program: str, private: Path, environment: dict[str, str], algorithm: str) -> None:
        self._command = (program, "cat-file", "--batch")
        self._private, self._environment, self._algorithm = private, environment, algorithm
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_at: float | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def read(self, name: str, limit: int) -> GitObject | None:
        """The object that git calls ``name``, its data read only up to ``limit`` bytes; nothing where there is none.

        Raises:
            EvaluatorError: git cannot read it.
        """
        process, ask, answer = self._running()
        self._asked_at = time.monotonic()
        try:
            ask.write(os.fsencode(name) + b"\n")
            ask.flush()
            line = answer.readline(_LONGEST_HEAD)
            head = _HEAD.fullmatch(line)
            if head is None:
                if line.endswith((b" missing\n", b" ambiguous\n")):
                    return None
                raise self._failed(name, process)
            size = int(head[3])
            if size > limit:
                self._stop()  # git would go on writing it
                return GitObject(head[1].decode(), head[2].decode(), None)
            data = answer.read(size + 1)[:-1]
            if len(data) != size:
                raise self._failed(name, process)
        except OSError:
            raise self._failed(name, process) from None
        finally:
            self._asked_at = None
        sum_ = hashlib.new(self._algorithm, head[2] + b" %d\0" % size + data, usedforsecurity=False)
        if sum_.hexdigest() != head[1].decode():
            raise EvaluatorError(f"The git repository is damaged: the object {_short(name)} does not match its id.")
        return GitObject(head[1].decode(), head[2].decode(), data)

    def close(self) -> None:
        """End git."""
        self._closed.set()
        self._stop()

    def _running(self) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
        if self._process is None:
            try:
                with (self._private / "errors").open("wb") as errors:
                    self._process = subprocess.Popen(  # noqa: S603 - git with fixed arguments
                        self._command,
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=errors,
                        env=self._environment,
                        cwd=self._private,
                    )
            except OSError as error:
                raise EvaluatorError(
                    f"The history cannot be read: git cannot be started ({reason_of(error)})."
                ) from None
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise TypeError(process)
        return process, process.stdin, process.stdout

    def _failed(self, name: str, process: subprocess.Popen[bytes]) -> EvaluatorError:
        """Why git gave no answer; the next question starts it again."""
        waited = time.monotonic() - (self._asked_at or time.monotonic())
        self._stop()
        if waited >= _PATIENCE:
            return EvaluatorError(f"git did not answer within {waited:.0f} seconds when asked for {_short(name)}.")
        said = (self._private / "errors").read_bytes()[-2_000:].decode("utf-8", "replace").strip().splitlines()
        reason = one_line(said[-1], 200) if said else f"it ended with code {process.returncode}"
        return EvaluatorError(f"git cannot read {_short(name)}; the repository may be damaged ({reason}).")

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(OSError):  # what was not yet written to a git that has ended
                    stream.close()
        process.wait()

    def _watch(self) -> None:
        """End a git that does not answer; whoever waits for it reads the end of its output then."""
        while not self._closed.wait(_PATIENCE / 4):
            asked, process = self._asked_at, self._process
            if asked is not None and process is not None and time.monotonic() - asked >= _PATIENCE:
                process.kill()


def _short(name: str) -> str:
    return one_line(name[:12] if len(name) >= 40 else name)  # noqa: PLR2004 - the length of an id


def find_program(name: str, untrusted: Path) -> tuple[str, str] | None:
    """Return where the program ``name`` is installed, and the search path it was found on; None where it is not.

    The search path keeps no relative folder and none inside ``untrusted``, and neither may the program lie there: a
    workspace that somebody sent must not bring a program of its own.
    """
    top = untrusted.resolve()
    path = os.pathsep.join(folder for folder in os.get_exec_path() if _is_outside(folder, top))
    found = shutil.which(name, path=path)
    return (found, path) if found is not None and _is_outside(found, top) else None


def _is_outside(path: str, top: Path) -> bool:
    try:
        return Path(path).is_absolute() and not Path(path).resolve().is_relative_to(top)
    except (OSError, RuntimeError, ValueError):
        return False
