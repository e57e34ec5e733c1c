"""Signatures of closed reviews, made and checked by ``ssh-keygen -Y`` as git does. No other module starts that program.

Only the checksum file is signed; it stands for every other file of the review. The program gets its data on its
standard input, copies of small files in a private folder, and an environment of its own; what it prints is read and
never shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from evaluator.characters import safe_line
from evaluator.errors import EvaluatorError, Problem, one_line
from evaluator.model.closed_review import Signature, SignatureState
from evaluator.reviews.record_files import SIGNATURE, SUMS, read_file
from evaluator.workspace.containment import MISSING
from evaluator.workspace.disk import NotAFileError, TooLargeError, read_bounded
from evaluator.workspace.git_objects import find_program

NAMESPACE = "evaluator-review"
"""What a signature is for; one that was made for git or for mail is none of a review."""

_PROGRAM = "ssh-keygen"
_MISSING = "ssh-keygen is not installed; it comes with OpenSSH (on Debian: openssh-client)."
_SECONDS = 30
_SECONDS_ASKED = 300
_MAX_BYTES = 1_000_000
_GOOD = re.compile(rf'Good "{NAMESPACE}" signature with (\S+) key (SHA256:\S+)')
_LINE = re.compile(r"^allowed:(\d+): (.*)$", re.MULTILINE)
_NOT_AT_THAT_TIME = (
    "key has expired",
    "key is not yet valid",
    "certificate has expired",
    "certificate is not yet valid",
)
_ASKED = ("passphrase", "PIN")
"""What ssh-keygen lacks where it would have had to ask."""
_HEADS = (b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-")


@dataclass(frozen=True, slots=True)
class _Done:
    """What the program came back with."""

    good: bool
    output: bytes
    words: str


class Signer:
    """Signs checksum files with one key."""

    def __init__(self, key: Path, root: Path) -> None:
        """Check before the work that ``key`` looks like an SSH key.

        Args:
            key: a private key, or a public one whose private half an agent holds.
            root: the workspace, from which no program is run.

        Raises :class:`EvaluatorError` where there is no ssh-keygen, or the file is no key.
        """
        found = find_program(_PROGRAM, root)
        if found is None:
            raise _not_closed(_MISSING)
        self._program = found[0]
        self._shown = safe_line(str(key))
        self._key = Path(os.path.abspath(key))  # noqa: PTH100 - links stay: the public half lies beside the link
        content = _content(self._key, self._shown, "key")
        if b"PRIVATE KEY" not in content and not content.startswith(_HEADS):
            raise EvaluatorError(
                f"'{self._shown}' is not an SSH key; name a private key, or a public key whose private half is in ssh-agent."
            )
        self._public = b"PRIVATE KEY" not in content

    def check(self) -> None:
        """Find out before the work whether the key can sign; a passphrase is asked for only when it does.

        Raises :class:`EvaluatorError` where it cannot.
        """
        done = self._sign(b"", asks=False)
        if done is None or not (done.good or (_may_ask() and any(word in done.words for word in _ASKED))):
            raise self._refused(done, asks=False)

    def __call__(self, data: bytes) -> bytes:
        """The signature of ``data`` in the SSHSIG text format; raises :class:`EvaluatorError` where the key cannot sign."""
        asks = _may_ask()
        done = self._sign(data, asks=asks)
        if done is None or not done.good:
            raise self._refused(done, asks=asks)
        if _check(self._program, data, done.output).state is not SignatureState.SIGNER_NOT_CHECKED:
            raise _not_closed(f"ssh-keygen could not make a valid signature with '{self._shown}'.")
        return done.output

    def _sign(self, data: bytes, *, asks: bool) -> _Done | None:
        arguments = ("-Y", "sign", "-n", NAMESPACE, "-f", str(self._key))
        return _run(self._program, arguments, data, environment=_agent(), asks=asks)

    def _refused(self, done: _Done | None, *, asks: bool) -> EvaluatorError:
        if done is None:
            return _not_closed(f"ssh-keygen did not finish signing with '{self._shown}' in time.")
        said = done.words.replace(str(self._key), "")  # a name of the person's must not be read as a message
        return _not_closed(self._reason(said, agent=bool(_agent()), asks=asks))

    def _reason(self, words: str, *, agent: bool, asks: bool) -> str:
        """Why ssh-keygen did not sign."""
        name = f"'{self._shown}'"
        if "passphrase" in words:
            if asks:
                return f"The passphrase given for the key {name} is not the right one."
            return (
                f"The key {name} needs its passphrase, and there is no terminal to ask for it: "
                "run this in a terminal, or load the key into ssh-agent."
            )
        if "UNPROTECTED PRIVATE KEY" in words:
            return f"Others may read the key {name}, so ssh-keygen does not use it; run: chmod 600 {self._shown}."
        if "agent refused" in words:
            return f"The ssh-agent refused to sign with {name}."
        if self._public:
            lack = (
                "the ssh-agent that runs here does not hold it" if agent else "no ssh-agent runs here (SSH_AUTH_SOCK)"
            )
            return f"{name} is a public key: its private half is not in the same folder, and {lack}."
        return f"The key {name} cannot be read by ssh-keygen; it may be damaged or of a kind that it does not know."


def _agent() -> dict[str, str]:
    """The environment by which ssh-keygen finds the agent that runs here, if one does."""
    socket = os.environ.get("SSH_AUTH_SOCK", "")
    return {"SSH_AUTH_SOCK": socket} if Path(socket).is_socket() else {}


def _not_closed(sentence: str) -> EvaluatorError:
    return EvaluatorError(f"{sentence} Nothing was closed.")


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may sign: the content of a file of allowed signers, as git and OpenSSH have it, and of one of revoked keys."""

    name: str
    allowed: bytes
    revoked_name: str = ""
    revoked: bytes | None = None

    @classmethod
    def read(cls, allowed: Path, revoked: Path | None = None) -> Signers:
        """Read both files; raises :class:`EvaluatorError` where one cannot be read."""
        name = safe_line(str(allowed))
        content = _content(allowed, name, "file of allowed signers")
        if revoked is None:
            return cls(name, content)
        other = safe_line(str(revoked))
        return cls(name, content, other, _content(revoked, other, "file of revoked keys"))


