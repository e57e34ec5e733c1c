"""Long lists of problems, kept short enough to read: the first of each kind in a file, and how many more there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from evaluator.errors import Problem

MOST = 100
"""How many problems of one kind in one file are listed one by one."""


def folded(problems: Iterable[Problem], most: Mapping[str, int] | None = None) -> list[Problem]:
    """``problems`` in their order, of each kind in a file only the first; the last of them says how many follow.

    Args:
        problems: what was found; those of one file need not stand together.
        most: code -> how many are listed, where that is not :data:`MOST`.
    """
    kept: list[Problem] = []
    last: dict[tuple[str, str], int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        kind = problem.file, problem.code
        seen[kind] += 1
        if seen[kind] <= (most or {}).get(problem.code, MOST):
            last[kind] = len(kept)
            kept.append(problem)
    for kind, place in last.items():
        more = seen[kind] - (most or {}).get(kind[1], MOST)
        if more > 0:
            message = f"{kept[place].message}; {more:,} more of this kind in this file are not listed"
            kept[place] = replace(kept[place], message=message)
    return kept
