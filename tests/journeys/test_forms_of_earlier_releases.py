"""Forms that an earlier release sent out, and a review that it closed, in the hands of the program of today."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from exchange_tools import Filled, card, opened, texts_of
from review_builders import closed

from evaluator import api
from evaluator.errors import EvaluatorError, has_errors
from evaluator.forms.import_changes import Imported, ImportReport
from evaluator.model.closed_review import VerificationVerdict
from evaluator.model.scorecard import AGREED, Answer, Scorecard
from evaluator.weighting.stakeholders import stated

SENT = Path(__file__).parents[1] / "fixtures" / "release-2026-11-24"
FORMS = ("scorecard.xlsx", "scorecard-unknown.xlsx", "questionnaire.xlsx", "moderation.xlsx")
DAY = date(2026, 11, 24)
"""What every form gives as its day."""
LATER = date(2026, 12, 1)
HELP = "https://support.airtable.com/docs"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The workspace of that release with its closed review, as it was left."""
    folder = tmp_path / "ws"
    shutil.copytree(SENT / "workspace", folder)
    review = folder / "reports/2026"
    packed = review / "record.json.gz"
    (review / "record.json").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    embedded = pypdf.PdfReader(review / "recommendation.pdf").attachments
    (review / "comparison.xlsx").write_bytes(embedded["comparison.xlsx"][0])
    return folder


def take(root: Path, *files: str | Path, **options: Any) -> ImportReport:
    return api.import_scorecards(root, [SENT / file for file in files], today=LATER, **options)


def take_one(root: Path, file: str | Path, **options: Any) -> Imported:
    return take(root, file, **options).files[0]


def cards(root: Path) -> dict[tuple[str, str], Scorecard]:
    found = [card for vendor in opened(root).vendors.values() for card in vendor.scorecards]
    return {(card.vendor, card.assessor): card for card in found}


def answer(root: Path, vendor: str, assessor: str, criterion: str) -> Answer:
    found = card(root, vendor, assessor)
    assert found is not None
    return found.answers[criterion]


# What is done to a workspace while a form is away


def formatted(root: Path) -> None:
    assert any(api.format_files(root).values())


def upgraded(root: Path) -> None:
    policy = opened(root).guardrails
    api.catalogue_upgrade(root, on=LATER)
    assert opened(root).guardrails.model_copy(update={"data_tags": policy.data_tags}) == policy


def moved(root: Path) -> None:
    """The scorecards in the folders of their editions, where new ones are written today."""
    for scorecard in cards(root).values():
        folder = root / "vendors" / scorecard.vendor
        (folder / scorecard.edition).mkdir(exist_ok=True)
        name = f"{scorecard.assessor}.yaml"
        (folder / name).rename(folder / scorecard.edition / name)


def all_of_it(root: Path) -> None:
    moved(root)
    upgraded(root)
    formatted(root)


def nothing(_: Path) -> None:
    pass


MEANWHILE = [nothing, formatted, upgraded, moved, all_of_it]


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_everything_typed_arrives(root: Path, meanwhile: Callable[[Path], None]) -> None:
    meanwhile(root)
    before = cards(root)
    report = take(root, *FORMS)
    assert not report.failed
    assert [(file.file, file.problems, file.conflicts) for file in report.files] == [(name, [], []) for name in FORMS]
    assert not has_errors(api.check(root))
    after = cards(root)
    changed = {
        (*who, key)
        for who, found in after.items()
        for key, given in found.answers.items()
        if who not in before or given != before[who].answers.get(key)
    }
    assert changed == {
        ("airtable", "desk-a", "sso-enforcement"),
        ("airtable", "desk-a", "mfa-strength"),
        ("airtable", "desk-a", "audit-event-coverage"),
        ("airtable", "desk-a", "audit-export"),
        ("retool", "desk-a", "mfa-strength"),
        ("retool", "desk-a", "audit-export"),
        ("airtable", AGREED, "sso-enforcement"),
        ("airtable", AGREED, "audit-export"),
    }
    assert {who: (found.kind, found.notice) for who, found in after.items() if who in before} == {
        who: (found.kind, found.notice) for who, found in before.items()
    }
    assert not take(root, *FORMS).files[0].changes, "the same again says nothing new"


def test_an_answer_that_was_filled_in_replaces_the_one_before(root: Path) -> None:
    before = answer(root, "airtable", "desk-a", "sso-enforcement")
    found = take_one(root, "scorecard.xlsx")
    assert {change.criterion: change.cell for change in found.changes} == {
        "sso-enforcement": "Airtable!F9",
        "mfa-strength": "Airtable!F14",
        "audit-export": "Airtable!F25",
    }
    given = answer(root, "airtable", "desk-a", "sso-enforcement")
    assert (given.level, given.confidence, given.date) == (3, "medium", DAY)
    assert given.rationale == "The page of October states that guests have to use the connection as well."
    assert given.missing == ("limit of exempt accounts",)
    assert given.evidence[:-1] == before.evidence
    item = given.evidence[-1]
    assert (item.source, item.date, item.captured) == (f"{HELP}/required-sso", date(2026, 10, 1), DAY)
    assert (item.grade, item.note, item.kind) == ("C", "section on guests", None)


