"""From a workspace to its result: verdicts, leaders, and dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import AS_OF, EVALUATION, USE_CASES, Content, answer, build, capability, contents, profile_of, use_case
from review_builders import answers_of

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated, OptionVerdict
from evaluator.reports.json_contract import result_data, result_schema


def result_of(content: Content, **knobs: int) -> Evaluated:
    return evaluate(build(content), AS_OF, version="7", **knobs)


def ranked(*levels: int, **knobs: int) -> Content:
    """Options v-1 ... with these levels on every criterion."""
    given = dict(enumerate(levels, start=1))
    return contents(vendors=len(levels), level=lambda vendor, _key, _who: given[int(vendor[2:])], **knobs)  # type: ignore[arg-type]


def test_what_the_result_is_about() -> None:
    workspace = build(ranked(3, 2))
    found = evaluate(workspace, AS_OF, version="7")
    assert found.workspace is workspace
    assert (found.as_of, found.version, found.digest) == (AS_OF, "7", workspace.digest)
    assert found.scores.as_of == AS_OF
    assert list(found.fits) == ["u-1"]
    assert list(found.costs) == ["v-1", "v-2"]
    assert found.sealing is not None
    assert len(found.evidence) > 0
    assert len(found.final) > 0


def test_what_answers_earn_and_what_stacks_are_chosen_by_is_carried_and_not_published() -> None:
    content = ranked(3, 2)
    answers_of(content, "v-2")["c-1"] = answer("unknown")
    found = result_of(content)
    assert found.earned["v-1"]["c-1"] == (0.75, 0.75, 0.75)
    assert found.earned["v-2"]["c-1"] == (0, 0, 1)
    for option in found.scores.options:
        for cell in option.cells:
            earned = found.earned[option.id][cell.criterion]
            assert tuple(100 * cell.weight * share for share in earned) == (cell.points, cell.low, cell.high)
    assert found.matrix is not None
    assert found.matrix.options == ("v-1", "v-2")
    assert found.matrix.fits["u-1"]["v-1"] is found.fits["u-1"][0]
    assert found == replace(found, matrix=None, earned={})
    published = result_data(found)
    assert not {"matrix", "earned"} & set(published)
    assert not {"matrix", "earned"} & set(result_schema()["properties"])


@pytest.mark.parametrize(("months", "until"), [(12, date(2027, 11, 24)), (3, date(2027, 2, 24))])
def test_a_recommendation_holds_so_many_months(months: int, until: date) -> None:
    content = ranked(3, 2)
    content[EVALUATION]["valid_months"] = months
    found = result_of(content)
    assert found.valid_until == until
    check = next(check for check in found.final if check.id == "validity")
    assert str(until) in check.finding


def test_verdicts_by_the_stacks_of_the_recommended_size() -> None:
    # One tool is enough, and its runner-up lies far below.
    found = result_of(ranked(4, 1, 1))
    assert found.stacks is not None
    assert found.stacks.recommended == 1
    assert found.verdicts == {
        "v-1": OptionVerdict.RECOMMENDED,
        "v-2": OptionVerdict.NOT_CHOSEN,
        "v-3": OptionVerdict.NOT_CHOSEN,
    }


def test_a_stack_that_ties_or_lies_close_is_close() -> None:
    assert result_of(ranked(4, 4, 1)).verdicts == {
        "v-1": OptionVerdict.RECOMMENDED,
        "v-2": OptionVerdict.CLOSE,
        "v-3": OptionVerdict.NOT_CHOSEN,
    }
    content = ranked(4, 3, 1)
    content[EVALUATION]["policies"] = {"close_points": 25}
    assert result_of(content).verdicts["v-2"] is OptionVerdict.CLOSE
    content[EVALUATION]["policies"] = {"close_points": 24}
    assert result_of(content).verdicts["v-2"] is OptionVerdict.NOT_CHOSEN


def test_an_excluded_option_is_ruled_out_however_good() -> None:
    content = ranked(4, 3, 1)
    content[EVALUATION]["stack"] = {"excluded": [{"tool": "v-1", "reason": "as decided"}]}
    assert result_of(content).verdicts == {
        "v-1": OptionVerdict.RULED_OUT,
        "v-2": OptionVerdict.RECOMMENDED,
        "v-3": OptionVerdict.NOT_CHOSEN,
    }


def test_without_a_use_case_nothing_is_recommended() -> None:
    content = ranked(4, 1)
    content[USE_CASES]["use_cases"] = []
    found = result_of(content)
    assert found.stacks is None
    assert set(found.verdicts.values()) == {OptionVerdict.NOT_CHOSEN}
    assert found.leaders == ("v-1", "v-2")


def test_the_number_of_tools_may_be_asked_for() -> None:
    assert [size.size for size in result_of(ranked(4, 3, 1)).stacks.sizes] == [1, 2, 3]  # type: ignore[union-attr]
    assert [size.size for size in result_of(ranked(4, 3, 1), max_tools=2).stacks.sizes] == [1, 2]  # type: ignore[union-attr]


def test_leaders_are_the_five_best_in_the_order_of_their_ranks() -> None:
    assert result_of(ranked(0, 1, 2, 3, 4, 4)).leaders == ("v-5", "v-6", "v-4", "v-3", "v-2")
    assert result_of(ranked(1, 2)).leaders == ("v-2", "v-1")


def test_a_recommended_tool_is_among_the_leaders_wherever_it_ranks() -> None:
    content = ranked(4, 4, 4, 4, 4, 0, 1)
    content[USE_CASES]["use_cases"] = [use_case("u-1", must=["cap-1"], should=[])]
    for vendor in ("v-1", "v-2", "v-3", "v-4", "v-5", "v-6"):
        content[profile_of(vendor)]["capabilities"]["cap-1"] = capability("none")
    found = result_of(content)
    assert found.stacks is not None
    assert found.stacks.chosen is not None
    assert found.stacks.chosen.tools == ("v-7",)
    assert found.leaders == ("v-1", "v-2", "v-3", "v-4", "v-7")


def test_of_six_recommended_tools_five_are_leaders() -> None:
    content = ranked(4, 4, 4, 4, 4, 4, 1)
    content[EVALUATION]["stack"] = {"max_tools": 6}
    content[USE_CASES]["capabilities"] = {f"cap-{n}": "Something." for n in range(1, 7)}
    content[USE_CASES]["use_cases"] = [use_case(f"u-{n}", must=[f"cap-{n}"], should=[]) for n in range(1, 7)]
    for n in range(1, 8):
        content[profile_of(f"v-{n}")]["capabilities"] = {
            f"cap-{other}": capability("native" if other == n else "none") for other in range(1, 7)
        }
    found = result_of(content)
    assert found.stacks is not None
    assert found.stacks.recommended == 6
    assert found.leaders == ("v-1", "v-2", "v-3", "v-4", "v-5")
    assert {row.criterion for row in found.separations} == set()


def test_separations_are_those_of_the_leaders() -> None:
    found = result_of(ranked(3, 1, criteria=2, families=1))
    assert [row.criterion for row in found.separations] == ["c-1", "c-2"]
    assert found.separations[0].points == {"v-1": 37.5, "v-2": 12.5}
