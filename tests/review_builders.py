"""Reviews for tests: reviews closed with papers of a few bytes, in workspaces of their own."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

from builders import AS_OF, EVALUATION, GUARDRAILS, Content, build, card_of, contents, write

from evaluator.errors import has_errors
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.model.review import Past, Review, ReviewLog, ReviewState
from evaluator.reviews.closing import close
from evaluator.reviews.record import Place
from evaluator.reviews.state import review_state

NEXT = date(2027, 11, 24)


def papers(result: Evaluated) -> dict[str, bytes]:
    """Papers of a review that are quickly made."""
    return {
        "recommendation.pdf": f"%PDF- as of {result.as_of}".encode(),
        "comparison.xlsx": f"PK {result.digest}".encode(),
    }


def final_contents(**knobs: Any) -> Content:
    """Content that may be closed: every check of a final paper passes; the last vendor has the best answers."""
    content = contents(**{"level": lambda vendor, _key, _assessor: min(4, 1 + int(vendor[2:])), **knobs})
    content[EVALUATION]["deciders"] = [{"role": "head of IT", "part": "decides"}]
    vendors = sorted({name.split("/")[1] for name in content if name.startswith("vendors/")})
    content[EVALUATION]["status_quo"] = vendors[0]
    content[GUARDRAILS]["valid_until"] = "2030-12-31"
    return content


def a_year_later(content: Content, as_of: date = NEXT) -> Content:
    """The same content at the date of the next review: nothing was looked at again."""
    later = copy.deepcopy(content)
    later[EVALUATION]["as_of"] = as_of.isoformat()
    return later


def place(root: Path, content: Content | None = None) -> Place:
    """The workspace in ``root``, written first where content is given."""
    from evaluator.api import open_workspace

    if content is not None:
        write(root, content)
    opened = open_workspace(root)
    assert opened.workspace
    assert not has_errors(opened.problems), opened.problems
    return Place(opened.root, opened.workspace, layout=opened.layout)


def closed(root: Path, name: str, content: Content | None = None, on: date = AS_OF) -> Path:
    """Close ``name`` with the papers above; returns its folder."""
    return close(place(root, content), name, on, papers).folder


def past(content: Content, name: str = "2026", before: date | None = None) -> Past:
    """``content`` as a closed review."""
    workspace = build(content)
    result = evaluate(workspace, workspace.evaluation.as_of, version="1")
    chosen = result.stacks.chosen if result.stacks else None
    return Past(name, workspace.evaluation.as_of, workspace, chosen.tools if chosen else (), before)


def log(**entries: Any) -> ReviewLog:
    """A log with such entries."""
    return ReviewLog.model_validate({"schema": "review-log/1", **{key: tuple(rows) for key, rows in entries.items()}})


def review(name: str = "2027", as_of: date = NEXT, **more: Any) -> Review:
    """The file of a review."""
    given = {"schema": "review/1", "review": name, "as_of": as_of, "opened": date(2027, 10, 1), **more}
    return Review.model_validate(given)


def state(
    content: Content,
    before: Past | None,
    noted: ReviewLog | None = None,
    opened: Review | None = None,
    errors: int = 0,
    on: date | None = None,
) -> ReviewState:
    """Where the review of ``content`` stands."""
    workspace = build(content)
    result = evaluate(workspace, workspace.evaluation.as_of, version="1")
    return review_state(result, "2027", opened or review(as_of=result.as_of), before, noted or log(), errors, on)


def answers_of(content: Content, vendor: str, assessor: str = "desk-a") -> dict[str, Any]:
    """The answers of one scorecard, to be changed."""
    found: dict[str, Any] = content[card_of(vendor, assessor)]["answers"]
    return found
