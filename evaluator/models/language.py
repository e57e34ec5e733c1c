"""The words of the papers, as a file holds them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from evaluator.models.base import Model, Text

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.ASCII)


def _tag(value: Any) -> Any:
    if isinstance(value, str) and not _TAG.fullmatch(value):
        raise PydanticCustomError("not_a_language", "expected a language tag such as de or pt-BR")
    return value


class LanguageFile(Model):
    """``reports/language.yaml``: the strings of the papers by key; a workspace's own file holds those it changes."""

    format: Annotated[Literal["language/1"], Field(alias="schema")]
    lang: Annotated[str, BeforeValidator(_tag)]
    """The language of the document, as a tag of BCP 47: ``en``, ``de``, ``pt-BR``."""
    strings: dict[str, Text] = {}
    """By key. ``{name}`` stands for what the paper puts in; a string keeps the names of the shipped one."""
