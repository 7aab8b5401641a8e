"""What people ask of the typed document: patients, benefits, dates, addresses, numbers; and its `repr`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

import x271
from variants import BASE, VARIANTS
from x12 import ACTIVE, FIXTURES, answer, written
from x271.grammar.answer import BenefitEntity, SubscriberName
from x271.grammar.segments import BenefitInformation, CityStateZip, Contact, DateOrPeriod, Name

ARCHIVE = FIXTURES / "archive"


@pytest.fixture(scope="module")
def document() -> x271.Interchange:
    return x271.parse(ARCHIVE / "active-ppo.271")


@pytest.fixture(scope="module")
def patient(document: x271.Interchange) -> SubscriberName:
    (one,) = document.patients()
    assert isinstance(one, SubscriberName)
    return one


def test_patients_come_from_every_answer_of_every_interchange() -> None:
    three = x271.parse(ARCHIVE / "batch-three-sets.271")
    assert len(list(three.patients())) == sum(len(list(one.patients())) for one in three.answers()) >= 3
    assert len(list(x271.parse(VARIANTS["two-interchanges"].data).patients())) == 2


def test_benefits_of_a_service_type_come_in_document_order(patient: SubscriberName) -> None:
    visits = [
        one.benefit.amount
        for one in patient.benefits_for("98")
        if one.benefit and one.benefit.amount is not None
    ]
    assert visits == [30, 60, 0]
    assert patient.benefits_for("ZZ") == ()


def test_a_benefit_without_a_service_type_is_found_by_the_empty_one(patient: SubscriberName) -> None:
    assert [one.benefit.information_code for one in patient.benefits_for("") if one.benefit] == ["D", "P"]


def test_service_types_come_in_document_order_and_hold_every_benefit(patient: SubscriberName) -> None:
    found = patient.by_service_type()
    assert list(found)[:4] == ["30", "1", "33", "47"]
    assert {id(one) for held in found.values() for one in held} == {id(one) for one in patient.benefits}
    assert all(held == patient.benefits_for(code) for code, held in found.items())


def test_a_service_type_that_is_sent_twice_counts_once() -> None:
    (one,) = x271.parse(written(answer("EB*1**30^30"))).patients()
    assert len(one.by_service_type()["30"]) == 1


@pytest.mark.parametrize(
    ("text", "start", "end", "said"),
    [
        ("20260101", date(2026, 1, 1), None, "from 2026-01-01"),
        ("20260101-20261231", date(2026, 1, 1), date(2026, 12, 31), "2026-01-01 to 2026-12-31"),
        (" 20260101 ", date(2026, 1, 1), None, "from 2026-01-01"),
        ("20260230", None, None, ""),
        ("20260101-", None, None, ""),
        ("2026", None, None, ""),
        ("20260101-20260201-20260301", None, None, ""),
        ("", None, None, ""),
    ],
)
def test_a_date_is_a_range(text: str, start: date | None, end: date | None, said: str) -> None:
    period = DateOrPeriod(qualifier="346", text=text).period
    assert (period.start, period.end, str(period), period.description) == (start, end, said, "Plan Begin")


def test_dates_agree_with_the_record(patient: SubscriberName) -> None:
    record = x271.normalize(ARCHIVE / "active-ppo.271")
    said = [one.dates for one in record.benefits if one.record_id.endswith("-1")]
    read = [tuple(each.period for each in one.dates) for one in patient.benefits]
    assert [one for one in read if one] == [one for one in said if one]


def test_an_address_reads_as_one_writes_it(patient: SubscriberName) -> None:
    assert str(patient.address) == "100 EXAMPLE STREET APT 2, EXAMPLEVILLE, NV 89999"


def test_half_an_address_is_one_and_none_is_none() -> None:
    half = SubscriberName(city=CityStateZip(city="EXAMPLEVILLE"))
    assert str(half.address) == "EXAMPLEVILLE"
    assert SubscriberName().address is None


def test_telephone_numbers_come_with_their_extension() -> None:
    contact = Contact(
        qualifier_1="TE",
        number_1="8005550150",
        qualifier_2="EX",
        number_2="271",
        qualifier_3="FX",
        number_3="1",
    )
    assert BenefitEntity(contacts=(contact,)).phone_numbers == ("8005550150 ext. 271",)
    assert [one.qualifier for one in contact.numbers] == ["TE", "EX", "FX"]


def test_the_payers_numbers_are_the_records(document: x271.Interchange) -> None:
    (source,) = next(document.answers()).sources
    assert source.name is not None
    assert source.name.phone_numbers == x271.normalize(ARCHIVE / "active-ppo.271").payer.phone_numbers


def test_names_read_as_one_says_them(patient: SubscriberName) -> None:
    assert patient.name is not None
    assert patient.name.full_name == "AVERY Q SAMPLE"
    assert Name(last_name="EXAMPLE PLAN").full_name == "EXAMPLE PLAN"


def test_what_was_made_by_hand_without_texts_has_nothing_to_say() -> None:
    assert str(DateOrPeriod().period) == ""
    assert Contact().numbers == ()
    assert Name().full_name == ""
    assert repr(Name()) == "Name()"


# repr


def test_the_repr_of_a_document_counts(document: x271.Interchange) -> None:
    assert repr(document) == "Interchange(transactions={'271': 1}, findings=0)"
    assert repr(x271.parse(VARIANTS["two-interchanges"].data)).startswith("Interchange(interchanges=2, ")
    returned = x271.parse(FIXTURES / "acknowledgments" / "rejected.ta1")
    assert repr(returned) == "Interchange(transactions={}, acknowledgments=1, findings=0)"


def test_the_repr_of_a_loop_says_what_it_holds() -> None:
    (one,) = x271.parse(BASE).patients()
    assert repr(one) == (
        "SubscriberName(name=Name(entity='IL', segment=11), references=1, street=StreetAddress(segment=13), "
        "city=CityStateZip(segment=14), demographics=Demographics(segment=15), dates=1, benefits=12)"
    )
    assert repr(one.benefits[5]) == (
        "SubscriberBenefit(benefit=BenefitInformation(information_code='B', coverage_level='IND', "
        "service_types=('98',), time_period='27', segment=24), messages=1, additional=1)"
    )


def test_a_code_that_no_table_knows_is_not_in_a_repr() -> None:
    assert repr(BenefitInformation(information_code="JANE DOE")) == "BenefitInformation()"
    assert repr(BenefitInformation(information_code="1", service_types=("30", "JANE"))) == (
        "BenefitInformation(information_code='1')"
    )


def test_the_number_of_a_transaction_set_that_is_not_read_is_a_number_in_a_repr() -> None:
    data = written(answer(ACTIVE)).replace(b"GE*1*", b"ST*JOE*0002~SE*2*0002~GE*2*")
    shown = repr(x271.parse(data)) + repr(x271.parse(data).groups)
    assert "JOE" not in shown
    assert "'unknown': 1" in shown


@pytest.mark.parametrize("path", sorted(ARCHIVE.glob("*.271")), ids=lambda path: path.name)
def test_every_repr_is_short(path: Path) -> None:
    def all_of(value: object) -> list[BaseModel]:
        if isinstance(value, BaseModel):
            return [value, *(one for _, inner in value for one in all_of(inner))]
        return [one for inner in value for one in all_of(inner)] if isinstance(value, tuple) else []

    assert max(len(repr(one)) for one in all_of(x271.parse(path).groups)) < 700
