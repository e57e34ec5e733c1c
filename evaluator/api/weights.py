"""Weights asked for, put together and sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.api.common import Folder, target_file, write_target
from evaluator.api.workspaces import Opened, open_workspace, usable_for
from evaluator.errors import ContentError, EvaluatorError, Problem, check_line, folded, has_errors

if TYPE_CHECKING:
    from evaluator.model.elicitation import Adopted, Judged, Sealing, Stakeholder, WeightsState
    from evaluator.model.sensitivity import Elicited
    from evaluator.model.workspace import Workspace
    from evaluator.workspace.transaction import Transaction


def weights_state(workspace: Workspace) -> WeightsState:
    """Who stated which weights, how far they lie apart, and whether the weights in use are sealed."""
    from evaluator.weighting.stakeholders import weights_state as state

    return state(workspace)


def weights_as_text(workspace: Workspace, value: WeightsState | Adopted, *, dry_run: bool = False) -> str:
    """A page for the terminal on who weighs what, or on what was adopted."""
    from evaluator.model.elicitation import Adopted
    from evaluator.reports.terminal import weights as pages
    from evaluator.reports.terminal.page import render

    if isinstance(value, Adopted):
        return render(pages.adopted_page(workspace, value, dry_run=dry_run))
    return render(pages.weights_page(workspace, value))


def weights_as_data(value: WeightsState | Adopted) -> dict[str, Any]:
    """The machine-readable form of :func:`weights_as_text`."""
    from evaluator.reports.json_contract import dumped

    data: dict[str, Any] = dumped(value)
    return data


def weights_workbook(folder: Folder, role: str, output: Folder, today: date, *, pairs: str | None = None) -> Path:
    """Write the workbook in which ``role`` weighs: swings in all groups, or every pair of the group ``pairs``."""
    from evaluator.forms.weights_form import Ballot, pairwise_book, swing_book
    from evaluator.weighting.elicitation import MOST
    from evaluator.weighting.stakeholders import groups
    from evaluator.weighting.swing import asked
    from evaluator.workspace.transaction import Transaction

    target = target_file(output, (".xlsx",))
    opened, workspace = workspace_to_weigh(folder)
    stakeholder = stakeholder_of(Transaction(opened.root), role, today)
    every = asked(groups(workspace))
    if pairs is not None:
        chosen = tuple(group for group in every if group.id == pairs)
        if not chosen:
            raise EvaluatorError(f"There is no group '{pairs}'; the groups are {', '.join(one.id for one in every)}.")
        if len(chosen[0].items) > MOST:
            raise EvaluatorError(
                f"Pairwise judgements are for up to {MOST} items; use swings for {len(chosen[0].items)}."
            )
        every = chosen
    ballot = Ballot(
        workspace.catalogue, workspace.evaluation.organisation, role, every, stakeholder, workspace.evaluation.as_of
    )
    return write_target(target, swing_book(ballot) if pairs is None else pairwise_book(ballot))


@dataclass(frozen=True, slots=True)
class WeightsRead:
    """What one file or one request said, and whether it was written."""

    file: str
    role: str
    problems: tuple[Problem, ...]
    groups: dict[str, Elicited]

    @property
    def failed(self) -> bool:
        """Whether mistakes kept it from being written."""
        return has_errors(self.problems)


def import_weights(
    folder: Folder, files: Sequence[Folder], today: date, *, dry_run: bool = False
) -> tuple[WeightsRead, ...]:
    """Take filled-in workbooks of weights into the workspace; a file with mistakes changes nothing."""
    with _weighing(folder, dry_run=dry_run) as (workspace, change):
        return tuple(_import(workspace, change, Path(file), today) for file in files)


def _import(workspace: Workspace, change: Transaction, path: Path, today: date) -> WeightsRead:
    from evaluator.forms.weights_reader import read_ballot
    from evaluator.weighting.stakeholders import groups
    from evaluator.xlsx.guard import RefusedError

    try:
        found = read_ballot(path, groups(workspace))
        if not found.problems or not has_errors(found.problems):
            stakeholder_of(change, found.role, today)
    except (RefusedError, ContentError) as error:
        problems = error.problems if isinstance(error, ContentError) else ()
        message = str(error).removeprefix(f"'{path.name}' ").rstrip(".")
        return WeightsRead(path.name, "", (Problem("refused", message, path.name), *problems), {})
    problems = tuple(found.problems)
    if has_errors(problems):
        return WeightsRead(path.name, found.role, problems, {})
    return WeightsRead(path.name, found.role, problems, _state(workspace, change, found.role, found.judged, today))


def rank_weights(folder: Folder, role: str, order: Sequence[str], today: date, *, dry_run: bool = False) -> WeightsRead:
    """Take the order in which ``role`` ranks the families, or the criteria of one family; ``a=b`` ranks two alike.

    Raises:
        EvaluatorError: something is unknown, missing, named twice, or of another group.
    """
    from evaluator.model.elicitation import Judged
    from evaluator.weighting.elicitation import rank_order_centroid
    from evaluator.weighting.stakeholders import group_of

    tied = [[item.strip() for item in part.split("=")] for part in order]
    items = [item for part in tied for item in part]
    if not all(items):
        raise EvaluatorError("Something is missing beside an equals sign; write a=b for two of the same rank.")
    with _weighing(folder, dry_run=dry_run) as (workspace, change):
        group = group_of(workspace, items)
        rank_order_centroid(tied)  # says what stands twice
        lacking = [item for item in group.items if item not in items]
        if lacking:
            raise EvaluatorError(f"Rank all of {group.id}; missing: {', '.join(lacking)}.")
        judged = Judged(order=tuple(tuple(part) for part in tied))
        return WeightsRead("", role, (), _state(workspace, change, role, {group.id: judged}, today))


def pairwise_weights(folder: Folder, role: str, file: Folder, today: date, *, dry_run: bool = False) -> WeightsRead:
    """Take pairwise judgements from a CSV or YAML file: first, second, and how many times as important the first is.

    Raises:
        EvaluatorError: the file cannot be read.
    """
    from evaluator.forms.weights_reader import read_pair_list, read_pairs
    from evaluator.weighting.stakeholders import group_of, missing

    path = Path(file)
    if path.suffix.lower() in {".yaml", ".yml"}:
        from evaluator.workspace.yaml_reader import parse
        from evaluator.xlsx.guard import read_bounded

        document = parse(read_bounded(path, 1_000_000), path.name)
        if document.problems:
            return WeightsRead(path.name, role, tuple(document.problems), {})
        found = read_pair_list(path.name, document.value)
    elif path.suffix.lower() == ".csv":
        found = read_pairs(path)
    else:
        raise EvaluatorError(
            f"'{path.name}' does not end in .csv or .yaml; for a workbook use `evaluator weights import`."
        )
    if has_errors(found.problems):
        return WeightsRead(path.name, role, tuple(folded(found.problems)), {})
    with _weighing(folder, dry_run=dry_run) as (workspace, change):
        judged = found.judged[""]
        group = group_of(workspace, judged.named)
        lacking = missing(group, judged)
        if lacking:
            more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""  # noqa: PLR2004 - what fits a sentence
            message = f"not every pair of {group.id} is judged; missing: {', '.join(lacking[:5])}{more}"
            return WeightsRead(path.name, role, (Problem("unread", message, path.name),), {})
        return WeightsRead(path.name, role, (), _state(workspace, change, role, {group.id: judged}, today))


def weights_read_as_text(folder: Folder, read: Sequence[WeightsRead], *, dry_run: bool = False) -> str:
    """What was read and written, for the terminal."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.weights import read_page

    _, workspace = workspace_to_weigh(folder)
    pages = [
        read_page(workspace, one.file or one.role, one.role, one.problems, one.groups, dry_run=dry_run) for one in read
    ]
    return render([section for page in pages for section in page])


