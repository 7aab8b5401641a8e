"""Interchanges, groups and transaction sets: what belongs where, what is counted, which guides are read."""

from __future__ import annotations

from typing import Any

import pytest

import x271
from x12 import ACTIVE, GS, ISA, SOURCE, Found, answer, codes, found, interchange, read, transaction, written

ST = transaction()
TA1 = "TA1*000000001*261121*0900*A*000"


def shape(data: bytes) -> list[tuple[Any, ...]]:
    """Per interchange: has IEA, TA1s, (has GS, has GE, transaction sets, others) per group, others."""
    return [
        (
            iea is not None,
            len(acknowledgments),
            [(gs is not None, ge is not None, sets, len(strays)) for gs, ge, sets, strays in groups],
            len(others),
        )
        for _, iea, acknowledgments, groups, others, _ in read(data).interchanges()
    ]


def test_a_whole_envelope_has_no_findings() -> None:
    data = written(interchange(ST))
    assert shape(data) == [(True, 0, [(True, True, [0], 0)], 0)]
    assert found(data) == []


def test_several_interchanges_groups_and_transaction_sets_stand_in_their_places() -> None:
    two_groups = [ISA, GS, *ST, *ST, "GE*2*1", GS, *ST, "GE*1*1", "IEA*2*000000001"]
    data = written([*two_groups, *interchange(ST)])
    groups = [(True, True, [0, 1], 0), (True, True, [2], 0)]
    assert shape(data) == [(True, 0, groups, 0), (True, 0, [(True, True, [3], 0)], 0)]
    assert found(data) == []


def test_ta1_may_stand_before_gs_or_alone() -> None:
    before = [ISA, TA1, GS, *ST, "GE*1*1", "IEA*1*000000001"]
    alone = [ISA, TA1, TA1, "IEA*0*000000001"]
    assert shape(written(before)) == [(True, 1, [(True, True, [0], 0)], 0)]
    assert shape(written(alone)) == [(True, 2, [], 0)]
    assert found(written(before)) == found(written(alone)) == []
    acknowledgments = x271.parse(written(alone)).acknowledgments
    assert [one.acknowledgment_code for one in acknowledgments] == ["A", "A"]
    assert x271.normalize_all(written(alone)) == []


@pytest.mark.parametrize(
    ("segments", "findings"),
    [
        ([ISA, GS, *ST, "GE*1*1"], [Found("MISSING_TRAILER", 1)]),
        ([ISA, GS, *ST], [Found("MISSING_TRAILER", 1), Found("MISSING_TRAILER", 2)]),
        (
            [ISA, GS, *ST[:-1]],
            [Found("MISSING_TRAILER", 1), Found("MISSING_TRAILER", 2), Found("MISSING_TRAILER", 3)],
        ),
        ([ISA, GS, *ST[:-1], "GE*1*1", "IEA*1*000000001"], [Found("MISSING_TRAILER", 3)]),
        ([ISA, GS, *ST[:-1], *ST, "GE*2*1", "IEA*1*000000001"], [Found("MISSING_TRAILER", 3)]),
        ([ISA, GS, *ST, "IEA*1*000000001"], [Found("MISSING_TRAILER", 2)]),
        ([ISA, GS, *ST, GS, *ST, "GE*1*1", "IEA*2*000000001"], [Found("MISSING_TRAILER", 2)]),
        ([ISA, GS, *ST, "GE*1*1", *interchange(ST)], [Found("MISSING_TRAILER", 1)]),
    ],
)
def test_an_envelope_without_trailer_is_reported_once_and_loses_nothing(
    segments: list[str], findings: list[Found]
) -> None:
    data = written(segments)
    assert found(data) == findings
    kinds = read(data).kinds()
    assert len(kinds) == sum(segment.startswith("ST*") for segment in segments)
    assert all(is_read for _, _, is_read in kinds)


@pytest.mark.parametrize(
    ("segments", "findings"),
    [
        ([ISA, *ST, "IEA*1*000000001"], [Found("MISSING_HEADER", 2)]),
        ([ISA, GS, *ST[1:-1], "GE*1*1", "IEA*1*000000001"], [Found("MISSING_HEADER", 3)]),
        ([*interchange(ST), GS, *ST, "GE*1*1"], [Found("MISSING_HEADER", 8)]),
        ([*interchange(ST), *ST], [Found("MISSING_HEADER", 8)]),
        (
            [ISA, GS, *ST, "IEA*1*000000001", *ST],
            [Found("MISSING_TRAILER", 2), Found("MISSING_HEADER", 7)],
        ),
    ],
)
def test_what_has_no_header_is_reported_and_read_nevertheless(
    segments: list[str], findings: list[Found]
) -> None:
    data = written(segments)
    assert [one for one in found(data) if one.code != "MISSING_TRAILER" or one in findings][:2] == findings
    assert [kind for kind, _, _ in read(data).kinds()] == ["271"] * sum("BHT" in one for one in segments)


