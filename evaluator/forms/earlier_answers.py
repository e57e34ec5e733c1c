"""Earlier, closed reviews: the answers shown beside the present ones, and what a vendor replied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from evaluator.model.catalogue import Catalogue, Criterion
from evaluator.model.review import Past
from evaluator.model.scorecard import AGREED, NAMED, REPLY, Answer, Evidence, Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.wording import meaning_changed
from evaluator.model.workspace import Vendor

NO_STATEMENT = "Nothing from you is on file."
"""Stands where a question was looked at before, without the vendor."""
NO_REPLY = "Not known to us yet; please reply in full."
_REPLY = re.compile(rf"{REPLY}(?: \([^)]*\))?: ")
_MOST = 4
"""Statements shown to a vendor, the latest first."""
_LONG = 800


@dataclass(frozen=True, slots=True)
class EarlierAnswers:
    """A vendor's answers in a closed review, as they stand beside one assessor's."""

    review: str
    catalogue: Catalogue
    cards: tuple[Scorecard, ...]
    """The first that has an answer counts."""

    def answer(self, criterion: str) -> tuple[Scorecard, Answer] | None:
        """The answer given then, with its scorecard."""
        return next(((card, card.answers[criterion]) for card in self.cards if criterion in card.answers), None)

    def reworded(self, criterion: Criterion) -> bool:
        """Whether the criterion asked something else then."""
        before = self.catalogue.criteria.get(criterion.id)
        return before is not None and meaning_changed(before, criterion)


def earlier_of(past: Past | None, vendor: str, edition: str, assessor: str) -> EarlierAnswers | None:
    """Return the answers of ``past`` on a vendor: the assessor's own, else the agreed ones and those of the only assessor there was.

    Those on ``edition`` count, else the only ones on another.
    """
    found = past.workspace.vendors.get(vendor) if past else None
    if past is None or found is None:
        return None
    others = {card.assessor for card in found.scorecards} - {AGREED}
    own = found.card_of(assessor, edition)
    names = [assessor] if own else [AGREED, *(others if len(others) == 1 else ())]
    cards = tuple(card for name in names if (card := found.card_of(name, edition)) is not None)
    return EarlierAnswers(past.name, past.workspace.catalogue, cards) if cards else None


@dataclass(frozen=True, slots=True)
class VendorReply:
    """What a vendor is reminded of when it is asked whether something has changed."""

    since: date
    """The day from which on a change counts."""
    statements: tuple[str, ...]
    """What the vendor wrote or publishes itself, with its day; nothing of anybody's judgement."""

    @property
    def text(self) -> str:
        """What the cell says: the day on its first line, then the statements."""
        said = "\n".join(self.statements) or NO_STATEMENT
        return f"Has this changed since {self.since}?\n{said}"


def vendor_reply(vendor: Vendor, past: Past | None, criterion: str) -> VendorReply | None:
    """What is known of ``vendor`` on ``criterion`` that may have changed; None where nothing is, so that the vendor has to reply in full."""
    known = past.workspace.vendors.get(vendor.profile.id) if past else None
    cards = [*vendor.scorecards, *(known.scorecards if known else ())]
    given = [card.answers[criterion] for card in cards if criterion in card.answers]
    items = [item for answer in given for item in answer.evidence]
    said = sorted(_statements(items, vendor.profile), key=lambda pair: pair[0], reverse=True)
    replies = [item.captured or item.day for item in items if _replied(item)]
    if past and known and (said or any(answer.known for answer in given)):
        replies.append(past.as_of)
    if not replies:
        return None
    texts = dict.fromkeys(f"{day}: {text}" for day, text in said)
    return VendorReply(max(replies), tuple(texts)[:_MOST])


def _replied(item: Evidence) -> bool:
    return item.note == NAMED or _REPLY.match(item.note) is not None


def _statements(items: Iterable[Evidence], profile: Profile) -> Iterator[tuple[date, str]]:
    """The vendor's own words and pages among ``items``; where else we looked, and what we think of it, stays with us."""
    home = _host(profile.homepage).removeprefix("www.")
    for item in items:
        reply = _REPLY.match(item.note)
        page = _host(item.source)
        if reply:
            text = item.note[reply.end() :]
            yield item.day, text if len(text) <= _LONG else f"{text[:_LONG]} …"
        elif item.note == NAMED:
            yield item.day, item.source
        elif home and (page == home or page.endswith(f".{home}")):
            yield item.day, item.source.split()[0]  # an assessor may have written a remark after the address


def _host(address: str) -> str:
    try:
        found = urlsplit(address.strip())
    except ValueError:
        return ""
    return (found.hostname or "") if found.scheme in {"http", "https"} else ""
