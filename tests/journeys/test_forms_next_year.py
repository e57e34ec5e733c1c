"""The second time round: last review's answers in the export, answers confirmed, vendors asked what changed, gaps asked first."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import answer, card_of, contents, evidence, profile_of, write
from exchange_tools import Filled, card, take, texts_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_builders import NEXT, a_year_later, closed, final_contents

from evaluator import api
from evaluator.forms.import_changes import ImportReport
from evaluator.model.scorecard import Answer

DAY = date(2027, 11, 20)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed review 2026, and the same content a year later; v-1 has a page of its own and a reply among its evidence."""
    content = final_contents(vendors=3, criteria=4)
    card_ = content[card_of("v-1")]
    page = evidence(date="2026-10-02", captured="2026-10-03")
    page["source"] = "https://docs.v-1.example/sso"
    content[profile_of("v-1")]["homepage"] = "https://www.v-1.example/"
    reply = {**evidence(date="2026-09-01"), "source": "V-1: reply to our questionnaire", "grade": "D"}
    reply["note"] = "Reply of the vendor: =SAML, since spring."
    card_["answers"]["c-1"] = answer(2, evidence=[page, reply, evidence(date="2026-10-04")])
    folder = tmp_path / "ws"
    closed(folder, "2026", content)
    return write(folder, a_year_later(content))


def exported(root: Path, *vendors: str, **options: object) -> Filled:
    path = api.export_scorecards(root, vendors or ("v-1",), root / "out.xlsx", **options)  # type: ignore[arg-type]
    return Filled(path)


def questionnaire(root: Path, *vendors: str, **options: object) -> Filled:
    path = api.export_questionnaires(root, vendors or ("v-1",), root / "out.xlsx", **options)  # type: ignore[arg-type]
    return Filled(path)


def imported(root: Path, form: Filled, **options: object) -> ImportReport:
    return take(root, form.save(), **{"today": DAY, **options})


def answers(root: Path, vendor: str = "v-1", assessor: str = "desk-a") -> dict[str, Answer]:
    found = card(root, vendor, assessor)
    assert found is not None
    return dict(found.answers)


def test_an_export_shows_the_last_review_and_what_went_stale_since(root: Path) -> None:
    path = root / card_of("v-1")
    path.write_text(path.read_text(encoding="utf-8").replace("level: 2", "level: 1", 1), encoding="utf-8")
    form = exported(root, assessor="desk-a")
    first, second = (form.cell(key, "earlier").value for key in ("c-1", "c-2"))
    assert first.startswith("Review 2026, 2026-11-10: level 2\nOn 2026-11-10: level 1")
    assert second.startswith("Review 2026, 2026-11-10: level 2\nThe same now; nobody has confirmed it since.")
    assert "Stale: its evidence counted until 2027-10-" in second


def test_somebody_new_sees_what_the_review_counted(root: Path) -> None:
    form = exported(root, assessor="desk-z")
    text = form.cell("c-2", "earlier").value
    assert text.startswith("Review 2026 (desk-a), 2026-11-10: level 2")
    assert form.cell("c-2", "level").value is None


def test_nothing_earlier_is_shown_before_a_review_is_closed(tmp_path: Path) -> None:
    form = exported(write(tmp_path / "ws", contents(vendors=1, level=2)), assessor="desk-a")
    assert form.cell("c-1", "earlier").value == "On 2026-11-10: level 2"


def test_a_reworded_question_is_named_beside_the_earlier_answer(root: Path) -> None:
    path = root / "criteria/f-1.yaml"
    text = path.read_text(encoding="utf-8")
    assert "question: " in text
    path.write_text(text.replace("question: ", "question: Really, ", 1), encoding="utf-8")
    form = exported(root, assessor="desk-a")
    assert "The question or its levels have been reworded since then." in form.cell("c-1", "earlier").value


