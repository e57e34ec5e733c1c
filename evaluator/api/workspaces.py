"""Workspaces: making, opening and checking them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.api.common import Folder, target_folder
from evaluator.errors import ContentError, EvaluatorError, Notice, Problem, Severity, has_errors
from evaluator.model.file_names import Layout

if TYPE_CHECKING:
    from evaluator.model.workspace import Workspace


_NOT_RUN = Problem(
    "rules-not-run",
    "the rules on content were not run, because a file that they all need cannot be used; there may be more problems",
    hint="fix the errors and check again",
    severity=Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace as found on disk: where, what could be read, and everything that is wrong with it."""

    root: Path
    workspace: Workspace | None
    problems: tuple[Problem, ...]
    unread: tuple[Problem, ...] = ()
    """Those of the problems for which a file is left out."""
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)
    """SHA-256 of every file that was read, by name."""
    layout: Layout = field(default_factory=Layout)


def open_workspace(folder: Folder = ".", *, settled: bool = False) -> Opened:
    """Read and check the workspace in ``folder``; content never raises.

    While a change to it is unfinished the state before it is read, with a :class:`~evaluator.errors.Notice`; with ``settled``, for
    whoever will write, that change is undone first.

    ``.`` stands for the current folder or its nearest parent that is a workspace; any other folder must be one itself.
    """
    from evaluator.rules.run import run
    from evaluator.workspace.containment import find_root
    from evaluator.workspace.load import load as load_files
    from evaluator.workspace.transaction import settle

    root = find_root(Path(folder))
    if str(folder) != "." and root != Path(folder).resolve():
        raise EvaluatorError(
            f"'{folder}' is no workspace: there is no evaluation.yaml in it (there is one above, in {root})."
        )
    if settled:
        settle(root)
    loaded = load_files(root)
    if loaded.workspace is None:
        found = [_NOT_RUN]
    else:
        found = run(loaded.workspace, loaded.workspace.evaluation.as_of, loaded.layout)
    language = _language_problems(root)
    reviews = _review_problems(root, loaded.workspace) if not any(one.file == "reports" for one in language) else ()
    problems = (*loaded.report(found), *reviews, *language, *_unused_scripts(root))
    unread = (*loaded.problems, *language)
    return Opened(root, loaded.workspace, problems, unread=unread, digests=loaded.digests, layout=loaded.layout)


def _language_problems(root: Path) -> tuple[Problem, ...]:
    """What is wrong with the words that the workspace gives the papers."""
    from evaluator.workspace import containment

    found = containment.folder(root, "reports")
    if isinstance(found, Problem):
        return (found,)
    if "language.yaml" not in {entry.name for entry in found}:
        return ()
    from evaluator.reports.language import language_problems

    return language_problems(root / "reports")


def _unused_scripts(root: Path) -> tuple[Problem, ...]:
    """Scripts in the theme of a workspace, which no paper has: script comes from the program only."""
    from evaluator.workspace import containment
    from evaluator.workspace.shipped import shipped_root

    found = containment.folder(root, "reports/theme")
    if isinstance(found, Problem) or root == shipped_root().resolve():
        return ()
    return tuple(
        Problem(
            "unused-script",
            "this script is not used: the only script in a paper is the program's own",
            f"reports/theme/{entry.name}",
            hint="remove the file",
            severity=Severity.WARNING,
        )
        for entry in found
        if entry.name.endswith(".js")
    )


def _review_problems(root: Path, workspace: Workspace | None) -> tuple[Problem, ...]:
    """What is wrong with the files under ``reviews/``."""
    from evaluator.reviews.review_files import find_reviews
    from evaluator.rules.reviews import check_log, check_review

    reviews = find_reviews(root)
    found = [*check_log(workspace, reviews.log)] if workspace and reviews.log else []
    if workspace:
        found += [problem for review in reviews.opened for problem in check_review(workspace, review)]
    return (*reviews.problems, *(reviews.pin(problem) for problem in found))


def check(folder: Folder = ".") -> tuple[Problem, ...]:
    """Every problem of the workspace, by file, line and column."""
    return open_workspace(folder).problems


def load(folder: Folder = ".") -> Workspace:
    """The workspace in ``folder``; raises :class:`ContentError` with all problems if any is an error."""
    return usable(open_workspace(folder))


def usable(opened: Opened) -> Workspace:
    """The workspace of ``opened``; raises :class:`ContentError` with all errors if there are any.

    The record of a closed review is no part of it: who compares with that review is told when it is read.
    """
    from evaluator.reviews.record_files import RECORD

    return usable_for(opened.workspace, opened.problems, lambda file: not file.endswith(f"/{RECORD}"))


