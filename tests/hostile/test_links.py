"""No verb writes through a link: not outside the workspace, not to another place inside it, not onto what is already something else."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from file_events import Plan
from program_server import STOPPED, Done, Program
from sampling import pairs
from writing_trials import STATE, Trials, content, tree
from writing_verbs import IN, VERBS, Verb

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the server of trials forks")

CHANGING = tuple(verb for verb in VERBS if not verb.makes and not verb.slow and not verb.output)
CLOSE = next(verb for verb in VERBS if verb.name == "review close")
WITH_OUTPUT = tuple(verb for verb in VERBS if verb.output and verb.name != "demo")
SENDING = tuple(verb for verb in VERBS if "--send" in verb.arguments)
MAKING = tuple(verb for verb in VERBS if verb.makes)


def by_name(verb: object) -> str:
    """What a case is called."""
    return verb.name if isinstance(verb, Verb) else getattr(verb, "__name__", str(verb))


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    with Program(limit=20) as server:
        yield Trials(server, tmp_path_factory.mktemp("links"))


# Layouts of the workspace: what lies at the path that is to be written, or on the way to it


def moved_and_linked(path: Path, to: Path) -> None:
    """``path`` becomes a link to ``to``, where its content goes."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        shutil.move(path, to)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(to)


def file_outside(root: Path, outside: Path, file: Path) -> None:
    target = outside / file.name
    moved_and_linked(file, target)
    if not target.exists():
        target.write_text("not ours\n")
    del root


def file_dangling(root: Path, outside: Path, file: Path) -> None:
    file.unlink(missing_ok=True)
    moved_and_linked(file, outside / "not-there")
    del root


def file_elsewhere_inside(root: Path, outside: Path, file: Path) -> None:
    target = root / "elsewhere" / file.name
    moved_and_linked(file, target)
    if not target.exists():
        target.write_text("not for this\n")
    del outside


def folder_outside(root: Path, outside: Path, file: Path) -> None:
    _folder(file.parent, root, outside / "folder")


def folder_elsewhere_inside(root: Path, outside: Path, file: Path) -> None:
    _folder(file.parent, root, root / "elsewhere")
    del outside


def upper_folder_outside(root: Path, outside: Path, file: Path) -> None:
    _folder(_upper(root, file), root, outside / "folder")


def upper_folder_elsewhere_inside(root: Path, outside: Path, file: Path) -> None:
    _folder(_upper(root, file), root, root / "elsewhere")
    del outside


def top_folder_outside(root: Path, outside: Path, file: Path) -> None:
    _folder(_top(root, file), root, outside / "folder")


def top_folder_elsewhere_inside(root: Path, outside: Path, file: Path) -> None:
    _folder(_top(root, file), root, root / "elsewhere")
    del outside


def folder_dangling(root: Path, outside: Path, file: Path) -> None:
    if file.parent == root or any(file.parent.glob("*")):
        pytest.skip("what has to be there cannot dangle")
    moved_and_linked(file.parent, outside / "not-there")


def _top(root: Path, file: Path) -> Path:
    return root / file.relative_to(root).parts[0]


def _upper(root: Path, file: Path) -> Path:
    """The folder between the top one and the file's own, such as that of a vendor."""
    if len(file.relative_to(root).parts) < 4:
        pytest.skip("no such folder lies between")
    return file.parent.parent


def _folder(folder: Path, root: Path, to: Path) -> None:
    if folder in {root, root / "evaluation.yaml"}:
        pytest.skip("the file lies in no folder of the workspace")
    moved_and_linked(folder, to)
    to.mkdir(exist_ok=True)


LINKED_STATES = ("folder outside", "folder dangling", "lock outside", "lock dangling", "lock inside")
LAYOUTS = (
    file_outside, file_dangling, file_elsewhere_inside, folder_outside, folder_elsewhere_inside, folder_dangling,
    upper_folder_outside, upper_folder_elsewhere_inside, top_folder_outside, top_folder_elsewhere_inside,
)  # fmt: skip


