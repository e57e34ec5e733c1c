"""What a workspace's templates write cannot run, frame, navigate or fetch: the policy stands first, and only listed elements are let through."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import paper_cases as cases
import pytest
import tinyhtml5
from builders import write
from sampling import each_nth

from evaluator import api
from evaluator.errors import EvaluatorError, Severity
from evaluator.model.evaluated import Evaluated
from evaluator.reports.paper.content_policy import policy_of, with_policy
from evaluator.reports.paper.papers import comparison_html, recommendation_html, vendor_html

SHIPPED_DOCUMENT = (cases.SHIPPED / "templates" / "document.html").read_text(encoding="utf-8")
SCRIPT = (cases.SHIPPED / "theme" / "whatif.js").read_text(encoding="utf-8")
MARKUP = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return cases.result_of(cases.everyday())


def parsed(html: str) -> Element:
    """The document as a browser reads it."""
    root: Element = tinyhtml5.parse(html)
    return root


def first_in_head(html: str) -> dict[str, str]:
    """The attributes of the first element that a browser puts into the head, which is a meta element."""
    root = parsed(html)
    head = root.find(f"{MARKUP}head")
    assert head is not None
    assert root[0] is head
    assert head[0].tag == f"{MARKUP}meta"
    return dict(head[0].attrib)


def policy_holds(html: str, *, script: bool = False) -> None:
    """The policy of the program is what a browser reads first, and lets only its own script run."""
    first = first_in_head(html)
    assert first["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.strip().split(" ", 1) for rule in first["content"].split(";"))
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    expected = {"default-src": "'none'", "style-src": "'unsafe-inline'", "base-uri": "'none'", "form-action": "'none'"}
    assert rules == expected | ({"script-src": f"'sha256-{digest}'"} if script else {})
    assert html.index("Content-Security-Policy") < 200
    assert html.index('<meta charset="utf-8">') + 22 < 1024


def own(tmp_path: Path, **templates: str) -> list[Path]:
    """Report folders in which a workspace has ``templates`` of its own."""
    for name, text in templates.items():
        path = tmp_path / "reports" / "templates" / f"{name.replace('__', '/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [tmp_path / "reports", cases.SHIPPED]


def test_every_html_file_begins_with_the_policy(tmp_path: Path, result: Evaluated) -> None:
    policy_holds(recommendation_html(result, assets=cases.ASSETS), script=True)
    policy_holds(comparison_html(result, assets=cases.ASSETS))
    policy_holds(vendor_html(result, "v-1", assets=cases.ASSETS))
    for make, name in ((api.recommend, "recommendation"), (api.compare, "comparison")):
        html = make(result, tmp_path / f"{name}.html").read_text(encoding="utf-8")
        policy_holds(html, script=name == "recommendation")
        assert html.lower().count("<!doctype") == html.lower().count("<head>") == 1


BODY = "{% import 'parts/marks.html' as m with context %}{% block body %}{% endblock %}{% block script %}{% endblock %}"
DOCUMENTS = {
    "no head": f"<p>{BODY}",
    "nothing but text": f"text {BODY}",
    "empty": "",
    "own policy": f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src *"></head><body>{BODY}""",
    "a comment with a head": f"<!-- <head> --><!DOCTYPE html><html><head><title>x</title></head><body>{BODY}",
    "a comment in front": f"<!-- x --><!DOCTYPE html>\n<html><head>{BODY}",
    "an open comment": f"<!DOCTYPE html><html><!-- <head> -->{BODY}",
    "another doctype": f"""<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "about:legacy-compat"><html><head></head><body>{BODY}""",
    "no doctype": f"<html><head></head><body>{BODY}",
    "head with an attribute": f"<!DOCTYPE html><html><head lang='<head>'><title>x</title></head><body>{BODY}",
    "html with attributes": f"<!DOCTYPE html><html title='<head>' class=x><head></head><body>{BODY}",
    "a space that is none": f'\u00a0<!DOCTYPE html>\n<html lang="en">\n<head>\n</head><body>{BODY}',
    "a line that is none": f"\u2028<!DOCTYPE html>\n<html>\n<head></head><body>{BODY}",
    "a byte order mark": f"\ufeff<!DOCTYPE html><html><head></head><body>{BODY}",
    "a body first": f"<body><!DOCTYPE html><html><head></head>{BODY}",
    "an open title": f"<title><!DOCTYPE html><html><head></head><body>{BODY}",
    "an open style": f"<style><!DOCTYPE html><html><head></head><body>{BODY}",
    "capitals": f"<!doctype HTML><HTML><HEAD><TITLE>x</TITLE></HEAD><BODY>{BODY}",
    "another character set": f'<!DOCTYPE html><html><head><meta charset="iso-2022-jp"></head><body>{BODY}',
    "as it shipped before": SHIPPED_DOCUMENT.replace("<head>", '<head>\n<meta charset="utf-8">\n{% block policy %}{% endblock %}'),
}  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_no_document_of_a_workspace_comes_before_the_policy(tmp_path: Path, result: Evaluated, document: str) -> None:
    assets = own(tmp_path, document=document)
    policy_holds(recommendation_html(result, assets=assets), script=True)
    policy_holds(comparison_html(result, assets=assets))
    policy_holds(vendor_html(result, "v-1", assets=assets))


