"""What is not known, what it could change, and what to ask next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from zlib import crc32

import numpy as np

from evaluator.model.evaluated import Evaluated, Fit, GateOutcome, OptionScore, Scores
from evaluator.model.sensitivity import (
    AnswerUncertainty,
    GateEffect,
    OpenQuestion,
    OpenQuestions,
    OpenReason,
    OptionQuestions,
    Tools,
    open_question_order,
)
from evaluator.sensitivity.answer_uncertainty import DEFAULT, checked
from evaluator.sensitivity.arrays import Array, Arrays, arrays
from evaluator.sensitivity.open_answers import OpenAnswer, Outcomes, open_answers, open_failures
from evaluator.sensitivity.stack_choice import NOTHING, Rows, recommended
from evaluator.stack.allowed_stacks import AllowedStacks
from evaluator.stack.option_sets import BLOCK

SAMPLES = 1000
SEED = 20261124
"""Of the draws in which all open answers of one vendor come in together."""
EVERY = 20_000
"""Up to this many partners of an option in a stack, all are tried; above, only the best ones."""


def value_of_information(
    result: Evaluated, samples: int = SAMPLES, seed: int = SEED, *, laws: AnswerUncertainty = DEFAULT
) -> OpenQuestions:
    """Every open answer that can matter, with what it could change and what knowing it is worth.

    The gain of a question is the regret it would spare: over all ways in which the answer may turn out, everything else as it
    stands, the mean of what the best stack of the recommended size would then be worth more than the recommended one.
    It is exact. The gain of asking a vendor everything is the same over ``samples`` seeded draws of all its open answers together,
    because one answer alone often settles nothing. An answer that came in counts as firm and decides its gates.
    """
    workspace, scores, fitted = result.workspace, result.scores, result.fits
    table = arrays(workspace, scores, fitted)
    market = _Market(table, scores, recommended(table, table.weights))
    by_option = {
        option.id: [fitted[case][row] for case in table.use_cases] for row, option in enumerate(scores.options)
    }
    cases = [workspace.demand.by_id[case] for case in table.use_cases]
    found = []
    for option in scores.options:
        own = by_option[option.id]
        asked = open_answers(workspace, option, own, checked(laws))
        outcomes = Outcomes(workspace, option, scores.weights, cases, own, table.importance)
        questions = [_question(market, option, outcomes, item, own) for item in asked]
        chance = np.random.default_rng([seed, crc32(option.id.encode())])
        found.append(_together(market, option.id, outcomes, asked, questions, chance, samples))
    found.sort(key=lambda item: (-round(item.gain, 9), -round(item.gain_first, 9), item.option))
    return OpenQuestions(
        as_of=result.as_of,
        samples=samples,
        seed=seed,
        stack=tuple(table.options[row] for row in market.stack) or None,
        first=tuple(option.id for option in scores.options if option.rank == 1),
        options=tuple(found),
    )


@dataclass(frozen=True, slots=True)
class _Effect:
    """What the outcomes of one option do to the choice: regret of today's choice by outcome, and who would be chosen."""

    regret: Array
    chosen: list[Rows]


