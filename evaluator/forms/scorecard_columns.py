"""The columns of a scorecard form, and where its rows begin."""

from __future__ import annotations

from evaluator.forms.cell_marks import ID_COLUMN, LINE_COLUMN
from evaluator.forms.form_layout import FormColumn, letters

COLUMNS = (
    FormColumn(ID_COLUMN, "", 8, hidden=True),
    FormColumn(LINE_COLUMN, "", 4, hidden=True),
    FormColumn("about", "Criterion", 42),
    FormColumn("step", "Level", 6),
    FormColumn("anchor", "What it takes", 54),
    FormColumn("level", "Answer: level or unknown", 10),
    FormColumn("rationale", "Reason (names the evidence it rests on)", 40),
    FormColumn("missing", "Still to be shown for the next level (one per row)", 30),
    FormColumn("confidence", "Confidence", 11),
    FormColumn("source", "Evidence: source (one item per row)", 34),
    FormColumn("date", "Stands for the date", 11),
    FormColumn("captured", "Captured on", 11),
    FormColumn("grade", "Grade", 7),
    FormColumn("to_do", "Check", 16),
    FormColumn("earlier", "How it stood: last edition, at export", 22),
    FormColumn("confirmed", "Looked at again on (where the answer stands)", 10),
    FormColumn("note", "Note on the evidence", 16),
    FormColumn("capped_from", "Level claimed, if the grade held it down", 10),
    FormColumn("weight", "", 8, hidden=True),
    FormColumn("number", "", 8, hidden=True),
    FormColumn("value", "", 8, hidden=True),
    FormColumn("carry", "", 8, hidden=True),
    FormColumn("low", "", 8, hidden=True),
    FormColumn("high", "", 8, hidden=True),
    FormColumn("answered", "", 8, hidden=True),
    FormColumn("family", "", 8, hidden=True),
)
AT = letters(COLUMNS)
TITLE, FIELDS, TITLES, KEYS, FIRST = 1, 2, 5, 6, 7
"""The rows of the title, the fields, the column titles and the hidden keys, and the first of the criteria."""
CARD_KINDS = ("desk review", "trial", "questionnaire", "moderation")
