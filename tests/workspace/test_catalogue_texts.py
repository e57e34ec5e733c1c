"""The texts of a catalogue after an upgrade, to the letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import CATALOGUE, WEIGHTS, build, contents, criterion

from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Catalogue
from evaluator.workspace.catalogue_texts import RELEASES, Kept, released, upgraded_texts, weights_with
from evaluator.workspace.yaml_writer import item_lines

NOTHING = Kept((), ())


def texts(content: dict[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else yaml.safe_dump(value, sort_keys=False)
        for name, value in content.items()
        if name.startswith("criteria/")
    }


def catalogue(found: dict[str, str]) -> Catalogue:
    base = contents()
    for name in [name for name in base if name.startswith("criteria/f-")]:
        del base[name]
    return build(base | {name: yaml.safe_load(text) for name, text in found.items()}).catalogue


def upgraded(own: dict[str, str], shipped: dict[str, str], kept: Kept = NOTHING) -> dict[str, str | None]:
    places = {
        yaml.safe_load(text)["family"]: name
        for name, text in own.items()
        if "family:" in text.split("\n", 1)[0] or "\nfamily:" in text
    }
    found = upgraded_texts(encoded(own), encoded(shipped), places, (catalogue(own), catalogue(shipped)), kept)
    return {name: None if text is None else text.decode() for name, text in found.items()}


def encoded(found: dict[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in found.items()}


def weighed(text: str, families: Iterable[str], criteria: Iterable[str], version: str) -> str:
    return weights_with(text.encode(), families, criteria, version).decode()


def family(name: str, *items: str) -> str:
    return f"# the file of {name}\nschema: criteria/1\nfamily: {name}\ncriteria:\n{''.join(items)}"


def item(key: str, question: str = "q", margin: str = "  ", comment: str = "") -> str:
    lines = yaml.safe_dump(criterion(key, question=question), sort_keys=False).splitlines()
    above = f"{margin}# {comment}\n" if comment else ""
    return above + "".join(f"{margin}{'- ' if not number else '  '}{line}\n" for number, line in enumerate(lines))


BASE = texts(contents(criteria=0))


def head(text: str = BASE[CATALOGUE]) -> dict[str, str]:
    return {**BASE, CATALOGUE: text}


def test_what_is_the_same_does_not_change() -> None:
    own = head() | {"criteria/f-1.yaml": family("f-1", item("c-1"))}
    assert upgraded(own, own) == {}
    assert upgraded(own, head() | {"criteria/other.yaml": family("f-1", item("c-1", comment="x"))}) == {}


def test_shipped_criteria_come_first_in_their_order_and_own_ones_after() -> None:
    own = head() | {
        "criteria/mine.yaml": family("f-1", item("x", comment="own"), item("c-2", "own words"), item("c-1"))
    }
    shipped = head() | {
        "criteria/f-1.yaml": family("f-1", item("c-1", comment="shipped"), item("c-2", comment="two"), item("c-3"))
    }
    one, two, three = item("c-1"), item("c-2"), written("c-3")
    assert upgraded(own, shipped) == {"criteria/mine.yaml": family("f-1", one, two, three, item("x", comment="own"))}
    assert upgraded(own, shipped, Kept({"c-2"}, ())) == {
        "criteria/mine.yaml": family("f-1", one, item("c-2", "own words"), three, item("x", comment="own"))
    }


def written(key: str, margin: str = "  ") -> str:
    """A criterion in the style of the program."""
    return "".join(f"{line}\n" for line in item_lines(criterion(key, question="q"), len(margin)))


def test_a_criterion_that_stays_keeps_its_lines_where_only_a_field_is_new() -> None:
    old = item("c-1", "old", comment="ours").replace("question: old", "question: old # remark")
    own = head() | {"criteria/f-1.yaml": family("f-1", old, item("x"))}
    shipped = head() | {"criteria/f-1.yaml": family("f-1", item("c-1", "new", comment="shipped"))}
    assert upgraded(own, shipped) == {
        "criteria/f-1.yaml": family("f-1", old.replace("question: old", "question: new"), item("x"))
    }


@pytest.mark.parametrize("margin", ["", "      "])
def test_shipped_criteria_take_the_indentation_of_the_file(margin: str) -> None:
    own = head() | {"criteria/f-1.yaml": family("f-1", item("x", margin=margin, comment="own"))}
    shipped = head() | {"criteria/f-1.yaml": family("f-1", item("c-1"))}
    assert upgraded(own, shipped) == {
        "criteria/f-1.yaml": family("f-1", written("c-1", margin), item("x", margin=margin, comment="own"))
    }


def test_a_new_family_takes_the_shipped_file_with_its_name_and_one_that_is_empty_goes() -> None:
    """Not the name of the family: that of the shipped family guardrails is the name of the policy's file."""
    own = head() | {"criteria/f-1.yaml": family("f-1", item("c-1"))}
    shipped = head() | {"criteria/guardrails-in-product.yaml": family("guardrails", item("c-1"))}
    assert upgraded(own, shipped) == {
        "criteria/f-1.yaml": None,
        "criteria/guardrails-in-product.yaml": family("guardrails", item("c-1")),
    }