def test_a_recommendation_copied_from_an_earlier_version_still_works(tmp_path: Path, result: Evaluated) -> None:
    copy = (cases.SHIPPED / "templates" / "recommendation.html").read_text(encoding="utf-8")
    block = '{% block policy %}<meta http-equiv="Content-Security-Policy" content="{{ whatif.policy }}">{% endblock %}'
    document = DOCUMENTS["as it shipped before"]
    lines = copy.split("\n", 1)
    html = recommendation_html(
        result, assets=own(tmp_path, recommendation=f"{lines[0]}\n{block}\n{lines[1]}", document=document)
    )
    policy_holds(html, script=True)
    assert html.count("Content-Security-Policy") == 2


REFUSED = [
    "<script>alert(1)</script>",
    "<SCRIPT src=https://e.example/x.js></SCRIPT>",
    "<script/x>alert(1)</script>",
    "<script type=module>import 'x'</script>",
    '<script type="speculationrules">{}</script>',
    "<svg><script>alert(1)</script></svg>",
    "{{ '<scr'|safe }}{{ 'ipt>alert(1)</script>'|safe }}",
    "{{ ('<' ~ 'iframe src=x>')|safe }}",
    "{% set x %}<{% endset %}{{ x }}{{ 'object data=x>'|safe }}",
    "<iframe srcdoc='<p>'></iframe>",
    "<frame src=x>",
    "<frameset>",
    "<object data=x></object>",
    "<embed src=x>",
    "<applet>",
    "<portal src=x>",
    "<fencedframe>",
    "<base href='https://e.example/'>",
    "<link rel=stylesheet href='https://e.example/x.css'>",
    "<link rel=dns-prefetch href='//e.example'>",
    "<LINK/rel=preconnect/href=//e.example>",
    "<form action='https://e.example/'><input name=a></form>",
    "<video src=x></video>",
    "<audio src=x></audio>",
    "<source src=x>",
    "<track src=x>",
    "<template><p></template>",
    "<noscript><p></noscript>",
    "<math><mi></math>",
    "<svg><use href='https://e.example/x.svg#a'/></svg>",
    "<svg><image href='https://e.example/x.png'/></svg>",
    "<svg><foreignObject><p></foreignObject></svg>",
    "<svg><animate attributeName=href to=javascript:alert(1)></svg>",
    "<my-element>",
    "<textarea>",
    "<plaintext>",
    "<!-- <script>alert(1)</script> -->",
    "<meta http-equiv=refresh content='0;url=https://e.example/'>",
    "<meta http-equiv='Refresh' content='0'>",
    '<meta content="0;url=https://e.example/" http-equiv="refresh">',
    '<meta/http-equiv="refresh"/content="0;url=https://e.example/">',
    '<meta name="x" content=">" http-equiv="refresh">',
    '<meta name="x" content="x" http-equiv="refresh" content="0;url=https://e.example/">',
    '<meta charset="utf-8" http-equiv="refresh">',
    "<META HTTP-EQUIV=x-dns-prefetch-control CONTENT=on>",
    '{{ \'<meta http-equiv="refresh" content="0">\'|safe }}',
]


