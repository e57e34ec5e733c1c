"""Random evaluations: scorecards with gaps, old and weak evidence, several assessors, own scales, gates and demand."""

from __future__ import annotations

from typing import Any

import oracle
from builders import (
    CLASSES,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    capability,
    card_of,
    contents,
    profile_of,
    use_case,
)
from hypothesis import strategies as st

LEVELS: st.SearchStrategy[int | str] = st.sampled_from(["unknown", 0, 1, 2, 3, 4])
DAYS = st.sampled_from(["2023-02-28", "2024-02-29", "2025-11-23", "2025-11-24", "2026-05-31", "2026-11-01"])
DEPLOYMENT = st.sampled_from(["cloud", "self-hosted", "either"])
TAGS = ("tag-a", "tag-b")
SUPPORT = st.sampled_from(["native", "partial", "built", "none", "unknown"])
IMPORTANCE = st.one_of(st.integers(0, 20), st.floats(0, 5, allow_nan=False).map(lambda number: round(number, 3)))


@st.composite
def evidence_items(draw: st.DrawFn) -> list[dict[str, Any]]:
    """No, one or two items of any grade and age."""
    count = draw(st.integers(0, 2))
    return [
        {"source": f"https://vendor.example/{n}", "date": draw(DAYS), "grade": draw(st.sampled_from("ABCDE"))}
        for n in range(count)
    ]


@st.composite
def evaluations(
    draw: st.DrawFn, *, max_vendors: int = 4, max_criteria: int = 6, use_cases: int = 3, limits: bool = True
) -> Content:
    """The content of one valid evaluation; every third sets limits on the stack, unless ``limits`` is off."""
    criteria = draw(st.integers(1, max_criteria))
    content = contents(
        criteria=criteria,
        families=draw(st.integers(1, 3)),
        vendors=draw(st.integers(1, max_vendors)),
        use_cases=use_cases,
    )
    keys = [f"c-{n}" for n in range(1, criteria + 1)]
    for value in content.values():
        if value["schema"] == "criteria/1":
            for item in value["criteria"]:
                _vary_criterion(draw, item)
    content[GUARDRAILS]["data_tags"] = [{"id": name, "min_class": "public"} for name in TAGS]
    weights = content[WEIGHTS]
    weights["criteria"] = {key: draw(IMPORTANCE) for key in keys}
    weights["criteria"][keys[0]] = 1
    weights["families"] = {family: draw(IMPORTANCE) for family in weights["families"]}
    weights["families"]["f-1"] = draw(st.integers(1, 20))
    for name in list(content):
        if name.endswith("/profile.yaml"):
            _vary_vendor(draw, content, name.split("/")[1], keys)
    content[USE_CASES]["use_cases"] = [_demand(draw, f"u-{n}", keys) for n in range(1, use_cases + 1)]
    content[USE_CASES]["use_cases"][0]["importance"] = 1
    if limits and draw(st.integers(0, 2)) == 0:
        content[EVALUATION]["stack"] = draw(stack_limits(oracle.vendors(content)))
    content[EVALUATION]["policies"] = {"min_gain": draw(st.sampled_from([2, 2, 0, 10]))}
    return content


@st.composite
def stack_limits(draw: st.DrawFn, vendors: list[str]) -> dict[str, Any]:
    """Tools that every stack holds, and tools that none may hold; sometimes nothing is left."""
    order = draw(st.permutations(vendors))
    required = order[: draw(st.integers(0, min(2, len(order))))]
    excluded = order[len(required) : len(required) + draw(st.integers(0, 2))]
    return {
        part: [{"tool": tool, "reason": "as decided"} for tool in tools]
        for part, tools in (("required", required), ("excluded", excluded))
    }


def _vary_criterion(draw: st.DrawFn, item: dict[str, Any]) -> None:
    if draw(st.booleans()):
        item["values"] = sorted(round(draw(st.floats(0, 1)), 3) for _ in item["levels"])
    item["starter_gate"] = draw(st.booleans())
    if draw(st.booleans()):
        item["gates"] = {name: draw(st.integers(0, 4)) for name in CLASSES[1:] if draw(st.booleans())}
    if draw(st.booleans()):
        item["tag_gates"] = {name: draw(st.integers(0, 4)) for name in TAGS if draw(st.booleans())}
    item["gates_apply_to"] = draw(st.sampled_from([None, None, "cloud", "self-hosted"]))


def _vary_vendor(draw: st.DrawFn, content: Content, vendor: str, keys: list[str]) -> None:
    content[profile_of(vendor)]["capabilities"] = {
        key: capability(draw(SUPPORT)) for key in ("cap-1", "cap-2") if draw(st.booleans())
    }
    for edition in content[profile_of(vendor)]["editions"]:
        edition["deployment"] = draw(DEPLOYMENT)
    card = content[card_of(vendor)]
    card["answers"] = _answers(draw, keys) if draw(st.integers(0, 5)) else {}
    for assessor in ("desk-b", "agreed"):
        if draw(st.booleans()):
            edition = draw(st.sampled_from(["business", "business", "enterprise"]))
            content[card_of(vendor, assessor, edition)] = {
                **card,
                "assessor": assessor,
                "edition": edition,
                "answers": _answers(draw, keys),
            }


def _answers(draw: st.DrawFn, keys: list[str]) -> dict[str, Any]:
    return {
        key: answer(
            draw(LEVELS),
            evidence=draw(evidence_items()),
            missing=draw(st.sampled_from([[], [], ["the contract text"]])),
            confidence=draw(st.sampled_from(["low", "medium", "high"])),
        )
        for key in keys
        if draw(st.integers(0, 9))
    }


def _demand(draw: st.DrawFn, key: str, keys: list[str]) -> dict[str, Any]:
    return use_case(
        key,
        data_class=draw(st.sampled_from(CLASSES)),
        data_tags=[name for name in TAGS if draw(st.booleans())],
        importance=draw(st.integers(0, 5)),
        must=draw(st.sampled_from([[], ["cap-1"], ["cap-1", "cap-2"]])),
        should=draw(st.sampled_from([[], ["cap-2"]])),
        emphasis={one: draw(st.sampled_from([0.5, 1.5, 2])) for one in keys if draw(st.booleans())},
        gates={keys[0]: draw(st.integers(0, 4))} if draw(st.booleans()) else {},
    )
