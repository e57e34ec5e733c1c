"""A vendor's replies: the evidence they become, and what cannot be said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import AS_OF, answer, build, contents, evidence, freeze, scorecard
from exchange_sheets import form_of

from evaluator.forms.answer_rows import Item
from evaluator.forms.questionnaire_replies import Replies, Reply, read_replies, stated_digest, with_replies
from evaluator.model.scorecard import Scorecard

MARK = "#sheet questionnaire v-1 business desk-a"
KEYS = ("criterion", "line", "since_day", "stated", "since", "reply", "link", "document_date")
DAY = date(2026, 11, 20)
CATALOGUE = build(contents(criteria=2)).catalogue
STATED = "Has this changed since 2025-11-24?\n2025-01-01: Yes."
SOURCE = "Acme: reply to our questionnaire"


def replies(
    *lines: dict[str, Any],
    catalogue: Any = CATALOGUE,
    exported: dict[tuple[str, str], str] | None = None,
    day: date = DAY,
) -> Replies:
    form = form_of(*({"criterion": "c-1", "line": 1.0, **line} for line in lines), keys=KEYS, mark=MARK)
    return read_replies(form, catalogue, "Acme", day, AS_OF, exported or {})


def items(**cells: Any) -> tuple[Item, ...]:
    found = replies(cells)
    assert found.faults == []
    return found.replies[0].items if found.replies else ()


def faults(**cells: Any) -> list[tuple[str | None, str, str]]:
    found = replies(cells)
    return [(fault.cell, fault.message, fault.hint) for fault in found.faults]


def test_a_text_and_a_document_become_evidence_of_grade_d() -> None:
    assert items(reply="Yes.") == (Item(SOURCE, DAY, DAY, "D", "Reply of the vendor: Yes."),)
    named = "Named by the vendor in the questionnaire."
    assert items(link="a.pdf") == (Item("a.pdf", DAY, DAY, "D", named),)
    assert items(link="a.pdf", reply="Yes.", document_date="2026-03-02") == (
        Item("a.pdf", date(2026, 3, 2), DAY, "D", "Reply of the vendor: Yes."),
    )
    assert items() == items(document_date="2026-03-02") == ()


def test_a_catalogue_without_grade_d_gives_its_last() -> None:
    content = contents(criteria=2)
    content["criteria/catalogue.yaml"]["evidence_grades"] = [
        {"grade": grade, "what": f"kind {grade}", "max_level": 4} for grade in "ABC"
    ]
    (found,) = replies({"reply": "Yes."}, catalogue=build(content).catalogue).replies
    assert found.items[0].grade == "C"


def test_replies_name_their_cells_and_unknown_criteria_are_left_out() -> None:
    found = replies(
        {"reply": "Yes."}, {"criterion": "c-9", "reply": "No."},
        {"criterion": "c-2", "since": "unchanged", "since_day": "2025-11-24", "stated": STATED},
    )  # fmt: skip
    assert [(one.criterion, one.cell) for one in found.replies] == [("c-1", "V-1!F5"), ("c-2", "V-1!E7")]


# Since last time


@pytest.mark.parametrize(
    "word", ["unchanged", " Unchanged. ", "no change!", "as before", "the same", "Nothing changed"]
)
def test_what_is_unchanged_quotes_what_was_stated(word: str) -> None:
    cells = {"since": word, "since_day": "2025-11-24", "stated": STATED}
    known = {(MARK, "c-1"): stated_digest("2025-11-24", STATED)}
    (found,) = replies(cells, exported=known).replies
    source = "Acme: confirmed in our questionnaire"
    note = "The vendor confirmed that nothing has changed since 2025-11-24."
    assert found.items == (Item(source, DAY, DAY, "D", f"{note} Stated before:\n2025-01-01: Yes."),)
    assert found.cell == "V-1!E5"
    # What was sent is not known, so it is not quoted.
    assert items(**cells) == (Item(source, DAY, DAY, "D", note),)
    nothing = "Has this changed since 2025-11-24?\nNothing from you is on file."
    (found,) = replies(
        {**cells, "stated": nothing}, exported={(MARK, "c-1"): stated_digest("2025-11-24", nothing)}
    ).replies
    assert found.items[0].note == note


def test_unchanged_with_a_reply_is_both() -> None:
    found = items(since="unchanged", since_day="2025-11-24", stated=STATED, reply="Still.")
    assert [item.source for item in found] == ["Acme: confirmed in our questionnaire", SOURCE]


def test_what_cannot_be_unchanged() -> None:
    assert faults(since="unchanged", stated=STATED) == [
        ("V-1!E5", "nothing was stated or asked before, so it cannot be unchanged", "write the answer under Your reply")
    ]
    cells = {"since": "unchanged", "since_day": "2025-11-24", "stated": STATED + "!"}
    found = replies(cells, exported={(MARK, "c-1"): stated_digest("2025-11-24", STATED)})
    assert [(fault.cell, fault.message, fault.hint) for fault in found.faults] == [
        (
            "V-1!D5", "what stood here when the questionnaire was sent has been altered",
            "put the text back, or mark the question as changed and say how",
        )
    ]  # fmt: skip
    assert found.replies == []


def test_what_was_stated_is_compared_as_it_is_kept() -> None:
    assert stated_digest("2025-11-24", " a\r\nb ") == stated_digest("2025-11-24", "a\nb")
    assert stated_digest("2025-11-24", "a") != stated_digest("2025-11-25", "a")
    assert stated_digest("2025-11-24", "a") != stated_digest("2025-11-24", "b")


def test_what_has_changed_says_how() -> None:
    found = replies({"since": "Yes, changed", "since_day": "2025-11-24", "reply": "No."})
    assert [item.note for item in found.replies[0].items] == ["Reply of the vendor (changed since 2025-11-24): No."]
    assert found.notes == ["the vendor says that it has changed: c-1 [V-1!E5]"]
    assert found.replies[0].cell == "V-1!F5"
    assert faults(since="changed", link="a.pdf") == [
        ("V-1!F5", "it has changed, but the reply does not say how", "one sentence is enough")
    ]


def test_what_the_vendor_does_not_know_is_noted_after_what_changed() -> None:
    found = replies(
        {"since": "?"},
        {"criterion": "c-2", "since": "changed", "reply": "x"},
        {"criterion": "c-9", "since": "not sure"},
    )
    assert found.notes == [
        "the vendor says that it has changed: c-2 [V-1!E6]",
        "the vendor does not know whether it has changed (nothing follows from that): c-1 [V-1!E5]",
    ]
    assert [one.criterion for one in found.replies] == ["c-2"]


def test_other_words_and_cells_that_cannot_be_read() -> None:
    assert [(cell, message) for cell, message, _ in faults(since="yes")] == [
        ("V-1!E5", "expected unchanged, changed or do not know, found 'yes'")
    ]
    assert [cell for cell, _, _ in faults(document_date="soon", reply="x")] == ["V-1!H5"]
    lost = replies({"reply": "Yes."}, {"criterion": "", "reply": "lost"})
    assert [fault.cell for fault in lost.faults] == ["V-1!F6"]
    assert items(since=".") == ()


def test_documents_after_the_evaluation_or_the_reply() -> None:
    assert [message for _, message, _ in faults(reply="x", document_date="2026-11-25")] == [
        "2026-11-25 lies after the date of the evaluation, 2026-11-24",
        "the evidence stands for 2026-11-25 but was captured on 2026-11-20, before that day",
    ]
    assert [cell for cell, _, _ in faults(reply="x", document_date="2026-11-21")] == ["V-1!H5"]
    assert items(reply="x", document_date="2026-11-20") != ()
    # A late day of the replies themselves is judged with the form's head.
    assert replies({"reply": "x"}, day=date(2026, 11, 25)).faults == []
    assert replies({"reply": "x", "document_date": "2026-11-20"}, day=date(2026, 11, 25)).faults == []


# Joining the evidence

WHO = ("v-1", "desk-a")


def card(**answers: Any) -> Scorecard:
    return Scorecard.model_validate(
        freeze(scorecard("v-1", "desk-a", {f"c-{key[1:]}": value for key, value in answers.items()}))
    )


def given_reply(text: str, key: str = "c-1", day: date = DAY) -> Reply:
    return Reply(key, (Item(SOURCE, day, day, "D", f"Reply of the vendor: {text}"),), "V-1!F5")


def test_a_reply_joins_the_evidence_and_leaves_the_rest() -> None:
    now = card(c1=answer(3))
    (change,) = with_replies(now, [given_reply("Yes.")], WHO, DAY)
    assert (change.vendor, change.assessor, change.criterion, change.cell) == ("v-1", "desk-a", "c-1", "V-1!F5")
    assert change.before == now.answers["c-1"]
    assert change.after is not None
    assert change.after.model_copy(update={"evidence": now.answers["c-1"].evidence}) == change.before
    assert [item.note for item in change.after.evidence] == ["", "Reply of the vendor: Yes."]


def test_a_new_reply_takes_the_place_of_the_former_and_the_same_one_changes_nothing() -> None:
    old = evidence(source=SOURCE, grade="D", note="Reply of the vendor: Yes.", date="2026-01-01")
    now = card(c1={**answer(3), "evidence": [old, evidence()]})
    assert list(with_replies(now, [given_reply("Yes.")], WHO, DAY)) == []
    (change,) = with_replies(now, [given_reply("No.")], WHO, DAY)
    assert change.after is not None
    assert [(item.note, item.date) for item in change.after.evidence] == [
        ("Reply of the vendor: No.", DAY), ("", date(2026, 10, 1)),
    ]  # fmt: skip
    other_grade = card(c1={**answer(3), "evidence": [{**old, "grade": "C"}]})
    (change,) = with_replies(other_grade, [given_reply("Yes.")], WHO, DAY)
    assert change.after is not None
    assert len(change.after.evidence) == 2


@pytest.mark.parametrize(("now", "dated"), [(None, None), (card(), DAY)])
def test_a_reply_without_an_answer_waits_as_unknown(now: Scorecard | None, dated: date | None) -> None:
    (change,) = with_replies(now, [given_reply("Yes.", "c-2")], WHO, DAY)
    assert change.before is None
    assert change.after is not None
    assert (change.after.level, change.after.confidence, change.after.date, change.after.rationale) == (
        "unknown", "low", dated, "The vendor has replied to the questionnaire; the reply is not assessed yet.",
    )  # fmt: skip
    assert [item.source for item in change.after.evidence] == [SOURCE]


def test_a_reply_of_the_scorecards_own_day_bears_no_date() -> None:
    (change,) = with_replies(card(), [given_reply("Yes.")], WHO, date(2026, 11, 10))
    assert change.after is not None
    assert change.after.date is None


def test_two_items_of_one_reply_both_join() -> None:
    both = Reply("c-1", (*given_reply("Yes.").items, Item("a.pdf", DAY, DAY, "D", "n")), "V-1!F5")
    (change,) = with_replies(None, [both], WHO, DAY)
    assert change.after is not None
    assert [item.source for item in change.after.evidence] == [SOURCE, "a.pdf"]
