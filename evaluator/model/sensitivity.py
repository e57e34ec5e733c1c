"""How robust an answer is: what sampling, break-even weights, value of information and other methods found, and what a stack looks like in full.

Plain frozen data classes like those of :mod:`evaluator.model.evaluated`. Points lie between 0 and 100; weights, shares and
chances between 0 and 1. Options, criteria and use cases are named by their ids.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from evaluator.model.stack_details import StackDetails

Tools = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerUncertainty:
    """How far the level that is true may lie from the one answered, by the assessor's confidence.

    Each entry lists the chance of no distance, then of each distance in levels **on either side**: ``(0.8, 0.1)`` means as
    answered in 80 of 100 samples, one level lower in 10, one higher in 10. What would leave the scale stays at its
    end. An answer that is stale, above its evidence or without evidence is sampled as one of ``low`` confidence,
    whatever its own; an unknown one over all levels alike.
    """

    high: tuple[float, ...] = (1.0,)
    medium: tuple[float, ...] = (0.8, 0.1)
    low: tuple[float, ...] = (0.5, 0.2, 0.05)


class WeightDistribution(StrEnum):
    """Where the weights of a sample come from."""

    AROUND = "around"
    """Around the stated weights, or around those of one stakeholder per sample (Dirichlet)."""
    ORDER = "order"
    """Any weights that rank the criteria as the stated ones do, all such weights alike."""
    ANY = "any"
    """Any weights at all, all alike."""


@dataclass(frozen=True, slots=True)
class OptionAcceptability:
    """How one option did over all samples of one scenario."""

    option: str
    ranks: tuple[float, ...]
    """Share of samples by rank, first rank first; options that tie share their ranks equally."""
    first_error: float
    """Standard error of the share of first ranks."""
    central: dict[str, float] | None
    """The mean of the weights with which it ranked first: the priorities of whoever prefers it. None where it never did."""
    above: dict[str, float]
    """Share of samples in which it scored more than each other option; ties count half."""
    regret: float
    """Points by which its score fell short of the best, on average."""
    in_stack: float
    """Share of samples whose best stack of the recommended size holds it."""

    @property
    def first(self) -> float:
        """Share of samples in which it ranked first."""
        return self.ranks[0]

    def within(self, rank: int) -> float:
        """Share of samples in which it ranked at ``rank`` or better."""
        return min(1.0, sum(self.ranks[:rank]))


@dataclass(frozen=True, slots=True)
class StackShare:
    """How often one stack was the best of its size; stacks that tie share the sample equally."""

    tools: Tools
    share: float
    error: float


@dataclass(frozen=True, slots=True)
class SizeShares:
    """The stacks of one size that won most often."""

    size: int
    draws: int
    """How many samples were searched for stacks; fewer than all where there are very many stacks."""
    stacks: tuple[StackShare, ...]
    others: float
    """Share of samples won by stacks that are not listed."""
    worthless: float
    """Share of samples in which no stack of this size served any use case."""


@dataclass(frozen=True, slots=True)
class StackAcceptability:
    """How the recommended stack did over all samples of one scenario, against stacks of its size."""

    tools: Tools
    draws: int
    share: float
    share_error: float
    close: float
    """Share of samples in which it lay within the close band of the best."""
    regret: float
    """Points by which it fell short of the best stack of its size, on average."""
    regret_error: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """All samples under one distribution of weights; levels and the conditional credit are sampled alike in all scenarios."""

    law: WeightDistribution
    """How the weights were sampled."""
    options: tuple[OptionAcceptability, ...]
    """In the order of the scores."""
    sizes: tuple[SizeShares, ...]
    stack: StackAcceptability | None
    """None where no stack is recommended."""


@dataclass(frozen=True, slots=True)
class StakeholderView:
    """What one stakeholder's own weights would say, with the answers as given."""

    name: str
    first: Tools
    """Who ranks first; several where they tie."""
    stack: Tools | None
    distance: float
    """Sum of absolute differences from the stated weights: 0 the same, 2 nothing in common."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """How often the answer holds when weights, answers and the conditional credit vary."""

    as_of: datetime.date
    samples: int
    seed: int
    half_width: float
    """Two standard deviations of an average weight, as a share of it."""
    concentration: float
    """The sum of the parameters of the Dirichlet distribution that this half-width stands for."""
    laws: AnswerUncertainty
    """The chances by which levels were sampled."""
    credit: tuple[float, float]
    """The ends between which the conditional credit is sampled, all values alike."""
    first: Tools
    stack: Tools | None
    equal_weights: Tools
    """Who ranks first when every criterion of some weight weighs the same."""
    views: tuple[StakeholderView, ...]
    scenarios: tuple[Scenario, ...]
    schema: Literal["robustness/1"] = "robustness/1"

    def scenario(self, distribution: WeightDistribution) -> Scenario:
        """The scenario of one distribution of weights."""
        return next(scenario for scenario in self.scenarios if scenario.law is distribution)


@dataclass(frozen=True, slots=True)
class BreakevenPoint:
    """A weight from which on something else holds."""

    at: float
    """The weight, all others keeping their proportions."""
    to: Tools
    """Who ranks first then, or which stack is recommended."""


@dataclass(frozen=True, slots=True)
class WeightBreakeven:
    """The nearest break-even points as one weight falls or rises and all others keep their proportions; None where there is none."""

    id: str
    weight: float
    first_down: BreakevenPoint | None
    first_up: BreakevenPoint | None
    stack_down: BreakevenPoint | None
    stack_up: BreakevenPoint | None

    @property
    def nearest(self) -> float | None:
        """The smallest change of this weight after which first place or stack is another; None where none is."""
        points = (self.first_down, self.first_up, self.stack_down, self.stack_up)
        return min((abs(point.at - self.weight) for point in points if point), default=None)


@dataclass(frozen=True, slots=True)
class LeastChange:
    """The smallest change of all weights together that lets a rival draw level with the first place."""

    rival: str
    distance: float | None
    """Sum of absolute changes, at most 2; None where no weights on the criteria that count would do it."""
    weights: dict[str, tuple[float, float]]
    """The weights that change: before and after."""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer and the level it would have to have; None stands for unknown."""

    option: str
    criterion: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class AnswerBreakeven:
    """A smallest set of answers that, answered otherwise, would let a rival draw level with the first place."""

    rival: str
    changes: tuple[AnswerChange, ...]


