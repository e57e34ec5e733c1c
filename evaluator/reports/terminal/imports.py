"""Pages of the terminal on what came back: imported scorecards, a decision matrix, agreement between assessors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from evaluator.errors import Problem
from evaluator.forms.import_changes import CardKey, Conflict, Imported, ImportedChange, ImportReport
from evaluator.forms.matrix_workspace import MatrixReport
from evaluator.model.assessor_agreement import Agreement
from evaluator.model.scorecard import Answer, Evidence
from evaluator.reports import words
from evaluator.reports.terminal.page import Indented, Page, Part, Table

QUOTED = 72
"""Columns of a text that is quoted."""
FIELDS = {
    "rationale": "reason",
    "missing": "evidence still needed",
    "capped_from": "level claimed",
    "evidence": "evidence",
    "confidence": "confidence",
    "date": "date",
}


def imports_page(report: ImportReport) -> Page:
    """Every change (before, after), conflict, mistake and remark, by file; then the sum of it."""
    names = _scorecard_names(report)
    return [*([*_file(imported, names, dry_run=report.dry_run)] for imported in report.files), _total(report)]


def _scorecard_names(report: ImportReport) -> dict[CardKey, str]:
    """Vendor and assessor of every scorecard of an import; with the edition where both have several."""
    keys = {key for imported in report.files for key in imported.scorecards}
    editions = Counter((key.vendor, key.assessor) for key in keys)
    return {
        key: f"{key.vendor}/{key.assessor}"
        if editions[key.vendor, key.assessor] == 1
        else f"{key.vendor}/{key.edition}/{key.assessor}"
        for key in keys
    }


def _line(text: str, by: int = 0) -> Indented:
    return Indented(text, by, exact=True)


def _file(imported: Imported, names: Mapping[CardKey, str], *, dry_run: bool) -> Iterator[Part]:
    yield _line(imported.file)
    yield from (_line(f"note: {note}", 2) for note in imported.notes)
    yield from (_problem(problem) for problem in imported.problems)
    if imported.blocked and (imported.changes or imported.headers):
        yield _line("nothing of this file was written because of the errors", 2)
        yield _line("--accept-valid takes the answers without an error", 2)
    verb = "would change" if dry_run or imported.blocked else "changed"
    by_scorecard = defaultdict(list)
    for change in imported.changes:
        by_scorecard[change.who].append(change)
    for who, changes in by_scorecard.items():
        yield _line(f"{names[who]}: {words.counted(len(changes), 'answer')} {verb}", 2)
        for change in changes:
            yield from _change(change)
    for head in imported.headers:
        what = "how it was assessed" if head.key == "kind" else "remark"
        moved = f"{_quoted(head.before)} → {_quoted(head.after)}"
        yield _line(f"{names[head.who]}: {what} {verb}: {moved} [{head.cell}]", 2)
    for conflict in imported.conflicts:
        yield from _conflict(
            conflict, names[conflict.who], "conflict, left as it is: workspace and workbook both changed"
        )
    for conflict in imported.kept:
        yield from _conflict(conflict, names[conflict.who], "kept the workspace's")
    if not (imported.changes or imported.headers or imported.conflicts or imported.problems):
        yield _line("nothing changed", 2)


def _problem(problem: Problem) -> Indented:
    cell = f"{problem.cell}: " if problem.cell else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return _line(f"{problem.severity}: {cell}{problem.message}{hint}", 2)


def _change(change: ImportedChange) -> Iterator[Part]:
    before, after = _level(change.before), _level(change.after)
    levels = after if before == after else f"{before} → {after}"
    yield _line(f"{change.criterion}: {levels} [{change.cell}]", 4)
    if change.after is None:
        return
    for key, name in FIELDS.items():
        earlier = getattr(change.before, key) if change.before else None
        later = getattr(change.after, key)
        if earlier == later or (change.before is None and later in (None, ())):
            continue
        old = f"{_value(earlier)} → " if change.before else ""
        yield Indented(f"{name}: {old}{_value(later)}", 6, list_of_ids=True)


def _conflict(conflict: Conflict, name: str, what: str) -> Iterator[Part]:
    yield _line(f"{name}: {conflict.criterion}: {what} [{conflict.cell}]", 2)
    for side, answer in (("workspace (--ours)", conflict.ours), ("workbook (--theirs)", conflict.theirs)):
        reason = f", {_quoted(answer.rationale)}" if answer else ""
        yield Indented(f"{side}: {_level(answer)}{reason}", 6)


def _level(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    return f"level {answer.level}" if answer.known else words.UNKNOWN


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_item(item) if isinstance(item, Evidence) else _quoted(item) for item in value) or "nothing"
    return "nothing" if value is None else _quoted(str(value))


def _item(item: Evidence) -> str:
    note = f" ({words.abbreviated(' '.join(item.note.split()), QUOTED)})" if item.note else ""
    kind = item.effective_kind if item.kind == item.effective_kind else f"taken for a {item.effective_kind}"
    days = (("stands for", item.date), ("looked at", item.captured), ("valid until", item.valid_until))
    said = ", ".join([kind, *(f"{what} {day}" for what, day in days if day)])
    return f"{item.grade} ({said}) {words.abbreviated(item.source, QUOTED)}{note}"


def _quoted(text: str) -> str:
    return f"'{words.abbreviated(' '.join(text.split()), QUOTED)}'" if text else "nothing"


def _total(report: ImportReport) -> str:
    """The changes made, those that wait for errors to be fixed, and conflicts to decide."""
    changes = sum(len(imported.changes) + len(imported.headers) for imported in report.files if not imported.blocked)
    held = sum(len(imported.changes) + len(imported.headers) for imported in report.files if imported.blocked)
    conflicts = sum(len(imported.conflicts) for imported in report.files)
    errors = sum(problem.severity == "error" for imported in report.files for problem in imported.problems)
    if held and not changes:
        ready = f"{held} {'change is' if held == 1 else 'changes are'} ready"
        return f"Nothing imported: fix {words.counted(errors, 'error')} first ({ready})."
    parts = [f"{words.counted(changes, 'change')} {'would be made' if report.dry_run else 'made'}"] if changes else []
    parts += [f"{words.counted(held, 'change')} not imported"] if held else []
    parts += [f"{words.counted(conflicts, 'conflict')} to decide (--ours or --theirs)"] if conflicts else []
    parts += [f"{words.counted(errors, 'error')} to fix"] if errors else []
    return f"{'; '.join(parts)}." if parts else "Nothing changed."


def matrix_page(report: MatrixReport) -> Page:
    """What was taken for what, what does not follow, and every total beside its score."""
    findings = [_line("found: the sheet's figures follow from each other")]
    if report.findings:
        findings = [_line("found:"), *map(_problem, report.findings)]
    totals = [(total.name, total.total, total.score) for total in report.totals]
    return [
        [_line(report.file), "taken:", *(_line(each, 2) for each in report.taken), *findings],
        [Table((("option", str), ("total", "{:.6g}".format), ("score", words.points)), totals), report.conversion],
    ]


def agreement_page(agreement: Agreement) -> Page:
    """Agreement by family and overall."""
    rows = [
        (found.title, found.compared, found.equal, found.alpha)
        for found in (*agreement.families.values(), agreement.overall)
    ]
    return [
        f"Assessors: {words.joined(agreement.assessors)}",
        Table((("family", str), ("compared", words.whole), ("equal", _equal), ("alpha", _alpha)), rows),
        (
            "Compared: criteria that two or more assessors answered. Equal: share of pairs of answers that are the same. Alpha: "
            "Krippendorff's, ordinal, with unknown as missing; – where all levels are the same."
        ),
    ]


def _equal(share: float | None) -> str:
    return "–" if share is None else words.share(share)


def _alpha(value: float | None) -> str:
    return "–" if value is None else words.hundredths(value)
