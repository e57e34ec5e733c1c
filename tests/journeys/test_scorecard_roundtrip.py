"""What is filled in comes back exactly, whichever program saved the workbook in between."""

from __future__ import annotations

import random
import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from builders import contents, write
from exchange_tools import OFFICE, TODAY, Filled, card, export, office, opened, order_of, setting_of, take
from exchange_tools import shipped as copy_shipped
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import evaluations

from evaluator.forms.cell_words import clean
from evaluator.forms.scorecard_form import scorecard_book
from evaluator.model.scorecard import Answer, Evidence, Scorecard
from evaluator.model.workspace import Vendor, Workspace
from evaluator.scoring.score import score

MANY = settings.default.max_examples if settings.default else 60
LONG_RUN = 1000
"""From so many examples on, the run is one with --hypothesis-profile=long."""
TWICE = MANY // 2 if MANY >= LONG_RUN else MANY // 4
"""Examples of two round trips each through the filling library: 15 in the suite, a thousand in the long run."""
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(clean).filter(bool),
    st.sampled_from(
        ["=1+1", "+49 30", "-5 %", "@home", "'quoted", "two\nlines", "a: b # c", "0012", "no", "~", "3.0", "TRUE",
         "2026-11-03", "word " * 80 + "end", "umlaut ä 😀 עברית", "<b>&amp;</b>", '"', "- item", "a\tb"]
    ),
)  # fmt: skip
DAYS = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2026, 11, 20)))


@st.composite
def items(draw: st.DrawFn) -> Evidence:
    day, captured = draw(DAYS), draw(DAYS)
    if day and captured:
        day, captured = min(day, captured), max(day, captured)
    return Evidence(
        source=draw(TEXTS),
        date=day,
        captured=captured or (date(2026, 1, 1) if day is None else None),
        grade=draw(st.sampled_from("ABCDE")),
        note=draw(st.one_of(st.just(""), TEXTS)),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    return Answer(
        level=draw(st.sampled_from(["unknown", 0, 1, 2, 3, 4])),
        rationale=draw(TEXTS),
        missing=tuple(draw(st.lists(TEXTS, max_size=4))),
        capped_from=draw(st.sampled_from([None, None, 3])),
        evidence=tuple(draw(st.lists(items(), max_size=5))),
        confidence=draw(st.sampled_from(["low", "medium", "high"])),
    )


CARDS = st.fixed_dictionaries({f"c-{number}": st.one_of(st.none(), answers()) for number in (1, 2, 3)})


def kept(card: dict[str, Answer | None]) -> dict[str, Answer]:
    return {key: answer for key, answer in card.items() if answer is not None}


def fill(path: Path, card: dict[str, Answer | None]) -> Path:
    form = Filled(path)
    for key, answer in card.items():
        form.answer(key, answer)
    return form.save()


LEVELS: tuple[int | str, ...] = ("unknown", 0, 1, 2, 3, 4)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_shipped(tmp_path_factory.mktemp("shipped"))


def test_every_shipped_scorecard_comes_back_unchanged(shipped: Path, tmp_path: Path) -> None:
    workspace = opened(shipped)
    before = {path: path.read_bytes() for path in shipped.rglob("*.yaml")}
    for assessor in ("desk-a", "desk-b"):
        report = take(shipped, export(shipped, tmp_path / "cards.xlsx", list(workspace.vendors), assessor))
        others = [problem for problem in report.files[0].problems if problem.code != "other-edition"]
        assert (report.files[0].changes, others, report.files[0].notes) == ([], [], [])
    assert {path: path.read_bytes() for path in shipped.rglob("*.yaml")} == before


def test_shipped_answers_typed_into_an_empty_form_come_back_exactly(shipped: Path, tmp_path: Path) -> None:
    workspace = opened(shipped)
    root = shutil.copytree(shipped, tmp_path / "ws")
    some = dict(list(workspace.vendors.items())[::3])
    target = export(root, tmp_path / "new.xlsx", list(some), "desk-c")
    book = openpyxl.load_workbook(target)
    for name, vendor in some.items():
        form, same = Filled(target, vendor.profile.name, book), _card(vendor, "desk-a")
        for key, answer in same.answers.items():
            form.answer(key, answer)
        form.put_header("date", same.assessed)
        form.put_header("notice", same.notice)
        assert name == form.vendor
    book.save(target)
    report = take(root, target)
    assert report.files[0].problems == []
    for name, vendor in some.items():
        written = card(root, name, "desk-c")
        assert written is not None
        # Handing in is a command of its own; nothing in a form says it.
        expected = _card(vendor, "desk-a").model_copy(update={"handed_in": None})
        assert written.model_copy(update={"assessor": "desk-a"}) == expected


def _card(vendor: Vendor, assessor: str) -> Scorecard:
    """The scorecard of an assessor on the edition that a new one is exported for."""
    (edition,) = vendor.profile.evaluated
    return next(card for card in vendor.scorecards if (card.assessor, card.edition) == (assessor, edition))


@given(CARDS, CARDS)
@settings(max_examples=TWICE)
def test_what_is_filled_in_comes_back(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, Answer | None], second: dict[str, Answer | None]
) -> None:
    root = write(tmp_path_factory.mktemp("ws"), contents(criteria=3, vendors=1, assessors=()))
    path = export(root, root / "form.xlsx", ["v-1"], "desk-a")
    report = take(root, fill(path, first))
    assert report.files[0].problems == []
    assert _answers(root) == kept(first)
    assert take(root, path).files[0].changes == []
    path = export(root, root / "form.xlsx", ["v-1"], "desk-a")
    assert take(root, path).files[0].changes == []
    report = take(root, fill(path, second), today=date(2026, 11, 10))
    assert report.files[0].problems == []
    assert _answers(root) == kept(second)