@dataclass(frozen=True, slots=True)
class Breakeven:
    """What it would take to change the answer."""

    as_of: datetime.date
    first: Tools
    """Who ranks first; several where they tie, and then there is no single first place to lose."""
    runner_up: str | None
    gap: float
    """Points between the first place and the next."""
    stack: Tools | None
    criteria: tuple[WeightBreakeven, ...]
    families: tuple[WeightBreakeven, ...]
    least: tuple[LeastChange, ...]
    """By rival, nearest first."""
    answers: AnswerBreakeven | None
    """Among all answers; None where no answers could do it."""
    open_answers: AnswerBreakeven | None
    """Among the open answers only: unknown ones of a rival, and those of the first place that are not supported."""
    schema: Literal["breakeven/1"] = "breakeven/1"


class OpenReason(StrEnum):
    """Why an answer, or a capability, is open."""

    UNKNOWN = "unknown"
    STALE = "stale"
    OVER_CAP = "over-cap"
    UNSUPPORTED = "unsupported"
    FLOOR = "floor"
    """The level is supported, and a higher one, which a gate requires, is not ruled out."""
    CAPABILITY = "capability"
    """A capability that must be there and is not known."""


@dataclass(frozen=True, slots=True)
class GateEffect:
    """A gate that an open answer leaves unmet."""

    data_class: str
    """Empty where it is the gate of a data tag."""
    required: int
    clears: bool
    """Whether this answer alone stands between the option and the class or tag."""
    data_tag: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One open answer: what it could change, and the value of knowing it."""

    option: str
    subject: str
    """The criterion, or the capability where ``doubt`` says so."""
    doubt: OpenReason
    level: int | None
    missing: tuple[str, ...]
    """What the assessor noted as evidence still needed."""
    score: tuple[float, float]
    """The option's score if the answer came out worst, and best."""
    gates: tuple[GateEffect, ...]
    use_cases: tuple[str, ...]
    """Use cases that the option serves on condition of this answer, or not at all if it came out worst."""
    firsts: Tools
    """Options other than today's that could come first."""
    stacks: tuple[Tools, ...]
    """Stacks other than today's that could be the best of the recommended size."""
    gain: float
    """Expected gain of knowing the answer before the stack is chosen, in points; 0 where no answer would change the choice."""
    gain_first: float
    """The same for the first place by score."""


