"""How firm the answer is: robustness, turning points, gaps, second opinions, the stack in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evaluator.api.common import day_of

if TYPE_CHECKING:
    from evaluator.models.firmness import Flips, Gaps, Opinions, Robustness
    from evaluator.models.result import Result
    from evaluator.models.stack_in_full import StackInFull
    from evaluator.models.workspace import Workspace


def with_firmness(result: Result) -> Result:
    """``result`` with what papers say about how firm it is: robustness, flips, second opinions at their defaults, the stack in full."""
    from dataclasses import replace

    from evaluator.models.firmness import Firmness

    workspace, as_of = result.workspace, result.as_of
    if not result.scores.options:
        return result
    firmness = Firmness(
        robustness(workspace, as_of),
        flips(workspace, as_of),
        second_opinions(workspace, as_of),
        stack_in_full(result) if result.stacks and result.stacks.chosen else None,
    )
    return replace(result, firmness=firmness)


def with_gaps(result: Result) -> Result:
    """``result`` with which open answers could change it, and what knowing each is worth."""
    from dataclasses import replace

    return replace(result, gaps=gaps(result.workspace, result.as_of)) if result.scores.options else result


def robustness(
    workspace: Workspace,
    as_of: date | None = None,
    samples: int | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Robustness:
    """How often the answer would hold: seeded draws over weights, levels, unknowns and the conditional credit.

    Where two or more stakeholders stated their weights in full, each draw strays from the weights of one of them.
    """
    from evaluator.analysis.robustness import SAMPLES, SEED
    from evaluator.analysis.robustness import robustness as draw
    from evaluator.analysis.stakeholders import views

    return draw(
        workspace,
        day_of(workspace, as_of),
        SAMPLES if samples is None else samples,
        SEED if seed is None else seed,
        stakeholders=views(workspace),
        progress=progress,
    )


def flips(workspace: Workspace, as_of: date | None = None) -> Flips:
    """What it would take to change the answer: single weights, all weights together, answers."""
    from evaluator.analysis.flips import flips as turning_points

    return turning_points(workspace, day_of(workspace, as_of))


def gaps(workspace: Workspace, as_of: date | None = None) -> Gaps:
    """Which open answers could change the decision, and what to ask each vendor first."""
    from evaluator.analysis.gaps import gaps as open_questions

    return open_questions(workspace, day_of(workspace, as_of))


def second_opinions(workspace: Workspace, as_of: date | None = None) -> Opinions:
    """Whether the first place depends on the method: TOPSIS, PROMETHEE II and a weighted product beside the sum."""
    from evaluator.analysis.opinions import opinions

    return opinions(workspace, day_of(workspace, as_of))


def stack_in_full(result: Result, *, tools: Sequence[str] = (), max_tools: int | None = None) -> StackInFull | None:
    """Everything about ``tools``, or about the recommended stack; None where none is recommended.

    Raises:
        EvaluatorError: a tool is not an option in scope, or no stack keeps to the limits.
    """
    from evaluator.analysis.full import stack_in_full as in_full

    return in_full(result, tools=tools, max_tools=max_tools)


def firmness_as_text(workspace: Workspace, value: Robustness | Flips | Gaps | Opinions | StackInFull) -> str:
    """A page for the terminal on how firm the answer is."""
    from evaluator.models.firmness import Flips, Gaps, Opinions, Robustness
    from evaluator.reports import terminal_firmness as pages
    from evaluator.reports.terminal_stack import stack_page

    if isinstance(value, Robustness):
        return pages.robustness_page(workspace, value)
    if isinstance(value, Flips):
        return pages.flips_page(workspace, value)
    if isinstance(value, Gaps):
        return pages.gaps_page(workspace, value)
    if isinstance(value, Opinions):
        return pages.opinions_page(workspace, value)
    return stack_page(workspace, value)


def firmness_as_data(value: Robustness | Flips | Gaps | Opinions | StackInFull) -> dict[str, Any]:
    """The machine-readable edition of :func:`firmness_as_text`."""
    from evaluator.reports.data import dumped

    data: dict[str, Any] = dumped(value)
    return data
