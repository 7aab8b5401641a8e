"""A long answer is read in small pieces where that changes nothing; its rows are those of the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from drawn import answers
from tables.compare import rows_of
from x271 import _core, _reading
from x271.sources import Limits
from x271.tables import tables_of

TABLES = ("eligibility", "benefits", "rejections")
ALL = (*TABLES, "findings")
WHOLE = 2**40


def outcome(data: bytes | Path, size: int, *names: str, **options: Any) -> Any:
    """The rows of some tables, or what was raised."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_reading, "PART", size)
        try:
            rows = rows_of(tables_of(data, only=names, **options))
        except x271.X271Error as error:
            return type(error), str(error)
    return {name: rows[name] for name in names}


def in_parts_and_whole(data: bytes | Path, size: int, **options: Any) -> tuple[Any, Any]:
    """The first three tables, or what was raised. All four are the same in pieces, too."""
    whole = outcome(data, WHOLE, *ALL, **options)
    assert outcome(data, size, *ALL, **options) == whole
    first = {name: whole[name] for name in TABLES} if isinstance(whole, dict) else whole
    return outcome(data, size, *TABLES, **options), first


def sizes(data: bytes | Path, size: int) -> list[int]:
    """Bytes of what was read, one after the other, to make all four tables."""
    read = []

    def seen(document: _core.Document, size: int, limits: Limits) -> _core.Document:
        read.append(size)
        return within(document, size, limits)

    within = _reading.within
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_reading, "within", seen)
        outcome(data, size, *ALL)
    return read


@given(st.lists(answers(), min_size=1, max_size=3), st.sampled_from([1, 50, 500, 4000]))
def test_pieces_of_any_size_give_the_rows_of_the_whole(given: list[bytes], size: int) -> None:
    parts, whole = in_parts_and_whole(b"".join(given), size)
    assert parts == whole


ISA = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *261121*0900*^*00501*000000001*0*P*:~"


def sets(*bodies: str, kind: str = "271", guide: str = "005010X279A1") -> bytes:
    """An interchange of transaction sets."""
    numbered = (
        f"ST*{kind}*{at:04}*{guide}~{body}SE*{body.count('~') + 2}*{at:04}~"
        for at, body in enumerate(bodies, 1)
    )
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


TWENTY = sets(*(patient(f"T{at}", "EB*1**30~EB*NEVER**98~") for at in range(20)))
LATIN = TWENTY.replace(b"AVERY", b"AV\xc9RY")
ODD = [
    TWENTY + b"trailing text",
    b"\n" + TWENTY,
    TWENTY.replace(b"GE*20*", b"GE*21*"),
    TWENTY.replace(b"IEA*1*", b"IEA*2*"),
    TWENTY.replace(b"IEA*1*000000001~", b""),
    TWENTY.replace(b"*0020*0", b"*0021*0"),
    TWENTY.replace(b"HB*P*C", b"HC*P*C"),
    TWENTY.replace(b"ST*271*0017", b"~ST*271*0017"),
    TWENTY.replace(b"~ST*271*0017", b"~GE*16*1~GS*HB*P*C*20261121*0900*2*X*NO~ST*271*0017"),
    LATIN + b"trailing text",
]


@pytest.mark.parametrize("data", [TWENTY, LATIN])
@pytest.mark.parametrize("size", [1, 300, 1500])
def test_findings_of_single_patients_leave_an_answer_in_pieces(
    data: bytes, size: int, tmp_path: Path
) -> None:
    parts, whole = in_parts_and_whole(data, size)
    assert parts == whole
    assert outcome(data, size, *ALL)["findings"]
    assert len(data) not in sizes(data, size)
    path = tmp_path / "long.271"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("x271.sources.pieces.SIZE", 2000)
        assert outcome(path, size, *ALL) == outcome(data, WHOLE, *ALL)


@pytest.mark.parametrize("data", ODD)
def test_what_was_found_about_the_input_has_it_read_whole(data: bytes) -> None:
    parts, whole = in_parts_and_whole(data, 300)
    assert parts == whole
    *pieces, last = sizes(data, 300)
    assert last == len(data)
    assert max(pieces) < 1000
    keys = {row["key"] for row in outcome(data, 300, "eligibility", "findings")["findings"]}
    assert len(keys) == 20


@pytest.mark.parametrize("limits", [Limits(max_segments=100), Limits(max_elements=2)])
def test_what_is_too_much_in_the_whole_is_too_much_in_pieces(
    limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_reading, "_LIMITS", limits)
    monkeypatch.setitem(_reading.answers.__kwdefaults__ or {}, "limits", limits)
    kind, _ = found = outcome(TWENTY, 300, *ALL)
    assert kind is x271.LimitExceeded
    assert found == outcome(TWENTY, WHOLE, *ALL)


def test_transaction_sets_that_are_not_utf8_are_counted_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(LATIN) not in sizes(LATIN, 300)
    monkeypatch.setattr(_reading, "_MOST_FINDINGS", 19)
    assert sizes(LATIN, 300)[-1] == len(LATIN)
