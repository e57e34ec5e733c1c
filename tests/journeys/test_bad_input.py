"""Every bad input: one sentence with its place, no traceback, and every other file still checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import (
    AS_OF,
    CATALOGUE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Content,
    card_of,
    contents,
    profile_of,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluator.errors import Problem, Severity
from evaluator.rules.run import run
from evaluator.workspace.load import Loaded, load

CARD = card_of("v-1")
OTHER = card_of("v-2")
FAMILY = "criteria/f-1.yaml"


def everything(root: Path) -> tuple[Loaded, tuple[Problem, ...]]:
    """What `check` reports: the problems of reading and of the content."""
    loaded = load(root)
    found = run(loaded.workspace, AS_OF, loaded.layout) if loaded.workspace else []
    return loaded, loaded.report(found)


@pytest.fixture
def content() -> Content:
    """Two vendors; the second one's scorecard has a mistake of its own that must always come out."""
    made = contents()
    made[OTHER]["answers"]["c-1"]["confidence"] = "sure"
    return made


def alone(problems: tuple[Problem, ...]) -> Problem:
    """The one problem beside the mistake in the other file, which must be there too."""
    others = [problem for problem in problems if problem.file == OTHER]
    assert [problem.code for problem in others] == ["not-one-of"]
    mine = [problem for problem in problems if problem.file != OTHER]
    assert len(mine) == 1, "\n".join(map(str, mine))
    assert mine[0].severity is Severity.ERROR
    assert str(mine[0]).isprintable()
    return mine[0]


def text_of(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False)


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 4)]
    return "\n".join(lines).encode()


BYTES: dict[str, tuple[Callable[[str], bytes], str, str]] = {
    "does not parse": (lambda text: text.replace("answers:", "answers: ]").encode(), "yaml-syntax", "does not fit"),
    "tab": (lambda text: text.replace("  c-1:", "\tc-1:").encode(), "yaml-tab", "indented with a tab"),
    "byte-order mark": (lambda text: b"\xef\xbb\xbf" + text.encode(), "yaml-bom", "byte-order mark"),
    "latin-1": (lambda text: text.replace("page", "pagé").encode("latin-1"), "yaml-encoding", "0xe9 is not UTF-8"),
    "empty": (lambda _: b"", "yaml-empty", "the file is empty"),
    "spaces only": (lambda _: b" \n\n", "yaml-empty", "the file is empty"),
    "10 MB": (lambda _: b"a: 1\n" * 2_000_000, "too-large", "larger than 1 MB"),
    "tag": (lambda text: text.replace("v-1", "!!python/object:os.system v-1").encode(), "yaml-tag", "!!python/object"),
    "no mapping": (lambda _: b"- a\n- b\n", "wrong-type", "expected a mapping of keys to values, found a list"),
    "one word": (lambda _: b"hello\n", "wrong-type", "expected a mapping of keys to values, found 'hello'"),
    "NUL bytes": (lambda _: b"\0" * 1000, "yaml-control", "a NUL character"),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "yaml-encoding", "0x89 is not UTF-8"),
    "duplicate key": (lambda text: (text + "vendor: v-1\n").encode(), "yaml-duplicate-key", "`vendor` is given here"),
    "two documents": (lambda text: (text + "---\na: 1\n").encode(), "yaml-documents", "second document"),
    "deep nesting": (lambda _: b"[" * 5000, "yaml-depth", "deeper than 30"),
    "unfinished merge": (lambda text: ("<<<<<<< mine\n" + text).encode(), "yaml-conflict", "unfinished merge"),
}


FOR_A_SCORECARD = {"does not parse", "tab", "latin-1", "tag", "duplicate key"}


