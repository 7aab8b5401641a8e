"""What speaks against a request is said at once, each with the vendor's own name of the field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from inquiries.vendors import CONFIG, MODELS, VENDORS, Vendor, ask, configured, example, problems, user
from x271.inquiries import changehealthcare, integrex, verifytreatment, vsee
from x271.inquiries.config import Clinic, PayerName
from x271.inquiries.draft import rows
from x271.inquiries.kinds import TAKES

EMPTY: dict[Vendor, list[str]] = {
    "vsee": [
        "MISSING_ELEMENT insurance.primary.carrier_code",
        "PROVIDER_NOT_CONFIGURED account_code",
        "MISSING_ELEMENT insurance.patient.respparty",
        "MISSING_FOR_SEARCH insurance.primary.subscriber_num",
        "MISSING_FOR_SEARCH first_name",
        "MISSING_FOR_SEARCH last_name",
        "MISSING_FOR_SEARCH dob",
    ],
    "integrex": [
        "MISSING_ELEMENT payerId",
        "MISSING_ELEMENT billingProviderNpi",
        "PROVIDER_NOT_CONFIGURED billingProviderNpi",
        "MISSING_FOR_SEARCH sub.MemberID",
        "MISSING_FOR_SEARCH subscriberFirstName",
        "MISSING_FOR_SEARCH subscriberLastName",
        "MISSING_FOR_SEARCH subscriberDob",
    ],
    "verifytreatment": [
        "MISSING_ELEMENT payer_id",
        "PROVIDER_NOT_CONFIGURED facility",
        "MISSING_FOR_SEARCH member_id",
        "MISSING_FOR_SEARCH first_name",
        "MISSING_FOR_SEARCH last_name",
        "MISSING_FOR_SEARCH date_of_birth",
    ],
    "changehealthcare": [
        "BAD_CONTROL_NUMBER controlNumber",
        "MISSING_ELEMENT tradingPartnerServiceId",
        "MISSING_ELEMENT provider.npi",
        "MISSING_ELEMENT provider.organizationName",
        "MISSING_FOR_SEARCH subscriber.memberId",
        "MISSING_FOR_SEARCH subscriber.firstName",
        "MISSING_FOR_SEARCH subscriber.lastName",
        "MISSING_FOR_SEARCH subscriber.dateOfBirth",
    ],
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_empty_request_says_everything_that_it_lacks(vendor: Vendor) -> None:
    assert sorted(problems(vendor, {}, None)) == sorted(EMPTY[vendor])


@pytest.mark.parametrize(
    ("vendor", "changes", "said"),
    [
        ("vsee", {"data__dob": "2016-02-30", "data__gender": "robot", "data__zip": 7, "data__city": "Reno",
                  "data__insurance__primary__carrier_code": "car1", "data__insurance__guarantor_dob": "soon"},
         ["PAYER_NOT_CONFIGURED insurance.primary.carrier_code", "UNREADABLE_DATE insurance.guarantor_dob",
          "UNREADABLE_DATE dob", "UNKNOWN_WORD gender"]),
        ("vsee", {"data__insurance__patient__respparty": "cousin"}, ["UNKNOWN_WORD insurance.patient.respparty"]),
        ("vsee", {"data__insurance__primary": "car7556", "data__insurance__primary_carrier_code": "car7556"},
         ["UNREADABLE_VALUE insurance.primary"]),
        ("vsee", {"data__first_name": ["Edward"], "data__last_name": True},
         ["UNREADABLE_VALUE first_name", "UNREADABLE_VALUE last_name"]),
        ("vsee", {"data__insurance__guarantor_state": "Nevada", "data__insurance__guarantor_city": "Reno",
                  "data__insurance__guarantor_zip": "89501"},
         ["TOO_LONG insurance.guarantor_state"]),
        ("vsee", {"data__insurance__guarantor_city": "Reno"}, ["REQUIRED_BY_ELEMENT insurance.guarantor_state"]),
        ("integrex", {"billingProviderNpi": "1234567890", "patientDob": "1.1.1980"},
         ["BAD_NPI billingProviderNpi", "PROVIDER_NOT_CONFIGURED billingProviderNpi", "UNREADABLE_DATE patientDob"]),
        ("integrex", {"endDos": "2026-11-01"}, ["DATES_REVERSED beginDos"]),
        ("integrex", {"beginDos": None}, ["MISSING_ELEMENT beginDos"]),
        ("integrex", {"serviceType": "ZZZ", "subscriberGender": "Q"},
         ["CODE_NOT_ALLOWED serviceType", "UNKNOWN_WORD subscriberGender"]),
        ("verifytreatment", {"payer_id": "vtx_9", "facility": "F9"},
         ["PAYER_NOT_CONFIGURED payer_id", "PROVIDER_NOT_CONFIGURED facility"]),
        ("verifytreatment", {"subscriber_relation": "SR06"}, ["UNKNOWN_WORD subscriber_relation"]),
        ("changehealthcare", {"controlNumber": "12345678"}, ["BAD_CONTROL_NUMBER controlNumber"]),
        ("changehealthcare", {"controlNumber": 123456789}, []),
        ("changehealthcare", {"Provider__npi": "0123456789"}, ["BAD_NPI provider.npi"]),
        ("changehealthcare", {"Provider__providerCode": None}, ["MISSING_ELEMENT provider.providerCode"]),
        ("changehealthcare", {"dependents": [{"firstName": "A"}, {"firstName": "B"}]},
         ["TOO_MANY_PATIENTS dependents", "MISSING_FOR_SEARCH dependents[0].lastName",
          "MISSING_FOR_SEARCH dependents[0].dateOfBirth"]),
        ("changehealthcare", {"dependents": "none"}, ["UNREADABLE_VALUE dependents"]),
        ("changehealthcare", {"subscriber__birthSequenceNumber": "first"},
         ["UNREADABLE_VALUE subscriber.birthSequenceNumber"]),
        ("changehealthcare", {"encounter__procedureModifiers": ["25"]},
         ["MISSING_ELEMENT encounter.procedureId"]),
        ("changehealthcare", {"encounter__priorAuthorizationOrReferralNumber": "A1"},
         ["MISSING_ELEMENT encounter.referenceIdentificationQualifier"]),
        ("changehealthcare", {"dependents__0__individualRelationshipCode": "G8"},
         ["CODE_NOT_ALLOWED dependents[0].individualRelationshipCode"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_vendors_words(
    vendor: Vendor, changes: dict[str, Any], said: list[str]
) -> None:
    assert sorted(problems(vendor, example(vendor, **changes))) == sorted(said)


def test_a_problem_names_the_field_of_post_me_if_that_was_sent() -> None:
    sent = user(insurance__primary=None, insurance__primary_carrier_code="car1")
    assert "PAYER_NOT_CONFIGURED insurance.primary_carrier_code" in problems("vsee", sent)


def test_no_message_shows_what_a_request_says() -> None:
    given = user(dob="19771231x", gender="Confidential", first_name="Secretname", zip="77777")
    with pytest.raises(x271.InvalidInquiry) as caught:
        ask("vsee", given)
    for word in ("19771231", "Confidential", "Secretname", "77777"):
        assert word.lower() not in str(caught.value).lower()
        assert word.lower() not in str(caught.value.problems).lower()
    assert caught.value.__context__ is None


def test_what_the_vendor_requires_and_a_270_does_not_is_no_problem() -> None:
    found = vsee.draft(user(insurance__patient__respparty="self"), config=CONFIG).check().findings
    assert {one.field for one in found if one.code == "REQUIRED_BY_VENDOR"} == {
        "street_addr",
        "city",
        "state",
        "zip",
    }
    found = vsee.draft(user(insurance__guarantor_name=None, gender=None), config=CONFIG).check().findings
    assert sorted(one.field for one in found if one.code == "REQUIRED_BY_VENDOR") == [
        "gender",
        "insurance.guarantor_address",
        "insurance.guarantor_city",
        "insurance.guarantor_name",
        "insurance.guarantor_state",
        "insurance.guarantor_zip",
    ]


# --- the configuration


def test_a_facility_that_is_not_configured_is_not_the_default_one() -> None:
    default = example("verifytreatment", facility="ACCOUNT_DEFAULT")
    assert ask("verifytreatment", default).provider.name == "Clinic"
    assert ask("verifytreatment", example("verifytreatment", facility=None)).provider.name == "Clinic"
    assert problems("verifytreatment", example("verifytreatment", facility="F9")) != []
    alone = configured(facilities={})
    assert ask("verifytreatment", example("verifytreatment", facility="F9"), alone).provider.name == "Clinic"


def test_a_clinic_without_npi_says_so_with_the_configurations_word() -> None:
    bare = {"provider": {"name": "Clinic"}, "payers": {"vtx_01": "VTX01"}}
    assert problems("verifytreatment", example("verifytreatment"), bare) == ["MISSING_ELEMENT [provider] npi"]


def test_an_npi_finds_its_clinic_wherever_it_is_configured() -> None:
    other = "2999000013"
    elsewhere = configured(provider=None)
    assert ask("integrex", example("integrex"), elsewhere).provider.first_name == "Cameron"
    named = {"facilities": {other: {"name": "Other"}}}
    asked = ask("integrex", example("integrex", billingProviderNpi=other), named)
    assert (asked.provider.name, asked.provider.identifier) == ("Other", other)
    nameless = {"provider": {"name": "Whoever"}}
    assert ask("integrex", example("integrex", billingProviderNpi=other), nameless).provider.name == "Whoever"
    assert ask("integrex", example("integrex", billingProviderNpi=None)).provider.identifier == "1234567893"


def test_a_payer_is_its_own_unless_it_is_configured() -> None:
    assert ask("integrex", example("integrex")).payer.identifier == "12345"
    mapped = configured(
        payers={"12345": PayerName(identifier="99999", name="Other"), "UHC": PayerName(identifier="87726")}
    )
    asked = ask("integrex", example("integrex", payerName=None), mapped)
    assert (asked.payer.identifier, asked.payer.name) == ("99999", "Other")
    assert ask("changehealthcare", example("changehealthcare"), mapped).payer.identifier == "87726"


def test_a_clinics_role_taxonomy_and_services_are_asked_with() -> None:
    clinic = Clinic(
        name="C",
        npi="1234567893",
        entity="FA",
        role="BI",
        taxonomy="207Q00000X",
        service_types=("MH",),
    )
    asked = ask("verifytreatment", example("verifytreatment"), configured(facilities={}, provider=clinic))
    assert asked.provider.entity == "FA"
    assert asked.provider.role is not None
    assert (asked.provider.role.role, asked.provider.role.identifier) == ("BI", "207Q00000X")
    assert asked.subscriber.services[0].service_types == ("MH",)


def test_a_configured_originator_stands_in_the_trace_number() -> None:
    submitter = {"sender": "S", "receiver": "R", "trace_originator": "9CLEARING1"}
    made = {
        "submitter": submitter,
        "provider": {"name": "C", "npi": "1234567893"},
        "payers": {"vtx_01": "V1"},
    }
    (trace,) = ask("verifytreatment", example("verifytreatment"), made).subscriber.traces
    assert trace.originator == "9CLEARING1"


# --- the tables


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_row_names_a_field_that_is_documented_and_a_kind_that_is_known(vendor: Vendor) -> None:
    for row in rows(vendor):
        assert row["kind"] in TAKES
        assert row["when"] in ("", "self", "other")
        assert row["place"]
        for name in row["field"].format(which="primary").split("|"):
            assert documented(MODELS[vendor], name), name


def documented(model: Any, name: str) -> bool:
    for field_name, field in model.model_fields.items():
        alias = field.serialization_alias or field_name
        if alias == name:
            return True
        inner = field.annotation
        for part in getattr(inner, "__args__", ()):
            inner = part if isinstance(part, type) else inner
        head, _, rest = name.partition(".")
        if head.removesuffix("[0]") == alias and rest and hasattr(inner, "model_fields"):
            return documented(inner, rest)
    return False


# --- whatever is given

_WORDS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ("1986-01-01", "20160101", "01/02/1990", "self", "child", "other", "SR04", "car7556", "vtx_01", "30", "M", "F",
         "1234567893", "VSee, Édouard*~^:", "123456789", "Jane Doe", "NV", "89501", "HC", "\ud800")
    ),
)  # fmt: skip


def _names(model: Any) -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        found.append(field.serialization_alias or name)
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if hasattr(part, "model_fields"):
                found += _names(part)
    return found


def _requests(vendor: Vendor) -> st.SearchStrategy[dict[str, Any]]:
    names = st.one_of(st.sampled_from(sorted(set(_names(MODELS[vendor])))), st.text(max_size=4))
    values = st.recursive(
        _WORDS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=8)),
        max_leaves=30,
    )
    return st.dictionaries(names, values, max_size=12)


def is_answered(vendor: Vendor, request: Any, configuration: Any) -> None:
    try:
        asked = ask(vendor, request, configuration)
        written = asked.to_x12(sender="SUBMITTER", receiver="RECEIVER")
    except x271.X271Error:
        return
    assert [one for one in x271.validate(written).findings if one.severity == "error"] == []


@pytest.mark.parametrize("vendor", VENDORS)
@given(data=st.data())
def test_any_request_is_an_inquiry_or_an_error_of_ours(vendor: Vendor, data: st.DataObject) -> None:
    request = data.draw(_requests(vendor))
    is_answered(vendor, request, data.draw(st.sampled_from((CONFIG, None))))


@pytest.mark.parametrize("vendor", VENDORS)
@given(data=st.data())
def test_an_example_with_anything_in_its_place_is_an_inquiry_or_an_error(
    vendor: Vendor, data: st.DataObject
) -> None:
    request = example(vendor)
    for _ in range(data.draw(st.integers(1, 4))):
        node: Any = request
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = data.draw(st.sampled_from(keys)) if keys else None
            if key is None or not isinstance(node[key], (dict, list)) or data.draw(st.booleans()):
                break
            node = node[key]
        if key is not None:
            node[key] = data.draw(st.one_of(_WORDS, _requests(vendor)))
    is_answered(vendor, request, CONFIG)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("request_", [None, 7, "text", ["a"], {1: 2}, b"{}", object()])
def test_what_is_no_object_is_refused(vendor: Vendor, request_: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        ask(vendor, request_)
    assert caught.value.code == "BAD_INPUT_TYPE"


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_request_nested_two_hundred_thousand_deep_is_refused_or_asked(vendor: Vendor) -> None:
    deep: Any = []
    for _ in range(200_000):
        deep = [deep]
    for name in (*example(vendor), "their_own"):
        is_answered(vendor, {**example(vendor), name: deep}, CONFIG)


def test_the_four_formats_are_the_four_modules() -> None:
    assert [
        one.__name__.rpartition(".")[2] for one in (vsee, integrex, verifytreatment, changehealthcare)
    ] == [*VENDORS]
