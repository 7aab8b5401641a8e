"""The specification's example questions, one per request format, as inquiries (SPEC 6.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import pytest

import x271
from x12 import FIXTURES
from x271.grammar.base import Loop, Segment, slots
from x271.grammar.question import QuestionSubscriber
from x271.inquiries import (
    Dependent,
    Inquiry,
    Payer,
    Period,
    Provider,
    ProviderRole,
    Reference,
    Service,
    Subscriber,
    TraceNumber,
)

DAY = Period(begin=date(2026, 11, 21))
CLINIC = Provider(name="Clinic", identifier="1234567893")

EXAMPLES = {
    "vsee": Inquiry(
        payer=Payer(name="Health Choice Arizona", identifier="car7556"),
        provider=Provider(name="Jones", first_name="Cameron", identifier="1234567893"),
        subscriber=Subscriber(
            member_id="234234",
            last_name="VSee",
            first_name="Parent",
            birth_date=date(1986, 1, 1),
            references=(Reference(qualifier="6P", value="asdasd"),),
        ),
        dependents=(
            Dependent(
                last_name="VSee",
                first_name="Edward",
                birth_date=date(2016, 1, 1),
                gender="M",
                relationship="19",
                traces=(TraceNumber(number="000000002"),),
                date_of_service=DAY,
            ),
        ),
        reference="123456789",
    ),
    "integrex": Inquiry(
        payer=Payer(name="Acme Health", identifier="12345"),
        provider=CLINIC,
        subscriber=Subscriber(
            member_id="W100",
            last_name="Doe",
            first_name="Jane",
            birth_date=date(1980, 1, 1),
            gender="F",
            references=(
                Reference(qualifier="EJ", value="acct1"),
                Reference(qualifier="SY", value="123456789"),
            ),
            traces=(TraceNumber(number="000000001", originator="9SUBMITTER"),),
            date_of_service=Period(begin=date(2026, 11, 20), end=date(2026, 11, 22)),
        ),
        reference="123456789",
    ),
    "verifytreatment": Inquiry(
        payer=Payer(name="VTX Payer", identifier="VTX01"),
        provider=Provider(name="Facility", identifier="1234567893"),
        subscriber=Subscriber(
            member_id="W300",
            last_name="Doe",
            first_name="Sam",
            birth_date=date(1990, 1, 1),
            gender="M",
            traces=(TraceNumber(number="000000003"),),
            date_of_service=DAY,
            services=(Service(service_types=("30", "AI", "MH")),),
        ),
        reference="123456789",
    ),
    "chc": Inquiry(
        payer=Payer(name="UHC", identifier="UHC"),
        provider=Provider(
            name="provider_name",
            identifier="1234567893",
            role=ProviderRole(role="AD", identifier="207Q00000X"),
        ),
        subscriber=Subscriber(
            member_id="0000000000",
            last_name="doeOne",
            first_name="johnOne",
            birth_date=date(1880, 1, 2),
            gender="M",
            references=(
                Reference(qualifier="SY", value="000000000"),
                Reference(qualifier="HJ", value="card123"),
            ),
        ),
        dependents=(
            Dependent(
                last_name="doeOne",
                first_name="janeOne",
                birth_date=date(1816, 4, 21),
                gender="F",
                references=(Reference(qualifier="6P", value="0000000000"),),
                traces=(TraceNumber(number="123456789"),),
                date_of_service=Period(begin=date(2010, 1, 1), end=date(2010, 1, 2)),
                services=(Service(service_types=("98",)),),
            ),
        ),
        reference="123456789",
    ),
}


def example(name: str) -> bytes:
    return (FIXTURES / "inquiries" / f"{name}.270").read_bytes()


def written(name: str) -> bytes:
    return EXAMPLES[name].to_x12(
        sender="SUBMITTER",
        receiver="RECEIVER",
        control_number=271,
        at=datetime(2026, 12, 1, 13, 30, tzinfo=UTC),
        line_end="\n",
    )


def said(loop: Loop) -> tuple[str, list[str], list[object]]:
    """A loop, its segments sorted, and the loops in it; without control numbers and the time of writing."""
    segments: list[str] = []
    inside: list[object] = []
    for slot in slots(type(loop)):
        held = getattr(loop, slot.name)
        for one in held if isinstance(held, tuple) else (held,):
            if isinstance(one, Loop):
                inside.append(said(one))
            elif isinstance(one, Segment):
                elements = list(one.elements)
                if one.segment_id in ("ST", "SE"):
                    elements[1] = ""
                if one.segment_id == "BHT":
                    elements[3:5] = ["", ""]
                segments.append("*".join([one.segment_id, *elements]))
    assert not loop.others
    return type(loop).loop_id, sorted(segments), inside


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_written_loop_by_loop_as_it_stands_in_the_specification(name: str) -> None:
    (theirs,) = x271.parse(example(name)).questions()
    (ours,) = x271.parse(written(name)).questions()
    assert said(ours) == said(theirs)


@pytest.mark.parametrize("name", EXAMPLES)
def test_with_its_numbers_and_time_an_example_is_written_byte_for_byte(name: str) -> None:
    data = EXAMPLES[name].to_x12(
        sender="SUBMITTER",
        receiver="RECEIVER",
        control_number="123456789",
        group_control_number=1,
        at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        line_end="\n",
    )
    assert data == example(name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_valid_and_is_read_back(name: str) -> None:
    assert x271.validate(written(name)).findings == ()
    (read,) = x271.parse(example(name)).inquiries()
    again = read.to_x12(sender="SUBMITTER", at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    assert list(x271.parse(again).inquiries()) == [read]


QUESTIONS = sorted(chain((FIXTURES / "questions").glob("*.270"), (FIXTURES / "inquiries").glob("*.270")))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_is_read_to_inquiries_and_written_back_byte_for_byte(path: Path) -> None:
    document = x271.parse(path)
    assert document.to_x12() == path.read_bytes()
    assert len(list(document.inquiries())) == len(subscribers(document)) > 0


def subscribers(document: x271.Interchange) -> list[QuestionSubscriber]:
    return [
        subscriber
        for question in document.questions()
        for source in question.sources
        for receiver in source.receivers
        for subscriber in receiver.subscribers
    ]
