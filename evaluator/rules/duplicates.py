"""Ids that stand twice in one list, or that mean something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.model.elicitation import FAMILIES
from evaluator.model.file_names import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES
from evaluator.rules.base import Finding, RuleContext

_List = tuple[str, tuple[str | int, ...], str, Sequence[str], str]
"""File, path of the list, the key of each entry's id (empty where the entry is the id), the ids, what they name."""


def duplicate_ids(context: RuleContext) -> Iterator[Finding]:
    """An id that a list gives twice."""
    for file, path, field, ids, what in _lists(context):
        first: dict[str, int] = {}
        for place, key in enumerate(ids):
            if key in first:
                yield Finding(
                    file,
                    (*path, place, field) if field else (*path, place),
                    f"the {what} {key} stands here twice",
                    f"the first is entry {first[key] + 1} of {path[-1]}; keep one, or give it another id",
                )
            else:
                first[key] = place


def reserved_ids(context: RuleContext) -> Iterator[Finding]:
    """A family that is called as the group of all families is where stakeholders are asked for weights."""
    for place, family in enumerate(context.workspace.catalogue.head.families):
        if family.id == FAMILIES:
            yield Finding(
                CATALOGUE,
                ("families", place, "id"),
                f"no family may be called {FAMILIES}: stakeholders' weights mean all families by it",
                "give it another id, here, in its criteria file and in criteria/weights.yaml",
            )


def _lists(context: RuleContext) -> Iterator[_List]:
    workspace = context.workspace
    head, demand, rules = workspace.catalogue.head, workspace.demand, workspace.guardrails
    yield EVALUATION, ("options",), "", workspace.evaluation.options or (), "option"
    yield CATALOGUE, ("families",), "id", [family.id for family in head.families], "family"
    yield CATALOGUE, ("evidence_grades",), "grade", [grade.grade for grade in head.evidence_grades], "evidence grade"
    yield USE_CASES, ("use_cases",), "id", [use_case.id for use_case in demand.use_cases], "use case"
    for number, use_case in enumerate(demand.use_cases):
        for part, keys in (("must", use_case.must), ("should", use_case.should)):
            yield USE_CASES, ("use_cases", number, part), "", keys, "capability"
    yield GUARDRAILS, ("outcomes",), "", rules.outcomes, "outcome"
    yield GUARDRAILS, ("data_classes",), "id", rules.class_ids, "data class"
    yield GUARDRAILS, ("data_tags",), "id", [tag.id for tag in rules.data_tags], "data tag"
    yield GUARDRAILS, ("triggers",), "id", [trigger.id for trigger in rules.triggers], "trigger"
    yield GUARDRAILS, ("support_tiers",), "tier", [str(tier.tier) for tier in rules.support_tiers], "support tier"
    for file, profile in context.profiles():
        yield file, ("editions",), "id", [edition.id for edition in profile.editions], "edition"


def must_and_should(context: RuleContext) -> Iterator[Finding]:
    """A capability that a use case both must and should have: it would count twice."""
    for number, use_case in enumerate(context.workspace.demand.use_cases):
        must = frozenset(use_case.must)
        for place, key in enumerate(use_case.should):
            if key in must:
                yield Finding(
                    USE_CASES,
                    ("use_cases", number, "should", place),
                    f"the capability {key} stands under must and should",
                    "must is enough: remove it here",
                )
