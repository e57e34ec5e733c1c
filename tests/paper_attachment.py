"""From the result inside a PDF back to the files of its workspace, and to the same result computed anew."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from builders import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, WEIGHTS, Content, card_of, profile_of, write

from evaluator import api
from evaluator.reports.json_contract import result_data


def inputs(data: dict[str, Any]) -> Content:
    """The files of the workspace that a result was computed from."""
    workspace = data["workspace"]
    content: Content = {
        EVALUATION: workspace["evaluation"],
        CATALOGUE: workspace["catalogue"]["head"],
        WEIGHTS: workspace["weights"],
        USE_CASES: workspace["demand"],
        GUARDRAILS: workspace["guardrails"],
    }
    for family, criteria in workspace["catalogue"]["families"].items():
        content[f"criteria/{family}-family.yaml"] = {"schema": "criteria/1", "family": family, "criteria": criteria}
    for vendor, files in workspace["vendors"].items():
        content[profile_of(vendor)] = files["profile"]
        for card in files["scorecards"]:
            content[card_of(vendor, card["assessor"], card["edition"])] = card
    return {name: plain(value) for name, value in content.items()}


def again(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The result computed anew from the inputs of ``data``, at its date, with its draws where it had any."""
    workspace = api.load(write(folder, inputs(data)))
    result = api.evaluate(workspace, as_of=date.fromisoformat(data["as_of"]))
    if data["sensitivity"]:
        result = api.with_sensitivity(result)
    found: dict[str, Any] = json.loads(json.dumps(result_data(result)))
    return found


def plain(value: Any) -> Any:
    """``value`` as YAML would give it: the keys of levels as numbers."""
    if isinstance(value, dict):
        return {int(key) if re.fullmatch(r"-?\d+", key) else key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
