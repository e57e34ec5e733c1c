"""Start-up: ``--help`` and ``score`` cold, against the interpreter and against importing the same packages."""

from __future__ import annotations

import sys

from harness import command_seconds, table

PROGRAM = [sys.executable, "-m", "evaluator"]


def main() -> None:
    """Print the table."""
    floor = command_seconds([sys.executable, "-c", "pass"])
    click = command_seconds([sys.executable, "-c", "import click"])
    packages = command_seconds([sys.executable, "-c", "import click, pydantic, yaml, wcwidth"])
    rows = []
    for name, command, peer, peer_name in (
        ("evaluator --help", [*PROGRAM, "--help"], click, "import click"),
        ("evaluator score --help", [*PROGRAM, "score", "--help"], click, "import click"),
        ("evaluator score", [*PROGRAM, "score"], packages, "import click, pydantic, yaml, wcwidth"),
        ("evaluator check", [*PROGRAM, "check"], packages, "import click, pydantic, yaml, wcwidth"),
    ):
        taken = command_seconds(command)
        rows.append((name, f"{1000 * taken:.0f}", f"{taken / floor:.1f}", f"{taken / peer:.2f}", peer_name))
    table(
        f"Start-up (python -c pass: {1000 * floor:.0f} ms)",
        ("command", "ms", "x python -c pass", "x peer", "peer"),
        rows,
    )


if __name__ == "__main__":
    main()
