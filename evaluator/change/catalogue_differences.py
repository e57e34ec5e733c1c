"""What an upgrade of the catalogue does with every criterion, by ids: taken over, kept, added, and what that means for answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from evaluator.model.catalogue import Catalogue, CatalogueHead, Criterion
from evaluator.model.closed_review import UpgradeItem, UpgradeWhat
from evaluator.model.wording import content_digest, meaning_changed

Released = Mapping[str, Collection[str]]
"""Criterion id, or ``head.<field>`` -> digests of every text of it that was ever shipped."""

OWN_FIELDS = ("title", "status", "scale", "rules", "evidence_grades", "evidence_rules")
"""Fields of the catalogue's head that stay as they are where the organisation changed them."""
_SHOWN = ("fresh_months", "gates", "starter_gate", "tier")
"""Fields of a criterion whose old and new content is short enough to be shown."""


@dataclass(frozen=True, slots=True)
class UpgradePlan:
    """What will happen."""

    items: tuple[UpgradeItem, ...]
    kept: frozenset[str]
    """Criteria that both catalogues have and whose own text stays."""
    kept_fields: frozenset[str]
    """Fields of the head whose own text stays."""
    reopened: tuple[str, ...]
    """Criteria that ask something else than before."""
    added: tuple[str, ...]


def plan(own: Catalogue, shipped: Catalogue, released: Released) -> UpgradePlan:
    """Compare the catalogue of a workspace with the shipped one.

    A criterion whose text was shipped once is replaced by the shipped text of today; one that the organisation
    changed keeps its own. Criteria and families that are not shipped stay.
    """
    items = list(_head(own.head, shipped.head, released))
    kept: set[str] = set()
    reopened: list[str] = []
    for key in dict.fromkeys([*shipped.criteria, *own.criteria]):
        before, after = own.criteria.get(key), shipped.criteria.get(key)
        if before and after:
            found = _both(before, after, moved=own.family_of[key] != shipped.family_of[key], released=released)
            kept |= {key for item in found if item.what is UpgradeWhat.KEPT}
            reopened += [key for item in found if item.what is UpgradeWhat.REWORDED]
            items += found
        elif after:
            items.append(UpgradeItem(UpgradeWhat.ADDED, key, after.title, (f"family {shipped.family_of[key]}",)))
        elif before:
            reason = shipped.head.retired.get(key)
            what = UpgradeWhat.RETIRED if reason else UpgradeWhat.OWN
            items.append(UpgradeItem(what, key, before.title, (reason,) if reason else ()))
    return UpgradePlan(
        tuple(items),
        frozenset(kept),
        frozenset(item.id for item in items if item.what is UpgradeWhat.KEPT and item.id in OWN_FIELDS),
        tuple(reopened),
        tuple(key for key in shipped.criteria if key not in own.criteria),
    )


def _both(before: Criterion, after: Criterion, *, moved: bool, released: Released) -> list[UpgradeItem]:
    found = []
    details = tuple(_differences(before, after))
    if details:
        if content_digest(before) not in released.get(before.id, ()):
            what = UpgradeWhat.KEPT
        else:
            what = UpgradeWhat.REWORDED if meaning_changed(before, after) else UpgradeWhat.REPLACED
        found.append(UpgradeItem(what, before.id, after.title, details))
    if moved:
        found.append(UpgradeItem(UpgradeWhat.MOVED, before.id, after.title))
    return found


def _differences(before: Criterion, after: Criterion) -> Iterator[str]:
    """The fields that differ, in words."""
    for name in Criterion.model_fields:
        one, other = getattr(before, name), getattr(after, name)
        if one == other:
            continue
        if name == "levels":
            changed = [str(level) for level in sorted({*one, *other}) if one.get(level) != other.get(level)]
            yield f"levels {', '.join(changed)}"
        elif name in _SHOWN:
            yield f"{name.replace('_', ' ')} {_short(one)} to {_short(other)}"
        else:
            yield name.replace("_", " ")


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in value.items()) or "none"
    return str(value)


def _head(own: CatalogueHead, shipped: CatalogueHead, released: Released) -> Iterator[UpgradeItem]:
    known = {family.id for family in shipped.families}
    for family in own.families:
        if family.id not in known:
            yield UpgradeItem(UpgradeWhat.OWN, family.id, family.title, ("family",))
    for name in OWN_FIELDS:
        one, other = getattr(own, name), getattr(shipped, name)
        if one != other:
            is_own = content_digest(head_field(own, name)) not in released.get(f"head.{name}", ())
            yield UpgradeItem(UpgradeWhat.KEPT if is_own else UpgradeWhat.HEAD, name, name.replace("_", " "))


def head_field(head: CatalogueHead, name: str) -> object:
    """One field of the head as plain data."""
    return head.model_dump(mode="json", include={name})[name]