def test_an_answer_looked_at_again_gets_the_day_and_counts_as_confirmed(root: Path) -> None:
    api.review_open(root, "2027", NEXT, opened=date(2027, 10, 1))
    _, before = api.review_status(root, "2027")
    carried = {(vendor, who, key) for vendor, who, key in before.due.carried}
    assert ("v-1", "desk-a", "c-2") in carried
    form = exported(root, assessor="desk-a")
    form.put("c-1", "confirmed", "x")
    form.put("c-2", "confirmed", "20.11.2027")
    form.put_header("date", DAY)
    report = imported(root, form)
    assert report.files[0].problems == []
    assert {change.criterion: change.after and change.after.date for change in report.files[0].changes} == {
        "c-1": DAY,
        "c-2": DAY,
    }
    assert answers(root)["c-2"].level == 2
    assert answers(root)["c-3"].date is None
    _, after = api.review_status(root, "2027")
    assert carried - set(after.due.carried) == {("v-1", "desk-a", "c-1"), ("v-1", "desk-a", "c-2")}
    assert imported(root, form, today=date(2027, 11, 22)).files[0].changes == []


def test_a_reason_alone_confirms_too_even_on_the_day_of_the_scorecard(root: Path) -> None:
    path = root / card_of("v-1")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("assessed: 2026-11-10", f"assessed: {DAY}").replace("'2026-11-10'", f"'{DAY}'"), encoding="utf-8"
    )
    api.review_open(root, "2027", NEXT, opened=date(2027, 10, 1))
    assert ("v-1", "desk-a", "c-2") in api.review_status(root, "2027")[1].due.carried
    form = exported(root, assessor="desk-a")
    form.put("c-2", "rationale", "Read the page again; it says the same.")
    imported(root, form)
    assert answers(root)["c-2"].date == DAY
    assert ("v-1", "desk-a", "c-2") not in api.review_status(root, "2027")[1].due.carried


def test_a_confirmation_that_cannot_be_names_its_cell(root: Path) -> None:
    form = exported(root, assessor="desk-a")
    form.put("c-1", "confirmed", "x")
    form.put("c-2", "confirmed", "perhaps")
    form.put("c-3", "confirmed", date(2027, 12, 1))
    form.answer("c-4", None)
    form.put("c-4", "confirmed", DAY)
    problems = texts_of(imported(root, form).files[0].problems)
    assert {form.name(key, "confirmed") for key in ("c-1", "c-2", "c-3", "c-4")} == set(problems)
    assert "no day at the top of the sheet" in problems[form.name("c-1", "confirmed")]
    assert "lies after the date of the evaluation" in problems[form.name("c-3", "confirmed")]
    assert "no answer to confirm" in problems[form.name("c-4", "confirmed")]
    assert all(found.date is None for found in answers(root).values())


def test_a_confirmation_of_an_answer_that_changed_meanwhile_is_a_conflict(root: Path) -> None:
    form = exported(root, assessor="desk-a")
    path = root / card_of("v-1")
    path.write_text(path.read_text(encoding="utf-8").replace("level: 2", "level: 1", 1), encoding="utf-8")
    form.put("c-1", "confirmed", DAY)
    report = imported(root, form)
    assert [conflict.criterion for conflict in report.files[0].conflicts] == ["c-1"]
    assert answers(root)["c-1"].level == 1


def asked_again(root: Path, **options: object) -> Filled:
    return questionnaire(root, assessor="desk-a", **options)


def test_a_vendor_asked_again_sees_its_own_words_and_nothing_of_ours(root: Path) -> None:
    form = asked_again(root)
    assert form.cell("c-1", "stated").value == (
        "Has this changed since 2026-11-24?\n2026-10-02: https://docs.v-1.example/sso\n2026-09-01: =SAML, since spring."
    )
    assert form.cell("c-2", "stated").value == "Has this changed since 2026-11-24?\nNothing from you is on file."
    assert form.cell("c-1", "since_day").value == "2026-11-24"
    lists = [rule.formula1 for rule in form.sheet.data_validations.dataValidation if rule.type == "list"]
    assert lists == ['"unchanged,changed,do not know"'] * 4
    texts = " ".join(
        str(cell.value) for sheet in form.book.worksheets for row in sheet.iter_rows() for cell in row if cell.value
    ).lower()
    for word in ("level", "score", "weight", "confidence", "grade", "the page says so"):
        assert word not in texts


