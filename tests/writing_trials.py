"""Trials of the verbs that write: what a crash, a full disk, other writers and locks leave behind, and what the next command makes of it.

A change is done or not done. Whatever happened to the run that made it, commands that only read show the state before or after, and after the
next writing command the files are exactly those of one of the two, with nothing left over.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from file_events import Plan
from program_server import LIMIT, STOPPED, Done, Program, Run
from writing_verbs import BASES, READERS, Verb

STATE = ".evaluator"
"""The folder of a workspace for what is no content: lock and journal."""
DONE = "change.done"
"""The journal of a change that is complete, where it could not be removed; the next command that writes does."""
MAY_STAY = {f"{STATE}/lock", f"{STATE}/.gitignore"}
"""What may lie in it when no change is unfinished."""
_OF_GIT = {".git", ".gitignore"}
_TEMPORARY = (".tmp", ".lock", ".part", "~")
LOCK_WORDS = re.compile(r"\block", re.IGNORECASE)
DISK_WORDS = re.compile(r"\b(disk|space)\b", re.IGNORECASE)
STALE = ("", "999999999\nhost-that-is-gone\n", "no lock file at all\n")
"""What may stand in a lock file that lies there."""
NO_FLOCK = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES)
"""What a file system that cannot lock may answer."""

Tree = dict[str, str]
"""Path below a folder -> what lies there; folders themselves are not counted."""


@dataclass(frozen=True)
class Fault:
    """Something that must not be."""

    verb: str
    section: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.verb}: {self.section}, {self.where}: {self.what}"


@dataclass
class Tally:
    """How many trials of one kind were made, and which were bad."""

    tried: int = 0
    possible: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """Trials with at least one fault."""
        return len({fault.where for fault in self.faults})


def tree(folder: Path) -> Tree:
    """Everything below ``folder``: files by their digest, links by their target, others by their kind."""
    found: Tree = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        name = path.relative_to(folder).as_posix()
        if stat.S_ISLNK(mode):
            found[name] = f"link to {path.readlink()}"
        elif stat.S_ISREG(mode):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        elif not stat.S_ISDIR(mode):
            found[name] = "no file"
    return found


def content(found: Tree) -> Tree:
    """``found`` without the state of the program."""
    return {name: text for name, text in found.items() if STATE not in name.split("/")}


def left_over(found: Tree) -> list[str]:
    """Files that nobody asked for: temporary ones, locks, and journals."""
    names = []
    for name in found:
        parts = name.split("/")
        if STATE in parts:
            own = parts[parts.index(STATE) + 1 :]
            if "/".join((STATE, *own)) not in MAY_STAY and own[0] != DONE:
                names.append(name)
        elif name.endswith(_TEMPORARY) or any(part.startswith(".") and part not in _OF_GIT for part in parts):
            names.append(name)
    return names


def difference(found: Tree, wanted: Tree) -> str:
    """The first names in which two trees differ."""
    names = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
    signs = [f"{'+' if name not in wanted else '-' if name not in found else '~'}{name}" for name in names]
    return ", ".join(signs[:4]) + (" ..." if len(signs) > 4 else "")


@dataclass(frozen=True)
class Clean:
    """A verb run without disturbance."""

    events: list[str]
    seconds: float
    before: Tree
    after: Tree


@dataclass(frozen=True)
class Sequel:
    """What commands make of the states before and after a verb."""

    twice: Tree
    """After the same command again."""
    with_other: tuple[Tree, ...]
    """After somebody else's command, on the state before and on the state after; none where there is no workspace before."""
    reads: tuple[tuple[tuple[int, str], ...], ...]
    """What the readers say before and after."""


