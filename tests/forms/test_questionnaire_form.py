"""The questionnaire of a vendor, cell by cell, and its replies as they come back."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, Content, answer, build, card_of, contents, evidence, freeze, profile_of, scorecard
from exchange_sheets import form_of, rules, values, widths
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.forms.answer_rows import Item
from evaluator.forms.earlier_answers import VendorReply
from evaluator.forms.export_order import ExportOrder, Setting, order_for
from evaluator.forms.import_changes import CardKey
from evaluator.forms.questionnaire_form import (
    Replies,
    Reply,
    questionnaire_book,
    read_replies,
    stated_digest,
    with_replies,
)
from evaluator.model.review import Past
from evaluator.model.scorecard import Scorecard
from evaluator.model.workspace import Workspace

MARK = "#sheet questionnaire v-1 business desk-a"
TOLD = VendorReply(date(2025, 11, 24), ("2025-01-01: Yes.",))


def workspace() -> Workspace:
    content = contents(vendors=2)
    content[profile_of("v-1")]["name"] = "Acme"
    content["criteria/f-1.yaml"]["criteria"][0]["evidence"] = ["a page", "a test"]
    return build(content)


def order(workspace: Workspace, criteria: tuple[str, ...] = ("c-1", "c-3", "c-2"), **changes: Any) -> ExportOrder:
    made = order_for(workspace, "v-1", "desk-a", criteria, None)
    fields = {name: getattr(made, name) for name in ("profile", "edition", "assessor", "card", "criteria")}
    return ExportOrder(**{**fields, **changes})


def book(*orders: ExportOrder) -> openpyxl.Workbook:
    setting = Setting(workspace().catalogue, AS_OF, "1.2.3")
    return openpyxl.load_workbook(io.BytesIO(questionnaire_book(setting, orders, "Example Ltd")))


def sheet(**changes: Any) -> Worksheet:
    found = book(order(workspace(), **changes))["Acme"]
    assert isinstance(found, Worksheet)
    return found


def guide(*orders: ExportOrder) -> list[str]:
    found = book(*orders)["Start here"]
    assert isinstance(found, Worksheet)
    return list(values(found).values())


def test_a_first_questionnaire_cell_by_cell() -> None:
    found = sheet()
    assert values(found) == {
        "A1": MARK, "C2": "Acme · Business",
        "C3": "Answered by (role)", "C4": "#head by", "E3": "Day of the replies", "E4": "#head date",
        "C6": "Question", "D6": "Evidence we look for", "E6": "Your reply", "F6": "Link or name of the document", "G6": "Date of the document",
        "A7": "#column criterion", "B7": "#column line", "C7": "#column question", "D7": "#column wanted", "E7": "#column reply",
        "F7": "#column link", "G7": "#column document_date",
        "C8": "Family f-1",
        "A9": "c-1", "B9": 1, "C9": "Criterion c-1\nHow good is c-1? ", "D9": "a page; a test",
        "A10": "c-3", "B10": 1, "C10": "Criterion c-3\nHow good is c-3? ", "D10": "a page",
        "C11": "Family f-2",
        "A12": "c-2", "B12": 1, "C12": "Criterion c-2\nHow good is c-2? ", "D12": "a page",
    }  # fmt: skip
    unlocked = {"C5", "E5", *(f"{letter}{row}" for row in (9, 10, 12) for letter in "EFG")}
    assert {cell.coordinate for row in found.iter_rows() for cell in row if not cell.protection.locked} == unlocked
    assert (found.freeze_panes, found.print_title_rows, found.print_area) == ("A8", "$6:$6", "'Acme'!$C$2:$G$12")
    assert (found.protection.sheet, found.page_setup.fitToWidth or 1, found.page_setup.fitToHeight) == (True, 1, 0)
    assert [found.row_dimensions[row].height for row in (8, 9)] == [20.25, 48]
    assert rules(found) == {}
    assert widths(found) == [50, 36, 56, 34, 12]
    assert [found[name].number_format for name in ("E9", "G9")] == ["@", "yyyy-mm-dd"]


def test_a_vendor_asked_before_is_reminded() -> None:
    found = sheet(replies={"c-1": TOLD})
    assert [found[f"{letter}7"].value for letter in "CDEFGHIJ"] == [
        f"#column {key}"
        for key in ("since_day", "question", "wanted", "stated", "since", "reply", "link", "document_date")
    ]
    assert [found[f"{letter}9"].value for letter in "CFG"] == ["2025-11-24", TOLD.text, None]
    assert [found[f"{letter}10"].value for letter in "CFG"] == [
        None,
        "Not known to us yet; please reply in full.",
        None,
    ]
    assert [found[name].protection.locked for name in ("G9", "G10", "H9", "H10")] == [False, True, False, False]
    assert rules(found) == {"G9": ("list", '"unchanged,changed,do not know"')}
    (rule,) = found.data_validations.dataValidation
    assert (rule.promptTitle, rule.prompt, rule.error) == (
        "Since 2025-11-24", "Has anything about this changed since that day?", "One of: unchanged, changed, do not know.",
    )  # fmt: skip
    assert [found[f"{letter}6"].value for letter in "FG"] == ["Your earlier statements", "Since last time"]
    assert widths(found) == [50, 36, 36, 14, 56, 34, 12]
    assert found["G9"].alignment.wrap_text


def test_what_a_vendor_was_reminded_of_is_noted() -> None:
    made = book(order(workspace(), replies={"c-1": TOLD}))
    hidden = [[cell.value for cell in row if cell.value is not None] for row in made["_evaluator"].iter_rows()]
    assert hidden[0] == ["evaluator-workbook/1", "1.2.3"]
    assert [row for row in hidden if row[0] == "answer"] == [
        ["answer", MARK, "c-1", stated_digest("2025-11-24", TOLD.text)]
    ]


def test_ranked_questions_stand_in_one_row_without_families() -> None:
    found = sheet(criteria=("c-2", "c-1", "c-3"), ranked=True)
    assert [found[f"A{row}"].value for row in (8, 9, 10)] == ["c-2", "c-1", "c-3"]
    assert found.max_row == 10


def test_a_row_is_as_high_as_its_longest_text() -> None:
    # 36 units of width hold 42 characters.
    said = {
        "c-1": VendorReply(date(2025, 11, 24), ("x" * 42 * 4,)),
        "c-3": VendorReply(date(2025, 11, 24), ("x" * 9_000,)),
    }
    found = sheet(replies=said)
    assert found.row_dimensions[9].height == pytest.approx(5 * 11.8 + 3, abs=0.4)
    assert found.row_dimensions[10].height == pytest.approx(400, abs=0.4)
    assert found.row_dimensions[12].height == 48


def test_a_sheet_without_questions_still_prints() -> None:
    assert sheet(criteria=()).print_area == "'Acme'!$C$2:$G$8"


def test_the_guide_speaks_of_what_the_sheets_have() -> None:
    plain = guide(order(workspace()))
    assert plain[0] == "Questions from Example Ltd"
    assert "If time is short, begin at the top." not in plain
    assert "Since last time" not in plain
    assert (
        plain[-1]
        == "Example Ltd keeps every reply with its date as written evidence of the vendor, and judges it itself."
    )
    ranked = guide(order(workspace()), order(workspace(), ranked=True))
    assert ranked[5:7] == [
        "If time is short, begin at the top.", "Leave a question empty rather than guess. Save as .xlsx and send the file back.",
    ]  # fmt: skip
    assert "Since last time" in guide(order(workspace()), order(workspace(), replies={"c-1": TOLD}))


def test_one_sheet_per_order() -> None:
    assert book(order(workspace()), order(workspace())).sheetnames == ["Start here", "Acme", "Acme (2)", "_evaluator"]


def test_nothing_that_assessors_wrote_goes_out() -> None:
    """Every text of theirs holds the word; the vendor's own replies and pages do not."""

    def noted(of: Content) -> Content:
        for card in ("desk-a", "desk-b"):
            of[card_of("v-1", card)]["notice"] = "inner remark"
            for given in of[card_of("v-1", card)]["answers"].values():
                given |= {
                    "rationale": "inner reason",
                    "missing": ["inner test"],
                    "evidence": [
                        evidence(source="https://v-1.example/doc (inner doubt)", note="inner note"),
                        evidence(source="https://v-1.example/other\tinner", note="inner note"),
                        evidence(source="https://elsewhere.example/inner-source", note="inner note"),
                        evidence(source="inner call", note="inner Reply of the vendor: x", grade="D"),
                        evidence(source="mail", note="Reply of the vendor: We do.", grade="D"),
                    ],
                }
        of["evaluation.yaml"] |= {"notice": "inner notice", "out_of_scope": {"c-4": "inner reason"}}
        return of

    workspace = build(noted(contents(vendors=1, level=2, assessors=("desk-a", "desk-b"))))
    past = Past("2025", date(2025, 11, 24), workspace, ())
    criteria = tuple(workspace.catalogue.criteria)
    setting = Setting(workspace.catalogue, AS_OF, "1", dict.fromkeys(criteria, 0.25), {"c-4": "inner reason"})
    asked = order_for(workspace, "v-1", "desk-a", criteria, past, for_vendor=True, ranked=True)
    with zipfile.ZipFile(io.BytesIO(questionnaire_book(setting, [asked], "Example Ltd"))) as parts:
        text = "\n".join(parts.read(name).decode("utf-8") for name in parts.namelist())
    assert "We do." in text
    assert "https://v-1.example/doc" in text
    assert "inner" not in text.casefold()


