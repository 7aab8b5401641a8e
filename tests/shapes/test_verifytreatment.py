"""VerifyTreatment's VOB after a check, its words, and its batch file (seed 003)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import x271
from drawn import answers
from x12 import (
    ACTIVE,
    DEPENDENT,
    FIXTURES,
    RECEIVER,
    SOURCE,
    SUBSCRIBER_ABOVE,
    answer,
    interchange,
    transaction,
    written,
)
from x271.shapes import verifytreatment

ARCHIVE = FIXTURES / "archive"
CASES = json.loads((FIXTURES / "cases" / "cases.json").read_text(encoding="utf-8"))
PLAIN = x271.normalize(written(answer("EB*1**30*PR*GOLD", "REF*6P*G77")))
REQUEST = {
    "first_name": "Jane",
    "last_name": "Doe",
    "member_id": "w100",
    "payer_id": "vtx-17",
    "date_of_birth": "01/01/1980",
    "client_type": "client",
    "facility": "ACCOUNT_DEFAULT",
}


@pytest.mark.parametrize(
    "case", [one for one in CASES if "verifytreatment" in one["expect"]], ids=lambda one: one["id"]
)
def test_the_specifications_case_has_its_word(case: dict[str, Any]) -> None:
    record = x271.normalize_all(FIXTURES / "cases" / case["file"], date_of_service="2026-11-21")[0]
    assert record.to_verifytreatment()["coverage"] == case["expect"]["verifytreatment"]


@pytest.mark.parametrize(
    ("coverage", "words", "option"),
    [
        ("active", ["active", "Active", " ACTIVE ", "Active Coverage"], "Active Coverage"),
        ("inactive", ["inactive", "Inactive"], "Inactive"),
        ("unknown", ["unavailable", "unavilable", "Unknown", "unknown"], "Unknown"),
    ],
)
def test_every_spelling_of_coverage_is_read_and_one_is_written(
    coverage: Any, words: list[str], option: str
) -> None:
    assert {verifytreatment.coverage(word) for word in words} == {coverage}
    assert verifytreatment.coverage_word(coverage) == words[0]
    assert verifytreatment.coverage_option(coverage) == option


def test_a_word_that_it_does_not_have_is_refused() -> None:
    with pytest.raises(x271.UsageError, match=r"active, inactive, unavailable.* at key coverage"):
        verifytreatment.coverage("perhaps")
    with pytest.raises(x271.UsageError, match="at key subscriber_relation"):
        verifytreatment.relationship("SR06")


RELATIONS = [("18", "SR01"), ("01", "SR02"), ("19", "SR03"), ("34", "SR05"), ("G8", "SR04")]


@pytest.mark.parametrize(
    ("code", "relation"), [*RELATIONS, ("20", "SR04"), ("53", "SR04"), ("Z9", "SR04"), ("", "")]
)
def test_an_answers_relationship_has_a_code(code: str, relation: str) -> None:
    assert verifytreatment.relation(code) == relation


@pytest.mark.parametrize(("code", "relation"), RELATIONS)
def test_a_question_has_the_relationship_of_a_code_but_for_other(code: str, relation: str) -> None:
    assert verifytreatment.relationship(relation) == ("" if relation == "SR04" else code)
    assert verifytreatment.relationship(f" {relation.lower()}") == ("" if relation == "SR04" else code)


# --- the VOB


def test_an_answer_alone_gives_all_that_it_knows() -> None:
    assert PLAIN.to_verifytreatment() == {
        "first_name": "JANE",
        "last_name": "DOE",
        "member_id": "W100",
        "date_of_birth": "1980-01-01",
        "gender": "F",
        "subscriber_relation": "SR01",
        "group_number": "G77",
        "payer_name": "ACME HEALTH",
        "coverage": "active",
    }


def test_the_callers_vob_stays_and_gets_what_it_lacks() -> None:
    given = {**REQUEST, "coverage": "unavilable", "gender": "", "group_number": None, "note": {"by": "me"}}
    assert PLAIN.to_verifytreatment(given) == {
        **REQUEST,
        "gender": "F",
        "subscriber_relation": "SR01",
        "group_number": "G77",
        "payer_name": "ACME HEALTH",
        "coverage": "active",
        "note": {"by": "me"},
    }


def test_a_gender_that_the_payer_does_not_know_is_not_other() -> None:
    unknown = written(answer(ACTIVE)).replace(b"DMG*D8*19800101*F", b"DMG*D8*19800101*U")
    assert "gender" not in x271.normalize(unknown).to_verifytreatment()


def test_a_dependent_has_its_subscribers_member_id_and_its_own_relation() -> None:
    data = written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *DEPENDENT, ACTIVE)))
    made = x271.normalize(data).to_verifytreatment()
    assert (made["first_name"], made["member_id"]) == ("BABY", "W100")
    child = x271.normalize(ARCHIVE / "dependent-child.271").to_verifytreatment()
    assert child["subscriber_relation"] == "SR03"


# --- the batch file

COLUMNS = ["_id", "first_name", "last_name", "date_of_birth", "client_type", "payer_id", "facility", "tag",
           "external_id", "place_of_service"]  # fmt: skip


def test_the_batch_file_has_the_documented_columns_and_coverage() -> None:
    assert list(verifytreatment.columns()) == [*COLUMNS, "coverage"]


def test_a_batch_file_has_a_row_per_vob() -> None:
    texts = [{**REQUEST, "_id": "1", "tag": 'a, "b"\nc'}, {**REQUEST, "_id": "2"}]
    text = verifytreatment.to_csv(PLAIN.to_verifytreatment(one) for one in texts)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["_id"] for row in rows] == ["1", "2"]
    assert rows[0]["tag"] == 'a, "b"\nc'
    assert rows[1] == {**dict.fromkeys(verifytreatment.columns(), ""), "_id": "2", "coverage": "active",
                       **{name: value for name, value in REQUEST.items() if name in COLUMNS}}  # fmt: skip
    assert text.startswith("_id,first_name,last_name,")
    assert verifytreatment.to_csv([]).count("\r\n") == 1


@given(answers())
def test_whatever_is_read_has_a_vob(data: bytes) -> None:
    for record in x271.normalize_all(data):
        made = record.to_verifytreatment()
        assert json.loads(json.dumps(made)) == made
        assert verifytreatment.coverage(made["coverage"]) == record.coverage
        assert len(list(csv.reader(io.StringIO(verifytreatment.to_csv([made]), newline="")))) == 2


def test_the_table_names_only_what_a_record_has() -> None:
    path = Path(verifytreatment.__file__).with_name("verifytreatment.tsv")
    assert path.is_file()
    assert set(PLAIN.to_verifytreatment()) <= {row["field"] for row in verifytreatment._table()}
