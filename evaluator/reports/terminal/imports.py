"""What an import changed or would change, as a page for the terminal and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evaluator.characters import safe_line
from evaluator.forms.import_changes import Conflict, Imported, ImportedChange, ImportReport
from evaluator.forms.matrix_workspace import MatrixReport
from evaluator.model.assessor_agreement import Agreement, AgreementFigures
from evaluator.model.scorecard import Answer, Evidence
from evaluator.reports import words
from evaluator.reports.terminal.columns import columns_of, padded

_WIDTH = 72
_NAME = 54
"""Columns of a name in a table."""
_NAMES = {
    "level": "level",
    "rationale": "reason",
    "missing": "not shown",
    "capped_from": "level claimed",
    "evidence": "evidence",
    "confidence": "confidence",
    "date": "date",
}


def imports_page(report: ImportReport) -> str:
    """Every change (before, after), conflict, mistake and remark, by file; then the sum of it."""
    lines: list[str] = []
    for imported in report.files:
        lines += [*_file(imported, dry_run=report.dry_run), ""]
    return _lines(*lines, _sum(report))


def _lines(*lines: str) -> str:
    """The lines of a page; whatever a file's name, a cell or a text in one of them holds, it stays one line."""
    return "\n".join(safe_line(line) for line in lines)


def _file(imported: Imported, *, dry_run: bool) -> Iterator[str]:
    yield imported.file
    yield from (f"  note: {note}" for note in imported.notes)
    yield from (f"  {_problem(problem)}" for problem in imported.problems)
    if imported.blocked and (imported.changes or imported.headers):
        yield "  nothing of this file was written because of the errors; --accept-valid takes the answers without one"
    verb = "would change" if dry_run or imported.blocked else "changed"
    for who, changes in _by_scorecard(imported.changes):
        yield f"  {who}: {words.counted(len(changes), 'answer')} {verb}"
        for change in changes:
            yield from _change(change)
    for head in imported.headers:
        what = "how it was assessed" if head.key == "kind" else "remark"
        yield f"  {head.vendor}/{head.assessor}: {what} {verb}: {_short(head.before)} → {_short(head.after)} [{head.cell}]"
    for conflict in imported.conflicts:
        yield from _conflict(conflict, "conflict, left as it is: workspace and workbook both changed")
    for conflict in imported.kept:
        yield from _conflict(conflict, "kept the workspace's")
    if not (imported.changes or imported.headers or imported.conflicts or imported.problems):
        yield "  nothing changed"


def _problem(problem: Any) -> str:
    cell = f"{problem.cell}: " if problem.cell else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.severity}: {cell}{problem.message}{hint}"


def _by_scorecard(changes: Sequence[ImportedChange]) -> Iterator[tuple[str, list[ImportedChange]]]:
    groups: dict[str, list[ImportedChange]] = {}
    for change in changes:
        groups.setdefault(f"{change.vendor}/{change.assessor}", []).append(change)
    yield from groups.items()


def _change(change: ImportedChange) -> Iterator[str]:
    before, after = _level(change.before), _level(change.after)
    levels = after if before == after else f"{before} → {after}"
    yield f"    {change.criterion}: {levels} [{change.cell}]"
    if change.after is None:
        return
    for key, name in _NAMES.items():
        earlier = getattr(change.before, key) if change.before else None
        later = getattr(change.after, key)
        if key == "level" or earlier == later or (change.before is None and later in (None, ())):
            continue
        old = f"{_value(earlier)} → " if change.before else ""
        yield f"      {name}: {old}{_value(later)}"


def _conflict(conflict: Conflict, what: str) -> Iterator[str]:
    where = f"{conflict.vendor}/{conflict.assessor}"
    yield f"  {where}: {conflict.criterion}: {what} [{conflict.cell}]"
    yield f"      workspace (--ours): {_answer(conflict.ours)}"
    yield f"      workbook (--theirs): {_answer(conflict.theirs)}"


def _answer(answer: Answer | None) -> str:
    return f"{_level(answer)}, {_short(answer.rationale)}" if answer else _level(None)