@pytest.mark.parametrize(
    ("case", "file"),
    [
        (case, file)
        for case in BYTES
        for file in (CARD, profile_of("v-1"), FAMILY)
        if file == CARD or case not in FOR_A_SCORECARD
    ],
)
def test_a_file_that_is_no_good_yaml(case: str, file: str, content: Content, tmp_path: Path) -> None:
    change, code, words = BYTES[case]
    content[file] = change(text_of(content[file]))
    loaded, problems = everything(write(tmp_path, content))
    problem = alone(problems)
    assert (problem.file, problem.code) == (file, code)
    assert words in problem.message
    assert problem.line is not None
    assert loaded.workspace is not None


@pytest.mark.parametrize("file", [EVALUATION, CATALOGUE, WEIGHTS, USE_CASES, GUARDRAILS])
def test_one_of_the_five_files_is_broken(file: str, content: Content, tmp_path: Path) -> None:
    content[file] = b"a: [\n"
    loaded, problems = everything(write(tmp_path, content))
    problem = alone(problems)
    assert (problem.file, problem.code, problem.line) == (file, "yaml-syntax", 2)
    assert loaded.workspace is None


@pytest.mark.parametrize("file", [EVALUATION, CATALOGUE, WEIGHTS, USE_CASES, GUARDRAILS])
def test_one_of_the_five_files_is_missing(file: str, content: Content, tmp_path: Path) -> None:
    del content[file]
    loaded, problems = everything(write(tmp_path, content))
    problem = alone(problems)
    assert (problem.file, problem.code) == (file, "missing-file")
    assert "the file is missing; expected" in problem.message
    assert loaded.workspace is None


def test_a_bomb_of_aliases(content: Content, tmp_path: Path) -> None:
    content[CARD] = bomb()
    loaded, problems = everything(write(tmp_path, content))
    mine = [problem for problem in problems if problem.file == CARD]
    assert {problem.code for problem in mine} == {"yaml-alias"}
    assert len(mine) == 3  # the first three, and how many more there are
    assert "28 more of this kind in this file are not listed" in mine[-1].message
    assert loaded.workspace is not None
    assert [card.assessor for card in loaded.workspace.vendors["v-1"].scorecards] == []


def test_a_large_file_is_not_read(content: Content, tmp_path: Path) -> None:
    root = write(tmp_path, content)
    with (root / CARD).open("wb") as stream:
        stream.truncate(500_000_000_000)  # a hole on the disk; whoever reads it runs out of memory
    assert alone(everything(root)[1]).code == "too-large"


def test_a_vendor_folder_without_profile(content: Content, tmp_path: Path) -> None:
    del content[profile_of("v-1")]
    loaded, problems = everything(write(tmp_path, content))
    problem = alone(problems)
    assert (problem.file, problem.code) == ("vendors/v-1/profile.yaml", "no-profile")
    assert "no profile.yaml" in problem.message
    assert loaded.workspace is not None
    assert list(loaded.workspace.vendors) == ["v-2"]


def test_the_scorecards_of_a_vendor_without_profile_are_checked_too(content: Content, tmp_path: Path) -> None:
    del content[profile_of("v-2")]
    _, problems = everything(write(tmp_path, content))
    assert [(problem.file, problem.code) for problem in problems] == [
        (OTHER, "not-one-of"),
        (profile_of("v-2"), "no-profile"),
    ]


def test_an_empty_vendor_folder(content: Content, tmp_path: Path) -> None:
    (write(tmp_path, content) / "vendors/new").mkdir()
    assert alone(everything(tmp_path)[1]).code == "no-profile"


@pytest.mark.parametrize("folder", ["a-copy", "z-copy"])
def test_two_vendors_with_one_id(folder: str, content: Content, tmp_path: Path) -> None:
    content[profile_of(folder)] = content[profile_of("v-1")]
    loaded, problems = everything(write(tmp_path, content))
    problem = alone(problems)
    assert (problem.file, problem.code, problem.line, problem.column) == (profile_of(folder), "two-vendors", 2, 5)
    assert problem.message == "two vendors have the id v-1"
    assert "vendors/v-1/profile.yaml" in problem.hint
    assert loaded.workspace is not None
    assert sorted(loaded.workspace.vendors) == ["v-1", "v-2"]


