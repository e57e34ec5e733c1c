"""The moderation of what assessors see differently: the workbook with their answers side by side, and the agreed answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from evaluator.errors import EvaluatorError
from evaluator.forms.answer_rows import AnswerRow, answer_of, header_of, row_of
from evaluator.forms.cell_marks import ID_COLUMN, LINE_COLUMN, Exported, Token, encode, exported, subject_of
from evaluator.forms.export_order import Setting, vendor_of
from evaluator.forms.form_layout import (
    FIRST,
    Field,
    FormColumn,
    FormSheet,
    Range,
    about,
    about_text,
    day_field,
    guide,
    stretched,
    table_page,
)
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.forms.import_changes import Way
from evaluator.model.assessor_agreement import Agreement
from evaluator.model.catalogue import Criterion
from evaluator.model.scorecard import AGREED, Answer, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Workspace

COLUMNS = (
    FormColumn(ID_COLUMN),
    FormColumn(LINE_COLUMN, width=4),
    FormColumn("about", "Criterion", 38),
    FormColumn("step", "Level", 6),
    FormColumn("anchor", "What it takes", 46),
    FormColumn("who", "Assessor", 12),
    FormColumn("their_level", "Answer", 9),
    FormColumn("their_confidence", "Confidence", 10),
    FormColumn("their_reason", "Reason, and evidence still needed", 46),
    FormColumn("their_evidence", "Evidence", 40),
    FormColumn("level", "Agreed level or unknown", 10),
    FormColumn("rationale", "Reason for the agreed level", 40),
    FormColumn("missing", "Evidence still needed (empty: as written by those who gave this level; none: nothing)", 30),
    FormColumn("confidence", "Confidence", 11),
)


class SplitAnswer(IntEnum):
    """How far answers to one criterion differ, worst first."""

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

    def split(self, criterion: str) -> SplitAnswer | None:
        """How far the answers to ``criterion`` differ; None where there is nothing to settle."""
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
    """A workbook with every answer on which the assessors differ, the widest difference first, and their agreement.

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
                "The sheet of the vendor holds every criterion on which the assessors differ, the largest differences first. Read "
                "the reasons, look at the evidence together, and fill in the yellow cells."
            ),
            "Agreed level and the reason for it are needed; leave a criterion empty where you did not agree.",
            (
                "The agreed answer keeps the evidence of all assessors. A level that none of it can carry counts as "
                "unknown in the low score."
            ),
            (
                "Evidence still needed: left empty, it is taken over from those who gave the agreed level, if all of them named "
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
                "anchors need fixing. Where nearly all levels are the same, alpha is low or undefined in spite of "
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
        self._sheet = FormSheet(book, moderation.profile.name, COLUMNS)
        self._places: dict[tuple[int, ...], list[Range]] = {}

    def draw(self, identities: Exported) -> None:
        profile, agreed, sheet = self._moderation.profile, self._moderation.agreed, self._sheet
        criteria = self._setting.catalogue.criteria
        mark = Token("moderation", profile.id, profile.edition, AGREED).mark
        identities.headers[mark] = header_of(agreed).digest
        who = ", ".join(card.assessor for card in self._moderation.cards)
        fields = [
            Field("about", "assessors", "Assessors", who, "note"),
            day_field("anchor", "the agreement", self._setting.as_of),
        ]
        sheet.begin(mark, f"{subject_of(profile, profile.edition)} · moderation", fields)
        row = FIRST
        groups = {key: self._moderation.split(key) for key in criteria}
        for split in SplitAnswer:
            keys = [key for key, found in groups.items() if found is split]
            if keys:
                sheet.band(row, _BANDS[split])
                row += 1
            for key in keys:
                answer = agreed.answers.get(key) if agreed else None
                identities.answers[mark, key] = moderated_row(answer).digest
                row = self._block(row, criteria[key], answer)
        if row == FIRST:
            sheet.put(row, "text", about="The assessors do not differ on any criterion.")
        last = max(row - 1, FIRST)
        sheet.answer_rules(last, self._places)
        sheet.end(last, f"{profile.name} · moderation", "step")
        sheet.page.sheet.set_zoom(90)
        sheet.page.sheet.set_paper(8)

    def _block(self, first: int, criterion: Criterion, agreed: Answer | None) -> int:
        """Draw one criterion from the row ``first``; returns the row after it."""
        sheet, cells = self._sheet, moderated_row(agreed)
        cards = [card for card in self._moderation.cards if criterion.id in card.answers]
        lines = max(len(criterion.levels), len(cards), len(cells.missing))
        rows = first, first + lines - 1
        heights = []
        for line in range(lines):
            anchor = sheet.block_line(first + line, line, criterion, cells.missing)
            theirs = self._their(first + line, criterion.id, cards[line] if line < len(cards) else None)
            heights.append(max(sheet.height(anchor=anchor), theirs))
        sheet.page.rich(*rows, sheet.at["about"], about(criterion), "cell")
        sheet.tall(rows, "pick", level=cells.level)
        sheet.tall(rows, "input", rationale=cells.rationale)
        sheet.tall(rows, "word", confidence=cells.confidence)
        whole = sheet.height(about=about_text(criterion), rationale=cells.rationale)
        for line, points in enumerate(stretched(heights, whole)):
            sheet.page.sheet.set_row(first + line, points)
        place = (first, sheet.at["level"], rows[1], sheet.at["level"])
        self._places.setdefault(tuple(sorted(criterion.levels)), []).append(place)
        return rows[1] + 1

    def _their(self, row: int, criterion: str, card: Scorecard | None) -> float:
        """One assessor's answer in one row; returns the height it needs."""
        sheet = self._sheet
        if card is None:
            sheet.put(row, "note", who="", their_level="", their_confidence="", their_reason="", their_evidence="")
            return 0.0
        answer = card.answers[criterion]
        reason = answer.rationale
        if answer.missing:
            reason += "\nEvidence still needed: " + "; ".join(answer.missing)
        evidence = "\n".join(
            f"{item.grade} · {item.effective_kind} · {item.day} · {item.source}" for item in answer.evidence
        )
        sheet.put(row, "cell", who=card.assessor, their_confidence=answer.confidence, their_reason=reason)
        sheet.put(row, "level", their_level=answer.level)
        sheet.put(row, "note", their_evidence=evidence)
        return sheet.height(their_reason=reason, their_evidence=evidence)


def _agreement(page: Page, figures: Agreement) -> None:
    titles = ("Family", "Questions compared", "Share of equal answers", "Alpha (ordinal)")
    assessors = f"Assessors: {', '.join(figures.assessors)}"
    table_page(page, "Agreement before the moderation", assessors, titles, (40, 18))
    for row, found in enumerate([*figures.families.values(), figures.overall], start=4):
        style = "column" if found is figures.overall else "cell"
        page.put(row, 0, found.title, style)
        page.put(row, 1, found.compared, style)
        page.put(row, 2, "–" if found.equal is None else found.equal, style, num_format="0%")
        page.put(row, 3, "not defined" if found.alpha is None else found.alpha, style, num_format="0.00")


MODERATED_COLUMNS = ("level", "rationale", "missing", "confidence")
NOTHING_MISSING = {"-", "–", "none", "nothing"}
"""What the moderators write to say that the product stops at the agreed level."""


def moderated_row(answer: Answer | None) -> AnswerRow:
    """The part of an answer that a moderation form shows."""
    return replace(row_of(answer), evidence=(), capped_from=None)


def moderation_way(cards: Sequence[Scorecard], base: Mapping[str, str]) -> Way:
    """How agreed answers become rows, and rows agreed answers with the evidence of all ``cards``.

    As where scorecards are combined without an agreement, the answer is a lower bound only if all who gave
    the level say so; the moderators overrule that by writing entries of their own, or ``none``.
    """

    def build(key: str, row: AnswerRow, before: Answer | None, day: date | None) -> Answer:
        answers = [card.answers[key] for card in cards if key in card.answers]
        evidence = dict.fromkeys(item for answer in (before, *answers) if answer for item in answer.evidence)
        missing = row.missing
        if len(missing) == 1 and missing[0].casefold() in NOTHING_MISSING:
            missing = ()
        elif not missing:
            same = [answer for answer in answers if answer.level == row.level]
            if same and all(answer.missing for answer in same):
                missing = tuple(dict.fromkeys(text for answer in same for text in answer.missing))
        built = answer_of(replace(row, missing=missing), before, day)
        return built.model_copy(update={"evidence": tuple(evidence)})

    return Way(moderated_row, build, base)


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
