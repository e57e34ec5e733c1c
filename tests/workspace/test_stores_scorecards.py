"""Scorecards are read, added and changed within a change to the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import answer, card_of, contents, freeze, scorecard, write
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.file_names import Layout
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.workspace.stores import CardStore, edit_answers, plain
from evaluator.workspace.transaction import transaction
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_reader import parse


def card(vendor: str = "v-1", assessor: str = "new", **answers: Any) -> Scorecard:
    return Scorecard.model_validate(
        freeze(scorecard(vendor, assessor, {k.replace("_", "-"): v for k, v in answers.items()}))
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, contents(criteria=2))


def test_plain_values_leave_out_what_is_empty_and_keep_what_is_zero() -> None:
    found = plain(Answer.model_validate(freeze(answer(0, missing=["x"], evidence=[]))))
    assert found == {"level": 0, "rationale": "The page says so.", "missing": ["x"], "confidence": "medium"}
    full = plain(card(c_1=answer(1)))
    assert list(full) == ["schema", "vendor", "edition", "assessor", "assessed", "kind", "answers"]
    assert full["answers"]["c-1"]["evidence"] == [
        {"source": "https://vendor.example/doc", "kind": "document", "date": "2026-10-01", "grade": "C"}
    ]


def test_a_card_is_read_as_the_change_makes_it(root: Path) -> None:
    with transaction(root) as change:
        store = CardStore(change, Layout())
        assert store.read("v-1", "business", "nobody") is None
        before = store.read("v-1", "business", "desk-a")
        assert before
        assert before.answers["c-1"].level == 0
        assert store.change(before, {"c-1": before.answers["c-1"].model_copy(update={"level": 4})}, {}) == card_of(
            "v-1"
        )
        assert (after := store.read("v-1", "business", "desk-a"))
        assert after.answers["c-1"].level == 4
    assert yaml.safe_load((root / card_of("v-1")).read_text())["answers"]["c-1"]["level"] == 4


@pytest.mark.parametrize(
    ("text", "code"), [("a: [", "yaml-syntax"), ("schema: scorecard/1\n", "missing-key"), ("a: &x 1\n", "yaml-alias")]
)
def test_a_card_with_errors_is_not_used(text: str, code: str, root: Path) -> None:
    (root / card_of("v-1")).write_text(text)
    with (
        transaction(root) as change,
        pytest.raises(ContentError, match=r"^vendors/v-1/business/desk-a\.yaml has errors") as raised,
    ):
        CardStore(change, Layout()).read("v-1", "business", "desk-a")
    assert raised.value.problems[0].code == code


@pytest.mark.parametrize(
    ("old", "new"),
    [("vendor: v-1", "vendor: v-2"), ("edition: business", "edition: other"), ("assessor: desk-a", "assessor: desk-b")],
)
def test_a_card_that_says_it_is_another_is_not_used(old: str, new: str, root: Path) -> None:
    path = root / card_of("v-1")
    path.write_text(path.read_text().replace(old, new))
    with transaction(root) as change, pytest.raises(ContentError) as raised:
        CardStore(change, Layout()).read("v-1", "business", "desk-a")
    (problem,) = raised.value.problems
    assert (problem.code, problem.file, problem.message) == ("scorecard-vendor", card_of("v-1"), str(raised.value))
    assert "'s on v-" in problem.message


def test_a_new_card_has_its_answers_in_the_order_of_the_criteria(root: Path) -> None:
    new = card(c_9=answer(1), c_1=answer(2), c_2=answer(3), c_0=answer(4))
    with transaction(root) as change:
        assert CardStore(change, Layout(), ["c-2", "c-1"]).create(new) == "vendors/v-1/business/new.yaml"
    text = (root / "vendors/v-1/business/new.yaml").read_text()
    assert text.startswith(
        "# yaml-language-server: $schema=../../../schemas/scorecard.schema.json\nschema: scorecard/1\nvendor: v-1\n"
    )
    assert list(yaml.safe_load(text)["answers"]) == ["c-2", "c-1", "c-0", "c-9"]
    assert list(plain(new)["answers"]) == ["c-9", "c-1", "c-2", "c-0"]
    with transaction(root) as change:
        assert CardStore(change, Layout()).read("v-1", "business", "new") == new
        with pytest.raises(EvaluatorError, match="There is a file"):
            CardStore(change, Layout()).create(new)


def test_new_answers_stand_in_the_order_of_the_criteria(root: Path) -> None:
    with transaction(root) as change:
        store = CardStore(change, Layout(), ["c-0", "c-1", "c-3", "c-2"])
        before = store.read("v-1", "business", "desk-a")
        assert before
        new = Answer.model_validate(freeze(answer(1)))
        store.change(before, {"c-3": new, "c-0": new}, {"kind": "trial"})
    found = yaml.safe_load((root / card_of("v-1")).read_text())
    assert list(found["answers"]) == ["c-0", "c-1", "c-3", "c-2"]
    assert found["kind"] == "trial"
    with transaction(root) as change:
        CardStore(change, Layout()).change(before, {"c-3": None}, {})
    assert list(yaml.safe_load((root / card_of("v-1")).read_text())["answers"]) == ["c-0", "c-1", "c-2"]


def test_a_card_that_is_gone_is_not_changed(root: Path) -> None:
    with transaction(root) as change, pytest.raises(EvaluatorError) as raised:
        CardStore(change, Layout()).change(card(c_1=answer(1)), {}, {})
    assert (
        str(raised.value)
        == "vendors/v-1/business/new.yaml cannot be read any more: the file is missing; nothing was written."
    )


CARD = """\
# head
schema: scorecard/1
assessor: "desk-a" # quoted
kind: trial

