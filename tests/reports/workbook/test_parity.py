"""After what-if edits, a spreadsheet's recalculation of the workbook equals the engine on an equally edited workspace.

A few cases go through LibreOffice where it is installed, more through IronCalc; ``tests/heavy/workbook_parity_many.py`` does hundreds.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from builders import (
    EVALUATION,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    build,
    capability,
    card_of,
    contents,
    profile_of,
    scorecard,
    with_evaluated,
)
from workbook_parity import (
    Edit,
    Expected,
    Grid,
    Inputs,
    Sheets,
    cells_of,
    edited,
    mismatches,
    official_inputs,
    random_edit,
    recalculated,
    soffice,
    typed,
)

from evaluator import api
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.reports.workbook import comparison_xlsx

ROOT = Path(__file__).parents[3]

libreoffice = pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return api.evaluate(api.load(ROOT))


def varied() -> Content:
    """Values of their own, stale and unsupported answers, floors, gates, emphasis, missing capabilities, ties, two editions."""
    chance = random.Random(4)
    levels: list[int | str] = ["unknown", 0, 1, 2, 3, 4]
    content = contents(criteria=7, families=3, vendors=6, use_cases=4)
    keys = [f"c-{number}" for number in range(1, 8)]
    for value in content.values():
        for item in value.get("criteria", []) if value["schema"] == "criteria/1" else []:
            item["values"] = sorted(round(chance.random(), 3) for _ in range(5))
            item |= {"starter_gate": True, "gates": {"internal": 1, "restricted": 3}}
    for number in range(1, 7):
        vendor = f"v-{number}"
        content[card_of(vendor)]["answers"] = {
            key: answer(
                level,
                evidence=[]
                if level == "unknown"
                else [
                    {"source": "s", "date": chance.choice(["2024-01-01", "2026-10-01"]), "grade": chance.choice("CDE")}
                ],
                missing=chance.choice([[], ["proof"]]),
            )
            for key in keys
            for level in [chance.choice(levels)]
        }
        support = ("native", "partial", "built", "none", "unknown")
        content[profile_of(vendor)]["capabilities"] = {
            key: capability(chance.choice(support)) for key in ("cap-1", "cap-2")
        }
    with_evaluated(content, "v-1", "business", "enterprise")
    answers = {key: answer(place % 5) for place, key in enumerate(keys)}
    content[card_of("v-1", edition="enterprise")] = scorecard("v-1", "desk-a", answers, edition="enterprise")
    content[card_of("v-6")]["answers"] = content[card_of("v-5")]["answers"]
    content[profile_of("v-6")]["capabilities"] = content[profile_of("v-5")]["capabilities"]
    for number, case in enumerate(content[USE_CASES]["use_cases"]):
        case |= {"importance": number, "data_class": ("public", "internal", "restricted", "public")[number]}
        case |= {"emphasis": {key: chance.choice([0, 0.5, 2]) for key in keys[:4]}, "must": ["cap-1"][: number % 2]}
    content[EVALUATION]["stack"] = {
        "required": [{"tool": "v-4", "reason": "in place"}],
        "excluded": [{"tool": "v-2", "reason": "no contract"}],
    }
    content[WEIGHTS]["criteria"] = {key: chance.choice([0, 5, 10]) for key in keys} | {"c-7": 5}
    return content


@pytest.fixture(scope="module")
def different() -> Evaluated:
    workspace = build(varied())
    return evaluate(workspace, workspace.evaluation.as_of, version="test")


SHIPPED = (
    Edit({}, {}, data_class=3, policy=3, size=2),
    Edit({"identity": 0, "cost": 0}, {"audit-retention": 0}, data_class=4, policy=2, size=4),
)
OTHER = Edit({"f-1": 90}, {}, data_class=4, policy=3, size=1)


def varied_edits(result: Evaluated) -> list[Edit]:
    chance = random.Random(12)
    return [OTHER, *(random_edit(result, chance) for _ in range(4))]


def wrong_inputs(content: bytes) -> list[Inputs]:
    """Zeros everywhere; a negative number, a word and a huge number; choices that do not exist."""
    grid = Grid(content, values=False)
    sheet, where = grid.place("input_family_weights")
    cells = [row[0].coordinate for row in grid.book[sheet][where]]
    choices = [grid.place(name) for name in ("input_data_class", "input_unknown_counts_as", "input_stack_size")]
    return [
        {(sheet, cell): 0.0 for cell in cells},
        {(sheet, cells[0]): -5.0, (sheet, cells[1]): "plenty", (sheet, cells[2]): 1e300},
        dict.fromkeys(choices, "no such choice"),
        {grid.place("look_up_option"): "nobody", grid.place("look_up_criterion"): "nothing"},
    ]


@pytest.fixture(scope="module")
def recalculated_files(result: Evaluated, different: Evaluated, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every case of this file in one run of LibreOffice: the shipped, the varied, the wrong ones."""
    folder = tmp_path_factory.mktemp("parity")
    shipped, other = comparison_xlsx(result), comparison_xlsx(different)
    made = [
        *(edited(shipped, edit, result) for edit in SHIPPED),
        *(edited(other, edit, different) for edit in varied_edits(different)),
        *(typed(other, inputs) for inputs in wrong_inputs(other)),
    ]
    files = [folder / f"case-{number}.xlsx" for number in range(len(made))]
    for file, content in zip(files, made, strict=True):
        file.write_bytes(content)
    return recalculated(files, folder / "profile", folder / "out")


