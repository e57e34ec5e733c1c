"""Signed reviews: who signed is shown, and each way in which signing or checking can fail has its sentence."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import AS_OF
from real_program import run_here
from review_builders import final_contents, papers, place

from evaluator.errors import EvaluatorError
from evaluator.model.closed_review import Signature, SignatureState, VerificationVerdict
from evaluator.reviews.closing import close
from evaluator.reviews.record_files import RECORD, SIGNATURE, SUMS
from evaluator.reviews.signatures import NAMESPACE, Signers
from evaluator.reviews.verification import verify
from evaluator.workspace.disk import sha256

needs_ssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed (Debian: openssh-client)"
)
ANNA = "anna@example.org"


def keygen(*arguments: str) -> None:
    subprocess.run(["ssh-keygen", "-q", *arguments], check=True, stdin=subprocess.DEVNULL)


def public(key: Path) -> str:
    """Type and key, as a line of allowed signers has them."""
    return " ".join(key.with_name(f"{key.name}.pub").read_text().split()[:2])


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("anna", "other", "authority"):
        keygen("-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name))
    keygen("-t", "ed25519", "-N", "a long phrase", "-f", str(folder / "locked"))
    return folder


@pytest.fixture(scope="module")
def issued(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose review 2026 was closed and signed with the key of Anna; not to be changed."""
    return signed(tmp_path_factory.mktemp("signed"), keys / "anna")


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own."""
    return Path(shutil.copytree(issued, tmp_path / "w"))


@pytest.fixture(autouse=True)
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


def signed(root: Path, key: Path) -> Path:
    close(place(root, final_contents(vendors=2)), "2026", AS_OF, papers, key)
    return root


def allowed(folder: Path, *lines: str) -> Path:
    path = folder / "allowed_signers"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def signature(root: Path, *lines: str) -> Signature:
    """What is said of the signature where these lines allow signers."""
    return verify(root, "2026", Signers.read(allowed(root.parent, *lines))).signature


def words(text: str) -> str:
    return " ".join(text.split())


@needs_ssh
def test_the_signature_is_one_that_ssh_keygen_itself_verifies(issued: Path, keys: Path, tmp_path: Path) -> None:
    folder = issued / "reports" / "2026"
    assert {path.name for path in folder.iterdir()} == {
        RECORD,
        SUMS,
        SIGNATURE,
        "recommendation.pdf",
        "comparison.xlsx",
    }
    lines = allowed(tmp_path, f"{ANNA} {public(keys / 'anna')}")
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-n",
        NAMESPACE,
        "-I",
        ANNA,
        "-f",
        str(lines),
        "-s",
        str(folder / SIGNATURE),
    ]
    done = subprocess.run(command, input=(folder / SUMS).read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_ssh
def test_verify_names_the_signer_and_the_key(issued: Path, keys: Path) -> None:
    found = signature(issued, f'{ANNA} namespaces="{NAMESPACE}" {public(keys / "anna")}')
    assert (found.state, found.principal, found.key_type, found.finding) == (SignatureState.SIGNED, ANNA, "ED25519", "")
    listed = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(keys / "anna.pub")], capture_output=True, text=True, check=True
    )
    assert found.fingerprint == listed.stdout.split()[1]


@needs_ssh
def test_without_allowed_signers_only_the_signature_is_checked(issued: Path) -> None:
    found = verify(issued, "2026")
    assert found.signature.state is SignatureState.SIGNER_NOT_CHECKED
    assert found.passed


@needs_ssh
@pytest.mark.parametrize(
    ("line", "finding"),
    [
        (f"{ANNA} {{other}}", "no line of '.*' names the key$"),
        (
            f'{ANNA} valid-before="20260101" {{anna}}',
            "line 1 of '.*' does not allow the key on 2026-11-24, the day of closing",
        ),
        (f'{ANNA} valid-after="20270101" {{anna}}', "line 1 of '.*' does not allow the key on 2026-11-24"),
        (f'{ANNA} namespaces="git" {{anna}}', "line 1 of '.*' does not allow the key for evaluator-review"),
        (f"# people\n{ANNA} nonsense", "no line of '.*' names the key; line 2 cannot be read"),
        (f"{ANNA} cert-authority {{anna}}", "no line of '.*' names the key"),
        ("", "no line of '.*' names the key$"),
        ("\0\1\x7f", "no line of '.*' names the key"),
    ],
)
def test_a_signer_who_is_not_allowed_is_told_why(line: str, finding: str, issued: Path, keys: Path) -> None:
    lines = line.format(anna=public(keys / "anna"), other=public(keys / "other"))
    found = signature(issued, lines)
    assert found.state is SignatureState.NOT_ALLOWED
    assert re.search(finding, found.finding), found.finding
    assert found.fingerprint.startswith("SHA256:")


@needs_ssh
def test_a_key_that_expired_after_closing_still_counts_and_that_is_said(issued: Path, keys: Path) -> None:
    """The record's own day of closing is what a date of the allowed signers is held against, as git does with commits."""
    found = signature(issued, f'{ANNA} valid-before="20261125" {public(keys / "anna")}')
    assert found.state is SignatureState.SIGNED
    assert found.finding in {"", "the key was allowed on the day of closing and is not today"}
    found = signature(issued, f'{ANNA} valid-after="20261101",valid-before="20261125" {public(keys / "anna")}')
    assert found.state is SignatureState.SIGNED


