"""One pass over a recommendation, block by block: which words with a digit does the result not account for?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from paper_figures import Data, Exactly, flat, spare, texts, without, words
from paper_forms import FIRST_PAGE, FORMS
from paper_tables import TABLES, Tables
from tagged_pdf import Block

REFERENCES = (
    ("Each is listed in", "The recommended stack"),
    ("at the latest (see", "Validity and next review"),
    ("open (see", "Validity and next review"),
    ("with reasons (see", "Validity and next review"),
    ("in scope: listed in", "All options"),
    ("only the simulations in", "How robust the answer is"),
    ("levels are in", "Criteria"),
)


class Reading:
    """The state of the pass: what the last heading, the last criterion and the last number of a list were."""

    def __init__(self, result: Data, blocks: Sequence[Block]) -> None:
        self.figures = Tables(result)
        self.blocks = blocks
        self.allowed: dict[int, set[tuple[str, ...]]] = {}
        heads = [block for block in blocks if block.kind == "/H2" and re.match(r"(\d+|[A-Z]) ", block.text)]
        self.places = {block.section: (block.text.split()[0], block.page) for block in heads}
        self.criterion: Data = {}
        self.level = ""
        self.item = 0
        self.evidence = ""

    def unfounded(self) -> list[str]:
        """What is printed without being found, with where it stands."""
        found = []
        for block in self.blocks:
            left = self.left(block)
            if left:
                where = " / ".join(
                    part[:50] for part in (block.section, block.caption, block.column, block.row) if part
                )
                found.append(f"{where}: {' '.join(left)} in “{block.text[:300]}”")
        return found

    def left(self, block: Block) -> list[str]:
        """The words with a digit in ``block`` that nothing accounts for."""
        if block.kind in {"/P", "/H2", "/H3"} and not block.caption:
            self._turn_to(block)
        if block.text == "unknown" and block.section == "Where the options differ":
            self.level = "None"
        if not words(block.text):
            return []
        of_level = block.kind == "/LBody" and block.section in {"Criteria", "Where the options differ"}
        rules = (
            (bool(block.caption), self._in_table),
            (block.kind == "/H2", self._in_heading),
            (block.kind == "/Lbl", self._in_list),
            (block.section == "Contents", self._in_contents),
            (of_level, self._of_level),
        )
        return next((rule for fits, rule in rules if fits), self._in_sentence)(block)

    def _in_sentence(self, block: Block) -> list[str]:
        text = block.text
        for before, title in REFERENCES:
            place = self.places.get(title, ("", 0))[0]
            text = re.sub(rf"(?<={re.escape(before)}) section {place}\b", "", text) if place.isdigit() else text
        text = self._fitted(block, text)
        labels = self._labels()
        named = {word for item in labels for word in words(item) if any(character.isalpha() for character in word)}
        return [word for word in words(without(text, [*self._written(block), *labels])) if word not in named]

    def _turn_to(self, block: Block) -> None:
        """Remember what the next blocks are about."""
        self.item = 0
        body = flat(block.text)
        for item in self.figures.criteria.values():
            if re.match(re.escape(flat(item["title"])) + r"(weight[\d.]+%|outofscope)[,;]", body):
                self.criterion, self.level = item, ""

    def _in_table(self, block: Block) -> list[str]:
        rule = next((rule for pattern, rule in TABLES if re.match(pattern, block.caption)), None)
        try:
            said = rule(self.figures, block) if rule else []
        except (LookupError, ValueError, StopIteration):
            said = None  # the result has no such row or column
        if said is None or (block.column == "No." and not self._next_item(block.text)):
            return words(block.text)
        if isinstance(said, Exactly):
            return [] if words(block.text) == words(said) else words(block.text)
        return spare(block.text, said)

    def _next_item(self, number: str) -> bool:
        """Whether an item of evidence follows the one before it in the register, or begins that of an option."""
        order = list(self.figures.evidence)
        place = order.index(number)
        option = self.figures.evidence[number]["option"]
        first = place == 0 or self.figures.evidence[order[place - 1]]["option"] != option
        follows = first or order[place - 1] == self.evidence
        self.evidence = number
        return follows

    def _in_heading(self, block: Block) -> list[str]:
        """Sections are numbered one after another."""
        number = block.text.split()[0]
        numbers = [place for place, _ in self.places.values() if place.isdigit()]
        fine = number in numbers and numbers == [str(place) for place in range(1, len(numbers) + 1)]
        return [] if fine and self.places[block.section][0] == number else words(block.text)

    def _in_list(self, block: Block) -> list[str]:
        """Items of a list are numbered one after another."""
        self.item += 1
        return [] if block.text == f"{self.item}." else words(block.text)

    def _in_contents(self, block: Block) -> list[str]:
        """An entry of the contents: the page of the section, its number and its title."""
        entries = {f"{page} {number} {title}" for title, (number, page) in self.places.items()}
        return [] if block.text in entries else words(block.text)

    def _fitted(self, block: Block, text: str) -> str:
        """``text`` without the figures that fit the form of their sentence."""
        for number, (section, form, allowed) in enumerate(FORMS):
            if not re.search(section, block.section):
                continue
            for match in re.finditer(form, text):
                if number not in self.allowed:
                    rows = allowed(self.figures)
                    self.allowed[number] = {tuple(flat(str(item)) for item in row) for row in rows}
                if tuple(flat(group) for group in match.groups() if group is not None) in self.allowed[number]:
                    text = text.replace(match[0], "\n", 1)
        return text

    def _of_level(self, block: Block) -> list[str]:
        """A level of the criterion in hand, each in its turn, and what it says."""
        f = self.figures
        anchors = self.criterion["levels"]
        label = block.text.removeprefix("level ")
        if block.section == "Criteria":
            if label.isdigit():
                order = sorted(anchors, key=int)
                due = order[order.index(self.level) + 1] if self.level else order[0]
                self.level = label
                return [] if label == due else words(block.text)
            return words(without(block.text, [anchors[self.level]]))
        held = {key: f.cell(f.options[key], self.criterion)["level"] for key in f.r["leaders"]}
        if block.text == f"level {label}":
            levels = sorted({level for level in held.values() if level is not None}, reverse=True)
            due = next((level for level in levels if not self.level or level < int(self.level)), None)
            self.level = label
            return [] if label == str(due) else words(block.text)
        at = [key for key, level in held.items() if str(level) == self.level]
        said = [f"{f.list_of(at)}. {anchors.get(self.level, '')}"] if at else []
        return words(without(block.text, said))

    def _labels(self) -> list[str]:
        """Names and titles that any sentence may use."""
        f = self.figures
        titles = [item["title"] for group in (f.cases, f.criteria, f.families) for item in group.values()]
        capabilities = f.ws["demand"]["capabilities"].values()
        editions = [option["edition_name"] for option in f.options.values()]
        return [*f.names.values(), *editions, *titles, *capabilities, *(item["title"] for item in f.classes)]

    def _written(self, block: Block) -> list[str]:
        """Texts that people wrote and that stand in this section."""
        f = self.figures
        evaluation = f.evaluation
        written: dict[str, Callable[[], Sequence[str | None]]] = {
            "Need and scope": lambda: [
                evaluation["question"],
                f.ws["demand"]["notice"],
                *evaluation["out_of_scope"].values(),
            ],
            "Guardrails": lambda: [*texts(f.ws["guardrails"])],
            "Process and dissent": lambda: [
                *texts(f.ws["weights"]["seal"]),
                f.ws["weights"]["note"],
                f.scores["combination"],
            ],
            "Method": lambda: [*texts(f.ws["weights"]["seal"]), *texts(f.ws["catalogue"]["head"]["evidence_grades"])],
            "All options": lambda: [f.scores["combination"]],
            "Scorecards": lambda: [f.ws["vendors"][key]["profile"]["notice"] for key in f.options],
            "Assumptions and exceptions": lambda: [*evaluation["assumptions"], evaluation["notice"]],
            "Criteria": lambda: self._of_criterion(block),
            "Risk, viability and exit": lambda: self._facts(block),
        }
        found = written.get(block.section, list)()
        if re.search(FIRST_PAGE, block.section):
            notice = evaluation["notice"] or ""
            roles = [item["role"] for item in evaluation["deciders"]]
            found = [evaluation["title"], evaluation["organisation"], f.short(notice, 520), *roles]
        return [item for item in found if item]

    def _of_criterion(self, block: Block) -> list[str]:
        f = self.figures
        if block.kind == "/H3":
            weights = next(iter(f.options.values()))["families"] if f.options else {}
            reasons = f.ws["weights"]["reasons"]
            return [
                f"{item['title']} {100 * weights[key]['weight']:.1f} %{': ' + reasons[key] if key in reasons else ''}"
                for key, item in f.families.items()
                if key in weights
            ]
        if not self.criterion:
            return [*texts(f.ws["catalogue"]["head"])]
        works = [
            f"{work.replace('-', ' ').replace('_', ' ').upper() + ' ' if work != 'other' else ''}{', '.join(ids)}"
            for work, ids in self.criterion["mappings"].items()
        ]
        asked = self.criterion["question"]
        return ["; ".join(works), asked, f.ws["weights"]["reasons"].get(self.criterion["id"], "")]

    def _facts(self, block: Block) -> list[str]:
        f = self.figures
        tool = next((key for key, name in f.names.items() if flat(name) == flat(block.part)), None)
        facts = f.ws["vendors"][tool]["profile"]["facts"] if tool else []
        return [f"{fact['fact']} {f.short(fact['source'], 110)}, {fact['source_date'] or 'undated'}" for fact in facts]