def test_two_folders_that_both_claim_a_third_id(content: Content, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        content[profile_of(folder)] = {**content[profile_of("v-1")], "id": "three"}
    problems = everything(write(tmp_path, content))[1]
    assert [(problem.file, problem.code) for problem in problems if problem.file != OTHER] == [
        (profile_of("one"), "vendor-id"),
        (profile_of("two"), "two-vendors"),
    ]


def test_a_profile_in_a_folder_of_another_name(content: Content, tmp_path: Path) -> None:
    content[profile_of("v-1")]["id"] = "v-one"
    problem = alone(everything(write(tmp_path, content))[1])
    assert (problem.file, problem.code, problem.line) == (profile_of("v-1"), "vendor-id", 2)
    assert problem.message == "the profile says v-one, its folder says v-1"


def test_a_vendor_folder_with_a_bad_name(content: Content, tmp_path: Path) -> None:
    content["vendors/My Tool/profile.yaml"] = "a: 1"
    problem = alone(everything(write(tmp_path, content))[1])
    assert (problem.file, problem.code) == ("vendors/My Tool", "bad-name")
    assert problem.hint == "for instance my-tool"


def test_a_scorecard_of_another_vendor(content: Content, tmp_path: Path) -> None:
    content[CARD]["vendor"] = "v-2"
    problem = alone(everything(write(tmp_path, content))[1])
    assert (problem.file, problem.code, problem.line, problem.column) == (CARD, "scorecard-vendor", 2, 9)


def test_a_scorecard_under_another_name(content: Content, tmp_path: Path) -> None:
    content["vendors/v-1/desk-a (copy).yaml"] = content[CARD]
    problem = alone(everything(write(tmp_path, content))[1])
    assert (problem.file, problem.code) == ("vendors/v-1/desk-a (copy).yaml", "scorecard-assessor")
    assert "rename it to desk-a.yaml" in problem.hint


def test_two_criteria_with_one_id_across_files(content: Content, tmp_path: Path) -> None:
    content["criteria/f-2.yaml"]["criteria"][1]["id"] = "c-1"
    del content[WEIGHTS]["criteria"]["c-4"]
    for card in (CARD, OTHER):
        del content[card]["answers"]["c-4"]
    loaded, problems = everything(write(tmp_path, content))
    problem = alone(problems)
    assert (problem.file, problem.code, problem.path) == ("criteria/f-2.yaml", "two-criteria", ("criteria", 1, "id"))
    assert problem.message == "a second criterion has the id c-1"
    assert "criteria/f-1.yaml:4" in problem.hint
    assert loaded.workspace is not None
    assert list(loaded.workspace.catalogue.criteria) == ["c-1", "c-3", "c-2"]


def test_a_family_in_two_files(content: Content, tmp_path: Path) -> None:
    content["criteria/g.yaml"] = {**content["criteria/f-2.yaml"]}
    problem = alone(everything(write(tmp_path, content))[1])
    assert (problem.file, problem.code, problem.line) == ("criteria/g.yaml", "two-families", 2)
    assert "criteria/f-2.yaml" in problem.hint


def test_a_broken_criteria_file_sets_off_no_cascade(content: Content, tmp_path: Path) -> None:
    content[FAMILY]["criteria"][0]["levels"] = {0: "a"}
    loaded, problems = everything(write(tmp_path, content))
    problem = alone(problems)
    assert (problem.file, problem.code) == (FAMILY, "too-few")
    assert loaded.layout.incomplete_catalogue


def test_a_broken_profile_sets_off_no_cascade(content: Content, tmp_path: Path) -> None:
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    content[profile_of("v-1")]["name"] = 5
    loaded, problems = everything(write(tmp_path, content))
    assert alone(problems).code == "wrong-type"
    assert loaded.layout.incomplete_vendors == {"v-1", "v-2"}


def test_a_file_of_another_kind(content: Content, tmp_path: Path) -> None:
    content["criteria/mine.yaml"] = content[WEIGHTS]
    problem = alone(everything(write(tmp_path, content))[1])
    assert (problem.code, problem.line, problem.column) == ("wrong-schema", 1, 9)
    assert problem.message == "schema: expected criteria/1, found weights/1"
    assert problem.hint == "such a file belongs at criteria/weights.yaml"


def test_a_file_of_another_version(content: Content, tmp_path: Path) -> None:
    content[CARD]["schema"] = "scorecard/2"
    problem = alone(everything(write(tmp_path, content))[1])
    assert problem.hint == "the file was written for another version of the evaluator"


def test_a_file_of_no_kind(content: Content, tmp_path: Path) -> None:
    content[CARD]["schema"] = ["x"]
    assert alone(everything(write(tmp_path, content))[1]).hint == "write schema: scorecard/1"


# Links, rights, and things that are no files


@pytest.mark.parametrize("file", [CARD, profile_of("v-1"), FAMILY, WEIGHTS, EVALUATION])
def test_a_link_that_leaves_the_workspace(file: str, content: Content, tmp_path: Path) -> None:
    root = write(tmp_path / "workspace", content)
    secret = tmp_path / "secret.yaml"
    (root / file).rename(secret)
    (root / file).symlink_to(secret)
    problem = alone(everything(root)[1])
    assert (problem.file, problem.code) == (file, "link-outside")
    assert problem.message == "the link leaves the workspace and was not followed"


def test_a_vendor_folder_that_is_a_link_out_of_the_workspace(content: Content, tmp_path: Path) -> None:
    root = write(tmp_path / "workspace", content)
    (root / "vendors/v-1").rename(tmp_path / "elsewhere")
    (root / "vendors/v-1").symlink_to(tmp_path / "elsewhere")
    problem = alone(everything(root)[1])
    assert (problem.file, problem.code) == ("vendors/v-1", "link-outside")


def test_all_vendors_behind_a_link_out_of_the_workspace(tmp_path: Path) -> None:
    root = write(tmp_path / "workspace", contents())
    (root / "vendors").rename(tmp_path / "elsewhere")
    (root / "vendors").symlink_to(tmp_path / "elsewhere")
    problems = load(root).problems
    assert [(problem.file, problem.code) for problem in problems] == [("vendors", "link-outside")]


def test_a_link_inside_the_workspace_is_fine(tmp_path: Path) -> None:
    root = write(tmp_path, contents())
    (root / "kept").mkdir()
    (root / WEIGHTS).rename(root / "kept/weights.yaml")
    (root / WEIGHTS).symlink_to("../kept/weights.yaml")
    assert everything(root)[1] == ()


def test_the_workspace_itself_may_be_reached_through_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", contents())
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert everything(tmp_path / "link")[1] == ()


@pytest.mark.parametrize("aim", ["nowhere.yaml", "desk-a.yaml"])
def test_a_link_that_leads_nowhere(aim: str, content: Content, tmp_path: Path) -> None:
    root = write(tmp_path, content)
    (root / CARD).unlink()
    (root / CARD).symlink_to(aim)  # the second aim is the link itself
    problem = alone(everything(root)[1])
    assert (problem.file, problem.code) == (CARD, "broken-link")
    assert problem.message == "the link leads nowhere"


def test_a_vendor_folder_that_is_a_dangling_link(content: Content, tmp_path: Path) -> None:
    root = write(tmp_path, content)
    (root / "vendors/gone").symlink_to("nowhere")
    problem = alone(everything(root)[1])
    assert (problem.file, problem.code) == ("vendors/gone", "broken-link")


@pytest.mark.parametrize("file", [CARD, FAMILY, WEIGHTS])
def test_a_folder_where_a_file_is_expected(file: str, content: Content, tmp_path: Path) -> None:
    root = write(tmp_path, content)
    (root / file).unlink()
    (root / file).mkdir()
    problem = alone(everything(root)[1])
    assert (problem.file, problem.code) == (file, "not-a-file")
    assert problem.message == "expected a file, found a folder"


def test_a_file_where_a_folder_is_expected(tmp_path: Path) -> None:
    content = {name: value for name, value in contents().items() if not name.startswith("vendors/")}
    content["vendors"] = "a: 1\n"
    problems = load(write(tmp_path, content)).problems
    assert [(problem.file, problem.code) for problem in problems] == [("vendors", "not-a-folder")]


def test_a_pipe_does_not_hang(content: Content, tmp_path: Path) -> None:
    root = write(tmp_path, content)
    (root / CARD).unlink()
    os.mkfifo(root / CARD)
    problem = alone(everything(root)[1])
    assert (problem.file, problem.code) == (CARD, "not-a-file")


def deny(monkeypatch: pytest.MonkeyPatch, root: Path, name: str) -> None:
    """Takes the right to read a file or folder away, also from a superuser, who otherwise keeps it."""
    denied = str(root.resolve() / name)
    real_open, real_scan = os.open, os.scandir

    def refuse(path: Any, *rest: Any, **named: Any) -> int:
        if str(path) == denied:
            raise PermissionError(13, "Permission denied", denied)
        return real_open(path, *rest, **named)

    def refuse_scan(path: Any = ".") -> Any:
        if str(path) == denied:
            raise PermissionError(13, "Permission denied", denied)
        return real_scan(path)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_scan)


