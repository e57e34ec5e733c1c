"""Ids that nothing bears: every id in the content must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaluator.model.file_names import (
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    profile_file,
)
from evaluator.rules.base import Finding, Nearest, RuleContext

_Use = tuple[str, tuple[str | int, ...], str]
"""File, path and the id used there."""


def unknown_criteria(context: RuleContext) -> Iterator[Finding]:
    """A criterion id in weights, scorecards, use cases, triggers or the evaluation that the catalogue does not have."""
    if context.layout.incomplete_catalogue:
        return  # they may stand in the file that could not be used
    known = context.workspace.catalogue.criteria
    uses = [*_criterion_uses(context), *_reopened_uses(context)]
    yield from _unknown(uses, known, "criterion", "the files of criteria/")
    families = {family.id for family in context.workspace.catalogue.head.families}
    reasons = ((WEIGHTS, ("reasons", key), key) for key in context.workspace.weights.reasons)
    yield from _unknown(reasons, [*families, *known], "family or criterion", "criteria/")


def _criterion_uses(context: RuleContext) -> Iterator[_Use]:
    workspace = context.workspace
    for key in workspace.weights.criteria:
        yield WEIGHTS, ("criteria", key), key
    for key in workspace.evaluation.out_of_scope:
        yield EVALUATION, ("out_of_scope", key), key
    gates = workspace.evaluation.policies.gates
    if not isinstance(gates, str):
        for place, key in enumerate(gates):
            yield EVALUATION, ("policies", "gates", place), key
    for number, use_case in enumerate(workspace.demand.use_cases):
        for part, keys in (("emphasis", use_case.emphasis), ("gates", use_case.gates)):
            for key in keys:
                yield USE_CASES, ("use_cases", number, part, key), key
    for file, card, _ in context.scorecards():
        for key in card.answers:
            yield file, ("answers", key), key


def _reopened_uses(context: RuleContext) -> Iterator[_Use]:
    for number, trigger in enumerate(context.workspace.catalogue.head.triggers):
        for place, key in enumerate(trigger.reopens):
            yield CATALOGUE, ("triggers", number, "reopens", place), key


def unknown_families(context: RuleContext) -> Iterator[Finding]:
    """A family id in the weights or in a criteria file that the catalogue does not list."""
    known = [family.id for family in context.workspace.catalogue.head.families]
    uses: list[_Use] = [(WEIGHTS, ("families", key), key) for key in context.workspace.weights.families]
    uses += [(file, ("family",), key) for key, file in context.layout.families.items()]
    yield from _unknown(uses, known, "family", CATALOGUE)


def unknown_capabilities(context: RuleContext) -> Iterator[Finding]:
    """A capability in a use case or a profile that the use cases' file does not define."""
    demand = context.workspace.demand
    uses: list[_Use] = []
    for number, use_case in enumerate(demand.use_cases):
        for part, keys in (("must", use_case.must), ("should", use_case.should)):
            uses += [(USE_CASES, ("use_cases", number, part, place), key) for place, key in enumerate(keys)]
    for file, profile in context.profiles():
        uses += [(file, ("capabilities", key), key) for key in profile.capabilities]
    yield from _unknown(uses, demand.capabilities, "capability", USE_CASES)


def unknown_data_classes(context: RuleContext) -> Iterator[Finding]:
    """A data class in a gate, a use case, a data tag or a review tier that the guardrails do not define."""
    workspace = context.workspace
    uses: list[_Use] = [
        (USE_CASES, ("use_cases", number, "data_class"), use_case.data_class)
        for number, use_case in enumerate(workspace.demand.use_cases)
    ]
    uses += [
        (GUARDRAILS, ("data_tags", number, "min_class"), tag.min_class)
        for number, tag in enumerate(workspace.guardrails.data_tags)
    ]
    for number, tier in enumerate(workspace.guardrails.review_tiers):
        uses += [
            (GUARDRAILS, ("review_tiers", number, "data_classes", place), name)
            for place, name in enumerate(tier.data_classes)
        ]
    for key, criterion in workspace.catalogue.criteria.items():
        file, place = context.layout.criteria[key]
        uses += [(file, ("criteria", place, "gates", name), name) for name in criterion.gates]
    yield from _unknown(uses, workspace.guardrails.class_ids, "data class", GUARDRAILS)


