"""Each rule of an element, one sentence each."""

from __future__ import annotations

import pytest

import x271
from variants import BASE
from x12 import ACTIVE, answer, written
from x271.findings import Finding
from x271.validation.elements import broken

VALID = BASE.read_bytes()


def found(old: bytes, new: bytes) -> list[tuple[str, str]]:
    """What is found when the valid answer is changed at one place: code and what it is about."""
    assert VALID.count(old) == 1
    report = x271.validate(VALID.replace(old, new))
    return [(one.code, one.field) for one in report.findings]


def only(old: bytes, new: bytes) -> Finding:
    (one,) = x271.validate(VALID.replace(old, new)).findings
    return one


def test_a_valid_answer_has_no_finding() -> None:
    report = x271.validate(VALID)
    assert report.valid
    assert report.findings == ()
    assert report.snip == {}
    assert str(report) == "valid"


def test_a_required_element_that_is_empty_is_missing() -> None:
    assert found(b"NM1*IL*1*SAMPLE", b"NM1**1*SAMPLE") == [("MISSING_ELEMENT", "NM101")]


def test_an_element_that_the_loop_requires_is_missing() -> None:
    assert found(b"*PI*MSP01~", b"~") == [("MISSING_ELEMENT", "NM108"), ("MISSING_ELEMENT", "NM109")]


def test_an_element_that_the_guide_does_not_use_is_reported() -> None:
    assert found(b"HL*1**20*1", b"HL*1*1*20*1")[-1] == ("ELEMENT_NOT_USED", "HL02")


def test_an_element_behind_the_last_one_is_one_too_many() -> None:
    assert found(b"LS*2120~", b"LS*2120*1~") == [("TOO_MANY_ELEMENTS", "LS")]


def test_empty_elements_behind_the_last_one_are_no_fault() -> None:
    assert found(b"LS*2120~", b"LS*2120***~") == []


def test_text_longer_than_its_element_is_too_long() -> None:
    assert found(b"DEVON", b"D" * 36) == [("TOO_LONG", "NM104")]


def test_text_as_long_as_its_element_is_right() -> None:
    assert found(b"DEVON", b"D" * 35) == []


def test_a_number_is_as_long_as_its_digits() -> None:
    amount = b"*25*****Y~MSG"
    assert found(amount, b"*" + b"1" * 16 + b".00*****Y~MSG") == []
    assert found(amount, b"*-" + b"1" * 16 + b".123*****Y~MSG")[-1] == ("TOO_LONG", "EB07")


def test_text_shorter_than_its_element_is_too_short() -> None:
    assert found(b"EXAMPLEVILLE*NV*89999~DMG", b"EXAMPLEVILLE*NV*89~DMG") == [("TOO_SHORT", "N403")]


def test_a_time_that_is_none_is_of_the_wrong_type() -> None:
    assert found(b"20261119*0815~HL", b"20261119*2515~HL") == [("BAD_TYPE", "BHT05")]


def test_a_date_that_the_core_cannot_read_is_reported_once() -> None:
    assert found(b"VAR0001*20261119", b"VAR0001*20261319") == [("BAD_DATE", "")]


def test_a_number_that_the_core_cannot_read_is_reported_once() -> None:
    assert found(b"*25*****Y~MSG", b"*$25*****Y~MSG") == [("BAD_NUMBER", "")]


def test_a_control_character_is_of_the_wrong_type() -> None:
    assert found(b"DEVON", b"DE\x07VON") == [("BAD_TYPE", "NM104")]


def test_letters_beyond_ascii_are_text() -> None:
    assert found(b"DEVON", "DEVÖN".encode()) == []


def test_a_code_of_another_loop_is_not_allowed() -> None:
    one = only(b"NM1*IL*1*", b"NM1*PR*1*")
    assert (one.code, one.field, one.severity, one.snip) == ("CODE_NOT_ALLOWED", "NM101", "error", 2)
    assert one.position is not None
    assert (one.position.loop, one.position.segment, one.position.element) == ("2100C", 11, 1)
    assert one.position.offset is not None
    assert VALID[one.position.offset :].startswith(b"NM1*IL*1*")


def test_a_code_in_no_table_is_reported_once() -> None:
    assert found(b"EB*H*", b"EB*Z7*") == [("UNKNOWN_CODE", "")]


