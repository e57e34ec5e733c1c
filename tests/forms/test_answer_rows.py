"""An answer as the cells of a form hold it, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import answer, evidence, freeze, scorecard
from hypothesis import given
from hypothesis import strategies as st

from evaluator.forms.answer_rows import (
    BLANK,
    MAX_CELL,
    AnswerRow,
    Item,
    ScorecardHeader,
    answer_of,
    digest,
    header_of,
    item_of,
    item_without_kind,
    level_in_words,
    row_of,
    shown,
)
from evaluator.model.scorecard import Answer, Evidence, Scorecard

DAY = date(2026, 11, 20)
CUT = " … [the rest is kept in the scorecard's file]"


def given_answer(level: int | str = 2, **changes: Any) -> Answer:
    return Answer.model_validate(freeze(answer(level, **changes)))


def test_the_cells_of_an_answer() -> None:
    full = given_answer(
        3, rationale=" Seen.\r\n", missing=["a\x00"], capped_from=4, confidence="high",
        evidence=[evidence(captured="2026-10-02", note="page 3")],
    )  # fmt: skip
    assert row_of(full) == AnswerRow(
        level=3, rationale="Seen.", missing=("a",), confidence="high", capped_from=4,
        evidence=(Item("https://vendor.example/doc", date(2026, 10, 1), date(2026, 10, 2), "C", "page 3", "document"),),
    )  # fmt: skip
    assert row_of(None) == BLANK == AnswerRow()


def test_a_text_is_shown_as_far_as_a_cell_goes() -> None:
    assert shown("x" * MAX_CELL) == "x" * 32_000
    assert shown("x" * (MAX_CELL + 1)) == "x" * 32_000 + CUT
    assert shown("x" * 31_999 + " y") == "x" * 31_999 + CUT
    assert len(shown("x" * 99_999)) < 32_767


def test_the_head_of_a_scorecard() -> None:
    card = Scorecard.model_validate(freeze(scorecard("v-1", "desk-a", {}, kind="trial", notice=" By two.\n")))
    assert header_of(card) == ScorecardHeader("trial", "By two.")
    assert header_of(None) == ScorecardHeader("", "")


@pytest.mark.parametrize(
    "other",
    [
        AnswerRow(3), AnswerRow(2, "b"), AnswerRow(2, "a", ("n",)), AnswerRow(2, "a", ("m", "")), AnswerRow(2, "a", ("m",), "low"),
        AnswerRow(2, "a", ("m",), "high", 4), AnswerRow(2, "a", ("m",), "high", 3, (Item("s"),)), AnswerRow(), AnswerRow("unknown"),
    ],
)  # fmt: skip
def test_rows_that_differ_have_other_fingerprints(other: AnswerRow) -> None:
    row = AnswerRow(2, "a", ("m",), "high", 3)
    assert row.digest == AnswerRow(2, "a", ("m",), "high", 3).digest
    assert row.digest != other.digest


@pytest.mark.parametrize("key", ["source", "date", "captured", "grade", "note", "kind", "valid_until"])
def test_every_cell_of_evidence_is_in_the_fingerprint(key: str) -> None:
    item: dict[str, Any] = {
        "source": "s",
        "date": DAY,
        "captured": DAY,
        "grade": "A",
        "note": "n",
        "kind": "page",
        "valid_until": DAY,
    }
    other = {**item, key: date(2026, 1, 1) if key in {"date", "captured", "valid_until"} else "x"}
    assert AnswerRow(evidence=(Item(**item),)).digest != AnswerRow(evidence=(Item(**other),)).digest


def test_fingerprints_are_short_and_always_the_same() -> None:
    # The beginning of: printf '["a",2,"2026-11-20"]' | sha256sum
    assert digest(["a", 2, DAY]) == "7888b5faefb48d8db499"
    assert ScorecardHeader("a", "b").digest != ScorecardHeader("a", "c").digest
    assert ScorecardHeader("a", "b").digest != ScorecardHeader("b", "b").digest
    assert digest("\ud800") == digest("\ud800")
    # The beginning of: printf '"ä"' | sha256sum
    assert digest("ä") == "1e5f2b0a7756f4b45eed"


# And back


def test_a_new_answer_from_its_cells() -> None:
    row = AnswerRow(3, "Seen.", ("a",), "high", 4, (Item("s", DAY, None, "B", "n"),))
    assert answer_of(row, None, DAY) == Answer(
        level=3, rationale="Seen.", missing=("a",), capped_from=4, confidence="high", date=DAY,
        evidence=(Evidence(source="s", date=DAY, captured=None, grade="B", note="n"),),
    )  # fmt: skip
    bare = answer_of(AnswerRow(rationale="r"), None, None)
    assert (bare.level, bare.confidence, bare.rationale, bare.date) == ("unknown", "low", "r", None)
    assert answer_of(AnswerRow(0, "r"), None, None).level == 0


def test_what_a_cell_could_not_hold_stays_as_it_was() -> None:
    long = "x" * 39_000
    before = given_answer(2, rationale=long, missing=[f"{long} m", "short"], evidence=[evidence(source=long)])
    row = row_of(before)
    assert answer_of(row, before, None) == before
    other = answer_of(
        AnswerRow(3, "New.", ("short", row.missing[0]), "low", None, (Item("b", DAY, None, "C"), row.evidence[0])),
        before,
        DAY,
    )
    assert other.rationale == "New."
    assert other.missing == ("short", f"{long} m")
    assert [item.source for item in other.evidence] == ["b", long]
    assert row_of(answer_of(row, None, None)).rationale == shown(long)


def test_evidence_keeps_what_the_form_does_not_show() -> None:
    before = given_answer(2, evidence=[evidence(note=" spaced  note ")])
    assert answer_of(row_of(before), before, None).evidence == before.evidence
    assert item_of(before.evidence[0]).note == "spaced  note"


texts = st.text("ab_é\n\t ", max_size=12).map("x".__add__)


@given(st.sampled_from([0, 3, "unknown"]), texts, st.lists(texts, max_size=3), st.lists(texts, max_size=2))
def test_a_row_becomes_an_answer_with_the_same_row(
    level: Any, reason: str, missing: list[str], sources: list[str]
) -> None:
    items = tuple(Item(shown(source), DAY, None, "C", "") for source in sources)
    row = AnswerRow(level, shown(reason), tuple(map(shown, missing)), "medium", None, items)
    assert row_of(answer_of(row, None, None)) == row


CERTIFICATE = evidence(kind="certificate", valid_until="2027-06-30")


def test_untouched_evidence_keeps_its_kind_and_the_kind_is_in_the_fingerprint() -> None:
    before = given_answer(2, evidence=[CERTIFICATE, evidence(kind="trial")])
    row = row_of(before)
    assert [(item.kind, item.valid_until) for item in row.evidence] == [
        ("certificate", date(2027, 6, 30)),
        ("trial", None),
    ]
    changed = replace(row, evidence=(row.evidence[0], replace(row.evidence[1], kind="page")))
    assert changed.digest != row.digest
    after = answer_of(changed, before, None)
    assert after.evidence == (before.evidence[0], before.evidence[1].model_copy(update={"kind": "page"}))
    emptied = replace(row, evidence=(replace(row.evidence[0], kind="", valid_until=None),))
    assert answer_of(emptied, before, None).evidence[0].kind is None


def test_a_form_without_kinds_keeps_those_of_the_scorecard() -> None:
    plain = given_answer(2, evidence=[{**CERTIFICATE, "kind": None, "valid_until": None}])
    before = given_answer(2, evidence=[CERTIFICATE])
    row = row_of(before, item_without_kind)
    assert row == row_of(plain)
    assert row.digest == row_of(plain).digest  # as it was before evidence had a kind
    assert answer_of(replace(row, rationale="New."), before, None, item_without_kind).evidence == before.evidence
    regraded = replace(row, evidence=(replace(row.evidence[0], grade="B"), Item("new", DAY, None, "C")))
    found = answer_of(regraded, before, None, item_without_kind).evidence
    assert [(item.grade, item.kind, item.valid_until) for item in found] == [
        ("B", "certificate", date(2027, 6, 30)), ("C", None, None),
    ]  # fmt: skip


def test_items_that_differ_in_their_kind_alone_both_stay() -> None:
    before = given_answer(2, evidence=[evidence(kind="page"), evidence(kind="trial")])
    row = replace(row_of(before, item_without_kind), rationale="New.")
    assert answer_of(row, before, None, item_without_kind).evidence == before.evidence


def test_levels_in_words() -> None:
    known = given_answer(2)
    assert [level_in_words(one) for one in (None, known, known.model_copy(update={"level": "unknown"}))] == [
        "no answer", "level 2", "unknown",
    ]  # fmt: skip