def adopt_weights(folder: Folder, roles: Sequence[str] = (), *, dry_run: bool = False) -> Adopted:
    """Write the mean of the stakeholders' weights into ``criteria/weights.yaml``, whose comments stay.

    A seal without a digest gets that of the weights it stood for, so that this change shows.
    """
    from evaluator.rules.weights import weights_digest
    from evaluator.weighting.stakeholders import adopted
    from evaluator.workspace.stores import WeightStore
    from evaluator.workspace.transaction import transaction

    opened, workspace = workspace_to_weigh(folder, whole=True, settled=not dry_run)
    found = adopted(workspace, roles)
    if dry_run:
        return found
    seal = workspace.weights.seal
    if seal is not None and seal.digest is None:
        seal = seal.model_copy(update={"digest": weights_digest(workspace.weights)})
    else:
        seal = None
    with transaction(opened.root) as change:
        change.expect({name: one for name, one in opened.digests.items() if name.startswith(("criteria/", "weights/"))})
        WeightStore(change).change(found.figures, seal)
    return found


def seal_weights(folder: Folder, by: str, method: str | None, note: str, day: date) -> Sealing:
    """Seal the weights as they stand: when, by which role, by which method, with their digest.

    A seal that stood before is kept as an earlier one.

    Raises:
        EvaluatorError: these very weights are sealed already, the day is not possible, or the method is not stated.
    """
    from evaluator.model.catalogue import EarlierSeal, Seal
    from evaluator.model.file_names import WEIGHTS
    from evaluator.rules.weights import sealing, weights_digest
    from evaluator.workspace.stores import WeightStore
    from evaluator.workspace.transaction import transaction

    check_line("role", by)
    opened, workspace = workspace_to_weigh(folder, whole=True, settled=True)
    old, digest = workspace.weights.seal, weights_digest(workspace.weights)
    if old is not None and old.digest == digest:
        raise EvaluatorError(f"These weights are sealed already, on {old.date} by {old.by}; nothing was written.")
    if old is not None and day < old.date:
        raise EvaluatorError(f"The weights were sealed on {old.date}; a later seal cannot bear the date {day}.")
    if day > workspace.evaluation.as_of:
        raise EvaluatorError(
            f"The evaluation stands for {workspace.evaluation.as_of}, and the seal would bear {day}; move as_of in "
            "evaluation.yaml, or name the day with --date."
        )
    method = method or _methods(workspace)
    if not method:
        raise EvaluatorError("Say with --method how the weights were found: no stakeholder has stated any.")
    check_line("method", method)
    earlier = (*old.earlier, EarlierSeal(date=old.date, by=old.by, digest=old.digest)) if old else ()
    seal = Seal(date=day, by=by, method=method, note=note, digest=digest, earlier=earlier)
    with transaction(opened.root) as change:
        change.expect({WEIGHTS: opened.digests[WEIGHTS]})
        WeightStore(change).change(None, seal)
    sealed = workspace.weights.model_copy(update={"seal": seal})
    return sealing(workspace.model_copy(update={"weights": sealed}))


