"""What rules get: the parts of a workspace in scope and out of it, with their files."""

from __future__ import annotations

from builders import EVALUATION, Content, answer, card_of, contents, profile_of
from check_context import context

from evaluator.rules.base import Nearest, counted, listed


def content() -> Content:
    """``v-1`` in scope, ``v-2`` not; ``c-2`` out of scope."""
    made = contents(criteria=2, families=1, assessors=("a", "b"), level=1)
    made[EVALUATION] |= {"options": ["v-1"], "out_of_scope": {"c-2": "no"}}
    made[card_of("v-1", "b")]["answers"]["c-1"] = answer("unknown")
    return made


def test_profiles_and_scorecards_in_scope_or_not() -> None:
    found = context(content())
    assert [(file, profile.id) for file, profile in found.profiles()] == [
        (profile_of("v-1"), "v-1"),
        (profile_of("v-2"), "v-2"),
    ]
    assert [(sheet.file, sheet.card.assessor, sheet.profile.id) for sheet in found.scorecards()] == [
        (card_of(vendor, assessor), assessor, vendor) for vendor in ("v-1", "v-2") for assessor in ("a", "b")
    ]
    assert [key for key, _ in found.options()] == ["v-1"]
    assert [sheet.file for sheet in found.option_scorecards()] == [card_of("v-1", "a"), card_of("v-1", "b")]


def test_known_answers_are_levels_on_criteria_in_scope() -> None:
    found = context(content())
    assert list(found.criteria_in_scope()) == ["c-1"]
    (row,) = found.known_answers()
    file, key, given, criterion = row
    assert (file, key, given.level, criterion.id) == (card_of("v-1", "a"), "c-1", 1, "c-1")


def test_a_near_id_is_suggested_or_the_place_of_all() -> None:
    near = Nearest(["business", "enterprise"], "the profile")
    assert near("busines") == "did you mean business?"
    assert near("zzz") == "known ids are in the profile"


def test_long_lists_are_cut_and_short_ones_are_not() -> None:
    assert listed([]) == ""
    assert listed(iter("abcdefgh")) == "a, b, c, d, e, f, g, h"
    assert listed("abcdefghij") == "a, b, c, d, e, f, g and 3 more"
    assert [counted(number, "answer", "answers") for number in (0, 1, 2)] == ["0 answers", "1 answer", "2 answers"]
