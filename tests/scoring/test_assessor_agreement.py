"""Which answers agreement compares; the coefficient itself is held against published examples in test_exchange_agreement."""

from __future__ import annotations

import copy

from builders import EVALUATION, Content, answer, build, card_of, contents

from evaluator.scoring.assessor_agreement import agreement, alpha, equal_share


def two_assessors() -> Content:
    """Two assessors who agree on everything but c-1, where ``desk-b`` is one level lower."""

    def level(_: str, key: str, who: str) -> int:
        return 2 if (key, who) == ("c-1", "desk-b") else 3

    return contents(criteria=4, families=2, vendors=2, assessors=("desk-a", "desk-b"), level=level)


def test_one_question_with_two_levels_is_what_chance_gives() -> None:
    # One pair, and the only levels there are: observed and expected disagreement are the same.
    assert alpha([[0, 1]]) == 0


def test_nothing_to_compare_has_no_figures() -> None:
    assert alpha([]) is None
    assert alpha([[3], [None, 2]]) is None
    assert equal_share([]) is None
    assert equal_share([[3]]) is None


def test_all_pairs_of_assessors_count() -> None:
    # Of the three pairs in one question one is equal, of the single pair in the other none.
    assert equal_share([[1, 1, 2], [0, 4]]) == 1 / 4


def test_only_the_named_vendors_are_compared() -> None:
    found = agreement(build(two_assessors()), ["v-2"])
    assert found.vendors == ("v-2",)
    assert found.overall.compared == 4
    # One question of four differs.
    assert found.overall.equal == 3 / 4
    assert agreement(build(two_assessors()), []).overall.compared == 0


def test_families_are_named_by_their_titles_and_in_catalogue_order() -> None:
    found = agreement(build(two_assessors()))
    assert [(key, figures.title) for key, figures in found.families.items()] == [
        ("f-1", "Family f-1"),
        ("f-2", "Family f-2"),
    ]
    assert found.overall.title == "All families"
    assert found.overall.compared == 8


def test_criteria_out_of_scope_are_left_out() -> None:
    content = two_assessors()
    content[EVALUATION]["out_of_scope"] = {"c-1": "Settled by law."}
    found = agreement(build(content))
    assert found.families["f-1"].compared == 2
    assert found.families["f-1"].equal == 1


def test_a_moderated_scorecard_is_nobodys_own() -> None:
    content = two_assessors()
    content[card_of("v-1", "agreed")] = {**copy.deepcopy(content[card_of("v-1")]), "assessor": "agreed"}
    found = agreement(build(content))
    assert found.assessors == ("desk-a", "desk-b")
    assert found.families["f-1"].equal == 2 / 4


def test_a_scorecard_on_another_edition_is_not_compared() -> None:
    content = two_assessors()
    content[card_of("v-1", "desk-b")]["edition"] = "enterprise"
    found = agreement(build(content))
    assert found.vendors == ("v-2",)
    assert found.overall.compared == 4


def test_an_answer_that_one_assessor_did_not_give_is_no_pair_and_unknown_is_one() -> None:
    content = two_assessors()
    del content[card_of("v-1", "desk-b")]["answers"]["c-2"]
    content[card_of("v-1", "desk-b")]["answers"]["c-4"] = answer("unknown")
    found = agreement(build(content), ["v-1"])
    # c-2 has one answer left; c-4 is a level beside an unknown one, which differ.
    assert found.families["f-2"].compared == 1
    assert found.families["f-2"].equal == 0
    assert found.families["f-2"].alpha is None


def test_assessors_are_listed_once_by_name() -> None:
    content = contents(assessors=("nora", "abel", "kim"))
    assert agreement(build(content)).assessors == ("abel", "kim", "nora")
