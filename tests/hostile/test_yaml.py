"""Floods in YAML files: refused or read with a bounded number of problems, and with a bounded number of looks at what is known."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import USE_CASES, WEIGHTS, answer, card_of, contents, write
from yaml._yaml import CParser

from evaluator import api
from evaluator.errors import MOST_ALIKE, Problem, Severity, Suggestions, folded
from evaluator.workspace.file_reader import KINDS, Reader
from evaluator.workspace.yaml_reader import MAX_PROBLEMS, parse

CARD = "schema: scorecard/1\nvendor: v-1\nedition: e\nassessor: a\nassessed: 2026-11-10\nkind: desk review\nanswers:\n"
ANSWER = "    level: 2\n    rationale: x\n    confidence: low\n"


def found(tmp_path: Path, text: str, kind: str = "scorecard") -> list[Problem]:
    """What is wrong with a file of this text."""
    (tmp_path / "f.yaml").write_text(text, encoding="utf-8")
    reader = Reader(tmp_path.resolve())
    reader.model("f.yaml", KINDS[kind].model)
    return reader.problems


class Counted(str):
    """A text that counts how often its lines are counted or parted, and over how much of it."""

    __slots__ = ()
    looked_at = 0

    def count(self, *given: Any) -> int:
        start, end = (*given[1:], 0, len(self))[:2] if len(given) > 1 else (0, len(self))
        Counted.looked_at += max(0, end - start)
        return super().count(*given)

    def split(self, *given: Any) -> list[str]:
        Counted.looked_at += len(self)
        return super().split(*given)


@pytest.mark.parametrize(
    "text",
    [
        "a:\n" + "\t#\n" * 100_000 + "b: 1\n",
        "a: 1\n" + "\t# x\n" * 100_000,
        "a:\n" + "- |\n  x\n  \ty\n" * 45_000,
        "a:\n" + "- |\n  x\n  \ty\n" * 45_000 + "\tb: 1\n",
    ],
    ids=["tab and comment", "tab and comment at the end", "literal blocks", "literal blocks and a stray tab"],
)
def test_tabs_are_looked_at_a_few_times_only(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluator.workspace.yaml_reader.decode", lambda data, _: Counted(data.decode()))
    monkeypatch.setattr("evaluator.workspace.yaml_reader.CParser", lambda text: CParser(str(text)))
    Counted.looked_at = 0
    document = parse(text.encode(), "f.yaml")
    assert Counted.looked_at <= 4 * len(text)
    assert len(document.problems) <= 1


def test_a_tab_after_many_literal_blocks_is_found_in_its_line() -> None:
    text = "a:\n" + "- |\n  x\n  \ty\n" * 1000 + "b:\n\tc: 1\n"
    (problem,) = parse(text.encode(), "f.yaml").problems
    assert (problem.code, problem.line, problem.column) == ("yaml-tab", 3003, 1)


FLOODS: dict[str, tuple[str, str]] = {
    "unknown keys": ("scorecard", CARD + "  c-1:\n" + ANSWER + "".join(f"k{i}: 1\n" for i in range(15_000))),
    "wrong answers": ("scorecard", CARD + "".join(f"  c-{i}: 1\n" for i in range(15_000))),
    "wrong keys": ("scorecard", CARD + "".join(f"  C {i}: {{}}\n" for i in range(15_000))),
    "wrong parts of unions": ("scorecard", CARD + "".join(f"  c-{i}: {{level: x}}\n" for i in range(15_000))),
    "wrong evidence": ("scorecard", CARD + "  c-1:\n" + ANSWER + "    evidence:\n" + "    - 1\n" * 15_000),
    "wrong criteria": ("criteria", "schema: criteria/1\nfamily: f\ncriteria:\n" + "- {}\n" * 15_000),
    "one key again and again": ("scorecard", "a: 1\n" * 15_000),
    "tags": ("scorecard", "a:\n" + "- !x 1\n" * 15_000),
    "anchors": ("scorecard", "a:\n" + "- &x 1\n" * 15_000),
    "merges": ("scorecard", "a: &x {b: 1}\nb:\n" + "  <<: *x\n" * 15_000),
    "large numbers": ("scorecard", "a:\n" + "- 1e400\n" * 15_000),
    "control characters": ("scorecard", "a:\n" + '- "\\e"\n' * 15_000),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_mistakes_is_told_by_its_first_ones(name: str, tmp_path: Path) -> None:
    kind, text = FLOODS[name]
    problems = found(tmp_path, text, kind)
    assert 0 < len(problems) <= 3 * MOST_ALIKE
    assert any("more" in problem.message or problem.code == "yaml-unread" for problem in problems)
    assert all(len(str(problem)) < 1000 for problem in problems)


@pytest.mark.parametrize(
    "text", ["[" * 900_000, "- " * 450_000, "? " * 450_000, "{a: " * 200_000], ids=lambda text: text[:3]
)
def test_a_deep_nesting_is_left_at_once(text: str, tmp_path: Path) -> None:
    (problem,) = found(tmp_path, text)
    assert problem.code in {"yaml-depth", "yaml-key", "yaml-syntax"}


@pytest.mark.parametrize("number", ["1e400", "-1e999999", "9" * 5000, "0x" + "f" * 5000, "1" * 16])
def test_a_number_that_is_too_large_is_one_mistake(number: str, tmp_path: Path) -> None:
    text = CARD + "  c-1:\n" + ANSWER.replace("level: 2", f"level: {number}")
    (problem,) = found(tmp_path, text)
    assert (problem.code, problem.line, problem.column) == ("yaml-number", 9, 12)


def test_what_a_tag_stands_before_is_one_mistake(tmp_path: Path) -> None:
    text = CARD + "  c-1:\n" + ANSWER.replace("level: 2", "level: !!float 2.5")
    assert [problem.code for problem in found(tmp_path, text)] == ["yaml-tag"]


def test_another_mistake_on_the_line_of_a_large_number_is_told_too(tmp_path: Path) -> None:
    text = CARD + "  c-1: {level: 1e400, rationale: 5, confidence: low}\n"
    assert [problem.code for problem in found(tmp_path, text)] == ["yaml-number", "wrong-type"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("%YAML 1.1\n---\n", "the file asks for YAML 1.1; files are read as YAML 1.2"),
        ("%YAML 1.3\n---\n", "the file asks for another version of YAML"),
        ("%YAML 2.0\n---\n", "the file asks for another version of YAML"),
        ("%OTHER x\n---\n", "a line that starts with % is not part of the content"),
    ],
)
def test_a_directive_that_asks_for_something_else_is_refused(head: str, words: str, tmp_path: Path) -> None:
    (problem,) = found(tmp_path, head + CARD + "  c-1:\n" + ANSWER)
    assert problem.message.startswith(words)
    assert problem.line == 1


def test_a_directive_for_the_version_that_is_read_is_fine(tmp_path: Path) -> None:
    assert found(tmp_path, "%YAML 1.2\n---\n" + CARD + "  c-1:\n" + ANSWER) == []


def test_the_fold_keeps_every_kind_and_says_how_many_follow() -> None:
    many = [Problem("a", f"a {number}", "f", line=number) for number in range(1, 251)]
    other = Problem("b", "b", "f", line=500)
    kept = folded([*many, other, Problem("a", "elsewhere", "g", line=1)])
    assert [problem.code for problem in kept] == ["a"] * MOST_ALIKE + ["b", "a"]
    assert kept[MOST_ALIKE - 1].message == f"a {MOST_ALIKE}; 150 more of this kind in this file are not listed"
    assert kept[-1].message == "elsewhere"
    assert folded(many[:MOST_ALIKE]) == many[:MOST_ALIKE]


def test_an_error_is_not_hidden_behind_many_warnings(tmp_path: Path) -> None:
    content = contents(criteria=300, families=1)
    answers = content[card_of("v-1")]["answers"]
    for given in answers.values():
        given["evidence"] = []
    answers["c-300"]["level"] = 9
    problems = api.check(write(tmp_path, content))
    assert [problem.code for problem in problems if problem.severity is Severity.ERROR] == ["level-off-scale"]
    assert sum(problem.code == "no-evidence" for problem in problems) == MOST_ALIKE


# Suggestions


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many words each search for a near one looked at."""
    real, sizes = difflib.get_close_matches, []

    def counting(word: str, possibilities: Any, *rest: Any, **named: Any) -> list[str]:
        sizes.append(len(possibilities))
        assert len(word) <= 80
        return real(word, possibilities, *rest, **named)

    monkeypatch.setattr(difflib, "get_close_matches", counting)
    return sizes


