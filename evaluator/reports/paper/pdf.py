"""The only module that uses WeasyPrint: HTML becomes a tagged, archivable PDF, the same bytes for the same input.

The engine may fetch nothing but files of the report's theme, and it sees only the fonts that lie there.
"""

from __future__ import annotations

import base64
import gc
import logging
import os
import re
import tempfile
import threading
import unicodedata
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, date, datetime, time
from functools import cache
from io import BytesIO, StringIO
from math import inf
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from evaluator.errors import EvaluatorError, one_line
from evaluator.reports.paper.assets import Assets

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

Attachment = tuple[str, bytes, str]
"""File name, content, description."""

PANGO_MISSING = (
    "The PDF cannot be made because the text-layout library Pango is missing; install it and try again: "
    "on Debian and Ubuntu `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0` as root, "
    "on Fedora `dnf install pango harfbuzz`, on macOS `brew install pango`, on Windows `pacman -S mingw-w64-x86_64-pango` in MSYS2. "
    "`recommend` and `compare` write .html without it."
)

SUBSETTER_MISSING = (
    "The library HarfBuzz-Subset is missing, so the fonts in the PDF are subset by a slower library that the PDF engine will "
    "stop using; install it: on Debian and Ubuntu `apt-get install libharfbuzz-subset0` as root, on Fedora `dnf install harfbuzz`, "
    "on macOS `brew install harfbuzz`."
)

THEME = "theme:"
"""The only scheme the engine may follow: a file of the theme by its name, as in ``theme:logo.svg``."""

UNKNOWN_CHARACTER = "\ufffd"

_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".css": "text/css"}
_FONTS = {".ttf", ".otf", ".ttc"}
_PROCESS_SETTINGS = threading.Lock()

# PDF/A-3a is what the engine can write; PDF/UA-1 asks for no more than its mark in the metadata. PDF/A wants a
# mark of another standard described by an extension schema (ISO 19005-3, 6.6.2.3).
_UA_MARK = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this document follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def to_pdf(html: str, assets: Assets, *, stamped: date, attachments: Sequence[Attachment] = ()) -> bytes:
    """``html`` as a PDF that follows PDF/UA-1 and PDF/A-3a, with ``attachments`` embedded.

    Args:
        html: the whole document, with its style sheet and its metadata.
        assets: where the theme's fonts and pictures lie.
        stamped: the day that attachments and changed fonts bear; no clock is read.
        attachments: files to embed.

    Raises:
        EvaluatorError: where Pango or the fonts are missing, or the document refers to anything outside the theme.
    """
    with _process_settings(assets, stamped), _uncollected():
        engine = _engine()
        _read_font_settings()
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError

        fetcher = _theme_fetcher(assets)
        try:
            document = engine.HTML(string=_printable(html, assets), url_fetcher=fetcher).render(
                font_config=FontConfiguration()
            )
            content: bytes = document.write_pdf(
                pdf_variant="pdf/a-3a",
                finisher=_finish,
                # The names of a name tree are in order (ISO 32000-1, 7.9.6).
                attachments=[_attachment(engine, fetcher, item, stamped) for item in sorted(attachments)],
            )
        except FatalURLFetchingError as error:
            raise EvaluatorError(str(error)) from error
        except Exception as error:
            if not (assets.own("templates") or assets.own("theme")):
                raise
            raise EvaluatorError(
                "The PDF engine fails on what the templates or the style sheet of this workspace write: "
                f"{one_line(error, 200).rstrip('. ') or type(error).__name__}."
            ) from error
    return content


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put the collection of cycles off while boxes are made by the hundred thousand: a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@cache
def _engine() -> ModuleType:
    """The engine, loaded once; a missing subsetter is reported then, in one line of the log."""
    with warnings.catch_warnings(), redirect_stdout(StringIO()):  # what the engine prints is in PANGO_MISSING
        warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
        try:
            import weasyprint
        except OSError as error:
            raise EvaluatorError(PANGO_MISSING) from error
    if not subsetter_found():
        logging.getLogger(__name__).warning(SUBSETTER_MISSING)
    module: ModuleType = weasyprint
    return module


def subsetter_found() -> bool:
    """Whether the engine has HarfBuzz-Subset in a version that it uses; asks for Pango."""
    from weasyprint.text.ffi import harfbuzz, harfbuzz_subset

    return harfbuzz_subset is not None and bool(harfbuzz.hb_version_atleast(4, 1, 0))


def _read_font_settings() -> None:
    """Let the font library read its settings now, before Pango starts a thread that does so.

    That thread would read them at any later time. Where the program was stopped and the folder of the cache removed, it made
    the folder again.
    """
    from weasyprint.text.ffi import ffi, fontconfig

    current = ffi.NULL
    fontconfig.FcConfigGetFonts(current, fontconfig.FcSetSystem)


