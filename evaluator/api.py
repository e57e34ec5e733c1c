"""The verbs of the evaluator, one function each: the public Python interface.

    workspace = api.load("my-evaluation")
    result = api.evaluate(workspace)
    api.publish(result, "out")

A request that cannot be carried out raises :class:`~evaluator.errors.EvaluatorError` with one sentence;
content with errors raises :class:`~evaluator.errors.ContentError`, which carries every problem.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from evaluator import __version__
from evaluator.errors import ContentError, EvaluatorError, Problem, Severity, has_errors

if TYPE_CHECKING:
    from evaluator.exchange.changes import ImportReport, Side
    from evaluator.exchange.choosing import Only
    from evaluator.exchange.matrix_workspace import MatrixReport
    from evaluator.exchange.orders import Setting
    from evaluator.models.agreement import Agreement
    from evaluator.models.change import Change
    from evaluator.models.firmness import Flips, Gaps, Opinions, Robustness, StackInFull
    from evaluator.models.record import HistoryPoint, Upgrade, Verification
    from evaluator.models.result import Explanation, Result, Scores, Stacks
    from evaluator.models.review import ReviewState
    from evaluator.models.workspace import Workspace
    from evaluator.reviewing.editions import Place

Folder = str | Path
Progress = Callable[[str], None]
Paper = Literal["A4", "letter"]


def _silent(_: str) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace as found on disk: where, what could be read, and everything that is wrong with it."""

    root: Path
    workspace: Workspace | None
    problems: tuple[Problem, ...]


_NOT_RUN = Problem(
    "rules-not-run",
    "the rules on content were not run, because a file that they all need cannot be used; there may be more problems",
    hint="mend the errors and check again",
    severity=Severity.WARNING,
)


def open_workspace(folder: Folder = ".") -> Opened:
    """Read and check the workspace in ``folder``; content never raises.

    ``.`` stands for the current folder or its nearest parent that is a workspace; any other folder must be one itself.
    """
    from evaluator.checks.run import run
    from evaluator.files.load import load as load_files
    from evaluator.files.root import find_root

    root = find_root(Path(folder))
    if str(folder) != "." and root != Path(folder).resolve():
        raise EvaluatorError(
            f"'{folder}' is no workspace: there is no evaluation.yaml in it (there is one above, in {root})."
        )
    loaded = load_files(root)
    if loaded.workspace is None:
        found = [_NOT_RUN]
    else:
        found = run(loaded.workspace, loaded.workspace.evaluation.as_of, loaded.layout)
    return Opened(root, loaded.workspace, (*loaded.report(found), *_review_problems(root, loaded.workspace)))


def _review_problems(root: Path, workspace: Workspace | None) -> tuple[Problem, ...]:
    """What is wrong with the files under ``reviews/``."""
    if not (root / "reviews").is_dir():
        return ()
    from evaluator.checks.reviews import check_log
    from evaluator.files.reviews import find_reviews

    reviews = find_reviews(root)
    found = check_log(workspace, reviews.log) if workspace and reviews.log else ()
    return (*reviews.problems, *(reviews.pin(problem) for problem in found))


def check(folder: Folder = ".") -> tuple[Problem, ...]:
    """Every problem of the workspace, by file, line and column."""
    return open_workspace(folder).problems


def load(folder: Folder = ".") -> Workspace:
    """The workspace in ``folder``; raises :class:`ContentError` with all problems if any is an error."""
    return usable(open_workspace(folder))


def usable(opened: Opened) -> Workspace:
    """The workspace of ``opened``; raises :class:`ContentError` with all errors if there are any."""
    if opened.workspace is None or has_errors(opened.problems):
        errors = [problem for problem in opened.problems if has_errors([problem])]
        raise ContentError("The workspace has errors; mend them and try again.", errors)
    return opened.workspace