def unknown_use_cases(context: RuleContext) -> Iterator[Finding]:
    """An exit plan that names what takes over for a use case that is not described."""
    for file, profile in context.profiles():
        alternatives = profile.exit.alternatives if profile.exit else {}
        uses: list[_Use] = [(file, ("exit", "alternatives", key), key) for key in alternatives]
        yield from _unknown(uses, context.workspace.demand.by_id, "use case", USE_CASES)


def unknown_options(context: RuleContext) -> Iterator[Finding]:
    """An option in scope, the status quo, or a tool in the limits of the stack, that no vendor folder stands for."""
    evaluation = context.workspace.evaluation
    # A vendor whose file is broken is there all the same; its own problem says enough.
    known = {*context.workspace.vendors, *context.layout.incomplete_vendors}
    uses: list[_Use] = [(EVALUATION, ("options", place), key) for place, key in enumerate(evaluation.options or ())]
    if evaluation.status_quo is not None:
        uses.append((EVALUATION, ("status_quo",), evaluation.status_quo))
    for part, rulings in (("required", evaluation.stack.required), ("excluded", evaluation.stack.excluded)):
        uses += [(EVALUATION, ("stack", part, place, "tool"), item.tool) for place, item in enumerate(rulings)]
    yield from _unknown(uses, known, "option", "vendors/, a folder each")


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


def unknown_editions(context: RuleContext) -> Iterator[Finding]:
    """An edition that the vendor's profile does not list."""
    for file, profile in context.profiles():
        known = [edition.id for edition in profile.editions]
        yield from _unknown([(file, ("edition",), profile.edition)], known, "edition", f"{file} under editions")
    for file, card, profile in context.scorecards():
        known = [edition.id for edition in profile.editions]
        use: _Use = (file, ("edition",), card.edition)
        yield from _unknown([use], known, "edition", f"{profile_file(profile.id)} under editions")


def unknown_triggers(context: RuleContext) -> Iterator[Finding]:
    """A review trigger of a use case that the guardrails do not define."""
    uses: list[_Use] = [
        (USE_CASES, ("use_cases", number, "review_triggers", place), key)
        for number, use_case in enumerate(context.workspace.demand.use_cases)
        for place, key in enumerate(use_case.review_triggers)
    ]
    known = [trigger.id for trigger in context.workspace.guardrails.triggers]
    yield from _unknown(uses, known, "review trigger", GUARDRAILS)


def unknown_outcomes(context: RuleContext) -> Iterator[Finding]:
    """An outcome of a trigger or a data tag that the guardrails do not list."""
    rules = context.workspace.guardrails
    uses: list[_Use] = [
        (GUARDRAILS, ("triggers", number, "outcome"), trigger.outcome) for number, trigger in enumerate(rules.triggers)
    ]
    uses += [
        (GUARDRAILS, ("data_tags", number, "outcome"), tag.outcome)
        for number, tag in enumerate(rules.data_tags)
        if tag.outcome is not None
    ]
    yield from _unknown(uses, rules.outcomes, "outcome", f"{GUARDRAILS} under outcomes")


def unknown_references(context: RuleContext) -> Iterator[Finding]:
    """A published work that a criterion leans on and the catalogue does not list."""
    uses: list[_Use] = []
    for key, criterion in context.workspace.catalogue.criteria.items():
        file, number = context.layout.criteria[key]
        uses += [
            (file, ("criteria", number, "references", place), name) for place, name in enumerate(criterion.references)
        ]
    yield from _unknown(uses, context.workspace.catalogue.head.references, "reference", f"{CATALOGUE} under references")


def unknown_grades(context: RuleContext) -> Iterator[Finding]:
    """A grade of evidence that the catalogue does not define."""
    known = context.workspace.catalogue.grades
    for file, card, _ in context.scorecards():
        for key, answer in card.answers.items():
            for place, item in enumerate(answer.evidence):
                if item.grade not in known:
                    yield Finding(
                        file,
                        ("answers", key, "evidence", place, "grade"),
                        f"there is no evidence grade {item.grade}",
                        f"known: {', '.join(known)}",
                    )


def _unknown(uses: Iterable[_Use], known: Iterable[str], what: str, where: str) -> Iterator[Finding]:
    names = set(known)
    hint = Nearest(sorted(names), where)
    for file, path, key in uses:
        if key not in names:
            yield Finding(file, path, f"there is no {what} {key}", hint(key))
