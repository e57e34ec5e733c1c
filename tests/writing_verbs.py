"""Every verb that writes, as a command line on a workspace that is ready for it.

A trial takes place in a folder of its own. The workspace is ``ws`` in it, and files that people hold beside it (workbooks that
came back, lists of judgements) lie next to ``ws``. Only the command line and files are used.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from builders import CATALOGUE, EVALUATION, WEIGHTS, Content, write
from exchange_tools import Filled
from program_server import Program
from review_builders import final_contents

IN = ("--workspace", "ws")
DAY = "2026-11-20"
OTHER = ("review", "log", "v-2", "--checked", "--by", "another office", "--on", DAY, *IN)
"""A writing command of somebody else, for a workspace with the vendor ``v-2``."""
READERS = (("check", "--json", *IN), ("score", "--json", *IN))
"""Commands that only read; together they depend on every file that figures are made of."""


@dataclass(frozen=True)
class Variant:
    """What one of several writers does at once with the others, and where what it said is kept."""

    arguments: tuple[str, ...]
    file: str
    text: str


@dataclass(frozen=True)
class Verb:
    """One verb that writes."""

    name: str
    base: str
    """The folder it starts from; see ``BASES``."""
    arguments: tuple[str, ...]
    answers: str = ""
    """What is typed."""
    output: str = ""
    """The file that ``-o`` names, where the verb writes no other; it is part of ``arguments``."""
    makes: bool = False
    """It makes a workspace, so there is none before."""
    once: bool = False
    """Of several who do the same at once exactly one may succeed; else all may."""
    adds: bool = False
    """Each time it succeeds it adds an entry; else doing it again changes nothing."""
    slow: bool = False
    """A paper is typeset: too slow for the suite."""
    variant: Callable[[int], Variant] | None = None
    rest: tuple[str, ...] = ()
    """Where a second attempt is refused because the first half is done: the command for the other half."""
    other: tuple[str, ...] = OTHER
    """What somebody else writes next."""

    @property
    def has_workspace(self) -> bool:
        """Whether there is a workspace before."""
        return not (self.makes or self.base == "nothing")

    @property
    def in_workspace(self) -> bool:
        """Whether it changes files of a workspace that is there."""
        return not (self.makes or self.output or "status" in self.arguments)


def _small() -> Content:
    return final_contents(vendors=2, criteria=4, assessors=("desk-a", "desk-b"))


def _with_small(program: Program, folder: Path) -> None:
    """A small workspace in which everything may be written; and what came back for it."""
    del program
    content = _small()
    content["criteria/f-1.yaml"]["criteria"][0]["own_work"] = [
        {"id": f"item-{number}", "text": "Ask a reference."} for number in range(10)
    ]
    write(folder / "ws", content)
    (folder / "pairs.csv").write_text("first,second,times\nf-1,f-2,3\n")
    (folder / "matrix.csv").write_text("Criterion,Weight,One,Two\nSign-on,40,1,2\nAudit,60,2,5\n")


def _with_forms(program: Program, folder: Path) -> None:
    """The same, with workbooks that were filled in: a ``form`` is of an assessor of its own, a ``part`` answers one of four criteria."""
    _with_small(program, folder)
    for number in range(10):
        name = f"form-{number}.xlsx"
        _made(program, folder, "scorecard", "export", "v-1", "--assessor", f"desk-{number}", "-o", name, *IN)
        _fill(folder / name, f"Form {number}.")
        name = f"part-{number}.xlsx"
        _made(program, folder, "scorecard", "export", "v-1", "--assessor", "desk-a", "-o", name, *IN)
        _fill(folder / name, f"Part {number}.", f"c-{number % 4 + 1}")
    _made(program, folder, "scorecard", "export", "v-1", "v-2", "--assessor", "desk-a", "-o", "both.xlsx", *IN)
    _fill(folder / "both.xlsx", "From both.")
    _made(program, folder, "scorecard", "export", "v-2", "--assessor", "desk-b", "-o", "second.xlsx", *IN)
    _fill(folder / "second.xlsx", "From the second.")


def _fill(path: Path, text: str, criterion: str = "c-1") -> None:
    """Answer one criterion in every form of the workbook."""
    book = openpyxl.load_workbook(path)
    for title in [sheet.title for sheet in book.worksheets if str(sheet["A1"].value).startswith("#sheet ")]:
        form = Filled(path, title, book)
        form.put(criterion, "level", "unknown")
        form.put(criterion, "rationale", text)
        form.put(criterion, "confidence", "low")
    book.save(path)


def _with_ballots(program: Program, folder: Path) -> None:
    """The same as the small one, with workbooks of weights and what two stakeholders said."""
    _with_small(program, folder)
    for number in range(10):
        name = f"ballot-{number}.xlsx"
        _made(program, folder, "weights", "swing", "--stakeholder", f"role-{number}", "-o", name, *IN)
        book = openpyxl.load_workbook(folder / name)
        book["Weights"]["F8"], book["Weights"]["F9"] = 100, 50
        book.save(folder / name)


def _with_weights(program: Program, folder: Path) -> None:
    """The same as the small one; a stakeholder has said everything, and the weights bear no seal."""
    del program
    content = _small()
    del content[WEIGHTS]["seal"]
    content["weights/office.yaml"] = {
        "schema": "stakeholder/1",
        "role": "office",
        "date": DAY,
        "families": {"points": {"f-1": 100, "f-2": 50}},
        "criteria": {"f-1": {"points": {"c-1": 100, "c-3": 50}}, "f-2": {"points": {"c-2": 100, "c-4": 20}}},
    }
    write(folder / "ws", content)


def _with_late(program: Program, folder: Path) -> None:
    """The same as the small one at a date far ahead, so that a vendor captured today belongs to it."""
    del program
    content = _small()
    content[EVALUATION]["as_of"] = "2099-01-01"
    write(folder / "ws", content)


def _with_closed(program: Program, folder: Path) -> None:
    """The same as the small one, with the closed review 2026."""
    _with_small(program, folder)
    _made(program, folder, "review", "close", "2026", "--on", "2026-11-25", *IN)


def _with_open(program: Program, folder: Path) -> None:
    """The same as the small one, with the open review 2027."""
    _with_small(program, folder)
    _made(program, folder, "review", "open", "2027", "--as-of", "2027-11-24", "--on", "2027-11-01", *IN)


def _with_older(program: Program, folder: Path) -> None:
    """A blank workspace on an older catalogue: two criteria that ship now are not in it yet."""
    _made(program, folder, "init", "--blank", "ws")
    root = folder / "ws"
    weights = yaml.safe_load((root / WEIGHTS).read_text())
    for name in ("identity", "cost"):
        path = root / "criteria" / f"{name}.yaml"
        family = yaml.safe_load(path.read_text())
        del weights["criteria"][family["criteria"].pop()["id"]]
        _dump(path, family)
    _dump(root / WEIGHTS, weights)
    text = (root / CATALOGUE).read_text()
    (root / CATALOGUE).write_text(text.replace("version: 1.", "version: 0.", 1))


def _with_nothing(program: Program, folder: Path) -> None:
    _with_small(program, folder)
    shutil.rmtree(folder / "ws")


def _with_empty(program: Program, folder: Path) -> None:
    _with_nothing(program, folder)
    (folder / "ws").mkdir()


def _with_git(program: Program, folder: Path) -> None:
    _with_empty(program, folder)
    (folder / "ws" / ".git").mkdir()
    (folder / "ws" / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "ws" / ".gitignore").write_text("out/\n")


def _dump(path: Path, value: Any) -> None:
    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))


def _made(program: Program, folder: Path, *arguments: str) -> None:
    done = program.run(folder, *arguments)
    assert done.code == 0, (arguments, done.err, done.out)


BASES: dict[str, Callable[[Program, Path], None]] = {
    "small": _with_small,
    "forms": _with_forms,
    "ballots": _with_ballots,
    "weights": _with_weights,
    "late": _with_late,
    "closed": _with_closed,
    "open": _with_open,
    "older": _with_older,
    "nothing": _with_nothing,
    "empty": _with_empty,
    "git": _with_git,
}
"""Name -> what makes the folder in which a verb starts."""


def _vendor(number: int) -> Variant:
    name = f"vendor-{number}"
    address = f"https://{name}.example/"
    return Variant(
        ("vendor", "add", name, "--name", f"Vendor {number}", "--homepage", address, *IN),
        f"ws/vendors/{name}/profile.yaml",
        f"name: Vendor {number}",
    )


def _form(number: int) -> Variant:
    return Variant(
        ("scorecard", "import", f"form-{number}.xlsx", "--date", DAY, *IN),
        f"ws/vendors/v-1/business/desk-{number}.yaml",
        f"Form {number}.",
    )


def _part(number: int) -> Variant:
    return Variant(
        ("scorecard", "import", f"part-{number}.xlsx", "--date", DAY, *IN),
        "ws/vendors/v-1/business/desk-a.yaml",
        f"Part {number}.",
    )


def _ballot(number: int) -> Variant:
    return Variant(
        ("weights", "import", f"ballot-{number}.xlsx", "--date", DAY, *IN),
        f"ws/weights/role-{number}.yaml",
        f"role: role-{number}",
    )


def _rank(number: int) -> Variant:
    return Variant(
        ("weights", "rank", "f-2", "f-1", "--stakeholder", f"role-{number}", "--date", DAY, *IN),
        f"ws/weights/role-{number}.yaml",
        f"role: role-{number}",
    )


def _note(number: int) -> Variant:
    arguments = ("--checked", "--by", "office", "--on", DAY, "--note", f"Note {number}.")
    return Variant(("review", "log", "v-1", *arguments, *IN), "ws/reviews/log.yaml", f"Note {number}.")


def _due_diligence(number: int) -> Variant:
    arguments = ("--state", "done", "--role", "office", "--on", DAY, "--finding", f"Finding {number}.")
    return Variant(
        ("vendor", "own-work", "v-1", f"item-{number}", *arguments, *IN),
        "ws/vendors/v-1/own-work.yaml",
        f"Finding {number}.",
    )


def _opened(number: int) -> Variant:
    return Variant(
        ("review", "open", f"2027-{number}", "--as-of", "2026-11-24", "--on", DAY, *IN),
        f"ws/reviews/2027-{number}.yaml",
        f"2027-{number}",
    )


def _confirmed(number: int) -> Variant:
    criterion = f"c-{number % 4 + 1}"
    return Variant(
        ("review", "confirm", "v-1", criterion, "--assessor", "desk-a", "--on", DAY, *IN),
        "ws/vendors/v-1/business/desk-a.yaml",
        DAY,
    )


_OPEN = ("review", "open", "2027", "--as-of", "2027-11-24", "--deadline", "2028-02-01", "--on", "2027-11-01")
_ASKED = ("weights", "pairwise", "--stakeholder", "office")

VERBS: tuple[Verb, ...] = (
    Verb("init", "nothing", ("init", "ws"), makes=True, once=True),
    Verb("init, in an empty folder", "empty", ("init", "ws"), makes=True, once=True),
    Verb("init, beside .git", "git", ("init", "ws"), makes=True, once=True),
    Verb("init --blank", "nothing", ("init", "--blank", "ws"), makes=True, once=True),
    Verb(
        "init --from-matrix",
        "nothing",
        ("init", "--from-matrix", "matrix.csv", "--scale", "0..5", "ws"),
        makes=True,
        once=True,
    ),
    Verb("format", "small", ("format", *IN)),
    Verb("vendor add", "late", _vendor(0).arguments, once=True, variant=_vendor),
    Verb("vendor own-work", "small", _due_diligence(0).arguments, variant=_due_diligence),
    Verb("scorecard import, new", "forms", _form(0).arguments, variant=_form),
    Verb("scorecard import, change", "forms", _part(0).arguments, variant=_part),
    Verb("scorecard import, two vendors", "forms", ("scorecard", "import", "both.xlsx", "--date", DAY, *IN)),
    Verb(
        "scorecard import --annotate",
        "forms",
        ("scorecard", "import", "form-0.xlsx", "--date", DAY, "--annotate", "out/a.xlsx", *IN),
        output="out/a.xlsx",
    ),
    Verb(
        "scorecard import, three files",
        "forms",
        ("scorecard", "import", "both.xlsx", "second.xlsx", "form-0.xlsx", "--date", DAY, *IN),
    ),
    Verb(
        "weights swing",
        "small",
        ("weights", "swing", "--stakeholder", "office", "--date", DAY, *IN),
        answers="1\n",
        adds=True,
    ),
    Verb("weights import", "ballots", _ballot(0).arguments, variant=_ballot),
    Verb(
        "weights import, two files",
        "ballots",
        ("weights", "import", "ballot-0.xlsx", "ballot-1.xlsx", "--date", DAY, *IN),
    ),
    Verb("weights rank", "small", _rank(0).arguments, variant=_rank),
    Verb("weights pairwise", "small", (*_ASKED, "pairs.csv", "--date", DAY, *IN)),
    Verb("weights adopt", "weights", ("weights", "adopt", *IN)),
    Verb("weights seal", "weights", ("weights", "seal", "--by", "office", "--date", DAY, *IN), once=True),
    Verb("review open", "small", (*_OPEN, *IN), once=True, variant=_opened),
    Verb(
        "review open --send",
        "small",
        (*_OPEN, "--send", "out", *IN),
        once=True,
        rest=("review", "status", "2027", "--on", "2027-11-01", "--send", "out", *IN),
    ),
    Verb("review status --send", "open", ("review", "status", "2027", "--on", "2027-11-02", "--send", "out", *IN)),
    Verb(
        "review confirm",
        "small",
        ("review", "confirm", "v-1", "--assessor", "desk-a", "--on", DAY, *IN),
        variant=_confirmed,
    ),
    Verb("review log", "small", _note(0).arguments, adds=True, variant=_note),
    Verb("review close", "small", ("review", "close", "2026", "--on", "2026-11-25", *IN), once=True, slow=True),
    Verb("init --example", "nothing", ("init", "--example", "ws"), makes=True, once=True, slow=True),
    Verb("catalogue upgrade", "older", ("catalogue", "upgrade", "--on", DAY, *IN), other=_vendor(0).arguments),
    Verb("compare -o .xlsx", "small", ("compare", "-o", "out/c.xlsx", *IN), output="out/c.xlsx"),
    Verb("compare -o .html", "small", ("compare", "-o", "out/c.html", *IN), output="out/c.html"),
    Verb("compare -o .pdf", "small", ("compare", "-o", "out/c.pdf", *IN), output="out/c.pdf", slow=True),
    Verb("recommend -o .json", "small", ("recommend", "-o", "out/r.json", *IN), output="out/r.json"),
    Verb("recommend -o .html", "small", ("recommend", "-o", "out/r.html", *IN), output="out/r.html"),
    Verb("recommend -o .pdf", "small", ("recommend", "-o", "out/r.pdf", *IN), output="out/r.pdf", slow=True),
    Verb("report vendor", "small", ("report", "vendor", "v-1", "-o", "out/v.pdf", *IN), output="out/v.pdf", slow=True),
    Verb(
        "report scorecard",
        "small",
        ("report", "scorecard", "v-1", "-o", "out/s.pdf", *IN),
        output="out/s.pdf",
        slow=True,
    ),
    Verb(
        "scorecard export",
        "small",
        ("scorecard", "export", "v-1", "--assessor", "desk-a", "-o", "out/e.xlsx", *IN),
        output="out/e.xlsx",
    ),
    Verb(
        "questionnaire export",
        "small",
        ("questionnaire", "export", "v-1", "-o", "out/q.xlsx", *IN),
        output="out/q.xlsx",
    ),
    Verb("scorecard moderate", "small", ("scorecard", "moderate", "v-1", "-o", "out/a.xlsx", *IN), output="out/a.xlsx"),
    Verb(
        "weights swing -o",
        "small",
        ("weights", "swing", "--stakeholder", "office", "-o", "out/w.xlsx", *IN),
        output="out/w.xlsx",
    ),
    Verb("weights pairwise -o", "small", (*_ASKED, "-o", "out/p.xlsx", *IN), output="out/p.xlsx"),
    Verb("demo", "nothing", ("demo", "-o", "out"), output="out/recommendation.pdf", slow=True),
)
"""Every verb that writes; a test compares it with the commands that there are."""
