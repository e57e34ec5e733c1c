"""One document: a template and its views become HTML, or a PDF of a given size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.models.result import Result
from evaluator.reports import context
from evaluator.reports.assets import Assets
from evaluator.reports.pdf import THEME, Attachment, to_pdf
from evaluator.reports.render import render

PAPER_SIZES = {"a4": "A4", "letter": "letter"}
LOGOS = ("logo.svg", "logo.png")

Views = Mapping[str, object]
"""What a template shows beyond the result itself; ``paper`` says what the document is."""


def html_of(
    template: str, result: Result, folders: Sequence[Path], paper: str, views: Views, *, landscape: bool = False
) -> str:
    """The document as self-contained HTML; ``paper`` is for when it is printed.

    Raises:
        EvaluatorError: for an unknown paper size, and for a template or theme file that is missing or wrong.
    """
    return _html(template, result, Assets.of(folders), _size(paper, landscape=landscape), views, None)


def pdf_of(
    template: str,
    result: Result,
    folders: Sequence[Path],
    paper: str,
    views: Views,
    attachments: Sequence[Attachment] = (),
    *,
    landscape: bool = False,
) -> bytes:
    """The document as a tagged PDF with ``attachments`` embedded; raises like :func:`html_of`, and without Pango or fonts."""
    assets = Assets.of(folders)
    html = _html(template, result, assets, _size(paper, landscape=landscape), views, _logo(assets))
    return to_pdf(html, assets, stamped=result.as_of, attachments=attachments)


def _size(paper: str, *, landscape: bool) -> str:
    size = PAPER_SIZES.get(paper.lower())
    if size is None:
        raise EvaluatorError(f"There is no paper size '{paper}'; it can be A4 or letter.")
    return f"{size} landscape" if landscape else size


def is_draft(result: Result) -> bool:
    """Whether a paper on ``result`` is a draft: a check of a final paper is open, or the review it belongs to is."""
    return not all(check.passed for check in result.final) or bool(result.review and not result.review.closed)


def _html(template: str, result: Result, assets: Assets, size: str, views: Views, logo: str | None) -> str:
    about = {
        "draft": is_draft(result),
        "not_closed": result.review.edition if result.review and not result.review.closed else None,
        "waived_checks": sum(check.waived for check in result.final),
        "open_checks": [check for check in result.final if not check.passed],
        "size": size,
        "style": assets.text("theme", "paper.css").replace("</", "<\\/"),
        "logo": logo,
    }
    values = {**context.looked_up(result), **views, "about": about}
    return render(template, values, assets, context.filters(result))


def _logo(assets: Assets) -> str | None:
    return next((THEME + name for name in LOGOS if assets.find("theme", name)), None)
