"""How many questions the two pages of a vendor's paper have room for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import AS_OF, USE_CASES, build, contents, profile_of, use_case

from evaluator.evaluation.evaluate import evaluate
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.vendor_report import SubjectView, subject_view
from evaluator.sensitivity.value_of_information import value_of_information

PLAN = {"owner": "platform team", "planned": "Move over six months.", "export": "Tables as CSV."}


def view(gates: int, *, plan: bool, cases: int = 1) -> SubjectView:
    """The paper on a vendor of whom nothing is known, with so many unmet gates on 20 criteria."""
    content = contents(criteria=20, families=1, vendors=2, level=lambda vendor, *_: "unknown" if vendor == "v-1" else 3)
    for criterion in content["criteria/f-1.yaml"]["criteria"][:gates]:
        criterion["gates"] = {"internal": 2}
    content["evaluation.yaml"]["policies"] = {"gates": "all"}
    content[USE_CASES]["use_cases"] = [use_case(f"u-{n}") for n in range(cases)]
    if plan:
        content[profile_of("v-1")]["exit"] = PLAN
    workspace = build(content)
    result = replace(
        evaluate(workspace, AS_OF, version="test"),
        questions=value_of_information(evaluate(workspace, AS_OF, version="test"), 50),
    )
    return subject_view(result, "v-1", ENGLISH)


@pytest.mark.parametrize(
    ("gates", "plan", "shown"), [(0, False, 8), (0, True, 7), (1, True, 6), (3, True, 4), (5, False, 7), (6, False, 6), (9, True, 0)]
)  # fmt: skip
def test_gates_and_an_exit_plan_take_the_room_of_questions(gates: int, plan: bool, shown: int) -> None:  # noqa: FBT001
    found = view(gates, plan=plan)
    assert len(found.rows) == gates
    assert len(found.questions) == shown
    assert len(found.questions) + found.more_questions == 20 - gates
    assert bool(found.exit) is plan


@pytest.mark.parametrize(("cases", "shown"), [(18, 7), (19, 7), (20, 6), (21, 6), (22, 5)])
def test_every_two_lines_of_use_cases_too_many_take_the_room_of_a_question(cases: int, shown: int) -> None:
    found = view(5, plan=False, cases=cases)
    assert all(len(use.blocked) < 58 for use in found.uses)
    assert (len(found.uses), len(found.questions)) == (cases, shown)
