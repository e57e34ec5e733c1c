"""The papers: from a result to HTML and PDF, by templates that people may override.

Every function takes the result (nothing else is read), the report folders (a workspace's before the tool's
own; each may hold ``templates`` and ``theme``) and the paper size, ``A4`` or ``letter``. All raise
:class:`EvaluatorError` for an unknown paper size and for a template or theme file that is missing or wrong;
those that make a PDF also where the engine lacks Pango or the theme has no fonts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.model.evaluated import Evaluated, FinalCheck
from evaluator.reports import sentences, words
from evaluator.reports.language import Language, language_of
from evaluator.reports.paper import sections, vendor_report
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.comparison_pages import comparison_view
from evaluator.reports.paper.content_policy import check_elements, policy_of, with_policy
from evaluator.reports.paper.context import filters, look_ups
from evaluator.reports.paper.pdf import THEME, Attachment, to_pdf
from evaluator.reports.paper.rendering import render
from evaluator.reports.paper.trial_weights import WhatIf, what_if

PAPER_SIZES = {"a4": "A4", "letter": "letter"}
LOGOS = ("logo.svg", "logo.png")
TITLE_WIDTH = 200
COMPARISON_TITLE_WIDTH = 160


def recommendation_html(result: Evaluated, *, assets: Sequence[Path], paper: str = "A4") -> str:
    """The recommendation as one self-contained HTML document, with weights to move; ``paper`` is for when it is printed."""
    design = Design.of(assets)
    document = _recommendation(result, design.language, what_if(result, design.assets, design.language))
    return _html_of(document, design, paper)


def recommendation_pdf(
    result: Evaluated, *, assets: Sequence[Path], paper: str = "A4", attachments: Sequence[Attachment] = ()
) -> bytes:
    """The recommendation as a tagged PDF (PDF/UA-1 and PDF/A-3a), the same bytes for the same result.

    ``attachments`` are embedded: file name, content and description of each.
    """
    design = Design.of(assets)
    return _pdf_of(_recommendation(result, design.language, None), design, paper, attachments)


def vendor_html(result: Evaluated, vendor: str, *, assets: Sequence[Path], paper: str = "A4") -> str:
    """Where ``vendor`` stands, its gates and the open questions to it, as one HTML document."""
    design = Design.of(assets)
    return _html_of(_about_vendor(result, vendor, "vendor", design.language), design, paper)


def vendor_pdf(result: Evaluated, vendor: str, *, assets: Sequence[Path], paper: str = "A4") -> bytes:
    """Where ``vendor`` stands, its gates and the open questions to it, as a tagged PDF."""
    design = Design.of(assets)
    return _pdf_of(_about_vendor(result, vendor, "vendor", design.language), design, paper)


def scorecard_pdf(result: Evaluated, vendor: str, *, assets: Sequence[Path], paper: str = "A4") -> bytes:
    """The answers that count on ``vendor``, with their reasons and evidence, as a tagged PDF."""
    design = Design.of(assets)
    return _pdf_of(_about_vendor(result, vendor, "scorecard", design.language), design, paper)


def comparison_html(
    result: Evaluated,
    *,
    assets: Sequence[Path],
    paper: str = "A4",
    options: Sequence[str] | None = None,
    family: str | None = None,
) -> str:
    """Options side by side as one self-contained HTML document.

    Args:
        result: the whole evaluation; nothing else is read.
        assets: report folders, a workspace's before the tool's own.
        paper: ``A4`` or ``letter``, for when it is printed.
        options: ids to compare; by default all up to eight, of more the recommended tools and those ranked highest.
        family: the id of the one family to compare on; all by default.

    Raises:
        EvaluatorError: for an unknown id or paper size, for more options than fit, for a family without weight, and for a
            template or theme file that is missing or wrong.
    """
    design = Design.of(assets)
    return _html_of(_comparison(result, options or (), family, design.language), design, paper)


def comparison_pdf(
    result: Evaluated,
    *,
    assets: Sequence[Path],
    paper: str = "A4",
    options: Sequence[str] | None = None,
    family: str | None = None,
) -> bytes:
    """The same as :func:`comparison_html` as a tagged PDF in landscape; raises likewise, and without Pango or fonts."""
    design = Design.of(assets)
    return _pdf_of(_comparison(result, options or (), family, design.language), design, paper)


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


@dataclass(frozen=True, slots=True)
class PaperView:
    """What a paper knows of itself."""

    kind: str
    title: str
    description: str
    printed: frozenset[str]
    """Items of evidence that have a row in its register."""
    sections: tuple[sections.Section, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    """How a sentence refers to each section, by its id."""


@dataclass(frozen=True, slots=True)
class _Document:
    """One paper before it is rendered: a template, and what it shows under which names."""

    template: str
    result: Evaluated
    paper: PaperView
    shown: Mapping[str, object]
    landscape: bool = False
    whatif: WhatIf | None = None


def _recommendation(result: Evaluated, say: Language, whatif: WhatIf | None) -> _Document:
    outline = sections.outline(result, say)
    printed = {option.id for option in sections.printed_options(result)}
    title = words.abbreviated(result.workspace.evaluation.title, TITLE_WIDTH)
    paper = PaperView(
        kind="recommendation",
        title=say("title.recommendation", title=title),
        description=" ".join(sentences.recommendation(result, say)),
        printed=frozenset(item.id for item in result.evidence if item.option in printed),
        sections=outline,
        places={section.id: sections.place(section, say) for section in outline},
    )
    shown = by_name(sections.recommendation_views(result, say))
    return _Document("recommendation.html", result, paper, shown, whatif=whatif)


def _about_vendor(result: Evaluated, vendor: str, kind: str, say: Language) -> _Document:
    """The ``vendor`` report or the ``scorecard``; raises :class:`EvaluatorError` for an option that is not in scope."""
    if vendor not in {option.id for option in result.scores.options}:
        raise EvaluatorError(f"There is no option '{vendor}' in scope.")
    paper = PaperView(
        kind="vendor-report" if kind == "vendor" else kind,
        title=say(f"title.{kind}", name=sentences.short_name(result, vendor)),
        description=sentences.option_summary(result, vendor, say),
        printed=frozenset(item.id for item in result.evidence if item.option == vendor),
    )
    return _Document(f"{kind}.html", result, paper, {"subject": vendor_report.subject_view(result, vendor, say)})


def _comparison(whole: Evaluated, options: Sequence[str], family: str | None, say: Language) -> _Document:
    result, view = comparison_view(whole, options, family, say)
    title = words.abbreviated(whole.workspace.evaluation.title, COMPARISON_TITLE_WIDTH)
    paper = PaperView(
        kind="comparison",
        title=say("title.comparison", title=title),
        description=say("comparison.description", options=say.counted(len(view.options), "option")),
        printed=frozenset(),
    )
    return _Document("comparison.html", result, paper, {"comparison": view}, landscape=True)


def _html_of(document: _Document, design: Design, paper: str) -> str:
    """The document as self-contained HTML under a content security policy; ``paper`` is for when it is printed."""
    html = _rendered(document, design, paper, None)
    return with_policy(html, document.whatif.policy if document.whatif else policy_of(), design.language.tag)


def _pdf_of(document: _Document, design: Design, paper: str, attachments: Sequence[Attachment] = ()) -> bytes:
    logo = next((THEME + name for name in LOGOS if design.assets.find("theme", name)), None)
    html = _rendered(document, design, paper, logo)
    return to_pdf(html, design.assets, stamped=document.result.as_of, attachments=attachments)


@dataclass(frozen=True, slots=True)
class About:
    """Whether the paper is a draft, and how it is set."""

    draft: bool
    not_closed: str | None
    """The review that the paper belongs to, while it is open."""
    waived_checks: int
    open_checks: tuple[FinalCheck, ...]
    size: str
    style: str
    logo: str | None

    @classmethod
    def of(cls, result: Evaluated, style: str, size: str, logo: str | None) -> About:
        """A paper is a draft while a check of a final paper, or the review it belongs to, is open."""
        open_checks = tuple(check for check in result.final if not check.passed)
        not_closed = result.review.review if result.review and not result.review.closed else None
        return cls(
            draft=bool(open_checks or not_closed),
            not_closed=not_closed,
            waived_checks=sum(check.waived for check in result.final),
            open_checks=open_checks,
            size=size,
            # In a style sheet both spellings mean the same, and no element can begin or end with the second one.
            style=re.sub(r"<(?=[A-Za-z/!])", r"\\3c ", style),
            logo=logo,
        )


def _rendered(document: _Document, design: Design, paper: str, logo: str | None) -> str:
    size = PAPER_SIZES.get(paper.lower())
    if size is None:
        raise EvaluatorError(f"There is no paper size '{paper}'; it can be A4 or letter.")
    if document.landscape:
        size = f"{size} landscape"
    result, say = document.result, design.language
    values = {
        **by_name(look_ups(result, say)),
        **document.shown,
        "paper": document.paper,
        "whatif": document.whatif,
        "about": About.of(result, design.assets.text("theme", "paper.css"), size, logo),
    }
    html = render(document.template, values, design.assets, filters(result, say), say)
    check_elements(html, document.template, document.whatif.elements if document.whatif else ())
    return html


def by_name(view: object) -> dict[str, object]:
    """The fields of a data class by their names, which are the names that templates know them by."""
    return {item.name: getattr(view, item.name) for item in fields(view)}  # type: ignore[arg-type]