def refused(done: Done) -> None:
    """One sentence, exit code 1, and no waiting."""
    assert done.code != STOPPED, "waits for ever"
    assert done.code == 1, f"ends with {done.code}: {done.sentence}"
    assert "Traceback" not in done.err, done.err
    assert done.sentence


def changed(trials: Trials, verb: Verb) -> list[str]:
    """The files of the workspace that the verb changes, the last first in the alphabet."""
    clean = trials.clean(verb)
    names = {name for name in {*clean.before, *clean.after} if clean.before.get(name) != clean.after.get(name)}
    return sorted((name for name in names if name.startswith("ws/")), reverse=True)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "private").write_text("private\n")
    return folder


@pytest.mark.parametrize(
    ("verb", "layout"), pairs([verb for verb in CHANGING if "status" not in verb.arguments], LAYOUTS, by_name)
)
def test_a_link_on_the_way_is_refused(
    trials: Trials, outside: Path, verb: Verb, layout: Callable[[Path, Path, Path], None]
) -> None:
    # The first and the last of the files that change: a change of several is refused whole.
    for name in dict.fromkeys([changed(trials, verb)[0], changed(trials, verb)[-1]]):
        place = trials.start(verb)
        layout(place / "ws", outside, place / name)
        before = tree(outside), content(tree(place))
        refused(trials.run(verb))
        after = tree(outside), content(tree(place))
        if verb.name in {
            "scorecard import, three files",
            "weights import, two files",
        }:  # a form that cannot be taken does not keep the others out
            others = set(changed(trials, verb)) - {name}
            before, after = (
                (there, {each: text for each, text in here.items() if each not in others})
                for there, here in (before, after)
            )
        assert after == before
        shutil.rmtree(outside)
        outside.mkdir()


@pytest.mark.parametrize("name", ["reports", "reports/2026"])
@pytest.mark.parametrize("kind", ["outside", "dangling", "inside"])
def test_a_review_is_not_closed_through_a_link(trials: Trials, outside: Path, name: str, kind: str) -> None:
    place = trials.start(CLOSE)
    root = place / "ws"
    to = {"outside": outside, "dangling": outside / "not-there", "inside": root / "elsewhere"}[kind]
    if kind == "inside":
        to.mkdir()
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).symlink_to(to)
    before = tree(outside), content(tree(place))
    refused(trials.run(CLOSE))
    assert (tree(outside), content(tree(place))) == before


@pytest.mark.parametrize(
    ("verb", "what"), pairs([verb for verb in CHANGING if verb.in_workspace], LINKED_STATES, by_name)
)
def test_the_folder_of_lock_and_journal_is_no_way_out(trials: Trials, outside: Path, verb: Verb, what: str) -> None:
    place = trials.start(verb)
    state = place / "ws" / STATE
    part, kind = what.split()
    link = state if part == "folder" else state / "lock"
    link.parent.mkdir(exist_ok=True)
    (outside / "lock").write_text("not ours\n")
    there = outside if part == "folder" else outside / "lock"
    to = {"outside": there, "dangling": outside / "not-there", "inside": place / "ws" / "evaluation.yaml"}[kind]
    link.symlink_to(to)
    before = tree(outside), content(tree(place))
    refused(trials.run(verb))
    assert (tree(outside), content(tree(place))) == before


@pytest.mark.parametrize("verb", [verb for verb in CHANGING if verb.in_workspace], ids=by_name)
def test_an_evaluation_outside_is_refused(trials: Trials, outside: Path, verb: Verb) -> None:
    place = trials.start(verb)
    moved_and_linked(place / "ws" / "evaluation.yaml", outside / "evaluation.yaml")
    before = tree(outside), content(tree(place))
    refused(trials.run(verb))
    assert (tree(outside), content(tree(place))) == before


