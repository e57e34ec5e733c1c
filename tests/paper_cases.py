"""Workspaces on which papers are tried: the everyday one, and those that a template is likely to forget."""

from __future__ import annotations

from pathlib import Path

from builders import (
    AS_OF,
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
    profile_of,
)

from evaluator.evaluation.evaluate import evaluate
from evaluator.model.evaluated import Evaluated

SHIPPED = Path(__file__).parents[1] / "reports"
ASSETS = (SHIPPED,)

LONG = "Ultra" + "long" * 60
HOSTILE = '<script>alert(1)</script><img src="http://evil.example/x.png"> & Sons "Ltd" \'x\' {{ 7 * 7 }}'
RIGHT_TO_LEFT = "حلول المؤسسات \u202e(المملكة)"


def result_of(content: Content) -> Evaluated:
    """The result at the builders' date."""
    return evaluate(build(content), AS_OF, version="9.8.7")


def everyday() -> Content:
    """Eight options and nine use cases of which a stack of several tools serves some, others on condition or not at all."""
    content = contents(vendors=8, use_cases=9, criteria=12, families=4, assessors=("desk-a", "desk-b"))
    needs = [f"cap-{number}" for number in range(1, 10)]
    content[USE_CASES]["capabilities"] = {need: f"ability {need}" for need in needs}
    for number, case in enumerate(content[USE_CASES]["use_cases"], start=1):
        case |= {
            "must": [f"cap-{number}", f"cap-{number % 9 + 1}"],
            "should": [],
            "data_class": ("public", "internal", "confidential", "restricted")[number % 4],
        }
    for row in range(1, 9):
        profile = content[profile_of(f"v-{row}")]
        support = {need: "native" if (row + place) % 3 else "none" for place, need in enumerate(needs, start=1)}
        support["cap-5"] = "unknown"
        profile["capabilities"] = {need: capability(kind) for need, kind in support.items()}
        profile["editions"][0]["prices"][0]["amount"] = 7.35 * row
        profile["facts"][0]["topic"] = "ownership"
    content[profile_of("v-3")]["editions"][0]["prices"] = []
    content[profile_of("v-4")]["editions"][0]["prices"][0]["currency"] = "USD"
    content[EVALUATION] |= {
        "deciders": [{"role": "Head of IT", "part": "decides"}, {"role": "Security", "part": "consulted"}],
        "policies": {"min_gain": 2, "gates": "all"},
        "assumptions": ["Everybody has a browser."],
        "excluded": [{"option": "Oldware", "reason": "withdrawn from sale", "date": "2026-05-01"}],
        "notice": "A desk review; nothing was tested.",
    }
    for criterion in content["criteria/f-1.yaml"]["criteria"][:2]:
        criterion["gates"] = {"confidential": 1, "restricted": 4}
    for row in range(1, 9):
        answers = content[card_of(f"v-{row}", "desk-b")]["answers"]
        answers[f"c-{row}"] = answer("unknown")
        answers["c-12"] = answer(row % 5, evidence=[evidence(date="2024-01-01")])
    return content


def hostile() -> Content:
    """Names and texts that break out of markup, of lines and of the direction of writing."""
    content = contents(vendors=4, use_cases=2, criteria=6, assessors=("desk-a", "desk-b"))
    for vendor, name in zip(("v-1", "v-2", "v-3", "v-4"), (HOSTILE, RIGHT_TO_LEFT, LONG, "日本語 Ž"), strict=True):
        profile = content[profile_of(vendor)]
        profile |= {"name": name, "notice": "notice <b>bold</b> {% raw %}"}
        profile["editions"][0]["name"] = "Édition </td><td> " + "très longue " * 30
        profile["facts"][0] |= {
            "topic": "ownership",
            "fact": "</style><style>*{display:none}</style> " + "x" * 600,
            "source": "javascript:alert(1)",
        }
        for key, given in content[card_of(vendor)]["answers"].items():
            given["rationale"] = "<img src=file:///etc/passwd> lorem ipsum"
            source = {"c-1": "data:text/html,<h1>x</h1>", "c-2": "../../etc/passwd"}
            for item in given["evidence"]:
                item["source"] = source.get(key, "https://ok.example/a?b='\"><x>")
    content[EVALUATION] |= {
        "title": "A title with <b>markup</b> & entities &amp; " + "that goes on " * 20,
        "organisation": 'Org "quoted" </title><script>',
        "notice": '</style><link rel=attachment href="file:///etc/passwd">' + " word" * 300,
        "deciders": [{"role": "very " * 80 + "senior", "part": "decides"}],
    }
    content[USE_CASES]["use_cases"][0]["title"] = "<svg onload=x> " + "W" * 200
    return content


def no_use_case() -> Content:
    """Two options and nothing that anybody wants to build."""
    return contents(vendors=2, use_cases=0, criteria=8)


def no_gate_passed() -> Content:
    """Every option fails every gate."""
    content = contents(vendors=4, use_cases=3, criteria=6, level=1)
    for family in ("f-1", "f-2"):
        for criterion in content[f"criteria/{family}.yaml"]["criteria"]:
            criterion["gates"] = {"public": 2, "internal": 3, "confidential": 3, "restricted": 4}
    content[EVALUATION]["policies"] = {"gates": "all"}
    return content


def nothing_known() -> Content:
    """Every answer is unknown."""
    return contents(vendors=3, use_cases=2, criteria=6, level="unknown")


def one_option() -> Content:
    """A single option, without any price."""
    content = contents(vendors=1, use_cases=2, criteria=4)
    content[profile_of("v-1")]["editions"][0]["prices"] = []
    return content


def no_option() -> Content:
    """Vendors there are, but none is in scope."""
    content = contents(vendors=2, use_cases=2, criteria=4)
    content[EVALUATION]["options"] = []
    return content


def all_tied() -> Content:
    """Options that nothing tells apart."""
    return contents(vendors=5, use_cases=3, criteria=6, level=2)


def limited(**more: object) -> Content:
    """One tool that is in place and helps little, one that may not be chosen though it has the highest value."""
    content = everyday()
    content[EVALUATION]["stack"] = {
        "required": [{"tool": "v-1", "reason": "In place until the contract ends."}],
        "excluded": [{"tool": "v-5", "reason": "No contract can be had."}],
        **more,
    }
    return content


def out_of_reach() -> Content:
    """No stack keeps to the budget."""
    content = limited(budget={"amount": 1, "currency": "EUR"})
    for row in range(1, 9):
        content[profile_of(f"v-{row}")]["editions"][0]["prices"] = content[profile_of("v-1")]["editions"][0]["prices"]
    return content


def many() -> Content:
    """More options than whose scorecards are printed, and more criteria than one reads."""
    return contents(vendors=30, use_cases=6, criteria=60, families=6)


def final() -> Content:
    """A workspace in which every check passes."""
    content = contents(vendors=3, use_cases=2, criteria=6)
    content[EVALUATION] |= {"status_quo": "v-3", "deciders": [{"role": "Head of IT", "part": "decides"}]}
    content[WEIGHTS]["seal"]["date"] = "2026-01-02"
    content[GUARDRAILS]["valid_until"] = "2027-12-31"
    return content


EDGES = {
    "hostile": hostile,
    "no use case": no_use_case,
    "no gate passed": no_gate_passed,
    "nothing known": nothing_known,
    "one option": one_option,
    "no option": no_option,
    "all tied": all_tied,
    "limited": limited,
    "out of reach": out_of_reach,
}
