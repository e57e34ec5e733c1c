"""Words that compare, in every place where a reason stands."""

from __future__ import annotations

from typing import Any

import pytest
from builders import EVALUATION, answer, build, card_of, contents
from check_context import found, places

from evaluator.rules.wording import Comparison, comparing_word, comparisons, levels_in_questions


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It is BETTER, not best.", "BETTER"),
        ("the worse of two", "worse"),
        ("a market leading platform", "market leading"),
        ("an industry-leading one", "industry-leading"),
        ("the leading vendor", "leading vendor"),
        ("more complete than X", "more complete than"),
        ("it outperforms all", "outperforms"),
        ("state of the art", "state of the art"),
        ("best-in-class", "best-in-class"),
        ("inferior", "inferior"),
        ("best of all", "best"),
    ],
)
def test_the_word_as_written(text: str, word: str) -> None:
    assert comparing_word(text) == word


@pytest.mark.parametrize("text", ["", "best practice", "leading zero", "no more than 30", "betterment", "asbestos"])
def test_what_compares_nothing(text: str) -> None:
    assert comparing_word(text) is None


def test_every_reason_is_read_in_order() -> None:
    content = contents(criteria=1, families=1, vendors=3, level=2)
    content[card_of("v-2")]["answers"]["c-1"] = answer(2, rationale="Worse than v-1.")
    content[card_of("v-3")]["answers"]["c-1"] = answer(2, rationale="Better.")
    content[EVALUATION] |= {
        "options": ["v-1", "v-2"],
        "excluded": [
            {"option": "Fine", "reason": "No export.", "date": "2026-01-01"},
            {"option": "Old\n ware", "reason": "Inferior.", "date": "2026-01-01"},
        ],
        "out_of_scope": {"c-9": "superior elsewhere"},
        "stack": {
            "required": [{"tool": "v-1", "reason": "the best"}],
            "excluded": [{"tool": "v-9", "reason": "too few"}, {"tool": "v-2", "reason": "outperforms nobody"}],
        },
    }
    assert list(comparisons(build(content))) == [
        Comparison(card_of("v-2"), ("answers", "c-1", "rationale"), "the rationale of c-1", "Worse"),
        Comparison(EVALUATION, ("excluded", 1, "reason"), "the reason for leaving out Old ware", "Inferior"),
        Comparison(EVALUATION, ("out_of_scope", "c-9"), "the reason for taking out c-9", "superior"),
        Comparison(EVALUATION, ("stack", "required", 0, "reason"), "the reason for the limit on v-1", "best"),
        Comparison(EVALUATION, ("stack", "excluded", 1, "reason"), "the reason for the limit on v-2", "outperforms"),
    ]


FILE = "criteria/f-1.yaml"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Is it at Level 3?", "Level 3"),
        ("How would you reach levels of 2?", "levels of 2"),
        ("Evidence of grade B?", "grade B"),
        ("Grades  e, please", "Grades  e"),
    ],
)
def test_a_level_or_a_grade_is_found(text: str, word: str) -> None:
    content = contents(criteria=2, families=1)
    content[FILE]["criteria"][1]["question"] = text
    (finding,) = found(levels_in_questions, content)
    assert (finding.file, finding.path) == (FILE, ("criteria", 1, "question"))
    assert finding.message == f"the text of c-2 mentions '{word}', and vendors read it"


@pytest.mark.parametrize(
    "text", ["A level of detail", "grade Z", "grade Basic", "level three", "sublevel 3", "30 levels"]
)
def test_other_words_are_left_alone(text: str) -> None:
    content = contents(criteria=1, families=1)
    content[FILE]["criteria"][0]["question"] = text
    assert found(levels_in_questions, content) == []


def test_title_question_and_evidence_are_read_and_nothing_else() -> None:
    content = contents(criteria=1, families=1)
    changes: dict[str, Any] = {
        "title": "Level 1", "question": "Level 2?", "evidence": ["a page", "a page of grade A"], "why": "Level 3", "note": "Level 4"
    }  # fmt: skip
    content[FILE]["criteria"][0] |= changes
    assert places(levels_in_questions, content) == [
        (FILE, ("criteria", 0, *path)) for path in (("title",), ("question",), ("evidence", 1))
    ]
