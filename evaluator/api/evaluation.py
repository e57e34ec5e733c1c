"""Scores, explanations, stacks and the whole result of one evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evaluator import __version__
from evaluator.api.common import day_of
from evaluator.errors import known_ids

if TYPE_CHECKING:
    from evaluator.model.edition_comparison import EditionComparison
    from evaluator.model.evaluated import Evaluated, Explanation, Scores, Stacks
    from evaluator.model.stack_limits import StackConstraints
    from evaluator.model.workspace import Workspace


def score(workspace: Workspace, as_of: date | None = None) -> Scores:
    """Scores, ranges, gates and ranks of all options at ``as_of`` (default: the evaluation's own date)."""
    from evaluator.scoring.score import score as score_options

    return score_options(workspace, day_of(workspace, as_of))


def explain(workspace: Workspace, vendor: str, against: str | None = None, as_of: date | None = None) -> Explanation:
    """Which criteria make the score of the option ``vendor``, or its difference to ``against``."""
    from evaluator.model.option_names import only_option
    from evaluator.scoring.explanation import explain as explain_scores

    option, other = only_option(workspace, vendor).id, None if against is None else only_option(workspace, against).id
    return explain_scores(score(workspace, as_of), option, other)


def stack(
    workspace: Workspace,
    as_of: date | None = None,
    max_tools: int | None = None,
    limits: StackConstraints | None = None,
) -> Stacks | None:
    """The best stacks of every size up to ``max_tools`` within ``limits``; None where no use case is described.

    Raises:
        EvaluatorError: a limit names what is not an option, or the limits contradict each other.
    """
    return evaluate(workspace, as_of, max_tools=max_tools, limits=limits).stacks


def evaluate(
    workspace: Workspace,
    as_of: date | None = None,
    *,
    max_tools: int | None = None,
    limits: StackConstraints | None = None,
) -> Evaluated:
    """Everything that reports show, with the evaluation's own limits on the stack where none are given.

    With others the result is that of an evaluation which sets them, and bears its digest.
    """
    from evaluator.evaluation.evaluate import evaluate as evaluate_workspace

    as_of = day_of(workspace, as_of)
    if limits is not None:
        from evaluator.stack.limits import with_limits

        workspace = with_limits(workspace, limits)
    return evaluate_workspace(workspace, as_of, version=__version__, max_tools=max_tools)


def limits(
    workspace: Workspace,
    required: Collection[str] = (),
    excluded: Collection[str] = (),
    budget: tuple[float, str] | None = None,
) -> StackConstraints:
    """The limits that the evaluation sets on the stack, each replaced where another is given; a budget is an amount and its currency."""
    from evaluator.model.option_names import only_option
    from evaluator.model.stack_limits import StackConstraints

    required = [only_option(workspace, name).id for name in required]
    excluded = known_options(workspace, excluded)
    own = workspace.evaluation.stack.limits
    # Who names a tool in one way means it, whatever the evaluation says of that tool.
    return StackConstraints(
        required=tuple(sorted(set(required))) or tuple(tool for tool in own.required if tool not in excluded),
        excluded=tuple(sorted(set(excluded))) or tuple(tool for tool in own.excluded if tool not in required),
        budget=budget[0] if budget else own.budget,
        currency=budget[1] if budget else own.currency,
    )


def known_options(workspace: Workspace, names: Iterable[str]) -> tuple[str, ...]:
    """The ids of the options in scope that ``names`` stand for: a vendor's id for all its evaluated editions.

    Raises:
        EvaluatorError: a name stands for none.
    """
    from evaluator.model.option_names import options_of

    return tuple(option.id for option in options_of(workspace, names))


def known_families(workspace: Workspace, families: Iterable[str]) -> None:
    """Raise :class:`EvaluatorError` for the first of ``families`` that the catalogue lacks."""
    known_ids("family", families, list(workspace.catalogue.families))


def compare_editions(
    workspace: Workspace, scores: Scores, chosen: Collection[str] = ()
) -> tuple[EditionComparison, ...]:
    """Which edition of a vendor first passes the gates of each data class and tag, and at what price.

    For each vendor with several evaluated editions in scope; only those of the ``chosen`` options, where any are named.
    """
    from evaluator.evaluation.edition_comparison import compare_editions as compare

    return compare(workspace, scores, chosen)


def as_data(
    value: Scores | Explanation | Evaluated,
    chosen: Collection[str] = (),
    editions: Sequence[EditionComparison] = (),
) -> dict[str, Any]:
    """The machine-readable form of what :func:`as_text` shows."""
    from evaluator.model.evaluated import Explanation, Scores
    from evaluator.reports import json_contract

    if isinstance(value, Scores):
        return json_contract.score_data(value, chosen, editions)
    if isinstance(value, Explanation):
        return json_contract.explanation_data(value)
    return json_contract.stacks_data(value)


def as_text(
    workspace: Workspace,
    value: Scores | Explanation | Evaluated,
    chosen: Collection[str] = (),
    editions: Sequence[EditionComparison] = (),
) -> str:
    """A page for the terminal: scores with the comparisons of ``editions``, an explanation, or the stacks of a result."""
    from evaluator.model.evaluated import Explanation, Scores
    from evaluator.reports.terminal import scores
    from evaluator.reports.terminal.page import render

    if isinstance(value, Scores):
        from evaluator.rules.weights import sealing

        return render(scores.scores_page(workspace, value, chosen, sealing(workspace), editions))
    if isinstance(value, Explanation):
        return render(scores.explanation_page(workspace, value))
    return render(scores.stacks_page(value))