def test_a_new_family_never_takes_the_file_of_another_one() -> None:
    own = head() | {"criteria/f-1.yaml": family("f-1", item("c-1")), "criteria/f-2.yaml": family("mine", item("x"))}
    shipped = head() | {"criteria/f-1.yaml": family("f-1", item("c-1"))}
    assert upgraded(own, shipped).keys() <= {CATALOGUE}
    shipped["criteria/f-2.yaml"] = family("f-2", item("c-2"))
    with pytest.raises(
        EvaluatorError, match=r"'criteria/f-2.yaml' holds the family mine, and the new family f-2 needs that name"
    ):
        upgraded(own, shipped)


def test_a_family_of_the_organisation_stays() -> None:
    mine = BASE[CATALOGUE].replace("- id: f-2\n  title: Family f-2\n", "# ours\n- id: mine\n  title: Mine\n")
    own = head(mine) | {"criteria/m.yaml": family("mine", item("x"), item("c-9"))}
    shipped = head(BASE[CATALOGUE].replace("for tests", "newer")) | {"criteria/f-1.yaml": family("f-1", item("c-9"))}
    found = upgraded(own, shipped)
    assert found["criteria/m.yaml"] == family("mine", item("x"))
    assert found["criteria/f-1.yaml"] == family("f-1", item("c-9"))
    assert (text := found[CATALOGUE])
    assert [each["id"] for each in yaml.safe_load(text)["families"]] == ["f-1", "f-2", "mine"]
    assert "# ours\n- id: mine\n" in text
    assert "status: newer" in text
    assert list(found) == ["criteria/f-1.yaml", "criteria/m.yaml", CATALOGUE]


def test_a_family_whose_criteria_are_all_shipped_elsewhere_goes_from_the_head_too() -> None:
    mine = BASE[CATALOGUE].replace("- id: f-2\n  title: Family f-2\n", "- id: mine\n  title: Mine\n")
    own = head(mine) | {"criteria/m.yaml": family("mine", item("c-1"))}
    shipped = head() | {"criteria/f-1.yaml": family("f-1", item("c-1"))}
    found = upgraded(own, shipped)
    assert found["criteria/m.yaml"] is None
    assert found[CATALOGUE] == BASE[CATALOGUE]


def heads(own: str, shipped: str, fields: Collection[str] = ()) -> str | None:
    return upgraded(head(own), head(shipped), Kept((), fields)).get(CATALOGUE)


OWN = """\
# own head
schema: catalogue/1
id: test
version: 1.0.0
date: 2026-01-01
# our title
title: Our title

status: ours
scale: {min: 0, max: 4}
evidence_grades:
  - {grade: A, what: x, max_level: 4}
families:
  - {id: f-1, title: F, about: product}
references:
  # own work
  own: {title: Own, address: x}
  ref: {title: Ours, address: y}
triggers:
  # own trigger
  - id: fire
    when: it burns
    reopens: []
"""
SHIPPED = """\
# shipped head
schema: catalogue/1
id: test
version: 2.0.0
date: 2026-02-02
title: Title # shipped
status: newer
scale: {min: 0, max: 4}
evidence_grades:
  - {grade: A, what: x, max_level: 4}
families:
  - {id: f-1, title: F, about: product}
"""


