"""The PDF: accessible, archivable, the same bytes for the same input, and blind to everything but its own files."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import zlib
from collections import Counter as Counted
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import paper_cases as cases
import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from evaluator.errors import EvaluatorError
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.papers import comparison_pdf, recommendation_pdf, scorecard_pdf, vendor_pdf
from evaluator.reports.paper.pdf import PANGO_MISSING, to_pdf

SHIPPED = Assets.of(cases.ASSETS)
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def paper() -> bytes:
    attachments = [("result.json", b'{"a": 1}', "The result"), ("comparison.xlsx", b"PK\x03\x04", "The workbook")]
    return recommendation_pdf(cases.result_of(cases.everyday()), assets=cases.ASSETS, attachments=attachments)


@pytest.fixture(scope="module")
def reader(paper: bytes) -> PdfReader:
    return PdfReader(BytesIO(paper))


def root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def notes(page: Any) -> list[Any]:
    """The annotations of a page."""
    return [note.get_object() for note in page.get("/Annots", [])]


def elements(reader: PdfReader) -> Iterator[tuple[Any, str, list[Any]]]:
    """Every structure element with its kind and its children that are elements, in reading order."""

    def children(element: Any) -> list[Any]:
        found = element.get("/K", [])
        found = found.get_object() if hasattr(found, "get_object") else found
        items = [item.get_object() for item in (found if isinstance(found, list) else [found])]
        return [item for item in items if isinstance(item, dict) and "/S" in item]

    def walk(element: Any) -> Iterator[tuple[Any, str, list[Any]]]:
        inside = children(element)
        yield element, str(element["/S"]), inside
        for child in inside:
            yield from walk(child)

    for top in root(reader)["/StructTreeRoot"]["/K"]:
        yield from walk(top.get_object())


def test_the_document_says_what_it_is(reader: PdfReader) -> None:
    assert root(reader)["/Lang"] == "en"
    assert root(reader)["/MarkInfo"]["/Marked"]
    assert root(reader)["/ViewerPreferences"]["/DisplayDocTitle"]
    information = reader.metadata
    assert information is not None
    assert information.title == "Test evaluation: recommendation"
    assert information.author == "Example Ltd"
    assert information.creation_date is not None
    assert information.creation_date.date() == TODAY
    assert information.creator == "evaluator 9.8.7"


def test_the_metadata_claims_both_standards_uncompressed(reader: PdfReader, paper: bytes) -> None:
    metadata = root(reader)["/Metadata"]
    assert "/Filter" not in metadata
    text = metadata.get_data()
    assert b'pdfaid:part="3"' in text
    assert b'pdfaid:conformance="A"' in text
    assert b'pdfuaid:part="1"' in text
    assert text in paper


def test_every_picture_has_words_and_every_table_has_heads(reader: PdfReader) -> None:
    figures = tables = 0
    for element, kind, inside in elements(reader):
        if kind == "/Figure":
            figures += 1
            assert str(element["/Alt"]).strip()
        if kind == "/Table":
            tables += 1
            assert {str(child["/S"]) for child in inside} <= {"/Caption", "/THead", "/TBody"}
            assert "/THead" in {str(child["/S"]) for child in inside}
    assert figures > 20
    assert tables > 15


def test_no_heading_skips_a_level_and_there_is_one_title(reader: PdfReader) -> None:
    levels = [int(kind[2]) for _, kind, _ in elements(reader) if kind in {"/H1", "/H2", "/H3", "/H4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(following <= level + 1 for level, following in pairwise(levels))


def test_every_link_belongs_to_a_link_element(reader: PdfReader) -> None:
    numbers = root(reader)["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    links = [note for page in reader.pages for note in notes(page)]
    assert len(links) > 40
    for link in links:
        assert parents[link["/StructParent"]].get_object()["/S"] == "/Link"
        assert str(link["/Contents"]).strip()


def test_bookmarks_and_contents_lead_to_every_section(reader: PdfReader) -> None:
    flat = [item.title for item in reader.outline if not isinstance(item, list)]
    assert flat[0] == "Test evaluation"
    for title in ("2 The recommended stack", "3 All options", "A Method", "D Evidence register"):
        assert title in flat
    targets = {note.get("/Dest") for note in notes(reader.pages[1])}
    assert {"need", "stack", "options", "method", "evidence"} <= targets
    assert targets <= set(reader.named_destinations)


def test_attachments_come_back_byte_for_byte(reader: PdfReader) -> None:
    assert reader.attachments["result.json"] == [b'{"a": 1}']
    assert reader.attachments["comparison.xlsx"] == [b"PK\x03\x04"]
    assert {file.get_object()["/AFRelationship"] for file in root(reader)["/AF"]} == {"/Data"}


def test_all_fonts_are_the_shipped_ones(reader: PdfReader) -> None:
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    names = {str(font.get_object()["/BaseFont"]) for resource in resources for font in resource["/Font"].values()}
    families = {name.split("+")[-1].replace("-", "") for name in names}
    assert families
    assert all(name.startswith(("SourceSans3", "SourceSerif4", "DejaVuSans")) for name in families), families


def test_the_same_input_gives_the_same_bytes_in_another_process(paper: bytes) -> None:
    program = (
        "import hashlib, paper_cases as cases\n"
        "from evaluator.reports.paper.papers import recommendation_pdf\n"
        "attached = [('result.json', b'{\"a\": 1}', 'The result'), ('comparison.xlsx', b'PK\\x03\\x04', 'The workbook')]\n"
        "made = recommendation_pdf(cases.result_of(cases.everyday()), assets=cases.ASSETS, attachments=attached)\n"
        "print(hashlib.sha256(made).hexdigest())"
    )
    here = str(Path(__file__).parents[2])
    surroundings = os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "PYTHONPATH": here, "HOME": "/nonexistent"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=surroundings)
    assert done.stdout.strip() == hashlib.sha256(paper).hexdigest()


def test_the_settings_of_the_process_are_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/mine.conf")
    to_pdf("<html lang='en'><title>x</title><p>x", SHIPPED, stamped=TODAY)
    assert os.environ["FONTCONFIG_FILE"] == "/etc/mine.conf"
    monkeypatch.delenv("FONTCONFIG_FILE")
    to_pdf("<html lang='en'><title>x</title><p>x", SHIPPED, stamped=TODAY)
    assert "FONTCONFIG_FILE" not in os.environ


def test_the_engine_has_nothing_to_complain_about(caplog: pytest.LogCaptureFixture) -> None:
    recommendation_pdf(cases.result_of(cases.no_gate_passed()), assets=cases.ASSETS)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")]
    assert [line for line in said if "HarfBuzz-Subset" not in line] == []


def test_letter_and_a4() -> None:
    result = cases.result_of(cases.one_option())
    sizes = {
        paper: PdfReader(BytesIO(vendor_pdf(result, "v-1", assets=cases.ASSETS, paper=paper))).pages[0].mediabox
        for paper in ("A4", "letter")
    }
    assert [round(value) for value in sizes["A4"]] == [0, 0, 595, 842]
    assert [round(value) for value in sizes["letter"]] == [0, 0, 612, 792]


class Counter(BaseHTTPRequestHandler):
    """Counts every request."""

    hits = 0

    def do_GET(self) -> None:
        Counter.hits += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Counter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "body",
    [
        "<img src='{site}/x.png' alt='x'>",
        "<img src='{file}' alt='x'>",
        "<img src='data:image/svg+xml,<svg/>' alt='x'>",
        "<img src='theme:../templates/document.html' alt='x'>",
        "<img src='theme:fonts/DejaVuSans.ttf' alt='x'>",
        "<img src='theme:absent.svg' alt='x'>",
        "<img src='THEME:paper.css' alt='x'>",
        "<link rel='stylesheet' href='{site}/x.css'>",
        "<link rel='stylesheet' href='{file}'>",
        "<link rel='attachment' href='{file}'>",
        "<a rel='attachment' href='{file}'>x</a>",
        "<style>@import '{site}/x.css';</style>",
        "<style>@font-face {{ font-family: x; src: url({site}/x.ttf) }} p {{ font-family: x }}</style>",
        "<p style='background: url({file})'>x</p>",
        "<ul style='list-style-image: url({site}/x.png)'><li>x</ul>",
        "<object data='{site}/x.png'></object>",
        "<embed src='{file}'>",
    ],
)
def test_nothing_outside_the_theme_is_fetched(body: str, site: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>SECRET</text></svg>", encoding="utf-8")
    before = Counter.hits
    html = f"<html lang='en'><title>x</title>{body.format(site=site, file=secret.as_uri())}<p>x"
    with pytest.raises(EvaluatorError, match=r"refers to|does not exist"):
        to_pdf(html, SHIPPED, stamped=TODAY)
    assert Counter.hits == before


@pytest.mark.parametrize("inner", ["<image href='{file}' width='9' height='9'/>", "<use href='{site}/x.svg#a'/>"])
def test_a_drawing_that_reaches_out_is_left_blank(inner: str, site: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>SECRET</text></svg>", encoding="utf-8")
    before = Counter.hits
    drawing = f"<svg width='9' height='9'><title>x</title>{inner.format(site=site, file=secret.as_uri())}</svg>"
    made = to_pdf(f"<html lang='en'><title>x</title>{drawing}<p>x", SHIPPED, stamped=TODAY)
    assert "SECRET" not in PdfReader(BytesIO(made)).pages[0].extract_text()
    assert Counter.hits == before


@pytest.mark.parametrize(
    "source", ["secret.svg", "../secret.svg", "/etc/passwd", "//127.0.0.1/x.png", "reports/theme/x.svg"]
)
def test_relative_addresses_lead_nowhere(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>SECRET</text></svg>")
    monkeypatch.chdir(tmp_path)
    made = to_pdf(f"<html lang='en'><title>x</title><img src='{source}' alt='gone'><p>x", SHIPPED, stamped=TODAY)
    assert "SECRET" not in PdfReader(BytesIO(made)).pages[0].extract_text()


def test_a_logo_of_the_workspace_is_printed_but_no_link_out_of_it(tmp_path: Path) -> None:
    theme = tmp_path / "reports" / "theme"
    theme.mkdir(parents=True)
    logo = theme / "logo.svg"
    assets = [tmp_path / "reports", cases.SHIPPED]
    result = cases.result_of(cases.one_option())
    shape = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9' width='9' height='9'>{}</svg>"
    logo.write_text(shape.format("<rect width='9' height='9'/>"), encoding="utf-8")
    made = PdfReader(BytesIO(vendor_pdf(result, "v-1", assets=assets)))
    assert "Logo of Example Ltd" in [
        str(element.get("/Alt")) for element, kind, _ in elements(made) if kind == "/Figure"
    ]
    outside = tmp_path / "outside.svg"
    outside.write_text(shape.format(""), encoding="utf-8")
    logo.unlink()
    logo.symlink_to(outside)
    with pytest.raises(EvaluatorError, match="leads out of the workspace"):
        vendor_pdf(result, "v-1", assets=assets)


def test_characters_that_no_font_has_are_marked_and_the_others_kept() -> None:
    html = "<html lang='en'><title>x</title><p>日本 Ž Жук αβ שלום ✓◐ a\u0301 e\u200dx नि"
    text = PdfReader(BytesIO(to_pdf(html, SHIPPED, stamped=TODAY))).pages[0].extract_text()
    assert text.count("\ufffd") == 3
    for kept in ("Ž", "Жук", "αβ", "✓◐"):
        assert kept in text


def test_a_broken_font_is_one_sentence(tmp_path: Path) -> None:
    fonts = tmp_path / "reports" / "theme" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(EvaluatorError, match=r"The font '.*broken\.ttf' cannot be read"):
        to_pdf("<html lang='en'><title>x</title><p>x", Assets.of([tmp_path / "reports", cases.SHIPPED]), stamped=TODAY)


def test_without_fonts_there_is_one_sentence_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "theme" / "fonts").mkdir(parents=True)
    with pytest.raises(EvaluatorError, match="The theme has no fonts"):
        to_pdf("<html lang='en'><title>x</title><p>x", Assets.of([tmp_path]), stamped=TODAY)


def test_without_pango_the_packages_are_named() -> None:
    program = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint':\n"
        "            raise OSError(\"cannot load library 'libgobject-2.0-0'\")\n"
        "sys.meta_path.insert(0, Missing())\n"
        "import paper_cases as cases\n"
        "from evaluator.errors import EvaluatorError\n"
        "from evaluator.reports.paper.papers import recommendation_pdf\n"
        "try:\n"
        "    recommendation_pdf(cases.result_of(cases.one_option()), assets=cases.ASSETS)\n"
        "except EvaluatorError as error:\n"
        "    print(error)\n"
    )
    surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=surroundings)
    assert done.stdout.strip() == PANGO_MISSING
    assert "libpangoft2-1.0-0" in PANGO_MISSING
    assert done.stderr == ""


def test_an_unknown_vendor_has_no_paper() -> None:
    result = cases.result_of(cases.one_option())
    for make in (vendor_pdf, scorecard_pdf):
        with pytest.raises(EvaluatorError, match="There is no option 'nobody' in scope"):
            make(result, "nobody", assets=cases.ASSETS)


def test_every_head_of_a_table_says_what_it_heads(reader: PdfReader) -> None:
    scopes: Counted[tuple[str, str]] = Counted()
    for _, kind, inside in elements(reader):
        if kind not in {"/THead", "/TBody"}:
            continue
        for row in inside:
            for cell in (item.get_object() for item in row["/K"]):
                if cell["/S"] == "/TH":
                    scopes[kind, str(cell["/A"]["/Scope"])] += 1
    assert set(scopes) == {("/THead", "/Column"), ("/TBody", "/Row"), ("/TBody", "/Column")}
    assert scopes["/TBody", "/Row"] > 100


def test_what_stands_in_the_margins_is_not_read_aloud(reader: PdfReader) -> None:
    """ISO 14289-1, 7.8: running heads and feet are pagination artifacts, told apart as such."""
    tree = root(reader)["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(tree[::2], tree[1::2], strict=True))
    for page in reader.pages:
        marks = [(operands, operator) for operands, operator in ContentStream(page.get_contents(), reader).operations]
        kinds = [
            str(operands[1].get("/Subtype"))
            for operands, operator in marks
            if operator == b"BDC" and operands[0] == "/Artifact"
        ]
        assert set(kinds) == {"/Header", "/Footer"}
        assert kinds.count("/Footer") == 2
        known = parents[page["/StructParents"]].get_object()
        numbers = [
            int(operands[1]["/MCID"]) for operands, operator in marks if operator == b"BDC" and "/MCID" in operands[1]
        ]
        assert numbers
        assert all(known[number].get_object()["/Type"] == "/StructElem" for number in numbers)


def test_names_are_sorted_as_readers_that_search_expect(reader: PdfReader) -> None:
    """ISO 32000-1, 7.9.6: the keys of a name tree are in order."""
    for tree in root(reader)["/Names"].values():
        names = list(map(str, tree.get_object()["/Names"][::2]))
        assert names == sorted(names)
        assert len(names) > 1


def test_no_paragraph_is_empty(reader: PdfReader) -> None:
    empty = [
        kind
        for element, kind, _ in elements(reader)
        if kind in {"/P", "/LI", "/LBody", "/Caption", "/H2", "/H3"} and not element.get("/K")
    ]
    assert empty == []


def ends(paper: bytes) -> list[bytes]:
    """The last byte of every stream of a file, by its stated length."""
    found = []
    for match in re.finditer(rb"/Length (\d+)[^\n]*>>\nstream\n", paper):
        end = match.end() + int(match[1])
        assert paper[end : end + 10] == b"\nendstream"
        found.append(paper[end - 1 : end])
    return found


def test_no_stream_ends_like_a_line() -> None:
    """A validator that looks for the end of the line before ``endstream`` would miscount it."""
    unlucky = [b"a" * count for count in range(2000) if zlib.compress(b"a" * count)[-1:] in b"\r\n"]
    attachments = [(f"{number}.txt", content, "x") for number, content in enumerate(unlucky)]
    for words in range(40):  # the table of all objects is a stream as well, and is written last
        made = to_pdf(
            f"<html lang='en'><title>x</title><p>{'x ' * words}", SHIPPED, stamped=TODAY, attachments=attachments
        )
        assert not set(ends(made)) & {b"\r", b"\n"}
    kept = PdfReader(BytesIO(made)).attachments
    assert [kept[name] for name, _, _ in attachments] == [[content] for _, content, _ in attachments]
    assert len(unlucky) > 10


def test_a_table_has_the_same_columns_in_every_row() -> None:
    for case in (cases.no_use_case, cases.one_option, cases.everyday):
        result = cases.result_of(case())
        for made in (comparison_pdf(result, assets=cases.ASSETS), recommendation_pdf(result, assets=cases.ASSETS)):
            for _, kind, inside in elements(PdfReader(BytesIO(made))):
                if kind == "/Table":
                    rows = [row.get_object() for part in inside if part["/S"] != "/Caption" for row in part["/K"]]
                    widths = {sum(cell.get_object()["/A"].get("/ColSpan", 1) for cell in row["/K"]) for row in rows}
                    assert len(widths) == 1


def test_a_picture_in_a_margin_is_an_artifact_too(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    shape = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    (theme / "mark.svg").write_text(shape, encoding="utf-8")
    page = "<style>@page { @bottom-center { content: url(theme:mark.svg) } }</style>"
    html = f"<html lang='en'><title>x</title>{page}<svg width='9' height='9'><title>y</title><rect width='9'/></svg>"
    made = PdfReader(BytesIO(to_pdf(html, Assets.of([tmp_path, cases.SHIPPED]), stamped=TODAY)))
    operations = ContentStream(made.pages[0].get_contents(), made).operations
    assert [operands[0] for operands, operator in operations if operator == b"BDC"].count("/Artifact") == 1
