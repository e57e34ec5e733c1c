"""What an HTML paper may do in a browser: show itself, and run the script of the program. Nothing else, whatever its template says.

The content security policy stands first in every file and is put there after rendering. It stops scripts, event handlers,
frames, plug-ins, forms and everything that would be fetched. It cannot stop a page from sending its reader elsewhere
(``<meta http-equiv="refresh">``) or from looking up names (``<link rel="dns-prefetch">``), so a paper holds only elements
from a list, in which these are not.

The names of elements are looked for in the text, not by a parser: an element always begins with ``<`` and its name, and
text from content has no ``<`` left when it is escaped. What stands in a comment is refused too.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

from evaluator.errors import EvaluatorError, one_line

ELEMENTS = frozenset({
    "html", "head", "title", "meta", "style", "body",
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "button", "caption", "cite",
    "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img", "input", "ins", "kbd",
    "label", "li", "main", "mark", "meter", "nav", "ol", "output", "p", "pre", "progress", "q", "rp", "rt", "ruby",
    "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
    "svg", "circle", "clippath", "defs", "desc", "ellipse", "g", "line", "lineargradient", "path", "pattern",
    "polygon", "polyline", "radialgradient", "rect", "stop", "text", "tspan",
})  # fmt: skip
"""What a paper may be made of; ``script`` only as the program writes it."""

_OTHER = re.compile(rf"<(?!(?:{'|'.join(sorted(ELEMENTS))})(?![^\s/>]))([a-z][^\s/>]*)", re.IGNORECASE | re.ASCII)
_META = re.compile(
    r"""<meta(?!\s+(?:charset="[\w-]+"|name="[\w.:-]+"\s+content="[^"]*"|http-equiv="Content-Security-Policy"\s+content="[^"]*")\s*/?>)""",
    re.IGNORECASE | re.ASCII,
)

# A browser takes nothing but these characters before a doctype without leaving the head that follows.
_START = re.compile(
    r'[ \t\n\f\r]*<!DOCTYPE html>[ \t\n\f\r]*<html(?: lang="[A-Za-z0-9-]*")?>[ \t\n\f\r]*<head>',
    re.IGNORECASE | re.ASCII,
)


def policy_of(script: str = "") -> str:
    """A content security policy that lets ``script`` run and nothing else, and nothing be fetched.

    Styles stay open: the papers set widths in ``style`` attributes, which no hash covers, and a style sheet belongs to the
    workspace in any case. Under this policy it can fetch nothing.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    runs = f" script-src 'sha256-{digest}';" if script else ""
    return f"default-src 'none';{runs} style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def with_policy(html: str, policy: str, lang: str) -> str:
    """``html`` with ``policy`` and the character set as the first elements of its head.

    A document that does not begin as the shipped ones do gets a head of the program's before everything else; a browser
    passes over a second one.
    """
    start = _START.match(html)
    head = start[0] if start else f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>'
    first = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<meta charset="utf-8">'
    return f"{head}\n{first}{html[start.end() :] if start else html}"


def refused_element(text: str) -> tuple[str, int] | None:
    """The first element in ``text`` that is not on the list, and where it begins; None where there is none."""
    found = _OTHER.search(text)
    return (one_line(found[1].lower()), found.start()) if found else None


def check_elements(html: str, template: str, scripts: Sequence[str]) -> None:
    """Raise :class:`EvaluatorError` where ``html`` has an element that no paper may hold; ``scripts`` are the program's."""
    for script in scripts:
        html = html.replace(script, "")
    found = refused_element(html)
    if found or _META.search(html):
        name = found[0] if found else "meta"
        kind = "" if found else " other than a name with its content, a character set, or a content security policy"
        raise EvaluatorError(
            f"The template '{template}' writes the element <{name}>{kind}, which a paper may not contain."
        )
