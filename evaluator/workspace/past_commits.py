"""The workspace as it was in a commit, for one vendor: every distinct file content is read and parsed once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TypeVar

from pydantic import ValidationError

from evaluator.model.base import Model
from evaluator.model.catalogue import Catalogue, CatalogueHead, CriteriaFile, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.file_names import (
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    profile_file,
    scorecard_folders,
)
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation, Vendor, Workspace, scorecard_order
from evaluator.workspace.git import Commit, History
from evaluator.workspace.text_decoding import MAX_BYTES, too_large
from evaluator.workspace.validation_messages import problems_of
from evaluator.workspace.yaml_reader import parse

_M = TypeVar("_M", bound=Model)

_FIXED = (EVALUATION, CATALOGUE, WEIGHTS, USE_CASES, GUARDRAILS)
_FAMILY = re.compile(r"criteria/[^/]+\.yaml\Z")


class PastError(Exception):
    """Why the workspace of a commit cannot be used, in words."""


def files_of(history: History, commit: Commit, vendor: str) -> dict[str, str]:
    """The files that the figures of ``vendor`` depend on in ``commit``: path -> id of the content."""
    own = f"vendors/{vendor}"
    files = history.files(commit, ("", "criteria", *scorecard_folders(vendor, history.folders(commit, own))))
    return {
        name: blob
        for name, blob in files.items()
        if name in _FIXED or _FAMILY.match(name) or (name.startswith(f"{own}/") and name.endswith(".yaml"))
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
            if _FAMILY.match(name) and name not in _FIXED
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
            if name.rpartition("/")[0] in folders and name != profile_file(vendor)
        ]
        return Vendor.model_construct(profile=profile, scorecards=tuple(sorted(cards, key=scorecard_order)))

    def _file(self, files: Mapping[str, str], name: str, model: type[_M]) -> _M:
        if name not in files:
            raise PastError(f"{name} is missing")
        return self._model(name, files[name], model)

    def _model(self, name: str, blob: str, model: type[_M]) -> _M:
        key = (blob, model)
        if key not in self._known:
            self._known[key] = self._parsed(name, blob, model)
        found = self._known[key]
        if isinstance(found, str):
            raise PastError(found)
        if not isinstance(found, model):
            raise TypeError(name)
        return found

    def _parsed(self, name: str, blob: str, model: type[_M]) -> _M | str:
        content = self._history.read(blob, MAX_BYTES)
        if content is None:
            problem = too_large(name)
            return f"{problem.place}: {problem.message}"
        document = parse(content, name)
        problems = list(document.problems)
        if not problems:
            try:
                return model.model_validate(document.value)
            except ValidationError as error:
                problems = problems_of(error, model, document.places, name)
        return f"{problems[0].place}: {problems[0].message}"


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
