"""Several assessors settle their differences; vendors reply to questions; neither overwrites what it should not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import answer, card_of, contents, evidence, write
from exchange_tools import TODAY, Filled, card, opened, order_of, setting_of, take

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.forms.export_order import orders_for
from evaluator.forms.moderation_form import SplitAnswer, moderation_book, moderation_for
from evaluator.forms.questionnaire_form import questionnaire_book
from evaluator.model.workspace import Workspace
from evaluator.scoring.score import score

LEVELS: dict[str, dict[str, int | str]] = {
    "desk-a": {"c-1": 0, "c-2": 2, "c-3": 3, "c-4": 1},
    "desk-b": {"c-1": 4, "c-2": 3, "c-3": "unknown", "c-4": 1},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    content = contents(
        criteria=4, vendors=1, assessors=("desk-a", "desk-b"), level=lambda _, key, who: LEVELS[who][key]
    )  # fmt: skip
    content[card_of("v-1", "desk-a")]["answers"]["c-2"]["missing"] = ["the contract"]
    content[card_of("v-1", "desk-b")]["answers"]["c-1"]["evidence"] = [evidence(source="https://vendor.example/other")]
    return write(tmp_path / "ws", content)


def book(root: Path) -> Filled:
    workspace = opened(root)
    moderation = moderation_for(workspace, "v-1", api.agreement(workspace, ["v-1"]))
    path = root / "moderation.xlsx"
    path.write_bytes(moderation_book(setting_of(workspace), moderation))
    return Filled(path)


def settle(form: Filled, criterion: str, level: Any, **more: Any) -> None:
    form.put(criterion, "level", level)
    form.put(criterion, "rationale", more.get("rationale", f"We looked at it together: {level}."))
    form.put(criterion, "confidence", more.get("confidence", "high"))


def agreed(root: Path) -> dict[str, Any]:
    found = card(root, "v-1", "agreed")
    return found.answers if found else {}


def test_every_difference_the_widest_apart_first(root: Path) -> None:
    form = book(root)
    assert list(form.rows) == ["c-1", "c-3", "c-2"]
    moderation = moderation_for(opened(root), "v-1", api.agreement(opened(root)))
    assert [moderation.split(key) for key in LEVELS["desk-a"]] == [
        SplitAnswer.FAR,
        SplitAnswer.NEAR,
        SplitAnswer.UNKNOWN,
        None,
    ]
    shown = [form.cell("c-1", key, line).value for line in (0, 1) for key in ("who", "their_level")]
    assert shown == ["desk-a", 0, "desk-b", 4]


def test_agreed_answers_carry_everybodys_evidence_and_leave_the_scorecards_alone(root: Path) -> None:
    before = {name: (root / card_of("v-1", name)).read_bytes() for name in LEVELS}
    form = book(root)
    settle(form, "c-1", 2)
    settle(form, "c-2", 2)
    settle(form, "c-3", "unknown", confidence=None)
    report = take(root, form.save())
    assert report.files[0].problems == []
    assert {name: (root / card_of("v-1", name)).read_bytes() for name in LEVELS} == before
    found = card(root, "v-1", "agreed")
    assert found is not None
    assert (found.kind, found.assessed, found.edition) == ("moderation", TODAY, "business")
    assert {item.source for item in found.answers["c-1"].evidence} == {
        "https://vendor.example/doc",
        "https://vendor.example/other",
    }
    assert found.answers["c-2"].missing == ("the contract",)
    assert found.answers["c-3"].confidence == "low"
    assert take(root, form.path).files[0].changes == []
    assert not [problem for problem in api.check(root) if problem.severity == "error"]


def test_scoring_takes_agreed_answers_first_and_keeps_the_dissent(root: Path) -> None:
    form = book(root)
    settle(form, "c-1", 2)
    take(root, form.save())
    option = score(opened(root), opened(root).evaluation.as_of).option("v-1")
    assert (option.cell("c-1").level, option.cell("c-1").levels, option.cell("c-1").by) == (
        2,
        {"desk-a": 0, "desk-b": 4},
        ("agreed",),
    )
    assert option.cell("c-2").level == 2


def test_what_is_still_to_be_shown_can_be_overruled(root: Path) -> None:
    form = book(root)
    settle(form, "c-2", 2)
    form.put("c-2", "missing", "none")
    take(root, form.save())
    assert agreed(root)["c-2"].missing == ()
    form = book(root)
    form.put("c-2", "missing", "a signed letter")
    form.put("c-2", "missing", "and a test", 1)
    take(root, form.save())
    assert agreed(root)["c-2"].missing == ("a signed letter", "and a test")
    assert book(root).cell("c-2", "missing", 1).value == "and a test"


def test_what_was_agreed_before_stays_in_the_workbook(root: Path) -> None:
    form = book(root)
    settle(form, "c-2", 2)
    take(root, form.save())
    card_b = (root / card_of("v-1", "desk-b")).read_text()
    (root / card_of("v-1", "desk-b")).write_text(card_b.replace("level: 3", "level: 2"))
    again = book(root)
    assert list(again.rows) == ["c-1", "c-3", "c-2"]
    assert again.cell("c-2", "level").value == 2
    for key in ("level", "rationale", "confidence"):
        again.put("c-2", key, None)
    for line in range(5):
        again.put("c-2", "missing", None, line)
    (change,) = take(root, again.save()).files[0].changes
    assert (change.criterion, change.after) == ("c-2", None)


def test_two_moderations_at_once_conflict_by_answer(root: Path) -> None:
    first, second = book(root), book(root)
    settle(first, "c-1", 2)
    settle(second, "c-1", 3)
    settle(second, "c-2", 2)
    take(root, first.save(root / "first.xlsx"))
    report = take(root, second.save(root / "second.xlsx"))
    assert [conflict.criterion for conflict in report.files[0].conflicts] == ["c-1"]
    assert {key: found.level for key, found in agreed(root).items()} == {"c-1": 2, "c-2": 2}


def test_it_takes_two_to_differ(tmp_path: Path) -> None:
    alone = opened(write(tmp_path / "ws", contents(vendors=1)))
    with pytest.raises(
        EvaluatorError, match="V-1 has one scorecard on its evaluated edition; moderation needs two or more"
    ):
        moderation_for(alone, "v-1", api.agreement(alone))


def test_assessors_who_agree_have_an_empty_form(tmp_path: Path) -> None:
    same = write(tmp_path / "ws", contents(vendors=1, assessors=("desk-a", "desk-b")))
    path, found = api.moderate(same, "v-1", tmp_path / "m.xlsx")
    assert found.overall.equal == 1
    assert take(same, path).files[0].changes == []


def questions(root: Path, criteria: tuple[str, ...] | None = None) -> Filled:
    workspace = opened(root)
    path = root / "questions.xlsx"
    orders = [order_of(workspace, "v-1", "desk-a", criteria)]
    path.write_bytes(questionnaire_book(setting_of(workspace), orders, workspace.evaluation.organisation))
    return Filled(path)


def test_a_questionnaire_shows_no_levels_scores_or_weights(root: Path) -> None:
    form = questions(root)
    texts = " ".join(
        str(cell.value)
        for sheet in form.book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )
    workspace = opened(root)
    for criterion in workspace.catalogue.criteria.values():
        assert criterion.question in texts
        assert not any(anchor in texts for anchor in criterion.levels.values())
    for word in ("level", "score", "weight", "confidence", "The page says so"):
        assert word not in texts.lower().replace("we score", "")


def test_replies_join_the_evidence_with_grade_d_and_never_change_a_level(root: Path) -> None:
    form = questions(root)
    before = card(root, "v-1", "desk-a")
    assert before is not None
    form.put("c-1", "reply", "=Yes, since spring.")
    form.put("c-3", "link", "https://vendor.example/soc2.pdf")
    form.put("c-3", "document_date", "3.11.2026")
    form.put_header("date", "2026-11-19")
    report = take(root, form.save())
    assert report.files[0].problems == []
    after = card(root, "v-1", "desk-a")
    assert after is not None
    assert {key: found.level for key, found in after.answers.items()} == LEVELS["desk-a"]
    reply = after.answers["c-1"].evidence[-1]
    assert (reply.grade, reply.date, reply.source) == ("D", reply.captured, "V-1: reply to our questionnaire")
    assert reply.note == "Reply of the vendor: =Yes, since spring."
    document = after.answers["c-3"].evidence[-1]
    assert (document.grade, str(document.date), str(document.captured)) == ("D", "2026-11-03", "2026-11-19")
    assert before.answers["c-1"].evidence[0] in after.answers["c-1"].evidence
    assert take(root, form.path).files[0].changes == []


def test_a_corrected_reply_replaces_the_former_one(root: Path) -> None:
    form = questions(root)
    form.put("c-1", "reply", "Yes.")
    take(root, form.save())
    form.put("c-1", "reply", "No.")
    (change,) = take(root, form.save()).files[0].changes
    assert change.after is not None
    assert [item.note for item in change.after.evidence if item.grade == "D"] == ["Reply of the vendor: No."]


def test_a_reply_without_an_answer_waits_as_unknown(tmp_path: Path) -> None:
    root = write(tmp_path / "ws", contents(vendors=1, assessors=()))
    form = questions(root)
    form.put("c-2", "reply", "Yes.")
    form.put("c-4", "document_date", "03/11/2026")
    (problem,) = take(root, form.save()).files[0].problems
    assert problem.cell == form.name("c-4", "document_date")
    form.put("c-4", "document_date", None)
    assert take(root, form.save()).files[0].problems == []
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert {key: found.level for key, found in written.answers.items()} == {"c-2": "unknown"}


def test_orders_follow_what_was_asked_for(root: Path) -> None:
    workspace: Workspace = opened(root)

    def criteria(**options: Any) -> tuple[str, ...]:
        (order,) = orders_for(workspace, ["v-1"], **options)
        return order.criteria

    assert criteria() == ("c-1", "c-3", "c-2", "c-4")
    assert criteria(assessor="desk-a", family="f-2") == ("c-2", "c-4")
    assert criteria(assessor="desk-b", only="unknown") == ("c-3",)
    assert criteria(assessor="desk-c", only="unknown") == ("c-1", "c-3", "c-2", "c-4")
    (blank,) = orders_for(workspace, ["v-1"])
    assert blank.assessor == ""
    for options, words in (
        ({"family": "f-9"}, "There is no family 'f-9'; did you mean f-2"),
        ({"assessor": "Anna M"}, "cannot be an assessor's id"),
        ({"assessor": "profile"}, "cannot be called profile"),
        ({"assessor": "agreed"}, "has no agreed scorecard to correct"),
        ({"assessor": "desk-a", "only": "stale"}, "There is nothing to export"),
        ({"only": "unknown"}, "Whose answers are unknown?"),
    ):
        with pytest.raises(EvaluatorError, match=words):
            orders_for(workspace, ["v-1"], **options)  # type: ignore[arg-type]
    for vendors, words in ((["v-2"], "There is no vendor 'v-2'; did you mean v-1"), (["v-1", "v-1"], "named twice")):
        with pytest.raises(EvaluatorError, match=words):
            orders_for(workspace, vendors)


def test_vendors_are_not_asked_what_only_the_organisation_knows(tmp_path: Path) -> None:
    content = contents(vendors=1)
    content["criteria/f-1.yaml"]["criteria"][0]["own_figures"] = True
    content["evaluation.yaml"]["out_of_scope"] = {"c-4": "Not this year."}
    root = write(tmp_path / "ws", content)
    path = api.export_questionnaires(root, ["v-1"], tmp_path / "q.xlsx", assessor="desk-a")
    assert list(Filled(path).rows) == ["c-3", "c-2"]
    with pytest.raises(EvaluatorError, match="no criterion is left to be asked"):
        api.export_questionnaires(write(tmp_path / "none", contents(vendors=1, criteria=0)), ["v-1"], path)


def test_stale_answers_are_named_with_their_day(tmp_path: Path) -> None:
    content = contents(vendors=1, level=2)
    content[card_of("v-1")]["answers"]["c-2"] = answer(2, evidence=[evidence(date="2024-01-31")])
    root = write(tmp_path / "ws", content)
    path = api.export_scorecards(root, ["v-1"], tmp_path / "stale.xlsx", assessor="desk-a", only="stale")
    form = Filled(path)
    assert list(form.rows) == ["c-2"]
    assert form.cell("c-2", "earlier").value == (
        "On 2026-11-10: level 2\nStale: its evidence counted until 2025-01-31. Look at the source again, or find a newer one."
    )
    assert (
        openpyxl.load_workbook(path, data_only=True)["V-1"][form.cell("c-2", "to_do").coordinate].value
        == "the evidence is stale"
    )
