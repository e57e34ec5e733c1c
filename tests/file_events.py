"""What a process does to the files of one folder, counted; at one of these events it is killed, stopped, or told that the disk is full.

An event is a change that another process could see: a file opened for writing, a write, a rename, a removal, a folder made
or removed, a link, new rights, a new length; and each fsync. Between two events the files stay the same, so that dying
just before every event, in the middle of every write and after the last event covers every state that a crash can leave.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Kind = Literal["count", "kill", "full", "full-once", "stop", "no-flock", "no-override"]

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NEEDS_SPACE = {"open", "write", "mkdir", "fsync", "link", "symlink"}
"""Events that fail on a full disk; files can still be renamed and removed there."""
_CAPABILITY_VERSION = 0x20080522
_CAPABILITIES_OVER_RIGHTS = 0b1110
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER: by these root may write where the rights say no."""


@dataclass(frozen=True)
class Plan:
    """What happens to one run of the program."""

    kind: Kind = "count"
    at: int = 0
    """The event, from 1; a write counts twice, before it and in the middle of it."""
    error: int = 0
    """For ``no-flock``: what the system answers."""


@dataclass
class Events:
    """The events below ``folder``, carried out by ``plan``."""

    folder: str
    plan: Plan
    seen: list[str] = field(default_factory=list)
    opening_in: int | None = None
    quiet: bool = False

    def install(self) -> None:
        """Watch this process from now on."""
        if self.plan.kind == "no-flock":
            _without_flock(self.plan.error)
        if self.plan.kind == "no-override":
            _give_up_rights()
        _watch_writes(self)
        sys.addaudithook(self._audit)

    def happens(self, what: str, path: str) -> None:
        """One event on ``path``; the plan may end the process here, or raise that the disk is full."""
        self.seen.append(f"{what} {os.path.relpath(path, self.folder)}")
        number, plan = len(self.seen), self.plan
        if plan.kind == "kill" and number == plan.at:
            os.kill(os.getpid(), signal.SIGKILL)
        if plan.kind == "stop" and number == plan.at:
            os.kill(os.getpid(), signal.SIGSTOP)
        sticky = plan.kind == "full" and number >= plan.at and what.partition("-")[0] in _NEEDS_SPACE
        if sticky or (plan.kind == "full-once" and number == plan.at):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    def holds(self, path: str) -> bool:
        """Whether ``path`` lies below the folder."""
        return path == self.folder or path.startswith(self.folder + os.sep)

    def of_handle(self, handle: int) -> str:
        """The path of an open file, empty where it has none below the folder."""
        try:
            path = str(Path(f"/proc/self/fd/{handle}").readlink())
        except OSError:
            return ""
        return path if self.holds(path) else ""

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.quiet:
            return
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int) or not isinstance(flags, int) or not flags & _WRITES:
                return
            named: tuple[tuple[Any, int | None], ...] = ((path, self.opening_in),)
        elif event in _NAMED:
            named = _NAMED[event](arguments)
        else:
            return
        paths = [self._absolute(path, folder) for path, folder in named]
        if any(self.holds(path) for path in paths):
            self.happens(event.removeprefix("os."), paths[-1])

    def _absolute(self, path: Any, folder: int | None) -> str:
        if isinstance(path, int):
            return self.of_handle(path)
        if not isinstance(path, str | bytes | os.PathLike):
            return ""
        self.quiet = True
        try:
            start = Path(f"/proc/self/fd/{folder}").readlink() if folder is not None and folder >= 0 else Path.cwd()
            named = start / os.fsdecode(path)
            return str(named.parent.resolve() / named.name)
        except OSError:
            return ""
        finally:
            self.quiet = False


_NAMED: dict[str, Callable[[tuple[Any, ...]], tuple[tuple[Any, int | None], ...]]] = {
    "os.rename": lambda given: ((given[0], given[2]), (given[1], given[3])),
    "os.link": lambda given: ((given[0], given[2]), (given[1], given[3])),
    "os.symlink": lambda given: ((given[1], given[2]),),
    "os.remove": lambda given: ((given[0], given[1]),),
    "os.rmdir": lambda given: ((given[0], given[1]),),
    "os.mkdir": lambda given: ((given[0], given[2]),),
    "os.chmod": lambda given: ((given[0], given[2]),),
    "os.truncate": lambda given: ((given[0], None),),
}
"""Audit event -> the paths it names, each with the folder it is relative to."""


def _watch_writes(events: Events) -> None:
    """Writes and fsyncs raise no audit event, and that of opening names no folder: the functions are replaced by ones that tell."""
    write, fsync, real_open = os.write, os.fsync, os.open

    def telling_write(handle: int, data: Any) -> int:
        return _in_halves(events, handle, data, lambda part: write(handle, part))

    def telling_fsync(fd: Any) -> None:
        path = events.of_handle(fd if isinstance(fd, int) else fd.fileno())
        if path:
            events.happens("fsync", path)
        fsync(fd)

    def telling_open(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        events.opening_in = dir_fd
        try:
            return real_open(path, flags, mode, dir_fd=dir_fd)
        finally:
            events.opening_in = None

    os.write, os.open = telling_write, telling_open
    os.fsync = os.fdatasync = telling_fsync
    io.open = builtins.open = _telling_streams(events)


def _telling_streams(events: Events) -> Any:
    """``open`` whose streams tell of what they write to the disk, when they do."""
    real_open = io.open

    class Telling(io.FileIO):
        def write(self, data: Any) -> int:
            return _in_halves(events, self.fileno(), data, super().write)

    def telling_open(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if "r" in mode and "+" not in mode:
            return real_open(file, mode, buffering, *rest, **named)
        names = ("encoding", "errors", "newline", "closefd", "opener")
        given = {**dict(zip(names, rest, strict=False)), **named}
        raw = Telling(file, mode.replace("b", "").replace("t", ""), given.get("closefd", True), given.get("opener"))
        if buffering == 0:
            return raw
        stream: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return stream
        return io.TextIOWrapper(stream, given.get("encoding"), given.get("errors"), given.get("newline"))

    return telling_open


def _in_halves(events: Events, handle: int, data: Any, write: Callable[[Any], int]) -> int:
    """Write, with an event before and one in the middle."""
    path = events.of_handle(handle)
    if not path:
        return write(data)
    events.happens("write", path)
    view = memoryview(data).cast("B")
    half = write(view[: len(view) // 2]) if len(view) > 1 else 0
    events.happens("write-rest", path)
    return half + write(view[half:])


def _without_flock(error: int) -> None:
    import fcntl

    def refused(*_: Any) -> None:
        raise OSError(error, os.strerror(error))

    fcntl.flock = fcntl.lockf = refused


def _give_up_rights() -> None:
    """Root keeps to the rights of files, as everybody else."""

    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    class Sets(ctypes.Structure):
        _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))

    system = ctypes.CDLL(None, use_errno=True)
    header, sets = Header(_CAPABILITY_VERSION, 0), (Sets * 2)()
    system.capget(ctypes.byref(header), sets)
    for name in ("effective", "permitted"):
        setattr(sets[0], name, getattr(sets[0], name) & ~_CAPABILITIES_OVER_RIGHTS)
    if system.capset(ctypes.byref(header), sets):
        raise OSError(ctypes.get_errno(), "rights of root cannot be given up")
