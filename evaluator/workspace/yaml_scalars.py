"""What an unquoted word of YAML stands for: the YAML 1.2 core schema, minus what no evaluation needs.

``yes``, ``on``, ``12:30`` and dates stay text, ``012`` is twelve; infinity and not-a-number stay text too.
"""

from __future__ import annotations

import math
import re
from typing import Any

MAX_DIGITS = 15
"""Longer whole numbers lose their last digits in spreadsheets and in floating point."""

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_PREFIXED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NUMERIC_START = frozenset("0123456789+-.")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class NumberTooLargeError(ValueError):
    """A number that could not be kept exactly."""


def resolve(text: str) -> Any:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _INTEGER.match(text):
        if len(text.lstrip("+-").lstrip("0")) > MAX_DIGITS:
            raise NumberTooLargeError
        return int(text)
    if _PREFIXED.match(text):
        if len(text) - 2 > MAX_DIGITS:
            raise NumberTooLargeError
        return int(text, 0)
    if _FLOAT.match(text):
        number = float(text)
        if not math.isfinite(number):
            raise NumberTooLargeError
        return number
    return text


def resolve_key(text: str) -> str | int:
    """The value of an unquoted key: a whole number where it reads as one, else text."""
    if text[:1] in _NUMERIC_START and len(text) <= MAX_DIGITS and _INTEGER.match(text):
        return int(text)
    return text
