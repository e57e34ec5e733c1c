"""What every sheet needs to know of the result: orders, short names, and where the live model fits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from evaluator.model.catalogue import Criterion
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Evaluated, EvidenceKey, Fit, OptionScore, StackSize
from evaluator.model.scorecard import UNKNOWN, Evidence
from evaluator.model.stack_details import StackDetails
from evaluator.reports.language import ENGLISH
from evaluator.reports.words import money
from evaluator.stack.recommendation import ListedStacks, listed_stacks
from evaluator.xlsx.cell_text import labels, one_line

Found = TypeVar("Found")
MOST_SETS = 5_000
"""Stacks of one size that the workbook lists; where more exist, only those that the search kept."""


@dataclass(frozen=True, slots=True)
class Part:
    """A family with at least one criterion in scope."""

    id: str
    title: str
    criteria: tuple[str, ...]
    weight: float
    """The organisation's figure, on its own scale."""
    place: int
    """Among the families, from 1."""


@dataclass(frozen=True, slots=True)
class PlacedCriterion:
    """A criterion in scope as the rows of a sheet show it."""

    criterion: Criterion
    family: Part
    place: int
    """Among all criteria in scope, from 1."""


@dataclass(frozen=True)
class WorkbookPlan:
    """A result, arranged for sheets."""

    result: Evaluated
    selection: str = ""
    """In words, what the workbook was narrowed to; empty where it shows everything."""
    whole: bool = True
    """Whether all families are in: only then do clearance, fit and stacks mean anything."""

    @cached_property
    def ranked(self) -> tuple[OptionScore, ...]:
        """Options, best first: how people read them."""
        return self.result.scores.options

    @cached_property
    def options(self) -> tuple[OptionScore, ...]:
        """Options by id: how the live model keeps them."""
        return tuple(sorted(self.ranked, key=lambda option: option.id))

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each option, from 1, among the options by id."""
        return {option.id: place for place, option in enumerate(self.options, start=1)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """A short name for each option that no other has."""
        return labels({option.id: option.name for option in self.options})

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Criteria in scope, in catalogue order."""
        known = self.result.workspace.catalogue.criteria
        return tuple(known[key] for key in self.result.scores.weights)

    @cached_property
    def criterion_labels(self) -> dict[str, str]:
        """A short title for each criterion that no other has."""
        return labels({criterion.id: criterion.title for criterion in self.criteria}, 60)

    def criterion_title(self, criterion: str) -> str:
        """The short title of any criterion of the catalogue, in scope or not; its id where there is none."""
        known = self.result.workspace.catalogue.criteria.get(criterion)
        return self.criterion_labels.get(criterion) or (one_line(known.title, 60) if known else criterion)

    @cached_property
    def families(self) -> tuple[Part, ...]:
        """Families with a criterion in scope, in catalogue order."""
        workspace = self.result.workspace
        titles = {family.id: family.title for family in workspace.catalogue.head.families}
        parts: list[Part] = []
        for family, group in workspace.catalogue.families.items():
            keys = tuple(criterion.id for criterion in group if criterion.id in self.result.scores.weights)
            if keys:
                weight = float(workspace.weights.families.get(family, 0))
                parts.append(Part(family, one_line(titles.get(family, family), 48), keys, weight, len(parts) + 1))
        return tuple(parts)

    @cached_property
    def placed_criteria(self) -> tuple[PlacedCriterion, ...]:
        """Criteria in scope with their families, in catalogue order."""
        parts = (part for part in self.families for _ in part.criteria)
        numbered = enumerate(zip(self.criteria, parts, strict=True), start=1)
        return tuple(PlacedCriterion(criterion, part, place) for place, (criterion, part) in numbered)

    @cached_property
    def family_titles(self) -> dict[str, str]:
        """Family title by criterion id, for all criteria of the catalogue."""
        catalogue = self.result.workspace.catalogue
        titles = {family.id: one_line(family.title, 48) for family in catalogue.head.families}
        return {criterion: titles.get(family, family) for criterion, family in catalogue.family_of.items()}

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Data class ids, lowest protection first."""
        return tuple(self.result.scores.gates)

    @cached_property
    def class_labels(self) -> dict[str, str]:
        """A short title for each data class that no other has."""
        return labels({item.id: item.title for item in self.result.workspace.guardrails.data_classes})

    def class_label(self, data_class: str | None) -> str:
        """The title of a data class, or the word none."""
        return "none" if data_class is None else self.class_labels.get(data_class, data_class)

    @cached_property
    def tag_labels(self) -> dict[str, str]:
        """A short title for each data tag that has a gate, in file order."""
        tags = self.result.workspace.guardrails.data_tags
        return labels({tag.id: tag.name for tag in tags if tag.id in self.result.scores.tag_gates})

    @cached_property
    def gated_class(self) -> int:
        """The place, from 1, of the data class that the what-if sheet starts with: the lowest that has a gate."""
        for place, gates in enumerate(self.result.scores.gates.values(), start=1):
            if gates:
                return place
        return 1

    @property
    def gated(self) -> str:
        """The id of that data class."""
        return self.classes[self.gated_class - 1]

    @cached_property
    def use_cases(self) -> tuple[UseCase, ...]:
        """Use cases in file order; none where the workbook is narrowed to some families."""
        return self.result.workspace.demand.use_cases if self.whole else ()

    @cached_property
    def use_case_labels(self) -> dict[str, str]:
        """A short title for each use case that no other has."""
        return labels({case.id: case.title for case in self.use_cases}, 44)

    @cached_property
    def fits(self) -> dict[str, dict[str, Fit]]:
        """Fit by use case and option."""
        return {case: {fit.option: fit for fit in row} for case, row in self.result.fits.items()}

    @cached_property
    def sizes(self) -> tuple[StackSize, ...]:
        """The best stacks by size; none where nothing is to be covered."""
        return self.result.stacks.sizes if self.result.stacks and self.whole else ()

    @cached_property
    def listed(self) -> dict[int, ListedStacks]:
        """By size, the stacks whose value the workbook recomputes."""
        return {size.size: listed_stacks(self.result, size.size, MOST_SETS) for size in self.sizes}

    @property
    def stack_details(self) -> StackDetails | None:
        """The recommended stack in full; None where sensitivity was not computed, or nothing is recommended."""
        return self.result.sensitivity.stack if self.result.sensitivity else None

    @property
    def recommended(self) -> int | None:
        """The recommended number of tools; None where no stack is recommended."""
        return self.result.stacks.recommended if self.result.stacks else None

    @property
    def shown_size(self) -> int:
        """The stack size that the what-if sheet starts with: the recommended one."""
        return self.recommended or 1

    def cost_alone(self, option: str) -> str:
        """What an option costs per year by itself."""
        cost = self.result.costs.get(option)
        return money(cost, ENGLISH) if cost else "serves no use case"

    def stack_label(self, tools: tuple[str, ...]) -> str:
        """A stack by the short names of its tools."""
        return " + ".join(self.labels[tool] for tool in tools)

    @cached_property
    def evidence_ids(self) -> dict[EvidenceKey, str]:
        """Register number by option and item."""
        return {item.key: item.id for item in self.result.evidence}

    def evidence_id(self, option: str, item: Evidence) -> str:
        """The register number of an item of evidence on ``option``."""
        return self.evidence_ids.get(EvidenceKey.of(option, item), "")


def level_or_unknown(level: int | None) -> int | str:
    """Return a level, or the word for none."""
    return UNKNOWN if level is None else level


def present(part: Found | None) -> Found:
    """Return a part of the result that not every result has: the sheets that read it are written only where it is there."""
    if part is None:
        raise LookupError("a sheet was written whose figures the result does not have")
    return part
