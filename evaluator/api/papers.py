"""Papers and workbooks made from a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from evaluator.api.common import Folder, Paper, Progress, silent, target_file, target_folder, write_target
from evaluator.api.evaluation import evaluate, known_options
from evaluator.api.sensitivity import with_questions, with_sensitivity
from evaluator.api.workspaces import load

if TYPE_CHECKING:
    from evaluator.model.evaluated import Evaluated

RECOMMENDATION, COMPARISON = "recommendation.pdf", "comparison.xlsx"

Kind = Literal["compare", "recommend", "report"]

_FORMATS: dict[Kind, tuple[str, ...]] = {
    "compare": (".xlsx", ".pdf", ".html"),
    "recommend": (".pdf", ".html", ".json"),
    "report": (".pdf",),
}


def check_target(path: Folder, kind: Kind) -> None:
    """Find out before the work whether a paper of ``kind`` may go to ``path``; raises :class:`EvaluatorError` if not."""
    target_file(path, _FORMATS[kind])


def compare(
    result: Evaluated,
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
    target = target_file(path, _FORMATS["compare"])
    options = known_options(result.workspace, options)
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from evaluator.reports.workbook import comparison_xlsx

        return write_target(target, comparison_xlsx(result, options=options, families=[family] if family else []))
    from evaluator.reports.paper.papers import comparison_html, comparison_pdf

    assets = _assets(overrides)
    if ending == ".pdf":
        return write_target(target, comparison_pdf(result, assets=assets, paper=paper, options=options, family=family))
    page = comparison_html(result, assets=assets, paper=paper, options=options, family=family)
    return write_target(target, page.encode())


def recommend(result: Evaluated, path: Folder, overrides: Folder | None = None, paper: Paper = "A4") -> Path:
    """Write the recommendation to ``path``: .pdf, .html, or .json for the whole result; returns the path written.

    The PDF carries the result as JSON and the comparison workbook as attachments.

    Args:
        result: what to print.
        path: the file; its ending chooses the format.
        overrides: a workspace folder whose ``reports/templates`` and ``reports/theme`` take precedence.
        paper: the page size of the PDF.
    """
    target = target_file(path, _FORMATS["recommend"])
    ending = target.suffix.lower()
    if ending == ".json":
        return write_target(target, _result_json(result))
    if ending == ".pdf":
        return write_target(target, _papers(result, overrides, paper=paper)[RECOMMENDATION])
    from evaluator.reports.paper.papers import recommendation_html

    return write_target(target, recommendation_html(result, assets=_assets(overrides), paper=paper).encode())


def report(
    result: Evaluated,
    vendor: str,
    path: Folder,
    kind: Literal["vendor", "scorecard"] = "vendor",
    overrides: Folder | None = None,
    paper: Paper = "A4",
) -> Path:
    """Write the paper on one vendor (where it stands, gates, open questions), or its scorecard, as PDF; returns the path.

    What knowing an open answer is worth is computed where ``result`` does not have it yet.
    """
    target = target_file(path, _FORMATS["report"])
    from evaluator.model.option_names import only_option
    from evaluator.reports.paper import papers

    option = only_option(result.workspace, vendor).id
    if kind == "scorecard":
        page = papers.scorecard_pdf(result, option, assets=_assets(overrides), paper=paper)
    else:
        asked = result if result.questions else with_questions(result)
        page = papers.vendor_pdf(asked, option, assets=_assets(overrides), paper=paper)
    return write_target(target, page)


def publish(
    result: Evaluated, folder: Folder, progress: Progress = silent, overrides: Folder | None = None
) -> tuple[Path, ...]:
    """Write the recommendation (PDF) and the comparison workbook into ``folder``; returns the paths."""
    targets = _published(folder)
    made = _papers(result, overrides, progress)
    return tuple(write_target(target, made[target.name]) for target in targets)


def _published(folder: Folder) -> tuple[Path, ...]:
    """Where the recommendation and the workbook go, given that both can be written."""
    target = target_folder(folder)
    return tuple(target_file(target / name, (Path(name).suffix,)) for name in (RECOMMENDATION, COMPARISON))


def demo(folder: Folder, progress: Progress = silent) -> tuple[Path, ...]:
    """The whole main job on the shipped evaluation, into ``folder``; returns the papers written."""
    from evaluator.workspace.shipped import shipped_root

    _published(folder)
    progress("reading and checking the shipped evaluation")
    workspace = load(shipped_root())
    progress("scoring and choosing the stack")
    return publish(with_sensitivity(evaluate(workspace)), folder, progress)


def review_papers(root: Path, progress: Progress) -> Callable[[Evaluated], Mapping[str, bytes]]:
    """Return what makes the papers that are issued with a review, by file name; they show how sensitive the answer is."""

    def made(result: Evaluated) -> Mapping[str, bytes]:
        progress("finding out how sensitive the answer is")
        return _papers(with_sensitivity(result), root, progress)

    return made


def _papers(
    result: Evaluated, overrides: Folder | None, progress: Progress = silent, paper: Paper = "A4"
) -> dict[str, bytes]:
    """The recommendation and the comparison workbook, by file name.

    The recommendation carries the workbook and the whole result, so that an auditor has its inputs and can do it again.
    """
    from evaluator.reports.paper.papers import recommendation_pdf
    from evaluator.reports.workbook import comparison_xlsx

    progress("writing the comparison workbook")
    workbook = comparison_xlsx(result)
    attachments = (
        (COMPARISON, workbook, "The comparison workbook"),
        ("result.json", _result_json(result), "The whole result with every input, as data"),
    )
    progress("writing the recommendation")
    page = recommendation_pdf(result, assets=_assets(overrides), paper=paper, attachments=attachments)
    return {RECOMMENDATION: page, COMPARISON: workbook}


def _result_json(result: Evaluated) -> bytes:
    from evaluator.reports.json_contract import result_data, to_text

    return to_text(result_data(result)).encode()


def _assets(overrides: Folder | None) -> list[Path]:
    """Where templates and themes are looked for: the workspace first, then what ships."""
    from evaluator.workspace.shipped import shipped_root

    return [*([Path(overrides) / "reports"] if overrides else []), shipped_root() / "reports"]
