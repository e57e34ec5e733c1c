"""Old names of commands and options: each is answered with its new name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Callback = TypeVar("Callback", bound=Callable[..., Any])

COMMANDS = {
    "agree": "scorecard moderate",
    "flips": "breakeven",
    "gaps": "questions",
    "history": "review history",
    "review example": "init --example",
}
"""Commands by the names they had before, and by those they have now."""


class RenamedError(click.ClickException):
    """A command or option was called by the name it had before."""

    exit_code = 2

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"'{old}' is now '{new}'.")


def refuse_old_command(name: str) -> None:
    """Raise :class:`RenamedError` where ``name`` is the old name of a command, with that of its group before it."""
    if name in COMMANDS:
        raise RenamedError(f"evaluator {name}", f"evaluator {COMMANDS[name]}")


class GroupWithRenamed(click.Group):
    """A group of commands, some of which had other names before."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command; an old name raises :class:`RenamedError`."""
        refuse_old_command(f"{ctx.info_name} {cmd_name}")
        return super().get_command(ctx, cmd_name)


class RenamedChoice(click.Choice):  # type: ignore[type-arg]  # generic from click 8.2 on
    """A choice of words, one of which had another name before."""

    def __init__(self, choices: list[str], old: str, new: str) -> None:
        super().__init__(choices)
        self._old, self._new = old, new

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the word that was chosen; the old one raises :class:`RenamedError`."""
        if value == self._old and param is not None:
            raise RenamedError(f"{param.opts[0]} {self._old}", f"{param.opts[0]} {self._new}")
        return super().convert(value, param, ctx)


def renamed_flag(old: str, new: str) -> Callable[[Callback], Callback]:
    """Return a hidden flag ``old`` that says what took its place."""

    def refuse(_: click.Context, __: click.Parameter, value: bool) -> None:  # noqa: FBT001 - as click calls it
        if value:
            raise RenamedError(old, new)

    return click.option(old, is_flag=True, hidden=True, expose_value=False, is_eager=True, callback=refuse)
