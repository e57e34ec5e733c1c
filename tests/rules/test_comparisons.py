"""Words that compare, in every place where a reason stands."""

from __future__ import annotations

import pytest
from builders import EVALUATION, answer, build, card_of, contents

from evaluator.rules.comparisons import Comparison, comparing_word, comparisons


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It is BETTER, not best.", "BETTER"),
        ("the worse of two", "worse"),
        ("a market leading platform", "market leading"),
        ("an industry-leading one", "industry-leading"),
        ("the leading vendor", "leading vendor"),
        ("more complete than X", "more complete than"),
        ("it outperforms all", "outperforms"),
        ("state of the art", "state of the art"),
        ("best-in-class", "best-in-class"),
        ("inferior", "inferior"),
        ("best of all", "best"),
    ],
)
def test_the_word_as_written(text: str, word: str) -> None:
    assert comparing_word(text) == word


@pytest.mark.parametrize("text", ["", "best practice", "leading zero", "no more than 30", "betterment", "asbestos"])
def test_what_compares_nothing(text: str) -> None:
    assert comparing_word(text) is None


def test_every_reason_is_read_in_order() -> None:
    content = contents(criteria=1, families=1, vendors=3, level=2)
    content[card_of("v-2")]["answers"]["c-1"] = answer(2, rationale="Worse than v-1.")
    content[card_of("v-3")]["answers"]["c-1"] = answer(2, rationale="Better.")
    content[EVALUATION] |= {
        "options": ["v-1", "v-2"],
        "excluded": [
            {"option": "Fine", "reason": "No export.", "date": "2026-01-01"},
            {"option": "Old\n ware", "reason": "Inferior.", "date": "2026-01-01"},
        ],
        "out_of_scope": {"c-9": "superior elsewhere"},
        "stack": {
            "required": [{"tool": "v-1", "reason": "the best"}],
            "excluded": [{"tool": "v-9", "reason": "too few"}, {"tool": "v-2", "reason": "outperforms nobody"}],
        },
    }
    assert list(comparisons(build(content))) == [
        Comparison(card_of("v-2"), ("answers", "c-1", "rationale"), "the rationale of c-1", "Worse"),
        Comparison(EVALUATION, ("excluded", 1, "reason"), "the reason for leaving out Old ware", "Inferior"),
        Comparison(EVALUATION, ("out_of_scope", "c-9"), "the reason for taking out c-9", "superior"),
        Comparison(EVALUATION, ("stack", "required", 0, "reason"), "the reason for the limit on v-1", "best"),
        Comparison(EVALUATION, ("stack", "excluded", 1, "reason"), "the reason for the limit on v-2", "outperforms"),
    ]
