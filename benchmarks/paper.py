"""The recommendation as PDF: our own share against the engine alone on the same HTML, growth, and what layout choices cost.

Ours is evaluating and writing the HTML; how firm the answer is, and the attachments (result and workbook), are counted
apart. The engine alone is WeasyPrint as its manual shows it, with the theme's fonts and the same kind of PDF.

Seconds are those of the processor, the least of the runs: on a machine that others use, time on the wall measures them.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import content
from harness import in_own_process, table

AS_OF = date(2026, 11, 24)
SIZES = ((12, 48), (60, 200), (200, 200))
REPORTS = Path(__file__).parents[1] / "reports"
LAYOUT = (12, 48)
REPEATS = 3


def ours(vendors: int, criteria: int) -> tuple[tuple[float, float, float, float], str]:
    """Seconds of evaluation, firmness, HTML and attachments, and the HTML that goes to the engine."""
    from evaluator.api.sensitivity import with_sensitivity
    from evaluator.evaluation.evaluate import evaluate
    from evaluator.reports.json_contract import result_data, to_text
    from evaluator.reports.paper import papers
    from evaluator.reports.workbook import comparison_xlsx

    workspace = content.workspace(vendors, criteria)
    marks = [time.process_time()]
    result = evaluate(workspace, AS_OF, version="bench")
    marks.append(time.process_time())
    result = with_sensitivity(result)
    marks.append(time.process_time())
    pages: list[str] = []

    def kept(html: str, *_: Any, **__: Any) -> bytes:
        pages.append(html)
        return b""

    vars(papers)["to_pdf"] = kept
    papers.recommendation_pdf(result, assets=[REPORTS])
    marks.append(time.process_time())
    to_text(result_data(result)).encode()
    comparison_xlsx(result)
    marks.append(time.process_time())
    evaluated, firm, written, attached = (after - before for before, after in pairwise(marks))
    return (evaluated, firm, written, attached), pages[0]


def engine(html: str) -> tuple[float, int]:
    """Seconds that the engine takes alone, and the pages it makes."""
    import weasyprint

    with tempfile.TemporaryDirectory() as scratch:
        settings = Path(scratch) / "fonts.conf"
        fonts = f"<dir>{REPORTS / 'theme' / 'fonts'}</dir><cachedir>{scratch}</cachedir>"
        settings.write_text(f'<?xml version="1.0"?><fontconfig>{fonts}</fontconfig>', encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        start = time.process_time()
        document = weasyprint.HTML(string=html).render()
        document.write_pdf(pdf_variant="pdf/a-3a")
        return time.process_time() - start, len(document.pages)


def whole(vendors: int, criteria: int) -> float:
    """Seconds of the paper without attachments, from the result on: HTML and engine as the tool runs them."""
    from evaluator.api.sensitivity import with_sensitivity
    from evaluator.evaluation.evaluate import evaluate
    from evaluator.reports.paper.papers import recommendation_pdf

    result = with_sensitivity(evaluate(content.workspace(vendors, criteria), AS_OF, version="bench"))
    start = time.process_time()
    recommendation_pdf(result, assets=[REPORTS])
    return time.process_time() - start


def added(css: str) -> Callable[[str], str]:
    """The page with ``css`` after the theme."""
    return lambda html: html.replace("</style>", f"{css}</style>", 1)


LAYOUTS: dict[str, Callable[[str], str]] = {
    "as shipped: fixed tables, separate borders, charts as vectors": lambda html: html,
    "tables whose columns follow their content": added("table { table-layout: auto !important }"),
    "collapsed borders": added("table { border-collapse: collapse !important }"),
    "both": added("table { table-layout: auto !important; border-collapse: collapse !important }"),
    "rows may break across pages": added("tr, td, th { break-inside: auto !important }"),
    "without charts": lambda html: re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL),
    "a raster picture for every chart": lambda html: re.sub(r"<svg.*?</svg>", _picture(), html, flags=re.DOTALL),
}


def _picture() -> str:
    """A picture of 600 x 80 points, of the kind that a plotting library would make."""
    import base64
    import struct
    import zlib

    width, height = 600, 80
    rows = b"".join(b"\0" + bytes((x * y) % 251 for x in range(width) for _ in range(3)) for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    made = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return f'<img alt="" style="width:100%" src="data:image/png;base64,{base64.b64encode(made).decode()}">'


def main() -> None:
    """Print both tables."""
    _sizes()
    _layouts()


def _sizes() -> None:
    rows = []
    for vendors, criteria in SIZES:
        repeats = REPEATS if vendors * criteria < 1000 else 1
        runs = [in_own_process(ours, vendors, criteria) for _ in range(repeats)]
        evaluated, firm, written, attached = (min(run[3][0][part] for run in runs) for part in range(4))
        html = runs[0][3][1]
        engines = [in_own_process(engine, html) for _ in range(repeats)]
        alone, pages = min(run[3][0] for run in engines), engines[0][3][1]
        papers = min(in_own_process(whole, vendors, criteria)[3] for _ in range(repeats))
        rows.append(
            (
                f"{vendors} x {criteria}",
                pages,
                f"{len(html) / 1e6:.1f}",
                f"{evaluated:.2f}",
                f"{written:.2f}",
                f"{alone:.1f}",
                f"{100 * (evaluated + written) / alone:.1f} %",
                f"{1000 * alone / pages:.0f}",
                f"{papers:.1f}",
                f"{firm:.1f}",
                f"{attached:.1f}",
                f"{max(run[2] - run[1] for run in runs):.0f}",
                f"{max(run[2] - run[1] for run in engines):.0f}",
            )
        )
    heads = (
        *("vendors x criteria", "pages", "MB of HTML", "s, evaluation", "s, HTML", "s, engine alone", "own share"),
        *(
            "ms per page",
            "s, our HTML and PDF",
            "s, how firm",
            "s, attachments",
            "MB, ours and attachments",
            "MB, engine",
        ),
    )
    table("The recommendation as PDF", heads, rows)


def _layouts() -> None:
    html = in_own_process(ours, *LAYOUT)[3][1]
    pages = {name: change(html) for name, change in LAYOUTS.items()}
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in LAYOUTS}
    for _ in range(REPEATS):  # in turn, so that a busy minute meets all of them
        for name, page in pages.items():
            found[name].append(in_own_process(engine, page)[3])
    usual = min(found[next(iter(LAYOUTS))])[0]
    rows = [(name, min(runs)[1], f"{min(runs)[0]:.1f}", f"{min(runs)[0] / usual:.2f}") for name, runs in found.items()]
    table(f"Layout choices, {LAYOUT[0]} vendors x {LAYOUT[1]} criteria", ("layout", "pages", "s", "times"), rows)


if __name__ == "__main__":
    main()
