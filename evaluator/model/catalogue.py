"""The catalogue: families and criteria with their rubrics, evidence grades, and the weights."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from evaluator.model.base import Day, Id, Model, Name, NotNegative, Share, Text, add_months

Level = Annotated[int, Field(ge=-100, le=100)]


class Scale(Model):
    """The levels that most criteria use; also the scale in which evidence caps are stated."""

    min: Level
    max: Level

    @model_validator(mode="after")
    def _ordered(self) -> Scale:
        if self.max <= self.min:
            raise PydanticCustomError("scale_order", "the highest level must lie above the lowest")
        return self


class EvidenceGrade(Model):
    """How much a kind of evidence can carry: an item supports no level above ``max_level`` alone."""

    grade: Annotated[str, Field(pattern=r"^[A-Z]$")]
    what: Text
    max_level: Level


class Family(Model):
    """A group of criteria that is weighted as a whole."""

    id: Id
    title: Name
    about: Literal["product", "vendor"]
    note: str = ""


class Reference(Model):
    """A published work that the catalogue leans on."""

    title: Name
    address: Text
    note: str = ""


class ReviewTrigger(Model):
    """Something that can happen to a vendor between two reviews, and the criteria whose answers it reopens."""

    id: Id
    when: Text
    reopens: tuple[Id, ...]


class CatalogueHead(Model):
    """``criteria/catalogue.yaml``: the scale, the evidence grades and the families in order."""

    format: Annotated[Literal["catalogue/1"], Field(alias="schema")]
    id: Id
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    date: Day
    title: Name
    status: Text
    scale: Scale
    rules: tuple[Text, ...] = ()
    evidence_grades: Annotated[tuple[EvidenceGrade, ...], Field(min_length=1)]
    evidence_rules: tuple[Text, ...] = ()
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    references: dict[str, Reference] = {}
    triggers: tuple[ReviewTrigger, ...] = ()
    retired: dict[Id, Text] = {}
    """Criteria that an earlier version of the catalogue had, and why or by what they were replaced."""


class Revision(Model):
    """What a version of the catalogue changed in the words of a criterion."""

    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    meaning: Literal["same", "changed"]
    """Whether an answer given before still answers the question."""
    note: Text


class OwnWork(Model):
    """Something that only the buying organisation can find out; it stands beside the levels and decides none."""

    id: Id
    text: Text


def _empty(value: object) -> bool:
    return not value


class Criterion(Model):
    """One question with anchored levels, the evidence it wants and how long that stays fresh."""

    id: Id
    title: Name
    question: Text
    why: Text
    levels: Annotated[dict[Level, Text], Field(min_length=2)]
    """Anchor text per level; whole numbers without gaps."""
    values: tuple[Share, ...] | None = None
    """Value of each level from lowest to highest, where steps are not equal; monotone, 0 to 1."""
    evidence: tuple[Text, ...]
    fresh_months: Annotated[int, Field(ge=1, le=120)]
    fresh_reason: str = ""
    edition_sensitive: bool
    own_figures: bool = False
    """Only the deciding organisation can answer: it needs own volumes, systems or cost figures."""
    tier: Literal["core", "extended"] = "core"
    gates: dict[Id, Level] = {}
    """Minimum level per data class; a gate applies when the evaluation switches it on."""
    # What came with catalogue 2.0.0 is left out where empty, so that digests of older content stay what they were.
    tag_gates: Annotated[dict[Id, Level], Field(exclude_if=_empty)] = {}
    """Minimum level per data tag."""
    gates_apply_to: Annotated[Literal["cloud", "self-hosted"] | None, Field(exclude_if=_empty)] = None
    """The deployment to which the gates of this criterion apply; every one where not stated."""
    own_work: Annotated[tuple[OwnWork, ...], Field(exclude_if=_empty)] = ()
    """Due diligence that belongs to the criterion."""
    starter_gate: bool = False
    mappings: dict[str, tuple[str, ...]] = {}
    references: tuple[str, ...] = ()
    basis: Literal["published", "mixed", "proposed"] = "proposed"
    note: str = ""
    revisions: tuple[Revision, ...] = ()
    """Re-wordings since the criterion was first published, oldest first; one without an entry counts as a change of meaning."""

    @model_validator(mode="after")
    def _rubric_holds(self) -> Criterion:
        found = sorted(self.levels)
        if found != list(range(found[0], found[-1] + 1)):
            raise PydanticCustomError("level_gap", "levels must be whole numbers without a gap")
        if self.values is not None:
            if len(self.values) != len(found):
                raise PydanticCustomError("values_count", "values must give one number for each level")
            if any(high < low for low, high in pairwise(self.values)):
                raise PydanticCustomError("values_order", "values must not fall as the level rises")
        if any(level not in self.levels for level in self.gates.values()):
            raise PydanticCustomError("gate_level", "a gate requires a level that the criterion does not have")
        if any(level not in self.levels for level in self.tag_gates.values()):
            raise PydanticCustomError("tag_gate_level", "a gate requires a level that the criterion does not have")
        return self

    @property
    def gated(self) -> bool:
        """Whether a minimum level is set for any data class or tag."""
        return bool(self.gates or self.tag_gates)

    @cached_property
    def min_level(self) -> int:
        """The lowest level of the criterion's own scale."""
        return min(self.levels)

    @cached_property
    def max_level(self) -> int:
        """The highest level of the criterion's own scale."""
        return max(self.levels)

    def value(self, level: int) -> float:
        """The value of ``level``: its entry in ``values``, else its linear place, 0 at the lowest, 1 at the highest.

        Raises ``KeyError`` for a level the criterion does not have.
        """
        if level not in self.levels:
            raise KeyError(level)
        if self.values is not None:
            return float(self.values[level - self.min_level])
        return (level - self.min_level) / (self.max_level - self.min_level)

    @cached_property
    def best_value(self) -> float:
        """The value of the highest level."""
        return self.value(self.max_level)

    def fresh_until(self, day: date) -> date:
        """The last day on which evidence that stands for ``day`` still counts as fresh."""
        return add_months(day, self.fresh_months)


