"""The words of the papers: every one can be changed, none is left behind, and a wrong file is told with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import get_args

import paper_cases as cases
import pytest
from builders import write
from paper_cases import ASSETS
from pypdf import PdfReader

from evaluator import api
from evaluator.api.sensitivity import with_questions, with_sensitivity
from evaluator.cli.main import main
from evaluator.errors import ContentError, EvaluatorError
from evaluator.model.base import Confidence
from evaluator.model.cost import Coverage
from evaluator.model.evaluated import Evaluated, GateOutcome, OptionVerdict
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.renamed_keys import STRING_GROUPS, STRINGS
from evaluator.model.scorecard import Scorecard
from evaluator.model.sensitivity import OpenReason
from evaluator.model.vendor import Price, PriceUnit
from evaluator.model.workspace import Decider
from evaluator.reports import language, words
from evaluator.reports.language import ENGLISH, filled, language_of, language_problems, placeholders
from evaluator.reports.paper import sections, views
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.papers import comparison_html, recommendation_html, recommendation_pdf, vendor_html
from evaluator.reports.paper.rendering import Say
from evaluator.reports.paper.trial_weights import WORDS
from evaluator.sensitivity.method_comparison import METHODS
from evaluator.workspace.yaml_writer import dump

REPORTS = Path(__file__).parents[2] / "reports"
OTHER_LETTERS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "АБЦДЕФГХИЙКЛМНОПЯРСТУВШЧЫЗабцдефгхийклмнопярстувшчыз"
)
NOT_WORDS = {
    "Keeney",
    "Raiffa",
    "Decisions",
    "with",
    "Multiple",
    "Objectives",
    "Jiménez",
    "Mateos",
    "Ríos",
    "Insua",
} | {
    *("Omega", "Weber", "Eisenführ", "von", "Winterfeldt", "Management", "Science", "Nemhauser", "Wolsey", "Fisher"),
    *("Mathematical", "Programming", "and"),
}
"""The works that the method cites stay as they are."""


def changed(string: str) -> str:
    """``string`` in letters of another alphabet, its placeholders as they were."""
    return "".join(
        part if part.startswith("{") else part.translate(OTHER_LETTERS) for part in re.split(r"(\{[a-z_]+\})", string)
    )


def workspace_with(folder: Path, text: str) -> tuple[Path, Path]:
    """Report folders of a workspace whose language file is ``text``, and the shipped ones."""
    (folder / "reports").mkdir(exist_ok=True)
    (folder / "reports" / "language.yaml").write_text(text, encoding="utf-8")
    return folder / "reports", *ASSETS


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace that changes every string."""
    strings = {key: changed(string) for key, string in ENGLISH.strings.items()}
    content = {"schema": "language/1", "lang": "bg", "strings": strings}
    return workspace_with(tmp_path_factory.mktemp("foreign"), dump(content))


class Words(HTMLParser):
    """All that a reader sees or hears of a page."""

    ATTRIBUTES = ("alt", "aria-label", "title", "data-short", "data-mark", "content")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "script"}
        named = dict(attrs)
        if tag != "meta" or named.get("name") in {"description", "keywords"}:
            self.found += [named[name] or "" for name in self.ATTRIBUTES if name in named]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def latin(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-zÀ-ſ]{2,}", text))


CODES = {
    "decides",
    "consulted",
    "informed",
    "desk review",
    "moderation",
    "low",
    "medium",
    "high",
    "native",
    "partial",
} | {
    *(
        "built",
        "none",
        "unknown",
        "flat",
        "maker",
        "user",
        "month",
        "year",
        "starter",
        "all",
        "any",
        "cloud",
        "product",
    ),
    *("vendor", "personal", "team", "department", "enterprise", "read", "write", "both"),
}
"""What the files say by a word of their own and papers by one of the language."""


