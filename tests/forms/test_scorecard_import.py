"""Importing workbooks: what one form would do to one scorecard, and what a file of forms does to all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import AS_OF, Content, build, card_of, contents, evidence, profile_of
from exchange_sheets import KEYS, Shelf, form_of, full, messages

from evaluator.errors import ContentError, Problem, Severity
from evaluator.forms.answer_rows import ScorecardHeader, header_of, item_without_kind, row_of
from evaluator.forms.cell_marks import Exported
from evaluator.forms.import_changes import CardKey, HeaderChange, Imported, ImportedChange, ImportReport
from evaluator.forms.scorecard_import import ImportOptions, ImportPlan, Request, import_files, plan_for
from evaluator.forms.scorecard_reader import Incoming
from evaluator.model.scorecard import Scorecard
from evaluator.model.workspace import Workspace

TODAY = date(2026, 11, 20)
SCORECARD = "#sheet scorecard v-1 business desk-a"
MODERATION = "#sheet moderation v-1 business agreed"
QUESTIONS = "#sheet questionnaire v-1 business desk-a"
DESK_A = CardKey("v-1", "business", "desk-a")
HEAD = {"assessor": "desk-a", "kind": "desk review", "notice": "", "date": ""}
"""Cells A3 to D3."""


def content(assessors: tuple[str, ...] = ("desk-a",), level: Any = 1) -> Content:
    return contents(criteria=2, vendors=1, assessors=assessors, level=level)


def plan(
    *lines: dict[str, Any],
    of: Content | None = None,
    mark: str = SCORECARD,
    head: dict[str, Any] | None = None,
    exported: Exported | None = None,
    prefer: Any = None,
    broken: tuple[Problem, ...] = (),
    today: date = TODAY,
    **more: Any,
) -> ImportPlan:
    """The plan of a form with these lines, held against a small workspace."""
    workspace = build(of or content())
    store = Shelf(*(card for vendor in workspace.vendors.values() for card in vendor.scorecards))
    form = form_of(*lines, mark=mark, head={**HEAD, **(head or {})}, **more)
    incoming = Incoming("given.xlsx", exported or Exported(), (form,))
    return plan_for(Request(form, incoming, workspace, store, ImportOptions(today, prefer=prefer, broken=broken)))


def refusal(*lines: dict[str, Any], **more: Any) -> list[tuple[str, str | None, str, str]]:
    """Code, cell, message and hint where a form cannot be used at all."""
    with pytest.raises(ContentError) as refused:
        plan(*lines, **more)
    return [(p.code, p.cell, p.message, p.hint) for p in refused.value.problems]


def sent(mark: str = SCORECARD) -> Exported:
    """What went out: both answers and the head as the workspace has them."""
    card = build(content()).vendors["v-1"].scorecards[0]
    return Exported(
        version="1",
        headers={mark: header_of(card).digest},
        answers={(mark, key): row_of(card.answers[key]).digest for key in ("c-1", "c-2")},
    )


def taken(found: ImportPlan) -> dict[str, Any]:
    """Criterion -> new level."""
    assert found.problems == []
    return {change.criterion: change.after and change.after.level for change in found.merged.changes}


# Scorecards


KINDS = (*KEYS, "kind", "valid_until")
CERTIFIED = {"kind": "certificate", "valid_until": date(2027, 6, 30)}


def certified() -> Content:
    """Both answers rest on a certificate."""
    found = content(level=3)
    for given in found[card_of("v-1")]["answers"].values():
        given["evidence"] = [evidence(**CERTIFIED)]
    return found


def test_a_form_without_kinds_leaves_them_as_they_are() -> None:
    assert taken(plan(full("c-1"), full("c-2"), of=certified())) == {}
    before = build(certified()).vendors["v-1"].scorecards[0].answers["c-1"]
    # As it went out, before anybody stated the kind; and as a form whose two columns were deleted.
    for exported in (row_of(before, item_without_kind), row_of(before)):
        went = Exported(version="1", answers={(SCORECARD, "c-1"): exported.digest})
        found = plan(full("c-1", rationale="New."), of=certified(), exported=went)
        (change,) = found.merged.changes
        assert change.after is not None
        assert (change.after.rationale, change.after.evidence) == ("New.", before.evidence)


def test_a_form_with_kinds_changes_them() -> None:
    cells: dict[str, Any] = {"kind": "Certificate", "valid_until": "2027-06-30"}
    assert taken(plan(full("c-1", **cells), of=certified(), keys=KINDS)) == {}
    found = plan(full("c-1", kind="page"), full("c-2", **cells), of=certified(), keys=KINDS, prefer="theirs")
    (change,) = found.merged.changes
    assert change.after is not None
    assert [(item.kind, item.valid_until) for item in change.after.evidence] == [("page", None)]


def test_mistakes_in_kinds_have_their_cell() -> None:
    found = plan(
        full("c-1", kind="website"), full("c-2", kind="page", valid_until="2027-06-30"), of=certified(), keys=KINDS
    )  # fmt: skip
    assert messages(found.problems) == [
        ("V-1!N5", "expected page, document, statement, trial or certificate, found 'website'"),
        ("V-1!O6", "only a certificate is valid until a day"),
    ]


def test_one_of_the_two_columns_of_the_kind_is_not_enough() -> None:
    ((code, _, message, _),) = refusal(full("c-1"), of=certified(), keys=KINDS[:-1])
    assert code == "form"
    assert message.startswith("columns are missing: valid_until;")


def test_a_changed_answer_of_a_known_scorecard() -> None:
    found = plan(full("c-1", level=3.0), exported=sent())
    assert (found.who, found.new, found.notes, found.headers) == (DESK_A, None, [], [])
    assert found.card == build(content()).vendors["v-1"].scorecards[0]
    (change,) = found.merged.changes
    assert isinstance(change, ImportedChange)
    assert (change.cell, change.after and change.after.date) == ("V-1!C5", TODAY)
    assert taken(found) == {"c-1": 3}


def test_the_day_is_that_of_the_head_or_today() -> None:
    found = plan(full("c-1"), exported=sent(), head={"date": "2026-11-18"})
    assert [change.after and change.after.date for change in found.merged.changes] == [date(2026, 11, 18)]


def test_a_new_scorecard_starts_empty() -> None:
    found = plan(
        full("c-1"), mark="#sheet scorecard v-1 business", head={"assessor": "Desk-B", "kind": "trial", "notice": "x"}
    )
    assert (found.who, found.card, found.headers) == (CardKey("v-1", "business", "desk-b"), None, [])
    assert found.new == Scorecard.model_validate(
        {
            "schema": "scorecard/1", "vendor": "v-1", "edition": "business", "assessor": "desk-b", "assessed": TODAY,
            "kind": "trial", "notice": "x", "answers": {},
        }
    )  # fmt: skip
    assert taken(found) == {"c-1": 3}
    dated = plan(
        full("c-1"),
        mark="#sheet scorecard v-1 business desk-c",
        head={"assessor": "", "kind": "", "date": "2026-11-18"},
    )
    assert dated.new is not None
    assert (dated.new.assessed, dated.new.kind, dated.new.assessor) == (date(2026, 11, 18), "desk review", "desk-c")


def test_what_went_out_and_comes_back_needs_not_be_complete() -> None:
    of = content()
    of[card_of("v-1")]["answers"]["c-1"]["evidence"] = [{"source": "s", "date": "2026-12-01", "grade": "C"}]
    row = {"criterion": "c-1", "level": 1.0, "rationale": "The page says so.", "confidence": "medium",
           "source": "s", "date": "2026-12-01", "grade": "C"}  # fmt: skip
    assert taken(plan(row, of=of)) == {}
    assert [cell for cell, _ in messages(plan({**row, "level": 2.0}, of=of).problems)] == ["V-1!I5"]
    assert [cell for cell, _ in messages(plan({**row, "confirmed": "2026-11-18"}, of=of).problems)] == ["V-1!I5"]


def test_answers_with_mistakes_are_left_out_and_the_others_merged() -> None:
    found = plan(full("c-1", level="high"), full("c-2"), {"note": "lost"}, exported=sent())
    assert messages(found.problems) == [
        ("V-1!L7", "the entry stands in a row that belongs to no criterion"),
        ("V-1!C5", "expected a level from 0 to 4, or unknown, found 'high'"),
    ]
    assert [change.criterion for change in found.merged.changes] == ["c-2"]


def test_an_unknown_without_confidence_merges_as_low() -> None:
    found = plan(full("c-1", level="unknown", confidence="", source="", date="", grade=""), exported=sent())
    assert [change.after and change.after.confidence for change in found.merged.changes] == ["low"]


def test_a_confirmation_bears_its_day_and_yes_that_of_the_head() -> None:
    card = build(content()).vendors["v-1"].scorecards[0]
    row = row_of(card.answers["c-1"])
    line = full("c-1", level=1.0, rationale=row.rationale, confirmed="yes")
    found = plan(line, exported=sent(), head={"date": "2026-11-18"})
    assert [change.after and change.after.date for change in found.merged.changes] == [date(2026, 11, 18)]
    assert taken(plan({**line, "confirmed": "2026-11-19"}, exported=sent())) == {"c-1": 1}
    assert messages(plan(line, exported=sent()).problems) == [
        ("V-1!M5", "expected the day, found no day at the top of the sheet either")
    ]


def test_conflicts_are_left_or_decided() -> None:
    assert [one.criterion for one in plan(full("c-1"), exported=Exported(version="1")).merged.conflicts] == ["c-1"]
    assert taken(plan(full("c-1"), prefer="theirs")) == {"c-1": 3}
    assert [one.criterion for one in plan(full("c-1"), prefer="ours").merged.kept] == ["c-1"]


def test_merged_cells_are_spread_and_said() -> None:
    found = plan(full("c-1"), full("c-2", level=""), exported=sent(), merged=[((4, 2), (5, 2))])
    assert found.notes == ["V-1!C5:C6 is merged over 2 criteria; each of them gets what it says"]
    assert taken(found) == {"c-1": 3, "c-2": 3}


def test_columns_that_are_gone_leave_nothing_to_be_read() -> None:
    keys = tuple(key for key in KEYS if key not in {"note", "level", "confirmed"})
    assert refusal(full("c-1"), keys=keys) == [
        (
            "form", "V-1!A1", "columns are missing: level, note; without them an emptied answer cannot be recognised",
            "put them back, or export again and copy the answers over",
        )
    ]  # fmt: skip


# The day


@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-25"])
def test_answers_of_a_day_after_the_evaluation(day: str) -> None:
    found = plan(full("c-1"), exported=sent(), head={"date": day})
    expected = [] if day == AS_OF.isoformat() else [
        (
            "form", "V-1!D3", "the answers are of 2026-11-25, after the date of the evaluation, 2026-11-24",
            "move as_of in evaluation.yaml first, or give the day of the answers in the form or with --date",
        )
    ]  # fmt: skip
    assert [(p.code, p.cell, p.message, p.hint) for p in found.problems] == expected


def test_a_late_day_is_found_in_the_same_round_as_other_mistakes() -> None:
    late = "the answers are of 2026-11-25, after the date of the evaluation, 2026-11-24"
    wrong = "expected a level from 0 to 4, or unknown, found 'high'"
    assert messages(plan(head={"date": "2026-11-25"}).problems) == [("V-1!D3", late)]
    expected = [("V-1!C5", wrong), ("V-1!D3", late)]
    assert messages(plan(full("c-1", level="high"), exported=sent(), head={"date": "2026-11-25"}).problems) == expected
    assert messages(plan(full("c-1", level="high"), exported=sent(), today=date(2026, 11, 25)).problems) == expected
    conflict = plan(full("c-1"), exported=Exported(version="1"), today=date(2026, 11, 25))
    assert messages(conflict.problems) == [("V-1!D3", late)]


def test_the_day_of_import_is_no_mistake_where_no_answer_would_bear_it() -> None:
    assert plan(exported=sent(), today=date(2026, 11, 25)).problems == []
    named = plan(full("c-1"), exported=sent(), today=date(2026, 11, 25), head={"date": "2026-11-24"})
    assert taken(named) == {"c-1": 3}


def test_a_day_that_cannot_be_read_is_said_once() -> None:
    found = plan(full("c-1"), exported=sent(), today=date(2026, 11, 25), head={"date": "soon"})
    assert messages(found.problems) == [("V-1!D3", "expected a date, found 'soon'")]


# The head


def test_kind_and_remark_change_with_the_form() -> None:
    found = plan(exported=sent(), head={"kind": "trial", "notice": "By two."})
    assert found.headers == [
        HeaderChange(DESK_A, "kind", "desk review", "trial", "V-1!B3"),
        HeaderChange(DESK_A, "notice", "", "By two.", "V-1!C3"),
    ]
    assert found.problems == []


def test_a_head_that_both_changed_has_to_be_decided() -> None:
    found = plan(exported=Exported(headers={SCORECARD: ScorecardHeader("trial", "old").digest}), head={"notice": "new"})
    assert [(p.code, p.cell, p.message, p.hint) for p in found.problems] == [
        (
            "form", "V-1!C3", "the remark on the whole scorecard changed in the workspace and in the workbook",
            "--ours keeps the workspace's, --theirs takes the workbook's",
        )
    ]  # fmt: skip
    assert found.headers == []
    assert plan(prefer="ours", head={"notice": "new"}).headers == []
    assert [one.after for one in plan(prefer="theirs", head={"notice": "new"}).headers] == ["new"]


def test_a_head_that_cannot_be_read_changes_nothing() -> None:
    found = plan(exported=sent(), head={"kind": "guess", "notice": "new"})
    assert [cell for cell, _ in messages(found.problems)] == ["V-1!B3"]
    assert found.headers == []


# Who


@pytest.mark.parametrize(
    ("mark", "named", "message", "hint"),
    [
        ("desk-a", "desk-b", "the sheet was exported for desk-a, the cell says desk-b", "export a sheet of its own for every assessor"),
        ("desk-a", "x" * 70, f"the sheet was exported for desk-a, the cell says {'x' * 64}", "export a sheet of its own for every assessor"),
        ("", "", "the assessor is not named", "a short id such as desk-a"),
        ("", "Anna M", "'anna m' cannot be an assessor's id", "lower-case letters and digits, in words joined by hyphens, such as desk-a"),
        ("", "a-", "'a-' cannot be an assessor's id", "lower-case letters and digits, in words joined by hyphens, such as desk-a"),
        ("", "profile", "'profile' cannot be an assessor's id", "lower-case letters and digits, in words joined by hyphens, such as desk-a"),
        ("", "own-work", "'own-work' cannot be an assessor's id", "lower-case letters and digits, in words joined by hyphens, such as desk-a"),
        ("own-work", "", "'own-work' cannot be an assessor's id", "lower-case letters and digits, in words joined by hyphens, such as desk-a"),
        ("", "agreed", "'agreed' cannot be an assessor's id", "lower-case letters and digits, in words joined by hyphens, such as desk-a"),
        ("", "x" * 65, f"'{'x' * 64}' cannot be an assessor's id", "lower-case letters and digits, in words joined by hyphens, such as desk-a"),
    ],
)  # fmt: skip
def test_assessors_that_cannot_be(mark: str, named: str, message: str, hint: str) -> None:
    found = refusal(full("c-1"), mark=f"#sheet scorecard v-1 business {mark}".strip(), head={"assessor": named})
    assert found == [("form", "V-1!A3", message, hint)]


def test_assessors_that_can_be() -> None:
    blank = "#sheet scorecard v-1 business"
    assert plan(full("c-1"), mark=blank, head={"assessor": "x" * 64}).who == CardKey("v-1", "business", "x" * 64)
    assert plan(full("c-1"), mark=f"{blank} agreed", head={"assessor": ""}).who == CardKey("v-1", "business", "agreed")
    assert plan(full("c-1"), mark=f"{blank} desk-a", head={"assessor": "DESK-A"}).who == DESK_A


def test_an_agreed_scorecard_that_is_corrected_anew_is_a_moderation() -> None:
    found = plan(full("c-1"), mark="#sheet scorecard v-1 business agreed", head={"assessor": "", "kind": "trial"})
    assert found.new is not None
    assert found.new.kind == "moderation"


# On what


def test_vendors_and_editions_that_are_not_there() -> None:
    vendor = "v" * 70
    assert refusal(mark=f"#sheet scorecard {vendor} business desk-a") == [
        ("form", "V-1!A1", f"there is no vendor '{vendor[:64]}' in this workspace", "is it the right one?")
    ]
    assert refusal(mark=f"#sheet scorecard v-1 {'e' * 70} desk-a") == [
        ("form", "V-1!A1", f"V-1 has no edition '{'e' * 64}' any more", "export the scorecard again")
    ]


def test_broken_files_of_the_vendor_are_told_and_those_of_others_not() -> None:
    mine = Problem("x", "is broken", "vendors/v-1/business/desk-a.yaml")
    others = Problem("x", "is broken", "vendors/v-10/business/desk-a.yaml")
    with pytest.raises(ContentError, match=r"^The files of v-1 have errors; fix them and import again.") as refused:
        plan(full("c-1"), broken=(others, mine))
    assert list(refused.value.problems) == [mine]
    assert taken(plan(full("c-1"), broken=(others,), prefer="theirs")) == {"c-1": 3}


def test_another_edition_than_is_evaluated_is_said() -> None:
    found = plan(full("c-1"), mark="#sheet scorecard v-1 enterprise desk-b", head={"assessor": ""})
    assert [(p.code, p.cell, p.message, p.severity, p.file) for p in found.problems] == [
        (
            "other-edition", "V-1!A1", "v-1: the sheet is on enterprise, the evaluated edition is business",
            Severity.WARNING, "given.xlsx",
        )
    ]  # fmt: skip
    assert found.new is not None
    assert found.new.edition == "enterprise"


def test_an_assessor_has_a_scorecard_on_each_edition() -> None:
    found = plan(full("c-1"), mark="#sheet scorecard v-1 enterprise desk-a")
    assert (found.card, found.new and found.new.edition) == (None, "enterprise")
    evaluated = plan(full("c-1"), mark="#sheet scorecard v-1 business desk-a")
    assert (evaluated.new, evaluated.card and evaluated.card.edition) == (None, "business")


# Moderations


def agreeing() -> Content:
    return content(("desk-a", "desk-b"), lambda _v, _c, who: 2 if who == "desk-a" else 3)


MODERATED = tuple(key for key in KEYS if key in {"criterion", "line", "level", "rationale", "missing", "confidence"})


def settled(level: Any = 2.0, **changes: Any) -> dict[str, Any]:
    return {"criterion": "c-1", "line": 1.0, "level": level, "rationale": "Agreed.", "confidence": "high", **changes}


def test_an_agreement_starts_the_agreed_scorecard_with_everybodys_evidence() -> None:
    of = agreeing()
    of[card_of("v-1", "desk-b")]["answers"]["c-1"]["evidence"] = [{"source": "b", "date": "2026-10-01", "grade": "B"}]
    found = plan(settled(), of=of, mark=MODERATION, keys=MODERATED, head={"assessor": "", "kind": ""})
    assert (found.who, found.card) == (CardKey("v-1", "business", "agreed"), None)
    assert found.new is not None
    assert (found.new.kind, found.new.edition, found.new.assessed) == ("moderation", "business", TODAY)
    (change,) = found.merged.changes
    assert change.after is not None
    assert [item.source for item in change.after.evidence] == ["https://vendor.example/doc", "b"]
    assert taken(found) == {"c-1": 2}


def test_an_agreement_goes_on_from_the_agreed_scorecard() -> None:
    of = content(("agreed", "desk-a", "desk-b"), 2)
    for answer in of[card_of("v-1", "agreed")]["answers"].values():
        answer["evidence"] = [{"source": "agreed", "date": "2026-10-01", "grade": "B"}]
    found = plan(
        settled(3.0),
        of=of,
        mark=MODERATION,
        keys=MODERATED,
        head={"assessor": "", "date": "2026-11-18"},
        prefer="theirs",
    )
    (change,) = found.merged.changes
    assert change.after is not None
    assert (change.after.level, change.after.date) == (3, date(2026, 11, 18))
    assert [item.source for item in change.after.evidence] == ["agreed", "https://vendor.example/doc"]
    assert found.headers == []
    gone = plan(
        settled(3.0),
        of=of,
        mark=MODERATION,
        keys=MODERATED,
        head={"assessor": "", "date": "2026-11-25"},
        prefer="theirs",
    )
    assert [cell for cell, _ in messages(gone.problems)] == ["V-1!D3"]


def test_an_agreement_needs_its_own_columns_only() -> None:
    keys = tuple(key for key in MODERATED if key != "missing")
    assert [message for _, _, message, _ in refusal(settled(), of=agreeing(), mark=MODERATION, keys=keys, head={"assessor": ""})] == [
        "columns are missing: missing; without them an emptied answer cannot be recognised"
    ]  # fmt: skip


def test_an_agreement_spreads_merged_cells() -> None:
    lines = [settled(), {**settled(""), "criterion": "c-2"}]
    found = plan(
        *lines, of=agreeing(), mark=MODERATION, keys=MODERATED, head={"assessor": ""}, merged=[((4, 2), (5, 2))]
    )
    assert len(found.notes) == 1
    assert taken(found) == {"c-1": 2, "c-2": 2}


# Questionnaires

ASKED = ("criterion", "line", "since_day", "stated", "since", "reply", "link", "document_date")


def asked(**cells: Any) -> dict[str, Any]:
    return {"criterion": "c-1", "line": 1.0, **cells}


def test_replies_join_the_evidence() -> None:
    found = plan(asked(reply="Yes."), mark=QUESTIONS, keys=ASKED, head={"date": "2026-11-18"})
    (change,) = found.merged.changes
    assert change.after is not None
    assert (change.after.level, change.after.date, change.cell) == (1, None, "V-1!F5")
    assert [item.note for item in change.after.evidence] == ["", "Reply of the vendor: Yes."]
    assert change.after.evidence[1].source == "V-1: reply to our questionnaire"
    assert change.after.evidence[1].captured == date(2026, 11, 18)
    assert found.problems == []


def test_replies_without_a_day_are_of_today() -> None:
    (change,) = plan(asked(reply="Yes."), mark=QUESTIONS, keys=ASKED).merged.changes
    assert change.after is not None
    assert change.after.evidence[1].captured == TODAY


@pytest.mark.parametrize(
    "key",
    ["level", "rationale", "missing", "confidence", "capped_from", "source", "date", "captured", "grade", "note"],
)
def test_every_column_of_an_answer_is_needed(key: str) -> None:
    keys = tuple(other for other in KEYS if other != key)
    assert refusal(full("c-1"), keys=keys)[0][2].startswith(f"columns are missing: {key};")
    without = tuple(other for other in KEYS if other != "confirmed")
    assert taken(plan(full("c-1"), keys=without, prefer="theirs")) == {"c-1": 3}


def test_replies_that_cannot_be_read_or_are_late() -> None:
    found = plan(asked(document_date="soon"), mark=QUESTIONS, keys=ASKED)
    assert [cell for cell, _ in messages(found.problems)] == ["V-1!H5"]
    late = plan(asked(reply="Yes.", document_date="2026-11-25"), mark=QUESTIONS, keys=ASKED)
    assert messages(late.problems)[0] == ("V-1!H5", "2026-11-25 lies after the date of the evaluation, 2026-11-24")
    late = plan(asked(reply="Yes."), mark=QUESTIONS, keys=ASKED, head={"date": "2026-11-25"})
    assert [cell for cell, _ in messages(late.problems)] == ["V-1!D3"]
    assert refusal(asked(reply="Yes."), mark="#sheet questionnaire v-1 business", keys=ASKED, head={"assessor": ""})[0][2] == (
        "the assessor is not named"
    )  # fmt: skip


def test_what_the_vendor_does_not_know_is_noted() -> None:
    found = plan(asked(since="do not know"), mark=QUESTIONS, keys=ASKED)
    assert found.notes == ["the vendor does not know whether it has changed (nothing follows from that): c-1 [V-1!E5]"]


def test_the_profile_names_the_vendor_and_its_editions() -> None:
    of = content()
    of[profile_of("v-1")]["name"] = "Acme"
    assert refusal(mark="#sheet scorecard v-1 gone desk-a", of=of)[0][2] == "Acme has no edition 'gone' any more"


Sheets = dict[str, tuple[str, list[dict[str, Any]]]]


def workspace() -> Workspace:
    return build(contents(criteria=2, vendors=2, level=1))


def file(folder: Path, sheets: Sheets, name: str = "given.xlsx") -> Path:
    """A workbook of forms: title -> mark and lines; keys in row 2, lines from row 3 on."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, (mark, lines) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append([mark])
        sheet.append([f"#column {key}" for key in KEYS])
        for line in lines:
            sheet.append([line.get(key) for key in KEYS])
    book.save(folder / name)
    return folder / name


