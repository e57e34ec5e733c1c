"""What must hold before a paper is final: each check fails for its own reason and for no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import paper_cases as cases
import pytest
from builders import (
    AS_OF,
    EVALUATION,
    GUARDRAILS,
    WEIGHTS,
    Content,
    answer,
    build,
    card_of,
    contents,
    evidence,
    profile_of,
)
from pypdf import PdfReader

from evaluator import api
from evaluator.evaluation.evaluate import evaluate
from evaluator.evaluation.final_checks import final_checks
from evaluator.evaluation.subset import narrowed
from evaluator.model.evaluated import FinalCheck, GateCheck, GateChecks, GateOutcome, Scores
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.rules.weights import first_answer


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


def with_a_vendor_left_out_in_silence(content: Content) -> None:
    content[EVALUATION]["options"] = ["v-1", "v-3"]


def with_a_comparing_rationale(content: Content) -> None:
    content[card_of("v-1")]["answers"]["c-1"]["rationale"] = "Superior to all we saw."


def with_a_comparing_exclusion(content: Content) -> None:
    content[EVALUATION]["excluded"] = [{"option": "Oldware", "reason": "worse than the rest", "date": "2026-05-01"}]


def with_agreement_out_of_nothing(content: Content) -> None:
    agreed = {"c-1": content[card_of("v-1")]["answers"].pop("c-1")}
    content[card_of("v-1", "agreed")] = content[card_of("v-1")] | {
        "assessor": "agreed",
        "kind": "moderation",
        "answers": agreed,
    }


FAULTS: dict[str, tuple[Callable[[Content], None], str]] = {
    "weights-sealed": (unsealed, "The weights are not sealed."),
    "status-quo": (without_status_quo, "What is done today is not among the options."),
    "exclusions": (
        with_a_vendor_left_out_in_silence,
        "1 vendor of the workspace is neither an option nor left out with a reason: v-2.",
    ),
    "deciders": (with_nobody_deciding, "No role is named that decides."),
    "evidence": (without_evidence, "1 known answer names no evidence."),
    "comparative-wording": (
        with_a_comparing_rationale,
        "1 reason compares with other options (“Superior”); `evaluator check` lists them.",
    ),
    "moderation": (with_assessors_apart, "On 1 answer on recommended tools, assessors lie 2 levels or more apart"),
    "dissent": (
        with_agreement_out_of_nothing,
        "1 agreed answer stands without any assessor's own, so dissent is not shown.",
    ),
    "guardrails": (with_lapsed_guardrails, "The guardrails lapsed on 2026-11-23."),
}
"""By check: what a workspace may get wrong, and what the paper then says."""


def without_all_weight(scores: Scores) -> Scores:
    return replace(scores, weights={key: weight / 2 for key, weight in scores.weights.items()})


def with_old_evidence_taken_for_fresh(scores: Scores) -> Scores:
    cells = tuple(replace(cell, evidence_status=EvidenceStatus.SUPPORTED) for cell in scores.options[0].cells)
    return replace(scores, options=(replace(scores.options[0], cells=cells), *scores.options[1:]))


def with_a_class_closed(scores: Scores) -> Scores:
    failed = GateChecks((GateCheck("c-1", 4, 0, GateOutcome.FAILED, "", EvidenceStatus.SUPPORTED),))
    closed = [replace(option, gates=dict.fromkeys(option.gates, failed)) for option in scores.options]
    return replace(scores, options=tuple(closed))


MISCOUNTS: dict[str, tuple[Callable[[Scores], Scores], str]] = {
    "weights-sum": (without_all_weight, "The weights of 6 criteria in scope sum to 50 %, not to 100 %."),
    "stale-evidence": (
        with_old_evidence_taken_for_fresh,
        "1 answer rests on evidence past its limit; 1 of them is not marked stale.",
    ),
    "classes": (with_a_class_closed, "A recommended tool is given a class of data that it may not hold: v-"),
}
"""By check: what figures could get wrong about a workspace without fault."""


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


def test_an_exclusion_that_compares_is_no_reason() -> None:
    content = cases.final()
    with_a_comparing_exclusion(content)
    (failed,) = [check for check in cases.result_of(content).final if not check.passed]
    assert (failed.id, "“worse”" in failed.finding) == ("comparative-wording", True)


@pytest.mark.parametrize("name", ["v-2", " V-2 ", "Vendor 2"])
def test_a_vendor_left_out_by_id_or_name_has_a_reason(name: str) -> None:
    content = cases.final()
    with_a_vendor_left_out_in_silence(content)
    content[profile_of("v-2")]["name"] = "Vendor 2"
    content[EVALUATION]["excluded"] = [{"option": name, "reason": "withdrawn from sale", "date": "2026-05-01"}]
    checks = {check.id: check for check in cases.result_of(content).final}
    assert checks["exclusions"] == FinalCheck("exclusions", passed=True, finding="Every option left out has a reason.")


@pytest.mark.parametrize("key", MISCOUNTS)
def test_figures_that_do_not_fit_the_content_fail_a_check(key: str) -> None:
    spoil, finding = MISCOUNTS[key]
    content = cases.final()
    content[card_of("v-1")]["answers"]["c-1"]["evidence"] = [evidence(date="2024-01-01")]
    result = cases.result_of(content)
    right = {check.id: check for check in result.final}
    assert right[key].passed
    assert result.stacks
    scores = spoil(replace(result.scores, options=tuple(sorted(result.scores.options, key=lambda one: one.id))))
    wrong = final_checks(result.workspace, scores, result.stacks.chosen, result.valid_until)
    assert [check.id for check in wrong if not check.passed] == [key]
    assert next(check for check in wrong if check.id == key).finding.startswith(finding)


@pytest.mark.parametrize(
    ("until", "negated"),
    [("2026-11-23", "not "), ("2026-11-24", ""), ("2027-11-24", ""), ("2027-11-25", "not ")],
)
def test_a_recommendation_holds_twelve_months_at_most(until: str, negated: str) -> None:
    result = cases.result_of(cases.final())
    assert result.stacks
    checks = final_checks(result.workspace, result.scores, result.stacks.chosen, date.fromisoformat(until))
    found = next(check for check in checks if check.id == "validity")
    assert found.passed is not bool(negated)
    assert found.finding == f"The recommendation holds until {until}, {negated}within 12 months."


def test_where_nothing_is_recommended_no_class_is_given_away() -> None:
    checks = {check.id: check for check in cases.result_of(cases.no_use_case()).final}
    assert checks["classes"].passed


def test_a_narrowed_comparison_is_as_final_as_the_whole() -> None:
    result = cases.result_of(cases.final())
    assert narrowed(result, ["v-1", "v-3"]).result.final == result.final


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
    order = [check.id for check in result.final]
    assert order == [
        *("weights-sum", "weights-sealed", "status-quo", "exclusions", "deciders", "evidence", "comparative-wording"),
        *("stale-evidence", "moderation", "dissent", "classes", "validity", "guardrails"),
    ]
    assert set(order) == {*FAULTS, *MISCOUNTS, "validity"}


def test_paper_and_workbook_carry_the_same_digest(tmp_path: Path) -> None:
    result = cases.result_of(cases.final())
    paper = PdfReader(BytesIO(api.recommend(result, tmp_path / "paper.pdf").read_bytes()))
    attached = paper.attachments
    assert json.loads(attached["result.json"][0])["digest"] == result.digest
    with ZipFile(BytesIO(attached["comparison.xlsx"][0])) as book:
        texts = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
    assert result.digest[:12].encode() in texts
    for page in paper.pages:
        assert result.digest[:12] in page.extract_text()
