"""A result among some options or over some families: what is asked again and what is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import AS_OF, EVALUATION, Content, build, contents

from evaluator.errors import EvaluatorError
from evaluator.evaluation.evaluate import evaluate
from evaluator.evaluation.subset import narrowed
from evaluator.model.evaluated import Evaluated, FinalCheck
from evaluator.model.stack_limits import StackConstraints


def result_of(content: Content) -> Evaluated:
    found = evaluate(build(content), AS_OF, version="seven")
    return replace(found, final=(FinalCheck("own", passed=False, finding="Of the whole."),))


def four(**stack: Any) -> Content:
    """Four vendors and two families; ``v-4`` is the best, and so on down."""
    content = contents(vendors=4, level=lambda vendor, _key, _assessor: int(vendor[2:]))
    content[EVALUATION]["stack"] = stack
    return content


def rulings(*tools: str) -> list[dict[str, str]]:
    return [{"tool": tool, "reason": "as decided"} for tool in tools]


def test_nothing_left_out_is_the_result_itself() -> None:
    result = result_of(four())
    found = narrowed(result)
    assert found.result is result
    assert (found.words, found.whole) == ("", True)


def test_among_some_options() -> None:
    result = result_of(four())
    found = narrowed(result, ["v-3", "v-1", "v-3"])
    assert (found.words, found.whole) == ("Narrowed to 2 of 4 options", True)
    assert [(option.id, option.rank) for option in found.result.scores.options] == [("v-3", 1), ("v-1", 2)]
    assert found.result.workspace.evaluation.options == ("v-1", "v-3")
    assert (found.result.digest, found.result.version, found.result.as_of) == (result.digest, "seven", AS_OF)
    assert found.result.final == result.final
    assert found.result.stacks is not None
    assert found.result.stacks.chosen is not None
    assert found.result.stacks.chosen.tools == ("v-3",)


def test_over_some_families_keeps_reasons_that_were_given() -> None:
    content = four()
    content[EVALUATION]["out_of_scope"] = {"c-2": "own reason", "c-1": "own reason"}
    found = narrowed(result_of(content), families=["f-1"])
    assert (found.words, found.whole) == ("Narrowed to 1 of 2 families", False)
    assert list(found.result.scores.weights) == ["c-3"]
    assert found.result.workspace.evaluation.out_of_scope == {
        "c-1": "own reason", "c-2": "own reason", "c-4": "not in the chosen families"
    }  # fmt: skip


def test_both_at_once() -> None:
    found = narrowed(result_of(four()), ["v-1"], ["f-1", "f-2", "f-1"])
    assert (found.words, found.whole) == ("Narrowed to 1 of 4 options and 2 of 2 families", False)


@pytest.mark.parametrize(
    ("options", "words", "limits"),
    [
        (["v-1", "v-2", "v-3"], "", StackConstraints(("v-2",), ("v-1", "v-3"))),
        (["v-2", "v-3", "v-4"], ", without the limit on v-1", StackConstraints(("v-2",), ("v-3",))),
        (["v-1", "v-4"], ", without the limits on v-2 and v-3", StackConstraints((), ("v-1",))),
        (["v-4"], ", without the limits on v-1, v-2 and v-3", StackConstraints()),
    ],
)
def test_limits_on_tools_that_are_not_chosen_are_left_aside(
    options: list[str], words: str, limits: StackConstraints
) -> None:
    result = result_of(four(required=rulings("v-2"), excluded=rulings("v-3", "v-1"), max_tools=2))
    found = narrowed(result, options)
    assert found.words == f"Narrowed to {len(options)} of 4 options{words}"
    assert found.result.workspace.evaluation.stack.limits == limits
    assert found.result.workspace.evaluation.stack.max_tools == 2


def test_what_is_not_there_is_refused() -> None:
    result = result_of(four())
    with pytest.raises(EvaluatorError, match="v-9"):
        narrowed(result, ["v-1", "v-9"])
    with pytest.raises(EvaluatorError, match="f-9"):
        narrowed(result, families=["f-9"])
