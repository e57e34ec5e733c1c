"""Scorecards in the folders of their editions and, as before, directly in the vendor's folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import AS_OF, Content, card_of, profile_of, with_editions, write
from exchange_tools import Filled, take
from review_builders import closed, final_contents, place

from evaluator import api
from evaluator.evaluation.evaluate import evaluate
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.sections import process_view
from evaluator.reviews import record_files
from evaluator.reviews.opening import confirm
from evaluator.reviews.record import UnusableRecordError, closed_review, sound_record
from evaluator.reviews.verification import verify
from evaluator.workspace.load import load

BESIDE = "vendors/v-1/desk-a.yaml"
EDITION = card_of("v-1")


def moved(content: Content) -> Content:
    """The content with the first vendor's scorecard beside its profile."""
    return {BESIDE if name == EDITION else name: value for name, value in content.items()}


@pytest.fixture(params=[EDITION, BESIDE])
def file(request: pytest.FixtureRequest) -> str:
    """Where the scorecard of desk-a lies."""
    return str(request.param)


@pytest.fixture
def root(file: str, tmp_path: Path) -> Path:
    content = final_contents(vendors=2, assessors=("desk-a", "desk-b"))
    return write(tmp_path / "ws", moved(content) if file == BESIDE else content)


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.glob("vendors/**/*.yaml")}


def answers(root: Path, file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((root / file).read_text())["answers"]
    return found


def test_a_returned_workbook_changes_the_scorecard_where_it_lies(root: Path, file: str, tmp_path: Path) -> None:
    before = files(root)
    form = Filled(api.export_scorecards(root, ["v-1"], tmp_path / "out.xlsx", assessor="desk-a"))
    form.put("c-1", "level", 4)
    form.save()
    report = take(root, form.path)
    assert (report.files[0].problems, report.files[0].written) == ([], [file])
    after = files(root)
    assert [name for name in after if after[name] != before.get(name)] == [file]
    assert answers(root, file)["c-1"]["level"] == 4
    assert take(root, form.path).files[0].written == []


def test_a_new_scorecard_and_an_agreement_go_into_the_folder_of_the_edition(root: Path, tmp_path: Path) -> None:
    form = Filled(api.export_scorecards(root, ["v-1"], tmp_path / "new.xlsx", assessor="desk-c"))
    for key in ("level", "rationale", "confidence"):
        form.put("c-1", key, {"level": "unknown", "rationale": "Not looked at.", "confidence": "low"}[key])
    form.save()
    assert take(root, form.path).files[0].written == [card_of("v-1", "desk-c")]
    agreement = Filled(api.moderate(root, "v-1", tmp_path / "moderation.xlsx")[0])
    for key, value in (("level", 2), ("rationale", "Agreed."), ("confidence", "high")):
        agreement.put("c-1", key, value)
    agreement.save()
    report = take(root, agreement.path)
    assert (report.files[0].problems, report.files[0].written) == ([], [card_of("v-1", "agreed")])
    assert load(root).problems == ()


def test_an_answer_is_confirmed_where_it_lies(root: Path, file: str) -> None:
    assert confirm(place(root), "v-1", "desk-a", ["c-1"], AS_OF) == ("c-1",)
    assert answers(root, file)["c-1"]["date"] == AS_OF


def test_after_the_edition_changes_each_edition_has_its_scorecard(root: Path, file: str, tmp_path: Path) -> None:
    profile = root / profile_of("v-1")
    profile.write_text(profile.read_text().replace("edition: business", "edition: enterprise", 1))
    before = (root / file).read_bytes()
    form = Filled(api.export_scorecards(root, ["v-1"], tmp_path / "new.xlsx"))
    form.put_header("assessor", "desk-a")
    for key, value in (("level", "unknown"), ("rationale", "Not looked at."), ("confidence", "low")):
        form.put("c-1", key, value)
    form.save()
    report = take(root, form.path)
    assert (report.files[0].problems, report.files[0].written) == ([], [card_of("v-1", edition="enterprise")])
    assert (root / file).read_bytes() == before
    loaded = load(root)
    assert loaded.problems == ()
    assert loaded.workspace
    (option,) = [one for one in evaluate(loaded.workspace, AS_OF, version="1").scores.options if one.id == "v-1"]
    assert (option.scorecards, option.left_out) == (("desk-a",), ("desk-a", "desk-b"))
    rows = process_view(evaluate(loaded.workspace, AS_OF, version="1"), ENGLISH).cards
    assert [(row.card.assessor, row.card.edition, row.used) for row in rows if row.option == "v-1"] == [
        ("desk-a", "business", False), ("desk-a", "enterprise", True), ("desk-b", "business", False),
    ]  # fmt: skip


def test_a_review_is_the_same_wherever_the_scorecards_lie(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    with_editions(content, "v-1", "desk-a", "enterprise", handed_in="2026-11-20")
    one, other = (closed(tmp_path / name, "2026", made) for name, made in (("one", content), ("other", moved(content))))
    assert (one / record_files.RECORD).read_bytes() == (other / record_files.RECORD).read_bytes()
    found = verify(tmp_path / "one", "2026")
    assert (found.tampered, found.figures) == ((), ())
    cards = sound_record(tmp_path / "one", "2026").workspace.vendors["v-1"].scorecards
    assert [(card.edition, str(card.handed_in)) for card in cards] == [
        ("business", "None"), ("enterprise", "2026-11-20"),
    ]  # fmt: skip
    shutil.rmtree(tmp_path / "other" / "vendors")
    assert verify(tmp_path / "other", "2026").tampered == ()


def test_a_record_with_two_scorecards_on_one_edition_is_not_used(tmp_path: Path) -> None:
    content = final_contents(vendors=2)
    with_editions(content, "v-1", "desk-a", "enterprise")
    closed(tmp_path, "2026", content)
    stored = record_files.read_record(tmp_path, "2026")
    cards = stored.data["workspace"]["vendors"]["v-1"]["scorecards"]
    for wrong in (cards[::-1], [cards[0], cards[0]]):
        stored.data["workspace"]["vendors"]["v-1"]["scorecards"] = wrong
        raw = record_files.canonical(stored.data)
        with pytest.raises(UnusableRecordError, match="v-1 are not one for each assessor and edition, in order"):
            closed_review(record_files.Stored(stored.folder, raw, stored.data))
