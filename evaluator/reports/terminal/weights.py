"""What the terminal shows of weights that are asked for: plain text that fits 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluator.characters import safe_line
from evaluator.errors import Problem
from evaluator.model.elicitation import FAMILIES, Adopted, Group, Stated, WeightsState
from evaluator.model.sensitivity import Elicited, WeightSpread
from evaluator.model.workspace import Workspace
from evaluator.reports import words
from evaluator.reports.sentences import seal_sentence
from evaluator.reports.terminal.scores import paragraph, table
from evaluator.weighting.swing import TOP, SwingQuestion

NAME = 34
SPREADS = 12
"""Criteria listed, those on which stakeholders lie widest apart."""
COLUMNS = 3
"""Stakeholders with a column of their own; where there are more, the range stands for them."""
ENDS = 210
"""Characters of a level's statement."""


def title_of(workspace: Workspace, item: str) -> str:
    """The name of a family or a criterion."""
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    return titles[item] if item in titles else workspace.catalogue.criteria[item].title


def group_title(workspace: Workspace, group: str) -> str:
    """The name of a group."""
    return "Families" if group == FAMILIES else f"Inside {title_of(workspace, group)}"


def weights_page(workspace: Workspace, state: WeightsState) -> str:
    """Who stated what, how far they lie apart, and whether the weights are sealed."""
    parts = [paragraph(seal_sentence(state.sealing)), ""]
    if not state.stakeholders:
        parts.append("Nobody was asked yet. `evaluator weights swing --stakeholder ROLE` asks.")
        return "\n".join([*parts, "", *_in_use(workspace)])
    rows = [
        (one.role, str(one.date), words.abbreviated(", ".join(one.methods) or "–", 26), _done(one), _counts(one))
        for one in state.stakeholders
    ]
    parts.append(table(rows, ("stakeholder", "last said", "method", "groups", "counts"), "lllrl"))
    for one in state.stakeholders:
        parts += _open_groups(workspace, one)
    if len(state.complete) > 1:
        parts += ["", paragraph("Families, widest apart first, in percent:"), _spread(workspace, state, state.families)]
        shown = state.criteria[:SPREADS]
        more = len(state.criteria) - len(shown)
        parts += ["", paragraph("Criteria, widest apart first, in percent:"), _spread(workspace, state, shown)]
        parts += (
            [f"and {words.counted(more, 'criterion', 'criteria')} less far apart (--json lists all)"]
            if more > 0
            else []
        )
        parts += [
            "",
            paragraph(
                "Their spread is that of the weights in `evaluator robustness`; the mean of it is what `evaluator weights adopt` writes."
            ),
        ]
    elif len(state.complete) == 1:
        parts += ["", *_single(workspace, state)]
    else:
        parts += ["", *_in_use(workspace)]
    return "\n".join(parts)


def _done(one: Stated) -> str:
    return f"{len(one.groups)} of {len(one.groups) + len(one.unfinished) + len(one.untouched)}"


def _counts(one: Stated) -> str:
    return "yes" if one.weights is not None else "not yet"


def _open_groups(workspace: Workspace, one: Stated) -> Iterator[str]:
    if FAMILIES in one.untouched:
        yield paragraph(f"{one.role}: the families are not weighed yet.", "  ")
    inside = [group for group in one.untouched if group != FAMILIES]
    if inside and one.weights is not None:
        yield paragraph(
            f"{one.role}: inside {words.counted(len(inside), 'family', 'families')} nothing was said; the importance in "
            "criteria/weights.yaml holds there.",
            "  ",
        )
    for group, missing in one.unfinished.items():
        text = words.abbreviated(", ".join(missing), 120)
        yield paragraph(f"{one.role}: {group_title(workspace, group)} is unfinished, missing: {text}.", "  ")