@needs_ssh
def test_a_line_that_cannot_be_read_does_not_hide_the_next(issued: Path, keys: Path) -> None:
    found = signature(issued, "x nonsense=1 ssh-ed25519", f"*@example.org,b@x {public(keys / 'anna')}")
    assert found.state is SignatureState.SIGNED
    assert found.principal == "*@example.org"


@needs_ssh
def test_a_revoked_key_is_no_longer_allowed(issued: Path, keys: Path, tmp_path: Path) -> None:
    lines = allowed(tmp_path, f"{ANNA} {public(keys / 'anna')}")
    found = verify(issued, "2026", Signers.read(lines, keys / "anna.pub"))
    assert found.signature.state is SignatureState.NOT_ALLOWED
    assert "is revoked in" in found.signature.finding
    assert not found.passed
    assert verify(issued, "2026", Signers.read(lines, keys / "other.pub")).passed


@needs_ssh
def test_a_certificate_signs_for_the_people_it_names(keys: Path, tmp_path: Path) -> None:
    for name in ("anna", "anna.pub"):
        shutil.copy(keys / name, tmp_path)
    keygen("-s", str(keys / "authority"), "-I", "x", "-n", ANNA, "-V", "20260101:20280101", str(tmp_path / "anna.pub"))
    root = signed(tmp_path / "w", tmp_path / "anna-cert.pub")
    found = signature(root, f"{ANNA} cert-authority {public(keys / 'authority')}")
    assert (found.state, found.principal, found.key_type) == (SignatureState.SIGNED, ANNA, "ED25519-CERT")
    assert (
        signature(root, f"bob@example.org cert-authority {public(keys / 'authority')}").state
        is SignatureState.NOT_ALLOWED
    )
    assert signature(root, f"{ANNA} {public(keys / 'authority')}").state is SignatureState.NOT_ALLOWED


def damaged(folder: Path, keys: Path) -> Iterator[tuple[str, str]]:
    """Signatures that are wrong, and what is said of each."""
    sums, path = folder / SUMS, folder / SIGNATURE
    good = path.read_text()
    yield good.replace("-----BEGIN", "-----BEGUN"), "ssh-keygen cannot read it as a signature"
    yield "", "ssh-keygen cannot read it as a signature"
    yield "x" * 2_000_000, "larger than 1 MB"
    lines = good.splitlines()
    yield (
        "\n".join([*lines[:-2], "AAAA", lines[-1], ""]),
        "ssh-keygen cannot read it as a signature|signature of another",
    )
    for content, namespace, finding in (
        (b"other bytes", NAMESPACE, "it is the signature of another SHA256SUMS"),
        (sums.read_bytes(), "git", "it was made for another purpose than evaluator-review"),
    ):
        command = ["ssh-keygen", "-Y", "sign", "-n", namespace, "-f", str(keys / "anna")]
        yield subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode(), finding


