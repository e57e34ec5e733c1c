"""Closed editions, read back and scored by the tool at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evaluator import __version__
from evaluator.analysis.change import Edition
from evaluator.analysis.evaluate import evaluate
from evaluator.errors import EvaluatorError
from evaluator.files import records
from evaluator.files.engine import engine_fingerprint
from evaluator.models.catalogue import Catalogue
from evaluator.models.change import Points
from evaluator.models.record import Engine
from evaluator.models.result import Result
from evaluator.models.review import Past
from evaluator.models.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace as a review needs it: its folder, its content, and how many errors the content has."""

    root: Path
    workspace: Workspace
    errors: int = 0


def engine() -> Engine:
    """The tool at hand."""
    return Engine(__version__, engine_fingerprint())


def day_of(value: object) -> date | None:
    """The date that a record has as text; None where it is none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def engine_of(stored: records.Stored) -> Engine:
    """The tool that computed the recorded figures."""
    found = stored.data.get("engine")
    found = found if isinstance(found, dict) else {}
    return Engine(str(found.get("version", "unknown")), str(found.get("code", "")))


def _workspace(stored: records.Stored) -> Workspace:
    """The recorded inputs. Canonical JSON sorts its keys; the order of the families, which is content, is that of the head."""
    data = stored.data["workspace"]
    found = Workspace.model_validate_json(records.canonical(data))
    order = [family.id for family in found.catalogue.head.families]
    families = dict(sorted(found.catalogue.families.items(), key=lambda item: _place(order, item[0])))
    catalogue = Catalogue(head=found.catalogue.head, families=families)
    return Workspace(**{**dict(found), "catalogue": catalogue})


def _place(order: Sequence[str], family: str) -> tuple[int, str]:
    return (order.index(family) if family in order else len(order)), family


def computed(stored: records.Stored) -> Result:
    """The recorded inputs, scored by the tool at hand."""
    return evaluate(_workspace(stored), date.fromisoformat(stored.data["as_of"]), version=__version__)


def edition_of(root: Path, name: str) -> Edition:
    """A closed edition, scored by the tool at hand, with the points its record has."""
    stored = _sound(root, name)
    result = computed(stored)
    recorded = {
        option["id"]: {
            cell["criterion"]: Points(float(cell["points"]), float(cell["low"]), float(cell["high"]))
            for cell in option["cells"]
        }
        for option in stored.data["result"]["scores"]["options"]
    }
    same = engine_of(stored) == engine()
    return Edition(
        name,
        result,
        engine_of(stored).version,
        approved=tuple(stored.data.get("approved") or ()),
        recorded={} if same else recorded,
    )


def _sound(root: Path, name: str) -> records.Stored:
    """The record, whose seal holds."""
    try:
        stored = records.read_record(root, name)
    except records.UnreadableRecordError as error:
        raise EvaluatorError(
            f"The record of {name} cannot be read: {error}; see `evaluator review verify {name}`."
        ) from error
    if stored.data["seal"] != records.seal_of(stored.data):
        raise EvaluatorError(f"The record of {name} was tampered with; see `evaluator review verify {name}`.")
    return stored


def past(root: Path, name: str) -> Past:
    """A closed edition as the next review needs it; raises :class:`EvaluatorError` where its record does not hold."""
    stored = _sound(root, name)
    since = stored.data.get("since")
    return Past(
        edition=name,
        as_of=date.fromisoformat(stored.data["as_of"]),
        workspace=_workspace(stored),
        approved=tuple(stored.data.get("approved") or ()),
        before=date.fromisoformat(since["as_of"]) if isinstance(since, dict) else None,
    )


def latest(root: Path, as_of: date) -> str | None:
    """The closed edition with the latest date before ``as_of``.

    Raises :class:`EvaluatorError` where a record cannot be used: it might be the latest.
    """
    days = ((day_of(_sound(root, name).data["as_of"]), name) for name in records.editions(root))
    return max(((day, name) for day, name in days if day and day < as_of), default=(None, None))[1]
