"""What people start from: the files of a blank workspace and the profile of a new vendor, with examples to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pydantic import TypeAdapter, ValidationError

from evaluator.errors import EvaluatorError, check_line
from evaluator.model.base import MAX_NAME, Id, add_months
from evaluator.model.file_names import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, WEIGHTS, profile_file
from evaluator.workspace.containment import shown
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import dump

_EVALUATION = """\
# yaml-language-server: $schema=schemas/evaluation.schema.json
schema: evaluation/1
title: Title of the evaluation
organisation: Name of the organisation
as_of: {today}
question: >-
  Which question does the evaluation answer, and for whom?

# Options: every folder under vendors/. To narrow the scope, list ids:
# options: [one-vendor, another-vendor]
# What is done today can be an option too; describe it in a vendor folder and name it:
# status_quo: today

# Roles only: names belong in the minutes. A part is one of decides, consulted, informed.
deciders:
  - role: head of IT
    part: decides

# Criteria taken out for all options alike, each with its reason:
# out_of_scope:
#   three-year-total: The cost sheet is not ready.

# Limits of the stack, and how the numbers are read; what is left out here has its default.
# A stack can be limited further: required, excluded and budget.
stack:
  max_tools: 4
policies:
  gates: starter
"""

_USE_CASES = """\
# yaml-language-server: $schema=../schemas/use-cases.schema.json
schema: use-cases/1
date: {today}

{capabilities}
# What people want to build. One entry looks like this:
#   - id: visitor-registration
#     title: Visitor registration
#     department: Reception
#     story: Visitors announce themselves, hosts are told, the fire warden has a list.
#     users: {{makers: 1, internal: 40, external: 600}}
#     criticality: team
#     lifetime_months: 24
#     data_class: internal
#     must: [form-public]
use_cases: []
"""

_GUARDRAILS = """\
# yaml-language-server: $schema=../schemas/guardrails.schema.json
schema: guardrails/1
date: {today}
policy_owner: Role that owns the policy
valid_until: {until}

{outcomes}
{data_classes}"""
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


def blank_files(shipped: Mapping[str, str], today: date) -> dict[str, str]:
    """The files of a blank workspace, by name.

    Args:
        shipped: the texts of the shipped evaluation's files, by name.
        today: the day from which the new evaluation counts.
    """
    until = add_months(today, 12)
    files = {
        name: text
        for name, text in shipped.items()
        if name.startswith(("criteria/", "schemas/")) and name not in {WEIGHTS, USE_CASES, GUARDRAILS}
    }

    def block(file: str, key: str) -> str:
        return _block(shipped[file], key)

    files[EVALUATION] = _EVALUATION.format(today=today)
    files[USE_CASES] = _USE_CASES.format(today=today, capabilities=block(USE_CASES, "capabilities"))
    files[GUARDRAILS] = _GUARDRAILS.format(
        today=today,
        until=until,
        outcomes=block(GUARDRAILS, "outcomes"),
        data_classes=block(GUARDRAILS, "data_classes"),
    )
    # The weights stay as a proposal, but nobody has sealed them.
    seal = block(WEIGHTS, "seal")
    files[WEIGHTS] = shipped[WEIGHTS].replace(seal, "").rstrip() + "\n" if seal else shipped[WEIGHTS]
    return dict(sorted(files.items(), key=lambda item: (item[0] != CATALOGUE, item[0])))


def _block(text: str, key: str) -> str:
    """The lines of one top-level key, with the comment above it."""
    lines = text.splitlines(keepends=True)
    root = parse(text.encode("utf-8"), "").places.root
    starts = [_above(lines, line - 1) for line, _, _ in (root.keys or {}).values()]
    for name, start, end in zip(root.keys or {}, starts, [*starts[1:], len(lines)], strict=True):
        if name == key:
            return "".join(lines[start:end]).rstrip() + "\n"
    return ""


def _above(lines: list[str], start: int) -> int:
    """The first line of the comment that stands directly above ``start``."""
    while start > 1 and lines[start - 1].startswith("#"):
        start -= 1
    return start


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
