"""Four vendors' requests become inquiries: the specification's example 270s, and each field in its place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

import x271
from inquiries.vendors import (
    CONFIG,
    DAY,
    EXAMPLES,
    MODELS,
    VENDORS,
    Vendor,
    ask,
    example,
    problems,
    segments,
    user,
)
from x271.inquiries import Subscriber, integrex, verifytreatment, vsee

CONTROL_NUMBER = "123456789"

# --- the four examples


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_example_270_is_what_is_written_of_the_request(vendor: Vendor) -> None:
    asked = ask(vendor, example(vendor)).model_copy(update={"reference": CONTROL_NUMBER})
    written = asked.to_x12(
        sender="SUBMITTER",
        receiver="RECEIVER",
        control_number=CONTROL_NUMBER,
        group_control_number=1,
        at=datetime(2026, 11, 21, 9, 0),  # noqa: DTZ001 - local time, as an ISA has it
        line_end="\n",
    )
    assert written == EXAMPLES[vendor]


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_written_is_valid(vendor: Vendor) -> None:
    written = ask(vendor, example(vendor)).to_x12(sender="SUBMITTER", receiver="RECEIVER")
    assert x271.validate(written).findings == ()


# --- VSee

SELF = user(
    insurance__patient__respparty="self", insurance__guarantor_name=None, insurance__guarantor_dob=None
)


def test_a_user_who_holds_the_plan_is_the_subscriber() -> None:
    assert segments(ask("vsee", SELF))[4:] == [
        "HL*3*2*22*0",
        "TRN*1*000000002*9SUBMITTER",
        "NM1*IL*1*VSEE*EDWARD****MI*234234",
        "REF*6P*ASDASD",
        "DMG*D8*20160101*M",
        "DTP*291*D8*20261121",
        "EQ*30",
    ]


def test_an_address_is_that_of_whoever_holds_the_plan() -> None:
    lives = {"street_addr": "2868 Tully Street", "city": "Detroit", "state": "MI", "zip": "48226"}
    guarantor = {"address": "1 Main St", "city": "Reno", "state": "NV", "zip": "89501"}
    given = user(**lives, **{f"insurance__guarantor_{name}": value for name, value in guarantor.items()})
    written = segments(ask("vsee", given))
    assert written.index("N3*1 MAIN ST") < written.index("N4*RENO*NV*89501") < written.index("HL*4*3*23*0")
    assert not any("TULLY" in one for one in written)
    given["data"]["insurance"]["patient"]["respparty"] = "self"
    written = segments(ask("vsee", given))
    assert "N3*2868 TULLY STREET" in written
    assert "N4*DETROIT*MI*48226" in written


@pytest.mark.parametrize(
    ("word", "relationship"),
    [("spouse", "INS*N*01"), ("child", "INS*N*19"), ("Child", "INS*N*19"), ("other", None)],
)
def test_the_relation_to_the_insured_is_sent_if_a_270_has_a_code(word: str, relationship: str | None) -> None:
    found = [one for one in segments(ask("vsee", user(insurance__patient__respparty=word))) if "INS" in one]
    assert found == ([relationship] if relationship else [])


@pytest.mark.parametrize(
    ("gender", "sent"),
    [(1, "*M"), (2, "*F"), ("1", "*M"), ("male", "*M"), ("Female", "*F"), ("other", ""), (0, ""), ("", "")],
)
def test_vsees_gender_is_a_number_or_a_word(gender: Any, sent: str) -> None:
    assert f"DMG*D8*20160101{sent}" in segments(ask("vsee", user(gender=gender)))


@pytest.mark.parametrize(
    ("name", "sent"), [("Parent VSee", "VSEE*PARENT"), ("Anna Maria  VSee", "VSEE*ANNA MARIA")]
)
def test_what_follows_the_last_space_is_the_guarantors_last_name(name: str, sent: str) -> None:
    assert f"NM1*IL*1*{sent}****MI*234234" in segments(ask("vsee", user(insurance__guarantor_name=name)))


def test_the_fields_of_post_me_are_read_as_those_of_the_record() -> None:
    plain = user()
    insurance = plain["data"]["insurance"]
    insurance |= {f"primary_{name}": value for name, value in insurance.pop("primary").items()}
    insurance["respparty"] = insurance.pop("patient")["respparty"]
    assert ask("vsee", plain) == ask("vsee", user())
    assert ask("vsee", plain["data"]) == ask("vsee", {"data": [plain["data"]]}) == ask("vsee", user())


def test_the_secondary_insurance_is_asked_about_on_its_own() -> None:
    secondary = {"carrier_code": "vtx_01", "group_number": "G2", "subscriber_num": "S2"}
    asked = vsee.inquiry(user(insurance__secondary=secondary), config=CONFIG, which="secondary")
    assert (asked.payer.identifier, asked.payer.name) == ("VTX01", "VTX Payer")
    assert asked.subscriber.member_id == "S2"
    assert [one.value for one in asked.subscriber.references] == ["G2"]
    with pytest.raises(x271.UsageError, match="key which"):
        vsee.inquiry(user(), config=CONFIG, which="tertiary")  # type: ignore[arg-type]


def test_without_a_date_a_check_is_for_today() -> None:
    for asked in (
        vsee.inquiry(SELF, config=CONFIG),
        verifytreatment.inquiry(example("verifytreatment"), config=CONFIG),
    ):
        assert asked.subscriber.date_of_service is not None
        assert abs((asked.subscriber.date_of_service.begin - date.today()).days) <= 1  # noqa: DTZ011


# --- Integrex


def test_a_subscriber_of_another_name_or_birth_date_has_the_patient_as_dependent() -> None:
    holder = {
        "subscriberFirstName": "John",
        "subscriberLastName": "Doe",
        "subscriberDob": "1979-12-31",
        "subscriberSsn": "987654321",
        "subscriberGender": "M",
    }
    assert segments(ask("integrex", example("integrex", **holder)))[4:] == [
        "HL*3*2*22*1",
        "NM1*IL*1*DOE*JOHN****MI*W100",
        "REF*EJ*ACCT1",
        "REF*SY*987654321",
        "DMG*D8*19791231*M",
        "HL*4*3*23*0",
        "TRN*1*000000001*9SUBMITTER",
        "NM1*03*1*DOE*JANE",
        "REF*SY*123456789",
        "DMG*D8*19800101*F",
        "DTP*291*RD8*20261120-20261122",
        "EQ*30",
    ]


@pytest.mark.parametrize(
    ("changes", "is_dependent"),
    [
        ({}, False),
        ({"subscriberFirstName": "JANE", "subscriberLastName": "doe", "subscriberDob": "1980-01-01"}, False),
        ({"subscriberGender": "M", "subscriberSsn": "1"}, False),
        ({"subscriberFirstName": "John"}, True),
        ({"subscriberLastName": "Roe"}, True),
        ({"subscriberDob": "1980-01-02"}, True),
    ],
)
def test_only_a_name_or_birth_date_that_differs_makes_two_people(
    changes: dict[str, str], is_dependent: bool
) -> None:
    made = integrex.draft(example("integrex", **changes), config=CONFIG)
    assert (made.patient != "subscriber") is is_dependent


def test_what_the_patient_lacks_is_the_subscribers_if_they_are_one() -> None:
    given = {name.replace("patient", "subscriber"): value for name, value in example("integrex").items()}
    assert segments(ask("integrex", given)) == segments(ask("integrex", example("integrex")))


def test_both_spellings_of_a_date_are_read() -> None:
    given = example("integrex")
    for name in ("patientDob", "beginDos", "endDos"):
        given[name.replace("Dob", "DOB").replace("Dos", "DOS")] = given.pop(name)
    assert ask("integrex", given) == ask("integrex", example("integrex"))


def test_one_day_is_no_range_and_30_is_asked_about_by_default() -> None:
    written = segments(ask("integrex", example("integrex", endDos="2026-11-20", serviceType=None)))
    assert written[-2:] == ["DTP*291*D8*20261120", "EQ*30"]
    assert "EQ*98" in segments(ask("integrex", example("integrex", serviceType="98")))


# --- VerifyTreatment


@pytest.mark.parametrize("born", ["01/02/1990", "1/2/1990", "1990-01-02", "19900102"])
def test_both_forms_of_a_birth_date_are_read(born: str) -> None:
    given = example("verifytreatment", date_of_birth=born)
    assert "DMG*D8*19900102*M" in segments(ask("verifytreatment", given))


@pytest.mark.parametrize("relation", ["SR01", "SR02", "SR03", "SR04", "SR05"])
def test_a_client_without_a_known_subscriber_is_asked_about_by_its_own_member_id(relation: str) -> None:
    plain = segments(ask("verifytreatment", example("verifytreatment")))
    assert segments(ask("verifytreatment", example("verifytreatment", subscriber_relation=relation))) == plain


@pytest.mark.parametrize(
    ("relation", "sent"),
    [("SR02", ["INS*N*01"]), ("SR03", ["INS*N*19"]), ("SR04", []), ("SR05", ["INS*N*34"])],
)
def test_a_client_of_a_known_subscriber_is_its_dependent(relation: str, sent: list[str]) -> None:
    holder = Subscriber(last_name="Doe", first_name="Pat", birth_date=date(1960, 5, 5))
    given = example("verifytreatment", subscriber_relation=relation)
    asked = verifytreatment.inquiry(given, config=CONFIG, subscriber=holder, date_of_service=DAY)
    assert segments(asked)[4:] == [
        "HL*3*2*22*1",
        "NM1*IL*1*DOE*PAT****MI*W300",
        "DMG*D8*19600505",
        "HL*4*3*23*0",
        "TRN*1*000000003*9SUBMITTER",
        "NM1*03*1*DOE*SAM",
        "DMG*D8*19900101*M",
        *sent,
        "DTP*291*D8*20261121",
        "EQ*30^AI^MH",
    ]


def test_further_fields_of_a_vob_have_their_places() -> None:
    more = {"group_number": "G1", "ssn": "123456789", "place_of_service": "11", "payer_name": "Other"}
    written = segments(ask("verifytreatment", example("verifytreatment", **more)))
    assert "NM1*PR*2*OTHER*****PI*VTX01" in written
    assert written[6:9] == ["NM1*IL*1*DOE*SAM****MI*W300", "REF*6P*G1", "REF*SY*123456789"]
    assert written[-1] == "III*ZZ*11"


# --- Change Healthcare


def request(**changes: Any) -> dict[str, Any]:
    return example("changehealthcare", **changes)


@pytest.mark.parametrize("none", [[], None])
def test_without_dependents_the_subscriber_is_the_patient(none: Any) -> None:
    assert segments(ask("changehealthcare", request(dependents=none)))[5:] == [
        "HL*3*2*22*0",
        "TRN*1*123456789*9SUBMITTER",
        "NM1*IL*1*DOEONE*JOHNONE****MI*0000000000",
        "REF*SY*000000000",
        "REF*HJ*CARD123",
        "DMG*D8*18800102*M",
        "DTP*291*RD8*20100101-20100102",
        "EQ*98",
    ]


def test_names_may_begin_with_a_capital_letter_as_the_documentation_has_them() -> None:
    def capital(node: Any) -> Any:
        if isinstance(node, dict):
            return {name[:1].upper() + name[1:]: capital(value) for name, value in node.items()}
        return [capital(one) for one in node] if isinstance(node, list) else node

    assert ask("changehealthcare", capital(request())) == ask("changehealthcare", request())


def test_a_small_first_letter_goes_before_a_capital_one() -> None:
    given = {**request(), "ControlNumber": "9"}
    assert ask("changehealthcare", given).reference == "123456789"


def test_a_person_may_ask_instead_of_an_organization() -> None:
    provider = {"lastName": "Jones", "firstName": "Cameron", "npi": "1234567893"}
    written = segments(ask("changehealthcare", request(Provider=provider)))
    assert "NM1*1P*1*JONES*CAMERON****XX*1234567893" in written
    both = {**provider, "organizationName": "Clinic"}
    assert "NM1*1P*2*CLINIC*****XX*1234567893" in segments(ask("changehealthcare", request(Provider=both)))


def test_a_service_provider_number_stands_for_a_missing_npi() -> None:
    provider = {"organizationName": "Clinic", "serviceProviderNumber": "54321"}
    assert "NM1*1P*2*CLINIC*****SV*54321" in segments(ask("changehealthcare", request(Provider=provider)))


def test_a_request_without_a_provider_has_the_configurations() -> None:
    written = segments(ask("changehealthcare", request(Provider=None)))
    assert "NM1*1P*2*CLINIC*****XX*1234567893" in written
    assert sorted(problems("changehealthcare", request(Provider=None), None)) == [
        "MISSING_ELEMENT provider.npi",
        "MISSING_ELEMENT provider.organizationName",
    ]


def test_a_date_of_service_is_a_single_day() -> None:
    written = segments(ask("changehealthcare", request(encounter={"dateOfService": "20261120"})))
    assert written[-2:] == ["DTP*291*D8*20261120", "EQ*30"]


def test_without_an_encounter_the_plan_is_asked_about_in_general() -> None:
    assert segments(ask("changehealthcare", request(encounter=None)))[-1] == "EQ*30"


def test_a_procedure_is_asked_about_beside_the_service_types() -> None:
    both = {
        "serviceTypeCodes": ["98", "MH"],
        "procedureId": "99213",
        "procedureModifiers": ["25"],
        "industryCode": "11",
    }
    written = segments(ask("changehealthcare", request(encounter=both)))
    assert written[-4:] == ["EQ*98^MH", "III*ZZ*11", "EQ**HC:99213:25", "III*ZZ*11"]
    alone = {"procedureCode": "D0120", "productOrServiceIDQualifier": "AD"}
    assert segments(ask("changehealthcare", request(encounter=alone)))[-1] == "EQ**AD:D0120"


def test_further_fields_of_a_person_have_their_places() -> None:
    given = request(dependents=None)
    given["subscriber"] |= {
        "middleName": "Q",
        "suffix": "Jr",
        "groupNumber": "G1",
        "caseNumber": "C1",
        "birthSequenceNumber": "2",
        "medicaidRecipientIdentificationNumber": "M1",
        "patientAccountNumber": "A1",
        "address": {"address1": "1 Main St", "address2": "Apt 2", "city": "Reno", "state": "NV"},
    }
    given["subscriber"]["address"]["postalCode"] = "89501"
    assert segments(ask("changehealthcare", given))[7:] == [
        "NM1*IL*1*DOEONE*JOHNONE*Q**JR*MI*0000000000",
        "REF*6P*G1",
        "REF*SY*000000000",
        "REF*HJ*CARD123",
        "REF*3H*C1",
        "REF*NQ*M1",
        "REF*EJ*A1",
        "N3*1 MAIN ST*APT 2",
        "N4*RENO*NV*89501",
        "DMG*D8*18800102*M",
        "INS*Y*18***************2",
        "DTP*291*RD8*20100101-20100102",
        "EQ*98",
    ]


def test_a_dependents_relationship_is_sent_as_it_is() -> None:
    given = request(dependents=[{**request()["dependents"][0], "individualRelationshipCode": "01"}])
    assert "INS*N*01" in segments(ask("changehealthcare", given))


@pytest.mark.parametrize("number", ["123-45-6789", "123 45 6789", 123456789])
def test_of_a_social_security_number_the_digits_are_sent(number: Any) -> None:
    assert "REF*SY*123456789" in segments(ask("verifytreatment", example("verifytreatment", ssn=number)))
    assert "REF*SY*123456789" in segments(ask("integrex", example("integrex", patientSsn=number)))
    given = request()
    given["subscriber"]["ssn"] = number
    assert "REF*SY*123456789" in segments(ask("changehealthcare", given))


# --- all of them


@pytest.mark.parametrize("vendor", VENDORS)
def test_fields_that_nobody_documents_stay_and_change_nothing(vendor: Vendor) -> None:
    more = {**example(vendor), "their_own": {"field": [1, None]}}
    assert ask(vendor, more) == ask(vendor, example(vendor))
    read = MODELS[vendor].model_validate(more)
    assert read.their_own == {"field": [1, None]}
    assert read.model_dump(by_alias=True, exclude_unset=True)["their_own"] == {"field": [1, None]}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_typed_request_is_asked_about_like_a_dict(vendor: Vendor) -> None:
    given = user()["data"] if vendor == "vsee" else example(vendor)
    assert ask(vendor, MODELS[vendor].model_validate(given)) == ask(vendor, given)


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_repr_shows_what_a_request_says(vendor: Vendor) -> None:
    given = {
        "first_name": "Jane",
        "patientFirstName": "Jane",
        "subscriber": {"firstName": "Jane"},
        "x": "Jane",
    }
    made = MODELS[vendor].model_validate(given)
    assert "Jane" not in repr(made) + str(made)
    assert "Jane" not in repr(ask(vendor, example(vendor)))
