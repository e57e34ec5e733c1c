"""What a PDF takes from its process and its machine, and what it leaves there: clock, fonts, warnings, scratch files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import paper_cases as cases
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from pypdf import PdfReader
from real_program import ROOT

from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.pdf import SUBSETTER_MISSING, to_pdf

TODAY = date(2026, 11, 24)
PAGE = "<html lang='en'><title>x</title><style>b { font-family: Varied }</style><p>abc <b>abc</b>"
WITHOUT_SUBSETTER = """
import sys
from cffi import FFI
found = FFI.dlopen
def dlopen(self, name, *flags):
    if name and "harfbuzz-subset" in name:
        raise OSError(name)
    return found(self, name, *flags)
FFI.dlopen = dlopen
"""
"""A program's first lines that make HarfBuzz-Subset impossible to load."""


def variable_font(path: Path) -> None:
    """Write a font of one family whose weight varies, with the letters a, b and c."""
    names = [".notdef", "space", "a", "b", "c"]
    pen = TTGlyphPen(None)
    for corner, draw in (((0, 0), pen.moveTo), ((400, 0), pen.lineTo), ((200, 600), pen.lineTo)):
        draw(corner)
    pen.closePath()
    shape = pen.glyph()
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({32: "space", 97: "a", 98: "b", 99: "c"})
    font.setupGlyf({name: TTGlyphPen(None).glyph() if name == "space" else shape for name in names})
    font.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Varied", "styleName": "Regular", "psName": "Varied-Regular"})
    font.setupOS2()
    font.setupPost()
    font.setupFvar([("wght", 100, 400, 900, "Weight")], [])
    wider = [(0, 0), (100, 0), (50, 0), (0, 0), (100, 0), (0, 0), (0, 0)]
    font.setupGvar({name: [TupleVariation({"wght": (0, 1, 1)}, wider)] for name in ("a", "b", "c")})
    path.parent.mkdir(parents=True)
    font.save(path)


@pytest.fixture
def varied(tmp_path: Path) -> Assets:
    variable_font(tmp_path / "reports" / "theme" / "fonts" / "varied.ttf")
    return Assets.of([tmp_path / "reports", cases.SHIPPED])


@pytest.mark.parametrize("subsetter", ["as found", "missing"])
def test_the_clock_changes_no_byte_of_a_paper_in_a_variable_font(
    varied: Assets, monkeypatch: pytest.MonkeyPatch, subsetter: str
) -> None:
    if subsetter == "missing":
        monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    made = []
    for clock in (1_800_000_000, 1_900_000_000):
        monkeypatch.setattr(time, "time", lambda clock=clock: clock)
        made.append(to_pdf(PAGE, varied, stamped=TODAY))
    resources: Any = PdfReader(BytesIO(made[0])).pages[0]["/Resources"]
    assert any("Varied" in font.get_object()["/BaseFont"] for font in resources["/Font"].values())
    assert made[0] == made[1]


@pytest.mark.parametrize("subsetter", ["as found", "missing"])
def test_a_day_before_all_clocks_makes_a_paper_too(
    varied: Assets, monkeypatch: pytest.MonkeyPatch, subsetter: str
) -> None:
    if subsetter == "missing":
        monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    for day in (TODAY.replace(year=1900), TODAY.replace(year=9999)):
        assert to_pdf(PAGE, varied, stamped=day).startswith(b"%PDF")


def test_a_missing_subsetter_is_said_once() -> None:
    program = WITHOUT_SUBSETTER + (
        "from datetime import date\n"
        "import paper_cases as cases\n"
        "from evaluator.reports.paper.assets import Assets\n"
        "from evaluator.reports.paper.pdf import to_pdf\n"
        f"made = [to_pdf({PAGE!r}, Assets.of(cases.ASSETS), stamped=date(2026, 11, 24)) for _ in range(2)]\n"
        "print([content[:4] for content in made])\n"
    )
    surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONWARNINGS": "error"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=surroundings)
    assert done.stdout == "[b'%PDF', b'%PDF']\n"
    assert done.stderr == SUBSETTER_MISSING + "\n"


def test_a_library_that_cannot_be_loaded_prints_nothing_of_the_engines() -> None:
    program = WITHOUT_SUBSETTER.replace("harfbuzz-subset", "pango") + (
        "from datetime import date\n"
        "import paper_cases as cases\n"
        "from evaluator.errors import EvaluatorError\n"
        "from evaluator.reports.paper.assets import Assets\n"
        "from evaluator.reports.paper.pdf import PANGO_MISSING, to_pdf\n"
        "for _ in range(2):\n"
        "    try:\n"
        f"        to_pdf({PAGE!r}, Assets.of(cases.ASSETS), stamped=date(2026, 11, 24))\n"
        "    except EvaluatorError as error:\n"
        "        print(str(error) == PANGO_MISSING)\n"
    )
    surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=surroundings)
    assert (done.stdout, done.stderr) == ("True\nTrue\n", "")


def test_a_terminated_program_leaves_no_scratch_folder(tmp_path: Path) -> None:
    program = (
        "import signal, sys\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
        "from evaluator.cli.main import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", program, "report", "scorecard", "retool", "-o", str(tmp_path / "a.pdf")]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"TMPDIR": str(scratch)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as running:
        while running.poll() is None and not any(scratch.glob("evaluator-fonts-*/fonts.conf")):
            time.sleep(0.01)
        running.send_signal(signal.SIGTERM)
        assert running.wait() == 143
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "a.pdf").exists()