REPLIED = "#sheet questionnaire v-1 business desk-a"
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
    form = form_of(*({"criterion": "c-1", "line": 1.0, **line} for line in lines), keys=KEYS, mark=REPLIED)
    return read_replies(form, catalogue, "Acme", day, AS_OF, exported or {})


def items(**cells: Any) -> tuple[Item, ...]:
    found = replies(cells)
    assert found.faults == []
    return found.replies[0].items if found.replies else ()


def faults(**cells: Any) -> list[tuple[str | None, str, str]]:
    found = replies(cells)
    return [(fault.cell, fault.message, fault.hint) for fault in found.faults]


def test_a_link_that_names_a_version_is_a_document() -> None:
    assert [item.kind for item in items(link="https://acme.example/v2.1/notes", reply="Yes.")] == ["document"]


def test_a_text_and_a_document_become_evidence_of_grade_d() -> None:
    assert items(reply="Yes.") == (Item(SOURCE, DAY, DAY, "D", "Reply of the vendor: Yes.", "statement"),)
    named = "Named by the vendor in the questionnaire."
    assert items(link="a.pdf") == (Item("a.pdf", DAY, DAY, "D", named, "statement"),)
    assert items(link="a.pdf", reply="Yes.", document_date="2026-03-02") == (
        Item("a.pdf", date(2026, 3, 2), DAY, "D", "Reply of the vendor: Yes.", "statement"),
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
    known = {(REPLIED, "c-1"): stated_digest("2025-11-24", STATED)}
    (found,) = replies(cells, exported=known).replies
    source = "Acme: confirmed in our questionnaire"
    note = "The vendor confirmed that nothing has changed since 2025-11-24."
    assert found.items == (Item(source, DAY, DAY, "D", f"{note} Stated before:\n2025-01-01: Yes.", "statement"),)
    assert found.cell == "V-1!E5"
    # What was sent is not known, so it is not quoted.
    assert items(**cells) == (Item(source, DAY, DAY, "D", note, "statement"),)
    nothing = "Has this changed since 2025-11-24?\nNothing from you is on file."
    (found,) = replies(
        {**cells, "stated": nothing}, exported={(REPLIED, "c-1"): stated_digest("2025-11-24", nothing)}
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
    found = replies(cells, exported={(REPLIED, "c-1"): stated_digest("2025-11-24", STATED)})
    assert [(fault.cell, fault.message, fault.hint) for fault in found.faults] == [
        (
            "V-1!D5", "the text that was sent in this cell has been changed",
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

WHO = CardKey("v-1", "business", "desk-a")


def card(**answers: Any) -> Scorecard:
    return Scorecard.model_validate(
        freeze(scorecard("v-1", "desk-a", {f"c-{key[1:]}": value for key, value in answers.items()}))
    )


def given_reply(text: str, key: str = "c-1", day: date = DAY) -> Reply:
    return Reply(key, (Item(SOURCE, day, day, "D", f"Reply of the vendor: {text}"),), "V-1!F5")


def test_a_reply_joins_the_evidence_and_leaves_the_rest() -> None:
    now = card(c1=answer(3))
    (change,) = with_replies(now, [given_reply("Yes.")], WHO, DAY)
    assert (change.who, change.criterion, change.cell) == (WHO, "c-1", "V-1!F5")
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


def test_a_new_reply_keeps_the_kind_that_was_stated() -> None:
    old = evidence(
        source="a.pdf", kind="certificate", grade="D", note="Reply of the vendor: Yes.", valid_until="2027-06-30"
    )
    reply = Reply("c-1", items(link="a.pdf", reply="No."), "V-1!F5")
    (change,) = with_replies(card(c1={**answer(3), "evidence": [old]}), [reply], WHO, DAY)
    assert change.after is not None
    (item,) = change.after.evidence
    assert (item.kind, item.valid_until, item.note) == ("certificate", date(2027, 6, 30), "Reply of the vendor: No.")


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
