"""Recorded figures against figures computed again."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.model.renamed_keys import KEYS
from evaluator.reviews.verification import figure_changes


def paths(then: Any, now: Any) -> list[tuple[str, Any, Any]]:
    return [(row.path, row.recorded, row.computed) for row in figure_changes(then, now)]


@pytest.mark.parametrize(
    ("then", "now"),
    [(1, 1.0), (0.0, 1e-9), (0.0, -1e-9), ("a", "a"), (None, None), (True, True), ([], []), ({}, {"b": 1})],
)
def test_the_same_figure(then: Any, now: Any) -> None:
    assert paths({"a": then}, {"a": now}) == []


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (1.0, 1.0 + 2e-9),
        (1.0, 1.0 - 2e-9),
        ("a", "b"),
        (None, 0),
        (0, None),
        (True, 1),
        (1, True),
        (False, 0),
        (True, False),
        ("1", 1),
        ("ab", ["a", "b"]),
        (["a", "b"], "ab"),
        ({"x": 1}, 1),
        (1, {"x": 1}),
        ({"x": 1}, [1]),
    ],
)
def test_another_figure(then: Any, now: Any) -> None:
    assert paths({"a": then}, {"a": now}) == [("a", then, now)]


def test_a_path_names_the_keys_and_the_rows_by_what_they_are_about() -> None:
    then = {
        "scores": {
            "options": [{"id": "v-1", "score": 1}],
            "gates": [{"option": "v-2", "n": 1}, {"criterion": "c-1", "n": 1}, {"use_case": "u-1", "n": 1}],
            "plain": [{"name": "x", "n": 1}, 4],
            "numbered": [{"id": 7, "option": "v-3", "n": 1}],
        }
    }
    now = {
        "scores": {
            "options": [{"id": "v-1", "score": 2}],
            "gates": [{"option": "v-2", "n": 2}, {"criterion": "c-1", "n": 2}, {"use_case": "u-1", "n": 2}],
            "plain": [{"name": "x", "n": 2}, 5],
            "numbered": [{"id": 7, "option": "v-3", "n": 2}],
        }
    }
    assert [path for path, _, _ in paths(then, now)] == [
        "scores.options[v-1].score",
        "scores.gates[v-2].n",
        "scores.gates[c-1].n",
        "scores.gates[u-1].n",
        "scores.plain[0].n",
        "scores.plain[1]",
        "scores.numbered[v-3].n",
    ]


def test_a_row_too_few_or_too_many_is_a_difference() -> None:
    one, two = {"id": "v-1"}, {"id": "v-2"}
    assert paths({"rows": [one, two]}, {"rows": [one]}) == [("rows[v-2]", two, None)]
    assert paths({"rows": [one]}, {"rows": [one, two]}) == [("rows[v-2]", None, two)]


def test_a_key_that_is_gone_is_a_difference_and_a_new_one_is_none() -> None:
    assert paths({"a": 1}, {"b": 1}) == [("a", 1, None)]


def test_inputs_are_no_figures_at_the_top_and_are_below() -> None:
    inputs = ("digest", "version", "workspace", "review", "changes")
    assert paths(dict.fromkeys(inputs, 1), dict.fromkeys(inputs, 2)) == []
    assert paths({"a": dict.fromkeys(inputs, 1)}, {"a": dict.fromkeys(inputs, 2)}) == [
        (f"a.{key}", 1, 2) for key in inputs
    ]


def test_checks_of_a_final_paper_go_by_their_id() -> None:
    first, second = {"id": "sum", "passed": True}, {"id": "seal", "passed": True}
    added = {"id": "new", "passed": False}
    assert paths({"final": [first, second]}, {"final": [added, second, first]}) == []
    assert paths({"final": [first, second]}, {"final": [added, {**second, "passed": False}]}) == [
        ("final[sum]", first, None),
        ("final[seal].passed", True, False),
    ]
    assert paths({"final": 1}, {"final": [first]}) == [("final", 1, [first])]
    # Elsewhere the place counts.
    assert [path for path, _, _ in paths({"rows": [first, second]}, {"rows": [second, first]})] == [
        "rows[sum].id",
        "rows[seal].id",
    ]


def test_an_old_name_of_a_key_or_word_is_no_difference() -> None:
    then = {"cells": [{"standing": "firm", "outcome": "not_shown"}], "budget": "not_shown", "gaps": None}
    now = {
        "cells": [{"evidence_status": "supported", "outcome": "unsupported"}],
        "budget": "unknown",
        "questions": None,
    }
    assert paths(then, now) == []


def test_under_an_old_name_a_figure_that_moved_is_found() -> None:
    assert paths({"standing": "firm"}, {"evidence_status": "stale"}) == [("standing", "supported", "stale")]
    assert paths({"gaps": 1}, {"questions": 2}) == [("gaps", 1, 2)]


@pytest.mark.parametrize("key", KEYS)
def test_an_id_that_is_an_old_name_stays_an_id(key: str) -> None:
    assert paths({"weights": {key: 0.5, "other": 0.5}}, {"weights": {key: 0.5, "other": 0.5}}) == []
    assert paths({"weights": {key: 0.5}}, {"weights": {key: 0.25}}) == [(f"weights.{key}", 0.5, 0.25)]


def test_another_sentence_about_an_outcome_is_no_difference_and_another_outcome_is() -> None:
    check = {"criterion": "c-1", "outcome": "failed", "reason": "level 1 where 2 is needed"}
    assert figure_changes({"checks": [check]}, {"checks": [{**check, "reason": "too low"}]}) == ()
    assert figure_changes({"checks": [check]}, {"checks": [{**check, "outcome": "met"}]}) != ()
