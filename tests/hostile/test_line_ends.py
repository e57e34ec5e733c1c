"""Line ends of files that people wrote stay as they are: in a layout that only the editor can change, and where both kinds are mixed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from evaluator.model.catalogue import Seal
from evaluator.workspace.stores import edit_answers, edit_weights
from evaluator.workspace.yaml_editor import YamlEditor

CARD = b"""\
# a comment
schema: scorecard/1
assessor: desk-a
answers:
  c-1:
    level: 1
    confidence: low
  c-2: {level: 2, confidence: low}  # flow style
"""
WEIGHTS = b"""\
# a comment
schema: weights/1
families: {f-1: 10, f-2: 90}
criteria:
  c-1: 10  # ten
  c-2: 90
"""
SEAL = Seal(date=date(2026, 11, 20), by="board", method="swing")


Answers = Mapping[str, Mapping[str, object] | None]
Figures = tuple[dict[str, float], dict[str, float]]


def edited(data: bytes, answers: Answers, head: dict[str, str], order: tuple[str, ...]) -> bytes:
    editor = YamlEditor(data, "card.yaml")
    edit_answers(editor, answers, head, order)
    return editor.text()


def weighed(data: bytes, figures: Figures | None, seal: Seal | None) -> bytes:
    editor = YamlEditor(data, "weights.yaml")
    edit_weights(editor, figures, seal)
    return editor.text()


def crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["cut", "ended"])
@pytest.mark.parametrize("key", ["c-1", "c-2"])
@pytest.mark.parametrize("layout", [CARD, CARD.replace(b"answers:\n", b'"answers": \n')], ids=["plain", "quoted"])
def test_a_scorecard(layout: bytes, key: str, end: bytes) -> None:
    data = layout.rstrip() + end
    change = {key: {"level": 3, "confidence": "high"}, "c-3": {"level": 0, "confidence": "low"}}
    order = ("c-1", "c-2", "c-3")
    assert edited(crlf(data), change, {"assessor": "desk-b"}, order) == crlf(
        edited(data, change, {"assessor": "desk-b"}, order)
    )


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["cut", "ended"])
def test_weights(end: bytes) -> None:
    data = WEIGHTS.rstrip() + end
    figures = ({"f-1": 20.0}, {"c-1": 30.0})
    assert weighed(crlf(data), figures, None) == crlf(weighed(data, figures, None))
    assert weighed(crlf(data), None, SEAL) == crlf(weighed(data, None, SEAL))


def test_a_line_that_nobody_changed_keeps_its_own_end() -> None:
    first, rest = CARD.split(b"\n", 1)
    mixed = first + b"\n" + crlf(rest)
    assert edited(mixed, {"c-1": {"level": 3, "confidence": "low"}}, {}, ("c-1",)) == mixed.replace(
        b"level: 1", b"level: 3"
    )
    assert weighed(b"# a\n" + crlf(WEIGHTS), None, SEAL).startswith(b"# a\n# a comment\r\n")
