"""Ids: each one that is used must be defined, and none may be listed twice in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evaluator.model.elicitation import FAMILIES
from evaluator.model.file_names import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, WEIGHTS, profile_file
from evaluator.rules.base import CRITERIA, PROFILES, SCORECARDS, Finding, Found, Nearest, RuleContext, counted


@dataclass(frozen=True, slots=True)
class UnknownIds:
    """A rule that finds ids of one kind which are used and nowhere listed."""

    what: str
    listed_in: str
    known: Callable[[RuleContext], Iterable[str]]
    used_at: tuple[tuple[str, str], ...]
    """Kind of file and pattern, as :meth:`RuleContext.values` takes them."""

    def __call__(self, context: RuleContext) -> Iterator[Finding]:
        """Every use of an id that is not listed."""
        uses = (use for kind, pattern in self.used_at for use in context.values(kind, pattern))
        return _unknown(uses, self.known(context), self.what, self.listed_in)


def _unknown(uses: Iterable[Found], known: Iterable[str], what: str, listed_in: str) -> Iterator[Finding]:
    names = set(known)
    hint = Nearest(sorted(names), listed_in)
    for file, path, key in uses:
        if key not in names:
            yield Finding(file, path, f"there is no {what} {key}", hint(key))


_CRITERIA = UnknownIds(
    "criterion",
    "the files of criteria/",
    lambda context: context.workspace.catalogue.criteria,
    (
        (WEIGHTS, "criteria.@"),
        (EVALUATION, "out_of_scope.@"),
        (EVALUATION, "policies.gates.*"),
        (USE_CASES, "use_cases.*.emphasis.@"),
        (USE_CASES, "use_cases.*.gates.@"),
        (SCORECARDS, "answers.@"),
        (CATALOGUE, "triggers.*.reopens.*"),
    ),
)
_WEIGHED = UnknownIds(
    "family or criterion",
    "criteria/",
    lambda context: [*_family_ids(context), *context.workspace.catalogue.criteria],
    ((WEIGHTS, "reasons.@"),),
)


def unknown_criteria(context: RuleContext) -> Iterator[Finding]:
    """A criterion id in weights, scorecards, use cases, triggers or the evaluation that the catalogue does not have."""
    if context.layout.incomplete_catalogue:
        return  # they may stand in the file that could not be used
    found = [*_CRITERIA(context), *_WEIGHED(context)]
    empty = [
        Finding(
            CATALOGUE,
            ("families", place, "id"),
            f"no file in criteria/ holds the criteria of the family {family}, so {counted(len(found), 'use', 'uses')} "
            "of criteria cannot be checked",
            f"restore the file, criteria/{family}.yaml as a rule, or take the family out",
        )
        for place, family in enumerate(_family_ids(context))
        if not context.workspace.catalogue.families.get(family)
    ]
    yield from empty if found and empty else found


def _family_ids(context: RuleContext) -> list[str]:
    return [family.id for family in context.workspace.catalogue.head.families]


def unknown_families(context: RuleContext) -> Iterator[Finding]:
    """A family id in the weights or in a criteria file that the catalogue does not list."""
    uses = [*context.values(WEIGHTS, "families.@")]
    uses += [Found(file, ("family",), key) for key, file in context.layout.families.items()]
    yield from _unknown(uses, _family_ids(context), "family", CATALOGUE)


unknown_capabilities = UnknownIds(
    "capability",
    USE_CASES,
    lambda context: context.workspace.demand.capabilities,
    ((USE_CASES, "use_cases.*.must.*"), (USE_CASES, "use_cases.*.should.*"), (PROFILES, "capabilities.@")),
)
unknown_data_classes = UnknownIds(
    "data class",
    GUARDRAILS,
    lambda context: context.workspace.guardrails.class_ids,
    (
        (USE_CASES, "use_cases.*.data_class"),
        (GUARDRAILS, "data_tags.*.min_class"),
        (GUARDRAILS, "review_tiers.*.data_classes.*"),
        (CRITERIA, "gates.@"),
    ),
)
unknown_data_tags = UnknownIds(
    "data tag",
    f"{GUARDRAILS} under data_tags",
    lambda context: context.workspace.guardrails.tag_ids,
    (
        (USE_CASES, "use_cases.*.data_tags.*"),
        (USE_CASES, "use_cases.*.conditional_tags.@"),
        (CRITERIA, "tag_gates.@"),
    ),
)
unknown_use_cases = UnknownIds(
    "use case",
    USE_CASES,
    lambda context: context.workspace.demand.by_id,
    ((PROFILES, "exit.alternatives.@"),),
)
unknown_options = UnknownIds(
    "option",
    "vendors/, a folder each",
    # A vendor whose file is broken is there all the same; its own problem says enough.
    lambda context: {*context.workspace.vendors, *context.layout.incomplete_vendors},
    (
        (EVALUATION, "options.*"),
        (EVALUATION, "status_quo"),
        (EVALUATION, "stack.required.*.tool"),
        (EVALUATION, "stack.excluded.*.tool"),
    ),
)
unknown_triggers = UnknownIds(
    "review trigger",
    GUARDRAILS,
    lambda context: [trigger.id for trigger in context.workspace.guardrails.triggers],
    ((USE_CASES, "use_cases.*.review_triggers.*"),),
)
unknown_outcomes = UnknownIds(
    "outcome",
    f"{GUARDRAILS} under outcomes",
    lambda context: context.workspace.guardrails.outcomes,
    ((GUARDRAILS, "triggers.*.outcome"), (GUARDRAILS, "data_tags.*.outcome")),
)
unknown_references = UnknownIds(
    "reference",
    f"{CATALOGUE} under references",
    lambda context: context.workspace.catalogue.head.references,
    ((CRITERIA, "references.*"),),
)


def unknown_editions(context: RuleContext) -> Iterator[Finding]:
    """An edition that the vendor's profile does not list."""
    for file, profile in context.profiles():
        known = [edition.id for edition in profile.editions]
        use = Found(file, ("edition",), profile.edition)
        yield from _unknown([use], known, "edition", f"{file} under editions")
    for file, card, profile in context.scorecards():
        known = [edition.id for edition in profile.editions]
        use = Found(file, ("edition",), card.edition)
        yield from _unknown([use], known, "edition", f"{profile_file(profile.id)} under editions")