@pytest.mark.parametrize("file", [CARD, profile_of("v-1"), FAMILY, WEIGHTS, "vendors/v-1"])
def test_an_unreadable_file(file: str, content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deny(monkeypatch, write(tmp_path, content), file)
    problem = alone(everything(tmp_path)[1])
    assert (problem.file, problem.code) == (file, "unreadable")
    assert "cannot be read: permission denied" in problem.message


@pytest.mark.skipif(os.geteuid() == 0, reason="a superuser reads everything")
def test_an_unreadable_file_for_real(content: Content, tmp_path: Path) -> None:
    (write(tmp_path, content) / CARD).chmod(0)
    assert alone(everything(tmp_path)[1]).code == "unreadable"


# Names


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("criteria/more.yml", "rename it to more.yaml"),
        ("criteria/more.YAML", "rename it to more.yaml"),
        ("vendors/v-1/desk-b.yml", "rename it to desk-b.yaml"),
        ("vendors/new.yaml", "move it to vendors/new/profile.yaml"),
        ("vendors/new.yml", "move it to vendors/new/profile.yaml"),
    ],
)
def test_a_file_that_somebody_expects_to_be_read(file: str, hint: str, content: Content, tmp_path: Path) -> None:
    content[file] = "a: 1\n"
    problem = alone(everything(write(tmp_path, content))[1])
    assert (problem.file, problem.code, problem.hint) == (file, "stray-file", hint)


