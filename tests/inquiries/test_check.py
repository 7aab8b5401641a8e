"""What speaks against sending an inquiry (SPEC 6.2): one sentence per rule, and all of them at once."""

from __future__ import annotations

import copy
import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import x271
from inquiries.asked import AT, BABY, JANE, TODAY, about_baby, about_jane, inquiry
from x271.errors import Position
from x271.findings import Finding
from x271.grammar.envelope import Delimiters
from x271.inquiries import (
    Address,
    Dependent,
    Diagnosis,
    Inquiry,
    Payer,
    Period,
    Procedure,
    Provider,
    ProviderRole,
    Reference,
    Service,
    Subscriber,
    TraceNumber,
    problem,
    to_x12,
)


def said(made: Inquiry, **options: Any) -> list[tuple[str, str]]:
    """Code and path of every finding."""
    report = made.check(**{"at": TODAY, **options})
    return [(one.code, one.position.key or "") for one in report.findings if one.position is not None]


def asks(service: Service, **changes: Any) -> Inquiry:
    return about_jane(services=(service,), **changes)


def test_there_is_nothing_to_say_about_a_good_inquiry() -> None:
    report = inquiry().check(at=TODAY)
    assert report.valid
    assert report.findings == ()
    assert report.searches == {"subscriber": "primary"}
    report.raise_for_problems()


# --- providers and payers


@pytest.mark.parametrize("npi", ["1234567893", "2999000013", "2999000047"])
def test_an_npi_with_its_check_digit_is_right(npi: str) -> None:
    assert said(inquiry(provider=Provider(name="CLINIC", identifier=npi))) == []


@pytest.mark.parametrize("npi", ["1234567890", "123456789", "12345678931", "12345678AB", "1234567983"])
def test_an_npi_is_ten_digits_with_a_check_digit(npi: str) -> None:
    assert said(inquiry(provider=Provider(name="CLINIC", identifier=npi))) == [
        ("BAD_NPI", "provider.identifier")
    ]


def test_only_what_is_called_an_npi_is_checked_as_one() -> None:
    assert (
        said(inquiry(provider=Provider(name="CLINIC", identifier="1234567890", identifier_qualifier="SV")))
        == []
    )
    assert said(about_jane(provider=ProviderRole(role="PE", identifier="1234567890", qualifier="HPI"))) == [
        ("BAD_NPI", "subscriber.provider.identifier")
    ]
    reference = Reference(qualifier="HPI", value="1")
    assert ("BAD_NPI", "provider.references[0].value") in said(
        inquiry(provider=Provider(name="CLINIC", identifier="1234567893", references=(reference,)))
    )


def test_every_wrong_last_digit_is_noticed() -> None:
    right = "1234567893"
    for digit in set("0123456789") - {right[-1]}:
        assert said(inquiry(provider=Provider(name="CLINIC", identifier=right[:-1] + digit))) != []


def test_a_payer_without_a_name_has_its_identifier_as_one() -> None:
    made = inquiry(payer=Payer(identifier="12345"))
    assert said(made) == []
    assert b"NM1*PR*2*12345*****PI*12345~" in made.to_x12(at=AT)


def test_payer_and_provider_need_an_identifier_and_a_kind_of_it_that_the_guide_has() -> None:
    made = inquiry(
        payer=Payer(identifier=""), provider=Provider(name="", identifier="1", identifier_qualifier="MI")
    )
    assert set(said(made)) == {
        ("MISSING_ELEMENT", "payer.identifier"),
        ("MISSING_ELEMENT", "payer.name"),
        ("CODE_NOT_ALLOWED", "provider.identifier_qualifier"),
        ("TOO_SHORT", "provider.identifier"),
        ("MISSING_ELEMENT", "provider.name"),
    }


# --- search options


@pytest.mark.parametrize(
    ("without", "option"),
    [
        ((), "primary"),
        (("first_name",), "member_id_last_name_birth_date"),
        (("birth_date",), "member_id_name"),
        (("member_id",), "name_birth_date"),
    ],
)
def test_the_best_search_option_is_named(without: tuple[str, ...], option: str) -> None:
    made = inquiry(
        subscriber=Subscriber(**{name: value for name, value in JANE.items() if name not in without})
    )
    report = made.check(at=TODAY)
    assert report.searches == {"subscriber": option}
    assert report.valid
    assert said(made) == [("ALTERNATE_SEARCH", f"subscriber.{name}") for name in without]


