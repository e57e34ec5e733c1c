"""A conversation about swing weights, a question at a time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from evaluator.api.common import Folder
from evaluator.api.weights import stakeholder_of, workspace_to_weigh
from evaluator.errors import EvaluatorError

if TYPE_CHECKING:
    from evaluator.model.elicitation import Group, Stakeholder
    from evaluator.weighting.swing import SwingQuestion


class SwingSession:
    """Swing weights asked of one stakeholder, a question at a time.

    Every answer is written at once, so that a conversation may be broken off anywhere and goes on from there later.
    """

    def __init__(self, folder: Folder, role: str, today: date) -> None:
        from evaluator.weighting.stakeholders import groups
        from evaluator.workspace.transaction import Transaction

        self._today = today
        opened, self._workspace = workspace_to_weigh(folder, settled=True)
        self._root = opened.root
        change = Transaction(self._root)
        self._stakeholder = stakeholder_of(change, role, today)
        self._known = change.digests
        self._groups = groups(self._workspace)

    @property
    def done(self) -> bool:
        """Whether everything is answered."""
        return self._question is None

    @property
    def progress(self) -> str:
        """How many groups are weighed, in words."""
        from evaluator.weighting.stakeholders import missing
        from evaluator.weighting.swing import asked

        every = asked(self._groups)
        whole = sum(
            (judged := self._stakeholder.group(one.id)) is not None and not missing(one, judged) for one in every
        )
        return f"{whole} of {len(every)} groups weighed"

    @property
    def question(self) -> str:
        """The question that comes next; empty where there is none."""
        from evaluator.reports.terminal.page import render
        from evaluator.reports.terminal.weights import question_page

        return render(question_page(self._workspace, self._question)) if self._question else ""

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        from evaluator.reports.terminal.weights import prompt_text

        return prompt_text(self._question) if self._question else ""

    def redo(self, group: str) -> None:
        """Forget the judgements on one group, so that it is asked again.

        Raises:
            EvaluatorError: there is no such group.
        """
        from evaluator.weighting.swing import asked, redone

        known = [one.id for one in asked(self._groups)]
        if group not in known:
            raise EvaluatorError(f"There is no group '{group}'; the groups are {', '.join(known)}.")
        self._keep(redone(self._stakeholder, group, self._today))

    def answer(self, text: str) -> str:
        """Take one line of input; returns what to say about it, often nothing. A line that is no answer changes nothing."""
        from evaluator.reports.terminal.page import render
        from evaluator.reports.terminal.weights import HELP

        question, word = self._question, " ".join(text.split()).casefold()
        if question is None or not word:
            return ""
        if word in {"?", "help"}:
            return render([[HELP]])
        if word == "back":
            return self._back()
        if word == "redo":
            self.redo(question.group.id)
            return ""
        return self._taken(question, word)

    def _back(self) -> str:
        from evaluator.weighting.swing import back

        after = back(self._groups, self._stakeholder, self._today)
        if after is self._stakeholder:
            return "There is nothing to take back."
        self._keep(after)
        return ""

    def _taken(self, question: SwingQuestion, word: str) -> str:
        from evaluator.reports.terminal.page import render
        from evaluator.reports.terminal.weights import group_page
        from evaluator.weighting.stakeholders import elicited, missing
        from evaluator.weighting.swing import answered

        value, wrong = _first(question.group, word) if question.item is None else _points(word)
        if wrong:
            return wrong
        self._keep(answered(self._stakeholder, question, value, self._today))
        judged = self._stakeholder.group(question.group.id)
        if judged is None or missing(question.group, judged):
            return ""
        return "\n" + render(group_page(self._workspace, question.group.id, elicited(question.group, judged)))

    @property
    def _question(self) -> SwingQuestion | None:
        from evaluator.weighting.swing import next_question

        return next_question(self._groups, self._stakeholder)

    def _keep(self, stakeholder: Stakeholder) -> None:
        from evaluator.workspace.stores import WeightStore
        from evaluator.workspace.transaction import transaction

        with transaction(self._root) as change:
            change.expect(self._known)
            WeightStore(change).write(stakeholder)
        self._stakeholder, self._known = stakeholder, change.digests


def _first(group: Group, word: str) -> tuple[str, str]:
    if word in group.items:
        return word, ""
    if word.isascii() and word.isdigit() and 1 <= int(word[:6]) <= len(group.items):
        return group.items[int(word[:6]) - 1], ""
    return "", f"Type a number from 1 to {len(group.items)}, or an id such as {group.items[0]}."


def _points(word: str) -> tuple[float, str]:
    from evaluator.forms.weights_reader import ratio
    from evaluator.weighting.swing import TOP

    number = ratio(word.removesuffix("%"))
    if number is None or not 0 <= number <= TOP:
        return 0.0, f"Type a number from 0 to {TOP}."
    return number, ""
