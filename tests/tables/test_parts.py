"""A long answer in memory is read in pieces where no table shows findings; its rows are those of the whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from drawn import answers
from tables.compare import rows_of
from x271 import _reading
from x271.tables import tables_of

TABLES = ("eligibility", "benefits", "rejections")


def outcome(data: bytes, *names: str, **options: Any) -> Any:
    """The rows of the first three tables, or what was raised."""
    try:
        rows = rows_of(tables_of(data, only=names, **options))
    except x271.X271Error as error:
        return type(error), str(error)
    return {name: rows[name] for name in TABLES}


def in_parts_and_whole(data: bytes, size: int, **options: Any) -> tuple[Any, Any]:
    """With `findings` the input is read whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_reading, "_PART", size)
        return outcome(data, *TABLES, **options), outcome(data, *TABLES, "findings", **options)


@given(st.lists(answers(), min_size=1, max_size=3), st.sampled_from([1, 50, 500, 4000]))
def test_pieces_of_any_size_give_the_rows_of_the_whole(given: list[bytes], size: int) -> None:
    parts, whole = in_parts_and_whole(b"".join(given), size)
    assert parts == whole


ISA = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *261121*0900*^*00501*000000001*0*P*:~"


def sets(*bodies: str, kind: str = "271", guide: str = "005010X279A1") -> bytes:
    """An interchange of transaction sets."""
    numbered = (f"ST*{kind}*{at:04}*{guide}~{body}SE*0*{at:04}~" for at, body in enumerate(bodies, 1))
    return f"{ISA}GS*HB*P*C*20261121*0900*1*X*{guide}~{''.join(numbered)}GE*{len(bodies)}*1~IEA*1*000000001~".encode()


PATIENT = "BHT*0022*11*1*20261121*0900~HL*1**20*1~NM1*PR*2*P~HL*2*1*21*1~NM1*1P*2*C~HL*3*2*22*0~"


def patient(trace: str, benefit: str = "EB*1**30~") -> str:
    echo = f"TRN*2*{trace}*9P~" if trace else ""
    return f"{PATIENT}{echo}NM1*IL*1*SAMPLE*AVERY~{benefit}"


@pytest.mark.parametrize("trace", [None, "T3", "T9"])
@pytest.mark.parametrize("traces", [("T1", "T2", "T3"), ("T1", "", "T2"), ("", "", "T3")])
def test_a_trace_number_counts_for_all_pieces(traces: tuple[str, ...], trace: str | None) -> None:
    parts, whole = in_parts_and_whole(sets(*map(patient, traces)), 100, trace=trace)
    assert parts == whole
    assert parts["eligibility"] or trace == "T9"


@pytest.mark.parametrize(
    "data",
    [
        b"no envelope " * 100,
        sets(kind="835"),
        sets(patient("T1"), patient("T2"), kind="835", guide="005010X221A1"),
        sets(patient("T1"), patient("T2"), guide="005010X222A1"),
        sets(patient("T1"), patient("T2")) + b"trailing text " * 50,
        sets(patient("T1", "EB*1**30~" * 400), patient("T2")),
        b"\r\n".join(sets(patient("T1"), patient("T2"))[at : at + 80] for at in range(0, 800, 80)),
    ],
)
def test_what_is_odd_about_an_input_is_told_as_of_the_whole(data: bytes) -> None:
    parts, whole = in_parts_and_whole(data, 64)
    assert parts == whole


def test_positions_are_those_in_the_whole() -> None:
    data = sets(*(patient(f"T{at}") for at in range(20)))
    parts, _ = in_parts_and_whole(data, 300)
    rows = parts["eligibility"]
    assert [row["transaction_set"] for row in rows] == list(range(1, 21))
    for row in rows:
        assert data[row["offset"] :].startswith(b"ST*271*")
        assert data[: row["offset"]].count(b"~") == row["segment"] - 1
