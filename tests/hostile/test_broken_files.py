"""Each kind of file broken, each command run: it refuses with the file and line, or says what it skipped; never silently."""

from __future__ import annotations

import io
import shutil
import warnings
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click
import pytest
from builders import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, WEIGHTS, card_of, profile_of, stakeholder, write
from review_builders import a_year_later, closed, final_contents
from sampling import pairs

from evaluator import api
from evaluator.cli.main import main, program

OTHER_VENDOR, OTHER_STAKEHOLDER = card_of("v-2", "desk-b"), "weights/buyer.yaml"
FILES = {
    "evaluation": EVALUATION,
    "catalogue": CATALOGUE,
    "family": "criteria/f-1.yaml",
    "weights": WEIGHTS,
    "use cases": USE_CASES,
    "guardrails": GUARDRAILS,
    "profile": profile_of("v-1"),
    "scorecard": card_of("v-1"),
    "other vendor": OTHER_VENDOR,
    "stakeholder": "weights/finance.yaml",
    "other stakeholder": OTHER_STAKEHOLDER,
    "review": "reviews/2027.yaml",
    "log": "reviews/log.yaml",
    "language": "reports/language.yaml",
}
EVERYTHING = frozenset(FILES)
CRITERIA = frozenset({"evaluation", "catalogue", "family", "weights", "use cases", "guardrails"})
ONE_VENDOR = CRITERIA | {"profile", "scorecard"}
"""What an exchange about v-1 needs."""
EXCHANGED = EVERYTHING - {"review", "log", "language"}
"""What an exchange opens: it has no use for reviews and words."""
WEIGHING = CRITERIA | {"stakeholder"}
"""What the head of finance needs to weigh."""
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verb:
    """A command and the kinds of files it needs; ``{out}`` is a folder to write to, ``{given}`` one with files to take in."""

    arguments: str
    needs: frozenset[str] = EVERYTHING
    opens: frozenset[str] | None = None
    """The kinds it opens at all; those it needs and those it would mention where left out."""
    code: int = 0
    makes_papers: bool = field(default=False)
    reads_records: bool = field(default=False)


VERBS = {
    "init": Verb("init {out}/new --blank", NOTHING, NOTHING),
    "demo": Verb("", NOTHING, NOTHING),  # the shipped evaluation, in its own tests
    "check": Verb("check"),
    "format": Verb("format", NOTHING, NOTHING),  # reads texts, not what they mean
    "vendor add": Verb("", NOTHING, NOTHING),  # see tests/journeys/test_vendor_add.py
    "vendor own-work": Verb("", NOTHING, NOTHING),  # see tests/journeys/test_own_work.py
    "weights show": Verb("weights show"),
    "weights swing": Verb("weights swing --stakeholder finance -o {out}/weights.xlsx", WEIGHING),
    "weights import": Verb("weights import {given}/weights.xlsx --date 2027-11-01", WEIGHING),
    "weights rank": Verb("weights rank --stakeholder finance f-1 f-2 --date 2027-11-01", WEIGHING),
    "weights pairwise": Verb("weights pairwise --stakeholder finance {given}/pairs.csv --date 2027-11-01", WEIGHING),
    "weights adopt": Verb("weights adopt --dry-run"),
    "weights seal": Verb("weights seal --by board --method swing --date 2027-11-01"),
    "score": Verb("score"),
    "explain": Verb("explain v-1"),
    "stack": Verb("stack"),
    "robustness": Verb("robustness --samples 10"),
    "breakeven": Verb("breakeven"),
    "questions": Verb("questions"),
    "scorecard export": Verb(
        "scorecard export v-1 --assessor desk-a -o {out}/card.xlsx", ONE_VENDOR, EXCHANGED, reads_records=True
    ),
    "scorecard import": Verb("scorecard import {given}/card.xlsx", ONE_VENDOR, EXCHANGED),
    "questionnaire export": Verb(
        "questionnaire export v-1 --assessor desk-a -o {out}/questions.xlsx", ONE_VENDOR, EXCHANGED, reads_records=True
    ),
    "scorecard moderate": Verb("scorecard moderate v-1 -o {out}/agree.xlsx", ONE_VENDOR, EXCHANGED),
    "compare": Verb("compare -o {out}/comparison.html", makes_papers=True, reads_records=True),
    "recommend": Verb("recommend -o {out}/recommendation.html", makes_papers=True, reads_records=True),
    "report vendor": Verb("report vendor v-1 -o {out}/vendor.pdf", makes_papers=True),
    "report scorecard": Verb("report scorecard v-1 -o {out}/card.pdf", makes_papers=True),
    "review open": Verb("review open 2028 --as-of 2028-11-24 --on 2028-10-01", reads_records=True),
    "review status": Verb("review status 2027 --on 2027-11-01", CRITERIA | {"review", "log"}, reads_records=True),
    "review confirm": Verb("review confirm v-1 --assessor desk-a --on 2027-11-01"),
    "review log": Verb("review log v-1 --checked --by board --on 2027-11-01"),
    "review close": Verb("review close 2027 --on 2027-11-25", makes_papers=True, reads_records=True),
    "review verify": Verb("review verify 2026", NOTHING, NOTHING, reads_records=True),
    "review diff": Verb("review diff 2026 now", reads_records=True),
    "review history": Verb("review history v-1", reads_records=True),
    "catalogue upgrade": Verb("catalogue upgrade --dry-run", code=1),
}
RUN = {name: verb for name, verb in VERBS.items() if verb.arguments}


