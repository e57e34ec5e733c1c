"""The profile that a new vendor starts from: what is known is its name; everything else waits to be filled in."""

from __future__ import annotations

import re
from datetime import date

from pydantic import TypeAdapter, ValidationError

from evaluator.errors import EvaluatorError, check_line
from evaluator.model.base import MAX_NAME, Id
from evaluator.model.file_names import profile_file
from evaluator.workspace.containment import shown
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_writer import dump

_PROFILE = """\
# yaml-language-server: $schema=../../schemas/profile.schema.json
schema: profile/1
{head}
# owner: Company or group that owns the vendor
# regions: [EU, US]
# summary: What the product is, in a sentence.
captured: {today}

# The edition that is evaluated and priced. An edition without prices has no known price; it is not free.
{editions}
# One price looks like this:
#     prices:
#       - unit: maker
#         amount: 20
#         currency: EUR
#         per: month
#         source: https://vendor.example/pricing
#         source_date: {today}
#         confidence: high

# What was read, each statement with its source:
# facts:
#   - topic: certifications
#     fact: The vendor publishes a report of an independent auditor.
#     source: https://vendor.example/trust
#     source_date: {today}
#     confidence: medium

# How far the product can do what use cases need (native, partial, built, none, unknown); what is not listed is unknown:
# capabilities:
#   a-capability:
#     support: native
#     note: Where it is described.
#     source: https://vendor.example/docs
#     source_date: {today}
#     confidence: medium
"""


def add_vendor(change: Transaction, vendor: str, name: str, homepage: str, edition: str, captured: date) -> str:
    """Write ``vendors/<vendor>/profile.yaml`` with one edition, named ``edition``; returns the name of the file.

    Raises:
        EvaluatorError: the id is not one, the vendor exists, or a text is empty or longer than a line.
    """
    try:
        TypeAdapter(Id).validate_python(vendor)
    except ValidationError:
        raise EvaluatorError(
            f"'{shown(vendor)}' is not an id: lower-case letters and digits in words joined by hyphens, such as 'acme-forms'."
        ) from None
    for what, text in (("name", name), ("homepage", homepage), ("edition", edition)):
        check_line(what, text)
        if len(text) > MAX_NAME:
            raise EvaluatorError(f"The {what} has {len(text)} characters; give it in at most {MAX_NAME}.")
    file = profile_file(vendor)
    if isinstance(change.read(file), bytes):
        raise EvaluatorError(f"There is a vendor '{vendor}' already: {file}. Nothing was written.")
    edition_id = _id_of(edition)
    head = dump({"id": vendor, "name": name.strip(), "homepage": homepage.strip()}).rstrip("\n")
    editions = dump(
        {"edition": edition_id, "editions": [{"id": edition_id, "name": edition.strip(), "deployment": "cloud"}]}
    )
    text = _PROFILE.format(head=head, editions=editions.rstrip("\n"), today=captured.isoformat())
    change.create(file, text.encode("utf-8"))
    return file


def _id_of(text: str) -> str:
    """An id made of a name: 'Business (cloud)' becomes ``business-cloud``."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64].strip("-") or "standard"
