"""Whether every figure that a recommendation says is found in its result, under the label it bears.

``unfounded(blocks, result)`` gives every word with a digit that is not. What counts as found is narrow:

- in a table, the figure stands in the result where the caption, the row and the column of its cell say, at the
  printed precision and in the printed order;
- in a sentence, it fits the sentence's own form, which says what it is the figure of;
- inside text that was written by people (a rationale, an anchor, a name, an address), that text stands in the result,
  and belongs to the row or the section where it is printed.

A figure in a table or in a sentence that has no rule is unfounded too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Data = dict[str, Any]
Sources = list[str]

WORD = re.compile(r"\S*\d\S*")
EDGE = "()[]“”\"'.,;:…"
LEAST = 12
"""A shorter text is no text that could be recognised as a whole."""


def words(text: str) -> list[str]:
    """Everything with a digit in ``text``, without the marks around it."""
    return [word.strip(EDGE) for word in WORD.findall(text)]


def flat(text: str) -> str:
    """``text`` without blanks, which a line that ends may add."""
    return "".join(text.split())


def without(text: str, known: Iterable[str]) -> str:
    """``text`` with every text of ``known`` taken out where it stands as a whole, or in part at the edge of a page."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    body = flat(text)
    gone = [False] * len(body)
    for item in sorted({flat(item) for item in known}, key=len, reverse=True):
        for start, end in _standing(body, item):
            gone[start:end] = [True] * (end - start)
    kept = dict(zip(places, gone, strict=True))
    return "".join("\n" if kept.get(place) else character for place, character in enumerate(text))


def _standing(body: str, item: str) -> Iterator[tuple[int, int]]:
    """Where ``item`` stands in ``body``; where it does not, the piece of it with which ``body`` begins or ends."""
    if body == item:
        yield 0, len(body)
    if len(item) < LEAST:
        return
    start = body.find(item)
    if start >= 0:
        while start >= 0:
            yield start, start + len(item)
            start = body.find(item, start + len(item))
        return
    if len(body) >= LEAST and body in item:
        yield 0, len(body)
        return
    head, tail = body[:LEAST], body[-LEAST:]
    where = item.rfind(head)
    if where >= 0 and body.startswith(item[where:]):
        yield 0, len(item) - where
    where = item.find(tail)
    if where >= 0 and body.endswith(item[: where + LEAST]):
        yield len(body) - where - LEAST, len(body)


def pts(value: float, digits: int = 1) -> str:
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def plus(value: float) -> str:
    text = pts(value)
    return text if text.startswith("−") or not float(text) else f"+{text}"


def pct(value: float, digits: int = 0) -> str:
    return f"{100 * value:.{digits}f}"


def chance(value: float) -> str:
    """A whole percentage, unless that would say nothing or everything of a share that is neither."""
    whole = pct(value)
    return "<1" if value > 0 and whole == "0" else ">99" if value < 1 and whole == "100" else whole


def money(cost: Data) -> str:
    """The figures of a cost in the order they are printed in."""
    parts = []
    for amount in cost["amounts"]:
        parts.append(f"{amount['expected']:,.0f}")
        if round(amount["high"]) > round(amount["low"]):
            parts.append(f"({amount['low']:,.0f} to {amount['high']:,.0f})")
    if cost["unpriced"] and cost["amounts"]:
        parts.append(f"+ {len(cost['unpriced'])} unknown")
    return " ".join(parts)


def spent(cost: Data) -> str:
    """A cost as page 1 prints it."""
    parts = []
    for amount in cost["amounts"]:
        text = f"{amount['currency']} {amount['expected']:,.0f}"
        if round(amount["high"]) > round(amount["low"]):
            text += f" ({amount['low']:,.0f} to {amount['high']:,.0f})"
        parts.append(text)
    count = len(cost["unpriced"])
    if count and parts:
        parts.append(f"{count} {'price' if count == 1 else 'prices'} unknown")
    return " + ".join(parts)


def texts(node: Any) -> Iterator[str]:
    """Every text below ``node``, keys of dictionaries aside."""
    if isinstance(node, dict):
        for item in node.values():
            yield from texts(item)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, str):
        yield node


class Exactly(str):
    """The words with a digit of a cell, in this order and no others."""

    __slots__ = ()


Found = Exactly | Sources | None
"""What a cell may say: exactly this, words of these texts, or None where no rule is known."""