@needs_ssh
def test_a_wrong_signature_is_tampering(root: Path, keys: Path) -> None:
    folder = root / "reports" / "2026"
    for text, finding in damaged(folder, keys):
        (folder / SIGNATURE).write_text(text)
        found = verify(root, "2026")
        assert found.signature.state is SignatureState.WRONG
        assert found.verdict is VerificationVerdict.TAMPERED
        assert [item.file for item in found.tampered] == [SIGNATURE]
        assert re.search(finding, found.tampered[0].finding), found.tampered[0].finding


@needs_ssh
def test_a_review_sealed_again_by_hand_no_longer_bears_its_signature(root: Path) -> None:
    from evaluator.reviews import record_files

    folder = root / "reports" / "2026"
    data = json.loads((folder / RECORD).read_bytes())
    data["approved"] = ["v-1"] if data["approved"] != ["v-1"] else ["v-2"]
    raw = record_files.canonical(record_files.sealed(data))
    (folder / RECORD).write_bytes(raw)
    (folder / SUMS).write_bytes(record_files.checksums({**data["files"], RECORD: sha256(raw)}))
    found = verify(root, "2026")
    assert [(item.file, item.finding) for item in found.tampered] == [
        (SIGNATURE, "it is the signature of another SHA256SUMS")
    ]


# Keys that cannot sign