def test_without_a_complete_search_option_each_missing_field_of_the_primary_one_is_named() -> None:
    made = inquiry(subscriber=Subscriber(first_name="JANE"))
    assert made.check(at=TODAY).searches == {"subscriber": ""}
    assert said(made) == [
        ("MISSING_FOR_SEARCH", "subscriber.birth_date"),
        ("MISSING_FOR_SEARCH", "subscriber.last_name"),
        ("MISSING_FOR_SEARCH", "subscriber.member_id"),
    ]


def test_a_dependent_is_found_by_the_subscribers_number_and_its_own_name_and_birth_date() -> None:
    made = inquiry(subscriber=Subscriber(member_id="W100"), dependents=(Dependent(**BABY),))
    assert made.check(at=TODAY).searches == {"dependents[0]": "primary"}
    assert said(made) == []
    made = inquiry(dependents=(Dependent(first_name="BABY"),))
    assert said(made) == [
        ("MISSING_FOR_SEARCH", "dependents[0].birth_date"),
        ("MISSING_FOR_SEARCH", "dependents[0].last_name"),
    ]


def test_a_relationship_that_no_search_needs_is_noted() -> None:
    assert said(about_baby(relationship="19")) == [("RELATIONSHIP_SENT", "dependents[0].relationship")]
    made = inquiry(subscriber=Subscriber(last_name="DOE"), dependents=(Dependent(**BABY, relationship="19"),))
    assert said(made) == [("ALTERNATE_SEARCH", "subscriber.member_id")]


# --- codes


@pytest.mark.parametrize("gender", ["U", "X", "1", "FEMALE"])
def test_gender_is_f_or_m_or_left_out(gender: str) -> None:
    assert said(about_jane(gender="")) == []
    assert said(about_jane(gender=gender)) == [("CODE_NOT_ALLOWED", "subscriber.gender")]


@pytest.mark.parametrize(
    ("relationship", "allowed"), [("01", True), ("19", True), ("34", True), ("18", False), ("G8", False)]
)
def test_a_dependents_relationship_is_spouse_child_or_other_adult(relationship: str, allowed: bool) -> None:
    found = said(about_baby(relationship=relationship))
    assert (("CODE_NOT_ALLOWED", "dependents[0].relationship") in found) != allowed


def test_a_place_in_a_multiple_birth_needs_the_relationship_of_a_dependent_and_counts_from_one() -> None:
    assert said(about_baby(birth_sequence=2)) == [("MISSING_ELEMENT", "dependents[0].relationship")]
    assert said(about_jane(birth_sequence=2)) == []
    assert said(about_jane(birth_sequence=-1)) == [("BAD_TYPE", "subscriber.birth_sequence")]


def test_a_service_type_is_one_of_the_guides() -> None:
    assert said(asks(Service(service_types=("30", "MH", "UC")))) == []
    assert said(asks(Service(service_types=("30", "?")))) == [
        ("CODE_NOT_ALLOWED", "subscriber.services[0].service_types[1]")
    ]


def test_a_later_service_type_must_be_allowed() -> None:
    made = asks(Service(service_types=("30", "EA")))
    path = "subscriber.services[0].service_types[1]"
    assert said(made) == [("CODE_NOT_ALLOWED", path)]
    assert said(made, later_service_types=True) == [("LATER_SERVICE_TYPE", path)]
    with pytest.raises(x271.InvalidInquiry):
        made.to_x12(at=AT)
    assert b"EQ*30^EA~" in made.to_x12(at=AT, later_service_types=True)


def test_a_service_asks_for_service_types_or_for_a_procedure() -> None:
    procedure = Procedure(code="72148", modifiers=("26",))
    assert said(asks(Service(procedure=procedure))) == []
    assert said(asks(Service(service_types=("30",), procedure=procedure))) == [
        ("SERVICE_TYPE_AND_PROCEDURE", "subscriber.services[0]")
    ]
    assert said(asks(Service())) == [("RELATION", "subscriber.services[0].service_types")]