def sheet(vendor: str, *lines: dict[str, Any], assessor: str = "desk-a") -> tuple[str, list[dict[str, Any]]]:
    return f"#sheet scorecard {vendor} business {assessor}", list(lines)


def imported(*paths: Path, **options: Any) -> tuple[tuple[Imported, ...], Shelf]:
    now = workspace()
    store = Shelf(*(card for vendor in now.vendors.values() for card in vendor.scorecards))
    report = import_files(paths, now, store, ImportOptions(TODAY, **{"prefer": "theirs", **options}))
    return report.files, store


def test_a_change_of_a_scorecard_is_handed_to_the_store(tmp_path: Path) -> None:
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"), full("c-2", level="unknown"))}))
    assert (found.file, found.problems, found.conflicts, found.blocked, found.failed) == (
        "given.xlsx",
        [],
        [],
        False,
        False,
    )
    assert [change.criterion for change in found.changes] == ["c-1", "c-2"]
    assert found.written == ["changed desk-a"]
    ((before, answers, head),) = store.changed
    assert (before, head, store.created) == (store.cards["v-1", "business", "desk-a"], {}, [])
    assert {key: answer and answer.level for key, answer in answers.items()} == {"c-1": 3, "c-2": "unknown"}


def test_emptied_answers_are_taken_away(tmp_path: Path) -> None:
    _, store = imported(file(tmp_path, {"One": sheet("v-1", {"criterion": "c-1", "line": 1})}))
    assert [answers for _, answers, _ in store.changed] == [{"c-1": None}]


