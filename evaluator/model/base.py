"""The base of all models, and the small types they share."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from evaluator.characters import has_visible


class Model(BaseModel):
    """A frozen value; a key it does not know is an error, and no value is silently converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if _DAY.fullmatch(value) else value
        except ValueError:
            pass
    if type(value) is date:
        return value
    raise PydanticCustomError("not_a_day", "expected a date as YYYY-MM-DD")


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""Lower-case letters and digits in words joined by hyphens; it names a file, a folder or a key."""

AS_ISSUED = {"as issued": True}
"""The context in which content of a closed review is validated: a rule on texts that came later does not apply to it."""


def _visible(text: str, info: ValidationInfo) -> str:
    if not has_visible(text) and info.context != AS_ISSUED:
        raise PydanticCustomError("nothing_visible", "expected visible text")
    return text


Text = Annotated[str, Field(min_length=1, max_length=40_000), AfterValidator(_visible)]
"""Text in which something can be seen."""
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""A currency by its three capital letters, as EUR or USD."""

MAX_NAME = 500
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME, pattern=r"^[^\r\n\t]+$"), AfterValidator(_visible)]
"""A name or a title: one line, which tables, headings and sheets can hold."""
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]
Number = StrictInt | StrictFloat
NotNegative = Annotated[Number, Field(ge=0, le=1e12, allow_inf_nan=False)]
Share = Annotated[Number, Field(ge=0, le=1, allow_inf_nan=False)]
Confidence = Literal["low", "medium", "high"]


def digest_of(content: object) -> str:
    """Return the SHA-256, in hexadecimal, of plain values as JSON in one form: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """``day`` moved by whole calendar months, the last day of a month standing for a missing one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
