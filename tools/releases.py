"""The list of every text of the catalogue that was ever shipped, so that an upgrade can tell it from the organisation's own."""

from __future__ import annotations

import json
from pathlib import Path

from evaluator.model.wording import content_digest
from evaluator.reviews.catalogue_upgrade import OWN_FIELDS, head_field
from evaluator.workspace.catalogue_texts import RELEASES
from evaluator.workspace.load import load

ROOT = Path(__file__).resolve().parent.parent


def releases_text() -> str:
    """The list as it stands, with the texts of the present version added.

    Raise the catalogue's version before changing a text that was released: digests of the present version replace each other.
    """
    workspace = load(ROOT).workspace
    if workspace is None:
        raise SystemExit("the shipped evaluation cannot be read")
    catalogue = workspace.catalogue
    version = catalogue.head.version
    now = {key: content_digest(criterion) for key, criterion in catalogue.criteria.items()}
    now |= {f"head.{name}": content_digest(head_field(catalogue.head, name)) for name in OWN_FIELDS}
    path = ROOT / RELEASES
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    table: dict[str, dict[str, str]] = {
        key: {digest: since for digest, since in found.items() if since != version} for key, found in known.items()
    }
    for key, digest in now.items():
        table.setdefault(key, {}).setdefault(digest, version)
    rows = {key: dict(sorted(found.items())) for key, found in sorted(table.items()) if found}
    return json.dumps(rows, indent=1) + "\n"
