"""Which engine computes: a fingerprint of the code that turns a workspace into figures."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOMS = ("models", "scoring", "analysis")
"""The rooms whose code can change a figure."""


@cache
def engine_fingerprint() -> str:
    """SHA-256 over the source of those rooms; empty where the source is not there to be read."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    sources = sorted(path for room in ROOMS for path in (package / room).rglob("*.py"))
    for path in sources:
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
        digest.update(b"\0")
    return digest.hexdigest() if sources else ""
