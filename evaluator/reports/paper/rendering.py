"""The only module that renders with Jinja2: templates and plain values become HTML, with everything escaped.

Only files of the report folders are compiled, never text from content. Templates run in a closed environment
(:mod:`evaluator.reports.paper.template_sandbox`), because a workspace may bring its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from evaluator.errors import EvaluatorError, one_line
from evaluator.model.renamed_keys import TEMPLATE_NAMES, TEMPLATES
from evaluator.reports.language import Language, filled, form, number
from evaluator.reports.paper.assets import Assets
from evaluator.reports.paper.plain_data import Helper, plain

if TYPE_CHECKING:
    from jinja2 import TemplateError

Filters = Mapping[str, Callable[..., Any]]

# Control characters that no paper can show, lone surrogates, and the marks that turn the direction of
# the text around them: a vendor's name must not be able to reorder a page.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def clean(value: object) -> object:
    """``value`` with characters removed that cannot be printed, where it is text."""
    if isinstance(value, str) and _UNPRINTABLE.search(value):
        return type(value)(_UNPRINTABLE.sub("", value))  # marked-up text stays marked up
    return value


def safe_link(address: object) -> str | None:
    """``address`` if it is a plain http or https address with a host, else None."""
    if not isinstance(address, str) or re.search(r"\s", address) or clean(address) != address:
        return None
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and named else None


def render(template: str, context: Mapping[str, object], assets: Assets, filters: Filters, language: Language) -> str:
    """The HTML that ``template`` makes of ``context``, its strings in ``language``.

    Raises :class:`EvaluatorError` with the template's name and line where a template is wrong; where a workspace
    has no templates of its own, an error that is not Jinja's is a bug and keeps its traceback.
    """
    from jinja2 import TemplateError

    from evaluator.reports.paper.template_sandbox import BUDGET, ClosedEnvironment

    def source(name: str) -> str | None:
        return None if assets.find("templates", name) is None else assets.text("templates", name)

    own = assets.own("templates")
    for old, new in TEMPLATES.items():
        if own and assets.find("templates", old):
            raise EvaluatorError(f"The template '{old}' is called '{new}' now; rename it in the report folder.")
    environment = ClosedEnvironment(source, {**filters, "link": safe_link}, clean, BUDGET if own else inf)
    say = Say(language)
    spoken = Helper(say, lang=say.lang, number=Helper(say.number), css=Helper(say.css))
    values = {name: plain(value) for name, value in context.items()}
    try:
        return environment.get_template(template).render({"say": spoken, **values})
    except TemplateError as error:
        raise EvaluatorError(_sentence(error, template)) from error
    except EvaluatorError:
        raise
    except Exception as error:
        if not own:
            raise
        raise EvaluatorError(_failed(error, template)) from error


class Say:
    """The language as templates speak it: strings are escaped, and values that are markup stay markup."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.lang = language.tag

    def __call__(self, key: str, /, **values: object) -> str:
        """The string of ``key`` with ``values`` put in, as markup."""
        from markupsafe import Markup, escape

        escaped = {name: escape(clean(value)) for name, value in values.items()}
        return Markup(filled(escape(self._language.string(key)), escaped))  # noqa: S704 - every part was escaped

    def number(self, key: str, n: float, /, **values: object) -> str:
        """The string for one or another number of things, as markup."""
        return self(form(key, n), n=number(n), **values)

    def css(self, key: str, /, **values: str) -> str:
        """The string of ``key`` as the value of the CSS property ``content``; ``values`` are CSS expressions."""
        from markupsafe import Markup

        parts = re.split(r"\{([a-z_]+)\}", self._language.string(key))
        expressions = [values[part] if place % 2 else _css_string(part) for place, part in enumerate(parts) if part]
        return Markup(" ".join(expressions))  # noqa: S704 - every character of the strings is escaped


def _css_string(text: str) -> str:
    """``text`` as a CSS string that nothing in it can end."""
    return (
        '"' + "".join(letter if letter.isalnum() or letter == " " else f"\\{ord(letter):x} " for letter in text) + '"'
    )


def _sentence(error: TemplateError, template: str) -> str:
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    if isinstance(error, TemplateNotFound):
        name, line = _place(error)
        missing = f"template '{one_line(error.name)}'"
        return (
            f"The template '{name}' fails on line {line}: there is no {missing}."
            if name
            else f"The {missing} does not exist."
        )
    if isinstance(error, TemplateSyntaxError):
        return f"The template '{error.name or template}' is wrong on line {error.lineno}: {_reason(error)}."
    return _failed(error, template)


def _failed(error: BaseException, template: str) -> str:
    name, line = _place(error)
    return f"The template '{name or template}' fails on line {line}: {_reason(error)}."


def _reason(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it calls or includes itself without end"
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    reason = one_line(getattr(error, "message", None) or error, 200).rstrip(". ") or type(error).__name__
    named = re.search(r"'(\w+)'", reason)
    new = TEMPLATE_NAMES.get(named[1]) if named else None
    return f"{reason}; it is called '{new}' now" if new else reason


def _place(error: BaseException) -> tuple[str, int]:
    """The template and line where ``error`` arose; no name where it arose in code."""
    trace, name, line = error.__traceback__, "", 0
    while trace is not None:
        known = trace.tb_frame.f_globals
        if "__jinja_template__" in known or "__jinja_exception__" in known:
            name, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return name, line
