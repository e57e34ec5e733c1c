"""The workbook that assessors fill in: a guide, the progress, and a sheet per vendor with a block of rows per criterion."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evaluator.forms.answer_rows import AnswerRow, header_of, level_in_words, row_of
from evaluator.forms.cell_marks import ID_COLUMN, LINE_COLUMN, Exported, Token, encode, exported
from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.form_layout import (
    BAND_POINTS,
    CARD_KINDS,
    EVIDENCE_KINDS,
    FIELDS,
    FIRST,
    LINE_POINTS,
    Field,
    FormColumn,
    FormSheet,
    Range,
    Section,
    about,
    about_text,
    day_field,
    guide,
    stretched,
)
from evaluator.forms.form_writer import FormWriter
from evaluator.forms.score_preview import (
    CARRY,
    CriterionBlock,
    Figures,
    Totals,
    draw_totals,
    figures,
    lacking,
    progress,
)
from evaluator.model.catalogue import Criterion
from evaluator.model.evidence_status import EvidenceStatus, carriers, fresh_until
from evaluator.model.fixed_addresses import fixed_address
from evaluator.model.scorecard import Answer
from evaluator.xlsx.reader import address
from evaluator.xlsx.writer import Formula, cell

COLUMNS = (
    FormColumn(ID_COLUMN),
    FormColumn(LINE_COLUMN, width=4),
    FormColumn("about", "Criterion", 42),
    FormColumn("step", "Level", 6),
    FormColumn("anchor", "What it takes", 54),
    FormColumn("level", "Answer: level or unknown", 10),
    FormColumn("rationale", "Reason (names the evidence it rests on)", 40),
    FormColumn("missing", "Evidence still needed for the next level (one per row)", 30),
    FormColumn("confidence", "Confidence", 11),
    FormColumn("source", "Evidence: source (one item per row)", 34),
    FormColumn("date", "Stands for the date", 11),
    FormColumn("captured", "Captured on", 11),
    FormColumn("grade", "Grade", 7),
    FormColumn("kind", "Kind", 11),
    FormColumn("valid_until", "Valid until (certificate)", 11),
    FormColumn("to_do", "Check", 16),
    FormColumn("earlier", "Earlier answers, at export", 22),
    FormColumn("confirmed", "Confirmed on (if the answer still holds)", 10),
    FormColumn("note", "Note on the evidence", 16),
    FormColumn("capped_from", "Level claimed, if limited by the grade", 10),
    *map(FormColumn, ("weight", "number", "value", "carry", "low", "high", "answered", "family", "fixed")),
)
MIN_LINES = 3
"""Rows for evidence, where a criterion has fewer levels than that."""
_PAGE_POINTS = 650.0
"""What fits on a page at the scale the form prints at, below the repeated titles."""
_HEADER_POINTS = 85.0


def scorecard_book(setting: Setting, orders: Sequence[ExportOrder]) -> bytes:
    """A workbook with a sheet per order, in their order, after a guide and a progress sheet.

    Returns:
        The bytes of an .xlsx file, the same for the same content.
    """
    book = FormWriter(setting.as_of)
    who = {order.assessor for order in orders}
    name = f"Scorecards for {next(iter(who))}" if len(who) == 1 and who != {""} else "Scorecards"
    guide(book, name, scorecard_sections(setting))
    identities = exported(setting.catalogue)
    overview = book.sheet("Progress")
    forms = [(order.profile.name, ScorecardForm(book, setting, order)) for order in orders]
    progress(overview, setting, [(title, form.draw(identities)) for title, form in forms])
    book.identities(encode(identities, setting.version))
    return book.finish()


class ScorecardForm:
    """Draws one sheet."""

    def __init__(self, book: FormWriter, setting: Setting, order: ExportOrder) -> None:
        self._setting = setting
        self._order = order
        self._answers = order.card.answers if order.card else {}
        self._sheet = FormSheet(book, order.profile.name, COLUMNS)
        self._page = self._sheet.page
        self._figures: dict[str, Figures] = {}
        """Of the criteria in scope."""
        self._places: dict[tuple[int, ...], list[Range]] = {}
        """Levels -> the answer cells that take them."""
        self._breaks: list[int] = []
        self._filled = _HEADER_POINTS

    def draw(self, exported: Exported) -> Totals:
        """Draw the sheet, note in ``exported`` what it holds, and say where its figures stand."""
        order, catalogue = self._order, self._setting.catalogue
        mark = Token("scorecard", order.profile.id, order.edition, order.assessor).mark
        exported.headers[mark] = header_of(order.card).digest
        self._header(mark)
        row = FIRST
        families: list[str] = []
        for family, group in groupby(order.criteria, catalogue.family_of.__getitem__):
            title = next((found.title for found in catalogue.head.families if found.id == family), family)
            self._sheet.band(row, title)
            # A band never stands alone at the foot of a page.
            self._fill(row, BAND_POINTS + 6 * LINE_POINTS, BAND_POINTS)
            row += 1
            for key in group:
                exported.answers[mark, key] = row_of(self._answers.get(key)).digest
                row = self._block(row, catalogue.criteria[key], self._answers.get(key), family)
            families.append(family)
        last = max(row - 1, FIRST)
        self._finish(last)
        return draw_totals(self._sheet, self._setting, order, self._figures, families, last)

    def _header(self, mark: str) -> None:
        order, card = self._order, self._order.card
        label = "Assessor (a short id such as desk-a)"
        fields = [
            Field("about", "assessor", label, order.assessor, "note" if order.assessor else "input"),
            Field("anchor", "kind", "How it was assessed", card.kind if card else CARD_KINDS[0]),
            day_field("rationale", "these answers", self._setting.as_of),
            Field("source", "notice", "Remark on the whole scorecard", card.notice if card else ""),
        ]
        self._sheet.begin(mark, order.subject, fields)
        row, column = FIELDS + 2, self._sheet.at["anchor"]
        self._page.put(0, column, self._setting.as_of, "day")
        place = (row, column, row, column)
        self._sheet.choice([place], CARD_KINDS, "How it was assessed", f"One of: {', '.join(CARD_KINDS)}.")

    def _block(self, row: int, criterion: Criterion, answer: Answer | None, family: str) -> int:
        """Draw one criterion from ``row``; returns the row after it."""
        sheet, out = self._sheet, self._setting.out_of_scope.get(criterion.id)
        cells = row_of(answer)
        lines = max(len(criterion.levels), MIN_LINES, len(cells.missing), len(cells.evidence))
        block = CriterionBlock(criterion, row, row + lines - 1, sheet.at)
        place = (row, sheet.at["level"], block.last, sheet.at["level"])
        self._places.setdefault(tuple(sorted(criterion.levels)), []).append(place)
        heights = [self._line(block, line, cells) for line in range(lines)]
        extra = f"Out of scope for all options: {out}" if out else ""
        asked, reason = sheet.height(about=about_text(criterion, extra)), sheet.height(rationale=cells.rationale)
        found = stretched(heights, max(asked, reason + LINE_POINTS))
        for line, points in enumerate(found):
            self._page.sheet.set_row(row + line, points)
        self._fill(row, sum(found), sum(found))
        rows = row, block.last
        self._page.rich(*rows, sheet.at["about"], about(criterion, extra), "cell")
        sheet.tall(rows, "pick", level=cells.level)
        sheet.tall(rows, "input", rationale=cells.rationale)
        sheet.tall(rows, "word", confidence=cells.confidence, capped_from=cells.capped_from)
        sheet.tall(rows, "note", earlier=self._earlier(criterion, answer))
        sheet.tall(rows, "day" if answer else "note", confirmed="")
        self._helpers(block, answer, family)
        return block.last + 1

    def _line(self, block: CriterionBlock, line: int, cells: AnswerRow) -> float:
        """Draw one row of a criterion; returns the height it needs."""
        sheet, row = self._sheet, block.first + line
        anchor = sheet.block_line(row, line, block.criterion, cells.missing)
        item = cells.evidence[line] if line < len(cells.evidence) else None
        source, note = (item.source, item.note) if item else ("", "")
        sheet.put(row, "input", source=source, note=note)
        sheet.put(row, "day", date=item and item.date, captured=item and item.captured)
        sheet.put(row, "day", valid_until=item and item.valid_until)
        sheet.put(row, "word", grade=item and item.grade, kind=item and item.kind)
        sheet.put(row, "plain", fixed=source if fixed_address(source) else "")
        missing = cells.missing[line] if line < len(cells.missing) else ""
        return sheet.height(anchor=anchor, missing=missing, source=source, note=note)

    def _fill(self, row: int, needed: float, points: float) -> None:
        """Begin a new page where a block would be cut."""
        if self._filled and self._filled + needed > _PAGE_POINTS:
            self._breaks.append(row)
            self._filled = 0.0
        self._filled += points

    def _helpers(self, block: CriterionBlock, answer: Answer | None, family: str) -> None:
        """The hidden cells that count, value and check, with what they give at present."""
        sheet, criterion, row = self._sheet, block.criterion, block.first
        at, catalogue = sheet.at, self._setting.catalogue
        found = figures(answer, criterion, catalogue, self._setting.as_of)
        sheet.tall((row, block.last), "note", to_do=Formula(block.to_do(), lacking(answer, found)))
        sheet.put(
            row,
            "plain",
            weight=self._setting.weights.get(criterion.id, 0.0),
            number=Formula(block.number(), "" if found.number is None else found.number),
            value=Formula(block.value(), found.value),
            low=Formula(block.low(), found.low),
            high=Formula(block.high(), found.high),
        )
        if criterion.id not in self._setting.out_of_scope:
            sheet.put(row, "plain", answered=Formula(block.answered(), int(found.answered)), family=family)
            self._figures[criterion.id] = found
        for line in range(block.last - row + 1):
            formula = block.carry(row + line, catalogue, cell(0, at["anchor"]))
            sheet.put(row + line, "plain", carry=Formula(formula, self._carried(criterion, answer, line)))
        chosen = f"${address(row, at['step'])}={block.at('number')}"
        self._page.shade((row, at["step"], block.last, at["anchor"]), chosen, "picked")

    def _carried(self, criterion: Criterion, answer: Answer | None, line: int) -> int:
        if answer is None or line >= len(answer.evidence):
            return CARRY["none"]
        item = answer.evidence[line]
        if item not in carriers(answer, criterion, self._setting.catalogue):
            return CARRY["weak"]
        return CARRY["stale"] if fresh_until(item, criterion) < self._setting.as_of else CARRY["supported"]

    def _earlier(self, criterion: Criterion, answer: Answer | None) -> str:
        """The earlier review's answer, and what became of the present one."""
        parts = []
        card, earlier = self._order.card, self._order.earlier
        last = earlier.answer(criterion.id) if earlier else None
        now = f"{answer.date or card.assessed}: {in_words(answer)}" if card and answer else ""
        if earlier and last:
            before = f"{last[1].date or last[0].assessed}: {in_words(last[1])}"
            who = "" if last[0].assessor == self._order.assessor else f" ({last[0].assessor})"
            where = "" if last[0].edition == self._order.edition else f", on {last[0].edition}"
            parts.append(f"Review {earlier.review}{where}{who}, {before}")
            if now == before:
                now = ""
                parts.append("The same now; nobody has confirmed it since.")
            if earlier.reworded(criterion):
                parts.append("The question or its levels have been reworded since then.")
        if now:
            parts.append(f"On {now}")
        known = answer or (last[1] if last else None)
        catalogue, as_of = self._setting.catalogue, self._setting.as_of
        if known and figures(known, criterion, catalogue, as_of).evidence_status is EvidenceStatus.STALE:
            until = max(fresh_until(item, criterion) for item in carriers(known, criterion, catalogue))
            parts.append(f"Stale: its evidence counted until {until}. Look at the source again, or find a newer one.")
        return "\n".join(parts)

    def _finish(self, last: int) -> None:
        sheet, page, order = self._sheet, self._page.sheet, self._order
        sheet.answer_rules(last, self._places)
        place = (FIRST, sheet.at["grade"], last, sheet.at["grade"])
        sheet.choice([place], list(self._setting.catalogue.grades), "Grade", "Expected a grade of the catalogue.")
        place = (FIRST, sheet.at["kind"], last, sheet.at["kind"])
        sheet.choice([place], EVIDENCE_KINDS, "Kind of evidence", f"One of: {', '.join(EVIDENCE_KINDS)}.")
        for key in ("date", "captured", "valid_until", "confirmed"):
            hint = {"validate": "any", "input_title": "Date", "input_message": "For instance 2026-11-03."}
            self._page.choice([(FIRST, sheet.at[key], last, sheet.at[key])], hint)
        sheet.end(last, f"{order.subject} · scorecard {order.assessor}", "step")
        page.set_zoom(90)
        page.repeat_columns(sheet.at["about"], sheet.at["about"])
        page.set_print_scale(70)
        page.print_across()
        page.set_h_pagebreaks(self._breaks)
        page.set_v_pagebreaks([sheet.at["confidence"]])


