"""Names of options as people type them."""

from __future__ import annotations

import pytest
from builders import EVALUATION, Content, build, card_of, contents, scorecard, with_evaluated

from evaluator.errors import EvaluatorError
from evaluator.model.option_names import editions_of, only_edition, only_option, options_of


def two() -> Content:
    """``v-1`` with two evaluated editions and one more, ``v-2`` with one."""
    content = contents(vendors=2)
    with_evaluated(content, "v-1", "business", "enterprise", "gold")
    content["vendors/v-1/profile.yaml"]["evaluate"].remove("gold")
    content[card_of("v-1", "desk-a", "gold")] = scorecard("v-1", "desk-a", {}, edition="gold")
    return content


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["v-1"], ["v-1@business", "v-1@enterprise"]),
        (["v-1@enterprise", "v-1"], ["v-1@enterprise", "v-1@business"]),
        (["v-2"], ["v-2"]),
        (["v-2@business", "v-2"], ["v-2"]),
        ([], []),
    ],
)
def test_a_vendor_stands_for_all_its_evaluated_editions(names: list[str], ids: list[str]) -> None:
    assert [option.id for option in options_of(build(two()), names)] == ids


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("v-1", "Several editions of v-1 are evaluated; name one of them: v-1@business, v-1@enterprise."),
        ("v-1@gold", "The edition gold of v-1 is not evaluated; list it under evaluate in vendors/v-1/profile.yaml."),
        ("v-1@enterprize", "There is no option 'v-1@enterprize'; did you mean v-1@enterprise?"),
        ("v-3", "There is no option 'v-3'; did you mean v-2?"),
        ("@", "There is no option '@'; there are v-1@business, v-1@enterprise, v-2."),
        ("../v-2@business", "There is no option '../v-2@business'; did you mean v-1@business?"),
        ("v-1@../gold", "There is no option 'v-1@../gold'; there are v-1@business, v-1@enterprise, v-2."),
    ],
)
def test_one_option_has_to_be_meant(name: str, error: str) -> None:
    with pytest.raises(EvaluatorError) as raised:
        only_option(build(two()), name)
    assert str(raised.value) == error


def test_an_option_out_of_scope_is_none() -> None:
    content = two()
    content[EVALUATION]["options"] = ["v-1@business", "v-2"]
    workspace = build(content)
    assert only_option(workspace, "v-1").id == "v-1@business"
    with pytest.raises(EvaluatorError, match="There is no option 'v-1@enterprise'"):
        only_option(workspace, "v-1@enterprise")


def test_any_edition_of_a_profile_can_be_named() -> None:
    workspace = build(two())
    assert [option.edition for option in editions_of(workspace, "v-1")] == ["business", "enterprise"]
    gold = only_edition(workspace, "v-1", "gold")
    assert (gold.id, gold.name, gold.edition) == ("v-1@gold", "V-1 Gold", "gold")
    assert [card.edition for card in gold.scorecards] == ["gold"]
    assert only_edition(workspace, "v-1@gold", "gold").id == "v-1@gold"
    assert only_edition(workspace, "v-2").id == "v-2"
    assert only_edition(workspace, "v-2@enterprise").id == "v-2@enterprise"


@pytest.mark.parametrize(
    ("name", "edition", "error"),
    [
        ("v-9", None, "There is no vendor 'v-9'; did you mean v-2?"),
        ("v-1", None, "Several editions of v-1 are evaluated; name one of them: v-1@business, v-1@enterprise."),
        ("v-1", "golden", "There is no edition 'golden'; did you mean gold?"),
        ("v-1@gold", "business", "'v-1@gold' names the edition gold, and --edition names business; name one of them."),
        ("v-1@", None, "There is no edition ''; there are business, enterprise, gold."),
        ("v-1", "", "There is no edition ''; there are business, enterprise, gold."),
        ("v-1", "../../x", "There is no edition '../../x'; there are business, enterprise, gold."),
    ],
)
def test_what_is_no_edition(name: str, edition: str | None, error: str) -> None:
    with pytest.raises(EvaluatorError) as raised:
        only_edition(build(two()), name, edition)
    assert str(raised.value) == error
