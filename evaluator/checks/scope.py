"""What is evaluated: options, use cases, gates."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from evaluator.checks.base import Context, Finding
from evaluator.errors import one_line
from evaluator.models.layout import EVALUATION, USE_CASES, profile_file

_FEWEST_OPTIONS = 2


def few_options(context: Context) -> Iterator[Finding]:
    """Fewer than two options: there is nothing to choose between."""
    count = sum(1 for _ in context.options())
    if count < _FEWEST_OPTIONS and not context.layout.incomplete_vendors:
        found = "there is only one option" if count else "there is no option"
        has_list = context.workspace.evaluation.options is not None
        yield Finding(
            EVALUATION,
            ("options",) if has_list else (),
            f"{found}; a choice needs at least two",
            "add a folder with a profile.yaml under vendors/ for each",
        )


def no_use_case(context: Context) -> Iterator[Finding]:
    """No use case: a stack cannot be chosen."""
    if not context.workspace.demand.use_cases:
        yield Finding(USE_CASES, ("use_cases",), "no use case is described, so no stack can be chosen", "describe one")


def no_scorecard(context: Context) -> Iterator[Finding]:
    """An option that nobody has scored in its evaluated edition."""
    for key, vendor in context.options():
        if key in context.layout.incomplete_vendors:
            continue
        if not any(card.edition == vendor.profile.edition for card in vendor.scorecards):
            yield Finding(
                profile_file(key),
                ("edition",),
                f"{key} has no scorecard on its evaluated edition {vendor.profile.edition}; all its answers are unknown",
                "score it, or leave it out: options in evaluation.yaml",
            )


def excluded_in_scope(context: Context) -> Iterator[Finding]:
    """An option that is excluded and in scope at once."""
    names = {word.casefold(): key for key, vendor in context.options() for word in (key, vendor.profile.name)}
    for place, exclusion in enumerate(context.workspace.evaluation.excluded):
        key = names.get(exclusion.option.casefold())
        if key is not None:
            yield Finding(
                EVALUATION,
                ("excluded", place, "option"),
                f"{one_line(exclusion.option)} is excluded but is an option in scope ({key})",
                "remove one of the two; without a list of options every folder under vendors/ is one",
            )


def falling_gates(context: Context) -> Iterator[Finding]:
    """A gate that asks less of a higher data class than of a lower one."""
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
                    f"the gate of {key} asks {less} for {higher} but {more} for {lower}",
                    "protection rises along the data classes; the higher level will count",
                )
