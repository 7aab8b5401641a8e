"""The acknowledgements: what we write about others' documents, and what comes back about ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import x271
from variants import BASE, VARIANTS
from x12 import FIXTURES
from x271 import codes
from x271._tables import read_table
from x271.findings import catalogue

VALID = BASE.read_bytes()
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
RETURNED = FIXTURES / "acknowledgments"
ISA_BACK = "ISA*00*          *00*          *ZZ*RIVERBEND      *ZZ*MERIDIAN       *"
TRACE = "CTX*TRN02:VARIANT-0001"  # whose question it was


def segments(data: bytes) -> list[str]:
    return [one.strip() for one in data.decode("ascii").split("~") if one.strip()]


def test_a_valid_answer_is_accepted_from_its_receiver_to_its_sender() -> None:
    assert segments(x271.validate(VALID).ack_999(control_number=7, at=AT)) == [
        "ISA*00*          *00*          *ZZ*RIVERBEND      *ZZ*MERIDIAN       *261121*0930*^*00501*000000007*0*T*:",
        "GS*FA*RIVERBEND*MERIDIAN*20261121*0930*7*X*005010X231A1",
        "ST*999*0001*005010X231A1",
        "AK1*HB*271000271*005010X279A1",
        "AK2*271*0001*005010X279A1",
        "IK5*A",
        "AK9*A*1*1*1",
        "SE*6*0001",
        "GE*1*7",
        "IEA*1*000000007",
    ]


def test_a_valid_interchange_is_accepted_by_a_ta1() -> None:
    assert segments(x271.validate(VALID).ta1(control_number=8, at=AT))[1:] == [
        "TA1*271000271*261119*0815*A*000",
        "IEA*0*000000008",
    ]


def test_without_a_number_the_acknowledgement_bears_that_of_the_document() -> None:
    assert b"*271000271*0*T*:~" in x271.validate(VALID).ta1()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"IEA*1*271000271", b"IEA*1*271000272", "E*001"),
        (b"IEA*1*", b"IEA*2*", "R*021"),
        (b"IEA*1*271000271~", b"", "R*023"),
        (b"*ZZ*MERIDIAN  ", b"*QQ*MERIDIAN  ", "R*005"),
        (b"IEA*1*", b"TA3*1~IEA*1*", "R*024"),
        (b"*00501*", b"*00401*", "R*017"),
        (b"*261119*0815*^", b"*261339*0815*^", "R*014"),
        (b"GS*HB*MERIDIAN*RIVERBEND*20261119*0815*271000271*X*005010X279A1~", b"", "R*022"),
    ],
)
def test_a_fault_of_the_envelope_has_its_note_in_the_ta1(old: bytes, new: bytes, expected: str) -> None:
    sent = segments(x271.validate(VALID.replace(old, new, 1)).ta1(at=AT))
    assert sent[1].endswith(expected)


def verdict(old: bytes, new: bytes) -> list[str]:
    """What the 999 says of the valid answer changed so: its segments between AK1 and SE."""
    return segments(x271.validate(VALID.replace(old, new, 1)).ack_999(at=AT))[5:-3]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"SE*41*0001", b"SE*14*0001", ["IK5*R*4", "AK9*R*1*1*0"]),
        (b"SE*41*0001", b"SE*41*0002", ["IK5*R*3", "AK9*R*1*1*0"]),
        (b"SE*41*0001~", b"", ["IK5*R*2", "AK9*R*1*1*0"]),
        (b"GE*1*", b"GE*3*", ["IK5*A", "AK9*R*3*1*0*5"]),
        (b"GE*1*271000271", b"GE*1*1", ["IK5*A", "AK9*R*1*1*0*4"]),
        (b"EB*H*", b"EB*Z7*", ["IK3*EB*40*2110*8", TRACE, "IK4*1*1390*7", "IK5*R*5", "AK9*R*1*1*0"]),
        (b"NM1*IL*1*", b"NM1*PR*1*", ["IK3*NM1*9*2100*8", TRACE, "IK4*1*98*I6", "IK5*R*5", "AK9*R*1*1*0"]),
        (b"HL*3*2*22*0", b"HL*3*2*22*1", ["IK3*HL*7*2000*8", "IK4*4*736*I12", "IK5*E*5", "AK9*E*1*1*1"]),
        (
            b"EB*L**30~",
            b"EB*L**30******VS~",
            ["IK3*EB*32*2110*8", TRACE, "IK4*10*380*2", "IK5*R*5", "AK9*R*1*1*0"],
        ),
    ],
)
def test_a_fault_has_its_code_in_the_999(old: bytes, new: bytes, expected: list[str]) -> None:
    assert [one for one in verdict(old, new) if one != "AK2*271*0001*005010X279A1"] == expected


BROKEN = (b"EB*A*IND*30*****.2*", b"EB*A*IND*30******")


def test_what_made_a_situational_rule_apply_stands_behind_the_element() -> None:
    """EB08 is missing because of EB01, data element 1390, of the same segment."""
    assert verdict(*BROKEN)[:4] == [
        "IK3*EB*25*2110*8",
        TRACE,
        "IK4*8*954*I9",
        "CTX*SITUATIONAL TRIGGER*EB*25*2110*1*1390",
    ]


def test_a_segment_that_another_asks_for_is_named_with_the_one_that_asks() -> None:
    assert verdict(b"EB*L**30~", b"EB*L**30***********1~")[:3] == [
        "IK3*HI*32*2110*I6",
        TRACE,
        "CTX*SITUATIONAL TRIGGER*EB*32*2110*14",
    ]


def test_a_date_of_the_wrong_form_is_an_invalid_date() -> None:
    assert verdict(b"DTP*348*D8*", b"DTP*348*RD8*")[2] == "IK4*3*1251*8"


@pytest.mark.parametrize("wrong", [b"X", b"1234567890", b"-1", b""])
def test_a_group_number_that_is_none_is_answered_as_0(wrong: bytes) -> None:
    data = VALID.replace(b"*271000271*X*", b"*" + wrong + b"*X*")
    sent = x271.validate(data).ack_999()
    assert "AK1*HB*0*005010X279A1" in segments(sent)
    assert x271.validate(sent).findings == ()


@pytest.mark.parametrize("wrong", [b"261301", b"260230", b"000000", b"26112A"])
def test_a_ta1_does_not_repeat_a_day_that_is_none(wrong: bytes) -> None:
    sent = x271.validate(VALID.replace(b"*261119*", b"*" + wrong + b"*", 1)).ta1(at=AT)
    assert segments(sent)[1].startswith("TA1*271000271*261121*")
    assert x271.validate(sent).findings == ()


def test_a_qualifier_that_the_guide_does_not_have_is_not_repeated() -> None:
    data = VALID.replace(b"*ZZ*MERIDIAN", b"*ON*MERIDIAN")
    assert segments(x271.validate(data).ta1())[0].startswith(ISA_BACK)
    assert x271.validate(x271.validate(data).ta1()).findings == ()


def test_an_error_above_the_patient_is_nobodys() -> None:
    """The business unit begins with the trace number. [RFI 1312]"""
    for old, new in ((b"NM1*1P*2", b"NM1*ZZ*2"), (b"HL*3*2*22*0", b"HL*3*2*22*1")):
        assert not any(one.startswith("CTX") for one in verdict(old, new))


def test_an_error_of_a_dependent_without_a_trace_is_the_subscribers() -> None:
    dependent = b"HL*4*3*23*0~NM1*03*1*SAMPLE*ROWAN~EB*1**30~EB*Z7~"
    data = VALID.replace(b"SE*41", dependent + b"SE*45").replace(b"HL*3*2*22*0", b"HL*3*2*22*1")
    sent = segments(x271.validate(data).ack_999())
    assert sent[5:8] == ["IK3*EB*44*2110*8", TRACE, "IK4*1*1390*7"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (b"T" * 60, "CTX*TRN02:" + "T" * 35),  # too long is cut
        (b"T\x01", None),  # what cannot be repeated is not known
        (b"", None),
    ],
)
def test_a_trace_number_that_is_wrong_itself(number: bytes, expected: str | None) -> None:
    """[RFI 2293]"""
    data = VALID.replace(b"TRN*2*VARIANT-0001", b"TRN*2*" + number)
    contexts = [one for one in segments(x271.validate(data).ack_999()) if one.startswith("CTX")]
    assert contexts == ([expected] if expected else [])


def test_what_stood_in_an_element_is_not_copied_unless_asked_for() -> None:
    data = VALID.replace(b"EB*H*", b"EB*Z7*")
    assert "IK4*1*1390*7" in segments(x271.validate(data).ack_999())
    report = x271.validate(data, copies=True)
    assert "IK4*1*1390*7*Z7" in segments(report.ack_999())
    assert "Z7" not in repr(report.answers)
    assert "Z7" not in str(report)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"X" * 120, "IK4*4*1036*5*" + "X" * 99), (b"D:V", "IK4*4*1036*13"), (b"D\x01", "IK4*4*1036*6")],
)
def test_a_copy_is_cut_to_its_length_and_left_out_where_it_cannot_be_written(
    value: bytes, expected: str
) -> None:
    data = VALID.replace(b"*DEVON*", b"*" + value + b"*")
    assert expected in segments(x271.validate(data, copies=True).ack_999())


def test_triggers_and_the_business_unit_that_come_back_are_read() -> None:
    data = VALID.replace(*BROKEN)
    ((said,),) = (one.transactions for one in x271.read_acknowledgment(x271.validate(data).ack_999()).groups)
    (segment,) = said.segments
    assert segment.business_unit is not None
    assert (segment.business_unit.name, segment.business_unit.reference) == ("TRN02", "VARIANT-0001")
    ((trigger,),) = (one.triggers for one in segment.elements)
    assert (trigger.segment, trigger.place, trigger.loop, trigger.element) == ("EB", 25, "2110", 1)
    assert trigger.data_element == "1390"
    lines = x271.read_acknowledgment(x271.validate(data).ack_999()).lines()
    assert "        because of segment 25 element 1" in lines
    assert "VARIANT-0001" not in "".join(lines)
    assert "VARIANT-0001" not in repr(said)


def test_two_contexts_of_a_segment_may_come_in_either_order() -> None:
    """They have one position in the guide."""
    ack = x271.validate(VALID.replace(b"EB*L**30~", b"EB*L**30***********1~")).ack_999()
    trigger = b"CTX*SITUATIONAL TRIGGER*EB*32*2110*14~"
    trace = TRACE.encode() + b"~"
    assert ack.count(trace + b"\n" + trigger) == 1
    other = ack.replace(trace + b"\n" + trigger, trigger + b"\n" + trace)
    assert x271.validate(other).findings == x271.validate(ack).findings == ()
    assert x271.read_acknowledgment(other).groups == x271.read_acknowledgment(ack).groups


def test_a_missing_segment_is_named() -> None:
    data = VALID.replace(b"BHT*0022*11*VAR0001*20261119*0815~", b"").replace(b"SE*41", b"SE*40")
    assert "IK3*BHT*1**3" in segments(x271.validate(data).ack_999())


def test_an_unknown_segment_that_is_no_name_is_not_named_and_the_set_is_rejected() -> None:
    """IK301 has no room for it. [RFI 1257]"""
    data = VALID.replace(b"EB*H*", b"PAYER EXTRA*1~EB*H*").replace(b"SE*41", b"SE*42")
    assert segments(x271.validate(data).ack_999())[5:7] == ["IK5*R*5", "AK9*R*1*1*0"]


def test_a_set_that_is_not_ours_is_not_supported_and_the_group_is_accepted_in_part() -> None:
    data = VALID.replace(b"GE*1*", b"ST*837*0002*005010X222A1~SE*2*0002~GE*2*")
    sent = segments(x271.validate(data).ack_999())
    assert "AK2*837*0002*005010X222A1" in sent
    assert "AK9*P*2*2*1" in sent


def test_each_interchange_is_answered() -> None:
    report = x271.validate(VARIANTS["two-interchanges"].data)
    read = x271.parse(report.ack_999(control_number=999_999_999))
    numbers = [one.header.control_number for one in read.interchanges()]
    assert numbers == ["999999999", "000000001"]


@pytest.mark.parametrize("write", [x271.Report.ack_999, x271.Report.ta1])
def test_interchanges_of_one_number_are_answered_by_several(write: Callable[..., bytes]) -> None:
    """The number that comes twice is their fault, and must not become ours."""
    other = VALID.replace(b"271000271*0*T", b"271000272*0*T").replace(b"IEA*1*271000271", b"IEA*1*271000272")
    sent = write(x271.validate(VALID + VALID + other + VALID))
    assert x271.validate(sent).findings == ()
    numbers = [one.header.control_number for one in x271.parse(sent).interchanges()]
    assert numbers == ["271000271", "271000272", "271000273", "271000274"]


def test_very_many_interchanges_of_one_number_are_answered_at_once() -> None:
    numbers = [one[13] for one in _split(x271.validate(VALID * 1000).ta1()) if one[0] == "ISA"]
    assert len(set(numbers)) == 1000


def _split(data: bytes) -> list[list[str]]:
    return [one.split("*") for one in segments(data)]


@pytest.mark.parametrize("name", ["accepted.999", "rejected.997", "rejected.ta1"])
def test_an_acknowledgement_is_not_acknowledged_by_a_999(name: str) -> None:
    assert x271.validate(RETURNED / name).ack_999() == b""


def test_an_interchange_with_nothing_but_a_ta1_is_not_answered() -> None:
    assert x271.validate(RETURNED / "rejected.ta1").ta1() == b""


# reading


def test_an_accepted_999_rejects_nothing() -> None:
    read = x271.read_acknowledgment(RETURNED / "accepted.999")
    assert read.accepted
    assert not read.rejected
    assert (read.code, read.follow_up_code, read.eligibility_response) == ("", "", "")
    assert [one.control_number for one in read.groups[0].transactions] == ["0001", "0002"]


def test_a_rejected_ta1_looks_like_an_aaa() -> None:
    read = x271.read_acknowledgment(RETURNED / "rejected.ta1")
    (rejection,) = read.rejections
    assert rejection.loop == "TA1"
    assert (read.code, read.follow_up_code) == ("80", "P")
    assert rejection.follow_up == "Please Resubmit Original Transaction"
    assert read.description == codes.describe("AAA03", "80")
    assert read.eligibility_response == codes.eligibility_response("80")
    assert rejection.position is not None
    assert rejection.position.segment == 2
    (one,) = read.interchanges
    assert one.control_number == "270000007"
    assert one.note.description == "Improper (Premature) End-of-File (Transmission)"


def test_a_999_says_segment_place_loop_element_and_code() -> None:
    (group,) = x271.read_acknowledgment(RETURNED / "partly-rejected.999").groups
    rejected, with_errors, accepted = group.transactions
    assert (group.verdict.code, group.included, group.received, group.taken) == ("P", 3, 3, 2)
    assert [one.accepted for one in group.transactions] == [False, True, True]
    assert [one.code for one in rejected.errors] == ["5", "I5"]
    name, date = rejected.segments
    assert (name.segment, name.place, name.loop, name.error.code) == ("NM1", 8, "2100", "8")
    assert str(name.elements[0]) == "element 9: 1 Required data element missing"
    assert (date.elements[0].element, date.elements[0].component) == (2, 1)
    assert with_errors.segments[0].elements[0].repetition == 3
    assert accepted.segments == ()


def test_a_rejected_set_of_a_999_looks_like_an_aaa() -> None:
    read = x271.read_acknowledgment(RETURNED / "partly-rejected.999")
    (rejection,) = read.rejections
    assert (rejection.loop, rejection.code, rejection.follow_up_code) == ("999", "33", "C")
    assert read.rejected


def test_a_997_is_read_like_a_999() -> None:
    read = x271.read_acknowledgment(RETURNED / "rejected.997")
    assert read.groups[0].kind == "997"
    assert [one.loop for one in read.rejections] == ["997"]
    assert [len(one.elements) for one in read.groups[0].transactions[0].segments] == [2, 0]


def test_a_group_that_is_rejected_without_a_set_is_a_rejection() -> None:
    sent = b"IK5*A~\nAK2*270*0002*005010X279A1~\nIK5*A~\nAK9*A*2*2*2"
    data = (RETURNED / "accepted.999").read_bytes()
    assert sent in data
    data = data.replace(b"AK9*A*2*2*2", b"AK9*R*2*2*0*19")
    (rejection,) = x271.read_acknowledgment(data).rejections
    assert (rejection.code, rejection.follow_up_code) == ("80", "N")


def test_no_copy_of_a_value_is_kept() -> None:
    data = (RETURNED / "rejected.997").read_bytes().replace(b"*7*QQ~", b"*7*ZQXPLANTED~")
    read = x271.read_acknowledgment(data)
    assert "ZQX" not in read.model_dump_json() + str(read) + repr(read)


def test_an_answer_is_no_acknowledgement() -> None:
    with pytest.raises(x271.DataError, match="NOT_AN_ACKNOWLEDGMENT"):
        x271.read_acknowledgment(VALID)


# tables


def test_every_finding_that_breaks_a_rule_has_a_verdict() -> None:
    listed = {row["finding"] for row in read_table("validation/verdicts.tsv")}
    assert listed - {"*"} <= set(catalogue())
    rest = {code for code, row in catalogue().items() if row["snip"] and row["severity"] != "info"} - listed
    assert rest == set()


@pytest.mark.parametrize("row", read_table("validation/verdicts.tsv"), ids=lambda row: "-".join(row.values()))
def test_a_verdict_is_a_code_of_its_table(row: dict[str, str]) -> None:
    assert codes.describe(row["element"], row["code"])
    assert row["verdict"] in ("E", "R")


@pytest.mark.parametrize(
    "row", read_table("validation/rejections.tsv"), ids=lambda row: "-".join(row.values())
)
def test_a_rejection_is_a_reject_reason_with_a_follow_up_action(row: dict[str, str]) -> None:
    assert row["code"] == "*" or codes.describe(row["element"], row["code"])
    assert codes.describe("AAA03", row["reject_reason"])
    assert codes.describe("AAA04", row["follow_up_action"])


def test_a_snip_level_is_1_to_4_and_an_answer_has_nothing_to_balance() -> None:
    """Type 3 is the balance of amounts, as of claims and remittances; counts and control numbers are syntax."""
    assert {row["snip"] for row in catalogue().values()} == {"", "1", "2", "4"}
    assert catalogue()["CONTROL_MISMATCH"]["snip"] == "1"
