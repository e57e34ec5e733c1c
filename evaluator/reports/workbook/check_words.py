"""The words of every check: whether a live figure equals the official one, and whether it should."""

from __future__ import annotations

from evaluator.reports.workbook import names

AGREES, AS_OFFICIAL, WHAT_IF, DISAGREES = "agrees", "as official", "what-if", "DOES NOT AGREE"
TOLERANCE = "0.000000001"


def equal(live: str, official: str) -> str:
    """A condition: two figures agree beyond the noise of floating-point numbers."""
    return f"ABS({live}-{official})<{TOLERANCE}"


def verdict(condition: str, moved: str = f'"{WHAT_IF}"') -> str:
    """A formula for the check: ``condition`` says that live and official agree, ``moved`` what to say where an input moved them apart."""
    same = f'IF({names.CHANGED}=0,"{AGREES}","{AS_OFFICIAL}")'
    other = f'IF({names.CHANGED}=0,"{DISAGREES}",{moved})'
    return f"IF({condition},{same},{other})"
