"""What differs in the inputs of two reviews that all options share: criteria, weights, policies, use cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluator.change.mixtures import AllMixtureWeights
from evaluator.model.base import Model
from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.change import (
    CellChange,
    CriterionChange,
    CriterionWhat,
    FieldChange,
    OptionChange,
    SameWay,
    WeightChange,
)
from evaluator.model.wording import meaning_changed
from evaluator.model.workspace import Workspace

SMALLEST = 1e-12
"""Smaller differences of a weight are rounding."""
_FEW = 3
"""From so many options on, all moving the same way says something."""


def criterion_changes(old: Workspace, new: Workspace) -> tuple[CriterionChange, ...]:
    """Every criterion that is not the same in both reviews, by id."""
    before, after = old.catalogue.criteria, new.catalogue.criteria
    found = []
    for key in sorted({*before, *after}):
        what = list(_what(key, old, new))
        if what:
            criterion = after.get(key) or before[key]
            note = _note(before.get(key), after.get(key), key, old, new)
            found.append(CriterionChange(key, criterion.title, tuple(what), note))
    return tuple(found)


def _what(key: str, old: Workspace, new: Workspace) -> Iterator[CriterionWhat]:
    before, after = old.catalogue.criteria.get(key), new.catalogue.criteria.get(key)
    if before is None or after is None:
        yield CriterionWhat.ADDED if before is None else CriterionWhat.REMOVED
        return
    if old.catalogue.family_of[key] != new.catalogue.family_of[key]:
        yield CriterionWhat.MOVED
    yield from rubric_changes(before, after, old.catalogue, new.catalogue)
    if (key in old.evaluation.out_of_scope) != (key in new.evaluation.out_of_scope):
        yield CriterionWhat.OUT_OF_SCOPE if key in new.evaluation.out_of_scope else CriterionWhat.IN_SCOPE


def rubric_changes(before: Criterion, after: Criterion, old: Catalogue, new: Catalogue) -> Iterator[CriterionWhat]:
    """What differs in the rubric of a criterion that both catalogues have."""
    if meaning_changed(before, after):
        yield CriterionWhat.REWORDED
    elif (before.question, before.levels) != (after.question, after.levels):
        yield CriterionWhat.WORDING
    if before.values != after.values:
        yield CriterionWhat.VALUES
    if before.fresh_months != after.fresh_months:
        yield CriterionWhat.FRESHNESS
    if before.levels.keys() == after.levels.keys() and old.caps[before.id] != new.caps[after.id]:
        yield CriterionWhat.CAPS
    if (before.gates, before.starter_gate) != (after.gates, after.starter_gate):
        yield CriterionWhat.GATES


def _note(before: Criterion | None, after: Criterion | None, key: str, old: Workspace, new: Workspace) -> str:
    """The reason that the content gives."""
    if after is None:
        return new.catalogue.head.retired.get(key, "")
    if (key in new.evaluation.out_of_scope) and key not in old.evaluation.out_of_scope:
        return new.evaluation.out_of_scope[key]
    known = set(before.revisions) if before else set()
    return " ".join(revision.note for revision in after.revisions if revision not in known)


def weight_changes(
    mixtures: AllMixtureWeights, old: Mapping[str, float], new: Mapping[str, float]
) -> tuple[WeightChange, ...]:
    """Every normalised weight that differs, largest difference first."""
    rows = [WeightChange(key, old.get(key, 0.0), new.get(key, 0.0)) for key in mixtures.criteria]
    moved = [row for row in rows if abs(row.new - row.old) > SMALLEST]
    return tuple(sorted(moved, key=lambda row: (-round(abs(row.new - row.old), 9), row.criterion)))


def other_changes(old: Workspace, new: Workspace) -> tuple[FieldChange, ...]:
    """Policies, limits, use cases, data classes and options that differ, as text."""
    found: list[FieldChange] = []
    for what, before, after in (
        ("policy", old.evaluation.policies, new.evaluation.policies),
        ("stack", old.evaluation.stack, new.evaluation.stack),
    ):
        found += _fields(what, before, after)
    found += _keyed("use case", old.demand.by_id, new.demand.by_id)
    classes = ", ".join(old.guardrails.class_ids), ", ".join(new.guardrails.class_ids)
    if classes[0] != classes[1]:
        found.append(FieldChange("data classes", *classes))
    found += [
        FieldChange(f"evaluated edition of {key}", before, after)
        for key, before, after in _editions(old, new)
        if before != after
    ]
    return tuple(found)


def _editions(old: Workspace, new: Workspace) -> Iterator[tuple[str, str, str]]:
    for key in sorted(old.vendors.keys() & new.vendors.keys()):
        yield key, old.vendors[key].profile.edition, new.vendors[key].profile.edition


def _fields(what: str, before: Model, after: Model) -> Iterator[FieldChange]:
    for name in type(after).model_fields:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield FieldChange(f"{what} {name.replace('_', ' ')}", _text(one), _text(other))


def _keyed(what: str, before: Mapping[str, Model], after: Mapping[str, Model]) -> Iterator[FieldChange]:
    for key in sorted({*before, *after}):
        if key not in before:
            yield FieldChange(f"{what} {key}", "", "added")
        elif key not in after:
            yield FieldChange(f"{what} {key}", "removed", "")
        else:
            yield from _fields(f"{what} {key}:", before[key], after[key])


def _text(value: Any) -> str:
    if isinstance(value, Model):
        return ", ".join(f"{name.replace('_', ' ')} {_text(getattr(value, name))}" for name in type(value).model_fields)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(_text(item) for item in value)
    return "none" if value is None else str(value)


def same_way(options: Sequence[OptionChange]) -> tuple[SameWay, ...]:
    """Criteria on which every option that has a level in both reviews moved up, or every one down; three options at least."""
    moves: dict[str, list[int]] = {}
    kept = [option for option in options if option.status == "kept"]
    for option in kept:
        for cell in option.cells:
            direction = _direction(cell)
            if direction:
                moves.setdefault(cell.criterion, []).append(direction)
    return tuple(
        SameWay(criterion, up=found[0] > 0, options=len(found))
        for criterion, found in sorted(moves.items())
        if len(found) >= _FEW and len(found) == len(kept) and len(set(found)) == 1
    )


def _direction(cell: CellChange) -> int:
    old, new = cell.levels
    if old is None or new is None:
        return 0
    return (new > old) - (new < old)
