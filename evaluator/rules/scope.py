"""What is evaluated: options, use cases, gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from evaluator.errors import one_line
from evaluator.model.file_names import EVALUATION, USE_CASES, profile_file
from evaluator.model.workspace import ToolLimit
from evaluator.rules.base import Finding, RuleContext, counted, listed

_FEWEST_OPTIONS = 2


def few_options(context: RuleContext) -> Iterator[Finding]:
    """Fewer than two options: there is nothing to choose between."""
    count = sum(1 for _ in context.options())
    if count < _FEWEST_OPTIONS and not context.layout.incomplete_vendors:
        found = "there is only one option" if count else "there is no option"
        has_list = context.workspace.evaluation.options is not None
        yield Finding(
            EVALUATION,
            ("options",) if has_list else (),
            f"{found}; a choice needs at least two",
            "add each by: evaluator vendor add ID",
        )


def no_gate(context: RuleContext) -> Iterator[Finding]:
    """The catalogue has gates and none is on: then everybody is cleared for everything."""
    policies = context.workspace.evaluation.policies
    known = any(criterion.gated for criterion in context.workspace.catalogue.criteria.values())
    on = (found for found in context.criteria_in_scope().values() if found.gated and policies.switches_on(found))
    if not known or context.layout.incomplete_catalogue or any(on):
        return
    yield Finding(
        EVALUATION,
        ("policies", "gates"),
        "no gate is switched on, so every option counts as cleared for every data class",
        "write `gates: all` under policies, or name criteria in scope that have gates",
    )


def gates_out_of_scope(context: RuleContext) -> Iterator[Finding]:
    """Gates that are switched on, or asked for by a use case, on criteria out of scope: they do not apply."""
    workspace = context.workspace
    out = workspace.evaluation.out_of_scope
    policies = workspace.evaluation.policies
    known = workspace.catalogue.criteria
    off = [key for key, found in known.items() if key in out and found.gated and policies.switches_on(found)]
    if off and policies.gates != "all":
        yield Finding(
            EVALUATION,
            ("out_of_scope", off[0]),
            f"{counted(len(off), 'gate is', 'gates are')} off because the criterion is out of scope: {listed(off)}",
            "no option is then required to reach that level",
        )
    for number, case in enumerate(workspace.demand.use_cases):
        for key in case.gates:
            if key in out:
                yield Finding(
                    USE_CASES,
                    ("use_cases", number, "gates", key),
                    f"the gate on {key} does not apply, because the criterion is out of scope",
                    "take the criterion into scope, or the gate out of the use case",
                )


def weightless_use_cases(context: RuleContext) -> Iterator[Finding]:
    """A use case whose emphasis takes all weight from every criterion that counts."""
    counting = context.criteria_in_scope()
    for number, case in enumerate(context.workspace.demand.use_cases):
        if counting and all(case.emphasis.get(key) == 0 for key in counting):
            yield Finding(
                USE_CASES,
                ("use_cases", number, "emphasis"),
                f"the emphasis of {case.id} leaves no criterion any weight",
                "give at least one criterion in scope a factor above 0",
            )


def no_use_case(context: RuleContext) -> Iterator[Finding]:
    """No use case: a stack cannot be chosen."""
    if not context.workspace.demand.use_cases:
        yield Finding(USE_CASES, ("use_cases",), "no use case is described, so no stack can be chosen", "describe one")


def no_scorecard(context: RuleContext) -> Iterator[Finding]:
    """An option that nobody has scored in its evaluated edition."""
    for key, option in context.options():
        if option.vendor in context.layout.incomplete_vendors:
            continue
        if not option.scorecards:
            place = option.profile.evaluated.index(option.edition)
            yield Finding(
                profile_file(option.vendor),
                ("evaluate", place),
                f"{key} has no scorecard on its evaluated edition {option.edition}; all its answers are unknown",
                "score it, or leave it out: options in evaluation.yaml",
            )


def excluded_in_scope(context: RuleContext) -> Iterator[Finding]:
    """An option that is excluded and in scope at once."""
    names = {
        word.casefold(): key
        for key, option in context.options()
        for word in (key, option.name, option.vendor, option.profile.name)
    }
    for place, exclusion in enumerate(context.workspace.evaluation.excluded):
        key = names.get(exclusion.option.casefold())
        if key is not None:
            yield Finding(
                EVALUATION,
                ("excluded", place, "option"),
                f"{one_line(exclusion.option)} is excluded but is an option in scope ({key})",
                "remove one of the two; without a list of options every folder under vendors/ is one",
            )


def stack_limits(context: RuleContext) -> Iterator[Finding]:
    """A limit on the stack that names a tool out of scope or twice, or more required tools than a stack may hold."""
    limits = context.workspace.evaluation.stack
    options = {key for key, _ in context.options()}
    seen: dict[str, str] = {}
    for part, rulings in (("required", limits.required), ("excluded", limits.excluded)):
        for place, item in enumerate(rulings):
            path = ("stack", part, place, "tool")
            if item.tool in context.workspace.every_option and item.tool not in options:
                found = f"{item.tool} is {part}, but it is not among the options"
                yield Finding(EVALUATION, path, found, "add it to options, or remove the limit")
            if item.tool in seen:
                found = f"{item.tool} is {part}" + (" twice" if seen[item.tool] == part else f" and {seen[item.tool]}")
                yield Finding(EVALUATION, path, found, "keep one of the two")
            seen[item.tool] = part
    twice = [vendor for vendor, count in Counter(_vendors(context, limits.required)).items() if count > 1]
    for vendor in twice:
        found = f"several editions of {vendor} are required, and a stack holds at most one edition of a vendor"
        yield Finding(EVALUATION, ("stack", "required"), found, "keep one of them")
    if options and options <= {item.tool for item in limits.excluded}:
        yield Finding(
            EVALUATION, ("stack", "excluded"), "every option is excluded, so no stack can be chosen", "leave one in"
        )
    if len(limits.required) > limits.max_tools:
        found = f"{len(limits.required)} tools are required, and a stack may hold {limits.max_tools}"
        yield Finding(EVALUATION, ("stack", "required"), found, "raise max_tools, or require fewer")


def _vendors(context: RuleContext, limits: Iterable[ToolLimit]) -> list[str]:
    """The vendor of each limited tool that is an option."""
    every = context.workspace.every_option
    return [every[tool].vendor for tool in dict.fromkeys(item.tool for item in limits) if tool in every]


def budget_currency(context: RuleContext) -> Iterator[Finding]:
    """A budget in a currency in which no option has a price: nothing can be compared with it."""
    budget = context.workspace.evaluation.stack.budget
    ruled_out = {item.tool for item in context.workspace.evaluation.stack.excluded}
    sold = [option.sold for key, option in context.options() if key not in ruled_out]
    known = {currency for edition in sold if edition for currency in edition.currencies}
    if budget and known and budget.currency not in known:
        yield Finding(
            EVALUATION,
            ("stack", "budget", "currency"),
            f"no option has a price in {budget.currency}, so no stack can be compared with the budget",
            f"prices are known in {listed(sorted(known))}; state the budget in one of them",
        )


def estimates_without_effect(context: RuleContext) -> Iterator[Finding]:
    """An estimate of what a list price is known for: it does not count."""
    for file, profile in context.profiles():
        for place, edition in enumerate(profile.editions):
            listed_units = {price.unit for price in edition.prices}
            for number, estimate in enumerate(edition.estimates):
                if estimate.unit in listed_units:
                    yield Finding(
                        file,
                        ("editions", place, "estimates", number, "unit"),
                        f"the estimate per {estimate.unit} does not count: {edition.id} has a list price for that unit",
                        "remove one of the two",
                    )


def falling_gates(context: RuleContext) -> Iterator[Finding]:
    """A gate that requires a lower level for a higher data class."""
    for key, criterion in context.workspace.catalogue.criteria.items():
        file, place = context.layout.criteria[key]
        steps = [
            (name, criterion.gates[name]) for name in context.workspace.guardrails.class_ids if name in criterion.gates
        ]
        for (lower, more), (higher, less) in pairwise(steps):
            if less < more:
                yield Finding(
                    file,
                    ("criteria", place, "gates", higher),
                    f"the gate of {key} requires {less} for {higher} but {more} for {lower}",
                    "protection rises along the data classes; the higher level will count",
                )


def tags_above_the_class(context: RuleContext) -> Iterator[Finding]:
    """A use case with a data tag that belongs to a higher data class than the use case states."""
    guardrails = context.workspace.guardrails
    order = {data_class: place for place, data_class in enumerate(guardrails.class_ids)}
    least = {tag.id: tag.min_class for tag in guardrails.data_tags}
    for number, case in enumerate(context.workspace.demand.use_cases):
        for place, tag in enumerate(case.data_tags):
            own, lifted = order.get(case.data_class), order.get(least.get(tag, ""))
            if own is not None and lifted is not None and own < lifted:
                yield Finding(
                    USE_CASES,
                    ("use_cases", number, "data_tags", place),
                    f"data with the tag {tag} is at least {least[tag]}, and {case.id} states {case.data_class}",
                    f"set data_class: {least[tag]}, whose gates then count, or remove the tag",
                )
