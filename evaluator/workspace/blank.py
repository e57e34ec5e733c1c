"""What a blank workspace holds in place of the shipped evaluation: its own beginning, by example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from evaluator.model.base import add_months
from evaluator.model.file_names import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, WEIGHTS
from evaluator.workspace.yaml_reader import parse

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
    block = _blocks(shipped)
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


def _blocks(texts: Mapping[str, str]) -> Callable[[str, str], str]:
    """A function that cuts one top-level key, with the comment above it, out of a file's text."""

    def block(file: str, key: str) -> str:
        lines = texts[file].splitlines(keepends=True)
        root = parse(texts[file].encode("utf-8"), file).places.root
        starts = {name: line - 1 for name, (line, _, _) in (root.keys or {}).items()}
        if key not in starts:
            return ""
        begin = _above(lines, starts[key])
        later = [start for start in starts.values() if start > starts[key]]
        end = _above(lines, min(later)) if later else len(lines)
        return "".join(lines[begin:end]).rstrip() + "\n"

    return block


def _above(lines: list[str], start: int) -> int:
    """The first line of the comment that stands directly above ``start``."""
    while start > 1 and lines[start - 1].startswith("#"):
        start -= 1
    return start
