"""A blank workspace: the shipped catalogue, and placeholders for what is the organisation's own."""

from __future__ import annotations

from datetime import date

from evaluator.workspace.blank import blank_files
from evaluator.workspace.yaml_reader import parse

DAY = date(2026, 1, 31)
SHIPPED = {
    "evaluation.yaml": "x",
    "vendors/v/profile.yaml": "x",
    "schemas/a.json": "a",
    "criteria/z.yaml": "z",
    "criteria/catalogue.yaml": "c",
    "criteria/a.yaml": "a",
    "criteria/weights.yaml": "# head\nfamilies: {}\n\n# The seal.\n# Two lines.\nseal:\n  date: 2026-01-01\n\n",
    "criteria/use-cases.yaml": "schema: use-cases/1\n# What a product can do.\ncapabilities:\n  a: A\n\n# ours\nuse_cases: []\n",
    "criteria/guardrails.yaml": "outcomes: [go]\n\n# Classes.\ndata_classes:\n  - id: public\n# end\n",
}


def test_what_is_taken_over_and_what_is_not() -> None:
    found = blank_files(SHIPPED, DAY)
    assert list(found) == [
        "criteria/catalogue.yaml", "criteria/a.yaml", "criteria/guardrails.yaml", "criteria/use-cases.yaml", "criteria/weights.yaml",
        "criteria/z.yaml", "evaluation.yaml", "schemas/a.json",
    ]  # fmt: skip
    assert {name: found[name] for name in ("schemas/a.json", "criteria/z.yaml", "criteria/catalogue.yaml", "criteria/a.yaml")} == {
        "schemas/a.json": "a", "criteria/z.yaml": "z", "criteria/catalogue.yaml": "c", "criteria/a.yaml": "a",
    }  # fmt: skip


def test_the_weights_stay_without_their_seal() -> None:
    assert blank_files(SHIPPED, DAY)["criteria/weights.yaml"] == "# head\nfamilies: {}\n"
    unsealed = {**SHIPPED, "criteria/weights.yaml": "families: {}\n\n"}
    assert blank_files(unsealed, DAY)["criteria/weights.yaml"] == "families: {}\n\n"
    between = {**SHIPPED, "criteria/weights.yaml": "seal: {}\n\n# next\nnote: x\n"}
    assert blank_files(between, DAY)["criteria/weights.yaml"] == "\n# next\nnote: x\n"


def test_capabilities_and_classes_stay_with_their_comments() -> None:
    found = blank_files(SHIPPED, DAY)
    assert (
        "\n# What a product can do.\ncapabilities:\n  a: A\n\n# What people want to build."
        in found["criteria/use-cases.yaml"]
    )
    assert found["criteria/use-cases.yaml"].endswith("#     must: [form-public]\nuse_cases: []\n")
    assert found["criteria/guardrails.yaml"].endswith(
        "valid_until: 2027-01-31\n\noutcomes: [go]\n\n# Classes.\ndata_classes:\n  - id: public\n# end\n"
    )


def test_the_day_stands_in_every_file_of_its_own() -> None:
    found = blank_files(SHIPPED, DAY)
    read = {
        name: parse(found[name].encode(), name).value
        for name in ("evaluation.yaml", "criteria/use-cases.yaml", "criteria/guardrails.yaml")
    }
    assert (read["evaluation.yaml"]["as_of"], read["criteria/use-cases.yaml"]["date"], read["criteria/guardrails.yaml"]["date"]) == (
        "2026-01-31", "2026-01-31", "2026-01-31",
    )  # fmt: skip
    assert read["evaluation.yaml"]["stack"] == {"max_tools": 4}
    assert read["criteria/use-cases.yaml"]["use_cases"] == ()
    assert "users: {makers: 1, internal: 40, external: 600}" in found["criteria/use-cases.yaml"]
