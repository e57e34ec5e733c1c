"""One rule of ``evaluator check`` held against small content, without the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from builders import AS_OF, Content, build

from evaluator.model.file_names import Layout
from evaluator.rules.base import Finding, RuleContext

Rule = Callable[[RuleContext], Iterable[Finding]]


def context(content: Content, as_of: date = AS_OF, **layout: Any) -> RuleContext:
    """What a rule gets; ``layout`` changes the usual one."""
    workspace = build(content)
    return RuleContext(workspace, as_of, replace(Layout.default(workspace.catalogue), **layout))


def found(rule: Rule, content: Content, **layout: Any) -> list[Finding]:
    """What one rule finds."""
    return list(rule(context(content, **layout)))


def places(rule: Rule, content: Content, **layout: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    """Where one rule finds something: file and path."""
    return [(finding.file, finding.path) for finding in found(rule, content, **layout)]


def messages(rule: Rule, content: Content, **layout: Any) -> list[str]:
    """What one rule says."""
    return [finding.message for finding in found(rule, content, **layout)]
