"""Importing workbooks: read, merge and hand to the store, a file at a time.

A file with mistakes changes nothing, unless the valid answers are asked for; a conflict is left as it is
and listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from evaluator.errors import ContentError, EvaluatorError, Problem, Severity, has_errors
from evaluator.forms.answer_rows import ScorecardHeader, answer_of, header_of, row_of
from evaluator.forms.cell_marks import Form, Kind
from evaluator.forms.form_layout import CARD_KINDS
from evaluator.forms.import_changes import (
    HeaderChange,
    Imported,
    ImportReport,
    Merged,
    Side,
    Store,
    Theirs,
    Way,
    header_changes,
    merge,
    merge_header,
    touched,
)
from evaluator.forms.moderation_form import MODERATED_COLUMNS, moderation_way
from evaluator.forms.questionnaire_form import read_replies, with_replies
from evaluator.forms.scorecard_reader import (
    ANSWER_COLUMNS,
    Incoming,
    ReturnedHeader,
    complete,
    computed,
    moved_catalogue,
    open_forms,
    read_answers,
    read_header,
    settled,
    spread,
    unplaced,
)
from evaluator.model.scorecard import AGREED, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import deals with what it finds."""

    today: date
    """The day of answers whose form does not name one."""
    dry_run: bool = False
    accept_valid: bool = False
    """Write the valid answers of a file that has mistakes."""
    prefer: Side | None = None
    """Which answer counts where workspace and workbook both changed."""
    broken: tuple[Problem, ...] = ()
    """What is wrong with files of vendors in the workspace; a form on such a vendor is refused with it."""


def import_files(files: Sequence[Path], workspace: Workspace, store: Store, options: ImportOptions) -> ImportReport:
    """Import every file into ``store``; mistakes in one do not keep the others out."""
    return ImportReport(tuple(_import(path, workspace, store, options) for path in files), options.dry_run)


def _import(path: Path, workspace: Workspace, store: Store, options: ImportOptions) -> Imported:
    result = Imported(path.name)
    try:
        incoming = open_forms(path)
    except EvaluatorError as error:
        result.problems.append(Problem("refused", str(error).removeprefix(f"'{path.name}' ").rstrip("."), path.name))
        result.blocked = True
        return result
    result.notes += moved_catalogue(incoming, workspace.catalogue)
    plans = _plans(incoming, workspace, store, options, result)
    for plan in plans:
        result.changes += plan.merged.changes
        result.headers += plan.headers
        result.conflicts += plan.merged.conflicts
        result.kept += plan.merged.kept
    result.blocked = has_errors(result.problems) and not options.accept_valid
    if not result.blocked:
        result.written += [name for plan in plans if (name := _write(plan, store))]
    return result


def _plans(
    incoming: Incoming, workspace: Workspace, store: Store, options: ImportOptions, result: Imported
) -> list[ImportPlan]:
    """One plan per form; mistakes and remarks go to ``result``."""
    plans: list[ImportPlan] = []
    taken: dict[tuple[str, str, str], str] = {}
    for form in incoming.forms:
        result.problems += unplaced(form, incoming, workspace.catalogue)
        request = Request(form, incoming, workspace, store, options.today, options.prefer, options.broken)
        try:
            plan = plan_for(request)
        except ContentError as error:
            result.problems += error.problems
            continue
        result.problems += plan.problems
        result.notes += [*plan.notes, *computed(form)]
        first = taken.setdefault((*plan.who, form.token.edition), form.sheet.name)
        if first != form.sheet.name:
            result.problems.append(_second(form, first))
        else:
            plans.append(plan)
    return plans


def _second(form: Form, first: str) -> Problem:
    return Problem(
        "two-sheets",
        f"the sheet is a second copy of '{first}'",
        form.sheet.file,
        cell=form.sheet.cell(0, 0),
        hint="delete one of the two",
    )


def _write(plan: ImportPlan, store: Store) -> str:
    """Hand a plan to the store; returns the name of the file, or nothing where nothing changes."""
    answers = {change.criterion: change.after for change in plan.merged.changes}
    if plan.new is not None and answers:  # none of them is taken away: a new scorecard has nothing yet
        return store.create(plan.new.model_copy(update={"answers": answers}))
    if plan.card is not None and (answers or plan.headers):
        return store.change(plan.card, answers, {str(change.key): change.after for change in plan.headers})
    return ""


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_MAX_ID = 64
_TAKEN = {"profile", AGREED}
"""Names of files beside the scorecards, and the assessor that stands for all."""


