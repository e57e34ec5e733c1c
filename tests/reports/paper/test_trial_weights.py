"""The HTML version: weights to move, whose figures are the engine's, in a file that asks for nothing and cannot be broken."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import paper_cases as cases
import pytest
from builders import EVALUATION, USE_CASES, WEIGHTS, Content, contents

from evaluator import api
from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated
from evaluator.model.workspace import Workspace
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.papers import recommendation_html, recommendation_pdf
from evaluator.reports.paper.trial_weights import what_if
from evaluator.reports.words import points

ROOT = Path(__file__).parents[3]
SCRIPT = cases.SHIPPED / "theme" / "whatif.js"
NODE = shutil.which("node")
RUN = """
const whatif = require(process.argv[1]);
const {data, trials} = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(trials.map((families) => {
  const found = whatif.evaluate(data, families);
  return found && {...found, difference: whatif.difference(data, found)};
})));
"""


class Page(HTMLParser):
    """Elements, addresses and the text of the scripts of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.policy = ""
        self.scripts: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        given = dict(attrs)
        fetching = {"src", "srcset", "data", "poster", "action", "background"} | ({"href"} if tag != "a" else set())
        self.addresses += [value or "" for name, value in attrs if name in fetching]
        self.handlers += [name for name in given if name.startswith("on")]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        self._inside = tag == "script"
        if self._inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data


def page_of(content: Content) -> Page:
    return Page(recommendation_html(cases.result_of(content), assets=cases.ASSETS))


def data_of(result: Evaluated) -> dict[str, Any]:
    found = what_if(result, Assets.of(cases.ASSETS), ENGLISH)
    assert found is not None
    data: dict[str, Any] = json.loads(found.data)
    return data


