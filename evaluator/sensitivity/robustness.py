"""How often the answer holds when weights, answers and the conditional credit vary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import sqrt

import numpy as np

from evaluator.errors import EvaluatorError
from evaluator.model.evaluated import Evaluated, Scores
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
from evaluator.sensitivity.answer_uncertainty import DEFAULT, checked
from evaluator.sensitivity.arrays import Array, Arrays, arrays
from evaluator.sensitivity.matrix_products import product
from evaluator.sensitivity.rank_acceptability import RankCounts
from evaluator.sensitivity.sampling import (
    AnswerDraws,
    AnyWeights,
    AroundWeights,
    OrderedWeights,
    answer_draws,
    concentration,
)
from evaluator.sensitivity.stack_acceptability import Earned, StackWins, standard_error
from evaluator.sensitivity.stack_choice import Rows, firsts, recommended

SAMPLES = 10_000
"""Draws unless told otherwise: a share is then known to half a point in a hundred (one standard error)."""
MOST_SAMPLES = 10_000_000
SEED = 20261124
HALF_WIDTH = 0.5
LISTED = 10
"""Stacks listed per size."""
SIZES = (1, 2, 3)
"""Sizes of stacks that are searched beside the recommended one."""
BLOCK = 1 << 19
"""Numbers per array of one block of draws: memory does not grow with the number of draws."""

NEGLIGIBLE = 1e-7
"""What single precision may add to a shortfall."""

Progress = Callable[[int, int], None]
Drawn = AroundWeights | OrderedWeights | AnyWeights


def robustness(
    result: Evaluated,
    samples: int = SAMPLES,
    seed: int = SEED,
    *,
    half_width: float = HALF_WIDTH,
    stakeholders: Mapping[str, Mapping[str, float]] | None = None,
    laws: AnswerUncertainty = DEFAULT,
    credit: tuple[float, float] = (0.0, 1.0),
    progress: Progress | None = None,
) -> Robustness:
    """Draw weights, answers and the conditional credit ``samples`` times, and count.

    Three laws of weights share the draws of everything else: around the stated weights, any weights of the same
    order, any weights. Levels are drawn by ``laws``. Whether a gate is met is not drawn: a fit that depends on what is not
    shown counts a credit between the ends of ``credit``, one for all such fits of a draw.

    Args:
        result: what was computed from a workspace at a date.
        samples: number of draws.
        seed: of the draws; the same seed gives the same figures.
        half_width: how far an average weight strays from the stated one: two standard deviations, as a share of it.
        stakeholders: weights by person and criterion, on any scale; each draw then takes one person's weights to stray from.
        laws: how far levels stray, by confidence.
        credit: the ends between which the conditional credit lies.
        progress: told after each block how many draws are done, and of how many.

    Raises:
        EvaluatorError: an argument is out of its range, or a stakeholder weighs what is not in scope.
    """
    _check(samples, half_width, credit)
    scores = result.scores
    views = _views(scores, stakeholders or {})
    also = {key for view in views.values() for key, weight in view.items() if weight > 0}
    table = arrays(result.workspace, scores, result.fits, also)
    spread = concentration(half_width, len(table.criteria))
    stack = recommended(table, table.weights)
    run = _Run(
        table,
        answer_draws(result.workspace, scores, table, checked(laws)),
        _weight_laws(table, views.values(), spread),
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
        laws=laws,
        credit=credit,
        first=tuple(option.id for option in scores.options if option.rank == 1),
        stack=_tools(table, stack),
        equal_weights=firsts(table, (table.weights > 0) / (table.weights > 0).sum()),
        views=tuple(
            _view(table, name, np.array([view[key] for key in table.criteria])) for name, view in views.items()
        ),
        scenarios=tuple(run.scenario(law, names) for law in WeightDistribution) if names else (),
    )


def _weight_laws(table: Arrays, views: Iterable[Mapping[str, float]], spread: float) -> dict[WeightDistribution, Drawn]:
    """The three laws, in the order in which they draw; around stakeholders' weights where there are any."""
    centres = [[view[key] for key in table.criteria] for view in views] or [list(table.weights)]
    return {
        WeightDistribution.AROUND: AroundWeights(np.array(centres), spread),
        WeightDistribution.ORDER: OrderedWeights(table.weights),
        WeightDistribution.ANY: AnyWeights(table.weights),
    }


