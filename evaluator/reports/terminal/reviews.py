"""Pages of the terminal on reviews: what is due, how far a review is, whether it verifies, one vendor over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator.model.closed_review import (
    Engine,
    HistoryPoint,
    SignatureState,
    Upgrade,
    UpgradeWhat,
    Verification,
    VerificationVerdict,
)
from evaluator.model.review import DueAnswer, DueKind, Progress, ReviewState
from evaluator.model.workspace import Workspace
from evaluator.reports import change_words, words
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.views import exit_sentence
from evaluator.reports.terminal.page import Indented, Page, Part, Section, Table
from evaluator.reports.terminal.scores import FIGURES

LISTED = 20
"""Changed figures listed."""
COLUMNS = {
    "stale": (DueKind.STALE,),
    "soon": (DueKind.SOON,),
    "trigger": (DueKind.TRIGGER, DueKind.REWORDED),
    "other": (DueKind.CADENCE, DueKind.NEVER_CONFIRMED, DueKind.NEW, DueKind.EDITION),
}
"""The reasons that share a column; an answer can be in several."""
VERDICT_WORDS = {
    VerificationVerdict.SAME: "same figures",
    VerificationVerdict.CHANGED: "changed figures",
    VerificationVerdict.UNUSABLE: "cannot be scored",
    VerificationVerdict.TAMPERED: "tampered",
}
UPGRADE_WORDS = {
    UpgradeWhat.ADDED: "new, with weight 0 until a weight is given",
    UpgradeWhat.REPLACED: "taken over; answers stay valid",
    UpgradeWhat.REWORDED: "taken over; asks something else, answers are due",
    UpgradeWhat.MOVED: "moved to another family",
    UpgradeWhat.OWN: "own, kept",
    UpgradeWhat.KEPT: "changed by the organisation, kept; the shipped one differs",
    UpgradeWhat.RETIRED: "no longer shipped, kept; take it out of scope or delete it",
    UpgradeWhat.HEAD: "taken over",
    UpgradeWhat.GATES: "set to all; the catalogue has no starter set any more",
}


def opened_page(workspace: Workspace, state: ReviewState) -> Page:
    """How much is due when a review opens, by vendor, assessor and reason."""
    names = _names(workspace)
    rows = [
        (
            names[vendor],
            assessor,
            len(group),
            *(sum(item.has(*kinds) for item in group) for kinds in COLUMNS.values()),
        )
        for (vendor, assessor), group in _groups(state).items()
    ]
    return [
        *_due_head(state),
        Table((("option", str), ("assessor", str), *((head, words.whole) for head in ("due", *COLUMNS))), rows),
        f"Each with its reasons: evaluator review status {state.review} --due" if rows else "",
        _light_checks(state, names),
        _triggers(state, names),
    ]


def due_page(workspace: Workspace, state: ReviewState) -> Page:
    """Every answer that is due, by vendor and assessor, with its reasons."""
    names = _names(workspace)
    groups: list[Section] = [
        [f"{names[vendor]}, {assessor}: {len(group)} due", *_by_reason(group)]
        for (vendor, assessor), group in _groups(state).items()
    ]
    return [*_due_head(state), *groups, _light_checks(state, names)]


def _due_head(state: ReviewState) -> Page:
    since = f", after {state.since}" if state.since else ""
    answers = sum(row.answers for row in state.vendors)
    due, carried = len(state.due.answers), len(state.due.carried)
    verb = "counts and has" if carried == 1 else "count and have"
    return [
        f"Review {state.review}, as of {state.as_of}{since}",
        (
            f"{due} of {words.counted(answers, 'answer')} {'is' if due == 1 else 'are'} due. "
            f"{words.counted(carried, 'answer')} carried over unchanged {verb} not been confirmed yet."
        ),
    ]


def _groups(state: ReviewState) -> dict[tuple[str, str], list[DueAnswer]]:
    groups = defaultdict(list)
    for item in state.due.answers:
        groups[item.vendor, item.assessor].append(item)
    return groups


def _by_reason(group: Sequence[DueAnswer]) -> list[Indented]:
    reasons = defaultdict(list)
    for item in group:
        for reason in item.reasons:
            reasons[change_words.due_reason(reason)].append(item.criterion)
    return [
        Indented(f"{reason}: {', '.join(criteria)}", list_of_ids=True) for reason, criteria in sorted(reasons.items())
    ]


def _light_checks(state: ReviewState, names: Mapping[str, str]) -> Section:
    rows = [
        (names[check.vendor], check.tier, words.counted(check.months, "month"), check.last or "never")
        for check in state.due.light_checks
    ]
    return [Table((("light check due", str), ("tier", words.whole), ("every", str), ("last looked at", str)), rows)]


def _triggers(state: ReviewState, names: Mapping[str, str]) -> Section:
    rows = [
        (
            event.date,
            event.trigger,
            names.get(event.vendor, event.vendor) if event.vendor else "all",
            event.note or event.source,
        )
        for event in state.triggers
    ]
    return [Table((("on", str), ("trigger", str), ("option", str), ("note", str)), rows)]


def status_page(workspace: Workspace, state: ReviewState) -> Page:
    """Progress by vendor, assessor and family, and what blocks closing."""
    names = _names(workspace)
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    return [
        f"Review {state.review}, as of {state.as_of}, {change_words.deadline(state)}",
        _progress("option", state.vendors, names),
        _progress("assessor", state.assessors, {}),
        _progress("family", state.families, titles),
        (
            "Confirmed: given or confirmed since the previous review. Carried: carried over unchanged, not confirmed. "
            "An answer can be carried and not due."
        ),
        _blockers(state),
        *_approval(state, names),
        _own_work(state, names),
        _light_checks(state, names),
        _triggers(state, names),
    ]


def _own_work(state: ReviewState, names: Mapping[str, str]) -> Section:
    rows = [(names[row.option], row.total, row.done, row.not_needed, row.open) for row in state.own_work]
    counts = ((name, words.whole) for name in ("items", "done", "not needed", "open"))
    return [Table((("own work on", str), *counts), rows)]


def _progress(head: str, rows: Iterable[Progress], names: Mapping[str, str]) -> Section:
    cells = [(names.get(row.id, row.id), row.answers, row.confirmed, row.carried, row.due) for row in rows]
    counts = ((name, words.whole) for name in ("answers", "confirmed", "carried", "still due"))
    return [Table(((head, str), *counts), cells)]


def _blockers(state: ReviewState) -> Iterator[Part]:
    count = len(state.blocked)
    verb = "blocks" if count == 1 else "block"
    yield f"{words.counted(count, 'point')} {verb} closing:" if count else "Nothing blocks closing."
    for blocker in state.blocked:
        yield Indented(blocker.id, exact=True)
        yield Indented(blocker.finding, 4, list_of_ids=True)
    for blocker in state.blockers:
        if blocker.waived:
            yield Indented(f"waived: {blocker.id}", exact=True)
            yield Indented(f"{blocker.finding} {blocker.waived}", 4)


def _approval(state: ReviewState, names: Mapping[str, str]) -> Iterator[Section]:
    lines = []
    for label, tools in (("Approved by this review as it stands", state.approved), ("Loses its approval", state.lost)):
        if tools:
            lines.append(f"{label}: {words.joined([names.get(tool, tool) for tool in tools])}.")
    lines += [f"{names.get(plan.tool, plan.tool)}: {exit_sentence(plan, ENGLISH)}." for plan in state.exits]
    yield lines
    rows = [
        (
            names.get(entry.tool, entry.tool),
            entry.owner,
            f"{entry.until}{' overdue' if entry.until < state.as_of else ''}",
            ", ".join(entry.running),
        )
        for entry in state.divest
    ]
    yield [Table((("tool to be retired", str), ("owner", str), ("until", str), ("still runs on it", str)), rows)]


def verification_page(found: Verification) -> Page:
    """What verification of one review found."""
    lines = [f"{item.file}{f', {item.field}' if item.field else ''}: {item.finding}" for item in found.tampered]
    lines += [
        f"{figure.path}: recorded {_shown(figure.recorded)}, now {_shown(figure.computed)}"
        for figure in found.figures[:LISTED]
    ]
    if len(found.figures) > LISTED:
        lines.append(f"and {len(found.figures) - LISTED} more figures")
    if found.unusable:
        lines.append(f"This version of the tool cannot score the recorded inputs: {found.unusable}.")
    elif not found.tampered and found.recorded_by:
        lines.append(_rules_sentence(found, found.recorded_by))
    if found.signature.state is not SignatureState.WRONG:
        lines.append(_signature_sentence(found))
    lines += found.notes
    return [[f"{found.review}: {VERDICT_WORDS[found.verdict]}", *map(Indented, lines)]]


def _signature_sentence(found: Verification) -> str:
    """Who signed the review; a wrong signature stands among what was tampered with."""
    signature = found.signature
    key = f"the {signature.key_type} key {signature.fingerprint}"
    if signature.state is SignatureState.UNSIGNED:
        return "Not signed: anyone who can write to the folder can change the review and seal it again."
    if signature.state is SignatureState.NOT_CHECKED:
        return f"The signature was not checked: {signature.finding}"
    if signature.state is SignatureState.SIGNER_NOT_CHECKED:
        return f"Signed with {key}; the signer was not checked. To check who signed, use --allowed-signers FILE."
    if signature.state is SignatureState.NOT_ALLOWED:
        return f"Signed with {key}, but not by an allowed signer: {signature.finding}."
    late = f" Note that {signature.finding}." if signature.finding else ""
    return f"Signed by {signature.principal} with {key}.{late}"


def _rules_sentence(found: Verification, recorded_by: Engine) -> str:
    now = found.computed_by
    by = f"Recorded by version {recorded_by.version}, verified by version {now.version}"
    if found.same_rules:
        wrong = ", so the figures should be equal: please report this" if found.figures else ""
        return f"{by}: both use version {now.rules} of the numerical rules{wrong}."
    untouched = "The folder is untouched" if found.figures else "The figures are the same"
    then = recorded_by.rules or "unknown"
    return f"{by}. {untouched}; the numerical rules changed from version {then} to version {now.rules}."


def _shown(value: object) -> str:
    return "nothing" if value is None else words.abbreviated(str(value), 60)


def history_page(workspace: Workspace, vendor: str, points: Sequence[HistoryPoint]) -> Page:
    """One vendor over time: figures at each point, and what moved them; reviews first, then commits."""
    sections: list[Section] = [[_names(workspace).get(vendor, vendor)]]
    for head, kinds in (("review", {"review", "now"}), ("commit", {"commit"})):
        chosen = [point for point in points if point.kind in kinds]
        sections += [[_history_table(head, chosen)], [_moved(point) for point in chosen]]
    return sections


def _history_table(head: str, points: Sequence[HistoryPoint]) -> Table:
    """The figures at each point; a rank only where the others were scored too."""
    rows = []
    for point in points:
        figures: tuple[float | str, ...] = ("",) * len(FIGURES)
        if point.points:
            figures = (point.points.score, point.points.low, point.points.high, point.coverage)
        rows.append((point.label, point.as_of or "", *figures, point.rank or ""))
    return Table(((head, str), ("as of", str), *FIGURES, ("rank", words.whole)), rows)


def _moved(point: HistoryPoint) -> str:
    parts = [point.note] if point.note else []
    scores, lows = change_words.scores_of(point.causes), change_words.lows_of(point.causes)
    if scores:
        parts.append(f"score: {change_words.cause_list(scores)}")
    if lows and lows != scores:
        parts.append(f"low: {change_words.cause_list(lows)}")
    return f"{point.label}: {'; '.join(parts)}" if parts else ""


def upgrade_page(upgrade: Upgrade) -> Page:
    """Every difference between the workspace's catalogue and the shipped one, and what was done about it."""
    if not upgrade.items:
        return [f"The catalogue is that of version {upgrade.new}; nothing to do."]
    sections: list[Section] = [[f"Catalogue {upgrade.old} to {upgrade.new}"]]
    for what in UpgradeWhat:
        items = [
            ": ".join(filter(None, (item.id, "; ".join(item.details)))) for item in upgrade.items if item.what is what
        ]
        if items:
            sections.append([f"{UPGRADE_WORDS[what]} ({len(items)})", *map(Indented, items)])
    word = "Changed" if upgrade.done else "Would change"
    return [*sections, f"{word}: {', '.join(upgrade.files) or 'no file'}"]


def _names(workspace: Workspace) -> dict[str, str]:
    return workspace.names
