"""A workspace's own templates cannot run code, read what they are not given, or work without end; what people write still works."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import paper_cases as cases
import pytest
from builders import write
from jinja2 import StrictUndefined
from pydantic import BaseModel

from evaluator import api
from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.evaluated import Evaluated
from evaluator.reports.language import ENGLISH
from evaluator.reports.paper import template_sandbox
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.context import filters, look_ups
from evaluator.reports.paper.papers import by_name, recommendation_html
from evaluator.reports.paper.plain_data import SCALARS, Helper, ReadOnlyRecord, field, opened, plain
from evaluator.reports.paper.rendering import render

ROOT = Path(__file__).parents[2]


class Payload:
    """Touches a file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.marker}",)


@pytest.fixture(scope="module")
def result() -> Evaluated:
    return cases.result_of(cases.everyday())


@pytest.fixture(scope="module")
def given(result: Evaluated) -> dict[str, object]:
    """What every template is given, and a few values of each other type."""
    held = {
        "text": "a",
        "number": 7,
        "list": ("a", "b"),
        "pairs": {"a": 1},
        "chosen_ids": frozenset("a"),
        "when": date(2026, 1, 2),
    }
    return {**by_name(look_ups(result, ENGLISH)), **held}


def rendered(tmp_path: Path, result: Evaluated, given: dict[str, object], text: str) -> str:
    """What a workspace's own template of ``text`` writes."""
    folder = tmp_path / "reports" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.html").write_text(text, encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    assets = Assets.of([tmp_path / "reports", cases.SHIPPED])
    return render("own.html", given, assets, filters(result, ENGLISH), ENGLISH)


def refused(tmp_path: Path, result: Evaluated, given: dict[str, object], text: str) -> str:
    """The sentence in which the template is refused; it names the template and the line, the third."""
    with pytest.raises(EvaluatorError) as caught:
        rendered(tmp_path, result, given, f"first\nsecond\n{text}")
    sentence = str(caught.value)
    assert sentence.startswith("The template 'own.html' "), sentence
    assert " on line 3: " in sentence, sentence
    assert sentence.endswith(".")
    assert not sentence.endswith(". .")
    assert "\n" not in sentence
    return sentence


