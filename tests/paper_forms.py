"""The forms of the sentences that a recommendation composes, with the figures that each may bear.

``N`` counts, ``P`` is in points, ``D`` is a day. A form gives tuples of what its groups may say together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from paper_figures import Data, Figures, chance, pct, pts, spent

N, P, D = r"(\d+)", r"([−\d.]+)", r"(\d{4}-\d\d-\d\d)"
COST = r"[A-Z]{3} [\d,]+(?: \([\d,]+ to [\d,]+\))?(?: \+ [A-Z]{3} [\d,]+(?: \([\d,]+ to [\d,]+\))?)*(?: \+ \d+ prices? unknown)?"
FIRST_PAGE = "^(Reasons|What stands in the way|Main disadvantage|Conditions)?$"
Allowed = Iterable[tuple[Any, ...]]
Form = tuple[str, str, Callable[[Figures], Allowed]]


def service(f: Figures) -> Allowed:
    """Use cases of the stack by how they are served, out of all."""
    count = Counter(place["coverage"] for place in f.stack["served"])
    return [(count[state], sum(count.values())) for state in ("covered", "conditional")]


def budget(f: Figures) -> Allowed:
    """The currency and the amount of the budget."""
    limits = f.r["stacks"]["limits"]
    return [(limits["currency"], f"{limits['budget']:,.0f}")]


def unlimited(f: Figures) -> Allowed:
    """What would be recommended without the limits, against what is recommended now."""
    free = f.r["stacks"]["unlimited"]
    return [
        (
            f.list_of(free["tools"]),
            len(free["tools"]),
            pts(free["value"]),
            *([pts(f.stack["value"])] if f.stack else []),
        )
    ]


def condition_counts(f: Figures) -> Allowed:
    for tool in f.tools:
        checks, _, waiting = f.conditions(tool)
        yield f.names[tool], len(waiting), len(checks)


def opinions(f: Figures, options: Iterable[str]) -> tuple[int, int]:
    """Answers on which assessors differ, of those that several gave."""
    several = [
        {who: level for who, level in cell["levels"].items() if who != "agreed"}
        for option in options
        for cell in f.options[option]["cells"]
    ]
    several = [levels for levels in several if len(levels) > 1]
    apart = [
        cell
        for option in options
        for cell in f.options[option]["cells"]
        if len(cell["levels"]) > 1 and len(set(cell["levels"].values())) > 1
    ]
    return len(apart), len(several)


def by_class(f: Figures, outcome: str) -> Allowed:
    """How many options meet all gates of a class, or fail none but have some unsupported, class by class."""
    parts = []
    for data_class in f.classes:
        found = [{check["outcome"] for check in o["gates"][data_class["id"]]["checks"]} for o in f.options.values()]
        met = sum(not outcomes & {"failed", "unsupported"} for outcomes in found)
        waiting = sum("failed" not in outcomes and "unsupported" in outcomes for outcomes in found)
        asked = any(found) if outcome == "met" else waiting
        if asked:
            parts.append(f"{met if outcome == 'met' else waiting} for {data_class['title'].lower()} data")
    return [(", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else "".join(parts),)]


def by_tag(f: Figures) -> Allowed:
    """How many options meet all gates of a data tag, tag by tag."""
    parts = []
    for tag in f.ws["guardrails"]["data_tags"]:
        if tag["id"] in f.scores["tag_gates"]:
            met = sum(tag["id"] in option["cleared_tags"] for option in f.options.values())
            parts.append(f"{met} for {tag['title']}")
    return [(", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else "".join(parts),)]


def open_work(f: Figures) -> Allowed:
    """Criteria with open own work beyond the eight that are listed."""
    for tool in f.tools:
        open_criteria = {item["criterion"] for item in f.options[tool]["own_work"] if item["state"] == "open"}
        yield (len(open_criteria) - 8,)


def stale_uses(f: Figures) -> Allowed:
    uses = {
        (item["id"], use["criterion"]): use
        for item in f.evidence.values()
        if item["option"] in f.shown
        for use in item["uses"]
    }.values()
    stale = sum(use["stale"] for use in uses)
    soon = sum(not use["stale"] and use["fresh_until"] < f.r["valid_until"] for use in uses)
    return [(len(uses), stale, soon, f.r["valid_until"])]


def next_size(f: Figures) -> Data:
    found: Data = f.sizes.get(f.size["size"] + 1, {"gain": -1, "size": -1})
    return found


def around(f: Figures) -> Data:
    return next(item for item in f.r["sensitivity"]["robustness"]["scenarios"] if item["law"] == "around")


def least(f: Figures) -> Allowed:
    nearest = f.r["sensitivity"]["breakeven"]["least"][0]
    return [(pct(nearest["distance"] / 2, 1), f.names[nearest["rival"]])]


def moved(f: Figures) -> Allowed:
    nearest = f.r["sensitivity"]["breakeven"]["least"][0]
    return [(pct(before, 1), pct(after, 1)) for before, after in nearest["weights"].values()]


def worked(f: Figures) -> Allowed:
    """Every answer that stands, as the worked line would print it."""
    for option in f.options.values():
        for cell in option["cells"]:
            criterion = f.criteria[cell["criterion"]]
            if cell["level"] is None or cell["evidence_status"] != "supported":
                continue
            levels = sorted(map(int, criterion["levels"]))
            value = cell["points"] / 100 / cell["weight"] if cell["weight"] else 0
            weight = cell["weight"]
            yield (
                f.names[option["id"]], cell["level"], criterion["title"], levels[0], levels[-1], f"{value:.2f}",
                pct(weight, 1), f"{weight:.4f}", f"{value:.2f}", pts(cell["points"], 2),
            )  # fmt: skip


def card_heads(f: Figures) -> Allowed:
    for option in f.options.values():
        yield (
            f"{option['edition_name']}.", pts(option["score"]), pts(option["low"]), pts(option["high"]),
            pct(option["coverage"]), pct(option["stale"]),
        )  # fmt: skip


def criterion_notes(f: Figures) -> Allowed:
    for key, item in f.criteria.items():
        weight = f.scores["weights"].get(key)
        gates = [
            f"{data_class['title'].lower()} {f.scores['gates'][data_class['id']][key]}"
            for data_class in f.classes
            if key in f.scores["gates"].get(data_class["id"], {})
        ]
        levels = f", gates: {', '.join(gates)}" if gates else ""
        head = f"weight {pct(weight, 1)} %" if weight is not None else "out of scope"
        edition = ", depends on the edition" if item["edition_sensitive"] else ""
        own = ", needs your own figures" if item["own_figures"] else ""
        months = item["fresh_months"]
        noun = "month" if months == 1 else "months"
        yield (f"{item['title']} {head}, evidence fresh for {months} {noun}{edition}{own}{levels}",)


FORMS: list[Form] = [
    (FIRST_PAGE, rf"^As of {D} · data (\w+) · evaluator (\S+)$", lambda f: [(f.r["as_of"], f.r["digest"][:12], f.r["version"])]),
    (FIRST_PAGE, rf"(?:covers?|serves?) {N} of {N} use cases?", service),
    (FIRST_PAGE, rf"(?:covers?|serves?) {N} (?=once the conditions)", lambda f: [(row[0],) for row in service(f)]),
    (FIRST_PAGE, rf"leaves? {N} without a tool", lambda f: [(sum(p["coverage"] == "not_covered" for p in f.stack["served"]),)]),
    (FIRST_PAGE, rf"None of the {N} options serves any of {N} use cases?", lambda f: [(len(f.options), len(f.cases))]),
    (FIRST_PAGE, rf"The only option serves none of {N} use cases?", lambda f: [(len(f.cases),)]),
    (FIRST_PAGE, rf"^({COST})", lambda f: [(spent(f.stack["cost"]),)]),
    (FIRST_PAGE, rf"^{D} at the latest", lambda f: [(f.r["valid_until"],)]),
    (FIRST_PAGE, rf"the assessors differ on {N} of {N} answers?", lambda f: [opinions(f, f.shown)]),
    (FIRST_PAGE, rf"assessors agree on all {N} answers?", lambda f: [(opinions(f, f.shown)[1],)]),
    (FIRST_PAGE, rf"^{N} options?, {N} criteri(?:a|on), {N} use cases?$", lambda f: [(len(f.options), len(f.scores["weights"]), len(f.cases))]),
    (FIRST_PAGE, rf"{N} of {N} checks open", lambda f: [(sum(not c["passed"] for c in f.r["final"]), len(f.r["final"]))]),
    (FIRST_PAGE, rf"^all {N} checks passed$", lambda f: [(len(f.r["final"]),)]),
    ("Reasons", rf"value of {P} of 100 points across the use cases", lambda f: [(pts(f.stack["value"]),)]),
    ("Reasons", rf"best single tool(?: within the limits set)?, (.+?), reaches {P}\.$", lambda f: [(f.names[f.sizes[1]["best"]["tools"][0]], pts(f.sizes[1]["best"]["value"]))]),
    ("Reasons|The recommended stack", rf"The best stack of {N} tools, with .+?, would add {P} points; the policy requires at least {P}\.", lambda f: [(next_size(f)["size"], pts(next_size(f)["gain"]), pts(f.r["stacks"]["min_gain"]))]),
    ("Reasons|The recommended stack", rf"{P} points without (.+?)(?=,| and |\.)", lambda f: [(pts(loss), f.names[tool]) for tool, loss in f.stack["marginal"].items()]),
    ("Reasons|The recommended stack", rf"within the limits of this evaluation \({N} tools?\)", lambda f: [(f.size["size"],)]),
    ("Reasons", rf"^{N} % of the weight is answered for (.+)\.", lambda f: [(pct(f.scores["options"][0]["coverage"]), f.names[f.scores["options"][0]["id"]])]),
    (FIRST_PAGE, rf"Of {N} pairs? of option and use case, {N} fail a gate and {N} lack", lambda f: [(sum(map(len, f.r["fits"].values())), *(sum(bool(fit[key]) for row in f.r["fits"].values() for fit in row) for key in ("failed", "absent")))]),
    ("What stands in the way", rf"(?:fail: |, | and )([^,(]+?) \({N} options?\)", lambda f: [(f.criteria[key]["title"], len({fit["option"] for row in f.r["fits"].values() for fit in row if any(c["criterion"] == key for c in fit["failed"])})) for key in f.criteria]),
    ("What stands in the way", rf"and {N} more\.$", lambda f: [(len({c["criterion"] for row in f.r["fits"].values() for fit in row for c in fit["failed"]}) - 3,)]),
    ("Main disadvantage", rf"{N} use cases? ha(?:s|ve) no tool in this stack", lambda f: [(sum(p["coverage"] == "not_covered" for p in f.stack["served"]),)]),
    ("Main disadvantage", rf"between this stack and (.+?) \({P} points\) is too close", lambda f: [(f.list_of(row["tools"]), pts(row["value"])) for row in (*f.size["tied"], *f.size["close"])]),
    ("Main disadvantage", rf"between this stack and {N} others of its size, among them (.+?) \({P} points\), is too", lambda f: [(len(f.size["tied"]) + len(f.size["close"]), f.list_of(row["tools"]), pts(row["value"])) for row in (*f.size["tied"], *f.size["close"])][:1]),
    ("Main disadvantage", rf"{N} % for (.+?)(?=,| and |\.)", lambda f: [(pct(f.options[tool]["coverage"]), f.names[tool]) for tool in f.tools]),
    ("Conditions", rf"^(.+?), for {N} use cases?: {N} gates? unsupported", condition_counts),
    ("Conditions", rf"^(.+?) ?, for {N} use cases?: (?=\d+ capabilit)", lambda f: [row[:2] for row in condition_counts(f)]),
    ("Conditions", rf"and {N} more\)", lambda f: [(row[2] - 3,) for row in condition_counts(f)]),
    ("Conditions", rf"{N} capabilit(?:y|ies) unknown", lambda f: [(len(f.conditions(tool)[1]),) for tool in f.tools]),
    ("How to read", r"(0) to (100)", lambda _: [(0, 100)]),
    ("How to read", rf"multiplied by {P}\)", lambda f: [(f.evaluation["policies"]["conditional_credit"],)]),
    ("How to read", rf"within {P} points of each other", lambda f: [(f.evaluation["policies"]["close_points"],)]),
    ("Need", rf"^{N} use cases? represents? the demand", lambda f: [(len(f.cases),)]),
    ("Need", rf"^{N} options? in scope", lambda f: [(len(f.options),)]),
    ("The recommended", rf"(?:single tool,|the limits set,|is enough:) (.+?),? has a value of {P} points", lambda f: [(f.names[f.sizes[1]["best"]["tools"][0]], pts(f.sizes[1]["best"]["value"]))]),
    ("The recommended", rf"leaves {N} use cases? without a tool", lambda f: [(sum(p["coverage"] == "not_covered" for p in f.sizes[1]["best"]["served"]),)]),
    ("The recommended", rf"A second tool adds {P} points", lambda f: [(pts(f.sizes[2]["gain"]),)]),
    ("The recommended", rf"next tool adds at least {P} points", lambda f: [(pts(f.r["stacks"]["min_gain"]),)]),
    ("The recommended", rf"(?:^|at least |and ){N} other stacks? of this size (?:is|are) too close to call", lambda f: [(len(f.size["close"]),)]),
    ("The recommended", rf"^{N} other stacks? of this size ha(?:s|ve) exactly the same value", lambda f: [(len(f.size["tied"]),)]),
    ("The recommended", rf"{N} gates? unsupported", lambda f: [(len(fit["unsupported"]),) for row in f.r["fits"].values() for fit in row if fit["option"] in f.tools]),
    ("The recommended", rf"{N} capabilit(?:y|ies) unknown", lambda f: [(len(fit["unknown_capabilities"]),) for row in f.r["fits"].values() for fit in row if fit["option"] in f.tools]),
    ("All options|^$", rf"with {P} of 100 points", lambda f: [(pts(f.scores["options"][0]["score"]),)]),
    ("All options|^$", rf"between {P} and {P}, depending", lambda f: [(pts(f.scores["options"][0]["low"]), pts(f.scores["options"][0]["high"]))]),
    ("All options|^$", rf"only option and scores {P} of 100 points", lambda f: [(pts(f.scores["options"][0]["score"]),)]),
    ("All options|^$", rf"lies? within {P} points: too close to call", lambda f: [(pts(f.evaluation["policies"]["close_points"]),)]),
    ("All options|^$", rf"and {N} more", lambda f: [(len(f.scores["options"][0]["close"]) - 3,), (sum(o["rank"] == 1 for o in f.options.values()) - 3,)]),
    ("Gates", rf"Of {N} options?, all", lambda f: [(len(f.options),)]),
    ("Gates", r"gates are met by (.+? data)\.", lambda f: by_class(f, "met")),
    ("Gates", r"some are unsupported: (.+? data)\.", lambda f: by_class(f, "waiting")),
    ("Gates", rf"In force: .+?, {N} criteri(?:a|on)\.", lambda f: [(len(f.gated()),)]),
    ("Gates", r"By data tag: (.+?)\.$", by_tag),
    ("The recommended", rf"^{N} more criteri(?:a has|on has|a have) open work", open_work),
    ("Gates|Scorecards", rf"those (?:of|for) the other {N} options?", lambda f: [(len(f.options) - len(f.r["leaders"]),)]),
    ("Where", rf"^(.+) weight {P} %; up to {P} points between them$", lambda f: [(f.criteria[row["criterion"]]["title"], pct(f.scores["weights"][row["criterion"]], 1), pts(row["spread"])) for row in f.r["separations"]]),
    ("How robust", r"(?:went to |, | and )((?:(?! in |went to ).)+) in ([<>]?\d+) %(?= of simulations|,| and )", lambda f: [(f.names[row["option"]], chance(row["ranks"][0])) for row in around(f)["options"] if row["option"] in f.r["sensitivity"]["robustness"]["first"]]),
    ("How robust", rf"and {N} more share the first place;", lambda f: [(len(f.r["sensitivity"]["breakeven"]["first"]) - 3,)]),
    ("How robust", rf"; {N} more options? shares? the first place by score", lambda f: [(len(f.r["sensitivity"]["robustness"]["first"]) - 3,)]),
    ("How robust", rf"best of its size in ([<>]?\d+) %, and the best or too close to call in ([<>]?\d+) %; on average it fell {P} points", lambda f: [(chance(around(f)["stack"]["share"]), chance(around(f)["stack"]["close"]), pts(around(f)["stack"]["regret"], 2))]),
    ("How robust", rf"in (95) % of simulations a typical weight stays within {P} % of", lambda f: [(95, pct(f.r["sensitivity"]["robustness"]["half_width"], 1))]),
    ("How robust", rf"^Moving {P} % of all weight is enough to let (.+?) draw level", least),
    ("How robust", rf"from {P} % to {P} %", moved),
    ("The recommended|Main disadvantage|What stands|^$", r"costs no more than ([A-Z]{3}) ([\d,]+) per year|the budget of ([A-Z]{3}) ([\d,]+) per year", budget),
    ("The recommended|Main disadvantage|What stands", rf"Without these limits (.+?) would be recommended \({N} tools?\), with a value of {P} points(?: against {P})?\.", unlimited),
    ("Cost", rf"This table compares {N} stacks? whose price is known in full in ([A-Z]{{3}}); {N} stacks? could not be compared", lambda f: [(row["priced"], row["currency"], row["unpriced"]) for row in f.full["frontier"]]),
    ("Cost", rf"among them (.+), with a value of {P} points, more than any", lambda f: [(f.list_of(row["better_unpriced"]["tools"]), pts(row["better_unpriced"]["value"])) for row in f.full["frontier"] if row["better_unpriced"]]),
    ("Cost", rf"^The recommended stack costs ({COST})", lambda f: [(spent(f.stack["cost"]),)]),
    ("Guardrails", rf"(?:Whom to ask\. |; )(.+?): answer within {N} working days?(?=[;.])", lambda f: [(name, item["within_days"]) for item in f.ws["guardrails"]["escalation"] for name in (item["to"], item["to"][:1].upper() + item["to"][1:])]),
    ("Guardrails", rf"In force until {D}", lambda f: [(f.ws["guardrails"]["valid_until"],)]),
    ("Process", rf"assessors differ on {N} of {N} answers?", lambda f: [opinions(f, f.options)]),
    ("Process", rf"assessors agree on all {N} answers?", lambda f: [(opinions(f, f.options)[1],)]),
    ("Process", rf"{N} answers? w(?:as|ere) moderated", lambda f: [(sum("agreed" in c["by"] for o in f.options.values() for c in o["cells"]),)]),
    ("Process|Method", rf"sealed on {D}", lambda f: [(f.r["sealing"]["sealed"],), (f.r["sealing"]["earlier"],)]),
    ("Process|Method", rf"(?:anew on|before the first answer on|after the first answer on) {D}", lambda f: [(f.r["sealing"]["sealed"],), (f.r["sealing"]["first_answer"],)]),
    ("Validity", rf"valid until {D} at the latest, {N} months? after", lambda f: [(f.r["valid_until"], f.evaluation["valid_months"])]),
    ("Validity", rf"^Of {N} uses? of evidence on these options, {N} ha(?:s|ve) already gone stale and {N} go(?:es)? stale before {D}", stale_uses),
    ("Method", r"value from (0) at the lowest to (1) at the highest", lambda _: [(0, 1)]),
    ("Method", r"weights sum to (100) %|times value, times (100)\.", lambda _: [(100,)]),
    ("Method", rf"Grade ([A-E]) \(.*?\) supports level {N} at most", lambda f: [(item["grade"], item["max_level"]) for item in f.ws["catalogue"]["head"]["evidence_grades"]]),
    ("Method", rf"\(native {P}, partial {P}, built {P};", lambda f: [tuple(f.evaluation["policies"]["capability_credit"][key] for key in ("native", "partial", "built"))]),
    ("Method", rf"counts {P} of one it must have", lambda f: [(f.evaluation["policies"]["should_weight"],)]),
    ("Method", rf"every size up to {N} tools?", lambda f: [(len(f.sizes),)]),
    ("Method", rf"^A worked line\. (.+) is at level {N} on “(.+)”, on a scale of {N} to {N}: value {P}\. The weight is {P} %\. It earns 100 × {P} × {P} = {P} points\.$", worked),
    ("Method", rf"evaluator (\S+) from the content with SHA-256 (\w+) ?, as of {D}", lambda f: [(f.r["version"], f.r["digest"], f.r["as_of"])]),
    ("Method", rf"involve chance, with seed {N}", lambda f: [(f.r["sensitivity"]["robustness"]["seed"],)]),
    ("Method", r"makes the fit (0)\.", lambda _: [(0,)]),
    ("Method", r"^Additive value model: .+, (1976)\. .+Omega (37), (2009)\. .+Science (34), (1988)\. .+Programming (14), (1978)\.$", lambda _: [(1976, 37, 2009, 34, 1988, 14, 1978)]),
    ("Criteria", rf"version (\S+) of {D}\.", lambda f: [(f.ws["catalogue"]["head"]["version"], f.ws["catalogue"]["head"]["date"])]),
    ("Criteria", r"^(.+ evidence fresh for .+)$", criterion_notes),
    ("Scorecards", rf"^(.+) Score {P}, range {P} to {P}, {N} % answered, {N} % stale", card_heads),
    ("Evidence", rf"^{N} items? of evidence", lambda f: [(len(f.evidence),)]),
    ("Evidence", rf"The {N} for the options compared in this paper are printed here; the other {N}", lambda f: [(sum(i["option"] in f.r["leaders"] for i in f.evidence.values()), sum(i["option"] not in f.r["leaders"] for i in f.evidence.values()))]),
]  # fmt: skip
