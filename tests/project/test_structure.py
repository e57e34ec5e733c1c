"""The structure of the code: layers, who imports which library, start-up, generated files, what is committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "evaluator"

IMPORTERS = {
    "click": ["cli"],
    "weasyprint": ["reports/paper/pdf.py"],
    "jinja2": ["reports/paper/rendering.py", "reports/paper/template_sandbox.py"],
    "yaml": ["workspace/yaml_reader.py"],
    "wcwidth": ["reports/words.py", "reports/terminal/page.py"],
    "numpy": ["change", "stack", "sensitivity"],
    "xlsxwriter": ["xlsx/writer.py"],
    "openpyxl": ["forms/annotation.py", "xlsx/editor.py"],
    "python_calamine": ["xlsx/reader.py"],
}
"""Outside package -> the only modules or packages that may import it."""


def imports(path: Path) -> set[str]:
    """Top-level names of every package that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def modules_after(statement: str) -> set[str]:
    """Names of all modules loaded once ``statement`` has run in a fresh interpreter."""
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    return set(done.stdout.splitlines())


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("library", IMPORTERS)
def test_each_library_is_imported_where_it_may_be(library: str) -> None:
    users = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if library in imports(path)}
    assert users, f"nobody imports {library}"
    others = [
        user
        for user in users
        if not any(user == importer or user.startswith(f"{importer}/") for importer in IMPORTERS[library])
    ]
    assert not others


HELP = "from evaluator.cli.main import program\ntry: program.main(['--help'], standalone_mode=True)\nexcept SystemExit: pass"
SCORE = "from evaluator.cli.main import program\ntry: program.main(['score'], standalone_mode=True)\nexcept SystemExit: pass"


def test_help_imports_nothing_heavy() -> None:
    assert not modules_after(HELP) & {
        "evaluator.api",
        "pydantic",
        "numpy",
        "yaml",
        "openpyxl",
        "xlsxwriter",
        "weasyprint",
        "jinja2",
    }


def test_score_imports_no_engine_it_does_not_need() -> None:
    assert not modules_after(SCORE) & {"numpy", "openpyxl", "xlsxwriter", "weasyprint", "jinja2"}


def test_the_interface_imports_nothing_heavy() -> None:
    assert not modules_after("import evaluator.api") & {
        "pydantic",
        "numpy",
        "yaml",
        "openpyxl",
        "xlsxwriter",
        "weasyprint",
        "jinja2",
    }


def test_generated_files_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/generate.py", "--check"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout.split("\0")
    if listed == [""]:
        pytest.skip("not a git checkout")
    unwanted = re.compile(
        r"(extra-)?index-url[ =]|://[^ /\"']*(pypi|registry)\.[^ /]*/simple|/(root|home/[a-z]+|tmp)/[a-z_.]+/[a-z]",
        re.IGNORECASE,
    )
    found = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".lock", ".yaml", ".yml", ".sh", ".txt", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [
                f"{name}: {match.group()}"
                for match in unwanted.finditer(text)
                if name != "tests/project/test_structure.py"
            ]
    assert not found


def test_the_lock_files_pin_every_package_by_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert len(entries) > 10
        assert all("--hash=sha256:" in entry and "==" in entry for entry in entries)
        assert "http" not in text


def test_only_the_exit_prints() -> None:
    others = []
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
            if found in PRINTING and name != "cli/output.py":
                others.append(f"{name}:{node.lineno}: {found}")  # type: ignore[attr-defined]
    assert not others


PRINTING = {
    "print",
    *(f"sys.{name}" for name in ("stdout", "stderr", "__stdout__", "__stderr__", "excepthook")),
    *(f"click.{name}" for name in ("echo", "secho", "prompt", "confirm", "pause", "echo_via_pager", "progressbar")),
    "error.show",
    "traceback.print_exc",
    "logging.basicConfig",
    "warnings.showwarning",
    "os.write",
}
"""What prints past the exit to the terminal, unless the exit itself does it."""


WRITERS = {"workspace/transaction.py", "workspace/disk.py", "workspace/output.py"}
"""The modules that write files of a person."""
PRIVATE = {
    "workspace/lock.py": {"unlink"},
    "workspace/git_objects.py": {"mkdir", "open", "write_text"},
    "reviews/signatures.py": {"write_bytes"},
    "reports/paper/pdf.py": {"write_text"},
}
"""What others do in private temporary folders, and to a lock."""
CHANGING = {
    *("write_text", "write_bytes", "mkdir", "makedirs", "touch", "unlink", "remove", "rmdir", "rmtree", "rename", "renames"),
    *("symlink_to", "hardlink_to", "symlink", "chmod", "copyfile", "copytree", "copy2", "truncate"),
}  # fmt: skip
STARTERS = {"workspace/git_objects.py", "reviews/signatures.py"}


def writes(call: ast.Call) -> str:
    """What a call changes on the disk, as far as its name and mode tell; empty for nothing."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "open":
        modes = [
            item.value
            for item in (*call.args, *(word.value for word in call.keywords))
            if isinstance(item, ast.Constant)
        ]
        return (
            name
            if any(isinstance(mode, str) and re.fullmatch(r"[rwxabt+]*[wxa+][rwxabt+]*", mode) for mode in modes)
            else ""
        )
    if name == "replace":  # of a path it takes one value, of a text two
        return name if len(call.args) == 1 and not call.keywords else ""
    return name if name in CHANGING and not (name == "remove" and "os" not in ast.unparse(call.func)) else ""


def test_only_the_writers_write() -> None:
    others = []
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if name in WRITERS:
                continue
            found = writes(node) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Attribute) and node.attr in {"O_CREAT", "O_TRUNC"}:
                found = node.attr
            if found and found not in PRIVATE.get(name, ()):
                others.append(f"{name}:{node.lineno}: {ast.unparse(node)[:60]}")  # type: ignore[attr-defined]
    assert not others


def test_only_git_and_ssh_keygen_are_started() -> None:
    users = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if "subprocess" in imports(path)}
    assert users == STARTERS