@pytest.mark.parametrize("markup", each_nth(REFUSED, 4))
def test_an_element_that_no_paper_needs_is_refused(tmp_path: Path, result: Evaluated, markup: str) -> None:
    assets = own(tmp_path, parts__signoff=f"<p>one</p>\n{markup}\n")
    with pytest.raises(EvaluatorError, match=r"^The template '[a-z/]+\.html' .*the element <[a-z-]+>.*\.$") as caught:
        recommendation_html(result, assets=assets)
    if "{" not in markup and not re.search("<meta", markup, re.IGNORECASE):
        assert str(caught.value).startswith("The template 'parts/signoff.html' is wrong on line 2: ")


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<script>{{ result.digest }}</script>",
        "<script>{{ whatif.script }}</script>",
        "<script>{{ whatif.sizes|safe }}</script>",
        "<script> {{ whatif.script|safe }}</script>",
        "<script src=x>{{ whatif.script|safe }}</script>",
        "{% if whatif %}<p><script>{% endif %}{{ whatif.script|safe }}</script>",
    ],
)
def test_a_script_is_refused_with_template_and_line(tmp_path: Path, result: Evaluated, markup: str) -> None:
    assets = own(tmp_path, parts__signoff=f"<p>one</p>\n{markup}\n")
    with pytest.raises(EvaluatorError) as caught:
        recommendation_html(result, assets=assets)
    assert str(caught.value) == (
        "The template 'parts/signoff.html' is wrong on line 2: the element <script> may not be used in a paper."
    )


def test_the_scripts_of_the_program_may_stand_where_a_template_puts_them(tmp_path: Path, result: Evaluated) -> None:
    copy = (cases.SHIPPED / "templates" / "recommendation.html").read_text(encoding="utf-8")
    html = recommendation_html(result, assets=own(tmp_path, recommendation=copy))
    assert html == recommendation_html(result, assets=cases.ASSETS)


@pytest.mark.parametrize(
    "markup",
    [
        '<p onclick="alert(1)" style="color: red">x</p>',
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<img src='https://e.example/x.png' onerror=alert(1)>",
        "<svg onload=alert(1)><rect/></svg>",
        "<input autofocus onfocus=alert(1)>",
        "<style>@import 'https://e.example/x.css'; p { background: url(https://e.example/x) }</style>",
    ],
)
def test_what_the_policy_stops_is_under_the_policy(tmp_path: Path, result: Evaluated, markup: str) -> None:
    html = recommendation_html(result, assets=own(tmp_path, parts__signoff=markup))
    assert markup in html
    policy_holds(html, script=True)


def test_a_script_in_the_theme_of_a_workspace_is_not_used(tmp_path: Path, result: Evaluated) -> None:
    theme = tmp_path / "reports" / "theme"
    theme.mkdir(parents=True)
    (theme / "whatif.js").write_text("alert('own')", encoding="utf-8")
    html = recommendation_html(result, assets=[tmp_path / "reports", cases.SHIPPED])
    assert "alert('own')" not in html
    assert f"<script>{SCRIPT}</script>" in html
    policy_holds(html, script=True)


def test_check_names_the_script_that_is_not_used(tmp_path: Path) -> None:
    write(tmp_path, cases.everyday())
    before = api.check(tmp_path)
    theme = tmp_path / "reports" / "theme"
    theme.mkdir(parents=True)
    (theme / "whatif.js").write_text("alert('own')", encoding="utf-8")
    (found,) = set(api.check(tmp_path)) - set(before)
    assert (found.code, found.file, found.severity) == ("unused-script", "reports/theme/whatif.js", Severity.WARNING)
    assert not [problem for problem in api.check(cases.SHIPPED.parent) if problem.code == "unused-script"]


def test_the_shipped_script_can_stand_in_its_element() -> None:
    assert not re.search(r"</|<!--|[\x00-\x08\x0b-\x1f]", SCRIPT)
    assert SCRIPT.strip() + "\n" == SCRIPT


def test_a_style_sheet_of_a_workspace_ends_no_element(tmp_path: Path, result: Evaluated) -> None:
    theme = tmp_path / "reports" / "theme"
    theme.mkdir(parents=True)
    css = "p { color: red } </style><script>alert(1)</script><link rel=prefetch><!-- <style"
    (theme / "paper.css").write_text(css, encoding="utf-8")
    html = recommendation_html(result, assets=[tmp_path / "reports", cases.SHIPPED])
    policy_holds(html, script=True)
    assert len(list(parsed(html).iter(f"{MARKUP}script"))) == 2
    assert not list(parsed(html).iter(f"{MARKUP}link"))


def test_hostile_content_is_never_refused_and_adds_no_element() -> None:
    content = cases.hostile()
    content["vendors/v-4/profile.yaml"]["name"] = '<script><meta http-equiv="refresh"><iframe>'
    policy_holds(recommendation_html(cases.result_of(content), assets=cases.ASSETS), script=True)


def test_the_policy_goes_in_after_the_head_of_a_document_that_begins_as_ours() -> None:
    html = with_policy('<!DOCTYPE html>\n<html lang="de">\n<head>\n<title>x</title>', policy_of(), "en")
    assert html.startswith('<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta http-equiv="Content-Security-Policy"')
    assert html.endswith('<meta charset="utf-8">\n<title>x</title>')
