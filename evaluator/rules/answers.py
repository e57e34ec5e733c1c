"""Answers that do not fit their criterion, or that nothing carries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evaluator.model.catalogue import Criterion
from evaluator.model.evidence_status import EvidenceStatus, evidence_status
from evaluator.model.file_names import EVALUATION, USE_CASES, profile_file
from evaluator.model.fixed_addresses import fixed_address
from evaluator.model.scorecard import AGREED
from evaluator.rules.base import Finding, RuleContext, counted, listed


def levels_off_scale(context: RuleContext) -> Iterator[Finding]:
    """A level that the criterion's scale does not have, in an answer or in a use case's gate."""
    criteria = context.workspace.catalogue.criteria
    for file, card, _ in context.scorecards():
        for key, answer in card.answers.items():
            criterion = criteria.get(key)
            if criterion is None:
                continue
            for part, level in (("level", answer.level), ("capped_from", answer.capped_from)):
                if isinstance(level, int) and level not in criterion.levels:
                    yield _off_scale(file, ("answers", key, part), level, criterion)
    for number, use_case in enumerate(context.workspace.demand.use_cases):
        for key, level in use_case.gates.items():
            if key in criteria and level not in criteria[key].levels:
                yield _off_scale(USE_CASES, ("use_cases", number, "gates", key), level, criteria[key])


def _off_scale(file: str, path: tuple[str | int, ...], level: int, criterion: Criterion) -> Finding:
    scale = f"{criterion.min_level} to {criterion.max_level}"
    hint = "write unknown if it is not known" if path[-1] == "level" else ""
    return Finding(file, path, f"level {level} is not on the scale of {criterion.id}; expected {scale}", hint)


def missing_answers(context: RuleContext) -> Iterator[Finding]:
    """A scorecard that leaves out criteria in scope; they count as unknown."""
    counting = context.criteria_in_scope()
    silent = frozenset(_unanswered_own_figures(context))
    for file, card, _ in context.option_scorecards():
        if card.assessor == AGREED:
            continue  # holds only what the assessors met about
        left_out = [key for key in counting if key not in card.answers and key not in silent]
        if left_out:
            verb = "has" if len(left_out) == 1 else "have"
            yield Finding(
                file,
                ("answers",),
                f"{counted(len(left_out), 'criterion', 'criteria')} in scope {verb} no answer: {listed(left_out)}",
                "left out counts as unknown; write level: unknown to say so",
            )


def without_evidence(context: RuleContext) -> Iterator[Finding]:
    """A level without any evidence; it counts as unsupported."""
    for file, key, answer, _ in context.known_answers():
        if not answer.evidence:
            yield Finding(
                file,
                ("answers", key),
                f"the level of {key} names no evidence",
                "it counts as unknown in the low score; add the source, its date and its grade",
            )


def above_cap(context: RuleContext) -> Iterator[Finding]:
    """A level higher than the grades of its evidence can carry."""
    catalogue = context.workspace.catalogue
    for file, key, answer, criterion in context.known_answers():
        if answer.level not in criterion.levels or any(item.grade not in catalogue.grades for item in answer.evidence):
            continue  # an error already
        if evidence_status(answer, criterion, catalogue, context.as_of) is EvidenceStatus.OVER_CAP:
            highest = max(catalogue.cap(item.grade, criterion) for item in answer.evidence)
            grades = ", ".join(sorted({item.grade for item in answer.evidence}))
            yield Finding(
                file,
                ("answers", key, "level"),
                f"level {answer.level} is more than evidence of grade {grades} can carry, which is {highest}",
                "it counts as unknown in the low score; find better evidence or lower the level",
            )


def cap_without_effect(context: RuleContext) -> Iterator[Finding]:
    """An answer that says it was held down by its evidence, and does not lie below the level it was held down from."""
    for file, key, answer, _ in context.known_answers():
        if answer.capped_from is not None and isinstance(answer.level, int) and answer.capped_from <= answer.level:
            yield Finding(
                file,
                ("answers", key, "capped_from"),
                f"{key} is capped from level {answer.capped_from}, which is not above its level {answer.level}",
                "remove capped_from, or lower the level to what the evidence carries",
            )


def missing_at_the_top(context: RuleContext) -> Iterator[Finding]:
    """An answer at the highest level that lists what the next level still needs."""
    for file, key, answer, criterion in context.known_answers():
        if answer.missing and answer.level == criterion.max_level:
            yield Finding(
                file,
                ("answers", key, "missing"),
                f"{key} is at level {answer.level}, the highest, and still lists what is missing",
                "lower the level, or move what is missing into the rationale",
            )


def stale_evidence(context: RuleContext) -> Iterator[Finding]:
    """A scorecard with answers whose evidence is older than the criterion's limit."""
    catalogue = context.workspace.catalogue
    stale: dict[str, list[str]] = {}
    for file, key, answer, criterion in context.known_answers():
        if evidence_status(answer, criterion, catalogue, context.as_of) is EvidenceStatus.STALE:
            stale.setdefault(file, []).append(key)
    for file, keys in stale.items():
        verb = "rests" if len(keys) == 1 else "rest"
        yield Finding(
            file,
            ("answers",),
            f"{counted(len(keys), 'answer', 'answers')} {verb} on evidence older than the criterion's limit: {listed(keys)}",
            "stale counts as unknown in the low score; look at the sources again",
        )


