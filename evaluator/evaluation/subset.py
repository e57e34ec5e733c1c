"""A result narrowed to some options or families, by asking scoring and analysis again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluator.errors import known_ids
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.model.workspace import StackLimits, Workspace


@dataclass(frozen=True, slots=True)
class NarrowedResult:
    """A result of less than the whole evaluation; it keeps the digest of the whole."""

    result: Evaluated
    words: str
    """What it was narrowed to; empty where nothing was left out."""
    whole: bool
    """Whether all families are in: gates, clearance, fit and stacks mean nothing otherwise."""


def narrowed(result: Evaluated, options: Sequence[str] = (), families: Sequence[str] = ()) -> NarrowedResult:
    """``result`` among ``options`` and over ``families`` only; all where empty.

    Ranks, close options and stacks are then those among the chosen options, scores those over the chosen families' criteria.

    Raises:
        EvaluatorError: for an unknown id, or where no chosen criterion has any weight.
    """
    workspace = result.workspace
    catalogue = workspace.catalogue
    known_ids("option", options, [option.id for option in workspace.options])
    known_ids("family", families, list(catalogue.families))
    if not options and not families:
        return NarrowedResult(result, "", whole=True)
    changes: dict[str, object] = {}
    words = []
    if options:
        changes["options"] = tuple(sorted(set(options)))
        changes["stack"] = _narrowed_limits(workspace.evaluation.stack, options)
        words.append(f"{len(set(options))} of {len(workspace.options)} options{_left_aside(workspace, options)}")
    if families:
        left_out = {
            key: "not in the chosen families" for key, family in catalogue.family_of.items() if family not in families
        }
        changes["out_of_scope"] = {**left_out, **workspace.evaluation.out_of_scope}
        words.append(f"{len(set(families))} of {len(catalogue.families)} families")
    found = evaluate(workspace.with_evaluation(**changes), result.as_of, version=result.version)
    # Whether a paper is final is a matter of the whole evaluation.
    return NarrowedResult(
        replace(found, digest=result.digest, final=result.final),
        f"Narrowed to {' and '.join(words)}",
        whole=not families,
    )


def _left_aside(workspace: Workspace, options: Sequence[str]) -> str:
    """Which tools are limited and not among ``options``, in words; empty where there are none."""
    limits = workspace.evaluation.stack.limits
    others = sorted({*limits.required, *limits.excluded} - set(options))
    if not others:
        return ""
    named = f"{', '.join(others[:-1])} and {others[-1]}" if len(others) > 1 else others[0]
    return f", without the {'limit' if len(others) == 1 else 'limits'} on {named}"


def _narrowed_limits(limits: StackLimits, options: Sequence[str]) -> StackLimits:
    """``limits`` as far as they speak of ``options``."""
    kept = {
        part: tuple(item for item in getattr(limits, part) if item.tool in options) for part in ("required", "excluded")
    }
    return limits.model_copy(update=kept)
