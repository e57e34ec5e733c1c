"""Writing the comparison workbook, against the same cells written by the library with no thought.

The floor writes every value and formula of the finished workbook to sheets of the same names through ``worksheet.write`` alone: no
formats, widths, names, charts or cleaning of text.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import content
from harness import in_own_process, table

AS_OF = date(2026, 11, 24)
SIZES = ((12, 48), (60, 200), (300, 300))
Cells = dict[str, list[tuple[int, int, Any]]]


def result_of(vendors: int, criteria: int) -> Any:
    """The result of an evaluation of that size."""
    from evaluator.evaluation.evaluate import evaluate

    return evaluate(content.workspace(vendors, criteria), AS_OF, version="bench")


def ours(vendors: int, criteria: int) -> tuple[float, int]:
    """Seconds that the workbook takes, and its bytes."""
    from evaluator.reports.workbook import comparison_xlsx

    result = result_of(vendors, criteria)
    gc.collect()
    start = time.perf_counter()
    made = comparison_xlsx(result)
    return time.perf_counter() - start, len(made)


def recorded(vendors: int, criteria: int) -> Cells:
    """Every cell that the workbook writes, by sheet."""
    from xlsxwriter.worksheet import Worksheet

    from evaluator.reports.workbook import comparison_xlsx

    cells: Cells = {}

    def spy(name: str) -> Callable[..., Any]:
        original = getattr(Worksheet, name)

        def write(page: Any, row: int, column: int, value: Any, *rest: Any) -> Any:
            if value is not None:
                cells.setdefault(page.get_name(), []).append((row, column, value))
            return original(page, row, column, value, *rest)

        return write

    names = ("write_string", "write_number", "write_formula", "write_datetime")
    kept = {name: getattr(Worksheet, name) for name in names}
    for name in names:
        setattr(Worksheet, name, spy(name))
    try:
        comparison_xlsx(result_of(vendors, criteria))
    finally:
        for name, original in kept.items():
            setattr(Worksheet, name, original)
    return cells


def floor(vendors: int, criteria: int) -> tuple[float, int, int]:
    """Seconds that the library takes for the same cells, how many they are, and how many of them formulas."""
    import xlsxwriter

    cells = recorded(vendors, criteria)
    gc.collect()
    start = time.perf_counter()
    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, found in cells.items():
        page = book.add_worksheet(name)
        for row, column, value in found:
            page.write(row, column, value)
    book.close()
    taken = time.perf_counter() - start
    values = [value for found in cells.values() for _, _, value in found]
    return taken, len(values), sum(isinstance(value, str) and value.startswith("=") for value in values)


def main() -> None:
    """Print the table."""
    rows = []
    for vendors, criteria in SIZES:
        repeats = 5 if vendors * criteria < 1000 else 3 if vendors * criteria < 20_000 else 1
        runs = [in_own_process(ours, vendors, criteria) for _ in range(repeats)]
        floors = [in_own_process(floor, vendors, criteria)[3] for _ in range(repeats)]
        taken, size = min(value for _, _, _, value in runs)
        least, cells, formulas = min(floors)
        peak, before = max(run[2] for run in runs), min(run[1] for run in runs)
        rows.append(
            (
                f"{vendors} x {criteria}",
                f"{cells:,}",
                f"{formulas:,}",
                f"{taken:.2f}",
                f"{least:.2f}",
                f"{taken / least:.2f}",
                f"{size / 1e6:.1f}",
                f"{peak - before:.0f}",
            )
        )
    heads = (
        "vendors x criteria",
        "cells",
        "formulas",
        "s",
        "s, library alone",
        "ratio",
        "MB of file",
        "MB of memory over start",
    )
    table("The comparison workbook", heads, rows)


if __name__ == "__main__":
    main()