def test_a_remark_alone_is_a_change(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-1")})
    book = openpyxl.load_workbook(path)
    book["One"]["N5"], book["One"]["N6"] = "#head notice", "By two."
    book.save(path)
    (found,), store = imported(path)
    assert ([one.after for one in found.headers], found.written) == (["By two."], ["changed desk-a"])
    assert [(answers, head) for _, answers, head in store.changed] == [({}, {"notice": "By two."})]


def test_a_new_scorecard_is_created_with_its_answers_or_not_at_all(tmp_path: Path) -> None:
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"), assessor="desk-b")}))
    assert found.written == ["new desk-b"]
    (card,) = store.created
    assert (card.assessor, {key: answer.level for key, answer in card.answers.items()}) == ("desk-b", {"c-1": 3})
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1", {"criterion": "c-1"}, assessor="desk-b")}))
    assert (found.written, found.changes, store.created) == ([], [], [])


def test_what_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    (found,), store = imported(file(tmp_path, {"One": sheet("v-1")}))
    assert (found.written, store.changed, store.created) == ([], [], [])


def test_mistakes_hold_back_the_file_unless_the_valid_answers_are_asked_for(tmp_path: Path) -> None:
    path = file(
        tmp_path, {"One": sheet("v-1", full("c-1"), full("c-2", level="high")), "Two": sheet("v-2", full("c-1"))}
    )
    (found,), store = imported(path)
    assert (found.blocked, found.failed, found.written, store.changed) == (True, True, [], [])
    assert [(change.who.vendor, change.criterion) for change in found.changes] == [("v-1", "c-1"), ("v-2", "c-1")]
    (found,), store = imported(path, accept_valid=True)
    assert (found.blocked, found.failed, found.written) == (False, True, ["changed desk-a", "changed desk-a"])


def test_a_form_that_cannot_be_used_leaves_the_others(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-9", full("c-1")), "Two": sheet("v-2", full("c-1"))})
    (found,), _ = imported(path)
    assert [problem.cell for problem in found.problems] == ["One!A1"]
    assert [change.who.vendor for change in found.changes] == ["v-2"]
    (found,), store = imported(path, accept_valid=True)
    assert [before.vendor for before, _, _ in store.changed] == ["v-2"]


def test_a_second_copy_of_a_sheet_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-1", full("c-1")), "Two": sheet("v-1", full("c-2"))})
    (found,), _ = imported(path)
    assert [(p.code, p.message, p.file, p.cell, p.hint) for p in found.problems] == [
        ("two-sheets", "the sheet is a second copy of 'One'", "given.xlsx", "Two!A1", "delete one of the two")
    ]
    assert [change.criterion for change in found.changes] == ["c-1"]


def test_a_file_that_is_not_opened_says_why_and_leaves_the_others(tmp_path: Path) -> None:
    good = file(tmp_path, {"One": sheet("v-1", full("c-1"))})
    files, _ = imported(tmp_path / "gone.xlsx", good)
    assert [(p.code, p.message, p.file) for p in files[0].problems] == [
        ("refused", "was not opened: there is no such file", "gone.xlsx")
    ]
    assert [found.blocked for found in files] == [True, False]


def test_conflicts_are_listed_and_nothing_is_taken(tmp_path: Path) -> None:
    path = file(tmp_path, {"One": sheet("v-1", full("c-1"))})
    (found,), store = imported(path, prefer=None)
    assert ([one.criterion for one in found.conflicts], found.failed, found.blocked) == (["c-1"], True, False)
    (kept,), _ = imported(path, prefer="ours")
    assert ([one.criterion for one in kept.kept], kept.failed, kept.changes) == (["c-1"], False, [])
    assert store.changed == []


def test_what_is_said_of_a_file_comes_from_all_its_forms(tmp_path: Path) -> None:
    lines = full("c-1"), {"criterion": "c-9", "level": 2}
    path = file(tmp_path, {"One": sheet("v-1", *lines)})
    book = openpyxl.load_workbook(path)
    book["One"].merge_cells("C3:C4")
    book.save(path)
    (found,), _ = imported(path)
    assert [problem.code for problem in found.problems] == ["unknown-criterion"]
    assert found.notes == [
        "the hidden sheet is gone: what was exported is not known, so every difference has to be decided",
        "V-1!C3:C4 is merged over 2 criteria; each of them gets what it says".replace("V-1", "One"),
    ]


def test_broken_files_of_a_vendor_keep_its_form_out(tmp_path: Path) -> None:
    broken = Problem("x", "is broken", card_of("v-1"))
    (found,), _ = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"))}), broken=(broken,))
    assert found.problems == [broken]


def test_the_day_of_the_answers_is_today(tmp_path: Path) -> None:
    (found,), _ = imported(file(tmp_path, {"One": sheet("v-1", full("c-1"))}))
    assert [change.after and change.after.date for change in found.changes] == [TODAY]


def test_a_report_says_whether_it_only_tried() -> None:
    assert import_files([], workspace(), Shelf(), ImportOptions(TODAY, dry_run=True)) == ImportReport((), dry_run=True)
    assert import_files([], workspace(), Shelf(), ImportOptions(TODAY)).dry_run is False


@pytest.mark.parametrize(
    ("spoil", "failed"),
    [
        (lambda found: found.problems.append(Problem("x", "x", "f")), True),
        (lambda found: found.problems.append(Problem("x", "x", "f", severity=Severity.WARNING)), False),
        (lambda found: found.conflicts.append(object()), True),
        (lambda found: found.kept.append(object()), False),
    ],
)
def test_an_import_failed_where_something_is_left_to_be_decided(spoil: Callable[[Any], None], failed: bool) -> None:  # noqa: FBT001
    found = Imported("f")
    spoil(found)
    assert found.failed is failed
    assert ImportReport((Imported("g"), found), dry_run=False).failed is failed
    assert not ImportReport((Imported("g"),), dry_run=False).failed
