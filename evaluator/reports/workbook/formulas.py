"""What the formulas of the live model have in common: names of ranges, the value of a stack, checks against official figures.

Formulas refer to cells by names (``weight``, ``fit_mendix``), which the sheets that hold them define.
"""

from __future__ import annotations

from collections.abc import Sequence

AGREES, AS_OFFICIAL, WHAT_IF, DISAGREES = "agrees", "as official", "what-if", "DOES NOT AGREE"
"""What a check says: whether a live figure equals the official one, and whether it should."""
OFFICIAL_STATE = "The what-if inputs equal the official ones, so every live figure must agree with the official result."
TOLERANCE = "0.000000001"


def named(prefix: str, key: str | int) -> str:
    """Return the name of ``key``'s range: ids hold only lower-case letters, digits, hyphens and one ``@``, so the result is a valid name."""
    return f"{prefix}_{str(key).replace('-', '_').replace('@', '.')}"


def quoted(text: str) -> str:
    """Return ``text`` as a string inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def stack_value(tools: Sequence[str]) -> str:
    """Return the formula for the value of a stack: the mean of the best fit over the use cases, weighted by importance."""
    return f"SUMPRODUCT(use_case_importance,{_best_fit(tools)})/SUM(use_case_importance)"


def _best_fit(tools: Sequence[str]) -> str:
    """The best fit of a stack per use case, from comparisons alone: each term counts where its tool is the first of the best.

    Only arithmetic and comparisons, because not every spreadsheet takes functions of ranges inside SUMPRODUCT.
    """
    fits = [named("fit", tool) for tool in tools]
    terms = []
    for place, fit in enumerate(fits):
        rivals = [
            f"({fit}{'>' if other < place else '>='}{rival})" for other, rival in enumerate(fits) if other != place
        ]
        terms.append("*".join([fit, *rivals]))
    return "+".join(terms)


def equal(live: str, official: str) -> str:
    """Return a condition: two figures agree beyond the noise of floating-point numbers."""
    return f"ABS({live}-{official})<{TOLERANCE}"


def verdict(condition: str, moved: str = f'"{WHAT_IF}"') -> str:
    """Return the formula of a check.

    Args:
        condition: whether live and official figure agree.
        moved: what to say where they differ because an input was changed.
    """
    same = f'IF(changed_inputs=0,"{AGREES}","{AS_OFFICIAL}")'
    other = f'IF(changed_inputs=0,"{DISAGREES}",{moved})'
    return f"IF({condition},{same},{other})"


def adds_up(sum_of: str, total: str) -> str:
    """Return a formula that says whether two figures are equal."""
    return f'IF({equal(sum_of, total)},"yes","NO")'
