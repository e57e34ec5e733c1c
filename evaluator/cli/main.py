"""The ``evaluator`` program: its commands by name, each imported only when it is called."""

from __future__ import annotations

import gc
import io
import sys
import warnings
from importlib import import_module
from typing import NoReturn

import click

from evaluator import __version__
from evaluator.errors import ContentError, EvaluatorError, Notice

COMMANDS = {
    "init": ("workspace", "Make a new workspace."),
    "check": ("workspace", "List every problem of the workspace."),
    "vendor": ("workspace", "Add a vendor."),
    "weights": ("weights", "Ask for weights, see who weighs what, adopt and seal them."),
    "score": ("figures", "Score the options, with range, gates and rank."),
    "explain": ("figures", "Show which criteria make a score or a difference."),
    "stack": ("figures", "Find the best set of tools for the use cases."),
    "robustness": ("firmness", "Show how often the answer holds."),
    "flips": ("firmness", "Show what would change the answer."),
    "gaps": ("firmness", "Show which open answers matter: what to ask next."),
    "scorecard": ("scorecards", "Export scorecards as workbooks, import what came back."),
    "agree": ("scorecards", "Settle what assessors of a vendor see differently."),
    "compare": ("papers", "Write the comparison: workbook, or pages to read."),
    "recommend": ("papers", "Write the recommendation paper."),
    "review": ("review", "Open, follow, close, verify and compare yearly reviews."),
    "history": ("review", "Follow one vendor over all editions."),
    "catalogue": ("review", "Bring the catalogue to the shipped one."),
    "report": ("papers", "Write a paper on one vendor."),
    "demo": ("papers", "Do the whole main job on the shipped evaluation."),
}
"""Command -> the module under ``evaluator.cli`` that holds it, and its help in one line."""

EXIT_CONTENT = 1
EXIT_BUG = 70


class Commands(click.Group):
    """A group that knows its commands' names and help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that is called."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"evaluator.cli.{module}"), cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, so that ``--help`` imports nothing."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="evaluator")
def program() -> None:
    """Evaluate platforms, score vendors and defend a curated stack of two or three tools."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the program and exit: 0 done, 1 content or request wrong, 2 usage, 70 a bug."""
    # Reading a workspace makes many small objects that all stay alive: collecting seldom saves a seventh of `score`.
    gc.set_threshold(200_000, 20, 50)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal of another encoding shows ? for a mark it lacks
    warnings.simplefilter("once", Notice)
    warnings.showwarning = _show_warning
    try:
        program.main(arguments, prog_name="evaluator", standalone_mode=False)
    except ContentError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        _stop(str(error))
    except EvaluatorError as error:
        _stop(str(error))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_CONTENT)
    except OSError as error:
        _stop(f"the output could not be written: {error.strerror or error}.")
    except Exception:  # noqa: BLE001 - a bug keeps its traceback and gets its own exit code
        sys.excepthook(*sys.exc_info())
        click.echo("evaluator: this is a bug of the evaluator, not of your content.", err=True)
        sys.exit(EXIT_BUG)
    sys.exit(0)


def _show_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    """Print a notice as one sentence; what a library warns of is for its developers."""
    if issubclass(category, Notice):
        click.echo(f"evaluator: {message}", err=True)


def _stop(sentence: str) -> NoReturn:
    click.echo(f"evaluator: {sentence}", err=True)
    sys.exit(EXIT_CONTENT)
