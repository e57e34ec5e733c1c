"""Options and kinds of values that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any, Literal

import click
from click.shell_completion import CompletionItem

from evaluator import api
from evaluator.errors import EvaluatorError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def today() -> date:
    """The day on the person's own calendar."""
    return date.today()  # noqa: DTZ011


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


class PathName(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """The name of a file or folder, which a shell completes; whether it can be used is for the verb to say."""

    def __init__(self, name: Literal["file", "dir"]) -> None:
        self.name = name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Leave it to the shell to complete names of files or folders."""
        del ctx, param
        return [CompletionItem(incomplete, type=self.name)]


FILE, FOLDER = PathName("file"), PathName("dir")


def completing(*kinds: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a function that completes ids of ``kinds`` from the workspace, or nothing where there is no workspace."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
        try:
            found = [name for kind in kinds for name in api.listed_ids(str(ctx.params.get("folder") or "."), kind)]
        except (EvaluatorError, OSError, ValueError):
            return []
        return [name for name in found if name.startswith(incomplete)]

    return complete


workspace = click.option(
    "--workspace",
    "folder",
    default=".",
    type=FOLDER,
    help="The workspace (default: here or the nearest parent that is one).",
)
as_of = click.option("--as-of", type=Day(), help="Judge staleness at this date (default: the evaluation's own).")
paper = click.option(
    "--paper", type=click.Choice(["A4", "letter"]), default="A4", show_default=True, help="The page size."
)
json_flag = click.option("--json", "as_json", is_flag=True, help="Machine-readable output, nothing else on stdout.")
vendor = click.argument("vendor", shell_complete=completing("options"))


def day(flag: str, name: str, text: str) -> Decorator:
    """Return the option ``flag`` for a day that is today unless another is given."""
    return click.option(flag, name, type=Day(), default=today, help=f"{text} (default: today).")


def dry_run(text: str) -> Decorator:
    """Return ``--dry-run``."""
    return click.option("--dry-run", is_flag=True, help=text)


def output(text: str, *, required: bool = True) -> Decorator:
    """Return ``-o FILE``."""
    return click.option("-o", "output", type=FILE, required=required, help=text)


def family(text: str) -> Decorator:
    """Return ``--family ID``."""
    return click.option("--family", metavar="ID", shell_complete=completing("families"), help=text)
