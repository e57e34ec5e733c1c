"""The tables of what went in: use cases, answers, evidence, prices, rubrics, scorecards, differences, and all of it for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evaluator.model.catalogue import Criterion
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Cell, EvidenceItem, OptionScore
from evaluator.model.evidence_status import evidence_status
from evaluator.model.scorecard import AGREED, Answer, Scorecard
from evaluator.model.vendor import Edition, Price
from evaluator.reports.words import EVIDENCE_STATUS_WORDS, counted
from evaluator.reports.workbook.plan import WorkbookPlan, level_or_unknown
from evaluator.reports.workbook.styles import TABLE_TOP
from evaluator.xlsx.cell_text import one_line
from evaluator.xlsx.writer import Column, Formula, SheetWriter, Value


def write_use_cases(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write what people want to build, as described."""

    def emphasis(case: UseCase) -> str:
        return "\n".join(f"{plan.criterion_title(key)}: x {factor:g}" for key, factor in case.emphasis.items())

    def gates(case: UseCase) -> str:
        return "\n".join(f"{plan.criterion_title(key)}: level {needed}" for key, needed in case.gates.items())

    names = {tag.id: tag.name for tag in plan.result.workspace.guardrails.data_tags}

    def tags(case: UseCase) -> str:
        return "\n".join([
            *(names.get(tag, tag) for tag in case.data_tags),
            *(f"{names.get(tag, tag)}, {when} (sets no gate)" for tag, when in case.conditional_tags.items()),
        ])  # fmt: skip

    tagged = any(case.data_tags or case.conditional_tags for case in plan.use_cases)
    columns: list[Column[UseCase]] = [
        Column("Use case", 36, "wrap", lambda case: case.title),
        Column("Department", 16, "wrap", lambda case: case.department),
        Column("What somebody needs", 60, "wrap", lambda case: case.story),
        Column("Importance", 11, "free", lambda case: case.importance),
        Column("Data class", 13, "cell", lambda case: plan.class_label(case.data_class)),
        *([Column("Data tags", 26, "wrap", tags)] if tagged else []),
        Column("Makers", 8, "whole", lambda case: case.users.makers),
        Column("Internal users", 9, "whole", lambda case: case.users.internal),
        Column("External users", 9, "whole", lambda case: case.users.external),
        Column("Criticality", 12, "cell", lambda case: case.criticality),
        Column("Lifetime, months", 9, "whole", lambda case: case.lifetime_months),
        Column("Must have", 30, "wrap", lambda case: "\n".join(case.must)),
        Column("Should have", 30, "wrap", lambda case: "\n".join(case.should)),
        Column("Matters more or less (factor on the weight)", 36, "wrap", emphasis),
        Column("Own gates", 30, "wrap", gates),
        Column("Id", 24, "cell", lambda case: case.id),
    ]
    page.table(TABLE_TOP, columns, plan.use_cases, keep=1, printed=12 + tagged)


@dataclass(frozen=True, slots=True)
class _GivenAnswer:
    """An answer as one assessor gave it."""

    option: OptionScore
    criterion: Criterion
    cell: Cell
    card: Scorecard
    answer: Answer


