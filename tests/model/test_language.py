"""The words of the papers as a file holds them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from evaluator.model.language import LanguageFile


def made(lang: Any = "en", **strings: Any) -> LanguageFile:
    return LanguageFile.model_validate({"schema": "language/1", "lang": lang, "strings": strings})


def errors(call: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as raised:
        call()
    return [(error["type"], error["msg"]) for error in raised.value.errors()]


@pytest.mark.parametrize("lang", ["en", "deu", "pt-BR", "zh-Hant-TW", "de-1996", "en-x-a12345678"[:13]])
def test_a_language_is_a_tag(lang: str) -> None:
    assert made(lang).lang == lang


@pytest.mark.parametrize("lang", ["", "e", "engl", "de_DE", "de-", "de-123456789", "1e", "dé", "en\n"])
def test_what_is_no_tag(lang: str) -> None:
    assert errors(lambda: made(lang)) == [("not_a_language", "expected a language tag such as de or pt-BR")]


def test_a_language_that_is_no_text() -> None:
    assert [kind for kind, _ in errors(lambda: made(1))] == ["string_type"]
    assert [kind for kind, _ in errors(lambda: made(a=1))] == ["string_type"]


@pytest.mark.parametrize("words", ["a", "…", "{name}", "ü x", "表", "1", "+", "x" * 1000, "e\u0301", "a\u200d"])
def test_words(words: str) -> None:
    assert made(a=words).strings == {"a": words}


@pytest.mark.parametrize(
    "words", [" ", "\u200b", "\xa0 ", "a\nb", "a\tb", "a\x00", "a\x85", "a\u2028b", "a\u202eb", "a\u2066b", "a\u2069"]
)
def test_what_are_no_words(words: str) -> None:
    assert errors(lambda: made(a=words)) == [("not_words", "expected words that can be seen")]


def test_words_have_a_length() -> None:
    assert [kind for kind, _ in errors(lambda: made(a="x" * 1001))] == ["string_too_long"]
    assert errors(lambda: made(a=""))
    assert LanguageFile.model_validate({"schema": "language/1", "lang": "de"}).strings == {}
