"""Opens the HTML version in Chromium, wide and narrow, and holds what it shows against the engine.

    python tests/heavy/html_browser.py --keep out/browser

Nothing may be asked of the network and nothing complained about; the page may not be wider than its window; the figures shown are
those of the result; and after every weight that is moved, ranking and stack are those that the engine computes with the same
weights. Exit code 1 where anything differs, or there is no browser.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

import paper_cases as cases

from evaluator import api
from evaluator.model.evaluated import Evaluated
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.content_policy import policy_of
from evaluator.reports.paper.trial_weights import what_if
from evaluator.reports.words import interval, points

ROOT = Path(__file__).parents[2]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WINDOWS = {"desktop": (1280, 900, False), "phone": (390, 844, True)}

PRINTED = """Array.from(document.querySelectorAll("table.options tbody tr")).map((row) =>
  [row.cells[0].innerText, row.cells[1].querySelector("bdi").innerText, row.cells[3].innerText.split(/\\s+/).join(" ")])"""
SHOWN = """({state: document.getElementById("whatif-state").innerText, visible: !document.getElementById("whatif").hidden,
  options: Array.from(document.querySelectorAll("#whatif-options tr")).map((row) => Array.from(row.cells).map((cell) => cell.innerText)),
  stacks: Array.from(document.querySelectorAll("#whatif-stacks tr")).map((row) => Array.from(row.cells).map((cell) => cell.innerText))})"""
WIDE = """(() => { const wide = [], most = document.documentElement.clientWidth;
  for (const box of document.querySelectorAll("body *")) {
    let holder = box.parentElement;
    while (holder && !/auto|scroll|hidden/.test(getComputedStyle(holder).overflowX)) holder = holder.parentElement;
    if (!holder && box.getBoundingClientRect().right > most + 1) wide.push(box.tagName + "." + box.className);
  }
  return {page: document.documentElement.scrollWidth, window: most, wide: wide.slice(0, 5)}; })()"""
TYPED = """((place, value) => { const input = document.querySelectorAll("#whatif input[type=number]")[place];
  input.value = value; input.dispatchEvent(new Event("input", {bubbles: true})); })"""
SLID = """((place, value) => { const input = document.querySelectorAll("#whatif input[type=range]")[place];
  input.value = value; input.dispatchEvent(new Event("input", {bubbles: true}));
  return document.querySelectorAll("#whatif input[type=number]")[place].value; })"""


class OfflinePage:
    """A page without network, with what it asked for and what it complained about."""

    def __init__(self, running: Browser, address: Path, width: int, height: int, *, phone: bool) -> None:
        self.address = address.resolve().as_uri()
        self.requests: list[str] = []
        self.blocked: list[str] = []
        self.complaints: list[str] = []
        scale = 2 if phone else 1
        context = running.new_context(
            offline=True,
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            is_mobile=phone,
            has_touch=phone,
        )
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", self._failed)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(self.address)

    def _failed(self, request: Request) -> None:
        if request.failure == "csp":
            self.blocked.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            self.complaints.append(message.text)

    @property
    def asked(self) -> list[str]:
        """What was asked for besides the page; what the policy stops is never sent."""
        return [address for address in self.requests if address != self.address and address not in self.blocked]

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        return self.page.evaluate(script)

    def close(self) -> None:
        """Close the page and all that belongs to it."""
        self.page.context.close()


def reweighted(result: Evaluated, weights: dict[str, float]) -> Evaluated:
    """What the engine makes of the same content under other family weights."""
    workspace = result.workspace
    families = {**workspace.weights.families, **weights}
    changed = workspace.weights.model_copy(update={"families": families, "seal": None})
    return api.evaluate(workspace.model_copy(update={"weights": changed}), as_of=result.as_of)


def families_of(result: Evaluated) -> list[str]:
    """The families whose weight can be moved, in the order shown."""
    workspace = result.workspace
    return [
        family
        for family, criteria in workspace.catalogue.families.items()
        if any(item.id in result.scores.weights and workspace.weights.criteria.get(item.id, 0) > 0 for item in criteria)
    ]


def differences(shown: dict[str, Any], trial: Evaluated, printed: Evaluated) -> Iterator[str]:
    """Where the page does not show what the engine has."""
    before = {option.id: option for option in printed.scores.options}
    expected = [
        [str(option.rank), option.name, points(option.score), interval(option),
         f"{before[option.id].rank}, {points(before[option.id].score)}"]
        for option in trial.scores.options
    ]  # fmt: skip
    for row, right in zip(shown["options"], expected, strict=True):
        if row != right:
            yield f"shown {row}, computed {right}"
    if trial.stacks is None or printed.stacks is None:
        return
    names = {option.id: option.name for option in trial.scores.options}
    for row, size, old in zip(shown["stacks"], trial.stacks.sizes, printed.stacks.sizes, strict=False):
        tools = " + ".join(names[tool] for tool in size.best.tools)
        mark = " (recommended under the policy)" if size.size == trial.stacks.recommended else ""
        right = [str(size.size), tools + mark, points(size.best.value), points(size.gain), points(old.best.value)]
        if row != right:
            yield f"shown {row}, computed {right}"


def looked_at(tab: OfflinePage, result: Evaluated, chance: random.Random, trials: int) -> Iterator[str]:
    """Everything that is wrong with the page in this window."""
    printed = tab.run(PRINTED)
    right = [[str(o.rank), o.name, f"{points(o.score)} {interval(o)}"] for o in result.scores.options]
    yield from (
        f"printed {row}, in the result {other}" for row, other in zip(printed, right, strict=True) if row != other
    )
    shown = tab.run(SHOWN)
    if not shown["visible"] or "equals the printed figure" not in shown["state"]:
        yield f"at first it says: {shown['state']}"
    yield from differences(shown, result, result)
    families = families_of(result)
    for number in range(trials):
        weights: dict[str, float] = {}
        for place in chance.sample(range(len(families)), k=min(len(families), 1 + number % 3)):
            value = round(chance.choice((0, chance.uniform(0, 40), chance.uniform(0, 100))), 1)
            if number % 2:
                weights[families[place]] = float(tab.run(f"{SLID}({place}, {json.dumps(str(min(value, 20)))})"))
            else:
                tab.run(f"{TYPED}({place}, {json.dumps(str(value))})")
                weights[families[place]] = value
        seen = tab.run(SHOWN)
        if all(weights.get(family, result.workspace.weights.families.get(family, 0)) == 0 for family in families):
            if seen["options"] or not seen["state"].startswith("Give at least one family more than 0"):
                yield f"without any weight it says: {seen['state']}"
        else:
            for fault in differences(seen, reweighted(result, weights), result):
                yield f"with {weights}: {fault}"
        tab.run('document.getElementById("whatif-reset").click()')
    if tab.run(SHOWN) != shown:
        yield "the button does not lead back"
    width = tab.run(WIDE)
    if width["page"] > width["window"] or width["wide"]:
        yield f"wider than its window: {width}"


HOSTILE = {
    "own head": """<!-- <head> --><!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src * 'unsafe-inline'">
        <title>x</title></head><body onload="document.title='ran'">""",
    "no head": "<body onload=\"document.title='ran'\">",
    "a space that is none": "\u00a0<!DOCTYPE html><html><head></head><body>",
}
"""How own documents of a workspace begin."""

ATTACKS = """{% import "parts/marks.html" as m with context %}{% block body %}{% endblock %}{% block script %}{% endblock %}
    <img src="https://e.example/x.png" onerror="document.title='ran'"><img src="x" onerror="document.title='ran'">
    <img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>" onload="document.title='ran'">
    <input autofocus onfocus="document.title='ran'"><details open ontoggle="document.title='ran'">x</details>
    <svg onload="document.title='ran'"><rect width="9" height="9"/></svg>
    <a id="link" href="javascript:document.title='ran'">x</a><a id="data" href="data:text/html,x">x</a>
    <p style="background: url(https://e.example/x)">x</p>
    <style>@import "https://e.example/x.css"; @font-face { font-family: x; src: url(https://e.example/x) }
    #data { font-family: x; background: url(https://e.example/y) } #link { animation: a 1ms } @keyframes a {}</style>
    <p onanimationstart="document.title='ran'" style="animation: a 1ms">x</p>"""

CLICKED = """(() => { for (const id of ["link", "data"]) document.getElementById(id).click();
  return {title: document.title, address: location.href, first: document.head.firstElementChild.httpEquiv}; })()"""


def attacked(running: Browser, result: Evaluated, folder: Path) -> int:
    """Open pages of hostile templates; how many of them let something run, load or lead away."""
    wrong = 0
    shown = what_if(result, Assets.of([ROOT / "reports"]), ENGLISH)
    assert shown is not None
    for name, start in HOSTILE.items():
        templates = folder / "hostile" / "reports" / "templates"
        templates.mkdir(parents=True, exist_ok=True)
        (templates / "document.html").write_text(start + ATTACKS, encoding="utf-8")
        for kind, make in (("recommendation", api.recommend), ("comparison", api.compare)):
            page = make(result, folder / f"hostile-{kind}.html", overrides=folder / "hostile")
            tab = OfflinePage(running, page, 1280, 900, phone=False)
            seen = tab.run(CLICKED)
            faults = [f"asked for {asked}" for asked in tab.asked]
            if seen["title"] == "ran" or seen["address"].split("#")[0] != tab.address:
                faults.append(f"something ran or led away: {seen}")
            if seen["first"] != "Content-Security-Policy":
                faults.append(f"the policy does not stand first but {seen['first']!r}")
            if kind == "recommendation" and not tab.run('!document.getElementById("whatif").hidden'):
                faults.append("the program's own script did not run")
            control = folder / "control.html"
            control.write_text(
                page.read_text(encoding="utf-8").replace(policy_of(), "").replace(shown.policy, ""), encoding="utf-8"
            )
            tab.close()
            tab = OfflinePage(running, control, 1280, 900, phone=False)
            if tab.run(CLICKED)["title"] != "ran":
                faults.append("without the policy nothing ran either, so these attacks prove nothing")
            tab.close()
            print(f"hostile template, {name}, {kind}: {len(faults)} faults")
            for fault in faults:
                print(f"    {fault}")
            wrong += len(faults)
    return wrong


def main() -> int:
    """Make the pages, look at each in every window, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="keep pages and pictures in this folder")
    parser.add_argument("--trials", type=int, default=12, help="how often weights are moved in each window")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        print(
            "There is no Chromium on this machine; install it (on Debian, as root: apt-get install chromium).",
            file=sys.stderr,
        )
        return 1
    results = {"shipped": api.with_sensitivity(api.evaluate(api.load(ROOT)))}
    for name in ("everyday", "no_use_case", "no_gate_passed", "one_option", "many"):
        results[name] = api.with_sensitivity(cases.result_of(getattr(cases, name)()))
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program)
        folder = chosen.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name, result in results.items():
            page = api.recommend(result, folder / f"{name}.html")
            for window, (width, height, phone) in WINDOWS.items():
                tab = OfflinePage(running, page, width, height, phone=phone)
                faults = list(looked_at(tab, result, random.Random(chosen.seed), chosen.trials))
                faults += [f"asked for {address[:200]}" for address in tab.asked]
                faults += [f"complained: {text}" for text in tab.complaints]
                print(f"{name}, {window}: {len(faults)} faults")
                for fault in faults[:10]:
                    print(f"    {fault}")
                wrong += len(faults)
                tab.page.screenshot(path=folder / f"{name}-{window}.png")
                tab.run('document.getElementById("whatif").scrollIntoView()')
                tab.page.screenshot(path=folder / f"{name}-{window}-weights.png")
                tab.close()
        wrong += attacked(running, results["everyday"], folder)
        running.close()
    print("every page holds" if not wrong else f"{wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