answers:
  # about c-2
  c-2:
    level: 2 # two
    rationale: >-
      Two
      lines.
    missing:
      - 'one' # first
      - two
    confidence: low
  # about c-4

  c-4: # four
    # inside
    level: unknown
    evidence:
      - source: x
        date: 2026-01-01
    confidence: low
# after

# end
"""
ORDER = ("c-1", "c-2", "c-3", "c-4", "c-5")
TWO = {"level": 2, "rationale": "Two lines.", "missing": ["one", "two"], "confidence": "low"}
FOUR = {"level": "unknown", "evidence": [{"source": "x", "date": "2026-01-01"}], "confidence": "low"}
NEW = {"level": 3, "confidence": "high"}


def change(answers: dict[str, Any], head: dict[str, str] | None = None, text: str = CARD) -> str:
    editor = YamlEditor(text.encode(), "card.yaml")
    edit_answers(editor, answers, head or {}, ORDER)
    return editor.text().decode()


def new(key: str) -> str:
    return f"  {key}:\n    level: 3\n    confidence: high\n"


def test_nothing_asked_nothing_changed() -> None:
    assert change({}) == CARD
    assert change({"c-2": TWO, "c-4": FOUR}) == CARD.replace(
        ">-\n      Two\n      lines.", ">-\n      Two\n      lines."
    )


def test_one_value_changes_in_its_line() -> None:
    assert change({"c-2": {**TWO, "level": 4}}) == CARD.replace("level: 2 # two", "level: 4 # two")
    assert change({"c-2": {**TWO, "confidence": "high"}}) == CARD.replace(
        "- two\n    confidence: low", "- two\n    confidence: high"
    )
    assert change({"c-4": {**FOUR, "level": 0}}) == CARD.replace("level: unknown", "level: 0")


def test_keys_come_and_go_in_their_order() -> None:
    assert change({"c-2": {**{k: v for k, v in TWO.items() if k != "rationale"}}}) == CARD.replace(
        "    rationale: >-\n      Two\n      lines.\n", ""
    )
    with_date = {**TWO, "date": "2026-02-03"}
    assert change({"c-2": with_date}) == CARD.replace(
        "- two\n    confidence: low", "- two\n    confidence: low\n    date: 2026-02-03"
    )
    level_last = {"rationale": "r", "level": "unknown", **{k: FOUR[k] for k in ("evidence", "confidence")}}
    assert "  c-4: # four\n    rationale: r\n    # inside\n    level: unknown\n" in change({"c-4": level_last})


def test_entries_of_a_list_that_stay_keep_their_quotes() -> None:
    found = change({"c-2": {**TWO, "missing": ["zero", "one"]}})
    assert "    missing:\n      - zero\n      - 'one' # first\n    confidence" in found
    assert "      - two\n" not in found


def test_a_text_of_several_lines_is_written_as_such() -> None:
    found = change({"c-4": {**FOUR, "rationale": "a\nb: c"}})
    assert parse(found.encode(), "").value["answers"]["c-4"]["rationale"] == "a\nb: c"
    assert "    rationale: |-\n      a\n      b: c\n" in found
    assert "# inside" in found


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["c-1"], CARD.replace("  # about c-2", f"{new('c-1')}  # about c-2")),
        (["c-3"], CARD.replace("  # about c-4", f"{new('c-3')}  # about c-4")),
        (["c-5"], CARD.replace("# after", f"{new('c-5')}# after")),
        (["z-9", "c-5", "a-9"], CARD.replace("# after", f"{new('c-5')}{new('a-9')}{new('z-9')}# after")),
    ],
)
def test_new_answers_stand_where_the_catalogue_has_them(keys: list[str], text: str) -> None:
    assert change(dict.fromkeys(keys, NEW)) == text


def test_new_answers_follow_the_order_of_the_catalogue_and_not_their_own() -> None:
    one = "answers:\n  c-3: {level: 1}\n"
    found = change(dict.fromkeys(["c-5", "c-1", "c-4", "c-2"], NEW), text=one)
    assert list(yaml.safe_load(found)["answers"]) == list(ORDER)
    assert found == (f"answers:\n{new('c-1')}{new('c-2')}  c-3: {{level: 1}}\n{new('c-4')}{new('c-5')}")


def test_new_answers_take_the_indentation_of_the_others() -> None:
    text = "answers:\n    c-1:\n        level: 1\n"
    assert change({"c-2": NEW}, text=text) == f"{text}    c-2:\n      level: 3\n      confidence: high\n"


def test_an_answer_is_taken_away_without_the_comment_before_it() -> None:
    assert change({"c-4": None}) == CARD[: CARD.index("  c-4:")] + "# after\n\n# end\n"
    assert change({"c-2": None, "c-9": None}) == CARD[: CARD.index("  c-2:")] + CARD[CARD.index("  # about c-4") :]


def test_the_last_answer_leaves_an_empty_mapping() -> None:
    text = "a: 1\nanswers:\n  c-1:\n    level: 1\nz: 1\n"
    assert change({"c-1": None}, text=text) == "a: 1\nanswers: {}\nz: 1\n"
    assert change({"c-1": None, "c-2": NEW}, text=text) == f"a: 1\nanswers:\n{new('c-2')}z: 1\n"


@pytest.mark.parametrize("empty", ["answers: {}\n", "answers: {} # none yet\n", "answers:\n  {}\n"])
def test_the_first_answers_replace_the_empty_mapping(empty: str) -> None:
    found = change({"c-2": NEW, "c-1": NEW}, text=f"a: 1\n{empty}\n# end\nz: 1\n")
    remark = "  # none yet" if "#" in empty else ""
    assert found == f"a: 1\nanswers:{remark}\n{new('c-1')}{new('c-2')}\n# end\nz: 1\n"


def test_texts_of_the_head_are_set_added_and_taken_away() -> None:
    assert change({}, {"kind": "moderation"}) == CARD.replace("kind: trial", "kind: moderation")
    assert change({}, {"notice": "n: 1"}) == CARD.replace("kind: trial\n", "kind: trial\nnotice: 'n: 1'\n")
    assert change({}, {"kind": ""}) == CARD.replace("kind: trial\n", "")
    assert change({}, {"notice": ""}) == CARD
    assert change({"c-4": None}, {"assessor": "b"}).startswith(
        "# head\nschema: scorecard/1\nassessor: b # quoted\nkind: trial\n"
    )


def test_a_file_in_flow_style_is_edited_as_a_whole() -> None:
    text = "# head\nkind: trial\nanswers: {c-1: {level: 1, confidence: low}, c-4: {level: 4}} # flow\n"
    changes = {"c-1": {"level": 2, "confidence": "low"}, "c-2": NEW, "c-4": None}
    found = change(changes, {"notice": "new", "kind": ""}, text)
    assert yaml.safe_load(found) == {
        "answers": {"c-1": {"level": 2, "confidence": "low"}, "c-2": NEW},
        "notice": "new",
    }
    assert list(yaml.safe_load(found)["answers"]) == ["c-1", "c-2"]
    assert found.startswith("# head\n")
    assert "# flow" in found


def test_in_flow_style_new_answers_stand_where_the_catalogue_has_them() -> None:
    text = "answers: {c-2: {level: 1}, c-4: {level: 4}}\n"
    assert list(yaml.safe_load(change(dict.fromkeys(["c-5", "c-3", "c-1"], NEW), text=text))["answers"]) == list(ORDER)


def test_what_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(EvaluatorError) as raised:
        change({"c-2": {**TWO, "rationale": "half \ud800"}})
    assert str(raised.value) == (
        "'card.yaml' cannot be edited safely, because of its layout or of a character in the new text; nothing was written. "
        "Try again after `evaluator format`."
    )


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Zl"]), min_size=1)
ANSWERS = st.fixed_dictionaries(
    {
        "level": st.integers(0, 4) | st.just("unknown"),
        "rationale": TEXTS,
        "confidence": st.sampled_from(["low", "high"]),
    },
    optional={"missing": st.lists(TEXTS, min_size=1, max_size=2), "date": st.dates().map(str)},
)


@given(st.dictionaries(st.sampled_from(ORDER), ANSWERS | st.none(), max_size=4))
def test_another_reader_finds_the_changes_and_nothing_else(answers: dict[str, Any]) -> None:
    found = change(answers)
    wanted = {"c-2": TWO, "c-4": FOUR} | {key: one for key, one in answers.items() if one is not None}
    for key in (key for key, one in answers.items() if one is None):
        wanted.pop(key, None)

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(entry) for key, entry in value.items()}
        return [plain(entry) for entry in value] if isinstance(value, list) else str(value)

    assert plain(yaml.safe_load(found)["answers"] or {}) == plain(wanted)
    assert list(yaml.safe_load(found)["answers"]) == [key for key in ORDER if key in wanted]
    assert found.startswith(CARD[: CARD.index("answers:")])
