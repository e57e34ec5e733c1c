"""Recorded figures against figures computed again: which differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from evaluator.model.closed_review import FigureChange
from evaluator.model.renamed_keys import present_key, present_word

TOLERANCE = 1e-9
"""Figures closer than this are the same: another processor may round the last digit differently."""
NOT_FIGURES = frozenset({"digest", "version", "workspace", "review", "changes"})
"""Parts of a result that are inputs, or computed from more than one review."""
_CHECKS = "final"
"""The checks of a final paper go by their id: one that a later version adds is no difference."""
_KEYS = ("id", "option", "criterion", "use_case")


def figure_changes(recorded: Mapping[str, Any], computed: Mapping[str, Any]) -> tuple[FigureChange, ...]:
    """Every figure of the recorded result that this version of the tool computes differently or no longer has.

    Both as plain JSON data. What only this version computes is no difference, and neither is an old name of a key or word.
    """
    return tuple(_walk("", recorded, computed, NOT_FIGURES))


def _walk(path: str, then: Any, now: Any, skipped: Collection[str] = ()) -> Iterator[FigureChange]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key, value in then.items():
            if key not in skipped:
                found = now.get(present_key(key, now))
                recorded = value if value == found else present_word(key, value)
                yield from _walk(f"{path}.{key}" if path else key, recorded, found)
    elif path == _CHECKS and _is_list(then) and _is_list(now):
        known = {_name(item, place): item for place, item in enumerate(now)}
        for place, item in enumerate(then):
            yield from _walk(f"{path}[{_name(item, place)}]", item, known.get(_name(item, place)))
    elif _is_list(then) and _is_list(now):
        for place in range(max(len(then), len(now))):
            one, other = (side[place] if place < len(side) else None for side in (then, now))
            yield from _walk(f"{path}[{_name(one or other, place)}]", one, other)
    elif not _same(then, now):
        yield FigureChange(path, then, now)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _name(item: Any, place: int) -> str:
    if isinstance(item, Mapping):
        for key in _KEYS:
            if isinstance(item.get(key), str):
                return str(item[key])
    return str(place)


def _same(then: Any, now: Any) -> bool:
    if isinstance(then, bool) or isinstance(now, bool):
        return then is now
    if isinstance(then, int | float) and isinstance(now, int | float):
        return abs(then - now) <= TOLERANCE
    return bool(then == now)
