"""How sensitive the answer is: robustness, break-even weights, open questions, other methods, the stack in detail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator.model.evaluated import Evaluated
    from evaluator.model.sensitivity import Breakeven, MethodComparison, OpenQuestions, Robustness
    from evaluator.model.stack_details import StackDetails
    from evaluator.model.workspace import Workspace


def with_sensitivity(result: Evaluated) -> Evaluated:
    """``result`` with its sensitivity, as papers show it: robustness, break-even weights and other methods at their defaults, stack details."""
    from dataclasses import replace

    from evaluator.model.sensitivity import Sensitivity

    if not result.scores.options:
        return result
    found = Sensitivity(
        robustness(result),
        breakeven(result),
        compare_methods(result),
        stack_details(result) if result.stacks and result.stacks.chosen else None,
    )
    return replace(result, sensitivity=found)


def with_questions(result: Evaluated) -> Evaluated:
    """``result`` with which open answers could change it, and what knowing each is worth."""
    from dataclasses import replace

    return replace(result, questions=questions(result)) if result.scores.options else result


def robustness(
    result: Evaluated,
    samples: int | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Robustness:
    """How often the answer would hold: seeded simulation of weights, levels, unknowns and the conditional credit.

    Where two or more stakeholders stated their weights in full, each simulation varies the weights of one of them.
    """
    from evaluator.sensitivity.robustness import SAMPLES, SEED
    from evaluator.sensitivity.robustness import robustness as simulate
    from evaluator.weighting.stakeholders import views

    return simulate(
        result,
        SAMPLES if samples is None else samples,
        SEED if seed is None else seed,
        stakeholders=views(result.workspace),
        progress=progress,
    )


def breakeven(result: Evaluated) -> Breakeven:
    """What it would take to change the answer: single weights, all weights together, answers."""
    from evaluator.sensitivity.breakeven import breakeven as found

    return found(result)


def questions(result: Evaluated) -> OpenQuestions:
    """Which open answers could change the decision, and what to ask each vendor first."""
    from evaluator.sensitivity.value_of_information import value_of_information

    return value_of_information(result)


def compare_methods(result: Evaluated) -> MethodComparison:
    """Whether the first place depends on the method: TOPSIS, PROMETHEE II and a weighted product beside the sum."""
    from evaluator.sensitivity.method_comparison import compare_methods as compared

    return compared(result)


def stack_details(result: Evaluated, *, tools: Sequence[str] = (), max_tools: int | None = None) -> StackDetails | None:
    """Everything about ``tools``, or about the recommended stack; None where none is recommended.

    Raises:
        EvaluatorError: a tool is not an option in scope, or no stack keeps to the limits.
    """
    from evaluator.stack.details import stack_details as details

    return details(result, tools=tools, max_tools=max_tools)


def sensitivity_as_text(
    workspace: Workspace, value: Robustness | Breakeven | OpenQuestions | MethodComparison | StackDetails
) -> str:
    """A page for the terminal on how sensitive the answer is."""
    from evaluator.model.sensitivity import Breakeven, MethodComparison, OpenQuestions, Robustness
    from evaluator.reports.terminal import sensitivity as pages
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.scores import stack_page

    if isinstance(value, Robustness):
        return render(pages.robustness_page(workspace, value))
    if isinstance(value, Breakeven):
        return render(pages.breakeven_page(workspace, value))
    if isinstance(value, OpenQuestions):
        return render(pages.questions_page(workspace, value))
    if isinstance(value, MethodComparison):
        return render(pages.methods_page(workspace, value))
    return render(stack_page(workspace, value))


def sensitivity_as_data(
    value: Robustness | Breakeven | OpenQuestions | MethodComparison | StackDetails,
) -> dict[str, Any]:
    """The machine-readable edition of :func:`sensitivity_as_text`."""
    from evaluator.reports.json_contract import dumped

    data: dict[str, Any] = dumped(value)
    return data
