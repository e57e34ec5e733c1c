"""Rules on answers, one at a time: what each finds, in which order, and what it leaves alone."""

from __future__ import annotations

from builders import (
    EVALUATION,
    USE_CASES,
    Content,
    answer,
    card_of,
    contents,
    evidence,
    profile_of,
    scorecard,
    use_case,
)
from check_context import found, messages, places

from evaluator.rules.answers import (
    above_cap,
    cap_without_effect,
    documents_without_date,
    kinds_assumed,
    levels_off_scale,
    missing_answers,
    missing_at_the_top,
    other_editions,
    own_figures_left_out,
    own_figures_unanswered,
    pages_at_fixed_addresses,
    stale_evidence,
    without_evidence,
)
from evaluator.rules.wording import comparing_words

CARD, OTHER = card_of("v-1"), card_of("v-2")
FIXED = "https://docs.example/3.75/sso"
OLD = [evidence(date="2020-01-01")]


def given(**answers: object) -> Content:
    """Two vendors and four criteria; the first vendor's answers on ``c_1`` ... are these."""
    content = contents(level=2)
    content[CARD]["answers"] |= {key.replace("_", "-"): value for key, value in answers.items()}
    return content


def at(*keys: str, part: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Places in the first vendor's scorecard."""
    return [(CARD, ("answers", key, part) if part else ("answers", key)) for key in keys]


def test_levels_off_the_scale() -> None:
    content = given(c_1=answer(5, capped_from=6), c_2=answer(-1), c_3=answer(0), c_4=answer(4, capped_from=4))
    content[CARD]["answers"] = {"zzz": answer(9), "c-0": answer("unknown")} | content[CARD]["answers"]
    rule = found(levels_off_scale, content)
    assert [(finding.path, finding.hint) for finding in rule] == [
        (("answers", "c-1", "level"), "write unknown if it is not known"),
        (("answers", "c-1", "capped_from"), ""),
        (("answers", "c-2", "level"), "write unknown if it is not known"),
    ]
    assert [finding.message for finding in rule] == [
        f"level {level} is not on the scale of {key}; expected 0 to 4"
        for level, key in ((5, "c-1"), (6, "c-1"), (-1, "c-2"))
    ]


def test_gates_of_use_cases_off_the_scale() -> None:
    content = contents()
    content[USE_CASES]["use_cases"] = [
        use_case("u-1", gates={"c-1": 4}),
        use_case("u-2", gates={"zzz": 9, "c-1": 5, "c-2": 0}),
    ]
    (finding,) = found(levels_off_scale, content)
    assert (finding.file, finding.path, finding.hint) == (USE_CASES, ("use_cases", 1, "gates", "c-1"), "")


def test_levels_off_the_scale_of_a_vendor_out_of_scope_are_found_too() -> None:
    content = given(c_1=answer(5))
    content[EVALUATION]["options"] = ["v-2"]
    assert len(found(levels_off_scale, content)) == 1


def test_criteria_without_an_answer_are_counted_by_scorecard() -> None:
    content = given()
    content[EVALUATION]["out_of_scope"] = {"c-4": "no"}
    for file, keys in ((CARD, ("c-1", "c-2", "c-4")), (OTHER, ("c-3",))):
        for key in keys:
            del content[file]["answers"][key]
    assert messages(missing_answers, content) == [
        "2 criteria in scope have no answer: c-1, c-2",
        "1 criterion in scope has no answer: c-3",
    ]
    assert places(missing_answers, content) == [(CARD, ("answers",)), (OTHER, ("answers",))]


def test_a_moderated_scorecard_may_leave_criteria_out() -> None:
    content = given()
    content[card_of("v-1", "agreed")] = scorecard("v-1", "agreed", {})
    del content[CARD]["answers"]["c-1"]
    assert places(missing_answers, content) == [(CARD, ("answers",))]


def test_a_level_without_evidence() -> None:
    content = given(c_1=answer(0, evidence=[]), c_2=answer("unknown"), c_4=answer(3, evidence=[]))
    assert places(without_evidence, content) == at("c-1", "c-4")
    assert messages(without_evidence, content)[0] == "the level of c-1 names no evidence"


def test_what_does_not_count_is_not_asked_for_evidence() -> None:
    content = given(c_1=answer(0, evidence=[]))
    content[EVALUATION]["out_of_scope"] = {"c-1": "no"}
    assert found(without_evidence, content) == []


def test_a_level_above_what_its_grades_carry() -> None:
    """D carries 2 and E 1; levels off the scale and unknown grades are errors of their own."""
    content = given(
        c_1=answer(5, evidence=[evidence(grade="E")]),
        c_2=answer(3, evidence=[evidence(grade="E"), evidence(grade="Z")]),
        c_3=answer(3, evidence=[evidence(grade="E"), evidence(grade="D"), evidence(grade="E")]),
        c_4=answer(2, evidence=[evidence(grade="D")]),
    )
    assert places(above_cap, content) == at("c-3", part="level")
    assert messages(above_cap, content) == ["level 3 is more than evidence of grade D, E can carry, which is 2"]


def test_a_cap_that_holds_nothing_down() -> None:
    content = given(c_1=answer(2, capped_from=3), c_2=answer(2, capped_from=2), c_3=answer(2, capped_from=1))
    content[CARD]["answers"]["c-4"] = answer("unknown", capped_from=0)
    assert places(cap_without_effect, content) == at("c-2", "c-3", part="capped_from")
    assert messages(cap_without_effect, content)[1] == "c-3 is capped from level 1, which is not above its level 2"


def test_nothing_is_missing_above_the_highest_level() -> None:
    content = given(c_1=answer(4, missing=["x"]), c_2=answer(4), c_3=answer(3, missing=["x"]))
    assert places(missing_at_the_top, content) == at("c-1", part="missing")


def test_stale_answers_are_gathered_by_scorecard() -> None:
    content = given(c_1=answer(2, evidence=OLD), c_2=answer(2), c_3=answer(2, evidence=OLD))
    content[OTHER]["answers"]["c-2"] = answer(2, evidence=OLD)
    assert places(stale_evidence, content) == [(CARD, ("answers",)), (OTHER, ("answers",))]
    assert messages(stale_evidence, content) == [
        "2 answers rest on evidence older than the criterion's limit: c-1, c-3",
        "1 answer rests on evidence older than the criterion's limit: c-2",
    ]


def test_kinds_that_are_assumed_are_counted_by_scorecard() -> None:
    items = [
        evidence(kind=None),
        evidence(kind=None, date=None, captured="2026-10-01"),
        evidence(kind=None, source="a letter"),
    ]
    content = given(c_1=answer(2, evidence=items), c_2=answer(2, evidence=[evidence(kind=None, source=FIXED)]))
    assert places(kinds_assumed, content) == [(CARD, ("answers",))]
    assert messages(kinds_assumed, content) == ["3 items of evidence state no kind; assumed: 2 as document, 1 as page"]


def test_a_fixed_address_is_a_document_whatever_is_stated() -> None:
    content = given(c_1=answer(2, evidence=[evidence(), evidence(source=FIXED, kind="page"), evidence(source=FIXED)]))
    assert places(pages_at_fixed_addresses, content) == [(CARD, ("answers", "c-1", "evidence", 1, "kind"))]


def test_documents_without_a_date() -> None:
    undated = evidence(date=None, captured="2026-10-01")
    content = given(c_1=answer(2, evidence=[undated]), c_2=answer(2, evidence=[{**undated, "kind": "page"}]))
    assert messages(documents_without_date, content) == ["1 document has no date: c-1"]


def own_figures(*answers: tuple[str, object]) -> Content:
    """Both criteria of ``f-2`` need own figures; only these answers are given on them, by file of the scorecard."""
    content = given()
    for item in content["criteria/f-2.yaml"]["criteria"]:
        item["own_figures"] = True
    for file in (CARD, OTHER):
        del content[file]["answers"]["c-2"], content[file]["answers"]["c-4"]
    for file, value in answers:
        content[file]["answers"]["c-4"] = value
    return content


def test_own_figures_that_nobody_gave() -> None:
    rows = [("criteria/f-2.yaml", ("criteria", place, "own_figures")) for place in (0, 1)]
    assert places(own_figures_unanswered, own_figures()) == rows
    assert places(own_figures_unanswered, own_figures((OTHER, answer("unknown")))) == rows
    assert places(own_figures_unanswered, own_figures((OTHER, answer(1)))) == rows[:1]
    assert found(missing_answers, own_figures()) == []
    assert messages(missing_answers, own_figures((OTHER, answer(1)))) == ["1 criterion in scope has no answer: c-4"]


def test_without_a_scorecard_nobody_is_asked_for_own_figures() -> None:
    content = own_figures()
    del content[CARD], content[OTHER]
    assert found(own_figures_unanswered, content) == []


def test_own_figures_out_of_scope_that_were_given() -> None:
    content = own_figures((CARD, answer(1)), (OTHER, answer("unknown")))
    content[EVALUATION]["out_of_scope"] = {"zzz": "no", "c-1": "no", "c-2": "no", "c-4": "no"}
    (finding,) = found(own_figures_left_out, content)
    assert (finding.file, finding.path) == (EVALUATION, ("out_of_scope", "c-4"))
    assert finding.message == f"c-4 is out of scope although it was answered in {CARD}"
    assert found(own_figures_unanswered, content) == []


def test_scorecards_on_another_edition_that_the_profile_lists() -> None:
    content = given()
    for file, edition in ((CARD, "enterprise"), (OTHER, "gold")):
        content[file]["edition"] = edition
    (finding,) = found(other_editions, content)
    assert (finding.file, finding.path) == (card_of("v-1", edition="enterprise"), ("edition",))
    assert finding.hint == f"the evaluated edition is named in {profile_of('v-1')}"


def test_reasons_that_compare_say_what_to_write_instead() -> None:
    content = given(c_1=answer(2, rationale="Better than others."))
    content[EVALUATION]["out_of_scope"] = {"c-4": "superior elsewhere"}
    one, two = found(comparing_words, content)
    assert one == (
        CARD,
        ("answers", "c-1", "rationale"),
        "the rationale of c-1 compares: 'Better'",
        "say what is seen and which anchor it meets; another option must not matter",
    )
    assert (two.file, two.path) == (EVALUATION, ("out_of_scope", "c-4"))
    assert two.hint == "say what it is or lacks by itself; another option must not matter"
