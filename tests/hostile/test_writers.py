"""Every verb that writes, killed and hindered at a few moments; ``make crash`` does it at every one."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from click import Command, Context, Group
from file_events import Plan
from program_server import Program
from sampling import sample
from writing_trials import NO_FLOCK, STALE, Tally, Trials
from writing_verbs import IN, VERBS, Verb

from evaluator.cli.main import program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="file events are counted through /proc")

READ_ONLY = {
    "check", "explain", "breakeven", "questions", "review history", "review diff", "review verify", "robustness", "score", "stack",
    "weights show",
}  # fmt: skip
LIKE_ANOTHER = {
    "init, beside .git", "init --blank", "scorecard import, new", "scorecard import, two vendors", "weights pairwise",
    "compare -o .xlsx", "compare -o .html", "recommend -o .html", "questionnaire export", "weights swing -o",
}  # fmt: skip
"""Verbs that the complete run alone tries: they write as another one does."""
SAMPLE = {
    "init", "vendor add", "scorecard import, three files", "catalogue upgrade", "review open", "review log", "weights adopt",
    "scorecard export",
}  # fmt: skip
"""Verbs that write each in a way of their own: a folder, a new file, several files, removals, two files, a paper."""
QUICK = tuple(verb for verb in VERBS if not verb.slow and verb.name not in LIKE_ANOTHER)


def verb_name(verb: object) -> str:
    """How a test calls a verb."""
    return verb.name if isinstance(verb, Verb) else str(verb)


def is_first_of_its_kind(verb: object) -> bool:
    """Whether the suite tries the verb; ``make hostile`` and ``make crash`` try all."""
    return verb_name(verb) in SAMPLE


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    with Program() as server:
        yield Trials(server, tmp_path_factory.mktemp("trials"))


def none_bad(*tallies: Tally) -> None:
    assert not [str(fault) for tally in tallies for fault in tally.faults]


def of_kind(trials: Trials, verb: Verb, *kinds: str) -> list[int]:
    """The last event of each kind that the verb has."""
    events = [event.split()[0] for event in trials.clean(verb).events]
    return sorted({len(events) - events[::-1].index(kind) for kind in kinds if kind in events})


@pytest.mark.parametrize("verb", sample(QUICK, is_first_of_its_kind, verb_name))
def test_a_change_that_was_killed_is_done_or_not_done(trials: Trials, verb: Verb) -> None:
    middle = len(trials.clean(verb).events) // 2
    none_bad(trials.kills(verb, sorted({middle, *of_kind(trials, verb, "rename")})))


@pytest.mark.parametrize("verb", sample(QUICK, is_first_of_its_kind, verb_name))
def test_a_full_disk_is_named_and_loses_nothing(trials: Trials, verb: Verb) -> None:
    none_bad(trials.full(verb, of_kind(trials, verb, "write"), once=False))


@pytest.mark.parametrize("verb", sample(QUICK, is_first_of_its_kind, verb_name))
def test_two_at_once_do_it_once(trials: Trials, verb: Verb) -> None:
    none_bad(trials.writers(verb, 2, 1))


@pytest.mark.parametrize("verb", [verb for verb in QUICK if verb.variant], ids=lambda verb: verb.name)
def test_what_several_wrote_at_once_is_all_there(trials: Trials, verb: Verb) -> None:
    none_bad(trials.different_writers(verb, 4, 1))


@pytest.mark.parametrize("verb", [verb for verb in QUICK if verb.in_workspace], ids=lambda verb: verb.name)
def test_a_lock_of_the_dead_hinders_nobody(trials: Trials, verb: Verb) -> None:
    none_bad(trials.stale_locks(verb, STALE[1:2]))


@pytest.mark.parametrize("verb", sample(QUICK, is_first_of_its_kind, verb_name))
def test_a_file_system_that_cannot_lock_is_told(trials: Trials, verb: Verb) -> None:
    none_bad(trials.without_flock(verb, NO_FLOCK[:1]))


def commands(group: Command, context: Context, before: str = "") -> Iterator[str]:
    """Every command that does something, by its whole name."""
    if not isinstance(group, Group):
        yield before.strip()
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield from commands(command, context, f"{before} {name}")


def test_every_command_that_writes_is_tried() -> None:
    known = set(commands(program, Context(program)))
    tried = {name for name in known for verb in VERBS if verb.arguments[: len(name.split())] == tuple(name.split())}
    assert known - READ_ONLY == tried


def test_the_trial_itself_sees_a_half_written_file(trials: Trials) -> None:
    """The harness is no use if it lets this pass: a file that is half there, and no command that repairs it."""
    verb = next(verb for verb in VERBS if verb.name == "vendor add")
    place = trials.start(verb)
    profile = place / "ws" / "vendors" / "vendor-0" / "profile.yaml"
    profile.parent.mkdir()
    profile.write_text("schema: profile/1\nid: vend")
    assert any("neither the old state nor the new" in what for what in trials.aftermath(verb))


def test_a_kill_is_a_kill(trials: Trials) -> None:
    verb = next(verb for verb in VERBS if verb.name == "review log")
    trials.start(verb)
    assert trials.run(verb, Plan("kill", 1)).code == -9
    assert trials.program.run(trials.place, "check", *IN).code == 0
