"""Rules held against a workspace in their order, with the files it was read from."""

from __future__ import annotations

from builders import AS_OF, EVALUATION, WEIGHTS, build, contents

from evaluator.errors import Problem, Severity
from evaluator.model.file_names import Layout
from evaluator.rules import references, scope, weights, wording
from evaluator.rules.base import Rule
from evaluator.rules.run import NEEDED_TO_COMPUTE, RULES, run

FAMILY = "criteria/f-1.yaml"


def test_problems_come_in_the_order_of_the_rules_with_all_that_was_found() -> None:
    content = contents(vendors=1)
    content[EVALUATION]["options"] = ["v-1"]
    del content[WEIGHTS]["families"]["f-2"]
    rules = (
        Rule("two", Severity.WARNING, scope.few_options),
        Rule("one", Severity.ERROR, weights.missing_weights),
    )
    assert run(build(content), AS_OF, rules=rules) == [
        Problem(
            "two", "there is only one option; a choice needs at least two", EVALUATION, ("options",),
            hint="add each by: evaluator vendor add ID", severity=Severity.WARNING,
        ),
        Problem(
            "one", "the family f-2 has no weight", WEIGHTS, ("families",),
            hint="add f-2: and a number; 0 takes it out of the sum", severity=Severity.ERROR,
        ),
    ]  # fmt: skip


def test_a_layout_that_does_not_place_everything_is_completed() -> None:
    content = contents(criteria=2, families=1)
    for item in content[FAMILY]["criteria"]:
        item["question"] = "Level 2?"
    rule = (Rule("q", Severity.ERROR, wording.levels_in_questions),)
    found = run(build(content), AS_OF, Layout(criteria={"c-2": ("criteria/own.yaml", 7)}), rule)
    assert [(problem.file, problem.path[1]) for problem in found] == [(FAMILY, 0), ("criteria/own.yaml", 7)]
    content[FAMILY]["family"] = "f-7"
    families = (Rule("f", Severity.ERROR, references.unknown_families),)
    for layout, file in ((None, "criteria/f-7.yaml"), (Layout(families={"f-7": "own.yaml"}), "own.yaml")):
        assert [problem.file for problem in run(build(content), AS_OF, layout, families)] == [file]


def test_all_rules_are_held_unless_some_are_named() -> None:
    content = contents()
    del content[WEIGHTS]["seal"]
    assert [problem.code for problem in run(build(content), AS_OF)] == ["unsealed"]
    assert run(build(content), AS_OF, rules=NEEDED_TO_COMPUTE) == []


def test_what_is_needed_to_compute() -> None:
    """Everything that leads nowhere, and what scoring itself would stumble over; nothing that only judges."""
    codes = [rule.code for rule in NEEDED_TO_COMPUTE]
    assert codes == [code for code in (rule.code for rule in RULES) if code in codes]
    assert {code for code in codes if not code.startswith("unknown-")} == {
        "status-quo-out-of-scope", "duplicate-id", "reserved-id", "missing-weight", "no-weight-at-all", "level-off-scale",
        "stack-limit",
    }  # fmt: skip
    assert all(rule.severity is Severity.ERROR for rule in NEEDED_TO_COMPUTE)
    assert sum(rule.code.startswith("unknown-") for rule in RULES) == len(codes) - 7


def test_severities() -> None:
    """What stops the work is an error; what only weakens the answer is a warning."""
    errors = {rule.code for rule in RULES if rule.severity is Severity.ERROR}
    assert errors - {rule.code for rule in NEEDED_TO_COMPUTE} == {
        "seals-out-of-order", "strange-judgement", "future-date", "captured-before-date", "weightless-use-case", "excluded-in-scope",
        "own-work-id", "own-work-incomplete",
    }  # fmt: skip
