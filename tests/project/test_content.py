"""The shipped content holds: no gate that nobody can meet, no credit outside the edition, no source that is a copy."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest

from evaluator import api
from evaluator.model.evaluated import GateOutcome
from evaluator.model.workspace import Workspace
from evaluator.scoring.assessor_agreement import agreement
from evaluator.scoring.score import score

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import content_page  # noqa: E402

PROXIES = (
    "mirrorblogs", "serverhump", "dudasite", "appspot.com", "googblogs", "clevelandohioweather", "rtu-tc.ru", "workers.dev",
    "vdocument", "cryptocurrencyexchanges", "alpha-airtable", "sms-z.com", "smartwebdev", "kele.xyz", "nytech.media",
    "http3.lol", "blessedness", "skills-academy", "santa-greenland", "hqproductreviews", "bigdataflowing", "/api/proxy/",
    "gt-events.net", "ecofriendlycommunities", "helpjuice.com", "z3n-", "netuniversecorp",
)  # fmt: skip
"""Parts of addresses of sites that pass on or copy the pages of others under a name of their own."""


@pytest.fixture(scope="module")
def shipped() -> Workspace:
    return api.load(ROOT)


def sources(shipped: Workspace) -> Iterator[tuple[str, str]]:
    """Every source of the content, with the vendor it is about."""
    for key, vendor in shipped.vendors.items():
        profile = vendor.profile
        for fact in profile.facts:
            yield key, fact.source
        for edition in profile.editions:
            yield from ((key, price.source) for price in edition.prices)
            yield from ((key, estimate.source) for estimate in edition.estimates)
        yield from ((key, found.source) for found in profile.capabilities.values() if found.source)
        for card in vendor.scorecards:
            yield from ((key, item.source) for answer in card.answers.values() for item in answer.evidence)


def is_proxy(address: str) -> bool:
    """Whether an address is a known proxy or mirror, a bare number, or a host name with a trailing dot."""
    host = urlparse(address).hostname or ""
    return any(part in address.lower() for part in PROXIES) or host.endswith(".") or bool(re.fullmatch(r"[\d.]+", host))


@pytest.mark.parametrize(
    "address",
    ["https://google-support.mirrorblogs.com/a/1", "http://23.94.208.52/x", "https://learn.microsoft.com./en-us"],
)
def test_a_proxy_is_recognised(address: str) -> None:
    assert is_proxy(address)


def test_no_source_is_a_proxy_or_a_mirror(shipped: Workspace) -> None:
    assert not sorted({(vendor, source) for vendor, source in sources(shipped) if is_proxy(source)})


def test_every_source_is_an_address(shipped: Workspace) -> None:
    assert not [
        (vendor, source) for vendor, source in sources(shipped) if not re.match(r"https?://[\w.-]+\.\w+", source)
    ]


def test_every_fact_has_a_date_or_the_day_of_capture(shipped: Workspace) -> None:
    for vendor in shipped.vendors.values():
        assert vendor.profile.captured <= shipped.evaluation.as_of
        assert all(fact.source_title and fact.confidence for fact in vendor.profile.facts)
        dates = [fact.source_date for fact in vendor.profile.facts if fact.source_date]
        assert all(date <= vendor.profile.captured for date in dates)


def test_no_gate_is_failed_by_all_options(shipped: Workspace) -> None:
    outcomes = defaultdict(set)
    for option in score(shipped, shipped.evaluation.as_of).options:
        for data_class, checks in option.gates.items():
            for check in checks.checks:
                outcomes[data_class, check.criterion].add(check.outcome)
    assert outcomes
    assert not [gate for gate, found in outcomes.items() if found == {GateOutcome.FAILED}]


def test_no_capability_is_credited_for_what_is_outside_the_edition(shipped: Workspace) -> None:
    outside = re.compile(r"add-on|\bbeta\b|\bpreview\b", re.IGNORECASE)
    excluded = re.compile(r"outside the priced edition|(is|are) not counted")
    wrong = [
        (key, name)
        for key, vendor in shipped.vendors.items()
        for name, found in vendor.profile.capabilities.items()
        if found.support not in {"none", "unknown"} and outside.search(found.note) and not excluded.search(found.note)
    ]
    assert not wrong


def test_the_assessors_agree_or_the_page_names_where_they_do_not(shipped: Workspace) -> None:
    overall = agreement(shipped).overall
    assert overall.alpha is not None
    page = content_page.content_page()
    assert overall.alpha >= content_page.LEAST_ALPHA
    assert all(f"`{criterion}`" in page for criterion in content_page.low_agreement(shipped))


def test_a_criterion_that_few_or_many_reach_stands_with_its_reason(shipped: Workspace) -> None:
    assert set(content_page.out_of_the_ordinary(shipped)) == set(content_page.REASONS)
