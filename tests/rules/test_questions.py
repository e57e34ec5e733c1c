"""Questions that name a level or a grade."""

from __future__ import annotations

from typing import Any

import pytest
from builders import contents
from check_context import found, places

from evaluator.rules.questions import levels_in_questions

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
    assert finding.message == f"what c-2 asks speaks of '{word}', and vendors get it to read"


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


def test_a_criterion_of_no_known_file_is_passed_over() -> None:
    content = contents(criteria=2, families=1)
    for item in content[FILE]["criteria"]:
        item["question"] = "Level 2?"
    assert places(levels_in_questions, content, criteria={"c-2": (FILE, 1)}) == [(FILE, ("criteria", 1, "question"))]