class Trials:
    """Trials in ``folder``, with the workspaces that they start from."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program = program
        self._bases = folder / "bases"
        self.place = folder / "trial"
        self._kept = folder / "kept"
        self._known: dict[tuple[str, str], list[str]] = {}
        self._clean: dict[str, Clean] = {}
        self._sequels: dict[str, Sequel] = {}
        self._bases.mkdir(parents=True)

    def start(self, verb: Verb) -> Path:
        """The folder of the next trial, ready for ``verb``."""
        base = self._bases / verb.base
        if not base.exists():
            self._replace(self.place, None)
            BASES[verb.base](self.program, self.place)
            _forget(self.place)
            shutil.copytree(self.place, base, symlinks=True)
        self._replace(self.place, base)
        return self.place

    def _replace(self, folder: Path, source: Path | None) -> None:
        if folder.exists():
            shutil.rmtree(folder)
        if source is None:
            folder.mkdir()
        else:
            shutil.copytree(source, folder, symlinks=True)

    def run(self, verb: Verb, plan: Plan | None = None) -> Done:
        """Run the verb as it stands."""
        return self.program.run(self.place, *verb.arguments, answers=verb.answers, plan=plan)

    def read(self) -> tuple[tuple[int, str], ...]:
        """What the readers say now."""
        return tuple((done.code, done.out) for done in (self.program.run(self.place, *reader) for reader in READERS))

    def clean(self, verb: Verb) -> Clean:
        """The verb without disturbance; found out once."""
        if verb.name not in self._clean:
            with self._aside():
                self._clean[verb.name] = self._found(verb)
        return self._clean[verb.name]

    def _found(self, verb: Verb) -> Clean:
        self.start(verb)
        self.run(verb)  # the server imports what the verb needs, so that it is measured without
        self.start(verb)
        before = content(tree(self.place))
        done = self.run(verb)
        assert done.code == 0, (verb.name, done.out, done.err)
        found = tree(self.place)
        assert not left_over(found), (verb.name, left_over(found))
        assert before != content(found), verb.name
        return Clean(done.events, done.seconds, before, content(found))

    def sequel(self, verb: Verb) -> Sequel:
        """What further commands make of the verb; found out once."""
        if verb.name not in self._sequels:
            with self._aside():
                self._sequels[verb.name] = self._what_follows(verb)
        return self._sequels[verb.name]

    def _what_follows(self, verb: Verb) -> Sequel:
        reads, others = [], []
        for runs in range(2):
            self.start(verb)
            if runs:
                self.run(verb)
            reads.append(self.read())
            if verb.has_workspace:
                others.append(self._other(verb))
        self.start(verb)
        self.run(verb)
        self.run(verb)
        return Sequel(content(tree(self.place)), tuple(others), tuple(reads))

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Keep the trial of now out of the way, and bring it back."""
        aside = self.place.with_name("aside")
        there = self.place.exists()
        if there:
            self.place.rename(aside)
        yield
        if there:
            shutil.rmtree(self.place)
            aside.rename(self.place)

    def _other(self, verb: Verb) -> Tree:
        done = self.program.run(self.place, *verb.other)
        assert done.code == 0, (verb.name, done.err)
        return content(tree(self.place))

    # What is left behind, and what the next command makes of it

    def aftermath(self, verb: Verb) -> list[str]:
        """What is wrong with the state in which the folder is now, and with what the next commands make of it."""
        clean = self.clean(verb)
        left = tree(self.place)
        if left == clean.before:
            return []
        known = (verb.name, _without_chance(left))
        if known not in self._known:
            sequel = self.sequel(verb)
            self._known[known] = [*self._after_reading(sequel, left), *self._after_writing(verb, sequel)]
        return self._known[known]

    def _after_reading(self, sequel: Sequel, left: Tree) -> Iterator[str]:
        said = self.read()
        if said not in sequel.reads:
            failed = [number for number, one in enumerate(said) if one not in {reads[number] for reads in sequel.reads}]
            names = ", ".join(" ".join(READERS[number][:1]) for number in failed) or "the readers together"
            yield f"{names} show neither the old state nor the new"
        if tree(self.place) != left:
            yield "reading changed files"

    def _after_writing(self, verb: Verb, sequel: Sequel) -> Iterator[str]:
        self._replace(self._kept, self.place)
        done = self.run(verb)
        if done.code == 1 and verb.rest:
            done = self.program.run(self.place, *verb.rest)
        yield from self._ended("the same command again", done, (self.clean(verb).after, sequel.twice))
        if sequel.with_other:
            self._replace(self.place, self._kept)
            done = self.program.run(self.place, *verb.other)
            if done.code != 0:
                yield f"another command fails: {done.sentence}"
            wanted = sequel.with_other
            if verb.output or "--send" in verb.arguments:
                # Papers outside the workspace are nobody else's business: the half-made one waits for the same command.
                wanted = tuple(_in_workspace(one) for one in wanted)
                yield from _judged("another command", _in_workspace(tree(self.place)), wanted)
            else:
                yield from _judged("another command", tree(self.place), wanted)

    def _ended(self, what: str, done: Done, wanted: Sequence[Tree]) -> Iterator[str]:
        """Whether a second attempt completed the change, or said that it was done."""
        if done.code == STOPPED:
            yield f"{what} hangs"
        elif done.code != 0 and not done.refused:
            yield f"{what} ends with {done.code}: {done.sentence}"
        elif done.code == 1 and content(tree(self.place)) not in wanted:
            yield f"{what} is refused although it was not done: {done.sentence}"
            return
        yield from _judged(what, tree(self.place), wanted)

    # The sections

    def kills(self, verb: Verb, points: Sequence[int]) -> Tally:
        """Kill the verb at these events."""

        def one(at: int) -> Iterator[str]:
            done = self.run(verb, Plan("kill", at))
            if done.code != -9:
                yield f"was not killed, but ended with {done.code}"
            yield from self.aftermath(verb)

        return self._each(verb, "killed", points, one)

    def full(self, verb: Verb, points: Sequence[int], *, once: bool) -> Tally:
        """Let the disk be full at these events: from there on, or for a moment."""
        clean = self.clean(verb)

        def one(at: int) -> Iterator[str]:
            done = self.run(verb, Plan("full-once" if once else "full", at))
            if done.code == 0:
                wanted = (clean.after,)
                yield from _judged("a run that says it is done", tree(self.place), wanted)
            elif not done.refused:
                yield f"ends with {done.code}: {done.sentence}"
            elif not DISK_WORDS.search(done.out + done.err):
                yield f"does not name the disk: {done.sentence}"
            yield from self.aftermath(verb)

        return self._each(verb, "disk full for a moment" if once else "disk full", points, one)

    def on_small_disk(self, verb: Verb, room: Sequence[int]) -> Tally:
        """Run the verb on a file system that really is full, with so many bytes left."""

        def one(number: int) -> Iterator[str]:
            filler = self.place.parent / "filler"
            with filler.open("wb") as stream:
                _fill_disk(stream.fileno())
            os.truncate(filler, max(0, filler.stat().st_size - room[number - 1]))
            done = self.run(verb)
            filler.unlink()
            if done.code == 0:
                yield from _judged("a run that says it is done", tree(self.place), (self.clean(verb).after,))
            elif not done.refused:
                yield f"ends with {done.code}: {done.sentence}"
            elif not DISK_WORDS.search(done.out + done.err):
                yield f"does not name the disk: {done.sentence}"
            yield from self.aftermath(verb)

        return self._each(verb, "small disk", range(1, len(room) + 1), one)

    def writers(self, verb: Verb, count: int, rounds: int) -> Tally:
        """Several who do the same at once."""
        clean = self.clean(verb)

        def one(_: int) -> Iterator[str]:
            done = self.program.together(self.place, [Run(verb.arguments, verb.answers)] * count)
            yield from _civil(done)
            winners = sum(run.code == 0 for run in done)
            if not winners:
                yield f"nobody succeeded: {done[0].sentence}"
            if verb.once and winners > 1:
                yield f"{winners} of {count} say that they did it"
            found = tree(self.place)
            if verb.adds:
                self.start(verb)
                for _ in range(winners):
                    self.run(verb)
                yield from _judged(f"after {winners} of {count} wrote", found, (content(tree(self.place)),))
            else:
                yield from _judged(f"after {winners} of {count} wrote", found, (clean.after, self.sequel(verb).twice))

        return self._each(verb, f"{count} writers of the same", range(1, rounds + 1), one)

    def different_writers(self, verb: Verb, count: int, rounds: int) -> Tally:
        """Several who write something else each, at once: what somebody was told is written is there."""
        variant = verb.variant
        if variant is None:
            return Tally()
        variants = [variant(number) for number in range(count)]

        def one(_: int) -> Iterator[str]:
            done = self.program.together(self.place, [Run(each.arguments) for each in variants])
            yield from _civil(done)
            for each, run in zip(variants, done, strict=True):
                path = self.place / each.file
                there = path.is_file() and each.text in path.read_text()
                if run.code == 0 and not there:
                    yield f"reported as done and lost: {' '.join(each.arguments[:3])}"
            if left_over(tree(self.place)):
                yield f"left over: {left_over(tree(self.place))[0]}"
            codes = [self.program.run(self.place, *reader).code for reader in READERS]
            if any(codes):
                yield "the workspace has errors afterwards"

        return self._each(verb, f"{count} different writers", range(1, rounds + 1), one)

    def stale_locks(self, verb: Verb, texts: Sequence[str] = STALE) -> Tally:
        """A lock file that lies there, of a process that is gone."""

        def one(number: int) -> Iterator[str]:
            folder = self.place / "ws" / STATE
            folder.mkdir()
            (folder / "lock").write_text(texts[number - 1])
            done = self.run(verb)
            if done.code != 0:
                yield f"refused: {done.sentence}"
            else:
                yield from _judged("afterwards", tree(self.place), (self.clean(verb).after,))

        return self._each(verb, "stale lock", range(1, len(texts) + 1), one) if verb.has_workspace else Tally()

    def held_lock(self, verb: Verb) -> Tally:
        """Somebody else is in the middle of writing to the workspace, and stays there."""
        if not verb.in_workspace:
            return Tally()

        def one(_: int) -> Iterator[str]:
            other = self.program.run(self.place, *verb.other)
            renamed = max(number for number, event in enumerate(other.events, 1) if event.startswith("rename"))
            self.start(verb)
            runs = [Run(verb.other, plan=Plan("stop", renamed)), Run(verb.arguments, verb.answers)]
            holder, done = self.program.together(self.place, runs, first_stops=True)
            if done.code == 0:
                yield "wrote while somebody else was writing"
            elif not done.refused or done.seconds > LIMIT:
                yield f"ends with {done.code} after {done.seconds:.0f} s: {done.sentence}"
            elif not re.search(r"writ|lock", done.sentence):
                yield f"does not say who is in the way: {done.sentence}"
            if holder.code != 0:
                yield f"the one before could not go on: {holder.sentence}"
            if done.code != 0 and self.run(verb).code != 0:
                yield "does not succeed afterwards"
            if left_over(tree(self.place)):
                yield f"left over: {left_over(tree(self.place))[0]}"

        return self._each(verb, "lock held", [1], one)

    def without_flock(self, verb: Verb, errors: Sequence[int] = NO_FLOCK) -> Tally:
        """The file system cannot lock files."""
        clean = self.clean(verb)

        def one(number: int) -> Iterator[str]:
            done = self.run(verb, Plan("no-flock", error=errors[number - 1]))
            name = errno.errorcode[errors[number - 1]]
            if done.code == 0:
                yield from _judged(f"{name}: afterwards", tree(self.place), (clean.after,))
                return
            if not done.refused or not LOCK_WORDS.search(done.sentence):
                yield f"{name}: does not say that the files cannot be locked: {done.sentence}"
            if done.seconds > _PATIENCE and errors[number - 1] != errno.EACCES:
                yield f"{name}: waits {done.seconds:.0f} s for what cannot come"
            yield from _judged(f"{name}: refused", tree(self.place), (clean.before,))

        return self._each(verb, "no flock", range(1, len(errors) + 1), one)

    def _each(self, verb: Verb, section: str, points: Sequence[int], one: Callable[[int], Iterator[str]]) -> Tally:
        tally = Tally(possible=len(self.clean(verb).events))
        for point in points:
            self.start(verb)
            events = self.clean(verb).events
            place = f"event {point} ({events[point - 1]})" if "event" in section or _by_event(section) else f"{point}"
            tally.faults += [Fault(verb.name, section, place, what) for what in one(point)]
            tally.tried += 1
        return tally


