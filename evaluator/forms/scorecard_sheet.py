"""The sheet that an assessor fills in for one vendor: one block of rows per criterion."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evaluator.forms.answer_rows import AnswerRow, header_of, row_of
from evaluator.forms.cell_marks import Exported, Token
from evaluator.forms.export_order import ExportOrder, Setting
from evaluator.forms.form_layout import (
    BAND_POINTS,
    LINE_POINTS,
    about,
    about_text,
    answer_rules,
    band,
    block_line,
    fields,
    header_row,
    height,
    page_setup,
    stretched,
    title_row,
)
from evaluator.forms.form_writer import FormWriter, Page
from evaluator.forms.score_preview import CARRY, FamilyBlock, Figures, absolute, figures, lacking
from evaluator.forms.scorecard_columns import (
    AT,
    CARD_KINDS,
    COLUMNS,
    FIELDS,
    FIRST,
    KEYS,
    TITLE,
    TITLES,
)
from evaluator.forms.scorecard_totals import Totals, draw_totals
from evaluator.model.catalogue import Criterion
from evaluator.model.evidence_status import EvidenceStatus, carriers, fresh_until
from evaluator.model.scorecard import UNKNOWN, Answer
from evaluator.xlsx.reader import address

MIN_LINES = 3
"""Rows for evidence, where a criterion has fewer levels than that."""
_PAGE_POINTS = 650.0
"""What fits on a page at the scale the form prints at, below the repeated titles."""
_HEADER_POINTS = 85.0


class ScorecardForm:
    """Draws one sheet."""

    def __init__(self, book: FormWriter, setting: Setting, order: ExportOrder) -> None:
        self._setting = setting
        self._order = order
        self._token = Token("scorecard", order.profile.id, order.edition, order.assessor)
        self._page: Page = book.sheet(order.profile.name)
        self._figures: dict[str, Figures] = {}
        """Of the criteria in scope."""
        self._answers: dict[tuple[int, ...], list[tuple[int, int, int, int]]] = {}
        """Levels -> the answer cells that take them."""
        self._breaks: list[int] = []
        self._filled = _HEADER_POINTS

    def draw(self, exported: Exported) -> Totals:
        """Draw the sheet, note in ``exported`` what it holds, and say where its figures stand."""
        mark = self._token.mark
        exported.headers[mark] = header_of(self._order.card).digest
        self._header()
        row = FIRST
        families: dict[str, tuple[int, int]] = {}
        for family, group in groupby(self._order.criteria, self._setting.catalogue.family_of.__getitem__):
            start = row
            row = self._band(row, family)
            for key in group:
                criterion = self._setting.catalogue.criteria[key]
                answer = self._answer(key)
                exported.answers[mark, key] = row_of(answer).digest
                row = self._block(row, criterion, answer, family)
            families[family] = (start, row - 1)
        last = max(row - 1, FIRST)
        self._finish(last)
        return draw_totals(self._page, self._setting, self._order, self._figures, families, last)

    def _answer(self, key: str) -> Answer | None:
        return self._order.card.answers.get(key) if self._order.card else None

    def _header(self) -> None:
        page, order, card = self._page, self._order, self._order.card
        title_row(page, TITLE, AT["about"], self._token.mark, f"{order.profile.name} · {order.edition_name}")
        page.put(0, AT["anchor"], self._setting.as_of, "day")
        fixed = bool(order.assessor)
        kind = card.kind if card else CARD_KINDS[0]
        fields(
            page,
            FIELDS,
            [
                (
                    AT["about"],
                    "assessor",
                    "Assessor (a short id such as desk-a)",
                    order.assessor,
                    "note" if fixed else "input",
                ),
                (AT["anchor"], "kind", "How it was assessed", kind, "input"),
                (AT["rationale"], "date", "Day of these answers (empty: the day of import)", None, "day"),
                (AT["source"], "notice", "Remark on the whole scorecard", card.notice if card else "", "input"),
            ],
        )
        header_row(page, COLUMNS, TITLES, KEYS)
        value = FIELDS + 2
        page.choice(
            [(value, AT["anchor"], value, AT["anchor"])],
            {"validate": "list", "source": list(CARD_KINDS), "error_title": "How it was assessed",
             "error_message": f"One of: {', '.join(CARD_KINDS)}."},
        )  # fmt: skip

    def _band(self, row: int, family: str) -> int:
        head = next((found for found in self._setting.catalogue.head.families if found.id == family), None)
        band(self._page, row, AT["about"], AT["capped_from"], head.title if head else family)
        # A band never stands alone at the foot of a page.
        self._fill(row, BAND_POINTS + 6 * LINE_POINTS, BAND_POINTS)
        return row + 1

    def _block(self, row: int, criterion: Criterion, answer: Answer | None, family: str) -> int:
        """Draw one criterion from ``row``; returns the row after it."""
        out = self._setting.out_of_scope.get(criterion.id)
        cells = row_of(answer)
        lines = max(len(criterion.levels), MIN_LINES, len(cells.missing), len(cells.evidence))
        block = FamilyBlock(criterion, row, row + lines - 1, AT)
        extra = f"Out of scope for all options: {out}" if out else ""
        place = (block.first, AT["level"], block.last, AT["level"])
        self._answers.setdefault(tuple(sorted(criterion.levels)), []).append(place)
        self._sizes(block, cells, about_text(criterion, extra))
        self._wide_cells(block, cells, about(criterion, extra), answer)
        for line in range(lines):
            self._line(block, line, cells)
        self._helpers(block, answer, family)
        return row + lines

    def _sizes(self, block: FamilyBlock, cells: AnswerRow, text: str) -> None:
        widths = {column.key: column.width for column in COLUMNS}
        heights = []
        for line, anchor in enumerate(_anchors(block)):
            item = cells.evidence[line] if line < len(cells.evidence) else None
            texts = [(anchor, "anchor"), (cells.missing[line] if line < len(cells.missing) else "", "missing")]
            texts += [(item.source, "source"), (item.note, "note")] if item else []
            heights.append(max(height(each, widths[key]) for each, key in texts))
        whole = max(height(text, widths["about"]), height(cells.rationale, widths["rationale"]) + LINE_POINTS)
        found = stretched(heights, whole)
        for line, points in enumerate(found):
            self._page.sheet.set_row(block.first + line, points)
        self._fill(block.first, sum(found), sum(found))

    def _fill(self, row: int, needed: float, points: float) -> None:
        """Begin a new page where a block would be cut."""
        if self._filled and self._filled + needed > _PAGE_POINTS:
            self._breaks.append(row)
            self._filled = 0.0
        self._filled += points

    def _wide_cells(
        self, block: FamilyBlock, cells: AnswerRow, pieces: Sequence[tuple[str, str]], answer: Answer | None
    ) -> None:
        page, first, last = self._page, block.first, block.last
        page.rich(first, last, AT["about"], pieces, "cell")
        page.tall(first, last, AT["level"], cells.level, "pick")
        page.tall(first, last, AT["rationale"], cells.rationale, "input")
        page.tall(first, last, AT["confidence"], cells.confidence, "word")
        page.tall(first, last, AT["capped_from"], cells.capped_from, "word")
        page.tall(first, last, AT["earlier"], self._standing(block.criterion, answer), "note")
        page.tall(first, last, AT["confirmed"], "", "day" if answer else "note")

    def _line(self, block: FamilyBlock, line: int, cells: AnswerRow) -> None:
        page, row = self._page, block.first + line
        block_line(page, AT, row, line, block.criterion, cells.missing[line] if line < len(cells.missing) else "")
        item = cells.evidence[line] if line < len(cells.evidence) else None
        page.put(row, AT["source"], item and item.source, "input")
        page.put(row, AT["date"], item and item.date, "day")
        page.put(row, AT["captured"], item and item.captured, "day")
        page.put(row, AT["grade"], item and item.grade, "word")
        page.put(row, AT["note"], item and item.note, "input")

    def _helpers(self, block: FamilyBlock, answer: Answer | None, family: str) -> None:
        """The hidden cells that count, value and check, with what they give at present."""
        page, criterion, row = self._page, block.criterion, block.first
        found = figures(answer, criterion, self._setting.catalogue, self._setting.as_of)
        weight = self._setting.weights.get(criterion.id, 0.0)
        in_scope = criterion.id not in self._setting.out_of_scope
        as_of = absolute(0, AT["anchor"])
        number = "" if found.number is None else found.number
        if block.last > row:
            page.sheet.merge_range(row, AT["to_do"], block.last, AT["to_do"], "", page.book.style("note"))
            page.formula(row, AT["to_do"], block.to_do(), lacking(answer, found), "note")
        page.put(row, AT["weight"], weight, "plain")
        page.formula(row, AT["number"], block.number(), number)
        page.formula(row, AT["value"], block.value(), found.value)
        page.formula(row, AT["low"], block.low(), found.low)
        page.formula(row, AT["high"], block.high(), found.high)
        if in_scope:
            page.formula(row, AT["answered"], block.answered(), int(found.answered))
            page.put(row, AT["family"], family, "plain")
            self._figures[criterion.id] = found
        for line in range(block.last - row + 1):
            formula = block.carry(row + line, self._setting.catalogue, as_of)
            page.formula(row + line, AT["carry"], formula, self._carried(criterion, answer, line))
        page.sheet.conditional_format(
            row, AT["step"], block.last, AT["anchor"],
            {"type": "formula", "criteria": f"=${address(row, AT['step'])}={block.at('number')}",
             "format": page.book.style("picked")},
        )  # fmt: skip

    def _carried(self, criterion: Criterion, answer: Answer | None, line: int) -> int:
        if answer is None or line >= len(answer.evidence):
            return CARRY["none"]
        item = answer.evidence[line]
        if not answer.known:
            return CARRY["weak"]
        if item not in carriers(answer, criterion, self._setting.catalogue):
            return CARRY["weak"]
        return CARRY["stale"] if fresh_until(item, criterion) < self._setting.as_of else CARRY["firm"]

    def _standing(self, criterion: Criterion, answer: Answer | None) -> str:
        """The earlier review's answer, and what became of the present one."""
        parts = []
        card, earlier = self._order.card, self._order.earlier
        last = earlier.answer(criterion.id) if earlier else None
        now = f"{answer.date or card.assessed}: {in_words(answer)}" if card and answer else ""
        if earlier and last:
            before = f"{last[1].date or last[0].assessed}: {in_words(last[1])}"
            who = "" if last[0].assessor == self._order.assessor else f" ({last[0].assessor})"
            where = "" if last[0].edition == self._order.edition else f", on {last[0].edition}"
            parts.append(f"Edition {earlier.review}{where}{who}, {before}")
            if now == before:
                now = ""
                parts.append("The same now; nobody has confirmed it since.")
            if earlier.reworded(criterion):
                parts.append("The question or its levels say something else since then.")
        if now:
            parts.append(f"On {now}")
        known = answer or (last[1] if last else None)
        if known and (aged := self._aged(criterion, known)):
            parts.append(aged)
        return "\n".join(parts)

    def _aged(self, criterion: Criterion, answer: Answer) -> str:
        state = figures(answer, criterion, self._setting.catalogue, self._setting.as_of).evidence_status
        if state is not EvidenceStatus.STALE:
            return ""
        items = carriers(answer, criterion, self._setting.catalogue)
        until = max(fresh_until(item, criterion) for item in items)
        return f"Stale: its evidence counted until {until}. Look at the source again, or find a newer one."

    def _finish(self, last: int) -> None:
        page, card = self._page, self._order
        answer_rules(page, AT, (FIRST, last), self._answers)
        page.choice(
            [(FIRST, AT["grade"], last, AT["grade"])],
            {
                "validate": "list",
                "source": list(self._setting.catalogue.grades),
                "error_title": "Grade",
                "error_message": "Expected a grade of the catalogue.",
            },
        )
        for key in ("date", "captured", "confirmed"):
            page.choice(
                [(FIRST, AT[key], last, AT[key])],
                {"validate": "any", "input_title": "Date", "input_message": "For instance 2026-11-03."},
            )
        page.sheet.freeze_panes(FIRST, AT["step"])
        page.sheet.set_zoom(90)
        page.lock()
        page_setup(page, f"{card.profile.name} · {card.edition_name} · scorecard {card.assessor}", (TITLES, TITLES))
        page.sheet.repeat_columns(AT["about"], AT["about"])
        page.sheet.set_print_scale(70)
        page.sheet.print_across()
        page.sheet.set_h_pagebreaks(self._breaks)
        page.sheet.set_v_pagebreaks([AT["confidence"]])
        page.sheet.print_area(TITLE, AT["about"], last, AT["capped_from"])


def in_words(answer: Answer) -> str:
    """``level 2, at least`` or ``unknown``."""
    if not answer.known:
        return UNKNOWN
    return f"level {answer.level}{', at least' if answer.missing else ''}"


def _anchors(block: FamilyBlock) -> list[str]:
    steps = [block.criterion.levels[level] for level in sorted(block.criterion.levels)]
    return steps + [""] * (block.last - block.first + 1 - len(steps))
