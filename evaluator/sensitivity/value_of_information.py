"""What is not known, what it could change, and what to ask next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from zlib import crc32

import numpy as np

from evaluator.model.evaluated import Evaluated, Fit, OptionScore
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
from evaluator.scoring.tolerances import SHARE_TIE, descending
from evaluator.sensitivity.arrays import Array, Arrays, arrays, recommended
from evaluator.sensitivity.open_answers import OpenAnswer, Outcomes, open_answers, open_failures
from evaluator.stack.exact_search import EXHAUSTIVE, AllowedStacks, Rows, best_stacks
from evaluator.stack.stack_value import (
    BLOCK,
    matched_rows,
    set_states,
    state_value,
    values_with,
)

SAMPLES = 1000
SEED = 20261124
"""Of the samples in which all open answers of one vendor come in together."""


def value_of_information(
    result: Evaluated, samples: int = SAMPLES, seed: int = SEED, *, uncertainty: AnswerUncertainty | None = None
) -> OpenQuestions:
    """Every open answer that can matter, with what it could change and the value of knowing it.

    The gain of a question is the regret it would spare: over all ways in which the answer may turn out, everything else as it
    is, the mean of what the best stack of the recommended size would then gain over the recommended one. It is exact. The
    gain of asking a vendor everything is the same over ``samples`` seeded samples of all its open answers together, because
    one answer alone often settles nothing. An answer that came in counts as supported and decides its gates.
    """
    workspace, scores, fitted = result.workspace, result.scores, result.fits
    table = arrays(result)
    market = _Market(result, table)
    by_option = {
        option.id: [fitted[case][row] for case in table.use_cases] for row, option in enumerate(scores.options)
    }
    cases = [workspace.demand.by_id[case] for case in table.use_cases]
    found = []
    for option in scores.options:
        own = by_option[option.id]
        asked = open_answers(workspace.catalogue, option, own, uncertainty or AnswerUncertainty())
        outcomes = Outcomes(result, option, cases, own, table.importance)
        questions = [_question(market, option, outcomes, item, own) for item in asked]
        generator = np.random.default_rng([seed, crc32(option.id.encode())])
        found.append(_together(market, option.id, outcomes, asked, questions, generator, samples))
    found.sort(key=lambda item: (descending(item.gain), descending(item.gain_first), item.option))
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
    """All options as they are, to hold outcomes of one of them against."""

    def __init__(self, result: Evaluated, table: Arrays) -> None:
        scores = result.scores
        self.table = table
        self.stack = recommended(table, table.weights)
        self.size = len(self.stack) or next(iter(table.sizes), 1)
        self.parts = table.parts(table.weights)
        self.order = [table.options.index(option.id) for option in scores.options]
        self.scores = np.array([scores.option(option).score / 100 for option in table.options])

    def stacks(self, option: str, outcomes: Array) -> _Effect:
        """The effect on the stack of ``outcomes`` (outcomes x use cases) of ``option``."""
        own = self.table.options.index(option)
        if not self.table.sizes:
            return _Effect(np.zeros(len(outcomes)), [()] * len(outcomes))
        without, without_rows = self._without(own)
        best, members = self._with(outcomes, own)
        others = set_states(self.parts, np.array([[row for row in self.stack if row != own]], dtype=np.intp))
        today = (
            values_with(others, outcomes[..., None])[:, 0]
            if own in self.stack
            else np.repeat(state_value(others), len(outcomes))
        )
        regret = np.maximum(np.maximum(best, without) - today, 0.0)
        chosen = [
            self.stack if short <= SHARE_TIE else members[number] if best[number] > without else without_rows
            for number, short in enumerate(regret)
        ]
        return _Effect(regret, chosen)

    def _without(self, own: int) -> tuple[float, Rows]:
        """The best stack that the option is not in: no outcome changes it."""
        if own in self.table.allowed.required:
            return -np.inf, ()
        found = best_stacks(self.parts, self.size, band=0.0, keep=1, allowed=self.table.allowed.without(own)).sets
        return found[0] if found else (-np.inf, ())

    def _with(self, outcomes: Array, own: int) -> tuple[Array, list[Rows]]:
        """The best stack that the option is in, for every outcome."""
        able = self.table.allowed.with_(own)
        if own in able.excluded:
            return np.full(len(outcomes), -np.inf), [()] * len(outcomes)
        if able.count(len(self.parts), self.size) > EXHAUSTIVE:
            if able.accept is not None:
                return self._searched(outcomes, own, able)
            able = self._needed(able)
        sets = able.sets(len(self.parts), self.size)
        if not len(sets):
            return np.full(len(outcomes), -np.inf), [()] * len(outcomes)
        partners = set_states(self.parts, sets[sets != own].reshape(len(sets), self.size - 1))
        best, place = np.empty(len(outcomes)), np.empty(len(outcomes), dtype=np.intp)
        step = max(1, BLOCK // max(1, partners.size))
        for first in range(0, len(outcomes), step):
            values = values_with(partners, outcomes[first : first + step, :, None])
            place[first : first + step] = values.argmax(axis=1)
            best[first : first + step] = values.max(axis=1)
        return best, [tuple(map(int, sets[row])) for row in place]

    def _searched(self, outcomes: Array, own: int, able: AllowedStacks) -> tuple[Array, list[Rows]]:
        """The same by one search per outcome: where money counts, no option stands in for another."""
        parts = self.parts.copy()
        found = []
        for outcome in outcomes:
            parts[own] = outcome
            search = best_stacks(parts, self.size, band=0.0, keep=1, allowed=able)
            found.append(next(iter(search.sets), (-np.inf, ())))
        return np.array([value for value, _ in found]), [members for _, members in found]

    def _needed(self, able: AllowedStacks) -> AllowedStacks:
        """The same without the options that another one can replace, where enough others are left."""
        others = able.open_rows(len(self.parts))
        spare = others[matched_rows(self.parts[others])]
        if len(others) - len(spare) < self.size - len(able.required):
            return able
        return able.without(*map(int, spare))

    def first(self, option: str, scores: Array) -> _Effect:
        """The effect on the first place of outcomes ``scores`` of ``option``."""
        own = self.table.options.index(option)
        leader = self.order[0]
        rivals = [row for row in self.order if row != own]
        following = self.scores[rivals[0]] if rivals else -np.inf
        today = scores if own == leader else np.full(len(scores), self.scores[leader])
        regret = np.maximum(np.maximum(scores, following) - today, 0.0)
        chosen: list[Rows] = [
            (leader,) if short <= SHARE_TIE else (own,) if scores[number] > following else (rivals[0],)
            for number, short in enumerate(regret)
        ]
        return _Effect(regret, chosen)


def _question(
    market: _Market, option: OptionScore, outcomes: Outcomes, item: OpenAnswer, own: Sequence[Fit]
) -> OpenQuestion:
    codes = np.array(item.codes, dtype=np.intp)
    chances = np.array(item.chances)
    answers = {item.key: codes}
    scores = outcomes.scores(answers, len(codes))
    stacks = market.stacks(option.id, outcomes.parts(answers, len(codes)))
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
    """The gates of data classes and tags that an open answer leaves unmet."""
    groups = [
        *((data_class, "", gates) for data_class, gates in option.gates.items()),
        *(("", tag, gates) for tag, gates in option.tag_gates.items()),
    ]
    found = []
    for data_class, tag, gates in groups:
        unmet = [check for check in gates.checks if check.unmet]
        found += [
            GateEffect(data_class, check.required, clears=len(unmet) == 1, data_tag=tag)
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
    generator: np.random.Generator,
    samples: int,
) -> OptionQuestions:
    """All open answers of one option at once, sampled ``samples`` times."""
    answers = {
        item.key: np.array(item.codes, dtype=np.intp)[
            np.minimum(
                np.searchsorted(np.cumsum(item.chances), generator.random(samples), side="right"), len(item.codes) - 1
            )
        ]
        for item in asked
    }
    count = samples if answers else 1
    regret = market.stacks(option, outcomes.parts(answers, count)).regret
    first = market.first(option, outcomes.scores(answers, count)).regret
    return OptionQuestions(
        option=option,
        questions=tuple(sorted(questions, key=open_question_order)),
        gain=float(100 * regret.mean()),
        gain_error=float(100 * regret.std() / sqrt(count)),
        gain_first=float(100 * first.mean()),
    )
