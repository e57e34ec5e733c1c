"""What an earlier review answered, and what a vendor is reminded of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import AS_OF, Content, answer, build, card_of, contents, evidence, profile_of, with_editions

from evaluator.forms.earlier_answers import VendorReply, earlier_of, vendor_reply
from evaluator.model.review import Past

THEN = date(2025, 11, 24)
NAMED = "Named by the vendor in the questionnaire."


def past(of: Content | None = None, **knobs: Any) -> Past:
    return Past("2025", THEN, build(of or contents(**{"vendors": 1, "level": 2, **knobs})), ())


# The answers of an assessor


@pytest.mark.parametrize(
    ("then", "asked", "cards"),
    [
        (("desk-a", "desk-b", "agreed"), "desk-a", ["desk-a"]),
        (("desk-a", "desk-b", "agreed"), "desk-c", ["agreed"]),
        (("desk-a", "agreed"), "desk-c", ["agreed", "desk-a"]),
        (("desk-a",), "desk-c", ["desk-a"]),
        (("desk-a", "desk-b"), "desk-c", None),
        (("agreed", "desk-a"), "agreed", ["agreed"]),
        ((), "desk-a", None),
    ],
)
def test_whose_answers_stand_beside(then: tuple[str, ...], asked: str, cards: list[str] | None) -> None:
    found = earlier_of(past(assessors=then), "v-1", "business", asked)
    assert (found and [card.assessor for card in found.cards]) == cards


def test_nothing_stands_beside_what_was_not_there() -> None:
    assert earlier_of(None, "v-1", "business", "desk-a") is None
    assert earlier_of(past(), "v-9", "business", "desk-a") is None


def test_the_first_scorecard_with_an_answer_counts() -> None:
    of = contents(vendors=1, level=2, assessors=("agreed", "desk-a"))
    del of[card_of("v-1", "agreed")]["answers"]["c-2"]
    found = earlier_of(past(of), "v-1", "business", "desk-b")
    assert found is not None
    assert found.review == "2025"
    one, two = found.answer("c-1"), found.answer("c-2")
    assert one is not None
    assert two is not None
    assert (one[0].assessor, two[0].assessor) == ("agreed", "desk-a")
    assert one[1] == one[0].answers["c-1"]
    assert found.answer("c-9") is None


def test_answers_on_the_same_edition_stand_beside() -> None:
    of = contents(vendors=1, assessors=("agreed", "desk-a"))
    for assessor in ("agreed", "desk-a"):
        with_editions(of, "v-1", assessor, "enterprise")
    for asked, edition in (("desk-a", "enterprise"), ("desk-a", "business"), ("desk-b", "enterprise")):
        found = earlier_of(past(of), "v-1", edition, asked)
        assert found is not None
        assert {card.edition for card in found.cards} == {edition}
    assert earlier_of(past(of), "v-1", "gold", "desk-a") is None


def test_a_criterion_that_asks_something_else_is_reworded() -> None:
    found = earlier_of(past(), "v-1", "business", "desk-a")
    assert found is not None
    criterion = build(contents()).catalogue.criteria["c-1"]
    assert not found.reworded(criterion)
    assert found.reworded(criterion.model_copy(update={"question": "Something else?"}))
    assert not found.reworded(criterion.model_copy(update={"id": "c-9", "question": "Something else?"}))


# What a vendor is reminded of


def reminded(
    now: list[dict[str, Any]],
    then: list[dict[str, Any]] | None = None,
    level: int | str = 2,
    homepage: str = "https://www.v-1.example/",
) -> VendorReply | None:
    """What v-1 is told on c-1, with this evidence now and in the previous review."""

    def with_evidence(items: list[dict[str, Any]]) -> Content:
        of = contents(vendors=1, criteria=1)
        of[profile_of("v-1")]["homepage"] = homepage
        of[card_of("v-1")]["answers"]["c-1"] = {**answer(level), "evidence": items}
        return of

    workspace = build(with_evidence(now))
    return vendor_reply(workspace.vendors["v-1"], None if then is None else past(with_evidence(then)), "c-1")


def item(source: str = "x", note: str = "", **changes: Any) -> dict[str, Any]:
    return evidence(source=source, note=note, **changes)


def reply(text: str, day: str = "2026-09-01", **changes: Any) -> dict[str, Any]:
    return item(note=f"Reply of the vendor: {text}", date=day, grade="D", **changes)


def test_the_text_that_is_shown() -> None:
    assert VendorReply(THEN, ()).text == "Has this changed since 2025-11-24?\nNothing from you is on file."
    assert VendorReply(THEN, ("a", "b")).text == "Has this changed since 2025-11-24?\na\nb"


def test_what_nobody_knows_has_to_be_told_in_full() -> None:
    assert reminded([]) is None
    assert reminded([item("https://www.v-1.example/doc")]) is None
    assert reminded([], [], level="unknown") is None


def test_a_known_answer_of_the_previous_review_counts_from_its_date() -> None:
    assert reminded([], []) == VendorReply(THEN, ())
    page = item("https://www.v-1.example/doc", date="2026-10-02")
    assert reminded([page], [], level="unknown") == VendorReply(THEN, ("2026-10-02: https://www.v-1.example/doc",))


def test_a_review_that_did_not_know_the_vendor_reminds_it_of_nothing() -> None:
    of = contents(vendors=1, criteria=1, level=2)
    of[profile_of("v-1")]["homepage"] = "https://v-1.example/"
    of[card_of("v-1")]["answers"]["c-1"]["evidence"] = [item("https://v-1.example/doc")]
    assert vendor_reply(build(of).vendors["v-1"], past(contents(vendors=["v-2"])), "c-1") is None


def test_replies_count_from_the_day_they_came() -> None:
    assert reminded([reply("Yes.")]) == VendorReply(date(2026, 9, 1), ("2026-09-01: Yes.",))
    assert reminded([reply("Yes.", captured="2026-09-05")]) == VendorReply(date(2026, 9, 5), ("2026-09-01: Yes.",))
    changed = item(note="Reply of the vendor (changed since 2025-01-01): No.", date="2026-09-02")
    assert reminded([reply("Yes."), changed]) == VendorReply(date(2026, 9, 2), ("2026-09-02: No.", "2026-09-01: Yes."))
    assert reminded([item("report.pdf", NAMED, date="2026-09-03")]) == VendorReply(
        date(2026, 9, 3), ("2026-09-03: report.pdf",)
    )
    assert reminded([item(note="Our note: Reply of the vendor: x")]) is None


def test_the_same_statement_now_and_then_is_shown_once_and_at_most_four() -> None:
    assert reminded([reply("Yes.")], [reply("Yes.")]) == VendorReply(date(2026, 9, 1), ("2026-09-01: Yes.",))
    many = [reply(f"{n}", f"2026-09-0{n}") for n in range(1, 7)]
    told = reminded(many)
    assert told is not None
    assert told.statements == ("2026-09-06: 6", "2026-09-05: 5", "2026-09-04: 4", "2026-09-03: 3")


def test_statements_of_one_day_keep_their_order() -> None:
    told = reminded([reply("b"), reply("a")])
    assert told is not None
    assert told.statements == ("2026-09-01: b", "2026-09-01: a")


def test_a_long_reply_is_cut() -> None:
    for length, shown in ((800, "x" * 800), (801, "x" * 800 + " …")):
        told = reminded([reply("x" * length)])
        assert told is not None
        assert told.statements == (f"2026-09-01: {shown}",)


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ("https://v-1.example/a", True), ("http://docs.v-1.example", True), (" https://V-1.example/a ", True),
        ("https://www.v-1.example", True), ("https://notv-1.example/a", False), ("ftp://v-1.example/a", False),
        ("https://reviews.example/v-1.example", False), ("v-1.example", False), ("https://[bad", False), ("https:///a", False),
    ],
)  # fmt: skip
def test_pages_of_the_vendor_are_its_own_words(source: str, own: bool) -> None:  # noqa: FBT001
    told = reminded([reply("Yes."), item(source, date="2026-10-01")])
    assert told is not None
    assert len(told.statements) == (2 if own else 1)
    if own:
        assert told.statements[0].startswith("2026-10-01: ")


def test_a_vendor_without_a_homepage_has_no_pages_of_its_own() -> None:
    told = reminded([reply("Yes."), item("https://x.example/"), item("no address")], homepage="unknown")
    assert told is not None
    assert len(told.statements) == 1


def test_our_own_date_of_the_evaluation_is_not_said() -> None:
    told = reminded([reply("Yes.")], [])
    assert told is not None
    assert told.since == date(2026, 9, 1) < AS_OF
