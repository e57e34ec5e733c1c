"""The papers: from a result to HTML and PDF, by templates that people may override.

Every function takes the result (nothing else is read), the report folders (a workspace's before the tool's
own; each may hold ``templates`` and ``theme``) and the paper size, ``A4`` or ``letter``. All raise
:class:`EvaluatorError` for an unknown paper size and for a template or theme file that is missing or wrong;
those that make a PDF also where the engine lacks Pango or the theme has no fonts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from evaluator.errors import EvaluatorError
from evaluator.model.evaluated import Evaluated
from evaluator.reports import sentences
from evaluator.reports.language import Language
from evaluator.reports.paper import sections, vendor_report
from evaluator.reports.paper.document import Design, html_of, pdf_of
from evaluator.reports.paper.pdf import Attachment
from evaluator.reports.paper.trial_weights import what_if
from evaluator.reports.words import abbreviated

TITLE_WIDTH = 200


def recommendation_html(result: Evaluated, *, assets: Sequence[Path], paper: str = "A4") -> str:
    """The recommendation as one self-contained HTML document, with weights to move; ``paper`` is for when it is printed."""
    design = Design.of(assets)
    shown = {**_recommendation(result, design.language), "whatif": what_if(result, design.assets, design.language)}
    return html_of("recommendation.html", result, design, paper, shown)


def recommendation_pdf(
    result: Evaluated, *, assets: Sequence[Path], paper: str = "A4", attachments: Sequence[Attachment] = ()
) -> bytes:
    """The recommendation as a tagged PDF (PDF/UA-1 and PDF/A-3a), the same bytes for the same result.

    ``attachments`` are embedded: file name, content and description of each.
    """
    design = Design.of(assets)
    shown = {**_recommendation(result, design.language), "whatif": None}
    return pdf_of("recommendation.html", result, design, paper, shown, attachments)


def vendor_html(result: Evaluated, vendor: str, *, assets: Sequence[Path], paper: str = "A4") -> str:
    """Where ``vendor`` stands, its minimum levels and the open questions to it, as one HTML document."""
    design = Design.of(assets)
    return html_of("vendor.html", result, design, paper, _subject(result, vendor, "vendor", design.language))


def vendor_pdf(result: Evaluated, vendor: str, *, assets: Sequence[Path], paper: str = "A4") -> bytes:
    """Where ``vendor`` stands, its minimum levels and the open questions to it, as a tagged PDF."""
    design = Design.of(assets)
    return pdf_of("vendor.html", result, design, paper, _subject(result, vendor, "vendor", design.language))


def scorecard_pdf(result: Evaluated, vendor: str, *, assets: Sequence[Path], paper: str = "A4") -> bytes:
    """The answers that count on ``vendor``, with their reasons and evidence, as a tagged PDF."""
    design = Design.of(assets)
    return pdf_of("scorecard.html", result, design, paper, _subject(result, vendor, "scorecard", design.language))


def _recommendation(result: Evaluated, say: Language) -> Mapping[str, object]:
    """What the recommendation shows, and what it knows of itself."""
    outline = sections.outline(result, say)
    printed = {option.id for option in sections.printed_options(result)}
    return {
        **{name: view(result, say) for name, view in sections.VIEWS.items()},
        "paper": {
            "kind": "recommendation",
            "title": say("title.recommendation", title=abbreviated(result.workspace.evaluation.title, TITLE_WIDTH)),
            "description": " ".join(sentences.recommendation(result, say)),
            "sections": outline,
            "places": {section.id: sections.place(section, say) for section in outline},
            "printed": {item.id for item in result.evidence if item.option in printed},
        },
    }


def _subject(
    result: Evaluated, vendor: str, kind: Literal["vendor", "scorecard"], say: Language
) -> Mapping[str, object]:
    """What a paper on one vendor shows; raises :class:`EvaluatorError` for an option that is not in scope."""
    if vendor not in {option.id for option in result.scores.options}:
        raise EvaluatorError(f"There is no option '{vendor}' in scope.")
    return {
        "subject": vendor_report.subject_view(result, vendor, say),
        "paper": {
            "kind": "vendor-report" if kind == "vendor" else kind,
            "title": say(f"title.{kind}", name=sentences.short_name(result, vendor)),
            "description": sentences.option_summary(result, vendor, say),
            "sections": (),
            "places": {},
            "printed": {item.id for item in result.evidence if item.option == vendor},
        },
    }