def _in_use(workspace: Workspace) -> Iterator[str]:
    total = sum(float(value) for value in workspace.weights.families.values()) or 1.0
    rows = [
        (words.abbreviated(title_of(workspace, key), 46), key, words.percent(float(value) / total))
        for key, value in workspace.weights.families.items()
        if key in workspace.catalogue.families
    ]
    yield table(rows, ("families, weights in use", "id", "weight"), "llr")


def _spread(workspace: Workspace, state: WeightsState, rows: Sequence[WeightSpread]) -> str:
    """One line per family or criterion; a column per stakeholder, where they are few."""
    people = state.complete
    few = len(people) <= COLUMNS
    roles = [words.abbreviated(one.role, 10) for one in people] if few else []
    body = []
    for row in rows:
        each = [_figure(_of(workspace, one, row.id)) for one in people] if few else []
        figures = [_figure(row.mean), *each, _figure(row.low), _figure(row.high)]
        body.append((words.abbreviated(title_of(workspace, row.id), NAME - (6 if few else 0)), *figures))
    return table(body, ("", "mean", *roles, "low", "high"), "lr" + "r" * len(roles) + "rr")


def _figure(weight: float) -> str:
    return f"{100 * weight:.1f}"


def _of(workspace: Workspace, one: Stated, item: str) -> float:
    weights = one.weights or {}
    if item in weights:
        return weights[item]
    return sum(weights.get(criterion.id, 0.0) for criterion in workspace.catalogue.families.get(item, ()))


def _single(workspace: Workspace, state: WeightsState) -> Iterator[str]:
    one = state.complete[0]
    rows = [(words.abbreviated(title_of(workspace, row.id), 46), words.percent(row.mean)) for row in state.families]
    yield table(rows, (f"families by {one.role}", "weight"), "lr")
    yield paragraph("With a second stakeholder their spread becomes that of the weights in `evaluator robustness`.")


def question_text(workspace: Workspace, question: SwingQuestion) -> str:
    """The question, with what is swung from its worst to its best."""
    number, count = question.place
    group = question.group
    head = f"{group_title(workspace, group.id)} · group {number} of {count}"
    if question.item is None:
        lines = [
            head,
            paragraph(
                "Imagine all of these at their worst. Which one would you lift to its best first? The step counts, not the name."
            ),
            "",
        ]
        for place, item in enumerate(group.items, start=1):
            lines += [paragraph(f"{place:>2}  {title_of(workspace, item)} [{item}]"), *_ends(workspace, group, item)]
        return "\n".join(lines)
    first = title_of(workspace, question.first)
    lines = [
        paragraph(f"{title_of(workspace, question.item)} [{question.item}]"),
        *_ends(workspace, group, question.item),
        paragraph(f"Lifting {first} is worth {TOP}. What is this step worth beside it?"),
    ]
    return "\n".join(lines)


def _ends(workspace: Workspace, group: Group, item: str) -> Iterator[str]:
    if group.id == FAMILIES:
        names = [criterion.title for criterion in workspace.catalogue.families[item]]
        yield paragraph(
            words.abbreviated(f"{words.counted(len(names), 'criterion', 'criteria')}: {'; '.join(names)}", 300), "    "
        )
        return
    criterion = workspace.catalogue.criteria[item]
    for word, level in (("worst", criterion.min_level), ("best", criterion.max_level)):
        yield paragraph(f"{word}: {words.abbreviated(' '.join(criterion.levels[level].split()), ENDS)}", "    ")


def prompt_text(question: SwingQuestion) -> str:
    """What stands before the cursor."""
    if question.item is None:
        return f"First, 1 to {len(question.group.items)} or its id (? for help): "
    return f"0 to {TOP} (? for help): "


HELP = (
    "A number or an id answers. `back` takes the last answer back, `redo` asks this group again, `quit` stops; "
    "every answer is kept at once, and the same command goes on where it stopped."
)


