"""The ``evaluator`` program: its commands by name, each imported only when it is called."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

import click

from evaluator import __version__
from evaluator.cli.output import OutputError, note, safe_streams, show_click_error
from evaluator.cli.renamed import refuse_old_command
from evaluator.errors import ContentError, EvaluatorError

COMMANDS = {
    "init": ("workspace", "Make a new workspace."),
    "check": ("workspace", "List every problem of the workspace."),
    "format": ("workspace", "Put the YAML files into one style."),
    "vendor": ("workspace", "Add a vendor."),
    "weights": ("weights", "Ask for weights, see who weighs what, adopt and seal them."),
    "score": ("scores", "Score the options, with range, gates and rank."),
    "explain": ("scores", "Show which criteria make a score or a difference."),
    "stack": ("scores", "Find the best set of tools for the use cases."),
    "robustness": ("scores", "Show how often the answer holds."),
    "breakeven": ("scores", "Show which weights and answers would change the answer."),
    "questions": ("scores", "Show which open answers matter: what to ask next."),
    "scorecard": ("scorecards", "Export scorecards as workbooks, import and moderate what came back."),
    "questionnaire": ("scorecards", "Export questionnaires to vendors."),
    "compare": ("papers", "Write the comparison: workbook, or pages to read."),
    "recommend": ("papers", "Write the recommendation paper."),
    "review": ("review", "Open, follow, close, verify and compare yearly reviews."),
    "catalogue": ("review", "Bring the catalogue to the shipped one."),
    "report": ("papers", "Write a paper on one vendor."),
    "demo": ("papers", "Do the whole main job on the shipped evaluation."),
}
"""Command -> the module under ``evaluator.cli`` that holds it, and its help in one line."""

EXIT_CONTENT = 1
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
REMINDER = 0.5
"""Seconds after which a request to end that was swallowed is made again."""


class Commands(click.Group):
    """A group that knows its commands' names and help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that is called."""
        del ctx
        refuse_old_command(cmd_name)
        if cmd_name not in COMMANDS:
            return None
        module, summary = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"evaluator.cli.{module}"), cmd_name.replace("-", "_"))
        if isinstance(command, click.Group):
            for part in command.commands.values():  # click cuts a summary made of the help, but not one that is given
                part.short_help = part.get_short_help_str(limit=sys.maxsize)
        command.short_help = summary
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click takes every broken pipe for a closed stdout, which has an error of its own here."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise RuntimeError("a pipe other than the output broke") from error

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
    if threading.current_thread() is threading.main_thread():
        terminate = _termination()
        signal.signal(signal.SIGTERM, terminate)
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, terminate)
    try:
        with safe_streams():
            code = _run(arguments)
    finally:
        _remind(0)
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    """Run the program and return its exit code; say on stderr what went wrong."""
    try:
        program.main(arguments, prog_name="evaluator", standalone_mode=False)
    except OutputError as error:
        if not error.closed:
            note(f"Error: The output could not be written: {error}.")
        return EXIT_CONTENT
    except EvaluatorError as error:
        for problem in error.problems if isinstance(error, ContentError) else ():
            note(str(problem))
        note(f"Error: {error}")
        return EXIT_CONTENT
    except click.ClickException as error:
        show_click_error(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        note("stopped")
        return EXIT_INTERRUPTED
    except Exception:  # noqa: BLE001 - a bug keeps its traceback and gets its own exit code
        import traceback

        for line in traceback.format_exc().splitlines():
            note(line)
        note("Error: This is a bug in the evaluator, not in your content.")
        return EXIT_BUG
    return 0


def _termination() -> Callable[..., None]:
    """What leaves as if by an exception, so that temporary folders are removed on the way out.

    It happens that a library swallows the exception; then it is raised again, but not while those folders are removed.
    """
    stop = SystemExit(EXIT_TERMINATED)

    def terminate(*_: object) -> None:
        _remind(REMINDER)
        handled = sys.exc_info()[1]
        while handled is not None and handled is not stop:
            handled = handled.__context__
        if handled is None:
            raise stop

    return terminate


def _remind(seconds: float) -> None:
    """Ask for a signal that ends the program, after some seconds; 0 for none. Windows has no such signal."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        signal.setitimer(signal.ITIMER_REAL, seconds)
