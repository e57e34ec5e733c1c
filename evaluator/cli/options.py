"""Options and helpers that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any, TypeVar

import click

from evaluator import api
from evaluator.errors import EvaluatorError

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self.fail(f"'{value}' is not a date; write it as YYYY-MM-DD.", param, ctx)


class Money(click.FloatRange):
    """A finite amount that is not negative."""

    def __init__(self) -> None:
        super().__init__(0, clamp=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The amount, or a usage error."""
        amount = float(super().convert(value, param, ctx))
        if not isfinite(amount):
            self.fail(f"'{value}' is not an amount of money.", param, ctx)
        return amount


class Currency(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A currency by its three letters."""

    name = "currency"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The currency in capitals, or a usage error."""
        text = str(value).upper()
        if len(text) != 3 or not text.isascii() or not text.isalpha():  # noqa: PLR2004 - ISO 4217
            self.fail(f"'{value}' is not a currency; write three letters such as EUR.", param, ctx)
        return text


def completing(*kinds: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a function that completes ids of ``kinds`` from the workspace, or nothing where there is no workspace."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
        try:
            found = [name for kind in kinds for name in api.listed_ids(str(ctx.params.get("folder") or "."), kind)]
        except (EvaluatorError, OSError, ValueError):
            return []
        return [name for name in found if name.startswith(incomplete)]

    return complete


def workspace_option(command: Command) -> Command:
    """``--workspace DIR``."""
    return click.option(
        "--workspace",
        "folder",
        default=".",
        metavar="DIR",
        help="The workspace (default: here or the nearest parent that is one).",
    )(command)


def as_of_option(command: Command) -> Command:
    """``--as-of DATE``."""
    return click.option(
        "--as-of", type=Day(), metavar="DATE", help="Judge staleness at this date (default: the evaluation's own)."
    )(command)


def paper_option(command: Command) -> Command:
    """``--paper SIZE``."""
    return click.option(
        "--paper", type=click.Choice(["A4", "letter"]), default="A4", show_default=True, help="The page size."
    )(command)


def json_option(command: Command) -> Command:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Machine-readable output, nothing else on stdout.")(
        command
    )


def today() -> date:
    """The day on the person's own calendar."""
    return date.today()  # noqa: DTZ011
