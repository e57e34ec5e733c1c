"""Files in the program's own style: the same values and comments, whatever the layout was."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import EVALUATION, WEIGHTS, card_of, contents, write
from hypothesis import given
from hypothesis import strategies as st
from strategies import evaluations

from evaluator.errors import ContentError, EvaluatorError
from evaluator.workspace.load import load
from evaluator.workspace.transaction import transaction
from evaluator.workspace.yaml_format import format_files, formatted, remarks_of, yaml_files
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import Remarks, dump

BEFORE = """\


# head

---
# about a
a: |- # text
  x
  # y

# z
b: >-
    q

  # indented less
c: plain
  multi   # several lines


d: "q # r"   # quoted
e: {a: 1, b: [x, y]} # in brackets
f:
g: # a mapping
  k: 1
  # end of g

  # more of g
# not of g
h:
- a # first
-
  - b
- - c
# before i
"k # x": 'it''s # n'
i: # a list
  # above the first
  - id: x # one
    # in x
    t: 1
    # below t
  # below the items
  - # hyphen
    id: y
  - {a: 1, # inside
     # before b
     b: 2} # item
  - [
     # comment
     q, r # r
     ] # end
n: [
 a, b, # after b
 c] # n
m: last
# fin

"""
AFTER = """\
# head

# about a
a: |-  # text
  x
  # y

# z
b: q

# indented less
c: plain multi  # several lines

d: 'q # r'  # quoted
e:  # in brackets
  a: 1
  b:
    - x
    - y
f: null
g:  # a mapping
  k: 1
  # end of g

  # more of g
# not of g
h:
  - a  # first
  -
    - b
  -
    - c
# before i
'k # x': 'it''s # n'
i:  # a list
  # above the first
  - id: x  # one
    # in x
    t: 1
    # below t
  # below the items
  # hyphen
  - id: y
  # item
  - a: 1  # inside
    # before b
    b: 2
  # end
  # comment
  -
    - q
    - r  # r
n:  # n
  - a
  - b  # after b
  - c
