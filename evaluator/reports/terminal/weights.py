"""Pages of the terminal on weights: who stated what, the questions that ask for them, what was read and adopted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluator.errors import Problem, has_errors
from evaluator.model.elicitation import FAMILIES, Adopted, Group, Stated, WeightsState
from evaluator.model.sensitivity import Elicited, WeightSpread
from evaluator.model.workspace import Workspace
from evaluator.reports import words
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import seal_sentence
from evaluator.reports.terminal.page import Indented, Page, Part, Section, Table
from evaluator.weighting.swing import TOP, SwingQuestion

LISTED = 12
"""Criteria listed, those on which stakeholders differ most."""
COLUMNS = 3
"""Stakeholders with a column of their own; where there are more, the range stands for them."""
STATEMENT = 210
"""Characters of a level's statement, or of the names of a family's criteria."""
HELP = (
    "A number or an id answers. `back` takes the last answer back, `redo` asks this group again, `quit` stops; "
    "every answer is kept at once, and the same command goes on where it stopped."
)


def title_of(workspace: Workspace, item: str) -> str:
    """The name of a family or a criterion."""
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    return titles[item] if item in titles else workspace.catalogue.criteria[item].title


def group_title(workspace: Workspace, group: str) -> str:
    """The name of a group."""
    return "Families" if group == FAMILIES else f"Inside {title_of(workspace, group)}"


def weights_page(workspace: Workspace, state: WeightsState) -> Page:
    """Who stated what, how far they differ, and whether the weights are sealed."""
    sealed = [seal_sentence(state.sealing, ENGLISH)]
    if not state.stakeholders:
        nobody = "No stakeholder was asked yet. To ask one: evaluator weights swing --stakeholder ROLE"
        return [sealed, nobody, _in_use(workspace)]
    rows = [
        (
            one.role,
            one.date,
            ", ".join(one.methods) or "–",
            f"{len(one.groups)} of {len(one.groups) + len(one.unfinished) + len(one.untouched)}",
            "yes" if one.weights is not None else "not yet",
        )
        for one in state.stakeholders
    ]
    stated = [
        Table((("stakeholder", str), ("last stated", str), ("method", str), ("groups", str), ("counts", str)), rows),
        *(line for one in state.stakeholders for line in _open_groups(workspace, one)),
    ]
    if not state.complete:
        return [sealed, stated, _in_use(workspace)]
    if len(state.complete) == 1:
        return [sealed, stated, _single(workspace, state)]
    more = len(state.criteria) - LISTED
    return [
        sealed,
        stated,
        ["Families, largest difference first:", _spread(workspace, state, state.families)],
        [
            "Criteria, largest difference first:",
            _spread(workspace, state, state.criteria[:LISTED]),
            f"and {words.counted(more, 'more criterion', 'more criteria')} (--json lists all)" if more > 0 else "",
        ],
        (
            "Their spread is that of the weights in `evaluator robustness`; their mean is what `evaluator weights adopt` "
            "writes."
        ),
    ]


def _open_groups(workspace: Workspace, one: Stated) -> Iterator[Part]:
    if FAMILIES in one.untouched:
        yield Indented(f"{one.role}: the families are not weighed yet.")
    inside = [group for group in one.untouched if group != FAMILIES]
    if inside and one.weights is not None:
        yield Indented(
            f"{one.role}: nothing was stated inside {words.counted(len(inside), 'family', 'families')}; the importance "
            "in criteria/weights.yaml holds there."
        )
    for group, missing in one.unfinished.items():
        text = words.abbreviated(", ".join(missing), 120)
        yield Indented(f"{one.role}: {group_title(workspace, group)} is unfinished, missing: {text}.")


def _in_use(workspace: Workspace) -> Section:
    total = sum(float(value) for value in workspace.weights.families.values()) or 1.0
    rows = [
        (title_of(workspace, key), key, float(value) / total)
        for key, value in workspace.weights.families.items()
        if key in workspace.catalogue.families
    ]
    return [Table((("families, weights in use", str), ("id", str), ("weight", words.percent)), rows)]


def _spread(workspace: Workspace, state: WeightsState, rows: Sequence[WeightSpread]) -> Table:
    """One line per family or criterion; a column per stakeholder, where they are few."""
    people = state.complete if len(state.complete) <= COLUMNS else ()
    body = [
        (title_of(workspace, row.id), row.mean, *(_of(workspace, one, row.id) for one in people), row.low, row.high)
        for row in rows
    ]
    figures = ((head, words.percent) for head in ("mean", *(one.role for one in people), "low", "high"))
    return Table((("", str), *figures), body)


def _of(workspace: Workspace, one: Stated, item: str) -> float:
    weights = one.weights or {}
    if item in weights:
        return weights[item]
    return sum(weights.get(criterion.id, 0.0) for criterion in workspace.catalogue.families.get(item, ()))


def _single(workspace: Workspace, state: WeightsState) -> Section:
    rows = [(title_of(workspace, row.id), row.mean) for row in state.families]
    return [
        Table(((f"families by {state.complete[0].role}", str), ("weight", words.percent)), rows),
        "With a second stakeholder their spread becomes that of the weights in `evaluator robustness`.",
    ]


def question_page(workspace: Workspace, question: SwingQuestion) -> Page:
    """The question, with what is swung from its worst to its best."""
    number, count = question.place
    group = question.group
    if question.item is not None:
        first = title_of(workspace, question.first)
        return [
            [
                *_item(workspace, group, question.item),
                f"Raising {first} from worst to best is worth {TOP}. By comparison, how much is raising this one worth?",
            ]
        ]
    items = [
        part
        for place, item in enumerate(group.items, start=1)
        for part in _item(workspace, group, item, number=f"{place:>2}  ")
    ]
    return [
        [
            f"{group_title(workspace, group.id)} · group {number} of {count}",
            (
                "Imagine all of these at their worst. Which one would you raise to its best first? Judge the difference "
                "between worst and best, not the name."
            ),
        ],
        items,
    ]


def _item(workspace: Workspace, group: Group, item: str, number: str = "") -> Iterator[Part]:
    """One item of a group, with its criteria or its worst and best level."""
    yield Indented(f"{number}{title_of(workspace, item)} [{item}]", 0, exact=bool(number))
    if group.id == FAMILIES:
        names = [criterion.title for criterion in workspace.catalogue.families[item]]
        count = words.counted(len(names), "criterion", "criteria")
        yield Indented(words.abbreviated(f"{count}: {'; '.join(names)}", 300), 4)
        return
    criterion = workspace.catalogue.criteria[item]
    for word, level in (("worst", criterion.min_level), ("best", criterion.max_level)):
        statement = " ".join(criterion.levels[level].split())
        yield Indented(f"{word}: {words.abbreviated(statement, STATEMENT)}", 4)


def prompt_text(question: SwingQuestion) -> str:
    """What stands before the cursor."""
    if question.item is None:
        return f"First, 1 to {len(question.group.items)} or its id (? for help): "
    return f"0 to {TOP} (? for help): "


def group_page(workspace: Workspace, group: str, found: Elicited) -> Page:
    """The weights inside one group, and how consistent the judgements are."""
    ranked = sorted(found.weights.items(), key=lambda item: (-item[1], item[0]))
    rows = [(title_of(workspace, key), weight) for key, weight in ranked]
    title = f"{group_title(workspace, group)}, by {found.method}"
    return [Table(((title, str), ("weight", words.percent)), rows), _consistency(workspace, found)]


def _consistency(workspace: Workspace, found: Elicited) -> Iterator[str]:
    if found.consistency is None:
        return
    verdict = "acceptable" if found.consistency.acceptable else "above 0.10: these judgements contradict each other"
    yield (
        f"Consistency ratio {found.consistency.ratio:.3f} ({verdict}); random index {found.consistency.random_index:g} of "
        f"{found.consistency.table}."
    )
    if found.consistency.acceptable or found.triple is None:
        return
    one, two, three = (title_of(workspace, item) for item in found.triple.items)
    first, second, third = found.triple.judged
    yield (
        f"Most inconsistent: {one}, {two} and {three}. {_judged(one, first, two)}, {_judged(two, second, three)}: together "
        f"that makes {_judged(one, first * second, three)}, but {_judged(one, third, three)} was stated. Judge these three "
        "again."
    )


def _judged(one: str, times: float, two: str) -> str:
    if abs(times - 1) < 1e-9:  # noqa: PLR2004 - equal
        return f"{one} as much as {two}"
    return f"{one} {times:.3g} times {two}" if times > 1 else f"{two} {1 / times:.3g} times {one}"


def adopted_page(workspace: Workspace, found: Adopted, *, dry_run: bool) -> Page:
    """The weights before and after, and whose they are."""
    verb = "Would adopt" if dry_run else "Adopted"
    moved = {key: pair for key, pair in found.criteria.items() if round(pair[0], 4) != round(pair[1], 4)}
    by_change = sorted(moved, key=lambda key: (-round(abs(moved[key][1] - moved[key][0]), 9), key))
    inside = _before_and_after(workspace, "share of its family", {key: moved[key] for key in by_change})
    return [
        f"{verb} the mean of the weights of {words.joined(found.roles)}, each counting alike.",
        _before_and_after(workspace, "families", found.families),
        inside if moved else "Inside the families nothing changes.",
    ]


def _before_and_after(workspace: Workspace, head: str, weights: Mapping[str, tuple[float, float]]) -> Table:
    rows = [(title_of(workspace, key), old, new, 100 * (new - old)) for key, (old, new) in weights.items()]
    return Table(((head, str), ("before", words.percent), ("after", words.percent), ("change", words.signed)), rows)


def read_page(
    workspace: Workspace,
    file: str,
    role: str,
    problems: Sequence[Problem],
    groups: Mapping[str, Elicited],
    *,
    dry_run: bool,
) -> Page:
    """What was read from one file of weights, the mistakes by cell, and what was written."""
    lines: list[Part] = [Indented(file, 0, exact=True)]
    for problem in problems:
        place = f"{problem.cell}: " if problem.cell else f"line {problem.line}: " if problem.line else ""
        hint = f" ({problem.hint})" if problem.hint else ""
        lines.append(Indented(f"{problem.severity}: {place}{problem.message}{hint}"))
    if has_errors(problems):
        return [[*lines, Indented("nothing of this file was written")]]
    if groups:
        verb = "would write" if dry_run else "wrote"
        lines.append(Indented(f"{verb} {words.counted(len(groups), 'group')} of {role}"))
    return [lines, *(section for group, found in groups.items() for section in group_page(workspace, group, found))]
