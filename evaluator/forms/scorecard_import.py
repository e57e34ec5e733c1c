"""Importing workbooks: read, merge and hand to the store, a file at a time.

A file with mistakes changes nothing, unless the valid answers are asked for; a conflict is left as it is
and listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from evaluator.errors import ContentError, EvaluatorError, Problem, Severity, has_errors
from evaluator.forms.answer_rows import ScorecardHeader, item_of, item_without_kind
from evaluator.forms.cell_marks import RESERVED_NAMES, Form, subject_of
from evaluator.forms.cell_words import is_id
from evaluator.forms.form_layout import CARD_KINDS
from evaluator.forms.import_changes import (
    CardKey,
    HeaderChange,
    Imported,
    ImportReport,
    Merged,
    ReturnedAnswer,
    Side,
    Store,
    Way,
    merge,
    merge_header,
    scorecard_way,
    touched,
)
from evaluator.forms.moderation_form import MODERATED_COLUMNS, moderation_way
from evaluator.forms.questionnaire_form import read_replies, with_replies
from evaluator.forms.scorecard_reader import (
    ANSWER_COLUMNS,
    KIND_COLUMNS,
    Incoming,
    ReturnedHeader,
    complete,
    computed,
    misplaced_answers,
    moved_catalogue,
    open_forms,
    read_answers,
    read_header,
    some_of,
    spread,
    unplaced,
)
from evaluator.model.scorecard import AGREED, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Workspace
from evaluator.xlsx.guard import admit

DAY_HINT = "move as_of in evaluation.yaml first, or give the day of the answers in the form or with --date"
REMARK_HINT = "--ours keeps the workspace's, --theirs takes the workbook's"


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
        workbook = admit(path)
        result.workbook = workbook.data
        incoming = open_forms(workbook)
    except EvaluatorError as error:
        result.problems.append(Problem("refused", str(error).removeprefix(f"'{path.name}' ").rstrip("."), path.name))
        result.blocked = True
        return result
    result.notes += moved_catalogue(incoming, workspace.catalogue)
    plans: list[ImportPlan] = []
    taken: dict[CardKey, str] = {}
    for form in incoming.forms:
        result.problems += unplaced(form, incoming, workspace.catalogue)
        token, vendor = form.token, workspace.vendors.get(form.token.vendor)
        subject = subject_of(vendor.profile, token.edition) if vendor else f"{token.vendor} · {token.edition}"
        result.subjects.append(subject)
        formulas = computed(form)
        result.computed |= formulas
        try:
            plan = plan_for(Request(form, incoming, workspace, store, options))
        except ContentError as error:
            result.problems += error.problems
            continue
        result.problems += plan.problems
        result.notes += plan.notes
        if filled := [cell for cell, value in formulas.items() if value != ""]:
            result.notes.append(f"formulas were not computed, their stored results were taken: {some_of(filled)}")
        first = taken.setdefault(plan.who, form.sheet.name)
        if first == form.sheet.name:
            plans.append(plan)
        else:
            message, place = f"the sheet is a second copy of '{first}'", form.sheet.cell(0, 0)
            result.problems.append(Problem("two-sheets", message, path.name, cell=place, hint="delete one of the two"))
    for plan in plans:
        result.changes += plan.merged.changes
        result.headers += plan.headers
        result.conflicts += plan.merged.conflicts
        result.kept += plan.merged.kept
    result.blocked = has_errors(result.problems) and not options.accept_valid
    if not result.blocked:
        result.written += [name for plan in plans if (name := _write(plan, store))]
    return result


def _write(plan: ImportPlan, store: Store) -> str:
    """Hand a plan to the store; returns the name of the file, or nothing where nothing changes."""
    answers = {change.criterion: change.after for change in plan.merged.changes}
    if plan.new is not None and answers:  # none of them is taken away: a new scorecard has nothing yet
        return store.create(plan.new.model_copy(update={"answers": answers}))
    if plan.card is not None and (answers or plan.headers):
        return store.change(plan.card, answers, {str(change.key): change.after for change in plan.headers})
    return ""


@dataclass(frozen=True, slots=True)
class Request:
    """One form, and what is needed to judge it."""

    form: Form
    incoming: Incoming
    workspace: Workspace
    store: Store
    options: ImportOptions

    def problem(self, key: str, message: str, hint: str = "") -> Problem:
        """A mistake in a cell of the form's header; of the sheet, where it has no such cell."""
        return Problem("form", message, self.incoming.file, cell=self.form.header_cell(key), hint=hint)

    def unusable(self, message: str, hint: str, key: str = "") -> ContentError:
        """The same as what makes the whole form unusable."""
        return ContentError(message, [self.problem(key, message, hint)])


