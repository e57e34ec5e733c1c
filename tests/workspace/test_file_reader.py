"""The single files of a workspace, and what is noted about them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from builders import EVALUATION, card_of, contents, write

from evaluator.errors import Problem
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation
from evaluator.workspace.file_reader import KINDS, Reader, kind_of, schema_of

CARD = card_of("v-1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path.resolve(), contents())


def only(reader: Reader) -> Problem:
    (problem,) = reader.problems
    return problem


def test_a_file_is_read_with_its_digest_and_places(root: Path) -> None:
    reader = Reader(root)
    found = reader.model(EVALUATION, Evaluation)
    assert found
    assert found.title == "Test evaluation"
    assert reader.problems == []
    assert reader.digests == {EVALUATION: hashlib.sha256((root / EVALUATION).read_bytes()).hexdigest()}
    assert reader.places[EVALUATION].best(("title",)) == (2, 8)


def test_texts_may_come_from_elsewhere(root: Path) -> None:
    data = (root / EVALUATION).read_bytes().replace(b"Test evaluation", b"Another")
    found = Reader(root, lambda _: data).model(EVALUATION, Evaluation)
    assert found
    assert found.title == "Another"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[", ["yaml-syntax"]),
        ("", ["yaml-empty"]),
        ("- 1\n", ["wrong-type"]),
        ("schema: scorecard/1\nvendor: v\nvendor: w\n", ["yaml-duplicate-key", *["missing-key"] * 5]),
    ],
)
def test_a_file_with_errors_gives_nothing(text: str, codes: list[str], root: Path) -> None:
    (root / CARD).write_text(text)
    reader = Reader(root)
    assert reader.model(CARD, Scorecard) is None
    assert [problem.code for problem in reader.problems] == codes
    assert CARD in reader.digests


def test_content_that_fits_is_not_used_where_its_yaml_is_wrong(root: Path) -> None:
    (root / EVALUATION).write_text((root / EVALUATION).read_text() + "title: again\n")
    reader = Reader(root)
    assert reader.model(EVALUATION, Evaluation) is None
    assert only(reader).code == "yaml-duplicate-key"


def test_what_is_no_value_is_one_mistake(root: Path) -> None:
    text = (root / CARD).read_text()
    for value, codes in {
        "1e999": ["yaml-number"],
        "!x 1.5": ["yaml-tag"],
        '"\\e"': ["yaml-control"],
        "&x 1.5": ["yaml-alias", "wrong-type"],
    }.items():
        (root / CARD).write_text(text.replace("level: 0", f"level: {value}", 1))
        reader = Reader(root)
        assert reader.model(CARD, Scorecard) is None
        assert [problem.code for problem in reader.problems] == codes


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("scorecard/2", "the file was written for another version of the evaluator"),
        ("profile/1", "such a file belongs at vendors/<vendor>/profile.yaml"),
        ("profile", "such a file belongs at vendors/<vendor>/profile.yaml"),
        ("scorecard", "such a file belongs at vendors/<vendor>/<edition>/<assessor>.yaml"),
        ("other/1", "write schema: scorecard/1"),
        ("5", "write schema: scorecard/1"),
    ],
)
def test_a_file_of_another_kind_is_one_problem(said: str, hint: str, root: Path) -> None:
    (root / CARD).write_text(f"x: 1\nschema: {said}\n")
    reader = Reader(root)
    assert reader.model(CARD, Scorecard) is None
    message = f"schema: expected scorecard/1, found {said}"
    assert only(reader) == Problem("wrong-schema", message, CARD, ("schema",), 2, 9, hint=hint)


def test_a_file_that_says_nothing_of_its_kind_is_read_as_what_it_should_be(root: Path) -> None:
    (root / CARD).write_text("schema:\nvendor: v\n")
    reader = Reader(root)
    reader.model(CARD, Scorecard)
    assert "wrong-schema" not in [problem.code for problem in reader.problems]
    assert len(reader.problems) > 3


def test_a_missing_file_is_told_with_what_belongs_there(root: Path) -> None:
    (root / EVALUATION).unlink()
    reader = Reader(root)
    assert reader.model(EVALUATION, Evaluation) is None
    message = "the file is missing; expected what is decided, by whom, as of when"
    hint = "`evaluator init DIR --blank` shows what belongs in it"
    assert only(reader) == Problem("missing-file", message, EVALUATION, hint=hint)
    (root / "evaluation.yml").write_text("")
    reader = Reader(root)
    reader.model(EVALUATION, Evaluation)
    assert only(reader) == Problem("missing-file", message, EVALUATION, hint="rename evaluation.yml")
    reader = Reader(root)
    reader.model("vendors/x/profile.yaml", Profile)
    assert only(reader) == Problem(
        "no-profile",
        "the vendor's folder has no profile.yaml",
        "vendors/x/profile.yaml",
        hint="add it, or remove the folder",
    )


def test_a_file_that_cannot_be_read_is_told_as_such(root: Path) -> None:
    (root / EVALUATION).unlink()
    (root / EVALUATION).mkdir()
    reader = Reader(root)
    assert reader.model(EVALUATION, Evaluation) is None
    assert only(reader).code == "not-a-file"
    assert reader.digests == {}


def test_names_of_yaml_files(root: Path) -> None:
    folder = root / "x"
    folder.mkdir()
    for name in ("b.yaml", "a.yaml", "A b.yaml", ".h.yaml", "c.yml", "d.YAML", "e.txt", "yaml", "bad\n.yaml"):
        (folder / name).write_text("")
    (folder / "f.yml").mkdir()
    reader = Reader(root)
    assert reader.yaml_files("x") == ["A b.yaml", "a.yaml", "b.yaml"]
    assert reader.problems == [
        Problem("bad-name", "a file is named in lower-case letters and digits, in words joined by hyphens", "x/bad\ufffd.yaml",
                hint="for instance bad-.yaml"),
        Problem("stray-file", "the file is not read: its name ends in .yml", "x/c.yml", hint="rename it to c.yaml"),
        Problem("stray-file", "the file is not read: its name ends in .YAML", "x/d.YAML", hint="rename it to d.yaml"),
    ]  # fmt: skip
    assert reader.yaml_files("none") == []


def test_entries_of_a_folder_without_hidden_ones(root: Path) -> None:
    (root / "vendors/_x").mkdir()
    reader = Reader(root)
    assert [entry.name for entry in reader.entries("vendors") or ()] == ["v-1", "v-2"]
    assert reader.entries(EVALUATION) is None
    assert reader.yaml_files(EVALUATION) is None
    assert [problem.code for problem in reader.problems] == ["not-a-folder"] * 2


@pytest.mark.parametrize(
    ("name", "hint"), [("a/B c.d_e", "for instance b-c.d-e"), ("a/--", ""), ("表", ""), ("x", "for instance x")]
)
def test_a_name_that_cannot_be_used(name: str, hint: str, root: Path) -> None:
    reader = Reader(root)
    reader.bad_name(name, "a file")
    assert (only(reader).file, only(reader).hint) == (name, hint)


def test_a_note_has_the_place_of_its_path(root: Path) -> None:
    reader = Reader(root)
    reader.model(EVALUATION, Evaluation)
    reader.note("c", "m", EVALUATION, ("title",), "h")
    reader.note("c", "m", "elsewhere")
    assert reader.problems == [
        Problem("c", "m", EVALUATION, ("title",), 2, 8, hint="h"),
        Problem("c", "m", "elsewhere"),
    ]


def test_every_kind_says_what_it_is() -> None:
    assert {kind: schema_of(entry.model) for kind, entry in KINDS.items()} == {kind: f"{kind}/1" for kind in KINDS}
    assert {kind: kind_of(entry.model) for kind, entry in KINDS.items()} == {kind: kind for kind in KINDS}
    assert {kind: entry.place for kind, entry in KINDS.items()} == {
        "evaluation": "evaluation.yaml", "catalogue": "criteria/catalogue.yaml", "criteria": "criteria/<family>.yaml",
        "weights": "criteria/weights.yaml", "stakeholder": "weights/<role>.yaml", "use-cases": "criteria/use-cases.yaml",
        "guardrails": "criteria/guardrails.yaml", "profile": "vendors/<vendor>/profile.yaml",
        "scorecard": "vendors/<vendor>/<edition>/<assessor>.yaml", "review": "reviews/<review>.yaml",
        "own-work": "vendors/<vendor>/own-work.yaml", "language": "reports/language.yaml",
        "review-log": "reviews/log.yaml",
    }  # fmt: skip