@needs_ssh
@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("missing", "There is no key 'missing'"),
        ("folder", "'folder' is not a key: expected a file, found a folder, a device or a pipe"),
        ("pipe", "'pipe' is not a key: expected a file"),
        ("large", "'large' is not a key: it is larger than 1 MB"),
        ("text", "'text' is not an SSH key"),
        ("a\0b", "cannot be read: its name is not possible"),
        ("cut", "The key 'cut' cannot be read by ssh-keygen; it may be damaged"),
        ("locked", "The key 'locked' needs its passphrase, and there is no terminal to ask for it"),
        ("loose", "Others may read the key 'loose', so ssh-keygen does not use it"),
        (
            "alone.pub",
            "'alone.pub' is a public key: its private half is not in the same folder, and no ssh-agent runs here",
        ),
        ("-lone.pub", "'-lone.pub' is a public key"),
        ("passphrase.pub", "'passphrase.pub' is a public key"),
    ],
)
def test_a_key_that_cannot_sign_closes_nothing(
    key: str, sentence: str, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "keys"
    (folder / "folder").mkdir(parents=True)
    os.mkfifo(folder / "pipe")
    (folder / "large").write_bytes(b"x" * 1_000_001)
    (folder / "text").write_text("hello")
    shutil.copy(keys / "locked", folder / "locked")
    (folder / "cut").write_bytes((keys / "anna").read_bytes()[:150])
    shutil.copy(keys / "anna", folder / "loose")
    for name, mode in (("locked", 0o600), ("cut", 0o600), ("loose", 0o644)):
        (folder / name).chmod(mode)
    for name in ("alone.pub", "-lone.pub", "passphrase.pub"):
        shutil.copy(keys / "anna.pub", folder / name)
    there = place(tmp_path / "w", final_contents(vendors=2))
    monkeypatch.chdir(folder)
    with pytest.raises(EvaluatorError) as found:
        close(there, "2026", AS_OF, lambda _: pytest.fail("the papers were made first"), Path(key))
    assert sentence in str(found.value)
    assert str(found.value).endswith(".")
    assert not (tmp_path / "w" / "reports").exists()


@needs_ssh
def test_nobody_is_asked_and_no_program_is_started_in_the_place_of_a_terminal(keys: Path, tmp_path: Path) -> None:
    trap = tmp_path / "askpass"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\necho 'a long phrase'\n")
    trap.chmod(0o755)
    place(tmp_path / "w", final_contents(vendors=2))
    environment = {**os.environ, "SSH_ASKPASS": str(trap), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "evaluator",
            "review",
            "close",
            "2026",
            "--sign",
            str(keys / "locked"),
            "--workspace",
            "w",
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "needs its passphrase" in done.stderr
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "w" / "reports").exists()


@needs_ssh
@pytest.mark.skipif(sys.platform != "linux", reason="a terminal is made as Linux makes it")
@pytest.mark.parametrize(("phrase", "code"), [("a long phrase", 0), ("another", 1)])
def test_at_a_terminal_the_passphrase_is_asked_for(phrase: str, code: int, keys: Path, tmp_path: Path) -> None:
    place(tmp_path / "w", final_contents(vendors=2))
    program = (
        "import sys; from datetime import date; from pathlib import Path; from evaluator.errors import EvaluatorError\n"
        "from review_builders import papers, place; from builders import AS_OF; from evaluator.reviews.closing import close\n"
        "try: close(place(Path('w')), '2026', AS_OF, papers, Path(sys.argv[1]))\n"
        "except EvaluatorError as error: sys.exit(str(error))\n"
    )
    ours, theirs = os.openpty()
    # The first terminal that the leader of a new session opens is the one that its programs ask at.
    process = subprocess.Popen(
        [
            "sh",
            "-c",
            'exec "$0" -c "$1" "$2" <"$3" >"$3" 2>"$3"',
            sys.executable,
            program,
            str(keys / "locked"),
            os.ttyname(theirs),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        start_new_session=True,
    )
    seen = b""
    while b"passphrase" not in seen:
        assert process.poll() is None or select.select([ours], [], [], 0)[0], seen.decode()
        if select.select([ours], [], [], 0.1)[0]:
            seen += os.read(ours, 1000)
    os.write(ours, f"{phrase}\n".encode())
    assert process.wait(60) == code
    if code:
        assert b"is not the right one. Nothing was closed." in seen + os.read(ours, 10_000)
    for handle in (ours, theirs):
        os.close(handle)
    assert (tmp_path / "w" / "reports").exists() == (code == 0)


@needs_ssh
@pytest.mark.skipif(shutil.which("ssh-agent") is None, reason="ssh-agent is not installed")
def test_a_key_that_an_agent_holds_signs_by_its_public_half(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = tmp_path / "s"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.PIPE, text=True)
    assert agent.stdout
    try:
        agent.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        shutil.copy(keys / "anna.pub", tmp_path / "anna-in-agent.pub")
        there = place(tmp_path / "w", final_contents(vendors=2))
        with pytest.raises(EvaluatorError, match="the ssh-agent that runs here does not hold it"):
            close(there, "2026", AS_OF, papers, tmp_path / "anna-in-agent.pub")
        subprocess.run(["ssh-add", "-q", str(keys / "anna")], check=True, capture_output=True)
        close(there, "2026", AS_OF, papers, tmp_path / "anna-in-agent.pub")
    finally:
        agent.terminate()
        agent.communicate()
    assert signature(tmp_path / "w", f"{ANNA} {public(keys / 'anna')}").state is SignatureState.SIGNED


# Without ssh-keygen


def test_without_ssh_keygen_signing_says_so_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = place(tmp_path / "w", final_contents(vendors=2))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        EvaluatorError, match=r"ssh-keygen is not installed; it comes with OpenSSH .* Nothing was closed\."
    ):
        close(there, "2026", AS_OF, lambda _: pytest.fail("a paper was made"), tmp_path / "key")


def test_without_ssh_keygen_a_signature_is_said_to_be_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "w"
    close(place(root, final_contents(vendors=2)), "2026", AS_OF, papers)
    (root / "reports" / "2026" / SIGNATURE).write_text("a signature")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = verify(root, "2026")
    assert found.signature.state is SignatureState.NOT_CHECKED
    assert found.passed
    with pytest.raises(EvaluatorError, match="ssh-keygen is not installed"):
        verify(root, "2026", Signers.read(allowed(tmp_path, "anyone")))


@pytest.mark.parametrize("entry", ["w", ".", "", "w/bin"])
def test_no_ssh_keygen_of_the_workspace_is_run(entry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by a relative entry of the search path, nor by one that leads into the workspace."""
    root = tmp_path / "w"
    close(place(root, final_contents(vendors=2)), "2026", AS_OF, papers)
    (root / "reports" / "2026" / SIGNATURE).write_text("a signature")
    for folder in (root, root / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "ssh-keygen").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (folder / "ssh-keygen").chmod(0o755)
    monkeypatch.chdir(root)
    for path in (entry, str(tmp_path / entry) if entry.startswith("w") else entry):
        monkeypatch.setenv("PATH", path)
        assert verify(root, "2026").signature.state is SignatureState.NOT_CHECKED
    assert not (tmp_path / "ran").exists()


# Through the program


def test_an_unsigned_review_passes_unless_a_signer_is_asked_for(tmp_path: Path) -> None:
    root = tmp_path / "w"
    close(place(root, final_contents(vendors=2)), "2026", AS_OF, papers)
    page = words(run_here(root, "review", "verify", "2026").stdout)
    assert "Not signed: anyone who can write to the folder can change the review and seal it again." in page
    lines = str(allowed(tmp_path, "# nobody"))
    assert "Not signed" in words(run_here(root, "review", "verify", "2026", "--allowed-signers", lines, code=1).stdout)
    assert (
        "goes with --allowed-signers FILE."
        in run_here(root, "review", "verify", "2026", "--revoked", lines, code=2).stderr
    )
    missing = run_here(root, "review", "verify", "2026", "--allowed-signers", str(tmp_path / "none"), code=1)
    assert "There is no file of allowed signers" in missing.stderr


@needs_ssh
def test_verify_says_by_whom_and_its_exit_code_says_whether_that_will_do(root: Path, keys: Path) -> None:
    lines = allowed(root.parent, f"{ANNA} {public(keys / 'anna')}")
    arguments = ("review", "verify", "2026", "--allowed-signers", str(lines))
    assert f"Signed by {ANNA} with the ED25519 key SHA256:" in words(run_here(root, *arguments).stdout)
    data: Any = json.loads(run_here(root, *arguments, "--json").stdout)[0]["signature"]
    assert (data["state"], data["principal"]) == ("signed", ANNA)
    assert data["fingerprint"].startswith("SHA256:")
    assert "the signer was not checked" in words(run_here(root, "review", "verify", "2026").stdout)
    lines.write_text(f"{ANNA} {public(keys / 'other')}\n")
    done = run_here(root, *arguments, code=1)
    assert "but not by an allowed signer: no line of" in words(done.stdout)
    (root / "reports" / "2026" / SIGNATURE).write_text("x")
    assert "2026: tampered" in run_here(root, "review", "verify", "2026", code=1).stdout


@needs_ssh
def test_a_closed_review_is_signed_afterwards_by_the_command_that_is_named(keys: Path, tmp_path: Path) -> None:
    root = tmp_path / "a workspace"
    close(place(root, final_contents(vendors=2)), "2026", AS_OF, papers)
    with pytest.raises(EvaluatorError, match=r"is closed already; .* It is not signed; to sign it as it is: ") as found:
        close(place(root), "2026", AS_OF, papers, keys / "anna")
    command = str(found.value).partition("as it is: ")[2]
    subprocess.run(["sh", "-c", command], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    assert signature(root, f"{ANNA} {public(keys / 'anna')}").state is SignatureState.SIGNED
    with pytest.raises(EvaluatorError, match=r"never overwritten\.$"):
        close(place(root), "2026", AS_OF, papers, keys / "anna")