def public(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


METHODS = [
    *(("evaluation", name) for name in public(BaseModel)),
    *(("text", name) for name in public(str)),
    *(("list", name) for name in public(tuple)),
    *(("pairs", name) for name in public(dict) if name not in template_sandbox.MAPPING),
    *(("number", name) for name in public(int)),
    *(("chosen_ids", name) for name in public(frozenset)),
    *(("when", name) for name in public(date) if name not in template_sandbox.DATE),
]


@pytest.mark.parametrize(("value", "method"), METHODS, ids=str)
def test_no_method_of_any_value_can_be_reached(
    tmp_path: Path, result: Evaluated, given: dict[str, object], value: str, method: str
) -> None:
    refused(tmp_path, result, given, f"{{{{ {value}.{method} }}}}")
    refused(tmp_path, result, given, f"{{{{ {value}['{method}'] }}}}")
    refused(tmp_path, result, given, f"{{% set x = {value}.{method}() %}}")


ESCAPES = [
    # Attributes of Python's own, by every road to an attribute.
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ text['__cla' ~ 'ss__'] }}",
    "{{ ()|attr('__class__') }}",
    "{{ [text]|map(attribute='__class__')|first }}",
    "{{ [text]|map(attribute='__class__.__mro__')|join }}",
    "{{ [text]|map('attr', '__class__')|list }}",
    "{{ [evaluation]|map(attribute='__class__')|join }}",
    "{{ [evaluation]|map(attribute='_value')|join }}",
    "{{ [evaluation]|map(attribute='parse_raw')|join }}",
    "{{ [text]|selectattr('__class__')|list }}",
    "{{ [text]|rejectattr('__class__')|list }}",
    "{{ [evaluation]|selectattr('model_config')|list }}",
    "{{ [text, text]|sort(attribute='__class__') }}",
    "{{ [text]|join(', ', attribute='__class__') }}",
    "{{ [text]|unique(attribute='__class__')|join }}",
    "{{ [text, text]|max(attribute='__class__') }}",
    "{{ [text]|groupby('__class__') }}",
    "{{ [text]|sum(attribute='__class__') }}",
    "{{ [[text, 1]]|dictsort }}",
    "{{ evaluation._value }}",
    "{{ evaluation['_value'] }}",
    "{{ evaluation._read }}",
    "{{ evaluation.__dict__ }}",
    "{{ evaluation.__class__.__init__.__globals__ }}",
    "{{ evaluation.__pydantic_validator__ }}",
    "{{ result.workspace.__class__ }}",
    "{{ scores.options[0].__slots__ }}",
    "{{ scores.options[0].__dataclass_fields__ }}",
    "{{ scores.options.__class__ }}",
    "{{ criteria.__class__.fromkeys }}",
    "{{ when.__reduce_ex__(4) }}",
    "{{ number.__class__ }}",
    "{{ number.real.__class__ }}",
    "{{ number.to_bytes(4) }}",
    # Functions and what belongs to them.
    "{{ say.__globals__ }}",
    "{{ say.__call__ }}",
    "{{ say.function }}",
    "{{ say.function.__globals__ }}",
    "{{ say.parts }}",
    "{{ say.number.function.__self__ }}",
    "{{ say['function'] }}",
    "{{ register.cited.function.__closure__ }}",
    "{{ scores.options[0].cell.function }}",
    "{{ scores.options[0].cell.__func__ }}",
    "{{ pairs.get.function }}",
    "{{ range.function }}",
    "{{ range.__class__ }}",
    "{{ say }}",
    "{% macro m() %}{% endmacro %}{{ m }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m.name }}",
    "{% macro m() %}{% endmacro %}{{ m._environment }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% macro m() %}{{ varargs.__class__ }}{% endmacro %}{{ m(1) }}",
    "{% macro m() %}{{ kwargs.__class__ }}{% endmacro %}{{ m(a=1) }}",
    "{% import 'parts/marks.html' as m with context %}{{ m.__name__ }}",
    "{% import 'parts/marks.html' as m with context %}{{ m.__dict__ }}",
    "{% import 'parts/marks.html' as m with context %}{{ m._body_stream }}",
    "{% import 'parts/marks.html' as m with context %}{{ m.who.__class__ }}",
    "{% import 'parts/marks.html' as m with context %}{{ m['who'] }}",
    "{% from 'parts/marks.html' import _body_stream %}",
    "{% for a in list %}{{ loop.__class__ }}{% endfor %}",
    "{% for a in list %}{{ loop._iterable }}{% endfor %}",
    "{% for a in list %}{{ loop._undefined }}{% endfor %}",
    "{% for a in list %}{{ loop.cycle.__globals__ }}{% endfor %}",
    "{% for a in list %}{{ loop['_recurse'] }}{% endfor %}",
    "{% for a in list %}{{ loop }}{% endfor %}",
    "{% for a in list %}{{ loop(list) }}{% endfor %}",
    "{{ self }}",
    "{{ self.__class__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ self.__init__.__globals__.__builtins__ }}",
    "{% block body %}{{ super.__self__ }}{% endblock %}",
    "{% block body %}{{ self.body }}{% endblock %}",
    # What Jinja brings along.
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ cycler(1) }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ joiner() }}",
    "{{ namespace.__init__.__globals__ }}",
    "{% set ns = namespace(x=1) %}",
    "{{ lipsum.__globals__.os.popen('id').read() }}",
    "{{ lipsum() }}",
    "{{ dict(a=1) }}",
    "{{ dict.__base__ }}",
    "{{ config }}",
    "{{ request }}",
    "{{ environment }}",
    "{{ context }}",
    "{{ __builtins__ }}",
    "{{ _ }}",
    "{{ undefined_name.__class__ }}",
    "{{ text|attr('upper') }}",
    "{{ text|format(1) }}",
    "{{ '%s'|format(evaluation) }}",
    "{{ text|replace('a', 'b') }}",
    "{{ evaluation|pprint }}",
    "{{ evaluation|tojson }}",
    "{{ evaluation|string }}",
    "{{ evaluation|safe }}",
    "{{ evaluation|escape }}",
    "{{ list|random }}",
    "{{ pairs|xmlattr }}",
    "{{ list|map('nothing')|list }}",
    "{{ list|map('attr', 'x')|list }}",
    "{{ list|map('spend')|list }}",
    "{{ list|map('looped')|list }}",
    "{{ text is callable }}",
    "{{ text is sameas text }}",
    "{{ text is filter }}",
    "{{ list|select('callable')|list }}",
    "{% autoescape false %}{{ text }}{% endautoescape %}",
    "{% do list.append(1) %}",
    "{% trans %}x{% endtrans %}",
    "{% debug %}",
    "{% break %}",
    # Text that is a program elsewhere.
    "{{ '{0.__class__}'.format(evaluation) }}",
    "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "{{ '%s' % evaluation }}",
    "{{ '%(a)s' % pairs }}",
    "{{ text.join(list) }}",
    "{{ ('{0.__class__}'|safe).format(evaluation) }}",
    "{{ ('x'|escape).unescape() }}",
    "{{ say('{evaluation.__class__}') }}",
    "{{ say('evaluation.__class__') }}",
    "{{ say('word.rank', __class__=1).__class__ }}",
    "{{ say(evaluation) }}",
    "{{ say('head.dates', date=evaluation, digest=1, version=1) }}",
    "{{ say.number('__class__', 1) }}",
    "{{ say.css('foot.page', page=evaluation, pages=1) }}",
    # Helpers and filters with what is not meant for them.
    "{{ evaluation|money }}",
    "{{ say|money }}",
    "{{ evaluation|needed }}",
    "{{ evaluation|price }}",
    "{{ text|use_title }}",
    "{{ evaluation|points }}",
    "{{ evaluation|f2 }}",
    "{{ evaluation|shortened(3) }}",
    "{{ evaluation|named }}",
    "{{ [evaluation, evaluation]|named }}",
    "{{ 'x'|title_of }}",
    "{{ '__class__'|groups }}",
    "{{ register.cited('v-1', evaluation) }}",
    "{{ scores.options[0].cell('__class__') }}",
    "{{ scores.options[0].cell(evaluation) }}",
    # Values as a whole.
    "{{ evaluation }}",
    "{{ result }}",
    "{{ scores.options }}",
    "{{ pairs }}",
    "{{ chosen_ids }}",
    "{{ range(3) }}",
    "{{ text ~ evaluation }}",
    "{{ text ~ list }}",
    "{{ list + list }}",
    "{{ list * 3 }}",
    "{{ -text }}",
    "{% for x in evaluation %}{{ x }}{% endfor %}",
    "{% for x in chosen_ids %}{% set y = x %}{{ evaluation }}{% endfor %}",
    "{% for x in say %}{% endfor %}",
    "{% for x in number %}{% endfor %}",
    "{{ evaluation[0] }}",
    "{{ evaluation[:1] }}",
    "{{ evaluation|length }}",
    "{{ evaluation() }}",
    "{{ text() }}",
    "{{ number() }}",
    "{{ list[list] }}",
    "{{ pairs[list] }}",
    # Files that are no templates of the report folders.
    "{% include '../../secret.html' %}",
    "{% include 'parts/../../../secret.html' %}",
    "{% include '/etc/passwd' %}",
    "{% include 'file:///etc/passwd' %}",
    "{% include '../language.yaml' %}",
    "{% include '..\\\\..\\\\secret.html' %}",
    "{% include 'parts//marks.html' %}",
    "{% include '.hidden.html' %}",
    "{% include '' %}",
    "{% include number %}",
    "{% include evaluation %}",
    "{% include self %}",
    "{% include ['../../secret.html', '/etc/passwd'] %}",
    "{% import '../../secret.html' as m %}",
    "{% from '/etc/passwd' import root %}",
    "{% extends '../../secret.html' %}",
    "{% extends evaluation %}",
]


