"""A blank workspace, and the profile that a new vendor starts from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from builders import contents, profile_of, write

from evaluator.errors import EvaluatorError
from evaluator.workspace.load import load
from evaluator.workspace.starter_files import add_vendor, blank_files
from evaluator.workspace.transaction import transaction
from evaluator.workspace.yaml_reader import parse

DAY = date(2026, 11, 24)
BLANK_DAY = date(2026, 1, 31)
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
    found = blank_files(SHIPPED, BLANK_DAY)
    assert list(found) == [
        "criteria/catalogue.yaml", "criteria/a.yaml", "criteria/guardrails.yaml", "criteria/use-cases.yaml", "criteria/weights.yaml",
        "criteria/z.yaml", "evaluation.yaml", "schemas/a.json",
    ]  # fmt: skip
    assert {name: found[name] for name in ("schemas/a.json", "criteria/z.yaml", "criteria/catalogue.yaml", "criteria/a.yaml")} == {
        "schemas/a.json": "a", "criteria/z.yaml": "z", "criteria/catalogue.yaml": "c", "criteria/a.yaml": "a",
    }  # fmt: skip


def test_the_weights_stay_without_their_seal() -> None:
    assert blank_files(SHIPPED, BLANK_DAY)["criteria/weights.yaml"] == "# head\nfamilies: {}\n"
    unsealed = {**SHIPPED, "criteria/weights.yaml": "families: {}\n\n"}
    assert blank_files(unsealed, BLANK_DAY)["criteria/weights.yaml"] == "families: {}\n\n"
    between = {**SHIPPED, "criteria/weights.yaml": "seal: {}\n\n# next\nnote: x\n"}
    assert blank_files(between, BLANK_DAY)["criteria/weights.yaml"] == "\n# next\nnote: x\n"


def test_capabilities_and_classes_stay_with_their_comments() -> None:
    found = blank_files(SHIPPED, BLANK_DAY)
    assert (
        "\n# What a product can do.\ncapabilities:\n  a: A\n\n# What people want to build."
        in found["criteria/use-cases.yaml"]
    )
    assert found["criteria/use-cases.yaml"].endswith("#     must: [form-public]\nuse_cases: []\n")
    assert found["criteria/guardrails.yaml"].endswith(
        "valid_until: 2027-01-31\n\noutcomes: [go]\n\n# Classes.\ndata_classes:\n  - id: public\n# end\n"
    )


def test_the_day_stands_in_every_file_of_its_own() -> None:
    found = blank_files(SHIPPED, BLANK_DAY)
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


def add(
    root: Path,
    vendor: str = "acme",
    name: str = "Acme: Forms",
    homepage: str = "x.example",
    edition: str = "Business (cloud)",
) -> str:
    with transaction(root) as change:
        return add_vendor(change, vendor, name, homepage, [edition], DAY)


def test_a_new_vendor_is_read_and_has_one_edition_without_prices(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    assert (
        add(root, name=" Acme: Forms ", homepage=" x.example ", edition=" Business (cloud) ")
        == "vendors/acme/profile.yaml"
    )
    text = (root / "vendors/acme/profile.yaml").read_text()
    assert yaml.safe_load(text) == {
        "schema": "profile/2", "id": "acme", "name": "Acme: Forms", "homepage": "x.example", "captured": DAY, "evaluate": ["business-cloud"],
        "editions": [{"id": "business-cloud", "name": "Business (cloud)", "deployment": "cloud"}],
    }  # fmt: skip
    assert text.startswith(
        "# yaml-language-server: $schema=../../schemas/profile.schema.json\nschema: profile/2\nid: acme\n"
    )
    assert text.count("2026-11-24") == 6
    assert load(root).problems == ()


@pytest.mark.parametrize(
    ("edition", "key"),
    [
        ("Business (cloud)", "business-cloud"),
        ("表", "standard"),
        ("--A--", "a"),
        ("a" * 70, "a" * 64),
        (f"{'a' * 63} b", "a" * 63),
        ("É1", "1"),
    ],
)
def test_an_edition_gets_an_id(edition: str, key: str, tmp_path: Path) -> None:
    add(tmp_path, edition=edition)
    assert yaml.safe_load((tmp_path / "vendors/acme/profile.yaml").read_text())["evaluate"] == [key]


def test_several_editions_are_options_of_their_own(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    with transaction(root) as change:
        add_vendor(change, "acme", "Acme", "x.example", ["Team", "Business (cloud)"], DAY)
    loaded = load(root)
    assert (loaded.problems, loaded.workspace is not None) == ((), True)
    options = loaded.workspace.every_option if loaded.workspace else {}
    assert [(key, option.name) for key, option in options.items() if option.vendor == "acme"] == [
        ("acme@business-cloud", "Acme Business (cloud)"), ("acme@team", "Acme Team"),
    ]  # fmt: skip
    for alike in (["Team", "Team"], ["Team 1", "Team (1)"]):
        with transaction(root) as change, pytest.raises(EvaluatorError, match=r"^Two editions have the same name"):
            add_vendor(change, "other", "Acme", "x.example", alike, DAY)


@pytest.mark.parametrize("vendor", ["", "Acme", "a b", "a" * 65, "../x"])
def test_a_vendor_has_an_id(vendor: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError) as raised:
        add(tmp_path, vendor)
    assert str(raised.value) == (
        f"'{vendor}' is not an id: lower-case letters and digits in words joined by hyphens, such as 'acme-forms'."
    )


@pytest.mark.parametrize("what", ["name", "homepage", "edition"])
def test_texts_are_one_line_of_at_most_500_characters(what: str, tmp_path: Path) -> None:
    for text in ("", " ", "a\nb"):
        with pytest.raises(EvaluatorError, match=f"^The {what} must be one line of visible text"):
            add(tmp_path, **{what: text})
    with pytest.raises(EvaluatorError) as raised:
        add(tmp_path, **{what: "x" * 501})
    assert str(raised.value) == f"The {what} has 501 characters; give it in at most 500."
    add(tmp_path, **{what: "x" * 500})


def test_a_vendor_that_exists_is_left_alone(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    before = (root / profile_of("v-1")).read_bytes()
    with pytest.raises(
        EvaluatorError, match=r"^There is a vendor 'v-1' already: vendors/v-1/profile\.yaml\. Nothing was written\.$"
    ):
        add(root, "v-1")
    assert (root / profile_of("v-1")).read_bytes() == before