def score(workspace: Workspace, as_of: date | None = None) -> Scores:
    """Scores, ranges, gates and ranks of all options at ``as_of`` (default: the evaluation's own date)."""
    from evaluator.scoring.score import score as score_options

    return score_options(workspace, _as_of(workspace, as_of))


def explain(workspace: Workspace, vendor: str, against: str | None = None, as_of: date | None = None) -> Explanation:
    """Which criteria make the score of ``vendor``, or its difference to ``against``."""
    from evaluator.analysis.explain import explain as explain_scores

    known_options(workspace, [vendor, *([against] if against else [])])
    return explain_scores(score(workspace, as_of), vendor, against)


def stack(workspace: Workspace, as_of: date | None = None, max_tools: int | None = None) -> Stacks | None:
    """The best stacks of every size up to ``max_tools``; None where no use case is described."""
    return evaluate(workspace, as_of, max_tools=max_tools).stacks


def evaluate(workspace: Workspace, as_of: date | None = None, *, max_tools: int | None = None) -> Result:
    """Everything that reports show."""
    from evaluator.analysis.evaluate import evaluate as evaluate_workspace

    return evaluate_workspace(workspace, _as_of(workspace, as_of), version=__version__, max_tools=max_tools)


def with_firmness(result: Result) -> Result:
    """``result`` with what papers say about how firm it is: robustness, flips and second opinions at their defaults."""
    from dataclasses import replace

    from evaluator.models.firmness import Firmness

    workspace, as_of = result.workspace, result.as_of
    if not result.scores.options:
        return result
    firmness = Firmness(robustness(workspace, as_of), flips(workspace, as_of), second_opinions(workspace, as_of))
    return replace(result, firmness=firmness)


def _as_of(workspace: Workspace, as_of: date | None) -> date:
    """The date to judge at: the content can be looked at later, never earlier than it stands for."""
    stands_for = workspace.evaluation.as_of
    if as_of is not None and as_of < stands_for:
        raise EvaluatorError(f"The content stands for {stands_for}; it cannot tell what was known on {as_of}.")
    return as_of or stands_for


