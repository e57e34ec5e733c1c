"""Own work: what the catalogue asks for, with what became of it."""

from __future__ import annotations

from builders import DONE, build, contents, with_own_work

from evaluator.model.own_work import OwnWorkCount, own_work
from evaluator.model.workspace import Workspace


def workspace() -> Workspace:
    return build(with_own_work(contents(), report=DONE))


def test_what_is_not_recorded_is_open() -> None:
    found = workspace()
    items = own_work(found.catalogue.criteria.values(), found.vendors["v-1"].own_work, "business")
    assert [(item.criterion, item.id, item.state, item.finding) for item in items] == [
        ("c-1", "report", "done", "No exception noted."), ("c-1", "calls", "open", ""),
    ]  # fmt: skip
    for recorded, edition in ((found.vendors["v-1"].own_work, "basic"), (None, "business")):
        states = [item.state for item in own_work(found.catalogue.criteria.values(), recorded, edition)]
        assert states == ["open", "open"]


def test_items_are_counted_by_state() -> None:
    done = with_own_work(contents(), report=DONE, calls={"state": "not-needed"})
    found = build(done)
    items = own_work(found.catalogue.criteria.values(), found.vendors["v-1"].own_work, "business")
    count = OwnWorkCount.of("v-1", items)
    assert (count.total, count.done, count.not_needed, count.open) == (2, 1, 1, 0)


def test_no_digest_moves_where_there_is_none() -> None:
    plain = build(contents())
    assert "own_work" not in plain.vendors["v-1"].model_dump(mode="json", by_alias=True)
    asked = with_own_work(contents())
    del asked["vendors/v-1/own-work.yaml"]
    assert build(asked).digest != workspace().digest