def shares_text(workspace: Workspace, found: Elicited, title: str) -> str:
    """The weights inside one group."""
    ranked = sorted(found.weights.items(), key=lambda item: (-item[1], item[0]))
    rows = [(words.abbreviated(title_of(workspace, key), 54), words.percent(weight)) for key, weight in ranked]
    return "\n".join([table(rows, (f"{title}, by {found.method}", "weight"), "lr"), *_consistency(workspace, found)])


def _consistency(workspace: Workspace, found: Elicited) -> Iterator[str]:
    if found.consistency is None:
        return
    verdict = "acceptable" if found.consistency.acceptable else "above 0.10: these judgements contradict each other"
    yield ""
    yield paragraph(
        f"Consistency ratio {found.consistency.ratio:.3f} ({verdict}); random index {found.consistency.random_index:g} of "
        f"{found.consistency.table}."
    )
    if found.consistency.acceptable or found.triple is None:
        return
    one, two, three = (title_of(workspace, item) for item in found.triple.items)
    first, second, third = found.triple.judged
    yield paragraph(
        f"Most inconsistent: {one}, {two} and {three}. {_judged(one, first, two)}, {_judged(two, second, three)}: together "
        f"that makes {_judged(one, first * second, three)}, but {_judged(one, third, three)} was said. Judge these three again."
    )


def _judged(one: str, times: float, two: str) -> str:
    if abs(times - 1) < 1e-9:  # noqa: PLR2004 - equal
        return f"{one} as much as {two}"
    return f"{one} {times:.3g} times {two}" if times > 1 else f"{two} {1 / times:.3g} times {one}"


def adopted_page(workspace: Workspace, found: Adopted, *, dry_run: bool) -> str:
    """The weights before and after, and whose they are."""
    verb = "Would adopt" if dry_run else "Adopted"
    title = f"{verb} the mean of the weights of {words.joined(found.roles)}, each counting alike."
    rows = [
        (words.abbreviated(title_of(workspace, key), 46), words.percent(old), words.percent(new), _moved(old, new))
        for key, (old, new) in found.families.items()
    ]
    parts = [paragraph(title), "", table(rows, ("families", "before", "after", "change"), "lrrr")]
    moved = sorted(
        ((key, old, new) for key, (old, new) in found.criteria.items() if round(old, 4) != round(new, 4)),
        key=lambda row: (-round(abs(row[2] - row[1]), 9), row[0]),
    )
    if not moved:
        return "\n".join([*parts, "", "Inside the families nothing changes."])
    body = [
        (words.abbreviated(title_of(workspace, key), 46), words.percent(old), words.percent(new), _moved(old, new))
        for key, old, new in moved
    ]
    return "\n".join([*parts, "", table(body, ("share of its family", "before", "after", "change"), "lrrr")])


def _moved(old: float, new: float) -> str:
    return words.signed(100 * (new - old))


def imported_page(workspace: Workspace, files: Sequence[Mapping[str, object]], *, dry_run: bool) -> str:
    """What was read from each file, the mistakes by cell, and what was written."""
    lines: list[str] = []
    for entry in files:
        lines.append(safe_line(str(entry["file"])))
        problems: Sequence[Problem] = entry["problems"]  # type: ignore[assignment]
        for problem in problems:
            place = f"{problem.cell}: " if problem.cell else f"line {problem.line}: " if problem.line else ""
            hint = f" ({problem.hint})" if problem.hint else ""
            lines.append(paragraph(f"{problem.severity}: {place}{problem.message}{hint}", "  "))
        groups: Mapping[str, Elicited] = entry["groups"]  # type: ignore[assignment]
        if entry["failed"]:
            lines.append("  nothing of this file was written")
        elif groups:
            count = words.counted(len(groups), "group")
            lines.append(f"  {'would write' if dry_run else 'wrote'} {count} of {entry['role']}")
        for group, found in groups.items():
            if not entry["failed"]:
                lines += ["", shares_text(workspace, found, group_title(workspace, group))]
        lines.append("")
    return "\n".join(lines).rstrip()
