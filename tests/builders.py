"""Small workspaces for tests: plain content first, so that a test may break any part of it.

    content = contents(criteria=4, vendors=3)
    content[WEIGHTS]["families"]["f-1"] = 0
    workspace = build(content)          # the frozen value, through the models
    write(tmp_path, content)            # the same as a folder of YAML files

As built, the content raises no problem, not even a warning, at ``AS_OF``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.catalogue import Catalogue, CatalogueHead, CriteriaFile, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.elicitation import Stakeholder
from evaluator.model.evaluated import Evaluated
from evaluator.model.own_work import OwnWorkFile
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation, Vendor, Workspace, scorecard_order

AS_OF = date(2026, 11, 24)
EVALUATION = "evaluation.yaml"
CATALOGUE = "criteria/catalogue.yaml"
WEIGHTS = "criteria/weights.yaml"
USE_CASES = "criteria/use-cases.yaml"
GUARDRAILS = "criteria/guardrails.yaml"
CLASSES = ("public", "internal", "confidential", "restricted")

Content = dict[str, Any]
"""File name inside the workspace -> what its YAML holds, as dictionaries and lists."""

LevelOf = Callable[[str, str, str], int | str]
"""(vendor, criterion, assessor) -> level or ``unknown``."""


def own_work_of(vendor: str) -> str:
    """The file of the own work on a vendor."""
    return f"vendors/{vendor}/own-work.yaml"


def with_own_work(content: Content, **done: dict[str, Any]) -> Content:
    """Ask for own work on the first criterion, ``report`` and ``calls``, and record ``done`` on the business edition of ``v-1``."""
    first = content["criteria/f-1.yaml"]["criteria"][0]
    first["own_work"] = [
        {"id": "report", "text": "Read the audit report."},
        {"id": "calls", "text": "Call two references."},
    ]
    content[own_work_of("v-1")] = {"schema": "own-work/1", "items": {"business": {first["id"]: done}}}
    return content


DONE: dict[str, Any] = {
    "state": "done",
    "role": "security officer",
    "date": "2026-11-02",
    "finding": "No exception noted.",
}
"""What is recorded of an item that is done."""


def profile_of(vendor: str) -> str:
    """The file of a vendor's profile."""
    return f"vendors/{vendor}/profile.yaml"


def card_of(vendor: str, assessor: str = "desk-a", edition: str = "business") -> str:
    """The file of a scorecard."""
    return f"vendors/{vendor}/{edition}/{assessor}.yaml"


def with_editions(content: Content, vendor: str, assessor: str, *editions: str, **changes: Any) -> None:
    """Give an assessor a scorecard on each of ``editions``, like the one on the business edition but for ``changes``."""
    card = content[card_of(vendor, assessor)]
    for edition in editions:
        content[card_of(vendor, assessor, edition)] = {**card, "edition": edition, **changes}


def criterion(key: str, /, **changes: Any) -> dict[str, Any]:
    """One criterion with levels 0 to 4."""
    return {
        "id": key,
        "title": f"Criterion {key}",
        "question": f"How good is {key}?",
        "why": "It matters.",
        "levels": {level: f"Level {level} of {key}" for level in range(5)},
        "evidence": ["a page"],
        "fresh_months": 12,
        "edition_sensitive": False,
        **changes,
    }


def evidence(**changes: Any) -> dict[str, Any]:
    """One item of evidence that carries every level and is fresh at ``AS_OF``."""
    return {"source": "https://vendor.example/doc", "kind": "document", "date": "2026-10-01", "grade": "C", **changes}


def answer(level: int | str, /, **changes: Any) -> dict[str, Any]:
    """One answer; a known level comes with evidence."""
    items = [] if level == "unknown" else [evidence()]
    return {"level": level, "rationale": "The page says so.", "evidence": items, "confidence": "medium", **changes}


def use_case(key: str, /, **changes: Any) -> dict[str, Any]:
    """One use case that needs ``cap-1`` and should have ``cap-2``."""
    return {
        "id": key,
        "title": f"Use case {key}",
        "department": "Finance",
        "story": "Somebody wants to build something.",
        "users": {"makers": 2, "internal": 20, "external": 0},
        "criticality": "team",
        "lifetime_months": 24,
        "data_class": "internal",
        "must": ["cap-1"],
        "should": ["cap-2"],
        **changes,
    }


def capability(support: str, /, **changes: Any) -> dict[str, Any]:
    """How far a product has one capability."""
    return {
        "support": support,
        "note": "As documented.",
        "source": "https://vendor.example/features",
        "source_date": "2026-09-01",
        "confidence": "medium",
        **changes,
    }