def write_answers(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write every answer of every assessor, with its reason and evidence."""
    catalogue, as_of = plan.result.workspace.catalogue, plan.result.as_of

    def status(row: _GivenAnswer) -> str:
        return EVIDENCE_STATUS_WORDS[evidence_status(row.answer, row.criterion, catalogue, as_of)]

    def evidence(row: _GivenAnswer) -> str:
        return ", ".join(plan.evidence_id(row.option.id, item) for item in row.answer.evidence)

    columns: list[Column[_GivenAnswer]] = [
        Column("Option", 25, "cell", lambda row: plan.labels[row.option.id]),
        Column("Edition", 16, "wrap", lambda row: one_line(row.option.edition_name, 40)),
        Column("Family", 22, "wrap", lambda row: plan.family_titles[row.criterion.id]),
        Column("Criterion", 30, "wrap", lambda row: plan.criterion_labels[row.criterion.id]),
        Column("Assessor", 11, "cell", lambda row: row.card.assessor),
        Column("Level", 9, "centre", lambda row: row.answer.level),
        Column("Counts", 9, "centre", lambda row: "counts" if row.card.assessor in row.cell.by else ""),
        Column("Evidence status", 12, "cell", status),
        Column("Confidence", 11, "cell", lambda row: row.answer.confidence),
        Column("Rationale", 70, "wrap", lambda row: row.answer.rationale),
        Column("Next level still needs", 40, "wrap", lambda row: "\n".join(row.answer.missing)),
        Column("Evidence", 12, "wrap", evidence),
        Column("Grades", 8, "cell", lambda row: ", ".join(item.grade for item in row.answer.evidence)),
        Column("Answered on", 12, "date", lambda row: row.answer.date or row.card.assessed),
    ]
    page.table(TABLE_TOP, columns, _given_answers(plan), keep=4)


def _given_answers(plan: WorkbookPlan) -> Iterator[_GivenAnswer]:
    for option in plan.ranked:
        cards = [card for card in plan.result.workspace.vendors[option.id].scorecards if card.edition == option.edition]
        for criterion, found in zip(plan.criteria, option.cells, strict=True):
            for card in cards:
                answer = card.answers.get(criterion.id)
                if answer is not None:
                    yield _GivenAnswer(option, criterion, found, card, answer)


def write_evidence(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the evidence register: sources, what they are used for, and how long they are fresh."""

    def days_left(item: EvidenceItem) -> Formula:
        return Formula("[@Fresh until]-as_of", (item.fresh_until - plan.result.as_of).days)

    columns: list[Column[EvidenceItem]] = [
        Column("No.", 8, "cell", lambda item: item.id),
        Column("Option", 24, "cell", lambda item: plan.labels[item.option]),
        Column("Source", 70, "wrap", lambda item: item.source),
        Column("Grade", 7, "centre", lambda item: item.grade),
        Column("Kind", 12, "cell", lambda item: item.kind),
        Column("Stands for", 12, "date", lambda item: item.date or "undated"),
        Column("Captured", 12, "date", lambda item: item.captured or ""),
        Column("Fresh until", 12, "date", lambda item: item.fresh_until),
        Column("Days left", 9, "whole", days_left),
        Column("State", 9, "centre", lambda item: "stale" if item.stale else "fresh"),
        Column("Used for", 60, "wrap", lambda item: "\n".join(_used_for(plan, item))),
        Column("By", 16, "cell", lambda item: ", ".join(dict.fromkeys(use.assessor for use in item.uses))),
    ]
    shown = {option.id for option in plan.ranked}
    items = [item for item in plan.result.evidence if item.option in shown and _used_for(plan, item)]
    last = page.table(TABLE_TOP, columns, items, keep=2)
    if items:
        page.shade((TABLE_TOP + 1, 8, last, 9), f'$J{TABLE_TOP + 2}="stale"', "shade_open")


def grades_explained(plan: WorkbookPlan) -> str:
    """Return what the register says of itself: from when its days count, and what its grades mean."""
    grades = plan.result.workspace.catalogue.head.evidence_grades
    explained = "; ".join(f"{grade.grade} {one_line(grade.what, 60)}" for grade in grades)
    return f"Days left count from {plan.result.as_of}. Grades: {explained}."


def _used_for(plan: WorkbookPlan, item: EvidenceItem) -> list[str]:
    """The criteria in scope that cite an item of evidence."""
    criteria = dict.fromkeys(use.criterion for use in item.uses)
    return [plan.criterion_labels[key] for key in criteria if key in plan.criterion_labels]


@dataclass(frozen=True, slots=True)
class _ListPrice:
    """One price of an edition; None where none is known."""

    label: str
    edition: Edition
    evaluated: bool
    price: Price | None


def write_costs(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the list prices; what a stack costs stands on the sheet of stacks."""

    def of_price(header: str, width: float, style: str, value: Callable[[Price], Value]) -> Column[_ListPrice]:
        return Column(header, width, style, lambda row: value(row.price) if row.price else None)

    columns: list[Column[_ListPrice]] = [
        Column("Option", 24, "cell", lambda row: row.label),
        Column("Edition", 22, "wrap", lambda row: row.edition.name),
        Column("Evaluated", 11, "centre", lambda row: "evaluated" if row.evaluated else ""),
        Column("Deployment", 12, "cell", lambda row: row.edition.deployment),
        Column("Per", 14, "cell", lambda row: row.price.unit if row.price else "price not known"),
        of_price("Amount", 12, "money", lambda price: price.amount),
        of_price("Currency", 9, "centre", lambda price: price.currency),
        of_price("Period", 9, "cell", lambda price: price.per),
        of_price("Least units billed", 10, "free", lambda price: price.minimum),
        of_price("Units included", 10, "free", lambda price: price.included),
        of_price("Billing", 24, "wrap", lambda price: price.billing),
        of_price("Confidence", 11, "cell", lambda price: price.confidence),
        of_price("Source date", 12, "date", lambda price: price.source_date or "undated"),
        of_price("Source", 60, "wrap", lambda price: price.source),
        Column("Note", 50, "wrap", lambda row: row.price.note if row.price else row.edition.note),
    ]
    last = page.table(TABLE_TOP, columns, _list_prices(plan), keep=2)
    title = "Cost per year of each option alone, for every use case that it can serve"
    costs = [(plan.labels[option.id], plan.cost_alone(option.id)) for option in plan.options]
    page.print_area(page.section(last + 2, title, costs, ["bold", "plain"]), len(columns) - 1)


def _list_prices(plan: WorkbookPlan) -> Iterator[_ListPrice]:
    for option in plan.options:
        profile = plan.result.workspace.vendors[option.id].profile
        for edition in profile.editions:
            for price in edition.prices or (None,):
                yield _ListPrice(plan.labels[option.id], edition, edition.id == profile.edition, price)


MOST_LEVELS = 7
"""More levels than this share one column."""


def write_rubrics(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write questions and anchored levels of every criterion of the catalogue."""
    known = plan.result.workspace.catalogue.criteria.values()
    criteria = [item for item in known if plan.whole or item in plan.criteria]
    levels = sorted({number for item in criteria for number in item.levels})

    tags = {tag.id: tag.name for tag in plan.result.workspace.guardrails.data_tags}

    def anchor(number: int) -> Column[Criterion]:
        return Column(f"Level {number}", 30, "wrap", lambda item: item.levels.get(number, ""))

    def all_anchors(item: Criterion) -> str:
        return "\n".join(f"{number}: {item.levels[number]}" for number in sorted(item.levels))

    def gates(item: Criterion) -> str:
        rows = [(plan.class_label(key), level) for key, level in item.gates.items()]
        rows += [(tags.get(key, key), level) for key, level in item.tag_gates.items()]
        stated = "\n".join(f"{name}: {level}" for name, level in rows)
        if item.gates_apply_to:
            stated += f"\n({item.gates_apply_to} editions only)"
        return f"{stated} (starter gate)" if stated and item.starter_gate else stated

    anchors: list[Column[Criterion]] = [Column("Levels", 90, "wrap", all_anchors)]
    if 0 < len(levels) <= MOST_LEVELS:
        anchors = [anchor(number) for number in levels]
    columns: list[Column[Criterion]] = [
        Column("Family", 18, "wrap", lambda item: plan.family_titles[item.id]),
        Column("Criterion", 26, "wrap", lambda item: item.title),
        Column("Question", 36, "wrap", lambda item: item.question),
        *anchors,
        Column("Why it matters", 36, "wrap", lambda item: item.why),
        Column("Evidence wanted", 36, "wrap", lambda item: "\n".join(item.evidence)),
        Column("Fresh for, months", 9, "whole", lambda item: item.fresh_months),
        Column("Depends on edition", 11, "centre", lambda item: "yes" if item.edition_sensitive else "no"),
        Column("Own figures needed", 11, "centre", lambda item: "yes" if item.own_figures else "no"),
        Column("Gates", 22, "wrap", gates),
        Column("In scope", 9, "centre", lambda item: "yes" if item.id in plan.result.scores.weights else "no"),
        Column("Id", 26, "cell", lambda item: item.id),
    ]
    page.table(TABLE_TOP, columns, criteria, keep=2, printed=3 + len(anchors))


def write_people(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the scorecards and who takes part in the decision."""
    columns: list[Column[tuple[OptionScore, Scorecard]]] = [
        Column("Option", 24, "cell", lambda row: plan.labels[row[0].id]),
        Column("Assessor", 14, "cell", lambda row: row[1].assessor),
        Column("Kind", 14, "cell", lambda row: row[1].kind),
        Column("Edition assessed", 22, "wrap", lambda row: _edition_name(plan, *row)),
        Column("Assessed on", 12, "date", lambda row: row[1].assessed),
        Column("Answers", 9, "whole", lambda row: sum(key in plan.result.scores.weights for key in row[1].answers)),
        Column("Used", 26, "wrap", lambda row: _used(*row)),
        Column("Notice", 70, "wrap", lambda row: row[1].notice),
    ]
    vendors = plan.result.workspace.vendors
    cards = [(option, card) for option in plan.options for card in vendors[option.id].scorecards]
    last = page.table(TABLE_TOP, columns, cards, keep=1)
    deciders = [(one_line(item.role, 60), item.part) for item in plan.result.workspace.evaluation.deciders]
    title, top = "Who takes part in the decision", last + 2
    if deciders:
        last = page.section(top, title, deciders, ["bold", "cell"])
    else:
        last = page.section(top, title, [["Nobody is named."]], ["plain"])
    page.print_area(last, len(columns) - 1)


def _edition_name(plan: WorkbookPlan, option: OptionScore, card: Scorecard) -> str:
    editions = plan.result.workspace.vendors[option.id].profile.editions
    return {edition.id: edition.name for edition in editions}.get(card.edition, card.edition)


def _used(option: OptionScore, card: Scorecard) -> str:
    return "used" if card.edition == option.edition else "not used: another edition"


def write_differences(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the answers on which assessors differ, the widest spread first."""
    vendors = plan.result.workspace.vendors
    assessors = {card.assessor for option in plan.options for card in vendors[option.id].scorecards} - {AGREED}
    rows = [(option, found) for option in plan.ranked for found in option.cells if found.differs]
    rows.sort(key=lambda row: _spread(row[1]), reverse=True)

    def given(assessor: str) -> Column[tuple[OptionScore, Cell]]:
        def level(row: tuple[OptionScore, Cell]) -> int | str:
            levels = row[1].levels
            return level_or_unknown(levels[assessor]) if assessor in levels else ""

        return Column(one_line(assessor, 24), 12, "centre", level)

    columns: list[Column[tuple[OptionScore, Cell]]] = [
        Column("Option", 24, "cell", lambda row: plan.labels[row[0].id]),
        Column("Family", 24, "wrap", lambda row: plan.family_titles[row[1].criterion]),
        Column("Criterion", 44, "wrap", lambda row: plan.criterion_labels[row[1].criterion]),
        *map(given, sorted(assessors)),
        Column("Spread, levels", 9, "centre", lambda row: "" if _spread(row[1]) < 0 else _spread(row[1])),
        Column("Level that counts", 11, "centre", lambda row: level_or_unknown(row[1].level)),
        Column("Whose", 18, "cell", lambda row: ", ".join(row[1].by)),
    ]
    page.table(TABLE_TOP, columns, rows, keep=3)


def differences_counted(plan: WorkbookPlan) -> str:
    """Return what the sheet of differences says of itself: how many there are."""
    count = sum(found.differs for option in plan.ranked for found in option.cells)
    return (
        f"{counted(count, 'answer')} on which assessors gave different levels, widest first. "
        "A spread cannot be given where one says unknown."
    )


def _spread(found: Cell) -> int:
    """How many levels lie between the answers; -1 where one of them says unknown."""
    known = [value for value in found.levels.values() if value is not None]
    return max(known) - min(known) if len(known) == len(found.levels) else -1


SCHEMA = "comparison-data/2"


@dataclass(frozen=True, slots=True)
class _DataRow:
    """An option on a criterion."""

    option: OptionScore
    criterion: Criterion
    cell: Cell


def write_data(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write the flat copy for machines, hidden; the look-up sheet reads it: options by id, criteria in catalogue order."""
    rows = (
        _DataRow(option, criterion, found)
        for option in plan.options
        for criterion, found in zip(plan.criteria, option.cells, strict=True)
    )
    page.rows(0, _data_columns(plan), rows, heading="strong")
    page.sheet.hide()


def _data_columns(plan: WorkbookPlan) -> list[Column[_DataRow]]:
    """One column per figure; the look-up sheet finds those with a name."""
    family_of = plan.result.workspace.catalogue.family_of

    def looked_up(header: str, value: Callable[[_DataRow], Value]) -> Column[_DataRow]:
        return Column(header, 0, "plain", value, f"data_{header}")

    return [
        Column("option", 0, "plain", lambda row: row.option.id),
        Column("criterion", 0, "plain", lambda row: row.cell.criterion),
        Column("family", 0, "plain", lambda row: family_of[row.cell.criterion]),
        Column("weight", 0, "plain", lambda row: row.cell.weight),
        looked_up("level", lambda row: level_or_unknown(row.cell.level)),
        looked_up("evidence_status", lambda row: EVIDENCE_STATUS_WORDS[row.cell.evidence_status]),
        looked_up("points", lambda row: row.cell.points),
        Column("low", 0, "plain", lambda row: row.cell.low),
        Column("high", 0, "plain", lambda row: row.cell.high),
        looked_up("assessors", lambda row: ", ".join(row.cell.by) or "nobody"),
        looked_up("confidence", lambda row: row.cell.answer.confidence if row.cell.answer else "none"),
        looked_up("anchor", lambda row: _anchor(row.criterion, row.cell.level)),
        looked_up("next_anchor", lambda row: _next_anchor(row.criterion, row.cell.level)),
        looked_up(
            "rationale", lambda row: row.cell.answer.rationale if row.cell.answer else "No scorecard has an answer."
        ),
        looked_up("missing", lambda row: _missing(row.cell.answer)),
        looked_up("evidence", lambda row: _evidence(plan, row)),
    ]


def data_row(plan: WorkbookPlan, option: OptionScore, criterion: Criterion, found: Cell) -> dict[str, float | str]:
    """Return one row of the sheet Data by heading."""
    row = _DataRow(option, criterion, found)
    values = {column.header: column.value(row) for column in _data_columns(plan)}
    return {header: value for header, value in values.items() if isinstance(value, int | float | str)}


def _anchor(criterion: Criterion, found: int | None) -> str:
    return "The answer is unknown." if found is None else criterion.levels[found]


def _next_anchor(criterion: Criterion, found: int | None) -> str:
    """What the level above asks; the lowest level where the answer is unknown."""
    above = criterion.min_level if found is None else found + 1
    return f"Level {above}: {criterion.levels[above]}" if above in criterion.levels else "This is the highest level."


def _missing(answer: Answer | None) -> str:
    return "\n".join(answer.missing) if answer and answer.missing else "nothing is listed"


def _evidence(plan: WorkbookPlan, row: _DataRow) -> str:
    items = row.cell.answer.evidence if row.cell.answer else ()
    lines = (
        f"{plan.evidence_id(row.option.id, item)} grade {item.grade}, {item.effective_kind}, {item.day}: {item.source}"
        for item in items
    )
    return "\n".join(lines) or "none"