def kinds_assumed(context: RuleContext) -> Iterator[Finding]:
    """A scorecard with items of evidence whose kind is not stated, so that it is assumed."""
    for file, card, _ in context.option_scorecards():
        kinds = Counter(
            item.effective_kind
            for answer in card.answers.values()
            for item in answer.evidence
            if item.kind is None and not fixed_address(item.source)
        )
        if kinds:
            assumed = ", ".join(f"{number} as {kind}" for kind, number in sorted(kinds.items()))
            verb = "states" if kinds.total() == 1 else "state"
            yield Finding(
                file,
                ("answers",),
                f"{counted(kinds.total(), 'item', 'items')} of evidence {verb} no kind; assumed: {assumed}",
                "write kind: page, document, statement, trial or certificate",
            )


def pages_at_fixed_addresses(context: RuleContext) -> Iterator[Finding]:
    """Evidence said to be anything but a document whose address names one version, so that it ages as a document."""
    for file, card, _ in context.option_scorecards():
        for key, answer in card.answers.items():
            for place, item in enumerate(answer.evidence):
                if item.kind not in {None, "document"} and fixed_address(item.source):
                    yield Finding(
                        file,
                        ("answers", key, "evidence", place, "kind"),
                        f"the address names a commit, a version or an archived copy, so it is a document, not a {item.kind}",
                        "write kind: document and the date it stands for",
                    )


def documents_without_date(context: RuleContext) -> Iterator[Finding]:
    """A scorecard with documents, statements or trials of no stated day; they age from their capture."""
    for file, card, _ in context.option_scorecards():
        undated = [
            key
            for key, answer in card.answers.items()
            for item in answer.evidence
            if item.kind is not None and item.date is None and item.effective_kind not in {"page", "certificate"}
        ]
        if undated:
            verb = "has" if len(undated) == 1 else "have"
            yield Finding(
                file,
                ("answers",),
                f"{counted(len(undated), 'document', 'documents')} {verb} no date: {listed(dict.fromkeys(undated))}",
                "each ages from its capture; write the date it stands for, or kind: page",
            )


def _unanswered_own_figures(context: RuleContext) -> list[str]:
    """Criteria in scope that need the organisation's own figures and that nobody has answered."""
    answered = {
        key for _, card, _ in context.option_scorecards() for key, answer in card.answers.items() if answer.known
    }
    return [
        key for key, criterion in context.criteria_in_scope().items() if criterion.own_figures and key not in answered
    ]


def own_figures_unanswered(context: RuleContext) -> Iterator[Finding]:
    """A criterion that needs the organisation's own figures, is in scope, and has no answer at all."""
    if not any(context.option_scorecards()):
        return
    for key in _unanswered_own_figures(context):
        file, place = context.layout.criteria[key]
        yield Finding(
            file,
            ("criteria", place, "own_figures"),
            f"{key} needs the organisation's own figures and nobody has answered it",
            f"answer it, or take it out for all options alike: {EVALUATION}, out_of_scope",
        )


def own_figures_left_out(context: RuleContext) -> Iterator[Finding]:
    """A criterion that needs own figures, is out of scope, and has been answered all the same."""
    criteria = context.workspace.catalogue.criteria
    out = context.workspace.evaluation.out_of_scope
    left_out = {key: list[str]() for key in out if key in criteria and criteria[key].own_figures}
    for file, card, _ in context.option_scorecards():
        for key, answer in card.answers.items():
            if answer.known and key in left_out:
                left_out[key].append(file)
    for key, files in left_out.items():
        if files:
            yield Finding(
                EVALUATION,
                ("out_of_scope", key),
                f"{key} is out of scope although it was answered in {listed(files)}",
                "take it back into scope if the figures are there now",
            )


def other_editions(context: RuleContext) -> Iterator[Finding]:
    """A scorecard on another edition than the one that is evaluated; it is never combined with the others."""
    for file, card, profile in context.option_scorecards():
        if card.edition != profile.edition and card.edition in {edition.id for edition in profile.editions}:
            yield Finding(
                file,
                ("edition",),
                f"the scorecard is on {card.edition}, the evaluated edition is {profile.edition}: it is not combined",
                f"the evaluated edition is named in {profile_file(profile.id)}",
            )