def profile(vendor: str, /, **changes: Any) -> dict[str, Any]:
    """One vendor with two editions, one of them priced, and two native capabilities."""
    return {
        "schema": "profile/1",
        "id": vendor,
        "name": vendor.upper(),
        "homepage": f"https://{vendor}.example/",
        "edition": "business",
        "editions": [
            {
                "id": "business",
                "name": "Business",
                "deployment": "cloud",
                "prices": [
                    {
                        "unit": "maker",
                        "amount": 10,
                        "currency": "EUR",
                        "per": "month",
                        "source": f"https://{vendor}.example/pricing",
                        "source_date": "2026-09-01",
                        "confidence": "high",
                    }
                ],
            },
            {"id": "enterprise", "name": "Enterprise", "deployment": "cloud"},
        ],
        "captured": "2026-11-01",
        "facts": [
            {
                "topic": "identity",
                "fact": "SAML is offered.",
                "source": f"https://{vendor}.example/saml",
                "source_date": "2026-08-01",
                "confidence": "high",
            }
        ],
        "capabilities": {"cap-1": capability("native"), "cap-2": capability("native")},
        **changes,
    }


def scorecard(vendor: str, assessor: str, answers: Mapping[str, Any], /, **changes: Any) -> dict[str, Any]:
    """One scorecard on the business edition."""
    return {
        "schema": "scorecard/1",
        "vendor": vendor,
        "edition": "business",
        "assessor": assessor,
        "assessed": "2026-11-10",
        "kind": "desk review",
        "answers": dict(answers),
        **changes,
    }


def contents(
    *,
    criteria: int = 4,
    families: int = 2,
    vendors: int | Sequence[str] = 2,
    assessors: Sequence[str] = ("desk-a",),
    use_cases: int = 1,
    level: LevelOf | int | str | None = None,
    answer_changes: Mapping[str, Any] | None = None,
) -> Content:
    """The content of a valid workspace.

    Args:
        criteria: number of criteria ``c-1`` ..., dealt to the families in turn.
        families: number of families ``f-1`` ...
        vendors: number of vendors ``v-1`` ..., or their ids.
        assessors: who scored; every assessor scored every vendor.
        use_cases: number of use cases ``u-1`` ...
        level: one level for all answers, or a function of vendor, criterion and assessor; a varied pattern if left out.
        answer_changes: keys to set in every answer.
    """
    ids = [f"v-{n}" for n in range(1, vendors + 1)] if isinstance(vendors, int) else list(vendors)
    family_ids = [f"f-{n}" for n in range(1, families + 1)]
    keys = [f"c-{n}" for n in range(1, criteria + 1)]
    content: Content = {
        EVALUATION: {
            "schema": "evaluation/1",
            "title": "Test evaluation",
            "organisation": "Example Ltd",
            "as_of": AS_OF.isoformat(),
        },
        CATALOGUE: {
            "schema": "catalogue/1",
            "id": "test",
            "version": "1.0.0",
            "date": "2026-01-01",
            "title": "Test catalogue",
            "status": "for tests",
            "scale": {"min": 0, "max": 4},
            "evidence_grades": [
                {"grade": grade, "what": f"kind {grade}", "max_level": cap}
                for grade, cap in (("A", 4), ("B", 4), ("C", 4), ("D", 2), ("E", 1))
            ],
            "families": [{"id": family, "title": f"Family {family}", "about": "product"} for family in family_ids],
            "references": {"ref-1": {"title": "A work", "address": "https://works.example/1"}},
        },
    }
    for place, family in enumerate(family_ids):
        group = keys[place::families]
        if group:
            content[f"criteria/{family}.yaml"] = {
                "schema": "criteria/1",
                "family": family,
                "criteria": [criterion(key) for key in group],
            }
    content[WEIGHTS] = {
        "schema": "weights/1",
        "families": dict.fromkeys(family_ids, 10),
        "criteria": dict.fromkeys(keys, 1),
        "seal": {"date": "2026-01-15", "by": "Head of architecture", "method": "swing"},
    }
    content[USE_CASES] = {
        "schema": "use-cases/1",
        "date": "2026-01-01",
        "capabilities": {"cap-1": "Forms", "cap-2": "Workflows"},
        "use_cases": [use_case(f"u-{n}") for n in range(1, use_cases + 1)],
    }
    content[GUARDRAILS] = {
        "schema": "guardrails/1",
        "date": "2026-01-01",
        "policy_owner": "Data office",
        "valid_until": "2027-12-31",
        "outcomes": ["go", "review", "stop"],
        "data_classes": [{"id": key, "title": key.title(), "meaning": f"Data that is {key}."} for key in CLASSES],
    }
    for row, vendor in enumerate(ids):
        content[profile_of(vendor)] = profile(vendor)
        for assessor in assessors:
            answers = {}
            for column, key in enumerate(keys):
                if level is None:
                    found: int | str = (row + 2 * column) % 5
                else:
                    found = level(vendor, key, assessor) if callable(level) else level
                answers[key] = answer(found, **(answer_changes or {}))
            content[card_of(vendor, assessor)] = scorecard(vendor, assessor, answers)
    return content


