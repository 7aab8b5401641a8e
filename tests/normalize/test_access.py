"""Typed access for people: benefits by service type, dates as ranges, names, telephone numbers, short reprs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import x271
from normalize.documents import DAY, FIXTURES, answer
from x271.normalize.benefits import DateRange
from x271.normalize.record import Contact, Party, Person, PrimaryCare

ACTIVE = "EB*1**30*PR*GOLD"


@pytest.fixture(scope="module")
def record() -> x271.Eligibility:
    return x271.normalize(FIXTURES / "archive" / "active-ppo.271")


def test_benefits_of_a_service_type_come_in_document_order(record: x271.Eligibility) -> None:
    found = record.benefits_for("98")
    assert [(one.information, one.messages) for one in found] == [
        ("Active Coverage", ()),
        ("Co-Payment", ("PRIMARY CARE PHYSICIAN",)),
        ("Co-Payment", ("SPECIALIST",)),
        ("Co-Payment", ("VIRTUAL VISIT",)),
        ("Co-Insurance", ()),
    ]
    assert record.benefits_for("nonsense") == ()


def test_what_holds_in_both_networks_holds_in_each(record: x271.Eligibility) -> None:
    assert [one.amount for one in record.benefits_for("86", network="in")] == [250]
    assert [one.amount for one in record.benefits_for("86", network="out")] == [250]
    assert [one.amount for one in record.benefits_for("86", network="both")] == [250]
    assert [one.information for one in record.benefits_for("86", network="")] == ["Active Coverage"]
    assert [str(one.percent) for one in record.benefits_for("98", network="out")] == ["0.4"]


def test_benefits_without_a_service_type_are_those_of_the_empty_one(record: x271.Eligibility) -> None:
    assert [one.information for one in record.benefits_for("")] == [
        "Benefit Description",
        "Benefit Disclaimer",
    ]


def test_service_types_come_in_document_order_and_hold_every_benefit(record: x271.Eligibility) -> None:
    groups = record.by_service_type()
    assert list(groups)[:4] == ["30", "1", "33", "47"]
    assert sum(map(len, groups.values())) == len(record.benefits)
    assert all(record.benefits_for(code) == rows for code, rows in groups.items())


@pytest.mark.parametrize(
    ("qualifier", "start", "end", "shown", "covered"),
    [
        ("292", "2026-01-01", "2026-12-31", "2026-01-01 to 2026-12-31", ["2026-01-01", "2026-12-31"]),
        ("292", "2026-12-31", None, "from 2026-12-31", ["2026-12-31", "2027-01-01"]),
        ("347", "2026-01-01", None, "until 2026-01-01", ["2025-12-31", "2026-01-01"]),
        ("304", "2026-12-31", None, "2026-12-31", ["2026-12-31"]),
        ("304", "2026-12-31", "2026-12-31", "2026-12-31", ["2026-12-31"]),
        ("292", None, None, "", []),
    ],
)
def test_a_range_covers_its_days(
    qualifier: str, start: str | None, end: str | None, shown: str, covered: list[str]
) -> None:
    dates = DateRange(
        qualifier=qualifier,
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
    )
    days = ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"]
    assert [day for day in days if dates.covers(date.fromisoformat(day))] == covered
    assert str(dates) == shown


def test_names_read_as_one_says_them(record: x271.Eligibility) -> None:
    assert record.patient.full_name == "AVERY Q SAMPLE"
    assert record.payer.full_name == "NORTHSTAR SAMPLE HEALTH"
    assert record.primary_care.full_name == "ROBIN PRIMER"
    assert Person(first_name="A", last_name="B", suffix="III").full_name == "A B III"
    assert Person().full_name == Party().full_name == PrimaryCare().full_name == ""


def test_telephone_numbers_come_with_their_extension() -> None:
    def contact(qualifier: str, number: str) -> Contact:
        return Contact(qualifier=qualifier, number=number)

    party = Party(
        contacts=(
            contact("EX", "1"),  # of no number
            contact("TE", "8005550150"),
            contact("EX", "271"),
            contact("FX", "8005550151"),
            contact("WP", "7755550110"),
        )
    )
    assert party.phone_numbers == ("8005550150 ext. 271", "7755550110")
    assert party.numbers("FX") == ("8005550151",)
    assert Party().phone_numbers == ()


def test_a_repr_is_short(record: x271.Eligibility) -> None:
    assert repr(record) == "Eligibility(coverage='active', plan_type='PR', benefits=52, findings=0)"
    assert repr(record.benefits_for("30")[1]) == (
        "Benefit(information='Deductible', service_type='30', coverage_level='IND', time_period='23', network='in')"
    )
    rejected = x271.normalize(FIXTURES / "archive" / "payer-down.271")
    assert repr(rejected) == "Eligibility(coverage='unknown', rejected=True, benefits=0, findings=0)"


def test_a_code_that_no_table_knows_is_not_in_a_repr() -> None:
    record = x271.normalize(answer("EB*1*QQQ*ZZZ*WWW", "EB*VVV**30********K"), date_of_service=DAY)
    assert repr(record).startswith("Eligibility(coverage='active', plan_type='unknown', benefits=2, ")
    assert repr(record.benefits) == (
        "(Benefit(information='Active Coverage', service_type='unknown', coverage_level='unknown'), "
        "Benefit(information='unknown', service_type='30'))"
    )


def test_the_schema_of_the_record_knows_nothing_of_the_access() -> None:
    committed = json.loads(
        Path(FIXTURES.parent, "docs", "eligibility.schema.json").read_text(encoding="utf-8")
    )
    assert set(committed["properties"]) == set(x271.Eligibility.model_fields)


def test_a_loaded_record_shows_the_same(record: x271.Eligibility) -> None:
    loaded = x271.Eligibility.model_validate_json(record.model_dump_json())
    assert repr(loaded) == repr(record)
    assert loaded.summary() == record.summary()
    assert loaded.by_service_type().keys() == record.by_service_type().keys()
