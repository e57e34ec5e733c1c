"""Own work: recording and listing the due diligence that only the buying organisation can do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from evaluator.api.common import Folder
from evaluator.api.evaluation import known_options, score
from evaluator.api.workspaces import load, open_workspace, usable_for
from evaluator.errors import EvaluatorError, known_ids
from evaluator.model.file_names import EVALUATION, own_work_file, profile_file

if TYPE_CHECKING:
    from evaluator.model.own_work import OwnWorkState


def record_own_work(
    folder: Folder,
    vendor: str,
    item: str,
    *,
    state: OwnWorkState,
    role: str = "",
    on: date | None = None,
    finding: str = "",
    edition: str | None = None,
) -> tuple[str, str]:
    """Record what became of an item of own work on a vendor's edition (default: the evaluated one).

    ``item`` is the id of an item, with its criterion before it where several criteria have one of that id: ``criterion/item``.

    Returns:
        The name of the file that was written, and the item with its criterion.

    Raises:
        EvaluatorError: there is no such vendor, edition or item, an item is done without role, day and finding, or the day lies after
            the evaluation's date.
        ContentError: a file that is needed has errors, or that of the own work cannot be used.
    """
    from evaluator.model.own_work import OwnWorkEntry
    from evaluator.workspace.stores import record_own_work as record
    from evaluator.workspace.transaction import transaction

    opened = open_workspace(folder, settled=True)
    needed = (EVALUATION, "criteria/", profile_file(vendor), own_work_file(vendor))
    workspace = usable_for(opened.workspace, opened.problems, lambda file: file.startswith(needed))
    known_ids("vendor", [vendor], list(workspace.vendors))
    profile = workspace.vendors[vendor].profile
    known_ids("edition", [edition or profile.edition], [each.id for each in profile.editions])
    named = {
        f"{criterion.id}/{work.id}": (criterion.id, work.id)
        for criterion in workspace.catalogue.criteria.values()
        for work in criterion.own_work
    }
    meant = [key for key in named if item in {key, named[key][1]}]
    if not meant:
        known_ids(
            "item of own work", [item], sorted({work for _, work in named.values()}) or ["none in this catalogue"]
        )
    if len(meant) > 1:
        raise EvaluatorError(f"Several criteria have own work called {item}; name one: {', '.join(meant)}.")
    if state == "done" and not (role.strip() and on and finding.strip()):
        raise EvaluatorError("What is done needs the role, the day and the finding: --role, --on and --finding.")
    if on is not None and on > workspace.evaluation.as_of:
        raise EvaluatorError(f"{on} lies after the date of the evaluation, {workspace.evaluation.as_of}.")
    entry = OwnWorkEntry(state=state, role=role.strip(), date=on, finding=finding.strip())
    place = (edition or profile.edition, *named[meant[0]])
    with transaction(opened.root) as change:
        return record(change, vendor, place, entry), meant[0]


def own_work_as_text(folder: Folder, vendor: str) -> str:
    """Return the own work on an option, with what became of each item, as a page for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.scores import own_work_page

    workspace = load(folder)
    known_options(workspace, [vendor])
    return render(own_work_page(score(workspace).option(vendor)))