def robustness(
    workspace: Workspace,
    as_of: date | None = None,
    samples: int | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Robustness:
    """How often the answer would hold: seeded draws over weights, levels, unknowns and the conditional credit."""
    from evaluator.analysis.robustness import SAMPLES, SEED
    from evaluator.analysis.robustness import robustness as draw

    return draw(
        workspace,
        _as_of(workspace, as_of),
        SAMPLES if samples is None else samples,
        SEED if seed is None else seed,
        progress=progress,
    )


def flips(workspace: Workspace, as_of: date | None = None) -> Flips:
    """What it would take to change the answer: single weights, all weights together, answers."""
    from evaluator.analysis.flips import flips as turning_points

    return turning_points(workspace, _as_of(workspace, as_of))


def gaps(workspace: Workspace, as_of: date | None = None) -> Gaps:
    """Which open answers could change the decision, and what to ask each vendor first."""
    from evaluator.analysis.gaps import gaps as open_questions

    return open_questions(workspace, _as_of(workspace, as_of))


def second_opinions(workspace: Workspace, as_of: date | None = None) -> Opinions:
    """Whether the first place depends on the method: TOPSIS, PROMETHEE II and a weighted product beside the sum."""
    from evaluator.analysis.opinions import opinions

    return opinions(workspace, _as_of(workspace, as_of))


def stack_in_full(
    result: Result,
    *,
    tools: Sequence[str] = (),
    required: Sequence[str] = (),
    excluded: Sequence[str] = (),
    budget: float | None = None,
    currency: str | None = None,
    max_tools: int | None = None,
) -> StackInFull | None:
    """Everything about ``tools``, or about the stack recommended within the limits; None where none is recommended."""
    from evaluator.analysis.full import stack_in_full as in_full
    from evaluator.models.firmness import Limits

    limits = (
        Limits(tuple(required), tuple(excluded), budget, currency)
        if currency
        else Limits(tuple(required), tuple(excluded), budget)
    )
    return in_full(result.workspace, result.fits, limits, tools=tools, max_tools=max_tools)


def firmness_as_text(workspace: Workspace, value: Robustness | Flips | Gaps | Opinions | StackInFull) -> str:
    """A page for the terminal on how firm the answer is."""
    from evaluator.models.firmness import Flips, Gaps, Opinions, Robustness
    from evaluator.reports import terminal_firmness as pages

    if isinstance(value, Robustness):
        return pages.robustness_page(workspace, value)
    if isinstance(value, Flips):
        return pages.flips_page(workspace, value)
    if isinstance(value, Gaps):
        return pages.gaps_page(workspace, value)
    if isinstance(value, Opinions):
        return pages.opinions_page(workspace, value)
    return pages.stack_page(workspace, value)


def firmness_as_data(value: Robustness | Flips | Gaps | Opinions | StackInFull) -> dict[str, Any]:
    """The machine-readable edition of :func:`firmness_as_text`."""
    from evaluator.reports.data import dumped

    data: dict[str, Any] = dumped(value)
    return data


def known_options(workspace: Workspace, vendors: Iterable[str]) -> None:
    """Raise :class:`EvaluatorError` for the first of ``vendors`` that is not an option in scope."""
    from difflib import get_close_matches

    known = [vendor.profile.id for vendor in workspace.options]
    for vendor in vendors:
        if vendor not in known:
            near = get_close_matches(vendor, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the options are {', '.join(known) or 'none'}."
            raise EvaluatorError(f"There is no option '{vendor}'; {hint}")


def compare(
    result: Result,
    path: Folder,
    *,
    options: Sequence[str] = (),
    family: str | None = None,
    overrides: Folder | None = None,
    paper: Paper = "A4",
) -> Path:
    """Write the comparison to ``path``: the live workbook (.xlsx), or one to three pages to read (.pdf, .html).

    Args:
        result: what to compare.
        path: the file; its ending chooses the format.
        options: ids of the options to compare; all where empty.
        family: compare on the criteria of this family alone.
        overrides: a workspace folder whose templates and theme take precedence.
        paper: the page size of the PDF.
    """
    target = _target(path, (".xlsx", ".pdf", ".html"))
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from evaluator.reports.workbook import comparison_xlsx

        return _write(
            target, comparison_xlsx(result, options=options, families=[family] if family else [], flips=_flips(result))
        )
    from evaluator.reports.comparison import comparison_html, comparison_pdf

    assets = _assets(overrides)
    if ending == ".html":
        page = comparison_html(result, assets=assets, paper=paper, options=options, family=family)
        return _write(target, page.encode())
    return _write(target, comparison_pdf(result, assets=assets, paper=paper, options=options, family=family))


def recommend(result: Result, path: Folder, overrides: Folder | None = None, paper: Paper = "A4") -> Path:
    """Write the recommendation to ``path``: .pdf, .html, or .json for the whole result; returns the path written.

    The PDF carries the result as JSON and the comparison workbook as attachments.

    Args:
        result: what to print.
        path: the file; its ending chooses the format.
        overrides: a workspace folder whose ``reports/templates`` and ``reports/theme`` take precedence.
        paper: the page size of the PDF.
    """
    target = _target(path, (".pdf", ".html", ".json"))
    ending = target.suffix.lower()
    if ending == ".json":
        return _write(target, _result_json(result))
    from evaluator.reports import paper as papers

    assets = _assets(overrides)
    if ending == ".html":
        return _write(target, papers.recommendation_html(result, assets=assets).encode())
    from evaluator.reports.workbook import comparison_xlsx

    attachments = (
        ("result.json", _result_json(result), "The whole result with every input, as data"),
        ("comparison.xlsx", comparison_xlsx(result, flips=_flips(result)), "The comparison workbook"),
    )
    return _write(target, papers.recommendation_pdf(result, assets=assets, paper=paper, attachments=attachments))


def report(
    result: Result,
    vendor: str,
    path: Folder,
    kind: Literal["vendor", "scorecard"] = "vendor",
    overrides: Folder | None = None,
    paper: Paper = "A4",
) -> Path:
    """Write the paper on one vendor (where it stands, gates, open questions), or its scorecard, as PDF; returns the path."""
    target = _target(path, (".pdf",))
    known_options(result.workspace, [vendor])
    from evaluator.reports import paper as papers

    make = papers.vendor_pdf if kind == "vendor" else papers.scorecard_pdf
    return _write(target, make(result, vendor, assets=_assets(overrides), paper=paper))


def publish(
    result: Result, folder: Folder, progress: Progress = _silent, overrides: Folder | None = None
) -> tuple[Path, ...]:
    """Write the recommendation (PDF) and the comparison workbook into ``folder``; returns the paths."""
    target = Path(folder)
    progress("writing the recommendation")
    paper = recommend(result, target / "recommendation.pdf", overrides)
    progress("writing the comparison workbook")
    return paper, compare(result, target / "comparison.xlsx")


def _flips(result: Result) -> Flips | None:
    return result.firmness.flips if result.firmness else None


def _result_json(result: Result) -> bytes:
    from evaluator.reports.data import result_data, to_text

    return to_text(result_data(result)).encode()


def _assets(overrides: Folder | None) -> list[Path]:
    """Where templates and themes are looked for: the workspace first, then what ships."""
    from evaluator.files.shipped import shipped_root

    return [*([Path(overrides) / "reports"] if overrides else []), shipped_root() / "reports"]


def init(folder: Folder, *, blank: bool = False, today: date | None = None) -> Path:
    """A new workspace in ``folder``: a copy of the shipped evaluation, or a blank one from ``today`` on; returns its path."""
    from evaluator.files.shipped import copy_shipped

    target = Path(folder)
    copy_shipped(target, blank=blank, today=today)
    return target


def demo(folder: Folder, progress: Progress = _silent) -> tuple[Path, ...]:
    """The whole main job on the shipped evaluation, into ``folder``; returns the papers written."""
    from evaluator.files.shipped import shipped_root

    progress("reading and checking the shipped evaluation")
    workspace = load(shipped_root())
    progress("scoring and choosing the stack")
    return publish(with_firmness(evaluate(workspace)), folder, progress)


def as_data(value: Scores | Explanation | Result, chosen: Collection[str] = ()) -> dict[str, Any]:
    """The machine-readable edition of what :func:`as_text` shows."""
    from evaluator.models.result import Explanation, Scores
    from evaluator.reports import data

    if isinstance(value, Scores):
        return data.score_data(value, chosen)
    if isinstance(value, Explanation):
        return data.explanation_data(value)
    return data.stacks_data(value)


def problems_as_text(problems: Iterable[Problem]) -> str:
    """One line per problem, then the count."""
    from evaluator.reports.terminal import problems_page

    return problems_page(problems)


def problems_as_data(problems: Iterable[Problem]) -> dict[str, Any]:
    """The machine-readable edition of :func:`problems_as_text`."""
    from evaluator.reports.data import problems_data

    return problems_data(problems)


def as_text(workspace: Workspace, value: Scores | Explanation | Result, chosen: Collection[str] = ()) -> str:
    """A page for the terminal: scores, an explanation, or the stacks of a result."""
    from evaluator.models.result import Explanation, Scores
    from evaluator.reports import terminal

    if isinstance(value, Scores):
        return terminal.scores_page(workspace, value, chosen)
    if isinstance(value, Explanation):
        return terminal.explanation_page(workspace, value)
    return terminal.stacks_page(value, value.stacks)


def _target(path: Folder, endings: tuple[str, ...]) -> Path:
    target = Path(path)
    if target.suffix.lower() not in endings:
        raise EvaluatorError(f"'{target}' does not end in {' or '.join(endings)}, so its format is not known.")
    return target


def _write(target: Path, content: bytes) -> Path:
    from evaluator.files.write import write_bytes

    write_bytes(target, content)
    return target


def export_scorecards(
    folder: Folder,
    vendors: Sequence[str],
    path: Folder,
    *,
    assessor: str | None = None,
    family: str | None = None,
    only: Only | None = None,
    for_vendor: bool = False,
) -> Path:
    """Write the workbook (.xlsx) in which ``vendors`` are assessed, a sheet each; returns the path written.

    Args:
        folder: the workspace.
        vendors: ids of vendors.
        path: the workbook.
        assessor: whose scorecards; left out, the only assessor's a vendor has, else to be filled in.
        family: only criteria of this family.
        only: ``unknown`` or ``stale``: only criteria without a level, or whose evidence is too old.
        for_vendor: a questionnaire to the vendor instead: no levels, scores or weights.
    """
    from evaluator.exchange.choosing import orders_for

    target = _target(path, (".xlsx",))
    workspace = _workspace_of(folder)
    as_of = workspace.evaluation.as_of
    orders = orders_for(
        workspace, vendors, as_of=as_of, assessor=assessor, family=family, only=only, for_vendor=for_vendor
    )
    setting = _setting(workspace)
    if for_vendor:
        from evaluator.exchange.questionnaire_book import questionnaire_book

        return _write(target, questionnaire_book(setting, orders, workspace.evaluation.organisation))
    from evaluator.exchange.scorecard_book import scorecard_book

    return _write(target, scorecard_book(setting, orders))


def import_scorecards(
    folder: Folder,
    files: Iterable[Folder],
    *,
    today: date,
    dry_run: bool = False,
    accept_valid: bool = False,
    prefer: Side | None = None,
) -> ImportReport:
    """Bring filled-in workbooks into the workspace: scorecards, moderations, questionnaires; returns what came of it.

    Args:
        folder: the workspace.
        files: the workbooks.
        today: the day of answers whose workbook does not name one.
        dry_run: only say what would change.
        accept_valid: take the answers without mistakes from a workbook that has some.
        prefer: whose answer counts where workspace (``ours``) and workbook (``theirs``) both changed since
            the export; None leaves those to be decided.
    """
    from evaluator.exchange.importing import ImportOptions, import_files
    from evaluator.files.cards import CardStore
    from evaluator.files.root import find_root

    root = find_root(Path(folder))
    workspace = _workspace_of(root)
    store = CardStore(root, tuple(workspace.catalogue.criteria))
    options = ImportOptions(today, dry_run=dry_run, accept_valid=accept_valid, prefer=prefer)
    return import_files([Path(file) for file in files], workspace, store, options)


def moderate(folder: Folder, vendor: str, path: Folder) -> tuple[Path, Agreement]:
    """Write the moderation workbook (.xlsx) of ``vendor``; returns its path and the agreement of the assessors."""
    from evaluator.exchange.choosing import moderation_for
    from evaluator.exchange.moderation_book import moderation_book

    target = _target(path, (".xlsx",))
    workspace = _workspace_of(folder)
    figures = agreement(workspace, [vendor])
    book = moderation_book(_setting(workspace), moderation_for(workspace, vendor, figures))
    return _write(target, book), figures


def agreement(workspace: Workspace, vendors: Sequence[str] | None = None) -> Agreement:
    """How far the assessors of ``vendors`` (default: all options) agree, by family and overall."""
    from evaluator.analysis.agreement import agreement as agreement_of

    return agreement_of(workspace, vendors)


def init_from_matrix(
    folder: Folder,
    file: Folder,
    *,
    today: date,
    scale: str | None = None,
    sheet: str | None = None,
    transposed: bool | None = None,
) -> MatrixReport:
    """A new workspace in ``folder`` that scores to the totals of the weighted matrix in ``file``.

    Args:
        folder: a folder that does not exist or is empty.
        file: an .xlsx or .csv file with criteria in rows and options in columns, or the reverse.
        today: the day the workspace starts from.
        scale: lowest and highest score as ``MIN..MAX``, where the sheet does not tell.
        sheet: the sheet, where it is not the first with numbers.
        transposed: whether criteria stand in columns, where the weights do not tell.

    Returns:
        What was taken for what, and what does not follow from the sheet's own figures.
    """
    from evaluator.exchange.matrix_workspace import workspace_from
    from evaluator.files.shipped import blank_texts, create_workspace
    from evaluator.files.yaml_text import dump
    from evaluator.models.layout import GUARDRAILS, USE_CASES

    made, report = workspace_from(Path(file), today, scale=scale, sheet=sheet, transposed=transposed)
    blank = {
        name: text
        for name, text in blank_texts(today).items()
        if name in {GUARDRAILS, USE_CASES} or not name.endswith(".yaml")
    }
    create_workspace(Path(folder), {**{name: dump(value) for name, value in made.items()}, **blank})
    return report


def matrix_as_text(report: MatrixReport) -> str:
    """What was made of a matrix, for the terminal."""
    from evaluator.reports.imports import matrix_page

    return matrix_page(report)


def imports_as_text(report: ImportReport) -> str:
    """What an import changed or would change, for the terminal."""
    from evaluator.reports.imports import imports_page

    return imports_page(report)


def imports_as_data(report: ImportReport) -> dict[str, Any]:
    """The machine-readable edition of :func:`imports_as_text`."""
    from evaluator.reports.imports import imports_data

    return imports_data(report)


def agreement_as_text(found: Agreement) -> str:
    """Agreement figures for the terminal."""
    from evaluator.reports.imports import agreement_page

    return agreement_page(found)


def agreement_as_data(found: Agreement) -> dict[str, Any]:
    """The machine-readable edition of :func:`agreement_as_text`."""
    from evaluator.reports.imports import agreement_data

    return agreement_data(found)


def review_open(
    folder: Folder,
    edition: str,
    as_of: date,
    *,
    opened: date,
    deadline: date | None = None,
    since: str | None = None,
    soon_months: int = 3,
) -> tuple[Workspace, ReviewState]:
    """Open a review: write its file, move the evaluation to ``as_of``, and say what is due.

    Args:
        folder: the workspace.
        edition: the name of the review, such as 2027.
        as_of: the date at which evidence is judged.
        opened: the day of opening.
        deadline: when it is to be closed.
        since: the closed edition before it; the latest where left out.
        soon_months: evidence that goes stale within so many months after ``as_of`` is due too.
    """
    from evaluator.models.review import Review
    from evaluator.reviewing.opening import open_review

    place = _place(folder)
    given = {"edition": edition, "as_of": as_of, "opened": opened, "deadline": deadline, "since": since}
    try:
        review = Review.model_validate({"schema": "review/1", "soon_months": soon_months, **given})
    except ValueError:
        raise EvaluatorError(
            f"'{edition}' cannot name a review; use lower-case letters, digits and hyphens, such as 2027."
        ) from None
    open_review(place, review)
    return review_status(folder, edition)


def review_status(folder: Folder = ".", edition: str | None = None) -> tuple[Workspace, ReviewState]:
    """Where an open review stands: progress, what is due, what blocks closing."""
    from evaluator.reviewing.opening import state

    place = _place(folder, may_have_errors=True)
    return place.workspace, state(place, edition)[1]


def review_send(folder: Folder, edition: str | None, target: Folder) -> tuple[Path, ...]:
    """Write a re-scoring workbook per assessor and a questionnaire per vendor, with what is due, into ``target``."""
    from evaluator.reviewing.editions import past
    from evaluator.reviewing.opening import state
    from evaluator.reviewing.sending import send

    place = _place(folder)
    result, found = state(place, edition)
    before = past(place.root, found.since).workspace if found.since else None
    return tuple(send(result, found, before, Path(target)))


def review_confirm(folder: Folder, vendor: str, criteria: Sequence[str], *, assessor: str, on: date) -> tuple[str, ...]:
    """Say that answers of ``assessor`` on ``vendor`` still stand, by a date of their own; all of them where none is named."""
    from evaluator.reviewing.opening import confirm

    place = _place(folder)
    known_options(place.workspace, [vendor])
    return confirm(place, vendor, assessor, criteria, on)


def review_log(
    folder: Folder,
    vendor: str,
    *,
    trigger: str | None,
    on: date,
    by: str,
    source: str = "",
    note: str = "",
) -> None:
    """Note what happened to ``vendor``: a trigger, or, where there is none, a light check that found nothing."""
    from evaluator.reviewing.opening import log

    place = _place(folder)
    known_options(place.workspace, [vendor])
    log(place, {"vendor": vendor, "date": on, "by": by, "source": source, "note": note}, trigger)


def review_close(folder: Folder, edition: str, *, on: date, progress: Progress = _silent) -> Path:
    """Freeze the edition under ``reports/``: record, papers and checksums, in one step; returns its folder.

    Raises :class:`ContentError` with every point that blocks closing.
    """
    from evaluator.reviewing.closing import close

    place = _place(folder)
    return close(place, edition, on, _papers(place.root, progress)).folder


def review_verify(folder: Folder, edition: str) -> tuple[Verification, ...]:
    """Whether a closed edition (or ``all``) is as issued, and whether this version of the tool computes its figures."""
    from evaluator.files.records import editions
    from evaluator.files.root import find_root
    from evaluator.reviewing.verifying import verify

    root = find_root(Path(folder))
    chosen = editions(root) if edition == "all" else (edition,)
    if not chosen:
        raise EvaluatorError("No edition is closed yet.")
    return tuple(verify(root, name) for name in chosen)


def review_diff(folder: Folder, old: str, new: str, as_of: date | None = None) -> tuple[Workspace, Change]:
    """What changed from one closed edition to another, or to ``now`` (at ``as_of``), by cause; with the newer content."""
    from evaluator.files.root import find_root
    from evaluator.reviewing.verifying import diff

    place = _place(folder) if "now" in {old, new} else None
    return diff(place, find_root(Path(folder)), old, new, as_of)


def review_example(folder: Folder, progress: Progress = _silent) -> Path:
    """A new workspace in ``folder`` with two closed editions made from the shipped content; returns its path."""
    from evaluator.reviewing.example import example

    target = Path(folder)
    example(target, _papers(target, progress), progress)
    return target


def history(
    folder: Folder, vendor: str, *, commits: bool = False, revisions: Sequence[str] = ()
) -> tuple[Workspace, tuple[HistoryPoint, ...]]:
    """One vendor over all closed editions and now; with ``commits`` over those of the workspace too; or at ``revisions``."""
    from evaluator.reviewing.following import history as follow

    place = _place(folder)
    known_options(place.workspace, [vendor])
    return place.workspace, follow(place, vendor, commits=commits, revisions=revisions)


def catalogue_upgrade(folder: Folder, *, on: date, dry_run: bool = False, shipped: Folder | None = None) -> Upgrade:
    """Bring the workspace's catalogue to the shipped one, its own criteria, weights and answers kept; says every difference."""
    from evaluator.files.load import load as load_files
    from evaluator.files.root import find_root
    from evaluator.files.shipped import shipped_root
    from evaluator.reviewing.upgrading import upgrade

    _place(folder)
    own = load_files(find_root(Path(folder)))
    return upgrade(own, load_files(Path(shipped) if shipped else shipped_root()), on, dry_run=dry_run)


def opened_as_text(workspace: Workspace, state: ReviewState) -> str:
    """How much is due when a review opens, for the terminal."""
    from evaluator.reports.terminal_review import opened_page

    return opened_page(workspace, state)


def due_as_text(workspace: Workspace, state: ReviewState) -> str:
    """Every answer that is due, for the terminal."""
    from evaluator.reports.terminal_review import due_page

    return due_page(workspace, state)


def status_as_text(workspace: Workspace, state: ReviewState, today: date) -> str:
    """Where a review stands on ``today``, for the terminal."""
    from evaluator.reports.terminal_review import status_page

    return status_page(workspace, state, today)


def change_as_text(workspace: Workspace, change: Change, chosen: Collection[str] = ()) -> str:
    """What changed, for the terminal; criterion by criterion for ``chosen`` options."""
    from evaluator.reports.terminal_review import change_page

    known = {option.id for option in change.options}
    for vendor in chosen:
        if vendor not in known:
            raise EvaluatorError(
                f"There is no option '{vendor}' in either edition; they are {', '.join(sorted(known))}."
            )
    return change_page(workspace, change, chosen)


def verification_as_text(found: Verification) -> str:
    """What verification of one edition found, for the terminal."""
    from evaluator.reports.terminal_review import verification_page

    return verification_page(found)


def history_as_text(workspace: Workspace, vendor: str, points: Sequence[HistoryPoint]) -> str:
    """One vendor over time, for the terminal."""
    from evaluator.reports.terminal_review import history_page

    return history_page(workspace, vendor, points)


def upgrade_as_text(found: Upgrade) -> str:
    """What an upgrade of the catalogue did or would do, for the terminal."""
    from evaluator.reports.terminal_review import upgrade_page

    return upgrade_page(found)


def review_as_data(value: ReviewState | Change | Verification | HistoryPoint | Upgrade) -> dict[str, Any]:
    """The machine-readable edition of what the functions on reviews return."""
    from evaluator.reports.data import dumped

    data: dict[str, Any] = dumped(value)
    return data


def _place(folder: Folder, *, may_have_errors: bool = False) -> Place:
    """The workspace as a review needs it; raises :class:`ContentError` where it has errors, unless those are told anyway."""
    from evaluator.reviewing.editions import Place

    opened = open_workspace(folder)
    if opened.workspace is None or not may_have_errors:
        return Place(opened.root, usable(opened))
    return Place(opened.root, opened.workspace, sum(has_errors([problem]) for problem in opened.problems))


def _papers(root: Path, progress: Progress) -> dict[str, Callable[[Result], bytes]]:
    """What is issued with an edition, by file name."""

    def paper(result: Result) -> bytes:
        from evaluator.files.shipped import shipped_root
        from evaluator.reports.paper import recommendation_pdf

        progress("writing the recommendation")
        return recommendation_pdf(result, assets=[root / "reports", shipped_root() / "reports"])

    def workbook(result: Result) -> bytes:
        from evaluator.reports.workbook import comparison_xlsx

        progress("writing the comparison workbook")
        return comparison_xlsx(result)

    return {"recommendation.pdf": paper, "comparison.xlsx": workbook}


def _workspace_of(folder: Folder) -> Workspace:
    """The workspace for an exchange: broken scorecards elsewhere do not stand in the way of a sound one."""
    from evaluator.files.load import load as load_files
    from evaluator.files.root import find_root

    loaded = load_files(find_root(Path(folder)))
    vendors_only = all(problem.file.startswith("vendors/") for problem in loaded.problems if has_errors([problem]))
    if loaded.workspace is None or not vendors_only:
        errors = [problem for problem in loaded.problems if has_errors([problem])]
        raise ContentError("The workspace has errors; mend them and try again.", errors)
    return loaded.workspace


def _setting(workspace: Workspace) -> Setting:
    """What every exported workbook shares."""
    from evaluator.exchange.orders import Setting
    from evaluator.scoring.weights import criterion_weights

    scope = workspace.evaluation.out_of_scope
    try:
        weights = criterion_weights(workspace.catalogue, workspace.weights, scope)
    except EvaluatorError:
        weights = {}  # nothing has weight yet: answers can be gathered all the same, without a preview
    return Setting(workspace.catalogue, workspace.evaluation.as_of, __version__, weights, scope)
