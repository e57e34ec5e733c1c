"""What a review has to look at again, and why: answer by answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from evaluator.change.review_differences import serving
from evaluator.model.base import add_months
from evaluator.model.demand import ReviewTier
from evaluator.model.evaluated import Cell, Evaluated, OptionScore
from evaluator.model.evidence_status import EvidenceStatus, carriers, fresh_until
from evaluator.model.review import (
    CATALOGUE_TRIGGER,
    Due,
    DueAnswer,
    DueKind,
    DueReason,
    LightCheckDue,
    Past,
    ReviewLog,
    TriggerEvent,
)
from evaluator.model.scorecard import AGREED, Answer, Scorecard
from evaluator.model.wording import meaning_changed
from evaluator.model.workspace import Option, Vendor


def due(result: Evaluated, past: Past | None, log: ReviewLog, soon_months: int) -> Due:
    """Everything that is due at the date of ``result``.

    Args:
        result: the evaluation at the date of the review.
        past: the previous closed review; None for the first.
        log: what happened since.
        soon_months: evidence that goes stale within so many months is due too.
    """
    book = _Book(result, past, log, soon_months)
    answers = tuple(item for option in result.scores.options for item in book.answers(option))
    carried = tuple(
        (option.id, card.assessor, criterion)
        for option in result.scores.options
        for card, criterion, answer in book.current_answers(option)
        if book.is_carried(card, criterion, answer)
    )
    tiers = {tool: tier.tier for tool, tier in book.tiers.items()}
    return Due(answers, carried, tuple(book.light_checks()), tiers)


def relevant(option: Option, criterion: str) -> list[tuple[Scorecard, Answer]]:
    """The answers that stand on a criterion: the moderated one, or those of all assessors."""
    found = [(card, card.answers[criterion]) for card in option.scorecards if criterion in card.answers]
    agreed = [pair for pair in found if pair[0].assessor == AGREED]
    return agreed or found


@dataclass(frozen=True)
class _Book:
    result: Evaluated
    past: Past | None
    log: ReviewLog
    soon_months: int

    def answers(self, option: OptionScore) -> Iterator[DueAnswer]:
        """The answers on one option that are due."""
        cells = {cell.criterion: cell for cell in option.cells}
        for card, criterion, answer in self.current_answers(option):
            carried = self.is_carried(card, criterion, answer)
            reasons = tuple(self._reasons(option.id, card, cells[criterion], answer, carried=carried))
            if reasons:
                level = answer.level if isinstance(answer.level, int) else None
                yield DueAnswer(option.id, card.assessor, criterion, level, reasons, carried)
        sold = self.result.workspace.option(option.id)
        for criterion in self.result.scores.weights:
            if self.past and criterion not in self._counted_before and not relevant(sold, criterion):
                for assessor in option.scorecards:
                    if assessor != AGREED:
                        yield DueAnswer(option.id, assessor, criterion, None, (DueReason(DueKind.NEW),), carried=False)

    def current_answers(self, option: OptionScore) -> Iterator[tuple[Scorecard, str, Answer]]:
        """Every answer that stands on a criterion in scope."""
        sold = self.result.workspace.option(option.id)
        for criterion in self.result.scores.weights:
            for card, answer in relevant(sold, criterion):
                yield card, criterion, answer

    def is_carried(self, card: Scorecard, criterion: str, answer: Answer) -> bool:
        """Whether the answer is that of the previous review, without a date of its own after it."""
        before = self._before(card)
        if self.past is None or before is None or criterion not in before.answers:
            return False
        if answer.date is not None and answer.date > self.past.as_of:
            return False
        return _substance(before.answers[criterion]) == _substance(answer)

    def _vendor_before(self, card: Scorecard) -> Vendor | None:
        return self.past.workspace.vendors.get(card.vendor) if self.past else None

    def _before(self, card: Scorecard) -> Scorecard | None:
        known = self._vendor_before(card)
        return known.card_of(card.assessor, card.edition) if known else None

    def _day(self, card: Scorecard, answer: Answer, *, carried: bool) -> date:
        """The day on which the answer was given or confirmed; a new date on the whole scorecard does not renew a carried one."""
        if answer.date is not None:
            return answer.date
        before = self._before(card) if carried else None
        return min(card.assessed, before.assessed) if before else card.assessed

    def _reasons(
        self, option: str, card: Scorecard, cell: Cell, answer: Answer, *, carried: bool
    ) -> Iterator[DueReason]:
        as_of = self.result.as_of
        day = self._day(card, answer, carried=carried)
        if card.assessor in cell.by:
            yield from self._evidence(cell)
        if carried and self.past and self.past.before and day <= self.past.before:
            yield DueReason(DueKind.NEVER_CONFIRMED, day, self.past.name)
        tier = self.tiers.get(option)
        if tier and add_months(day, tier.full_months) <= as_of:
            yield DueReason(DueKind.CADENCE, add_months(day, tier.full_months), str(tier.tier))
        events = [
            event
            for event in self._events.get(cell.criterion, ())
            if event.vendor in {None, card.vendor} and day < event.date
        ]
        for event in events:
            if event.trigger != CATALOGUE_TRIGGER:
                yield DueReason(DueKind.TRIGGER, event.date, event.trigger)
        upgraded = any(event.trigger == CATALOGUE_TRIGGER for event in events)
        if upgraded or (carried and cell.criterion in self._reworded):
            yield DueReason(DueKind.REWORDED)
        before = self._vendor_before(card) if carried else None
        if before and card.edition not in before.profile.evaluated:
            yield DueReason(DueKind.EDITION, None, card.edition)

    def _evidence(self, cell: Cell) -> Iterator[DueReason]:
        """Stale now, or soon."""
        criterion = self.result.workspace.catalogue.criteria[cell.criterion]
        catalogue = self.result.workspace.catalogue
        if cell.answer is None or cell.evidence_status not in {EvidenceStatus.SUPPORTED, EvidenceStatus.STALE}:
            return
        until = max(fresh_until(item, criterion) for item in carriers(cell.answer, criterion, catalogue))
        if cell.evidence_status is EvidenceStatus.STALE:
            yield DueReason(DueKind.STALE, until)
        elif until < add_months(self.result.as_of, self.soon_months):
            yield DueReason(DueKind.SOON, until)

    @cached_property
    def _events(self) -> dict[str, list[TriggerEvent]]:
        """The triggers up to the date of the review, by the criteria they reopen."""
        known = {trigger.id: trigger.reopens for trigger in self.result.workspace.catalogue.head.triggers}
        found: dict[str, list[TriggerEvent]] = {}
        for event in self.log.triggers:
            if event.date <= self.result.as_of:
                for criterion in event.reopens if event.reopens is not None else known.get(event.trigger, ()):
                    found.setdefault(criterion, []).append(event)
        return found

    @cached_property
    def _reworded(self) -> frozenset[str]:
        if self.past is None:
            return frozenset()
        before = self.past.workspace.catalogue.criteria
        return frozenset(
            key
            for key, criterion in self.result.workspace.catalogue.criteria.items()
            if key in before and meaning_changed(before[key], criterion)
        )

    @cached_property
    def _counted_before(self) -> frozenset[str]:
        if self.past is None:
            return frozenset()
        workspace = self.past.workspace
        return frozenset(workspace.catalogue.criteria) - frozenset(workspace.evaluation.out_of_scope)

    @cached_property
    def tiers(self) -> dict[str, ReviewTier]:
        """The review tier of every approved tool that serves a use case."""
        approved = self.past.approved if self.past else ()
        cases = self.result.workspace.demand.by_id
        found = {}
        for tool, served in serving(self.result, approved).items():
            tier = next(
                (
                    tier
                    for tier in sorted(self.result.workspace.guardrails.review_tiers, key=lambda tier: tier.tier)
                    for case in served
                    if cases[case].data_class in tier.data_classes or cases[case].criticality in tier.criticality
                ),
                None,
            )
            if tier:
                found[tool] = tier
        return found

    def light_checks(self) -> Iterator[LightCheckDue]:
        """The approved tools that nobody looked at for longer than their tier allows."""
        for tool, tier in self.tiers.items():
            vendor = self.result.workspace.option(tool).vendor
            looks = [
                check.date for check in self.log.checks if check.vendor == vendor and check.date <= self.result.as_of
            ]
            last = max([*looks, *([self.past.as_of] if self.past else [])], default=None)
            if last is None or add_months(last, tier.light_months) <= self.result.as_of:
                yield LightCheckDue(tool, tier.tier, tier.light_months, last)


def _substance(answer: Answer) -> Sequence[object]:
    """What makes an answer the answer it is: not its wording, not its date, and not what the vendor says of itself."""
    looked_at = [item for item in answer.evidence if not item.from_questionnaire]
    return answer.level, looked_at, answer.missing, answer.capped_from, answer.confidence
