"""How often the answer holds when weights, answers and the conditional credit vary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt

import numpy as np

from evaluator.errors import EvaluatorError
from evaluator.model.evaluated import Evaluated
from evaluator.model.sensitivity import (
    AnswerUncertainty,
    OptionAcceptability,
    Robustness,
    Scenario,
    SizeShares,
    StackAcceptability,
    StackShare,
    StakeholderView,
    Tools,
    WeightDistribution,
)
from evaluator.scoring.tolerances import SINGLE_PRECISION
from evaluator.scoring.weights import normalise
from evaluator.sensitivity.arrays import Array, Arrays, arrays, first_places, recommended
from evaluator.sensitivity.rank_acceptability import RankCounts, SampledParts, StackCounts, standard_error
from evaluator.sensitivity.sampling import (
    AnswerSamples,
    AnyWeights,
    AroundWeights,
    OrderedWeights,
    answer_samples,
    concentration,
    product,
)
from evaluator.stack.exact_search import Rows

SAMPLES = 10_000
"""Samples unless another number is asked for: a share is then known to half a point in a hundred (one standard error)."""
MOST_SAMPLES = 10_000_000
SEED = 20261124
HALF_WIDTH = 0.5
LISTED = 10
"""Stacks listed per size."""
SIZES = (1, 2, 3)
"""Sizes of stacks that are searched beside the recommended one."""
BLOCK = 1 << 19
"""Numbers per array of one block of samples: memory does not grow with the number of samples."""

Progress = Callable[[int, int], None]
SampledWeights = AroundWeights | OrderedWeights | AnyWeights


def robustness(
    result: Evaluated,
    samples: int = SAMPLES,
    seed: int = SEED,
    *,
    half_width: float = HALF_WIDTH,
    stakeholders: Mapping[str, Mapping[str, float]] | None = None,
    uncertainty: AnswerUncertainty | None = None,
    credit: tuple[float, float] = (0.0, 1.0),
    progress: Progress | None = None,
) -> Robustness:
    """Sample weights, answers and the conditional credit ``samples`` times, and count.

    Three distributions of weights share the samples of everything else: around the stated weights, any weights of the same
    order, any weights. Levels are sampled as ``uncertainty`` says. Whether a gate is met is not sampled: a fit that depends on
    what is unsupported counts a credit between the ends of ``credit``, one for all such fits of a sample.

    Args:
        result: what was computed from a workspace at a date.
        samples: their number.
        seed: of the random numbers; the same seed gives the same figures.
        half_width: how far an average weight lies from the stated one: two standard deviations, as a share of it.
        stakeholders: weights by person and criterion, summing to 1; each sample then varies the weights of one person.
        uncertainty: how far the true level may lie from the answered one, by confidence.
        credit: the ends between which the conditional credit lies.
        progress: called after each block with the number of samples done, and of how many.

    Raises:
        EvaluatorError: the number of samples is out of its range.
    """
    if not 1 <= samples <= MOST_SAMPLES:
        raise EvaluatorError(f"The number of simulations must lie between 1 and {MOST_SAMPLES:,}.")
    scores = result.scores
    uncertainty = uncertainty or AnswerUncertainty()
    views = {name: normalise(weights) for name, weights in (stakeholders or {}).items()}
    also = {key for view in views.values() for key, weight in view.items() if weight > 0}
    table = arrays(result, also)
    lines = {name: np.array([view.get(key, 0.0) for key in table.criteria]) for name, view in views.items()}
    spread = concentration(half_width, len(table.criteria))
    stack = recommended(table, table.weights)
    run = _Run(
        table,
        answer_samples(result, table, uncertainty),
        _weight_distributions(table, lines.values(), spread),
        stack,
        samples,
    )
    run.all(np.random.default_rng(seed), credit, progress)
    names = [option.id for option in scores.options]
    return Robustness(
        as_of=result.as_of,
        samples=samples,
        seed=seed,
        half_width=half_width,
        concentration=spread,
        laws=uncertainty,
        credit=credit,
        first=tuple(option.id for option in scores.options if option.rank == 1),
        stack=_tools(table, stack),
        equal_weights=first_places(table, (table.weights > 0) / (table.weights > 0).sum()),
        views=tuple(_view(table, name, line) for name, line in lines.items()),
        scenarios=tuple(run.scenario(kind, names) for kind in WeightDistribution) if names else (),
    )


def _weight_distributions(
    table: Arrays, views: Iterable[Array], spread: float
) -> dict[WeightDistribution, SampledWeights]:
    """The three distributions, in the order in which they are sampled; around stakeholders' weights where there are any."""
    return {
        WeightDistribution.AROUND: AroundWeights(np.array(list(views) or [table.weights]), spread),
        WeightDistribution.ORDER: OrderedWeights(table.weights),
        WeightDistribution.ANY: AnyWeights(table.weights),
    }


def _tools(table: Arrays, rows: Rows) -> Tools | None:
    return tuple(table.options[row] for row in rows) or None


def _view(table: Arrays, name: str, weights: Array) -> StakeholderView:
    return StakeholderView(
        name=name,
        first=first_places(table, weights),
        stack=_tools(table, recommended(table, weights)),
        distance=float(np.abs(weights - table.weights).sum()),
    )


