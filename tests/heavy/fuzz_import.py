"""Imports thousands of damaged workbooks: no traceback, no hang, no write where something is wrong.

    python tests/heavy/fuzz_import.py [SECONDS] [SEED]

Real workbooks (a scorecard, a moderation, a first and a second questionnaire, one saved by LibreOffice where it is installed, and a matrix) are damaged
in their bytes, in their archive and in their XML. Each input is tried in a process of its own group, so that one that
takes the process down is found too; the input is kept beside the workspace and named.
"""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import openpyxl
from builders import contents, write
from exchange_tools import OFFICE, TODAY, Filled, export, office, opened, take

from evaluator import api
from evaluator.errors import EvaluatorError, has_errors

BATCH = 200
HANG_SECONDS = 20
STRINGS = [
    b"", b"0", b"-1", b"1E400", b"NaN", b"9" * 400, b"3.0000000001", b"=1+1", b"#REF!", b"\xef\xbb\xbf", b"&#0;", b"&#x1F600;", b"&bad;",
    b"<![CDATA[x]]>", b"_x0000_", b"_x005F_", b"unknown", b"level 3", b"2026-02-30", b"03/11/2026", b"#sheet scorecard v-1 business desk-a",
    b"#column level", b"#column criterion", b"#head assessor", b"c-1", b"../../x", b"A" * 40_000, b"\xff\xfe", b"A1:XFD1048576", b"XFD1048576",
    b"inlineStr", b"s", b"e", b"b", b"d", b"str", b"4294967295", b"-2147483649",
]  # fmt: skip
SOUND = [text for text in STRINGS if not re.search(rb"[<&\xff]|^\xef", text)]
Damage = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, draw: random.Random) -> bytes:
    """Some bytes anywhere."""
    found = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 8, 64])):
        if found:
            found[draw.randrange(len(found))] = draw.randrange(256)
    return bytes(found)


def cut(data: bytes, draw: random.Random) -> bytes:
    """A piece lost, repeated or moved."""
    if len(data) < 4:
        return data
    first, second = sorted(draw.sample(range(len(data)), 2))
    piece = data[first : min(second, first + 5_000)]
    return draw.choice(
        [data[:first], data[:first] + data[second:], data[:first] + piece + data[first:], data[second:] + piece]
    )


def values(data: bytes, draw: random.Random) -> bytes:
    """Attribute values and texts replaced."""
    places = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<]+(?=<)', data))
    for place in sorted(
        draw.sample(places, min(len(places), draw.choice([1, 2, 5, 30]))), key=lambda found: -found.start()
    ):
        data = data[: place.start()] + draw.choice(STRINGS) + data[place.end() :]
    return data


def typed(data: bytes, draw: random.Random) -> bytes:
    """Contents and types of cells replaced, the sheet itself kept sound: what gets past the gate."""
    places = list(re.finditer(rb'(?<= t=")\w+(?=")|(?<=<v>)[^<]+(?=<)|(?<=<t>)[^<]+(?=<)', data))
    for place in sorted(
        draw.sample(places, min(len(places), draw.choice([1, 2, 5, 30]))), key=lambda found: -found.start()
    ):
        new = draw.choice(
            SOUND
            if not place[0].isalpha() or len(place[0]) > 9
            else [*SOUND, b"s", b"str", b"inlineStr", b"e", b"b", b"d", b"n"]
        )
        data = data[: place.start()] + new + data[place.end() :]
    return data


def elements(data: bytes, draw: random.Random) -> bytes:
    """Elements lost, doubled, renamed or nested."""
    places = list(re.finditer(rb"<(\w+)[^<>]*/?>", data))
    for place in sorted(
        draw.sample(places, min(len(places), draw.choice([1, 2, 5]))), key=lambda found: -found.start()
    ):
        new = draw.choice([b"", place[0] * 2, place[0].replace(place[1], draw.choice([b"c", b"v", b"row", b"is", b"f", b"mergeCell"]), 1),
                           b"<row>" * draw.choice([1, 90, 200])])  # fmt: skip
        data = data[: place.start()] + new + data[place.end() :]
    return data


def parts(damage: Damage) -> Damage:
    """The same done to one part of the archive."""

    def inside(data: bytes, draw: random.Random) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            entries = old.infolist()
            sheets = [entry for entry in entries if "worksheets/sheet" in entry.filename]
            chosen = draw.choice(sheets if sheets and draw.random() < 0.6 else entries)
            for entry in entries:
                content = old.read(entry)
                if entry is chosen:
                    if draw.random() < 0.03:
                        continue
                    content = damage(content, draw)
                new.writestr(entry.filename, content)
        return out.getvalue()

    return inside


DAMAGES: list[Damage] = [
    flip,
    cut,
    *[
        parts(damage)
        for damage in (typed, typed, typed, typed, typed, typed, values, values, elements, elements, flip, cut)
    ],
]