def test_an_answer_that_was_confirmed_gets_the_day_alone(root: Path) -> None:
    before = answer(root, "airtable", "desk-a", "mfa-strength")
    take(root, "scorecard.xlsx")
    assert answer(root, "airtable", "desk-a", "mfa-strength") == before.model_copy(update={"date": DAY})


def test_one_cell_that_was_changed_leaves_the_others(root: Path) -> None:
    before = answer(root, "airtable", "desk-a", "audit-export")
    take(root, "scorecard.xlsx")
    expected = before.model_copy(update={"confidence": "high", "date": DAY})
    assert answer(root, "airtable", "desk-a", "audit-export") == expected


def test_a_form_with_the_unknown_answers_alone_leaves_the_others(root: Path) -> None:
    take(root, "scorecard-unknown.xlsx")
    level = answer(root, "retool", "desk-a", "mfa-strength")
    assert (level.level, level.confidence, level.missing, level.date) == (2, "medium", (), DAY)
    assert level.rationale == "Administrators can require two-factor sign-in of all users."
    (item,) = level.evidence
    assert (item.source, item.date, item.captured, item.grade) == ("https://docs.retool.com/docs/2fa", None, DAY, "C")
    unknown = answer(root, "retool", "desk-a", "audit-export")
    assert (unknown.level, unknown.rationale, unknown.confidence) == ("unknown", "Not read yet.", "low")
    assert answer(root, "retool", "desk-a", "sso-enforcement").date is None


def test_replies_of_vendors_become_statements(root: Path) -> None:
    levels = {key: found.level for key, found in cards(root)["airtable", "desk-a"].answers.items()}
    found = take_one(root, "questionnaire.xlsx")
    assert found.notes == [
        "the vendor says that it has changed: audit-event-coverage [Airtable!G12]",
        "the vendor does not know whether it has changed (nothing follows from that): mfa-strength [Airtable!G10]",
    ]
    confirmed = answer(root, "airtable", "desk-a", "sso-enforcement").evidence[-1]
    assert (confirmed.source, confirmed.date) == ("Airtable: confirmed in our questionnaire", DAY)
    assert confirmed.note == (
        "The vendor confirmed that nothing has changed since 2026-11-10. Stated before:\n"
        "2026-11-10: Required sign-in covers every verified domain.\n"
        f"2024-10-24: {HELP}/es/settings-airtable-admin-panel"
    )
    changed = answer(root, "airtable", "desk-a", "audit-event-coverage").evidence[-1]
    assert (changed.source, changed.date, changed.captured) == (f"{HELP}/audit-on-business", date(2026, 10, 15), DAY)
    assert changed.note == (
        "Reply of the vendor (changed since 2026-11-10): Business records sign-ins and changes of users since October."
    )
    (reply,) = answer(root, "retool", "desk-a", "audit-export").evidence
    assert reply.note == "Reply of the vendor: Logs can be streamed to Datadog and Splunk."
    assert {(item.kind, item.grade) for item in (confirmed, changed, reply)} == {("statement", "D")}
    assert {key: found.level for key, found in cards(root)["airtable", "desk-a"].answers.items()} == levels


def test_a_moderation_decides(root: Path) -> None:
    before = cards(root)
    take(root, "moderation.xlsx")
    agreed = cards(root)["airtable", AGREED]
    assert (agreed.edition, agreed.kind, agreed.assessed) == ("business", "moderation", DAY)
    assert list(agreed.answers) == ["sso-enforcement", "audit-export"]
    settled, unknown = agreed.answers["sso-enforcement"], agreed.answers["audit-export"]
    assert (settled.level, settled.confidence) == (2, "medium")
    assert settled.rationale == "Both read the page again; the domain rule is documented."
    assert (unknown.level, unknown.missing) == ("unknown", ("documentation of an export",))
    theirs = {
        item for who in ("desk-a", "desk-b") for item in before["airtable", who].answers["sso-enforcement"].evidence
    }
    assert set(settled.evidence) == theirs
    (scored,) = (option for option in api.score(opened(root)).options if option.id == "airtable")
    assert scored.cell("sso-enforcement").by == (AGREED,)
    assert AGREED not in scored.cell("mfa-strength").by


