"""What machines read of gates: outcomes by class and by tag, and what is cleared."""

from __future__ import annotations

from builders import AS_OF, build, tagged

from evaluator.reports.json_contract import score_data
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