def _answers(root: Path) -> dict[str, Answer]:
    found = card(root, "v-1", "desk-a")
    return {key: answer.model_copy(update={"date": None}) for key, answer in found.answers.items()} if found else {}


def test_the_filling_library_writes_inline_strings_and_the_exporter_shared_ones(shipped: Path, tmp_path: Path) -> None:
    """So that the tests around this one try both."""
    path = export(shipped, tmp_path / "form.xlsx", ["airtable"], "desk-a")
    assert "xl/sharedStrings.xml" in zipfile.ZipFile(path).namelist()
    Filled(path).save()
    assert b"inlineStr" in zipfile.ZipFile(path).read("xl/worksheets/sheet3.xml")


@pytest.fixture(scope="module")
def through_office(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A form filled in at random and saved by LibreOffice as .xlsx, and as .ods and back."""
    folder = tmp_path_factory.mktemp("office")
    path = export(shipped, folder / "form.xlsx", ["mendix", "airtable"], "desk-c")
    filled = _random_answers(opened(shipped))
    fill(path, filled)
    (saved,) = office(folder / "xlsx", "xlsx", path)
    (ods,) = office(folder / "ods", "ods", path)
    (back,) = office(folder / "back", "xlsx", ods)
    return {"filled": kept(filled), "xlsx": saved, "ods and back": back, "workspace": opened(shipped)}


def _random_answers(workspace: Workspace) -> dict[str, Answer | None]:
    draw = random.Random(5)
    texts = ["=1+1", "two\nlines", "plain", "ümlaut 😀", "007", "+49", "a  b"]
    filled: dict[str, Answer | None] = {}
    for key, criterion in workspace.catalogue.criteria.items():
        if draw.random() < 0.1:
            continue
        choices: list[int | Literal["unknown"]] = [*criterion.levels, "unknown"]
        level = draw.choice(choices)
        evidence = [
            Evidence(source=draw.choice(texts), date=date(draw.randint(2022, 2025), draw.randint(1, 11), draw.randint(1, 28)),
                     captured=draw.choice([None, TODAY]), grade=draw.choice("ABCDE"), note=draw.choice(["", *texts]))
            for _ in range(draw.randint(0, 3))
        ]  # fmt: skip
        filled[key] = Answer(level=level, rationale=draw.choice(texts), evidence=tuple(evidence), confidence="medium",
                             missing=tuple(draw.sample(texts, draw.randint(0, 2))))  # fmt: skip
    return filled


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("way", ["xlsx", "ods and back"])
def test_libreoffice_loses_nothing(shipped: Path, through_office: dict[str, Any], way: str, tmp_path: Path) -> None:
    root = shutil.copytree(shipped, tmp_path / "ws")
    report = take(root, through_office[way])
    assert report.files[0].problems == []
    assert report.files[0].notes == []
    written = card(root, "mendix", "desk-c")
    assert written is not None
    assert written.answers == through_office["filled"]
    assert take(root, through_office[way]).files[0].changes == []


@needs_office
@pytest.mark.slow
def test_the_preview_recalculated_by_libreoffice_equals_the_score(through_office: dict[str, Any]) -> None:
    workspace = through_office["workspace"]
    found = progress(through_office["xlsx"])["Mendix"]
    expected = figures(workspace, "mendix", through_office["filled"])
    assert found == pytest.approx(expected, abs=1e-9)


@given(evaluations(max_vendors=1))
@settings(max_examples=MANY // 3)
def test_the_preview_stored_at_export_equals_the_score(tmp_path_factory: pytest.TempPathFactory, content: Any) -> None:
    root = write(tmp_path_factory.mktemp("ws"), content)
    workspace = opened(root)
    card = next(card for card in workspace.vendors["v-1"].scorecards if card.assessor == "desk-a")
    target = root / "form.xlsx"
    target.write_bytes(scorecard_book(setting_of(workspace), [order_of(workspace, "v-1", "desk-a")]))
    assert progress(target)["V-1"] == pytest.approx(figures(workspace, "v-1", card.answers), abs=1e-9)


@needs_office
@pytest.mark.slow
def test_generated_forms_recalculate_to_the_score(tmp_path: Path) -> None:
    """Own scales, own values, zero weights, subsets of criteria: all in one run of LibreOffice."""
    draw = random.Random(11)
    files, expected = [], []
    for number in range(6):
        content = contents(criteria=5, families=2, vendors=1, level=lambda *_: draw.choice(LEVELS))
        for name, value in content.items():
            for item in value.get("criteria", []) if name.startswith("criteria/f-") else []:
                item["values"] = sorted(draw.random() for _ in item["levels"])
                item["fresh_months"] = draw.choice([1, 12])
        content["criteria/weights.yaml"]["criteria"] = {f"c-{n}": draw.choice([0, 1, 2.5, 7]) for n in range(1, 5)} | {
            "c-5": 1
        }
        root = write(tmp_path / f"ws-{number}", content)
        workspace = opened(root)
        chosen = tuple(workspace.catalogue.criteria)[: draw.randint(1, 5)]
        files.append(export(root, tmp_path / f"form-{number}.xlsx", ["v-1"], "desk-a", criteria=chosen))
        expected.append(figures(workspace, "v-1", _card(workspace.vendors["v-1"], "desk-a").answers))
    for saved, wanted in zip(office(tmp_path / "saved", "xlsx", *files), expected, strict=True):
        assert progress(saved)["V-1"] == pytest.approx(wanted, abs=1e-9)


def progress(path: Path) -> dict[str, dict[str, float]]:
    """Vendor -> score, low, high and coverage, as the workbook shows them."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Progress"]
    titles = [cell.value for cell in sheet[4]]
    columns = {name: titles.index(name) for name in ("Score", "Low", "High", "Coverage")}
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    return {str(row[0]): {name: float(str(row[at])) for name, at in columns.items()} for row in rows if row[0]}


def figures(workspace: Workspace, vendor: str, answers: dict[str, Answer]) -> dict[str, float]:
    """The same from the engine, with this scorecard alone."""
    found = workspace.vendors[vendor]
    known = _card(found, "desk-a") if found.scorecards else None
    assert known is not None
    alone = known.model_copy(update={"answers": answers, "edition": found.profile.evaluated[0]})
    only = workspace.model_copy(
        update={
            "vendors": {**workspace.vendors, vendor: found.model_copy(update={"scorecards": (alone,)})},
            "evaluation": workspace.evaluation.model_copy(update={"options": (vendor,)}),
        }
    )
    option = score(only, workspace.evaluation.as_of).option(vendor)
    return {"Score": option.score, "Low": option.low, "High": option.high, "Coverage": option.coverage}
