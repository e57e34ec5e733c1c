"""The words and number formats that every report shares, so that all of them say the same thing.

Nothing is carried by colour alone: each state has a word and a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from evaluator.model.cost import Cost, Coverage
from evaluator.model.evaluated import FinalCheck, GateCheck, GateOutcome, OptionScore, OptionVerdict
from evaluator.model.evidence_status import EvidenceStatus
from evaluator.model.sensitivity import OpenReason
from evaluator.reports.language import ENGLISH, Language

Thing = TypeVar("Thing")

_FLAGS = re.compile("((?:[\U0001f1e6-\U0001f1ff]{2}){32})(?=[\U0001f1e6-\U0001f1ff])")
"""Many flags in a row, measured apart from those after them: for each, wcwidth goes back to the first of the row."""


class Vocabulary(Mapping[Thing, str]):
    """What each of a set of things is called: in English by its index, in any language by :meth:`word`."""

    def __init__(self, keys: Mapping[Thing, str]) -> None:
        """``keys`` are the strings of the language by thing."""
        self.keys_of = keys

    def word(self, thing: Thing, say: Language) -> str:
        """What ``thing`` is called in a language; ``KeyError`` where it has no word."""
        return say(self.keys_of[thing])

    def __getitem__(self, thing: Thing) -> str:
        return self.word(thing, ENGLISH)

    def __iter__(self) -> Iterator[Thing]:
        return iter(self.keys_of)

    def __len__(self) -> int:
        return len(self.keys_of)


GATE_WORDS = Vocabulary(
    {
        GateOutcome.MET: "state.met",
        GateOutcome.FAILED: "state.failed",
        GateOutcome.UNSUPPORTED: "state.unsupported",
        GateOutcome.NOT_APPLICABLE: "state.not-applicable",
    }
)
GATE_MARKS = {
    GateOutcome.MET: "✓",
    GateOutcome.FAILED: "✗",
    GateOutcome.UNSUPPORTED: "?",
    GateOutcome.NOT_APPLICABLE: "–",
}
COVERAGE_WORDS = Vocabulary(
    {
        Coverage.COVERED: "state.covered",
        Coverage.CONDITIONAL: "state.conditional",
        Coverage.NOT_COVERED: "state.not-covered",
    }
)
COVERAGE_MARKS = {Coverage.COVERED: "●", Coverage.CONDITIONAL: "◐", Coverage.NOT_COVERED: "○"}
EVIDENCE_STATUS_WORDS = Vocabulary(
    {
        EvidenceStatus.SUPPORTED: "state.supported",
        EvidenceStatus.STALE: "state.stale",
        EvidenceStatus.OVER_CAP: "state.beyond-its-evidence",
        EvidenceStatus.UNSUPPORTED: "state.unsupported",
        EvidenceStatus.UNKNOWN: "state.unknown",
    }
)
VERDICT_WORDS = Vocabulary(
    {
        OptionVerdict.RECOMMENDED: "verdict.recommended",
        OptionVerdict.CLOSE: "verdict.close",
        OptionVerdict.NOT_CHOSEN: "verdict.not-chosen",
        OptionVerdict.RULED_OUT: "verdict.ruled-out",
    }
)
OPEN_REASON_WORDS = Vocabulary(
    {
        OpenReason.UNKNOWN: "doubt.unknown",
        OpenReason.STALE: "doubt.stale",
        OpenReason.OVER_CAP: "doubt.beyond-its-evidence",
        OpenReason.UNSUPPORTED: "doubt.unsupported",
        OpenReason.FLOOR: "doubt.higher-level",
        OpenReason.CAPABILITY: "doubt.capability",
    }
)
METHOD_WORDS = Vocabulary(
    {
        method: f"method-name.{method}"
        for method in (
            *("weighted-sum", "equal-weights", "topsis", "promethee", "promethee-usual", "weighted-product"),
            *("low-levels-count-more", "high-levels-count-more"),
        )
    }
)
NOT_ASSESSED = "not assessed"
UNKNOWN = "unknown"


def gate_word(check: GateCheck) -> str:
    """The outcome in one or two words; for an unsupported gate, the status of its evidence."""
    if check.outcome is not GateOutcome.UNSUPPORTED or check.evidence_status is EvidenceStatus.SUPPORTED:
        return GATE_WORDS[check.outcome]
    return EVIDENCE_STATUS_WORDS[check.evidence_status]


def whole(number: float) -> str:
    """A number without decimals, thousands apart."""
    return f"{number:,.0f}"


def points(value: float, digits: int = 1) -> str:
    """A score or difference in points, for people: one decimal unless told otherwise, never ``-0.0``."""
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def signed(value: float, digits: int = 1) -> str:
    """A difference with its sign."""
    text = points(value, digits)
    return text if text.startswith("−") or not float(text) else f"+{text}"


def hundredths(value: float) -> str:
    """Points with two decimals, where small effects count."""
    return points(value, 2)


def signed_hundredths(value: float) -> str:
    """A difference with its sign and two decimals."""
    return signed(value, 2)


def share(value: float) -> str:
    """A share of 1 as a whole percentage."""
    return f"{100 * value:.0f} %"


def chance(value: float) -> str:
    """A share as a whole percentage; one that is neither nothing nor everything is not rounded to it."""
    if 0 < value <= 0.005:  # noqa: PLR2004 - half of one percent, which is rounded to the even number
        return "<1 %"
    if 0.995 <= value < 1:  # noqa: PLR2004
        return ">99 %"
    return share(value)


def percent(value: float) -> str:
    """A share of 1 as a percentage with one decimal, for weights."""
    return f"{100 * value:.1f} %"


def day(value: date | None, say: Language) -> str:
    """A date as 2026-11-23, or a word where there is none."""
    return value.isoformat() if value else say("word.undated")


def level(value: int | None) -> str:
    """A level, or the word unknown."""
    return UNKNOWN if value is None else str(value)


def money(cost: Cost, say: Language) -> str:
    """Cost per year with its range, by currency, naming how much of it is estimated and how many tools have no known price."""
    parts = [
        say(
            "money.range",
            currency=amount.currency,
            expected=f"{amount.expected:,.0f}",
            low=f"{amount.low:,.0f}",
            high=f"{amount.high:,.0f}",
        )
        if round(amount.high) > round(amount.low)
        else f"{amount.currency} {amount.expected:,.0f}"
        for amount in cost.amounts
    ]
    estimated = [f"{amount.currency} {amount.estimated:,.0f}" for amount in cost.amounts if amount.estimated]
    known = " + ".join(parts)
    if estimated:
        known = say("money.of-which-estimated", known=known, estimated=" + ".join(estimated))
    if not cost.unpriced:
        return known or say("word.none")
    return f"{known} + {say.number('money.unpriced', len(cost.unpriced))}" if known else say("state.unknown")


def money_short(cost: Cost, say: Language) -> str:
    """The expected cost alone, for narrow columns."""
    parts = [f"{amount.currency} {amount.expected:,.0f}" for amount in cost.amounts]
    if any(amount.estimated for amount in cost.amounts):
        parts[-1] = say("money.partly-estimated", known=parts[-1])
    if cost.unpriced:
        parts.append(say("money.price-unknown"))
    return " + ".join(parts)


def joined(items: Sequence[str], last: str = "and") -> str:
    """``a, b and c``."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(count: int, singular: str, plural: str = "") -> str:
    """``1 tool``, ``3 tools``."""
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def interval(option: OptionScore) -> str:
    """``low to high`` in points."""
    return f"{points(option.low)} to {points(option.high)}"


def columns_of(text: str) -> int:
    """How many columns of a terminal ``text`` takes: letters of some scripts take two, marks and joiners none."""
    if text.isascii():
        return len(text)
    import wcwidth

    return sum(map(wcwidth.width, _FLAGS.split(text)))


def abbreviated(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, an ellipsis standing for the rest; no letter or emoji is cut in two."""
    if columns_of(text) <= width:
        return text
    if text.isascii():
        return text[: max(0, width - 1)].rstrip() + "…"
    import wcwidth

    return wcwidth.clip(text, 0, max(0, width - 1)).rstrip() + "…"


def checks_held(checks: Iterable[FinalCheck]) -> str:
    """That nothing is open among the checks of a final paper, and how many of them were waived."""
    waived = sum(check.waived for check in checks)
    return f"no check of a final paper is open, {waived} waived" if waived else "all checks of a final paper hold"