def difference(file: Path, result: Evaluated, edit: Edit) -> list[str]:
    return list(mismatches(Grid(file), Expected(result.workspace, edit, result.version)))


@libreoffice
@pytest.mark.parametrize("number", range(2))
def test_the_shipped_workbook_equals_the_engine_after_edits(
    number: int, result: Evaluated, recalculated_files: list[Path]
) -> None:
    assert difference(recalculated_files[number], result, SHIPPED[number]) == []


@libreoffice
@pytest.mark.parametrize("number", range(5))
def test_a_varied_workbook_equals_the_engine_after_edits(
    number: int, different: Evaluated, recalculated_files: list[Path]
) -> None:
    assert difference(recalculated_files[2 + number], different, varied_edits(different)[number]) == []


@libreoffice
def test_no_input_makes_an_error_value_and_the_sheet_says_what_is_wrong(recalculated_files: list[Path]) -> None:
    found = [Grid(file) for file in recalculated_files[7:]]
    assert [list(one.errors()) for one in found] == [[]] * 4
    assert "nothing can be scored" in found[0].one("state_of_inputs")
    assert found[1].one("state_of_inputs").startswith("What-if: 3 of the weights differ")
    assert "equal the official ones" in found[2].one("state_of_inputs")
    assert found[3].book["Look up"]["B7"].value == "choose an option and a criterion above"


@libreoffice
def test_the_comparison_itself_can_fail(different: Evaluated, recalculated_files: list[Path]) -> None:
    plain = Edit({}, {}, data_class=1, policy=1, size=1)
    found = " ".join(difference(recalculated_files[2], different, plain))
    for figure in ("weight", "live_counted", "live_rank", "live_gates", "fit of", "stacks of 2"):
        assert figure in found


@pytest.mark.parametrize("which", ["shipped", "varied"])
def test_a_second_evaluator_agrees_after_many_edits(
    which: str, result: Evaluated, different: Evaluated, tmp_path: Path
) -> None:
    pytest.importorskip("ironcalc")
    chosen = result if which == "shipped" else different
    file = tmp_path / "case.xlsx"
    file.write_bytes(comparison_xlsx(chosen))
    sheets = Sheets(file)
    official, chance = official_inputs(sheets.written), random.Random(13)
    for _ in range(12):
        edit = random_edit(chosen, chance)
        sheets.type({**official, **cells_of(sheets.written, edit, chosen)})
        assert (edit, list(mismatches(sheets, Expected(chosen.workspace, edit, chosen.version)))) == (edit, [])