def signature_of(root: Path, name: str, closed: date | None, signers: Signers | None) -> Signature:
    """What the signature of a closed review says.

    Args:
        root: the workspace.
        name: the name of the review.
        closed: the day on which the record says that it was closed; the key has to have been allowed then.
        signers: who may sign; without it the signer is not checked.

    Raises :class:`EvaluatorError` where ``signers`` are given and there is no ssh-keygen to check them.
    """
    signature = read_file(root, name, SIGNATURE)
    if isinstance(signature, Problem):
        if signature.code == MISSING:
            return Signature(SignatureState.UNSIGNED)
        return Signature(SignatureState.WRONG, finding=signature.message)
    data = read_file(root, name, SUMS)
    if isinstance(data, Problem):
        return Signature(SignatureState.WRONG, finding=f"the {SUMS} that it was made for cannot be read")
    program = find_program(_PROGRAM, root)
    if program is None:
        if signers:
            raise EvaluatorError(_MISSING)
        return Signature(SignatureState.NOT_CHECKED, finding=_MISSING)
    found = _check(program[0], data, signature)
    if signers is None or found.state is not SignatureState.SIGNER_NOT_CHECKED:
        return found
    return _signer(program[0], data, signature, found, closed, signers)


def _check(program: str, data: bytes, signature: bytes) -> Signature:
    """Whether it is a signature of ``data`` by any key at all."""
    done = _run(program, ("-Y", "check-novalidate", "-n", NAMESPACE, "-s", "signature"), data, {"signature": signature})
    good = _GOOD.match(done.output.decode("utf-8", "replace")) if done and done.good else None
    if good:
        return Signature(SignatureState.SIGNER_NOT_CHECKED, key_type=good[1], fingerprint=good[2])
    if done is None:
        finding = "ssh-keygen did not finish checking it in time"
    elif "namespace" in done.words:
        finding = f"it was made for another purpose than {NAMESPACE}"
    elif "incorrect signature" in done.words:
        finding = f"it is the signature of another {SUMS}"
    else:
        finding = "ssh-keygen cannot read it as a signature"
    return Signature(SignatureState.WRONG, finding=finding)


