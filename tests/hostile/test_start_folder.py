"""The program started inside a folder that holds files named like modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from builders import contents, write

from evaluator import api

SHADOWED = ("click", "timeit", "yaml", "json", "pydantic", "numpy", "wcwidth", "string", "weasyprint", "xlsxwriter")


@pytest.mark.parametrize(
    "verb", [("check",), ("score",), ("compare", "-o", "out.xlsx"), ("recommend", "-o", "out.html")]
)
def test_modules_in_the_start_folder_do_not_run(tmp_path: Path, verb: tuple[str, ...]) -> None:
    root = write(tmp_path / "ws", contents())
    assert api.load(root)
    for name in SHADOWED:
        (root / f"{name}.py").write_text(
            "from pathlib import Path\nPath('ran').write_text(__name__)\n", encoding="utf-8"
        )
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", *verb], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not (root / "ran").exists()
