"""Live figures of every option beside the official ones: scores, what unknown answers could do, fit for every use case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluator.model.cost import Coverage
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Fit, GateOutcome, OptionScore
from evaluator.reports.words import COVERAGE_MARKS, COVERAGE_WORDS, GATE_WORDS
from evaluator.reports.workbook.formulas import AGREES, TOLERANCE, WHAT_IF, equal, named, verdict
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.styles import FEW_OPTIONS, LIVE_TOP, ComparisonBook, across_pages
from evaluator.xlsx.writer import Column, Formula, SheetWriter, area, cell

SCORES, UNKNOWN, FIT = "Live scores", "Sensitivity", "Fit"
OUTCOMES = (GateOutcome.MET, GateOutcome.FAILED, GateOutcome.UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class _LiveRow:
    """An option on the sheet of live scores."""

    option: OptionScore
    place: int
    """Among the options by id, from 1."""
    columns: dict[str, int]
    """Columns by heading."""

    def at(self, header: str) -> str:
        """The address of a figure in this row."""
        return cell(LIVE_TOP + self.place, self.columns[header])


def write_scores(book: ComparisonBook, plan: WorkbookPlan) -> None:
    """Write every option recomputed from the inputs, the official figures beside, and whether they agree; options by id."""
    page = book.live_sheet(
        SCORES,
        "Live scores, beside the official ones",
        "Left: recomputed from the inputs. Right: official, fixed. Counted score: score, low or high, as unknown answers count.",
    )
    columns = _score_columns(plan)
    headers = {column.header: number for number, column in enumerate(columns)}
    rows = [_LiveRow(option, place, headers) for place, option in enumerate(plan.options, start=1)]
    page.table(LIVE_TOP, columns, rows, keep=2, filtered=False)


def _score_columns(plan: WorkbookPlan) -> list[Column[_LiveRow]]:
    order = {option.id: place for place, option in enumerate(plan.ranked, start=1)}

    def place(row: _LiveRow) -> Formula:
        above = ""
        if row.place > 1:
            column = row.columns["Counted, rounded"]
            span = area(LIVE_TOP + 1, column, LIVE_TOP + row.place - 1, column)
            above = f"+SUMPRODUCT(({span}={row.at('Counted, rounded')})*1)"
        return Formula(f"{row.at('Rank')}{above}", order[row.option.id])

    def option_at_place(row: _LiveRow) -> Formula:
        return Formula(f"MATCH({row.place},place,0)", plan.places[plan.ranked[row.place - 1].id])

    return [
        Column("No.", 5, "whole", lambda row: row.place, "option_numbers"),
        Column("Option", 28, "bold", lambda row: plan.labels[row.option.id], "option_names"),
        Column("Score", 9, "points", lambda row: _score("given", row.option.id, row.option.score), "live_score"),
        Column("Low", 9, "points", lambda row: _score("low", row.option.id, row.option.low), "live_low"),
        Column("High", 9, "points", lambda row: _score("best", row.option.id, row.option.high), "live_high"),
        Column("Counted score", 10, "points_bold", _counted, "live_counted"),
        Column("Counted, rounded", 12, "points_exact", _rounded, "rounded_score"),
        Column("Rank", 7, "whole", _rank, "live_rank"),
        Column("Place", 7, "whole", place, "place"),
        *(_live_gates(plan, outcome) for outcome in OUTCOMES),
        Column("Official score", 10, "points", lambda row: row.option.score, "official_score"),
        Column("Official low", 10, "points", lambda row: row.option.low),
        Column("Official high", 10, "points", lambda row: row.option.high),
        Column("Official rank", 9, "whole", lambda row: row.option.rank, "official_rank"),
        *(_official_gates(plan, outcome) for outcome in OUTCOMES),
        Column(
            "Difference",
            11,
            "signed",
            lambda row: Formula(f"{row.at('Counted score')}-{row.at('Official score')}", 0.0),
        ),
        Column("Check", 36, "cell", _check, "live_check"),
        Column("Could fall by", 9, "points", _could_fall_by, "could_fall_by"),
        Column("Could rise by", 9, "points", _could_rise_by, "could_rise_by"),
        Column("Option at this place, no.", 10, "whole", option_at_place, "option_at_place"),
    ]


def _score(values: str, option: str, official: float) -> Formula:
    return Formula(f"100*SUMPRODUCT(weight,{named(values, option)})", official)


def _counted(row: _LiveRow) -> Formula:
    return Formula(f"CHOOSE(unknown_number,{row.at('Score')},{row.at('Low')},{row.at('High')})", row.option.score)


def _rounded(row: _LiveRow) -> Formula:
    return Formula(f"ROUND({row.at('Counted score')},9)", round(row.option.score, 9))


def _rank(row: _LiveRow) -> Formula:
    return Formula(f"RANK({row.at('Counted, rounded')},rounded_score,0)", row.option.rank)


def _live_gates(plan: WorkbookPlan, outcome: GateOutcome) -> Column[_LiveRow]:
    def count(row: _LiveRow) -> Formula:
        conditions = (
            f'(gate_option="{row.option.id}")*(gate_class=data_class_id)*(gate_outcome="{GATE_WORDS[outcome]}")'
        )
        return Formula(f"SUMPRODUCT({conditions})", len(plan.first_gates(row.option).of(outcome)))

    return Column(_gates_header(outcome), 8, "whole", count, f"live_gates_{outcome.value}")


def _official_gates(plan: WorkbookPlan, outcome: GateOutcome) -> Column[_LiveRow]:
    def count(row: _LiveRow) -> Formula:
        counts = [len(row.option.gates[key].of(outcome)) for key in plan.classes]
        return Formula(f"CHOOSE(data_class_number,{','.join(map(str, counts))})", counts[plan.gated_class - 1])

    return Column(f"Official {_gates_header(outcome).lower()}", 9, "whole", count)


def _gates_header(outcome: GateOutcome) -> str:
    return f"Gates {GATE_WORDS[outcome]}"


def _check(row: _LiveRow) -> Formula:
    """Whether the row agrees with the official one; where an input moved it, by how much."""
    gates = ",".join(
        f"{row.at(header)}<>{row.at(f'Official {header.lower()}')}" for header in map(_gates_header, OUTCOMES)
    )
    pairs = (("Counted score", "Official score"), ("Low", "Official low"), ("High", "Official high"))
    same = ",".join(equal(row.at(live), row.at(official)) for live, official in pairs)
    difference, rank, official_rank = row.at("Difference"), row.at("Rank"), row.at("Official rank")
    moved = (
        f'"{WHAT_IF}: "&IF({difference}>=0,"+","")&ROUND({difference},1)&" points, rank "&{official_rank}&" to "&{rank}'
    )
    check = verdict(f"AND({same},{rank}={official_rank})", moved)
    return Formula(f'IF(OR({gates}),"GATES DO NOT AGREE",{check})', AGREES)


def _could_fall_by(row: _LiveRow) -> Formula:
    official = max(0.0, row.option.score - row.option.low)
    return Formula(f"MAX(0,{row.at('Counted score')}-{row.at('Low')})", official)


def _could_rise_by(row: _LiveRow) -> Formula:
    official = max(0.0, row.option.high - row.option.score)
    return Formula(f"MAX(0,{row.at('High')}-{row.at('Counted score')})", official)


def write_unknown(book: ComparisonBook, plan: WorkbookPlan) -> None:
    """Write what the unknown answers could do to the order of options; options in official order."""
    page = book.live_sheet(
        UNKNOWN,
        "Sensitivity to what is not known",
        "The order if unknown answers earn nothing (score), if weak answers earn nothing either (low), and if all unknowns turn out best (high).",
    )
    last = LIVE_TOP + max(len(plan.ranked), 1)
    figures: dict[str, dict[str, float]] = {
        "score": {option.id: round(option.score, 9) for option in plan.ranked},
        "low": {option.id: round(option.low, 9) for option in plan.ranked},
        "high": {option.id: round(option.high, 9) for option in plan.ranked},
    }
    lows, highs = figures["low"], figures["high"]
    columns_of = {"score": 1, "low": 3, "high": 5}

    def at(row: Ranked, figure: str) -> str:
        return cell(row[0], columns_of[figure])

    def span(figure: str) -> str:
        return area(LIVE_TOP + 1, columns_of[figure], last, columns_of[figure])

    def live(figure: str) -> Callable[[Ranked], Formula]:
        def shown(row: Ranked) -> Formula:
            option = row[1].id
            return Formula(f"ROUND(INDEX(live_{figure},{plan.places[option]}),9)", figures[figure][option])

        return shown

    def rank(figure: str) -> Callable[[Ranked], Formula]:
        def shown(row: Ranked) -> Formula:
            own = figures[figure][row[1].id]
            official = 1 + sum(other > own for other in figures[figure].values())
            return Formula(f"RANK({at(row, figure)},{span(figure)},0)", official)

        return shown

    def width(row: Ranked) -> Formula:
        return Formula(f"{at(row, 'high')}-{at(row, 'low')}", highs[row[1].id] - lows[row[1].id])

    def ahead(row: Ranked) -> Formula:
        official = sum(high < lows[row[1].id] for high in highs.values())
        return Formula(f"SUMPRODUCT(({span('high')}<{at(row, 'low')})*1)", official)

    def behind(row: Ranked) -> Formula:
        official = sum(low > highs[row[1].id] for low in lows.values())
        return Formula(f"SUMPRODUCT(({span('low')}>{at(row, 'high')})*1)", official)

    columns: list[Column[Ranked]] = [
        Column("Option", 30, "bold", lambda row: plan.labels[row[1].id]),
        Column("Score", 10, "points", live("score")),
        Column("Rank by score", 10, "rank", rank("score")),
        Column("Low", 10, "points", live("low")),
        Column("Rank by low", 10, "rank", rank("low")),
        Column("High", 10, "points", live("high")),
        Column("Rank by high", 10, "rank", rank("high")),
        Column("Width, high less low", 12, "points", width),
        Column("Options it is ahead of, whatever is unknown", 20, "rank", ahead),
        Column("Options it is behind, whatever is unknown", 20, "rank", behind),
    ]
    page.table(LIVE_TOP, columns, enumerate(plan.ranked, start=LIVE_TOP + 1), keep=1, filtered=False)


Ranked = tuple[int, OptionScore]
"""The row of an option, and the option."""
LEFT = 3
"""Column of the first option on the sheet of fits."""
BLOCKS = ("live", "official", "score", "share", "coverage")


def write_fit(book: ComparisonBook, plan: WorkbookPlan) -> None:
    """Write how well every option serves every use case, and what that is made of; use cases in file order, options by id."""
    page = book.live_sheet(
        FIT,
        "Fit of every option for every use case",
        "0 to 100. ● covered, ◐ conditional: something it needs is not shown, ○ not covered: a gate fails or a must is absent.",
    )
    page.widths([44, 11, 12, *[13] * len(plan.options)])
    height = len(plan.use_cases) + 2
    tops = {name: LIVE_TOP + number * height for number, name in enumerate(BLOCKS)}
    _live_fits(page, plan, tops)
    _block(page, plan, tops["official"], "Official fit", "points", lambda fit: fit.fit, marked=True)
    _emphasised_scores(page, plan, tops["score"])
    _block(page, plan, tops["share"], "Share of needed capabilities", "percent", lambda fit: fit.capabilities)
    what = "Coverage: gates and musts of the use case"
    _block(page, plan, tops["coverage"], what, "cell", lambda fit: COVERAGE_WORDS[fit.coverage])
    last, right = tops["coverage"] + len(plan.use_cases), LEFT + max(len(plan.options), 1) - 1
    page.define("coverages", tops["coverage"] + 1, LEFT, last, right)
    page.sheet.freeze_panes(LIVE_TOP + 1, 1)
    page.print_area(last, right)
    if len(plan.options) > FEW_OPTIONS:
        across_pages(page, 0)


def _use_cases(page: SheetWriter, plan: WorkbookPlan, top: int, what: str, third: str = "Data class") -> None:
    """Write the headings of a block, and use cases and their importance at the left of it."""
    page.headers(top, 0, [what, "Importance", third, *(plan.labels[option.id] for option in plan.options)])
    for row, case in enumerate(plan.use_cases, start=top + 1):
        page.put(row, 0, plan.use_case_labels[case.id], "label")
        page.put(row, 1, case.importance, "free")


def _marked(fit: Fit) -> str:
    """The number format of a fit: its mark, then the figure."""
    return f'"{COVERAGE_MARKS[fit.coverage]} "0.0'


def _live_fits(page: SheetWriter, plan: WorkbookPlan, tops: dict[str, int]) -> None:
    top, right = tops["live"], LEFT + len(plan.options) - 1
    _use_cases(page, plan, top, "Fit with the what-if inputs", third="Check")
    for offset, case in enumerate(plan.use_cases, start=1):
        row, fixed = top + offset, tops["official"] + offset
        for column, option in enumerate(plan.options, start=LEFT):
            fit = plan.fits[case.id][option.id]
            score, share, covered = (cell(tops[name] + offset, column) for name in ("score", "share", "coverage"))
            credit = f'IF({covered}="{COVERAGE_WORDS[Coverage.CONDITIONAL]}",conditional_credit,1)'
            formula = f'IF({covered}="{COVERAGE_WORDS[Coverage.NOT_COVERED]}",0,{score}*{share}*{credit})'
            page.formula(row, column, formula, fit.fit, "points", num_format=_marked(fit))
        live, official = area(row, LEFT, row, right), area(fixed, LEFT, fixed, right)
        distance = f"SQRT(SUMPRODUCT(({live}-{official})*({live}-{official})))"
        page.formula(row, 2, verdict(f"{distance}<{TOLERANCE}"), AGREES, "cell")
    last = top + len(plan.use_cases)
    for column, option in enumerate(plan.options, start=LEFT):
        page.define(named("fit", option.id), top + 1, column, last)
    page.define("use_case_importance", top + 1, 1, last)
    page.define("fits", top + 1, LEFT, last, right)


def _block(
    page: SheetWriter,
    plan: WorkbookPlan,
    top: int,
    what: str,
    style: str,
    read: Callable[[Fit], float | str],
    *,
    marked: bool = False,
) -> None:
    """Write one official figure of every fit, with the mark of its coverage where wanted."""
    _use_cases(page, plan, top, what)
    for row, case in enumerate(plan.use_cases, start=top + 1):
        page.put(row, 2, plan.class_label(case.data_class), "cell")
        for column, option in enumerate(plan.options, start=LEFT):
            fit = plan.fits[case.id][option.id]
            page.put(row, column, read(fit), style, **{"num_format": _marked(fit)} if marked else {})


def _emphasised_scores(page: SheetWriter, plan: WorkbookPlan, top: int) -> None:
    """Write the score under the emphasis of each use case, live."""
    _use_cases(page, plan, top, "Score under the use case's emphasis, live", third="Sum of weights")
    for row, case in enumerate(plan.use_cases, start=top + 1):
        emphasis, total = named("emphasis", case.id), cell(row, 2)
        page.formula(row, 2, f"SUMPRODUCT(weight,{emphasis})", _sum_of_weights(plan, case), "free", num_format="0.0000")
        for column, option in enumerate(plan.options, start=LEFT):
            values = (named(prefix, option.id) for prefix in ("given", "low", "best"))
            sums = ",".join(f"SUMPRODUCT(weight,{emphasis},{value})" for value in values)
            formula = f"IF({total}=0,0,100*CHOOSE(unknown_number,{sums})/{total})"
            page.formula(row, column, formula, plan.fits[case.id][option.id].score, "points")


def _sum_of_weights(plan: WorkbookPlan, case: UseCase) -> float:
    return sum(weight * case.emphasis.get(key, 1.0) for key, weight in plan.result.scores.weights.items())
