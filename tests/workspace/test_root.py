"""Finding the workspace that a folder lies in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from evaluator.errors import EvaluatorError
from evaluator.workspace.root import find_root


def refused(start: Path) -> str:
    with pytest.raises(EvaluatorError) as raised:
        find_root(start)
    return str(raised.value)


def test_the_nearest_workspace_counts(tmp_path: Path) -> None:
    top = tmp_path.resolve()
    (top / "a/b").mkdir(parents=True)
    assert refused(top / "a/b") == (
        f"'{top / 'a/b'}' is not in a workspace: there is no evaluation.yaml there or in any folder above; "
        "name the workspace with --workspace, or make one with `evaluator init DIR`."
    )
    (top / "evaluation.yaml").symlink_to("nowhere")
    assert find_root(top / "a/b") == find_root(top) == top
    (top / "a/evaluation.yaml").mkdir()
    assert find_root(top / "a/b") == top / "a"
    assert find_root(top) == top


@pytest.mark.parametrize("name", ["none", "loop", "a\0b"])
def test_where_there_is_no_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert refused(tmp_path / name) == f"There is no folder '{tmp_path / name}'.".replace("\0", "\ufffd")


def test_a_workspace_that_was_begun_is_named_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / ".evaluator/change"
    folder.mkdir(parents=True)
    entry = {"name": "evaluation.yaml", "before": None, "after": hashlib.sha256(b"new").hexdigest()}
    (folder / "journal.json").write_text(json.dumps({"schema": "journal/1", "id": "1", "files": [entry], "made": []}))
    (tmp_path / "evaluation.yaml").write_bytes(b"new")
    assert refused(tmp_path) == (
        f"'{tmp_path.resolve()}' is a workspace that was begun and not completed; repeat the command that makes it, "
        "or remove '.evaluator/change' in it if these files were completed by hand."
    )
