"""What is said about a closed review."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from evaluator.model.closed_review import (
    Engine,
    FigureChange,
    FileName,
    RecordedEngine,
    RecordedPoints,
    Sha256,
    Signature,
    SignatureState,
    Tampering,
    UpgradeItem,
    UpgradeWhat,
    Verification,
    VerificationVerdict,
)

HERE, THERE = Engine("1", 1), Engine("2", 2)


def verification(**changes: Any) -> Verification:
    values: dict[str, Any] = {
        "review": "2026", "as_of": None, "closed": None, "tampered": (), "figures": (), "recorded_by": HERE, "computed_by": HERE, **changes,
    }  # fmt: skip
    return Verification(**values)


BAD, MOVED = (Tampering("f", "x"),), (FigureChange("p", 1, 2),)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, VerificationVerdict.SAME),
        ({"figures": MOVED}, VerificationVerdict.CHANGED),
        ({"unusable": "why"}, VerificationVerdict.UNUSABLE),
        ({"unusable": "why", "figures": MOVED}, VerificationVerdict.UNUSABLE),
        ({"tampered": BAD, "unusable": "why", "figures": MOVED}, VerificationVerdict.TAMPERED),
    ],
)
def test_the_worst_finding_counts(changes: dict[str, Any], verdict: VerificationVerdict) -> None:
    assert verification(**changes).verdict is verdict
    assert verification(**changes).passed is (verdict is VerificationVerdict.SAME)


@pytest.mark.parametrize("state", SignatureState)
def test_where_a_signer_is_wanted_only_an_allowed_one_passes(state: SignatureState) -> None:
    assert verification(signature=Signature(state)).passed
    assert verification(signature=Signature(state), signer_wanted=True).passed is (state is SignatureState.SIGNED)
    assert not verification(signature=Signature(SignatureState.SIGNED), signer_wanted=True, figures=MOVED).passed


def test_the_rules_are_the_same_where_their_version_is() -> None:
    assert verification().same_rules
    assert verification(computed_by=Engine("9.0", HERE.rules)).same_rules
    assert not verification(computed_by=THERE).same_rules
    assert not verification(recorded_by=None).same_rules


def test_what_is_left_out() -> None:
    found = verification()
    assert (found.notes, found.unusable, found.signature, found.signer_wanted) == (
        (),
        "",
        Signature(SignatureState.UNSIGNED),
        False,
    )
    assert Signature(SignatureState.WRONG) == Signature(SignatureState.WRONG, "", "", "", "")
    assert Tampering("f", "x").field == ""
    assert UpgradeItem(UpgradeWhat.OWN, "i", "t").details == ()


def test_the_words_of_a_verification() -> None:
    assert [each.value for each in VerificationVerdict] == ["same", "changed", "unusable", "tampered"]
    assert [each.value for each in SignatureState] == [
        "unsigned",
        "wrong",
        "not-checked",
        "signer-not-checked",
        "not-allowed",
        "signed",
    ]
    assert [each.value for each in UpgradeWhat] == [
        "added",
        "replaced",
        "reworded",
        "moved",
        "own",
        "kept",
        "retired",
        "head",
        "gates",
    ]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Sha256, ["0" * 64, "abcdef" + "9" * 58], ["0" * 63, "0" * 65, "A" * 64, "g" * 64]),
        (FileName, ["a", "A.pdf", "0_-.", "x" * 200], ["", ".a", "_a", "-a", "a/b", "a b", "x" * 201, "ä"]),
        (RecordedPoints, [0, 1e6, -1e6, 0.5], [1e6 + 1, -1e6 - 1, float("nan"), "1"]),
    ],
)
def test_what_a_record_may_hold(kind: Any, good: list[Any], bad: list[Any]) -> None:
    adapter = TypeAdapter(kind)
    assert [adapter.validate_python(value) for value in good] == good
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


def test_a_later_version_may_have_added_keys() -> None:
    found = RecordedEngine.model_validate({"version": "1", "rules": 3, "later": 1})
    assert found.model_dump() == {"version": "1", "rules": 3}
    with pytest.raises(ValidationError):
        RecordedEngine.model_validate({"version": 1, "rules": 3})


@pytest.mark.parametrize("rules", [0, -1, "1", 1.5, None])
def test_a_version_of_the_rules_is_a_number_from_1(rules: object) -> None:
    with pytest.raises(ValidationError):
        RecordedEngine.model_validate({"version": "1", "rules": rules})


def test_a_record_with_a_hash_of_code_has_the_first_version_of_the_rules() -> None:
    assert RecordedEngine.model_validate({"version": "1", "code": "57d8b046"}).rules == 1
