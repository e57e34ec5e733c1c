"""The history of a workspace in git: its commits, the files in each, and the workspace that they make. Reading only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from evaluator.errors import EvaluatorError, one_line
from evaluator.model.base import Model
from evaluator.model.catalogue import Catalogue, CatalogueHead, CriteriaFile, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.file_names import (
    CATALOGUE,
    EVALUATION,
    FIXED_FILES,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    no_scorecards,
    own_work_file,
    profile_file,
    scorecard_folders,
)
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation, Vendor, Workspace, scorecard_order
from evaluator.workspace.disk import MAX_BYTES, too_large
from evaluator.workspace.file_reader import read_model
from evaluator.workspace.git_folder import ID, GitFolder, find_git_folder
from evaluator.workspace.git_objects import GitObjects, open_objects

_M = TypeVar("_M", bound=Model)

_FAMILY = re.compile(r"criteria/[^/]+\.yaml\Z")
_MAX_COMMIT, _MAX_TREE = 1_000_000, 2_000_000
_TREES_KEPT = 16
_LONGEST_REVISION, _LONGEST_SUBJECT = 1_000, 200
_ALGORITHMS = {40: "sha1", 64: "sha256"}
"""Length of an id -> how it is made."""
_ENTRIES = {
    40: re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{20})", re.DOTALL),
    64: re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{32})", re.DOTALL),
}
"""Length of an id -> mode, name and id of an entry in a folder."""
_AFTER_NAME = re.compile(r"[~^:]|@\{")
"""What ends the name that a revision starts with: ``~3``, ``^{tree}`` and the like."""
_COMMIT = re.compile(
    rb"tree (?P<tree>[0-9a-f]{40}|[0-9a-f]{64})\n"
    rb"(?:parent (?P<parent>[0-9a-f]{40}|[0-9a-f]{64})\n)?(?:parent [0-9a-f]+\n)*"
    rb"author [^\n]*\ncommitter (?P<committer>[^\n]*)\n(?P<more>(?:[^\n]+\n)*)(?:\n(?P<message>.*))?",
    re.DOTALL,
)
_WHEN = re.compile(rb" ([0-9]{1,18}) ([+-])([0-9]{1,4})\Z")
_ENCODING = re.compile(
    rb"^encoding (iso-?8859-?\d+|latin-?\d|windows-?\d+|cp\d+|koi8-[ru]|shift[-_]?jis|euc-(?:jp|kr)|gbk?|gb18030|big5)$",
    re.IGNORECASE | re.MULTILINE,
)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the zone of the committer is added to it


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit."""

    id: str
    parent: str | None
    """The first parent."""
    tree: str
    day: date
    """When it was committed, in the committer's own time zone."""
    subject: str
    is_cut: bool = False
    """Whether a shallow clone lacks its parents."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """Names in one folder of one commit -> ids; links and submodules are left out."""

    files: Mapping[str, str]
    folders: Mapping[str, str]


@contextmanager
def open_history(root: Path) -> Iterator[History]:
    """The history of the workspace in ``root``.

    Raises:
        EvaluatorError: it is not in a git repository, in one that cannot be read safely, or git cannot be run.
    """
    folder = find_git_folder(root)
    try:
        head = folder.head()
    except EvaluatorError:
        head = None  # why is said when HEAD is asked for
    with open_objects(folder, _ALGORITHMS[len(head)] if head else "sha1") as objects:
        yield History(folder, objects, root.resolve().relative_to(folder.top).parts)


class History:
    """Commits of the repository, and the files of the workspace in them."""

    def __init__(self, folder: GitFolder, objects: GitObjects, inside: Sequence[str]) -> None:
        self._folder, self._objects, self._inside = folder, objects, inside
        self._shallow, self._is_partial = folder.shallow(), folder.is_partial()
        self._entries = lru_cache(_TREES_KEPT)(self._read_tree)

    def commits(self) -> tuple[Commit, ...]:
        """All commits of the current branch along the first parent, oldest first; the first is cut in a shallow clone.

        Raises:
            EvaluatorError: there is no commit yet, or one cannot be read.
        """
        head = self._folder.head()
        if head is None:
            raise EvaluatorError(f"There are no commits to read: the branch '{self._folder.branch()}' has none yet.")
        found = [self._commit(head)]
        while (parent := found[-1].parent) and not found[-1].is_cut:
            found.append(self._commit(parent))
        return tuple(reversed(found))

    def commit_at(self, revision: str) -> Commit:
        """The commit that git calls ``revision``; raises :class:`EvaluatorError` where there is none."""
        quoted = one_line(revision)
        if not revision or len(revision) > _LONGEST_REVISION or not revision.isprintable() or revision[0] == "-":
            raise EvaluatorError(f"'{quoted}' is not a git revision; name a branch, a tag or a commit id.")
        name = _AFTER_NAME.split(revision, maxsplit=1)[0]
        start = name
        if name and not ID.fullmatch(name):
            start = self._folder.reference("HEAD" if name == "@" else name) or name
        asked = f"{start}{revision[len(name) :]}^{{commit}}"
        found = None if "@{" in revision else self._objects.read(asked, _MAX_COMMIT)  # logs and upstreams are not read
        if found is None:
            more = " This clone is shallow: earlier commits are not in it." if self._shallow else ""
            raise EvaluatorError(f"There is no branch, tag or commit '{quoted}' in this repository.{more}")
        return self._commit(found.id)

    def files(self, commit: Commit, folders: Sequence[str]) -> dict[str, str]:
        """The files that lie directly in ``folders`` of the workspace ('' for its own): path in the workspace -> id."""
        found = {}
        for folder in folders:
            inside = [part for part in folder.split("/") if part]
            for name, content in self._tree(commit.tree, [*self._inside, *inside]).files.items():
                found["/".join([*inside, name])] = content
        return found

    def folders(self, commit: Commit, folder: str) -> tuple[str, ...]:
        """The names of the folders that lie directly in ``folder`` of the workspace."""
        return tuple(self._tree(commit.tree, [*self._inside, *folder.split("/")]).folders)

    def read(self, content: str, limit: int) -> bytes | None:
        """The content of a file by its id; nothing where it is larger than ``limit`` bytes.

        Raises:
            EvaluatorError: the repository lacks it, or it cannot be read.
        """
        return self._object(content, "blob", limit)

    def _tree(self, tree: str, path: Sequence[str]) -> _Folder:
        found = self._entries(tree)
        for part in path:
            if part not in found.folders:
                return _Folder({}, {})
            found = self._entries(found.folders[part])
        return found

    def _read_tree(self, tree: str) -> _Folder:
        data = self._object(tree, "tree", _MAX_TREE)
        if data is None:
            raise EvaluatorError(f"A folder in the history has too many entries to be read ({tree[:12]}).")
        files, folders, end = {}, {}, 0
        for entry in _ENTRIES[len(tree)].finditer(data):
            if entry.start() != end:
                break
            end = entry.end()
            name = os.fsdecode(entry[2])
            if entry[1].startswith(b"100"):
                files[name] = entry[3].hex()
            elif entry[1].endswith(b"40000"):
                folders[name] = entry[3].hex()
        if end != len(data):
            raise EvaluatorError(f"The git repository is damaged: the folder {tree[:12]} cannot be read.")
        return _Folder(files, folders)

    def _commit(self, commit: str) -> Commit:
        data = self._object(commit, "commit", _MAX_COMMIT)
        found = _COMMIT.fullmatch(data) if data is not None else None
        if found is None:
            why = "is too large" if data is None else "cannot be read"
            raise EvaluatorError(f"The git repository is damaged: the commit {commit[:12]} {why}.")
        parent = found["parent"]
        return Commit(
            id=commit,
            parent=parent.decode() if parent else None,
            tree=found["tree"].decode(),
            day=_day(found["committer"]),
            subject=_subject(found["message"] or b"", found["more"]),
            is_cut=parent is not None and commit in self._shallow,
        )

    def _object(self, name: str, kind: str, limit: int) -> bytes | None:
        found = self._objects.read(name, limit)
        if found is None:
            if self._is_partial:
                raise EvaluatorError(
                    f"The {kind} {name[:12]} is not in this clone, which was made without some contents; nothing is "
                    "fetched. A full clone has it."
                )
            raise EvaluatorError(f"The git repository is damaged or incomplete: the {kind} {name[:12]} is missing.")
        if found.kind != kind:
            raise EvaluatorError(f"The git repository is damaged: {name[:12]} is a {found.kind}, not a {kind}.")
        return found.data


def _day(committer: bytes) -> date:
    """The day in the committer's time zone; as in git, the first of 1970 where the time makes no sense."""
    when = _WHEN.search(committer)
    if when is None:
        return _EPOCH.date()
    hours, minutes = divmod(int(when[3]), 100)
    zone = timedelta(hours=hours, minutes=minutes)
    try:
        return (_EPOCH + timedelta(seconds=int(when[1])) + (zone if when[2] == b"+" else -zone)).date()
    except OverflowError:
        return _EPOCH.date()


