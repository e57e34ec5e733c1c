"""What differs in the inputs of two reviews that all options share: criteria, weights, policies, use cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluator.change.mixtures import AllMixtureWeights
from evaluator.model.base import Model
from evaluator.model.change import (
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
    """Every criterion that is not the same in both reviews, by id, with the reason that the content gives."""
    before, after = old.catalogue.criteria, new.catalogue.criteria
    found = []
    for key in sorted({*before, *after}):
        what = list(_what(key, old, new))
        if not what:
            continue
        if key not in after:
            note = new.catalogue.head.retired.get(key, "")
        elif key in new.evaluation.out_of_scope and key not in old.evaluation.out_of_scope:
            note = new.evaluation.out_of_scope[key]
        else:
            known = set(before[key].revisions) if key in before else set()
            note = " ".join(revision.note for revision in after[key].revisions if revision not in known)
        found.append(CriterionChange(key, (after.get(key) or before[key]).title, tuple(what), note))
    return tuple(found)


_GATE_PARTS = ("gates", "tag_gates", "gates_apply_to", "starter_gate")


def _what(key: str, old: Workspace, new: Workspace) -> Iterator[CriterionWhat]:
    before, after = old.catalogue.criteria.get(key), new.catalogue.criteria.get(key)
    if before is None or after is None:
        yield CriterionWhat.ADDED if before is None else CriterionWhat.REMOVED
        return
    if old.catalogue.family_of[key] != new.catalogue.family_of[key]:
        yield CriterionWhat.MOVED
    if meaning_changed(before, after):
        yield CriterionWhat.REWORDED
    elif (before.question, before.levels) != (after.question, after.levels):
        yield CriterionWhat.WORDING
    if before.values != after.values:
        yield CriterionWhat.VALUES
    if before.fresh_months != after.fresh_months:
        yield CriterionWhat.FRESHNESS
    if before.levels.keys() == after.levels.keys() and old.catalogue.caps[key] != new.catalogue.caps[key]:
        yield CriterionWhat.CAPS
    if any(getattr(before, part) != getattr(after, part) for part in _GATE_PARTS):
        yield CriterionWhat.GATES
    if (key in old.evaluation.out_of_scope) != (key in new.evaluation.out_of_scope):
        yield CriterionWhat.OUT_OF_SCOPE if key in new.evaluation.out_of_scope else CriterionWhat.IN_SCOPE


def weight_changes(
    mixtures: AllMixtureWeights, old: Mapping[str, float], new: Mapping[str, float]
) -> tuple[WeightChange, ...]:
    """Every normalised weight that differs, largest difference first."""
    rows = [WeightChange(key, old.get(key, 0.0), new.get(key, 0.0)) for key in mixtures.criteria]
    moved = [row for row in rows if abs(row.new - row.old) > SMALLEST]
    return tuple(sorted(moved, key=lambda row: (-round(abs(row.new - row.old), 9), row.criterion)))


def other_changes(old: Workspace, new: Workspace) -> tuple[FieldChange, ...]:
    """Policies, limits, use cases, data classes and options that differ, as text."""
    found = [
        *_fields("policy", old.evaluation.policies, new.evaluation.policies),
        *_fields("stack", old.evaluation.stack, new.evaluation.stack),
    ]
    before, after = old.demand.by_id, new.demand.by_id
    for key in sorted({*before, *after}):
        if key in before and key in after:
            found += _fields(f"use case {key}:", before[key], after[key])
        else:
            found.append(FieldChange(f"use case {key}", *(("", "added") if key in after else ("removed", ""))))
    one, other = (", ".join(workspace.guardrails.class_ids) for workspace in (old, new))
    if one != other:
        found.append(FieldChange("data classes", one, other))
    for key in sorted(old.vendors.keys() & new.vendors.keys()):
        one, other = old.vendors[key].profile.edition, new.vendors[key].profile.edition
        if one != other:
            found.append(FieldChange(f"evaluated edition of {key}", one, other))
    return tuple(found)


def _fields(what: str, before: Model, after: Model) -> Iterator[FieldChange]:
    for name in type(after).model_fields:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield FieldChange(f"{what} {name.replace('_', ' ')}", _text(one), _text(other))


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
            old, new = cell.levels
            if old is not None and new is not None and old != new:
                moves.setdefault(cell.criterion, []).append(1 if new > old else -1)
    return tuple(
        SameWay(criterion, up=found[0] > 0, options=len(found))
        for criterion, found in sorted(moves.items())
        if len(found) >= _FEW and len(found) == len(kept) and len(set(found)) == 1
    )