def test_a_file_with_a_name_that_cannot_be_printed(content: Content, tmp_path: Path) -> None:
    root = write(tmp_path, content)
    (root / "vendors/v-1/a\nb\x1b.yaml").write_text("a: 1\n")
    assert alone(everything(root)[1]).code == "bad-name"


def test_a_file_name_that_is_no_text(content: Content, tmp_path: Path) -> None:
    root = write(tmp_path, content)
    try:
        (root / os.fsdecode(b"criteria/\xff.yaml")).write_text("a: 1\n")
    except OSError:
        pytest.skip("the file system takes text only")
    assert alone(everything(root)[1]).code == "bad-name"


def test_what_editors_and_systems_leave_behind_is_ignored(tmp_path: Path) -> None:
    content = contents()
    for name in (
        "README.md", "notes.txt", "criteria/README.md", "criteria/.f-1.yaml.swp", "criteria/f-1.yaml~", "criteria/#f-1.yaml#",
        "criteria/.#f-1.yaml", "criteria/f-1.yaml.bak", "criteria/_draft.yaml", "vendors/.DS_Store", "vendors/README.md",
        "vendors/v-1/.desk-a.yaml.swp", "vendors/v-1/business/desk-a.yaml~", "vendors/v-1/notes.md", "vendors/v-1/_capture/page.yaml",
        "vendors/.git/config", "vendors/_template/profile.yaml", "criteria/old/f-1.yaml", "vendors/v-1/business/desk-a.yaml.orig",
    ):  # fmt: skip
        content[name] = "not: [valid"
    loaded, problems = everything(write(tmp_path, content))
    assert problems == ()
    assert loaded.workspace is not None