def commands(group: click.Command = program, prefix: str = "") -> Iterator[str]:
    """Every command by its full name."""
    if not isinstance(group, click.Group):
        yield prefix.strip()
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command, f"{prefix} {name}")


def test_every_command_is_decided_on() -> None:
    assert sorted(commands()) == sorted(VERBS)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a file of every kind, and files to take in beside it; nothing is wrong with any."""
    folder = tmp_path_factory.mktemp("whole")
    root, given = folder / "workspace", folder / "given"
    given.mkdir()
    content = final_contents(vendors=3, criteria=4, assessors=("desk-a", "desk-b"))
    closed(root, "2026", content)
    later = a_year_later(content)
    later["weights/finance.yaml"] = stakeholder("finance", families={"points": {"f-1": 100, "f-2": 50}})
    later[OTHER_STAKEHOLDER] = stakeholder("buyer", families={"points": {"f-1": 10, "f-2": 100}})
    later["reviews/2027.yaml"] = {
        "schema": "review/1",
        "edition": "2027",
        "as_of": "2027-11-24",
        "opened": "2027-10-01",
        "since": "2026",
    }
    later["reviews/log.yaml"] = {"schema": "review-log/1"}
    later["reports/language.yaml"] = {"schema": "language/1", "lang": "en", "strings": {}}
    write(root, later)
    api.export_scorecards(root, ["v-1"], given / "card.xlsx", assessor="desk-a")
    api.weights_workbook(root, "finance", given / "weights.xlsx", date(2027, 11, 1))
    (given / "pairs.csv").write_text("first,second,times\nf-1,f-2,3\n")
    return folder


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Run:
    """A copy of the workspace, and the program to be run on it."""
    return Run(Path(shutil.copytree(whole, tmp_path / "copy")), tmp_path / "out")


@dataclass(frozen=True)
class Run:
    """Runs commands inside this process."""

    folder: Path
    out: Path

    @property
    def root(self) -> Path:
        """The workspace."""
        return self.folder / "workspace"

    def __call__(self, verb: Verb) -> Done:
        self.out.mkdir(exist_ok=True)
        arguments = verb.arguments.format(out=self.out, given=self.folder / "given").split()
        if arguments[0] != "init":
            arguments += ["--workspace", str(self.root)]
        out, err = io.StringIO(), io.StringIO()
        warnings.onceregistry.clear()  # type: ignore[attr-defined]
        with warnings.catch_warnings(), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main(arguments)
        return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def break_yaml(self, file: str) -> str:
        """Give a YAML file a key that it may not have; returns the place as problems name it."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.rstrip("\n") + "\nnonsense: 1\n", encoding="utf-8")
        return f"{file}:{len(text.rstrip(chr(10)).splitlines()) + 1}:1"


@pytest.mark.parametrize("name", RUN)
def test_without_anything_broken_each_command_ends_as_expected(name: str, run: Run) -> None:
    done = run(RUN[name])
    assert done.code == RUN[name].code, done
    assert "nonsense" not in done.stderr
    assert "skipped" not in done.stderr


@pytest.mark.parametrize(("name", "kind"), pairs(RUN, FILES))
def test_a_broken_file_is_refused_or_said_to_be_skipped(name: str, kind: str, run: Run) -> None:
    verb = RUN[name]
    place = run.break_yaml(FILES[kind])
    done = run(verb)
    said = done.stdout if name in {"check", "scorecard import", "weights import"} else done.stderr
    if verb.opens is not None and kind not in verb.opens:
        assert place not in done.stderr
        assert done.code == verb.code
    elif kind in verb.needs:
        assert done.code == 1
        assert place in said + done.stderr
        assert not any(run.out.iterdir()), "nothing is handed out"
    else:
        assert f"skipped {place}: " in done.stderr
        assert done.code == verb.code


@pytest.mark.parametrize("name", [name for name in RUN if RUN[name].makes_papers])
def test_a_template_that_cannot_be_read_is_named_with_its_line(name: str, run: Run) -> None:
    template = run.root / "reports/templates/document.html"
    template.parent.mkdir()
    template.write_text("<p>\n{% if %}\n", encoding="utf-8")
    done = run(RUN[name])
    assert done.code == 1
    assert "document.html" in done.stderr
    assert "line 2" in done.stderr or "document.html:2" in done.stderr
    assert not any(run.out.iterdir())


@pytest.mark.parametrize("name", [name for name in RUN if RUN[name].reads_records])
def test_a_record_that_cannot_be_read_is_named(name: str, run: Run) -> None:
    (run.root / "reports/2026/record.json").write_text('{"record": ', encoding="utf-8")
    done = run(RUN[name])
    assert done.code == 1
    assert "2026" in done.stdout + done.stderr
    assert "record" in done.stdout + done.stderr
    assert not any(run.out.iterdir())


def test_another_assessors_scorecard_is_never_handed_out_instead(run: Run) -> None:
    """Without ``--assessor`` the only scorecard that can be read would be taken for the only one there is."""
    place = run.break_yaml(card_of("v-1"))
    done = run(Verb("scorecard export v-1 -o {out}/card.xlsx"))
    assert done.code == 1
    assert place in done.stderr
    assert not any(run.out.iterdir())


def test_only_the_first_problem_of_a_skipped_file_is_told(run: Run) -> None:
    path = run.root / OTHER_VENDOR
    path.write_text(path.read_text(encoding="utf-8") + "one: 1\ntwo: 2\n", encoding="utf-8")
    done = run(RUN["scorecard moderate"])
    lines = [line for line in done.stderr.splitlines() if "skipped" in line]
    assert len(lines) == 1
    assert lines[0].endswith("unknown key `one` (and 1 more)")
