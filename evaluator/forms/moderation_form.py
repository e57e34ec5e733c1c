"""The moderation of what assessors see differently: the workbook with their answers side by side, and the agreed answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from evaluator.errors import EvaluatorError
from evaluator.forms.answer_rows import AnswerRow, answer_of, header_of, item_of, row_of
from evaluator.forms.cell_marks import ID_COLUMN, LINE_COLUMN, Exported, Token, encode, exported
from evaluator.forms.export_order import Setting, subject_of, vendor_of
from evaluator.forms.form_layout import (
    FormColumn,
    about,
    about_text,
    answer_rules,
    band,
    block_line,
    day_label,
    fields,
    guide,
    header_row,
    height,
    letters,
    page_setup,
    stretched,
    title_row,
)
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.forms.import_changes import Way
from evaluator.model.assessor_agreement import Agreement, AgreementFigures
from evaluator.model.catalogue import Criterion
from evaluator.model.scorecard import AGREED, Answer, Evidence, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Workspace

COLUMNS = (
    FormColumn(ID_COLUMN, "", 8, hidden=True),
    FormColumn(LINE_COLUMN, "", 4, hidden=True),
    FormColumn("about", "Criterion", 38),
    FormColumn("step", "Level", 6),
    FormColumn("anchor", "What it takes", 46),
    FormColumn("who", "Assessor", 12),
    FormColumn("their_level", "Answer", 9),
    FormColumn("their_confidence", "Confidence", 10),
    FormColumn("their_reason", "Reason, and what is still to be shown", 46),
    FormColumn("their_evidence", "Evidence", 40),
    FormColumn("level", "Agreed level or unknown", 10),
    FormColumn("rationale", "Reason for the agreed level", 40),
    FormColumn("missing", "Still to be shown (empty: what those wrote who gave this level; none: nothing)", 30),
    FormColumn("confidence", "Confidence", 11),
)
AT = letters(COLUMNS)
WIDTHS = {column.key: column.width for column in COLUMNS}
_TITLE, _FIELDS, _TITLES, _KEYS, _FIRST = 1, 2, 5, 6, 7


class SplitAnswer(IntEnum):
    """How far answers to one criterion lie apart, worst first."""

    FAR = 0
    UNKNOWN = 1
    NEAR = 2
    SETTLED = 3


_BANDS = {
    SplitAnswer.FAR: "Two or more levels apart",
    SplitAnswer.UNKNOWN: "A level against unknown",
    SplitAnswer.NEAR: "One level apart",
    SplitAnswer.SETTLED: "Agreed before; the assessors' answers no longer differ",
}


@dataclass(frozen=True, slots=True)
class Moderation:
    """What is to be settled: a vendor, its assessors' scorecards on one edition, and what was agreed before."""

    profile: Profile
    cards: tuple[Scorecard, ...]
    agreed: Scorecard | None
    figures: Agreement

    def apart(self, criterion: str) -> SplitAnswer | None:
        """How far the answers to ``criterion`` lie apart; None where there is nothing to settle."""
        answers = [card.answers[criterion] for card in self.cards if criterion in card.answers]
        levels = {answer.level for answer in answers if isinstance(answer.level, int)}
        if levels and max(levels) - min(levels) > 1:
            return SplitAnswer.FAR
        if levels and any(not answer.known for answer in answers):
            return SplitAnswer.UNKNOWN
        if len(levels) > 1:
            return SplitAnswer.NEAR
        return SplitAnswer.SETTLED if self.agreed and criterion in self.agreed.answers else None


def moderation_book(setting: Setting, moderation: Moderation) -> bytes:
    """A workbook with every answer on which the assessors differ, the widest apart first, and their agreement.

    Returns:
        The bytes of an .xlsx file, the same for the same content.
    """
    book = FormWriter(setting.as_of)
    name = moderation.profile.name
    guide(book, f"Moderation: {name}", _SECTIONS)
    identities = exported(setting.catalogue)
    _Form(book, setting, moderation).draw(identities)
    _agreement(book.sheet("Agreement"), moderation.figures)
    book.identities(encode(identities, setting.version))
    return book.finish()


