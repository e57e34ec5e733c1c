"""The kinds of files that make a workspace, and reading them as models with all that is wrong in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from pydantic import ValidationError

from evaluator.characters import safe_line
from evaluator.errors import Problem, one_line
from evaluator.model.base import Model
from evaluator.model.catalogue import CatalogueHead, CriteriaFile, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.elicitation import Stakeholder
from evaluator.model.file_names import CATALOGUE, EVALUATION, GUARDRAILS, LANGUAGE, REVIEW_LOG, USE_CASES, WEIGHTS
from evaluator.model.language import LanguageFile
from evaluator.model.own_work import OwnWorkFile
from evaluator.model.review import Review, ReviewLog
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation
from evaluator.workspace import containment
from evaluator.workspace.disk import sha256
from evaluator.workspace.validation_messages import problems_of
from evaluator.workspace.yaml_positions import Places, Steps
from evaluator.workspace.yaml_reader import NO_VALUE, YamlDocument, parse

_M = TypeVar("_M", bound=Model)


class Kind(NamedTuple):
    """One kind of file."""

    model: type[Model]
    place: str
    what: str


KINDS = {
    "evaluation": Kind(Evaluation, EVALUATION, "what is decided, by whom, as of when"),
    "catalogue": Kind(CatalogueHead, CATALOGUE, "the scale, the evidence grades and the families"),
    "criteria": Kind(CriteriaFile, "criteria/<family>.yaml", "the criteria of one family"),
    "weights": Kind(Weights, WEIGHTS, "the weights of families and criteria"),
    "stakeholder": Kind(Stakeholder, "weights/<role>.yaml", "what one stakeholder said about the weights"),
    "use-cases": Kind(Demand, USE_CASES, "the capabilities and the use cases"),
    "guardrails": Kind(Guardrails, GUARDRAILS, "the data classes and when a review is due"),
    "profile": Kind(Profile, "vendors/<vendor>/profile.yaml", "a vendor's facts, editions and capabilities"),
    "scorecard": Kind(Scorecard, "vendors/<vendor>/<edition>/<assessor>.yaml", "one assessor's answers on one edition"),
    "own-work": Kind(
        OwnWorkFile,
        "vendors/<vendor>/own-work.yaml",
        "what became of the due diligence that only the organisation can do",
    ),
    "review": Kind(Review, "reviews/<review>.yaml", "one review, from its opening on"),
    "language": Kind(LanguageFile, LANGUAGE, "the words of the papers"),
    "review-log": Kind(ReviewLog, REVIEW_LOG, "what happens between two reviews"),
}


def schema_of(model: type[Model]) -> str:
    """What a file of this model says of itself under ``schema``, for instance ``weights/1``."""
    return str(get_args(model.model_fields["format"].annotation)[0])


def kind_of(model: type[Model]) -> str:
    """The kind of file that the model is of: a key of :data:`KINDS`."""
    return schema_of(model).partition("/")[0]


@dataclass(frozen=True, slots=True)
class FileContent(Generic[_M]):
    """What the text of a file gave: its content, unless something is wrong with it, and the places of its values."""

    content: _M | None
    problems: tuple[Problem, ...]
    places: Places


def read_model(
    data: bytes, file: str, model: type[_M], document_of: Callable[[bytes, str], YamlDocument] = parse
) -> FileContent[_M]:
    """Read the text of the file named ``file`` as a ``model``; everything that is wrong with it is a problem."""
    document = document_of(data, file)
    found = list(document.problems)
    content = None
    if document.value is not None:
        other = _other_kind(document.value, file, model, document.places)
        if other is not None:
            return FileContent(None, (*found, other), document.places)  # the rest was written for another model
        try:
            content = model.model_validate(document.value)
        except ValidationError as error:
            # What is no value at all fits no model either: that is one mistake, not two.
            unread = {(one.line, one.column) for one in found if one.code in NO_VALUE}
            wrong = problems_of(error, model, document.places, file)
            found += [one for one in wrong if (one.line, one.column) not in unread]
    return FileContent(None if found else content, tuple(found), document.places)


def _other_kind(value: Any, file: str, model: type[Model], places: Places) -> Problem | None:
    """The problem of a file that says it is something else than a ``model``."""
    wanted = schema_of(model)
    found = value.get("schema") if isinstance(value, dict) else None
    if found is None or found == wanted:
        return None
    kind, _, version = str(found).partition("/")
    if kind == kind_of(model) and version:
        hint = "the file was written for another version of the evaluator"
    elif kind in KINDS:
        hint = f"such a file belongs at {KINDS[kind].place}"
    else:
        hint = f"write schema: {wanted}"
    line, column = places.best(("schema",))
    says = f"schema: expected {wanted}, found {one_line(found)}"
    return Problem("wrong-schema", says, file, ("schema",), line, column, hint=hint)


class Reader:
    """The files of the workspace at ``root``, a folder without links in its path.

    ``read`` gives their texts where not as on disk, ``document`` what they hold where they may be parsed already.
    """

    def __init__(
        self,
        root: Path,
        read: Callable[[str], bytes | Problem] | None = None,
        document: Callable[[bytes, str], YamlDocument] = parse,
    ) -> None:
        self.root = root
        self._document = document
        self._view = containment.WorkspaceView(root)
        self._read = read or self._view.read
        self._folder = lru_cache(self._view.folder)
        self.problems: list[Problem] = []
        self.places: dict[str, Places] = {}
        self.digests: dict[str, str] = {}

    def note(self, code: str, message: str, file: str, path: Steps = (), hint: str = "") -> None:
        """Notes a problem; with a path, of a file that was read."""
        line = column = None
        if path:
            line, column = self.places[file].best(path)
        self.problems.append(
            Problem(code=code, message=message, file=file, path=path, line=line, column=column, hint=hint)
        )

    def model(self, file: str, model: type[_M]) -> _M | None:
        """The content of one file, or nothing; what is wrong with it is noted."""
        data = self._read(file)
        if isinstance(data, Problem):
            self.problems.append(self._missing(file, model) if data.code == containment.MISSING else data)
            return None
        self.digests[file] = sha256(data)
        found = read_model(data, file, model, self._document)
        self.places[file] = found.places
        self.problems += found.problems
        return found.content

    def entries(self, folder: str) -> tuple[containment.FolderEntry, ...] | None:
        """What is in a folder apart from hidden names, sorted; nothing where it may not be read."""
        found = self._folder(folder)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return tuple(entry for entry in found if not entry.is_hidden)

    def holds_yaml(self, folder: str) -> bool:
        """Whether there are files in a folder that may be meant for the workspace; not where it may not be read."""
        found = self._folder(folder)
        endings = (".yaml", ".yml")
        return not isinstance(found, Problem) and any(
            entry.name.lower().endswith(endings) and not entry.is_hidden for entry in found
        )

    def yaml_files(self, folder: str) -> list[str] | None:
        """The names of the YAML files of a folder; a name that somebody may take for one is noted."""
        entries = self.entries(folder)
        if entries is None:
            return None
        names = []
        for entry in entries:
            stem, dot, ending = entry.name.rpartition(".")
            if not dot or ending.lower() not in {"yaml", "yml"}:
                continue
            if safe_line(entry.name) != entry.name:
                self.bad_name(f"{folder}/{entry.name}", "a file")
            elif ending == "yaml":
                names.append(entry.name)
            elif not entry.is_folder:
                self.note(
                    "stray-file",
                    f"the file is not read: its name ends in .{ending}",
                    f"{folder}/{entry.name}",
                    hint=f"rename it to {stem}.yaml",
                )
        return names

    def bad_name(self, name: str, what: str) -> None:
        """Notes a file or folder whose name cannot be used."""
        last = safe_line(name).rpartition("/")[2]
        slug = re.sub(r"[^a-z0-9.]+", "-", last.lower()).strip("-")
        self.note(
            "bad-name",
            f"{what} is named in lower-case letters and digits, in words joined by hyphens",
            safe_line(name),
            hint=f"for instance {slug}" if slug else "",
        )

    def _missing(self, file: str, model: type[Model]) -> Problem:
        kind = kind_of(model)
        message = f"the file is missing; expected {KINDS[kind].what}"
        if kind == "profile":
            return Problem(
                "no-profile", "the vendor's folder has no profile.yaml", file, hint="add it, or remove the folder"
            )
        other = f"{file.removesuffix('.yaml')}.yml"
        if (self.root / other).exists():
            return Problem(containment.MISSING, message, file, hint=f"rename {other}")
        return Problem(containment.MISSING, message, file, hint="`evaluator init DIR --blank` shows what belongs in it")
