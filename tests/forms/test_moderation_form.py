"""The workbook in which assessors settle what they see differently, cell by cell, and the answers they agree on."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from builders import (
    AS_OF,
    Content,
    answer,
    build,
    card_of,
    contents,
    evidence,
    freeze,
    profile_of,
    scorecard,
)
from exchange_sheets import header, rules, values, widths
from openpyxl.worksheet.worksheet import Worksheet

from evaluator.errors import EvaluatorError
from evaluator.forms.answer_rows import BLANK, AnswerRow, header_of, row_of
from evaluator.forms.cell_marks import exported
from evaluator.forms.export_order import Setting
from evaluator.forms.moderation_form import (
    Moderation,
    SplitAnswer,
    moderated_row,
    moderation_book,
    moderation_for,
    moderation_way,
)
from evaluator.model.assessor_agreement import Agreement, AgreementFigures
from evaluator.model.catalogue import Catalogue
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.model.workspace import Workspace

MARK = "#sheet moderation v-1 business agreed"
FIGURES = Agreement(
    ("desk-a", "desk-b"),
    ("v-1",),
    {"f-1": AgreementFigures("Family f-1", 2, 0.5, -0.25), "f-2": AgreementFigures("Family f-2", 0, None, None)},
    AgreementFigures("All", 2, 0.5, None),
)


def moderation(
    levels: dict[str, tuple[Any, ...]], agreed: dict[str, Any] | None = None, **changes: Any
) -> tuple[Workspace, Moderation]:
    """Criterion -> the answers of desk-a, desk-b ...; None where somebody did not answer."""
    count = max(map(len, levels.values()))
    names = [f"desk-{'abc'[n]}" for n in range(count)]
    of = contents(criteria=len(levels), families=1, vendors=1, assessors=names)
    for key, given in levels.items():
        for name, level in zip(names, given, strict=False):
            answers = of[card_of("v-1", name)]["answers"]
            answers[key] = answer(level, **changes) if level is not None else answers[key]
            if level is None:
                del answers[key]
    if agreed is not None:
        of[card_of("v-1", "agreed")] = {**of[card_of("v-1", "desk-a")], "assessor": "agreed", "answers": agreed}
    workspace = build(of)
    return workspace, moderation_for(workspace, "v-1", FIGURES)


@pytest.mark.parametrize(
    ("given", "split"),
    [
        ((0, 2), SplitAnswer.FAR), ((0, 1), SplitAnswer.NEAR), ((1, 1), None), ((1, "unknown"), SplitAnswer.UNKNOWN), ((0, "unknown"), SplitAnswer.UNKNOWN),
        (("unknown", "unknown"), None), ((0, 2, "unknown"), SplitAnswer.FAR), ((0, 1, "unknown"), SplitAnswer.UNKNOWN), ((3, None), None),
        ((None, None), None), ((0, 1, 2), SplitAnswer.FAR),
    ],
)  # fmt: skip
def test_how_far_answers_differ(given: tuple[Any, ...], split: SplitAnswer | None) -> None:
    _, found = moderation({"c-1": given})
    assert found.split("c-1") is split
    _, settled = moderation({"c-1": given}, agreed={"c-1": answer(1)})
    assert settled.split("c-1") is (SplitAnswer.SETTLED if split is None else split)
    _, other = moderation({"c-1": given}, agreed={})
    assert other.split("c-1") is split


def test_the_widest_difference_comes_first() -> None:
    assert list(SplitAnswer) == [SplitAnswer.FAR, SplitAnswer.UNKNOWN, SplitAnswer.NEAR, SplitAnswer.SETTLED]
    assert sorted(SplitAnswer) == list(SplitAnswer)


def book(workspace: Workspace, found: Moderation) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(moderation_book(Setting(workspace.catalogue, AS_OF, "1.2.3"), found)))


def form(*given: Any, **more: Any) -> Worksheet:
    found = book(*moderation(*given, **more))["V-1"]
    assert isinstance(found, Worksheet)
    return found


LEVELS: dict[str, tuple[Any, ...]] = {"c-1": (2, 3), "c-2": (0, 4), "c-3": (1, 1), "c-4": (2, "unknown"), "c-5": (3, 3)}


def test_sheets_identities_and_the_order_of_the_criteria() -> None:
    workspace, found = moderation(LEVELS, agreed={"c-5": answer(3)})
    made = book(workspace, found)
    assert made.sheetnames == ["Start here", "V-1", "Agreement", "_evaluator"]
    assert made["Start here"]["B1"].value == "Moderation: V-1"
    sheet = made["V-1"]
    column = [
        (row, sheet[f"A{row}"].value or sheet[f"C{row}"].value)
        for row in range(8, 32)
        if sheet[f"B{row}"].value in {None, 1}
    ]
    assert column == [
        (8, "Two or more levels apart"), (9, "c-2"), (14, "A level against unknown"), (15, "c-4"),
        (20, "One level apart"), (21, "c-1"), (26, "Agreed before; the assessors' answers no longer differ"), (27, "c-5"),
    ]  # fmt: skip
    hidden = [[cell.value for cell in row if cell.value is not None] for row in made["_evaluator"].iter_rows()]
    assert hidden[0] == ["evaluator-workbook/1", "1.2.3"]
    assert ["head", MARK, header_of(found.agreed).digest] in hidden
    agreed = AnswerRow(3, "The page says so.", (), "medium").digest
    assert [row[2:] for row in hidden if row[0] == "answer"] == [
        ["c-2", BLANK.digest], ["c-4", BLANK.digest], ["c-1", BLANK.digest], ["c-5", agreed],
    ]  # fmt: skip
    assert [row[1:] for row in hidden if row[0] == "criterion"] == [
        list(pair) for pair in exported(workspace.catalogue).criteria.items()
    ]


def test_a_criterion_cell_by_cell() -> None:
    of = {"c-1": (2, 4)}
    sheet = form(of, missing=["the contract", "a test"], evidence=[evidence(), evidence(source="b", grade="D")])
    found = values(sheet)
    assert {key: value for key, value in found.items() if key[1:] in {"1", "2", "3", "4", "5"}} == {
        "A1": MARK, "C2": "V-1 · Business · moderation", "C3": "Assessors", "C4": "#head assessors", "C5": "desk-a, desk-b",
        "E3": "Day of the agreement (no later than 2026-11-24; empty: the day of import)", "E4": "#head date",
    }  # fmt: skip
    assert [sheet.cell(7, n + 1).value for n in range(14)] == [
        f"#column {key}" for key in (
            "criterion", "line", "about", "step", "anchor", "who", "their_level", "their_confidence", "their_reason", "their_evidence",
            "level", "rationale", "missing", "confidence",
        )
    ]  # fmt: skip
    assert [sheet.cell(6, n + 1).value for n in range(2, 14)] == [
        "Criterion", "Level", "What it takes", "Assessor", "Answer", "Confidence", "Reason, and evidence still needed", "Evidence",
        "Agreed level or unknown", "Reason for the agreed level",
        "Evidence still needed (empty: as written by those who gave this level; none: nothing)", "Confidence",
    ]  # fmt: skip
    assert widths(sheet) == [38, 6, 46, 12, 9, 10, 46, 40, 10, 40, 30, 11]
    assert [sheet.column_dimensions[letter].hidden for letter in "AB"] == [True, True]
    reason = "The page says so.\nEvidence still needed: the contract; a test"
    listed = "C · document · 2026-10-01 · https://vendor.example/doc\nD · document · 2026-10-01 · b"
    assert [[sheet[f"{letter}{row}"].value for letter in "ABDEFGHIJ"] for row in (9, 10, 11)] == [
        ["c-1", 1, 0, "Level 0 of c-1", "desk-a", 2, "medium", reason, listed],
        ["c-1", 2, 1, "Level 1 of c-1", "desk-b", 4, "medium", reason, listed],
        ["c-1", 3, 2, "Level 2 of c-1", None, None, None, None, None],
    ]
    assert {str(one) for one in sheet.merged_cells.ranges} == {f"{letter}9:{letter}13" for letter in "CKLN"}
    unlocked = {"E5", *(f"{letter}{row}" for row in range(9, 14) for letter in "KLMN")}
    assert {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked} == unlocked
    assert sheet.max_row == 13
    assert str(sheet["C9"].value).startswith("Criterion c-1\n")


def test_what_was_agreed_stands_in_the_yellow_cells() -> None:
    sheet = form({"c-1": (2, 4)}, agreed={"c-1": answer(3, missing=["x", "y"], confidence="high", rationale="Agreed.")})
    assert [sheet[name].value for name in ("K9", "L9", "N9", "M9", "M10", "M11")] == [
        3,
        "Agreed.",
        "high",
        "x",
        "y",
        None,
    ]


def test_what_may_be_entered_and_how_it_prints() -> None:
    sheet = form({"c-1": (2, 4), "c-2": (1, 1), "c-3": (0, 2)})
    assert rules(sheet) == {
        "N8:N18": ("list", '"low,medium,high"'), "K9:K13 K14:K18": ("list", '"0,1,2,3,4,unknown"'),
    }  # fmt: skip
    assert (sheet.freeze_panes, sheet.sheet_view.zoomScale, sheet.protection.sheet) == ("D8", 90, True)
    assert (sheet.print_title_rows, sheet.print_area) == ("$6:$6", "'V-1'!$C$2:$N$18")
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (8, 1, 0)
    assert header(sheet) == "V-1 · moderation"


def test_nothing_to_settle_is_said() -> None:
    sheet = form({"c-1": (2, 2)})
    assert sheet["C8"].value == "The assessors do not differ on any criterion."
    assert sheet.print_area == "'V-1'!$C$2:$N$8"
    assert form({"c-1": (2, 4)})["C8"].value == "Two or more levels apart"


def test_a_block_has_a_row_for_every_assessor_and_every_entry() -> None:
    def rows_(*levels: Any, **agreed: Any) -> int:
        workspace, found = moderation({"c-1": levels}, agreed={"c-1": answer(1, **agreed)} if agreed else None)
        criterion = workspace.catalogue.criteria["c-1"].model_copy(update={"levels": {0: "a", 1: "b"}})
        catalogue = Catalogue(head=workspace.catalogue.head, families={"f-1": (criterion,)})
        data = moderation_book(Setting(catalogue, AS_OF, "1"), found)
        return int(openpyxl.load_workbook(io.BytesIO(data))["V-1"].max_row) - 8

    assert rows_(0, 4) == 2
    assert rows_(0, 4, 4) == 3
    assert rows_(0, 4, missing=["a", "b", "c", "d"]) == 4


def test_rows_are_as_high_as_their_texts() -> None:
    def heights(**changes: Any) -> list[float]:
        sheet = form({"c-1": (0, 4)}, **changes)
        return [float(sheet.row_dimensions[row].height or 15) for row in range(9, 14)]

    # 46 units of width hold 53 characters, 40 hold 46, 38 hold 44.
    assert heights(evidence=[evidence(source="s")])[0] == pytest.approx(14.8, abs=0.4)
    assert heights(rationale="x" * 54, evidence=[evidence(source="s")])[:3] == pytest.approx(
        [26.6, 26.6, 14.8], abs=0.4
    )
    assert heights(evidence=[evidence(source="x" * 18)])[0] == pytest.approx(14.8, abs=0.4)
    assert heights(evidence=[evidence(source="x" * 19)])[0] == pytest.approx(26.6, abs=0.4)
    long = heights(agreed={"c-1": answer(1, rationale="x" * 46 * 20)})
    assert sum(long) == pytest.approx(20 * 11.8 + 3, abs=2)


def test_agreement_before_the_moderation() -> None:
    sheet = book(*moderation({"c-1": (2, 4)}))["Agreement"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Agreement before the moderation", None, None, None],
        ["Assessors: desk-a, desk-b", None, None, None],
        [None] * 4,
        ["Family", "Questions compared", "Share of equal answers", "Alpha (ordinal)"],
        ["Family f-1", 2, 0.5, -0.25],
        ["Family f-2", 0, "–", "not defined"],
        ["All", 2, 0.5, "not defined"],
    ]
    assert [sheet[name].number_format for name in ("C5", "D5")] == ["0%", "0.00"]
    assert [sheet[name].font.b for name in ("A5", "A6", "A7")] == [False, False, True]
    assert (sheet.protection.sheet, sheet.print_title_rows, sheet.page_setup.fitToHeight) == (True, "$4:$4", 0)
    assert [round(sheet.column_dimensions[letter].width) for letter in "AB"] == [41, 19]
    assert (sheet.column_dimensions["B"].min, sheet.column_dimensions["B"].max) == (2, 4)
    assert (sheet.row_dimensions[1].height, sheet.sheet_view.showGridLines) == (26.25, False)


DAY = date(2026, 11, 20)
SHARED = evidence(source="shared")


def card(assessor: str, level: int | str, missing: tuple[str, ...] = (), *sources: str) -> Scorecard:
    items = [evidence(source=source) for source in sources]
    answers = {"c-1": {**answer(level, missing=missing), "evidence": items}}
    return Scorecard.model_validate(freeze(scorecard("v-1", assessor, answers)))


def agreed(row: AnswerRow, *cards: Scorecard, before: Answer | None = None, key: str = "c-1") -> Answer:
    way = moderation_way(cards, {"c-1": "print of c-1"})
    assert way.base == {"c-1": "print of c-1"}
    return way.build(key, row, before, DAY)


def test_a_form_shows_an_answer_without_its_evidence() -> None:
    full = Answer.model_validate(freeze(answer(2, missing=["a"], capped_from=3)))
    assert moderated_row(full) == AnswerRow(2, "The page says so.", ("a",), "medium")
    assert moderated_row(None) == BLANK
    assert moderation_way((), {}).view(full) == moderated_row(full)


def test_the_agreed_answer_says_what_the_row_says() -> None:
    found = agreed(AnswerRow(2, "Agreed.", ("a",), "high"), card("desk-a", 1))
    assert (found.level, found.rationale, found.missing, found.confidence, found.date, found.evidence) == (
        2, "Agreed.", ("a",), "high", DAY, (),
    )  # fmt: skip


def test_everybodys_evidence_once_the_agreed_ones_first() -> None:
    before = Answer.model_validate(freeze({**answer(2), "evidence": [evidence(source="old"), SHARED]}))
    found = agreed(
        AnswerRow(2, "r", (), "low"),
        card("desk-a", 1, (), "a", "shared"),
        card("desk-b", 2, (), "shared", "b"),
        before=before,
    )
    assert [item.source for item in found.evidence] == ["old", "shared", "a", "b"]
    assert agreed(AnswerRow(2, "r"), card("desk-a", 1, (), "a"), key="c-2").evidence == ()


def test_evidence_too_long_for_a_cell_is_kept_whole() -> None:
    found = agreed(AnswerRow(2, "r"), card("desk-a", 2, (), "x" * 35_000))
    assert [len(item.source) for item in found.evidence] == [35_000]
    assert len(row_of(found).evidence[0].source) < 33_000


@pytest.mark.parametrize(
    ("cards", "missing"),
    [
        ([("a", 2, ("m", "n")), ("b", 2, ("n", "o"))], ("m", "n", "o")),
        ([("a", 2, ("m",)), ("b", 2, ())], ()),
        ([("a", 2, ("m",)), ("b", 3, ())], ("m",)),
        ([("a", 1, ("m",)), ("b", 3, ("n",))], ()),
        ([("a", "unknown", ("m",))], ()),
        ([], ()),
    ],
)
def test_what_is_still_to_be_shown_where_all_who_gave_the_level_say_so(
    cards: list[tuple[Any, ...]], missing: tuple[str, ...]
) -> None:
    assert agreed(AnswerRow(2, "r"), *(card(*one) for one in cards)).missing == missing


@pytest.mark.parametrize("word", ["none", "None", "-", "–", "NOTHING"])
def test_the_moderators_may_say_that_nothing_is_missing(word: str) -> None:
    cards = card("a", 2, ("m",)), card("b", 2, ("m",))
    assert agreed(AnswerRow(2, "r", (word,)), *cards).missing == ()
    assert agreed(AnswerRow(2, "r", (word, "x")), *cards).missing == (word, "x")
    assert agreed(AnswerRow(2, "r", ("x",)), *cards).missing == ("x",)


def content(**knobs: Any) -> Content:
    """Two vendors; c-1 and c-3 are of the first family and come first, c-2 and c-4 of the second."""
    return contents(**{"level": 2, **knobs})


def figures() -> Agreement:
    return Agreement((), (), {}, AgreementFigures("All", 0, None, None))


def test_a_moderation_holds_the_scorecards_on_the_evaluated_edition() -> None:
    of = content(assessors=("agreed", "desk-a", "desk-b", "desk-c"))
    of[card_of("v-1", "desk-c")]["edition"] = "enterprise"
    found = moderation_for(build(of), "v-1", figures())
    assert [card.assessor for card in found.cards] == ["desk-a", "desk-b"]
    assert found.agreed is not None
    assert found.agreed.assessor == "agreed"
    assert found.profile.id == "v-1"
    of[card_of("v-1", "agreed")]["edition"] = "enterprise"
    assert moderation_for(build(of), "v-1", figures()).agreed is None


def test_it_takes_two_to_differ() -> None:
    with pytest.raises(EvaluatorError) as refused:
        moderation_for(build(content(assessors=("agreed", "desk-a"))), "v-1", figures())
    assert str(refused.value) == "V-1 has one scorecard on its evaluated edition; moderation needs two or more."
    of = content(assessors=("agreed",))
    of[profile_of("v-1")]["name"] = "Acme"
    with pytest.raises(EvaluatorError, match=r"^Acme has no scorecard on its evaluated edition"):
        moderation_for(build(of), "v-1", figures())
