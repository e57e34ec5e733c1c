"""One stack in full: what each tool contributes, what its tools share, what stays open, and value against cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.model.cost import Cost, Coverage
from evaluator.model.stack_limits import Budget, StackConstraints


@dataclass(frozen=True, slots=True)
class ToolContribution:
    """What one tool contributes to a stack, in points."""

    tool: str
    alone: float
    """The value of the stack that consists of it."""
    last: float
    """What the stack would lose without it."""
    fair: float
    """Its Shapley value: its mean addition over all orders in which the tools could be approved. They sum to the stack's value."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far two tools of a stack do the same jobs."""

    tools: tuple[str, str]
    share: float
    """What both could do, as a share of what the one that does less could do alone."""
    use_cases: tuple[str, ...]
    """Use cases that both could serve."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """Several tools of a stack with one owner, or with one region for the data."""

    kind: Literal["owner", "region"]
    value: str
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one option does not serve a use case."""

    option: str
    failed: tuple[str, ...]
    """Criteria whose minimum level it fails."""
    absent: tuple[str, ...]
    """Capabilities that must be there and are not."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A use case that no tool of the stack serves."""

    use_case: str
    elsewhere: tuple[str, ...]
    """Options outside the stack that could serve it, best first."""
    ruled_out: tuple[str, ...]
    """Options that could serve it and that no stack may hold, best first."""
    obstacles: tuple[Obstacle, ...]
    """Why each option that does not serve it does not, those with the fewest obstacles first."""


@dataclass(frozen=True, slots=True)
class SizeStep:
    """What one more tool buys."""

    size: int
    tools: tuple[str, ...]
    value: float
    gain: float
    covered: int
    conditional: int
    not_covered: int


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A stack that no other beats on value without costing more."""

    tools: tuple[str, ...]
    value: float
    cost: Cost


@dataclass(frozen=True, slots=True)
class Frontier:
    """Value against expected cost per year, over all stacks whose price is known in one currency."""

    currency: str
    points: tuple[FrontierPoint, ...]
    """From the least to the most expensive; value rises with cost."""
    up_to: int
    """The largest size of stack that was priced."""
    priced: int
    """Stacks that could be compared."""
    unpriced: int
    """Stacks that could not: a price is not known, or is in another currency."""
    better_unpriced: FrontierPoint | None
    """The most valuable of those, where its value is above that of every stack of the frontier."""


@dataclass(frozen=True, slots=True)
class StackDetails:
    """One stack, everything about it."""

    tools: tuple[str, ...]
    value: float
    steps: tuple[SizeStep, ...]
    """The best stack of every size: why one tool is, or is not, enough."""
    worth: tuple[ToolContribution, ...]
    overlaps: tuple[Overlap, ...]
    concentrations: tuple[Concentration, ...]
    uncovered: tuple[Uncovered, ...]
    coverage: dict[str, Coverage]
    """By use case."""
    cost: Cost
    limits: StackConstraints
    budget: Budget | None
    """None where no budget is set."""
    frontier: tuple[Frontier, ...]
    """One per currency in which some stack is priced in full."""
    schema: Literal["stack/1"] = "stack/1"