def test_what_the_guide_does_not_let_a_procedure_say_is_refused() -> None:
    made = asks(
        Service(procedure=Procedure(code="99202", last_code="99205", modifiers=("1", "XXX"), qualifier="XX"))
    )
    assert set(said(made)) == {
        ("ELEMENT_NOT_USED", "subscriber.services[0].procedure.last_code"),
        ("TOO_SHORT", "subscriber.services[0].procedure.modifiers[0]"),
        ("TOO_LONG", "subscriber.services[0].procedure.modifiers[1]"),
        ("CODE_NOT_ALLOWED", "subscriber.services[0].procedure.qualifier"),
    }


def test_a_diagnosis_pointer_points_to_a_diagnosis() -> None:
    diagnoses = (Diagnosis(code="M54.16"), Diagnosis(code="R519"))
    path = "subscriber.services[0].diagnosis_pointers"
    for pointers, expected in (
        ((1, 2), []),
        ((3,), [("BAD_POINTER", path)]),
        ((0,), [("BAD_POINTER", path)]),
    ):
        made = asks(Service(service_types=("30",), diagnosis_pointers=pointers), diagnoses=diagnoses)
        assert said(made) == expected


def test_what_only_a_subscriber_may_ask_a_dependent_may_not() -> None:
    service = Service(service_types=("30",), coverage_level="FAM", spend_down=Decimal(5), billed=Decimal(9))
    assert said(asks(service)) == []
    assert said(about_baby(services=(service,))) == [
        ("ELEMENT_NOT_USED", f"dependents[0].services[0].{name}")
        for name in ("billed", "coverage_level", "spend_down")
    ]


# --- dates


def test_a_range_ends_after_it_begins() -> None:
    backwards = Period(begin=TODAY, end=TODAY - timedelta(days=1))
    service = Service(service_types=("30",), date_of_service=backwards)
    made = about_jane(date_of_service=backwards, card_issued=backwards, services=(service,))
    assert said(made) == [
        ("DATES_REVERSED", "subscriber.card_issued"),
        ("DATES_REVERSED", "subscriber.date_of_service"),
        ("DATES_REVERSED", "subscriber.services[0].date_of_service"),
    ]


def test_nobody_is_born_after_the_service_or_in_the_future() -> None:
    born = JANE["birth_date"]
    assert [code for code, _ in said(about_jane(date_of_service=Period(begin=born)))] == [
        "OUTSIDE_INQUIRY_WINDOW"
    ]
    before = Period(begin=born - timedelta(days=1))
    assert ("BORN_AFTER_SERVICE", "subscriber.date_of_service") in said(about_jane(date_of_service=before))
    assert said(about_jane(birth_date=TODAY)) == []
    assert said(about_jane(birth_date=TODAY + timedelta(days=1))) == [
        ("BORN_AFTER_SERVICE", "subscriber.birth_date")
    ]


@pytest.mark.parametrize(
    ("begin", "end", "guaranteed"),
    [
        (date(2025, 11, 21), None, True),
        (date(2025, 11, 20), None, False),
        (date(2026, 11, 30), None, True),
        (date(2026, 12, 1), None, False),
        (date(2026, 11, 1), date(2026, 12, 1), False),
    ],
)
def test_payers_answer_for_twelve_months_back_to_the_end_of_this_month(
    begin: date, end: date | None, guaranteed: bool
) -> None:
    found = said(about_jane(date_of_service=Period(begin=begin, end=end)))
    assert found == ([] if guaranteed else [("OUTSIDE_INQUIRY_WINDOW", "subscriber.date_of_service")])
    assert about_jane(date_of_service=Period(begin=begin, end=end)).check(at=TODAY).valid


def test_the_window_of_a_leap_day_begins_on_the_last_of_february() -> None:
    made = about_jane(date_of_service=Period(begin=date(2027, 2, 28)))
    assert said(made, at=date(2028, 2, 29)) == []


