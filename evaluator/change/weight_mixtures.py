"""The weights of all mixtures of two reviews' weights, catalogues and scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue, Criterion, Weights
from evaluator.model.workspace import Workspace
from evaluator.scoring.weights import criterion_weights


class MixtureWeights(NamedTuple):
    """Which review's weights, catalogue and scope are in force: 0 old, 1 new."""

    weights: int
    criteria: int
    scope: int


WEIGHT_MIXES = tuple(MixtureWeights(*state) for state in product((0, 1), repeat=3))


@dataclass(frozen=True)
class AllMixtureWeights:
    """Two workspaces whose weights are mixed.

    A criterion that counts in one of the two reviews only brings its importance of that review along, and so does a
    family: in the other review nobody weighed it in earnest.
    """

    old: Workspace
    new: Workspace

    @property
    def both(self) -> tuple[Workspace, Workspace]:
        """Old and new."""
        return self.old, self.new

    @cached_property
    def counting(self) -> tuple[frozenset[str], frozenset[str]]:
        """The criteria that count in each review: in the catalogue and in scope."""
        old, new = (
            frozenset(workspace.catalogue.criteria) - frozenset(workspace.evaluation.out_of_scope)
            for workspace in self.both
        )
        return old, new

    @cached_property
    def home(self) -> dict[str, int]:
        """The only review in which a criterion counts, for those that count in one."""
        old, new = self.counting
        return dict.fromkeys(old - new, 0) | dict.fromkeys(new - old, 1)

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """Every criterion that counts in either review, by id."""
        old, new = self.counting
        return tuple(sorted(old | new))

    def weights(self, mixture: MixtureWeights) -> dict[str, float]:
        """The normalised weights under ``mixture``; empty where nothing has any weight in that mixture."""
        catalogue = self._catalogue(mixture)
        try:
            return criterion_weights(catalogue, self._weights(mixture, catalogue))
        except EvaluatorError:
            return {}

    def _catalogue(self, mixture: MixtureWeights) -> Catalogue:
        source = self.both[mixture.criteria].catalogue
        families: dict[str, tuple[Criterion, ...]] = {
            family: tuple(criterion for criterion in group if self._counts(criterion.id, mixture.scope))
            for family, group in source.families.items()
        }
        return Catalogue.model_construct(head=source.head, families=families)

    def _counts(self, criterion: str, scope: int) -> bool:
        """Whether a criterion of the catalogue in force counts when ``scope`` is."""
        old, new = (criterion in workspace.catalogue.criteria for workspace in self.both)
        if old and new:
            return criterion in self.counting[scope]
        return criterion in self.counting[int(new)]

    def _weights(self, mixture: MixtureWeights, catalogue: Catalogue) -> Weights:
        own = tuple(workspace.weights for workspace in self.both)
        return Weights.model_construct(
            format="weights/1",
            families={
                family: own[self._family_home.get(family, mixture.weights)].families.get(family, 0)
                for family in catalogue.families
            },
            criteria={
                criterion: own[self.home.get(criterion, mixture.weights)].criteria.get(criterion, 0)
                for criterion in catalogue.criteria
            },
        )

    @cached_property
    def _family_home(self) -> Mapping[str, int]:
        """The only review in which a family has a criterion that counts."""
        live = [
            {workspace.catalogue.family_of[criterion] for criterion in counting}
            for workspace, counting in zip(self.both, self.counting, strict=True)
        ]
        return dict.fromkeys(live[0] - live[1], 0) | dict.fromkeys(live[1] - live[0], 1)
