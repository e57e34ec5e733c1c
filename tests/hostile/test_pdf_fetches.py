"""A PDF reads nothing but files of the theme, whatever a template or a style sheet of a workspace refers to."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import paper_cases as cases
import pytest

from evaluator.errors import EvaluatorError
from evaluator.model.evaluated import Evaluated
from evaluator.reports.paper.papers import scorecard_pdf

WORDS = "what is somebody else's"


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return cases.result_of(cases.one_option())


def own(tmp_path: Path, kind: str, name: str, content: str) -> list[Path]:
    """Report folders in which a workspace has one file of its own, beside which a secret lies."""
    path = tmp_path / "workspace" / "reports" / kind / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return [tmp_path / "workspace" / "reports", cases.SHIPPED]


def refused(result: Evaluated, assets: list[Path], words: str) -> None:
    with pytest.raises(EvaluatorError, match=words) as caught:
        scorecard_pdf(result, result.scores.options[0].id, assets=assets)
    assert WORDS not in str(caught.value)


watched: list[list[str]] = []
"""Lists that the names of files and hosts go into while they are opened."""


def _watch(event: str, found: tuple[object, ...]) -> None:
    if watched and event in {"open", "socket.getaddrinfo", "socket.connect", "urllib.Request"}:
        watched[-1].append(str(found[0]))


sys.addaudithook(_watch)


def nothing_read(result: Evaluated, assets: list[Path]) -> None:
    """Either the engine passes over what is referred to, or the paper is refused; no file and no address is opened."""
    opened: list[str] = []
    watched.append(opened)
    try:
        content = scorecard_pdf(result, result.scores.options[0].id, assets=assets)
    except EvaluatorError as error:
        content = str(error).encode()
    finally:
        watched.pop()
    assert WORDS.encode() not in content
    assert b"/EmbeddedFile" not in content
    assert any("paper.css" in name for name in opened)
    assert not [name for name in opened if re.search(r"secret\.png|passwd|e\.example", name)]


REFERENCES = [
    "<img src='{place}' alt='x'>",
    "<img srcset='{place} 1x' src='{place}' alt='x'>",
    "<a rel='attachment' href='{place}'>x</a>",
    "<p style='background: url({place})'>x</p>",
    "<ul style='list-style-image: url({place})'><li>x</li></ul>",
    "<p style='border-image: url({place}) 1; border: 1px solid'>x</p>",
    "<p style='content: url({place})'>x</p>",
    "<style>@import '{place}';</style>",
    "<style>@import url({place}) print;</style>",
    "<style>p::before {{ content: url({place}) }}</style><p>x</p>",
    "<style>@page {{ background: url({place}) }}</style>",
    "<style>@font-face {{ font-family: x; src: url({place}) }} p {{ font-family: x }}</style><p>x</p>",
]
STOPPED = [
    "<link rel='stylesheet' href='{place}'>",
    "<link rel='attachment' href='{place}'>",
    "<object data='{place}'></object>",
    "<embed src='{place}'>",
    "<base href='{place}'><img src='x.png' alt='x'>",
    "<svg><image href='{place}' width='9' height='9'/></svg>",
    "<svg><use href='{place}#a'/></svg>",
]


@pytest.mark.parametrize("place", ["file://{secret}", "{secret}", "https://e.example/x", "data:text/css,p{{}}"])
@pytest.mark.parametrize("reference", REFERENCES)
def test_nothing_that_a_template_refers_to_is_read(
    tmp_path: Path, result: Evaluated, reference: str, place: str
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_text(WORDS, encoding="utf-8")
    markup = reference.format(place=place.format(secret=secret))
    template = (cases.SHIPPED / "templates" / "scorecard.html").read_text(encoding="utf-8")
    assets = own(
        tmp_path, "templates", "scorecard.html", template.replace("{% endblock %}", f"{markup}{{% endblock %}}")
    )
    nothing_read(result, assets)


@pytest.mark.parametrize("reference", STOPPED)
def test_elements_that_read_files_are_refused(tmp_path: Path, result: Evaluated, reference: str) -> None:
    markup = reference.format(place="file:///etc/passwd")
    refused(result, own(tmp_path, "templates", "parts/scorecard.html", markup), "may not be used in a paper")


@pytest.mark.parametrize(
    "css",
    [
        "@import 'file:///etc/passwd';",
        "@import url(https://e.example/x.css);",
        "@import 'theme:../templates/document.html';",
        "body { background: url(file:///etc/passwd) }",
        "body { background: url('/etc/passwd') }",
        "body { background: url(../../secret.png) }",
        "body { background: url(theme:..%2Fsecret.png) }",
        "body::before { content: url(https://e.example/x.png) }",
        "@page { background: url(file:///etc/passwd) }",
        "@page { @top-left { content: url(file:///etc/passwd) } }",
        "@font-face { font-family: x; src: url(file:///etc/passwd) } body { font-family: x }",
    ],
)
def test_a_style_sheet_of_a_workspace_reads_nothing(tmp_path: Path, result: Evaluated, css: str) -> None:
    nothing_read(result, own(tmp_path, "theme", "paper.css", css))


@pytest.mark.parametrize(
    "inside",
    [
        "<image xlink:href='{place}' href='{place}' width='9' height='9'/>",
        "<use xlink:href='{place}#a' href='{place}#a'/>",
        "<style>@import '{place}';</style><rect width='9' height='9'/>",
        "<rect width='9' height='9' style='fill: url({place}#a)'/>",
        "<text>&secret;</text>",
        "<image href='x.png' xml:base='{place}' width='9' height='9'/>",
    ],
)
def test_a_picture_of_a_workspace_reads_nothing(tmp_path: Path, result: Evaluated, inside: str) -> None:
    secret = tmp_path / "secret.png"
    secret.write_text(WORDS, encoding="utf-8")
    picture = (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY secret SYSTEM "file://{secret}">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20">'
        f"{inside.format(place=f'file://{secret}')}</svg>"
    )
    nothing_read(result, own(tmp_path, "theme", "logo.svg", picture))


@pytest.mark.parametrize("name", ["theme/logo.png", "theme/paper.css", "theme/fonts/Own.ttf", "theme/fonts/deep/x.bin"])
@pytest.mark.parametrize("absolute", [True, False])
def test_a_file_of_the_report_folders_that_leads_outside_is_refused(
    tmp_path: Path, result: Evaluated, name: str, *, absolute: bool
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_text(WORDS, encoding="utf-8")
    path = tmp_path / "workspace" / "reports" / name
    path.parent.mkdir(parents=True)
    path.symlink_to(secret if absolute else os.path.relpath(secret, path.parent))
    refused(result, [tmp_path / "workspace" / "reports", cases.SHIPPED], "leads out of the workspace's report folder")


@pytest.mark.parametrize("name", ["theme", "theme/fonts", "theme/fonts/deep"])
def test_a_folder_of_the_report_folders_that_leads_outside_is_refused(
    tmp_path: Path, result: Evaluated, name: str
) -> None:
    outside = tmp_path / "outside"
    (outside / "fonts").mkdir(parents=True)
    (outside / "paper.css").write_text(WORDS, encoding="utf-8")
    path = tmp_path / "workspace" / "reports" / name
    path.parent.mkdir(parents=True)
    path.symlink_to(outside)
    refused(result, [tmp_path / "workspace" / "reports", cases.SHIPPED], "leads out of the workspace's report folder")
