"""Where templates, style sheets, fonts and pictures of papers lie: the workspace's own first, then the shipped ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.workspace.disk import read_bounded

_MAX_BYTES = 10_000_000
"""Bytes of one template, style sheet, font or picture."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Report folders in the order in which they are searched; each holds ``templates/`` and ``theme/``.

    The last folder is the tool's own. Those before it belong to a workspace, which may come from
    anywhere: a link in them that leads out of the workspace is refused.
    """

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, folders: Sequence[Path]) -> Assets:
        """The assets in ``folders``; raises :class:`EvaluatorError` where the tool's own are missing."""
        if not folders or not folders[-1].is_dir():
            place = folders[-1] if folders else "the given place"
            raise EvaluatorError(f"The report templates are not at '{place}'; the installation is incomplete.")
        return cls(tuple(folders))

    def find(self, kind: str, name: str) -> Path | None:
        """The file ``name`` below ``kind`` (``templates`` or ``theme``), the workspace's before the tool's own."""
        for folder in self.folders:
            candidate = folder / kind / name
            if candidate.is_file():
                return self._held(folder, kind, candidate)
        return None

    def read(self, kind: str, name: str) -> bytes:
        """The content of a file; raises :class:`EvaluatorError` where it is missing or cannot be read."""
        path = self.find(kind, name)
        if path is None:
            raise EvaluatorError(f"The report file '{kind}/{name}' does not exist.")
        try:
            return read_bounded(path, _MAX_BYTES)
        except OSError as error:
            raise EvaluatorError(f"The report file '{path}' cannot be read: {error.strerror}.") from error

    def text(self, kind: str, name: str) -> str:
        """Like :meth:`read`, as text; raises :class:`EvaluatorError` where it is not UTF-8."""
        try:
            return self.read(kind, name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise EvaluatorError(f"The report file '{kind}/{name}' is not UTF-8 text.") from error

    def own(self, kind: str) -> bool:
        """Whether a workspace folder, not the tool's own, may provide files of ``kind``."""
        shipped = self.folders[-1].resolve()
        return any((folder / kind).is_dir() and folder.resolve() != shipped for folder in self.folders[:-1])

    def font_folders(self) -> tuple[Path, ...]:
        """Every existing folder of fonts; a workspace adds its own to the shipped ones.

        The engine reads whatever lies in such a folder, so nothing in it may lead elsewhere.
        """
        folders = []
        for folder in self.folders:
            fonts = folder / "theme" / "fonts"
            for path in (fonts, *(sorted(fonts.rglob("*")) if folder != self.folders[-1] else ())):
                self._held(folder, "theme", path)
            folders.append(fonts.resolve())
        return tuple(folder for folder in folders if folder.is_dir())

    def _held(self, folder: Path, kind: str, path: Path) -> Path:
        """``path`` without links; refused where it leaves ``kind``, or a workspace folder's own workspace."""
        resolved = path.resolve()
        if folder == self.folders[-1]:
            if ".." in path.relative_to(folder).parts:
                raise EvaluatorError(f"The report file '{kind}/{path.name}' lies outside the report folder.")
            return resolved
        home = folder.parent.resolve() / folder.name / kind
        if resolved != home and home not in resolved.parents:
            raise EvaluatorError(f"'{path}' leads out of the workspace's report folder, so it is not used.")
        return resolved
