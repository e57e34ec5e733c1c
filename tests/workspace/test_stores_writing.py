"""Writing scorecards: comments and order stay, the last writer is told, a dead one leaves a whole file."""

from __future__ import annotations

import multiprocessing
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import answer, contents, evidence, freeze, scorecard, write
from exchange_tools import Filled, card, export, take
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.file_names import Layout
from evaluator.model.scorecard import Answer, Scorecard
from evaluator.workspace import lock
from evaluator.workspace.stores import CardStore, edit_answers, plain
from evaluator.workspace.transaction import Transaction, transaction
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import dump

ORDER = ("c-1", "c-2", "c-3", "c-4")
HAND_MADE = """\
# yaml-language-server: $schema=../../../schemas/scorecard.schema.json
schema: scorecard/1   # a remark at the top
vendor: v-1
edition: "business"
assessor: desk-a
assessed: 2026-11-10
kind: desk review

# What we found.
answers:

  c-3:   # the third first
      level: 2  # provisional
      rationale: >-
         A long reason that stands
         on two lines.
      confidence: medium
      evidence:
      - {source: 'https://vendor.example/doc', date: 2026-10-01, grade: C}  # flow style
      # a second one follows
      - source: https://vendor.example/more
        date: 2026-09-01
        grade: D

  # before the first
  c-1: {level: 1, rationale: 'Short.', confidence: low}
  # the end
"""


def change(text: str, answers: dict[str, Any], head: dict[str, str] | None = None) -> str:
    editor = YamlEditor(text.encode(), "card.yaml")
    edit_answers(editor, answers, head or {}, ORDER)
    return editor.text().decode()


def value(text: str) -> Any:
    document = parse(text.encode(), "")
    assert not document.problems
    return document.value


def test_one_changed_level_is_one_changed_line() -> None:
    old = value(HAND_MADE)["answers"]["c-3"]
    after = change(HAND_MADE, {"c-3": {**old, "level": 3}})
    before_lines, after_lines = HAND_MADE.split("\n"), after.split("\n")
    differing = [number for number, (a, b) in enumerate(zip(before_lines, after_lines, strict=False)) if a != b]
    assert re.search(r"level: 3 +# provisional", after)
    assert "# flow style" in after
    assert "# a second one follows" in after
    assert before_lines[:11] == after_lines[:11]
    assert before_lines[-5:] == after_lines[-5:]
    assert differing[0] >= 11
    assert value(after)["answers"]["c-3"]["level"] == 3


def test_new_answers_take_their_place_and_comments_stay() -> None:
    after = change(HAND_MADE, {"c-2": answer(4), "c-4": answer("unknown")})
    assert all(line in after.split("\n") for line in HAND_MADE.split("\n"))
    assert list(value(after)["answers"]) == ["c-3", "c-1", "c-2", "c-4"]


def test_an_answer_taken_away_takes_only_its_lines() -> None:
    after = change(HAND_MADE, {"c-1": None})
    assert after == HAND_MADE.replace("  c-1: {level: 1, rationale: 'Short.', confidence: low}\n", "")
    assert value(change(HAND_MADE, {"c-1": None, "c-3": None}))["answers"] == {}


def test_the_head_changes_in_its_place() -> None:
    after = change(HAND_MADE, {}, {"kind": "trial", "notice": "New: a remark"})
    assert after == HAND_MADE.replace(
        "kind: desk review\n\n# What we found.\n", "kind: trial\nnotice: 'New: a remark'\n\n# What we found.\n"
    )


def test_windows_line_ends_and_a_missing_one_at_the_end_stay() -> None:
    text = HAND_MADE.replace("\n", "\r\n").removesuffix("\r\n")
    after = change(text, {"c-1": answer(3)})
    assert after.count("\n") == after.count("\r\n")
    assert value(after)["answers"]["c-1"]["level"] == 3


@pytest.mark.parametrize("layout", [
    "answers: {}\n",
    "answers: {c-1: {level: 1, rationale: r, confidence: low}, c-3: {level: 0, rationale: r, confidence: low}}\n",
    "answers:\n  c-1:\n    level: 1\n    rationale: |\n      # no comment\n\n      text\n    confidence: low\n",
    "'answers':\n    'c-1':\n        level: 1\n        rationale: r\n        confidence: low\n",
])  # fmt: skip
def test_unusual_layouts_say_what_they_should_all_the_same(layout: str) -> None:
    text = HAND_MADE.split("answers:", maxsplit=1)[0] + layout
    after = change(text, {"c-1": answer(3), "c-2": answer(2, rationale="two\nlines")})
    found = value(after)
    assert found["answers"]["c-1"]["level"] == 3
    assert found["answers"]["c-2"]["rationale"] == "two\nlines"
    assert after.startswith("# yaml-language-server")


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff\x85"), min_size=1
)
WORDS = st.sampled_from(["1e3", "0o17", "yes", "null", "~", "2026-11-03", "2026-02-30", "12:30", "- a", "a: b", " x", "x ", "#",
                         "word " * 60 + "end", "two\nlines", "tab\tx", "'", '"', "1_000", "=1+1", "|", ">-", "{a}"])  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(ORDER),
        st.one_of(st.none(), st.tuples(st.one_of(TEXTS, WORDS), st.one_of(TEXTS, WORDS))),
        max_size=4,
    )
)
def test_any_text_is_edited_in_exactly(answers: dict[str, Any]) -> None:
    new = {
        key: None
        if texts is None
        else answer(2, rationale=texts[0], missing=[texts[1]], evidence=[evidence(note=texts[1])])
        for key, texts in answers.items()
    }
    try:
        after = change(HAND_MADE, new)
    except EvaluatorError:
        pytest.fail("not edited")
    expected = {**value(HAND_MADE)["answers"], **{key: found for key, found in new.items() if found}}
    kept = {key: found for key, found in expected.items() if key not in new or new[key]}
    assert value(after)["answers"] == freeze(kept)