@pytest.mark.parametrize("place", [2, 6, 7])
def test_a_segment_outside_the_transaction_sets_is_kept_and_reported(place: int) -> None:
    segments = interchange(ST)
    segments.insert(place, "REF*X*1")
    data = written(segments)
    assert Found("MISPLACED_SEGMENT", place + 1) in found(data)
    document = x271.parse(data)
    strays = [*document.others, *document.groups[0].others]
    assert [one.elements for one in strays] == [("X", "1")]


@pytest.mark.parametrize("trailer", ["SE*3*0001", "GE*1*1", "IEA*1*000000001"])
def test_a_trailer_that_closes_nothing_is_kept_and_reported(trailer: str) -> None:
    segments = [*interchange(ST), trailer]
    assert found(written(segments)) == [Found("MISPLACED_SEGMENT", len(segments))]
    assert [one.segment_identifier for one in x271.parse(written(segments)).others] == [
        trailer.partition("*")[0]
    ]


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ("SE*3*0001", "SE*4*0001", 1),
        ("SE*3*0001", "SE*3*0002", 2),
        ("SE*3*0001", "SE*3", 2),
        ("GE*1*1", "GE*2*1", 1),
        ("GE*1*1", "GE*1*2", 2),
        ("IEA*1*000000001", "IEA*2*000000001", 1),
        ("IEA*1*000000001", "IEA*X*000000001", 1),
        ("IEA*1*000000001", "IEA*1*000000002", 2),
    ],
)
def test_a_count_or_control_number_that_differs_is_reported_at_its_element(
    old: str, new: str, element: int
) -> None:
    segments = interchange(ST)
    at = segments.index(old)
    segments[at] = new
    assert found(written(segments)) == [Found("CONTROL_MISMATCH", at + 1, element)]


@pytest.mark.parametrize(
    ("guide", "finding"),
    [
        ("005010X279A1", None),
        ("005010X279", "VERSION_WITHOUT_ADDENDUM"),
        ("004010X092A1", "OLD_VERSION"),
        ("MYSTERY", "UNKNOWN_VERSION"),
        ("", "UNKNOWN_VERSION"),
    ],
)
def test_the_guide_is_read_where_it_can_be_and_its_name_is_reported(guide: str, finding: str | None) -> None:
    gs = GS.replace("005010X279A1", guide)
    data = written(interchange(transaction(guide=guide), gs=gs))
    assert set(codes(data)) == ({finding} if finding else set())
    assert read(data).kinds() == [("271", 2, True)]


def test_a_guide_that_is_not_eligibility_is_refused_by_name_if_it_stands_alone() -> None:
    claim = ["ST*837*0001*005010X222A1", "BHT*0019*00*1*20261121*0900*CH", "SE*3*0001"]
    gs = GS.replace("005010X279A1", "005010X222A1").replace("HB", "HC")
    with pytest.raises(x271.UnsupportedTransaction) as caught:
        x271.parse(written(interchange(claim, gs=gs)))
    assert caught.value.position is not None
    assert caught.value.position.segment == 3
    assert "837" in str(caught.value)


def test_a_guide_that_is_not_eligibility_is_kept_beside_an_answer() -> None:
    claim = ["ST*837*0001*005010X222A1", "BHT*0019*00*1*20261121*0900*CH", "SE*3*0001"]
    data = written(interchange(claim, transaction(*SOURCE, number="0002")))
    assert "UNSUPPORTED_TRANSACTION" in codes(data)
    first, second = x271.parse(data).groups[0].transactions
    assert getattr(first, "kind", "") == "837"
    assert len(getattr(first, "segments", ())) == 3
    assert list(x271.parse(data).answers()) == [second]


def test_gs01_that_names_another_kind_is_reported() -> None:
    data = written(interchange(ST, gs=GS.replace("HB", "HS")))
    assert found(data) == [Found("GROUP_MISMATCH", 2, 1)]


def test_a_following_interchange_writes_its_own_part() -> None:
    first, second = written(answer(ACTIVE)), written(answer(), after="\n")
    document = x271.parse(first + second)
    assert [one.to_x12() for one in document.interchanges()] == [first + second, second]
