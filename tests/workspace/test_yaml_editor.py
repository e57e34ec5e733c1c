"""Edits of YAML at a path: the lines that change to the letter, and every other line as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import ContentError, EvaluatorError
from evaluator.workspace import yaml_editor
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_format import formatted
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import dump

DAY = date(2027, 10, 20)


def edited(text: str, change: Callable[[YamlEditor], Any]) -> str:
    editor = YamlEditor(text.encode(), "f.yaml")
    change(editor)
    found = editor.text().decode()
    assert parse(found.encode(), "").value == editor.value == editor.document.value
    return found


def put(text: str, path: tuple[str | int, ...], value: Any, **where: Any) -> str:
    return edited(text, lambda editor: editor.set(path, value, **where))


def added(text: str, entry: Any) -> str:
    return edited(text, lambda editor: editor.add(("checks",), entry))


def removed(text: str, *path: str | int) -> str:
    return edited(text, lambda editor: editor.remove(path))


TEXT = """\
as_of: 2026-01-02   # tail
quoted: '2026-01-02'
empty:   # nothing yet
list:
  - day: "2026-01-02"
  - x: 1
options: [a, b] # two
long: This is a text that somebody
  has folded by hand # here
block: |- # as it is
  one
  # two

# about answers
answers:
  a:
    level: 1
    confidence: low
  b:
    confidence: low