@dataclass(frozen=True, slots=True)
class OptionQuestions:
    """All questions to one vendor, the most valuable first."""

    option: str
    questions: tuple[OpenQuestion, ...]
    gain: float
    """Expected gain of knowing all its open answers before the stack is chosen, in points."""
    gain_error: float
    gain_first: float


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """What is not known, and what to ask next."""

    as_of: datetime.date
    samples: int
    seed: int
    stack: Tools | None
    first: Tools
    options: tuple[OptionQuestions, ...]
    """The vendor whose answers are of most value first."""
    schema: Literal["questions/1"] = "questions/1"

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """All questions, the most valuable first."""
        every = [question for option in self.options for question in option.questions]
        return tuple(sorted(every, key=open_question_order))


def open_question_order(question: OpenQuestion) -> tuple[float, float, int, float, str, str]:
    """Most valuable first: gain of the stack, gain of the first place, use cases that wait for it, range of the score."""
    return (
        -round(question.gain, 9),
        -round(question.gain_first, 9),
        -len(question.use_cases),
        -round(question.score[1] - question.score[0], 9),
        question.option,
        question.subject,
    )


@dataclass(frozen=True, slots=True)
class MethodRanking:
    """Who ranks first by one way of computing, on the same answers, anchors and weights."""

    method: str
    first: Tools
    order: Tools
    """All options, best first, ties by id."""
    agrees: bool
    """Whether the same options rank first as by the weighted sum."""


@dataclass(frozen=True, slots=True)
class MethodComparison:
    """Whether the first place depends on the method: cross-checks, never a second ranking."""

    as_of: datetime.date
    first: Tools
    methods: tuple[MethodRanking, ...]
    schema: Literal["methods/1"] = "methods/1"

    @property
    def agree(self) -> bool:
        """Whether every method puts the same options first."""
        return all(ranking.agrees for ranking in self.methods)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What papers say about how robust the answer is."""

    robustness: Robustness
    breakeven: Breakeven
    methods: MethodComparison
    stack: StackDetails | None = None
    """The recommended stack in full; None where none is recommended."""


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far pairwise judgements contradict each other (Saaty 1980)."""

    largest: float
    """The largest eigenvalue of the judgements; it equals their number where they are consistent."""
    index: float
    ratio: float
    random_index: float
    table: str
    """Whose table of random indices."""

    @property
    def acceptable(self) -> bool:
        """Whether the ratio is at most 0.10, the limit in use."""
        return self.ratio <= 0.1  # noqa: PLR2004 - Saaty's limit


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A judgement that the weights derived from all judgements contradict most."""

    first: str
    second: str
    given: float
    implied: float


@dataclass(frozen=True, slots=True)
class Triple:
    """Three items whose judgements do not go together: the first two should multiply to the third."""

    items: tuple[str, str, str]
    """In the order in which first over second and second over third are judged."""
    judged: tuple[float, float, float]
    """First over second, second over third, first over third."""

    @property
    def factor(self) -> float:
        """How far the third judgement lies from the product of the others; 1 where they agree."""
        ratio = self.judged[0] * self.judged[1] / self.judged[2]
        return max(ratio, 1 / ratio)


@dataclass(frozen=True, slots=True)
class Elicited:
    """Weights asked for in one way; they sum to 1."""

    method: str
    weights: dict[str, float]
    consistency: Consistency | None = None
    contradictions: tuple[Contradiction, ...] = ()
    """Worst first."""
    triple: Triple | None = None
    """The three judgements that contradict each other most; None where none do."""


@dataclass(frozen=True, slots=True)
class WeightSpread:
    """How far stakeholders lie apart on one weight."""

    id: str
    mean: float
    low: float
    high: float
    deviation: float
    """Standard deviation over the stakeholders."""
