"""Questions and acknowledgments read into their models, with every segment at its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import x271
from x271.grammar.acknowledgments import FunctionalAcknowledgment, ImplementationAcknowledgment
from x271.grammar.answer import EligibilityAnswer
from x271.grammar.base import Loop, Segment
from x271.grammar.envelope import ROOTS, OtherTransaction
from x271.grammar.question import EligibilityQuestion, SubscriberInquiry

FIXTURES = Path(__file__).parents[2] / "fixtures"
QUESTIONS = FIXTURES / "questions"
ACKNOWLEDGMENTS = FIXTURES / "acknowledgments"
X12 = sorted(
    path for path in FIXTURES.rglob("*") if path.suffix in {".x12", ".270", ".271", ".997", ".999", ".ta1"}
)


def question(name: str) -> EligibilityQuestion:
    (found,) = x271.parse(QUESTIONS / name).questions()
    return found


def loops(model: Loop) -> Iterator[Loop]:
    yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Loop):
                yield from loops(one)


def segments(model: Loop) -> Iterator[Segment]:
    for inner in loops(model):
        for name in type(inner).model_fields:
            value = getattr(inner, name)
            yield from (
                one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Segment)
            )


def test_a_question_about_a_subscriber() -> None:
    asked = question("subscriber.270")
    assert asked.beginning is not None
    assert (asked.beginning.purpose, asked.beginning.reference) == ("13", "RBEC0101")
    (source,) = asked.sources
    (receiver,) = source.receivers
    assert source.name is not None
    assert receiver.name is not None
    assert source.name.name is not None
    assert source.name.name.identifier == "NSH01"
    assert receiver.name.provider is not None
    assert receiver.name.provider.identifier == "261QM1300X"
    (subscriber,) = receiver.subscribers
    assert subscriber.traces[0].number == "RBEC-20261117-0101"
    (patient,) = asked.patients()
    assert patient is subscriber.name
    assert patient.demographics is not None
    assert patient.demographics.birth_date == date(1979, 2, 14)
    (inquiry,) = patient.inquiries
    assert inquiry.inquiry is not None
    assert inquiry.inquiry.service_types == ("30", "98", "UC")
    assert inquiry.inquiry.coverage_level == "FAM"


def test_a_question_about_a_dependent() -> None:
    asked = question("dependent.270")
    subscriber, dependent = asked.patients()
    assert subscriber.inquiries == ()
    assert dependent.relationship is not None
    assert (dependent.relationship.relationship, dependent.relationship.birth_sequence) == ("19", 2)
    health, mental = dependent.inquiries
    assert health.inquiry is not None
    assert health.inquiry.service_types == ("30",)
    assert health.date is None
    assert mental.additional is not None
    assert mental.additional.code == "11"
    assert mental.reference is not None
    assert mental.reference.value == "AUTH-0102"
    assert mental.date is not None
    assert mental.date.text == "20261130"
    assert [one.text for one in dependent.dates] == ["20261121"]


def test_a_question_about_a_procedure_with_diagnoses_and_a_spend_down() -> None:
    asked = question("procedure.270")
    (patient,) = asked.patients()
    assert patient.diagnoses is not None
    assert patient.diagnoses.code_1 is not None
    assert patient.diagnoses.code_3 is not None
    assert (patient.diagnoses.code_1.qualifier, patient.diagnoses.code_1.code) == ("ABK", "M5416")
    assert patient.diagnoses.code_3.components == ("ABF", "Z9889")
    assert patient.diagnoses.code_4 is None
    scan, visits = patient.inquiries
    assert isinstance(scan, SubscriberInquiry)
    assert scan.inquiry is not None
    procedure = scan.inquiry.procedure
    assert procedure is not None
    assert (procedure.qualifier, procedure.code, procedure.modifier_1, procedure.modifier_2) == (
        "HC", "72148", "26", "59",
    )  # fmt: skip
    pointers = scan.inquiry.diagnosis_pointers
    assert pointers is not None
    assert (pointers.pointer_1, pointers.pointer_2, pointers.pointer_3) == (1, 2, None)
    assert scan.spend_down is not None
    assert scan.billed is not None
    assert (scan.spend_down.amount, scan.billed.amount) == (Decimal("37.5"), Decimal(450))
    assert visits.inquiry is not None
    assert visits.inquiry.procedure is not None
    assert visits.inquiry.procedure.code == "99202"


def test_a_range_of_procedures_that_the_guide_of_the_question_does_not_use_is_read() -> None:
    text = (QUESTIONS / "procedure.270").read_text().replace("HC:99202", "HC:99202::::::99205")
    (patient,) = next(x271.parse(text).questions()).patients()
    inquiry = patient.inquiries[1].inquiry
    assert inquiry is not None
    assert inquiry.procedure is not None
    assert inquiry.procedure.last_code == "99205"


def test_a_batch_of_questions() -> None:
    document = x271.parse(QUESTIONS / "batch-of-two.270")
    first, second = document.questions()
    assert [one.name.last_name for one in first.patients() if one.name] == [
        "FINCH",
        "MOCKINGBIRD",
        "MOCKINGBIRD",
    ]
    assert second.beginning is not None
    assert second.beginning.purpose == "01"
    assert list(document.answers()) == []


def test_an_acknowledgment_of_a_group_that_was_accepted() -> None:
    (answer,) = x271.parse(ACKNOWLEDGMENTS / "accepted.999").transactions()
    assert isinstance(answer, ImplementationAcknowledgment)
    assert answer.group is not None
    assert (answer.group.functional_identifier, answer.group.control_number) == ("HS", "270000004")
    assert [one.header.control_number for one in answer.responses if one.header] == ["0001", "0002"]
    assert all(one.result and one.result.acknowledgment == "A" for one in answer.responses)
    assert answer.result is not None
    assert (answer.result.acknowledgment, answer.result.accepted) == ("A", 2)


def test_an_acknowledgment_of_a_group_that_was_rejected_in_part() -> None:
    (answer,) = x271.parse(ACKNOWLEDGMENTS / "partly-rejected.999").transactions()
    assert isinstance(answer, ImplementationAcknowledgment)
    rejected, noted, accepted = answer.responses
    name, period = rejected.segments
    assert name.error is not None
    assert (name.error.segment, name.error.place, name.error.loop, name.error.error) == (
        "NM1",
        8,
        "2100",
        "8",
    )
    assert name.business_unit is not None
    (unit,) = name.business_unit.contexts
    assert (unit.name, unit.reference) == ("TRN02", "RBEC-20261117-0106")
    (trigger,) = name.triggers
    assert [one.name for one in trigger.contexts] == ["SITUATIONAL TRIGGER"]
    assert (trigger.segment, trigger.place, trigger.loop) == ("NM1", 8, "2100")
    assert trigger.where is not None
    assert trigger.where.number == 8
    (element,) = name.elements
    assert element.error is not None
    assert element.error.where is not None
    assert (element.error.where.number, element.error.data_element, element.error.error) == (9, "67", "1")
    (element,) = period.elements
    assert period.business_unit is None
    assert len(period.triggers) == len(element.triggers) == 1
    assert element.error is not None
    assert element.error.where is not None
    assert (element.error.where.number, element.error.where.component) == (2, 1)
    assert rejected.result is not None
    assert (rejected.result.acknowledgment, rejected.result.error_1, rejected.result.error_2) == (
        "R",
        "5",
        "I5",
    )
    (unknown,) = noted.segments[0].elements
    assert unknown.error is not None
    assert unknown.error.where is not None
    assert (unknown.error.where.component, unknown.error.where.repetition) == (None, 3)
    assert accepted.segments == ()


def test_a_functional_acknowledgment() -> None:
    (answer,) = x271.parse(ACKNOWLEDGMENTS / "rejected.997").transactions()
    assert isinstance(answer, FunctionalAcknowledgment)
    (response,) = answer.responses
    name, inquiry = response.segments
    assert [one.error for one in name.elements] == ["1", "7"]
    assert name.elements[1].where is not None
    assert (name.elements[1].where.number, name.elements[1].where.component) == (8, 1)
    assert inquiry.error is not None
    assert (inquiry.error.segment, inquiry.error.error) == ("EQ", "5")
    assert answer.result is not None
    assert (answer.result.acknowledgment, answer.result.error_1) == ("R", "5")


def test_an_interchange_acknowledgment() -> None:
    document = x271.parse(ACKNOWLEDGMENTS / "rejected.ta1")
    (answer,) = document.acknowledgments
    assert (answer.control_number, answer.acknowledgment_code, answer.note_code) == ("270000007", "R", "023")
    assert list(document.transactions()) == []
    assert document.findings == ()


def test_a_segment_that_no_place_names_stays_with_the_others() -> None:
    text = (QUESTIONS / "procedure.270").read_text().replace("AMT*R*", "AMT*ZZ*")
    (asked,) = x271.parse(text).questions()
    (patient,) = asked.patients()
    scan = patient.inquiries[0]
    assert isinstance(scan, SubscriberInquiry)
    assert scan.spend_down is None
    assert scan.billed is not None
    assert [one.elements[0] for one in scan.others] == ["ZZ"]


@pytest.mark.parametrize("name", ["dependent-child.271", "member-not-found.271"])
def test_an_answer_of_the_old_guide_is_read_with_a_finding(name: str) -> None:
    new = x271.parse(FIXTURES / "archive" / name)
    old = x271.parse((FIXTURES / "archive" / name).read_text().replace("005010X279A1", "004010X092A1"))
    assert {one.code for one in old.findings} == {"OLD_VERSION"} | {one.code for one in new.findings}
    (was,), (now,) = old.answers(), new.answers()
    assert [type(one) for one in loops(was)] == [type(one) for one in loops(now)]
    assert [one.elements for one in segments(was)][1:] == [one.elements for one in segments(now)][1:]


@pytest.mark.parametrize("path", X12, ids=[path.name for path in X12])
def test_every_document_is_written_as_it_was_read(path: Path) -> None:
    assert x271.parse(path).to_x12() == path.read_bytes()


@pytest.mark.parametrize("path", X12, ids=[path.name for path in X12])
def test_every_segment_of_every_document_has_a_place_in_its_model(path: Path) -> None:
    for one in x271.parse(path).transactions():
        assert not isinstance(one, OtherTransaction)
        assert type(one) in ROOTS.values()
        places = [segment.position.segment for segment in segments(one) if segment.position]
        assert len(places) == len(set(places))
        if isinstance(one, EligibilityAnswer):
            continue  # some of the specification's cases are odd on purpose
        assert [inner.loop_id for inner in loops(one) if inner.others] == []
        (document,) = [
            one.position.loop for one in segments(one) if one.segment_identifier == "ST" and one.position
        ]
        assert document == one.loop_id
