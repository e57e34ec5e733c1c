"""What an import says of the answers that change."""

from __future__ import annotations

from typing import Any

import pytest
from builders import answer, evidence, freeze

from evaluator.forms.import_changes import CardKey, Conflict, HeaderChange, Imported, ImportedChange, ImportReport
from evaluator.model.scorecard import Answer
from evaluator.reports.terminal.imports import imports_page
from evaluator.reports.terminal.page import render


def said(item: dict[str, Any]) -> str:
    """The page of an import that gives an answer its first item of evidence."""
    before = Answer.model_validate(freeze(answer(2, evidence=[])))
    after = Answer.model_validate(freeze(answer(2, evidence=[item])))
    change = ImportedChange(CardKey("v-1", "business", "desk-a"), "c-1", before, after, "V-1!F9")
    report = ImportReport((Imported("form.xlsx", changes=[change]),), dry_run=True)
    return " ".join(render(imports_page(report)).split())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"kind": "page", "captured": "2026-10-05"},
            "C (page, stands for 2026-10-01, looked at 2026-10-05) https://vendor.example/doc",
        ),
        (
            {"kind": "certificate", "valid_until": "2027-06-30", "note": "SOC 2"},
            "C (certificate, stands for 2026-10-01, valid until 2027-06-30) https://vendor.example/doc (SOC 2)",
        ),
        ({"kind": None}, "C (taken for a document, stands for 2026-10-01)"),
        ({"kind": "page", "source": "https://vendor.example/v1.2/doc"}, "C (taken for a document, stands for"),
    ],
)
def test_a_line_of_evidence_names_its_kind_and_its_days(changes: dict[str, Any], words: str) -> None:
    assert f"evidence: nothing → {words}" in said(evidence(**changes))


def test_a_heading_names_the_edition_where_an_assessor_has_scorecards_on_several() -> None:
    level = Answer.model_validate(freeze(answer(2)))
    business, enterprise = CardKey("v-1", "business", "desk-a"), CardKey("v-1", "enterprise", "desk-a")
    other = CardKey("v-1", "enterprise", "desk-b")
    first = Imported("a.xlsx", changes=[ImportedChange(who, "c-1", None, level, "S!F9") for who in (business, other)])
    conflict = Conflict(enterprise, "c-1", level, None, "S!F9")
    heading = HeaderChange(enterprise, "notice", "", "x", "S!C3")
    second = Imported("b.xlsx", headers=[heading], conflicts=[conflict], kept=[conflict])
    lines = render(imports_page(ImportReport((first, second), dry_run=False))).splitlines()
    named = [line.strip() for line in lines if line.startswith("  v-1/")]
    assert [line.partition(":")[0] for line in named] == [
        "v-1/business/desk-a", "v-1/desk-b", "v-1/enterprise/desk-a", "v-1/enterprise/desk-a", "v-1/enterprise/desk-a",
    ]  # fmt: skip