def test_what_nobody_knows_is_not_asked_for_changes(root: Path) -> None:
    content = final_contents(vendors=3, criteria=4)
    content[card_of("v-2")]["answers"]["c-2"] = answer("unknown")
    shutil.rmtree(root / "reports")
    closed(root, "2026", content)
    write(root, a_year_later(content))
    form = questionnaire(root, "v-2", assessor="desk-a")
    assert form.cell("c-2", "stated").value == "Not known to us yet; please reply in full."
    assert form.cell("c-2", "since_day").value is None
    assert form.cell("c-1", "since_day").value == "2026-11-24"
    form.put("c-2", "since", "unchanged")
    (problem,) = imported(root, form).files[0].problems
    assert problem.cell == form.name("c-2", "since")


def test_the_first_questionnaire_does_not_ask_what_changed(tmp_path: Path) -> None:
    form = asked_again(write(tmp_path / "ws", contents(vendors=1)))
    assert "since" not in form.columns
    assert "stated" not in form.columns


def test_unchanged_changed_and_do_not_know(root: Path) -> None:
    before = answers(root)
    form = asked_again(root)
    form.put("c-1", "since", " Unchanged. ")
    form.put("c-2", "since", "No change")
    form.put("c-3", "since", "CHANGED")
    form.put("c-3", "reply", "The log is kept for a year now.")
    form.put("c-4", "since", "don't know")
    form.put_header("date", DAY)
    report = imported(root, form)
    (file,) = report.files
    assert file.problems == []
    assert file.notes == [
        f"the vendor says that it has changed: c-3 [{form.name('c-3', 'since')}]",
        (
            "the vendor does not know whether it has changed (nothing follows from that): "
            f"c-4 [{form.name('c-4', 'since')}]"
        ),
    ]
    after = answers(root)
    assert {key: found.level for key, found in after.items()} == {key: found.level for key, found in before.items()}
    assert after["c-4"] == before["c-4"]
    new = {key: after[key].evidence[-1] for key in ("c-1", "c-2", "c-3")}
    assert all((item.grade, item.date, item.captured) == ("D", DAY, DAY) for item in new.values())
    assert all(after[key].evidence[:-1] == before[key].evidence for key in ("c-1", "c-2", "c-3"))
    assert new["c-1"].note == (
        "The vendor confirmed that nothing has changed since 2026-11-24. Stated before:\n"
        "2026-10-02: https://docs.v-1.example/sso\n2026-09-01: =SAML, since spring."
    )
    assert new["c-2"].note == "The vendor confirmed that nothing has changed since 2026-11-24."
    assert new["c-3"].note == "Reply of the vendor (changed since 2026-11-24): The log is kept for a year now."
    assert imported(root, form).files[0].changes == []
    text = api.imports_as_text(report)
    assert "does not know whether it has changed" in text
    again = asked_again(root)
    assert again.cell("c-3", "stated").value.startswith(
        f"Has this changed since {DAY}?\n{DAY}: The log is kept for a year now."
    )
    assert again.cell("c-3", "since_day").value == DAY.isoformat()


def test_what_a_vendor_says_confirms_no_answer_of_an_assessor(root: Path) -> None:
    api.review_open(root, "2027", NEXT, opened=date(2027, 10, 1))
    carried = set(api.review_status(root, "2027")[1].due.carried)
    form = asked_again(root)
    form.put("c-1", "since", "unchanged")
    form.put("c-2", "reply", "As it was.")
    assert len(imported(root, form).files[0].changes) == 2
    assert set(api.review_status(root, "2027")[1].due.carried) == carried


SAID = st.fixed_dictionaries(
    {
        "since": st.sampled_from(["", "unchanged", "changed", "do not know"]),
        "reply": st.sampled_from(["", "Yes.", "=1+1", "two\nlines", "ümlaut 😀"]),
        "link": st.sampled_from(["", "https://docs.v-1.example/a", "report.pdf"]),
        "document_date": st.sampled_from([None, date(2027, 3, 2)]),
    }
)


