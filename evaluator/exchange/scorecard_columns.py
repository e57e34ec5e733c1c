"""The columns of a scorecard form, and where its rows begin."""

from __future__ import annotations

from evaluator.exchange.drawing import Column, letters
from evaluator.exchange.identity import ID_COLUMN, LINE_COLUMN

COLUMNS = (
    Column(ID_COLUMN, "", 8, hidden=True),
    Column(LINE_COLUMN, "", 4, hidden=True),
    Column("about", "Criterion", 42),
    Column("step", "Level", 6),
    Column("anchor", "What it takes", 54),
    Column("level", "Answer: level or unknown", 10),
    Column("rationale", "Reason (names the evidence it rests on)", 40),
    Column("missing", "Still to be shown for the next level (one per row)", 30),
    Column("confidence", "Confidence", 11),
    Column("source", "Evidence: source (one item per row)", 34),
    Column("date", "Stands for the date", 11),
    Column("captured", "Captured on", 11),
    Column("grade", "Grade", 7),
    Column("to_do", "Check", 16),
    Column("earlier", "How it stood: last edition, at export", 22),
    Column("confirmed", "Looked at again on (where the answer stands)", 10),
    Column("note", "Note on the evidence", 16),
    Column("capped_from", "Level claimed, if the grade held it down", 10),
    Column("weight", "", 8, hidden=True),
    Column("number", "", 8, hidden=True),
    Column("value", "", 8, hidden=True),
    Column("carry", "", 8, hidden=True),
    Column("low", "", 8, hidden=True),
    Column("high", "", 8, hidden=True),
    Column("answered", "", 8, hidden=True),
    Column("family", "", 8, hidden=True),
)
AT = letters(COLUMNS)
TITLE, FIELDS, TITLES, KEYS, FIRST = 1, 2, 5, 6, 7
"""The rows of the title, the fields, the column titles and the hidden keys, and the first of the criteria."""
CARD_KINDS = ("desk review", "trial", "questionnaire", "moderation")
