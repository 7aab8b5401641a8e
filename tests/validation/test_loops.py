"""Each rule of loops and the envelope, one sentence each."""

from __future__ import annotations

import pytest

import x271
from variants import BASE, base, counted, joined

VALID = BASE.read_bytes()


def codes(data: bytes) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in x271.validate(data).findings]


def without(start: bytes) -> bytes:
    """The valid answer without the segments that start so."""
    return joined(counted([one for one in base() if not one.startswith(start)]))


def before(start: bytes, *new: bytes) -> bytes:
    """The valid answer with new segments before the first that starts so."""
    segments = base()
    at = next(place for place, one in enumerate(segments) if one.startswith(start))
    return joined(counted([*segments[:at], *new, *segments[at:]]))


def test_a_required_segment_that_lacks_is_missing_where_its_loop_begins() -> None:
    (one,) = x271.validate(without(b"BHT*")).findings
    assert (one.code, one.field, one.severity, one.snip) == ("MISSING_SEGMENT", "BHT", "error", 2)
    assert one.position is not None
    assert one.position.segment == 3


def test_a_name_that_lacks_is_reported_once() -> None:
    assert codes(without(b"NM1*IL")) == [("MISSING_NAME", "")]


def test_a_level_with_nothing_below_lacks_its_name_loop() -> None:
    assert codes(before(b"SE*", b"HL*4*2*22*0")) == [
        ("MISSING_LOOP", "2100C"),
        ("REQUIRED_BY_SEGMENT", "PATIENT_ANSWERED"),
    ]


def test_a_transaction_set_without_levels_lacks_its_source() -> None:
    data = joined(counted(base()[:4] + base()[-3:]))
    assert codes(data) == [("MISSING_LOOP", "2000A")]


def test_a_segment_that_comes_too_often_is_reported_once_where_it_is_too_many() -> None:
    report = x271.validate(before(b"N3*27", *[b"REF*6P*GRP"] * 10))
    (one,) = report.findings
    assert (one.code, one.field) == ("TOO_MANY_SEGMENTS", "REF")
    assert one.position is not None
    assert one.position.segment == 21  # the tenth of eleven


def test_a_segment_out_of_the_guides_order_is_reported_where_the_order_breaks() -> None:
    assert codes(before(b"N3*27", b"DTP*347*D8*20261231")) == [("OUT_OF_ORDER", "N3")]
    assert codes(before(b"EB*1*", b"REF*18*PLAN")) == [("OUT_OF_ORDER", "REF")]


def test_a_loop_that_comes_too_often_is_reported() -> None:
    assert codes(before(b"III*", *[b"III*ZZ*%d" % place for place in range(12, 22)])) == [
        ("TOO_MANY_LOOPS", "2115C")
    ]


def test_an_unknown_segment_is_reported_once_and_the_rest_is_still_checked() -> None:
    assert codes(before(b"EB*H*", b"ZZZ*1")) == [("UNKNOWN_SEGMENT", "")]


def test_a_segment_where_none_is_allowed_is_reported_once() -> None:
    assert codes(before(b"HL*1*", b"DMG*D8*19820620")) == [("MISPLACED_SEGMENT", "")]


def test_a_subscriber_without_a_receiver_is_misplaced() -> None:
    segments = [one for one in base() if not one.startswith((b"HL*2*", b"NM1*1P"))]
    data = joined(counted(segments)).replace(b"HL*3*2*22", b"HL*2*1*22")
    assert codes(data) == [("MISPLACED_SEGMENT", "")]


def test_levels_are_counted_from_one() -> None:
    assert codes(VALID.replace(b"HL*3*2*22", b"HL*7*2*22")) == [("HL_NOT_COUNTED", "HL01")]


def test_a_parent_that_does_not_exist_is_reported() -> None:
    assert ("BAD_HL", "") in codes(VALID.replace(b"HL*3*2*22", b"HL*3*9*22"))


