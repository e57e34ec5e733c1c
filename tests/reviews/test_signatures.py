"""Signatures by ssh-keygen: what is signed, who may have signed, and every reason why not."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evaluator.errors import EvaluatorError
from evaluator.model.closed_review import Signature, SignatureState
from evaluator.reviews import signatures
from evaluator.reviews.signatures import NAMESPACE, Signer, Signers, signature_of

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

DATA = b"0  record.json\n"
CLOSED = date(2026, 11, 24)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name, phrase in (("anna", ""), ("other", ""), ("locked", "phrase")):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-C", name, "-f", str(folder / name)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return folder


@pytest.fixture(autouse=True)
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.fixture
def root(keys: Path, tmp_path: Path) -> Path:
    """A workspace with the checksum file of a review, signed by Anna."""
    folder = tmp_path / "w/reports/2026"
    folder.mkdir(parents=True)
    (folder / "SHA256SUMS").write_bytes(DATA)
    (folder / "SHA256SUMS.sig").write_bytes(Signer(keys / "anna", tmp_path / "w")(DATA))
    return tmp_path / "w"


def public(keys: Path, name: str = "anna") -> str:
    return " ".join((keys / f"{name}.pub").read_text().split()[:2])


def fingerprint(keys: Path) -> str:
    said = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(keys / "anna.pub")], check=True, capture_output=True, text=True
    )
    return said.stdout.split()[1]


def signers(tmp_path: Path, *lines: str, revoked: str | None = None) -> Signers:
    (tmp_path / "allowed").write_text("".join(f"{line}\n" for line in lines))
    if revoked is None:
        return Signers.read(tmp_path / "allowed")
    (tmp_path / "revoked").write_text(revoked)
    return Signers.read(tmp_path / "allowed", tmp_path / "revoked")


def test_a_signature_is_one_that_ssh_keygen_verifies(keys: Path, root: Path, tmp_path: Path) -> None:
    (tmp_path / "allowed").write_text(f"anna@x {public(keys)}\n")
    command = ["ssh-keygen", "-Y", "verify", "-n", "evaluator-review", "-I", "anna@x", "-f", str(tmp_path / "allowed")]
    command += ["-s", str(root / "reports/2026/SHA256SUMS.sig")]
    assert subprocess.run(command, input=DATA, check=False, capture_output=True).returncode == 0
    assert NAMESPACE == "evaluator-review"


def of(root: Path, who: Signers | None = None, closed: date | None = CLOSED) -> Signature:
    return signature_of(root, "2026", closed, who)


def test_a_signer_is_named_with_key_and_fingerprint(keys: Path, root: Path, tmp_path: Path) -> None:
    known: dict[str, Any] = {"key_type": "ED25519", "fingerprint": fingerprint(keys)}
    assert of(root) == Signature(SignatureState.SIGNER_NOT_CHECKED, **known)
    signed = Signature(SignatureState.SIGNED, principal="anna@x", **known)
    line = f"anna@x {public(keys)}"
    assert of(root, signers(tmp_path, line)) == signed
    assert of(root, signers(tmp_path, "# a comment", "", f"other@x {public(keys, 'other')}", line)) == signed
    assert of(
        root, signers(tmp_path, f'anna@x valid-after="20261124",valid-before="20261125" {public(keys)}')
    ) == Signature(
        SignatureState.SIGNED,
        principal="anna@x",
        finding="the key was allowed on the day of closing and is not today",
        **known,
    )
    assert of(root, signers(tmp_path, line, revoked=f"{public(keys, 'other')}\n")) == signed


@pytest.mark.parametrize(
    ("before", "finding"),
    [
        (
            'anna@x valid-before="20261124" {key}',
            "line 1 of '{file}' does not allow the key on 2026-11-24, the day of closing",
        ),
        (
            '# x\nanna@x valid-after="20261125" {key}',
            "line 2 of '{file}' does not allow the key on 2026-11-24, the day of closing",
        ),
        ('anna@x namespaces="git" {key}', "line 1 of '{file}' does not allow the key for evaluator-review"),
        ("anna@x {other}", "no line of '{file}' names the key"),
        ("anna@x nonsense\n\nanna@x {other}", "no line of '{file}' names the key; line 1 cannot be read"),
        ("", "no line of '{file}' names the key"),
    ],
)
def test_a_signer_who_is_not_allowed_is_told_why(
    before: str, finding: str, keys: Path, root: Path, tmp_path: Path
) -> None:
    line = before.format(key=public(keys), other=public(keys, "other"))
    found = of(root, signers(tmp_path, line))
    assert found == Signature(
        SignatureState.NOT_ALLOWED, "", "ED25519", fingerprint(keys), finding.format(file=tmp_path / "allowed")
    )


def test_without_a_day_of_closing_today_counts(keys: Path, root: Path, tmp_path: Path) -> None:
    assert of(root, signers(tmp_path, f"anna@x {public(keys)}"), None).state is SignatureState.SIGNED
    found = of(root, signers(tmp_path, f'anna@x valid-before="20000101" {public(keys)}'), None)
    assert found.finding == f"line 1 of '{tmp_path / 'allowed'}' does not allow the key on this day, the day of closing"


@pytest.mark.parametrize("revoked", ["{key}\n", "nonsense"])
def test_a_revoked_key_is_not_allowed(revoked: str, keys: Path, root: Path, tmp_path: Path) -> None:
    found = of(root, signers(tmp_path, f"anna@x {public(keys)}", revoked=revoked.format(key=public(keys))))
    words = f"the key is revoked in '{tmp_path / 'revoked'}', or that file is not a list of revoked keys"
    assert found == Signature(SignatureState.NOT_ALLOWED, "anna@x", "ED25519", fingerprint(keys), words)


def test_the_first_name_that_may_sign_counts(keys: Path, root: Path, tmp_path: Path) -> None:
    lines = f'old@x valid-before="20260101" {public(keys)}', f"new@x,newer@x {public(keys)}"
    assert of(root, signers(tmp_path, *lines)).principal == "new@x"


def test_a_review_without_signature_or_with_another(keys: Path, root: Path, tmp_path: Path) -> None:
    folder = root / "reports/2026"
    sig = folder / "SHA256SUMS.sig"
    good = sig.read_bytes()

    def wrong(words: str) -> None:
        assert of(root) == of(root, signers(tmp_path, "")) == Signature(SignatureState.WRONG, finding=words)

    sig.write_bytes(b"nonsense")
    wrong("ssh-keygen cannot read it as a signature")
    (tmp_path / "other").write_bytes(b"other")
    command = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(keys / "anna")]
    sig.write_bytes(subprocess.run(command, input=DATA, check=True, capture_output=True).stdout)
    wrong("it was made for another purpose than evaluator-review")
    sig.write_bytes(good)
    (folder / "SHA256SUMS").write_bytes(b"other")
    wrong("it is the signature of another SHA256SUMS")
    (folder / "SHA256SUMS").unlink()
    wrong("the SHA256SUMS that it was made for cannot be read")
    sig.unlink()
    assert of(root) == Signature(SignatureState.UNSIGNED)
    sig.mkdir()
    wrong("expected a file, found a folder")


def test_without_the_program_a_signature_is_not_checked(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = signers(tmp_path, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    words = "ssh-keygen is not installed; it comes with OpenSSH (on Debian: openssh-client)."
    assert of(root) == Signature(SignatureState.NOT_CHECKED, finding=words)
    with pytest.raises(EvaluatorError) as raised:
        of(root, who)
    assert str(raised.value) == words
    with pytest.raises(EvaluatorError) as raised:
        Signer(tmp_path / "key", root)
    assert str(raised.value) == f"{words} Nothing was closed."


@pytest.mark.parametrize("what", ["key", "file of allowed signers", "file of revoked keys"])
def test_a_file_that_cannot_be_used_is_told(what: str, tmp_path: Path) -> None:
    (tmp_path / "good").write_text("")

    def read(path: Path) -> str:
        acts: dict[str, Callable[[], object]] = {
            "key": lambda: Signer(path, tmp_path),
            "file of allowed signers": lambda: Signers.read(path),
            "file of revoked keys": lambda: Signers.read(tmp_path / "good", path),
        }
        with pytest.raises(EvaluatorError) as raised:
            acts[what]()
        return str(raised.value)

    assert read(tmp_path / "none") == f"There is no {what} '{tmp_path / 'none'}'."
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        assert read(path) == f"'{path}' is not a {what}: expected a file, found a folder, a device or a pipe."
    (tmp_path / "large").write_bytes(b"x" * 1_000_001)
    assert read(tmp_path / "large") == f"'{tmp_path / 'large'}' is not a {what}: it is larger than 1 MB."
    long = tmp_path / ("n" * 300)
    assert read(long) == f"The {what} '{long}' cannot be read: file name too long."
    assert read(tmp_path / "a\0b").endswith("cannot be read: its name is not possible.")


def test_allowed_and_revoked_are_read_through_links_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 1_000_000)
    (tmp_path / "link").symlink_to("a")
    found = Signers.read(tmp_path / "link", tmp_path / "a")
    assert (found.allowed, found.revoked) == (b"x" * 1_000_000,) * 2
    assert (found.name, found.revoked_name) == (str(tmp_path / "link"), str(tmp_path / "a"))
    assert Signers.read(tmp_path / "a") == Signers(str(tmp_path / "a"), b"x" * 1_000_000, "", None)


@pytest.mark.parametrize(
    "head",
    [
        "ssh-ed25519 x",
        "ecdsa-sha2-nistp256 x",
        "sk-ssh-ed25519@openssh.com x",
        "sk-ecdsa-sha2-x",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_key(head: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(head)
    assert Signer(tmp_path / "key", tmp_path / "w")


def test_what_does_not(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("x ssh-ed25519 x")
    with pytest.raises(EvaluatorError) as raised:
        Signer(tmp_path / "key", tmp_path)
    assert str(raised.value) == (
        f"'{tmp_path / 'key'}' is not an SSH key; name a private key, or a public key whose private half is in ssh-agent."
    )


def refusal(key: Path, root: Path) -> str:
    with pytest.raises(EvaluatorError) as raised:
        Signer(key, root)(DATA)
    name = f"'{key}'"
    said = str(raised.value)
    assert said.endswith(" Nothing was closed.")
    return said.removesuffix(" Nothing was closed.").replace(name, "KEY").replace(str(key), "PATH")


def test_a_key_that_cannot_sign_is_told_why(keys: Path, root: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    shutil.copy(keys / "locked", key)
    assert refusal(key, root) == (
        "The key KEY needs its passphrase, and there is no terminal to ask for it: run this in a terminal, or load the key into ssh-agent."
    )
    shutil.copy(keys / "anna", key)
    key.chmod(stat.S_IRUSR | stat.S_IROTH)
    assert refusal(key, root) == "Others may read the key KEY, so ssh-keygen does not use it; run: chmod 600 PATH."
    key.chmod(0o600)
    key.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n")
    assert (
        refusal(key, root)
        == "The key KEY cannot be read by ssh-keygen; it may be damaged or of a kind that it does not know."
    )
    key.write_text((keys / "anna.pub").read_text())
    assert refusal(key, root) == (
        "KEY is a public key: its private half is not in the same folder, and no ssh-agent runs here (SSH_AUTH_SOCK)."
    )


def test_a_public_key_signs_where_its_private_half_lies_beside_it(keys: Path, root: Path, tmp_path: Path) -> None:
    shutil.copy(keys / "anna", tmp_path / "key")
    shutil.copy(keys / "anna.pub", tmp_path / "key.pub")
    assert Signer(tmp_path / "key.pub", root)(DATA) == Signer(keys / "anna", root)(DATA)
    monkey = Path(os.path.relpath(tmp_path / "key"))
    assert Signer(monkey, root)(DATA)


def faked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program named ssh-keygen before the real one."""
    folder = tmp_path / "fake"
    folder.mkdir(exist_ok=True)
    (folder / "ssh-keygen").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "ssh-keygen").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))