@given(st.recursive(
    st.one_of(TEXTS, WORDS, st.integers(-10**14, 10**14), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3).map(tuple), st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)),
    max_leaves=8,
).filter(lambda found: isinstance(found, dict) and found))  # fmt: skip
def test_what_is_dumped_is_read_back(content: dict[str, Any]) -> None:
    assert value(dump(content)) == content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "ws", contents(criteria=4, vendors=2))


def test_a_new_scorecard_looks_like_the_shipped_ones(root: Path) -> None:
    made = Scorecard.model_validate(
        {
            **scorecard("v-1", "desk-c", {}),
            "answers": {"c-2": Answer(level=2, rationale="So.", confidence="low", missing=("a", "b"))},
        }
    )
    with transaction(root) as change:
        name = CardStore(change, Layout(), ORDER).create(made)
    assert (root / name).read_text() == (
        "# yaml-language-server: $schema=../../../schemas/scorecard.schema.json\nschema: scorecard/1\nvendor: v-1\nedition: business\n"
        "assessor: desk-c\nassessed: 2026-11-10\nkind: desk review\nanswers:\n  c-2:\n    level: 2\n    rationale: So.\n"
        "    missing:\n      - a\n      - b\n    confidence: low\n"
    )
    assert card(root, "v-1", "desk-c") == made
    with pytest.raises(EvaluatorError, match=r"There is a file 'vendors/v-1/business/desk-c.yaml' already"):
        CardStore(Transaction(root), Layout()).create(made)


def test_a_file_changed_since_it_was_read_is_not_overwritten(root: Path) -> None:
    path = root / "vendors/v-1/business/desk-a.yaml"
    mine = path.read_bytes() + b"# a remark by somebody with an editor\n"

    def change_it() -> None:
        with transaction(root) as change:
            store = CardStore(change, Layout(), ORDER)
            before = store.read("v-1", "business", "desk-a")
            assert before is not None
            path.write_bytes(mine)
            store.change(before, {"c-1": None}, {})

    with pytest.raises(EvaluatorError, match="was changed by another program in the meantime; nothing was written"):
        change_it()
    assert path.read_bytes() == mine


def test_links_out_of_the_workspace_are_not_followed(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    path = root / "vendors/v-1/business/desk-a.yaml"
    path.rename(secret)
    path.symlink_to(secret)
    before = secret.read_bytes()
    with pytest.raises(ContentError):
        card(root, "v-1", "desk-a")
    (root / "vendors/v-1/business/desk-z.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(ContentError):
        card(root, "v-1", "desk-z")
    assert secret.read_bytes() == before


def test_the_second_writer_waits_and_then_is_told(root: Path) -> None:
    with transaction(root):
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:
            said = pool.apply(_try_lock, (root,))
    assert said == f"'{root}' is locked by another command that is writing to it; try again when that has finished."
    with transaction(root):
        pass


def _try_lock(root: Path) -> str:
    try:
        with lock.locked(root / ".evaluator", wait=0.2):
            return "got it"
    except EvaluatorError as error:
        return str(error)


def test_two_imports_at_once_lose_nothing(root: Path) -> None:
    """Two processes import different answers of the same scorecard, again and again."""
    files = []
    for key, other in (("c-1", "c-2"), ("c-3", "c-4")):
        form = Filled(export(root, root / f"{key}.xlsx", ["v-1"], "desk-a"))
        for each in (key, other):
            form.put(each, "level", "unknown")
            form.put(each, "rationale", f"Not shown for {each}.")
        files.append(form.save())
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        results = pool.starmap(_import, [(root, file) for file in files])
    assert sorted(results) == [2, 2]
    written = card(root, "v-1", "desk-a")
    assert written is not None
    assert {key: found.rationale for key, found in written.answers.items()} == {
        key: f"Not shown for {key}." for key in ORDER
    }


def _import(root: Path, file: Path) -> int:
    report = take(root, file)
    assert not report.failed, report.files[0].problems
    return len(report.files[0].changes)


def test_an_import_killed_at_any_moment_leaves_the_old_or_the_new_file(root: Path) -> None:
    """A few moments here; every one in tests/heavy/crash.py."""
    form = Filled(export(root, root / "form.xlsx", ["v-1"], "desk-a"))
    form.put("c-1", "level", 4)
    form.save()
    path = root / "vendors/v-1/business/desk-a.yaml"
    old = path.read_bytes()
    take(root, form.path)
    new = path.read_bytes()
    assert new != old
    context = multiprocessing.get_context("spawn")
    for moment in (0.3, 0.6, 0.9):
        path.write_bytes(old)
        process = context.Process(target=take, args=(root, form.path))
        process.start()
        time.sleep(moment)
        process.kill()
        process.join()
        assert path.read_bytes() in {old, new}
        take(root, form.path)
        assert path.read_bytes() == new


def test_plain_values_leave_out_what_is_empty() -> None:
    found = plain(Answer(level=1, rationale="r", confidence="low", date=date(2026, 1, 2)))
    assert found == {"level": 1, "rationale": "r", "confidence": "low", "date": "2026-01-02"}
