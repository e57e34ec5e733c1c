"""The pages on scores: every column is explained, and nothing is called cleared where no gate is set."""

from __future__ import annotations

from copy import deepcopy

from builders import AS_OF, EVALUATION, GUARDRAILS, Content, build, contents, evaluated, tagged

from evaluator.reports.terminal.page import render
from evaluator.reports.terminal.scores import scores_page, stacks_page
from evaluator.scoring.score import score


def page_of(content: Content, *chosen: str) -> str:
    workspace = build(content)
    text = render(scores_page(workspace, score(workspace, workspace.evaluation.as_of), chosen), 80)
    assert max(map(len, text.splitlines())) <= 80
    return text


def without_gates() -> Content:
    content = deepcopy(contents(vendors=2))
    for family in ("criteria/f-1.yaml", "criteria/f-2.yaml"):
        for criterion in content[family]["criteria"]:
            criterion.pop("gates", None)
    return content


def test_without_gates_no_option_is_called_cleared() -> None:
    assert not any(evaluated(without_gates()).scores.gates.values())
    page = " ".join(page_of(without_gates(), "v-1").split())
    assert "No gates are set, so no option is cleared for a data class." in page
    assert page.endswith("Gates: none set.")
    assert "restricted" not in page


def test_with_gates_the_class_is_shown_and_explained() -> None:
    content = deepcopy(without_gates())
    content["criteria/f-1.yaml"]["criteria"][0]["gates"] = {content[GUARDRAILS]["data_classes"][0]["id"]: 1}
    content[EVALUATION]["policies"] = {"gates": "all"}
    page = " ".join(page_of(content).split())
    assert "known stale cleared" in page
    assert "Cleared: the highest data class whose gates are all met." in page


def test_every_column_of_the_ranking_is_explained() -> None:
    page = " ".join(page_of(contents(vendors=3)).split())
    for explained in ("Scores run from 0 to 100.", "Low counts", "High takes", "Known: share", "Stale: share"):
        assert explained in page


def test_tags_and_gates_that_do_not_apply_stand_beside_the_clearance() -> None:
    workspace = build(tagged())
    scores = score(workspace, AS_OF)
    ranking = render(scores_page(workspace, scores))
    assert "restricted, 2 of 2 tags" in ranking
    assert "internal, 1 of 2 tags" in ranking
    assert "not assessed, 0 of 2 tags" in ranking
    one = " ".join(render(scores_page(workspace, scores, ["v-1"])).split())
    assert "Gates: cleared for internal." in one
    assert "Data tags: cleared for personal-data." in one
    assert "tag secrets Criterion c-2 3 2 ✗ failed" in one
    assert "Not applicable: Criterion c-3 (applies to self-hosted editions only)." in one
    unknown = " ".join(render(scores_page(workspace, scores, ["v-3"])).split())
    assert (
        "Gates: not assessed, cleared for no data class; for restricted once every unsupported gate is met." in unknown
    )


def test_the_tools_of_a_stack_are_shown_with_their_tags() -> None:
    found = " ".join(render(stacks_page(evaluated(tagged()))).split())
    assert "V-2 restricted personal-data, secrets" in found