def usable_for(workspace: Workspace | None, problems: Iterable[Problem], needs: Callable[[str], bool]) -> Workspace:
    """``workspace`` for a verb that needs only some of its files; a :class:`Notice` names each other file that has errors.

    Args:
        workspace: what could be read.
        problems: what is wrong with it.
        needs: whether a file is needed, by its name relative to the workspace.

    Raises:
        ContentError: a file that is needed has errors.
    """
    errors = [problem for problem in problems if has_errors([problem])]
    needed = [problem for problem in errors if needs(problem.file)]
    if workspace is None or needed:
        raise ContentError("The workspace has errors. Run `evaluator check`, fix them and try again.", needed or errors)
    warn_skipped(errors)
    return workspace


def warn_skipped(errors: Iterable[Problem]) -> None:
    """A :class:`Notice` for each file with errors: nothing of it is in the workspace."""
    by_file: dict[str, list[Problem]] = {}
    for problem in errors:
        by_file.setdefault(problem.file, []).append(problem)
    for found in by_file.values():
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        warnings.warn(f"skipped {found[0].place}: {found[0].message}{more}", Notice, stacklevel=3)


def init(folder: Folder, *, blank: bool = False, today: date | None = None) -> Path:
    """A new workspace in ``folder``: a copy of the shipped evaluation, or a blank one from ``today`` on; returns its path."""
    from evaluator.workspace.shipped import blank_shipped_files, shipped_files
    from evaluator.workspace.transaction import create_workspace

    target = target_folder(folder)
    create_workspace(target, blank_shipped_files(today) if blank else shipped_files())
    return target


def listed_ids(folder: Folder, kind: str) -> list[str]:
    """Return what a shell may complete: the ids of one kind, found without reading the whole workspace.

    ``kind`` is one of ``vendors``, ``options``, ``criteria``, ``families``, ``assessors``, ``stakeholders``,
    ``open-reviews`` and ``closed-reviews``. Raises :class:`EvaluatorError` where there is no workspace.
    """
    from evaluator.workspace.id_listing import listed_ids as find

    return find(Path(folder), kind)


def add_vendor(
    folder: Folder,
    vendor: str,
    *,
    name: str,
    homepage: str,
    editions: Sequence[str] = ("Standard",),
    captured: date | None = None,
) -> tuple[Path, bool]:
    """Start the profile of a new vendor with its evaluated editions, captured on a day: today, or the evaluation's own date if that is earlier.

    Returns:
        The profile's path, and whether the vendor is an option now: not where evaluation.yaml names its options and this is none.

    Raises:
        EvaluatorError: the id is not one, the vendor exists, two editions are alike, the day lies after the evaluation's date, or the profile cannot be written.
        ContentError: evaluation.yaml cannot be read.
    """
    from evaluator.model.file_names import EVALUATION
    from evaluator.workspace.starter_files import add_vendor as add
    from evaluator.workspace.transaction import transaction

    opened = open_workspace(folder, settled=True)
    workspace = usable_for(opened.workspace, opened.problems, lambda file: file == EVALUATION)
    as_of = workspace.evaluation.as_of
    if captured is not None and captured > as_of:
        raise EvaluatorError(
            f"The profile would be dated {captured}, after the date of the evaluation, {as_of}. Move as_of in "
            "evaluation.yaml, or name an earlier day with --date."
        )
    with transaction(opened.root) as change:
        file = add(change, vendor, name, homepage, editions, captured or min(date.today(), as_of))  # noqa: DTZ011
    named = workspace.evaluation.options
    return opened.root / file, named is None or vendor in named


def format_files(folder: Folder = ".", *, dry_run: bool = False) -> dict[str, bool]:
    """Put the YAML files of a workspace into the program's style, all or none; returns for each file whether that changes it.

    Comments and the order of keys stay. The files of closed reviews are left alone.

    Raises:
        EvaluatorError: a file cannot be formatted or written.
        ContentError: a file cannot be read.
    """
    from evaluator.model.file_names import review_file
    from evaluator.reviews.record_files import closed_review_names
    from evaluator.workspace import yaml_format
    from evaluator.workspace.containment import find_root
    from evaluator.workspace.transaction import transaction

    root = find_root(Path(folder))
    closed = {review_file(name) for name in closed_review_names(root)}
    with transaction(root, dry_run=dry_run) as change:
        return yaml_format.format_files(change, [name for name in yaml_format.yaml_files(root) if name not in closed])


def problems_as_text(problems: Iterable[Problem]) -> str:
    """One line per problem, then the count."""
    from evaluator.reports.terminal.page import render
    from evaluator.reports.terminal.scores import problems_page

    return render(problems_page(list(problems)))


def problems_as_data(problems: Iterable[Problem]) -> dict[str, Any]:
    """The machine-readable form of :func:`problems_as_text`."""
    from evaluator.reports.json_contract import problems_data

    return problems_data(problems)