def test_the_shipped_head_keeps_what_the_organisation_added() -> None:
    after = (
        OWN.replace("2026-01-01", "2026-02-02")
        .replace("1.0.0", "2.0.0")
        .replace("Our title", "Title")
        .replace("ours", "newer")
    )
    assert heads(OWN, SHIPPED) == after
    more = (
        f"{SHIPPED}retired:\n  c-0: it is gone\nreferences:\n  ref: {{title: R, address: y}}\n  new: {{title: N, address: z}}\n"
        "triggers:\n  - {id: sold, when: w, reopens: []}\n"
    )
    references = "  ref:\n    title: R\n    address: y\n  new:\n    title: N\n    address: z\n"
    found = heads(OWN, more)
    assert found == (
        after.replace("references:\n", "retired:\n  c-0: it is gone\nreferences:\n")
        .replace("  ref: {title: Ours, address: y}\n", references)
        .replace("  # own trigger\n", "  - id: sold\n    when: w\n    reopens: []\n  # own trigger\n")
    )


def test_fields_of_the_organisation_keep_their_text() -> None:
    plain = OWN[: OWN.index("references:")]
    dated = plain.replace("2026-01-01", "2026-02-02").replace("1.0.0", "2.0.0")
    assert heads(plain, SHIPPED, ["title", "status"]) == dated
    assert heads(plain, SHIPPED) == dated.replace("Our title", "Title").replace("ours", "newer")
    assert heads(plain, plain.replace("# own head", "# x")) is None


def test_a_field_that_is_no_longer_shipped_goes() -> None:
    assert heads(OWN + "retired:\n  # long ago\n  c-0: gone\n", OWN) == OWN


FLOW = yaml.safe_dump(criterion("x"), default_flow_style=True, width=10_000).strip()


def test_a_list_in_brackets_is_put_on_lines() -> None:
    own = head() | {"criteria/f-1.yaml": "schema: criteria/1\nfamily: f-1\ncriteria: [" + FLOW + "] # ours\n"}
    shipped = head() | {"criteria/f-1.yaml": family("f-1", item("c-1"))}
    text = upgraded(own, shipped)["criteria/f-1.yaml"]
    assert text is not None
    assert text.startswith(
        "schema: criteria/1\nfamily: f-1\ncriteria:  # ours\n  - id: c-1\n    title: Criterion c-1\n"
    )
    assert [one["id"] for one in yaml.safe_load(text)["criteria"]] == ["c-1", "x"]


def test_a_head_that_fits_no_catalogue_is_refused() -> None:
    with pytest.raises(EvaluatorError) as raised:
        upgraded_texts(
            encoded(head("families: []\n")),
            encoded(head("schema: catalogue/1\n")),
            {},
            (catalogue(head()), catalogue(head())),
            NOTHING,
        )
    assert str(raised.value) == "'criteria/catalogue.yaml' cannot be put together; nothing was written."


def test_new_weights_are_nothing_until_somebody_weighs_them() -> None:
    text = "families:\n  a: 1\n\n# about criteria\ncriteria:\n    c: 2 # two\n\n"
    line = "# new in catalogue 2.0.0: has no effect until it is given a weight\n"
    assert weighed(text, ["x", "y"], ["z"], "2.0.0") == (
        f"families:\n  a: 1\n  {line}  x: 0\n  y: 0\n\n# about criteria\ncriteria:\n    c: 2 # two\n    {line}    z: 0\n\n"
    )
    assert weighed(text, [], (), "2.0.0") == text
    assert weighed(text, iter(["x"]), iter([]), "1").count(": 0\n") == 1
    assert (
        weighed("families:\n  a: 1\ncriteria:\n  b: 1", [], ["c"], "2.0.0")
        == f"families:\n  a: 1\ncriteria:\n  b: 1\n  {line}  c: 0\n"
    )
    assert yaml.safe_load(weighed(contents_of_weights(), ["x"], ["y"], "1"))["families"]["x"] == 0


def contents_of_weights() -> str:
    return yaml.safe_dump(contents()[WEIGHTS], sort_keys=False)


def test_the_digests_of_what_was_ever_shipped(tmp_path: Path) -> None:
    assert RELEASES == "criteria/releases.json"
    with pytest.raises(EvaluatorError) as raised:
        released(tmp_path)
    assert str(raised.value) == "The shipped catalogue lacks its list of releases; install evaluator again."
    (tmp_path / "criteria").mkdir()
    (tmp_path / RELEASES).write_text('{"a": ["1", "2"], "b": []}')
    assert released(tmp_path) == {"a": ("1", "2"), "b": ()}
