"""Interchanges of inquiries: defaults, shared levels, transaction sets, purposes; and what is read back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

import x271
from inquiries.asked import AT, BABY, JANE, about_baby, about_jane, inquiry
from x12 import FIXTURES
from x271.inquiries import (
    Address,
    Dependent,
    Diagnosis,
    Inquiry,
    Payer,
    Period,
    Procedure,
    Provider,
    Reference,
    Service,
    Subscriber,
    TraceNumber,
    inquiries_of,
    to_x12,
)


def segments(data: bytes, *names: str) -> list[str]:
    """The segments of these names, all if none is named."""
    found = [one for one in data.decode("ascii").split("~") if one]
    return [one for one in found if not names or one.split("*")[0] in names]


def test_without_options_an_interchange_goes_from_provider_to_payer() -> None:
    before = datetime.now().astimezone().date()
    isa, gs, *_ = segments(inquiry().to_x12())
    after = datetime.now().astimezone().date()
    assert len(isa) == 105
    elements = [one.strip() for one in isa.split("*")]
    assert elements[5:9] == ["ZZ", "1234567893", "ZZ", "12345"]
    assert elements[9] in (f"{before:%y%m%d}", f"{after:%y%m%d}")
    assert elements[11:] == ["^", "00501", "000000001", "0", "P", ":"]
    assert gs.split("*")[1:4] == ["HS", "1234567893", "12345"]
    assert gs.split("*")[6:] == ["1", "X", "005010X279A1"]


def test_every_option_has_its_place() -> None:
    data = inquiry().to_x12(
        sender="SUBMITTER",
        receiver="RECEIVER",
        sender_qualifier="30",
        receiver_qualifier="01",
        application_sender="APP1",
        application_receiver="APP2",
        control_number=77,
        group_control_number=5,
        usage="T",
        acknowledgment_requested=True,
        at=AT,
        line_end="\r\n",
    )
    assert data.startswith(
        b"ISA*00*          *00*          *30*SUBMITTER      *01*RECEIVER       "
        b"*261121*0900*^*00501*000000077*1*T*:~\r\n"
        b"GS*HS*APP1*APP2*20261121*0900*5*X*005010X279A1~\r\nST*270*0001*005010X279A1~\r\n"
    )
    assert data.endswith(b"SE*11*0001~\r\nGE*1*5~\r\nIEA*1*000000077~\r\n")
    assert x271.validate(data).findings == ()


def test_counts_and_levels_are_right() -> None:
    data = to_x12([about_baby(), inquiry(), about_baby()], at=AT)
    assert segments(data, "HL") == [
        "HL*1**20*1",
        "HL*2*1*21*1",
        "HL*3*2*22*1",
        "HL*4*3*23*0",
        "HL*5*2*22*0",
        "HL*6*2*22*1",
        "HL*7*6*23*0",
    ]
    count = len(segments(data)) - 4  # ISA, GS, GE, IEA
    assert segments(data, "SE", "GE", "IEA") == [f"SE*{count}*0001", "GE*1*1", "IEA*1*000000001"]


def test_payers_and_providers_side_by_side_are_shared() -> None:
    other = {"payer": Payer(name="OTHER", identifier="99")}
    data = to_x12([inquiry(), inquiry(), inquiry(**other), inquiry()], at=AT)
    names = [one.split("*")[1] for one in segments(data, "NM1")]
    assert names == ["PR", "1P", "IL", "IL", "PR", "1P", "IL", "PR", "1P", "IL"]
    assert [one.payer.identifier for one in x271.parse(data).inquiries()] == ["12345", "12345", "99", "12345"]


def test_a_transaction_set_has_up_to_99_patients() -> None:
    made = [about_jane(member_id=f"W{number:03}") for number in range(200)]
    data = to_x12(made, at=AT)
    assert [one.split("*")[2] for one in segments(data, "ST")] == ["0001", "0002", "0003"]
    assert segments(data, "GE") == ["GE*3*1"]
    assert [len(list(inquiries_of(one))) for one in x271.parse(data).questions()] == [99, 99, 2]
    assert list(x271.parse(data).inquiries()) == made
    assert x271.validate(data).findings == ()


def test_a_family_is_not_torn_apart() -> None:
    family = inquiry(dependents=(Dependent(**BABY),) * 60)
    data = to_x12([family, family], at=AT)
    assert [len(list(inquiries_of(one))) for one in x271.parse(data).questions()] == [1, 1]


def test_another_reference_or_purpose_begins_another_transaction_set() -> None:
    made = [
        inquiry(reference="R1"),
        inquiry(reference="R1"),
        inquiry(reference="R2"),
        inquiry(reference="R2", cancels=True),
        inquiry(spend_down=True),
    ]
    data = to_x12(made, at=AT)
    assert segments(data, "BHT") == [
        "BHT*0022*13*R1*20261121*0900",
        "BHT*0022*13*R2*20261121*0900",
        "BHT*0022*01*R2*20261121*0900",
        "BHT*0022*13**20261121*0900*RT",
    ]
    assert list(x271.parse(data).inquiries()) == made


def test_a_trace_number_without_an_originator_has_the_senders() -> None:
    made = about_jane(traces=(TraceNumber(number="T1"), TraceNumber(number="T2", originator="1123456789")))
    assert segments(made.to_x12(at=AT, sender="RIVERBEND-HUB"), "TRN") == [
        "TRN*1*T1*9RIVERBEND",
        "TRN*1*T2*1123456789",
    ]
    assert segments(made.to_x12(at=AT, sender="R-1"), "TRN")[0] == "TRN*1*T1*9R10000000"


def test_who_asks_nothing_in_particular_asks_in_general() -> None:
    assert inquiry().subscriber.services == (Service(service_types=("30",)),)
    assert about_baby().dependents[0].services == (Service(service_types=("30",)),)
    assert about_baby().subscriber.services == ()
    assert list(about_baby().patients()) == ["dependents[0]"]


def test_subscriber_and_dependents_may_be_asked_about_together() -> None:
    asked = Subscriber(**JANE, services=(Service(service_types=("98",)),))
    made = inquiry(subscriber=asked, dependents=(Dependent(**BABY),))
    assert list(made.patients()) == ["subscriber", "dependents[0]"]
    data = made.to_x12(at=AT, batch=True)
    assert segments(data, "EQ") == ["EQ*98", "EQ*30"]
    assert x271.validate(data).findings == ()


def test_everything_about_a_patient_stands_in_the_guides_order() -> None:
    made = about_jane(
        references=(Reference(qualifier="6P", value="GRP1"),),
        address=Address(line_1="1 Oak St", city="Reno", state="nv", postal_code="89501-1234"),
        birth_sequence=2,
        diagnoses=(Diagnosis(code="m54.16"), Diagnosis(code="8901", version="ICD-9")),
        date_of_service="2026-11-20/2026-11-22",
        card_issued="2026-01-01",
        services=(
            Service(
                procedure=Procedure(code="72148", modifiers=("26", "59")),
                diagnosis_pointers=(1, 2),
                spend_down="37.50",
                billed=450,
                place_of_service="22",
                reference=Reference(qualifier="9F", value="REFERRAL-1"),
                date_of_service="2026-11-21",
            ),
        ),
    )
    data = made.to_x12(at=AT)
    assert segments(data)[9:-3] == [
        "NM1*IL*1*DOE*JANE****MI*W100",
        "REF*6P*GRP1",
        "N3*1 OAK ST",
        "N4*RENO*NV*895011234",
        "DMG*D8*19800101*F",
        "INS*Y*18***************2",
        "HI*ABK:M5416*BF:8901",
        "DTP*102*D8*20260101",
        "DTP*291*RD8*20261120-20261122",
        "EQ**HC:72148:26:59***1:2",
        "AMT*R*37.50",
        "AMT*PB*450",
        "III*ZZ*22",
        "REF*9F*REFERRAL-1",
        "DTP*291*D8*20261121",
    ]
    assert x271.validate(data).findings == ()


def test_a_range_of_one_day_is_sent_as_that_day() -> None:
    made = about_jane(date_of_service=Period(begin="2026-11-21", end="2026-11-21"))
    assert segments(made.to_x12(at=AT), "DTP") == ["DTP*291*D8*20261121"]


def test_an_empty_address_is_no_address() -> None:
    assert segments(about_jane(address=Address()).to_x12(at=AT), "N3", "N4") == []


def test_a_person_is_one_who_has_a_first_name() -> None:
    person = Provider(name="JONES", first_name="CAMERON", identifier="1234567893")
    assert (
        segments(inquiry(provider=person).to_x12(at=AT), "NM1")[1]
        == "NM1*1P*1*JONES*CAMERON****XX*1234567893"
    )
    only = Provider(name="JONES", is_person=True, identifier="1234567893")
    assert segments(inquiry(provider=only).to_x12(at=AT), "NM1")[1] == "NM1*1P*1*JONES*****XX*1234567893"


@pytest.mark.parametrize("given", [[], [x271], "", [inquiry(), None]])
def test_without_inquiries_there_is_no_interchange(given: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        to_x12(given)
    assert caught.value.code == "BAD_OPTION"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("sender", 17),
        ("usage", object()),
        ("group_control_number", "x"),
        ("line_end", "~"),
        ("acknowledgment_requested", "?"),
        ("at", "now"),
        ("delimiters", "*^:~"),
        ("names", [1]),
        ("sendr", "SUBMITTER"),
    ],
)
def test_an_option_of_a_wrong_type_is_refused_by_its_name(option: str, value: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        inquiry().to_x12(**{option: value})
    assert caught.value.code == "BAD_OPTION"
    assert caught.value.position is not None
    assert caught.value.position.key == option


@pytest.mark.parametrize(("text", "day"), [("20261121", "2026-11-21"), (" 2026-11-21 ", "2026-11-21")])
def test_a_date_may_be_text(text: str, day: str) -> None:
    assert about_jane(birth_date=text).subscriber.birth_date == Period.model_validate(day).begin


@pytest.mark.parametrize("value", [20261121, "11/21/2026", "2026-02-30", b"20261121", ""])
def test_a_date_is_never_guessed(value: Any) -> None:
    with pytest.raises(ValueError, match="birth_date") as caught:
        about_jane(birth_date=value)
    assert "2026" not in str(caught.value)


def test_a_moment_is_taken_for_its_day() -> None:
    assert about_jane(date_of_service=AT).subscriber.date_of_service == Period(begin=AT.date())
    assert about_jane(birth_date=AT).subscriber.birth_date == AT.date()


# --- reading


def test_a_question_that_was_sent_by_others_is_read_field_by_field() -> None:
    (read,) = x271.parse(FIXTURES / "questions" / "dependent.270").inquiries()
    (child,) = read.dependents
    assert (read.payer.identifier, read.provider.is_person, read.reference) == ("NSH01", True, "RBEC0102")
    assert read.subscriber.member_id == "NSH000000006"
    assert read.subscriber.services == ()
    assert (child.suffix, child.relationship, child.birth_sequence) == ("JR", "19", 2)
    assert [one.division for one in child.traces] == ["", "ROUTE 1"]
    assert [one.service_types for one in child.services] == [("30",), ("MH",)]
    assert child.services[1].place_of_service == "11"
    assert child.services[1].reference == Reference(qualifier="G1", value="AUTH-0102")
    assert child.services[1].date_of_service == Period(begin="2026-11-30")
    assert child.date_of_service == Period(begin="2026-11-21")


def test_a_cancellation_is_read_as_one() -> None:
    found = list(x271.parse(FIXTURES / "questions" / "batch-of-two.270").inquiries())
    assert [one.cancels for one in found] == [False, False, True]
    assert [len(one.dependents) for one in found] == [0, 1, 0]


def test_a_question_that_asks_nothing_is_read_so_and_not_sent() -> None:
    data = (FIXTURES / "questions" / "batch-of-two.270").read_bytes().replace(b"EQ*30~\r\n", b"")
    first = next(x271.parse(data).inquiries())
    assert first.subscriber.services == ()
    assert [one.code for one in first.check(at=AT.date()).problems] == ["MISSING_ELEMENT"]


def test_levels_without_a_parent_give_inquiries_that_may_not_be_sent() -> None:
    data = (FIXTURES / "questions" / "dependent.270").read_bytes()
    for level in (b"HL*1**20*1~", b"HL*2*1*21*1~", b"HL*3*2*22*1~"):
        start = data.index(level)
        found = list(x271.parse(data[:start] + data[data.index(b"HL*", start + 3) :]).inquiries())
        assert any(one.first_name == "JAMIE" for made in found for one in made.dependents), level
        assert not any(one.check(at=AT.date()).valid for one in found), level


def test_an_answer_asks_nothing() -> None:
    assert list(x271.parse(FIXTURES / "archive" / "active-ppo.271").inquiries()) == []


def test_a_repr_shows_how_many_and_nothing_else() -> None:
    made = inquiry(dependents=(Dependent(**BABY),) * 2, cancels=True)
    assert repr(made) == "Inquiry(patients=2, dependents=2, services=2, cancels=True)"
    for part in (made.subscriber, made.payer, made.provider, made.dependents[0], made.subscriber.services):
        assert not any(text in repr(part) for text in ("DOE", "W100", "1980", "12345", "30"))


def test_an_inquiry_is_a_value() -> None:
    assert inquiry() == inquiry()
    assert Inquiry.model_validate(inquiry().model_dump()) == inquiry()
    with pytest.raises(ValueError, match="frozen"):
        inquiry().reference = "X"  # type: ignore[misc]


def test_levels_without_a_name_are_read_as_far_as_they_go() -> None:
    data = (FIXTURES / "questions" / "dependent.270").read_bytes()
    for name in (b"NM1*PR*", b"NM1*1P*", b"NM1*IL*", b"NM1*03*"):
        start = data.index(name)
        cut = data[:start] + data[data.index(b"~", start) + 1 :]
        (read,) = x271.parse(cut).inquiries()
        assert not read.check(at=AT.date()).valid, name


def test_only_what_its_qualifier_says_is_read_as_such() -> None:
    data = (FIXTURES / "questions" / "dependent.270").read_bytes()
    odd = data.replace(b"DTP*291*D8*20261121~", b"DTP*307*D8*20261121~DTP*291*D8*2026~").replace(
        b"III*ZZ*", b"III*NI*"
    )
    (read,) = x271.parse(odd).inquiries()
    assert read.dependents[0].date_of_service is None
    assert read.dependents[0].services[1].place_of_service == ""


def test_diagnoses_keep_their_numbers_when_one_is_left_out() -> None:
    data = (FIXTURES / "questions" / "procedure.270").read_bytes()
    (read,) = x271.parse(data.replace(b"*ABF:M5136*", b"**")).inquiries()
    assert [one.code for one in read.subscriber.diagnoses] == ["M5416", "", "Z9889"]
    assert ("MISSING_ELEMENT", "subscriber.diagnoses[1].code") in [
        (one.code, one.field) for one in read.check(at=AT.date()).problems
    ]


def test_nothing_is_empty_text_and_a_period_is_made_of_its_parts_too() -> None:
    assert about_jane(middle_name=None, gender=None).subscriber.gender == ""
    assert Period.model_validate({"begin": "2026-11-21"}) == Period(begin=AT.date())
    for half, part in (("2026-11-21/", "end"), ("/2026-11-21", "begin")):
        with pytest.raises(ValueError, match=part):
            Period.model_validate(half)