class _Run:
    """All samples of one evaluation, and what is counted in them."""

    def __init__(
        self,
        table: Arrays,
        answers: AnswerSamples,
        distributions: Mapping[WeightDistribution, SampledWeights],
        stack: Rows,
        samples: int,
    ) -> None:
        self.table = table
        self.answers = answers
        self.distributions = distributions
        self.stack = stack
        self.samples = samples
        options, cases = len(table.options), len(table.use_cases)
        self.ranks = {kind: RankCounts(options, len(table.criteria)) for kind in distributions}
        sizes = sorted({size for size in (*SIZES, len(stack)) if size in table.sizes})
        self.stacks = {
            kind: [
                StackCounts(options, cases, size, samples, stack if size == len(stack) else (), table.allowed)
                for size in sizes
            ]
            for kind in distributions
        }
        # The plain score first, then one column per use case.
        self.columns = np.vstack([np.ones(len(table.criteria)), table.emphasis]).T.copy()
        self.factors = table.capability * table.importance

    def all(self, generator: np.random.Generator, credit: tuple[float, float], progress: Progress | None) -> None:
        """Take every sample, a block at a time."""
        per_sample = max(1, len(self.table.criteria), len(self.table.options) * (1 + len(self.table.use_cases)))
        step = max(64, min(4096, BLOCK // per_sample))
        for done in range(0, self.samples if self.table.options else 0, step):
            count = min(step, self.samples - done)
            weights = {kind: sampled.sample(generator, count) for kind, sampled in self.distributions.items()}
            self._block(generator, weights, generator.uniform(*credit, count))
            if progress:
                progress(done + count, self.samples)

    def _block(
        self, generator: np.random.Generator, weights: Mapping[WeightDistribution, Array], credits_: Array
    ) -> None:
        options, cases, count = len(self.table.options), len(self.table.use_cases), len(credits_)
        wanted = [kind for kind in weights if any(size.samples < size.limit for size in self.stacks[kind])]
        if not wanted and all(self.answers.is_certain(option) for option in range(options)):
            # The same answers in every sample: all scores in one product, options with equal answers from one column.
            distinct, which = np.unique(self.answers.certain, axis=0, return_inverse=True)
            for kind, lines in weights.items():
                self.ranks[kind].add(product(lines, distinct.T)[:, which.ravel()], lines)
            return
        scores = {kind: np.empty((count, options)) for kind in weights}
        parts: dict[WeightDistribution, SampledParts] = {
            kind: np.empty((options, cases, count), dtype=np.float32) for kind in wanted
        }
        shares = {kind: _inverse(product(weights[kind], self.table.emphasis.T)) for kind in wanted}
        for option in range(options):
            values = self.answers.sample(generator, option, count)
            counted = np.where(self.table.conditional[option][:, None], credits_, 1.0)
            counted *= self.factors[option][:, None]
            for kind, lines in weights.items():
                sums = product(lines * values, self.columns if kind in parts else self.columns[:, :1])
                scores[kind][:, option] = sums[:, 0]
                if kind in parts:
                    parts[kind][option] = (sums[:, 1:] * shares[kind]).T * counted
        for kind, lines in weights.items():
            self.ranks[kind].add(scores[kind], lines)
            for size in self.stacks[kind] if kind in parts else ():
                size.add(parts[kind])

    def scenario(self, kind: WeightDistribution, names: Sequence[str]) -> Scenario:
        """What was counted under one distribution of weights; options in the order of ``names``."""
        watched = next((counts for counts in self.stacks[kind] if counts.watched), None)
        members = watched.members() if watched else np.zeros(len(self.table.options))
        return Scenario(
            law=kind,
            options=tuple(self._option(self.ranks[kind], self.table.options.index(name), members) for name in names),
            sizes=tuple(map(self._size, self.stacks[kind])),
            stack=self._stack(watched) if watched else None,
        )

    def _option(self, counts: RankCounts, row: int, members: Array) -> OptionAcceptability:
        names = self.table.options
        ranks = counts.counts[row] / counts.samples
        first = float(ranks[0])
        central = counts.weights[row] / counts.counts[row, 0] if first > 0 else None
        return OptionAcceptability(
            option=names[row],
            ranks=tuple(map(float, ranks)),
            first_error=standard_error(first, counts.samples),
            central=None if central is None else dict(zip(self.table.criteria, map(float, central), strict=True)),
            above={
                other: float(counts.ahead[row, place] / counts.paired)
                for place, other in enumerate(names)
                if place != row
            },
            regret=float(100 * counts.regret[row] / counts.samples),
            in_stack=float(members[row]),
        )

    def _size(self, counts: StackCounts) -> SizeShares:
        found = counts.shares()
        return SizeShares(
            size=counts.size,
            draws=counts.samples,
            stacks=tuple(
                StackShare(tuple(self.table.options[row] for row in rows), share, error)
                for rows, share, error in found[:LISTED]
            ),
            others=max(0.0, sum(share for _, share, _ in found[LISTED:])),
            worthless=counts.nothing_served / counts.samples,
        )

    def _stack(self, counts: StackCounts) -> StackAcceptability:
        share, error = next(
            ((share, error) for rows, share, error in counts.shares() if rows == self.stack), (0.0, 0.0)
        )
        shortfall = np.concatenate(counts.shortfalls)
        return StackAcceptability(
            tools=tuple(self.table.options[row] for row in self.stack),
            draws=counts.samples,
            share=share,
            share_error=error,
            close=float((shortfall <= self.table.close + SINGLE_PRECISION).mean()),
            regret=float(100 * shortfall.mean()),
            regret_error=float(100 * shortfall.std() / sqrt(len(shortfall))),
        )


def _inverse(totals: Array) -> Array:
    """1 over the weight each use case leaves; nothing is earned where it leaves none."""
    result: Array = np.divide(1.0, totals, out=np.zeros_like(totals), where=totals > 0)
    return result
