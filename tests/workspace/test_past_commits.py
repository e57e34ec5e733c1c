"""The workspace of a commit, for one vendor: which files count, what is shared, and why one cannot be used."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from builders import CATALOGUE, EVALUATION, WEIGHTS, build, card_of, contents, criterion, profile_of

from evaluator.workspace.git import Commit
from evaluator.workspace.past_commits import PastError, PastReader, files_of

COMMIT = Commit("1", None, "2", date(2026, 1, 1), "s")


class History:
    """Contents by id, and how often each was read."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.blobs: dict[str, bytes | None] = {}
        self.reads: list[str] = []
        self.asked: tuple[str, ...] = ()
        self.paths = {name: self.add(value) for name, value in content.items()}

    def add(self, value: Any) -> str:
        data = value if isinstance(value, bytes | None) else yaml.safe_dump(value, sort_keys=False).encode()
        blob = f"blob{len(self.blobs)}"
        self.blobs[blob] = data
        return blob

    def folders(self, _: Commit, folder: str) -> tuple[str, ...]:
        inside = [name.removeprefix(f"{folder}/") for name in self.paths if name.startswith(f"{folder}/")]
        return tuple({name.partition("/")[0]: None for name in inside if "/" in name})

    def files(self, _: Commit, folders: tuple[str, ...]) -> dict[str, str]:
        self.asked = folders
        return {name: blob for name, blob in self.paths.items() if name.rpartition("/")[0] in folders}

    def read(self, blob: str, limit: int) -> bytes | None:
        assert limit == 1_000_000
        self.reads.append(blob)
        return self.blobs[blob]


def read(content: dict[str, Any], vendor: str = "v-1") -> Any:
    past: Any = History(content)
    return PastReader(past).workspace(files_of(past, COMMIT, vendor), vendor)


def why(content: dict[str, Any], vendor: str = "v-1") -> str:
    with pytest.raises(PastError) as raised:
        read(content, vendor)
    return str(raised.value)


def test_only_the_files_that_matter_to_the_vendor_count() -> None:
    content = contents(vendors=["v-1", "v-10"])
    past: Any = History(
        {
            **content,
            "README.md": b"",
            "criteria/x.txt": b"",
            "criteria/deep/x.yaml": b"",
            "vendors/v-1/x.txt": b"",
            "vendors/v-1/business/x.txt": b"",
            "vendors/v-1/business/deep/x.yaml": b"",
            "vendors/v-1/My notes/x.yaml": b"",
            "x.yaml": b"",
        }
    )
    found = files_of(past, COMMIT, "v-1")
    assert past.asked == ("", "criteria", "vendors/v-1", "vendors/v-1/business")
    assert set(found) == {name for name in content if not name.startswith("vendors/v-10/")}
    assert found[EVALUATION] == past.paths[EVALUATION]


def test_it_is_the_workspace_with_that_vendor_alone() -> None:
    content = contents(criteria=3, assessors=("b", "a"))
    whole = build({name: value for name, value in content.items() if not name.startswith("vendors/v-2/")})
    found = read(content)
    assert (found.evaluation, found.catalogue, found.weights) == (whole.evaluation, whole.catalogue, whole.weights)
    assert (found.demand, found.guardrails, found.vendors) == (whole.demand, whole.guardrails, whole.vendors)
    assert [card.assessor for card in found.vendors["v-1"].scorecards] == ["a", "b"]
    content["criteria/0.yaml"] = {"schema": "criteria/1", "family": "other", "criteria": [criterion("x")]}
    del content["criteria/f-2.yaml"]
    assert {family: len(group) for family, group in read(content).catalogue.families.items()} == {
        "f-1": 2,
        "f-2": 0,
        "other": 1,
    }
    assert list(read(content).catalogue.families) == ["f-1", "f-2", "other"]


def test_moving_a_scorecard_changes_nothing() -> None:
    content = contents(assessors=("b", "a"))
    now = read(content)
    for assessors in (("b",), ("a",), ("a", "b")):
        moved = {**content}
        for assessor in assessors:
            moved[f"vendors/v-1/{assessor}.yaml"] = moved.pop(card_of("v-1", assessor))
        assert read(moved) == now


def test_a_folder_that_is_no_edition_holds_no_scorecard() -> None:
    assert read({**contents(), "vendors/v-1/capture/page.yaml": {"a": 1}}) == read(contents())


def test_two_scorecards_of_one_assessor_on_one_edition() -> None:
    content = contents()
    card = content[card_of("v-1")]
    content["vendors/v-1/desk-a.yaml"] = card
    assert why(content) == "there are two scorecards of desk-a on business"
    content["vendors/v-1/desk-a.yaml"] = {**card, "edition": "enterprise"}
    assert [card.edition for card in read(content).vendors["v-1"].scorecards] == ["business", "enterprise"]


def test_what_two_commits_share_is_read_once() -> None:
    past: Any = History(contents())
    reader = PastReader(past)
    files = files_of(past, COMMIT, "v-1")
    first = reader.workspace(files, "v-1")
    assert len(past.reads) == len(set(past.reads)) == len(files)
    changed = {**files, card_of("v-1"): past.add(contents(level=4)[card_of("v-1")])}
    second = reader.workspace(changed, "v-1")
    assert len(past.reads) == len(files) + 1
    assert second.evaluation is first.evaluation
    assert second.vendors["v-1"].scorecards[0].answers["c-1"].level == 4
    broken = {**files, card_of("v-1"): past.add(b"[")}
    for _ in range(2):
        with pytest.raises(PastError):
            reader.workspace(broken, "v-1")
    assert len(past.reads) == len(files) + 2


@pytest.mark.parametrize(
    "name", [EVALUATION, CATALOGUE, WEIGHTS, "criteria/use-cases.yaml", "criteria/guardrails.yaml", profile_of("v-1")]
)
def test_a_file_that_is_missing_is_named(name: str) -> None:
    content = contents()
    del content[name]
    assert why(content) == f"{name} is missing"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: [\n", "2:1: the line does not fit the lines above"),
        (b"schema: scorecard/1\n", "1:1: the key `answers` is missing"),
        (None, "1:1: the file is larger than 1 MB and was not read"),
    ],
)
def test_the_first_problem_of_a_file_is_told_with_its_place(data: bytes | None, words: str) -> None:
    assert why({**contents(), card_of("v-1"): data}) == f"{card_of('v-1')}:{words}"


def test_a_vendor_that_was_no_option_then() -> None:
    content = contents()
    content[EVALUATION]["options"] = ["v-2"]
    assert why(content) == "not an option then"
    assert read(content, "v-2").vendors.keys() == {"v-2"}


def test_a_level_that_the_criterion_did_not_have() -> None:
    content = contents()
    answers = content[card_of("v-1")]["answers"]
    answers["c-2"]["level"] = 5
    assert why(content) == "desk-a: c-2: there is no level 5"
    answers["c-9"] = answers.pop("c-2")
    assert read(content)
    answers["c-1"]["level"] = "unknown"
    assert read(content)