def _subject(message: bytes, headers: bytes) -> str:
    """The first paragraph of the message on one line."""
    encoding = _ENCODING.search(headers)
    start = message.lstrip(b"\n \t\r")[: 20 * _LONGEST_SUBJECT]
    try:
        text = start.decode(encoding[1].decode() if encoding else "utf-8", "replace")
    except LookupError:
        text = start.decode("utf-8", "replace")
    return one_line(re.split(r"\n[ \t\r]*\n", text, maxsplit=1)[0], _LONGEST_SUBJECT)


class PastError(Exception):
    """Why the workspace of a commit cannot be used, in words."""


def files_of(history: History, commit: Commit, vendor: str) -> dict[str, str]:
    """The files that the figures of ``vendor`` depend on in ``commit``: path -> id of the content; own work moves none."""
    own = f"vendors/{vendor}"
    files = history.files(commit, ("", "criteria", *scorecard_folders(vendor, history.folders(commit, own))))
    return {
        name: blob
        for name, blob in files.items()
        if name in FIXED_FILES
        or _FAMILY.match(name)
        or (name.startswith(f"{own}/") and name.endswith(".yaml") and name != own_work_file(vendor))
    }


class PastReader:
    """Reads workspaces of many commits; what two commits share is one value."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._known: dict[tuple[str, type[Model]], Model | str] = {}

    def workspace(self, files: Mapping[str, str], vendor: str) -> Workspace:
        """The workspace that ``files`` make, with ``vendor`` alone; raises :class:`PastError`."""
        groups = [
            self._file(files, name, CriteriaFile)
            for name in sorted(files)
            if _FAMILY.match(name) and name not in FIXED_FILES
        ]
        head = self._file(files, CATALOGUE, CatalogueHead)
        by_family = {group.family: group.criteria for group in groups}
        order = dict.fromkeys([*(family.id for family in head.families), *by_family])
        found = Workspace.model_construct(
            evaluation=self._file(files, EVALUATION, Evaluation),
            catalogue=Catalogue.model_construct(
                head=head, families={family: by_family.get(family, ()) for family in order}
            ),
            weights=self._file(files, WEIGHTS, Weights),
            demand=self._file(files, USE_CASES, Demand),
            guardrails=self._file(files, GUARDRAILS, Guardrails),
            vendors={vendor: self._vendor(files, vendor)},
        )
        _usable(found, vendor)
        return found

    def _vendor(self, files: Mapping[str, str], vendor: str) -> Vendor:
        profile = self._file(files, profile_file(vendor), Profile)
        folders = scorecard_folders(vendor, [edition.id for edition in profile.editions])
        cards = [
            self._file(files, name, Scorecard)
            for name in sorted(files)
            if name.rpartition("/")[0] in folders and name not in no_scorecards(vendor)
        ]
        return Vendor.model_construct(profile=profile, scorecards=tuple(sorted(cards, key=scorecard_order)))

    def _file(self, files: Mapping[str, str], name: str, model: type[_M]) -> _M:
        if name not in files:
            raise PastError(f"{name} is missing")
        key = (files[name], model)
        if key not in self._known:
            self._known[key] = self._read(name, files[name], model)
        found = self._known[key]
        if isinstance(found, str):
            raise PastError(found)
        if not isinstance(found, model):
            raise TypeError(name)
        return found

    def _read(self, name: str, blob: str, model: type[_M]) -> _M | str:
        """The content of a file, or why it cannot be used."""
        data = self._history.read(blob, MAX_BYTES)
        found = read_model(data, name, model) if data is not None else None
        if found is not None and found.content is not None:
            return found.content
        first = found.problems[0] if found is not None else too_large(name)
        return f"{first.place}: {first.message}"


def _usable(workspace: Workspace, vendor: str) -> None:
    """What the rules on content would refuse and the engine cannot compute."""
    chosen = workspace.evaluation.options
    if chosen is not None and vendor not in chosen:
        raise PastError("not an option then")
    criteria = workspace.catalogue.criteria
    cards = workspace.vendors[vendor].scorecards
    for card, following in pairwise(cards):
        if scorecard_order(card) == scorecard_order(following):
            raise PastError(f"there are two scorecards of {card.assessor} on {card.edition}")
    for card in cards:
        for key, answer in card.answers.items():
            if isinstance(answer.level, int) and key in criteria and answer.level not in criteria[key].levels:
                raise PastError(f"{card.assessor}: {key}: there is no level {answer.level}")
