"""Writes the record of today's format that the suite keeps for ever; never over one that is there.

python tools/golden_record.py

Run it once for each new format of the record, before the first version that writes it is released.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from builders import AS_OF, EVALUATION, Content, answer, card_of, evidence, profile_of
from review_builders import final_contents, place, review

from evaluator.model.renamed_keys import RECORD_SCHEMA
from evaluator.reviews.closing import close
from evaluator.reviews.opening import open_review
from evaluator.reviews.record_files import RECORD

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden"


def content() -> Content:
    """A little of everything that a record can hold."""
    found = final_contents(
        vendors=3,
        criteria=6,
        families=3,
        assessors=("desk-a", "desk-b"),
        use_cases=2,
        level=lambda vendor, key, assessor: (int(vendor[2:]) + 2 * int(key[2:]) + (assessor == "desk-b")) % 5,
    )
    found["criteria/f-1.yaml"]["criteria"][0] |= {"starter_gate": True, "gates": {"internal": 1, "confidential": 3}}
    own_scale = {"levels": {level: f"Level {level}" for level in range(-1, 3)}, "values": [0, 0.1, 0.5, 1]}
    found["criteria/f-2.yaml"]["criteria"][0] |= own_scale
    for vendor, level in (("v-1", "unknown"), ("v-2", 1), ("v-3", -1)):
        for assessor in ("desk-a", "desk-b"):
            found[card_of(vendor, assessor)]["answers"]["c-2"] = answer(level)
    agreed = {**found[card_of("v-2")], "assessor": "agreed", "answers": {"c-3": answer(2)}}
    found[card_of("v-2", "agreed")] = agreed
    found[card_of("v-3")]["answers"]["c-4"]["evidence"] = [evidence(date="2024-02-29", grade="D")]
    found[profile_of("v-1")]["facts"][0]["value"] = {"months": 12, "day": "2026-01-01"}
    found[EVALUATION]["out_of_scope"] = {"c-6": "Not ours."}
    return found


def main() -> int:
    """Write it, unless it is there."""
    target = GOLDEN / f"{RECORD_SCHEMA.replace('/', '-')}.json.gz"
    if target.exists():
        print(f"{target.name} is there; a record that was issued is never written again", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        open_review(place(root, content()), review("2026", AS_OF, waived={"final-moderation": "They met."}))
        papers = {name: f"stands for {name}".encode() for name in ("recommendation.pdf", "comparison.xlsx")}
        made = close(place(root), "2026", AS_OF, lambda _: papers)
        target.write_bytes(gzip.compress((made.folder / RECORD).read_bytes(), mtime=0))
    print(f"wrote {target.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
