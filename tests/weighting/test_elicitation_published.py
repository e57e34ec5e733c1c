"""Weights asked for: published examples, properties, and the commands from end to end."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from datetime import date
from itertools import combinations
from math import fsum
from pathlib import Path

import pytest
from builders import AS_OF, WEIGHTS, Content, build, contents, stakeholder, write
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator import api
from evaluator.errors import EvaluatorError
from evaluator.model.catalogue import Seal
from evaluator.model.elicitation import FAMILIES, Judged, Pair, SealState, Stakeholder
from evaluator.reports.language import ENGLISH
from evaluator.reports.sentences import seal_sentence
from evaluator.rules.weights import sealing, weights_digest
from evaluator.weighting.elicitation import pairwise
from evaluator.weighting.stakeholders import adopted, groups, hundredths, stated, views
from evaluator.weighting.swing import answered, asked, back, next_question
from evaluator.workspace.stores import edit_weights
from evaluator.workspace.yaml_editor import YamlEditor
from evaluator.workspace.yaml_reader import parse

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 10)
BLANK = Stakeholder.model_validate({"schema": "stakeholder/1", "role": "office", "date": DAY})


def edited_weights(
    data: bytes, figures: tuple[dict[str, float], dict[str, float]] | None, seal: Seal | None = None
) -> bytes:
    editor = YamlEditor(data, WEIGHTS)
    edit_weights(editor, figures, seal)
    return editor.text()


def asking(**groups_: object) -> Content:
    """Two families of two criteria, and one stakeholder."""
    return {**contents(), "weights/office.yaml": stakeholder("office", **groups_)}


def one(content: Content) -> dict[str, float] | None:
    workspace = build(content)
    return stated(workspace, workspace.stakeholders["office"]).weights


# Published examples


def test_swings_multiply_down_the_tree() -> None:
    # The procedure of von Winterfeldt and Edwards (1986): points over their sum, families times criteria.
    found = one(
        asking(
            families={"points": {"f-1": 100, "f-2": 25}},
            criteria={"f-1": {"points": {"c-1": 100, "c-3": 60}}, "f-2": {"points": {"c-2": 50, "c-4": 100}}},
        )
    )
    assert found == pytest.approx({"c-1": 0.5, "c-3": 0.3, "c-2": 0.2 / 3, "c-4": 0.4 / 3})


def test_rank_order_centroid_of_five() -> None:
    # Barron and Barrett (1996), n = 5: .4567 .2567 .1567 .0900 .0400.
    content = {
        **contents(criteria=5, families=5),
        "weights/office.yaml": stakeholder("office", families={"order": [[f"f-{n}"] for n in range(1, 6)]}),
    }
    found = one(content)
    assert found is not None
    assert [round(found[f"c-{n}"], 4) for n in range(1, 6)] == [0.4567, 0.2567, 0.1567, 0.09, 0.04]


def test_the_three_judgements_that_contradict_most_are_named() -> None:
    # a is 3 times b and b 3 times c, so a should be 9 times c; it was judged 1/9: off by a factor of 81.
    found = pairwise(
        "abcd", {("a", "b"): 3, ("b", "c"): 3, ("a", "c"): 1 / 9, ("a", "d"): 1, ("b", "d"): 1, ("c", "d"): 1}
    )
    assert found.triple is not None
    assert found.triple.items == ("a", "b", "c")
    assert found.triple.factor == pytest.approx(81)
    assert found.consistency is not None
    assert not found.consistency.acceptable


def test_consistent_judgements_name_no_three() -> None:
    assert pairwise("abc", {("a", "b"): 2, ("b", "c"): 3, ("a", "c"): 6}).triple is None


# Properties

points = st.integers(0, 100)


@st.composite
def conversations(draw: st.DrawFn) -> list[int]:
    """Answers enough for two families of three criteria: which comes first, then points."""
    return [
        draw(st.integers(0, 1)),
        draw(points),
        *[x for _ in range(2) for x in (draw(st.integers(0, 2)), draw(points), draw(points))],
    ]


SIX = build(contents(criteria=6))
GROUPS = groups(SIX)


def told(said: Stakeholder, answers: list[int]) -> Stakeholder:
    """Answer the next questions."""
    for answer in answers:
        question = next_question(GROUPS, said)
        assert question is not None
        said = answered(said, question, question.group.items[answer] if question.item is None else answer, DAY)
    return said


@given(conversations(), st.integers(0, 8))
def test_a_conversation_broken_off_and_read_again_ends_like_one_in_a_single_sitting(
    answers: list[int], cut: int
) -> None:
    straight = told(BLANK, answers)
    stopped = told(BLANK, answers[:cut])
    resumed = told(Stakeholder.model_validate_json(stopped.model_dump_json(by_alias=True)), answers[cut:])
    assert resumed == straight
    assert next_question(GROUPS, straight) is None


@given(conversations())
def test_back_undoes_every_answer_one_by_one(answers: list[int]) -> None:
    for count in range(len(answers), 0, -1):
        assert back(GROUPS, told(BLANK, answers[:count]), DAY) == told(BLANK, answers[: count - 1])
    assert back(GROUPS, BLANK, DAY) is BLANK


@given(conversations())
def test_swing_weights_sum_to_1_and_keep_the_order_inside_each_group(answers: list[int]) -> None:
    said = told(BLANK, answers)
    found = stated(SIX, said)
    assert found.weights is not None
    assert fsum(found.weights.values()) == pytest.approx(1)
    for group in asked(GROUPS):
        given_ = said.group(group.id)
        assert given_ is not None
        assert given_.points is not None
        inside = found.groups[group.id].weights
        for first, second in combinations(group.items, 2):
            assert (given_.points[first] >= given_.points[second]) == (inside[first] >= inside[second])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12).filter(lambda row: sum(row) > 0.01))
def test_written_shares_sum_to_100_and_are_within_a_hundredth(row: list[float]) -> None:
    weights = {f"k-{n}": value / fsum(row) for n, value in enumerate(row)}
    found = hundredths(weights)
    assert round(sum(found.values()), 6) == 100
    assert all(abs(found[key] - 100 * weights[key]) < 0.01 + 1e-9 for key in weights)


@given(conversations(), conversations())
@settings(max_examples=30)
def test_adopting_gives_the_mean_of_the_weights(first: list[int], second: list[int]) -> None:
    people = {
        role: told(BLANK, answers).model_copy(update={"role": role})
        for role, answers in (("one", first), ("two", second))
    }
    workspace = SIX.model_copy(update={"stakeholders": people})
    found, own = adopted(workspace), [stated(workspace, said).weights or {} for said in people.values()]
    for key, family in workspace.catalogue.family_of.items():
        mean = fsum(weights[key] for weights in own) / 2
        assert (
            found.families[family][1] * found.criteria[key][1] == pytest.approx(mean) or found.families[family][1] == 0
        )


# Who counts


def test_a_group_left_half_done_keeps_a_stakeholder_from_counting() -> None:
    assert one(asking(families={"points": {"f-1": 100}})) is None
    assert one(asking(criteria={"f-1": {"points": {"c-1": 1, "c-3": 1}}})) is None
    half = {"families": {"order": [["f-1", "f-2"]]}, "criteria": {"f-1": {"points": {"c-1": 100}}}}
    assert one(asking(**half)) is None


def test_inside_an_untouched_family_the_own_importance_holds() -> None:
    content = asking(families={"order": [["f-1", "f-2"]]})
    content[WEIGHTS]["criteria"]["c-1"] = 3
    assert one(content) == pytest.approx({"c-1": 0.375, "c-3": 0.125, "c-2": 0.25, "c-4": 0.25})


def test_one_stakeholder_is_no_spread_and_two_are_that_of_robustness() -> None:
    content = asking(families={"points": {"f-1": 100, "f-2": 0}})
    alone = build(content)
    assert views(alone) == {}
    assert api.robustness(api.evaluate(alone, AS_OF), 200, 1).views == ()
    content["weights/board.yaml"] = stakeholder("board", families={"points": {"f-1": 0, "f-2": 100}})
    both = build(content)
    found = api.robustness(api.evaluate(both, AS_OF), 200, 1)
    assert [view.name for view in found.views] == ["board", "office"]
    assert "2 stakeholders (board and office)" in api.sensitivity_as_text(both, found).replace("\n", " ")
    assert found == api.robustness(api.evaluate(both, AS_OF), 200, 1)


def test_without_stakeholders_nothing_changes() -> None:
    plain = build(contents())
    assert "stakeholders" not in plain.model_dump(mode="json", by_alias=True)
    assert build(asking(families={"order": [["f-1", "f-2"]]})).digest != plain.digest


@pytest.mark.parametrize(
    "judged",
    [
        {},
        {"points": {"f-1": 0}},
        {"points": {"f-1": -1}},
        {"points": {"f-1": 1}, "order": (("f-1",),)},
        {"order": (("f-1",), ("f-1",))},
        {"pairs": ({"first": "a", "second": "a", "times": 1},)},
        {"pairs": ({"first": "a", "second": "b", "times": 0},)},
        {"pairs": ({"first": "a", "second": "b", "times": 2}, {"first": "b", "second": "a", "times": 0.5})},
    ],
)
def test_judgements_that_cannot_be(judged: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Judged.model_validate(judged)


# The seal


def sealed(day: str, **seal: object) -> Content:
    content = contents()
    content[WEIGHTS]["seal"] = {"date": day, "by": "Office", "method": "swing", **seal}
    return content


DIGEST = weights_digest(build(contents()).weights)
OTHER = "0" * 64
FIRST = "2026-11-10"


@pytest.mark.parametrize(
    ("content", "state", "words"),
    [
        (
            sealed("2026-01-15", digest=DIGEST),
            SealState.BEFORE,
            "sealed on 2026-01-15, before the first answer on 2026-11-10.",
        ),
        (sealed("2026-01-15"), SealState.BEFORE, "no digest to detect changes"),
        (
            sealed(FIRST, digest=DIGEST),
            SealState.SAME_DAY,
            "on the same day as the first answer, so the order cannot be confirmed",
        ),
        (sealed("2026-11-12", digest=DIGEST), SealState.LATE, "after the first answer on 2026-11-10"),
        (sealed("2026-01-15", digest=OTHER), SealState.CHANGED, "nothing shows that this was before the first answer"),
        (
            sealed("2026-11-12", digest=DIGEST, earlier=[{"date": "2026-01-15", "by": "Office", "digest": OTHER}]),
            SealState.RESEALED,
            "changed after the first answer on 2026-11-10: sealed on 2026-01-15, changed, and sealed anew on 2026-11-12",
        ),
        (
            sealed("2026-11-12", digest=DIGEST, earlier=[{"date": "2026-01-15", "by": "Office"}]),
            SealState.RESEALED,
            "nothing shows whether they changed in between",
        ),
    ],
)
def test_the_honest_line(content: Content, state: SealState, words: str) -> None:
    found = sealing(build(content))
    assert found.state is state
    assert words in seal_sentence(found, ENGLISH)


def test_never_sealed() -> None:
    content = contents()
    del content[WEIGHTS]["seal"]
    assert seal_sentence(sealing(build(content)), ENGLISH) == "The weights were never sealed."


def test_only_figures_make_the_digest() -> None:
    content = contents()
    content[WEIGHTS] |= {"note": "other", "families": dict(reversed(content[WEIGHTS]["families"].items()))}
    content[WEIGHTS]["criteria"]["c-1"] = 1.0
    assert weights_digest(build(content).weights) == DIGEST
    content[WEIGHTS]["criteria"]["c-1"] = 2
    assert weights_digest(build(content).weights) != DIGEST


# The file of weights


def test_new_figures_change_only_their_numbers() -> None:
    before = (ROOT / "criteria" / "weights.yaml").read_bytes()
    after = edited_weights(before, ({"identity": 16.25}, {"sso-protocols": 33.0}))
    changed = [(old, new) for old, new in zip(before.splitlines(), after.splitlines(), strict=True) if old != new]
    assert changed == [(b"  identity: 16", b"  identity: 16.25"), (b"  sso-protocols: 20", b"  sso-protocols: 33")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_figures_and_seal_in_files_of_other_shapes(newline: str) -> None:
    text = newline.join(["schema: weights/1", "families: {f-1: 1, f-2: 2}  # both", "criteria:", "  c-1: 1 # why", ""])
    found = edited_weights(text.encode(), ({"f-1": 3}, {"c-1": 4.5}))
    assert parse(found, "").value["families"] == {"f-1": 3, "f-2": 2}
    assert b"# why" in found
    assert b"# both" in found
    seal = Seal(date=DAY, by="Office", method="swing", digest=DIGEST)
    once = edited_weights(found, None, seal)
    assert parse(edited_weights(once, None, seal.model_copy(update={"by": "Board"})), "").value["seal"]["by"] == "Board"


# The commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "ws", contents(criteria=6))


def run(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evaluator", "weights", *arguments, "--workspace", str(folder)],
        input=typed, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


STRAIGHT = "1\n50\nc-3\n40\n0\n2\n12.5\n100\n"


def test_swing_from_the_terminal_stops_goes_on_and_ends_the_same(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    done = run(folder, "swing", "--stakeholder", "office", "--date", "2026-01-10", typed=STRAIGHT)
    assert done.returncode == 0, done.stderr
    assert "Everything is weighed" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    parts = ["1\nx\n", "50\nc-3\nquit\n", "?\n7\nback\n40\n", "0\n2\n12.5\n100\n"]
    for number, part in enumerate(parts):
        done = run(other, "swing", "--stakeholder", "office", "--date", "2026-01-10", typed=part)
        assert done.returncode == 0, done.stderr
        assert ("Nothing is lost" in done.stdout) == (number < len(parts) - 1)
    name = "weights/office.yaml"
    assert (other / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
def test_ctrl_c_at_a_terminal_loses_nothing(folder: Path, tmp_path: Path) -> None:
    import fcntl
    import pty
    import termios

    asking = ("swing", "--stakeholder", "office", "--date", "2026-01-10")
    other = shutil.copytree(folder, tmp_path / "other")
    # A session of its own, so that the terminal is the program's own and its Ctrl-C reaches the program alone.
    keyboard, terminal = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "evaluator", "weights", *asking, "--workspace", str(folder)],
        stdin=terminal, stdout=terminal, stderr=terminal, cwd=ROOT, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no thread here
    )  # fmt: skip
    os.close(terminal)
    seen = _until(keyboard, ": ")
    for line in ("1\n", "50\n"):
        os.write(keyboard, line.encode())
        seen += _until(keyboard, ": ")
    os.write(keyboard, b"\x03")
    seen += _until(keyboard, None)
    assert program.wait(30) == 130
    os.close(keyboard)
    assert "Nothing is lost" in seen
    assert "Traceback" not in seen
    assert run(folder, *asking, typed="\n".join(STRAIGHT.split()[2:]) + "\n").returncode == 0
    assert run(other, *asking, typed=STRAIGHT).returncode == 0
    assert (other / "weights/office.yaml").read_bytes() == (folder / "weights/office.yaml").read_bytes()


def _until(terminal: int, end: str | None) -> str:
    """What is shown until a prompt that ends with ``end``, or until nobody writes any more."""
    seen = ""
    while end is None or not seen.endswith(end):
        ready, _, _ = select.select([terminal], [], [], 30)
        assert ready, f"nothing more is shown after: {seen}"
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how a terminal ends on Linux
            break
        if not part:
            break
        seen += part.decode()
    return seen


def test_the_whole_way_from_asking_to_the_seal(folder: Path) -> None:
    (folder / WEIGHTS).write_text((folder / WEIGHTS).read_text() + "# kept\n")
    assert run(folder, "swing", "--stakeholder", "office", "--date", "2026-01-10", typed=STRAIGHT).returncode == 0
    assert run(folder, "rank", "--stakeholder", "board", "f-2", "f-1").returncode == 0
    state = json.loads(run(folder, "show", "--json").stdout)
    assert [row["role"] for row in state["stakeholders"]] == ["board", "office"]
    assert {row["id"]: round(row["mean"], 4) for row in state["families"]} == {"f-1": 0.4583, "f-2": 0.5417}
    before = (folder / WEIGHTS).read_bytes()
    assert "Would adopt" in run(folder, "adopt", "--dry-run").stdout
    assert (folder / WEIGHTS).read_bytes() == before
    done = run(folder, "adopt")
    assert done.returncode == 0, done.stderr
    assert "changed after they were sealed on 2026-01-15" in done.stderr.replace("\n", " ")
    assert "# kept" in (folder / WEIGHTS).read_text()
    assert api.load(folder).weights.families == {"f-1": 45.83, "f-2": 54.17}
    done = run(folder, "seal", "--by", "Head of architecture", "--date", "2026-11-20")
    assert "changed after the first answer on 2026-11-10" in done.stdout, done.stderr
    again = run(folder, "seal", "--by", "Head of architecture", "--date", "2026-11-21")
    assert (again.returncode, "sealed already" in again.stderr) == (1, True)
    assert not [problem for problem in api.check(folder) if problem.severity == "error"]


def test_pairs_by_csv_and_yaml_agree(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("first;second;times\nc-1;c-3;3\nc-3;c-5;3\nc-1;c-5;1/9\n")
    (tmp_path / "p.yaml").write_text(
        "- {first: c-1, second: c-3, times: 3}\n- {first: c-3, second: c-5, times: 3}\n- {first: c-5, second: c-1, times: 9}\n"
    )
    pages = [
        run(folder, "pairwise", "--stakeholder", "office", str(tmp_path / name), "--dry-run").stdout
        for name in ("p.csv", "p.yaml")
    ]
    assert pages[0].replace("p.csv", "") == pages[1].replace("p.yaml", "")
    assert "above 0.10" in pages[0]
    assert "Most inconsistent: Criterion c-1, Criterion c-3 and Criterion c-5" in pages[0].replace("\n", " ")
    assert not (folder / "weights").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rank", "--stakeholder", "Ann Smith", "f-1", "f-2"), "cannot name a stakeholder"),
        (("rank", "--stakeholder", "office", "f-1"), "missing: f-2"),
        (("rank", "--stakeholder", "office", "f-1", "zzz"), "'zzz' is no family"),
        (("rank", "--stakeholder", "office", "f-1", "c-1"), "not a mixture"),
        (("rank", "--stakeholder", "office", "f-1", "f-2=f-1"), "twice"),
        (("rank", "--stakeholder", "office", "f-1="), "equals sign"),
        (("swing", "--stakeholder", "office", "--redo", "zzz"), "no group 'zzz'"),
        (("swing", "--stakeholder", "office", "-o", "x.csv"), ".xlsx"),
        (("adopt",), "nothing to adopt"),
        (("adopt", "--stakeholder", "zzz"), "'zzz' stated no weights"),
        (("seal", "--by", "Office", "--date", "2026-01-01", "--method", "m"), "a later seal cannot bear"),
        (("seal", "--by", "Office", "--date", "2027-01-01", "--method", "m"), "move as_of"),
        (("seal", "--by", "Office", "--date", "2026-02-01"), "--method"),
        (("import", "no-such.xlsx"), "there is no such file"),
        (("pairwise", "--stakeholder", "office", "no-such.csv"), "there is no such file"),
        (("pairwise", "--stakeholder", "office", "no-such.txt"), ".csv or .yaml"),
    ],
)  # fmt: skip
def test_bad_requests_are_told_in_a_sentence(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run(folder, *arguments)
    text = " ".join(f"{done.stdout} {done.stderr}".split())
    assert done.returncode == 1, text
    assert message in text
    assert "Traceback" not in text
    assert not (folder / "weights").exists()


def test_a_writer_who_comes_second_is_told(folder: Path) -> None:
    session = api.SwingSession(folder, "office", DAY)
    session.answer("1")
    (folder / "weights/office.yaml").write_text("schema: stakeholder/1\nrole: office\ndate: 2026-01-01\n")
    with pytest.raises(EvaluatorError, match="changed by another program"):
        session.answer("50")


# The workbook


def filled(path: Path, cells: dict[str, str | float | None]) -> Path:
    """The workbook with some cells of its sheet Weights filled in."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    for name, value in cells.items():
        book["Weights"][name] = value
    book.save(path)
    return path