def _language(content: Any) -> None:
    strings = {f"firmness.title.{number}": "x" for number in range(2_000)}
    content["reports/language.yaml"] = {"schema": "language/1", "lang": "en", "strings": strings}


def _use_cases(content: Any) -> None:
    content[USE_CASES]["use_cases"][0]["must"] = [f"cap-x-{number}" for number in range(2_000)]


def _weights(content: Any) -> None:
    content[WEIGHTS]["criteria"] |= {f"c-x-{number}": 1 for number in range(2_000)}


def _answers(content: Any) -> None:
    content[card_of("v-1")]["answers"] |= {f"c-x-{number}": answer(2) for number in range(500)}


@pytest.mark.parametrize("flood", [_language, _use_cases, _weights, _answers])
def test_thousands_of_unknown_words_cost_twenty_searches(
    flood: Callable[[Any], None], looks: list[int], tmp_path: Path
) -> None:
    content = contents()
    flood(content)
    problems = api.check(write(tmp_path, content))
    assert 0 < len(looks) <= 2 * Suggestions.MOST
    assert len(problems) <= 2 * MOST_ALIKE
    assert "did you mean" in problems[0].hint or "known ids are in" in problems[0].hint


def test_the_same_word_is_searched_once(looks: list[int]) -> None:
    suggestions = Suggestions(["alpha", "beta"])
    assert {suggestions.nearest("alpa") for _ in range(100)} == {"alpha"}
    assert looks == [2]


def test_the_number_of_problems_of_one_text_is_bounded() -> None:
    document = parse(("a: 1\n" * 1000).encode(), "f.yaml")
    assert len(document.problems) == MAX_PROBLEMS + 1
    assert document.problems[-1].code == "yaml-unread"