@dataclass(slots=True)
class ImportPlan:
    """What is to be done to one scorecard."""

    who: CardKey
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
    form, options, as_of = request.form, request.options, request.workspace.evaluation.as_of
    exported, mark = request.incoming.exported, form.token.mark
    header = read_header(form, CARD_KINDS)
    day = header.day or options.today
    plan = _start(request, header, day)
    if form.token.kind == "questionnaire":
        vendor = request.workspace.vendors[form.token.vendor].profile.name
        read = read_replies(form, request.workspace.catalogue, vendor, day, as_of, exported.answers)
        plan.problems += read.faults
        plan.notes += read.notes
        plan.merged.changes += with_replies(plan.card, read.replies, plan.who, day)
    else:
        plan.notes += spread(form)
        base = {criterion: found for (sheet, criterion), found in exported.answers.items() if sheet == mark}
        view = item_of if form.columns.keys() & set(KIND_COLUMNS) else item_without_kind
        way = _moderation(request, base) if form.token.kind == "moderation" else scorecard_way(base, view)
        rows = _rows(request, plan, way, header.day)
        plan.merged = merge(plan.card, rows, way, who=plan.who, day=day, prefer=options.prefer)
    if day > as_of and "date" not in header.faults and (header.day or _would_change(plan)):
        message = f"the answers are of {day}, after the date of the evaluation, {as_of}"
        plan.problems.append(request.problem("date", message, DAY_HINT))
    if form.token.kind == "scorecard" and plan.card is not None and not header.faults:
        theirs = ScorecardHeader(header.kind, header.notice)
        cells = {key: form.header_cell(key) for key in ("kind", "notice")}
        headers = merge_header(plan.card, theirs, exported.headers.get(mark), options.prefer, cells)
        if headers is None:
            message = "the remark on the whole scorecard changed in the workspace and in the workbook"
            plan.problems.append(request.problem("notice", message, REMARK_HINT))
        plan.headers = headers or []
    return plan


def _would_change(plan: ImportPlan) -> bool:
    """Whether an answer would change now, or once its mistakes are fixed; only mistakes in cells of answers have a path."""
    return bool(plan.merged.changes or plan.merged.conflicts) or any(problem.path for problem in plan.problems)


def _moderation(request: Request, base: Mapping[str, str]) -> Way:
    """How agreed answers are merged, with the scorecards of all assessors as they are now."""
    token, store = request.form.token, request.store
    known = request.workspace.vendors[token.vendor].scorecards
    names = [card.assessor for card in known if card.edition == token.edition and card.assessor != AGREED]
    found = [store.read(token.vendor, token.edition, name) for name in names]
    return moderation_way([card for card in found if card is not None], base)


def _rows(request: Request, plan: ImportPlan, way: Way, day: date | None) -> list[ReturnedAnswer]:
    """The rows that can be merged; what is wrong with the others goes to the plan."""
    form, catalogue, as_of = request.form, request.workspace.catalogue, request.workspace.evaluation.as_of
    wanted = MODERATED_COLUMNS if form.token.kind == "moderation" else ANSWER_COLUMNS
    if form.token.kind == "scorecard" and form.columns.keys() & set(KIND_COLUMNS):
        wanted = (*wanted, *KIND_COLUMNS)  # a form that was exported before evidence had a kind has neither
    gone = [key for key in wanted if key not in form.columns]
    if gone:
        message = f"columns are missing: {', '.join(gone)}; without them an emptied answer cannot be recognised"
        raise request.unusable(message, "put them back, or export again and copy the answers over")
    answers = read_answers(form, catalogue, day)
    plan.problems += misplaced_answers(form)
    rows = []
    for answer in answers:
        if answer.faults or answer.confirmed or touched(answer, plan.card, way):
            answer.faults += complete(answer, form, catalogue, as_of)
        plan.problems += answer.faults
        if not answer.faults:
            rows.append(answer)
    return rows


def _start(request: Request, header: ReturnedHeader, day: date) -> ImportPlan:
    """The plan with the scorecard as it is now, or an empty one to start from."""
    profile, edition = _profile(request), request.form.token.edition
    assessor = AGREED if request.form.token.kind == "moderation" else _assessor(request, header)
    card = request.store.read(profile.id, edition, assessor)
    plan = ImportPlan(CardKey(profile.id, edition, assessor), card, problems=list(header.faults.values()))
    if card is None:
        plan.new = Scorecard.model_validate(
            {
                "schema": "scorecard/1",
                "vendor": profile.id,
                "edition": edition,
                "assessor": assessor,
                "assessed": day,
                "kind": "moderation" if assessor == AGREED else header.kind or CARD_KINDS[0],
                "notice": header.notice,
                "answers": {},
            }
        )
    if edition != profile.edition:
        text = f"{profile.id}: the sheet is on {edition}, the evaluated edition is {profile.edition}"
        cell = request.form.sheet.cell(0, 0)
        plan.problems.append(
            Problem("other-edition", text, request.incoming.file, cell=cell, severity=Severity.WARNING)
        )
    return plan


def _profile(request: Request) -> Profile:
    token = request.form.token
    folder = f"vendors/{token.vendor}/"
    broken = [problem for problem in request.options.broken if problem.file.startswith(folder)]
    if broken:
        raise ContentError(f"The files of {token.vendor} have errors; fix them and import again.", broken)
    vendor = request.workspace.vendors.get(token.vendor)
    if vendor is None:
        raise request.unusable(f"there is no vendor '{token.vendor[:64]}' in this workspace", "is it the right one?")
    if token.edition not in {edition.id for edition in vendor.profile.editions}:
        message = f"{vendor.profile.name} has no edition '{token.edition[:64]}' any more"
        raise request.unusable(message, "export the scorecard again")
    return vendor.profile


def _assessor(request: Request, header: ReturnedHeader) -> str:
    named, meant = header.assessor, request.form.token.assessor
    if meant and named and named != meant:
        message = f"the sheet was exported for {meant}, the cell says {named[:64]}"
        raise request.unusable(message, "export a sheet of its own for every assessor", "assessor")
    name = meant or named
    if not name:
        raise request.unusable("the assessor is not named", "a short id such as desk-a", "assessor")
    if not is_id(name) or name in RESERVED_NAMES or (name == AGREED and not meant):
        hint = "lower-case letters and digits, in words joined by hyphens, such as desk-a"
        raise request.unusable(f"'{name[:64]}' cannot be an assessor's id", hint, "assessor")
    return name