_PATIENCE = 10.0


def _by_event(section: str) -> bool:
    return section == "killed" or section.startswith("disk")


def _judged(what: str, found: Tree, wanted: Sequence[Tree]) -> Iterator[str]:
    """Whether the files are those of one of the allowed states, with nothing left over."""
    spare = left_over(found)
    if spare:
        yield f"{what}: left over: {spare[0]}{' ...' if len(spare) > 1 else ''}"
    kept = {name: text for name, text in content(found).items() if name not in spare}
    if kept not in wanted:
        nearest = min((difference(kept, one) for one in wanted), key=len)
        yield f"{what}: files of neither state: {nearest}"


def _civil(done: Sequence[Done]) -> Iterator[str]:
    for run in done:
        if run.code != 0 and not run.refused:
            yield f"ends with {run.code}: {run.sentence}"


def _in_workspace(found: Tree) -> Tree:
    return {name: text for name, text in found.items() if name.startswith("ws/")}


def _without_chance(found: Tree) -> str:
    """``found`` as a key: names made up by chance count as one."""
    return repr(sorted((re.sub(r"[0-9a-f]{8,}", "*", name), text) for name, text in found.items()))


def _forget(place: Path) -> None:
    """Take away the program's state, which trials would take for left over."""
    for path in list(place.rglob(STATE)):
        shutil.rmtree(path)


def _fill_disk(handle: int) -> None:
    size = 1 << 16
    while size:
        try:
            os.write(handle, b"\0" * size)
        except OSError:
            size //= 2