def in_words(answer: Answer) -> str:
    """``level 2, at least`` or ``unknown``."""
    return level_in_words(answer) + (", at least" if answer.known and answer.missing else "")


def scorecard_sections(setting: Setting) -> list[Section]:
    """How to fill in a scorecard, in the words of the catalogue."""
    head = setting.catalogue.head
    return [
        (
            "What to do",
            [
                "Each further sheet is one vendor. Fill in the yellow cells; everything else is locked.",
                "Answer: choose the highest level whose statement the evidence supports in full, or unknown. There are no half levels.",
                "Reason: at least one sentence that names the evidence. Score against the statements, never against another vendor.",
                (
                    "Evidence still needed: what the next level requires and you did not see, one entry per row. An entry "
                    "says that a higher level is not ruled out. Leave it empty where the product stops at this level."
                ),
                "Confidence: low, medium or high. For unknown it may stay empty and then counts as low.",
                (
                    "Evidence: one item per row: where it is, the date it stands for, the day you captured it (one of the "
                    "two dates is enough), its grade and its kind."
                ),
                (
                    "Kind: a page may change at any time and ages from the day you captured it; a document, a statement of "
                    "the vendor or a trial ages from the date it stands for; a certificate holds until the day you give."
                ),
                (
                    "If an earlier answer still holds, look at its source again and write the day under Confirmed on. "
                    "The answer of the last review is shown beside it."
                ),
                "The column Check says what an answer still lacks. Figures at the top follow while you type.",
                "Rows and columns may be moved, sorted or hidden and sheets renamed. Save as .xlsx and send the file back.",
            ],
        ),
        (
            "What is understood",
            [
                "Levels: 3, 3.0 or level 3. Unknown: unknown. To take an answer back, empty all its cells.",
                "Dates: 2026-11-03, 3.11.2026, 3 November 2026, or a date cell. 03/11/2026 can mean two days and is refused.",
                "Text that begins with = + - or @ stays text; formulas are never computed.",
            ],
        ),
        (
            f"Evidence grades of {head.title}",
            [
                f"{item.grade}: {item.what}. Carries a level up to {item.max_level} alone."
                for item in head.evidence_grades
            ],
        ),
        ("Rules", [*head.rules, *head.evidence_rules]),
    ]