class Figures:
    """The figures of one result, looked up by the labels of a paper."""

    def __init__(self, result: Data) -> None:
        self.r = result
        self.ws = result["workspace"]
        self.evaluation = self.ws["evaluation"]
        self.scores = result["scores"]
        self.options = {option["id"]: option for option in self.scores["options"]}
        self.criteria = {item["id"]: item for group in self.ws["catalogue"]["families"].values() for item in group}
        self.families = {item["id"]: item for item in self.ws["catalogue"]["head"]["families"]}
        self.cases = {item["id"]: item for item in self.ws["demand"]["use_cases"]}
        self.classes = self.ws["guardrails"]["data_classes"]
        self.sizes = {size["size"]: size for size in (result["stacks"] or {"sizes": []})["sizes"]}
        chosen = self.sizes.get(result["stacks"]["recommended"]) if result["stacks"] else None
        self.size: Any = chosen
        self.stack: Any = chosen["best"] if chosen else None
        self.full: Any = (result.get("sensitivity") or {}).get("stack")
        self.tools = self.stack["tools"] if self.stack else []
        self.shown = self.tools or [option["id"] for option in self.scores["options"][:3]]
        self.names = {key: self.short(option["name"]) for key, option in self.options.items()}
        self.evidence = {item["id"]: item for item in result["evidence"]}

    @staticmethod
    def short(text: str, width: int = 60) -> str:
        text = " ".join(text.split())
        return text if len(text) <= width else text[: width - 1].rstrip() + "…"

    def option(self, text: str) -> Data:
        """The option whose name ``text`` begins with."""
        body = flat(text)
        fitting = [key for key, name in self.names.items() if body.startswith(flat(name))]
        found: Data = self.options[max(fitting, key=lambda key: len(self.names[key]))]
        return found

    def titled(self, group: Iterable[Data], text: str) -> Data:
        """The item of ``group`` with the title that ``text`` begins with."""
        body = flat(text)
        fitting = [item for item in group if body.startswith(flat(item["title"]))]
        return max(fitting, key=lambda item: len(item["title"]))

    def criterion(self, text: str) -> Data:
        return self.titled(self.criteria.values(), text)

    def cell(self, option: Data, criterion: Data) -> Data:
        return next(cell for cell in option["cells"] if cell["criterion"] == criterion["id"])

    def fit(self, option: str, case: str) -> Data:
        return next(fit for fit in self.r["fits"][case] if fit["option"] == option)

    def cited(self, option: Data, answer: Data | None) -> str:
        """The register numbers that an answer rests on."""
        found = []
        for item in (answer or {"evidence": []})["evidence"]:
            for row in self.evidence.values():
                same = all(row[key] == item.get(key) for key in ("source", "grade", "date", "captured"))
                if row["option"] == option["id"] and same and row["id"] not in found:
                    found.append(row["id"])
        return " ".join(found)

    def open_gates(self, option: Data, data_class: str) -> str:
        """How many gates of a class are failed or, where none is, unsupported."""
        outcomes = Counter(check["outcome"] for check in option["gates"][data_class]["checks"])
        count = outcomes["failed"] or outcomes["unsupported"]
        return str(count) if count else ""

    def gated(self) -> set[str]:
        """The criteria with a gate for some class or tag."""
        groups = (*self.scores["gates"].values(), *self.scores["tag_gates"].values())
        return {key for levels in groups for key in levels}

    def class_of(self, title: str) -> str:
        return str(next(item["id"] for item in self.classes if flat(item["title"]) == flat(title)))

    def conditions(self, tool: str) -> tuple[dict[str, Data], list[str], list[str]]:
        """Gates to be met (the highest required), capabilities to be confirmed, and use cases waiting."""
        checks: dict[str, Data] = {}
        capabilities: dict[str, None] = {}
        waiting = []
        for place in self.stack["served"] if self.stack else ():
            fit = self.fit(place["tool"], place["use_case"]) if place["tool"] == tool else None
            if fit and fit["coverage"] == "conditional":
                waiting.append(place["use_case"])
                capabilities |= dict.fromkeys(fit["unknown_capabilities"])
                for check in fit["unsupported"]:
                    if check["required"] > checks.get(check["criterion"], {"required": -1})["required"]:
                        checks[check["criterion"]] = check
        return checks, list(capabilities), waiting

    def list_of(self, tools: Sequence[str]) -> str:
        names = [self.names[tool] for tool in tools]
        return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]

    def few(self, tools: Sequence[str], most: int = 4) -> str:
        """A list of which no more than ``most`` are named, the rest counted."""
        if len(tools) <= most:
            return self.list_of(tools)
        return f"{', '.join(self.names[tool] for tool in tools[: most - 1])} and {len(tools) - most + 1} more"


def spare(text: str, known: Sources) -> list[str]:
    """The words with a digit in a cell that none of the texts of ``known`` accounts for, each of their words but once."""
    rest = words(without(text, known))
    # A text that stands as a whole was taken out, and its words account for nothing else.
    body = flat(text)
    left = [item for item in known if len(flat(item)) < LEAST or flat(item) not in body]
    have = Counter(word for item in left for word in words(item))
    cut = text.rstrip(")” ").endswith("…")
    missing = []
    for place, word in enumerate(rest):
        if have[word]:
            have[word] -= 1
        elif not (cut and place == len(rest) - 1 and any(item.startswith(word) for item in have)):
            missing.append(word)
    return missing
