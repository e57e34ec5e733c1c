"""What machines read: outcomes of gates by class and by tag, what is cleared, and what an import changes."""

from __future__ import annotations

from builders import AS_OF, answer, build, freeze, tagged

from evaluator.forms.import_changes import CardKey, Conflict, HeaderChange, Imported, ImportedChange, ImportReport
from evaluator.model.scorecard import Answer
from evaluator.reports.json_contract import imports_data, score_data
from evaluator.scoring.score import score


def test_gates_of_tags_stand_beside_those_of_classes() -> None:
    options = {option["id"]: option for option in score_data(score(build(tagged()), AS_OF))["options"]}
    assert options["v-1"]["tag_gates"] == {
        "personal-data": {"met": ["c-1"], "failed": [], "unsupported": [], "not_applicable": []},
        "secrets": {"met": [], "failed": ["c-2"], "unsupported": [], "not_applicable": ["c-3"]},
    }
    keys = ("assessed", "cleared", "cleared_tags", "clearable_tags")
    tags = ["personal-data", "secrets"]
    assert [options["v-2"][key] for key in keys] == [True, "restricted", tags, tags]
    assert [options["v-3"][key] for key in keys] == [False, None, [], tags]


def test_an_import_names_the_edition_of_every_scorecard() -> None:
    who = CardKey("v-1", "enterprise", "desk-a")
    level = Answer.model_validate(freeze(answer(2)))
    imported = Imported(
        "a.xlsx",
        changes=[ImportedChange(who, "c-1", None, level, "S!F9")],
        headers=[HeaderChange(who, "notice", "", "x", "S!C3")],
        conflicts=[Conflict(who, "c-2", level, None, "S!F12")],
    )
    (file,) = imports_data(ImportReport((imported,), dry_run=True))["files"]
    named = {"vendor": "v-1", "edition": "enterprise", "assessor": "desk-a"}
    for found in (*file["changes"], *file["heads"], *file["conflicts"]):
        assert found.items() >= named.items()