def test_a_service_type_of_a_later_release_is_not_allowed_by_this_guide() -> None:
    assert found(b"EB*I*IND*35^AL", b"EB*I*IND*35^E0") == [("CODE_NOT_ALLOWED", "EB03")]


@pytest.mark.parametrize("code", ["64", "65"])
def test_a_reject_reason_of_a_dependent_is_not_the_subscribers(code: str) -> None:
    rejected = b"AAA*N**" + code.encode() + b"*C~DMG*"
    assert [one for one, _ in found(b"DMG*", rejected)] == ["UNKNOWN_CODE", "CONTROL_MISMATCH"]


def test_a_follow_up_action_of_the_source_is_not_the_subscribers() -> None:
    assert found(b"DMG*", b"AAA*N**72*P~DMG*")[0] == ("UNKNOWN_CODE", "")


def test_an_element_that_is_repeated_too_often_is_reported() -> None:
    assert found(b"EB*I*IND*35", b"EB*I*IND^FAM*35") == [("TOO_MANY_REPETITIONS", "EB02")]


def test_a_hundred_service_types_are_one_too_many() -> None:
    assert found(b"EB*I*IND*35^AL", b"EB*I*IND*" + b"^".join([b"35"] * 99)) == []
    too_many = b"EB*I*IND*" + b"^".join([b"35"] * 100)
    assert found(b"EB*I*IND*35^AL", too_many) == [("TOO_MANY_REPETITIONS", "EB03")]


def test_a_component_separator_in_text_makes_components() -> None:
    assert found(b"MSG*PRIMARY", b"MSG*NOTE:PRIMARY") == [("TOO_MANY_COMPONENTS", "MSG01")]


def test_a_component_has_its_own_place() -> None:
    row = "EB*B**30****25******HC"
    (one,) = x271.validate(written(answer(ACTIVE, row))).findings
    assert (one.code, one.field) == ("MISSING_ELEMENT", "EB13-2")
    assert one.position is not None
    assert (one.position.element, one.position.component) == (13, 2)


def test_a_component_behind_the_last_one_is_one_too_many() -> None:
    row = "EB*B**30****25******HC:99213:::::::9"
    assert [one.code for one in x271.validate(written(answer(ACTIVE, row))).findings] == [
        "TOO_MANY_COMPONENTS"
    ]


def test_quantity_and_its_qualifier_stand_together() -> None:
    one = only(b"EB*L**30~", b"EB*L**30******VS~")
    assert (one.code, one.field) == ("RELATION", "P0910")
    assert one.position is not None
    assert one.position.element == 10


def test_a_question_needs_a_service_type_or_a_procedure() -> None:
    from x12 import FIXTURES

    data = (FIXTURES / "questions" / "subscriber.270").read_bytes()
    start = data.index(b"EQ*")
    end = data.index(b"~", start)
    report = x271.validate(data[:start] + b"EQ**" + data[end:])
    assert ("RELATION", "R0102") in [(one.code, one.field) for one in report.findings]


@pytest.mark.parametrize(
    ("note", "elements", "at"),
    [
        ("P0102", "A*", 2),
        ("P0102", "*B", 1),
        ("P0102", "A*B", 0),
        ("P0102", "*", 0),
        ("R0102", "*", 1),
        ("R0102", "*B", 0),
        ("E0102", "A*B", 2),
        ("E0102", "A*", 0),
        ("C0201", "*B", 1),
        ("C0201", "A*", 0),
        ("C0201", "A*B", 0),
        ("L010203", "A**", 2),
        ("L010203", "A**C", 0),
        ("L010203", "*B*C", 0),
    ],
)
def test_a_note_is_broken_at_the_element_that_stands_or_lacks(note: str, elements: str, at: int) -> None:
    assert broken(note, ("XX", *elements.split("*"))) == at


def test_no_finding_holds_a_value() -> None:
    planted = VALID.replace(b"DEVON", b"ZQXPLANTED" * 4).replace(
        b"*NV*89999~DMG", b"*ZQX*ZQXPLANTEDZQXPLANTED~DMG"
    )
    report = x271.validate(planted)
    assert len(report.findings) == 3
    for text in (str(report), repr(report), report.model_dump_json(), report.ack_999().decode()):
        assert "ZQX" not in text
