"""The profile that a new vendor starts from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from builders import contents, profile_of, write

from evaluator.errors import EvaluatorError
from evaluator.workspace.load import load
from evaluator.workspace.new_vendor import add_vendor
from evaluator.workspace.transaction import transaction

DAY = date(2026, 11, 24)


def add(
    root: Path,
    vendor: str = "acme",
    name: str = "Acme: Forms",
    homepage: str = "x.example",
    edition: str = "Business (cloud)",
) -> str:
    with transaction(root) as change:
        return add_vendor(change, vendor, name, homepage, edition, DAY)


def test_a_new_vendor_is_read_and_has_one_edition_without_prices(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    assert (
        add(root, name=" Acme: Forms ", homepage=" x.example ", edition=" Business (cloud) ")
        == "vendors/acme/profile.yaml"
    )
    text = (root / "vendors/acme/profile.yaml").read_text()
    assert yaml.safe_load(text) == {
        "schema": "profile/1", "id": "acme", "name": "Acme: Forms", "homepage": "x.example", "captured": DAY, "edition": "business-cloud",
        "editions": [{"id": "business-cloud", "name": "Business (cloud)", "deployment": "cloud"}],
    }  # fmt: skip
    assert text.startswith(
        "# yaml-language-server: $schema=../../schemas/profile.schema.json\nschema: profile/1\nid: acme\n"
    )
    assert text.count("2026-11-24") == 4
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
    assert yaml.safe_load((tmp_path / "vendors/acme/profile.yaml").read_text())["edition"] == key


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