def _signer(
    program: str, data: bytes, signature: bytes, valid: Signature, closed: date | None, signers: Signers
) -> Signature:
    """Whether the key of a valid signature belongs to an allowed signer."""
    files = {"signature": signature, "allowed": signers.allowed}
    when = () if closed is None else (f"-Overify-time={closed:%Y%m%d}120000",)
    refused = replace(valid, state=SignatureState.NOT_ALLOWED)
    find = ("-Y", "find-principals", "-s", "signature", "-f", "allowed")
    done = _run(program, (*find, *when), b"", files)
    if done is None:
        return replace(refused, finding="ssh-keygen did not finish looking for it in time")
    principals = done.output.splitlines() if done.good else []
    words = done.words
    for principal in principals:
        arguments = ("-Y", "verify", "-n", NAMESPACE, "-I", os.fsdecode(principal), "-s", "signature", "-f", "allowed")
        done = _run(program, (*arguments, *when), data, files)
        if done is None or not done.good:
            words = done.words if done else words
            continue
        name = one_line(principal.decode("utf-8", "replace"), 200)
        if signers.revoked is not None:
            listed = {**files, "revoked": signers.revoked}
            done = _run(program, (*arguments, *when, "-r", "revoked"), data, listed)
            if done is None or not done.good:
                finding = f"the key is revoked in '{signers.revoked_name}', or that file is not a list of revoked keys"
                return replace(refused, principal=name, finding=finding)
        today = _run(program, find, b"", files)
        late = "" if today and today.good else "the key was allowed on the day of closing and is not today"
        return replace(valid, state=SignatureState.SIGNED, principal=name, finding=late)
    return replace(refused, finding=_refusal(words, closed, signers))


def _refusal(words: str, closed: date | None, signers: Signers) -> str:
    """Why no line of the allowed signers stands for the key."""
    name, texts = signers.name, signers.allowed.split(b"\n")
    lines = [(line, reason) for line, reason in _LINE.findall(words) if texts[int(line) - 1].strip()]
    for line, reason in lines:
        if reason.startswith(_NOT_AT_THAT_TIME):
            return f"line {line} of '{name}' does not allow the key on {closed or 'this day'}, the day of closing"
        if "namespace" in reason:
            return f"line {line} of '{name}' does not allow the key for {NAMESPACE}"
    missing = f"no line of '{name}' names the key"
    wrong = [line for line, reason in lines if "principals" not in reason]
    return f"{missing}; line {wrong[0]} cannot be read" if wrong else missing


def _may_ask() -> bool:
    """Whether there is a terminal at which a passphrase can be asked for."""
    return os.isatty(0) and os.isatty(2)


def _content(path: Path, name: str, what: str) -> bytes:
    """The bytes of a small file that the person named."""
    try:
        return read_bounded(path, _MAX_BYTES, links=True)
    except FileNotFoundError:
        raise EvaluatorError(f"There is no {what} '{name}'.") from None
    except (IsADirectoryError, NotAFileError):
        raise EvaluatorError(
            f"'{name}' is not a {what}: expected a file, found a folder, a device or a pipe."
        ) from None
    except TooLargeError as error:
        raise EvaluatorError(f"'{name}' is not a {what}: {error.strerror}.") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "its name is not possible").lower()
        raise EvaluatorError(f"The {what} '{name}' cannot be read: {reason}.") from error


def _run(
    program: str,
    arguments: tuple[str, ...],
    data: bytes,
    files: Mapping[str, bytes] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    asks: bool = False,
) -> _Done | None:
    """Run ssh-keygen on ``data`` in a private folder with ``files``; None where it does not finish in time.

    It has no terminal to ask at unless ``asks``, and never starts a program that asks in its place.
    """
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    clean = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "SSH_ASKPASS_REQUIRE": "never", **kept}
    with tempfile.TemporaryDirectory(prefix="evaluator-signature-") as private:
        for name, content in (files or {}).items():
            Path(private, name).write_bytes(content)
        try:
            done = subprocess.run(  # noqa: S603 - found in full, arguments of our own
                (program, *arguments),
                input=data,
                capture_output=True,
                check=False,
                cwd=private,
                env={**clean, **(environment or {})},
                timeout=_SECONDS_ASKED if asks else _SECONDS,
                start_new_session=not asks,
            )
        except subprocess.TimeoutExpired:
            return None
        except OSError as error:
            raise EvaluatorError(f"ssh-keygen cannot be run: {(error.strerror or 'it failed').lower()}.") from error
    return _Done(done.returncode == 0, done.stdout, done.stderr.decode("utf-8", "replace"))