# --- trace numbers, control numbers, how many


RIGHT = ("9SUBMITTER", "1123456789", "3123456789", "")
WRONG = ("2123456789", "9SHORT", "9TOOMANYLETTERS")


@pytest.mark.parametrize("originator", [*RIGHT, *WRONG])
def test_an_originator_is_ten_characters_and_begins_with_1_3_or_9(originator: str) -> None:
    found = said(about_jane(traces=(TraceNumber(number="T1", originator=originator),)))
    assert {path for _, path in found} == (
        {"subscriber.traces[0].originator"} if originator in WRONG else set()
    )


@pytest.mark.parametrize("number", [0, 1, 999_999_999, "000000001", "123456789"])
def test_a_control_number_is_nine_digits(number: int | str) -> None:
    assert said(inquiry(), control_number=number) == []
    assert f"{int(number):09}".encode() in inquiry().to_x12(control_number=number)


@pytest.mark.parametrize("number", [-1, 1_000_000_000, "1", "1234567890", "12345678A", "", True])
def test_any_other_control_number_is_a_problem_beside_the_others(number: int | str) -> None:
    assert said(inquiry(), control_number=number) == [("BAD_CONTROL_NUMBER", "control_number")]
    with pytest.raises(x271.InvalidInquiry) as caught:
        about_jane(gender="X").to_x12(control_number=number)
    assert [one.code for one in caught.value.problems] == ["BAD_CONTROL_NUMBER", "CODE_NOT_ALLOWED"]


def test_in_real_time_there_is_one_patient_and_in_a_batch_up_to_99() -> None:
    def family(count: int) -> Inquiry:
        return inquiry(dependents=(Dependent(**BABY),) * count)

    assert said(family(1)) == []
    assert said(family(2)) == [("TOO_MANY_PATIENTS", "dependents")]
    assert said(family(99), batch=True) == []
    assert ("TOO_MANY_PATIENTS", "dependents") in said(family(100), batch=True)


def test_parts_stand_as_often_as_the_guide_lets_them() -> None:
    reference = Reference(qualifier="6P", value="1")
    made = about_jane(
        references=(reference,) * 10,
        traces=(TraceNumber(number="1"),) * 3,
        diagnoses=(Diagnosis(code="R519"),) * 9,
        services=(Service(service_types=("30",) * 100, diagnosis_pointers=(1,) * 5),) * 100,
    )
    found = said(made)
    assert [path for code, path in found if code == "TOO_MANY_REPETITIONS" and "[" not in path] == [
        f"subscriber.{name}" for name in ("diagnoses", "references", "services", "traces")
    ]
    assert ("TOO_MANY_REPETITIONS", "subscriber.services[99].service_types") in found
    assert ("TOO_MANY_REPETITIONS", "subscriber.services[0].diagnosis_pointers") in found


def test_somebody_asked_about_is_asked_something() -> None:
    assert said(about_baby(services=())) == [("MISSING_ELEMENT", "dependents[0].services")]


# --- texts


def test_letters_that_x12_does_not_carry_are_sent_as_plain_ones_with_a_warning() -> None:
    made = about_jane(last_name="Müller-Fiñch", first_name="Zoë")
    assert said(made) == [
        ("TRANSLITERATED", "subscriber.first_name"),
        ("TRANSLITERATED", "subscriber.last_name"),
    ]
    assert b"NM1*IL*1*MULLER-FINCH*ZOE****MI*W100~" in made.to_x12(at=AT)


def test_letters_that_nothing_stands_for_are_a_problem() -> None:
    assert said(about_jane(last_name="山田")) == [("UNWRITABLE_TEXT", "subscriber.last_name")]


def test_a_delimiter_in_a_name_becomes_a_blank_and_in_a_number_is_a_problem() -> None:
    made = about_jane(
        last_name="DOE*SMITH",
        address=Address(line_1="1 OAK ST: REAR", city="RENO", state="NV", postal_code="89501"),
    )
    assert said(made) == [
        ("DELIMITER_REPLACED", "subscriber.address.line_1"),
        ("DELIMITER_REPLACED", "subscriber.last_name"),
    ]
    assert b"NM1*IL*1*DOE SMITH*JANE" in made.to_x12(at=AT)
    assert b"N3*1 OAK ST REAR~" in made.to_x12(at=AT)
    assert said(about_jane(member_id="W:100")) == [("DELIMITER_IN_VALUE", "subscriber.member_id")]


