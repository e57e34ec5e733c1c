"""Every rule finds its mistake, at its place, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import (
    AS_OF,
    CATALOGUE,
    DONE,
    EVALUATION,
    GUARDRAILS,
    USE_CASES,
    WEIGHTS,
    Content,
    answer,
    build,
    capability,
    card_of,
    contents,
    evidence,
    own_work_of,
    profile,
    profile_of,
    scorecard,
    stakeholder,
    use_case,
    with_own_work,
)
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import Problem, Severity
from evaluator.model.evidence_status import EvidenceStatus, carriers, evidence_status
from evaluator.model.file_names import Layout
from evaluator.rules import base
from evaluator.rules.base import RuleContext
from evaluator.rules.run import RULES, run
from evaluator.rules.wording import comparing_words

CARD = card_of("v-1")
ROLE = "weights/office.yaml"
PROFILE = profile_of("v-1")
FAMILY = "criteria/f-1.yaml"
OWN = own_work_of("v-1")
Path = tuple[str | int, ...]
Change = Callable[[Content], Any]


def setting(file: str, *path: Any) -> Change:
    """Sets the last of ``path`` at the place that the rest leads to."""
    *steps, key, value = path

    def change(content: Content) -> None:
        holder = content[file]
        for step in steps:
            holder = holder[step]
        holder[key] = value

    return change


def answering(key: str, value: Any) -> Change:
    """Sets one answer of the first vendor."""
    return setting(CARD, "answers", key, value)


def owning(edition: str, criterion: str, item: str, **changes: Any) -> Change:
    """Records one item of own work as done."""

    def change(content: Content) -> None:
        with_own_work(content)[OWN]["items"] = {edition: {criterion: {item: {**DONE, **changes}}}}

    return change


def adding_family(content: Content) -> None:
    content[CATALOGUE]["families"].append({"id": "f-9", "title": "Empty", "about": "vendor"})
    content[WEIGHTS]["families"]["f-9"] = 5


def adding_status_quo(content: Content) -> None:
    content[EVALUATION] |= {"status_quo": "today", "options": ["v-1", "v-2"]}
    content[profile_of("today")] = profile("today")


def triggers(**changes: Any) -> list[dict[str, Any]]:
    return [{"id": "t-1", "when": "always", "outcome": "review", **changes}]


def tags(**changes: Any) -> list[dict[str, Any]]:
    return [{"id": "tag-1", "min_class": "internal", "outcome": "stop", **changes}]


E, W = Severity.ERROR, Severity.WARNING


def limiting(part: str, *tools: str, excluded: str = "", **more: int) -> Change:
    """Limits on the stack."""

    def change(content: Content) -> None:
        limits = {part: [{"tool": tool, "reason": "as decided"} for tool in tools], **more}
        content[EVALUATION]["stack"] = limits | (
            {"excluded": [{"tool": excluded, "reason": "as decided"}]} if excluded else {}
        )

    return change


def out_of_scope_limit(content: Content) -> None:
    content |= contents(vendors=3)
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    limiting("required", "v-3")(content)


def reserved_family(content: Content) -> None:
    content[CATALOGUE]["families"][0]["id"] = "families"
    content["criteria/families.yaml"] = content.pop(FAMILY) | {"family": "families"}
    content[WEIGHTS]["families"] = {"families": 10, "f-2": 10}


def gate_out_of_scope(content: Content) -> None:
    """A starter gate on a criterion that is out of scope; another gate stays on."""
    for item in content[FAMILY]["criteria"]:
        item |= {"gates": {"internal": 1}, "starter_gate": True}
    content[EVALUATION]["out_of_scope"] = {"c-1": "does not apply"}


def tag_above_class(content: Content) -> None:
    content[GUARDRAILS]["data_tags"] = tags(min_class="restricted")
    content[USE_CASES]["use_cases"][0]["data_tags"] = ["tag-1"]


ONE: list[tuple[str, Change, str, Path, Severity, str, str]] = [
    # code, change, file, path, severity, message, hint
    ("unknown-criterion", setting(WEIGHTS, "criteria", "c-11", 1), WEIGHTS, ("criteria", "c-11"), E, "there is no criterion c-11", "did you mean c-1?"),
    ("unknown-criterion", setting(WEIGHTS, "reasons", {"zzz": "because"}), WEIGHTS, ("reasons", "zzz"), E, "there is no family or criterion zzz", "known ids are in criteria/"),
    ("unknown-criterion", answering("zzz", answer(1)), CARD, ("answers", "zzz"), E, "there is no criterion zzz", ""),
    ("unknown-criterion", setting(USE_CASES, "use_cases", 0, "emphasis", {"zzz": 2}), USE_CASES, ("use_cases", 0, "emphasis", "zzz"), E, "there is no criterion zzz", ""),
    ("unknown-criterion", setting(USE_CASES, "use_cases", 0, "gates", {"zzz": 2}), USE_CASES, ("use_cases", 0, "gates", "zzz"), E, "there is no criterion zzz", ""),
    ("unknown-criterion", setting(EVALUATION, "out_of_scope", {"zzz": "why"}), EVALUATION, ("out_of_scope", "zzz"), E, "there is no criterion zzz", ""),
    ("unknown-criterion", setting(EVALUATION, "policies", {"gates": ["c-1", "zzz"]}), EVALUATION, ("policies", "gates", 1), E, "there is no criterion zzz", ""),
    ("unknown-criterion", setting(CATALOGUE, "triggers", [{"id": "t", "when": "x", "reopens": ["c-1", "zzz"]}]), CATALOGUE, ("triggers", 0, "reopens", 1), E, "there is no criterion zzz", ""),
    ("unknown-family", setting(WEIGHTS, "families", "f-22", 1), WEIGHTS, ("families", "f-22"), E, "there is no family f-22", "did you mean f-2?"),
    ("unknown-capability", setting(USE_CASES, "use_cases", 0, "must", ["cap-1", "cap-9"]), USE_CASES, ("use_cases", 0, "must", 1), E, "there is no capability cap-9", "did you mean cap-"),
    ("unknown-capability", setting(USE_CASES, "use_cases", 0, "should", ["zzz"]), USE_CASES, ("use_cases", 0, "should", 0), E, "there is no capability zzz", ""),
    ("unknown-capability", setting(PROFILE, "capabilities", "zzz", capability("none")), PROFILE, ("capabilities", "zzz"), E, "there is no capability zzz", "criteria/use-cases.yaml"),
    ("unknown-data-class", setting(USE_CASES, "use_cases", 0, "data_class", "intern"), USE_CASES, ("use_cases", 0, "data_class"), E, "there is no data class intern", "did you mean internal?"),
    ("unknown-data-class", setting(GUARDRAILS, "data_tags", tags(min_class="zzz")), GUARDRAILS, ("data_tags", 0, "min_class"), E, "there is no data class zzz", ""),
    ("unknown-data-class", setting(FAMILY, "criteria", 1, "gates", {"secret": 2}), FAMILY, ("criteria", 1, "gates", "secret"), E, "there is no data class secret", ""),
    ("unknown-data-class", setting(GUARDRAILS, "review_tiers", [{"tier": 1, "data_classes": ["zzz"], "full_months": 12, "light_months": 3}]), GUARDRAILS, ("review_tiers", 0, "data_classes", 0), E, "there is no data class zzz", ""),
    ("unknown-data-tag", setting(USE_CASES, "use_cases", 0, "data_tags", ["tag-1"]), USE_CASES, ("use_cases", 0, "data_tags", 0), E, "there is no data tag tag-1", "criteria/guardrails.yaml under data_tags"),
    ("unknown-data-tag", setting(USE_CASES, "use_cases", 0, "conditional_tags", {"tag-1": "if it has names"}), USE_CASES, ("use_cases", 0, "conditional_tags", "tag-1"), E, "there is no data tag tag-1", ""),
    ("unknown-data-tag", setting(FAMILY, "criteria", 1, "tag_gates", {"tag-1": 2}), FAMILY, ("criteria", 1, "tag_gates", "tag-1"), E, "there is no data tag tag-1", ""),
    ("unknown-use-case", setting(PROFILE, "exit", {"owner": "IT", "planned": "x", "export": "y", "alternatives": {"u-1": "paper", "u-11": "paper"}}), PROFILE, ("exit", "alternatives", "u-11"), E, "there is no use case u-11", "did you mean u-1?"),
    ("unknown-option", setting(EVALUATION, "options", ["v-1", "v-2", "v-3"]), EVALUATION, ("options", 2), E, "there is no option v-3", "did you mean v-"),
    ("unknown-option", setting(EVALUATION, "status_quo", "today"), EVALUATION, ("status_quo",), E, "there is no option today", "vendors/, a folder each"),
    ("status-quo-out-of-scope", adding_status_quo, EVALUATION, ("status_quo",), E, "the status quo today is not among the options", "add it to options"),
    ("unknown-edition", setting(CARD, "edition", "busines"), card_of("v-1", edition="busines"), ("edition",), E, "there is no edition busines", "did you mean business?"),
    ("unknown-trigger", setting(USE_CASES, "use_cases", 0, "review_triggers", ["t-9"]), USE_CASES, ("use_cases", 0, "review_triggers", 0), E, "there is no review trigger t-9", "criteria/guardrails.yaml"),
    ("unknown-outcome", setting(GUARDRAILS, "triggers", triggers(outcome="maybe")), GUARDRAILS, ("triggers", 0, "outcome"), E, "there is no outcome maybe", ""),
    ("unknown-outcome", setting(GUARDRAILS, "data_tags", tags(outcome="maybe")), GUARDRAILS, ("data_tags", 0, "outcome"), E, "there is no outcome maybe", ""),
    ("unknown-reference", setting(FAMILY, "criteria", 0, "references", ["ref-1", "ref-2"]), FAMILY, ("criteria", 0, "references", 1), E, "there is no reference ref-2", "did you mean ref-1?"),
    ("unknown-evidence-grade", answering("c-2", answer(1, evidence=[evidence(), evidence(grade="X")])), CARD, ("answers", "c-2", "evidence", 1, "grade"), E, "there is no evidence grade X", "known: A, B, C, D, E"),
    ("duplicate-id", setting(USE_CASES, "use_cases", [use_case("a"), use_case("b"), use_case("a")]), USE_CASES, ("use_cases", 2, "id"), E, "the use case a is listed twice here", "the first is entry 1 of use_cases"),
    ("duplicate-id", lambda content: content[PROFILE]["editions"].append({"id": "business", "name": "B", "deployment": "cloud"}), PROFILE, ("editions", 2, "id"), E, "the edition business is listed twice here", ""),
    ("duplicate-id", lambda content: content[GUARDRAILS]["data_classes"].append(content[GUARDRAILS]["data_classes"][0]), GUARDRAILS, ("data_classes", 4, "id"), E, "the data class public is listed twice here", ""),
    ("duplicate-id", lambda content: content[CATALOGUE]["families"].append(content[CATALOGUE]["families"][1]), CATALOGUE, ("families", 2, "id"), E, "the family f-2 is listed twice here", ""),
    ("duplicate-id", lambda content: content[CATALOGUE]["evidence_grades"].append(content[CATALOGUE]["evidence_grades"][1]), CATALOGUE, ("evidence_grades", 5, "grade"), E, "the evidence grade B is listed twice here", ""),
    ("duplicate-id", setting(EVALUATION, "options", ["v-1", "v-2", "v-1"]), EVALUATION, ("options", 2), E, "the option v-1 is listed twice here", ""),
    ("duplicate-id", setting(GUARDRAILS, "outcomes", ["go", "go"]), GUARDRAILS, ("outcomes", 1), E, "the outcome go is listed twice here", ""),
    ("duplicate-id", setting(GUARDRAILS, "triggers", triggers() * 2), GUARDRAILS, ("triggers", 1, "id"), E, "the trigger t-1 is listed twice here", ""),
    ("duplicate-id", setting(GUARDRAILS, "data_tags", tags() * 2), GUARDRAILS, ("data_tags", 1, "id"), E, "the data tag tag-1 is listed twice here", ""),
    ("duplicate-id", setting(GUARDRAILS, "support_tiers", [{"tier": 1, "name": "a", "applies": "b"}] * 2), GUARDRAILS, ("support_tiers", 1, "tier"), E, "the support tier 1 is listed twice here", ""),
    ("duplicate-id", setting(USE_CASES, "use_cases", 0, "must", ["cap-1", "cap-1"]), USE_CASES, ("use_cases", 0, "must", 1), E, "the capability cap-1 is listed twice here", ""),
    ("reserved-id", reserved_family, CATALOGUE, ("families", 0, "id"), E, "no family may be called families", "give it another id"),
    ("must-and-should", setting(USE_CASES, "use_cases", 0, "should", ["cap-1"]), USE_CASES, ("use_cases", 0, "should", 0), W, "the capability cap-1 is listed under both must and should", "must is enough"),
    ("missing-weight", lambda content: content[WEIGHTS]["criteria"].pop("c-3"), WEIGHTS, ("criteria",), E, "the criterion c-3 has no weight", "add c-3: and a number"),
    ("missing-weight", lambda content: content[WEIGHTS]["families"].pop("f-2"), WEIGHTS, ("families",), E, "the family f-2 has no weight", ""),
    ("no-weight-at-all", setting(WEIGHTS, "families", {"f-1": 0, "f-2": 0}), WEIGHTS, ("families",), E, "no criterion in scope has any weight", ""),
    ("no-weight-at-all", setting(WEIGHTS, "criteria", dict.fromkeys(["c-1", "c-2", "c-3", "c-4"], 0)), WEIGHTS, ("families",), E, "no criterion in scope has any weight", ""),
    ("lost-weight", setting(WEIGHTS, "criteria", {"c-1": 0, "c-2": 1, "c-3": 0, "c-4": 1}), WEIGHTS, ("families", "f-1"), W, "the weight of the family f-1 has no effect", ""),
    ("lost-weight", setting(EVALUATION, "out_of_scope", {"c-1": "x", "c-3": "y"}), WEIGHTS, ("families", "f-1"), W, "the weight of the family f-1 has no effect", ""),
    ("lost-weight", adding_family, WEIGHTS, ("families", "f-9"), W, "the weight of the family f-9 has no effect", ""),
    ("unsealed", lambda content: content[WEIGHTS].pop("seal"), WEIGHTS, (), W, "the weights are not sealed", "note under seal when"),
    ("sealed-late", setting(WEIGHTS, "seal", "date", "2026-11-11"), WEIGHTS, ("seal", "date"), W, "the weights were sealed on 2026-11-11, after the first answer on 2026-11-10", CARD),
    ("sealed-late", answering("c-1", answer(0, date="2026-01-01")), WEIGHTS, ("seal", "date"), W, "after the first answer on 2026-01-01", CARD),
    ("seals-out-of-order", setting(WEIGHTS, "seal", "earlier", [{"date": "2026-01-16", "by": "Office"}]), WEIGHTS, ("seal", "earlier", 0), E, "the seal of 2026-01-16 is said to be earlier", "correct one"),
    ("strange-judgement", lambda content: content.update({ROLE: stakeholder("office", families={"order": [["f-1"], ["f-2"], ["f-3"]]})}), ROLE, ("families",), E, "there is no family f-3", "did you mean"),
    ("strange-judgement", lambda content: content.update({ROLE: stakeholder("office", families={"order": [["f-1"], ["f-2"]]}, criteria={"f-9": {"points": {"c-1": 1}}})}), ROLE, ("criteria", "f-9"), E, "there is no family f-9", "did you mean"),
    ("unfinished-weights", lambda content: content.update({ROLE: stakeholder("office", families={"points": {"f-1": 100}})}), ROLE, (), W, "1 of 2 families not weighed", "weights swing --stakeholder office"),
    ("level-off-scale", answering("c-1", answer(5)), CARD, ("answers", "c-1", "level"), E, "level 5 is not on the scale of c-1; expected 0 to 4", "write unknown"),
    ("level-off-scale", answering("c-1", answer(-1)), CARD, ("answers", "c-1", "level"), E, "level -1 is not on the scale", ""),
    ("level-off-scale", answering("c-1", answer(1, capped_from=7)), CARD, ("answers", "c-1", "capped_from"), E, "level 7 is not on the scale", ""),
    ("level-off-scale", setting(USE_CASES, "use_cases", 0, "gates", {"c-1": 9}), USE_CASES, ("use_cases", 0, "gates", "c-1"), E, "level 9 is not on the scale of c-1", ""),
    ("missing-answer", lambda content: content[CARD]["answers"].pop("c-2"), CARD, ("answers",), W, "1 criterion in scope has no answer: c-2", "left out counts as unknown"),
    ("no-evidence", answering("c-3", answer(0, evidence=[])), CARD, ("answers", "c-3"), W, "the level of c-3 names no evidence", "counts as unknown in the low score"),
    ("above-cap", answering("c-1", answer(3, evidence=[evidence(grade="D"), evidence(grade="E")])), CARD, ("answers", "c-1", "level"), W, "level 3 is more than evidence of grade D, E can carry, which is 2", ""),
    ("stale-evidence", answering("c-1", answer(2, evidence=[evidence(date="2025-01-01")])), CARD, ("answers",), W, "1 answer rests on evidence older than the criterion's limit: c-1", ""),
    ("kind-assumed", answering("c-1", answer(2, evidence=[evidence(kind=None)])), CARD, ("answers",), W, "1 item of evidence states no kind; assumed: 1 as document", "write kind"),
    ("fixed-address", answering("c-1", answer(2, evidence=[evidence(kind="page", source="https://vendor.example/3.75/doc")])), CARD, ("answers", "c-1", "evidence", 0, "kind"), W, "so it is a document, not a page", "kind: document"),
    ("undated-document", answering("c-1", answer(2, evidence=[evidence(date=None, captured="2026-10-01")])), CARD, ("answers",), W, "1 document has no date: c-1", "from its capture"),
    ("own-figures-unanswered", setting(FAMILY, "criteria", 1, {**contents()[FAMILY]["criteria"][1], "id": "own", "own_figures": True}), FAMILY, ("criteria", 1, "own_figures"), W, "own needs the organisation's own figures and nobody has answered it", "out_of_scope"),
    ("other-edition", setting(CARD, "edition", "enterprise"), card_of("v-1", edition="enterprise"), ("edition",), W, "the scorecard is on enterprise, the evaluated edition is business: it is not combined", PROFILE),
    ("comparative-wording", answering("c-1", answer(2, rationale="Better than others.")), CARD, ("answers", "c-1", "rationale"), W, "the rationale of c-1 compares: 'Better'", ""),
    ("comparative-wording", setting(EVALUATION, "excluded", [{"option": "Old  ware", "reason": "Worse support", "date": "2026-01-01"}]), EVALUATION, ("excluded", 0, "reason"), W, "the reason for leaving out Old ware compares: 'Worse'", "by itself"),
    ("comparative-wording", setting(EVALUATION, "out_of_scope", {"c-2": "the others are richer than this"}), EVALUATION, ("out_of_scope", "c-2"), W, "the reason for taking out c-2 compares: 'richer than'", ""),
    ("comparative-wording", setting(EVALUATION, "stack", {"excluded": [{"tool": "v-2", "reason": "the worst of all"}]}), EVALUATION, ("stack", "excluded", 0, "reason"), W, "the reason for the limit on v-2 compares: 'worst'", ""),
    ("levels-in-question", setting(FAMILY, "criteria", 1, "question", "Is it so? Users count from Level 3."), FAMILY, ("criteria", 1, "question"), W, "the text of c-3 mentions 'Level 3', and vendors read it", "ask for the fact"),
    ("levels-in-question", setting(FAMILY, "criteria", 1, "title", "Level 2 support"), FAMILY, ("criteria", 1, "title"), W, "the text of c-3 mentions 'Level 2'", ""),
    ("levels-in-question", setting(FAMILY, "criteria", 0, "evidence", ["vendor page", "signed statement (grade D)"]), FAMILY, ("criteria", 0, "evidence", 1), W, "the text of c-1 mentions 'grade D', and vendors read it", ""),
    ("future-date", setting(CARD, "assessed", "2026-11-25"), CARD, ("assessed",), E, "the assessment of 2026-11-25 lies after the date of the evaluation, 2026-11-24", "move as_of"),
    ("future-date", setting(CARD, "handed_in", "2026-11-25"), CARD, ("handed_in",), E, "the hand-in of 2026-11-25 lies after the date of the evaluation, 2026-11-24", "move as_of"),
    ("future-date", setting(PROFILE, "exit", {"owner": "IT", "planned": "x", "export": "y", "rehearsed": [{"date": "2027-01-01", "finding": "z"}]}), PROFILE, ("exit", "rehearsed", 0, "date"), E, "the rehearsal of 2027-01-01", ""),
    ("future-date", answering("c-1", answer(0, date="2027-01-01")), CARD, ("answers", "c-1", "date"), E, "the answer of 2027-01-01", ""),
    ("future-date", answering("c-1", answer(2, evidence=[evidence(date="2027-01-01")])), CARD, ("answers", "c-1", "evidence", 0, "date"), E, "the evidence of 2027-01-01", ""),
    ("future-date", answering("c-1", answer(2, evidence=[evidence(captured="2027-01-01")])), CARD, ("answers", "c-1", "evidence", 0, "captured"), E, "the capture on 2027-01-01", ""),
    ("future-date", setting(PROFILE, "captured", "2026-11-25"), PROFILE, ("captured",), E, "the capture on 2026-11-25", ""),
    ("future-date", setting(PROFILE, "facts", 0, "source_date", "2026-11-25"), PROFILE, ("facts", 0, "source_date"), E, "the source of 2026-11-25", ""),
    ("future-date", setting(PROFILE, "capabilities", "cap-1", "source_date", "2026-11-25"), PROFILE, ("capabilities", "cap-1", "source_date"), E, "the source of 2026-11-25", ""),
    ("future-date", setting(PROFILE, "editions", 0, "prices", 0, "source_date", "2026-11-25"), PROFILE, ("editions", 0, "prices", 0, "source_date"), E, "the source of 2026-11-25", ""),
    ("future-date", setting(EVALUATION, "excluded", [{"option": "Other", "reason": "x", "date": "2026-11-25"}]), EVALUATION, ("excluded", 0, "date"), E, "the exclusion of 2026-11-25", ""),
    ("own-work-id", owning("basic", "c-1", "report"), OWN, ("items", "basic"), E, "there is no edition basic", "vendors/v-1/profile.yaml under editions"),
    ("own-work-id", owning("business", "c-11", "report"), OWN, ("items", "business", "c-11"), E, "there is no criterion c-11", "did you mean"),
    ("own-work-id", owning("business", "c-1", "reports"), OWN, ("items", "business", "c-1", "reports"), E, "there is no own work on c-1 called reports", "did you mean report?"),
    ("own-work-incomplete", owning("business", "c-1", "report", role="", finding=""), OWN, ("items", "business", "c-1", "report"), E, "report is done, but its role, finding are not given", "on which day"),
    ("future-date", owning("business", "c-1", "report", date="2026-11-25"), OWN, ("items", "business", "c-1", "report", "date"), E, "the own work of 2026-11-25", ""),
    ("cap-without-effect", answering("c-1", answer(2, capped_from=2)), CARD, ("answers", "c-1", "capped_from"), W, "c-1 is capped from level 2, which is not above its level 2", ""),
    ("missing-at-the-top", answering("c-1", answer(4, missing=["a rehearsal"])), CARD, ("answers", "c-1", "missing"), W, "c-1 is at level 4, the highest, and still lists what is missing", ""),
    ("captured-before-date", answering("c-1", answer(2, evidence=[evidence(date="2026-10-02", captured="2026-10-01")])), CARD, ("answers", "c-1", "evidence", 0, "date"), E, "the evidence stands for 2026-10-02 but was captured on 2026-10-01", ""),
    ("few-options", setting(EVALUATION, "options", ["v-1"]), EVALUATION, ("options",), W, "there is only one option; a choice needs at least two", ""),
    ("no-gate", setting(FAMILY, "criteria", 0, "gates", {"internal": 2}), EVALUATION, ("policies", "gates"), W, "no gate is switched on, so every option counts as cleared for every data class", ""),
    ("gate-out-of-scope", gate_out_of_scope, EVALUATION, ("out_of_scope", "c-1"), W, "1 gate is off because the criterion is out of scope: c-1", ""),
    ("weightless-use-case", setting(USE_CASES, "use_cases", 0, "emphasis", {f"c-{n}": 0 for n in range(1, 5)}), USE_CASES, ("use_cases", 0, "emphasis"), E, "the emphasis of u-1 leaves no criterion any weight", ""),
    ("no-use-case", setting(USE_CASES, "use_cases", []), USE_CASES, ("use_cases",), W, "no use case is described, so no stack can be chosen", ""),
    ("no-scorecard", lambda content: content.pop(CARD), PROFILE, ("edition",), W, "v-1 has no scorecard on its evaluated edition business", ""),
    ("excluded-in-scope", setting(EVALUATION, "excluded", [{"option": "V-1", "reason": "x", "date": "2026-01-01"}]), EVALUATION, ("excluded", 0, "option"), E, "V-1 is excluded but is an option in scope (v-1)", ""),
    ("unknown-option", limiting("required", "nobody"), EVALUATION, ("stack", "required", 0, "tool"), E, "there is no option nobody", ""),
    ("stack-limit", limiting("required", "v-1", excluded="v-1"), EVALUATION, ("stack", "excluded", 0, "tool"), E, "v-1 is excluded and required", "keep one of the two"),
    ("stack-limit", limiting("excluded", "v-1", "v-1"), EVALUATION, ("stack", "excluded", 1, "tool"), E, "v-1 is excluded twice", "keep one of the two"),
    ("stack-limit", limiting("required", "v-1", "v-2", max_tools=1), EVALUATION, ("stack", "required"), E, "2 tools are required, and a stack may hold 1", "raise max_tools"),
    ("stack-limit", limiting("excluded", "v-1", "v-2"), EVALUATION, ("stack", "excluded"), E, "every option is excluded, so no stack can be chosen", "leave one in"),
    ("stack-limit", out_of_scope_limit, EVALUATION, ("stack", "required", 0, "tool"), E, "v-3 is required, but it is not among the options", "add it to options"),
    ("budget-currency", setting(EVALUATION, "stack", {"budget": {"amount": 10, "currency": "CHF"}}), EVALUATION, ("stack", "budget", "currency"), W, "no option has a price in CHF", "prices are known in EUR"),
    ("tag-lifts-class", tag_above_class, USE_CASES, ("use_cases", 0, "data_tags", 0), W, "data with the tag tag-1 is at least restricted, and u-1 states internal", "set data_class: restricted, whose gates then count"),
    ("falling-gate", setting(FAMILY, "criteria", 0, "gates", {"internal": 3, "restricted": 2}), FAMILY, ("criteria", 0, "gates", "restricted"), W, "the gate of c-1 requires 2 for restricted but 3 for internal", ""),
]  # fmt: skip

ALONG = {
    "falling-gate": {"no-gate"},
    "unknown-data-class": {"no-gate"},
    "unknown-data-tag": {"no-gate"},
    # Consequences of the change that are reported by rules of their own.
    "own-figures-unanswered": {"unknown-criterion", "missing-weight"},
    "no-scorecard": set(),
    "other-edition": {"no-scorecard"},
    "unknown-edition": {"no-scorecard"},
}


def check(content: Content, as_of: date = AS_OF) -> list[Problem]:
    return run(build(content), as_of)


def test_the_content_as_built_has_no_problem() -> None:
    for knobs in (
        {},
        {"criteria": 7, "families": 3, "vendors": 4},
        {"assessors": ("a", "agreed")},
        {"level": "unknown"},
    ):
        assert check(contents(**knobs)) == []


@pytest.mark.parametrize(("code", "change", "file", "path", "severity", "message", "hint"), ONE)
def test_a_rule_finds_its_mistake(
    code: str, change: Change, file: str, path: Path, severity: Severity, message: str, hint: str
) -> None:
    content = contents()
    change(content)
    found = check(content)
    (problem,) = [problem for problem in found if problem.code == code]
    assert (problem.file, problem.path, problem.severity) == (file, path, severity)
    assert message in problem.message
    assert hint in problem.hint
    assert {problem.code for problem in found} - {code} <= ALONG.get(code, set())


def test_every_rule_has_a_test_and_a_code_of_its_own() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert set(codes) - {"own-figures-left-out"} == {case[0] for case in ONE}
    assert all(rule.find.__doc__ for rule in RULES)


def test_a_criteria_file_of_a_family_that_is_not_listed() -> None:
    content = contents()
    content[FAMILY]["family"] = "f-7"
    layout = Layout(families={"f-7": FAMILY})
    found = [problem for problem in run(build(content), AS_OF, layout) if problem.code == "unknown-family"]
    assert [(problem.file, problem.path) for problem in found] == [(FAMILY, ("family",))]


def test_the_edition_of_a_profile() -> None:
    content = contents()
    content[PROFILE]["edition"] = "gold"
    found = [problem for problem in check(content) if problem.code == "unknown-edition"]
    assert [(problem.file, problem.path) for problem in found] == [(PROFILE, ("edition",))]


def own_figures(content: Content) -> Content:
    content[FAMILY]["criteria"][0]["own_figures"] = True
    return content


def test_own_figures_that_were_answered_but_are_out_of_scope() -> None:
    content = own_figures(contents())
    content[EVALUATION]["out_of_scope"] = {"c-1": "no figures yet"}
    (problem,) = check(content)
    assert (problem.code, problem.path) == ("own-figures-left-out", ("out_of_scope", "c-1"))
    assert f"answered in {CARD}, {card_of('v-2')}" in problem.message


def test_own_figures_that_nobody_has_answered_are_said_once() -> None:
    content = own_figures(contents())
    for card in (CARD, card_of("v-2")):
        del content[card]["answers"]["c-1"]
    assert [problem.code for problem in check(content)] == ["own-figures-unanswered"]
    content[CARD]["answers"]["c-1"] = answer("unknown")
    assert [problem.code for problem in check(content)] == ["own-figures-unanswered"]
    content[CARD]["answers"]["c-1"] = answer(2)
    assert [(problem.code, problem.file) for problem in check(content)] == [("missing-answer", card_of("v-2"))]


def test_without_any_scorecard_nobody_is_asked_for_own_figures() -> None:
    assert {problem.code for problem in check(own_figures(contents(vendors=0)))} == {"few-options"}


def test_other_criteria_out_of_scope_may_have_answers() -> None:
    content = contents()
    content[EVALUATION]["out_of_scope"] = {"c-1": "does not apply"}
    assert check(content) == []


def test_out_of_scope_criteria_are_not_asked_for() -> None:
    content = contents()
    content[EVALUATION]["out_of_scope"] = {"c-1": "does not apply"}
    del content[WEIGHTS]["criteria"]["c-1"]
    for card in (CARD, card_of("v-2")):
        del content[card]["answers"]["c-1"]
    assert check(content) == []


def test_a_vendor_out_of_scope_draws_errors_but_no_warnings() -> None:
    content = contents(vendors=3)
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    content[card_of("v-3")]["answers"] = {"c-1": answer(2, evidence=[])}
    assert check(content) == []
    content[card_of("v-3")]["answers"] = {"c-1": answer(9)}
    assert [problem.code for problem in check(content)] == ["level-off-scale"]


def test_the_agreed_scorecard_holds_only_what_was_agreed() -> None:
    content = contents()
    content[card_of("v-1", "agreed")] = scorecard("v-1", "agreed", {"c-1": answer(1)}, kind="moderation")
    assert check(content) == []
    content[card_of("v-1", "agreed")]["answers"]["zzz"] = answer(1)
    assert [problem.code for problem in check(content)] == ["unknown-criterion"]


def test_two_scorecards_on_different_editions() -> None:
    content = contents(assessors=("a", "b"))
    content[card_of("v-1", "b")]["edition"] = "enterprise"
    (problem,) = check(content)
    assert (problem.code, problem.file) == ("other-edition", card_of("v-1", "b", "enterprise"))


def test_stale_answers_are_one_problem_per_scorecard() -> None:
    content = contents(criteria=12, vendors=1, answer_changes={"evidence": [evidence(date="2024-01-01")]}, level=2)
    found = [problem for problem in check(content) if problem.code == "stale-evidence"]
    assert len(found) == 1
    assert found[0].message == (
        "12 answers rest on evidence older than the criterion's limit: c-1, c-2, c-3, c-4, c-5, c-6, c-7 and 5 more"
    )


def test_the_seal_on_the_day_of_the_first_answer_is_in_time() -> None:
    content = contents()
    content[WEIGHTS]["seal"]["date"] = "2026-11-10"
    assert check(content) == []


def test_a_seal_in_the_future() -> None:
    content = contents(vendors=0)
    content[WEIGHTS]["seal"]["date"] = "2026-11-25"
    found = [problem for problem in check(content) if problem.code == "future-date"]
    assert [(problem.file, problem.path) for problem in found] == [(WEIGHTS, ("seal", "date"))]


def test_the_day_of_the_evaluation_is_not_in_the_future() -> None:
    content = contents()
    content[CARD]["assessed"] = AS_OF.isoformat()
    assert check(content) == []


def test_gates_may_rise_stay_or_skip_a_class() -> None:
    content = contents()
    content[FAMILY]["criteria"][0] |= {
        "gates": {"public": 1, "confidential": 1, "restricted": 3},
        "starter_gate": True,
    }
    assert check(content) == []


def test_no_option_at_all() -> None:
    problems = check(contents(vendors=0))
    assert [(problem.code, problem.message) for problem in problems] == [
        ("few-options", "there is no option; a choice needs at least two")
    ]


def test_an_excluded_option_whose_folder_is_out_of_scope_is_fine() -> None:
    content = contents(vendors=3)
    content[EVALUATION] |= {
        "options": ["v-1", "v-2"],
        "excluded": [{"option": "v-3", "reason": "x", "date": "2026-01-01"}],
    }
    assert check(content) == []


# What could not be read must not set off a cascade


def test_an_incomplete_catalogue_silences_what_it_would_explain() -> None:
    content = contents()
    del content["criteria/f-2.yaml"]
    usual = Layout.default(build(content).catalogue)
    assert {problem.code for problem in run(build(content), AS_OF, usual)} == {"unknown-criterion", "lost-weight"}
    assert run(build(content), AS_OF, replace(usual, incomplete_catalogue=True)) == []
    del content[FAMILY]
    assert run(build(content), AS_OF, Layout(incomplete_catalogue=True)) == []


def test_incomplete_vendors_silence_what_they_would_explain() -> None:
    content = contents(vendors=1)
    content[EVALUATION]["options"] = ["v-1", "v-2"]
    del content[CARD]
    assert {problem.code for problem in check(content)} == {"unknown-option", "few-options", "no-scorecard"}
    assert run(build(content), AS_OF, Layout(incomplete_vendors=frozenset({"v-1", "v-2"}))) == []


# Words


@pytest.mark.parametrize(
    "text",
    [
        "better than most", "The Worst export.", "a superior model", "Inferior to the rest", "the best of all",
        "market-leading", "industry leading tool", "the leading vendor", "wider than elsewhere", "stronger than X",
        "more complete than", "It outperforms.", "best-in-class export", "State of the art.",
    ],
)  # fmt: skip
def test_words_that_compare(text: str) -> None:
    assert compares(text)


@pytest.mark.parametrize(
    "text",
    [
        "follows best practice", "best practices are named", "best-effort support", "at best effort", "best before",
        "a leading zero", "leading to an error", "betterment", "The bestseller", "wider scope", "more than 30 days",
        "at least 180 days", "Level 3 needs more.", "asbestos", "stronger encryption",
    ],
)  # fmt: skip
def test_words_that_do_not(text: str) -> None:
    assert not compares(text)


def compares(text: str) -> bool:
    content = contents(vendors=1, answer_changes={"rationale": text})
    workspace = build(content)
    return bool(list(comparing_words(RuleContext(workspace, AS_OF, Layout.default(workspace.catalogue)))))


def test_lists_are_cut_and_counts_have_their_number() -> None:
    assert base.listed("ab") == "a, b"
    assert base.listed("abcdefgh") == "a, b, c, d, e, f, g, h"
    assert base.listed("abcdefghi") == "a, b, c, d, e, f, g and 2 more"
    assert base.counted(1, "answer", "answers") == "1 answer"
    assert base.counted(0, "answer", "answers") == "0 answers"


# Standing, the rule that checks and scoring share


ITEMS = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.dates(date(2020, 1, 1), AS_OF)).map(
        lambda pair: evidence(grade=pair[0], date=pair[1].isoformat())
    ),
    max_size=4,
)


@given(
    level=st.sampled_from([0, 1, 2, 3, 4, "unknown"]), items=ITEMS, as_of=st.dates(date(2024, 1, 1), date(2030, 1, 1))
)
def test_the_standing_of_an_answer(level: int | str, items: list[dict[str, Any]], as_of: date) -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[CARD]["answers"]["c-1"] = answer(level, evidence=items)
    workspace = build(content)
    criterion = workspace.catalogue.criteria["c-1"]
    given_answer = workspace.vendors["v-1"].scorecards[0].answers["c-1"]
    caps = {"A": 4, "B": 4, "C": 4, "D": 2, "E": 1}
    carrying = [item for item in given_answer.evidence if isinstance(level, int) and caps[item.grade] >= level]
    fresh = [item for item in carrying if criterion.fresh_until(item.day) >= as_of]
    found = evidence_status(given_answer, criterion, workspace.catalogue, as_of)
    assert list(carriers(given_answer, criterion, workspace.catalogue)) == carrying
    if level == "unknown":
        assert found is EvidenceStatus.UNKNOWN
    elif not items:
        assert found is EvidenceStatus.UNSUPPORTED
    elif not carrying:
        assert found is EvidenceStatus.OVER_CAP
    else:
        assert found is (EvidenceStatus.SUPPORTED if fresh else EvidenceStatus.STALE)
    if found is EvidenceStatus.STALE:
        assert evidence_status(given_answer, criterion, workspace.catalogue, date(2035, 1, 1)) is EvidenceStatus.STALE


def test_the_last_fresh_day_is_fresh() -> None:
    content = contents(criteria=1, families=1, vendors=1)
    content[CARD]["answers"]["c-1"] = answer(2, evidence=[evidence(date="2025-02-28")])
    workspace = build(content)
    criterion = workspace.catalogue.criteria["c-1"]
    found = workspace.vendors["v-1"].scorecards[0].answers["c-1"]
    assert evidence_status(found, criterion, workspace.catalogue, date(2026, 2, 28)) is EvidenceStatus.SUPPORTED
    assert evidence_status(found, criterion, workspace.catalogue, date(2026, 3, 1)) is EvidenceStatus.STALE


@given(st.permutations(["v-1", "v-2", "v-3"]))
def test_the_order_of_vendors_does_not_matter(order: list[str]) -> None:
    content = contents(vendors=order, level=4, answer_changes={"evidence": [evidence(grade="D")]})
    found = check(content)
    assert sorted(found, key=str) == sorted(check(contents(vendors=sorted(order), level=4, answer_changes={"evidence": [evidence(grade="D")]})), key=str)  # fmt: skip