@pytest.mark.parametrize("verb", CHANGING, ids=by_name)
def test_a_workspace_may_be_reached_through_a_link(trials: Trials, verb: Verb) -> None:
    clean = trials.clean(verb)
    place = trials.start(verb)
    (place / "ws").rename(place / "real")
    (place / "ws").symlink_to("real")
    done = trials.run(verb)
    assert done.code == 0, done.err + done.out
    (place / "ws").unlink()
    (place / "real").rename(place / "ws")
    assert content(tree(place)) == clean.after


@pytest.mark.parametrize("verb", MAKING, ids=by_name)
def test_no_workspace_is_made_where_a_link_leads_nowhere(trials: Trials, outside: Path, verb: Verb) -> None:
    place = trials.start(verb)
    shutil.rmtree(place / "ws", ignore_errors=True)
    (place / "ws").symlink_to(outside / "not-there")
    before = tree(outside), tree(place)
    refused(trials.run(verb))
    assert (tree(outside), tree(place)) == before


# What ``-o`` may name: a new file, or a paper that this program may replace


def output_link_outside(place: Path, outside: Path, ending: str) -> str:
    (outside / f"other{ending}").write_text("not ours\n")
    (place / f"paper{ending}").symlink_to(outside / f"other{ending}")
    return f"paper{ending}"


def output_link_dangling(place: Path, outside: Path, ending: str) -> str:
    (place / f"paper{ending}").symlink_to(outside / f"not-there{ending}")
    return f"paper{ending}"


def output_link_to_an_input(place: Path, outside: Path, ending: str) -> str:
    (place / f"paper{ending}").symlink_to(place / "ws" / "evaluation.yaml")
    del outside
    return f"paper{ending}"


def output_link_to_a_device(place: Path, outside: Path, ending: str) -> str:
    (place / f"paper{ending}").symlink_to("/dev/full")
    del outside
    return f"paper{ending}"


def output_in_a_linked_folder_of_the_workspace(place: Path, outside: Path, ending: str) -> str:
    (place / "ws" / "papers").symlink_to(outside)
    return f"ws/papers/paper{ending}"


def output_in_the_state_folder(place: Path, outside: Path, ending: str) -> str:
    (place / "ws" / STATE).mkdir(exist_ok=True)
    del outside
    return f"ws/{STATE}/paper{ending}"


def output_a_file_of_a_closed_review(place: Path, outside: Path, ending: str) -> str:
    names = {".json": "record.json", ".pdf": "recommendation.pdf", ".xlsx": "comparison.xlsx"}
    del place, outside
    return f"ws/reports/2026/{names.get(ending, 'new' + ending)}"


def output_a_new_file_in_a_closed_review(place: Path, outside: Path, ending: str) -> str:
    del place, outside
    return f"ws/reports/2026/new{ending}"


def output_in_a_closed_review_by_another_way(place: Path, outside: Path, ending: str) -> str:
    (place / "way").symlink_to(place / "ws" / "reports" / "2026")
    del outside
    return f"way/new{ending}"


def output_an_input(place: Path, outside: Path, ending: str) -> str:
    del place, outside, ending
    return "ws/evaluation.yaml"


def output_a_scorecard(place: Path, outside: Path, ending: str) -> str:
    del place, outside, ending
    return "ws/vendors/v-1/business/desk-a.yaml"


def output_a_folder(place: Path, outside: Path, ending: str) -> str:
    (place / f"paper{ending}").mkdir()
    del outside
    return f"paper{ending}"


def output_without_a_name(place: Path, outside: Path, ending: str) -> str:
    del place, outside, ending
    return ""


def output_a_pipe(place: Path, outside: Path, ending: str) -> str:
    os.mkfifo(place / f"paper{ending}")
    del outside
    return f"paper{ending}"


def output_below_a_file(place: Path, outside: Path, ending: str) -> str:
    (place / "file").write_text("not a folder\n")
    del outside
    return f"file/paper{ending}"


def output_in_a_protected_folder(place: Path, outside: Path, ending: str) -> str:
    (place / "protected").mkdir(mode=0o555)
    del outside
    return f"protected/paper{ending}"