def samples(root: Path) -> dict[str, bytes]:
    """The workbooks to start from, half filled in."""
    found = {"scorecard": export(root, root / "scorecard.xlsx", ["v-1", "v-2"], "desk-a")}
    form = Filled(found["scorecard"])
    form.put("c-1", "level", "3 ")
    form.put("c-2", "source", "https://vendor.example/new", 1)
    form.put("c-2", "captured", TODAY, 1)
    form.put("c-2", "grade", "B", 1)
    form.save()
    found["shared"] = export(root, root / "shared.xlsx", ["v-1"], "desk-b")
    found["moderation"] = api.moderate(root, "v-1", root / "moderation.xlsx")[0]
    found["questions"] = api.export_questionnaires(root, ["v-2"], root / "questions.xlsx", assessor="desk-a")
    form = Filled(found["questions"])
    form.put("c-1", "reply", "Since spring.")
    take(root, form.save())
    found["asked again"] = api.export_questionnaires(root, ["v-2"], root / "again.xlsx", assessor="desk-a")
    form = Filled(found["asked again"])
    form.put("c-1", "since", "unchanged")
    form.save()
    found["matrix"] = matrix(root / "matrix.xlsx")
    if OFFICE:
        (found["office"],) = office(root / "office", "xlsx", found["scorecard"])
    return {name: path.read_bytes() for name, path in found.items()}


def matrix(path: Path) -> Path:
    """Somebody's weighted matrix."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Criterion", "Weight", "A", "B"], ["Security"], ["x", 50, 5, "2"], ["y", 30, 1, 4], ["z", 20, 3.5, None],
                ["Total", None, 340, 280], ["Rank", None, 1, 2]):  # fmt: skip
        sheet.append(row)
    book.save(path)
    return path


def attempt(path: Path, root: Path, before: dict[Path, bytes]) -> str:
    """Import one input; returns what happened, raises AssertionError where something is wrong."""
    report = take(root, path)
    after = {file: file.read_bytes() for file in root.glob("vendors/**/*.yaml")}
    if report.files[0].blocked or not report.files[0].written:
        assert after == before, "written although blocked"
        opened_it = all(problem.code != "refused" for problem in report.files[0].problems)
        kind = ("mistakes found" if opened_it else "not opened") if report.failed else "nothing changed"
    else:
        assert not has_errors(api.check(root)), api.check(root)
        kind = "imported"
    for file in after.keys() - before.keys():
        file.unlink()
    for file, data in before.items():
        if after.get(file) != data:
            file.write_bytes(data)
    made = root.parent / "made"
    with suppress(EvaluatorError):
        api.init_from_matrix(made, path, today=TODAY)
        assert not has_errors(api.check(made)), api.check(made)
        kind = "taken for a matrix"
    shutil.rmtree(made, ignore_errors=True)
    return kind


def batch(root: Path, inputs: dict[str, bytes], seed: int) -> dict[str, int]:
    """One process's share; the input at work lies in ``root``."""
    draw = random.Random(seed)
    before = {file: file.read_bytes() for file in root.glob("vendors/**/*.yaml")}
    counts: dict[str, int] = {}
    for _ in range(BATCH):
        name = draw.choice(list(inputs))
        data = inputs[name]
        for _ in range(draw.choice([1, 1, 1, 1, 2, 3])):
            try:
                data = draw.choice(DAMAGES)(data, draw)
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                OSError,
                NotImplementedError,
                ValueError,
                KeyError,
                RuntimeError,
            ):
                break  # damaged beyond being opened; good enough as it is
        path = root / "input.xlsx"
        path.write_bytes(data)
        signal.alarm(HANG_SECONDS)
        kind = attempt(path, root, before)
        signal.alarm(0)
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def main(seconds: float, seed: int) -> int:
    """Try inputs for so long; the number of those that went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-import-"))
    root = write(folder / "ws", contents(criteria=3, vendors=2, assessors=("desk-a", "desk-b")))
    assert not has_errors(api.check(root))
    assert opened(root)
    inputs = samples(root)
    until = time.monotonic() + seconds
    counts: dict[str, int] = {}
    bad = 0
    number = seed
    while time.monotonic() < until:
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reader)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            found = batch(root, inputs, number)
            os.write(writer, repr(found).encode())
            os._exit(0)
        os.close(writer)
        said = b"".join(iter(partial(os.read, reader, 65_536), b""))
        os.close(reader)
        _, status = os.waitpid(pid, 0)
        if status:
            bad += 1
            kept = folder / f"bad-{number}.xlsx"
            shutil.copy(root / "input.xlsx", kept)
            print(f"went wrong (status {status}): {kept}")
            write(root, contents(criteria=3, vendors=2, assessors=("desk-a", "desk-b")))
        for pair in re.findall(rb"'([^']+)': (\d+)", said):
            counts[pair[0].decode()] = counts.get(pair[0].decode(), 0) + int(pair[1])
        number += 1
    print(f"{sum(counts.values())} inputs tried, seeds {seed} to {number - 1}: {counts}; {bad} went wrong")
    if not bad:
        shutil.rmtree(folder)
    return bad


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