def values(part: object) -> Iterator[str]:
    """Every text in plain data, without its keys."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from values(value)
    elif isinstance(part, list):
        for value in part:
            yield from values(value)


def left_behind(page: str, result: Evaluated) -> set[str]:
    """Latin words of the page that are neither the workspace's nor the one sentence on how scorecards were combined."""
    own = {text for text in values(result.workspace.model_dump(mode="json")) if text not in CODES}
    own |= {fact.topic for vendor in result.workspace.options for fact in vendor.profile.facts}
    own |= {
        result.scores.combination,
        *(criterion.replace("-", " ") for criterion in result.workspace.weights.criteria),
    }
    order = sorted((text for text in own if len(text) > 1), key=len, reverse=True)
    known = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in order), re.IGNORECASE)
    texts = [known.sub(" ", re.sub(r"\b[0-9a-f]{12,64}\b", "", text)) for text in Words(page).found]
    return {word for text in texts for word in latin(text) - NOT_WORDS}


def case(name: str) -> Evaluated:
    return cases.result_of(cases.EDGES[name]())


CASES: dict[str, Callable[[], Evaluated]] = {
    "everyday": lambda: with_questions(with_sensitivity(cases.result_of(cases.everyday()))),
    **{name: partial(case, name) for name in cases.EDGES if name != "hostile"},
    "final": lambda: cases.result_of(cases.final()),
    "limited": lambda: with_questions(with_sensitivity(cases.result_of(cases.limited()))),
}


@pytest.mark.parametrize("name", CASES)
def test_no_word_of_a_paper_is_beyond_the_language_file(name: str, foreign: tuple[Path, Path]) -> None:
    result = CASES[name]()
    # Findings are part of the result, not of the paper's own words.
    result = replace(result, final=tuple(replace(check, finding="") for check in result.final))
    pages = [recommendation_html(result, assets=foreign), comparison_html(result, assets=foreign)]
    pages += [vendor_html(result, option.id, assets=foreign) for option in result.scores.options[:2]]
    for page in pages:
        assert left_behind(page, result) == set()


def test_the_search_finds_words_that_were_left_behind() -> None:
    result = cases.result_of(cases.everyday())
    found = left_behind(recommendation_html(result, assets=ASSETS), result)
    assert found >= {"Recommendation", "Contents", "Score", "Criterion", "Verdict", "Approve", "conditional"}


def test_the_other_language_reaches_document_footer_and_script(foreign: tuple[Path, Path]) -> None:
    result = cases.result_of(cases.everyday())
    page = recommendation_html(result, assets=foreign)
    assert '<html lang="bg">' in page
    told = json.loads(page.split('id="whatif-data">')[1].split("</script>")[0])["words"]
    assert told == {word: changed(ENGLISH.string(f"whatif.{word}")) for word in WORDS}
    paper = PdfReader(BytesIO(recommendation_pdf(result, assets=foreign)))
    assert str(paper.root_object["/Lang"]) == "bg"
    foot = " ".join(paper.pages[2].extract_text().split())
    assert filled(changed(ENGLISH.string("foot.page")), {"page": 3, "pages": len(paper.pages)}) in foot
    assert f"{changed('as of')} 2026-11-24" in foot


def test_a_file_that_changes_one_word_changes_that_word_alone(tmp_path: Path) -> None:
    result = cases.result_of(cases.everyday())
    text = "schema: language/1\nlang: en-GB\nstrings:\n  contents.contents: In this paper\n"
    page = recommendation_html(result, assets=workspace_with(tmp_path, text))
    usual = recommendation_html(result, assets=ASSETS)
    assert page == usual.replace(">Contents<", ">In this paper<").replace('lang="en"', 'lang="en-GB"')
    assert page != usual


