"""The typed models of an answer: every element in its field, everything else kept beside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

import x271
from drawn import answers, whole
from x12 import (
    ACTIVE,
    DEPENDENT,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    SUBSCRIBER_ABOVE,
    answer,
    interchange,
    segments,
    transaction,
    written,
)
from x271.grammar.answer import DependentName, EligibilityAnswer, SubscriberName
from x271.grammar.base import Loop, Segment, element_fields
from x271.grammar.mapped import by_identifier
from x271.testing import mangled

FULL = (
    *("HL*1**20*1", "AAA*N**04*C", "NM1*PR*2*ACME HEALTH*****PI*12345"),
    *("PER*IC*DESK*TE*7025550101*FX*7025550102*UR*ACME.EXAMPLE", "AAA*Y**42*R"),
    *("HL*2*1*21*1", "NM1*1P*1*CARE*PAT*Q**MD*XX*1234567893", "REF*EO*7", "N3*2 ELM ST", "N4*RENO*NV*89501"),
    *("AAA*N**43*C", "PRV*BI*PXC*207Q00000X"),
    *("HL*3*2*22*1", "TRN*2*T1*9CLEARING1*DIV", "TRN*1*P1*9PAYER"),
    *("NM1*IL*1*DOE*JANE*M*DR*JR*MI*W100", "REF*6P*GRP1*THE GROUP", "REF*1L*POL1", "N3*5 OAK ST*UNIT 1"),
    *("N4*RENO*NV*89501*US", "AAA*N**72*C", "PRV*PC*PXC*1", "DMG*D8*19800101*F", "INS*Y*18*001*25"),
    *(
        "HI*ABK:R51*ABF:M545",
        "DTP*346*D8*20260101",
        "DTP*291*RD8*20260101-20261231",
        "MPI*A*AE*F**01*D8*20200101",
    ),
    *(
        "EB*C*IND*30^98*PR*GOLD*23*1500.5*.2*VS*12*Y*N*HC:99213:25::::TEXT:99215*1:2",
        "HSD*VS*12*WK*3*34*1*7*B",
    ),
    *(
        "REF*18*PLAN1",
        "DTP*292*D8*20260201",
        "AAA*N**70*N",
        "MSG*FIRST",
        "MSG*SECOND",
        "III*ZZ*11",
        "III*GR*X*44*ARM",
    ),
    *("LS*2120", "NM1*P3*1*PRIMER*ROBIN****XX*1234567893*01", "N3*1 MAIN", "N4*RENO*NV*89501"),
    *("PER*IC**TE*7025550103", "PRV*PC*PXC*207R00000X", "NM1*FA*2*HOUSE", "LE*2120", ACTIVE),
    *("HL*4*3*23*0", "TRN*2*T2*9CLEARING1", "NM1*03*1*DOE*BABY", "DMG*D8*20260301*M"),
    *("INS*N*19" + "*" * 15 + "2", "EB*1**30", "III*ZZ*22", "LS*2120", "NM1*PR*2*OTHER", "LE*2120"),
)
TEXT = interchange(transaction(*FULL))
TEXT.insert(1, "TA1*000000007*261120*0815*A*000")
DATA = written(TEXT)
DOCUMENT = x271.parse(DATA)


def said(segment: Segment | None, *names: str) -> tuple[Any, ...]:
    assert segment is not None
    return tuple(getattr(segment, name) for name in names)


@pytest.fixture(scope="module")
def read() -> EligibilityAnswer:
    (one,) = DOCUMENT.answers()
    return one


@pytest.fixture(scope="module")
def subscriber(read: EligibilityAnswer) -> SubscriberName:
    name = read.sources[0].receivers[0].subscribers[0].name
    assert name is not None
    return name


def test_the_envelope_has_its_elements() -> None:
    header = DOCUMENT.header
    assert said(header, "sender", "receiver", "control_number", "repetition_separator", "usage") == (
        "PAYERX",
        "RECEIVER",
        "000000001",
        "^",
        "P",
    )
    assert header.elements[5] == "PAYERX         "
    assert DOCUMENT.delimiters.model_dump() == {
        "element": "*",
        "repetition": "^",
        "component": ":",
        "terminator": "~",
    }
    assert said(DOCUMENT.acknowledgments[0], "control_number", "acknowledgment_code", "note_code") == (
        "000000007",
        "A",
        "000",
    )
    group = DOCUMENT.groups[0]
    assert said(group.header, "functional_identifier", "date", "version") == (
        "HB",
        date(2026, 11, 21),
        "005010X279A1",
    )
    assert said(group.trailer, "transaction_count", "control_number") == (1, "1")
    assert said(DOCUMENT.trailer, "group_count", "control_number") == (1, "000000001")
    assert DOCUMENT.following == ()
    assert list(DOCUMENT.interchanges()) == [DOCUMENT]


def test_the_transaction_set_has_its_header_and_trailer(read: EligibilityAnswer) -> None:
    assert said(read.header, "transaction", "control_number", "version") == ("271", "0001", "005010X279A1")
    assert said(read.beginning, "structure", "purpose", "reference", "date", "time") == (
        "0022",
        "11",
        "REF0001",
        date(2026, 11, 21),
        "0900",
    )
    assert said(read.trailer, "segment_count", "control_number") == (len(FULL) + 3, "0001")
    assert not any((read.others, read.receivers, read.subscribers, read.dependents))


def test_the_payer_has_its_name_contacts_and_rejections(read: EligibilityAnswer) -> None:
    (source,) = read.sources
    assert said(source.level_header, "number", "parent", "level", "has_children") == ("1", "", "20", "1")
    assert [one.reject_reason for one in source.rejections] == ["04"]
    assert source.name is not None
    assert said(
        source.name.name, "entity", "entity_type", "last_name", "identifier_qualifier", "identifier"
    ) == (
        "PR",
        "2",
        "ACME HEALTH",
        "PI",
        "12345",
    )
    (contact,) = source.name.contacts
    assert said(contact, "function", "name", "qualifier_1", "number_1", "qualifier_3", "number_3") == (
        "IC",
        "DESK",
        "TE",
        "7025550101",
        "UR",
        "ACME.EXAMPLE",
    )
    assert said(source.name.rejections[0], "valid_request", "reject_reason", "follow_up_action") == (
        "Y",
        "42",
        "R",
    )


def test_the_receiver_has_its_own(read: EligibilityAnswer) -> None:
    (receiver,) = read.sources[0].receivers
    name = receiver.name
    assert name is not None
    assert said(name.name, "last_name", "first_name", "middle_name", "suffix") == ("CARE", "PAT", "Q", "MD")
    assert said(name.references[0], "qualifier", "value") == ("EO", "7")
    assert said(name.street, "line_1", "line_2") == ("2 ELM ST", "")
    assert said(name.city, "city", "state", "postal_code") == ("RENO", "NV", "89501")
    assert said(name.provider, "role", "qualifier", "identifier") == ("BI", "PXC", "207Q00000X")
    assert [one.reject_reason for one in name.rejections] == ["43"]


def test_the_subscriber_has_its_own(read: EligibilityAnswer, subscriber: SubscriberName) -> None:
    (level,) = read.sources[0].receivers[0].subscribers
    assert [(one.kind, one.number, one.originator, one.division) for one in level.traces] == [
        ("2", "T1", "9CLEARING1", "DIV"),
        ("1", "P1", "9PAYER", ""),
    ]
    assert said(subscriber.name, "first_name", "prefix", "suffix", "identifier", "relationship") == (
        "JANE",
        "DR",
        "JR",
        "W100",
        "",
    )
    assert [(one.qualifier, one.value, one.description) for one in subscriber.references] == [
        ("6P", "GRP1", "THE GROUP"),
        ("1L", "POL1", ""),
    ]
    assert said(subscriber.street, "line_1", "line_2") == ("5 OAK ST", "UNIT 1")
    assert said(subscriber.city, "country") == ("US",)
    assert said(subscriber.demographics, "birth_date", "gender") == (date(1980, 1, 1), "F")
    assert said(subscriber.relationship, "is_subscriber", "relationship", "maintenance_type") == (
        "Y",
        "18",
        "001",
    )
    assert said(subscriber.relationship, "maintenance_reason", "birth_sequence") == ("25", None)
    assert [(one.qualifier, one.text) for one in subscriber.dates] == [
        ("346", "20260101"),
        ("291", "20260101-20261231"),
    ]
    assert subscriber.military is not None
    assert subscriber.military.elements == ("A", "AE", "F", "", "01", "D8", "20200101")
    assert subscriber.diagnoses is not None
    assert subscriber.diagnoses.elements == ("ABK:R51", "ABF:M545")
    assert subscriber.others == ()


def test_a_benefit_has_its_own(subscriber: SubscriberName) -> None:
    row, plain = subscriber.benefits
    benefit = row.benefit
    assert benefit is not None
    assert said(benefit, "information_code", "coverage_level", "insurance_type", "plan_description") == (
        "C",
        "IND",
        "PR",
        "GOLD",
    )
    assert benefit.service_types == ("30", "98")
    assert said(benefit, "amount", "percent", "quantity") == (Decimal("1500.5"), Decimal("0.2"), Decimal(12))
    assert said(benefit, "time_period", "quantity_qualifier", "authorization", "network") == (
        "23",
        "VS",
        "Y",
        "N",
    )
    assert benefit.elements[12] == "HC:99213:25::::TEXT:99215"
    (delivery,) = row.deliveries
    assert said(delivery, "quantity_qualifier", "quantity", "unit", "time_period") == (
        "VS",
        Decimal(12),
        "WK",
        "34",
    )
    assert [one.value for one in row.references] == ["PLAN1"]
    assert [one.text for one in row.dates] == ["20260201"]
    assert [one.reject_reason for one in row.rejections] == ["70"]
    assert [one.text for one in row.messages] == ["FIRST", "SECOND"]
    additional = [one.information for one in row.additional]
    assert [(one.qualifier, one.code) for one in additional if one is not None] == [("ZZ", "11"), ("GR", "X")]
    assert said(additional[1], "category", "text") == ("44", "ARM")
    assert len(row.loop_headers) == len(row.loop_trailers) == 1
    assert [one.name.last_name for one in row.entities if one.name] == ["PRIMER", "HOUSE"]
    first = row.entities[0]
    assert said(first.name, "entity", "identifier", "relationship") == ("P3", "1234567893", "01")
    assert said(first.street, "line_1") == ("1 MAIN",)
    assert said(first.city, "city") == ("RENO",)
    assert [one.number_1 for one in first.contacts] == ["7025550103"]
    assert said(first.provider, "role", "identifier") == ("PC", "207R00000X")
    assert not any((plain.entities, plain.messages))


def test_composites_are_read_by_component(subscriber: SubscriberName) -> None:
    benefit = subscriber.benefits[0].benefit
    assert benefit is not None
    procedure: Any = benefit.procedure
    assert (procedure.qualifier, procedure.code, procedure.modifier_1, procedure.last_code) == (
        "HC",
        "99213",
        "25",
        "99215",
    )
    assert procedure.components == ("HC", "99213", "25", "", "", "", "TEXT", "99215")
    plain = subscriber.benefits[1].benefit
    assert plain is not None
    assert plain.procedure is None


def test_a_dependent_has_its_own(read: EligibilityAnswer) -> None:
    (dependent,) = read.sources[0].receivers[0].subscribers[0].dependents
    assert [one.number for one in dependent.traces] == ["T2"]
    name = dependent.name
    assert name is not None
    assert said(name.name, "first_name", "entity") == ("BABY", "03")
    assert said(name.relationship, "relationship", "birth_sequence") == ("19", 2)
    (row,) = name.benefits
    assert [one.information.code for one in row.additional if one.information] == ["22"]
    assert [one.name.last_name for one in row.entities if one.name] == ["OTHER"]


def test_the_patients_are_every_subscriber_and_its_dependents() -> None:
    patients = list(next(DOCUMENT.answers()).patients())
    assert [type(one) for one in patients] == [SubscriberName, DependentName]
    roe = ["HL*5*2*22*0", "NM1*IL*1*ROE"]
    data = written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *roe, *DEPENDENT)))
    names = [
        one.name.first_name or one.name.last_name
        for one in next(x271.parse(data).answers()).patients()
        if one.name
    ]
    assert names == ["JANE", "BABY", "ROE"]


def test_levels_without_the_levels_above_them_are_patients_too() -> None:
    for body in (
        DEPENDENT,
        SUBSCRIBER,
        (*SOURCE, *DEPENDENT),
        (*RECEIVER, *SUBSCRIBER),
        (*RECEIVER, *DEPENDENT),
    ):
        (read,) = x271.parse(written(interchange(transaction(*body, ACTIVE)))).answers()
        (patient,) = read.patients()
        assert len(patient.benefits) == 1


def test_the_answers_are_those_of_every_group_and_interchange() -> None:
    data = written(interchange(transaction(), transaction(number="0002"))) + DATA
    numbers = [one.header.control_number for one in x271.parse(data).answers() if one.header]
    assert numbers == ["0001", "0002", "0001"]


# --- what no field holds


def test_elements_behind_the_last_field_are_kept() -> None:
    (patient,) = next(x271.parse(written(answer("MSG*X", "EB*1**30***********X*Y*Z"))).answers()).patients()
    benefit = patient.benefits[-1].benefit
    assert benefit is not None
    assert benefit.elements[-3:] == ("X", "Y", "Z")
    assert [one.segment_identifier for one in patient.others] == ["MSG"]


def test_what_stands_more_often_than_it_may_is_kept_beside() -> None:
    data = written(answer(ACTIVE, subscriber=[*SUBSCRIBER, "DMG*D8*19810101*M", "ZZZ*1"]))
    (patient,) = next(x271.parse(data).answers()).patients()
    assert patient.demographics is not None
    assert patient.demographics.birth_date == date(1980, 1, 1)
    assert [one.elements[0] for one in patient.others] == ["D8", "1"]


@pytest.mark.parametrize(
    "value", ["1,5", "12E2", "+1", "\u0661", "1 2", "", "-", "1-", "0x1", "NaN", "1_0", "9" * 19]
)
def test_what_is_no_number_is_none_and_kept_as_sent(value: str) -> None:
    data = written(answer(f"EB*C*IND*30***23*{value}*****Y"))
    (patient,) = next(x271.parse(data).answers()).patients()
    benefit = patient.benefits[0].benefit
    assert benefit is not None
    assert benefit.amount is None
    assert benefit.elements[6] == value


@pytest.mark.parametrize(
    ("value", "number"), [("0", "0"), ("-1.50", "-1.50"), (".5", "0.5"), ("5.", "5"), (" 7 ", "7")]
)
def test_a_number_is_exact(value: str, number: str) -> None:
    data = written(answer(f"EB*C*IND*30***23*{value}*****Y"))
    (patient,) = next(x271.parse(data).answers()).patients()
    assert patient.benefits[0].benefit is not None
    assert str(patient.benefits[0].benefit.amount) == number


@pytest.mark.parametrize(
    "value", ["1980", "19801301", "00000101", "1980-1-1", "\u0661" * 8, "19800101-19800102"]
)
def test_what_is_no_date_is_none_and_kept_as_sent(value: str) -> None:
    data = written(answer(subscriber=[*SUBSCRIBER[:3], f"DMG*D8*{value}*F"]))
    (patient,) = next(x271.parse(data).answers()).patients()
    assert patient.demographics is not None
    assert patient.demographics.birth_date is None
    assert patient.demographics.elements[1] == value


def test_text_is_trimmed_in_its_field_and_kept_as_sent_in_the_elements() -> None:
    data = written(answer(subscriber=[*SUBSCRIBER[:2], "NM1*IL*1* DOE  *\u00a0JANE"]))
    (patient,) = next(x271.parse(data).answers()).patients()
    assert said(patient.name, "last_name", "first_name") == ("DOE", "\u00a0JANE")
    assert patient.name is not None
    assert patient.name.elements == ("IL", "1", " DOE  ", "\u00a0JANE")


def test_no_element_has_the_name_of_something_that_every_segment_has() -> None:
    for identifier, model in by_identifier().items():
        assert model.segment_id == identifier
        names = [field.name for field in element_fields(model)]
        assert not set(names) & set(Segment.model_fields), identifier
        assert len({field.number for field in element_fields(model)}) == len(names), identifier


def every_segment(value: Any) -> list[Segment]:
    """All segments of a document, in no order."""
    if isinstance(value, Segment):
        return [value]
    if isinstance(value, tuple):
        return [segment for one in value for segment in every_segment(one)]
    if isinstance(value, (Loop, x271.Interchange)) or hasattr(type(value), "model_fields"):
        return [segment for name, one in value if name != "findings" for segment in every_segment(one)]
    return []


def _is_whole(data: bytes) -> None:
    document = x271.parse(data)
    found = [
        one
        for part in document.interchanges()
        for one in every_segment(part.model_copy(update={"following": ()}))
    ]
    numbers = sorted(one.position.segment or 0 for one in found if one.position is not None)
    assert numbers == list(range(1, len(segments(data)) + 1))
    by_number = {one.position.segment: one for one in found if one.position is not None}
    for number, text in enumerate(segments(data), 1):
        one = by_number[number]
        assert "*".join((one.segment_identifier, *one.elements)) == text


@given(answers())
def test_every_segment_of_an_answer_stands_in_the_models_once(data: bytes) -> None:
    _is_whole(data)


@given(mangled(whole()))
def test_every_segment_of_a_damaged_answer_stands_in_the_models_once(data: bytes) -> None:
    try:
        x271.parse(data)
    except x271.DataError:
        return
    _is_whole(data)
