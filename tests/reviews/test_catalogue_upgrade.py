"""A newer catalogue: taken over by ids, with the organisation's own criteria, texts, weights and answers kept."""

from __future__ import annotations

import copy
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import (
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    WEIGHTS,
    Content,
    answer,
    build,
    card_of,
    contents,
    criterion,
    write,
)

from evaluator.api import catalogue_upgrade, check, score
from evaluator.errors import EvaluatorError, Notice, has_errors
from evaluator.model.catalogue import Catalogue
from evaluator.model.closed_review import Upgrade, UpgradeWhat
from evaluator.model.wording import content_digest
from evaluator.model.workspace import Workspace
from evaluator.reviews import review_files
from evaluator.reviews.catalogue_upgrade import OWN_FIELDS, head_field, upgrade
from evaluator.workspace.catalogue_texts import RELEASES
from evaluator.workspace.load import load
from evaluator.workspace.yaml_reader import parse

ON = date(2026, 12, 1)


def digests(*catalogues: Catalogue) -> dict[str, dict[str, str]]:
    """What ``criteria/releases.json`` holds once these were shipped."""
    table: dict[str, dict[str, str]] = {}
    for catalogue in catalogues:
        found = {key: content_digest(item) for key, item in catalogue.criteria.items()}
        found |= {f"head.{name}": content_digest(head_field(catalogue.head, name)) for name in OWN_FIELDS}
        for key, digest in found.items():
            table.setdefault(key, {}).setdefault(digest, catalogue.head.version)
    return table


def shipped(root: Path, old: Content, new: Content) -> Path:
    """A shipped evaluation whose catalogue was ``old`` before and is ``new`` now."""
    write(root, new)
    (root / RELEASES).write_text(json.dumps(digests(build(old).catalogue, build(new).catalogue)))
    return root


def next_version(old: Content) -> Content:
    """The catalogue after a year: one criterion re-worded, one made plainer, one new, one moved, one given up, one new family."""
    new = copy.deepcopy(old)
    new[CATALOGUE]["version"] = "1.1.0"
    new[CATALOGUE]["families"].append({"id": "f-3", "title": "Third", "about": "product"})
    new[CATALOGUE]["retired"] = {"c-6": "Asked by c-2 as well."}
    new[CATALOGUE]["triggers"] = [{"id": "sold", "when": "sold", "reopens": ["c-1"]}]
    first, second = new["criteria/f-1.yaml"]["criteria"], new["criteria/f-2.yaml"]["criteria"]
    first[0]["levels"][3] = "Something else."
    first[1]["fresh_months"] = 18
    second[0]["question"] = "How good is c-2 really?"
    second[0]["revisions"] = [{"version": "1.1.0", "meaning": "same", "note": "Plainer."}]
    moved = second.pop(1)
    assert moved["id"] == "c-4"
    assert second.pop(1)["id"] == "c-6"
    new["criteria/f-3.yaml"] = {"schema": "criteria/1", "family": "f-3", "criteria": [criterion("c-7"), moved]}
    new[WEIGHTS]["families"]["f-3"] = 5
    new[WEIGHTS]["criteria"]["c-7"] = 1
    del new[WEIGHTS]["criteria"]["c-6"]
    for value in new.values():
        if value["schema"] == "scorecard/1":
            del value["answers"]["c-6"]
    return new


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path, Content, Content]:
    """A workspace on the old catalogue, the shipped evaluation on the new one, and both contents."""
    old = contents(criteria=6, vendors=2)
    new = next_version(old)
    return write(tmp_path / "own", old), shipped(tmp_path / "shipped", old, new), old, new


def run(own: Path, new: Path, *, dry_run: bool = False) -> Upgrade:
    return upgrade(load(own), load(new), ON, dry_run=dry_run)


def workspace_of(root: Path) -> Workspace:
    problems = check(root)
    assert not has_errors(problems), problems
    found = load(root).workspace
    assert found
    return found


def whats(found: Upgrade) -> dict[str, set[UpgradeWhat]]:
    table: dict[str, set[UpgradeWhat]] = {}
    for item in found.items:
        table.setdefault(item.id, set()).add(item.what)
    return table


