"""Machine-readable forms of what was computed: the JSON contracts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from evaluator.errors import Problem, Severity
from evaluator.forms.import_changes import Conflict, HeaderChange, ImportedChange, ImportReport
from evaluator.model.assessor_agreement import Agreement, AgreementFigures
from evaluator.model.evaluated import Evaluated, Explanation, GateChecks, GateOutcome, OptionScore, Scores
from evaluator.model.scorecard import Answer

Json = dict[str, Any]


def to_text(data: object) -> str:
    """``data`` as indented JSON with a final newline."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def dumped(value: object) -> Any:
    """A result value as plain lists, dictionaries, strings and numbers."""
    return TypeAdapter(type(value)).dump_python(value, mode="json", by_alias=True)


def result_data(result: Evaluated) -> Json:
    """The whole result with its inputs, as published in ``schemas/result.schema.json``."""
    data: Json = dumped(result)
    return data


def result_schema() -> Json:
    """The JSON schema of :func:`result_data`."""
    return TypeAdapter(Evaluated).json_schema(mode="serialization", by_alias=True)


def score_data(scores: Scores, chosen: Collection[str] = ()) -> Json:
    """The contract of ``evaluator score --json``; ``chosen`` option ids, all where empty."""
    return {
        "as_of": scores.as_of.isoformat(),
        "combination": scores.combination,
        "weights": scores.weights,
        "options": [_option(option) for option in scores.options if not chosen or option.id in chosen],
    }


def _option(option: OptionScore) -> Json:
    return {
        "id": option.id,
        "name": option.name,
        "edition": option.edition,
        "score": option.score,
        "low": option.low,
        "high": option.high,
        "rank": option.rank,
        "coverage": option.coverage,
        "stale": option.stale,
        "close": list(option.close),
        "cleared": option.cleared,
        "clearable": option.clearable,
        "families": {family: asdict(score) for family, score in option.families.items()},
        "gates": _gates(option.gates),
        "criteria": {
            cell.criterion: {
                "level": cell.level,
                "standing": cell.evidence_status.value,
                "weight": cell.weight,
                "points": cell.points,
                "low": cell.low,
                "high": cell.high,
                "levels": cell.levels,
            }
            for cell in option.cells
        },
        "scorecards": list(option.scorecards),
        "left_out": list(option.left_out),
        "assessed": option.assessed,
        "cleared_tags": list(option.cleared_tags),
        "clearable_tags": list(option.clearable_tags),
        "tag_gates": _gates(option.tag_gates),
        "own_work": [dumped(item) for item in option.own_work],
    }


def _gates(groups: Mapping[str, GateChecks]) -> Json:
    """By data class or tag: the criteria with each outcome."""
    return {
        data: {outcome.value: [check.criterion for check in gates.of(outcome)] for outcome in GateOutcome}
        for data, gates in groups.items()
    }


def explanation_data(explanation: Explanation) -> Json:
    """The contract of ``evaluator explain --json``."""
    data: Json = dumped(explanation)
    return data


def stacks_data(result: Evaluated) -> Json:
    """The contract of ``evaluator stack --json``: sizes and the recommended one, with the fits behind them."""
    stacks = dumped(result.stacks) if result.stacks else {"sizes": [], "recommended": None, "min_gain": None}
    fits = {
        use_case: {
            fit.option: {"fit": fit.fit, "potential": fit.potential, "coverage": fit.coverage.value} for fit in row
        }
        for use_case, row in result.fits.items()
    }
    return {"as_of": result.as_of.isoformat(), **stacks, "fits": fits}


def problems_data(problems: Iterable[Problem]) -> Json:
    """The contract of ``evaluator check --json``."""
    rows = [
        {
            "severity": problem.severity.value,
            "code": problem.code,
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "cell": problem.cell,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    errors = sum(row["severity"] == Severity.ERROR.value for row in rows)
    return {"errors": errors, "warnings": len(rows) - errors, "problems": rows}


def imports_data(report: ImportReport) -> Json:
    """The contract of ``evaluator scorecard import --json``."""
    return {
        "dry_run": report.dry_run,
        "failed": report.failed,
        "files": [
            {
                "file": imported.file,
                "blocked": imported.blocked,
                "written": imported.written,
                "changes": [
                    {**_where(change), "before": _answer(change.before), "after": _answer(change.after)}
                    for change in imported.changes
                ],
                "heads": [
                    {**_card(head), "key": head.key, "before": head.before, "after": head.after, "cell": head.cell}
                    for head in imported.headers
                ],
                "conflicts": [
                    {**_where(conflict), "ours": _answer(conflict.ours), "theirs": _answer(conflict.theirs)}
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


def _where(found: ImportedChange | Conflict) -> dict[str, str]:
    return {**_card(found), "criterion": found.criterion, "cell": found.cell}


def _card(found: ImportedChange | HeaderChange | Conflict) -> dict[str, str]:
    return {"vendor": found.who.vendor, "edition": found.who.edition, "assessor": found.who.assessor}


def _answer(answer: Answer | None) -> Any:
    return answer.model_dump(mode="json") if answer else None


def agreement_data(agreement: Agreement) -> Json:
    """The contract of ``evaluator scorecard moderate --json``."""
    return {
        "assessors": list(agreement.assessors),
        "vendors": list(agreement.vendors),
        "families": {key: _figures(found) for key, found in agreement.families.items()},
        "overall": _figures(agreement.overall),
    }


def _figures(found: AgreementFigures) -> Json:
    return {"compared": found.compared, "equal": found.equal, "alpha": found.alpha}