def test_there_are_many_escapes() -> None:
    assert len(set(ESCAPES)) == len(ESCAPES) >= 150


@pytest.mark.parametrize("escape", ESCAPES)
def test_every_escape_is_refused_with_template_and_line(
    tmp_path: Path, result: Evaluated, given: dict[str, object], escape: str
) -> None:
    refused(tmp_path, result, given, escape)


PICKLE = (
    """evaluation.policies.parse_raw("cposix\\nsystem\\n(S'touch MARKER'\\ntR0}.", proto="pickle", allow_pickle=True)"""
)
ROUTES = [
    "{% set x = " + PICKLE + " %}",
    "{{ " + PICKLE + " }}",
    "{% if " + PICKLE + " %}{% endif %}",
    "{{ evaluation.policies.parse_file('PICKLED', proto='pickle', allow_pickle=True) }}",
    "{{ result.workspace.parse_file('PICKLED', proto='pickle', allow_pickle=True) }}",
    "{{ catalogue.model_construct.__func__.__globals__['__builtins__']['__import__']('os').system('touch MARKER') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__()[0].__init__.__globals__.os.system('touch MARKER') }}",
    "{{ cycler.__init__.__globals__.os.system('touch MARKER') }}",
    "{{ say.function.__func__.__globals__.__builtins__.__import__('os').system('touch MARKER') }}",
]


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_to_code_works_in_a_paper(tmp_path: Path, result: Evaluated, route: str) -> None:
    marker, pickled = tmp_path / "marker", tmp_path / "pickled"
    pickled.write_bytes(pickle.dumps(Payload(marker)))
    parts = tmp_path / "reports" / "templates" / "parts"
    parts.mkdir(parents=True)
    text = route.replace("MARKER", str(marker)).replace("PICKLED", str(pickled))
    (parts / "signoff.html").write_text(f"<p>\n{text}\n</p>", encoding="utf-8")
    with pytest.raises(EvaluatorError, match=r"^The template 'parts/signoff\.html' (fails|is wrong) on line 2: "):
        api.recommend(result, tmp_path / "out.html", overrides=tmp_path)
    assert not marker.exists()
    assert not (tmp_path / "out.html").exists()


