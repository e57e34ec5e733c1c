"""What an upgrade does with every criterion, worked out from two catalogues and what was ever shipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builders import CATALOGUE, Content, build, contents

from evaluator.model.catalogue import Catalogue
from evaluator.model.closed_review import UpgradeItem, UpgradeWhat
from evaluator.model.wording import content_digest
from evaluator.reviews.catalogue_upgrade import OWN_FIELDS, UpgradePlan, head_field, plan

FIRST, SECOND = "criteria/f-1.yaml", "criteria/f-2.yaml"


def catalogue(content: Content) -> Catalogue:
    return build(content).catalogue


def released(content: Content) -> dict[str, set[str]]:
    """Every text of ``content`` as if it had been shipped."""
    found = catalogue(content)
    texts = {key: {content_digest(criterion)} for key, criterion in found.criteria.items()}
    return texts | {f"head.{name}": {content_digest(head_field(found.head, name))} for name in OWN_FIELDS}


def planned(own: Content, shipped: Content, texts: Mapping[str, set[str]] | None = None) -> UpgradePlan:
    return plan(catalogue(own), catalogue(shipped), released(contents()) if texts is None else texts)


def rows(found: UpgradePlan) -> list[tuple[UpgradeWhat, str, tuple[str, ...]]]:
    return [(item.what, item.id, item.details) for item in found.items]


def changed(key: int, **changes: Any) -> Content:
    """The usual content with changes to the first (0) or second (1) criterion of ``f-1``."""
    content = contents()
    content[FIRST]["criteria"][key] |= changes
    return content


def test_the_same_catalogue_needs_nothing() -> None:
    assert planned(contents(), contents()) == UpgradePlan((), frozenset(), frozenset(), (), ())


def test_a_text_that_was_shipped_is_replaced_by_that_of_today() -> None:
    found = planned(contents(), changed(0, fresh_months=18, note="new", title="Another"))
    assert found.items == (
        UpgradeItem(UpgradeWhat.REPLACED, "c-1", "Another", ("title", "fresh months 12 to 18", "note")),
    )
    assert (found.kept, found.reopened) == (frozenset(), ())


def test_another_meaning_reopens() -> None:
    levels = {level: f"Level {level} of c-3" for level in range(5)} | {3: "Else", 1: "Other"}
    found = planned(contents(), changed(1, levels=levels))
    assert rows(found) == [(UpgradeWhat.REWORDED, "c-3", ("levels 1, 3",))]
    assert found.reopened == ("c-3",)


def test_levels_that_one_of_the_two_does_not_have() -> None:
    levels = {level: f"Level {level} of c-3" for level in range(-1, 4)}
    assert rows(planned(contents(), changed(1, levels=levels)))[0][2] == ("levels -1, 4",)


def test_an_own_text_stays() -> None:
    found = planned(changed(0, note="ours"), changed(0, note="theirs", title="Theirs"))
    assert found.items == (UpgradeItem(UpgradeWhat.KEPT, "c-1", "Theirs", ("title", "note")),)
    assert (found.kept, found.reopened) == (frozenset({"c-1"}), ())
    assert planned(contents(), changed(0, note="theirs"), {}).kept == frozenset({"c-1"})


def test_short_fields_show_both_contents() -> None:
    found = planned(
        changed(0, gates={"internal": 1, "restricted": 2}), changed(0, gates_apply_to="cloud", tier="extended"), {}
    )
    assert rows(found)[0][2] == (
        "tier core to extended", "gates internal 1, restricted 2 to none", "gates apply to any to cloud"
    )  # fmt: skip


def test_a_criterion_that_moved_to_another_family() -> None:
    content = contents()
    moved = content[FIRST]["criteria"].pop(0)
    content[SECOND]["criteria"].append({**moved, "note": "new"})
    found = planned(contents(), content)
    assert rows(found) == [(UpgradeWhat.REPLACED, "c-1", ("note",)), (UpgradeWhat.MOVED, "c-1", ())]
    del content[SECOND]["criteria"][-1]["note"]
    assert rows(planned(contents(), content)) == [(UpgradeWhat.MOVED, "c-1", ())]


def test_added_own_and_retired_criteria() -> None:
    """``c-1`` and ``c-3`` are not shipped any more, one of them with a reason; ``c-5`` is new."""
    content = contents(criteria=6)
    content[FIRST]["criteria"] = content[FIRST]["criteria"][2:]
    content[SECOND]["criteria"].pop()
    content[CATALOGUE]["retired"] = {"c-3": "Asked by c-2."}
    found = planned(contents(), content)
    assert rows(found) == [
        (UpgradeWhat.ADDED, "c-5", ("family f-1",)),
        (UpgradeWhat.OWN, "c-1", ()),
        (UpgradeWhat.RETIRED, "c-3", ("Asked by c-2.",)),
    ]
    assert [item.title for item in found.items] == ["Criterion c-5", "Criterion c-1", "Criterion c-3"]
    assert found.added == ("c-5",)


def test_families_that_are_not_shipped_stay() -> None:
    found = planned(contents(families=3), contents())
    assert rows(found)[0] == (UpgradeWhat.OWN, "f-3", ("family",))
    assert found.items[0].title == "Family f-3"


def test_the_head_is_replaced_or_kept_field_by_field() -> None:
    own = contents()
    own[CATALOGUE]["title"] = "Ours"
    shipped = contents()
    shipped[CATALOGUE] |= {"title": "Theirs", "evidence_rules": ["One."], "version": "2.0.0", "date": "2027-01-01"}
    found = planned(own, shipped)
    assert found.items == (
        UpgradeItem(UpgradeWhat.KEPT, "title", "title"),
        UpgradeItem(UpgradeWhat.HEAD, "evidence_rules", "evidence rules"),
    )
    assert found.kept_fields == frozenset({"title"})
    assert found.kept == frozenset()