def _methods(workspace: Workspace) -> str:
    """How the stakeholders were asked, in words; empty where nobody finished."""
    whole = weights_state(workspace).complete
    methods = dict.fromkeys(method for one in whole for method in one.methods)
    return f"{', '.join(methods)}; mean of {', '.join(one.role for one in whole)}" if whole else ""


def seal_as_text(found: Sealing) -> str:
    """The honest line on the weights."""
    from evaluator.reports.language import ENGLISH
    from evaluator.reports.sentences import seal_sentence

    return seal_sentence(found, ENGLISH)


def _state(
    workspace: Workspace, change: Transaction, role: str, judged: dict[str, Judged], today: date
) -> dict[str, Elicited]:
    """Write what ``role`` said of some groups, and give the weights inside them."""
    from evaluator.weighting.stakeholders import elicited, groups
    from evaluator.workspace.stores import WeightStore

    stakeholder = stakeholder_of(change, role, today)
    known = {group.id: group for group in groups(workspace)}
    found = {key: elicited(known[key], one) for key, one in judged.items()}
    for key, one in judged.items():
        stakeholder = stakeholder.with_judgement(key, one, today)
    WeightStore(change).write(stakeholder)
    return found


def stakeholder_of(change: Transaction, role: str, today: date) -> Stakeholder:
    """What ``role`` said so far, or as ``change`` makes it.

    Raises:
        EvaluatorError: ``role`` cannot name a stakeholder.
        ContentError: its file has errors.
    """
    from evaluator.forms.cell_words import is_id
    from evaluator.model.elicitation import Stakeholder
    from evaluator.workspace.stores import WeightStore

    if not is_id(role):
        raise EvaluatorError(
            f"'{role[:64]}' cannot name a stakeholder; use a role in lower-case letters, digits and hyphens, such as head-of-finance."
        )
    stakeholder = WeightStore(change).read(role)
    return stakeholder or Stakeholder.model_validate({"schema": "stakeholder/1", "role": role, "date": today})


@contextmanager
def _weighing(folder: Folder, *, dry_run: bool) -> Iterator[tuple[Workspace, Transaction]]:
    """The workspace, and a change to it that is made when the block ends without an error."""
    from evaluator.workspace.transaction import transaction

    opened, workspace = workspace_to_weigh(folder, settled=not dry_run)
    with transaction(opened.root, dry_run=dry_run) as change:
        yield workspace, change


def workspace_to_weigh(folder: Folder, *, whole: bool = False, settled: bool = False) -> tuple[Opened, Workspace]:
    """The workspace on disk, ``settled`` for whoever will write.

    ``whole`` where answers count; else what is wrong with any but the criteria does not hinder weighing.
    """
    opened = open_workspace(folder, settled=settled)
    workspace = usable_for(opened.workspace, opened.problems, lambda file: whole or not file.startswith(_NOT_WEIGHED))
    return opened, workspace


_NOT_WEIGHED = ("vendors/", "weights/", "reviews/", "reports/")
"""Folders of files that nobody needs to be asked for weights; what a role said so far is read apart."""
