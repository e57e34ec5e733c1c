"""From a workspace to its result."""

from __future__ import annotations

from datetime import date

from evaluator.evaluation.edition_comparison import compare_editions
from evaluator.evaluation.final_checks import final_checks
from evaluator.model.base import add_months
from evaluator.model.evaluated import Evaluated, OptionVerdict, Scores, Stacks
from evaluator.model.workspace import Workspace
from evaluator.rules.weights import sealing
from evaluator.scoring.evidence_register import evidence_register
from evaluator.scoring.explanation import separations
from evaluator.scoring.fit import fits
from evaluator.scoring.score import earned_by_option, score
from evaluator.stack.cost import costs_alone
from evaluator.stack.recommendation import decision_matrix, stacks

MOST_LEADERS = 5
"""Options whose separation is shown."""


def evaluate(workspace: Workspace, as_of: date, *, version: str, max_tools: int | None = None) -> Evaluated:
    """Compute everything that reports show, as things stood on ``as_of``."""
    scores = score(workspace, as_of)
    table = fits(workspace, scores)
    matrix = decision_matrix(workspace, table)
    best = stacks(workspace, matrix, max_tools)
    chosen = best.chosen if best else None
    leaders = _leaders(scores, chosen.tools if chosen else ())
    valid_until = add_months(as_of, workspace.evaluation.valid_months)
    return Evaluated(
        workspace=workspace,
        as_of=as_of,
        digest=workspace.digest,
        version=version,
        scores=scores,
        fits=table,
        stacks=best,
        verdicts=_verdicts(scores, best),
        evidence=evidence_register(workspace, as_of),
        separations=separations(scores, leaders),
        leaders=leaders,
        valid_until=valid_until,
        costs=costs_alone(workspace, table),
        final=final_checks(workspace, scores, chosen, valid_until),
        editions=compare_editions(workspace, scores),
        sealing=sealing(workspace),
        earned=earned_by_option(workspace.catalogue, scores),
        matrix=matrix,
    )


def _verdicts(scores: Scores, best: Stacks | None) -> dict[str, OptionVerdict]:
    verdicts = {option.id: OptionVerdict.NOT_CHOSEN for option in scores.options}
    verdicts |= dict.fromkeys(best.limits.excluded if best else (), OptionVerdict.RULED_OUT)
    for size in best.sizes if best else ():
        if best and size.size == best.recommended:
            close = {tool for stack in (*size.tied, *size.close) for tool in stack.tools}
            verdicts |= dict.fromkeys(close, OptionVerdict.CLOSE)
            verdicts |= dict.fromkeys(size.best.tools, OptionVerdict.RECOMMENDED)
    return verdicts


def _leaders(scores: Scores, recommended: tuple[str, ...]) -> tuple[str, ...]:
    """The recommended tools and the highest-ranked options, in rank order, at most five."""
    ranked = [option.id for option in scores.options]
    others = [option for option in ranked if option not in recommended]
    wanted = {*recommended[:MOST_LEADERS], *others[: max(0, MOST_LEADERS - len(recommended))]}
    return tuple(option for option in ranked if option in wanted)
