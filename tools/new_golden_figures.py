"""Writes the figures of a new version of the numerical rules that the suite keeps for ever; never over those of one that has them.

python tools/new_golden_figures.py

Run it after NUMERICAL_RULES was raised: the content of the version before is computed by the new rules.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from golden_figures import figures_of, golden_file, read_golden

from evaluator.model.numerical_rules import NUMERICAL_RULES


def main() -> int:
    """Write them, unless they are there."""
    target = golden_file(NUMERICAL_RULES)
    if target.exists():
        print(f"{target.name} is there; raise NUMERICAL_RULES first", file=sys.stderr)
        return 1
    cases = {name: case["files"] for name, case in read_golden(NUMERICAL_RULES - 1).items()}
    found = {name: {"files": files, "figures": figures_of(files)} for name, files in cases.items()}
    target.write_bytes(gzip.compress(json.dumps(found, indent=1).encode(), mtime=0))
    print(f"wrote {target.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
