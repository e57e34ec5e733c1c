"""Bringing a workspace to the shipped catalogue, with its own criteria, weights and answers kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluator.errors import EvaluatorError, has_errors, quoted
from evaluator.model.catalogue import Catalogue, CatalogueHead, Criterion
from evaluator.model.closed_review import Upgrade, UpgradeItem, UpgradeWhat
from evaluator.model.demand import DataTag, Guardrails
from evaluator.model.file_names import EVALUATION, GUARDRAILS, REVIEW_LOG, USE_CASES, WEIGHTS
from evaluator.model.review import CATALOGUE_TRIGGER
from evaluator.model.wording import content_digest, meaning_changed
from evaluator.reviews import review_files
from evaluator.workspace import containment
from evaluator.workspace.catalogue_texts import Kept, released, upgraded_texts, weights_with
from evaluator.workspace.disk import sha256
from evaluator.workspace.load import Loaded
from evaluator.workspace.transaction import transaction
from evaluator.workspace.yaml_editor import YamlEditor

Released = Mapping[str, Collection[str]]
"""Criterion id, or ``head.<field>`` -> digests of every text of it that was ever shipped."""

OWN_FIELDS = ("title", "status", "scale", "rules", "evidence_grades", "evidence_rules")
"""Fields of the catalogue's head that stay as they are where the organisation changed them."""
_SHOWN = ("fresh_months", "gates", "tag_gates", "gates_apply_to", "tier")
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
    return "any" if value is None else str(value)


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


_OTHERS = (WEIGHTS, USE_CASES, GUARDRAILS)
_BY = "catalogue upgrade"


def upgrade(own: Loaded, shipped: Loaded, on: date, *, dry_run: bool) -> Upgrade:
    """Bring the catalogue of ``own`` to that of ``shipped``; both were loaded without errors.

    New criteria get weight 0, so no score moves until somebody weighs them. Data tags that new gates are for and the policy lacks
    are added to it. Where the shipped catalogue has no starter set of gates any more, a workspace that had only that set on gets
    all of them on. Criteria that ask something else are logged as a trigger on ``on``, which makes their answers due. All files
    change together.

    Raises:
        EvaluatorError: the workspace follows another catalogue, or a file cannot be edited safely.
    """
    if own.workspace is None or shipped.workspace is None or has_errors(own.problems):
        raise EvaluatorError("The workspace has errors. Run `evaluator check`, fix them and try again.")
    mine, theirs = own.workspace.catalogue, shipped.workspace.catalogue
    if mine.head.id != theirs.head.id:
        raise EvaluatorError(
            f"The workspace follows the catalogue {mine.head.id}, which is not a version of the shipped {theirs.head.id}."
        )
    found = plan(mine, theirs, released(shipped.root))
    texts = upgraded_texts(
        _texts(own), _texts(shipped), own.layout.families, (mine, theirs), Kept(found.kept, found.kept_fields)
    )
    weights = _weights(own, found, [family.id for family in theirs.head.families], theirs.head.version)
    policy = _policy(own, shipped, found)
    evaluation = _all_gates(own, theirs)
    others = {WEIGHTS: weights, GUARDRAILS: policy, EVALUATION: evaluation}
    files = {**{name: text for name, text in others.items() if text}, **texts}
    items = (*found.items, *([UpgradeItem(UpgradeWhat.GATES, "policies.gates", "all")] if evaluation else []))
    entry = _entry(own, found, on, theirs.head.version)
    with transaction(own.root, dry_run=dry_run) as change:
        change.expect({name: digest for name, digest in own.digests.items() if name.startswith("criteria/")})
        if entry:
            review_files.append_log(change, "triggers", entry)
        for name, text in files.items():
            if text is None:
                change.remove(name)
            else:
                change.write(name, text)
    changed = sorted([*files, *([REVIEW_LOG] if entry else [])])
    return Upgrade(mine.head.version, theirs.head.version, items, tuple(changed), done=not dry_run)