@contextmanager
def _process_settings(assets: Assets, stamped: date) -> Iterator[None]:
    """Set what the engine takes from its process, for the time of one document: fonts, the time, warnings.

    The engine sees the theme's fonts and no others: without any font it crashes, and with the machine's own fonts
    the same paper would look different elsewhere. A font that is reduced without HarfBuzz-Subset, or made from a
    variable one, bears the time of the change: that is ``stamped`` instead of the clock. As the settings are the
    process's, one document is made at a time.
    """
    if not _font_files(assets):
        raise EvaluatorError("The theme has no fonts (theme/fonts holds no .ttf or .otf file), so no PDF can be made.")
    seconds = max(0, int(datetime.combine(stamped, time(), UTC).timestamp()))
    with (
        _PROCESS_SETTINGS,
        tempfile.TemporaryDirectory(prefix="evaluator-fonts-") as scratch,
        warnings.catch_warnings(),
    ):
        settings = Path(scratch) / "fonts.conf"
        rows = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in assets.font_folders())
        settings.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
            f"<fontconfig>{rows}<cachedir>{escape(scratch)}</cachedir></fontconfig>",
            encoding="utf-8",
        )
        # The engine leaves the file of its colour profile to the collector.
        warnings.filterwarnings("ignore", r"unclosed file .*sRGB2014", ResourceWarning)
        with _environment(FONTCONFIG_FILE=str(settings), SOURCE_DATE_EPOCH=str(seconds)):
            yield


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set variables of the environment, and put them back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _font_files(assets: Assets) -> list[Path]:
    return [
        path for folder in assets.font_folders() for path in sorted(folder.iterdir()) if path.suffix.lower() in _FONTS
    ]


def _printable(html: str, assets: Assets) -> str:
    """``html`` with the mark for an unknown character wherever no font of the theme has the one that is meant.

    Left to the engine it would be an empty box that search, speech and both standards cannot do anything with.
    """
    from fontTools.ttLib import TTFont, TTLibError

    covered: set[int] = set()
    for path in _font_files(assets):
        try:
            with path.open("rb") as stream, TTFont(stream, fontNumber=0, lazy=True) as font:
                covered |= (font.getBestCmap() or {}).keys()
        except (TTLibError, OSError) as error:
            raise EvaluatorError(f"The font '{path}' cannot be read.") from error
    missing = {ord(character) for character in set(html)} - covered
    marks = {code: _instead(unicodedata.category(chr(code))) for code in missing}
    return html.translate({code: mark for code, mark in marks.items() if mark is not None})


def _instead(category: str) -> str | None:
    """What stands for a character that no font has: nothing for a mark on a letter; controls and blanks stay."""
    if category in {"Cc", "Cf", "Zs", "Zl", "Zp"}:
        return None
    return "" if category.startswith("M") else UNKNOWN_CHARACTER