def stakeholder(role: str, /, **groups: Any) -> dict[str, Any]:
    """What one stakeholder said: ``families`` and ``criteria``."""
    return {"schema": "stakeholder/1", "role": role, "date": "2026-01-10", **groups}


def freeze(value: Any) -> Any:
    """``value`` with tuples for lists, as the loader gives it to the models."""
    if isinstance(value, dict):
        return {key: freeze(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    return value


def build(content: Content) -> Workspace:
    """The workspace that ``content`` describes, through the models and without a disk."""
    content = freeze(content)
    head = CatalogueHead.model_validate(content[CATALOGUE])
    fixed = {EVALUATION, CATALOGUE, WEIGHTS, USE_CASES, GUARDRAILS}
    groups = [
        CriteriaFile.model_validate(value)
        for name, value in content.items()
        if name.startswith("criteria/") and name not in fixed
    ]
    by_family = {group.family: group.criteria for group in groups}
    known = [family.id for family in head.families]
    vendors = {}
    for name, value in content.items():
        if name.startswith("vendors/") and name.endswith("/profile.yaml"):
            folder = name.removesuffix("profile.yaml")
            own_work = content.get(f"{folder}own-work.yaml")
            cards = [
                Scorecard.model_validate(content[card])
                for card in content
                if card.startswith(folder) and card not in {name, f"{folder}own-work.yaml"}
            ]
            vendors[folder.split("/")[1]] = Vendor(
                profile=Profile.model_validate(value),
                scorecards=tuple(sorted(cards, key=scorecard_order)),
                own_work=OwnWorkFile.model_validate(own_work) if own_work else None,
            )
    return Workspace(
        evaluation=Evaluation.model_validate(content[EVALUATION]),
        catalogue=Catalogue(
            head=head,
            families={key: by_family.get(key, ()) for key in dict.fromkeys([*known, *by_family])},
        ),
        weights=Weights.model_validate(content[WEIGHTS]),
        demand=Demand.model_validate(content[USE_CASES]),
        guardrails=Guardrails.model_validate(content[GUARDRAILS]),
        vendors=vendors,
        stakeholders={
            value["role"]: Stakeholder.model_validate(value)
            for name, value in content.items()
            if name.startswith("weights/")
        },
    )


def evaluated(content: Content, as_of: date = AS_OF) -> Evaluated:
    """What is computed from ``content`` at ``as_of``."""
    return evaluate(build(content), as_of, version="test")


def workspace(**knobs: Any) -> Workspace:
    """``build(contents(**knobs))``."""
    return build(contents(**knobs))


def write(root: Path, content: Content) -> Path:
    """Writes ``content`` as a folder of YAML files and gives back the folder; text and bytes go out as they are."""
    for name, value in content.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(value, bytes):
            target.write_bytes(value)
        elif isinstance(value, str):
            target.write_text(value, encoding="utf-8")
        else:
            target.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return root


def tagged() -> Content:
    """Three options and gates of two tags: ``v-2`` meets all, ``v-1`` one tag, and nobody answered for ``v-3``.

    The gates of ``c-3`` are for self-hosted editions, and every option runs in the cloud.
    """
    levels: dict[str, int | str] = {"v-1": 2, "v-2": 4, "v-3": "unknown"}
    content = contents(criteria=4, vendors=3, use_cases=2, level=lambda vendor, _, __: levels[vendor])
    gates: dict[str, dict[str, Any]] = {
        "c-1": {"tag_gates": {"personal-data": 2}},
        "c-2": {"tag_gates": {"secrets": 3}},
        "c-3": {"tag_gates": {"secrets": 1}, "gates_apply_to": "self-hosted"},
        "c-4": {"gates": {"internal": 1, "confidential": 3}},
    }
    for name in ("criteria/f-1.yaml", "criteria/f-2.yaml"):
        for item in content[name]["criteria"]:
            item.update(gates[item["id"]])
    content[GUARDRAILS]["data_tags"] = [
        {"id": "personal-data", "title": "Personal data", "min_class": "internal"},
        {"id": "secrets", "min_class": "internal"},
    ]
    content[USE_CASES]["use_cases"][0]["data_tags"] = ["personal-data"]
    content[EVALUATION]["policies"] = {"gates": "all"}
    return content
