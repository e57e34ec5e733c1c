"""Own work that is recorded for what does not exist, or as done without saying by whom, when and with what finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evaluator.model.file_names import own_work_file, profile_file
from evaluator.model.own_work import OwnWorkEntry
from evaluator.rules.base import OWN_WORK, Finding, Nearest, Path, RuleContext, listed


def unknown_own_work(context: RuleContext) -> Iterator[Finding]:
    """An edition, a criterion or an item in a file of own work that nothing else has."""
    criteria = context.workspace.catalogue.criteria
    for key, vendor in context.workspace.vendors.items():
        if vendor.own_work is None:
            continue
        file = own_work_file(key)
        path: Path = ("items",)
        editions = [edition.id for edition in vendor.profile.editions]
        known = f"{profile_file(key)} under editions"
        yield from _unknown(file, path, vendor.own_work.items, editions, "edition", known)
        for edition, answers in vendor.own_work.items.items():
            if not context.layout.incomplete_catalogue:
                yield from _unknown(file, (*path, edition), answers, criteria, "criterion", "the files of criteria/")
            for criterion, items in answers.items():
                if criterion in criteria:
                    asked = [item.id for item in criteria[criterion].own_work]
                    place = (*path, edition, criterion)
                    where = f"{context.layout.criteria[criterion][0]} under own_work"
                    yield from _unknown(file, place, items, asked, f"own work on {criterion} called", where)


def _unknown(
    file: str, path: Path, used: Mapping[str, object], known: Iterable[str], what: str, where: str
) -> Iterator[Finding]:
    names = set(known)
    hint = Nearest(sorted(names), where)
    for key in used:
        if key not in names:
            yield Finding(file, (*path, key), f"there is no {what} {key}", hint(key))


def incomplete_own_work(context: RuleContext) -> Iterator[Finding]:
    """An item that is done, without its role, date or finding."""
    for file, path, entry in context.values(OWN_WORK, "items.*.*.*"):
        lacking = [key for key in ("role", "date", "finding") if not getattr(entry, key)]
        if isinstance(entry, OwnWorkEntry) and entry.state == "done" and lacking:
            yield Finding(
                file,
                path,
                f"{path[-1]} is done, but its {listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not given",
                "say which role did it, on which day, and what was found",
            )