def _texts(loaded: Loaded) -> dict[str, bytes]:
    """The texts of the catalogue's files, as they were loaded."""
    entries = containment.folder(loaded.root, "criteria")
    names = [f"criteria/{entry.name}" for entry in entries if not entry.is_hidden] if isinstance(entries, tuple) else []
    found = {name: _text(loaded, name) for name in names if name.endswith(".yaml") and name not in _OTHERS}
    return {name: data for name, data in found.items() if data is not None}


def _text(loaded: Loaded, name: str) -> bytes | None:
    data = containment.read(loaded.root, name)
    if not isinstance(data, bytes):
        return None
    if sha256(data) != loaded.digests.get(name, sha256(data)):
        raise EvaluatorError(f"{quoted(name)} was changed in the meantime; nothing was written. Try again.")
    return data


def _weights(own: Loaded, found: UpgradePlan, families: list[str], version: str) -> bytes | None:
    """The new text of the weights; None where nothing is new."""
    if own.workspace is None:
        return None
    weights = own.workspace.weights
    new_families = [family for family in families if family not in weights.families]
    new_criteria = [criterion for criterion in found.added if criterion not in weights.criteria]
    data = _text(own, WEIGHTS)
    if not (new_families or new_criteria) or data is None:
        return None
    return weights_with(data, new_families, new_criteria, version)


def _policy(own: Loaded, shipped: Loaded, found: UpgradePlan) -> bytes | None:
    """The new text of the policy, with the shipped data tags that new gates are for; None where it knows them all."""
    data = _text(own, GUARDRAILS)
    if own.workspace is None or shipped.workspace is None or data is None:
        return None
    known, criteria = own.workspace.guardrails.tag_ids, shipped.workspace.catalogue.criteria
    named = {tag for key, criterion in criteria.items() if key not in found.kept for tag in criterion.tag_gates}
    tags = [tag for tag in shipped.workspace.guardrails.data_tags if tag.id in named - {*known}]
    editor = YamlEditor(data, GUARDRAILS)
    for tag in tags:
        editor.add(
            ("data_tags",), _fitted(tag, own.workspace.guardrails).model_dump(mode="json", exclude_defaults=True)
        )
    return editor.text() if tags else None


def _fitted(tag: DataTag, guardrails: Guardrails) -> DataTag:
    """``tag`` with the strictest data class and without an outcome where the organisation does not have those of the tag."""
    classes = guardrails.class_ids
    fitted = {
        "min_class": tag.min_class if tag.min_class in classes else classes[-1],
        "outcome": tag.outcome if tag.outcome in guardrails.outcomes else None,
    }
    return tag.model_copy(update=fitted)


def _all_gates(own: Loaded, shipped: Catalogue) -> bytes | None:
    """The new text of the evaluation with all gates on; None where more than the starter set is on or there still is one."""
    data = _text(own, EVALUATION)
    criteria = shipped.criteria.values()
    if own.workspace is None or data is None or own.workspace.evaluation.policies.gates != "starter":
        return None
    if not any(item.gated for item in criteria) or any(item.starter_gate for item in criteria):
        return None
    editor = YamlEditor(data, EVALUATION)
    if "policies" in editor.value:
        editor.set(("policies", "gates"), "all")
    else:
        editor.set(("policies",), {"gates": "all"})
    return editor.text()


def _entry(own: Loaded, found: UpgradePlan, on: date, version: str) -> Mapping[str, Any] | None:
    """The trigger to be logged; None where no criterion asks something else, or where it is logged already."""
    if not found.reopened:
        return None
    note = f"catalogue {version} asks something else"
    log = review_files.read_log(own.root)
    if any(event.note == note and event.reopens == found.reopened for event in log.triggers):
        return None
    return {"trigger": CATALOGUE_TRIGGER, "date": on, "by": _BY, "note": note, "reopens": list(found.reopened)}
