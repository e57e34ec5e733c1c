"""Commands on the workspace itself."""

from __future__ import annotations

import sys

import click

from evaluator import api
from evaluator.cli.options import emit_json, json_option, note, workspace_option
from evaluator.errors import has_errors


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--blank", is_flag=True, help="Criteria and weights only: no vendors, no use cases.")
def init(folder: str, *, blank: bool) -> None:
    """Make a new workspace in DIR, a copy of the shipped evaluation."""
    made = api.init(folder, blank=blank)
    note(f"made the workspace {made}; next: evaluator check --workspace {made}")


@click.command()
@workspace_option
@json_option
def check(folder: str, *, as_json: bool) -> None:
    """List every problem of the workspace, as file:line:column: message."""
    problems = api.check(folder)
    if as_json:
        emit_json(api.problems_as_data(problems))
    else:
        click.echo(api.problems_as_text(problems))
    sys.exit(1 if has_errors(problems) else 0)
