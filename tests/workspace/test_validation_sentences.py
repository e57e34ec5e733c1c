"""What a model refuses becomes a sentence: what was expected, what stands there, where, and what may help."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from builders import AS_OF, CATALOGUE, EVALUATION, USE_CASES, WEIGHTS, answer, capability, card_of, contents, criterion

from builders import evidence, profile_of, use_case  # isort: skip
from pydantic import BaseModel, ValidationError, field_validator

from evaluator.errors import Problem
from evaluator.model.base import Model
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.workspace.declared_keys import annotation_at, known_keys
from evaluator.workspace.file_reader import KINDS
from evaluator.workspace.validation_messages import problems_of
from evaluator.workspace.yaml_positions import Places
from evaluator.workspace.yaml_reader import parse

CARD = card_of("v-1")
FAMILY = "criteria/f-1.yaml"


def problems(value: Any, kind: str) -> list[Problem]:
    """The problems of one file with this content."""
    document = parse(yaml.safe_dump(value, sort_keys=False, allow_unicode=True).encode(), "f.yaml")
    assert document.problems == ()
    model: type[Model] = KINDS[kind].model
    try:
        model.model_validate(document.value)
    except ValidationError as error:
        return problems_of(error, model, document.places, "f.yaml")
    return []


def kind_of(file: str) -> str:
    return str(contents()[file]["schema"]).partition("/")[0]


def changed(file: str, path: tuple[Any, ...], value: Any) -> list[Problem]:
    """The problems after setting one value in the content of a valid file."""
    content = contents()[file]
    holder = content
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return problems(content, kind_of(file))


A = ("answers", "c-1")
C = ("criteria", 0)
CASES: list[tuple[str, tuple[Any, ...], Any, str, str, str]] = [
    # file, path, value -> code, message, hint
    (CARD, (*A, "level"), "five", "wrong-type", "answers.c-1.level: expected a whole number or 'unknown', found 'five'", ""),
    (CARD, (*A, "level"), "3", "wrong-type", "answers.c-1.level: expected a whole number or 'unknown', found '3'", "remove the quotes"),
    (CARD, (*A, "level"), 2.5, "wrong-type", "answers.c-1.level: expected a whole number or 'unknown', found 2.5", "no fractions here"),
    (CARD, (*A, "level"), True, "wrong-type", "answers.c-1.level: expected a whole number or 'unknown', found true", ""),
    (CARD, (*A, "level"), None, "wrong-type", "answers.c-1.level: expected a whole number or 'unknown', found nothing", "write unknown if it is not known"),
    (CARD, (*A, "level"), "unknwon", "wrong-type", "answers.c-1.level: expected a whole number or 'unknown', found 'unknwon'", "did you mean unknown?"),
    (CARD, (*A, "level"), [1], "wrong-type", "answers.c-1.level: expected a whole number or 'unknown', found a list", ""),
    (CARD, (*A, "capped_from"), "x", "wrong-type", "answers.c-1.capped_from: expected a whole number, found 'x'", ""),
    (CARD, (*A, "rationale"), "", "empty-text", "answers.c-1.rationale: expected some text, found an empty text", ""),
    (CARD, (*A, "rationale"), 5, "wrong-type", "answers.c-1.rationale: expected text, found 5", "put it in quotes"),
    (CARD, (*A, "rationale"), {"a": "b"}, "wrong-type", "answers.c-1.rationale: expected text, found a mapping", "a text that contains a colon and a space needs quotes"),
    (CARD, (*A, "rationale"), ["x"], "wrong-type", "answers.c-1.rationale: expected text, found a list", "write one text instead of a list"),
    (CARD, (*A, "rationale"), "x" * 40_001, "too-long", "answers.c-1.rationale: expected at most 40000 characters, found 'xxx", ""),
    (CARD, (*A, "confidence"), "meduim", "not-one-of", "answers.c-1.confidence: expected 'low', 'medium' or 'high', found 'meduim'", "did you mean medium?"),
    (CARD, (*A, "confidence"), 3, "not-one-of", "answers.c-1.confidence: expected 'low', 'medium' or 'high', found 3", ""),
    (CARD, (*A, "rational"), "x", "unknown-key", "answers.c-1: unknown key `rational`", "did you mean rationale?"),
    (CARD, (*A, "zzz"), "x", "unknown-key", "answers.c-1: unknown key `zzz`", "known here: level, rationale, missing, capped_from, evidence, confidence, date"),
    (CARD, ("extra",), {"a": 1}, "unknown-key", "unknown key `extra`", "known here: schema, vendor,"),
    (CARD, (*A, "evidence"), "x", "wrong-type", "answers.c-1.evidence: expected a list, found 'x'", "write each entry on a line of its own, after a hyphen"),
    (CARD, (*A, "evidence"), [{"source": "x", "grade": "C"}], "evidence-undated", "answers.c-1.evidence[1]: evidence needs the date it stands for", "add date: or captured: as YYYY-MM-DD"),
    (CARD, (*A, "evidence"), [evidence(kind="page", valid_until="2027-01-01")], "valid-until-kind", "answers.c-1.evidence[1].valid_until: only a certificate has valid_until; expected kind: certificate", "write kind: certificate"),
    (CARD, (*A, "evidence"), [evidence(), evidence(grade="c")], "bad-form", "answers.c-1.evidence[2].grade: expected one capital letter, found 'c'", ""),
    (CARD, (*A, "date"), "2026-02-30", "bad-date", "answers.c-1.date: expected a date as YYYY-MM-DD, found '2026-02-30'", "there is no such day"),
    (CARD, (*A, "date"), "24.11.2026", "bad-date", "answers.c-1.date: expected a date as YYYY-MM-DD, found '24.11.2026'", "write 2026-11-24"),
    (CARD, (*A, "date"), "31.11.2026", "bad-date", "answers.c-1.date: expected a date as YYYY-MM-DD, found '31.11.2026'", "there is no such day"),
    (CARD, (*A, "date"), "2026-11-24 10:00", "bad-date", "answers.c-1.date: expected a date as YYYY-MM-DD", "leave out the time: 2026-11-24"),
    (CARD, (*A, "date"), "2026-11", "bad-date", "answers.c-1.date: expected a date as YYYY-MM-DD", "name a day; the last of the month"),
    (CARD, (*A, "date"), 2026, "bad-date", "answers.c-1.date: expected a date as YYYY-MM-DD, found 2026", "name a day; the last of the year"),
    (CARD, (*A, "date"), 20261124, "bad-date", "answers.c-1.date: expected a date as YYYY-MM-DD, found 20261124", ""),
    (CARD, ("assessed",), "soon", "bad-date", "assessed: expected a date as YYYY-MM-DD, found 'soon'", ""),
    (CARD, ("assessed",), None, "bad-date", "assessed: expected a date as YYYY-MM-DD, found nothing", ""),
    (CARD, ("answers",), ["x"], "wrong-type", "answers: expected a mapping of keys to values, found a list", ""),
    (CARD, ("answers", "c-1"), 3, "wrong-type", "answers.c-1: expected a mapping of keys to values, found 3", ""),
    (CARD, ("answers", "Data Residency"), answer(1), "bad-form", "answers: as key: expected lower-case letters and digits, in words joined by hyphens, found 'Data Residency'", "for instance data-residency"),
    (CARD, ("answers", 7), answer(1), "wrong-type", "answers: as key: expected text, found 7", "put it in quotes"),
    (CARD, ("vendor",), "V 1", "bad-form", "vendor: expected lower-case letters and digits, in words joined by hyphens, found 'V 1'", "for instance v-1"),
    (CARD, ("vendor",), "v" * 65, "too-long", "vendor: expected at most 64 characters", ""),
    (FAMILY, (*C, "levels"), {0: "a", 2: "b"}, "level-gap", "criteria[1].levels: levels must be whole numbers without a gap", "number the levels one by one"),
    (FAMILY, (*C, "levels"), {0: "a"}, "too-few", "criteria[1].levels: expected at least 2 entries, found a mapping", ""),
    (FAMILY, (*C, "levels"), {"0": "a", 1: "b"}, "wrong-type", "criteria[1].levels: as key: expected a whole number, found '0'", "remove the quotes"),
    (FAMILY, (*C, "levels"), {0: "a", 1: "b", 200: "c"}, "out-of-range", "criteria[1].levels: as key: expected at most 100, found 200", ""),
    (FAMILY, (*C, "levels", 3), 7, "wrong-type", "criteria[1].levels.3: expected text, found 7", "put it in quotes"),
    (FAMILY, (*C, "values"), [0, 1], "values-count", "criteria[1].values: values must give one number for each level", "one number per level"),
    (FAMILY, (*C, "values"), [0, 1, 0.5, 1, 1], "values-order", "criteria[1].values: values must not fall", "a higher level cannot have a lower value"),
    (FAMILY, (*C, "values"), [0, 2, 1, 1, 1], "out-of-range", "criteria[1].values[2]: expected at most 1, found 2", ""),
    (FAMILY, (*C, "values"), [0, "x", 1, 1, 1], "wrong-type", "criteria[1].values[2]: expected a number, found 'x'", ""),
    (FAMILY, (*C, "tag_gates"), {"personal-data": 9}, "tag-gate-level", "criteria[1].tag_gates: a gate requires a level that the criterion does not have", "choose one of the criterion's levels"),
    (FAMILY, (*C, "gates"), {"internal": 9}, "gate-level", "criteria[1].gates: a gate requires a level that the criterion does not have", "choose one of the criterion's levels"),
    (FAMILY, (*C, "fresh_months"), 0, "out-of-range", "criteria[1].fresh_months: expected at least 1, found 0", ""),
    (FAMILY, (*C, "edition_sensitive"), "yes", "wrong-type", "criteria[1].edition_sensitive: expected true or false, found 'yes'", "yes and no are plain words here"),
    (FAMILY, (*C, "tier"), "cor", "not-one-of", "criteria[1].tier: expected 'core' or 'extended', found 'cor'", "did you mean core?"),
    (FAMILY, ("criteria",), [], "too-few", "criteria: expected at least 1 entry, found a list", ""),
    (WEIGHTS, ("families", "f-1"), -1, "out-of-range", "families.f-1: expected at least 0, found -1", ""),
    (WEIGHTS, ("families", "f-1"), "ten", "wrong-type", "families.f-1: expected a number, found 'ten'", ""),
    (WEIGHTS, ("families", "f-1"), "10", "wrong-type", "families.f-1: expected a number, found '10'", "remove the quotes"),
    (WEIGHTS, ("families", "f-1"), 1e13, "out-of-range", "families.f-1: expected at most 1e+12", ""),
    (WEIGHTS, ("seal",), "yes", "wrong-type", "seal: expected a mapping of keys to values, found 'yes'", ""),
    (CATALOGUE, ("scale",), {"min": 4, "max": 0}, "scale-order", "scale.max: the highest level must lie above the lowest", "swap the two"),
    (CATALOGUE, ("version",), "1.0", "bad-form", "version: expected a version of three numbers such as 1.0.0, found '1.0'", ""),
    (CATALOGUE, ("version",), 1.0, "wrong-type", "version: expected text, found 1.0", "put it in quotes"),
    (EVALUATION, ("options",), "all", "wrong-type", "options: expected a list, found 'all'", "write each entry on a line of its own"),
    (EVALUATION, ("policies",), {"gates": "al"}, "not-one-of", "policies.gates: expected 'starter' or 'all' or a list, found 'al'", "did you mean all?"),
    (EVALUATION, ("policies",), {"gates": ["A b"]}, "bad-form", "policies.gates[1]: expected lower-case letters and digits", "for instance a-b"),
    (EVALUATION, ("policies",), {"close_points": [1]}, "wrong-type", "policies.close_points: expected a number, found a list", ""),
    (EVALUATION, ("stack",), {"max_tools": 9}, "out-of-range", "stack.max_tools: expected at most 6, found 9", ""),
    (USE_CASES, ("references",), [{"title": "x", "adress": "y"}], "not-one-of", "references[1]: as key: expected 'title' or 'address', found 'adress'", "did you mean address?"),
    (profile_of("v-1"), ("editions", 0, "prices", 0, "currency"), "euro", "bad-form", "editions[1].prices[1].currency: expected a currency of three capital letters", ""),
    (profile_of("v-1"), ("capabilities", "cap-1", "support"), "nativ", "not-one-of", "capabilities.cap-1.support: expected 'native',", "did you mean native?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "path", "value", "code", "message", "hint"), CASES)
def test_a_mistake_is_one_sentence(
    file: str, path: tuple[Any, ...], value: Any, code: str, message: str, hint: str
) -> None:
    (problem,) = changed(file, path, value)
    assert problem.code == code
    assert problem.message.startswith(message)
    assert problem.hint == hint if not hint else hint in problem.hint


def test_places_point_at_the_value_or_at_the_key() -> None:
    text = (
        "schema: scorecard/1\nvendor: v-1\nedition: e\nassessor: a\nassessed: soon\nkind: desk review\n"
        "answers:\n  c-1:\n    level: 2\n    rationale: x\n    confidnce: low\n  c-2:\n    - 1\n"
    )
    document = parse(text.encode(), "f.yaml")
    with pytest.raises(ValidationError) as raised:
        Scorecard.model_validate(document.value)
    found = problems_of(raised.value, Scorecard, document.places, "f.yaml")
    assert [(problem.line, problem.column, problem.code) for problem in found] == [
        (5, 11, "bad-date"),  # the value
        (8, 3, "missing-key"),  # the key of the mapping that lacks one
        (11, 5, "unknown-key"),  # the key itself
        (12, 3, "wrong-type"),  # the key of a list where a mapping is expected
    ]
    assert found[1].message == "answers.c-1: the key `confidence` is missing"
    assert found[1].hint == "one of: low, medium, high"
    assert found[1].path == ("answers", "c-1", "confidence")


def test_a_missing_key_at_the_top_is_placed_at_the_start() -> None:
    content = contents()[CARD]
    del content["edition"]
    (problem,) = problems(content, "scorecard")
    assert (problem.line, problem.column) == (1, 1)
    assert problem.message == "the key `edition` is missing"


def test_everything_wrong_in_a_file_comes_at_once() -> None:
    content = contents()[CARD]
    content["answers"]["c-1"] = {"level": "x"}
    content["answers"]["c-2"]["evidence"] = [{"source": 1, "grade": "X"}]
    content["kind"] = "guess"
    assert [problem.code for problem in problems(content, "scorecard")] == [
        "not-one-of", "missing-key", "missing-key", "wrong-type", "wrong-type",
    ]  # fmt: skip


def test_a_broken_entry_is_not_counted_as_missing_too() -> None:
    content = contents()[FAMILY]
    content["criteria"] = [criterion("c-1", title=5)]
    assert [problem.code for problem in problems(content, "criteria")] == ["wrong-type"]


def test_each_of_several_bad_entries_of_a_union_is_reported() -> None:
    found = changed(EVALUATION, ("policies",), {"gates": ["A", 1, "ok"]})
    assert [problem.path for problem in found] == [("policies", "gates", 0), ("policies", "gates", 1)]


def test_a_key_that_is_named_like_a_branch_of_a_union() -> None:
    found = changed(WEIGHTS, ("families",), {"int": "x", "float": -1})
    assert [(problem.path, problem.code) for problem in found] == [
        (("families", "int"), "wrong-type"),
        (("families", "float"), "out-of-range"),
    ]


def test_long_and_many_lined_values_are_shortened() -> None:
    (problem,) = changed(CARD, (*A, "confidence"), "a\nb" * 500)
    assert len(problem.message) < 150
    assert "\n" not in problem.message


def test_nothing_that_a_terminal_would_obey_is_quoted() -> None:
    document = parse(b'"\\e[2J": 1\nschema: "\\e]0;x\\a"\n"a\\u202Eb": 1\n', "f.yaml")
    with pytest.raises(ValidationError) as raised:
        Scorecard.model_validate(document.value)
    found = [*document.problems, *problems_of(raised.value, Scorecard, document.places, "f.yaml")]
    assert all(str(problem).isprintable() for problem in found)
    assert "unknown key `a\ufffdb`" in [problem.message for problem in found]


def test_an_error_type_nobody_foresaw_still_has_a_sentence() -> None:
    class Strange(BaseModel):
        x: int

        @field_validator("x")
        @classmethod
        def _never(cls, _: int) -> int:
            raise ValueError("no good")

    with pytest.raises(ValidationError) as raised:
        Strange.model_validate({"x": 1})
    (problem,) = problems_of(raised.value, Strange, Places(), "f.yaml")
    assert problem.code == "invalid-value"
    assert "no good" in problem.message


def test_the_models_say_what_may_stand_where() -> None:
    assert annotation_at(Scorecard, ("answers", "c-1")) is Answer
    assert known_keys(annotation_at(Scorecard, ("answers", "c-1", "evidence", 0)))[0] == "source"
    assert annotation_at(Scorecard, ("answers", "c-1", "level", "x")) is None
    assert known_keys(annotation_at(KINDS["evaluation"].model, ("policies", "capability_credit"))) == [
        "native", "partial", "built",
    ]  # fmt: skip


def test_the_untouched_content_has_no_mistake() -> None:
    for file, content in contents().items():
        assert problems(content, kind_of(file)) == []
    assert problems({**contents()[USE_CASES], "use_cases": [use_case("x")]}, "use-cases") == []
    assert capability("native")["source_date"] < AS_OF.isoformat()
