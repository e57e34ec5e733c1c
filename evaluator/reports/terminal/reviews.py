"""What the terminal shows of reviews: what is due, how far it is, whether reviews hold, one vendor over time; 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
from evaluator.reports.paper.views import exit_sentence
from evaluator.reports.terminal.columns import folded
from evaluator.reports.terminal.scores import WIDTH, paragraph, table

_LISTED = 20


def opened_page(workspace: Workspace, state: ReviewState) -> str:
    """How much is due when a review opens, by vendor, assessor and reason."""
    names = _names(workspace)
    rows = [
        (
            words.abbreviated(names[vendor], 24),
            words.abbreviated(assessor, 12),
            f"{len(group)}",
            *(f"{sum(item.has(*kinds) for item in group)}" for kinds in _COLUMNS.values()),
        )
        for (vendor, assessor), group in _groups(state).items()
    ]
    lines = [*_due_head(state), ""]
    if rows:
        lines.append(table(rows, ("option", "assessor", "due", *_COLUMNS), "llrrrrr"))
        lines += ["", paragraph(f"Each with its reasons: evaluator review status {state.edition} --due")]
    return "\n".join([*lines, *_light_checks(state, names), *_triggers(state, names)])


_COLUMNS = {
    "stale": (DueKind.STALE,),
    "soon": (DueKind.SOON,),
    "trigger": (DueKind.TRIGGER, DueKind.REWORDED),
    "other": (DueKind.CADENCE, DueKind.NEVER_CONFIRMED, DueKind.NEW, DueKind.EDITION),
}
"""The reasons that share a column; an answer can be in several."""


def _due_head(state: ReviewState) -> list[str]:
    since = f", after {state.since}" if state.since else ""
    answers = sum(row.answers for row in state.vendors)
    carried = len(state.due.carried)
    return [
        f"Review {state.edition}, as of {state.as_of}{since}",
        "",
        paragraph(
            f"{len(state.due.answers)} of {words.counted(answers, 'answer')} are due. "
            f"{words.counted(carried, 'answer is', 'answers are')} carried: they count, and nobody has confirmed them yet."
        ),
    ]


def _groups(state: ReviewState) -> dict[tuple[str, str], list[DueAnswer]]:
    groups: dict[tuple[str, str], list[DueAnswer]] = {}
    for item in state.due.answers:
        groups.setdefault((item.vendor, item.assessor), []).append(item)
    return groups


def due_page(workspace: Workspace, state: ReviewState) -> str:
    """Every answer that is due, by vendor and assessor, with its reasons."""
    names = _names(workspace)
    lines = _due_head(state)
    for (vendor, assessor), group in _groups(state).items():
        lines += ["", f"{names[vendor]}, {assessor}: {len(group)} due", *_by_reason(group)]
    return "\n".join([*lines, *_light_checks(state, names)])


def _by_reason(group: Sequence[DueAnswer]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for item in group:
        for reason in item.reasons:
            reasons.setdefault(change_words.due_reason(reason), []).append(item.criterion)
    return [_folded(f"{reason}: {', '.join(criteria)}") for reason, criteria in sorted(reasons.items())]


def _folded(text: str, indent: str = "  ") -> str:
    """``text`` folded to the page; ids stay whole."""
    return folded(text, WIDTH, indent, break_on_hyphens=False)


def _light_checks(state: ReviewState, names: Mapping[str, str]) -> list[str]:
    if not state.due.light_checks:
        return []
    rows = [
        (
            names[check.vendor],
            f"{check.tier}",
            f"{check.months} months",
            words.day(check.last) if check.last else "never",
        )
        for check in state.due.light_checks
    ]
    return ["", table(rows, ("light check due", "tier", "every", "last looked at"), "lrll")]


def status_page(workspace: Workspace, state: ReviewState) -> str:
    """Progress by vendor, assessor and family, and what blocks closing."""
    names = _names(workspace)
    titles = {family.id: family.title for family in workspace.catalogue.head.families}
    lines = [
        paragraph(f"Review {state.edition}, as of {state.as_of}, {change_words.deadline(state)}"),
        "",
        _progress("option", state.vendors, names),
        "",
        _progress("assessor", state.assessors, {}),
        "",
        _progress("family", state.families, titles),
        "",
        paragraph(
            "Confirmed: given or confirmed since the previous review. Carried: counts as it stood, not confirmed. "
            "An answer can be carried and not due."
        ),
        "",
        *_blockers(state),
        *_approval(state, names),
        *_light_checks(state, names),
        *_triggers(state, names),
    ]
    return "\n".join(lines)


def _progress(head: str, rows: Iterable[Progress], names: Mapping[str, str]) -> str:
    cells = [
        (
            words.abbreviated(names.get(row.id, row.id), 36),
            f"{row.answers}",
            f"{row.confirmed}",
            f"{row.carried}",
            f"{row.due}",
        )
        for row in rows
    ]
    return table(cells, (head, "answers", "confirmed", "carried", "still due"), "lrrrr")


def _blockers(state: ReviewState) -> list[str]:
    waived = [blocker for blocker in state.blockers if blocker.waived]
    lines = []
    if state.blocked:
        count = len(state.blocked)
        lines.append(f"{words.counted(count, 'point')} {'blocks' if count == 1 else 'block'} closing:")
        for blocker in state.blocked:
            lines += [f"  {blocker.id}", _folded(blocker.finding, "    ")]
    else:
        lines.append("Nothing blocks closing.")
    for blocker in waived:
        lines += [f"  waived: {blocker.id}", paragraph(f"{blocker.finding} {blocker.waived}", "    ")]
    return lines


def _approval(state: ReviewState, names: Mapping[str, str]) -> list[str]:
    lines = []
    if state.approved:
        tools = words.joined([names.get(tool, tool) for tool in state.approved])
        lines += ["", paragraph(f"Approved by this review as it stands: {tools}.")]
    if state.lost:
        lines.append(paragraph(f"Loses its approval: {words.joined([names.get(tool, tool) for tool in state.lost])}."))
    lines += [
        paragraph(f"{names.get(standing.tool, standing.tool)}: {exit_sentence(standing)}.") for standing in state.exits
    ]
    if state.divest:
        rows = [
            (
                words.abbreviated(names.get(entry.tool, entry.tool), 20),
                words.abbreviated(entry.owner, 22),
                f"{entry.until}{' overdue' if entry.until < state.as_of else ''}",
                words.abbreviated(", ".join(entry.running), 18),
            )
            for entry in state.divest
        ]
        lines += ["", table(rows, ("being left", "owner", "until", "still runs on it"), "llll")]
    return lines


def _triggers(state: ReviewState, names: Mapping[str, str]) -> list[str]:
    if not state.triggers:
        return []
    rows = [
        (
            f"{event.date}",
            event.trigger,
            words.abbreviated(names.get(event.vendor, event.vendor) if event.vendor else "all", 24),
            words.abbreviated(event.note or event.source, 28),
        )
        for event in state.triggers
    ]
    return ["", table(rows, ("on", "trigger", "option", "note"), "llll")]


VERDICT_WORDS = {
    VerificationVerdict.SAME: "same figures",
    VerificationVerdict.CHANGED: "changed figures",
    VerificationVerdict.UNUSABLE: "cannot be scored",
    VerificationVerdict.TAMPERED: "tampered",
}


def verification_page(found: Verification) -> str:
    """What verification of one review found."""
    lines = [f"{found.edition}: {VERDICT_WORDS[found.verdict]}"]
    lines += [
        paragraph(f"{item.file}{f', {item.field}' if item.field else ''}: {item.finding}", "  ")
        for item in found.tampered
    ]
    for figure in found.figures[:_LISTED]:
        lines.append(
            paragraph(f"{figure.path}: recorded {_shown(figure.recorded)}, now {_shown(figure.computed)}", "  ")
        )
    if len(found.figures) > _LISTED:
        lines.append(f"  and {len(found.figures) - _LISTED} more figures")
    if found.unusable:
        sentence = f"This version of the tool cannot score the recorded inputs: {found.unusable}."
        lines.append(paragraph(sentence, "  "))
    elif not found.tampered and found.recorded_by:
        lines.append(paragraph(_rules_sentence(found, found.recorded_by), "  "))
    if found.signature.state is not SignatureState.WRONG:
        lines.append(paragraph(_signature_sentence(found), "  "))
    lines += [paragraph(note, "  ") for note in found.notes]
    return "\n".join(lines)


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
    text = "nothing" if value is None else str(value)
    return words.abbreviated(text, 60)


def history_page(workspace: Workspace, vendor: str, points: Sequence[HistoryPoint]) -> str:
    """One vendor over time: figures at each point, and what moved them; reviews first, then commits."""
    lines = [_names(workspace).get(vendor, vendor)]
    for head, kinds in (("review", {"edition", "now"}), ("commit", {"commit"})):
        chosen = [point for point in points if point.kind in kinds]
        if chosen:
            told = [sentence for point in chosen if (sentence := _moved(point))]
            lines += ["", _history_table(head, chosen), *([""] if told else []), *told]
    return "\n".join(lines)


def _history_table(head: str, points: Sequence[HistoryPoint]) -> str:
    """The figures at each point; a rank only where the others were scored too."""
    ranked = any(point.rank for point in points)
    rows = []
    for point in points:
        figures = [""] * 4
        if point.points:
            shown = (point.points.score, point.points.low, point.points.high)
            figures = [*map(words.points, shown), words.share(point.coverage)]
        rank = [f"{point.rank or ''}"] if ranked else []
        day = words.day(point.as_of) if point.as_of else ""
        rows.append((words.abbreviated(point.label, 22), day, *figures, *rank))
    heads = (head, "as of", "score", "low", "high", "answered", *(["rank"] if ranked else []))
    return table(rows, heads, "llrrrr" + "r" * ranked)


def _moved(point: HistoryPoint) -> str:
    parts = [point.note] if point.note else []
    scores, lows = change_words.scores_of(point.causes), change_words.lows_of(point.causes)
    if scores:
        parts.append(f"score: {change_words.cause_list(scores)}")
    if lows and lows != scores:
        parts.append(f"low: {change_words.cause_list(lows)}")
    return paragraph(f"{point.label}: {'; '.join(parts)}") if parts else ""


UPGRADE_WORDS = {
    UpgradeWhat.ADDED: "new, with weight 0 until somebody weighs it",
    UpgradeWhat.REPLACED: "taken over; answers stand",
    UpgradeWhat.REWORDED: "taken over; asks something else, answers are due",
    UpgradeWhat.MOVED: "moved to another family",
    UpgradeWhat.OWN: "own, kept",
    UpgradeWhat.KEPT: "changed by the organisation, kept; the shipped one differs",
    UpgradeWhat.RETIRED: "no longer shipped, kept; take it out of scope or delete it",
    UpgradeWhat.HEAD: "taken over",
}


def upgrade_page(upgrade: Upgrade) -> str:
    """Every difference between the workspace's catalogue and the shipped one, and what was done about it."""
    if not upgrade.items:
        return paragraph(f"The catalogue is that of version {upgrade.new}; nothing to do.")
    lines = [f"Catalogue {upgrade.old} to {upgrade.new}"]
    for what in UpgradeWhat:
        items = [item for item in upgrade.items if item.what is what]
        if items:
            lines += ["", f"{UPGRADE_WORDS[what]} ({len(items)})"]
            lines += [
                paragraph(f"{item.id}: {'; '.join(item.details)}" if item.details else item.id, "  ") for item in items
            ]
    word = "Changed" if upgrade.done else "Would change"
    return "\n".join([*lines, "", paragraph(f"{word}: {', '.join(upgrade.files) or 'no file'}")])


def _names(workspace: Workspace) -> dict[str, str]:
    return {key: vendor.profile.name for key, vendor in workspace.vendors.items()}
