"""The papers: from a result to HTML and PDF, by templates that people may override."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from evaluator.errors import EvaluatorError
from evaluator.models.result import Cost, EvidenceUse, Result
from evaluator.reports import sections, sentences, views, words
from evaluator.reports.assets import Assets
from evaluator.reports.pdf import THEME, Attachment, to_pdf
from evaluator.reports.render import render

PAPER_SIZES = {"a4": "A4", "letter": "letter"}
LOGOS = ("logo.svg", "logo.png")


def recommendation_html(result: Result, *, assets: Sequence[Path], paper: str = "A4") -> str:
    """The recommendation as one self-contained HTML document.

    Args:
        result: what is printed; nothing else is read.
        assets: report folders, a workspace's before the tool's own; each may hold ``templates`` and ``theme``.
        paper: ``A4`` or ``letter``, for when the page is printed.

    Raises:
        EvaluatorError: for an unknown paper size, or a template or theme file that is missing or wrong.
    """
    return _html("recommendation.html", result, Assets.of(assets), paper)


def recommendation_pdf(
    result: Result, *, assets: Sequence[Path], paper: str = "A4", attachments: Sequence[Attachment] = ()
) -> bytes:
    """The recommendation as a tagged PDF (PDF/UA-1 and PDF/A-3a), the same bytes for the same result.

    ``attachments`` are embedded: file name, content and description of each. Raises
    :class:`EvaluatorError` like :func:`recommendation_html`, and where the PDF engine lacks Pango.
    """
    found = Assets.of(assets)
    html = _html("recommendation.html", result, found, paper, printed=True)
    return to_pdf(html, found, stamped=result.as_of, attachments=attachments)


def _html(template: str, result: Result, assets: Assets, paper: str, *, printed: bool = False) -> str:
    size = PAPER_SIZES.get(paper.lower())
    if size is None:
        raise EvaluatorError(f"There is no paper size '{paper}'; it can be A4 or letter.")
    outline = sections.outline(result)
    context = {
        **_workspace(result),
        **{name: view(result) for name, view in sections.VIEWS.items()},
        "paper": {
            **_frame(result, outline),
            "size": size,
            "style": assets.text("theme", "paper.css").replace("</", "<\\/"),
            "logo": _logo(assets) if printed else None,
        },
    }
    return render(template, context, assets, _filters(result))


def _frame(result: Result, outline: Sequence[sections.Section]) -> dict[str, object]:
    """What the paper knows about itself."""
    evaluation = result.workspace.evaluation
    printed = {option.id for option in sections.printed_options(result)}
    return {
        "kind": "recommendation",
        "title": f"{words.abbreviated(evaluation.title, 200)}: recommendation",
        "description": " ".join(sentences.recommendation(result)),
        "draft": not all(check.passed for check in result.final),
        "open_checks": [check for check in result.final if not check.passed],
        "sections": outline,
        "places": {section.id: sections.place(section) for section in outline},
        "printed": {item.id for item in result.evidence if item.option in printed},
    }


def _logo(assets: Assets) -> str | None:
    return next((THEME + name for name in LOGOS if assets.find("theme", name)), None)


def _workspace(result: Result) -> dict[str, object]:
    """The result and what templates look up in it."""
    workspace, scores = result.workspace, result.scores
    stack = sections.chosen(result)
    return {
        "result": result,
        "ws": workspace,
        "evaluation": workspace.evaluation,
        "catalogue": workspace.catalogue,
        "criteria": workspace.catalogue.criteria,
        "use_cases": workspace.demand.by_id,
        "classes": workspace.guardrails.data_classes,
        "class_titles": sections.class_titles(result),
        "scores": scores,
        "stacks": result.stacks,
        "chosen": stack,
        "recommended": stack.tools if stack else (),
        "options": {option.id: option for option in scores.options},
        "names": {option.id: sentences.short_name(result, option.id) for option in scores.options},
        "leaders": sections.leaders(result),
        "family_weights": sections.family_weights(result),
        "register": views.Register.of(result),
        "standings": views.STANDINGS,
        "verdict_words": words.VERDICT_WORDS,
    }


def _filters(result: Result) -> Mapping[str, Callable[..., Any]]:
    """How values become text inside templates."""
    criteria, cases = result.workspace.catalogue.criteria, result.workspace.demand.by_id

    def title_of(use_case: str) -> str:
        return cases[use_case].title

    def use_title(use: EvidenceUse) -> str:
        return criteria[use.criterion].title

    return {
        "points": words.points,
        "signed": words.signed,
        "share": words.share,
        "day": _day,
        "money": words.money,
        "money_short": _money_short,
        "whole": lambda number: f"{number:,.0f}",
        "weight": lambda share: f"{100 * share:.1f} %",
        "f2": lambda number: f"{number:.2f}",
        "f4": lambda number: f"{number:.4f}",
        "shortened": lambda text, width: words.abbreviated(" ".join(text.split()), width),
        "capped": lambda text: text[:1].upper() + text[1:],
        "counted": _counted,
        "named": sentences.named,
        "words": lambda key: key.replace("-", " ").replace("_", " "),
        "topic": lambda key: key.replace("_", " ").replace("-", " ").capitalize(),
        "price": views.price_in_words,
        "unit": views.unit_in_words,
        "cure": partial(views.cure, result),
        "groups": lambda criterion: views.level_groups(result, criterion, result.leaders),
        "title_of": title_of,
        "use_title": use_title,
    }


def _day(value: date | None) -> str:
    return words.day(value)


def _counted(count: float, singular: str, plural: str = "") -> str:
    """``1 point``, ``2.5 points``."""
    return f"{count:g} {singular if count == 1 else plural or singular + 's'}"


def _money_short(cost: Cost) -> str:
    """The expected cost alone, for narrow columns."""
    parts = [f"{amount.currency} {amount.expected:,.0f}" for amount in cost.amounts]
    if cost.unpriced:
        parts.append("price unknown")
    return " + ".join(parts)