@pytest.mark.parametrize("meanwhile", [nothing, formatted, moved])
def test_weights_are_stored(root: Path, meanwhile: Callable[[Path], None]) -> None:
    meanwhile(root)
    read = api.import_weights(root, [SENT / "weights-swing.xlsx", SENT / "weights-pairwise.xlsx"], LATER)
    assert [(one.role, one.problems) for one in read] == [("head-of-finance", ()), ("platform-architect", ())]
    workspace = opened(root)
    found = stated(workspace, workspace.stakeholders["head-of-finance"]).weights
    # 100 to 60, inside the one 100 to 40, inside the other 100 to 37.5.
    assert found == pytest.approx(
        {
            "sso-enforcement": 0.625 * 100 / 140,
            "mfa-strength": 0.625 * 40 / 140,
            "audit-event-coverage": 0.375 * 100 / 137.5,
            "audit-export": 0.375 * 37.5 / 137.5,
        }
    )
    judged = workspace.stakeholders["platform-architect"].group("identity")
    assert judged is not None
    assert [(pair.first, pair.second, pair.times) for pair in judged.pairs or ()] == [
        ("sso-enforcement", "mfa-strength", 3)
    ]


def test_weights_of_groups_that_have_grown_name_a_cell_and_what_is_missing(root: Path) -> None:
    upgraded(root)
    read = api.import_weights(root, [SENT / "weights-swing.xlsx", SENT / "weights-pairwise.xlsx"], LATER)
    swings, pairs = (texts_of(one.problems) for one in read)
    assert set(swings) == {"Weights!F8", "Weights!F11", "Weights!F14"}
    assert swings["Weights!F8"].startswith("the sheet has no row for data-residency, ")
    (pair,) = pairs.values()
    assert "the sheet has no row for sso-protocols and sso-enforcement, " in pair
    assert pair.endswith("all of identity are weighed together | write the workbook again and copy the figures over")
    assert not (root / "weights").exists()


# What cannot be taken says which cell


def test_a_kind_that_was_stated_meanwhile_stays(root: Path) -> None:
    """The forms of that release have no column for it."""
    path = root / "vendors/airtable/desk-a.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("        grade: C\n", "        grade: C\n        kind: document\n"), encoding="utf-8")
    found = take_one(root, "scorecard.xlsx")
    assert (found.problems, found.conflicts) == ([], [])
    kinds = [item.kind for item in answer(root, "airtable", "desk-a", "sso-enforcement").evidence]
    assert kinds == ["document", None, None]


def test_an_answer_that_changed_meanwhile_is_a_conflict_with_its_cell(root: Path) -> None:
    path = root / "vendors/airtable/desk-a.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("level: 2", "level: 1", 1), encoding="utf-8")
    found = take_one(root, "scorecard.xlsx")
    assert [(conflict.criterion, conflict.cell) for conflict in found.conflicts] == [("sso-enforcement", "Airtable!F9")]
    assert answer(root, "airtable", "desk-a", "sso-enforcement").level == 1
    take(root, "scorecard.xlsx", prefer="theirs")
    assert answer(root, "airtable", "desk-a", "sso-enforcement").level == 3


@pytest.fixture
def form(root: Path) -> Filled:
    return copied(root, "scorecard-unknown.xlsx")


def copied(root: Path, file: str, sheet: str | None = None) -> Filled:
    return Filled(Path(shutil.copy(SENT / file, root.parent / "form.xlsx")), sheet)


def test_a_cell_that_cannot_be_read_is_named_and_keeps_its_form_out(root: Path, form: Filled) -> None:
    form.put("mfa-strength", "level", "Level 9")
    form.put("audit-export", "confidence", "perhaps")
    found = take_one(root, form.save())
    assert set(texts_of(found.problems)) == {
        form.name("mfa-strength", "level"),
        form.name("audit-export", "confidence"),
    }
    assert found.blocked
    assert answer(root, "retool", "desk-a", "mfa-strength").level == "unknown"


def test_a_criterion_that_is_gone_is_named_and_the_rest_is_taken(root: Path, form: Filled) -> None:
    head = root / "criteria/identity.yaml"
    text = head.read_text(encoding="utf-8")
    head.write_text(text[: text.index("  - id: mfa-strength")], encoding="utf-8")
    for name in ("criteria/weights.yaml", "criteria/catalogue.yaml"):
        path = root / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "mfa-strength: " not in line), encoding="utf-8")
    for path in root.glob("vendors/*/desk-*.yaml"):
        text = path.read_text(encoding="utf-8")
        start, end = text.index("  mfa-strength:"), text.index("  audit-event-coverage:")
        path.write_text(text[:start] + text[end:], encoding="utf-8")
    found = take_one(root, form.save())
    assert texts_of(found.problems)[form.name("mfa-strength", "level")].startswith(
        "mfa-strength is no longer in the catalogue; its answer '2' is not imported"
    )
    assert [change.criterion for change in found.changes] == ["audit-export"]


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("#sheet scorecard ../retool enterprise-cloud desk-a", "there is no vendor '../retool' in this workspace"),
        ("#sheet scorecard retool enterprise desk-a", "Retool has no edition 'enterprise' any more"),
        ("#sheet scorecard retool enterprise-cloud profile", "'profile' cannot be an assessor's id"),
        ("#sheet scorecard retool enterprise-cloud ../desk-a", "'../desk-a' cannot be an assessor's id"),
        ("#sheet report retool enterprise-cloud desk-a", "holds no form of the evaluator"),
        ("retool", "holds no form of the evaluator"),
    ],
)
def test_a_form_whose_mark_was_altered_changes_nothing(root: Path, form: Filled, mark: str, said: str) -> None:
    before = cards(root)
    form.sheet["A1"].value = mark
    form.put_header("assessor", None)
    found = take_one(root, form.save())
    assert found.blocked
    assert any(said in problem.message for problem in found.problems), found.problems
    assert cards(root) == before


