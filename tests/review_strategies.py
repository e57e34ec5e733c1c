"""Random pairs of reviews: one evaluation, and the same after any mixture of changes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from builders import (
    CATALOGUE,
    EVALUATION,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    capability,
    criterion,
)
from hypothesis import strategies as st
from strategies import IMPORTANCE, LEVELS, SUPPORT, evaluations, evidence_items

from evaluator.model.change import Cause

Change = Callable[[st.DrawFn, Content], None]


def cards(content: Content) -> list[dict[str, Any]]:
    """Every scorecard."""
    return [value for value in content.values() if value["schema"] == "scorecard/1"]


def criteria(content: Content) -> list[dict[str, Any]]:
    """Every criterion."""
    return [item for value in content.values() if value["schema"] == "criteria/1" for item in value["criteria"]]


def answers(draw: st.DrawFn, content: Content) -> None:
    for card in cards(content):
        for key in list(card["answers"]):
            kind = draw(st.sampled_from(["same", "same", "level", "gone"]))
            if kind == "level":
                card["answers"][key] = {**card["answers"][key], "level": draw(LEVELS)}
            elif kind == "gone":
                del card["answers"][key]


def evidence(draw: st.DrawFn, content: Content) -> None:
    for card in cards(content):
        for item in card["answers"].values():
            if item["level"] != "unknown" and draw(st.booleans()):
                item["evidence"] = draw(evidence_items())


def floors(draw: st.DrawFn, content: Content) -> None:
    for card in cards(content):
        for item in card["answers"].values():
            item["missing"] = ["a test"] if draw(st.booleans()) else []


def time(draw: st.DrawFn, content: Content) -> None:
    content[EVALUATION]["as_of"] = draw(st.sampled_from(["2027-05-31", "2027-11-24", "2029-01-01"]))


def weights(draw: st.DrawFn, content: Content) -> None:
    table = content[WEIGHTS]["criteria"]
    for key in list(table)[1:]:
        if draw(st.booleans()):
            table[key] = draw(IMPORTANCE)
    for key in content[WEIGHTS]["families"]:
        if draw(st.booleans()):
            content[WEIGHTS]["families"][key] = draw(st.integers(1, 20))


def add_criteria(draw: st.DrawFn, content: Content) -> None:
    files = [value for value in content.values() if value["schema"] == "criteria/1"]
    for key in ("c-new", "c-newer"):
        if not draw(st.booleans()):
            continue
        draw(st.sampled_from(files))["criteria"].append(
            criterion(key, starter_gate=draw(st.booleans()), gates={"internal": draw(st.integers(0, 4))})
        )
        content[WEIGHTS]["criteria"][key] = draw(IMPORTANCE)
        for card in cards(content):
            if draw(st.booleans()):
                card["answers"][key] = answer(draw(LEVELS))


def remove_criteria(draw: st.DrawFn, content: Content) -> None:
    for value in content.values():
        if value["schema"] == "criteria/1" and len(value["criteria"]) > 1 and draw(st.booleans()):
            gone = value["criteria"].pop()["id"]
            content[WEIGHTS]["criteria"].pop(gone, None)
            for card in cards(content):
                card["answers"].pop(gone, None)
            for case in content[USE_CASES]["use_cases"]:
                case["emphasis"].pop(gone, None)
                case["gates"].pop(gone, None)


def rubrics(draw: st.DrawFn, content: Content) -> None:
    for item in criteria(content):
        kind = draw(st.sampled_from(["same", "words", "meaning", "values", "fresh", "scale"]))
        if kind in {"words", "meaning"}:
            item["levels"] = {level: f"{text}, said anew" for level, text in item["levels"].items()}
        if kind == "words":
            item["revisions"] = [{"version": "1.1.0", "meaning": "same", "note": "plainer"}]
        elif kind == "values":
            item["values"] = sorted(round(draw(st.floats(0, 1)), 3) for _ in item["levels"])
        elif kind == "fresh":
            item["fresh_months"] = draw(st.integers(1, 40))
        elif kind == "scale":
            item["levels"] = {**item["levels"], 5: "beyond"}
            item.pop("values", None)


def caps(draw: st.DrawFn, content: Content) -> None:
    for grade in content[CATALOGUE]["evidence_grades"]:
        grade["max_level"] = draw(st.integers(0, 4))


def rule(_: st.DrawFn, content: Content) -> None:
    content[EVALUATION].setdefault("policies", {})["unknown_if"] = "all"


def scope(draw: st.DrawFn, content: Content) -> None:
    keys = [item["id"] for item in criteria(content)]
    out = [key for key in keys[1:] if draw(st.booleans())]
    content[EVALUATION]["out_of_scope"] = dict.fromkeys(out, "Not ours.")


def edition(draw: st.DrawFn, content: Content) -> None:
    for value in content.values():
        if value["schema"] == "profile/1" and draw(st.booleans()):
            value["edition"] = "enterprise"


def capabilities(draw: st.DrawFn, content: Content) -> None:
    for value in content.values():
        if value["schema"] == "profile/1":
            value["capabilities"] = {key: capability(draw(SUPPORT)) for key in ("cap-1", "cap-2")}


def gates(draw: st.DrawFn, content: Content) -> None:
    content[EVALUATION].setdefault("policies", {})["gates"] = draw(st.sampled_from(["all", "starter", []]))
    for item in criteria(content):
        if draw(st.booleans()):
            item["gates"] = {"internal": draw(st.integers(0, 4))}
        if draw(st.booleans()):
            item["tag_gates"] = {"tag-a": draw(st.integers(0, 4))}
            item["gates_apply_to"] = draw(st.sampled_from([None, "cloud", "self-hosted"]))


def policies(draw: st.DrawFn, content: Content) -> None:
    content[EVALUATION].setdefault("policies", {})["conditional_credit"] = draw(st.sampled_from([0, 0.25, 1]))


def demand(draw: st.DrawFn, content: Content) -> None:
    cases = content[USE_CASES]["use_cases"]
    for case in cases:
        case["importance"] = draw(st.integers(1, 5))
        case["should"] = draw(st.sampled_from([[], ["cap-2"]]))
    if draw(st.booleans()):
        cases.pop()


def options(draw: st.DrawFn, content: Content) -> None:
    vendors = sorted({name.split("/")[1] for name in content if name.startswith("vendors/")})
    content[EVALUATION]["options"] = draw(st.lists(st.sampled_from(vendors), min_size=1, unique=True))


CHANGES: dict[str, tuple[Change, frozenset[Cause]]] = {
    "answers": (answers, frozenset({Cause.ANSWERS, Cause.LEARNED, Cause.EVIDENCE})),
    "evidence": (evidence, frozenset({Cause.EVIDENCE, Cause.ANSWERS, Cause.LEARNED})),
    "floors": (floors, frozenset({Cause.EVIDENCE})),
    "time": (time, frozenset({Cause.EVIDENCE})),
    "weights": (weights, frozenset({Cause.WEIGHTS})),
    "add criteria": (add_criteria, frozenset({Cause.CRITERIA})),
    "remove criteria": (remove_criteria, frozenset({Cause.CRITERIA, Cause.DEMAND})),
    "rubrics": (rubrics, frozenset({Cause.RUBRICS})),
    "caps": (caps, frozenset({Cause.RUBRICS})),
    "rule": (rule, frozenset({Cause.COMBINATION})),
    "scope": (scope, frozenset({Cause.SCOPE})),
    "edition": (edition, frozenset({Cause.EDITION})),
    "capabilities": (capabilities, frozenset({Cause.CAPABILITIES})),
    "gates": (gates, frozenset({Cause.GATES})),
    "policies": (policies, frozenset({Cause.POLICIES})),
    "demand": (demand, frozenset({Cause.DEMAND})),
    "options": (options, frozenset({Cause.OPTIONS})),
}
"""What can change, and the causes it may show up as in a bridge, besides the choice of tools."""


@st.composite
def review_pairs(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(CHANGES)) -> tuple[Content, Content, set[Cause]]:
    """An evaluation, the same after some changes, and the causes that may have occurred."""
    old = draw(evaluations(max_vendors=3, max_criteria=5, use_cases=2, limits=False))
    new = copy.deepcopy(old)
    allowed: set[Cause] = {Cause.CHOICE}
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=6, unique=True)):
        change, causes = CHANGES[kind]
        change(draw, new)
        allowed |= causes
    if Cause.RUBRICS in allowed or Cause.COMBINATION in allowed:
        allowed |= {Cause.RUBRICS}
    return old, new, allowed
