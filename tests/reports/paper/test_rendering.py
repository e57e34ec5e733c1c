"""The door to templates: what comes from content is text and nothing else, and a wrong template is one sentence."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import paper_cases as cases
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import EvaluatorError
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.papers import recommendation_html
from evaluator.reports.paper.rendering import clean, render, safe_link


class Tags(HTMLParser):
    """The elements and attributes of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def own(tmp_path: Path, **templates: str) -> Assets:
    """The shipped report folder behind a workspace's own with ``templates``."""
    folder = tmp_path / "reports" / "templates"
    folder.mkdir(parents=True)
    for name, text in templates.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return Assets.of([tmp_path / "reports", cases.SHIPPED])


def test_hostile_content_adds_no_element_no_attribute_and_no_link() -> None:
    harmless = Tags(recommendation_html(cases.result_of(cases.everyday()), assets=cases.ASSETS))
    attacked = Tags(recommendation_html(cases.result_of(cases.hostile()), assets=cases.ASSETS))
    assert set(attacked.names) <= set(harmless.names)
    assert attacked.attributes <= harmless.attributes
    assert attacked.names.count("style") == 1
    assert attacked.names.count("script") == harmless.names.count("script") == 2
    for link in attacked.links:
        assert link.startswith(("#", "https://ok.example/", "https://v-", "https://vendor.example/")), link


def test_templates_in_content_are_text() -> None:
    html = recommendation_html(cases.result_of(cases.hostile()), assets=cases.ASSETS)
    assert "{{ 7 * 7 }}" in html
    assert "{% raw %}" in html


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://vendor.example/a?b=c#d", True),
        ("http://vendor.example", True),
        ("HTTPS://vendor.example", True),
        ("https:///etc/passwd", False),
        ("https://ven dor.example", False),
        ("https://vendor.example/\nx", False),
        ("https://[broken", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//vendor.example/x", False),
        ("interview with the vendor", False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_become_links(address: str | None, followed: bool) -> None:  # noqa: FBT001
    assert safe_link(address) == (address if followed else None)


@given(st.text())
def test_no_text_can_reorder_or_break_a_page(text: str) -> None:
    kept = clean(text)
    assert isinstance(kept, str)
    kept.encode("utf-8")
    assert not set(kept) & set("\x00\x08\x0b\u202e\u2066\u2069\ufffe")
    assert clean(kept) == kept


def test_everything_is_escaped_whatever_the_template_is_called(tmp_path: Path) -> None:
    assets = own(tmp_path, plain="<p title='{{ name }}'>{{ name }}</p>")
    html = render("plain.html", {"name": "<b>'\"&\x00\u202e"}, assets, {}, ENGLISH)
    assert html == "<p title='&lt;b&gt;&#39;&#34;&amp;'>&lt;b&gt;&#39;&#34;&amp;</p>"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\n{% if %}", "The template 'own.html' is wrong on line 2: "),
        ("a\n\n{{ missing }}", "The template 'own.html' fails on line 3: 'missing' is undefined."),
        (
            "{% include 'parts/none.html' %}",
            "The template 'own.html' fails on line 1: there is no template 'parts/none.html'.",
        ),
        ("{{ 1 / 0 }}", "The template 'own.html' fails on line 1: division by zero."),
        ("{{ ''.__class__.__mro__ }}", "The template 'own.html' fails on line 1: there is no '__class__' in a text."),
        ("{{ items.append(1) }}", "The template 'own.html' fails on line 1: "),
    ],
)
def test_a_wrong_template_is_one_sentence_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(EvaluatorError) as caught:
        render("own.html", {"items": []}, own(tmp_path, own=text), {}, ENGLISH)
    assert str(caught.value).startswith(sentence)


