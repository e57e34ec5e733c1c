"""What must hold before a paper is final: each check fails for its own reason and for no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import paper_cases as cases
import pytest
from builders import AS_OF, EVALUATION, GUARDRAILS, WEIGHTS, Content, answer, build, card_of, contents

from evaluator.analysis.evaluate import evaluate
from evaluator.analysis.sealing import first_answer


def unsealed(content: Content) -> None:
    del content[WEIGHTS]["seal"]


def sealed_late(content: Content) -> None:
    content[WEIGHTS]["seal"]["date"] = "2026-11-20"


def without_status_quo(content: Content) -> None:
    content[EVALUATION]["status_quo"] = None


def with_nobody_deciding(content: Content) -> None:
    content[EVALUATION]["deciders"] = [{"role": "Everybody", "part": "informed"}]


def without_evidence(content: Content) -> None:
    content[card_of("v-1")]["answers"]["c-1"]["evidence"] = []


def with_lapsed_guardrails(content: Content) -> None:
    content[GUARDRAILS]["valid_until"] = "2026-11-23"


def with_assessors_apart(content: Content) -> None:
    for vendor in ("v-1", "v-2", "v-3"):
        content[card_of(vendor, "desk-b")] = content[card_of(vendor)] | {"assessor": "desk-b"}
        content[card_of(vendor, "desk-b")]["answers"] = content[card_of(vendor)]["answers"] | {
            "c-2": answer(content[card_of(vendor)]["answers"]["c-2"]["level"] ^ 2)
        }


FAULTS: dict[str, tuple[Callable[[Content], None], str]] = {
    "weights-sealed": (unsealed, "The weights are not sealed."),
    "status-quo": (without_status_quo, "What is done today is not among the options."),
    "deciders": (with_nobody_deciding, "No role is named that decides."),
    "evidence": (without_evidence, "1 known answer names no evidence."),
    "moderation": (with_assessors_apart, "On 1 answer on recommended tools, assessors lie 2 levels or more apart"),
    "guardrails": (with_lapsed_guardrails, "The guardrails lapsed on 2026-11-23."),
}


def test_a_workspace_without_fault_is_final() -> None:
    assert all(check.passed for check in cases.result_of(cases.final()).final)


@pytest.mark.parametrize("key", FAULTS)
def test_each_fault_fails_its_own_check_and_no_other(key: str) -> None:
    spoil, finding = FAULTS[key]
    content = cases.final()
    spoil(content)
    failed = [check for check in cases.result_of(content).final if not check.passed]
    assert [check.id for check in failed] == [key]
    assert failed[0].finding.startswith(finding)


def test_a_seal_after_the_first_answer_is_no_seal() -> None:
    content = cases.final()
    sealed_late(content)
    (failed,) = [check for check in cases.result_of(content).final if not check.passed]
    assert failed.finding == "The weights were sealed on 2026-11-20, after the first answer of 2026-11-10."


def test_agreement_settles_what_lay_apart() -> None:
    content = cases.final()
    with_assessors_apart(content)
    for vendor in ("v-1", "v-2", "v-3"):
        content[card_of(vendor, "agreed")] = content[card_of(vendor)] | {"assessor": "agreed", "kind": "moderation"}
    assert all(check.passed for check in cases.result_of(content).final)


def test_the_first_answer_is_that_of_any_option_in_scope() -> None:
    content = contents(vendors=2, criteria=2)
    content[card_of("v-2")]["answers"]["c-1"]["date"] = "2026-03-01"
    assert first_answer(build(content)) == date(2026, 3, 1)
    content[EVALUATION]["options"] = ["v-1"]
    assert first_answer(build(content)) == date(2026, 11, 10)
    content[EVALUATION]["options"] = []
    assert first_answer(build(content)) is None


def test_the_order_of_checks_is_fixed() -> None:
    result = evaluate(build(contents(vendors=1, criteria=1)), AS_OF, version="1")
    assert [check.id for check in result.final] == list(FAULTS)