def unknown_grades(context: RuleContext) -> Iterator[Finding]:
    """A grade of evidence that the catalogue does not define."""
    known = context.workspace.catalogue.grades
    for file, path, grade in context.values(SCORECARDS, "answers.*.evidence.*.grade"):
        if grade not in known:
            yield Finding(file, path, f"there is no evidence grade {grade}", f"known: {', '.join(known)}")


def status_quo_out_of_scope(context: RuleContext) -> Iterator[Finding]:
    """A status quo that exists but is not among the options."""
    evaluation = context.workspace.evaluation
    quo, chosen = evaluation.status_quo, evaluation.options
    if quo is not None and chosen is not None and quo in context.workspace.vendors and quo not in chosen:
        yield Finding(
            EVALUATION,
            ("status_quo",),
            f"the status quo {quo} is not among the options",
            "it is an option like any other: add it to options",
        )


_LISTS = (
    (EVALUATION, "options", "", "option"),
    (CATALOGUE, "families", "id", "family"),
    (CATALOGUE, "evidence_grades", "grade", "evidence grade"),
    (USE_CASES, "use_cases", "id", "use case"),
    (USE_CASES, "use_cases.*.must", "", "capability"),
    (USE_CASES, "use_cases.*.should", "", "capability"),
    (USE_CASES, "use_cases.*.data_tags", "", "data tag"),
    (GUARDRAILS, "outcomes", "", "outcome"),
    (GUARDRAILS, "data_classes", "id", "data class"),
    (GUARDRAILS, "data_tags", "id", "data tag"),
    (GUARDRAILS, "triggers", "id", "trigger"),
    (GUARDRAILS, "support_tiers", "tier", "support tier"),
    (PROFILES, "editions", "id", "edition"),
    (CRITERIA, "own_work", "id", "item of own work"),
)
"""Kind of file, the list in it, the key of each entry's id (empty where the entry is the id), and what the ids name."""


def duplicate_ids(context: RuleContext) -> Iterator[Finding]:
    """An id that a list gives twice."""
    for kind, pattern, field, what in _LISTS:
        for file, path, entries in context.values(kind, pattern):
            first: dict[str | int, int] = {}
            for place, entry in enumerate(entries):
                key = getattr(entry, field) if field else entry
                if first.setdefault(key, place) != place:
                    yield Finding(
                        file,
                        (*path, place, field) if field else (*path, place),
                        f"the {what} {key} is listed twice here",
                        f"the first is entry {first[key] + 1} of {path[-1]}; keep one, or give it another id",
                    )


def reserved_ids(context: RuleContext) -> Iterator[Finding]:
    """A family that is called as the group of all families is where stakeholders are asked for weights."""
    for file, path, key in context.values(CATALOGUE, "families.*.id"):
        if key == FAMILIES:
            yield Finding(
                file,
                path,
                f"no family may be called {FAMILIES}: stakeholders' weights mean all families by it",
                "give it another id, here, in its criteria file and in criteria/weights.yaml",
            )


def must_and_should(context: RuleContext) -> Iterator[Finding]:
    """A capability that a use case both must and should have: it would count twice."""
    for number, use_case in enumerate(context.workspace.demand.use_cases):
        must = frozenset(use_case.must)
        for place, key in enumerate(use_case.should):
            if key in must:
                yield Finding(
                    USE_CASES,
                    ("use_cases", number, "should", place),
                    f"the capability {key} is listed under both must and should",
                    "must is enough: remove it here",
                )
