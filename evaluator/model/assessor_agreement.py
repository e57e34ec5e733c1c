"""How far assessors agree who answered the same questions independently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """The figures of one family, or of everything.

    ``compared`` questions were answered by two or more assessors; ``equal`` is the share of pairs of
    answers that are the same, unknown counting as an answer; ``alpha`` is Krippendorff's alpha for
    ordinal levels with unknowns as missing. Both are None where there is nothing to compare, alpha also
    where all levels are the same, because no chance disagreement is left to measure against.
    """

    title: str
    compared: int
    equal: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement by family and overall, and who answered."""

    assessors: tuple[str, ...]
    vendors: tuple[str, ...]
    families: dict[str, AgreementFigures]
    """By family id, in catalogue order; only families with something to compare."""
    overall: AgreementFigures
