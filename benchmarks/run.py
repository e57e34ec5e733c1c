"""Run every benchmark of this folder, or those named: ``python benchmarks/run.py startup scoring``."""

from __future__ import annotations

import platform
import sys
from importlib import import_module
from pathlib import Path

HELPERS = {"run", "harness", "content"}


def main() -> None:
    """Print one table after another."""
    here = Path(__file__).parent
    sys.path.insert(0, str(here))
    names = sys.argv[1:] or sorted(path.stem for path in here.glob("*.py") if path.stem not in HELPERS)
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for name in names:
        import_module(name).main()


if __name__ == "__main__":
    main()