def test_children_that_are_announced_and_do_not_come_are_a_matter_of_level_4() -> None:
    report = x271.validate(VALID.replace(b"HL*3*2*22*0", b"HL*3*2*22*1"))
    assert [one.code for one in report.findings] == ["HL_CHILD_MISMATCH"]
    assert report.snip == {4: 1}
    assert not report.valid


def test_what_is_only_odd_leaves_a_document_valid() -> None:
    report = x271.validate(without(b"LE*"))
    assert [one.code for one in report.findings] == ["LS_NOT_CLOSED"]
    assert report.valid


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"*00*          *00*", b"*09*          *00*", ("CODE_NOT_ALLOWED", "ISA01")),
        (b"*ZZ*MERIDIAN       *", b"*QQ*MERIDIAN       *", ("CODE_NOT_ALLOWED", "ISA05")),
        (b"*ZZ*MERIDIAN       *", b"*ZZ*               *", ("MISSING_ELEMENT", "ISA06")),
        (b"*261119*0815*^", b"*261319*0815*^", ("BAD_TYPE", "ISA09")),
        (b"*261119*0815*^", b"*261119*0875*^", ("BAD_TYPE", "ISA10")),
        (b"*00501*", b"*00401*", ("CODE_NOT_ALLOWED", "ISA12")),
        (b"*0*T*:", b"*0*X*:", ("CODE_NOT_ALLOWED", "ISA15")),
        (b"*X*005010X279A1~ST", b"*T*005010X279A1~ST", ("CODE_NOT_ALLOWED", "GS07")),
        (b"GS*HB*MERIDIAN*", b"GS*HB*M*", ("TOO_SHORT", "GS02")),
        (b"ST*271*0001*005010X279A1", b"ST*271*0001", ("MISSING_ELEMENT", "ST03")),
    ],
)
def test_the_envelope_is_held_to_its_rules(old: bytes, new: bytes, expected: tuple[str, str]) -> None:
    assert expected in codes(VALID.replace(old, new, 1))


def test_a_control_number_that_comes_twice_is_reported() -> None:
    set_ = VALID[VALID.index(b"ST*") : VALID.index(b"GE*")]
    twice = VALID.replace(b"GE*1*", set_ + b"GE*2*")
    assert codes(twice) == [("DUPLICATE_CONTROL_NUMBER", "ST02")]
    assert codes(VALID + VALID) == [("DUPLICATE_CONTROL_NUMBER", "ISA13")]


def test_findings_come_in_the_order_of_the_document() -> None:
    data = VALID.replace(b"DEVON", b"D" * 50).replace(b"SE*41", b"SE*14").replace(b"EB*H", b"EB*Z7")
    places = [one.position.offset for one in x271.validate(data).findings if one.position is not None]
    assert len(places) == 3
    assert places == sorted(places, key=lambda offset: offset or 0)


def test_a_flood_of_findings_is_cut() -> None:
    rows = b"EB*H*IND*80****TOO MUCH**********9~" * 12_000
    report = x271.validate(VALID.replace(b"SE*", rows + b"SE*"))
    assert len(report.findings) < 20_010
    assert "FINDINGS_CUT" in {one.code for one in report.findings}


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b"HL*3*2*22*0", b"HL*3*9*22*0", 2),
        (b"HL*3*2*22*0", b"HL*3**22*0", 2),
        (b"HL*3*2*22*0", b"HL*3*2**0", 3),
    ],
)
def test_a_level_that_hangs_wrongly_is_reported_once_and_its_hl_is_there(
    old: bytes, new: bytes, element: int
) -> None:
    (one,) = x271.validate(VALID.replace(old, new)).findings
    assert one.code == "BAD_HL"
    assert one.position is not None
    assert one.position.element == element


def test_a_group_without_a_transaction_set_lacks_it() -> None:
    group = joined([*base()[:2], b"GE*0*271000271", *base()[-1:]])
    (one,) = x271.validate(group).findings
    assert (one.code, one.field, one.position and one.position.segment) == ("MISSING_LOOP", "ST", 2)
