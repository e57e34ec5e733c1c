"""From a folder to one frozen workspace and everything that is wrong in it.

One broken file never hides another: every file is read and reported, and what cannot be used is left
out. Only without one of the five files that everything hangs on is there no workspace at all.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluator.characters import safe_line
from evaluator.errors import Notice, Problem, folded
from evaluator.model.catalogue import Catalogue, CatalogueHead, CriteriaFile, Criterion, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.elicitation import Stakeholder
from evaluator.model.file_names import (
    CATALOGUE,
    EVALUATION,
    FIXED_FILES,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Layout,
    is_id,
    no_scorecards,
    own_work_file,
    profile_file,
    scorecard_file,
)
from evaluator.model.own_work import OwnWorkFile
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation, Vendor, Workspace, scorecard_order
from evaluator.workspace.file_reader import Reader
from evaluator.workspace.journal import OWN_FOLDER, find_journal, last_change
from evaluator.workspace.lock import locked
from evaluator.workspace.yaml_positions import Places

_TRIES = 3
"""How often reading starts again where another command writes meanwhile, before it waits for that one."""
_UNFINISHED = (
    "A change to this workspace is unfinished: another command is making it, or was interrupted. What is shown is the state before it; "
    "the next command that writes undoes an interrupted change."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder gave: the workspace, if there is one, and the problems of reading it."""

    root: Path
    workspace: Workspace | None
    problems: tuple[Problem, ...]
    layout: Layout = field(default_factory=Layout)
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)
    """SHA-256 of every file that was read, by its name; for whoever wants to write it back."""
    places: Mapping[str, Places] = field(default_factory=dict, repr=False)

    def pin(self, problem: Problem) -> Problem:
        """``problem`` with line and column, where its file and path lead to a place."""
        places = self.places.get(problem.file)
        if places is None or problem.line is not None or problem.cell is not None:
            return problem
        line, column = places.best(problem.path)
        return replace(problem, line=line, column=column)

    def report(self, found: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems of reading together with those ``found`` in the content, by file and line."""
        return tuple(folded(_in_order((*self.problems, *(self.pin(problem) for problem in found)))))


def load(root: Path) -> Loaded:
    """Read the workspace that :func:`~evaluator.workspace.containment.find_root` found, as it is at one moment; never raises for what is in it.

    While a change to it is unfinished the state before it is read, with a :class:`~evaluator.errors.Notice`.

    Raises:
        EvaluatorError: other commands keep writing to it.
    """
    real = root.resolve()
    if find_journal(real):
        warnings.warn(_UNFINISHED, Notice, stacklevel=2)
    for _ in range(_TRIES):
        before = last_change(real)
        loaded = _load(real)
        if last_change(real) == before:
            return loaded
    with locked(real / OWN_FOLDER):
        return _load(real)


def _load(real: Path) -> Loaded:
    reader = Reader(real)
    evaluation = reader.model(EVALUATION, Evaluation)
    head = reader.model(CATALOGUE, CatalogueHead)
    weights = reader.model(WEIGHTS, Weights)
    demand = reader.model(USE_CASES, Demand)
    guardrails = reader.model(GUARDRAILS, Guardrails)
    families = _Families(reader)
    families.read()
    vendors = _Vendors(reader)
    vendors.read()
    stakeholders = _stakeholders(reader)
    workspace = None
    if evaluation and head and weights and demand and guardrails:
        workspace = Workspace(
            evaluation=evaluation,
            catalogue=families.catalogue(head),
            weights=weights,
            demand=demand,
            guardrails=guardrails,
            vendors=vendors.usable,
            stakeholders=stakeholders,
        )
    layout = Layout(
        families=families.files,
        criteria=families.places,
        scorecards=vendors.cards,
        incomplete_catalogue=families.incomplete,
        incomplete_vendors=frozenset(vendors.incomplete),
    )
    return Loaded(real, workspace, _in_order(reader.problems), layout, reader.digests, reader.places)


def _stakeholders(reader: Reader) -> dict[str, Stakeholder]:
    """What the stakeholders said about the weights, by role; there need not be any."""
    found = {}
    for name in reader.yaml_files("weights") or ():
        file = f"weights/{name}"
        said = reader.model(file, Stakeholder)
        if said is not None and _is_named(reader, file, said.role, "role", f"the weights of {said.role} bear"):
            found[said.role] = said
    return found


def _is_named(reader: Reader, file: str, stem: str, key: str, says: str, code: str = "stakeholder-role") -> bool:
    """Whether a file has the name that its content asks for under ``key``; noted where it has not."""
    name = file.rpartition("/")[2]
    if name == f"{stem}.yaml":
        return True
    reader.note(code, f"{says} the name {name}", file, (key,), f"rename it to {stem}.yaml, or correct `{key}`")
    return False


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(
        sorted(problems, key=lambda problem: (problem.file, problem.line or 0, problem.column or 0, problem.code))
    )


class _Families:
    """The criteria of all files in criteria/ that have no name of their own."""

    def __init__(self, reader: Reader) -> None:
        self.files: dict[str, str] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.incomplete = False
        self._reader = reader
        self._groups: dict[str, tuple[Criterion, ...]] = {}

    def catalogue(self, head: CatalogueHead) -> Catalogue:
        """The catalogue; families that its head does not list come last, for the checks to report."""
        order = dict.fromkeys([*(family.id for family in head.families), *self._groups])
        return Catalogue(head=head, families={family: self._groups.get(family, ()) for family in order})

    def read(self) -> None:
        """Reads every file; one that cannot be used makes the catalogue incomplete."""
        names = self._reader.yaml_files("criteria")
        self.incomplete = names is None
        for file in (f"criteria/{name}" for name in names or ()):
            if file in FIXED_FILES:
                continue
            content = self._reader.model(file, CriteriaFile)
            first = self.files.setdefault(content.family, file) if content else ""
            if content is not None and first == file:
                self._groups[content.family] = self._unique(content, file)
                continue
            self.incomplete = True
            if content is not None:
                self._reader.note(
                    "two-families",
                    f"the family {content.family} has a second file here",
                    file,
                    ("family",),
                    f"the first is {first}; move all its criteria into one of them",
                )

    def _unique(self, content: CriteriaFile, file: str) -> tuple[Criterion, ...]:
        """The criteria of a file without those whose id is taken."""
        kept = []
        for place, criterion in enumerate(content.criteria):
            first, position = self.places.setdefault(criterion.id, (file, place))
            if (first, position) == (file, place):
                kept.append(criterion)
                continue
            line, _ = self._reader.places[first].best(("criteria", position, "id"))
            self._reader.note(
                "two-criteria",
                f"a second criterion has the id {criterion.id}",
                file,
                ("criteria", place, "id"),
                f"the first is at {first}:{line}; give one of them another id",
            )
        return tuple(kept)


class _Vendors:
    """The vendors: a folder each, with a profile and any number of scorecards, in a folder for each edition or beside the profile."""

    def __init__(self, reader: Reader) -> None:
        self.usable: dict[str, Vendor] = {}
        self.cards: dict[tuple[str, str, str], str] = {}
        """Vendor, edition and assessor -> file."""
        self.incomplete: set[str] = set()
        self._reader = reader
        self._folders: set[str] = set()
        self._taken: dict[str, str] = {}

    def read(self) -> None:
        """Reads every folder in vendors/."""
        entries = self._reader.entries("vendors") or ()
        self._folders = {entry.name for entry in entries if entry.is_folder}
        for entry in entries:
            name = entry.name
            if entry.is_folder and is_id(name):
                vendor = self._vendor(name)
                if vendor is not None:
                    self.usable[name] = vendor
            elif entry.is_folder:
                self._reader.bad_name(f"vendors/{name}", "a vendor's folder")
            elif name.lower().endswith((".yaml", ".yml")):
                self._reader.note(
                    "stray-file",
                    "the file is not read: a vendor is a folder with a profile.yaml",
                    f"vendors/{safe_line(name)}",
                    hint=f"move it to {profile_file(safe_line(name).rpartition('.')[0])}",
                )
            elif is_id(name) or (entry.is_link and "." not in name):
                self._reader.entries(f"vendors/{name}")  # says what is there in place of a folder

    def _vendor(self, folder: str) -> Vendor | None:
        names = self._reader.yaml_files(f"vendors/{folder}")
        if names is None:
            self.incomplete.add(folder)
            return None
        profile = self._profile(folder)
        # The scorecards are read even where the profile is broken: what is wrong in them counts too.
        beside = [f"vendors/{folder}/{name}" for name in names]
        files = self._in_editions(folder, profile)
        files += [file for file in beside if file not in no_scorecards(folder)]
        cards = [card for file in files if (card := self._scorecard(folder, file)) is not None]
        recorded = own_work_file(folder) in beside
        own_work = self._reader.model(own_work_file(folder), OwnWorkFile) if recorded else None
        if profile is None or len(cards) < len(files) or (recorded and own_work is None):
            self.incomplete.add(folder)
        if profile is None:
            return None
        return Vendor(profile=profile, scorecards=tuple(sorted(cards, key=scorecard_order)), own_work=own_work)

    def _in_editions(self, vendor: str, profile: Profile | None) -> list[str]:
        """The files in the folders of editions; a folder of such files that is not named after an edition is noted."""
        editions = [edition.id for edition in profile.editions] if profile else []
        found: list[str] = []
        for entry in self._reader.entries(f"vendors/{vendor}") or ():
            name, folder = entry.name, f"vendors/{vendor}/{entry.name}"
            is_named_like_one = entry.is_folder and is_id(name)
            if name in editions or (profile is None and is_named_like_one):
                found += self._in_edition(vendor, folder)
            elif not entry.is_folder or name.endswith(".yaml") or not self._reader.holds_yaml(folder):
                continue  # pictures and the like
            elif is_named_like_one:
                self.incomplete.add(vendor)
                self._reader.note(
                    "edition-folder",
                    f"the files in this folder are not read: {vendor} has no edition {name}",
                    folder,
                    hint=f"its editions are {', '.join(editions)}; rename the folder, or add the edition to {profile_file(vendor)}",
                )
            else:
                self.incomplete.add(vendor)
                self._reader.bad_name(folder, "an edition's folder")
        return found

    def _in_edition(self, vendor: str, folder: str) -> list[str]:
        names = self._reader.yaml_files(folder)
        if names is None:
            self.incomplete.add(vendor)
            return []
        for entry in self._reader.entries(folder) or ():
            inner = f"{folder}/{entry.name}"
            if entry.is_folder and entry.name not in names and self._reader.holds_yaml(inner):
                self.incomplete.add(vendor)
                self._reader.note(
                    "folder-too-deep",
                    "the files in this folder are not read: scorecards lie directly in the folder of their edition",
                    safe_line(inner),
                    hint=f"move them to {folder}",
                )
        return [f"{folder}/{name}" for name in names]

    def _profile(self, folder: str) -> Profile | None:
        file = profile_file(folder)
        profile = self._reader.model(file, Profile)
        if profile is None:
            return None
        if profile.id == folder:
            return profile
        # The folder of that name is the rightful owner of the id, whichever of the two is read first.
        owner = profile_file(profile.id) if profile.id in self._folders else self._taken.setdefault(profile.id, file)
        if owner == file:
            says = f"the profile says {profile.id}, its folder says {folder}"
            self._reader.note("vendor-id", says, file, ("id",), "rename one of them")
        else:
            hint = f"if this is another vendor, write id: {folder} here, else remove the folder vendors/{folder}"
            says = f"two vendors have the id {profile.id}"
            self._reader.note("two-vendors", says, file, ("id",), f"the other is {owner}; {hint}")
        return None

    def _scorecard(self, folder: str, file: str) -> Scorecard | None:
        place = file.rpartition("/")[0]
        card = self._reader.model(file, Scorecard)
        if card is None:
            return None
        move = f"move it to {scorecard_file(card.vendor, card.edition, card.assessor)}, or correct"
        if card.vendor != folder:
            says = f"the scorecard is about {card.vendor} but lies in the folder of {folder}"
            self._reader.note("scorecard-vendor", says, file, ("vendor",), f"{move} `vendor`")
            return None
        bears = f"the scorecard of {card.assessor} bears"
        if not _is_named(self._reader, file, card.assessor, "assessor", bears, "scorecard-assessor"):
            return None
        if place not in {f"vendors/{folder}", f"vendors/{folder}/{card.edition}"}:
            says = (
                f"the scorecard is on the edition {card.edition} but lies in the folder of {place.rpartition('/')[2]}"
            )
            self._reader.note("scorecard-edition", says, file, ("edition",), f"{move} `edition`")
            return None
        first = self.cards.setdefault((folder, card.edition, card.assessor), file)
        if first != file:
            says = f"a second scorecard of {card.assessor} is on the edition {card.edition}"
            hint = f"the other is {first}; remove one of the two"
            self._reader.note("two-scorecards", says, file, ("assessor",), hint)
            return None
        return card
