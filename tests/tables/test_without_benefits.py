"""Without the table of benefits only those EBs are read that a record can depend on; the other tables stay the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import x271
from drawn import answers
from tables.compare import rows_of
from tables.test_cells import DOCUMENTS
from variants import VARIANTS
from x12 import answer, written
from x271.tables import tables_of
from x271.testing import wild_questions

OTHERS = ("eligibility", "rejections", "findings")

# Which no field, no status and no payer takes.
UNREAD = ("EB*F*IND*47***22*12*****Y", "DTP*348*D8*20260101", "REF*18*PLAN1", "MSG*VISITS", "III*ZZ*11")


def without_benefits(data: Any, **options: Any) -> dict[str, list[dict[str, Any]]]:
    """The other tables, which are the same beside that of benefits."""
    rows = rows_of(tables_of(data, only=OTHERS, **options))
    beside = rows_of(tables_of(data, **options))
    assert rows == {name: beside[name] for name in OTHERS}
    return rows


@given(answers(), wild_questions())
def test_the_other_tables_of_any_answer_need_no_benefits(answer: bytes, request: dict[str, Any]) -> None:
    without_benefits(answer, **request)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name + "/" + path.name)
def test_the_other_tables_of_a_document_need_no_benefits(path: Path) -> None:
    try:
        x271.normalize_all(path)
    except x271.X271Error:
        return
    without_benefits(path)


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=list(VARIANTS))
def test_the_other_tables_of_what_senders_do_need_no_benefits(variant: Any) -> None:
    without_benefits(variant.data() if callable(getattr(variant, "data", None)) else variant.data)


def test_a_rejected_benefit_keeps_its_number_behind_those_that_are_not_read() -> None:
    data = written(answer(*UNREAD, *UNREAD, "EB*F*IND*48", "AAA*N**98*C"))
    rows = without_benefits(data)
    assert [row["benefit"] for row in rows["rejections"]] == [3]


def test_the_first_message_of_a_rejected_benefit_may_hang_on_one_that_is_not_read() -> None:
    data = written(answer("EB*F*IND*46", *UNREAD, "EB*F*IND*48", "AAA*N**98*C"))
    [row] = without_benefits(data)["eligibility"]
    assert (row["rejected"], row["eligibility_text"]) == (True, "VISITS")


def test_the_first_benefit_implies_that_there_is_coverage() -> None:
    rows = without_benefits(written(answer("EB*Z**47", *UNREAD, *UNREAD)))
    assert [row["coverage"] for row in rows["eligibility"]] == ["active"]
    [found] = [row for row in rows["findings"] if row["code"] == "STATUS_IMPLIED_FROM_BENEFITS"]
    segments = written(answer("EB*Z**47", *UNREAD)).split(b"~")
    assert segments[found["segment"] - 1].strip() == UNREAD[0].encode()


def test_an_entity_is_found_on_any_benefit() -> None:
    entity = ("LS*2120", "NM1*P3*1*PRIMER*ROBIN****XX*1999999984", "LE*2120")
    [row] = without_benefits(written(answer("EB*1**30", *UNREAD, *UNREAD, *entity)))["eligibility"]
    assert row["primary_care_last_name"] == "PRIMER"