def output_a_protected_file(place: Path, outside: Path, ending: str) -> str:
    (place / f"paper{ending}").write_text("kept\n")
    (place / f"paper{ending}").chmod(0o444)
    del outside
    return f"paper{ending}"


OUTPUTS = (
    output_link_outside, output_link_dangling, output_link_to_an_input, output_link_to_a_device,
    output_in_a_linked_folder_of_the_workspace, output_in_the_state_folder, output_a_file_of_a_closed_review,
    output_a_new_file_in_a_closed_review, output_in_a_closed_review_by_another_way, output_an_input,
    output_a_scorecard, output_a_folder, output_without_a_name, output_a_pipe, output_below_a_file,
    output_in_a_protected_folder, output_a_protected_file,
)  # fmt: skip


def start_closed(trials: Trials) -> Path:
    """A workspace with a closed review, for papers that must not land in it."""
    return trials.start(Verb("", "closed", ()))


@pytest.mark.parametrize(("verb", "output"), pairs(WITH_OUTPUT, OUTPUTS, by_name))
def test_a_paper_lands_on_nothing_else(
    trials: Trials, outside: Path, verb: Verb, output: Callable[[Path, Path, str], str]
) -> None:
    place = start_closed(trials)
    path = output(place, outside, Path(verb.output).suffix)
    arguments = [path if argument == verb.output else argument for argument in verb.arguments]
    before = tree(outside), tree(place)
    done = trials.program.run(place, *arguments, plan=Plan("no-override"))
    refused(done)
    assert (tree(outside), tree(place)) == before


def test_a_paper_does_not_take_the_place_of_a_template(trials: Trials) -> None:
    place = start_closed(trials)
    template = place / "ws" / "reports" / "templates" / "document.html"
    template.parent.mkdir()
    template.write_text("<p>ours</p>\n")
    for command in (("recommend",), ("compare",)):
        refused(trials.program.run(place, *command, "-o", "ws/reports/templates/document.html", *IN))
    assert template.read_text() == "<p>ours</p>\n"


@pytest.mark.parametrize("kind", ["linked folder of the workspace", "closed review", "file", "link in it", "no name"])
@pytest.mark.parametrize("verb", SENDING, ids=by_name)
def test_workbooks_are_not_sent_through_a_link(trials: Trials, outside: Path, verb: Verb, kind: str) -> None:
    names = [name for name in trials.clean(verb).after if name.startswith("out/")]
    place = trials.start(verb)
    folder = {"linked folder of the workspace": "ws/papers", "closed review": "ws/reports/2025", "no name": ""}.get(
        kind, "out"
    )
    if kind == "linked folder of the workspace":
        (place / folder).symlink_to(outside)
    elif kind == "closed review":
        (place / folder).mkdir(parents=True)
        (place / folder / "record.json").write_text("{}\n")
    elif kind == "file":
        (place / folder).write_text("not a folder\n")
    elif kind == "link in it":
        (place / folder).mkdir()
        (place / names[-1]).symlink_to(outside / "private")
    before = tree(outside), content(tree(place))
    refused(trials.program.run(place, *(folder if argument == "out" else argument for argument in verb.arguments)))
    assert (tree(outside), content(tree(place))) == before


@pytest.mark.parametrize("kind", ["closed review", "file", "link in it", "linked folder of the workspace"])
def test_the_demonstration_looks_before_it_works(trials: Trials, outside: Path, kind: str) -> None:
    place = start_closed(trials)
    folder = {"closed review": "ws/reports/2026", "linked folder of the workspace": "ws/papers"}.get(kind, "out")
    if kind == "file":
        (place / folder).write_text("not a folder\n")
    elif kind == "link in it":
        (place / folder).mkdir()
        (place / folder / "comparison.xlsx").symlink_to(outside / "private")
    elif kind == "linked folder of the workspace":
        (place / folder).symlink_to(outside)
    before = tree(outside), tree(place)
    refused(trials.program.run(place, "demo", "-o", folder))
    assert (tree(outside), tree(place)) == before
