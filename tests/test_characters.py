"""One rule for what is shown: what a terminal obeys gets a mark, what scripts and emoji need stays."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from builders import EVALUATION, card_of, contents, profile_of, write
from hypothesis import given
from hypothesis import strategies as st

from evaluator import api
from evaluator.characters import MARK, has_visible, safe_json, safe_line, safe_text
from evaluator.errors import EvaluatorError, Problem, one_line
from evaluator.model.base import AS_ISSUED, Model, Name
from evaluator.reports.terminal.page import Table, folded, padded, render
from evaluator.reports.words import abbreviated, columns_of, points

KEPT = [
    "👨‍👩‍👧‍👦", "❤️", "👍🏽", "🇩🇪", "1️⃣", "می‌خواهم", "क्‍ष", "නි‍ශ්", "e\u0301", "Zoë", "表意文字", "שלום", "عربي", "Ωμέγα",
    "\U0001fae9", "\U0001faff", "non\u00a0breaking", "a\tb\nc", "≥ 5 %", "−3",
]  # fmt: skip
MARKED = [
    *map(chr, range(9)), *map(chr, range(11, 32)), *map(chr, range(127, 160)), *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2060, 0x2070)), "\u2028", "\u2029", "\u200b", "\u200e", "\u200f", "\u061c", "\ufeff", "\u00ad",
    "\ud800", "\udcff", "\ue000", "\ufffe", "\U000e0041", "\U0001efff",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_what_scripts_and_emoji_need_is_kept(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.parametrize("letter", MARKED, ids=ascii)
def test_what_a_terminal_obeys_or_nobody_sees_gets_a_mark(letter: str) -> None:
    assert safe_text(f"a{letter}b") == safe_line(f"a{letter}b") == f"a{MARK}b"
    assert letter not in one_line(f"a{letter}b")


def test_a_joiner_between_latin_letters_is_shown_to_be_there() -> None:
    assert safe_text("ad\u200dmin\u200c") == f"ad{MARK}min{MARK}"


def test_a_line_end_in_a_name_makes_no_second_line() -> None:
    assert safe_line("a\nb\tc\r\n") == f"a{MARK}b{MARK}c{MARK}{MARK}"
    assert str(Problem("x", "bad\nfile.yaml: error: forged", "a\nb")).count("\n") == 0
    assert one_line("a\n  b\u2028c") == "a b c"


@given(st.text())
def test_nothing_else_is_shown_and_the_length_stays(text: str) -> None:
    shown = safe_text(text)
    assert len(shown) == len(text)
    assert {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp", "Co"} <= {"Cc", "Cf"}
    assert set(shown) & set(MARKED) == set()
    assert safe_text(shown) == shown


# Both halves of a surrogate pair side by side are one character in JSON.
MIXED = st.text(st.sampled_from([*MARKED, "a", "👩"])).filter(lambda text: "\ud800\udcff" not in text)


@given(st.text(st.characters(codec="utf-8")) | MIXED)
def test_json_made_safe_holds_equal_data(text: str) -> None:
    shown = safe_json(json.dumps({text: [text]}, ensure_ascii=False))
    assert json.loads(shown) == {text: [text]}
    assert not set(shown) & set(MARKED)


UNSEEN = [
    "",
    " ",
    "\u00a0\u2003",
    "\u200b",
    "\u2060\ufeff",
    "\u00ad",
    "\u3164",
    "\u115f\u1160\uffa0",
    "\u2800",
    "\ufe0f\u200d",
    "\u0301",
]


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
def test_blanks_and_invisible_characters_are_no_name(text: str) -> None:
    assert not has_visible(text)
    with pytest.raises(EvaluatorError):
        api.add_vendor(".", "acme", name=text, homepage="x", captured=api.load().evaluation.as_of)


@pytest.mark.parametrize("text", ["a", "?", "★", "表", "\u200bא", "1", "🙂", "_", "…"])
def test_a_letter_number_punctuation_or_symbol_is_seen(text: str) -> None:
    assert has_visible(text)


def test_check_names_the_place_of_a_name_that_nobody_sees(tmp_path: Path) -> None:
    content = contents(vendors=2)
    content[EVALUATION]["title"] = "\u3164\u200b"
    content[profile_of("v-1")]["name"] = "  "
    content[card_of("v-2")]["answers"]["c-1"]["rationale"] = "\u2060"
    found = api.check(write(tmp_path, content))
    assert [(problem.file, problem.code, problem.line is not None) for problem in found if "visible text" in problem.message] == [
        (EVALUATION, "empty-text", True),
        (profile_of("v-1"), "empty-text", True),
        (card_of("v-2"), "empty-text", True),
    ]  # fmt: skip


def test_a_closed_review_of_an_older_release_may_hold_such_a_name() -> None:
    class Named(Model):
        name: Name

    assert Named.model_validate_json('{"name": "\u3164"}', context=AS_ISSUED).name == "\u3164"


NAMES = ["👨‍👩‍👧‍👦 family", "表意文字プラットフォーム", "שלום עולם", "مرحبا بالعالم", "e\u0301clair", "क्षि", "Plain"]


def test_tables_line_up_in_every_script() -> None:
    page = render([Table((("option", str), ("score", points), ("end", str)), [(name, 1.0, "x") for name in NAMES])])
    assert len({columns_of(line[: line.rindex(" ")]) for line in page.splitlines()[2:]}) == 1
    assert all(name in page for name in NAMES)


@pytest.mark.parametrize("name", [name * 10 for name in NAMES])
def test_long_names_are_cut_and_folded_to_columns(name: str) -> None:
    assert columns_of(abbreviated(name, 24)) <= 24
    assert columns_of(padded(abbreviated(name, 24), 24)) == 24
    assert abbreviated(name, 24).removesuffix("…") in name
    assert "\u200d…" not in abbreviated(name, 24)
    assert max(map(columns_of, folded(name, 20))) <= 20