def test_every_difference_is_listed_and_carried_out(pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, _, _ = pair
    before = score(workspace_of(own))
    found = run(own, new)
    assert (found.old, found.new, found.done) == ("1.0.0", "1.1.0", True)
    assert whats(found) == {
        "c-1": {UpgradeWhat.REWORDED},
        "c-2": {UpgradeWhat.REPLACED},
        "c-3": {UpgradeWhat.REPLACED},
        "c-4": {UpgradeWhat.MOVED},
        "c-6": {UpgradeWhat.RETIRED},
        "c-7": {UpgradeWhat.ADDED},
    }
    assert "reviews/log.yaml" in found.files
    details = {item.id: item.details for item in found.items}
    assert details["c-1"] == ("levels 3",)
    assert details["c-3"] == ("fresh months 12 to 18",)
    assert details["c-6"] == ("Asked by c-2 as well.",)
    after = workspace_of(own)
    theirs = load(new).workspace
    assert theirs
    for key in ("c-1", "c-2", "c-3", "c-4", "c-5", "c-7"):
        assert after.catalogue.criteria[key] == theirs.catalogue.criteria[key]
    assert [c.id for c in after.catalogue.families["f-2"]] == ["c-2", "c-6"]
    assert [c.id for c in after.catalogue.families["f-3"]] == ["c-7", "c-4"]
    assert after.catalogue.head.triggers
    assert after.weights.criteria["c-7"] == 0
    assert after.weights.families["f-3"] == 0
    assert before.options[0].id == score(after).options[0].id


def test_no_score_moves_until_somebody_weighs_what_is_new(tmp_path: Path) -> None:
    old = contents(criteria=4, vendors=2)
    new = copy.deepcopy(old)
    new[CATALOGUE]["version"] = "1.1.0"
    new["criteria/f-1.yaml"]["criteria"].append(criterion("c-9"))
    new[WEIGHTS]["criteria"]["c-9"] = 4
    own, there = write(tmp_path / "own", old), shipped(tmp_path / "shipped", old, new)
    before = {option.id: option.score for option in score(workspace_of(own)).options}
    run(own, there)
    after = workspace_of(own)
    assert {option.id: option.score for option in score(after).options} == before
    assert after.weights.seal == build(old).weights.seal


def test_reworded_criteria_are_logged_so_that_their_answers_are_due(pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, _, _ = pair
    run(own, new)
    events = review_files.read_log(own).triggers
    assert [(event.trigger, event.vendor, event.date, event.reopens) for event in events] == [
        ("catalogue", None, ON, ("c-1",))
    ]


def test_twice_is_once(pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, _, _ = pair
    run(own, new)
    texts = {path: path.read_bytes() for path in own.rglob("*.yaml")}
    again = run(own, new)
    assert again.files == ()
    assert {path: path.read_bytes() for path in own.rglob("*.yaml")} == texts
    assert len(review_files.read_log(own).triggers) == 1


def test_a_dry_run_writes_nothing_and_says_the_same(pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, _, _ = pair
    texts = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    planned = run(own, new, dry_run=True)
    assert {path: path.read_bytes() for path in own.rglob("*") if path.is_file()} == texts
    done = run(own, new)
    assert (planned.items, planned.files) == (done.items, done.files)
    assert not planned.done


OWN_FAMILY = """\
schema: criteria/1
family: own-family
# Ours, with comments that stay.
criteria:
- id: own-one   # at another margin
  title: 'Own: one'
  question: Does it?
  why: >-
    It matters
    to us.
  levels: {0: no, 1: 'yes'}
  evidence: [a page]
  fresh_months: 12
  edition_sensitive: false
"""


def with_own(root: Path, old: Content) -> None:
    """Own criteria: one in a family of its own, one in a shipped family; one shipped criterion and one rule changed."""
    content = copy.deepcopy(old)
    content[CATALOGUE]["families"].append({"id": "own-family", "title": "Ours", "about": "vendor"})
    content[CATALOGUE]["rules"] = ["Our own rule."]
    content["criteria/f-1.yaml"]["criteria"][1]["levels"][2] = "Our own anchor."
    content["criteria/f-1.yaml"]["criteria"].append(criterion("own-two", references=["ours"]))
    content[CATALOGUE]["references"]["ours"] = {"title": "Our policy", "address": "https://intranet.example/p"}
    content[WEIGHTS]["families"]["own-family"] = 3
    content[WEIGHTS]["criteria"] |= {"own-one": 2, "own-two": 1}
    for vendor in ("v-1", "v-2"):
        content[card_of(vendor)]["answers"] |= {"own-one": answer(1), "own-two": answer(3)}
    write(root, content)
    (root / "criteria" / "own-family.yaml").write_text(OWN_FAMILY)


def test_own_criteria_families_texts_weights_and_answers_stay(pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, old, _ = pair
    with_own(own, old)
    before = workspace_of(own)
    found = run(own, new)
    after = workspace_of(own)
    assert whats(found)["c-3"] == {UpgradeWhat.KEPT}
    assert whats(found)["rules"] == {UpgradeWhat.KEPT}
    assert whats(found)["own-one"] == whats(found)["own-two"] == whats(found)["own-family"] == {UpgradeWhat.OWN}
    for key in ("own-one", "own-two", "c-3", "c-6"):
        assert after.catalogue.criteria[key] == before.catalogue.criteria[key]
    assert after.catalogue.head.rules == ("Our own rule.",)
    assert after.catalogue.head.references["ours"] == before.catalogue.head.references["ours"]
    assert after.weights.criteria == {**before.weights.criteria, "c-7": 0}
    assert after.vendors == before.vendors
    assert (own / "criteria" / "own-family.yaml").read_text() == OWN_FAMILY
    assert run(own, new).files == ()


def test_comments_of_own_criteria_in_shipped_families_stay(pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, _, _ = pair
    path = own / "criteria" / "f-1.yaml"
    block = "# ours, since 2026\n- id: own-two # tail\n" + yaml.safe_dump(
        {key: value for key, value in criterion("own-two").items() if key != "id"}
    ).replace("\n", "\n  ").rstrip().join(["  ", "\n"])
    path.write_text(path.read_text() + block)
    weights = own / WEIGHTS
    weights.write_text(weights.read_text().replace("criteria:\n", "criteria: # ours\n  own-two: 2\n"))
    run(own, new)
    text = path.read_text()
    assert "# ours, since 2026" in text
    assert "own-two # tail" in text
    assert "criteria: # ours" in weights.read_text()
    assert "# new in catalogue 1.1.0" in weights.read_text()


def test_another_catalogue_is_not_touched(pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, old, _ = pair
    content = copy.deepcopy(old)
    content[CATALOGUE]["id"] = "our-own"
    write(own, content)
    with pytest.raises(EvaluatorError, match="follows the catalogue our-own"):
        run(own, new)


@pytest.mark.parametrize("name", [WEIGHTS, "criteria/f-2.yaml"])
def test_an_unusual_layout_comes_to_the_same(name: str, pair: tuple[Path, Path, Content, Content]) -> None:
    own, new, old, _ = pair
    twin = shutil.copytree(own, own.with_name("twin"))
    path = own / name
    path.write_text(yaml.safe_dump(old[name], default_flow_style=True, width=10**6))
    run(own, new)
    run(twin, new)
    assert parse(path.read_bytes(), name).value == parse((twin / name).read_bytes(), name).value
    if name == WEIGHTS:
        assert "  # new in catalogue 1.1.0: has no effect until it is given a weight\n" in path.read_text()


def test_a_data_tag_that_a_new_gate_is_for_is_added_to_the_policy(tmp_path: Path) -> None:
    """Without it the workspace would have errors; tags that no criterion names stay out, and known ones as they are."""
    old = contents(criteria=2, vendors=1)
    old[GUARDRAILS]["data_tags"] = [{"id": "personal-data", "min_class": "public", "note": "Ours."}]
    new = copy.deepcopy(old)
    new[CATALOGUE]["version"] = "1.1.0"
    new["criteria/f-1.yaml"]["criteria"][0]["tag_gates"] = {"personal-data": 2, "must-stay": 3}
    stays = {"id": "must-stay", "title": "Stays", "min_class": "internal", "needs": ["region in the contract"]}
    new[GUARDRAILS]["data_tags"] = [{"id": "personal-data", "min_class": "internal"}, stays]
    new[GUARDRAILS]["data_tags"] += [{"id": "unnamed", "min_class": "internal"}]
    root = write(tmp_path / "own", old)
    found = run(root, shipped(tmp_path / "shipped", old, new))
    assert GUARDRAILS in found.files
    workspace_of(root)
    assert yaml.safe_load((root / GUARDRAILS).read_text()) == {
        **old[GUARDRAILS],
        "data_tags": [*old[GUARDRAILS]["data_tags"], stays],
    }


def test_an_added_data_tag_fits_the_classes_and_outcomes_of_the_organisation(tmp_path: Path) -> None:
    old = contents(criteria=2, vendors=1)
    new = copy.deepcopy(old)
    new[CATALOGUE]["version"] = "1.1.0"
    new["criteria/f-1.yaml"]["criteria"][0]["tag_gates"] = {"must-stay": 3}
    new[GUARDRAILS]["data_classes"].append(
        {"id": "secret", "title": "Secret", "meaning": "Keys.", "examples": ["keys"]}
    )
    new[GUARDRAILS]["outcomes"].append("refuse")
    new[GUARDRAILS]["data_tags"] = [{"id": "must-stay", "min_class": "secret", "outcome": "refuse"}]
    root = write(tmp_path / "own", old)
    run(root, shipped(tmp_path / "shipped", old, new))
    workspace_of(root)
    strictest = old[GUARDRAILS]["data_classes"][-1]["id"]
    assert yaml.safe_load((root / GUARDRAILS).read_text())["data_tags"] == [{"id": "must-stay", "min_class": strictest}]


@pytest.mark.parametrize(
    ("starter", "policies", "after"),
    [
        (False, None, {"gates": "all"}),
        (False, {"min_gain": 2}, {"min_gain": 2, "gates": "all"}),
        (False, {"gates": "starter"}, {"gates": "all"}),
        (False, {"gates": ["c-1"]}, {"gates": ["c-1"]}),
        (True, {"gates": "starter"}, {"gates": "starter"}),
    ],
)
def test_all_gates_are_on_where_there_is_no_starter_set_any_more(
    starter: bool,  # noqa: FBT001
    policies: dict[str, Any] | None,
    after: dict[str, Any],
    tmp_path: Path,
) -> None:
    old = contents(criteria=2, vendors=1)
    gated = old["criteria/f-1.yaml"]["criteria"][0]
    gated |= {"gates": {"internal": 2}, "starter_gate": True}
    old[EVALUATION].pop("policies", None)
    if policies is not None:
        old[EVALUATION]["policies"] = policies
    new = copy.deepcopy(old)
    new[CATALOGUE]["version"] = "1.1.0"
    new["criteria/f-1.yaml"]["criteria"][0]["starter_gate"] = starter
    root = write(tmp_path / "own", old)
    found = run(root, shipped(tmp_path / "shipped", old, new))
    assert workspace_of(root)
    assert yaml.safe_load((root / EVALUATION).read_text()).get("policies") == after
    assert [item.id for item in found.items if item.what is UpgradeWhat.GATES] == ["policies.gates"] * (
        after != policies
    )
    assert (EVALUATION in found.files) is (after != policies)


def test_the_shipped_workspace_is_up_to_date(tmp_path: Path) -> None:
    from evaluator.api import init

    init(tmp_path / "mine")
    found = catalogue_upgrade(tmp_path / "mine", on=ON, dry_run=True)
    assert found.files == ()
    assert found.items == ()


def test_a_dry_run_leaves_an_interrupted_change_alone(tmp_path: Path) -> None:
    root = write(tmp_path, contents(criteria=6, vendors=2))
    journal = root / ".evaluator/change/journal.json"
    journal.parent.mkdir(parents=True)
    journal.write_text('{"schema": "journal/1", "id": "1", "files": [], "made": []}')
    new = shipped(tmp_path / "shipped", contents(criteria=6, vendors=2), next_version(contents(criteria=6, vendors=2)))
    with pytest.warns(Notice, match="unfinished"):
        catalogue_upgrade(root, on=ON, dry_run=True, shipped=new)
    assert journal.exists()


def test_the_list_of_releases_is_current() -> None:
    root = Path(__file__).parents[2]
    table: dict[str, Any] = json.loads((root / RELEASES).read_text())
    found = load(root).workspace
    assert found
    for key, digest_now in digests(found.catalogue).items():
        assert set(digest_now) <= set(table[key]), f"{key} changed: run `make generate`"