m: last
# fin
"""


def test_a_file_in_every_layout_to_the_letter() -> None:
    assert formatted(BEFORE.encode(), "f.yaml").decode() == AFTER
    assert formatted(AFTER.encode(), "f.yaml").decode() == AFTER
    windows = BEFORE.replace("\n", "\r\n").encode()
    assert formatted(windows, "f.yaml").decode() == AFTER.replace("\n", "\r\n")


@pytest.mark.parametrize("start", ["", "---\n", "\n", "---\n\n", "\n---\n"])
@pytest.mark.parametrize("text", ["a: 1\n\nb: []\n", "# a\n\na: 1\n\n# b\nb: 2\n"])
def test_blank_lines_go_at_the_start_only(start: str, text: str) -> None:
    assert formatted(f"{start}{text}".encode(), "f.yaml").decode() == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: [ # one\n  ]\nb: 1\n", "a: []  # one\nb: 1\n"),
        ("a: [ # one\n  # two\n] # end\nb: 1\n", "# one\n# two\na: []  # end\nb: 1\n"),
        ("a: # one\n  x # two\nb: 1\n", "# one\na: x  # two\nb: 1\n"),
        ("a: [x,\n# end\n]\nb: 1\n", "a:\n  - x\n  # end\nb: 1\n"),
    ],
)
def test_comments_inside_a_value_go_to_no_other_entry(before: str, after: str) -> None:
    assert formatted(before.encode(), "f.yaml").decode() == after
    assert formatted(after.encode(), "f.yaml").decode() == after


def test_comments_belong_to_their_entries() -> None:
    text = "# on a\na: 1 # beside\n\nb: # list\n  - x\n  # below\n# last\n"
    assert remarks_of(text, parse(text.encode(), "").places.root) == {
        ("a",): Remarks(("# on a",), "# beside"),
        ("b",): Remarks(("",), "# list", ("# below",)),
        ("b", 0): Remarks(),
        (): Remarks(below=("# last",)),
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [("a: [", "yaml-syntax"), ("a: 1\na: 2\n", "yaml-duplicate-key"), ("a: &x 1\n", "yaml-alias"), ("", "yaml-empty"),
     ("- a\n", "not-a-mapping"), ("{}\n", "not-a-mapping"), ("text\n", "not-a-mapping")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_by_its_line(text: str, code: str) -> None:
    with pytest.raises(ContentError) as raised:
        formatted(text.encode(), "f.yaml")
    assert raised.value.problems[0].code == code
    assert (raised.value.problems[0].file, raised.value.problems[0].line is not None) == ("f.yaml", True)


def test_what_would_not_be_read_back_is_refused() -> None:
    with pytest.raises(EvaluatorError) as raised:
        formatted(f"? {'x' * 1100}\n: 1\n".encode(), "f.yaml")
    assert str(raised.value) == "'f.yaml' is laid out so that it cannot be formatted safely."


COMMENTS = st.sampled_from(["# one", "#two: {", "# it's 'three' \"", "#", "# - id: x"])


@st.composite
def commented(draw: st.DrawFn) -> tuple[Any, str]:
    """A value, and a text of it in some layout with comments strewn in wherever a line may have one."""
    keys = st.sampled_from(["a", "b", "id", "long key", "x # y", "1", "it's"])
    texts = st.sampled_from(["x", "a: b # c", "word " * 40 + "end", "one\n# two", "", "null", "two\n", " blanks "])
    value = draw(
        st.dictionaries(
            keys,
            st.recursive(
                texts | st.integers(0, 9) | st.none(),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
                max_leaves=10,
            ),
            min_size=1,
            max_size=4,
        )
    )
    is_flow = draw(st.sampled_from([True, False, None]))
    text = yaml.safe_dump(value, sort_keys=False, default_flow_style=is_flow, width=draw(st.sampled_from([30, 1000])))
    inside = re.compile(r"[|>][-+]?$|['\"]")
    lines = []
    for line in text.rstrip("\n").split("\n"):
        if draw(st.booleans()) and not inside.search(text):
            lines += [*[""] * draw(st.integers(0, 2)), f"{' ' * draw(st.integers(0, 6))}{draw(COMMENTS)}"]
        lines.append(f"{line}  {draw(COMMENTS)}" if draw(st.booleans()) and not inside.search(text) else line)
    return value, "\n".join([*lines, *draw(st.lists(COMMENTS, max_size=1)), ""])


@given(commented())
def test_formatting_changes_no_value_and_loses_no_comment(drawn: tuple[Any, str]) -> None:
    _, text = drawn
    before = parse(text.encode(), "")
    if before.problems:  # a comment ended a text of several lines
        return
    once = formatted(text.encode(), "f.yaml")
    after = parse(once, "")
    assert repr(after.value) == repr(before.value)
    assert formatted(once, "f.yaml") == once
    assert dump(after.value, remarks_of(once.decode(), after.places.root)).encode() == once


def test_which_files_are_formatted(tmp_path: Path) -> None:
    root = write(tmp_path, contents(criteria=2))
    others = ("reports/2026/record.yaml", ".evaluator/x.yaml", "notes.yaml", "vendors/v-1/business/deeper/x.yaml")
    more = (
        "reports/language.yaml",
        "weights/it.yaml",
        "reviews/log.yaml",
        "vendors/v-1/desk-z.yaml",
        "vendors/v-1/old/x.yaml",
    )
    for name in (*others, *more, "vendors/v-1/.hidden.yaml", "vendors/v-1/picture.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("a: 1\n")
    assert yaml_files(root) == [
        EVALUATION, "reports/language.yaml", "criteria/catalogue.yaml", "criteria/f-1.yaml", "criteria/f-2.yaml",
        "criteria/guardrails.yaml", "criteria/use-cases.yaml", WEIGHTS, "weights/it.yaml", "reviews/log.yaml",
        "vendors/v-1/desk-z.yaml", "vendors/v-1/profile.yaml", card_of("v-1"), "vendors/v-1/old/x.yaml",
        "vendors/v-2/profile.yaml", card_of("v-2"),
    ][: len(yaml_files(root))]  # fmt: skip


@given(evaluations(), st.sampled_from([None, True]), st.sampled_from([40, 200]))
def test_a_workspace_is_the_same_afterwards(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any], is_flow: bool | None, width: int  # noqa: FBT001
) -> None:  # fmt: skip
    root = tmp_path_factory.mktemp("ws")
    for name, value in content.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(value, sort_keys=False, default_flow_style=is_flow, width=width, allow_unicode=True)
        (root / name).write_text(f"# {name}\n{text}", encoding="utf-8")
    before = load(root)
    names = yaml_files(root)
    with transaction(root) as change:
        first = format_files(change, names)
    assert set(first) == set(content)
    after = load(root)
    assert after.workspace == before.workspace
    assert [(one.code, one.file, one.path) for one in after.problems] == [
        (one.code, one.file, one.path) for one in before.problems
    ]
    assert all((root / name).read_text(encoding="utf-8").startswith(f"# {name}\n") for name in content)
    with transaction(root) as change:
        assert not any(format_files(change, names).values())


def test_nothing_is_written_where_one_file_is_broken(tmp_path: Path) -> None:
    root = write(tmp_path, contents(criteria=2))
    (root / WEIGHTS).write_text("a: [")
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    with transaction(root) as change, pytest.raises(ContentError) as raised:
        format_files(change, yaml_files(root))
    assert str(raised.value) == "Nothing was formatted, because files cannot be read. Fix them and try again."
    assert [problem.file for problem in raised.value.problems] == [WEIGHTS]
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before