def test_an_error_in_the_tools_own_templates_is_a_bug(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "templates"
    folder.mkdir(parents=True)
    (folder / "own.html").write_text("{{ 1 / 0 }}", encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        render("own.html", {}, Assets.of([tmp_path / "reports"]), {}, ENGLISH)


def test_a_workspace_overrides_one_part_and_keeps_the_rest(tmp_path: Path) -> None:
    parts = tmp_path / "reports" / "templates" / "parts"
    parts.mkdir(parents=True)
    (parts / "signoff.html").write_text("<p>Signed on {{ result.as_of }}</p>", encoding="utf-8")
    html = recommendation_html(cases.result_of(cases.everyday()), assets=[tmp_path / "reports", cases.SHIPPED])
    assert "<p>Signed on 2026-11-24</p>" in html
    assert "Evidence register" in html


def test_a_workspace_overrides_the_style_but_cannot_end_it(tmp_path: Path) -> None:
    theme = tmp_path / "reports" / "theme"
    theme.mkdir(parents=True)
    (theme / "paper.css").write_text("p { color: red } </style><script>x</script>", encoding="utf-8")
    html = recommendation_html(cases.result_of(cases.all_tied()), assets=[tmp_path / "reports", cases.SHIPPED])
    assert "p { color: red }" in html
    assert "</style><script>" not in html
    assert html.count("</style>") == 1


def test_a_link_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text("secret", encoding="utf-8")
    assets = own(tmp_path / "workspace")
    (tmp_path / "workspace" / "reports" / "templates" / "own.html").symlink_to(secret)
    with pytest.raises(EvaluatorError, match="leads out of the workspace"):
        render("own.html", {}, assets, {}, ENGLISH)


def test_a_report_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "templates"
    outside.mkdir(parents=True)
    (outside / "own.html").write_text("secret", encoding="utf-8")
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "reports").symlink_to(tmp_path / "outside")
    with pytest.raises(EvaluatorError, match="leads out of the workspace"):
        render("own.html", {}, Assets.of([tmp_path / "workspace" / "reports", cases.SHIPPED]), {}, ENGLISH)


def test_bytes_that_are_no_text_are_one_sentence(tmp_path: Path) -> None:
    assets = own(tmp_path)
    (tmp_path / "reports" / "templates" / "own.html").write_bytes(b"\xff\xfe")
    with pytest.raises(EvaluatorError, match=r"'templates/own\.html' is not UTF-8 text"):
        render("own.html", {}, assets, {}, ENGLISH)


def test_missing_report_folder_and_unknown_paper_are_one_sentence(tmp_path: Path) -> None:
    result = cases.result_of(cases.one_option())
    with pytest.raises(EvaluatorError, match="the installation is incomplete"):
        recommendation_html(result, assets=[tmp_path / "none"])
    with pytest.raises(EvaluatorError, match="no paper size 'A5'"):
        recommendation_html(result, assets=cases.ASSETS, paper="A5")


def test_the_papers_module_loads_no_engine() -> None:
    program = "import sys, evaluator.reports.paper.papers; print(sorted({'jinja2', 'weasyprint', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ standings }}", "fails on line 1: 'standings' is undefined; it is called 'evidence_states' now."),
        ("{{ 'x'|cure }}", "is wrong on line 1: No filter named 'cure'; it is called 'needed' now."),
    ],
)
def test_an_old_name_in_a_template_is_told_the_new_one(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError) as caught:
        render("own.html", {}, own(tmp_path, own=text), {}, ENGLISH)
    assert str(caught.value) == f"The template 'own.html' {sentence}"


def test_a_template_file_with_an_old_name_is_not_passed_over(tmp_path: Path) -> None:
    parts = tmp_path / "reports" / "templates" / "parts"
    parts.mkdir(parents=True)
    (parts / "firmness.html").write_text("<p>own</p>", encoding="utf-8")
    with pytest.raises(EvaluatorError, match=r"'parts/firmness\.html' is called 'parts/sensitivity\.html' now"):
        recommendation_html(cases.result_of(cases.one_option()), assets=[tmp_path / "reports", cases.SHIPPED])
