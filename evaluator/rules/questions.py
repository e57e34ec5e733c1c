"""Questions that give away how an answer is judged: they go to vendors as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.model.catalogue import Criterion
from evaluator.rules.base import Finding, RuleContext

_LEVEL = re.compile(r"\blevels?\s+(?:of\s+)?\d+\b", re.IGNORECASE)


def levels_in_questions(context: RuleContext) -> Iterator[Finding]:
    """A question, or evidence asked for, that names a level or an evidence grade of the catalogue."""
    grades = "|".join(map(re.escape, context.workspace.catalogue.grades))
    grade = re.compile(rf"\bgrades?\s+(?:{grades})(?!\w)", re.IGNORECASE)
    for key, criterion in context.workspace.catalogue.criteria.items():
        if key not in context.layout.criteria:
            continue
        file, place = context.layout.criteria[key]
        for path, text in _for_vendors(criterion):
            found = _LEVEL.search(text) or (grade.search(text) if grades else None)
            if found:
                yield Finding(
                    file,
                    ("criteria", place, *path),
                    f"what {key} asks speaks of '{found[0]}', and vendors get it to read",
                    "ask for the fact; what it is worth belongs into the levels",
                )


def _for_vendors(criterion: Criterion) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The texts of a criterion that a questionnaire shows, with their place."""
    yield ("title",), criterion.title
    yield ("question",), criterion.question
    for number, text in enumerate(criterion.evidence):
        yield ("evidence", number), text
