"""Every cell is what the record says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import x271
from drawn import answers
from tables.compare import compare, rows_of
from variants import VARIANTS
from x271.tables import tables_of
from x271.testing import wild_questions

FIXTURES = Path(__file__).parents[2] / "fixtures"
DOCUMENTS = sorted(
    path
    for folder in ("archive", "cases", "ppmd", "regressions")
    for path in (FIXTURES / folder).rglob("*")
    if path.suffix in {".271", ".x12", ".xml", ".json"} and path.name != "cases.json"
)


def records_of(data: Any, **options: Any) -> list[x271.Eligibility]:
    return x271.normalize_all(data, **options)


@given(answers(), wild_questions())
def test_tables_and_records_of_any_answer_agree(answer: bytes, request: dict[str, Any]) -> None:
    compare(rows_of(tables_of(answer, **request)), records_of(answer, **request))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name + "/" + path.name)
def test_tables_and_records_of_a_document_agree(path: Path) -> None:
    try:
        records = records_of(path)
    except x271.X271Error as error:
        with pytest.raises(type(error)):
            tables_of(path)
        return
    rows = rows_of(x271.tables(path, on_error=lambda *_: None))
    compare(rows, records)


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=list(VARIANTS))
def test_tables_and_records_of_what_senders_do_agree(variant: Any) -> None:
    data = variant.data() if callable(getattr(variant, "data", None)) else variant.data
    compare(rows_of(tables_of(data)), records_of(data))


@pytest.mark.parametrize("profile", ["stated-network"])
def test_a_profile_counts(profile: str) -> None:
    data = (FIXTURES / "archive" / "medicaid-managed-care.271").read_bytes()
    compare(rows_of(tables_of(data, profile=profile)), records_of(data, profile=profile))