def _theme_fetcher(assets: Assets) -> URLFetcher:
    """A fetcher that knows the files of the theme; anything else stops the document, as it is never meant."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ThemeFetcher(URLFetcher):  # type: ignore[misc]  # the engine has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            del headers
            name = url.removeprefix(THEME)
            media = _MEDIA.get(Path(name).suffix.lower())
            if name == url or media is None or not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", name):
                raise FatalURLFetchingError(
                    f"The paper refers to '{url[:200]}', which is no file of its theme; nothing was fetched."
                )
            try:
                return URLFetcherResponse(url, assets.read("theme", name), {"Content-Type": media})
            except EvaluatorError as error:
                raise FatalURLFetchingError(str(error)) from error

    return ThemeFetcher()


def _attachment(engine: ModuleType, fetcher: URLFetcher, item: Attachment, stamped: date) -> Any:
    name, content, description = item
    moment = datetime.combine(stamped, time(), UTC)
    return engine.Attachment(
        string=content,
        name=name,
        description=description,
        created=moment,
        modified=moment,
        relationship="Data",
        url_fetcher=fetcher,
    )


def _finish(_: Any, pdf: Any) -> None:
    """The last touches on the objects of the file, before it is written."""
    _mark_accessible(pdf)
    _fix_tags(pdf)
    for item in pdf.objects:
        if getattr(item, "compress", False):
            _compress(item)
    _settle_writing(pdf)


def _mark_accessible(pdf: Any) -> None:
    """Add the PDF/UA-1 mark to the metadata, uncompressed so that any archive can read it."""
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[number]
    stream.compress = False
    stream.stream = [part.replace(b"</rdf:RDF>", _UA_MARK + b"</rdf:RDF>") for part in stream.stream]


def _compress(stream: Any) -> None:
    """Compress a stream once; left to itself, the writer does it twice, at the slowest level."""
    stream.compress = False
    content = stream.data.split(b"\nstream\n", 1)[1].removesuffix(b"\nendstream")
    packed, names = _settled(zlib.compress(content))
    stream.stream = [packed]
    stream.extra["Filter"] = names


def _settled(packed: bytes) -> tuple[bytes, str]:
    """``packed``, and its filters: in letters where it ends like a line.

    A reader that looks for the end of the line before ``endstream`` miscounts a stream that itself ends in one. The last
    byte of compressed content is a checksum that cannot be chosen; in letters (Ascii85), the stream ends in ``~>``.
    """
    if packed[-1:] not in {b"\r", b"\n"}:
        return packed, "/FlateDecode"
    return base64.a85encode(packed) + b"~>", "[/ASCII85Decode /FlateDecode]"


def _settle_writing(pdf: Any) -> None:
    """Let ``pdf`` be written with settled streams only.

    The writer makes two streams itself, of objects and of their places; where one of them ends like a line, the file
    is written again with an object more, which changes both.
    """
    write, count = pdf.write, len(pdf.objects)

    def settled(output: Any, *arguments: Any) -> None:
        for padding in range(100):
            held = BytesIO()
            write(held, *arguments)
            content = held.getvalue()
            lengths = re.finditer(rb"/Type /(?:ObjStm|XRef)[^\n]*/Length (\d+)>>\nstream\n", content)
            if not any(content[found.end() + int(found[1]) - 1] in b"\r\n" for found in lengths):
                break
            del pdf.objects[count:]
            pdf.current_position = 0
            pdf.add_object(type(pdf.catalog)({"Padding": padding}))
        output.write(content)

    pdf.write = settled


# The engine's document is of plain objects before it is written; a structure element is a dictionary with a number and a reference.


def _fix_tags(pdf: Any) -> None:
    """Correct the tags where the engine leaves them short of PDF/UA-1 (ISO 14289-1).

    Every header cell of a table says whether it belongs to a column or a row (7.5); the engine only gives cells the names of
    their headers. Running headers and footers are pagination artifacts (7.8); the engine tags them as content that no reading
    order reaches.
    """
    elements = {item.reference: item for item in pdf.objects if _is_element(item)}
    for element in elements.values():
        if element["S"] == "/TH":
            element["A"]["Scope"] = _scope(element, elements)
    _take_out_margins(pdf, elements)


def _is_element(item: Any) -> bool:
    return isinstance(item, dict) and item.get("Type") == "/StructElem"


def _scope(head: Any, elements: dict[bytes, Any]) -> str:
    """A header cell above the body, or one that spans all columns of it, belongs to its column; any other to its row."""
    part = elements[elements[head["P"]]["P"]]
    return "/Column" if part["S"] == "/THead" or "ColSpan" in head["A"] else "/Row"


def _take_out_margins(pdf: Any, elements: dict[bytes, Any]) -> None:
    document = next(element for element in elements.values() if element["S"] == "/Document")
    reached = set(document["K"])
    marks: dict[bytes, set[int]] = {}
    gone: set[bytes] = set()
    for element in list(elements.values()):
        if element.get("P") == document.reference and element.reference not in reached:
            for below in list(_with_all_below(element, elements)):
                marks.setdefault(below["Pg"], set()).update(kid for kid in below["K"] if isinstance(kid, int))
                gone.add(below.reference)
                below.clear()  # an empty object; the writer counts wrongly where one is missing
    objects = {item.reference: item for item in pdf.objects}
    for page, numbers in marks.items():
        height = objects[page]["MediaBox"][3]
        _mark_artifacts(objects[objects[page]["Contents"]], numbers, float(height) / 0.75)
    root = objects[pdf.catalog["StructTreeRoot"]]
    for row in objects[root["ParentTree"]]["Nums"]:
        if isinstance(row, list):
            row[:] = [b"null" if reference in gone else reference for reference in row]


def _with_all_below(element: Any, elements: dict[bytes, Any]) -> Iterator[Any]:
    yield element
    for kid in element["K"]:
        if kid in elements:
            yield from _with_all_below(elements[kid], elements)


def _mark_artifacts(stream: Any, numbers: set[int], height: float) -> None:
    """Turn the marked content with these ``numbers`` into running headers and footers; ``height`` of the page is in CSS pixels."""
    items = stream.stream
    for place, item in enumerate(items):
        if isinstance(item, dict) and item.get("MCID") in numbers:
            upper = _distance_from_top(items, place) < height / 2
            items[place - 1] = "/Artifact"
            items[place] = type(item)({"Type": "/Pagination", "Subtype": "/Header" if upper else "/Footer"})


def _distance_from_top(items: list[Any], place: int) -> float:
    """Where the first text after ``place`` is set, in CSS pixels; what no text follows, such as a picture, is taken for the foot."""
    matrices = (item for item in items[place:] if isinstance(item, bytes) and item.endswith(b" Tm"))
    matrix = next(matrices, None)
    return float(matrix.split()[5]) if matrix else inf
