"""Answers of a scorecard are changed in place; comments, order, quotes and line ends of the rest stay to the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluatorError
from evaluator.workspace.scorecard_editor import (
    edited,
    edited_whole,
    editor,
    end_of,
    expected,
    joined_lines,
    split_lines,
    trimmed,
)
from evaluator.workspace.yaml_positions import Node
from evaluator.workspace.yaml_reader import parse

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
    return edited(text.encode(), answers, head or {}, ORDER).decode()


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
    assert "    # inside\n    rationale: r\n    level: unknown\n" in change({"c-4": level_last})


def test_entries_of_a_list_that_stay_keep_their_quotes() -> None:
    found = change({"c-2": {**TWO, "missing": ["zero", "one"]}})
    assert "    missing:\n      - zero\n      - 'one'\n    confidence" in found
    assert "      - two\n" not in found


def test_a_text_of_several_lines_is_written_as_such() -> None:
    found = change({"c-4": {**FOUR, "rationale": "a\nb: c"}})
    assert parse(found.encode(), "").value["answers"]["c-4"]["rationale"] == "a\nb: c"
    assert "    rationale: |-\n      a\n      b: c\n" in found
    assert "# inside" in found


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["c-1"], CARD.replace("  # about c-2\n  c-2", f"  # about c-2\n{new('c-1')}  c-2")),
        (["c-3"], CARD.replace("  # about c-4", f"{new('c-3')}  # about c-4")),
        (["c-5"], CARD.replace("# after", f"{new('c-5')}# after")),
        (["z-9", "c-5", "a-9"], CARD.replace("# after", f"{new('c-5')}{new('a-9')}{new('z-9')}# after")),
    ],
)
def test_new_answers_stand_where_the_catalogue_has_them(keys: list[str], text: str) -> None:
    assert change(dict.fromkeys(keys, NEW)) == text


def test_new_answers_follow_the_order_of_the_catalogue_and_not_their_own() -> None:
    one = "answers:\n  c-3: {level: 1}\n"
    found = edited(one.encode(), dict.fromkeys(["c-5", "c-1", "c-4", "c-2"], NEW), {}, ORDER)
    assert list(yaml.safe_load(found)["answers"]) == list(ORDER)
    assert found.decode() == (f"answers:\n{new('c-1')}{new('c-2')}  c-3: {{level: 1}}\n{new('c-4')}{new('c-5')}")


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
    assert found == f"a: 1\nanswers:\n{new('c-1')}{new('c-2')}\n# end\nz: 1\n"


def test_texts_of_the_head_are_set_added_and_taken_away() -> None:
    assert change({}, {"kind": "moderation"}) == CARD.replace("kind: trial", "kind: moderation")
    assert change({}, {"notice": "n: 1"}) == CARD.replace("answers:\n", "notice: 'n: 1'\nanswers:\n")
    assert change({}, {"kind": ""}) == CARD.replace("kind: trial\n", "")
    assert change({}, {"notice": ""}) == CARD
    assert change({"c-4": None}, {"assessor": "b"}).startswith(
        "# head\nschema: scorecard/1\nassessor: b\nkind: trial\n"
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


def test_what_no_way_of_editing_can_say_is_refused() -> None:
    with pytest.raises(EvaluatorError) as raised:
        change({"c-2": {**TWO, "rationale": "half \ud800"}})
    assert str(raised.value) == (
        "The scorecard's file has an unusual shape that cannot be edited safely; nothing was written."
    )


def test_what_the_file_says_after_a_change() -> None:
    value = {"kind": "trial", "notice": "n", "empty": "", "answers": {"a": {"level": 1}, "b": {"level": 2}}}
    found = expected(
        value, {"a": None, "c": {"level": 3, "missing": [["x"], "y"]}, "z": None}, {"notice": "", "kind": "k"}
    )
    assert found == {
        "kind": "k",
        "empty": "",
        "answers": {"b": {"level": 2}, "c": {"level": 3, "missing": (("x",), "y")}},
    }
    assert value["notice"] == "n"
    assert expected(value, {}, {"empty": ""}) == {"kind": "trial", "notice": "n", "answers": value["answers"]}


@pytest.mark.parametrize(
    ("text", "carriage", "lines"),
    [
        ("", "", [""]),
        ("a\nb\n", "", ["a", "b", ""]),
        ("a\r\nb\r\n", "\r", ["a\r", "b\r", "\r"]),
        ("a\r\nb", "\r", ["a\r", "b\r"]),
        ("a\nb\r\n", "\r", ["a", "b\r", "\r"]),
    ],
)
def test_lines_are_parted_and_joined(text: str, carriage: str, lines: list[str]) -> None:
    assert split_lines(text) == (lines, carriage)
    assert joined_lines(lines, carriage) == text.encode()


@given(st.text("a\r\n", max_size=12))
def test_parting_and_joining_changes_nothing(text: str) -> None:
    assert joined_lines(*split_lines(text)).decode() == text


def test_where_an_entry_ends() -> None:
    keys = {"a": (1, 1, Node(1, 1)), "c": (7, 1, Node(7, 1)), "b": (4, 1, Node(4, 1))}
    lines = ["x"] * 9
    assert [end_of(keys, key, lines) for key in ("a", "b", "c")] == [3, 6, 9]
    assert trimmed(["a:", "  b", "", " # c", "  ", "z"], 0, 5) == 2
    assert trimmed(["a:", "", "z"], 0, 2) == 1
    assert trimmed(["# a:", "# b"], 0, 2) == 1
    assert trimmed(["a:", "b"], 0, 2) == 2


def test_a_whole_file_keeps_comments_quotes_and_line_ends() -> None:
    text = "# head\r\na: 'x' # a\r\nlist:\r\n- 1\r\n"

    def rename(value: Any) -> None:
        value["b"] = date(2026, 1, 2)

    assert edited_whole(text.encode(), rename) == b"# head\r\na: 'x' # a\r\nlist:\r\n  - 1\r\nb: 2026-01-02\r\n"
    assert edited_whole(text.replace("\r", "").encode(), rename).count(b"\r") == 0


def test_the_editor_has_the_style_of_the_shipped_files() -> None:
    yaml_ = editor()
    assert (yaml_.width, yaml_.map_indent, yaml_.sequence_indent, yaml_.sequence_dash_offset) == (110, 2, 4, 2)
    assert yaml_.preserve_quotes is True


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
    wanted = {"c-2": TWO, "c-4": FOUR} | {key: answer for key, answer in answers.items() if answer is not None}
    for key in (key for key, answer in answers.items() if answer is None):
        wanted.pop(key, None)

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(entry) for key, entry in value.items()}
        return [plain(entry) for entry in value] if isinstance(value, list) else str(value)

    assert plain(yaml.safe_load(found)["answers"] or {}) == plain(wanted)
    assert list(yaml.safe_load(found)["answers"]) == [key for key in ORDER if key in wanted]
    assert found.startswith(CARD[: CARD.index("answers:")])