def test_swings_by_workbook(folder: Path, tmp_path: Path) -> None:
    path = api.weights_workbook(folder, "office", tmp_path / "w.xlsx", DAY)
    # Rows 8, 9: families; 11 to 13 and 15 to 17: the criteria inside each.
    filled(path, {"F8": 100, "F9": "50", "F11": 100, "F12": "37,5", "F13": 0})
    assert run(folder, "import", str(path), "--dry-run").returncode == 0
    assert not (folder / "weights").exists()
    done = run(folder, "import", str(path), "--date", "2026-01-10")
    assert done.returncode == 0, done.stdout + done.stderr
    said = api.load(folder).stakeholders["office"]
    assert said.families == Judged(points={"f-1": 100, "f-2": 50})
    assert said.criteria == {"f-1": Judged(points={"c-1": 100, "c-3": 37.5, "c-5": 0})}
    # What was said stands in the next workbook, and comes back as it went.
    again = api.weights_workbook(folder, "office", tmp_path / "again.xlsx", DAY)
    assert run(folder, "import", str(again), "--date", "2026-01-10").returncode == 0
    assert api.load(folder).stakeholders["office"] == said


def test_mistakes_in_the_workbook_are_told_by_cell_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    path = api.weights_workbook(folder, "office", tmp_path / "w.xlsx", DAY)
    filled(path, {"F8": 100, "F9": "much", "F11": 101, "F12": 5, "F15": 10})
    done = run(folder, "import", str(path))
    text = " ".join(done.stdout.split())
    assert done.returncode == 1
    for place in (
        "Weights!F9: expected a number",
        "Weights!F11: expected a number",
        "Weights!F13: c-5 has no figure",
        "Weights!F16: c-4 has no figure",
    ):
        assert place in text
    assert not (folder / "weights").exists()


def test_pairs_by_workbook(folder: Path, tmp_path: Path) -> None:
    path = api.weights_workbook(folder, "office", tmp_path / "p.xlsx", DAY, pairs="f-1")
    filled(path, {"F8": "First", "G8": 3, "F9": "second", "G9": 2, "F10": "equal"})
    done = run(folder, "import", str(path))
    assert done.returncode == 0, done.stdout
    found = api.load(folder).stakeholders["office"].criteria["f-1"]
    assert found.pairs == (
        Pair(first="c-1", second="c-3", times=3), Pair(first="c-1", second="c-5", times=0.5), Pair(first="c-3", second="c-5", times=1),
    )  # fmt: skip
    filled(path, {"F8": "both", "G9": None, "F10": "equal", "G10": 4})
    text = " ".join(run(folder, "import", str(path)).stdout.split())
    for place in (
        "Weights!F8: expected",
        "Weights!G9: expected a number from 1 to 9",
        "Weights!G10: both matter the same",
    ):
        assert place in text
    assert FAMILIES not in text
