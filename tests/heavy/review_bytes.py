"""Every byte of every file of a closed review is changed, one at a time: each change has to be found.

    python tests/heavy/review_bytes.py --step 1

With ``--step N`` only every N-th byte. Exit code 1 where a change went unnoticed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from review_builders import closed, final_contents

from evaluator.reviews.verification import tampering


def main() -> int:
    """Change, look, put back."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--step", type=int, default=1)
    wanted = parser.parse_args()
    chance = random.Random(1)
    tried = missed = 0
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder = closed(root, "2026", final_contents(vendors=2, criteria=2, use_cases=1))
        for path in sorted(folder.iterdir()):
            raw = path.read_bytes()
            for at in range(0, len(raw), wanted.step):
                other = (raw[at] + chance.randint(1, 255)) % 256
                path.write_bytes(raw[:at] + bytes([other]) + raw[at + 1 :])
                tried += 1
                if path.name not in {item.file for item in tampering(root, "2026")[1]}:
                    missed += 1
                    print(f"missed: {path.name}, byte {at}, {raw[at]} to {other}")
            path.write_bytes(raw)
    print(f"{tried} changed bytes, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
