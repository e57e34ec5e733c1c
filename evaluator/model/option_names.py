"""Names of options as people type them: a vendor's id, or ``vendor@edition``.

A vendor's id stands for all its evaluated editions. Where one option is needed and several editions are evaluated, the editions
have to be told apart, and the sentence lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.errors import EvaluatorError, known_ids
from evaluator.model.file_names import profile_file
from evaluator.model.workspace import Option, Workspace


def options_of(workspace: Workspace, names: Iterable[str]) -> tuple[Option, ...]:
    """Return the options in scope that ``names`` stand for, each once.

    Raises:
        EvaluatorError: a name stands for none.
    """
    found: dict[str, Option] = {}
    for name in names:
        meant = workspace.options_named(name)
        if not meant:
            vendor, _, edition = name.partition("@")
            named = workspace.options_named(vendor)
            if named and edition not in named[0].profile.evaluated and named[0].profile.edition(edition):
                file = profile_file(vendor)
                raise EvaluatorError(
                    f"The edition {edition} of {vendor} is not evaluated; list it under evaluate in {file}."
                )
            known_ids("option", [name], [option.id for option in workspace.options])
        found |= {option.id: option for option in meant}
    return tuple(found.values())


def only_option(workspace: Workspace, name: str) -> Option:
    """Return the one option in scope that ``name`` stands for.

    Raises:
        EvaluatorError: it stands for none, or for several.
    """
    return _only(options_of(workspace, [name]), name)


def editions_of(workspace: Workspace, name: str, edition: str | None = None) -> tuple[Option, ...]:
    """Return the editions of a vendor, in scope or not, that ``name`` stands for: the evaluated ones, or any that is named.

    Args:
        workspace: the evaluation.
        name: the id of a vendor, or ``vendor@edition``.
        edition: the edition, where it is named apart.

    Raises:
        EvaluatorError: there is no such vendor or edition, or two editions are named at once.
    """
    key, at, inside = name.partition("@")
    own = inside if at else None
    known_ids("vendor", [key], sorted(workspace.vendors))
    vendor = workspace.vendors[key]
    if own is not None and edition is not None and own != edition:
        raise EvaluatorError(f"'{name}' names the edition {own}, and --edition names {edition}; name one of them.")
    named = own if edition is None else edition
    if named is None:
        return tuple(vendor.options())
    known_ids("edition", [named], [found.id for found in vendor.profile.editions])
    return (vendor.option(named),)


def only_edition(workspace: Workspace, name: str, edition: str | None = None) -> Option:
    """Return the one edition that ``name`` stands for, as :func:`editions_of` does.

    Raises:
        EvaluatorError: it stands for none, or for several.
    """
    return _only(editions_of(workspace, name, edition), name)


def _only(found: Sequence[Option], name: str) -> Option:
    if len(found) > 1:
        listed = ", ".join(option.id for option in found)
        raise EvaluatorError(f"Several editions of {name} are evaluated; name one of them: {listed}.")
    return found[0]
