"""Closed reviews: what a record holds, and what is said about it; how a vendor fared over them; how a catalogue differs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from evaluator.model.base import Day, Id, Model, Number, OptionId
from evaluator.model.change import Cause, Points
from evaluator.model.review import Review, ReviewLog
from evaluator.model.workspace import Workspace

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=200)]
"""The name of a paper in the folder of its review."""
RecordedPoints = Annotated[Number, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class Recorded(Model):
    """A part of a record; later versions of the tool may have added keys, which are left alone."""

    model_config = ConfigDict(extra="ignore")


class RecordedEngine(Recorded):
    """The tool that computed the recorded figures.

    Records of before 2026-12 hold a hash of source code instead of the version of the numerical rules, which was 1.
    """

    version: str
    rules: Annotated[int, Field(ge=1)] = 1


class RecordBefore(Recorded):
    """The record that a review was closed upon."""

    review: Id
    as_of: Day
    record: Sha256


class RecordedCell(Recorded):
    """The points of one option on one criterion."""

    criterion: Id
    points: RecordedPoints
    low: RecordedPoints
    high: RecordedPoints


class RecordedOption(Recorded):
    """The points of one option."""

    id: OptionId
    cells: tuple[RecordedCell, ...]


class RecordedScores(Recorded):
    """The points of all options."""

    options: tuple[RecordedOption, ...]


class RecordedResult(Recorded):
    """What is read of the recorded result by name; all of it is held against what is computed, figure by figure."""

    scores: RecordedScores


class Record(Recorded):
    """``reports/<review>/record.json``: everything that was known and computed when a review was closed.

    One of an older format is read under the keys of today (``model.renamed_keys``).
    """

    format: Annotated[Literal["record/2"], Field(alias="schema")]
    review: Id
    as_of: Day
    closed: Day
    engine: RecordedEngine
    since: RecordBefore | None
    approved: tuple[OptionId, ...]
    review_file: Review | None
    """None where it was closed without having been opened."""
    log: ReviewLog
    workspace: Workspace
    result: RecordedResult
    files: dict[FileName, Sha256]
    parts: dict[str, str]
    seal: Sha256


@dataclass(frozen=True, slots=True)
class Tampering:
    """One thing that is not as it was issued."""

    file: str
    finding: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One recorded figure that comes out differently; None for what one of the two does not have."""

    path: str
    recorded: Any
    computed: Any


@dataclass(frozen=True, slots=True)
class Engine:
    """Which tool computed: its version, and the version of its numerical rules; None where that cannot be read."""

    version: str
    rules: int | None


class SignatureState(StrEnum):
    """The state of the signature of a closed review."""

    UNSIGNED = "unsigned"
    WRONG = "wrong"
    """It is not a signature of this checksum file for this purpose."""
    NOT_CHECKED = "not-checked"
    """There is a signature, but ssh-keygen is not installed to check it."""
    SIGNER_NOT_CHECKED = "signer-not-checked"
    """The signature is valid; no allowed signers were named."""
    NOT_ALLOWED = "not-allowed"
    """The signature is valid, but not by an allowed signer."""
    SIGNED = "signed"
    """The signature is valid, and its signer may sign."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a closed review, as far as that was checked."""

    state: SignatureState
    principal: str = ""
    """Who signed, by the name that the file of allowed signers has."""
    key_type: str = ""
    """Such as ED25519, or ED25519-CERT for a certificate."""
    fingerprint: str = ""
    """The SHA-256 fingerprint of the key, as OpenSSH writes it."""
    finding: str = ""
    """Why it is wrong or not allowed, or what else has to be known."""


class VerificationVerdict(StrEnum):
    """What verification found."""

    SAME = "same"
    CHANGED = "changed"
    UNUSABLE = "unusable"
    TAMPERED = "tampered"


@dataclass(frozen=True, slots=True)
class Verification:
    """One closed review, held against its seals and scored again."""

    review: str
    as_of: datetime.date | None
    closed: datetime.date | None
    tampered: tuple[Tampering, ...]
    figures: tuple[FigureChange, ...]
    recorded_by: Engine | None
    computed_by: Engine
    notes: tuple[str, ...] = ()
    unusable: str = ""
    """Why this version of the tool cannot score the recorded inputs."""
    signature: Signature = Signature(SignatureState.UNSIGNED)
    signer_wanted: bool = False
    """Whether allowed signers were named, so that a review signed by none of them does not pass."""

    @property
    def verdict(self) -> VerificationVerdict:
        """Tampered where anything is not as issued, unusable where it cannot be scored, changed where only figures differ."""
        if self.tampered:
            return VerificationVerdict.TAMPERED
        if self.unusable:
            return VerificationVerdict.UNUSABLE
        return VerificationVerdict.CHANGED if self.figures else VerificationVerdict.SAME

    @property
    def passed(self) -> bool:
        """Whether the review is as issued, gives the same figures, and is signed by an allowed signer where that is required."""
        signed = not self.signer_wanted or self.signature.state is SignatureState.SIGNED
        return signed and self.verdict is VerificationVerdict.SAME

    @property
    def same_rules(self) -> bool:
        """Whether the figures were recorded with the numerical rules at hand."""
        return self.recorded_by is not None and self.recorded_by.rules == self.computed_by.rules


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One vendor at one point: a closed review, a commit, or now."""

    kind: Literal["review", "commit", "now"]
    label: str
    as_of: datetime.date | None
    points: Points | None
    """None where it was no option then, or could not be read."""
    rank: int | None
    """None for a commit, where nobody else is scored."""
    coverage: float
    causes: dict[Cause, Points]
    """What moved the figures since the point before."""
    note: str = ""


class UpgradeWhat(StrEnum):
    """What an upgrade of the catalogue does with one thing."""

    ADDED = "added"
    REPLACED = "replaced"
    """Taken over from the shipped catalogue; an answer still answers it."""
    REWORDED = "reworded"
    """Taken over, and it asks something else: its answers have to be confirmed again."""
    MOVED = "moved"
    OWN = "own"
    """Not in the shipped catalogue: kept as it is."""
    KEPT = "kept"
    """The organisation changed it: its own text stays, and the shipped one differs."""
    RETIRED = "retired"
    """The shipped catalogue gave it up; kept until the organisation takes it out."""
    HEAD = "head"
    GATES = "gates"
    """All gates are on from now on, because the shipped catalogue has no starter set of them."""


@dataclass(frozen=True, slots=True)
class UpgradeItem:
    """One difference between the workspace's catalogue and the shipped one."""

    what: UpgradeWhat
    id: str
    title: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """An upgrade of the catalogue, carried out or only planned."""

    old: str
    new: str
    items: tuple[UpgradeItem, ...]
    files: tuple[str, ...]
    """The files that change."""
    done: bool
