"""Runs of the real program, many in little time: a server that has imported everything forks a child for each run.

    with Program() as program:
        done = program.run(folder, "vendor", "add", "acme", "--workspace", "ws")

A child is what ``python -m evaluator`` is: it has its own arguments, current folder and standard streams, and may be killed. The
server itself only imports; it never runs a command. What a child had to import, the server imports for the next one.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from file_events import Events, Plan

ROOT = Path(__file__).parents[1]
LIMIT = 60.0
"""Seconds after which a run hangs: no wait of the program may be as long."""
STOPPED = -1
"""The exit code of a run that had to be ended."""


@dataclass(frozen=True)
class Run:
    """One run to be made."""

    arguments: tuple[str, ...]
    answers: str = ""
    plan: Plan = field(default_factory=Plan)


@dataclass(frozen=True)
class Done:
    """How a run ended; ``code`` is -9 where it was killed by its plan, ``STOPPED`` where it never ended."""

    code: int
    out: str
    err: str
    seconds: float
    events: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The last line that it said."""
        return (self.err.strip() or self.out.strip()).rpartition("\n")[2]

    @property
    def refused(self) -> bool:
        """Whether it ended with exit code 1 and a sentence."""
        return self.code == 1 and "Traceback" not in self.err and bool(self.sentence)


class Program:
    """The server's client; a run that takes longer than ``limit`` seconds is ended."""

    def __init__(self, limit: float = LIMIT) -> None:
        self._limit = limit

    def __enter__(self) -> Self:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "SOURCE_DATE_EPOCH": "1767225600",
        }
        self._server = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=ROOT,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def run(self, folder: Path, *arguments: str, answers: str = "", plan: Plan | None = None) -> Done:
        """Run the program once in ``folder``; events are those on files below it."""
        return self.together(folder, [Run(arguments, answers, plan or Plan())])[0]

    def together(self, folder: Path, runs: Sequence[Run], *, first_stops: bool = False) -> list[Done]:
        """Run the program several times at once.

        With ``first_stops`` the others start when the first has been stopped by its plan, and it goes on when they have ended.
        """
        assert self._server.stdin
        assert self._server.stdout
        request: dict[str, Any] = {
            "folder": str(folder),
            "runs": [asdict(run) for run in runs],
            "first_stops": first_stops,
        }
        request["limit"] = self._limit
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return [Done(**found) for found in json.loads(self._server.stdout.readline())]


@dataclass
class _Child:
    pid: int
    folder: Path
    start: float
    end: float = 0.0
    status: int | None = None

    def done(self) -> dict[str, Any]:
        status = self.status if self.status is not None else 0
        code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        told = self.folder / "events"
        events = json.loads(told.read_text()) if told.exists() else {"events": [], "modules": []}
        for name in set(events["modules"]) - set(sys.modules):
            with contextlib.suppress(Exception):
                import_module(name)
        return {
            "code": STOPPED if self.status is None else code,
            "out": (self.folder / "out").read_text(errors="replace"),
            "err": (self.folder / "err").read_text(errors="replace"),
            "seconds": self.end - self.start,
            "events": events["events"],
        }


def _child(run: dict[str, Any], folder: str, own: Path, gate: int) -> None:
    """The program, in a process of its own; never returns."""
    code = 70
    try:
        os.chdir(folder)
        (own / "in").write_text(run["answers"])
        for handle, name, flags in ((0, "in", os.O_RDONLY), (1, "out", os.O_WRONLY), (2, "err", os.O_WRONLY)):
            os.dup2(os.open(own / name, flags | os.O_CREAT), handle)
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), "utf-8")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), "utf-8", line_buffering=True)
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(io.FileIO(2, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True
        )
        os.read(gate, 1)
        sys.argv = ["evaluator", *run["arguments"]]
        events = Events(folder, Plan(**run["plan"]))
        events.install()
        try:
            runpy.run_module("evaluator", run_name="__main__", alter_sys=True)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        events.plan, events.quiet = Plan(), True
        modules = [name for name in sys.modules if not name.startswith("__")]
        (own / "events").write_text(json.dumps({"events": events.seen, "modules": modules}))
    except BaseException:  # noqa: BLE001 - the parent's code must not go on in the child
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code)


def _start(run: dict[str, Any], folder: str, own: Path, gate: tuple[int, int]) -> _Child:
    own.mkdir()
    for name in ("out", "err"):
        (own / name).touch()
    pid = os.fork()
    if pid == 0:
        os.close(gate[1])
        _child(run, folder, own, gate[0])
    return _Child(pid, own, time.monotonic())


def _wait(children: Sequence[_Child], limit: float, *, or_stopped: bool = False) -> None:
    """Wait until all have ended (or the first has stopped); end those that take too long."""
    while going := [child for child in children if not child.end]:
        for child in going:
            pid, status = os.waitpid(child.pid, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):
                if or_stopped:
                    return
                os.kill(child.pid, signal.SIGCONT)
            elif pid:
                child.status, child.end = status, time.monotonic()
            elif time.monotonic() - child.start > limit:
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
                child.end = time.monotonic()
        time.sleep(0.002)


def _answer(request: dict[str, Any], own: Path) -> list[dict[str, Any]]:
    children: list[_Child] = []
    gate = os.pipe()
    for number, run in enumerate(request["runs"]):
        children.append(_start(run, request["folder"], own / str(number), gate))
        if request["first_stops"] and number == 0:
            os.close(gate[1])  # opens the gate: this one runs, and those to come need not wait
            _wait(children, request["limit"], or_stopped=True)
            os.close(gate[0])
            gate = os.pipe()
    os.close(gate[1])
    os.close(gate[0])
    if request["first_stops"]:
        _wait(children[1:], request["limit"])
        if not children[0].end:
            os.kill(children[0].pid, signal.SIGCONT)
            children[0].start = time.monotonic()
    _wait(children, request["limit"])
    return [child.done() for child in children]


def _serve() -> None:
    requests, answers = os.dup(0), os.fdopen(os.dup(1), "w")
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123 - the name of a device
        os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
    for path in sorted((ROOT / "evaluator").rglob("*.py")):
        if path.name != "__main__.py":
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    with os.fdopen(requests) as lines, tempfile.TemporaryDirectory() as own:
        for number, line in enumerate(lines):
            folder = Path(own) / str(number)
            folder.mkdir()
            gc.freeze()  # a child that collects would copy the memory it shares
            answers.write(json.dumps(_answer(json.loads(line), folder)) + "\n")
            answers.flush()
            shutil.rmtree(folder)


if __name__ == "__main__":
    _serve()
