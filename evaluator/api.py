"""The verbs of the evaluator, one function each: the public Python interface.

    workspace = api.load("my-evaluation")
    result = api.evaluate(workspace)
    api.publish(result, "out")

A request that cannot be carried out raises :class:`~evaluator.errors.EvaluatorError` with one sentence;
content with errors raises :class:`~evaluator.errors.ContentError`, which carries every problem.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator import __version__
from evaluator.errors import ContentError, EvaluatorError, Problem, has_errors

if TYPE_CHECKING:
    from evaluator.models.result import Explanation, Result, Scores, Stacks
    from evaluator.models.workspace import Workspace

Folder = str | Path
Progress = Callable[[str], None]


def _silent(_: str) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace as found on disk: where, what could be read, and everything that is wrong with it."""

    root: Path
    workspace: Workspace | None
    problems: tuple[Problem, ...]


def open_workspace(folder: Folder = ".") -> Opened:
    """Read and check the workspace in ``folder`` or its nearest parent; content never raises."""
    from evaluator.checks.run import run
    from evaluator.files.load import load as load_files
    from evaluator.files.root import find_root

    root = find_root(Path(folder))
    loaded = load_files(root)
    found = run(loaded.workspace, loaded.workspace.evaluation.as_of, loaded.layout) if loaded.workspace else []
    return Opened(root, loaded.workspace, loaded.report(found))


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

    return score_options(workspace, as_of or workspace.evaluation.as_of)


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

    return evaluate_workspace(workspace, as_of or workspace.evaluation.as_of, version=__version__, max_tools=max_tools)


def known_options(workspace: Workspace, vendors: Iterable[str]) -> None:
    """Raise :class:`EvaluatorError` for the first of ``vendors`` that is not an option in scope."""
    from difflib import get_close_matches

    known = [vendor.profile.id for vendor in workspace.options]
    for vendor in vendors:
        if vendor not in known:
            near = get_close_matches(vendor, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the options are {', '.join(known) or 'none'}."
            raise EvaluatorError(f"There is no option '{vendor}'; {hint}")


def compare(result: Result, path: Folder) -> Path:
    """Write the comparison workbook to ``path`` (.xlsx); returns the path written."""
    target = _target(path, (".xlsx",))
    from evaluator.reports.workbook import comparison_xlsx

    return _write(target, comparison_xlsx(result))


def recommend(result: Result, path: Folder, overrides: Folder | None = None) -> Path:
    """Write the recommendation to ``path``: .pdf, .html, or .json for the whole result; returns the path written.

    ``overrides`` is a workspace folder whose ``reports/templates`` and ``reports/theme`` take precedence.
    """
    target = _target(path, (".pdf", ".html", ".json"))
    if target.suffix.lower() == ".json":
        from evaluator.reports.data import result_data, to_text

        return _write(target, to_text(result_data(result)).encode())
    from evaluator.files.shipped import shipped_root
    from evaluator.reports import paper

    folders = [Path(overrides) / "reports"] if overrides else []
    assets = [*folders, shipped_root() / "reports"]
    if target.suffix.lower() == ".html":
        return _write(target, paper.recommendation_html(result, assets=assets).encode())
    return _write(target, paper.recommendation_pdf(result, assets=assets))


def publish(result: Result, folder: Folder, progress: Progress = _silent) -> tuple[Path, ...]:
    """Write the recommendation (PDF) and the comparison workbook into ``folder``; returns the paths."""
    target = Path(folder)
    progress("writing the comparison workbook")
    workbook = compare(result, target / "comparison.xlsx")
    progress("writing the recommendation")
    return recommend(result, target / "recommendation.pdf"), workbook


def init(folder: Folder, *, blank: bool = False) -> Path:
    """A new workspace in ``folder``: a copy of the shipped evaluation, or a blank one; returns its path."""
    from evaluator.files.shipped import copy_shipped

    target = Path(folder)
    copy_shipped(target, blank=blank)
    return target


def demo(folder: Folder, progress: Progress = _silent) -> tuple[Path, ...]:
    """The whole main job on the shipped evaluation, into ``folder``; returns the papers written."""
    from evaluator.files.shipped import shipped_root

    progress("reading and checking the shipped evaluation")
    workspace = load(shipped_root())
    progress("scoring and choosing the stack")
    return publish(evaluate(workspace), folder, progress)


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
