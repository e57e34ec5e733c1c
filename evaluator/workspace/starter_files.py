"""What people start from: the files of a blank workspace and the profile of a new vendor, with examples to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evaluator.errors import EvaluatorError, check_line, quoted
from evaluator.model.base import MAX_NAME, Id, add_months
from evaluator.model.file_names import CATALOGUE, EVALUATION, GUARDRAILS, USE_CASES, WEIGHTS, profile_file
from evaluator.workspace.transaction import Transaction
from evaluator.workspace.yaml_reader import parse
from evaluator.workspace.yaml_writer import dump


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

    files[EVALUATION] = _filled("evaluation", today=today)
    files[USE_CASES] = _filled("use-cases", today=today, capabilities=block(USE_CASES, "capabilities"))
    files[GUARDRAILS] = _filled(
        "guardrails",
        today=today,
        until=until,
        outcomes=block(GUARDRAILS, "outcomes"),
        data_classes=block(GUARDRAILS, "data_classes"),
        data_tags=block(GUARDRAILS, "data_tags"),
    )
    # The weights stay as a proposal, but nobody has sealed them.
    seal = block(WEIGHTS, "seal")
    files[WEIGHTS] = shipped[WEIGHTS].replace(seal, "").rstrip() + "\n" if seal else shipped[WEIGHTS]
    return dict(sorted(files.items(), key=lambda item: (item[0] != CATALOGUE, item[0])))


def _filled(template: str, **values: object) -> str:
    """The text of one of the templates in ``starters/``, with its places filled in."""
    path = Path(__file__).with_name("starters") / f"{template}.template.yaml"
    return path.read_text(encoding="utf-8").format(**values).rstrip("\n") + "\n"


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


def add_vendor(
    change: Transaction, vendor: str, name: str, homepage: str, editions: Sequence[str], captured: date
) -> str:
    """Write ``vendors/<vendor>/profile.yaml`` with ``editions``, by their names; returns the name of the file.

    Raises:
        EvaluatorError: the id is not one, the vendor exists, two editions are alike, or a text is empty or longer than a line.
    """
    try:
        TypeAdapter(Id).validate_python(vendor)
    except ValidationError:
        raise EvaluatorError(
            f"{quoted(vendor)} is not an id: lower-case letters and digits in words joined by hyphens, such as 'acme-forms'."
        ) from None
    for what, text in (("name", name), ("homepage", homepage), *(("edition", edition) for edition in editions)):
        check_line(what, text)
        if len(text) > MAX_NAME:
            raise EvaluatorError(f"The {what} has {len(text)} characters; give it in at most {MAX_NAME}.")
    file = profile_file(vendor)
    if isinstance(change.read(file), bytes):
        raise EvaluatorError(f"There is a vendor '{vendor}' already: {file}. Nothing was written.")
    named = {_id_of(edition): edition.strip() for edition in editions}
    if len(named) < len(editions):
        raise EvaluatorError("Two editions have the same name, or names that give one id; name each once.")
    head = dump({"id": vendor, "name": name.strip(), "homepage": homepage.strip()}).rstrip("\n")
    sold = dump(
        {
            "evaluate": list(named),
            "editions": [{"id": key, "name": edition, "deployment": "cloud"} for key, edition in named.items()],
        }
    )
    text = _filled("profile", head=head, editions=sold.rstrip("\n"), today=captured)
    change.create(file, text.encode("utf-8"))
    return file


def _id_of(text: str) -> str:
    """An id made of a name: 'Business (cloud)' becomes ``business-cloud``."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64].strip("-") or "standard"
