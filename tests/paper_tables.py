"""What the cells of a recommendation's tables may say, by caption, row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from paper_figures import Data, Exactly, Figures, Found, chance, flat, money, pct, plus, pts, texts, words
from tagged_pdf import Block

from evaluator.reports.words import METHOD_WORDS


class Tables(Figures):
    """One method for each kind of table."""

    def permits(self, block: Block) -> Found:
        option = self.option(block.row)
        if block.kind == "/TH":
            return [option["name"], option["edition_name"]]
        return Exactly(self.open_gates(option, self.class_of(block.column)))

    def held_by_tag(self, _: Block) -> Found:
        return [*self.names.values(), *(option["edition_name"] for option in self.options.values())]

    def own_work(self, block: Block) -> Found:
        option = self.option(block.caption)
        items = option["own_work"]
        if block.kind == "/Caption":
            done = sum(item["state"] != "open" for item in items)
            return Exactly(" ".join(words(f"{self.names[option['id']]}: {done} of {len(items)} done")))
        return [self.criterion(block.row)["title"], *(item["text"] for item in items)]

    def use_cases(self, block: Block) -> Found:
        case = self.titled(self.cases.values(), block.row)
        users = {"Makers": "makers", "Inside": "internal", "Outside": "external"}
        if block.column in users:
            return Exactly(f"{case['users'][users[block.column]]:,.0f}")
        if block.column == "Imp.":
            return Exactly(f"{case['importance']}")
        return [case["title"], case["department"]]

    def excluded(self, block: Block) -> Found:
        row = next(item for item in self.evaluation["excluded"] if flat(item["option"]) == flat(block.row))
        return Exactly(row["date"]) if block.column == "Date" else [row["option"], row["reason"]]

    def best_sizes(self, block: Block) -> Found:
        body = re.sub(r"recommended$", "", block.row)
        size = next(size for size in self.sizes.values() if flat(self.list_of(size["best"]["tools"])) == flat(body))
        best = size["best"]
        figures: dict[str, Found] = {
            "Size": Exactly(size["size"]),
            "Value": Exactly(pts(best["value"])),
            "0 to 100": Exactly(f"{pts(best['value'])} 100"),
            "Gain": Exactly(plus(size["gain"])),
            "Cost per year": Exactly(money(best["cost"])),
        }
        return figures.get(block.column, list(self.names.values()))

    def parts(self, block: Block) -> Found:
        tool = self.option(block.row)["id"]
        spare = sum(tool in place["others"] for place in self.stack["served"])
        return {
            "Loss without it": Exactly(pts(self.stack["marginal"][tool])),
            "Also able to serve": Exactly(spare),
        }.get(block.column, [*self.names.values(), *(case["title"] for case in self.cases.values())])

    def worth(self, block: Block) -> Found:
        row = next(row for row in self.full["worth"] if row["tool"] == self.option(block.row)["id"])
        column = {"Alone": "alone", "Lost without it": "last", "Fair share": "fair"}.get(block.column)
        return Exactly(pts(row[column])) if column else list(self.names.values())

    def overlaps(self, block: Block) -> Found:
        row = next(row for row in self.full["overlaps"] if flat(self.list_of(row["tools"])) == flat(block.row))
        figures = {"Overlap": Exactly(pct(row["share"])), "Use cases": Exactly(len(row["use_cases"]))}
        return figures.get(block.column, list(self.names.values()))

    def frontier(self, block: Block) -> Found:
        frontier = next(row for row in self.full["frontier"] if block.part.endswith(f"in {row['currency']}"))
        if block.kind == "/Caption":
            return Exactly(frontier["up_to"])
        body = flat(re.sub(r"recommended$", "", block.row))
        point = next(row for row in frontier["points"] if flat(self.list_of(row["tools"])) == body)
        cost = sum(row["expected"] for row in point["cost"]["amounts"] if row["currency"] == frontier["currency"])
        if block.column.startswith("Expected"):
            return Exactly(f"{cost:,.0f}")
        return Exactly(pts(point["value"])) if block.column == "Value" else list(self.names.values())

    def limits(self, block: Block) -> Found:
        limits, stated = self.r["stacks"]["limits"], self.evaluation["stack"]
        budget = f"{limits['currency']} {limits['budget'] or 0:,.0f}"
        if budget in block.row:
            return [budget] if block.column == "Limit" else None
        rulings = [row for part in ("required", "excluded") for row in stated[part] if row["tool"] in limits[part]]
        row = next(row for row in rulings if row["tool"] == self.option(block.row)["id"])
        return [self.names[row["tool"]]] if block.column == "Limit" else [row["reason"]]

    def coverage(self, block: Block) -> Found:
        case = self.titled(self.cases.values(), block.row)
        if block.column in {"Use case", "Data"}:
            return [case["title"]]
        fit = self.fit(self.option(block.column)["id"], case["id"])["fit"]
        return Exactly(pts(fit) if fit > 0 else "")

    def to_show(self, block: Block) -> Found:
        checks, _, waiting = self.conditions(self.option(block.caption)["id"])
        if block.kind == "/Caption":
            more = [f"{len(waiting) - 5} more"] if len(waiting) > 6 else []
            return [*self.names.values(), *(self.cases[case]["title"] for case in waiting), *more]
        capabilities = list(self.ws["demand"]["capabilities"].values())
        rows = [self.criteria[key] for key in checks if flat(block.row).startswith(flat(self.criteria[key]["title"]))]
        if not rows:
            return [text[:1].upper() + text[1:] for text in capabilities]
        criterion = max(rows, key=lambda item: len(item["title"]))
        check = checks[criterion["id"]]
        asked, shown = check["required"], check["observed"]
        if block.column == "Today, required":
            return Exactly(f"{'' if shown is None else shown} {asked}")
        return [criterion["title"], f"level {asked}", criterion["levels"][str(asked)], *check["missing"]]

    def rivals(self, block: Block) -> Found:
        if block.kind == "/Caption":
            others = len(self.size["tied"]) + len(self.size["close"]) - 10
            return [str(self.size["size"]), f"{others} more" if others > 0 else ""]
        rows = [*self.size["tied"], *self.size["close"]]
        row = next(row for row in rows if flat(self.list_of(row["tools"])) == flat(block.row))
        figures: dict[str, Found] = {
            "Value": Exactly(pts(row["value"])),
            "Cost per year": Exactly(money(row["cost"])),
        }
        return figures.get(block.column, list(self.names.values()))

    def all_options(self, block: Block) -> Found:
        if block.kind == "/Caption":
            return Exactly(f"{self.evaluation['policies']['close_points']}")
        option = self.option(block.row)
        cost = self.r["costs"].get(option["id"])
        score, low, high = (pts(option[key]) for key in ("score", "low", "high"))
        said: dict[str, Found] = {
            "Rank": Exactly(option["rank"]),
            "Option": [option["name"], option["edition_name"]],
            "Cleared for": Exactly(""),
            "Score": Exactly(f"{score} {low} to {high}"),
            "Answered": Exactly(pct(option["coverage"])),
            "Stale": Exactly(pct(option["stale"])),
            "Verdict": Exactly(" ".join(f"{item['expected']:,.0f}" for item in cost["amounts"]) if cost else ""),
        }
        return said.get(block.column, Exactly(f"{option['name']}: score {score}, range {low} to {high}"))

    def gates(self, block: Block) -> Found:
        option = self.option(block.caption)
        if block.kind == "/Caption":
            return [option["name"]]
        criterion = self.criterion(block.row)
        checks = [
            check
            for group in (*(option["gates"][item["id"]] for item in self.classes), *option["tag_gates"].values())
            for check in group["checks"]
            if check["criterion"] == criterion["id"]
        ]
        failed = [check for check in checks if check["outcome"] == "failed"]
        waiting = [check for check in checks if check["outcome"] == "unsupported"]
        worst = max(failed or waiting, key=lambda check: check["required"])
        asked = worst["required"]
        if block.column == "Today":
            return Exactly("" if worst["observed"] is None else worst["observed"])
        if block.column == "Required":
            return Exactly(" ".join(str(check["required"]) for check in checks))
        # What a higher level needs does not help where the level is reached and only its evidence is old or weak.
        short = worst["observed"] is None or worst["observed"] < asked
        said = [
            f"level {asked}",
            *(worst["missing"] if short and worst["missing"] else [criterion["levels"][str(asked)]]),
        ]
        answer = self.cell(option, criterion)["answer"]
        return [criterion["title"], *said, *([self.cited(option, answer)] if block.column.startswith("What") else [])]

    def by_family(self, block: Block) -> Found:
        if block.kind == "/Caption":
            return Exactly("0 to 100")
        if block.row == "All families":
            if block.column in {"Family", "Weight"}:
                return Exactly("100" if block.column == "Weight" else "")
            part: Data = self.option(block.column)
        else:
            family = self.titled(self.families.values(), block.row)["id"]
            leader = self.options[self.r["leaders"][0]] if block.column == "Weight" else None
            if block.column == "Family":
                return [self.families[family]["title"]]
            part = (leader or self.option(block.column))["families"][family]
        if block.column == "Weight":
            return Exactly(pct(part["weight"]))
        name = self.option(block.column)["name"]
        return Exactly(f"{pts(part['score'], 0)} {name}: {pts(part['score'])} of 100, at most {pts(part['high'])}")

    def firsts(self, block: Block) -> Found:
        robust = self.r["sensitivity"]["robustness"]
        if block.kind == "/Caption":
            return Exactly(f"{robust['samples']:,} {robust['seed']}")
        laws = {"Stated weights, varied": "around", "Any weights in that order": "order", "Any weights": "any"}
        option = self.option(block.row)["id"]
        if block.column == "Option":
            return [self.names[option]]
        scenario = next(item for item in robust["scenarios"] if item["law"] == laws.get(block.column, "around"))
        row = next(row for row in scenario["options"] if row["option"] == option)
        share = sum(row["ranks"][:3]) if block.column == "Among the first three" else row["ranks"][0]
        return Exactly(chance(share))

    def wins(self, block: Block) -> Found:
        scenario = next(item for item in self.r["sensitivity"]["robustness"]["scenarios"] if item["law"] == "around")
        rows = next(size["stacks"] for size in scenario["sizes"] if size["size"] == len(scenario["stack"]["tools"]))
        row = next(row for row in rows if flat(self.list_of(row["tools"])) == flat(block.row))
        return Exactly(chance(row["share"])) if block.column == "Share of simulations" else list(self.names.values())

    def turns(self, block: Block) -> Found:
        flips = self.r["sensitivity"]["breakeven"]
        titles = (
            self.families
            if "family" in block.text or block.row in {item["title"] for item in self.families.values()}
            else self.criteria
        )
        key = self.titled(titles.values(), block.row)["id"]
        row = next(row for row in (*flips["families"], *flips["criteria"]) if row["id"] == key)
        if block.column == "Weight of":
            return [titles[key]["title"]]
        if block.column in {"Kind", "Now"}:
            return Exactly(pct(row["weight"], 1) if block.column == "Now" else "")
        kind = "first" if block.column.startswith("First") else "stack"
        turns = [turn for turn in (row[f"{kind}_down"], row[f"{kind}_up"]) if turn]
        return Exactly(" ".join(f"{pct(turn['at'], 1)} {self.few(turn['to'])}" for turn in turns))

    def methods(self, block: Block) -> Found:
        method = next(key for key, said in METHOD_WORDS.items() if said == block.row)
        if block.column == "Method":
            return Exactly(METHOD_WORDS[method])
        opinion = next(row for row in self.r["sensitivity"]["methods"]["methods"] if row["method"] == method)
        return Exactly(self.few(opinion["first"]) if block.column == "Ranks first" else "")

    def by_tool(self, block: Block) -> Found:
        columns = {"Low": "low", "Expected": "expected", "High": "high"}
        if block.column not in columns:
            return [*self.names.values(), *(option["edition_name"] for option in self.options.values())]
        cost = self.stack["cost"] if block.row == "Stack" else self.stack["costs"][self.option(block.row)["id"]]
        return [f"{amount[columns[block.column]]:,.0f}" for amount in cost["amounts"]]

    def prices(self, block: Block) -> Found:
        profile = self.ws["vendors"][self.option(block.caption)["id"]]["profile"]
        if block.kind == "/Caption":
            return [profile["name"]]
        body = flat(re.sub(r" ?evaluated$", "", block.row))
        edition = next(item for item in profile["editions"] if flat(self.short(item["name"])) == body)
        if block.column == "Edition":
            return [edition["name"]]
        if block.column == "Price":
            figures = []
            for price in edition["prices"]:
                figures.append(f"{price['amount']:,.2f}".removesuffix(".00"))
                figures += [f"{price[key]:g}" for key in ("minimum", "included") if price.get(key)]
                figures.append(price.get("billing") or "")
            return Exactly(" ".join(figures))
        said = [price[key] or "" for price in edition["prices"] for key in ("source", "source_date", "note")]
        return [*said, *(self.short(text, 110) for text in said), edition.get("note") or ""]

    def about_vendor(self, block: Block) -> Found:
        option = self.option(block.part)
        cell = self.cell(option, self.criterion(block.row))
        if block.column == "Level":
            return Exactly("" if cell["level"] is None else cell["level"])
        return [block.row, cell["answer"]["rationale"] if cell["answer"] else "", self.cited(option, cell["answer"])]

    def rails(self, block: Block) -> Found:
        if block.kind == "/Caption":
            return []
        if block.caption.startswith("Classes") and block.column == "Tools":
            data_class = self.class_of(block.row)
            parts = [f"{self.names[key]}: {self.open_gates(self.options[key], data_class)}" for key in self.shown]
            return Exactly(" ".join(parts))
        rails = self.ws["guardrails"]
        if block.caption == "Support":
            tier = next(item for item in rails["support_tiers"] if block.row == f"{item['tier']} {item['name']}")
            place = ("Tier", "Applies to", "Means", "Target").index(block.column)
            said = (block.row, tier["applies"], " ".join(tier["means"]), tier["target"])[place]
            ordered = [item["tier"] for item in rails["support_tiers"]]
            return Exactly(said) if ordered == sorted(set(ordered)) else None
        rows = [*rails["data_classes"], *rails["data_tags"], *rails["triggers"]]
        heads = {
            id(row): flat(row.get("when") or row.get("title") or row["id"].replace("-", " ")).lower() for row in rows
        }
        return Exactly(
            " ".join(self._said_of(next(row for row in rows if heads[id(row)] == flat(block.row).lower()), block))
        )

    @staticmethod
    def _said_of(row: Data, block: Block) -> Iterator[str]:
        """The texts of a guardrail that stand in the column of ``block``."""
        keys = {
            "Class": ("title",), "Meaning": ("meaning", "examples"), "Tag": ("id",), "At least": ("min_class",),
            "Needs": ("outcome", "needs", "note"), "When": ("when",), "Outcome": ("outcome",), "Bring": ("ask",),
        }[block.column]  # fmt: skip
        for key in keys:
            yield from texts([row.get(key)])

    def roles(self, _: Block) -> Found:
        return [text for item in self.evaluation["deciders"] for text in item.values()]

    def cards(self, block: Block) -> Found:
        if block.kind == "/Caption":
            printed = self.options if len(self.options) <= 15 else self.r["leaders"]
            left = [key for key in self.options if key not in printed]
            return Exactly(f"{sum(len(self.ws['vendors'][key]['scorecards']) for key in left)} more" if left else "")
        option = self.option(block.row)
        vendor = self.ws["vendors"][option["id"]]
        card = next(card for card in vendor["scorecards"] if card["assessor"] == block.line[1])
        edition = next(item["name"] for item in vendor["profile"]["editions"] if item["id"] == card["edition"])
        known = sum(item["level"] != "unknown" for item in card["answers"].values())
        said: dict[str, Found] = {
            "Option": [option["name"]],
            "Edition": [self.short(edition, 40)],
            "Date": Exactly(card["assessed"]),
            "Known": Exactly(f"{known} of {len(card['answers'])}"),
        }
        return said.get(block.column, [card["assessor"], card["kind"]])

    def apart(self, block: Block) -> Found:
        if block.kind == "/Caption":
            count = sum(len(set(c["levels"].values())) > 1 for option in self.options.values() for c in option["cells"])
            return [f"{count - 40} more"]
        cell = self.cell(self.option(block.row), self.criterion(block.line[1]))
        if block.column == "Counted":
            return Exactly("" if cell["level"] is None else cell["level"])
        given = {who: level for who, level in cell["levels"].items() if who != "agreed"}
        if block.column == "Levels given":
            return Exactly(" ".join(f"{who}: {'' if level is None else level}" for who, level in given.items()))
        return [block.row if block.column == "Option" else self.criterion(block.line[1])["title"]]

    def checks(self, block: Block) -> Found:
        if block.kind == "/Caption":
            return Exactly(f"{sum(not check['passed'] for check in self.r['final'])} of {len(self.r['final'])}")
        return [check["finding"] for check in self.r["final"]]

    def expiring(self, block: Block) -> Found:
        if block.kind == "/Caption":
            return []
        fresh, option, criterion = block.line[0], self.option(block.row), self.criterion(block.line[2])
        if block.column in {"Option", "Criterion"}:
            return [option["name"], criterion["title"]]
        items = [
            item
            for item in self.evidence.values()
            for use in item["uses"]
            if item["option"] == option["id"] and use["criterion"] == criterion["id"] and use["fresh_until"] == fresh
        ]
        if block.column == "Fresh until":
            return Exactly(fresh) if items else None
        fitting = [item for item in items if f"grade {item['grade']}" in block.text]
        said = {item["id"]: Exactly(f"{item['id']} {item['date'] or item['captured']}") for item in fitting}
        return said[words(block.text)[0]]

    def policies(self, block: Block) -> Found:
        policy = self.evaluation["policies"]
        gated = self.gated()
        rows = {
            "Options whose": policy["close_points"],
            "Credit for": policy["conditional_credit"],
            "What the next": policy["min_gain"],
            "Several": policy["unknown_if"],
            "Gates in": f"{len(gated)} criteria",
        }
        return Exactly(
            next(
                f"{value:g}" if isinstance(value, float) else value
                for head, value in rows.items()
                if block.row.startswith(head)
            )
        )

    def card(self, block: Block) -> Found:
        option = self.option(block.caption.removeprefix("Answers on "))
        if block.kind == "/Caption":
            return [option["name"]]
        if block.group == block.text:
            family = self.titled(self.families.values(), block.text)
            part = option["families"][family["id"]]
            return Exactly(f"{family['title']} {pts(part['score'])} of 100, weight {pct(part['weight'], 1)}")
        criterion = self.criterion(block.row)
        cell = self.cell(option, criterion)
        answer = cell["answer"]
        if block.column == "Level":
            apart = [f"{who}: {'' if level is None else level}" for who, level in cell["levels"].items()]
            level = "" if cell["level"] is None else f"{cell['level']} of {max(map(int, criterion['levels']))}"
            return Exactly(f"{level} {' '.join(apart) if len(set(cell['levels'].values())) > 1 else ''}")
        if block.column == "Criterion":
            return [criterion["title"]]
        return [answer["rationale"], *answer["missing"], self.cited(option, answer)] if answer else []

    def register(self, block: Block) -> Found:
        if block.group == block.text:
            return list(self.names.values())
        item = self.evidence[block.row]
        if self.options[item["option"]] is not self.option(block.group):
            return None
        titles = dict.fromkeys(self.criteria[use["criterion"]]["title"] for use in item["uses"])
        # A page ages from the day it was looked at, so that day is printed beside its own.
        days = [item["date"], item["captured"]] if item["date"] else [item["captured"]]
        said: dict[str, Found] = {
            "No.": Exactly(item["id"]),
            "Source": [item["source"], self.short(item["source"], 400)],
            "Dated": Exactly(" ".join(filter(None, days if item["kind"] == "page" else days[:1]))),
            "Used for": [*titles, f"{len(titles) - 4} more" if len(titles) > 5 else ""],
            "Fresh until": Exactly(min(use["fresh_until"] for use in item["uses"])),
        }
        return said[block.column]

    def to_sign(self, block: Block) -> Found:
        checks, capabilities, _ = self.conditions(self.option(block.row)["id"])
        counts = [len(checks) or "", len(capabilities) or ""]
        return Exactly(f"{self.names[self.option(block.row)['id']]}: {counts[0]} {counts[1]}")


TABLES: list[tuple[str, Callable[[Tables, Block], Found]]] = [
    (r"What (each tool|each option|the highest-ranked options) may hold", Tables.permits),
    (r"What each may hold, by data tag", Tables.held_by_tag),
    (r".*: \d+ of \d+ done", Tables.own_work),
    (r"Use cases$", Tables.use_cases),
    (r"Considered and excluded", Tables.excluded),
    (r"The best stack of every size", Tables.best_sizes),
    (r"What each tool is for", Tables.parts),
    (r"What each tool contributes to the stack", Tables.worth),
    (r"What two tools of the stack could both do", Tables.overlaps),
    (r"Stacks of up to \d+ tools? that no other beats", Tables.frontier),
    (r"What every stack keeps to", Tables.limits),
    (r"Fit of each tool", Tables.coverage),
    (r"Stacks of \d+ tools? that are too close", Tables.rivals),
    (r"All options in order", Tables.all_options),
    (r".*: gates that are not met", Tables.gates),
    (r"Score by family", Tables.by_family),
    (r"First place in", Tables.firsts),
    (r"Stacks of the recommended size", Tables.wins),
    (r"Break-even weights", Tables.turns),
    (r"Does the first place depend", Tables.methods),
    (r"Cost per year by tool", Tables.by_tool),
    (r".*: editions and what is known", Tables.prices),
    (r"Answers about the vendor", Tables.about_vendor),
    (r"(Classes of data|Tags that add|What starts a review|Support$)", Tables.rails),
    (r"(Who takes part|Signatures)", Tables.roles),
    (r"Scorecards", Tables.cards),
    (r"Answers on which assessors differ", Tables.apart),
    (r"(Draft: \d|All checks passed)", Tables.checks),
    (r"Next to go stale", Tables.expiring),
    (r"Policies of this evaluation", Tables.policies),
    (r"Answers on ", Tables.card),
    (r"Items of evidence by option", Tables.register),
    (r"Conditions, and who", Tables.to_sign),
    (r".*: for ", Tables.to_show),
]
