"""From a folder to a workspace: each thing that is wrong is one problem, and what is left is used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import (
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    WEIGHTS,
    build,
    card_of,
    contents,
    criterion,
    profile_of,
    stakeholder,
    write,
)

from evaluator.errors import Notice, Problem
from evaluator.model.file_names import Layout
from evaluator.workspace import load as module
from evaluator.workspace.load import Loaded, load
from evaluator.workspace.yaml_positions import Node, Places

Content = dict[str, Any]


def broken(root: Path, change: Callable[[Content], object], **knobs: Any) -> Loaded:
    content = contents(**knobs)
    change(content)
    return load(write(root, content))


def told(loaded: Loaded) -> list[tuple[str, str, int | None, str, str]]:
    return [(one.code, one.file, one.line, one.message, one.hint) for one in loaded.problems]


def test_a_folder_gives_workspace_layout_digests_and_places(tmp_path: Path) -> None:
    content = contents(criteria=3)
    content["weights/it.yaml"] = stakeholder("it")
    loaded = load(write(tmp_path, content))
    assert loaded.root == tmp_path.resolve()
    assert loaded.workspace == build(content)
    assert loaded.problems == ()
    usual = Layout.default(build(content).catalogue)
    cards = {(vendor, "business", "desk-a"): card_of(vendor) for vendor in ("v-1", "v-2")}
    assert loaded.layout == replace(usual, scorecards=cards)
    assert loaded.digests == {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in content}
    assert set(loaded.places) == set(content)
    assert Loaded(tmp_path, None, ()) == Loaded(tmp_path, None, (), Layout(), {}, {})


@pytest.mark.parametrize("file", [EVALUATION, CATALOGUE, WEIGHTS, "criteria/use-cases.yaml", GUARDRAILS])
def test_without_one_of_five_files_there_is_no_workspace(file: str, tmp_path: Path) -> None:
    loaded = broken(tmp_path, lambda content: content.pop(file))
    assert loaded.workspace is None
    assert [(one.code, one.file) for one in loaded.problems] == [("missing-file", file)]
    assert loaded.layout.families == {"f-1": "criteria/f-1.yaml", "f-2": "criteria/f-2.yaml"}


def test_without_criteria_and_vendors_there_is_one(tmp_path: Path) -> None:
    loaded = broken(tmp_path, lambda _: None, criteria=0, vendors=0)
    assert loaded.workspace
    assert loaded.workspace.catalogue.families == {"f-1": (), "f-2": ()}
    assert loaded.workspace.vendors == {}
    assert loaded.problems == ()
    assert not loaded.layout.incomplete_catalogue


def test_a_broken_file_of_criteria_makes_the_catalogue_incomplete(tmp_path: Path) -> None:
    loaded = broken(tmp_path, lambda content: content.update({"criteria/f-2.yaml": "["}))
    assert loaded.workspace
    assert list(loaded.workspace.catalogue.criteria) == ["c-1", "c-3"]
    assert loaded.layout.incomplete_catalogue
    assert loaded.layout.families == {"f-1": "criteria/f-1.yaml"}


def test_the_second_file_of_a_family_is_not_used(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        content["criteria/a.yaml"] = content["criteria/f-2.yaml"] | {"family": "f-1"}

    loaded = broken(tmp_path, change)
    assert told(loaded) == [
        ("two-families", "criteria/f-1.yaml", 2, "the family f-1 has a second file here",
         "the first is criteria/a.yaml; move all its criteria into one of them"),
        ("two-criteria", "criteria/f-2.yaml", 4, "a second criterion has the id c-2",
         "the first is at criteria/a.yaml:4; give one of them another id"),
        ("two-criteria", "criteria/f-2.yaml", 18, "a second criterion has the id c-4",
         "the first is at criteria/a.yaml:18; give one of them another id"),
    ]  # fmt: skip
    assert loaded.layout.incomplete_catalogue
    assert loaded.layout.families == {"f-1": "criteria/a.yaml", "f-2": "criteria/f-2.yaml"}
    assert loaded.workspace
    assert loaded.workspace.catalogue.families["f-2"] == ()


def test_a_criterion_whose_id_is_taken_is_left_out_and_the_others_keep_their_places(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        content["criteria/f-2.yaml"]["criteria"] = [criterion(key) for key in ("c-2", "c-1", "c-2", "c-4")]

    loaded = broken(tmp_path, change)
    assert [one.code for one in loaded.problems] == ["two-criteria"] * 2
    assert loaded.layout.criteria == {
        "c-1": ("criteria/f-1.yaml", 0), "c-3": ("criteria/f-1.yaml", 1), "c-2": ("criteria/f-2.yaml", 0), "c-4": ("criteria/f-2.yaml", 3),
    }  # fmt: skip
    assert not loaded.layout.incomplete_catalogue


def test_a_folder_of_criteria_that_cannot_be_read_makes_the_catalogue_incomplete(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    (root / "criteria").rename(tmp_path / "x")
    (root / "criteria").write_text("")
    assert load(root).layout.incomplete_catalogue


def test_families_that_the_head_does_not_list_come_last(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        content["criteria/a.yaml"] = {"schema": "criteria/1", "family": "a", "criteria": [criterion("x")]}

    loaded = broken(tmp_path, change)
    assert loaded.workspace
    assert list(loaded.workspace.catalogue.families) == ["f-1", "f-2", "a"]


def test_what_stakeholders_said_is_read_by_role(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        for name, role in {"it": "it", "hr": "law", "zz": "zz"}.items():
            content[f"weights/{name}.yaml"] = stakeholder(role)
        content["weights/bad.yaml"] = "["

    loaded = broken(tmp_path, change)
    assert loaded.workspace
    assert list(loaded.workspace.stakeholders) == ["it", "zz"]
    assert [(one.code, one.file) for one in loaded.problems] == [
        ("yaml-syntax", "weights/bad.yaml"),
        ("stakeholder-role", "weights/hr.yaml"),
    ]
    assert told(loaded)[1] == (
        "stakeholder-role", "weights/hr.yaml", 2, "the weights of law bear the name hr.yaml", "rename it to law.yaml, or correct `role`",
    )  # fmt: skip


def test_scorecards_are_in_the_order_of_assessors(tmp_path: Path) -> None:
    loaded = broken(tmp_path, lambda _: None, vendors=1, assessors=("b", "a-1", "a"))
    assert loaded.workspace
    assert [card.assessor for card in loaded.workspace.vendors["v-1"].scorecards] == ["a", "a-1", "b"]


@pytest.mark.parametrize("file", [card_of("v-1"), profile_of("v-1")])
def test_a_broken_file_of_a_vendor_leaves_the_rest(file: str, tmp_path: Path) -> None:
    loaded = broken(tmp_path, lambda content: content.update({file: "["}), assessors=("desk-a", "desk-b"))
    assert loaded.workspace
    assert loaded.layout.incomplete_vendors == {"v-1"}
    assert list(loaded.workspace.vendors) == (["v-1", "v-2"] if file == card_of("v-1") else ["v-2"])
    assert len(loaded.problems) == 1
    if file == card_of("v-1"):
        assert [card.assessor for card in loaded.workspace.vendors["v-1"].scorecards] == ["desk-b"]


def test_scorecards_are_read_where_the_profile_is_broken(tmp_path: Path) -> None:
    flat = "vendors/v-1/desk-b.yaml"
    loaded = broken(tmp_path, lambda content: content.update({profile_of("v-1"): "[", card_of("v-1"): "[", flat: "["}))
    assert [one.file for one in loaded.problems] == [card_of("v-1"), flat, profile_of("v-1")]


def test_a_scorecard_in_another_place_is_not_used(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        content["vendors/v-1/x.yaml"] = content[card_of("v-1")]
        content["vendors/v-1/y.yaml"] = content[card_of("v-2")]

    loaded = broken(tmp_path, change)
    assert told(loaded) == [
        ("scorecard-assessor", "vendors/v-1/x.yaml", 4, "the scorecard of desk-a bears the name x.yaml",
         "rename it to desk-a.yaml, or correct `assessor`"),
        ("scorecard-vendor", "vendors/v-1/y.yaml", 2, "the scorecard is about v-2 but lies in the folder of v-1",
         "move it to vendors/v-2/business/desk-a.yaml, or correct `vendor`"),
    ]  # fmt: skip
    assert loaded.layout.incomplete_vendors == {"v-1"}


def test_scorecards_lie_in_the_folders_of_their_editions_or_beside_the_profile(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        content["vendors/v-1/desk-a.yaml"] = content.pop(card_of("v-1"))
        content[card_of("v-1", edition="enterprise")] = {**content["vendors/v-1/desk-a.yaml"], "edition": "enterprise"}

    loaded = broken(tmp_path, change, assessors=("desk-a", "agreed"))
    assert loaded.problems == ()
    assert loaded.workspace
    cards = loaded.workspace.vendors["v-1"].scorecards
    assert [(card.assessor, card.edition) for card in cards] == [
        ("agreed", "business"), ("desk-a", "business"), ("desk-a", "enterprise"),
    ]  # fmt: skip
    assert [loaded.layout.file_of(card) for card in cards] == [
        "vendors/v-1/business/agreed.yaml", "vendors/v-1/desk-a.yaml", "vendors/v-1/enterprise/desk-a.yaml",
    ]  # fmt: skip


def test_the_place_of_a_scorecard_does_not_change_the_content(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        for vendor, assessor in (("v-1", "b"), ("v-2", "a")):
            content[f"vendors/{vendor}/{assessor}.yaml"] = content.pop(card_of(vendor, assessor))

    content = contents(assessors=("a", "b"))
    moved = broken(tmp_path, change, assessors=("a", "b")).workspace
    assert moved == build(content)
    assert moved
    assert moved.digest == build(content).digest


def test_a_scorecard_in_the_folder_of_another_edition_is_not_used(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        content[card_of("v-1", edition="enterprise")] = content.pop(card_of("v-1"))

    loaded = broken(tmp_path, change)
    assert told(loaded) == [
        ("scorecard-edition", "vendors/v-1/enterprise/desk-a.yaml", 3,
         "the scorecard is on the edition business but lies in the folder of enterprise",
         "move it to vendors/v-1/business/desk-a.yaml, or correct `edition`"),
    ]  # fmt: skip
    assert loaded.layout.incomplete_vendors == {"v-1"}
    assert loaded.workspace
    assert loaded.workspace.vendors["v-1"].scorecards == ()


def test_one_scorecard_in_two_places_is_used_once(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        content["vendors/v-1/desk-a.yaml"] = {**content[card_of("v-1")], "kind": "trial"}

    loaded = broken(tmp_path, change)
    assert told(loaded) == [
        ("two-scorecards", "vendors/v-1/desk-a.yaml", 4, "a second scorecard of desk-a is on the edition business",
         "the other is vendors/v-1/business/desk-a.yaml; remove one of the two"),
    ]  # fmt: skip
    assert loaded.layout.incomplete_vendors == {"v-1"}
    assert loaded.workspace
    assert [card.kind for card in loaded.workspace.vendors["v-1"].scorecards] == ["desk review"]


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("busines/desk-b.yaml", ("edition-folder", "vendors/v-1/busines", None,
         "the files in this folder are not read: v-1 has no edition busines",
         "its editions are business, enterprise; rename the folder, or add the edition to vendors/v-1/profile.yaml")),
        ("Business/desk-b.yaml", ("bad-name", "vendors/v-1/Business", None,
         "an edition's folder is named in lower-case letters and digits, in words joined by hyphens", "for instance business")),
        ("business/2026/desk-b.yaml", ("folder-too-deep", "vendors/v-1/business/2026", None,
         "the files in this folder are not read: scorecards lie directly in the folder of their edition",
         "move them to vendors/v-1/business")),
        ("enterprise", ("not-a-folder", "vendors/v-1/enterprise", None, "expected a folder, found a file", "rename or remove it")),
    ],
)  # fmt: skip
def test_scorecards_that_would_be_overlooked_are_named(place: str, problem: tuple[Any, ...], tmp_path: Path) -> None:
    loaded = broken(tmp_path, lambda content: content.update({f"vendors/v-1/{place}": content[card_of("v-1")]}))
    assert told(loaded) == [problem]
    assert loaded.layout.incomplete_vendors == {"v-1"}


def test_links_in_place_of_an_editions_folder(tmp_path: Path) -> None:
    root = write(tmp_path / "w", contents())
    (tmp_path / "out").mkdir()
    (tmp_path / "out/desk-b.yaml").write_text("secret")
    link = root / "vendors/v-1/enterprise"
    for aim, code in ((tmp_path / "out", "link-outside"), ("nowhere", "broken-link"), ("enterprise", "broken-link")):
        link.symlink_to(aim)
        loaded = load(root)
        assert [(one.code, one.file) for one in loaded.problems] == [(code, "vendors/v-1/enterprise")]
        assert loaded.layout.incomplete_vendors == {"v-1"}
        link.unlink()
    link.symlink_to(root / "vendors/v-2/business")
    assert [(one.code, one.file) for one in load(root).problems] == [
        ("scorecard-vendor", "vendors/v-1/enterprise/desk-a.yaml")
    ]
    link.unlink()
    link.mkdir()
    (link / "desk-b.yaml").symlink_to(tmp_path / "out/desk-b.yaml")
    assert [(one.code, one.file) for one in load(root).problems] == [
        ("link-outside", "vendors/v-1/enterprise/desk-b.yaml")
    ]


def test_pictures_beside_the_scorecards_are_nobodys_mistake(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    for name in (
        "screens/a.png",
        "Screens of 2026/a.png",
        "business/screens/a.png",
        "_old/desk-z.yaml",
        "enterprise/.keep",
    ):
        (root / "vendors/v-1" / name).parent.mkdir(parents=True)
        (root / "vendors/v-1" / name).write_text("x")
    (root / "vendors/v-1/out").symlink_to(tmp_path.parent)
    assert load(root).problems == ()


def test_a_profile_that_says_another_id(tmp_path: Path) -> None:
    def change(content: Content) -> None:
        for folder, said in {"v-2": "v-1", "v-3": "x", "v-4": "x"}.items():
            content[profile_of(folder)]["id"] = said

    loaded = broken(tmp_path, change, vendors=4)
    assert told(loaded) == [
        ("two-vendors", profile_of("v-2"), 2, "two vendors have the id v-1",
         "the other is vendors/v-1/profile.yaml; if this is another vendor, write id: v-2 here, else remove the folder vendors/v-2"),
        ("vendor-id", profile_of("v-3"), 2, "the profile says x, its folder says v-3", "rename one of them"),
        ("two-vendors", profile_of("v-4"), 2, "two vendors have the id x",
         "the other is vendors/v-3/profile.yaml; if this is another vendor, write id: v-4 here, else remove the folder vendors/v-4"),
    ]  # fmt: skip
    assert loaded.workspace
    assert list(loaded.workspace.vendors) == ["v-1"]
    assert loaded.layout.incomplete_vendors == {"v-2", "v-3", "v-4"}


def test_what_else_lies_among_the_vendors(tmp_path: Path) -> None:
    root = write(tmp_path, contents(vendors=1))
    for name in ("Big Vendor", "_hidden", ".git"):
        (root / "vendors" / name).mkdir()
    for name in ("acme.yaml", "other.YML", "notes.txt", "file", "README.md"):
        (root / "vendors" / name).write_text("")
    (root / "vendors/a.b").symlink_to("nowhere")
    (root / "vendors/Link").symlink_to("nowhere")
    loaded = load(root)
    assert [(one.code, one.file, one.hint) for one in loaded.problems] == [
        ("bad-name", "vendors/Big Vendor", "for instance big-vendor"),
        ("broken-link", "vendors/Link", "replace it by the file itself"),
        ("stray-file", "vendors/acme.yaml", "move it to vendors/acme/profile.yaml"),
        ("not-a-folder", "vendors/file", "rename or remove it"),
        ("stray-file", "vendors/other.YML", "move it to vendors/other/profile.yaml"),
    ]
    assert loaded.problems[2].message == "the file is not read: a vendor is a folder with a profile.yaml"
    assert (
        loaded.problems[0].message
        == "a vendor's folder is named in lower-case letters and digits, in words joined by hyphens"
    )


def test_a_vendor_whose_folder_cannot_be_read_is_incomplete(tmp_path: Path) -> None:
    root = write(tmp_path / "w", contents(vendors=1))
    (tmp_path / "out").mkdir()
    (root / "vendors/v-2").symlink_to(tmp_path / "out")
    loaded = load(root)
    assert loaded.layout.incomplete_vendors == {"v-2"}
    assert [one.code for one in loaded.problems] == ["link-outside"]


PLACES = {"f": Places(Node(1, 1, {"a": (2, 3, Node(2, 6)), "b": (4, 1, Node(5, 3, {}))}))}


def test_a_problem_is_pinned_where_its_place_is_known() -> None:
    loaded = Loaded(Path(), None, (), places=PLACES)
    assert loaded.pin(Problem("c", "m", "f", ("a",))) == Problem("c", "m", "f", ("a",), 2, 6)
    assert loaded.pin(Problem("c", "m", "f", ("b",))) == Problem("c", "m", "f", ("b",), 4, 1)
    for problem in (
        Problem("c", "m", "g", ("a",)),
        Problem("c", "m", "f", ("a",), line=9),
        Problem("c", "m", "f", cell="A1"),
    ):
        assert loaded.pin(problem) is problem


def test_a_report_is_in_the_order_of_files_lines_columns_and_codes() -> None:
    ordered = [
        Problem("c", "m", "e", line=9), Problem("z", "m", "f"), Problem("a", "m", "f", ("a",), 1, 2), Problem("b", "m", "f", ("a",), 1, 2),
        Problem("a", "m", "f", ("a",), 1, 3), Problem("a", "m", "f", ("a",), 2, 6),
    ]  # fmt: skip
    loaded = Loaded(Path(), None, tuple(ordered[4::-1]), places={"f": Places(Node(1, 1, {"a": (2, 3, Node(2, 6))}))})
    assert loaded.report([Problem("a", "m", "f", ("a",))]) == tuple(ordered)
    many = Loaded(Path(), None, ()).report(Problem("c", str(line), "f", line=line) for line in range(150, 0, -1))
    assert len(many) == 100
    assert many[0].message == "1"


def test_while_a_change_is_unfinished_the_state_before_it_is_read(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    before = (root / EVALUATION).read_bytes()
    after = before.replace(b"Test evaluation", b"Half done")
    folder = root / ".evaluator/change"
    folder.mkdir(parents=True)
    entry = {
        "name": EVALUATION,
        "before": hashlib.sha256(before).hexdigest(),
        "after": hashlib.sha256(after).hexdigest(),
    }
    (folder / "0.old").write_bytes(before)
    (folder / "journal.json").write_text(json.dumps({"schema": "journal/1", "id": "1", "files": [entry], "made": []}))
    (root / EVALUATION).write_bytes(after)
    with pytest.warns(Notice, match="is unfinished: another command is making it"):
        loaded = load(root)
    assert loaded.workspace
    assert loaded.workspace.evaluation.title == "Test evaluation"


def test_reading_begins_again_where_somebody_writes_and_waits_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, contents())
    (root / ".evaluator").mkdir()
    real, calls = module._load, []  # noqa: SLF001
    changes = iter(range(100))
    monkeypatch.setattr(module, "_load", lambda folder: calls.append(folder) or real(folder))  # type: ignore[func-returns-value]
    for states, reads in (([1, 1], 1), ([1, 2, 2, 2], 2), ([1, 2, 2, 3, 3, 3], 3)):
        calls.clear()
        left = iter(states)
        monkeypatch.setattr(module, "last_change", lambda _, left=left: next(left))
        assert load(root).workspace
        assert len(calls) == reads
        assert not (root / ".evaluator/lock").exists()
    calls.clear()
    monkeypatch.setattr(module, "last_change", lambda _: next(changes))
    assert load(root).workspace
    assert len(calls) == 4
    assert (root / ".evaluator/lock").exists()