def test_with_other_delimiters_other_texts_can_be_sent() -> None:
    pipes = Delimiters(element="|", repetition="!", component=">", terminator="'")
    assert said(about_jane(member_id="W:100"), delimiters=pipes) == []
    assert b"|MI|W:100'" in about_jane(member_id="W:100").to_x12(at=AT, delimiters=pipes)
    assert said(about_jane(last_name="O'NEIL"), delimiters=pipes) == [
        ("DELIMITER_REPLACED", "subscriber.last_name")
    ]


@pytest.mark.parametrize("one", ["-", ".", "A", " ", "*"])
def test_a_delimiter_is_no_part_of_dates_and_amounts_and_no_letter(one: str) -> None:
    delimiters = Delimiters(element="*", repetition=one, component=":", terminator="~")
    for call in (inquiry().check, inquiry().to_x12):
        with pytest.raises(x271.UsageError) as caught:
            call(delimiters=delimiters)
        assert caught.value.code == "BAD_OPTION"


def test_a_digit_in_a_name_is_a_warning() -> None:
    assert said(about_jane(first_name="JANE2")) == [("DIGIT_IN_NAME", "subscriber.first_name")]


def test_lengths_are_those_of_the_dictionary() -> None:
    address = Address(line_1="A" * 56, city="X", state="NEV", postal_code="12", country="USAX")
    made = about_jane(
        last_name="A" * 61, address=address, references=(Reference(qualifier="6P", value="1" * 51),)
    )
    assert set(said(made)) == {
        ("TOO_LONG", "subscriber.last_name"),
        ("TOO_LONG", "subscriber.address.line_1"),
        ("TOO_SHORT", "subscriber.address.city"),
        ("TOO_LONG", "subscriber.address.state"),
        ("TOO_SHORT", "subscriber.address.postal_code"),
        ("TOO_LONG", "subscriber.address.country"),
        ("TOO_LONG", "subscriber.references[0].value"),
    }


def test_what_stands_together_only_is_asked_for() -> None:
    assert said(about_jane(address=Address(state="NV", postal_code="89501"))) == [
        ("MISSING_ELEMENT", "subscriber.address.city")
    ]
    foreign = Address(city="TORONTO", state="ON", subdivision="ON", postal_code="M5H2N2")
    assert set(said(about_jane(address=foreign))) == {
        ("RELATION", "subscriber.address.subdivision"),
        ("RELATION", "subscriber.address.country"),
    }
    assert said(about_jane(references=(Reference(qualifier="", value="1"),))) == [
        ("MISSING_ELEMENT", "subscriber.references[0].qualifier")
    ]


def test_an_address_in_the_united_states_has_a_state_and_no_country() -> None:
    address = {"line_1": "1 OAK ST", "city": "RENO", "postal_code": "89501"}
    assert said(about_jane(address=Address(**address))) == [
        ("REQUIRED_BY_ELEMENT", "subscriber.address.state")
    ]
    for country in ("US", "usa"):
        made = about_jane(address=Address(**address, state="NV", country=country))
        assert said(made) == []
        assert b"N4*RENO*NV*89501~" in made.to_x12(at=AT)
    assert said(about_jane(address=Address(city="TORONTO", state="ON", country="CA"))) == []
    assert said(about_jane(address=Address(city="LIMA", country="PE"))) == []


def test_a_number_with_more_digits_than_any_element_takes_is_too_long() -> None:
    service = Service(service_types=("30",), spend_down=Decimal("1E+30"))
    assert said(asks(service)) == [("TOO_LONG", "subscriber.services[0].spend_down")]


# --- the report


