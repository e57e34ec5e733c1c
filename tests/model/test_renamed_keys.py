"""Old keys of records, and what they are called today."""

from __future__ import annotations

from record_mutations import golden

from evaluator.model.renamed_keys import RECORD_SCHEMA, present_record


def test_a_record_of_the_first_format_has_the_keys_of_today() -> None:
    old = golden(1)
    found = present_record({**old, "since": {"edition": "2025", "as_of": "2025-11-24", "record": "0" * 64}})
    assert (found["schema"], found["review"], found["since"]["review"]) == (RECORD_SCHEMA, "2026", "2025")
    assert found["review_file"] == old["review"]
    assert "edition" not in {*found, *found["since"]}
    assert {key: found[key] for key in ("workspace", "result", "seal")} == {
        key: old[key] for key in ("workspace", "result", "seal")
    }


def test_a_record_of_today_stays_as_it_is() -> None:
    assert present_record(golden(2)) == golden(2)
    assert present_record({**golden(2), "edition": "x"})["edition"] == "x"