@dataclass(frozen=True, slots=True)
class Request:
    """One form, and what is needed to judge it."""

    form: Form
    incoming: Incoming
    workspace: Workspace
    store: Store
    today: date
    prefer: Side | None
    broken: tuple[Problem, ...] = ()
    """What is wrong with files of vendors in the workspace."""

    def problem(self, key: str, message: str, hint: str = "") -> Problem:
        """A mistake in a cell of the form's header; of the sheet, where it has no such cell."""
        return Problem("form", message, self.incoming.file, cell=self.form.header_cell(key), hint=hint)


@dataclass(slots=True)
class ImportPlan:
    """What is to be done to one scorecard."""

    who: tuple[str, str]
    card: Scorecard | None
    """As it is now."""
    new: Scorecard | None = None
    """An empty one to start from, where there is none."""
    merged: Merged = field(default_factory=Merged)
    headers: list[HeaderChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan_for(request: Request) -> ImportPlan:
    """Read and merge one form.

    Raises:
        ContentError: the form cannot be used at all; it carries what is wrong.
    """
    plans: dict[Kind, Callable[[Request], ImportPlan]] = {
        "scorecard": _scorecard,
        "moderation": _moderation,
        "questionnaire": _questionnaire,
    }
    return plans[request.form.token.kind](request)


def _scorecard(request: Request) -> ImportPlan:
    form = request.form
    header = read_header(form, CARD_KINDS)
    profile = _profile(request)
    assessor = _assessor(request, header)
    plan = _start(request, profile, assessor, header)
    mark = form.token.mark
    exported = request.incoming.exported
    day = header.day or request.today
    way = Way(
        view=row_of,
        build=lambda _, row, before, day: answer_of(row, before, day),
        base=lambda criterion: exported.answers.get((mark, criterion)),
    )
    plan.notes += spread(form)
    rows = _rows(request, plan, way, header.day)
    plan.merged = merge(plan.card, rows, way, who=plan.who, day=day, prefer=request.prefer)
    _judge_day(request, plan, day)
    if plan.card is not None and not header.faults:
        _merge_header(request, plan, header, plan.card)
    return plan


def _rows(request: Request, plan: ImportPlan, way: Way, day: date | None = None) -> list[Theirs]:
    """The rows that can be merged; what is wrong with the others goes to the plan."""
    catalogue = request.workspace.catalogue
    wanted = MODERATED_COLUMNS if request.form.token.kind == "moderation" else ANSWER_COLUMNS
    gone = [key for key in wanted if key not in request.form.columns]
    if gone:
        message = f"columns are gone: {', '.join(gone)}; what they held cannot be told from what was emptied"
        raise _unusable(request, message, "put them back, or export again and copy the answers over")
    reads, homeless = read_answers(request.form, catalogue, day)
    plan.problems += homeless
    rows = []
    for read in reads:
        theirs = Theirs(read.criterion, settled(read.row), read.cell, read.confirmed)
        faults = list(read.faults)
        if faults or read.confirmed or touched(theirs, plan.card, way):
            faults += complete(read, request.form, catalogue, request.workspace.evaluation.as_of)
        plan.problems += faults
        if not faults:
            rows.append(theirs)
    return rows


def _merge_header(request: Request, plan: ImportPlan, header: ReturnedHeader, card: Scorecard) -> None:
    base = request.incoming.exported.headers.get(request.form.token.mark)
    after, undecided = merge_header(card, ScorecardHeader(header.kind, header.notice), base, request.prefer)
    cells = request.form.header_cell("kind"), request.form.header_cell("notice")
    plan.headers = header_changes(header_of(card), after, plan.who, cells)
    if undecided:
        plan.problems.append(
            request.problem(
                "notice",
                "the remark on the whole scorecard changed in the workspace and in the workbook",
                "--ours keeps the workspace's, --theirs takes the workbook's",
            )
        )


def _moderation(request: Request) -> ImportPlan:
    header = read_header(request.form, CARD_KINDS)
    profile = _profile(request)
    plan = _start(request, profile, AGREED, header)
    edition = request.form.token.edition
    known = request.workspace.vendors[profile.id].scorecards
    names = [card.assessor for card in known if card.edition == edition and card.assessor != AGREED]
    cards = [card for name in names if (card := request.store.read(profile.id, edition, name)) is not None]
    exported, mark = request.incoming.exported, request.form.token.mark
    way = moderation_way(cards, lambda criterion: exported.answers.get((mark, criterion)))
    plan.notes += spread(request.form)
    rows = _rows(request, plan, way)
    day = header.day or request.today
    plan.merged = merge(plan.card, rows, way, who=plan.who, day=day, prefer=request.prefer)
    _judge_day(request, plan, day)
    return plan


def _questionnaire(request: Request) -> ImportPlan:
    header = read_header(request.form, CARD_KINDS)
    profile = _profile(request)
    plan = _start(request, profile, _assessor(request, header), header)
    day = header.day or request.today
    as_of = request.workspace.evaluation.as_of
    read = read_replies(
        request.form, request.workspace.catalogue, profile.name, day, as_of, request.incoming.exported.answers
    )
    plan.problems += read.faults
    plan.notes += read.notes
    plan.merged.changes += with_replies(plan.card, read.replies, plan.who, day)
    _judge_day(request, plan, day)
    return plan


def _judge_day(request: Request, plan: ImportPlan, day: date) -> None:
    """Answers of a day after the date of the evaluation would leave a workspace that cannot be scored."""
    as_of = request.workspace.evaluation.as_of
    if plan.merged.changes and day > as_of:
        message = f"the answers are of {day}, after the date of the evaluation, {as_of}"
        hint = "move as_of in evaluation.yaml first, or give the day of the answers in the form or with --date"
        plan.problems.append(request.problem("date", message, hint))


def _profile(request: Request) -> Profile:
    token = request.form.token
    broken = [problem for problem in request.broken if problem.file.startswith(f"vendors/{token.vendor}/")]
    if broken:
        raise ContentError(f"The files of {token.vendor} have errors; fix them and import again.", broken)
    vendor = request.workspace.vendors.get(token.vendor)
    if vendor is None:
        raise _unusable(request, f"there is no vendor '{token.vendor[:64]}' in this workspace", "is it the right one?")
    if token.edition not in {edition.id for edition in vendor.profile.editions}:
        message = f"{vendor.profile.name} has no edition '{token.edition[:64]}' any more"
        raise _unusable(request, message, "export the scorecard again")
    return vendor.profile


def _assessor(request: Request, header: ReturnedHeader) -> str:
    named, meant = header.assessor, request.form.token.assessor
    if meant and named and named != meant:
        message = f"the sheet was exported for {meant}, the cell says {named[:64]}"
        raise _unusable(request, message, "export a sheet of its own for every assessor", "assessor")
    name = meant or named
    if not name:
        raise _unusable(request, "the assessor is not named", "a short id such as desk-a", "assessor")
    if not _ID.match(name) or len(name) > _MAX_ID or (name in _TAKEN and not meant):
        hint = "lower-case letters and digits, in words joined by hyphens, such as desk-a"
        raise _unusable(request, f"'{name[:64]}' cannot be an assessor's id", hint, "assessor")
    return name


def _unusable(request: Request, message: str, hint: str, key: str = "") -> ContentError:
    problem = request.problem(key, message, hint)
    return ContentError(message, [problem])


def _start(request: Request, profile: Profile, assessor: str, header: ReturnedHeader) -> ImportPlan:
    """The plan with the scorecard as it is now, or an empty one to start from."""
    edition = request.form.token.edition
    card = request.store.read(profile.id, edition, assessor)
    plan = ImportPlan((profile.id, assessor), card, problems=list(header.faults))
    if card is None:
        kind = "moderation" if assessor == AGREED else header.kind or CARD_KINDS[0]
        plan.new = Scorecard.model_validate(
            {
                "schema": "scorecard/1",
                "vendor": profile.id,
                "edition": edition,
                "assessor": assessor,
                "assessed": header.day or request.today,
                "kind": kind,
                "notice": header.notice,
                "answers": {},
            }
        )
    if edition != profile.edition:
        text = f"{profile.id}: the sheet is on {edition}, the evaluated edition is {profile.edition}"
        plan.problems.append(
            Problem(
                "other-edition",
                text,
                request.incoming.file,
                cell=request.form.sheet.cell(0, 0),
                severity=Severity.WARNING,
            )
        )
    return plan
