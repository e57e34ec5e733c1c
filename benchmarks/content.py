"""Large workspaces, made in memory: answers are shared between vendors so that memory shows the scoring, not the content."""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders import Content, answer, build, contents, criterion

from evaluator.model.scorecard import Answer, Scorecard
from evaluator.model.workspace import Vendor, Workspace

FAMILIES = 9


def workspace(vendors: int, criteria: int, use_cases: int = 14, seed: int = 1) -> Workspace:
    """A workspace of that size with answers drawn at random from a pool of 200."""
    chance = random.Random(seed)  # noqa: S311 - content for a benchmark
    content: Content = contents(criteria=criteria, families=FAMILIES, vendors=1, use_cases=use_cases)
    for value in content.values():
        if value["schema"] == "criteria/1":
            value["criteria"] = [
                criterion(item["id"], starter_gate=number % 5 == 0, gates={"internal": 1, "confidential": 2})
                for number, item in enumerate(value["criteria"])
            ]
    small = build(content)
    levels: tuple[int | str, ...] = ("unknown", 0, 1, 2, 2, 3, 4)
    pool = [Answer.model_validate(_frozen(answer(chance.choice(levels)))) for _ in range(200)]
    model = small.vendors["v-1"]
    keys = list(small.catalogue.criteria)
    made = {}
    for number in range(1, vendors + 1):
        vendor = f"v-{number}"
        answers = dict(zip(keys, chance.choices(pool, k=len(keys)), strict=True))
        card = Scorecard.model_construct(**{**dict(model.scorecards[0]), "vendor": vendor, "answers": answers})
        profile = model.profile.model_copy(update={"id": vendor, "name": f"Vendor {number}"})
        made[vendor] = Vendor.model_construct(profile=profile, scorecards=(card,))
    return Workspace.model_construct(**{**dict(small), "vendors": made})


def _frozen(value: dict[str, object]) -> dict[str, object]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}