"""


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("as_of",), DAY, "2026-01-02   # tail", "2027-10-20   # tail"),
        (("quoted",), "a: b", "'2026-01-02'", "'a: b'"),
        (("quoted",), "x" * 60 + " " + "y" * 60, "'2026-01-02'", f">-\n  {'x' * 60}\n  {'y' * 60}"),
        (("empty",), 3, "empty:   # nothing yet", "empty: 3   # nothing yet"),
        (("empty",), ["a"], "empty:   # nothing yet", "empty:  # nothing yet\n  - a"),
        (("list", 0, "day"), DAY, '"2026-01-02"', "2027-10-20"),
        (("list", 1), "x", "- x: 1", "- x"),
        (("list", 1, "y"), 2, "- x: 1", "- x: 1\n    y: 2"),
        (("options",), ("a", "c"), "options: [a, b] # two", "options:  # two\n  - a\n  - c"),
        (("long",), "short", "This is a text that somebody\n  has folded by hand # here", "short # here"),
        (("block",), "b", "|- # as it is\n  one\n  # two", "b # as it is"),
        (("block",), "b\nc", "|- # as it is\n  one\n  # two", "|- # as it is\n  b\n  c"),
        (("answers", "a", "level"), 1.5, "level: 1", "level: 1.5"),
        (("answers", "a"), {"confidence": "low", "level": 2}, "level: 1", "level: 2"),
    ],
)
def test_a_value_takes_the_place_of_another(path: tuple[str | int, ...], value: Any, old: str, new: str) -> None:
    assert TEXT.count(old) > 0
    wanted = TEXT.replace(old, new, 1)
    assert put(TEXT, path, value) == wanted
    assert put(TEXT.replace("\n", "\r\n"), path, value) == wanted.replace("\n", "\r\n")


def test_what_is_the_same_is_not_written_again() -> None:
    assert put(TEXT, ("long",), "This is a text that somebody has folded by hand") == TEXT
    assert put(TEXT, ("list",), [{"day": DAY.replace(2026, 1, 2)}, {"x": 1}]) == TEXT
    assert removed(TEXT, "none") == TEXT


def test_a_new_key_takes_its_place() -> None:
    answer = "    level: 0\n"
    assert put(TEXT, ("answers", "b", "level"), 0, before="confidence") == TEXT.replace("  b:\n", f"  b:\n{answer}")
    assert put(TEXT, ("answers", "0"), {"level": 0}, order=("0", "a")) == TEXT.replace(
        "answers:\n", f"answers:\n  '0':\n{answer}"
    )
    assert put(TEXT, ("answers", "aa"), {"level": 0}, order=("a", "aa", "b")) == TEXT.replace(
        "  b:\n", f"  aa:\n{answer}  b:\n"
    )
    assert put(TEXT, ("new", "inside"), 1) == f"{TEXT}\nnew:\n  inside: 1\n"
    assert put(TEXT, ("answers", "c"), 1, remark="as agreed") == f"{TEXT}  # as agreed\n  c: 1\n"
    assert (
        put("a:\n    b:\n          c: 1\n", ("a", "d"), {"e": 2}) == "a:\n    b:\n          c: 1\n    d:\n      e: 2\n"
    )
    assert put("a:\n  # on b\n  b: 1\n", ("a", "a"), 0, order=("a", "b")) == "a:\n  a: 0\n  # on b\n  b: 1\n"
    assert put("# head\nb: 1\n", ("a",), 0, before="b") == "# head\na: 0\nb: 1\n"


def test_several_edits_are_made_at_once() -> None:
    def change(editor: YamlEditor) -> None:
        editor.remove(("answers", "b", "confidence"))
        editor.set(("answers", "b", "level"), 4)
        editor.set(("answers", "c"), {"level": 3})
        editor.remove(("quoted",))
        editor.add(("list",), "end")

    assert edited(TEXT, change) == (
        TEXT.replace("  b:\n    confidence: low\n", "  b:\n    level: 4\n  c:\n    level: 3\n")
        .replace("quoted: '2026-01-02'\n", "")
        .replace("  - x: 1\n", "  - x: 1\n  - end\n")
    )


def test_an_editor_goes_on_after_its_text_was_taken() -> None:
    editor = YamlEditor(b"a: 1\n", "f.yaml")
    editor.set(("b",), 2)
    assert editor.text() == b"a: 1\n\nb: 2\n"
    editor.set(("b",), 3)
    assert editor.text() == editor.text() == b"a: 1\n\nb: 3\n"


LINES = "  - vendor: v\n    date: 2027-10-20\n    no: false\n"
ENTRY = {"vendor": "v", "date": DAY, "no": False}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("s: 1\n", f"s: 1\n\nchecks:\n{LINES}"),
        ("s: 1", f"s: 1\n\nchecks:\n{LINES}"),
        ("checks: []\nz: 1\n", f"checks:\n{LINES}z: 1\n"),
        ("checks:\nz: 1\n", f"checks:\n{LINES}z: 1\n"),
        ("checks:\n  - a: 1\n", f"checks:\n  - a: 1\n{LINES}"),
        ("checks:\n  - a: 1", f"checks:\n  - a: 1\n{LINES}"),
        ("checks:\n  - a: 1\n\n# z\nz: 1\n", f"checks:\n  - a: 1\n{LINES}\n# z\nz: 1\n"),
        (
            "checks:\n  - a: 1\n    # inside\n  # below\nz: 1\n",
            f"checks:\n  - a: 1\n    # inside\n{LINES}  # below\nz: 1\n",
        ),
        ("checks:\n- a: 1\n", "checks:\n- a: 1\n" + LINES.replace("  - ", "- ").replace("    ", "  ")),
        ("checks: [{a: 1}] # c\n", f"checks:  # c\n  - a: 1\n{LINES}"),
        ("checks: [\n  # one\n  {a: 1}]\n", f"checks:\n  # one\n  - a: 1\n{LINES}"),
        ("{checks: [a], z: 1} # c\n", f"checks:\n  - a\n{LINES}z: 1  # c\n"),
    ],
)
def test_an_item_stands_at_the_end_of_its_list(before: str, after: str) -> None:
    assert added(before, ENTRY) == after
    if "\n" in before:
        assert added(before.replace("\n", "\r\n"), ENTRY) == after.replace("\n", "\r\n")


ITEMS = "l:\n  # on one\n  - id: one # 1\n    t: x\n\n  # on two\n  - id: two\n  - three\n# end\n"
ONE, TWO = {"id": "one", "t": "x"}, {"id": "two"}


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([ONE, "three"], ITEMS.replace("  - id: two\n", "")),
        ([{**ONE, "t": "y"}, TWO, "three"], ITEMS.replace("t: x", "t: y")),
        ([ONE, "new", TWO, "three"], ITEMS.replace("    t: x\n", "    t: x\n  - new\n")),
        (["new", ONE, TWO, "three"], ITEMS.replace("  # on one", "  - new\n  # on one")),
        (
            [TWO, ONE, "three"],
            "l:\n\n  # on two\n  - id: two\n  # on one\n  - id: one # 1\n    t: x\n  - three\n# end\n",
        ),
        (
            [{**TWO, "t": "y"}, "new", ONE],
            "l:\n\n  # on two\n  - id: two\n    t: y\n  - new\n  # on one\n  - id: one # 1\n    t: x\n# end\n",
        ),
        ([], "l: []\n  # on one\n  # on two\n# end\n"),
        (["other"], "l:\n  - other\n  # on one\n  # on two\n# end\n"),
    ],
)
def test_a_list_becomes_another_item_by_item(items: list[Any], text: str) -> None:
    assert put(ITEMS, ("l",), items) == text


def test_a_comment_above_an_item_stays_when_the_others_are_reordered() -> None:
    text = "l:\n  - a\n  - b\n  # on c\n  - c\n"
    assert put(text, ("l",), ["b", "a"]) == "l:\n  - b\n  - a\n  # on c\n"


def test_an_edit_that_would_lose_a_comment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_editor, "remarks_of", lambda *_: {})
    with pytest.raises(EvaluatorError, match=r"^'f\.yaml' cannot be edited safely"):
        put("l: [\n  a, # one\n  b]\n", ("l",), ["a", "c"])


def test_an_item_that_changes_among_others_is_known_by_its_words() -> None:
    text = "l:\n  - first # 1\n  - the exit plan was tested  # ask Ann\n"
    new = "the exit plan was tested twice"
    assert put(text, ("l",), [new]) == f"l:\n  - {new}  # ask Ann\n"
    assert put(text, ("l",), ["x", "y", new]) == f"l:\n  - x\n  - y\n  - {new}  # ask Ann\n"


def test_an_item_without_an_id_is_changed_in_its_place() -> None:
    text = "facts:\n  - f: a # one\n    g: 1\n  - f: b\n"
    assert put(text, ("facts", 0, "g"), 2) == text.replace("g: 1", "g: 2")
    assert put(text, ("facts",), [{"f": "new"}, {"f": "a", "g": 1}, {"f": "b"}]) == text.replace(
        "  - f: a", "  - f: new\n  - f: a"
    )


def test_an_entry_goes_and_comments_above_it_stay() -> None:
    assert removed(TEXT, "answers", "a") == TEXT.replace("  a:\n    level: 1\n    confidence: low\n", "")
    assert removed(TEXT, "list", 0) == TEXT.replace('  - day: "2026-01-02"\n', "")
    assert removed(TEXT, "answers") == TEXT[: TEXT.index("answers:\n")]
    assert removed("l:\n  - a: 1 # one\n    b: 2\n", "l", 0, "a") == "l:\n  - b: 2\n"
    assert removed("m:\n  # on a\n  a: 1\n  # end\nz: 1\n", "m", "a") == "m: {}\n  # on a\n  # end\nz: 1\n"


@pytest.mark.parametrize(
    ("text", "path", "new"),
    [
        ("- - a\n  - b\n", (0, 1), "-\n  - a\n  - x\n"),
        ("a:\n  - - b # c\n", ("a", 0, 0), "a:\n  -\n    - x  # c\n"),
        ("a:\n  long value\n", ("a",), "a: x\n"),
        ("a: # c\n  long value\n", ("a",), "a: x  # c\n"),
        ("a: {b: {c: 1}} # c\n", ("a", "b", "c"), "a:  # c\n  b:\n    c: x\n"),
        ("'a b':\n  -\n    # c\n    q: 1\n", ("a b", 0, "q"), "'a b':\n  -\n    # c\n    q: x\n"),
    ],
)
def test_an_unusual_layout_becomes_the_usual_one_where_it_has_to(
    text: str, path: tuple[str | int, ...], new: str
) -> None:
    if isinstance(path[0], int):
        text, path, new = (
            f"top:\n  {text.replace(chr(10), chr(10) + '  ').rstrip()}\n",
            ("top", *path),
            (f"top:\n  {new.replace(chr(10), chr(10) + '  ').rstrip()}\n"),
        )
    assert put(text, path, "x") == new


@pytest.mark.parametrize("blank", ["", "\n", "\n\n"])
@pytest.mark.parametrize("start", ["m: # c\n- >-\n  one\n", "m: # c\n  - a: 1\n    b: |\n      one\n"])
def test_a_list_that_ends_in_a_block_of_text_is_written_anew(start: str, blank: str) -> None:
    assert put(f"{start}{blank}e: 1\n", ("m",), [3, 4, "other"]) == f"m:  # c\n  - 3\n  - 4\n  - other\n{blank}e: 1\n"


def test_a_comment_in_brackets_follows_its_item() -> None:
    text = "missing: [\n  statement one, # about one\n  # above two\n  statement two # about two\n]\n"
    two = "  # above two\n  - statement two  # about two\n"
    assert removed(text, "missing", 0) == f"missing:\n{two}"
    assert put(text, ("missing",), ["new", "statement two"]) == f"missing:\n  - new  # about one\n{two}"
    assert put(text, ("missing",), ["new", "statement one", "statement two"]) == (
        f"missing:\n  - new\n  - statement one  # about one\n{two}"
    )
    assert removed(text, "missing", 1) == "missing:\n  - statement one  # about one\n  # above two\n"


def test_an_item_that_changes_keeps_the_comment_beside_it() -> None:
    text = "l:\n  - statement one  # ask Ann\n  - two # 2\n"
    assert put(text, ("l", 0), "revised") == text.replace("statement one", "revised")
    assert put(text, ("l",), ["a", "b"]) == "l:\n  - a  # ask Ann\n  - b # 2\n"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("[ # asked Ann\n  ]", "  # asked Ann\n  - x"),
        ("[\n  # asked Ann\n  ]", "  # asked Ann\n  - x"),
        ("[ # one\n  # two\n] # end", "  # end\n  - x\n  # one\n  # two"),
    ],
)
def test_an_empty_list_in_brackets_is_filled_with_its_comments(text: str, new: str) -> None:
    assert put(f"checks: {text}\nz: 1\n", ("checks",), ["x"]) == f"checks:{new}\nz: 1\n"


@pytest.mark.parametrize("text", ["s: &x 1\n", "s: 'x\n", "", "s: 1\ns: 2\n"])
def test_a_file_with_errors_is_not_edited(text: str) -> None:
    with pytest.raises(ContentError, match=r"^'f\.yaml' has errors; nothing was written\.$") as raised:
        YamlEditor(text.encode(), "f.yaml")
    assert raised.value.problems


@pytest.mark.parametrize(("text", "value"), [("? a\n: x:\n    y\n", 2), ("a: 1\n", "\ud800"), ("a: 1\n", "\x1b[31m")])
def test_what_would_not_be_read_back_is_refused(text: str, value: Any) -> None:
    with pytest.raises(EvaluatorError) as raised:
        put(text, ("a",), value)
    assert str(raised.value) == (
        "'f.yaml' cannot be edited safely, because of its layout or of a character in the new text; nothing was written. "
        "Try again after `evaluator format`."
    )


KEYS = st.sampled_from(["a", "b", "id", "long key", "1", "#"])
TEXTS = st.sampled_from(
    ["x", "a: b", "it's # so", "word " * 40 + "end", "one\ntwo", "", "null", "2026-01-01", "- x", "two\n"]
)
VALUES = st.recursive(
    TEXTS | st.integers(0, 9) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


@given(MAPPINGS, MAPPINGS, st.sampled_from(["program", "other", "brackets"]))
def test_any_value_becomes_any_other(old: dict[str, Any], new: dict[str, Any], style: str) -> None:
    text = {
        "program": lambda: dump(old),
        "other": lambda: yaml.safe_dump(listed(old), sort_keys=False, width=30),
        "brackets": lambda: yaml.safe_dump(listed(old), sort_keys=False, default_flow_style=True),
    }[style]()
    before = parse(text.encode(), "").value

    def change(editor: YamlEditor) -> None:
        for key in before.keys() - new.keys():
            editor.remove((key,))
        for key, value in new.items():
            editor.set((key,), value)

    assert parse(edited(text, change).encode(), "").value == new


def listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: listed(entry) for key, entry in value.items()}
    return [listed(entry) for entry in value] if isinstance(value, tuple) else value


@given(st.lists(st.tuples(KEYS, TEXTS), min_size=1, max_size=6, unique_by=lambda pair: pair[0]), st.data())
def test_one_edit_leaves_every_other_line(entries: list[tuple[str, str]], data: st.DataObject) -> None:
    text = "".join(f"# on {key}\n{dump({key: value})}" for key, value in entries)
    key, value = data.draw(st.sampled_from(entries))
    own = dump({key: value})
    assert put(text, (key,), "changed").replace(dump({key: "changed"}), own) == text


@given(
    st.lists(st.sampled_from([f"statement {word}" for word in "abcdefg"]), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(["statement a", "statement c", "statement e", "new x", "new y"]), max_size=5, unique=True),
    st.sampled_from(["block", "brackets"]),
    st.sampled_from(["", "\n"]),
)
def test_the_comment_of_an_item_that_stays_stays_beside_it(
    old: list[str], new: list[str], style: str, blank: str
) -> None:
    lines = [f"{item}, # {item}" if style == "brackets" else f"- {item}  # {item}" for item in old]
    start, end = ("l: [ # top\n", "]\n") if style == "brackets" else ("l:\n", "")
    rest = f"{blank}# on z\nz:   [1]   # z\n"
    text = start + "".join(f"  # above {item}\n  {line}\n" for item, line in zip(old, lines, strict=True)) + end + rest
    found = put(text, ("l",), new)
    assert found.endswith(rest)
    for item in set(old) & set(new):
        assert re.search(rf"# above {item}\n +(- )?{item},? +# {item}\n", found)
    assert all(f"# above {item}\n" in found for item in old)
    once = formatted(found.encode(), "f.yaml")
    assert formatted(once, "f.yaml") == once


@pytest.mark.parametrize("old", ["1", "1.0", "true", "0", "0.0", "false"])
@pytest.mark.parametrize("new", [1, 1.0, True, 0, 0.0, False])
@pytest.mark.parametrize("layout", ["a: {} # kept\nb: x\n", "a:\n  c: {}\nb: x\n", "a:\n  - {}\nb: x\n"])
def test_a_number_and_a_truth_value_that_python_takes_for_the_same_differ(layout: str, old: str, new: Any) -> None:
    text = layout.format(old)
    before = parse(text.encode(), "").value["a"]
    path = ("a", *(["c"] if isinstance(before, dict) else [0] if isinstance(before, tuple) else []))
    assert put(text, path, new) == layout.format({True: "true", False: "false"}[new] if isinstance(new, bool) else new)
