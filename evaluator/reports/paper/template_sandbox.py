"""The closed environment in which templates run: what they may use is listed here, everything else is refused.

Jinja's own sandbox forbids what is known to be dangerous. This one allows what papers need: fields and items of plain
values (see :mod:`evaluator.reports.paper.plain_data`), calls of helpers and macros, some filters and tests, arithmetic on numbers.

Work is bounded as well. Every loop, macro, block and template is charged for what its body holds, every text for its
length, every call for itself, before it happens; a template that spends more than its budget is stopped. Nothing that a
template makes is larger than what it was charged, so time and memory are bounded too.

This module loads Jinja; import it where templates are rendered.
"""

# ruff: noqa: N802, N815 - how visitors of nodes are called is Jinja's convention

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from itertools import chain, zip_longest
from math import isfinite
from types import CodeType, MethodType
from typing import Any, NoReturn

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.parser import Parser
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from evaluator.reports.paper.content_policy import refused_element
from evaluator.reports.paper.plain_data import SCALARS, Helper, ReadOnlyRecord, decimals, field, plain

FILTERS = (
    "abs", "capitalize", "d", "default", "e", "escape", "first", "float", "int", "join", "last", "length", "list", "lower",
    "map", "max", "min", "reject", "rejectattr", "reverse", "safe", "select", "selectattr", "sort", "string", "title",
    "trim", "unique", "upper",
)  # fmt: skip
"""Of Jinja's own filters; ``round`` and those of the papers come to them."""

TESTS = (
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "float", "ge", "greaterthan", "gt", "in",
    "integer", "le", "lessthan", "lt", "mapping", "ne", "none", "number", "odd", "sequence", "string", "true", "undefined",
    "==", "!=", ">", ">=", "<", "<=",
)  # fmt: skip

NODES = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Extends, nodes.Block, nodes.Include, nodes.Import,
    nodes.FromImport, nodes.For, nodes.If, nodes.With, nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.Assign,
    nodes.AssignBlock, nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword,
    nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Concat,
    nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.And, nodes.Or,
    nodes.Not, nodes.Neg, nodes.Pos, nodes.Scope,
})  # fmt: skip
"""What a template may be made of."""

LOOP = frozenset({"first", "index", "index0", "last", "length", "nextitem", "previtem", "revindex", "revindex0"})
DATE = frozenset({"year", "month", "day"})
MAPPING: Mapping[str, Callable[..., object]] = {
    "get": dict.get,
    "items": lambda mapping: tuple(mapping.items()),
    "keys": tuple,
    "values": lambda mapping: tuple(mapping.values()),
}
"""What may be called on a dictionary."""

BUDGET = 50_000_000
"""Steps and characters that the templates of one paper may spend; the shipped evaluation takes a twelfth of it."""

CALL = 100
"""Steps that a filter, a test, a helper or a macro is charged, beside the length of what it is given and gives."""

ENTRY = 4
"""Steps that an entry of a list is charged, which takes more memory than a character."""

MOST_DEPTH = 60
"""How deep tags and expressions may be nested in one another."""

MOST_SOURCE = 1_000_000
MOST_RANGE = 10_000
MOST_TEXT = 100_000
"""Characters that a template may hand to a helper at once."""

LARGEST = 10**15

_NAME = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*", re.ASCII)
_CONTAINERS = frozenset({tuple, list, dict, frozenset, range})
_HASHED = frozenset({dict, frozenset})
_OPAQUE = (ReadOnlyRecord, Helper, Macro, Undefined)
"""Values that count as one, whatever is behind them."""


