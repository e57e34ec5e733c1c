"""A second implementation of the figures, written from the definitions and sharing no code with the first.

It reads the plain content of ``builders`` (dictionaries, ISO dates), counts in fractions, and tries every set
of tools. Slow and naive on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

from builders import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, WEIGHTS, Content

CREDIT = {
    "native": Fraction(1),
    "partial": Fraction(3, 5),
    "built": Fraction(2, 5),
    "none": Fraction(0),
    "unknown": Fraction(0),
}


def criteria(content: Content) -> dict[str, dict[str, Any]]:
    """Criterion by id, with its family."""
    found = {}
    for value in content.values():
        if value["schema"] == "criteria/1":
            for item in value["criteria"]:
                found[item["id"]] = {**item, "family": value["family"]}
    return found


def weights(content: Content) -> dict[str, Fraction]:
    """Family weight times importance within the family, out of all in scope."""
    everything = criteria(content)
    gone = content[EVALUATION].get("out_of_scope", {})
    stated = content[WEIGHTS]
    raw = {}
    for key, item in everything.items():
        if key in gone:
            continue
        siblings = [
            other for other in everything if everything[other]["family"] == item["family"] and other not in gone
        ]
        total = sum(Fraction(stated["criteria"].get(other, 0)) for other in siblings)
        family = Fraction(stated["families"].get(item["family"], 0))
        raw[key] = family * Fraction(stated["criteria"].get(key, 0)) / total if total else Fraction(0)
    return {key: value / sum(raw.values()) for key, value in raw.items()}


def value(item: dict[str, Any], level: int) -> Fraction:
    """The value of a level: linear, or the criterion's own."""
    ladder = sorted(item["levels"])
    if item.get("values"):
        return Fraction(item["values"][ladder.index(level)])
    return Fraction(level - ladder[0], ladder[-1] - ladder[0])


