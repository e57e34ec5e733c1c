"""Live figures of every option beside the official ones: scores, what unknown answers could do, fit for every use case."""

from __future__ import annotations

from collections.abc import Callable

from evaluator.model.cost import Coverage
from evaluator.model.demand import UseCase
from evaluator.model.evaluated import Fit, GateOutcome, OptionScore
from evaluator.reports.words import COVERAGE_MARKS, COVERAGE_WORDS, GATE_WORDS
from evaluator.reports.workbook.formulas import AGREES, TOLERANCE, WHAT_IF, equal, named, verdict
from evaluator.reports.workbook.plan import WorkbookPlan
from evaluator.reports.workbook.styles import LIVE_TOP, print_options
from evaluator.xlsx.writer import Column, Formula, SheetWriter, area, cell

OUTCOMES = (GateOutcome.MET, GateOutcome.FAILED, GateOutcome.UNSUPPORTED)


def write_scores(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write every option recomputed from the inputs, the official figures beside, and whether they agree; options by id."""
    order = {option.id: place for place, option in enumerate(plan.ranked, start=1)}

    def rank_among_equals(option: OptionScore) -> Formula:
        """The rank, and one more for every option above in the table with the same score."""
        above, place = "", plan.places[option.id]
        if place > 1:
            span = area(LIVE_TOP + 1, ROUNDED, LIVE_TOP + place - 1, ROUNDED)
            above = f"+SUMPRODUCT(({span}=[@Counted, rounded])*1)"
        return Formula(f"[@Rank]{above}", order[option.id])

    def option_at_place(option: OptionScore) -> Formula:
        place = plan.places[option.id]
        return Formula(f"MATCH({place},place,0)", plan.places[plan.ranked[place - 1].id])

    columns: list[Column[OptionScore]] = [
        Column("No.", 5, "whole", lambda option: plan.places[option.id], "option_numbers"),
        Column("Option", 28, "bold", lambda option: plan.labels[option.id], "option_names"),
        Column("Score", 9, "points", lambda option: _score("given", option.id, option.score), "live_score"),
        Column("Low", 9, "points", lambda option: _score("low", option.id, option.low), "live_low"),
        Column("High", 9, "points", lambda option: _score("best", option.id, option.high), "live_high"),
        Column("Counted score", 10, "points_bold", _counted, "live_counted"),
        Column("Counted, rounded", 12, "points_exact", _rounded, "rounded_score"),
        Column(
            "Rank",
            7,
            "whole",
            lambda option: Formula("RANK([@Counted, rounded],rounded_score,0)", option.rank),
            "live_rank",
        ),
        Column("Place", 7, "whole", rank_among_equals, "place"),
        *(_live_gates(plan, outcome) for outcome in OUTCOMES),
        Column("Official score", 10, "points", lambda option: option.score, "official_score"),
        Column("Official low", 10, "points", lambda option: option.low),
        Column("Official high", 10, "points", lambda option: option.high),
        Column("Official rank", 9, "whole", lambda option: option.rank, "official_rank"),
        *(_official_gates(plan, outcome) for outcome in OUTCOMES),
        Column("Difference", 11, "signed", lambda _: Formula("[@Counted score]-[@Official score]", 0.0)),
        Column("Check", 36, "cell", lambda _: Formula(_check(), AGREES), "live_check"),
        Column("Could fall by", 9, "points", _could_fall_by, "could_fall_by"),
        Column("Could rise by", 9, "points", _could_rise_by, "could_rise_by"),
        Column("Option at this place, no.", 10, "whole", option_at_place, "option_at_place"),
    ]
    page.table(LIVE_TOP, columns, plan.options, keep=2, filtered=False)


ROUNDED = 6
"""Column of the rounded scores, by which options are ranked."""


def _score(values: str, option: str, official: float) -> Formula:
    return Formula(f"100*SUMPRODUCT(weight,{named(values, option)})", official)


def _counted(option: OptionScore) -> Formula:
    return Formula("CHOOSE(unknown_number,[@Score],[@Low],[@High])", option.score)


def _rounded(option: OptionScore) -> Formula:
    return Formula("ROUND([@Counted score],9)", round(option.score, 9))


def _could_fall_by(option: OptionScore) -> Formula:
    return Formula("MAX(0,[@Counted score]-[@Low])", max(0.0, option.score - option.low))


def _could_rise_by(option: OptionScore) -> Formula:
    return Formula("MAX(0,[@High]-[@Counted score])", max(0.0, option.high - option.score))


def gates_header(outcome: GateOutcome) -> str:
    """Return the heading of the column that counts the gates with ``outcome``."""
    return f"Gates {GATE_WORDS[outcome]}"


def _live_gates(plan: WorkbookPlan, outcome: GateOutcome) -> Column[OptionScore]:
    def count(option: OptionScore) -> Formula:
        conditions = f'(gate_option="{option.id}")*(gate_class=data_class_id)*(gate_outcome="{GATE_WORDS[outcome]}")'
        return Formula(f"SUMPRODUCT({conditions})", len(option.gates[plan.gated].of(outcome)))

    return Column(gates_header(outcome), 8, "whole", count, f"live_gates_{outcome.value}")


def _official_gates(plan: WorkbookPlan, outcome: GateOutcome) -> Column[OptionScore]:
    def count(option: OptionScore) -> Formula:
        counts = {key: len(option.gates[key].of(outcome)) for key in plan.classes}
        return Formula(f"CHOOSE(data_class_number,{','.join(map(str, counts.values()))})", counts[plan.gated])

    return Column(f"Official {gates_header(outcome).lower()}", 9, "whole", count)


def _check() -> str:
    """The formula that says whether a row agrees with the official figures; where an input moved it, by how much."""
    gates = ",".join(f"[@{header}]<>[@Official {header.lower()}]" for header in map(gates_header, OUTCOMES))
    pairs = (("Counted score", "Official score"), ("Low", "Official low"), ("High", "Official high"))
    same = ",".join(equal(f"[@{live}]", f"[@{official}]") for live, official in pairs)
    moved = (
        f'"{WHAT_IF}: "&IF([@Difference]>=0,"+","")&ROUND([@Difference],1)'
        '&" points, rank "&[@Official rank]&" to "&[@Rank]'
    )
    return f'IF(OR({gates}),"GATES DO NOT AGREE",{verdict(f"AND({same},[@Rank]=[@Official rank])", moved)})'


def write_unknown(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write what the unknown answers could do to the order of options; options in official order."""
    figures: dict[str, dict[str, float]] = {
        "Score": {option.id: round(option.score, 9) for option in plan.ranked},
        "Low": {option.id: round(option.low, 9) for option in plan.ranked},
        "High": {option.id: round(option.high, 9) for option in plan.ranked},
    }
    lows, highs = figures["Low"], figures["High"]

    def live(figure: str) -> Column[OptionScore]:
        def shown(option: OptionScore) -> Formula:
            formula = f"ROUND(INDEX(live_{figure.lower()},{plan.places[option.id]}),9)"
            return Formula(formula, figures[figure][option.id])

        return Column(figure, 10, "points", shown)

    def rank(figure: str) -> Column[OptionScore]:
        def shown(option: OptionScore) -> Formula:
            ahead = sum(other > figures[figure][option.id] for other in figures[figure].values())
            return Formula(f"RANK([@{figure}],[{figure}],0)", 1 + ahead)

        return Column(f"Rank by {figure.lower()}", 10, "rank", shown)

    def width(option: OptionScore) -> Formula:
        return Formula("[@High]-[@Low]", highs[option.id] - lows[option.id])

    def ahead(option: OptionScore) -> Formula:
        return Formula("SUMPRODUCT(([High]<[@Low])*1)", sum(high < lows[option.id] for high in highs.values()))

    def behind(option: OptionScore) -> Formula:
        return Formula("SUMPRODUCT(([Low]>[@High])*1)", sum(low > highs[option.id] for low in lows.values()))

    columns: list[Column[OptionScore]] = [
        Column("Option", 30, "bold", lambda option: plan.labels[option.id]),
        *(column(figure) for figure in figures for column in (live, rank)),
        Column("Width, high less low", 12, "points", width),
        Column("Options it is ahead of, whatever is unknown", 20, "rank", ahead),
        Column("Options it is behind, whatever is unknown", 20, "rank", behind),
    ]
    page.table(LIVE_TOP, columns, plan.ranked, keep=1, filtered=False)


LEFT = 3
"""Column of the first option on the sheet of fits."""
BLOCKS = ("live", "official", "score", "share", "coverage")


def write_fit(page: SheetWriter, plan: WorkbookPlan) -> None:
    """Write how well every option serves every use case, and what that is made of; use cases in file order, options by id."""
    page.widths([44, 11, 12, *[13] * len(plan.options)])
    height = len(plan.use_cases) + 2
    tops = {name: LIVE_TOP + number * height for number, name in enumerate(BLOCKS)}
    _live_fits(page, plan, tops)
    _block(page, plan, tops["official"], "Official fit", "points", lambda fit: fit.fit, marked=True)
    _emphasised_scores(page, plan, tops["score"])
    _block(page, plan, tops["share"], "Share of needed capabilities", "percent", lambda fit: fit.capabilities)
    what = "Coverage: gates and musts of the use case"
    _block(page, plan, tops["coverage"], what, "cell", lambda fit: COVERAGE_WORDS[fit.coverage])
    last = tops["coverage"] + len(plan.use_cases)
    page.define("coverages", tops["coverage"] + 1, LEFT, last, LEFT + len(plan.options) - 1)
    page.sheet.freeze_panes(LIVE_TOP + 1, 1)
    print_options(page, last, LEFT, len(plan.options), repeat=1)


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
