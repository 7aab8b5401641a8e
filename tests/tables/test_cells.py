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
from x12 import ACTIVE, RECEIVER, SOURCE, SUBSCRIBER, answer, interchange, transaction, written
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


def test_an_eb_that_goes_on_where_another_one_ended_is_another_one() -> None:
    first, second = (("EB*6**30", ACTIVE), ("EB*6**30*PR*GOLD", ACTIVE, "EB*6**30*PR", "EB*6**30"))
    sets = [transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, *ebs) for ebs in (first, second, second)]
    data = written(interchange(*sets))
    rows = rows_of(tables_of(data))
    compare(rows, records_of(data))
    plans = [(row["insurance_type"], row["plan_description"]) for row in rows["benefits"]]
    gold, without_plan, nothing = ("PR", "GOLD"), ("PR", None), (None, None)
    of_second = [gold, gold, without_plan, nothing]
    assert plans == [nothing, gold, *of_second, *of_second]
    assert not any(row["raw_values"] for row in rows["benefits"])


def test_very_many_segments_hang_on_each_row_of_an_eb() -> None:
    hanging = [
        segment for number in range(3000) for segment in (f"MSG*NUMBER {number}", "DTP*292*D8*20260101")
    ]
    data = written(answer("EB*1**1^30^33^35", *hanging, "REF*18*P1", "EB*1**98", "MSG*LAST", ACTIVE))
    rows = rows_of(tables_of(data))
    compare(rows, records_of(data))
    assert [len(row["dates"]) for row in rows["benefits"]] == [3000] * 4 + [0] * 2


# EB segments that fill other columns than those beside them, with what hangs on them.
ODD_ROWS = (
    ("EB*C*IND*30***23*1500*****Y",),
    ("EB*C*IND*30***23*1,500*****N", "DTP*292*RD8*20260101-20261231", "MSG*LIMITS COMBINED"),
    ("EB*A*FAM*98^ 1 ^^LONGER THAN A WORD^\u00c9***27**.2****W", "REF*18*P1", "REF*9F*A1*WHAT IT IS"),
    ("EB*F***QM*A PLAN \u00c9*29***VS*12.5**U", "HSD*VS*12***34*1", "DTP*348*D8*2026", "III*ZZ*11"),
    ("EB*B**^***  27  *-3*1.23456789*VS*many*Y* Y *HC:99213:25:59:::VISIT:99215*1:2", "III*BK*E11", "III*ZZ"),
    ("EB*Z*TOO LONG FOR A WORD*30*" + "X" * 70, "MSG*" + "A LONG MESSAGE " * 6 + "*MORE", "MSG"),
    ("EB*1**30", "LS*2120", "NM1*P3*1*PRIMER*ROBIN****XX*1999999984", "N4*RENO*NV", "LE*2120"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("count", [1, 127, 128, 129, 300])
def test_rows_that_are_put_together_are_those_of_the_records(count: int, encoding: str) -> None:
    chosen = [ODD_ROWS[number * 5 % len(ODD_ROWS)] for number in range(count)]
    text = written(answer(*(segment for row in chosen for segment in row))).decode()
    data = text.encode(encoding)
    compare(rows_of(tables_of(data)), records_of(data))


@pytest.mark.parametrize("count", [1, 127, 128, 129, 1000])
def test_each_code_of_a_long_list_is_a_row(count: int) -> None:
    codes = "^".join(("30", "98", "LONGER THAN A WORD", "", " 1 ")[number % 5] for number in range(count))
    data = written(answer(ACTIVE, f"EB*C*IND*{codes}***23*1500", "MSG*FOR EACH", ACTIVE))
    rows = rows_of(tables_of(data))
    compare(rows, records_of(data))
    assert len(rows["benefits"]) == 2 + sum(1 for number in range(count) if number % 5 != 3)