class _Market:
    """All options as they stand, to hold outcomes of one of them against."""

    def __init__(self, table: Arrays, scores: Scores, stack: Rows) -> None:
        self.table = table
        self.stack = stack
        self.size = len(stack) or next(iter(table.sizes), 1)
        self.worth = table.worth(table.weights)
        self.order = [table.options.index(option.id) for option in scores.options]
        self.scores = np.array([scores.option(option).score / 100 for option in table.options])

    def stacks(self, option: str, rows: Array) -> _Effect:
        """The effect on the stack of outcomes ``rows`` (outcomes x use cases) of ``option``."""
        own = self.table.options.index(option)
        if not self.table.sizes:
            return _Effect(np.zeros(len(rows)), [()] * len(rows))
        without, without_rows = self._without(own)
        best, members = self._with(rows, own)
        kept = [row for row in self.stack if row != own]
        covered = self.worth[kept].max(axis=0) if kept else np.zeros(len(self.table.use_cases))
        today = np.maximum(rows, covered).sum(axis=1) if own in self.stack else np.full(len(rows), covered.sum())
        regret = np.maximum(np.maximum(best, without) - today, 0.0)
        chosen = [
            self.stack if short <= NOTHING else members[number] if best[number] > without else without_rows
            for number, short in enumerate(regret)
        ]
        return _Effect(regret, chosen)

    def _without(self, own: int) -> tuple[float, Rows]:
        """The best stack that the option is not in: no outcome changes it."""
        if own in self.table.allowed.required:
            return -np.inf, ()
        found = self.table.allowed.without(own).best(self.worth, self.size, band=0.0, keep=1).sets
        return found[0] if found else (-np.inf, ())

    def _with(self, rows: Array, own: int) -> tuple[Array, list[Rows]]:
        """The best stack that the option is in, for every outcome."""
        able = self.table.allowed.with_(own)
        count = able.count(len(self.worth), self.size)
        if own in able.excluded:
            return np.full(len(rows), -np.inf), [()] * len(rows)
        if count > EVERY and able.accept is not None:
            return self._searched(rows, own, able)
        sets = (able if count <= EVERY else self._needed(able)).sets(len(self.worth), self.size)
        if not len(sets):
            return np.full(len(rows), -np.inf), [()] * len(rows)
        partners = sets[sets != own].reshape(len(sets), self.size - 1)
        covered = self.worth[partners].max(axis=1) if partners.shape[1] else np.zeros((1, rows.shape[1]))
        best, place = np.empty(len(rows)), np.empty(len(rows), dtype=np.intp)
        step = max(1, BLOCK // max(1, covered.size))
        for first in range(0, len(rows), step):
            values = np.maximum(rows[first : first + step, None], covered).sum(axis=2)
            place[first : first + step] = values.argmax(axis=1)
            best[first : first + step] = values.max(axis=1)
        return best, [tuple(map(int, sets[row])) for row in place]

    def _searched(self, rows: Array, own: int, able: AllowedStacks) -> tuple[Array, list[Rows]]:
        """The same by one search per outcome: where money counts, no option stands in for another."""
        table = self.worth.copy()
        found = []
        for row in rows:
            table[own] = row
            found.append(next(iter(able.best(table, self.size, band=0.0, keep=1).sets), (-np.inf, ())))
        return np.array([value for value, _ in found]), [members for _, members in found]

    def _needed(self, able: AllowedStacks) -> AllowedStacks:
        """The same without the options that some other matches in every use case, where enough others are left."""
        others = [row for row in range(len(self.worth)) if row not in able.required and row not in able.excluded]
        rows = self.worth[others]
        matched = [
            any(
                (rows[two] >= rows[one]).all() and ((rows[two] > rows[one]).any() or two < one)
                for two in range(len(rows))
                if two != one
            )
            for one in range(len(rows))
        ]
        spare = tuple(other for other, is_matched in zip(others, matched, strict=True) if is_matched)
        if len(others) - len(spare) < self.size - len(able.required):
            return able
        return replace(able, excluded=tuple(sorted((*able.excluded, *spare))))

    def first(self, option: str, scores: Array) -> _Effect:
        """The effect on the first place of outcomes ``scores`` of ``option``."""
        own = self.table.options.index(option)
        leader = self.order[0]
        rivals = [row for row in self.order if row != own]
        following = self.scores[rivals[0]] if rivals else -np.inf
        today = scores if own == leader else np.full(len(scores), self.scores[leader])
        regret = np.maximum(np.maximum(scores, following) - today, 0.0)
        chosen: list[Rows] = [
            (leader,) if short <= NOTHING else (own,) if scores[number] > following else (rivals[0],)
            for number, short in enumerate(regret)
        ]
        return _Effect(regret, chosen)


def _question(
    market: _Market, option: OptionScore, outcomes: Outcomes, item: OpenAnswer, own: Sequence[Fit]
) -> OpenQuestion:
    codes = np.array(item.codes, dtype=np.intp)
    chances = np.array(item.chances)
    turned = {item.key: codes}
    scores = outcomes.scores(turned, len(codes))
    stacks = market.stacks(option.id, outcomes.worth(turned, len(codes)))
    firsts = market.first(option.id, scores)
    name = market.table.options
    return OpenQuestion(
        option=option.id,
        subject=item.subject,
        doubt=item.doubt,
        level=item.level,
        missing=item.missing,
        score=(float(100 * scores.min()), float(100 * scores.max())),
        gates=() if item.doubt is OpenReason.CAPABILITY else _gates(option, item.subject),
        use_cases=tuple(
            fit.use_case
            for fit in own
            if (
                item.subject in fit.unknown_capabilities
                if item.doubt is OpenReason.CAPABILITY
                else any(check.criterion == item.subject for check in (*fit.unsupported, *open_failures(fit)))
            )
        ),
        firsts=tuple(name[row] for row in dict.fromkeys(rows[0] for rows in firsts.chosen) if row != market.order[0]),
        stacks=tuple(_named(name, rows) for rows in dict.fromkeys(stacks.chosen) if rows != market.stack),
        gain=float(100 * (chances @ stacks.regret)),
        gain_first=float(100 * (chances @ firsts.regret)),
    )


def _named(names: Sequence[str], rows: Rows) -> Tools:
    return tuple(names[row] for row in rows)


def _gates(option: OptionScore, criterion: str) -> tuple[GateEffect, ...]:
    """The class gates that an open answer leaves unmet."""
    found = []
    for data_class, gates in option.gates.items():
        unmet = [check for check in gates.checks if check.outcome is not GateOutcome.MET]
        found += [
            GateEffect(data_class, check.required, clears=len(unmet) == 1)
            for check in unmet
            if check.criterion == criterion
        ]
    return tuple(found)


def _together(
    market: _Market,
    option: str,
    outcomes: Outcomes,
    asked: Sequence[OpenAnswer],
    questions: Sequence[OpenQuestion],
    chance: np.random.Generator,
    samples: int,
) -> OptionQuestions:
    """All open answers of one option at once, drawn ``samples`` times."""
    turned = {
        item.key: np.array(item.codes, dtype=np.intp)[
            np.minimum(
                np.searchsorted(np.cumsum(item.chances), chance.random(samples), side="right"), len(item.codes) - 1
            )
        ]
        for item in asked
    }
    count = samples if turned else 1
    regret = market.stacks(option, outcomes.worth(turned, count)).regret
    first = market.first(option, outcomes.scores(turned, count)).regret
    return OptionQuestions(
        option=option,
        questions=tuple(sorted(questions, key=open_question_order)),
        gain=float(100 * regret.mean()),
        gain_error=float(100 * regret.std() / sqrt(count)),
        gain_first=float(100 * first.mean()),
    )