def test_a_weights_file_with_the_other_ending(content: Content, tmp_path: Path) -> None:
    content["criteria/weights.yml"] = content.pop(WEIGHTS)
    problems = everything(write(tmp_path, content))[1]
    assert [(problem.file, problem.code) for problem in problems if problem.file != OTHER] == [
        (WEIGHTS, "missing-file"),
        ("criteria/weights.yml", "stray-file"),
    ]
    assert problems[0].hint == "rename criteria/weights.yml"


# Whatever is in the files, nothing is raised


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("fuzz"), contents(criteria=2, families=1, vendors=1))


FILES = sorted(contents(criteria=2, families=1, vendors=1))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_mutation_of_a_file_raises(written: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES))
    path = written / file
    before = path.read_bytes()
    text = bytearray(before)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 2, 10, 80]))
        text[start:end] = data.draw(
            st.binary(max_size=4)
            | st.sampled_from([b"\n", b"\t", b": ", b"- ", b"[", b"}", b"&a ", b"*a", b"!!x ", b"'"])
        )
    path.write_bytes(bytes(text))
    try:
        loaded, problems = everything(written)
    finally:
        path.write_bytes(before)
    assert loaded.workspace is not None or problems
    for problem in problems:
        assert problem.message
        assert str(problem).isprintable()


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-300, 10**14)
    | st.floats(-1e6, 1e6)
    | st.sampled_from(["", "x", "unknown", "v-1", "Not An Id", "2026-02-30", "2027-01-01", "24.11.2026", "1", "c-1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "date", "level", "int", "grade", "x"]) | st.integers(0, 5), inner, max_size=3
        )
    ),
    max_leaves=5,
)


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every container in ``value`` with each of its keys or positions."""
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        found += [(value, key), *spots(item)]
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_mistake_in_the_content_gets_words_and_a_place(written: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES))
    content = contents(criteria=2, families=1, vendors=1)[file]
    holder, key = data.draw(st.sampled_from(spots(content)))
    action = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if action == "replace" or not isinstance(holder, dict):
        holder[key] = data.draw(values)
    elif action == "remove":
        del holder[key]
    else:
        holder[data.draw(st.sampled_from(["extra", "level", 7, "Bad Key", "int"]))] = data.draw(values)
    path = written / file
    before = path.read_bytes()
    path.write_text(text_of(content), encoding="utf-8")
    try:
        loaded, problems = everything(written)
    finally:
        path.write_bytes(before)
    for problem in problems:
        assert problem.code != "invalid-value", "an error type without words of its own"
        assert "Input should" not in problem.message
        assert problem.line is not None or problem.file not in loaded.places


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Two\nlines", "a name on one line"), ("x" * 501, "500"), ("", "text")],
)
def test_a_name_is_one_line_of_a_length_that_tables_can_hold(
    content: Content, tmp_path: Path, name: str, expected: str
) -> None:
    content["vendors/v-1/profile.yaml"]["name"] = name
    _, problems = everything(write(tmp_path, content))
    assert [problem.path for problem in problems if problem.file == "vendors/v-1/profile.yaml"] == [("name",)]
    assert any(expected in f"{problem.message} {problem.hint}" for problem in problems)