def test_a_program_that_does_not_finish_or_does_not_sign(
    keys: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faked(tmp_path, monkeypatch, "echo nonsense")
    assert refusal(keys / "anna", root) == "ssh-keygen could not make a valid signature with KEY."
    assert of(root).finding == "ssh-keygen cannot read it as a signature"
    faked(tmp_path, monkeypatch, "exec sleep 20")
    monkeypatch.setattr(signatures, "_SECONDS", 0.05)
    assert refusal(keys / "anna", root) == "ssh-keygen did not finish signing with KEY in time."
    assert of(root) == Signature(SignatureState.WRONG, finding="ssh-keygen did not finish checking it in time")
    (tmp_path / "fake/ssh-keygen").write_text("not a program")
    with pytest.raises(EvaluatorError, match=r"^ssh-keygen cannot be run: exec format error\.$"):
        of(root)


def test_the_program_gets_an_environment_and_a_folder_of_its_own(
    keys: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faked(tmp_path, monkeypatch, f"env > {tmp_path}/env; pwd > {tmp_path}/pwd; ls > {tmp_path}/ls; exit 1")
    monkeypatch.setenv("SSH_ASKPASS", "/bin/true")
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "none"))
    of(root)
    found = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines())
    found.pop("PWD", None), found.pop("_", None), found.pop("SHLVL", None), found.pop("OLDPWD", None)
    assert found == {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "SSH_ASKPASS_REQUIRE": "never"}
    private = Path((tmp_path / "pwd").read_text().strip())
    assert private.name.startswith("evaluator-signature-")
    assert not private.exists()
    assert (tmp_path / "ls").read_text() == "signature\n"
    refusal(keys / "anna", root)
    assert "SSH_AUTH_SOCK" not in (tmp_path / "env").read_text()
