"""What templates are given: text, numbers, dates, tuples, dictionaries, and read-only records of fields.

A template may come from a stranger, so no value that it can reach has a method. :func:`plain` turns what was computed
into such values, a record one field at a time and only when the field is read. What a template may call is a
:class:`Helper`, and a helper takes the value behind a record out again with :func:`opened`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from evaluator.model.catalogue import Criterion
from evaluator.model.cost import Cost
from evaluator.model.evaluated import Cell, EvidenceItem, GateCheck, GateChecks, OptionScore, Stacks
from evaluator.model.scorecard import Answer, Evidence
from evaluator.model.stack_limits import StackConstraints

T = TypeVar("T")

PROPERTIES: Mapping[type, frozenset[str]] = {
    Answer: frozenset({"known"}),
    Cell: frozenset({"differs"}),
    GateChecks: frozenset({"verdict"}),
    Criterion: frozenset({"min_level", "max_level"}),
    Evidence: frozenset({"day"}),
    EvidenceItem: frozenset({"fresh_until", "stale"}),
    GateCheck: frozenset({"still_missing"}),
    StackConstraints: frozenset({"any"}),
    Stacks: frozenset({"chosen"}),
}
"""Computed values that a record has beside its fields."""

METHODS: Mapping[type, Mapping[str, Callable[..., object]]] = {
    Cost: {"expected": Cost.expected},
    OptionScore: {"cell": OptionScore.cell},
}
"""Helpers that belong to a record; each takes plain values."""

MOST_DECIMALS = 15

SCALARS = frozenset({str, int, float, bool, type(None), date})


class ReadOnlyRecord:
    """A read-only view of the fields of one value; it has nothing else."""

    __slots__ = ("_read", "_value")

    def __init__(self, value: object) -> None:
        self._value = value
        self._read: dict[str, object] = {}

    def __str__(self) -> str:
        raise TypeError(f"{self.kind} cannot be printed as a whole; name one of its fields")

    def __repr__(self) -> str:
        return f"<{type(self._value).__name__}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReadOnlyRecord) and other._value is self._value

    __hash__ = None  # type: ignore[assignment]

    @property
    def kind(self) -> str:
        """What the record is, for a message."""
        return f"a record of {type(self._value).__name__}"


class Helper:
    """A function that templates may call, and further values and helpers that belong to it by name."""

    __slots__ = ("function", "parts")

    def __init__(self, function: Callable[..., object], **parts: object) -> None:
        self.function = function
        self.parts = parts


def field(record: ReadOnlyRecord, name: str) -> object:
    """The plain value of a field of ``record``; ``KeyError`` where it has no such field."""
    read = record._read  # noqa: SLF001 - the record is of this module
    if name in read:
        return read[name]
    value = record._value  # noqa: SLF001
    kind: Any = type(value)
    found = _fields(kind)[name]
    read[name] = made = plain(getattr(value, name)) if found is None else Helper(lambda *given: found(value, *given))
    return made


def opened(value: object, kind: type[T]) -> T:
    """The value behind a record, for a helper that works with it; ``TypeError`` where it is not a ``kind``."""
    found = value._value if isinstance(value, ReadOnlyRecord) else None  # noqa: SLF001
    if not isinstance(found, kind):
        raise TypeError(f"a record of {kind.__name__} is needed here")
    return found


def decimals(digits: object) -> int:
    """``digits``, where a template says with how many decimals a number is printed; ``ValueError`` where none is."""
    if not isinstance(digits, int) or not 0 <= digits <= MOST_DECIMALS:
        raise ValueError(f"a number is printed with 0 to {MOST_DECIMALS} decimals")
    return digits


def plain(value: object) -> Any:
    """``value`` without anything that could be called.

    Members of an enumeration become their value, sequences tuples, sets frozen sets, and instances of models and data
    classes records. Any other kind of value is a mistake in the program: ``TypeError``.
    """
    kind = type(value)
    if kind in SCALARS or kind is ReadOnlyRecord or kind is Helper:
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return value if hasattr(value, "__html__") else str(value)  # marked-up text stays marked up
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, BaseModel) or (is_dataclass(value) and not isinstance(value, type)):
        return ReadOnlyRecord(value)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        kept = frozenset if isinstance(value, set | frozenset) else tuple
        return kept(plain(item) for item in value)
    raise TypeError(f"templates are not given values of type {kind.__name__}")


@cache
def _fields(kind: type) -> Mapping[str, Callable[..., object] | None]:
    """The names that records of ``kind`` have; with a function where the name is that of a helper."""
    names = tuple(kind.model_fields) if hasattr(kind, "model_fields") else [item.name for item in fields(kind)]
    readable = [name for name in (*names, *PROPERTIES.get(kind, ())) if not name.startswith("_")]
    return {**dict.fromkeys(readable), **METHODS.get(kind, {})}