@given(st.dictionaries(st.sampled_from(["c-1", "c-2", "c-3", "c-4"]), SAID))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_vendor_says_comes_back_and_nothing_else(
    root: Path, tmp_path_factory: pytest.TempPathFactory, said: dict[str, dict[str, Any]]
) -> None:
    own = shutil.copytree(root, tmp_path_factory.mktemp("ws") / "ws")
    before = answers(own)
    form = asked_again(own)
    for key, cells in said.items():
        for column, value in cells.items():
            form.put(key, column, value or None)
    form.put_header("date", DAY)
    report = imported(own, form)
    mute = {key for key, cells in said.items() if cells["since"] == "changed" and not cells["reply"]}
    assert {problem.cell for problem in report.files[0].problems} == {form.name(key, "reply") for key in mute}
    if mute:
        assert answers(own) == before
        return
    for key, now in answers(own).items():
        cells = said.get(key, {})
        expected = bool(cells.get("since") == "unchanged") + bool(cells.get("reply") or cells.get("link"))
        old = list(before[key].evidence)
        new = [item for item in now.evidence if item not in old]
        assert len(new) == expected
        assert now.model_copy(update={"evidence": before[key].evidence}) == before[key]
        assert all(item.grade == "D" and item.captured == DAY for item in new)
        assert not cells.get("reply") or any(item.note.endswith(cells["reply"]) for item in new)
    assert imported(own, form).files[0].changes == []


def test_what_cannot_be_in_a_questionnaire_names_its_cell(root: Path) -> None:
    form = asked_again(root)
    form.put("c-1", "since", "unchanged")
    form.put("c-1", "stated", "2026-09-01: We do everything.")
    form.put("c-2", "since", "changed")
    form.put("c-3", "since", "yes")
    form.put("c-4", "since", "unchanged")
    form.put("c-4", "since_day", None)
    problems = texts_of(imported(root, form).files[0].problems)
    assert problems.keys() == {
        form.name("c-1", "stated"),
        form.name("c-2", "reply"),
        form.name("c-3", "since"),
        form.name("c-4", "since"),
    }
    assert "has been changed" in problems[form.name("c-1", "stated")]
    assert "does not say how" in problems[form.name("c-2", "reply")]
    assert "expected unchanged, changed or do not know, found 'yes'" in problems[form.name("c-3", "since")]


def test_questions_go_to_a_vendor_by_what_their_answers_are_worth(root: Path) -> None:
    workspace = api.load(root)
    (own,) = (found for found in api.questions(api.evaluate(workspace)).options if found.option == "v-2")
    ranked = [question.subject for question in own.questions if question.subject in workspace.catalogue.criteria]
    assert len(ranked) > 1
    form = questionnaire(root, "v-2", only="questions")
    assert list(form.rows) == ranked
    texts = [str(cell.value) for sheet in form.book.worksheets for row in sheet.iter_rows() for cell in row]
    assert "If time is short, begin at the top." in texts
    assert not any(word in " ".join(texts).lower() for word in ("gain", "value", "score", "regret", "stack", "level"))
    mine = exported(root, "v-2", assessor="desk-a", only="questions")
    assert list(mine.rows) == [key for key in workspace.catalogue.criteria if key in ranked]


def test_due_questions_go_out_through_the_same_forms(root: Path) -> None:
    api.review_open(root, "2027", NEXT, opened=date(2027, 10, 1))
    paths = {path.name: path for path in api.review_send(root, "2027", root / "out")}
    mine = Filled(paths["2027-desk-a.xlsx"], "V-1")
    assert mine.cell("c-2", "earlier").value.startswith("Review 2026, 2026-11-10: level 2\nThe same now")
    theirs = Filled(paths["2027-questions-v-1.xlsx"])
    assert theirs.cell("c-1", "since_day").value == "2026-11-24"
