"""All rules, and running them over a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from evaluator.errors import Problem, Severity
from evaluator.model.file_names import Layout
from evaluator.model.workspace import Workspace
from evaluator.rules import answers, dates, own_work, references, scope, weights, wording
from evaluator.rules.base import Rule, RuleContext

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES = (
    Rule("unknown-criterion", _ERROR, references.unknown_criteria),
    Rule("unknown-family", _ERROR, references.unknown_families),
    Rule("unknown-capability", _ERROR, references.unknown_capabilities),
    Rule("unknown-data-class", _ERROR, references.unknown_data_classes),
    Rule("unknown-data-tag", _ERROR, references.unknown_data_tags),
    Rule("unknown-use-case", _ERROR, references.unknown_use_cases),
    Rule("unknown-option", _ERROR, references.unknown_options),
    Rule("unknown-edition", _ERROR, references.unknown_editions),
    Rule("unknown-trigger", _ERROR, references.unknown_triggers),
    Rule("unknown-outcome", _ERROR, references.unknown_outcomes),
    Rule("unknown-reference", _ERROR, references.unknown_references),
    Rule("unknown-evidence-grade", _ERROR, references.unknown_grades),
    Rule("status-quo-out-of-scope", _ERROR, references.status_quo_out_of_scope),
    Rule("duplicate-id", _ERROR, references.duplicate_ids),
    Rule("reserved-id", _ERROR, references.reserved_ids),
    Rule("must-and-should", _WARNING, references.must_and_should),
    Rule("missing-weight", _ERROR, weights.missing_weights),
    Rule("no-weight-at-all", _ERROR, weights.weightless),
    Rule("lost-weight", _WARNING, weights.lost_family_weights),
    Rule("unsealed", _WARNING, weights.unsealed),
    Rule("sealed-late", _WARNING, weights.sealed_late),
    Rule("seals-out-of-order", _ERROR, weights.seals_out_of_order),
    Rule("strange-judgement", _ERROR, weights.strange_judgements),
    Rule("unfinished-weights", _WARNING, weights.unfinished_judgements),
    Rule("level-off-scale", _ERROR, answers.levels_off_scale),
    Rule("missing-answer", _WARNING, answers.missing_answers),
    Rule("no-evidence", _WARNING, answers.without_evidence),
    Rule("above-cap", _WARNING, answers.above_cap),
    Rule("cap-without-effect", _WARNING, answers.cap_without_effect),
    Rule("missing-at-the-top", _WARNING, answers.missing_at_the_top),
    Rule("stale-evidence", _WARNING, answers.stale_evidence),
    Rule("kind-assumed", _WARNING, answers.kinds_assumed),
    Rule("fixed-address", _WARNING, answers.pages_at_fixed_addresses),
    Rule("undated-document", _WARNING, answers.documents_without_date),
    Rule("own-figures-unanswered", _WARNING, answers.own_figures_unanswered),
    Rule("own-figures-left-out", _WARNING, answers.own_figures_left_out),
    Rule("other-edition", _WARNING, answers.other_editions),
    Rule("own-work-id", _ERROR, own_work.unknown_own_work),
    Rule("own-work-incomplete", _ERROR, own_work.incomplete_own_work),
    Rule("comparative-wording", _WARNING, wording.comparing_words),
    Rule("levels-in-question", _WARNING, wording.levels_in_questions),
    Rule("future-date", _ERROR, dates.future_days),
    Rule("captured-before-date", _ERROR, dates.captured_too_early),
    Rule("few-options", _WARNING, scope.few_options),
    Rule("no-gate", _WARNING, scope.no_gate),
    Rule("gate-out-of-scope", _WARNING, scope.gates_out_of_scope),
    Rule("weightless-use-case", _ERROR, scope.weightless_use_cases),
    Rule("no-use-case", _WARNING, scope.no_use_case),
    Rule("no-scorecard", _WARNING, scope.no_scorecard),
    Rule("excluded-in-scope", _ERROR, scope.excluded_in_scope),
    Rule("stack-limit", _ERROR, scope.stack_limits),
    Rule("budget-currency", _WARNING, scope.budget_currency),
    Rule("falling-gate", _WARNING, scope.falling_gates),
    Rule("tag-lifts-class", _WARNING, scope.tags_above_the_class),
)

_NEEDED = {
    "status-quo-out-of-scope",
    "duplicate-id",
    "reserved-id",
    "missing-weight",
    "no-weight-at-all",
    "level-off-scale",
    "stack-limit",
}
NEEDED_TO_COMPUTE = tuple(rule for rule in RULES if rule.code in _NEEDED or rule.code.startswith("unknown-"))
"""The rules without which content cannot be scored; those that only judge it may grow stricter from version to version."""


def run(
    workspace: Workspace, as_of: date, layout: Layout | None = None, rules: Sequence[Rule] = RULES
) -> list[Problem]:
    """Every problem in the content of ``workspace`` at ``as_of``, with file and path but without line.

    Args:
        workspace: what to check.
        as_of: the date of the evaluation.
        layout: the files it was read from; the default ones, all usable, if left out.
        rules: the rules to hold it against; all if left out.
    """
    context = RuleContext(workspace, as_of, _complete(layout or Layout(), workspace))
    return [
        Problem(
            code=rule.code,
            message=finding.message,
            file=finding.file,
            path=finding.path,
            hint=finding.hint,
            severity=rule.severity,
        )
        for rule in rules
        for finding in rule.find(context)
    ]


def _complete(layout: Layout, workspace: Workspace) -> Layout:
    """``layout`` with the default file for every criterion that it does not place."""
    default = Layout.default(workspace.catalogue)
    return replace(
        layout,
        families={**default.families, **layout.families},
        criteria={**default.criteria, **layout.criteria},
    )
