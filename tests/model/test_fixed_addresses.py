"""Addresses that name one text for ever."""

from __future__ import annotations

import pytest

from evaluator.model.fixed_addresses import fixed_address

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "source",
    [
        f"https://github.com/o/r/blob/{COMMIT}/docs/a.md",
        f"https://raw.githubusercontent.com/o/r/{COMMIT}/a.md",
        "https://github.com/o/r/tree/0123abc",
        "https://gitlab.example/o/r/-/blob/0123abcd/a.md",
        "https://docs.example/3.75/sso/quickstart",
        "https://docs.example/v1.2.3",
        "https://cdn.example/package@1.2.3/readme.md",
        "https://web.archive.org/web/20240102030405/https://a.example/b",
        "https://github.com/o/r/blob/v4.1.0/README.md#L3",
    ],
)
def test_commits_versions_and_archived_copies_are_fixed(source: str) -> None:
    assert fixed_address(source)


@pytest.mark.parametrize(
    "source",
    [
        "https://docs.example/sso", "https://api.example/v2/users", "https://github.com/o/r/blob/main/a.md", "a letter of 1.2.2026",
        "https://a.example/b?at=" + COMMIT, "https://a.example/b#/3.75/", "https://1.2.3.example/a", "https://a.example/2026/11/30/news",
        "https://a.example/deadbeef/a", "/home/3.75/a",
    ],
)  # fmt: skip
def test_other_addresses_are_not(source: str) -> None:
    assert not fixed_address(source)


def test_reading_an_address_takes_time_linear_in_its_length() -> None:
    assert not fixed_address("https://a.example" + "/1.1x" * 200_000)