def later(day: str, months: int) -> date:
    """The same day some months later, or the last of that month."""
    start = date.fromisoformat(day)
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    for last in (start.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError


def state(content: Content, item: dict[str, Any], answer: dict[str, Any], as_of: date) -> str:
    """How far one answer may be relied on."""
    if answer["level"] == "unknown":
        return "unknown"
    if not answer["evidence"]:
        return "unsupported"
    caps = {grade["grade"]: grade["max_level"] for grade in content[CATALOGUE]["evidence_grades"]}
    scale = content[CATALOGUE]["scale"]
    ladder = sorted(item["levels"])
    carrying = []
    for piece in answer["evidence"]:
        steps = Fraction((caps[piece["grade"]] - scale["min"]) * (ladder[-1] - ladder[0]), scale["max"] - scale["min"])
        if ladder[0] + int(steps) >= answer["level"]:
            carrying.append(piece)
    if not carrying:
        return "over-cap"
    fresh = any(later(piece.get("date") or piece["captured"], item["fresh_months"]) >= as_of for piece in carrying)
    return "supported" if fresh else "stale"


def counting(content: Content, vendor: str, key: str) -> dict[str, Any] | None:
    """The answer that counts: agreed first, else unknown if anybody says so, else the lowest with all its evidence."""
    profile = content[f"vendors/{vendor}/profile.yaml"]
    cards = sorted(
        (card["assessor"], card)
        for name, card in content.items()
        if name.startswith(f"vendors/{vendor}/")
        and card["schema"] == "scorecard/1"
        and card["edition"] == evaluated(profile)
    )
    answers = {assessor: card["answers"][key] for assessor, card in cards if key in card["answers"]}
    if not answers:
        return None
    if "agreed" in answers:
        return answers["agreed"]  # type: ignore[no-any-return]
    levels = [answer["level"] for answer in answers.values()]
    lowest: int | str = "unknown" if "unknown" in levels else min(levels)
    same = [answer for answer in answers.values() if answer["level"] == lowest]
    missing = [text for answer in same for text in answer.get("missing", [])]
    return {
        "level": lowest,
        "evidence": [piece for answer in same for piece in answer["evidence"]],
        "missing": missing if all(answer.get("missing") for answer in same) else [],
    }


def scores(content: Content, as_of: date) -> dict[str, dict[str, Any]]:
    """Score, low, high, coverage, stale and the state of every answer, by vendor."""
    weight, items = weights(content), criteria(content)
    table = {}
    for vendor in vendors(content):
        row: dict[str, Any] = {
            "score": Fraction(0),
            "low": Fraction(0),
            "high": Fraction(0),
            "coverage": Fraction(0),
            "stale": Fraction(0),
        }
        row["cells"] = {}
        for key, share in weight.items():
            answer = counting(content, vendor, key)
            standing = state(content, items[key], answer, as_of) if answer else "unknown"
            level = answer["level"] if answer and standing != "unknown" else None
            row["cells"][key] = (standing, level, bool(answer and answer.get("missing")))
            if level is None:
                row["high"] += 100 * share * value(items[key], max(items[key]["levels"]))
                continue
            points = 100 * share * value(items[key], level)
            row["score"] += points
            row["high"] += points
            row["low"] += points if standing == "supported" else 0
            row["coverage"] += share
            row["stale"] += share if standing == "stale" else 0
        table[vendor] = row
    return table


def vendors(content: Content) -> list[str]:
    """Vendor ids."""
    return sorted(name.split("/")[1] for name in content if name.endswith("/profile.yaml"))


def ranks(table: dict[str, dict[str, Any]]) -> dict[str, int]:
    """One more than the number of vendors that score more."""
    return {vendor: 1 + sum(other["score"] > row["score"] for other in table.values()) for vendor, row in table.items()}


def evaluated(profile: dict[str, Any]) -> str:
    """The one edition of a vendor that is evaluated, in a profile of either version."""
    (edition,) = profile.get("evaluate") or [profile["edition"]]
    return str(edition)


def runs(content: Content, vendor: str) -> set[str]:
    """Where the evaluated edition runs: in the cloud, on own machines, or both."""
    profile = content[f"vendors/{vendor}/profile.yaml"]
    found = {edition["id"]: edition["deployment"] for edition in profile["editions"]}[evaluated(profile)]
    return {"cloud", "self-hosted"} if found == "either" else {found}


def gate(cell: tuple[str, int | None, bool], required: int, only: str | None, where: set[str]) -> str:
    """The outcome of one minimum level; ``only`` is the deployment it is limited to, ``where`` those of the option."""
    standing, level, is_floor = cell
    if only is not None and only not in where:
        return "not_applicable"
    if level is None:
        return "unsupported"
    if level < required:
        return "unsupported" if is_floor else "failed"
    return "met" if standing == "supported" else "unsupported"


def gates(content: Content, data_class: str) -> dict[str, int]:
    """Starter gates of a class and the classes below it."""
    order = [item["id"] for item in content[GUARDRAILS]["data_classes"]]
    found: dict[str, int] = {}
    for key, item in criteria(content).items():
        if not item.get("starter_gate") or key in content[EVALUATION].get("out_of_scope", {}):
            continue
        levels = [
            item.get("gates", {})[name]
            for name in order[: order.index(data_class) + 1]
            if name in item.get("gates", {})
        ]
        if levels:
            found[key] = max(levels)
    return found


def tag_gates(content: Content, tag: str) -> dict[str, int]:
    """Starter gates of a tag."""
    gone = content[EVALUATION].get("out_of_scope", {})
    return {
        key: item["tag_gates"][tag]
        for key, item in criteria(content).items()
        if item.get("starter_gate") and key not in gone and tag in item.get("tag_gates", {})
    }


def outcomes(content: Content, vendor: str, row: dict[str, Any], needed: dict[str, int]) -> dict[str, str]:
    """The outcome of every gate of one vendor, by criterion."""
    items, where = criteria(content), runs(content, vendor)
    return {
        key: gate(row["cells"][key], level, items[key].get("gates_apply_to"), where) for key, level in needed.items()
    }


def cleared(row: dict[str, Any], found: dict[str, str], *, gated: bool) -> bool:
    """Whether a vendor may hold data with these outcomes: somebody answered, and every gate that applies is met.

    Where no gate is ``gated`` in the whole evaluation, nobody is held back.
    """
    known = any(level is not None for _, level, _ in row["cells"].values())
    return (known or not gated) and set(found.values()) <= {"met", "not_applicable"}


def fits(content: Content, as_of: date) -> dict[str, dict[str, Fraction]]:
    """Fit by use case and vendor under the default policies."""
    table, weight, items = scores(content, as_of), weights(content), criteria(content)
    found: dict[str, dict[str, Fraction]] = {}
    for case in content[USE_CASES]["use_cases"]:
        emphasis = {key: share * Fraction(case.get("emphasis", {}).get(key, 1)) for key, share in weight.items()}
        needed = gates(content, case["data_class"])
        for more in (case.get("gates", {}), *(tag_gates(content, tag) for tag in case.get("data_tags", []))):
            for key, level in more.items():
                needed[key] = max(level, needed.get(key, level))
        found[case["id"]] = {}
        for vendor, row in table.items():
            cells, held = row["cells"], set(outcomes(content, vendor, row, needed).values())
            score = sum(
                (emphasis[key] * value(items[key], level) for key, (_, level, _) in cells.items() if level is not None),
                Fraction(0),
            ) / sum(emphasis.values())
            have = content[f"vendors/{vendor}/profile.yaml"]["capabilities"]
            support = {
                need: have[need]["support"] if need in have else "unknown" for need in (*case["must"], *case["should"])
            }
            asked = len(case["must"]) + Fraction(len(case["should"]), 2)
            earned = (
                sum(CREDIT[support[need]] for need in case["must"])
                + sum(CREDIT[support[need]] for need in case["should"]) / 2
            )
            potential = 100 * score * (earned / asked if asked else 1)
            musts = {support[need] for need in case["must"]}
            if "failed" in held or "none" in musts:
                found[case["id"]][vendor] = Fraction(0)
            elif "unsupported" in held or "unknown" in musts:
                found[case["id"]][vendor] = Fraction(potential) / 2
            else:
                found[case["id"]][vendor] = Fraction(potential)
    return found


def allowed(content: Content, tools: Iterable[str]) -> bool:
    """Whether a stack holds every required tool and no excluded one."""
    limits = content[EVALUATION].get("stack", {})
    asked, ruled_out = ({item["tool"] for item in limits.get(part, [])} for part in ("required", "excluded"))
    return asked <= set(tools) and not ruled_out & set(tools)


def best_stacks(content: Content, as_of: date, size: int) -> list[tuple[Fraction, tuple[str, ...]]]:
    """Every stack of a size with its value, best first."""
    table = fits(content, as_of)
    importance = {case["id"]: Fraction(case.get("importance", 1)) for case in content[USE_CASES]["use_cases"]}
    total = sum(importance.values())
    found = [
        (
            sum((importance[case] * max(row[tool] for tool in tools) for case, row in table.items()), Fraction(0))
            / total,
            tools,
        )
        for tools in combinations(vendors(content), size)
        if allowed(content, tools)
    ]
    return sorted(found, key=lambda item: (-item[0], item[1]))