def test_everything_is_reported_at_once_each_with_its_path() -> None:
    made = inquiry(
        provider=Provider(name="CLINIC", identifier="1234567890"),
        subscriber=Subscriber(member_id="W:100", last_name="山", gender="X", birth_date=TODAY),
        reference="R" * 51,
    )
    with pytest.raises(x271.InvalidInquiry) as caught:
        made.to_x12(control_number="1", sender="S" * 16, usage="X", at=AT)
    assert {(one.code, one.position.key) for one in caught.value.problems if one.position} == {
        ("BAD_CONTROL_NUMBER", "control_number"),
        ("TOO_LONG", "sender"),
        ("CODE_NOT_ALLOWED", "usage"),
        ("BAD_NPI", "provider.identifier"),
        ("UNWRITABLE_TEXT", "subscriber.last_name"),
        ("CODE_NOT_ALLOWED", "subscriber.gender"),
        ("DELIMITER_IN_VALUE", "subscriber.member_id"),
        ("TOO_LONG", "reference"),
    }


def test_a_problem_has_the_callers_own_name_of_its_field() -> None:
    names = {
        "subscriber.birth_date": "subscriberDob",
        "dependents[].birth_date": "patientDob",
        "dependents[0].last_name": "patientLastName",
        "provider": "billingProviderNpi",
    }
    made = inquiry(
        provider=Provider(name="CLINIC", identifier="1"),
        dependents=(Dependent(first_name="BABY"),),
    )
    found = {
        (one.field, (one.position or Position()).key) for one in made.check(at=TODAY, names=names).findings
    }
    assert found == {
        ("billingProviderNpi", "provider.identifier"),
        ("patientDob", "dependents[0].birth_date"),
        ("patientLastName", "dependents[0].last_name"),
    }
    with pytest.raises(x271.InvalidInquiry, match="BAD_NPI billingProviderNpi"):
        made.to_x12(names=names)


def test_what_the_caller_found_itself_stands_among_the_rest_and_is_not_called_missing() -> None:
    made = inquiry(subscriber=Subscriber(member_id="W100", first_name="JANE", last_name="DOE"))
    found = made.check(
        at=TODAY,
        also=[problem("UNREADABLE_DATE", "subscriber.birth_date")],
        names={"subscriber.birth_date": "dob"},
    )
    (only,) = found.findings
    assert (only.code, only.field, only.severity) == ("UNREADABLE_DATE", "dob", "error")
    assert found.problems == (only,)
    with pytest.raises(x271.InvalidInquiry):
        found.raise_for_problems()


def test_the_paths_of_several_inquiries_begin_with_their_number() -> None:
    with pytest.raises(x271.InvalidInquiry) as caught:
        to_x12([inquiry(), about_jane(gender="X")], at=AT)
    (only,) = caught.value.problems
    assert only.field == "inquiries[1].subscriber.gender"


def test_the_error_says_codes_and_fields_and_never_a_value() -> None:
    made = inquiry(
        provider=Provider(name="SECRET1", identifier="5550001111"),
        subscriber=Subscriber(member_id="SECRET:2", last_name="SECRET3", first_name="山", gender="SECRET4"),
    )
    with pytest.raises(x271.InvalidInquiry) as caught:
        made.to_x12(at=AT)
    shown = "".join(
        [str(caught.value), repr(caught.value), repr(caught.value.problems), repr(made), str(made)]
    )
    assert "SECRET" not in shown
    assert "5550001111" not in shown
    assert "BAD_NPI provider.identifier" in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems  # noqa: S301 - our own
    assert copy.copy(caught.value).problems == caught.value.problems


def test_a_long_list_of_problems_is_cut_in_the_message_only() -> None:
    problems = [Finding(code="BAD_NPI", field=f"field{number}") for number in range(30)]
    error = x271.InvalidInquiry(problems)
    assert "field19" in str(error)
    assert "and 10 more" in str(error)
    assert "field20" not in str(error)
    assert len(error.problems) == 30


def test_nothing_is_checked_when_an_inquiry_is_made_but_types() -> None:
    assert about_jane(birth_date="1980-02-29").subscriber.birth_date == date(1980, 2, 29)
    with pytest.raises(ValueError, match="birth_date") as caught:
        about_jane(birth_date="1981-02-29")
    assert "1981" not in str(caught.value)