class ClosedEnvironment(SandboxedEnvironment):
    """Compiles and runs the templates that ``source`` finds, with ``filters`` beside Jinja's own in :data:`FILTERS`.

    Args:
        source: the text of a template by its name; None where there is no such template.
        filters: filters by name; they are given plain values and records.
        cleaned: what is done to every value before it is printed.
        budget: what may be spent in all, see :data:`BUDGET`.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(
        self,
        source: Callable[[str], str | None],
        filters: Mapping[str, Callable[..., Any]],
        cleaned: Callable[[object], object],
        budget: float = BUDGET,
    ) -> None:
        self.left = budget
        self._cleaned = cleaned

        def found(name: str) -> tuple[str, str, Callable[[], bool]] | None:
            text = source(name) if _NAME.fullmatch(name) else None
            return None if text is None else (text, name, lambda: True)

        super().__init__(
            loader=FunctionLoader(found),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=self.printed,
            optimized=False,  # folding constants takes longer than it saves in templates that run once
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
        )
        own = {**{name: JINJA_FILTERS[name] for name in FILTERS}, "round": _rounded, **filters}
        self.filters = {name: self._charged(function) for name, function in own.items()}
        self.tests = {name: self._charged(JINJA_TESTS[name]) for name in TESTS}
        self.globals = {"range": Helper(_range)}

    # What a template can reach.

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What :data:`_READERS` finds in ``obj``: the field of a record, the macro of an imported template, and the like."""
        read = _READERS.get(type(obj))
        try:
            return read(obj, attribute) if read else self._nothing(obj, attribute)
        except KeyError:
            return self._nothing(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An entry of a dictionary by its key, of a sequence by its place, or a field of a record by its name."""
        kind = type(obj)
        if kind is dict and (isinstance(argument, str) or type(argument) in SCALARS):
            if argument in obj:
                return obj[argument]
        elif (kind in {tuple, list, range} or isinstance(obj, str)) and type(argument) is int:
            if -len(obj) <= argument < len(obj):
                return obj[argument]
        elif kind is ReadOnlyRecord and isinstance(argument, str):
            return self.getattr(obj, str(argument))
        return self._nothing(obj, argument)

    def call(self, context: Context, obj: Any, /, *given: Any, **named: Any) -> Any:
        """Call a helper, a macro, the block that this one overrides, or a guard that the compiler has put in."""
        kind = type(obj)
        if kind is Macro or kind is BlockReference:
            self.spend(CALL)
            return context.call(obj, *given, **named)
        for name in _COMPILED:
            named.pop(name, None)
        if kind is Helper:
            for value in chain(given, named.values()):
                if isinstance(value, str) and len(value) > MOST_TEXT:
                    raise SecurityError(f"a text of more than {MOST_TEXT:,} characters is too long here")
            return self._checked(obj.function, given, named)
        if kind is MethodType and obj.__self__ is self and obj.__name__ in _GUARDS:
            return obj(*given)
        _defined(obj)
        raise SecurityError(f"{_called(obj)} cannot be called")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, and text added to text."""
        del context
        if isinstance(left, int | float) and isinstance(right, int | float) and operator != "**":
            result = self.binop_table[operator](left, right)
            if isinstance(result, int) and abs(result) > LARGEST:
                raise SecurityError(f"the result of '{operator}' is too large")
            return result
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            self.spend(len(left) + len(right))
            return left + right
        _defined(left, right)
        raise SecurityError(f"'{operator}' cannot be used on {_called(left)} and {_called(right)}")

    # Its budget.

    def spend(self, steps: int) -> None:
        """Take ``steps`` from what is left; stops the template where that is less."""
        self.left -= steps
        if self.left < 0:
            raise SecurityError("it takes too many steps; does a loop not end")

    def looped(self, items: Any, steps: int) -> Any:
        """``items`` for a loop whose body takes ``steps``, charged for all of them."""
        _defined(items)
        if type(items) not in _CONTAINERS and not isinstance(items, str):
            raise SecurityError(f"{_called(items)} cannot be looped over")
        self.spend(len(items) * steps)
        return items

    def weighed(self, value: Any) -> Any:
        """``value``, charged for all that it holds, as often as it holds it."""
        if type(value) in _WEIGHTLESS:
            return value
        steps, left = 0, [value]
        while left and steps <= self.left:
            item = left.pop()
            kind = type(item)
            if isinstance(item, str):
                steps += len(item)
            elif kind in _CONTAINERS:
                steps += 1 + ENTRY * len(item)
                left += item
                if kind is dict:
                    left += item.values()
            elif kind not in SCALARS and not isinstance(item, _OPAQUE):
                raise SecurityError(f"{_called(item)} cannot be used here")
        self.spend(steps)
        return value

    def searched(self, items: Any) -> Any:
        """``items`` to look for something in, charged for what has to be compared."""
        return items if type(items) in _HASHED else self.weighed(items)

    def printed(self, value: Any) -> Any:
        """``value`` as it is written, charged for its length."""
        if isinstance(value, str):
            self.spend(len(value))
            return self._cleaned(value)
        if type(value) in SCALARS or isinstance(value, Undefined):
            return value
        if isinstance(value, ReadOnlyRecord):
            str(value)  # raises, and says what it is
        raise SecurityError(f"{_called(value)} cannot be printed as a whole")

    def _charged(self, function: Any) -> Callable[..., Any]:
        """``function`` as a filter or test that is charged and gives plain values."""
        first = hasattr(function, "jinja_pass_arg")  # its first argument is Jinja's own

        @wraps(function)
        def charged(*given: Any, **named: Any) -> Any:
            if first:
                return self._checked(lambda *rest, **more: function(given[0], *rest, **more), given[1:], named)
            return self._checked(function, given, named)

        return charged

    def _checked(self, function: Callable[..., Any], given: Sequence[Any], named: Mapping[str, Any]) -> Any:
        self.spend(CALL)
        for value in given:
            if type(value) not in _WEIGHTLESS:
                self.weighed(value)
        for value in named.values():
            self.weighed(value)
        result = function(*given, **named)
        if isinstance(result, str):
            self.spend(len(result))
        return result if isinstance(result, Undefined) else plain(result)

    def _nothing(self, obj: Any, name: object) -> Undefined:
        _defined(obj)
        return self.undefined(f"there is no '{str(name)[:60]}' in {_called(obj)}")

    # How it is compiled.

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > MOST_SOURCE:
            raise TemplateSyntaxError(f"it has more than {MOST_SOURCE:,} characters", 1, name, filename)
        self.spend(10 * len(source))
        parser = Parser(self, source, name, filename)
        try:
            template = parser.parse()
            _Guards(template, name).visit(template)
        except RecursionError:
            raise TemplateSyntaxError(_NESTED, parser.stream.current.lineno, name, filename) from None
        except ValueError:
            reason = "a number in it is too long"
            raise TemplateSyntaxError(reason, parser.stream.current.lineno, name, filename) from None
        return template.set_environment(self)  # type: ignore[return-value]

    def _compile(self, source: str, filename: str) -> CodeType:
        try:
            return super()._compile(source, filename)
        except (SyntaxError, RecursionError, MemoryError):
            raise TemplateSyntaxError(_NESTED, 1, filename, filename) from None


_OPENED_SCRIPT = re.compile(r'<script(?: type="application/json" id="whatif-data")?>')
_PROGRAM_SCRIPTS = tuple(
    nodes.Filter(nodes.Getattr(nodes.Name("whatif", "load"), part, "load"), "safe", [], [], None, None)
    for part in ("data", "script")
)
"""``whatif.data|safe`` and ``whatif.script|safe``, as a template that opens one of the program's scripts goes on."""
_NESTED = "its tags or expressions are nested too deeply"
_COMPILED = ("_loop_vars", "_block_vars")
"""What the compiler hands to every call for functions that read the context."""
_GUARDS = frozenset({"spend", "looped", "weighed", "searched", "printed"})
_WEIGHTLESS = SCALARS - {str} | {ReadOnlyRecord}


class _Guards(NodeTransformer):
    """Puts calls of the guards of :class:`ClosedEnvironment` into a template, where it could do much with few words.

    Refuses, at its line, what is not in :data:`NODES`, loops that call themselves, and deep nesting.
    """

    def __init__(self, template: nodes.Template, name: str | None) -> None:
        self._name = name
        self._steps: dict[int, int] = {}
        self._measure(template, 0, 1)

    def _measure(self, node: nodes.Node, depth: int, line: int, following: nodes.Node | None = None) -> int:
        """What running ``node`` once takes at most: its nodes, and the characters in them."""
        line = node.lineno or line
        if type(node) not in NODES:
            self._refuse(f"Jinja's '{type(node).__name__.lower()}' may not be used in a template", line)
        if depth > MOST_DEPTH:
            self._refuse(_NESTED, line)
        steps = 1
        if isinstance(node, nodes.TemplateData):
            steps += len(node.data)
            self._check_elements(node, following, line)
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            steps += len(node.value)
        elif isinstance(node, nodes.Const) and isinstance(node.value, float) and not isfinite(node.value):
            self._refuse("a number is too large", line)
        elif isinstance(node, nodes.For) and node.recursive:
            self._refuse("a loop cannot be recursive", line)
        children = [*node.iter_child_nodes()]
        for child, after in zip_longest(children, children[1:]):
            steps += self._measure(child, depth + 1, line, after)
        self._steps[id(node)] = steps
        return steps

    def _check_elements(self, node: nodes.TemplateData, following: nodes.Node | None, line: int) -> None:
        """Refuse an element that no paper may hold; the program's scripts are put in by the expression ``following``."""
        element = refused_element(node.data)
        if element is None:
            return
        name, start = element
        if _OPENED_SCRIPT.fullmatch(node.data, start) and following in _PROGRAM_SCRIPTS:
            return  # the finished paper is looked at again
        line += node.data.count("\n", 0, start)
        self._refuse(f"the element <{name}> may not be used in a paper", line)

    def _refuse(self, reason: str, line: int) -> NoReturn:
        raise TemplateSyntaxError(reason, line, self._name, self._name)

    def visit_Template(self, node: nodes.Template) -> nodes.Node:
        return self._body(node)

    visit_Block = visit_Macro = visit_CallBlock = visit_Template

    def visit_For(self, node: nodes.For) -> nodes.Node:
        steps = nodes.Const(self._steps[id(node)])
        self.generic_visit(node)
        node.iter = _guard("looped", node.iter, steps)
        return node

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return _guard("weighed", node) if node.ctx == "load" else node

    def visit_List(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        return _guard("weighed", node)

    visit_Dict = visit_List

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = _weighed(node.expr)
        for operand in node.ops:
            guard = "searched" if operand.op in {"in", "notin"} else "weighed"
            operand.expr = _weighed(operand.expr, guard)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _weighed(node.node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        node.nodes = [_guard("printed", part) for part in node.nodes]
        return node

    def _body(self, node: Any) -> nodes.Node:
        steps = nodes.Const(self._steps[id(node)], lineno=node.lineno)
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(_guard("spend", steps), lineno=node.lineno))
        return node  # type: ignore[no-any-return]


def _weighed(node: nodes.Expr, guard: str = "weighed") -> nodes.Expr:
    return node if isinstance(node, nodes.Const) else _guard(guard, node)


def _guard(name: str, value: Any, *more: nodes.Expr) -> nodes.Call:
    call = nodes.Call(nodes.EnvironmentAttribute(name), [value, *more], [], None, None)
    for node in (call, call.node, *more):
        node.lineno = value.lineno
    return call


def _entry(mapping: dict[Any, Any], name: str) -> object:
    method = MAPPING.get(name)
    return Helper(lambda *given: method(mapping, *given)) if method else mapping[name]


def _of_loop(loop: LoopContext, name: str) -> object:
    if name not in LOOP:
        raise KeyError(name)
    return getattr(loop, name)


def _of_module(module: TemplateModule, name: str) -> object:
    if name.startswith("_"):
        raise KeyError(name)
    return vars(module)[name]


def _of_text(text: str, name: str) -> object:
    if name != "value":  # a member of an enumeration is its value here
        raise KeyError(name)
    return text


def _of_day(day: date, name: str) -> object:
    if name not in DATE:
        raise KeyError(name)
    return getattr(day, name)


_READERS: Mapping[type, Callable[[Any, str], object]] = {
    ReadOnlyRecord: field,
    dict: _entry,
    Helper: lambda helper, name: helper.parts[name],
    LoopContext: _of_loop,
    TemplateModule: _of_module,
    str: _of_text,
    Markup: _of_text,
    date: _of_day,
}
"""How a name is looked up in a value, by its type; ``KeyError`` where it has no such name."""


def _called(value: object) -> str:
    """What a message calls ``value``."""
    if isinstance(value, ReadOnlyRecord):
        return value.kind
    found = (words for kinds, words in _CALLED if isinstance(value, kinds))
    return next(found, f"a value of type {type(value).__name__}")


_CALLED: tuple[tuple[Any, str], ...] = (
    (str, "a text"),
    (dict, "a dictionary"),
    (tuple(_CONTAINERS), "a list"),
    (int | float, "a number"),
    (Helper | Macro | BlockReference, "a function"),
)


def _defined(*values: object) -> None:
    """Say what is missing, where one of ``values`` is."""
    for value in values:
        if isinstance(value, Undefined):
            str(value)


def _range(*given: int) -> range:
    found = range(*given)
    if len(found) > MOST_RANGE:
        raise SecurityError(f"'range' gives {MOST_RANGE:,} numbers at most")
    return found


def _rounded(value: float, digits: int = 0) -> float:
    """``value`` to so many decimals, as Jinja's filter of that name."""
    return round(value, decimals(digits))