class CriteriaFile(Model):
    """``criteria/<family>.yaml``: the criteria of one family."""

    format: Annotated[Literal["criteria/1"], Field(alias="schema")]
    family: Id
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Catalogue(Model):
    """The head and all criteria, in the order of the families."""

    head: CatalogueHead
    families: dict[Id, tuple[Criterion, ...]]
    """Criteria by family, in the order of ``head.families``; a family may be empty."""

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """Every criterion by id, in catalogue order."""
        return {criterion.id: criterion for group in self.families.values() for criterion in group}

    @cached_property
    def family_of(self) -> dict[str, str]:
        """The family id of every criterion id."""
        return {criterion.id: family for family, group in self.families.items() for criterion in group}

    @cached_property
    def grades(self) -> dict[str, EvidenceGrade]:
        """Evidence grades by letter."""
        return {grade.grade: grade for grade in self.head.evidence_grades}

    @cached_property
    def caps(self) -> dict[str, dict[str, int]]:
        """The highest level that one item of evidence can carry alone, by criterion and grade.

        Caps are stated on the catalogue's scale and carried over to a criterion with a scale of
        its own by their share of the range, rounded down.
        """
        scale = self.head.scale
        table: dict[str, dict[str, int]] = {}
        for criterion in self.criteria.values():
            span = criterion.max_level - criterion.min_level
            table[criterion.id] = {
                grade.grade: criterion.min_level
                + max(0, min(span, span * (grade.max_level - scale.min) // (scale.max - scale.min)))
                for grade in self.head.evidence_grades
            }
        return table

    def cap(self, grade: str, criterion: Criterion) -> int:
        """The highest level of ``criterion`` that one item of ``grade`` can carry; the lowest for an unknown grade."""
        return self.caps[criterion.id].get(grade, criterion.min_level)


class EarlierSeal(Model):
    """A seal that a later one replaced."""

    date: Day
    by: Text
    digest: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$", exclude_if=lambda value: value is None)] = None


class Seal(Model):
    """When, by which role and by which method the weights were fixed, before the first answer."""

    date: Day
    by: Text
    method: Text
    note: str = ""
    digest: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$", exclude_if=lambda value: value is None)] = None
    """SHA-256 of the weights that were sealed, so that a later change shows; `evaluator weights seal` writes it."""
    earlier: Annotated[tuple[EarlierSeal, ...], Field(exclude_if=lambda value: not value)] = ()
    """The seals that this one replaced, oldest first."""


class Weights(Model):
    """``criteria/weights.yaml``: the organisation's own importance of families and criteria."""

    format: Annotated[Literal["weights/1"], Field(alias="schema")]
    families: dict[Id, NotNegative]
    criteria: dict[Id, NotNegative]
    """Importance inside the family, on any scale; zero takes the criterion out of the sum."""
    reasons: dict[Id, Text] = {}
    seal: Seal | None = None
    note: str = ""
