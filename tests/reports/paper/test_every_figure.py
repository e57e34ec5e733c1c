"""Every figure in the PDF of a recommendation is found in the result that the PDF carries, under the label it bears.

The rule is in ``paper_figures`` and ``paper_forms``; here it is held against whole papers, and itself put to the test:
a figure of which one digit is changed must not pass.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import paper_cases as cases
import pytest
from paper_attachment import again
from paper_figures import words
from paper_reading import Reading
from pypdf import PdfReader
from sampling import each_nth, sample
from tagged_pdf import Block, Tagged

from evaluator import api
from evaluator.model.evaluated import Evaluated
from evaluator.reports.json_contract import result_data
from evaluator.reports.paper.papers import recommendation_pdf

SHIPPED = "the shipped evaluation"
CASES: dict[str, Callable[[], Evaluated]] = {
    SHIPPED: lambda: api.evaluate(api.load(Path(__file__).parents[3])),
    **{
        name: (lambda case=case: cases.result_of(case()))  # type: ignore[misc]
        for name, case in {"everyday": cases.everyday, "final": cases.final, **cases.EDGES}.items()
        if name != "hostile"  # its names are printed cut and with marks for what no font has: no label to look up
    },
}


@dataclass(frozen=True, slots=True)
class Read:
    """A paper as its tags tell it, and the result that it carries."""

    tagged: Tagged
    result: dict[str, Any]

    @property
    def blocks(self) -> list[Block]:
        return self.tagged.blocks


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Read]:
    """Papers by the name of their case, each made once."""
    made: dict[str, Read] = {}

    def paper(name: str) -> Read:
        if name not in made:
            path = api.recommend(api.with_sensitivity(CASES[name]()), tmp_path_factory.mktemp("paper") / "paper.pdf")
            reader = PdfReader(path)
            made[name] = Read(Tagged(reader), json.loads(reader.attachments["result.json"][0]))
        return made[name]

    return paper


@pytest.mark.slow
def test_the_shipped_paper_and_the_result_it_carries_agree(read: Callable[[str], Read], tmp_path: Path) -> None:
    """All in one test, so that this long paper is made but once."""
    paper = read(SHIPPED)
    assert Reading(paper.result, paper.blocks).unfounded() == []
    assert sum(len(words(block.text)) for block in paper.blocks) > 6000
    margins_agree(paper)
    assert len(misprints_that_pass(paper, at_least=5000)) <= 4
    assert again(paper.result, tmp_path / "workspace") == paper.result


@pytest.mark.parametrize(
    "name", sample([name for name in CASES if name != SHIPPED], {"everyday", "final", "limited"}.__contains__)
)
def test_every_figure_is_found_in_the_result_under_its_label(name: str, read: Callable[[str], Read]) -> None:
    paper = read(name)
    assert Reading(paper.result, paper.blocks).unfounded() == []
    assert sum(len(words(block.text)) for block in paper.blocks) > 90


def test_the_margins_say_which_page_of_which_paper_it_is(read: Callable[[str], Read]) -> None:
    margins_agree(read("final"))


def margins_agree(paper: Read) -> None:
    """Every page names the paper, its date, its data and its place; nothing else in its margins has a digit."""
    title, as_of = paper.result["workspace"]["evaluation"]["title"], paper.result["as_of"]
    foot = f"{title} · as of {as_of} · data {paper.result['digest'][:12]}"
    titles = {block.text for block in paper.blocks if block.kind == "/H2"}
    count = len(paper.tagged.margins)
    for number, margin in enumerate(paper.tagged.margins, start=1):
        left = margin.replace(foot, "", 1).replace(f"page {number} of {count}", "", 1)
        for said in sorted(titles, key=len, reverse=True):
            left = left.replace(said, "", 1) if said in left else left
        assert foot in margin
        assert f"page {number} of {count}" in margin
        assert words(left) == []
    assert set(paper.tagged.drawn) <= {"0", "25", "50", "75", "100"}


@pytest.mark.parametrize("name", each_nth(["everyday", "no use case", "no gate passed"], 3))
def test_no_page_ends_with_a_heading_or_with_what_leads_to_a_table(name: str, read: Callable[[str], Read]) -> None:
    blocks = read(name).blocks
    for heading, lead, table in zip(blocks, blocks[1:], blocks[2:], strict=False):
        if heading.kind in {"/H2", "/H3"} and heading.page:
            assert lead.page in {heading.page, 0}
            if lead.kind == "/P" and table.kind == "/Caption":
                assert table.page == lead.page, (lead.text, table.text)


def misprints(block: Block) -> Iterator[Block]:
    """``block`` with the last digit of one of its figures changed, one figure after another; names are left alone."""
    for found in re.finditer(r"\S*\d\S*", block.text):
        if any(character.isalpha() for character in found[0]) and not re.match(r"E\d", found[0]):
            continue
        place = found.start() + max(match.start() for match in re.finditer(r"\d", found[0]))
        text = block.text[:place] + str((int(block.text[place]) + 1) % 10) + block.text[place + 1 :]
        row, group, caption = (text if said == block.text else said for said in (block.row, block.group, block.caption))
        yield replace(block, text=text, row=row, group=group, caption=caption)


def misprints_that_pass(paper: Read, at_least: int) -> list[Block]:
    """The misprints, one in each figure of the paper, that the rule does not notice."""
    reading = Reading(paper.result, paper.blocks)
    tried, passed = 0, []
    for block in paper.blocks:
        for misprint in misprints(block):
            tried += 1
            if not copy.copy(reading).left(misprint):
                passed.append(misprint)
        reading.left(block)
    assert tried > at_least
    return passed


@pytest.mark.parametrize("name", each_nth(["everyday", "no gate passed", "final"], 3))
def test_a_misprint_anywhere_does_not_pass(name: str, read: Callable[[str], Read]) -> None:
    assert misprints_that_pass(read(name), at_least=300) == []


MISPRINTS = {
    "a score": ("options", "{{ option.score|points }}", "{{ (option.score + 0.1)|points }}"),
    "a rank": ("options", "{{ option.rank }}", "{{ option.rank + 1 }}"),
    "the value of a stack": ("stack", "{{ size.best.value|points }}", "{{ (size.best.value - 0.1)|points }}"),
    "a cost": ("cost", "{{ amount.expected|whole }}", "{{ amount.high|whole }}"),
    "a count in a sentence": ("decision", '{{ scores.weights|length|counted("criterion"', '{{ 5|counted("criterion"'),
    "a date": ("register", "{{ item.fresh_until|day }}", "{{ item.date|day }}"),
    "a level": ("scorecard", "{{ m.level(cell.level) }}", "{{ m.level(1) }}"),
    "a figure of nowhere": (
        "validity",
        '{{ say("validity.what-ends-it-earlier") }}',
        '{{ say("validity.what-ends-it-earlier") }} than 37 days',
    ),
}


@pytest.mark.parametrize("name", each_nth(MISPRINTS, 3))
def test_a_template_that_prints_another_figure_is_caught(name: str, tmp_path: Path) -> None:
    part, right, wrong = MISPRINTS[name]
    shipped = (cases.SHIPPED / "templates" / "parts" / f"{part}.html").read_text(encoding="utf-8")
    assert right in shipped
    target = tmp_path / "templates" / "parts" / f"{part}.html"
    target.parent.mkdir(parents=True)
    target.write_text(shipped.replace(right, wrong), encoding="utf-8")
    result = cases.result_of(cases.final())
    made = PdfReader(BytesIO(recommendation_pdf(result, assets=[tmp_path, *cases.ASSETS])))
    data = json.loads(json.dumps(result_data(result)))
    assert Reading(data, Tagged(made).blocks).unfounded() != []
