"""How cells look, by what they are; colour only ever repeats what a word, a mark or a number says."""

from __future__ import annotations

from typing import Any

Look = dict[str, Any]

INK, QUIET, LINE = "#1B2733", "#5B6B7A", "#C9D2DB"
HEAD, BAND = "#1F3A5F", "#E8EEF5"
INPUT, INPUT_EDGE = "#FFF6CC", "#B8860B"
MET, FAILED, OPEN = "#DCEEF7", "#F8DED2", "#FDF3CF"
LOWEST, MIDDLE, HIGHEST = "#F6D9BF", "#FFFFFF", "#BFD9EE"

PALETTE = ("#1F3A5F", "#C8641B", "#3A8C8C", "#8A5A9E", "#7A7A2E", "#5B6B7A")
"""Series colours, told apart by shape or pattern as well."""

_BASE: Look = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}
_GRID: Look = {**_BASE, "border": 1, "border_color": LINE}
_NUMBER: Look = {**_GRID, "align": "right"}
_TEXT: Look = {**_GRID, "align": "left", "indent": 1}
_CENTRE: Look = {**_GRID, "align": "center"}

LOOKS: dict[str, Look] = {
    "title": {**_BASE, "font_size": 16, "bold": True, "font_color": HEAD},
    "section": {**_BASE, "font_size": 12, "bold": True, "font_color": HEAD},
    "plain": _BASE,
    "prose": {**_BASE, "text_wrap": True},
    "strong": {**_BASE, "bold": True},
    "strong_prose": {**_BASE, "bold": True, "text_wrap": True},
    "note": {**_BASE, "font_color": QUIET},
    "note_prose": {**_BASE, "font_color": QUIET, "text_wrap": True},
    "head": {
        **_GRID,
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": HEAD,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "label": {**_TEXT, "bold": True, "bg_color": BAND, "text_wrap": True},
    "label_number": {**_NUMBER, "bold": True, "bg_color": BAND, "num_format": "0.0"},
    "cell": _TEXT,
    "wrap": {**_TEXT, "text_wrap": True},
    "reading": {**_TEXT, "text_wrap": True},
    "bold": {**_TEXT, "bold": True},
    "centre": _CENTRE,
    "whole": {**_NUMBER, "num_format": "0"},
    "rank": {**_CENTRE, "num_format": "0"},
    "points": {**_NUMBER, "num_format": "0.0"},
    "points_bold": {**_NUMBER, "num_format": "0.0", "bold": True},
    "exact": {**_NUMBER, "num_format": "0.000000"},
    "signed": {**_NUMBER, "num_format": "+0.0;-0.0;0.0"},
    "value": {**_NUMBER, "num_format": "0.00"},
    "free": {**_NUMBER, "num_format": "0.###"},
    "policy": {**_TEXT, "num_format": "0.###"},
    "percent": {**_NUMBER, "num_format": "0%"},
    "percent_fine": {**_NUMBER, "num_format": "0.0%"},
    "money": {**_NUMBER, "num_format": "#,##0.00"},
    "date": {**_TEXT, "num_format": "yyyy-mm-dd"},
    "input": {
        **_NUMBER,
        "num_format": "0.###",
        "bg_color": INPUT,
        "border_color": INPUT_EDGE,
        "locked": False,
    },
    "input_text": {
        **_TEXT,
        "bg_color": INPUT,
        "border_color": INPUT_EDGE,
        "locked": False,
        "bold": True,
        "text_wrap": True,
    },
    "link": {**_BASE, "font_color": "#1F5FA8", "underline": 1},
    "met": {**_CENTRE, "bg_color": MET, "text_wrap": True},
    "failed": {**_CENTRE, "bg_color": FAILED, "text_wrap": True},
    "open": {**_CENTRE, "bg_color": OPEN, "text_wrap": True},
}

CONDITIONS: dict[str, Look] = {
    "met": {"bg_color": MET},
    "failed": {"bg_color": FAILED, "bold": True},
    "open": {"bg_color": OPEN},
}
"""Looks that a conditional format adds to a cell whose text already says the same."""

WRAPPED = frozenset(name for name, look in LOOKS.items() if look.get("text_wrap"))
"""Looks whose text runs over several lines."""

BOLD = frozenset(name for name, look in LOOKS.items() if look.get("bold"))