def test_a_string_is_text_and_never_markup_template_or_style(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> [[ 7 * 7 ]] </style> \\22 \" ' url(x)"
    strings = {"contents.contents": hostile, "foot.page": hostile + "{page}{pages}", "whatif.equal": hostile}
    folders = workspace_with(tmp_path, dump({"schema": "language/1", "lang": "en", "strings": strings}))
    page = recommendation_html(cases.result_of(cases.everyday()), assets=folders)
    assert "<script>alert" not in page
    assert page.count("</style>") == 1
    assert page.count("</script>") == 2
    foot = page.split("@bottom-right { content: ")[1].split(" }")[0]
    assert re.fullmatch(r'"(?:[A-Za-z0-9 ]|\\[0-9a-f]+ )*" counter\(page\) counter\(pages\)', foot)


BROKEN = {
    "unknown key": ("  words.option: Wahl", 4, "no paper has a string 'words.option' (did you mean word.option?)"),
    "key like none": ("  zzz: Wahl", 4, "no paper has a string 'zzz' (remove it)"),
    "placeholder missing": (
        "  options.up-to: bis",
        4,
        "the string 'options.up-to' lacks {class_title} (the shipped one is: up to {class_title})",
    ),
    "placeholder unknown": (
        "  word.option: Wahl {n}",
        4,
        "the string 'word.option' has the unknown placeholder {n} (it may hold none)",
    ),
    "attribute of a placeholder": (
        "  place.section: Teil {number} {number.real}",
        4,
        "the string 'place.section' has a brace that belongs to no placeholder (write placeholders as {name})",
    ),
    "not a string": ("  word.option: 7", 4, "strings.word.option: expected text, found 7"),
    "empty": ('  word.option: ""', 4, "strings.word.option: expected"),
    "list": ("  word.option: [Wahl]", 4, "strings.word.option: expected text, found a list"),
    "twice": ("  word.option: Wahl\n  word.option: Wahl", 5, "word.option"),
    "broken YAML": ("  word.option: [Wahl", 5, ""),
}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("command", ["recommend", "compare"])
def test_a_wrong_file_is_a_sentence_with_its_line(
    command: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, cases.final())
    line, number, message = BROKEN[fault]
    workspace_with(tmp_path, f"schema: language/1\nlang: de\nstrings:\n{line}\n")
    target = tmp_path / "paper.html"
    target.write_text("the old paper", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main([command, "-o", str(target), "--workspace", str(tmp_path)])
    told = [text for text in capsys.readouterr().err.splitlines() if text.startswith("reports/")]
    assert stopped.value.code == 1
    assert len(told) == 1
    assert told[0].startswith(f"reports/language.yaml:{number}:")
    assert message in told[0]
    assert target.read_text(encoding="utf-8") == "the old paper"
    assert sorted(path.name for path in tmp_path.glob("*paper*")) == ["paper.html"]


@pytest.mark.parametrize("tag", ["german", "d", "de_DE", '""', "5"])
def test_a_bad_language_tag_is_told(tag: str, tmp_path: Path) -> None:
    folders = workspace_with(tmp_path, f"schema: language/1\nlang: {tag}\n")
    with pytest.raises(ContentError) as stopped:
        language_of(Assets.of(folders))
    (problem,) = stopped.value.problems
    assert (problem.file, problem.line) == ("reports/language.yaml", 2)
    assert problem.message.startswith(
        "lang: expected text" if tag == "5" else "lang: expected a language tag such as de or pt-BR"
    )


def test_check_tells_every_mistake_and_a_link_out_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "w", cases.final())
    root.mkdir(exist_ok=True)
    workspace_with(root, "schema: language/1\nlang: de\nstrings:\n  zzz: a\n  word.option: '{n}'\n")
    assert [(problem.line, problem.code) for problem in api.check(root)] == [(4, "bad-string"), (5, "bad-string")]
    outside = tmp_path / "outside.yaml"
    outside.write_text("schema: language/1\nlang: de\n", encoding="utf-8")
    (root / "reports" / "language.yaml").unlink()
    (root / "reports" / "language.yaml").symlink_to(outside)
    (problem,) = language_problems(root / "reports")
    assert "language.yaml" in problem.place
    with pytest.raises(ContentError):
        recommendation_html(cases.result_of(cases.final()), assets=(root / "reports", *ASSETS))


def test_one_thing_may_be_said_without_its_number(tmp_path: Path) -> None:
    folders = workspace_with(tmp_path, "schema: language/1\nlang: de\nstrings:\n  count.tool.one: ein Werkzeug\n")
    say = language_of(Assets.of(folders))
    assert (say.counted(1, "tool"), say.counted(2, "tool"), say.counted(2.5, "tool")) == (
        "ein Werkzeug",
        "2 tools",
        "2.5 tools",
    )


def test_an_unknown_string_in_a_template_of_the_workspace_is_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "templates" / "parts"
    folder.mkdir(parents=True)
    (folder / "validity.html").write_text("\n{{ say('validity.stat') }}", encoding="utf-8")
    with pytest.raises(EvaluatorError, match=r"'parts/validity.html' fails on line 2: .*did you mean validity.state\?"):
        recommendation_html(cases.result_of(cases.final()), assets=(tmp_path / "reports", *ASSETS))


def test_every_string_that_templates_and_code_ask_for_is_there_and_every_one_is_asked_for() -> None:
    templates = [path.read_text(encoding="utf-8") for path in (REPORTS / "templates").rglob("*.html")]
    code = [path.read_text(encoding="utf-8") for path in Path(language.__file__).parent.rglob("*.py")]
    asked = {key for text in (*templates, *code) for key in re.findall(r"""["']([a-z-]+(?:\.[a-z0-9-]+)?)["']""", text)}
    nouns = {noun for text in templates for noun in re.findall(r'counted\("([a-z-]+)"\)', text)}
    nouns |= {noun for text in code for noun in re.findall(r"""say\.counted\(.*?, ["']([a-z-]+)["']\)""", text)}
    asked |= {f"count.{noun}" for noun in nouns}
    composed = {
        *(f"section.{key}" for key, _ in sections.MAIN),
        *(f"section.{key}" for key in sections.APPENDICES),
        *words.VERDICT_WORDS.keys_of.values(),
        *words.METHOD_WORDS.keys_of.values(),
        *(f"unit.{unit}" for unit in get_args(PriceUnit)),
        *(f"confidence.{word}" for word in get_args(Confidence)),
        *(f"part.{part}" for part in get_args(Decider.model_fields["part"].annotation)),
        *(f"kind.{kind.replace(' ', '-')}" for kind in get_args(Scorecard.model_fields["kind"].annotation)),
        *(f"period.{period}" for period in get_args(Price.model_fields["per"].annotation)),
        *(f"whatif.{word}" for word in WORDS),
        *(f"recommendation.approve-{how}{tail}" for how in ("alone", "together") for tail in ("", "-on-conditions")),
        *(f"service.{who}-{what}" for who in ("it", "they") for what in ("covers", "waits", "only-waits", "leaves")),
        *(f"gates.policy-{which}" for which in ("starter", "all", "chosen")),
        *(f"method.policy-several-{which}" for which in ("any", "all")),
        *(f"seal.{which}" for which in ("before", "same-day", "late", "changed", "resealed", "resealed-changed")),
        *("seal.before-no-answer", "seal.changed-no-answer"),
        *words.OPEN_REASON_WORDS.keys_of.values(),
        *("reasons.value-one-within-limits", "reasons.value-against-one-within-limits", "one-tool.best-within-limits"),
        *("shared.owner", "shared.region"),
        *("needed.stale", "needed.beyond-its-evidence", "needed.unsupported"),
        *(f"first-place.{which}.{how}" for which in ("only", "clear") for how in ("open", "supported", "plain")),
        *(f"exit.{what}{tail}" for what in ("notice", "retrieval") for tail in ("", "-unknown")),
        *("sensitivity.below", "sensitivity.above", "list.and", "list.or"),
    }
    known = {key.removesuffix(".one").removesuffix(".many") for key in ENGLISH.strings}
    assert known - asked == composed - asked
    assert composed <= known
    groups = {key.partition(".")[0] for key in known}
    keys = {
        key
        for key in asked
        if key.partition(".")[0] in groups and "." in key and not key.endswith((".html", ".js", "-"))
    }
    assert keys <= known
    for key in ENGLISH.strings:
        if key.endswith((".one", ".many")):
            stem = key.rpartition(".")[0]
            assert {f"{stem}.one", f"{stem}.many"} <= ENGLISH.strings.keys()
            assert placeholders(ENGLISH.strings[f"{stem}.one"]) <= placeholders(ENGLISH.strings[f"{stem}.many"])


def test_every_outcome_status_and_method_has_a_word_of_its_own() -> None:
    for kind, vocabulary in (
        (GateOutcome, words.GATE_WORDS),
        (Coverage, words.COVERAGE_WORDS),
        (EvidenceStatus, words.EVIDENCE_STATUS_WORDS),
        (OptionVerdict, words.VERDICT_WORDS),
        (OpenReason, words.OPEN_REASON_WORDS),
    ):
        called = {str(key): word for key, word in vocabulary.items()}
        assert called.keys() == {str(key) for key in kind}
        assert len(set(called.values())) == len(called)
    assert set(words.METHOD_WORDS) == set(METHODS)
    other = language.Language("de", dict.fromkeys(ENGLISH.strings, "anders"))
    assert words.GATE_WORDS[GateOutcome.MET] == "met"
    assert words.GATE_WORDS.word(GateOutcome.MET, other) == "anders"
    assert {views.STATES[key.value].word for key in GateOutcome} == set(words.GATE_WORDS.keys_of.values())
    for n in (0, 1, 2, 2.5):
        assert ENGLISH.counted(n, "criterion") == f"{n} {'criterion' if n == 1 else 'criteria'}"


def test_values_of_strings_are_escaped_unless_they_are_markup() -> None:
    say = Say(ENGLISH)
    link = say("place.section", number="<3>")
    assert link == "section &lt;3&gt;"
    assert say("marks.see", place=link) == "see section &lt;3&gt;"


@pytest.mark.parametrize("string", [" ", "\u200b", "a\u202eb", "a\tb", "x" * 1001])
def test_a_string_that_cannot_be_read_is_refused(string: str, tmp_path: Path) -> None:
    content = {"schema": "language/1", "lang": "en", "strings": {"word.draft": string}}
    folder, _ = workspace_with(tmp_path, dump(content))
    problems = language_problems(folder)
    assert [problem.line for problem in problems] == [4]


def test_a_template_that_leaves_out_a_value_is_told_which() -> None:
    with pytest.raises(LookupError, match=r"the string 'list.more' needs \{n\}"):
        ENGLISH("list.more")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("state.firm", "state.supported"),
        ("firmness.turns-caption", "sensitivity.breakeven-caption"),
        ("firmness.lead-shared.one", "sensitivity.lead-shared.one"),
        ("cure.stale", "needed.stale"),
        ("conditions.levels.many", "conditions.gates.many"),
        ("standing", "summary"),
    ],
)
def test_an_old_key_is_told_the_new_one_with_its_line(old: str, new: str, tmp_path: Path) -> None:
    folder, _ = workspace_with(tmp_path, dump({"schema": "language/1", "lang": "en", "strings": {old: "text"}}))
    (problem,) = language_problems(folder)
    assert (problem.line, problem.message) == (4, f"the string '{old}' is called '{new}' now")
    assert ENGLISH.string(new) in problem.hint
    with pytest.raises(LookupError, match=f"there is no string '{old}'; it is called '{new}' now"):
        ENGLISH.string(old)


def test_every_old_key_leads_to_a_string_and_none_is_still_there() -> None:
    known = {key.removesuffix(".one").removesuffix(".many") for key in ENGLISH.strings}
    assert set(STRINGS.values()) <= known
    assert not set(STRINGS) & known
    groups = {key.partition(".")[0] for key in known}
    assert set(STRING_GROUPS.values()) <= groups
    assert not set(STRING_GROUPS) & groups


@pytest.mark.parametrize("key", ["firmness.zzz", "cure", "word.zzz"])
def test_a_key_that_never_was_is_unknown(key: str, tmp_path: Path) -> None:
    folder, _ = workspace_with(tmp_path, dump({"schema": "language/1", "lang": "en", "strings": {key: "text"}}))
    (problem,) = language_problems(folder)
    assert problem.message == f"no paper has a string '{key}'"