def test_the_payload_of_these_tests_runs_where_it_is_let(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Payload(tmp_path / "marker")))  # noqa: S301 - so that the tests above could fail
    assert (tmp_path / "marker").exists()


@pytest.mark.parametrize("ending", ["html", "pdf"])
@pytest.mark.parametrize("command", ["recommend", "compare"])
def test_the_command_says_so_in_one_line_and_writes_nothing(tmp_path: Path, ending: str, command: str) -> None:
    workspace, marker = tmp_path / "workspace", tmp_path / "marker"
    write(workspace, cases.everyday())
    templates = workspace / "reports" / "templates"
    templates.mkdir(parents=True)
    text = (ROOT / "reports" / "templates" / "document.html").read_text(encoding="utf-8")
    (templates / "document.html").write_text(f"{ROUTES[0]}{text}".replace("MARKER", str(marker)), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "evaluator",
            command,
            "--workspace",
            str(workspace),
            "-o",
            str(tmp_path / f"out.{ending}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert (
        "The template 'document.html' fails on line 1: there is no 'parse_raw' in a record of Policies." in done.stderr
    )
    assert not marker.exists()
    assert not (tmp_path / f"out.{ending}").exists()


ENDLESS = {
    "power": "{{ 'a' * 10**9 }}",
    "times": "{{ 'a' * 1000000000 }}",
    "range": "{% for i in range(1000000000) %}{% endfor %}",
    "loops": "{% for a in range(10000) %}{% for b in range(10000) %}{% for c in range(10000) %}x{% endfor %}{% endfor %}{% endfor %}",
    "long body": "{% for a in range(10000) %}" + "a" * 100_000 + "{% endfor %}",
    "filter in loops": "{% for a in range(10000) %}{% for b in range(1000) %}{{ 'c-1'|groups|length }}{% endfor %}{% endfor %}",
    "center": "{{ 'a'|center(10000000000) }}",
    "decimals": "{{ 1.5|points(1000000000) }}",
    "negative decimals": "{{ 1.5|signed(-1) }}",
    "round": "{{ 1.5|round(1000000000) }}",
    "round up": "{{ 1.5|round(1000000000, 'ceil') }}",
    "width": "{{ '%1000000000d' % 1 }}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macro twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}",
    "include": "{% include 'own.html' %}",
    "extends": "{% extends 'own.html' %}",
    "import": "{% import 'own.html' as m %}",
    "block": "{% block a %}{{ self.a() }}{% endblock %}",
    "join text": "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
    "add text": "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
    "join list": "{% set x = 'aaaaaaaaaa' %}" + "{% set x = [x, x]|join %}" * 60 + "{{ x }}",
    "set block": "{% set x = 'aaaaaaaaaa' %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60 + "{{ x }}",
    "say": "{% set x = 'aaaaaaaaaa' %}" + "{% set x = say('word.span', low=x, high=x) %}" * 60 + "{{ x }}",
    "escape": "{% set x = '&&&&&&&&&&' %}" + "{% set x = x|escape|string %}{% set x = x ~ x %}" * 60 + "{{ x }}",
    "lists": "{% set x = ['a'] %}" + "{% set x = [x, x] %}" * 60 + "{{ x|length }}",
    "keys": "{% set x = ('a',) %}" + "{% set x = (x, x) %}" * 60 + "{{ {x: 1}|length }}",
    "compared lists": "{% set x, y = ['a'], ['a'] %}" + "{% set x, y = [x, x], [y, y] %}" * 60 + "{{ x == y }}",
    "numbers": "{% set x = 9 %}" + "{% set x = x * x %}" * 60 + "{{ x }}",
    "long number": "{{ " + "9" * 5000 + " }}",
    "nested brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "nested lists": "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "long sum": "{{ 1" + " + 1" * 5000 + " }}",
    "nested minus": "{{ " + "-" * 5000 + "1 }}",
    "nested not": "{{ " + "not " * 5000 + "1 }}",
    "nested if": "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "nested for": "{% for a in 'a' %}" * 30 + "{% endfor %}" * 30,
    "chain of fields": "{{ text" + ".value" * 5000 + " }}",
    "chain of filters": "{{ text" + "|upper" * 5000 + " }}",
    "recursive loop": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
}  # fmt: skip


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_work_without_end_is_stopped(tmp_path: Path, result: Evaluated, given: dict[str, object], text: str) -> None:
    folder = tmp_path / "reports" / "templates"
    folder.mkdir(parents=True)
    with pytest.raises(
        EvaluatorError, match=r"^The template 'own\.html' (fails|is wrong) on line 1: [^.]{10,}.*[^.\s]\.$"
    ):
        rendered(tmp_path, result, given, text)


def test_a_template_of_a_million_characters_is_refused(
    tmp_path: Path, result: Evaluated, given: dict[str, object]
) -> None:
    with pytest.raises(EvaluatorError, match="more than 1,000,000 characters"):
        rendered(tmp_path, result, given, "a" * 1_000_001)


def test_a_huge_file_of_a_report_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "reports/theme").mkdir(parents=True)
    with (tmp_path / "reports/theme/own.css").open("wb") as stream:
        stream.truncate(10_000_001)
    with pytest.raises(EvaluatorError, match=r"own\.css' cannot be read: it is larger than 10 MB\.$"):
        Assets.of([tmp_path / "reports", cases.SHIPPED]).read("theme", "own.css")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "it needs more memory than there is"),
        (KeyError(), "KeyError"),
        (ValueError("no end . ."), "no end"),
    ],
)
def test_an_error_without_words_is_a_sentence_too(
    tmp_path: Path, result: Evaluated, given: dict[str, object], error: Exception, reason: str
) -> None:
    def failing() -> None:
        raise error

    sentence = refused(tmp_path, result, {**given, "failing": Helper(failing)}, "{{ failing() }}")
    assert sentence == f"The template 'own.html' fails on line 3: {reason}."