def _check(samples: int, half_width: float, credit: tuple[float, float]) -> None:
    if not 1 <= samples <= MOST_SAMPLES:
        raise EvaluatorError(f"The number of draws must lie between 1 and {MOST_SAMPLES:,}.")
    if not 0 < half_width <= 2:  # noqa: PLR2004 - beyond twice its size a weight is no longer around anything
        raise EvaluatorError("The half-width of the weights must lie above 0 and be at most 2.")
    if not 0 <= credit[0] <= credit[1] <= 1:
        raise EvaluatorError("The conditional credit must lie between 0 and 1, its lower end first.")


def _views(scores: Scores, stakeholders: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Every stakeholder's weight of every criterion in scope, summing to 1."""
    views = {}
    for name, given in stakeholders.items():
        strange = sorted(set(given) - set(scores.weights))
        if strange:
            raise EvaluatorError(f"{name} weighs '{strange[0]}', which is not a criterion in scope.")
        total = sum(given.values())
        if total <= 0 or min(given.values()) < 0:
            raise EvaluatorError(f"The weights of {name} must not be negative, and one must be more than 0.")
        views[name] = {key: float(given.get(key, 0)) / total for key in scores.weights}
    return views


def _tools(table: Arrays, rows: Rows) -> Tools | None:
    return tuple(table.options[row] for row in rows) or None


def _view(table: Arrays, name: str, weights: Array) -> StakeholderView:
    return StakeholderView(
        name=name,
        first=firsts(table, weights),
        stack=_tools(table, recommended(table, weights)),
        distance=float(np.abs(weights - table.weights).sum()),
    )


class _Run:
    """All draws of one evaluation, and what is counted in them."""

    def __init__(
        self, table: Arrays, answers: AnswerDraws, laws: Mapping[WeightDistribution, Drawn], stack: Rows, samples: int
    ) -> None:
        self.table = table
        self.answers = answers
        self.laws = laws
        self.stack = stack
        self.samples = samples
        options, cases = len(table.options), len(table.use_cases)
        self.tallies = {law: RankCounts(options, len(table.criteria)) for law in laws}
        sizes = sorted({size for size in (*SIZES, len(stack)) if size in table.sizes})
        self.winners = {
            law: [
                StackWins(options, cases, size, samples, stack if size == len(stack) else (), table.allowed)
                for size in sizes
            ]
            for law in laws
        }
        # The plain score first, then one column per use case.
        self.columns = np.vstack([np.ones(len(table.criteria)), table.emphasis]).T.copy()
        self.factors = table.capability * table.importance

    def all(self, chance: np.random.Generator, credit: tuple[float, float], progress: Progress | None) -> None:
        """Make every draw, a block at a time."""
        per_draw = max(1, len(self.table.criteria), len(self.table.options) * (1 + len(self.table.use_cases)))
        step = max(64, min(4096, BLOCK // per_draw))
        for done in range(0, self.samples if self.table.options else 0, step):
            count = min(step, self.samples - done)
            weights = {law: drawn.draw(chance, count) for law, drawn in self.laws.items()}
            self._block(chance, weights, chance.uniform(*credit, count))
            if progress:
                progress(done + count, self.samples)

    def _block(self, chance: np.random.Generator, weights: Mapping[WeightDistribution, Array], credits_: Array) -> None:
        options, cases, count = len(self.table.options), len(self.table.use_cases), len(credits_)
        scores = {law: np.empty((count, options)) for law in weights}
        wanted = [law for law in weights if any(size.draws < size.limit for size in self.winners[law])]
        earned: dict[WeightDistribution, Earned] = {
            law: np.empty((options, cases, count), dtype=np.float32) for law in wanted
        }
        shares = {law: _inverse(product(weights[law], self.table.emphasis.T)) for law in wanted}
        if not wanted and all(self.answers.sure(option) for option in range(options)):
            # The same answers in every draw: all scores in one product, options with equal answers from one column.
            distinct, which = np.unique(self.answers.certain, axis=0, return_inverse=True)
            for law, drawn in weights.items():
                self.tallies[law].add(product(drawn, distinct.T)[:, which.ravel()], drawn)
            return
        for option in range(options):
            values = self.answers.draw(chance, option, count)
            counted = np.where(self.table.conditional[option][:, None], credits_, 1.0)
            counted *= self.factors[option][:, None]
            for law, drawn in weights.items():
                columns = self.columns if law in earned else self.columns[:, :1]
                sums = product(drawn * values, columns)
                scores[law][:, option] = sums[:, 0]
                if law in earned:
                    earned[law][option] = (sums[:, 1:] * shares[law]).T * counted
        for law, drawn in weights.items():
            self.tallies[law].add(scores[law], drawn)
            for size in self.winners[law] if law in earned else ():
                size.add(earned[law])

    def scenario(self, law: WeightDistribution, names: Sequence[str]) -> Scenario:
        """What was counted under one law of weights; options in the order of ``names``."""
        sizes = [self._size(winners) for winners in self.winners[law]]
        watched = next((winners for winners in self.winners[law] if winners.watched), None)
        members = watched.members() if watched else np.zeros(len(self.table.options))
        return Scenario(
            law=law,
            options=tuple(self._option(self.tallies[law], self.table.options.index(name), members) for name in names),
            sizes=tuple(sizes),
            stack=self._stack(watched) if watched else None,
        )

    def _option(self, tally: RankCounts, row: int, members: Array) -> OptionAcceptability:
        names = self.table.options
        ranks = tally.counts[row] / tally.draws
        first = float(ranks[0])
        central = tally.weights[row] / tally.counts[row, 0] if first > 0 else None
        return OptionAcceptability(
            option=names[row],
            ranks=tuple(map(float, ranks)),
            first_error=standard_error(first, tally.draws),
            central=None if central is None else dict(zip(self.table.criteria, map(float, central), strict=True)),
            above={
                other: float(tally.ahead[row, place] / tally.paired)
                for place, other in enumerate(names)
                if place != row
            },
            regret=float(100 * tally.regret[row] / tally.draws),
            in_stack=float(members[row]),
        )

    def _size(self, winners: StackWins) -> SizeShares:
        found = winners.shares()
        listed = tuple(
            StackShare(tuple(self.table.options[row] for row in rows), share, error)
            for rows, share, error in found[:LISTED]
        )
        return SizeShares(
            size=winners.size,
            draws=winners.draws,
            stacks=listed,
            others=max(0.0, sum(share for _, share, _ in found[LISTED:])),
            worthless=winners.worthless / winners.draws,
        )

    def _stack(self, winners: StackWins) -> StackAcceptability:
        share, error = next(
            ((share, error) for rows, share, error in winners.shares() if rows == self.stack), (0.0, 0.0)
        )
        shortfall = np.concatenate(winners.shortfalls)
        return StackAcceptability(
            tools=tuple(self.table.options[row] for row in self.stack),
            draws=winners.draws,
            share=share,
            share_error=error,
            close=float((shortfall <= self.table.close + NEGLIGIBLE).mean()),
            regret=float(100 * shortfall.mean()),
            regret_error=float(100 * shortfall.std() / sqrt(len(shortfall))),
        )


def _inverse(totals: Array) -> Array:
    """1 over the weight each use case leaves; nothing is earned where it leaves none."""
    result: Array = np.divide(1.0, totals, out=np.zeros_like(totals), where=totals > 0)
    return result