def tried(data: dict[str, Any], trials: list[list[float]]) -> list[Any]:
    """What the script makes of the data under each list of family weights."""
    if NODE is None:
        pytest.skip("node is not installed")
    done = subprocess.run(
        [NODE, "-e", RUN, str(SCRIPT)],
        input=json.dumps({"data": data, "trials": trials}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[Any] = json.loads(done.stdout)
    return found


def reweighted(result: Evaluated, figures: list[float]) -> Evaluated:
    """The engine's result under other family weights."""
    workspace = result.workspace
    found = what_if(result, Assets.of(cases.ASSETS), ENGLISH)
    assert found is not None
    families = {**workspace.weights.families, **{k.id: v for k, v in zip(found.families, figures, strict=True)}}
    weights = workspace.weights.model_copy(update={"families": families})
    return evaluate(Workspace.model_construct(**{**dict(workspace), "weights": weights}), result.as_of, version="0")


def agree(found: dict[str, Any], data: dict[str, Any], result: Evaluated) -> None:
    """Every figure of the script is the engine's."""
    names = [option["id"] for option in data["options"]]
    assert [names[row["place"]] for row in found["options"]] == [option.id for option in result.scores.options]
    for row, option in zip(found["options"], result.scores.options, strict=True):
        assert row["rank"] == option.rank
        for figure in ("score", "low", "high"):
            assert row[figure] == pytest.approx(getattr(option, figure), abs=1e-9)
    for row, fits in zip(found["fits"], result.fits.values(), strict=False):
        for fit in fits:
            assert row[names.index(fit.option)] == pytest.approx(fit.fit, abs=1e-9)
    if result.stacks is None:
        assert found["stacks"]["sizes"] == []
        return
    assert found["stacks"]["recommended"] == result.stacks.recommended
    for row, size in zip(found["stacks"]["sizes"], result.stacks.sizes, strict=False):
        assert row["value"] == pytest.approx(size.best.value, abs=1e-9)
        assert row["gain"] == pytest.approx(size.gain, abs=1e-9)
        assert tuple(names[tool] for tool in row["tools"]) == size.best.tools


@pytest.fixture(scope="module")
def shipped() -> Evaluated:
    return api.evaluate(api.load(ROOT))


def test_the_script_follows_the_engine_on_the_shipped_evaluation(shipped: Evaluated) -> None:
    data = data_of(shipped)
    chance = random.Random(5)
    count = len(data["families"])
    trials = [
        [chance.choice((0.0, chance.uniform(0, 40), float(chance.randint(1, 20)))) for _ in range(count)]
        for _ in range(25)
    ]
    trials = [data["families"], *(trial for trial in trials if any(trial))]
    for families, found in zip(trials, tried(data, trials), strict=True):
        agree(found, data, reweighted(shipped, families))


def test_printed_weights_give_the_printed_figures(shipped: Evaluated) -> None:
    data = data_of(shipped)
    (found,) = tried(data, [data["families"]])
    assert found["difference"] <= 1e-9
    agree(found, data, shipped)


@pytest.mark.parametrize("case", [name for name in cases.EDGES if name != "no option"])
def test_the_script_follows_the_engine_on_every_kind_of_workspace(case: str) -> None:
    result = cases.result_of(cases.EDGES[case]())
    data = data_of(result)
    trials = [data["families"], [float(place + 1) for place in range(len(data["families"]))]]
    for families, found in zip(trials, tried(data, trials), strict=True):
        agree(found, data, reweighted(result, families))


def test_where_there_is_a_budget_only_stacks_that_keep_to_it_are_tried() -> None:
    result = cases.result_of(cases.limited(budget={"amount": 600, "currency": "EUR"}))
    assert result.stacks is not None
    assert len(result.stacks.sizes) == 4
    data = data_of(result)
    sets = {size: {tuple(tools) for tools in row} for size, row in data["sets"].items()}
    assert 0 < len(sets["2"]) < 6  # of the six that hold v-1 and not v-5
    printed, moved = tried(data, [data["families"], [1.0, *[0.0] * (len(data["families"]) - 1)]])
    agree(printed, data, result)
    for size in moved["stacks"]["sizes"]:
        assert tuple(size["tools"]) in sets[str(size["size"])]


def test_a_family_of_no_weight_can_be_given_some() -> None:
    content = cases.everyday()
    first = next(iter(content[WEIGHTS]["families"]))
    content[WEIGHTS]["families"][first] = 0
    content[USE_CASES]["use_cases"][0]["emphasis"] = {"c-2": 3, "c-3": 0}
    result = cases.result_of(content)
    data = data_of(result)
    trials = [data["families"], [7.0, *data["families"][1:]]]
    for families, found in zip(trials, tried(data, trials), strict=True):
        agree(found, data, reweighted(result, families))


def test_no_weight_at_all_is_no_figure(shipped: Evaluated) -> None:
    data = data_of(shipped)
    assert tried(data, [[0.0] * len(data["families"])]) == [None]


def test_the_file_asks_for_nothing_and_lets_nothing_else_run() -> None:
    page = page_of(cases.everyday())
    assert page.addresses == []
    assert page.handlers == []
    assert page.names.count("script") == 2
    digest = base64.b64encode(hashlib.sha256(page.scripts[1].encode()).digest()).decode()
    assert page.policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in page.policy
    for word in ("http:", "https:", "fetch(", "XMLHttpRequest", "import(", "eval(", "innerHTML", "Function("):
        assert word not in page.scripts[1]


def test_hostile_content_ends_no_script_and_adds_none() -> None:
    content = cases.hostile()
    content["vendors/v-4/profile.yaml"]["name"] = "</script><script>alert(1)</script><!-- \u2028 ]]>"
    page = page_of(content)
    assert page.names.count("script") == 2
    data = json.loads(page.scripts[0])
    assert "</script><script>alert(1)</script><!--" in {option["name"][:38] for option in data["options"]}
    assert not re.search(r"[<>&]", page.scripts[0])
    assert not any("\u202e" in option["name"] for option in data["options"])


def test_it_is_hidden_without_the_script_and_in_print_and_is_not_in_the_pdf() -> None:
    result = cases.result_of(cases.everyday())
    html = recommendation_html(result, assets=cases.ASSETS)
    assert '<section class="whatif" id="whatif" hidden>' in html
    assert "@media print { .whatif { display: none } }" in html
    assert b"What if the weights" not in recommendation_pdf(result, assets=cases.ASSETS)


def test_every_input_has_a_name_and_the_printed_value() -> None:
    result = cases.result_of(cases.everyday())
    html = recommendation_html(result, assets=cases.ASSETS)
    labels = re.findall(r'<label for="([^"]+)">', html)
    numbers = re.findall(r'<input type="number" id="([^"]+)"[^>]* value="([^"]+)"', html)
    assert labels == [name for name, _ in numbers]
    assert [float(value) for _, value in numbers] == data_of(result)["families"]
    assert html.count('type="range" aria-label="') == len(numbers)
    assert 'role="status"' in html


def test_without_options_there_is_nothing_to_move() -> None:
    content = cases.no_option()
    assert content[EVALUATION]["options"] == []
    assert "script" not in page_of(content).names


PAGE = """
const fs = require("fs"), vm = require("vm");
const {data, script, moved} = JSON.parse(fs.readFileSync(0, "utf8"));
class Element {
  constructor() { this.children = []; this.listeners = {}; this.own = ""; this.value = ""; this.hidden = true; }
  set textContent(text) { this.own = text; this.children = []; }
  get textContent() { return this.own + this.children.map((child) => child.textContent).join("|"); }
  appendChild(child) { this.children.push(child); }
  addEventListener(kind, listener) { this.listeners[kind] = listener; }
  querySelectorAll(query) { return query.includes("number") ? numbers : sliders; }
}
const families = JSON.parse(data).families;
const numbers = families.map(() => new Element()), sliders = families.map(() => new Element());
const ids = {};
for (const id of ["", "-data", "-state", "-options", "-stacks", "-reset"]) ids["whatif" + id] = new Element();
ids["whatif-data"].textContent = data;
const seen = () => ({state: ids["whatif-state"].textContent, numbers: numbers.map((input) => Number(input.value)),
  sliders: sliders.map((input) => Number(input.value)), hidden: ids.whatif.hidden,
  rows: ids["whatif-options"].children.map((row) => row.textContent), stacks: ids["whatif-stacks"].children.map((row) => row.textContent)});
vm.runInNewContext(script, {document: {getElementById: (id) => ids[id], createElement: () => new Element()}});
const found = [seen()];
sliders[0].value = String(moved); sliders[0].listeners.input(); found.push(seen());
numbers.forEach((input) => { input.value = "x"; }); numbers[0].listeners.input(); found.push(seen());
ids["whatif-reset"].listeners.click(); found.push(seen());
process.stdout.write(JSON.stringify(found));
"""


def test_the_page_says_which_weights_it_shows_and_goes_back(shipped: Evaluated) -> None:
    found = what_if(shipped, Assets.of(cases.ASSETS), ENGLISH)
    assert found is not None
    if NODE is None:
        pytest.skip("node is not installed")
    sent = json.dumps({"data": found.data, "script": found.script, "moved": 31.4159})
    done = subprocess.run([NODE, "-e", PAGE], input=sent, capture_output=True, text=True, check=True)
    first, moved, empty, back = json.loads(done.stdout)
    assert first == back
    assert not first["hidden"]
    assert first["state"] == "The weights are the printed ones, and every figure here equals the printed figure."
    for row, option in zip(first["rows"], shipped.scores.options, strict=True):
        figure = f"{option.score:.1f}"
        span = f"{option.low:.1f} to {option.high:.1f}"
        assert row == f"{option.rank}|{option.name}|{figure}|{span}|{option.rank}, {figure}"
    assert shipped.stacks is not None
    assert len(first["stacks"]) == len(shipped.stacks.sizes)
    assert ["recommended" in row for row in first["stacks"]].index(True) + 1 == shipped.stacks.recommended
    assert moved["numbers"][0] == 31.4
    assert moved["state"].startswith("The weights differ from the printed ones.")
    assert moved["rows"] != first["rows"]
    assert empty["state"].startswith("Give at least one family more than 0")
    assert empty["rows"] == empty["stacks"] == []


def test_a_figure_between_two_is_written_as_the_paper_writes_it() -> None:
    """31.25 is 31.2 in the paper; a browser alone would say 31.3."""
    if NODE is None:
        pytest.skip("node is not installed")
    content = contents(vendors=5, criteria=8, use_cases=2)
    result = cases.result_of(content)
    assert any(option.score * 4 % 4 == 1 for option in result.scores.options)
    found = what_if(result, Assets.of(cases.ASSETS), ENGLISH)
    assert found is not None
    sent = json.dumps({"data": found.data, "script": found.script, "moved": 3})
    done = subprocess.run([NODE, "-e", PAGE], input=sent, capture_output=True, text=True, check=True)
    rows = json.loads(done.stdout)[0]["rows"]
    for row, option in zip(rows, result.scores.options, strict=True):
        span = f"{points(option.low)} to {points(option.high)}"
        assert row == f"{option.rank}|{option.name}|{points(option.score)}|{span}|{option.rank}, {points(option.score)}"


def test_the_page_size_is_for_printing_the_page_too(tmp_path: Path) -> None:
    path = api.recommend(cases.result_of(cases.one_option()), tmp_path / "paper.html", paper="letter")
    assert "@page { size: letter }" in path.read_text(encoding="utf-8")