def test_a_shipped_template_that_fails_because_of_an_own_one_is_a_sentence(tmp_path: Path, result: Evaluated) -> None:
    parts = tmp_path / "reports" / "templates" / "parts"
    parts.mkdir(parents=True)
    text = '{% import "parts/charts.html" as c with context %}{{ c.bar("x", 1, "y") }}'
    (parts / "signoff.html").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluatorError, match=r"^The template 'parts/charts\.html' fails on line \d+: "):
        recommendation_html(result, assets=[tmp_path / "reports", cases.SHIPPED])


LEGITIMATE = [
    ("{% for option in scores.options %}{{ loop.index }}/{{ loop.length }} {{ option.name }};{% endfor %}", "1/"),
    ("{% for a in list if a != 'b' %}{{ a }}{{ ', ' if not loop.last }}{% else %}none{% endfor %}", "a"),
    ("{% for key, value in pairs.items() %}{{ key }}={{ value }}{% endfor %}", "a=1"),
    ("{{ pairs.get('b', 'none') }} {{ pairs.keys()|join }} {{ pairs.values()|first }} {{ pairs.a }}", "none a 1 1"),
    ("{% if number > 3 and 'a' in list and text is string and not none %}yes{% else %}no{% endif %}", "yes"),
    ("{% if missing is defined %}yes{% elif evaluation.missing is undefined %}none{% endif %}", "none"),
    ("{{ missing|default('none') }} {{ evaluation.missing|d('none') }}", "none none"),
    ("{% macro m(a, b=2) %}{{ a }}{{ b }}{{ caller() if caller is defined }}{% endmacro %}{{ m(1) }}{% call m(3, b=4) %}!{% endcall %}", "1234!"),
    ("{% import 'parts/marks.html' as m with context %}{{ m.cite('E1') }}", '<span class="cite">E1</span>'),
    ("{% from 'parts/marks.html' import strong with context %}{{ strong('x') }}", "<strong>x</strong>"),
    ("{% include 'none.html' ignore missing %}{% include ['none.html', 'two.html'] %}", "two"),
    ("{% extends 'three.html' %}{% block a %}{{ super() }} and own{% endblock %}", "[three and own]"),
    ("{% set a, b = 1, 2 %}{% set c %}<b>{{ a + b }}</b>{% endset %}{{ c }}{% with d = 4 %}{{ d }}{% endwith %}", "<b>3</b>4"),
    ("{{ (7 / 2)|round(1) }} {{ 7 // 2 }} {{ 7 % 2 }} {{ -number }} {{ 2 * 3 - 1 }} {{ 1.25|points(2) }} {{ 3|signed }}", "3.5 3 1 -7 5 1.25 +3.0"),
    ("{{ 'b c' ~ '-' ~ 1 }} {{ 'a' + 'b' }} {{ text[0] }} {{ 'abcdef'[1:3] }} {{ list[-1] }} {{ list[:1]|first }}", "b c-1 ab a bc b a"),
    ("{{ list|reverse|list|join(', ') }} {{ [3, 1, 2]|sort|join }} {{ [1, 1, 2]|unique|list|length }} {{ [1, 4]|max }}", "b, a 123 2 4"),
    ("{{ ' X '|trim|lower }} {{ 'x y'|title }} {{ 'x'|upper }} {{ 'x y'|capitalize }} {{ '7'|int + 1 }} {{ -2|abs }}", "x X Y X X y 8 2"),
    ("{{ scores.options|map(attribute='id')|list|named }}", "v-"),
    ("{{ [1, 2, 3]|select('odd')|join }} {{ [1, 2]|reject('gt', 1)|join }} {{ scores.options|selectattr('rank', 'eq', 1)|list|length }}", "13 1 2"),
    ("{{ result.as_of|day }} {{ when }} {{ when.year }} {{ evaluation.title }}", "2026-11-24 2026-01-02 2026 "),
    ("{{ chosen.cost|money if chosen }} {{ say('word.rank') }} {{ say.number('count.tool', 2) }} {{ 2|counted('tool') }} {{ say.lang }}", "tools en"),
    ("{{ scores.options[0].cell('c-1').criterion }} {{ result.verdicts['v-1'].value }} {{ result.verdicts['v-1'] }}", "c-1 "),
    ("{{ scores.options[0].families.items()|length > 0 }} {{ criteria['c-1'].max_level }} {{ range(3)|join }}", "True 4 012"),
    ("{% filter upper %}x{% endfilter %}{# a comment #}{% raw %}{{ x }}{% endraw %}", "X{{ x }}"),
    ("{{ '<b>' }} {{ '<b>x</b>'|safe }} {{ '<i>'|e }}", "&lt;b&gt; <b>x</b> &lt;i&gt;"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LEGITIMATE, ids=[text for text, _ in LEGITIMATE])
def test_what_people_write_keeps_working(
    tmp_path: Path, result: Evaluated, given: dict[str, object], text: str, expected: str
) -> None:
    folder = tmp_path / "reports" / "templates"
    folder.mkdir(parents=True)
    (folder / "two.html").write_text("two", encoding="utf-8")
    (folder / "three.html").write_text("[{% block a %}three{% endblock %}]", encoding="utf-8")
    assert expected in rendered(tmp_path, result, given, text)


def test_every_shipped_template_works_as_a_workspaces_own(tmp_path: Path, result: Evaluated) -> None:
    """Charged and guarded, the same templates write the same paper, and spend a small part of the budget."""
    (tmp_path / "reports" / "templates" / "parts").mkdir(parents=True)
    for path in sorted((cases.SHIPPED / "templates").rglob("*.html")):
        target = tmp_path / "reports" / "templates" / path.relative_to(cases.SHIPPED / "templates")
        target.write_bytes(path.read_bytes())
    own = recommendation_html(result, assets=[tmp_path / "reports", cases.SHIPPED])
    assert own == recommendation_html(result, assets=cases.ASSETS)


def reachable(value: object, seen: set[int]) -> set[type]:
    """The types of everything that a template can come to from ``value``."""
    if id(value) in seen:
        return set()
    seen.add(id(value))
    found = {type(value)}
    if isinstance(value, ReadOnlyRecord):
        source: Any = opened(value, object)
        names = type(source).model_fields if isinstance(source, BaseModel) else [item.name for item in fields(source)]
        for name in names:
            found |= reachable(field(value, name), seen)
    elif isinstance(value, dict):
        for key, item in value.items():
            found |= {type(key)} | reachable(item, seen)
    elif isinstance(value, tuple | frozenset):
        for item in value:
            found |= reachable(item, seen)
    elif isinstance(value, Helper):
        for item in value.parts.values():
            found |= reachable(item, seen)
    return found


def test_nothing_but_plain_values_records_and_helpers_is_reachable(given: dict[str, object]) -> None:
    types = reachable(plain(given), set())
    assert types <= {*SCALARS, tuple, dict, frozenset, ReadOnlyRecord, Helper}


def test_a_value_that_is_not_plain_is_a_mistake_of_the_program() -> None:
    class Live:
        pass

    for value in (Live(), Live, print, lambda: 1, b"x", object(), sys, is_dataclass):
        with pytest.raises(TypeError):
            plain(value)
    assert StrictUndefined not in SCALARS


@pytest.mark.parametrize(
    "string",
    [
        "{date.__class__}",
        "{date!r}",
        "{date:>99999999}",
        "{0}",
        "{}",
        "{date[0]}",
        "{{date}}",
        "{date",
        "%(date)s {date.x}",
    ],
)
def test_strings_of_the_language_are_filled_by_name_only(tmp_path: Path, string: str) -> None:
    """A string with anything but the named placeholders of the shipped one is refused, and none is ever a format."""
    (tmp_path / "reports").mkdir()
    whole = f"{string} {{date}} {{digest}} {{version}}"
    (tmp_path / "reports" / "language.yaml").write_text(
        f"schema: language/1\nlang: en\nstrings:\n  head.dates: '{whole}'\n", encoding="utf-8"
    )
    with pytest.raises(ContentError):
        recommendation_html(cases.result_of(cases.one_option()), assets=[tmp_path / "reports", cases.SHIPPED])


def test_what_looks_like_a_format_in_a_value_stays_text(
    tmp_path: Path, result: Evaluated, given: dict[str, object]
) -> None:
    text = "{{ say('head.dates', date='{digest.__class__}', digest='%s', version='{0!r}') }}"
    html = rendered(tmp_path, result, given, text)
    assert "{digest.__class__}" in html
    assert "%s" in html
    assert "{0!r}" in html
