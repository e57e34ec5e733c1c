"""The comparison workbook: official figures as values, and beside them formulas that recompute them."""

from evaluator.reports.workbook.compose import comparison_xlsx

__all__ = ["comparison_xlsx"]