def _level(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    return f"level {answer.level}" if answer.known else words.UNKNOWN


def _value(value: Any) -> str:
    if value in (None, (), ""):
        return "nothing"
    if isinstance(value, tuple):
        return "; ".join(_item(item) if isinstance(item, Evidence) else _short(item) for item in value)
    return _short(str(value))


def _item(item: Evidence) -> str:
    note = f" ({words.abbreviated(' '.join(item.note.split()), _WIDTH)})" if item.note else ""
    return f"{item.grade} {item.day} {words.abbreviated(item.source, _WIDTH)}{note}"


def _short(text: str) -> str:
    return f"'{words.abbreviated(' '.join(text.split()), _WIDTH)}'" if text else "nothing"


def _sum(report: ImportReport) -> str:
    changes = sum(len(imported.changes) + len(imported.headers) for imported in report.files if not imported.blocked)
    held = sum(len(imported.changes) + len(imported.headers) for imported in report.files if imported.blocked)
    conflicts = sum(len(imported.conflicts) for imported in report.files)
    errors = sum(problem.severity == "error" for imported in report.files for problem in imported.problems)
    parts = [f"{words.counted(changes, 'change')} {'would be made' if report.dry_run else 'made'}"] if changes else []
    parts += [f"{words.counted(held, 'change')} held back"] if held else []
    parts += [f"{words.counted(conflicts, 'conflict')} to decide (--ours or --theirs)"] if conflicts else []
    parts += [f"{words.counted(errors, 'error')} to fix"] if errors else []
    return f"{'; '.join(parts)}." if parts else "Nothing changed."


def imports_data(report: ImportReport) -> dict[str, Any]:
    """The machine-readable form of :func:`imports_page`."""
    return {
        "dry_run": report.dry_run,
        "failed": report.failed,
        "files": [
            {
                "file": imported.file,
                "blocked": imported.blocked,
                "written": imported.written,
                "changes": [
                    {**_place(change), "before": _data(change.before), "after": _data(change.after)}
                    for change in imported.changes
                ],
                "heads": [
                    {"vendor": head.vendor, "assessor": head.assessor, "key": head.key, "before": head.before,
                     "after": head.after, "cell": head.cell}
                    for head in imported.headers
                ],
                "conflicts": [
                    {**_place(conflict), "ours": _data(conflict.ours), "theirs": _data(conflict.theirs)}
                    for conflict in imported.conflicts
                ],
                "problems": [
                    {"code": problem.code, "severity": problem.severity.value, "cell": problem.cell,
                     "message": problem.message, "hint": problem.hint}
                    for problem in imported.problems
                ],
                "notes": imported.notes,
            }
            for imported in report.files
        ],
    }  # fmt: skip


def _place(found: ImportedChange | Conflict) -> dict[str, str]:
    return {
        "vendor": found.vendor,
        "assessor": found.assessor,
        "criterion": found.criterion,
        "cell": found.cell,
    }


def _data(answer: Answer | None) -> Any:
    return answer.model_dump(mode="json") if answer else None


def matrix_page(report: MatrixReport) -> str:
    """What was taken for what, what does not follow, and every total beside its score."""
    lines = [report.file, "taken:", *(f"  {each}" for each in report.taken)]
    if report.findings:
        lines += ["found:", *(f"  {_problem(problem)}" for problem in report.findings)]
    else:
        lines.append("found: the sheet's figures follow from each other")
    names = ["option", *(words.abbreviated(total.name, _NAME) for total in report.totals)]
    option, *options = _padded(names)
    lines += ["", f"{option}  {'total':>10}  {'score':>6}"]
    lines += [
        f"{name}  {total.total:>10.6g}  {words.points(total.score):>6}"
        for name, total in zip(options, report.totals, strict=True)
    ]
    return _lines(*lines, report.conversion)


def _padded(names: Sequence[str]) -> list[str]:
    """``names`` with blanks to the width of the widest."""
    width = max(columns_of(name) for name in names)
    return [padded(name, width) for name in names]


def agreement_page(agreement: Agreement) -> str:
    """Agreement by family and overall."""
    rows = [*agreement.families.values(), agreement.overall]
    blank, *titles = _padded(["", *(words.abbreviated(found.title, _NAME) for found in rows)])
    lines = [f"Assessors: {words.joined(agreement.assessors)}", ""]
    lines.append(f"{blank}  compared  equal  alpha")
    lines += [
        f"{title}  {found.compared:8}  {_share(found):>5}  {_alpha(found):>5}"
        for title, found in zip(titles, rows, strict=True)
    ]
    return _lines(*lines, "", "alpha: Krippendorff's, ordinal, unknown as missing; – where all levels are the same.")


def _share(found: AgreementFigures) -> str:
    return "–" if found.equal is None else words.share(found.equal)


def _alpha(found: AgreementFigures) -> str:
    return "–" if found.alpha is None else f"{found.alpha:.2f}".replace("-", "−")


def agreement_data(agreement: Agreement) -> dict[str, Any]:
    """The machine-readable form of :func:`agreement_page`."""
    return {
        "assessors": list(agreement.assessors),
        "vendors": list(agreement.vendors),
        "families": {key: _figures(found) for key, found in agreement.families.items()},
        "overall": _figures(agreement.overall),
    }


def _figures(found: AgreementFigures) -> dict[str, Any]:
    return {"compared": found.compared, "equal": found.equal, "alpha": found.alpha}
