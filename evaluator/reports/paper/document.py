"""One document: a template and its views become HTML, or a PDF of a given size."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.model.evaluated import Evaluated
from evaluator.reports.language import Language, language_of
from evaluator.reports.paper import context
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.content_policy import check_elements, policy_of, with_policy
from evaluator.reports.paper.pdf import THEME, Attachment, to_pdf
from evaluator.reports.paper.rendering import render
from evaluator.reports.paper.trial_weights import WhatIf

PAPER_SIZES = {"a4": "A4", "letter": "letter"}
LOGOS = ("logo.svg", "logo.png")

Views = Mapping[str, object]
"""What a template shows beyond the result itself; ``paper`` says what the document is."""


@dataclass(frozen=True, slots=True)
class Design:
    """How a paper looks and speaks: templates and theme, and the language."""

    assets: Assets
    language: Language

    @classmethod
    def of(cls, folders: Sequence[Path]) -> Design:
        """What the report folders hold, a workspace's before the tool's own; raises :class:`EvaluatorError` where it is wrong."""
        assets = Assets.of(folders)
        return cls(assets, language_of(assets))


def html_of(
    template: str, result: Evaluated, design: Design, paper: str, views: Views, *, landscape: bool = False
) -> str:
    """The document as self-contained HTML under a content security policy; ``paper`` is for when it is printed.

    Raises:
        EvaluatorError: for an unknown paper size, and for a template or theme file that is missing or wrong.
    """
    html = _html(template, result, design, _size(paper, landscape=landscape), views, None)
    shown = views.get("whatif")
    return with_policy(html, shown.policy if isinstance(shown, WhatIf) else policy_of(), design.language.tag)


def pdf_of(
    template: str,
    result: Evaluated,
    design: Design,
    paper: str,
    views: Views,
    attachments: Sequence[Attachment] = (),
    *,
    landscape: bool = False,
) -> bytes:
    """The document as a tagged PDF with ``attachments`` embedded; raises like :func:`html_of`, and without Pango or fonts."""
    html = _html(template, result, design, _size(paper, landscape=landscape), views, _logo(design.assets))
    return to_pdf(html, design.assets, stamped=result.as_of, attachments=attachments)


def _size(paper: str, *, landscape: bool) -> str:
    size = PAPER_SIZES.get(paper.lower())
    if size is None:
        raise EvaluatorError(f"There is no paper size '{paper}'; it can be A4 or letter.")
    return f"{size} landscape" if landscape else size


def is_draft(result: Evaluated) -> bool:
    """Whether a paper on ``result`` is a draft: a check of a final paper is open, or the review it belongs to is."""
    return not all(check.passed for check in result.final) or bool(result.review and not result.review.closed)


def _html(template: str, result: Evaluated, design: Design, size: str, views: Views, logo: str | None) -> str:
    about = {
        "draft": is_draft(result),
        "not_closed": result.review.review if result.review and not result.review.closed else None,
        "waived_checks": sum(check.waived for check in result.final),
        "open_checks": [check for check in result.final if not check.passed],
        "size": size,
        # In a style sheet both spellings mean the same, and no element can begin or end with the second one.
        "style": re.sub(r"<(?=[A-Za-z/!])", r"\\3c ", design.assets.text("theme", "paper.css")),
        "logo": logo,
    }
    values = {**context.looked_up(result, design.language), **views, "about": about}
    html = render(template, values, design.assets, context.filters(result, design.language), design.language)
    shown = views.get("whatif")
    check_elements(html, template, shown.elements if isinstance(shown, WhatIf) else ())
    return html


def _logo(assets: Assets) -> str | None:
    return next((THEME + name for name in LOGOS if assets.find("theme", name)), None)
