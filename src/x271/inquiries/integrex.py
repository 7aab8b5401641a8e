"""Integrex's insurance discovery: its [POST] request as an inquiry (seed 002, names as SPEC 3.2 restores them)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, Field

from . import config as configuration
from .draft import Draft
from .inquiry import Inquiry
from .requests import Day, Request, Text, read


class Discovery(Request):
    """The body of the POST. `patientDOB`, as the GET spells it, is read, too."""

    patient_dob: Day = Field(
        None, validation_alias=AliasChoices("patientDob", "patientDOB"), serialization_alias="patientDob"
    )
    patient_first_name: Text = Field("", alias="patientFirstName")
    patient_last_name: Text = Field("", alias="patientLastName")
    patient_ssn: Text = Field("", alias="patientSsn")
    patient_gender: Text = Field("", alias="patientGender", description="F or M.")
    member_id: Text = Field("", alias="sub.MemberID", description="Subscriber or member policy number.")
    subscriber_first_name: Text = Field("", alias="subscriberFirstName")
    subscriber_last_name: Text = Field("", alias="subscriberLastName")
    subscriber_ssn: Text = Field("", alias="subscriberSsn")
    subscriber_gender: Text = Field("", alias="subscriberGender", description="F or M.")
    subscriber_dob: Day = Field(
        None,
        validation_alias=AliasChoices("subscriberDob", "subscriberDOB"),
        serialization_alias="subscriberDob",
    )
    billing_provider_npi: Text = Field("", alias="billingProviderNpi")
    begin_dos: Day = Field(
        None, validation_alias=AliasChoices("beginDos", "beginDOS"), serialization_alias="beginDos"
    )
    end_dos: Day = Field(
        None, validation_alias=AliasChoices("endDos", "endDOS"), serialization_alias="endDos"
    )
    service_type: Text = Field("", alias="serviceType", description="By default 30.")
    payer_id: Text = Field("", alias="payerId")
    payer_name: Text = Field("", alias="payerName")
    employer_name: Text = Field(
        "", alias="employerName", description="Not sent: the 270 has no place for it."
    )
    internal_account_number_1: Text = Field("", alias="internalAccountNumber1")
    internal_account_number_2: Text = Field("", alias="internalAccountNumber2", description="Not sent.")


_BOTH = (  # where subscriber and patient differ, they are two
    ("subscriber_first_name", "patient_first_name"),
    ("subscriber_last_name", "patient_last_name"),
    ("subscriber_dob", "patient_dob"),
)


def inquiry(
    request: Discovery | Mapping[str, Any],
    *,
    config: configuration.Given = None,
    request_id: str = "",
) -> Inquiry:
    """An insurance discovery as an inquiry. The subscriber is the patient, if no name or birth date of it differs.

    Args:
        request: the body of the POST.
        config: the name of the provider, whose NPI the request has.
        request_id: the `id` that the POST gave, for TRN02.

    Raises:
        InvalidInquiry: everything that speaks against sending it, with Integrex's names of the fields.
        UsageError: BAD_INPUT_TYPE for what is no object; as `config`, for a mistake in the configuration.
    """
    return draft(request, config=config, request_id=request_id).inquiry()


def draft(
    request: Discovery | Mapping[str, Any], *, config: configuration.Given = None, request_id: str = ""
) -> Draft:
    """The same before it is checked: its `check()` says all there is to say, warnings, too, and raises nothing."""
    asked, notes = read(Discovery, request)
    made = Draft(
        configuration.config(config), notes, is_self=not any(_differ(asked, *both) for both in _BOTH)
    )
    made.fill("integrex", asked)
    made.put(f"{made.patient}.traces[0].number", request_id, "id")
    return made


def _differ(asked: Discovery, one: str, other: str) -> bool:
    """Whether both are given and are not the same, but for upper and lower case."""
    first, second = (str(getattr(asked, name) or "").casefold() for name in (one, other))
    return bool(first and second and first != second)