_SECTIONS = [
    (
        "What to do",
        [
            (
                "The sheet of the vendor holds every criterion on which the assessors differ, the widest apart first. Read "
                "the reasons, look at the evidence together, and fill in the yellow cells."
            ),
            "Agreed level and the reason for it are needed; leave a criterion empty where you did not agree.",
            (
                "The agreed answer carries the evidence of all assessors. A level higher than any of it can carry counts as "
                "unknown in the low score."
            ),
            (
                "Still to be shown: left empty, it is taken over from those who gave the agreed level, if all of them named "
                "something. Write none where the product stops at the agreed level."
            ),
            "Individual scorecards stay as they are. The paper prints who differed.",
        ],
    ),
    (
        "Reading the agreement figures",
        [
            "Share of equal answers: of all pairs of answers to the same question, how many are the same.",
            (
                "Alpha (Krippendorff, for ordinal levels; unknown counts as missing): 1 is perfect agreement, 0 is what "
                "chance would give. From 0.80 the levels can be relied on, from 0.667 for tentative conclusions; below, the "
                "anchors need mending. Where nearly all levels are the same, alpha is low or undefined in spite of "
                "agreement: read both figures together."
            ),
        ],
    ),
]


class _Form:
    """Draws the sheet of the vendor."""

    def __init__(self, book: FormWriter, setting: Setting, moderation: Moderation) -> None:
        self._setting = setting
        self._moderation = moderation
        self._page: Page = book.sheet(moderation.profile.name)
        self._answers: dict[tuple[int, ...], list[tuple[int, int, int, int]]] = {}

    def draw(self, identities: Exported) -> None:
        profile, agreed = self._moderation.profile, self._moderation.agreed
        token = Token("moderation", profile.id, profile.edition, "agreed")
        identities.headers[token.mark] = header_of(agreed).digest
        page = self._page
        title_row(page, _TITLE, AT["about"], token.mark, f"{subject_of(profile, profile.edition)} · moderation")
        who = ", ".join(card.assessor for card in self._moderation.cards)
        fields(
            page,
            _FIELDS,
            [
                (AT["about"], "assessors", "Assessors", who, "note"),
                (AT["anchor"], "date", day_label("the agreement", self._setting.as_of), None, "day"),
            ],
        )
        header_row(page, COLUMNS, _TITLES, _KEYS)
        row = _FIRST
        groups = {key: self._moderation.apart(key) for key in self._setting.catalogue.criteria}
        for apart in SplitAnswer:
            keys = [key for key, found in groups.items() if found is apart]
            if keys:
                band(page, row, AT["about"], len(COLUMNS) - 1, _BANDS[apart])
                row += 1
            for key in keys:
                answer = agreed.answers.get(key) if agreed else None
                identities.answers[token.mark, key] = moderated_row(answer).digest
                row = self._block(row, self._setting.catalogue.criteria[key], answer)
        if row == _FIRST:
            page.put(row, AT["about"], "The assessors do not differ on any criterion.", "text")
        self._finish(max(row - 1, _FIRST))

    def _block(self, first: int, criterion: Criterion, agreed: Answer | None) -> int:
        page = self._page
        cells = moderated_row(agreed)
        theirs = [(card.assessor, card.answers[criterion.id]) for card in self._moderation.cards
                  if criterion.id in card.answers]  # fmt: skip
        steps = sorted(criterion.levels)
        lines = max(len(steps), len(theirs), len(cells.missing))
        last = first + lines - 1
        heights = []
        for line in range(lines):
            row = first + line
            anchor = block_line(
                page, AT, row, line, criterion, cells.missing[line] if line < len(cells.missing) else ""
            )
            heights.append(
                max(height(anchor, WIDTHS["anchor"]), self._their(row, theirs[line] if line < len(theirs) else None))
            )
        page.rich(first, last, AT["about"], about(criterion), "cell")
        page.tall(first, last, AT["level"], cells.level, "pick")
        page.tall(first, last, AT["rationale"], cells.rationale, "input")
        page.tall(first, last, AT["confidence"], cells.confidence, "word")
        whole = max(height(about_text(criterion), WIDTHS["about"]), height(cells.rationale, WIDTHS["rationale"]))
        for line, points in enumerate(stretched(heights, whole)):
            page.sheet.set_row(first + line, points)
        self._answers.setdefault(tuple(steps), []).append((first, AT["level"], last, AT["level"]))
        return last + 1

    def _their(self, row: int, found: tuple[str, Answer] | None) -> float:
        """One assessor's answer in one row; returns the height it needs."""
        if found is None:
            for key in ("who", "their_level", "their_confidence", "their_reason", "their_evidence"):
                self._page.put(row, AT[key], "", "note")
            return 0.0
        assessor, answer = found
        reason = answer.rationale
        if answer.missing:
            reason += "\nStill to be shown: " + "; ".join(answer.missing)
        evidence = "\n".join(map(_evidence, answer.evidence))
        self._page.put(row, AT["who"], assessor, "cell")
        self._page.put(row, AT["their_level"], answer.level, "level")
        self._page.put(row, AT["their_confidence"], answer.confidence, "cell")
        self._page.put(row, AT["their_reason"], reason, "cell")
        self._page.put(row, AT["their_evidence"], evidence, "note")
        return max(height(reason, WIDTHS["their_reason"]), height(evidence, WIDTHS["their_evidence"]))

    def _finish(self, last: int) -> None:
        page = self._page
        answer_rules(page, AT, (_FIRST, last), self._answers)
        page.sheet.freeze_panes(_FIRST, AT["step"])
        page.sheet.set_zoom(90)
        page.lock()
        page_setup(page, f"{self._moderation.profile.name} · moderation", (_TITLES, _TITLES))
        page.sheet.fit_to_pages(1, 0)
        page.sheet.set_paper(8)
        page.sheet.print_area(_TITLE, AT["about"], last, AT["confidence"])


