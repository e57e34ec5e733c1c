"""The words of the papers, as a file holds them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from unicodedata import category

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from evaluator.model.base import Model

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.ASCII)


def _tag(value: Any) -> Any:
    if isinstance(value, str) and not _TAG.fullmatch(value):
        raise PydanticCustomError("not_a_language", "expected a language tag such as de or pt-BR")
    return value


_TURNING = re.compile("[\u2028-\u202e\u2066-\u2069]")
"""Characters that end a line or turn the direction of what follows."""


def _words(value: Any) -> Any:
    if isinstance(value, str):
        kinds = {category(character) for character in value}
        if _TURNING.search(value) or "Cc" in kinds or not any(kind[0] not in "CZ" for kind in kinds):
            raise PydanticCustomError("not_words", "expected words that can be seen")
    return value


Words = Annotated[str, Field(min_length=1, max_length=1_000), BeforeValidator(_words)]
"""A string of the papers: one line, of characters that can be seen."""


class LanguageFile(Model):
    """``reports/language.yaml``: the strings of the papers by key; a workspace's own file holds those it changes."""

    format: Annotated[Literal["language/1"], Field(alias="schema")]
    lang: Annotated[str, BeforeValidator(_tag)]
    """The language of the document, as a tag of BCP 47: ``en``, ``de``, ``pt-BR``."""
    strings: dict[str, Words] = {}
    """By key. ``{name}`` stands for what the paper puts in; a string keeps the names of the shipped one."""
