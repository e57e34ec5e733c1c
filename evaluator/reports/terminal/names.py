"""How options and criteria are called on the terminal: short enough for a line."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.model.workspace import Workspace
from evaluator.reports import words

WIDTH = 24
"""Longer names of options are cut."""


def option_name(workspace: Workspace, option: str) -> str:
    """The option's name on one line."""
    return words.abbreviated(" ".join(workspace.vendors[option].profile.name.split()), WIDTH)


def option_names(workspace: Workspace, options: Iterable[str], width: int = 200) -> str:
    """``a, b and c``; nobody where there is none."""
    return words.abbreviated(words.joined([option_name(workspace, option) for option in options]), width) or "nobody"


def criterion_title(workspace: Workspace, criterion: str) -> str:
    """The criterion's title, cut to what a line can hold."""
    return words.abbreviated(workspace.catalogue.criteria[criterion].title, 46)
