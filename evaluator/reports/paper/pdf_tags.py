"""The tags of a finished PDF, corrected where the engine leaves them short of PDF/UA-1 (ISO 14289-1).

- Every header cell of a table says whether it belongs to a column or a row (7.5); the engine only gives cells the names of their headers.
- Running headers and footers are pagination artifacts (7.8); the engine tags them as content that no reading order reaches.

``pdf`` is the engine's document of plain objects, before it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

Element = Any
"""One structure element: a dictionary of the engine with a number and a reference."""


def fix_tags(pdf: Any) -> None:
    """Give header cells their scope, and take what stands in margins out of the tags."""
    elements = {item.reference: item for item in pdf.objects if _is_element(item)}
    for element in elements.values():
        if element["S"] == "/TH":
            element["A"]["Scope"] = _scope(element, elements)
    _take_out_margins(pdf, elements)


def _is_element(item: Any) -> bool:
    return isinstance(item, dict) and item.get("Type") == "/StructElem"


def _scope(head: Element, elements: dict[bytes, Element]) -> str:
    """A header cell above the body, or one that spans all columns of it, belongs to its column; any other to its row."""
    part = elements[elements[head["P"]]["P"]]
    return "/Column" if part["S"] == "/THead" or "ColSpan" in head["A"] else "/Row"


def _take_out_margins(pdf: Any, elements: dict[bytes, Element]) -> None:
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


def _with_all_below(element: Element, elements: dict[bytes, Element]) -> Iterator[Element]:
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