def test_a_form_without_its_columns_changes_nothing(root: Path, form: Filled) -> None:
    row = next(row for row in form.sheet.iter_rows() if row[0].value == "#column criterion")
    row[form.columns["missing"] - 1].value = None
    found = take_one(root, form.save())
    assert found.blocked
    assert "columns are missing: missing" in found.problems[0].message


def test_a_form_whose_rows_were_given_another_criterion_is_refused(root: Path, form: Filled) -> None:
    for row in form.rows["audit-export"]:
        form.sheet.cell(row, form.columns["criterion"]).value = "everything"
    found = take_one(root, form.save())
    assert found.blocked
    assert "there is no criterion 'everything'" in found.problems[0].message


def test_a_form_without_its_hidden_sheet_leaves_every_difference_to_be_decided(root: Path, form: Filled) -> None:
    form.book.remove(form.book["_evaluator"])
    found = take_one(root, form.save())
    assert found.notes[0].startswith("the hidden sheet is gone")
    assert [conflict.criterion for conflict in found.conflicts] == ["mfa-strength"]
    assert answer(root, "retool", "desk-a", "mfa-strength").level == "unknown"


def test_a_statement_that_was_altered_cannot_be_confirmed(root: Path) -> None:
    form = copied(root, "questionnaire.xlsx", "Airtable")
    form.put("sso-enforcement", "stated", "Has this changed since 2026-11-10?\n2026-11-10: Level 4 is reached.")
    found = take_one(root, form.save())
    assert texts_of(found.problems)[form.name("sso-enforcement", "stated")].startswith("the text that was sent")
    assert found.blocked


# The closed review


def test_the_closed_review_gives_the_same_figures(root: Path) -> None:
    (found,) = api.review_verify(root, "all")
    assert (found.verdict, found.tampered, found.figures) == (VerificationVerdict.SAME, (), ())
    assert found.passed
    assert (found.as_of, found.closed) == (DAY, DAY)


@pytest.mark.parametrize("name", ["record.json", "recommendation.pdf", "comparison.xlsx", "SHA256SUMS"])
def test_a_byte_changed_in_the_closed_review_is_found(root: Path, name: str) -> None:
    path = root / "reports/2026" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (found,) = api.review_verify(root, "2026")
    assert found.verdict is VerificationVerdict.TAMPERED


def test_the_closed_review_is_compared_with_one_closed_today(root: Path) -> None:
    take(root, *FORMS)
    api.review_open(root, "2027", LATER, opened=LATER)
    path = root / "reviews/2027.yaml"
    waived = (root / "reviews/2026.yaml").read_text(encoding="utf-8").partition("\nwaived:")[2]
    path.write_text(f"{path.read_text(encoding='utf-8')}\nwaived:{waived}", encoding="utf-8")
    closed(root, "2027", on=LATER)
    assert [found.verdict for found in api.review_verify(root, "all")] == [VerificationVerdict.SAME] * 2
    workspace, change = api.review_diff(root, "2026", "2027")
    assert {option.id for option in change.options} == {"airtable", "retool"}
    assert "outside federation" in api.change_as_text(workspace, change, ["retool"])
    for option in change.options:
        assert option.difference is not None
        assert sum(points.score for points in option.causes.values()) == pytest.approx(option.difference.score)


def test_the_closed_review_stands_after_all_that_is_done_to_its_workspace(root: Path) -> None:
    folder = root / "reports/2026"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    all_of_it(root)
    take(root, *FORMS)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert api.review_verify(root, "2026")[0].passed
    workspace, change = api.review_diff(root, "2026", "now")
    assert api.change_as_text(workspace, change)
    _, points = api.review_history(root, "airtable")
    assert [point.label for point in points] == ["2026", "now"]


def test_there_is_no_review_of_another_name(root: Path) -> None:
    with pytest.raises(EvaluatorError, match="2025"):
        api.review_verify(root, "2025")
