"""Whether two wordings of a criterion ask the same."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from builders import criterion, freeze

from evaluator.model.catalogue import Criterion
from evaluator.model.wording import content_digest, meaning_changed, plain, same_words


def made(**changes: Any) -> Criterion:
    return Criterion.model_validate(freeze(criterion("c", **changes)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Is  it \n so?", "is it so"), ("a; b: c! (d) \"e\" 'f'", "A b c d e f"), ("“a” „b‘ ’c` d", "a b c d"),
        ("a‐b‑c–d—e−f", "a-b-c-d-e-f"), ("one, two. three", "one two three"), ("end.", "end"), ("STRASSE", "straße"),
    ],
)  # fmt: skip
def test_typography_alone_changes_nothing(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1.5", "15"), ("1,000", "1000"), ("a-b", "a b"), ("a/b", "a b"), ("a", "b"), ("5 %", "5")]
)
def test_what_says_something_else(one: str, other: str) -> None:
    assert plain(one) != plain(other)


def test_plain_text_to_the_letter() -> None:
    assert plain(" Version 1.5, or later. ") == "version 1.5 or later"


LEVELS = {0: "None", 1: "Some"}


def test_question_and_anchors_count() -> None:
    one = made(question="Is it?", levels=LEVELS)
    assert same_words(one, made(question="is it", levels={0: "none.", 1: "some"}, title="x", why="y"))
    assert not same_words(one, made(question="Was it?", levels=LEVELS))
    assert not same_words(one, made(question="Is it?", levels={0: "None", 1: "Any"}))
    assert not same_words(one, made(question="Is it?", levels={0: "No", 1: "Some"}))
    assert not same_words(one, made(question="Is it?", levels={**LEVELS, 2: "All"}))


def revision(meaning: str, version: str = "2.0.0") -> dict[str, str]:
    return {"version": version, "meaning": meaning, "note": "x"}


@pytest.mark.parametrize(
    ("old", "new", "is_changed"),
    [
        ({}, {"question": "Else?"}, True),
        ({}, {"question": "Else?", "revisions": [revision("same")]}, False),
        ({}, {"question": "Else?", "revisions": [revision("changed")]}, True),
        ({}, {"question": "Else?", "revisions": [revision("same"), revision("changed", "2.1.0")]}, True),
        ({"revisions": [revision("changed")]}, {"question": "Else?", "revisions": [revision("changed")]}, True),
        (
            {"revisions": [revision("changed")]},
            {"question": "Else?", "revisions": [revision("changed"), revision("same", "3.0.0")]},
            False,
        ),
        ({}, {"levels": LEVELS, "revisions": [revision("same")]}, True),
        ({}, {"title": "x", "revisions": [revision("changed")]}, False),
    ],
)
def test_other_words_are_another_meaning_unless_a_revision_says_otherwise(
    old: dict[str, Any], new: dict[str, Any], is_changed: bool  # noqa: FBT001
) -> None:  # fmt: skip
    assert meaning_changed(made(**old), made(**new)) is is_changed
    assert meaning_changed(made(**new), made(**old)) is is_changed


def test_a_digest_of_content_leaves_defaults_out() -> None:
    def short(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    assert content_digest({"b": 1, "a": ["é"]}) == short('{"a":["é"],"b":1}')
    assert content_digest("x") == short('"x"')
    assert content_digest(made()) == content_digest(made(note="", tier="core"))
    assert content_digest(made()) != content_digest(made(note="x"))
    head = made(revisions=[revision("same")]).revisions[0]
    assert content_digest(head) == short('{"meaning":"same","note":"x","version":"2.0.0"}')