def _evidence(item: Evidence) -> str:
    return f"{item.grade} · {item.day} · {item.source}"


def _agreement(page: Page, figures: Agreement) -> None:
    page.sheet.hide_gridlines(2)
    page.put(0, 0, "Agreement before the moderation", "title", text_wrap=False)
    page.put(1, 0, f"Assessors: {', '.join(figures.assessors)}", "quiet", text_wrap=False)
    page.sheet.set_row(0, 26)
    page.sheet.set_column(0, 0, 40)
    page.sheet.set_column(1, 3, 18)
    for column, title in enumerate(("Family", "Questions compared", "Share of equal answers", "Alpha (ordinal)")):
        page.put(3, column, title, "column")
    rows: Sequence[AgreementFigures] = [*figures.families.values(), figures.overall]
    for row, found in enumerate(rows, start=4):
        style = "column" if found is figures.overall else "cell"
        page.put(row, 0, found.title, style)
        page.put(row, 1, found.compared, style)
        page.put(row, 2, "–" if found.equal is None else found.equal, style, num_format="0%")
        page.put(row, 3, "not defined" if found.alpha is None else found.alpha, style, num_format="0.00")
    page.lock()
    page_setup(page, "Agreement", (3, 3))
    page.sheet.fit_to_pages(1, 0)


MODERATED_COLUMNS = ("level", "rationale", "missing", "confidence")
NOTHING_MISSING = {"-", "–", "none", "nothing"}
"""What the moderators write to say that the product stops at the agreed level."""


def moderated_row(answer: Answer | None) -> AnswerRow:
    """The part of an answer that a moderation form shows."""
    return replace(row_of(answer), evidence=(), capped_from=None)


def moderation_way(cards: Sequence[Scorecard], base: Callable[[str], str | None]) -> Way:
    """How agreed answers become rows, and rows agreed answers with the evidence of all ``cards``."""
    return Way(view=moderated_row, build=lambda key, row, before, day: _agreed(key, row, before, day, cards), base=base)


def _agreed(key: str, row: AnswerRow, before: Answer | None, day: date | None, cards: Sequence[Scorecard]) -> Answer:
    """The agreed answer: everybody's evidence, and what those who gave its level still want to see.

    As where scorecards are combined without an agreement, the answer is a lower bound only if all who gave
    the level say so; the moderators overrule that by writing entries of their own, or ``none``.
    """
    answers = [card.answers[key] for card in cards if key in card.answers]
    evidence = dict.fromkeys(item for answer in (before, *answers) if answer for item in answer.evidence)
    missing = row.missing
    if len(missing) == 1 and missing[0].casefold() in NOTHING_MISSING:
        missing = ()
    elif not missing:
        same = [answer for answer in answers if answer.level == row.level]
        if same and all(answer.missing for answer in same):
            missing = tuple(dict.fromkeys(text for answer in same for text in answer.missing))
    full = replace(row, missing=missing, evidence=tuple(item_of(item) for item in evidence))
    built = answer_of(full, before, day)
    return built.model_copy(update={"evidence": tuple(evidence)})


def moderation_for(workspace: Workspace, name: str, figures: Agreement) -> Moderation:
    """What the assessors of a vendor have to settle; raises :class:`EvaluatorError` where fewer than two answered."""
    vendor = vendor_of(workspace, name)
    on_edition = [card for card in vendor.scorecards if card.edition == vendor.profile.edition]
    cards = tuple(card for card in on_edition if card.assessor != AGREED)
    if len(cards) < 2:  # noqa: PLR2004 - it takes two to differ
        count = "one scorecard" if cards else "no scorecard"
        raise EvaluatorError(
            f"{vendor.profile.name} has {count} on its evaluated edition; moderation needs two or more."
        )
    agreed = next((card for card in on_edition if card.assessor == AGREED), None)
    return Moderation(vendor.profile, cards, agreed, figures)
