"""What goes out when a review is opened: a workbook per assessor with what is due, and a questionnaire per vendor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from evaluator import __version__
from evaluator.forms.export_order import ExportOrder, Setting, order_for
from evaluator.forms.questionnaire_form import questionnaire_book
from evaluator.forms.scorecard_form import scorecard_book
from evaluator.model.evaluated import Evaluated
from evaluator.model.review import DueAnswer, Past, ReviewState
from evaluator.model.scorecard import AGREED
from evaluator.model.workspace import Workspace
from evaluator.workspace.output import write_output


def send(result: Evaluated, state: ReviewState, past: Past | None, folder: Path) -> Iterator[Path]:
    """Write the workbooks of the review into ``folder``, and yield each path.

    Args:
        result: the evaluation at the date of the review.
        state: where the review stands; only what is due goes out.
        past: the previous review, whose answers stand beside the new ones.
        folder: where the workbooks go.
    """
    setting = Setting(
        result.workspace.catalogue,
        result.as_of,
        __version__,
        result.scores.weights,
        result.workspace.evaluation.out_of_scope,
    )
    for assessor in sorted({item.assessor for item in state.due.answers}):
        mine = [item for item in state.due.answers if item.assessor == assessor]
        orders = list(_orders(result.workspace, past, mine))
        path = folder / f"{state.edition}-{assessor}.xlsx"
        write_output(path, scorecard_book(setting, orders))
        yield path
    gated = {criterion for levels in result.scores.gates.values() for criterion in levels}
    for vendor in sorted({item.vendor for item in state.due.answers}):
        asked = {item.criterion for item in state.due.answers if item.vendor == vendor} | gated
        order = order_for(result.workspace, vendor, "", _sorted(result.workspace, asked), past, for_vendor=True)
        if not order.criteria:
            continue
        path = folder / f"{state.edition}-questions-{vendor}.xlsx"
        write_output(path, questionnaire_book(setting, [order], result.workspace.evaluation.organisation))
        yield path


def _orders(workspace: Workspace, past: Past | None, items: Iterable[DueAnswer]) -> Iterator[ExportOrder]:
    asked: dict[str, set[str]] = {}
    for item in items:
        asked.setdefault(item.vendor, set()).add(item.criterion)
    for vendor, criteria in sorted(asked.items()):
        assessor = next((item.assessor for item in items if item.vendor == vendor), AGREED)
        yield order_for(workspace, vendor, assessor, _sorted(workspace, criteria), past)


def _sorted(workspace: Workspace, criteria: set[str]) -> tuple[str, ...]:
    """``criteria`` in the order of the catalogue."""
    return tuple(key for key in workspace.catalogue.criteria if key in criteria)
