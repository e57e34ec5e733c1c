"""What the repository ships: complete, sourced, dated, and plain about what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from evaluator import api
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.model.workspace import Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Workspace:
    return api.load(ROOT)


def answers(shipped: Workspace) -> Iterator[tuple[Scorecard, str, Answer]]:
    for vendor in shipped.vendors.values():
        for card in vendor.scorecards:
            for criterion, answer in card.answers.items():
                yield card, criterion, answer


def test_the_counts(shipped: Workspace) -> None:
    cards = [(card.assessor, card.vendor) for vendor in shipped.vendors.values() for card in vendor.scorecards]
    facts = [fact for vendor in shipped.vendors.values() for fact in vendor.profile.facts]
    assert len(shipped.catalogue.criteria) == 48
    assert len(shipped.catalogue.families) == 9
    assert len(shipped.vendors) == 12
    assert sorted(assessor for assessor, _ in cards) == ["desk-a"] * 13 + ["desk-b"] * 13
    assert len(facts) == 1322
    assert len(shipped.demand.use_cases) == 14
    assert len(shipped.demand.capabilities) == 33
    in_scope = set(shipped.catalogue.criteria) - set(shipped.evaluation.out_of_scope)
    assert len(list(answers(shipped))) == 26 * len(in_scope)
    assert all(set(card.answers) == in_scope for vendor in shipped.vendors.values() for card in vendor.scorecards)


def test_every_criterion_has_five_anchored_levels_and_says_what_evidence_it_wants(shipped: Workspace) -> None:
    for criterion in shipped.catalogue.criteria.values():
        assert list(criterion.levels) == [0, 1, 2, 3, 4]
        assert criterion.evidence
        assert criterion.question.endswith("?") or "?" in criterion.question
        assert criterion.mappings or criterion.note


def test_no_lowest_level_is_worded_as_silence(shipped: Workspace) -> None:
    silence = re.compile(r"\b(silent|unknown|not found|not stated|nothing is known|no information)\b", re.IGNORECASE)
    for criterion in shipped.catalogue.criteria.values():
        assert not silence.search(criterion.levels[0]), criterion.id


def test_nine_criteria_have_gates_for_classes_and_seven_for_tags(shipped: Workspace) -> None:
    criteria = shipped.catalogue.criteria.values()
    assert sum(bool(criterion.gates) for criterion in criteria) == 9
    assert sum(bool(criterion.tag_gates) for criterion in criteria) == 7


def test_evidence_grades_and_their_caps(shipped: Workspace) -> None:
    assert {grade.grade: grade.max_level for grade in shipped.catalogue.head.evidence_grades} == {
        "A": 4,
        "B": 4,
        "C": 4,
        "D": 2,
        "E": 1,
    }


def test_every_known_answer_has_dated_evidence_that_can_carry_it(shipped: Workspace) -> None:
    as_of = shipped.evaluation.as_of
    for card, key, answer in answers(shipped):
        if not answer.known:
            continue
        assert all(item.source and item.captured for item in answer.evidence), (card.vendor, key)
        state = evidence_status(answer, shipped.catalogue.criteria[key], shipped.catalogue, as_of)
        assert state in {EvidenceStatus.SUPPORTED, EvidenceStatus.STALE}, (card.vendor, card.assessor, key, state)


def test_every_fact_and_price_has_a_source(shipped: Workspace) -> None:
    for vendor in shipped.vendors.values():
        for fact in vendor.profile.facts:
            assert re.match(r"https?://", fact.source), fact
        for edition in vendor.profile.editions:
            assert all(re.match(r"https?://", price.source) for price in edition.prices)


def test_every_capability_is_judged_for_every_vendor(shipped: Workspace) -> None:
    for vendor in shipped.vendors.values():
        assert set(vendor.profile.capabilities) == set(shipped.demand.capabilities)
        for capability in vendor.profile.capabilities.values():
            assert capability.source or capability.support == "unknown"


def test_conflicting_facts_stay_side_by_side(shipped: Workspace) -> None:
    groups: dict[tuple[str, str], int] = {}
    for vendor in shipped.vendors.values():
        for fact in vendor.profile.facts:
            if fact.conflict:
                key = (vendor.profile.id, fact.conflict)
                groups[key] = groups.get(key, 0) + 1
    assert len(groups) == 17
    assert all(count >= 2 for count in groups.values())


def test_it_says_what_it_is(shipped: Workspace) -> None:
    for text in (shipped.evaluation.notice, *(vendor.profile.notice for vendor in shipped.vendors.values())):
        assert "desk review" in text.lower()
    for vendor in shipped.vendors.values():
        assert all(card.kind == "desk review" and "redone" in card.notice for card in vendor.scorecards)
    assert shipped.weights.seal is not None
    assert shipped.weights.seal.by
    assert shipped.weights.seal.method


def test_criteria_that_need_own_figures_do_not_drag_coverage(shipped: Workspace) -> None:
    own = {criterion.id for criterion in shipped.catalogue.criteria.values() if criterion.own_figures}
    assert own == {"api-limits", "connector-coverage", "community-and-partners", "three-year-total"}
    assert own == set(shipped.evaluation.out_of_scope)


def test_the_baseline_weights_sum_to_a_hundred(shipped: Workspace) -> None:
    assert sum(shipped.weights.families.values()) == 100
    assert set(shipped.weights.criteria) == set(shipped.catalogue.criteria)


YAML_FILES = [
    ROOT / "evaluation.yaml",
    *sorted((ROOT / "criteria").glob("*.yaml")),
    *sorted((ROOT / "vendors").rglob("*.yaml")),
]


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_first_line_names_the_schema_that_the_file_has(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match, first
    target = path.parent / match.group(1)
    kind = yaml.safe_load(path.read_text(encoding="utf-8"))["schema"].partition("/")[0]
    assert target.resolve() == ROOT / "schemas" / f"{kind}.schema.json"
    assert target.is_file()
