"""Change Healthcare's (Optum's) eligibility request as an inquiry (seed 004; names that it lacks from Optum's model).

The documentation writes names with a small first letter and, in places, with a capital one (`Provider`, `Npi`): both
are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasGenerator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from . import config as configuration
from .draft import Draft
from .inquiry import Inquiry
from .requests import Day, Request, Text, Texts, read


class _Part(Request):
    """Names in camel case, whose first letter may be large."""

    model_config = ConfigDict(alias_generator=AliasGenerator(alias=to_camel))

    _EITHER_CASE = True


class Provider(_Part):
    """Who asks."""

    organization_name: Text = Field(
        "", description="The business; a person has lastName and firstName instead."
    )
    first_name: Text = ""
    last_name: Text = ""
    npi: Text = ""
    service_provider_number: Text = Field("", description="Sent (SV) if there is no NPI.")
    provider_code: Text = Field("", description="PRV01, such as AD admitting, BI billing.")
    reference_identification: Text = Field("", description="PRV03: the taxonomy code.")


class Address(_Part):
    """Where a subscriber or dependent lives."""

    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    state: Text = ""
    postal_code: Text = ""
    country_code: Text = ""


class AdditionalIdentification(_Part):
    """Further numbers of a person."""

    patient_account_number: Text = ""


class Person(_Part):
    """What a subscriber and a dependent have in common."""

    first_name: Text = ""
    middle_name: Text = ""
    last_name: Text = ""
    suffix: Text = ""
    gender: Text = ""
    date_of_birth: Day = Field(None, description="YYYYMMDD.")
    ssn: Text = ""
    group_number: Text = ""
    id_card: Text = Field("", description="The number of the identification card.")
    birth_sequence_number: Text = ""
    patient_account_number: Text = ""
    address: Address = Address()
    additional_identification: AdditionalIdentification = AdditionalIdentification()


class Subscriber(Person):
    """Who holds the plan, and the patient if there are no dependents."""

    member_id: Text = ""
    case_number: Text = ""
    medicaid_recipient_identification_number: Text = ""


class Dependent(Person):
    """The patient, if it is not the subscriber."""

    individual_relationship_code: Text = Field("", description="01 spouse, 19 child, 34 other adult.")


class Encounter(_Part):
    """What is asked, and for when."""

    date_of_service: Day = Field(None, description="YYYYMMDD.")
    beginning_date_of_service: Day = None
    end_date_of_service: Day = None
    service_type_codes: Texts = Field((), description="By default 30.")
    procedure_id: Text = Field("", description="A procedure's code, as the documentation names it.")
    procedure_code: Text = Field("", description="The same, as Optum's model names it.")
    product_or_service_id_qualifier: Text = Field(
        "", alias="productOrServiceIDQualifier", description="By default HC."
    )
    procedure_modifiers: Texts = ()
    industry_code: Text = Field("", description="Place of service.")
    prior_authorization_or_referral_number: Text = ""
    reference_identification_qualifier: Text = Field("", description="9F referral, G1 authorization.")


class EligibilityRequest(_Part):
    """The body of the request."""

    control_number: Text = Field("", description="Nine digits.")
    trading_partner_service_id: Text = Field("", description="The payer id.")
    trading_partner_name: Text = ""
    provider_type: Text = Field("", description="Not sent.")
    provider: Provider = Provider()
    subscriber: Subscriber = Subscriber()
    dependents: tuple[Dependent, ...] = ()
    encounter: Encounter = Encounter()


def inquiry(
    request: EligibilityRequest | Mapping[str, Any], *, config: configuration.Given = None
) -> Inquiry:
    """A request as an inquiry. The patient is the dependent, if there is one, else the subscriber.

    Args:
        request: the body of the request.
        config: the provider, if the request names none; payers, where the clearinghouse's ids are not their own.

    Raises:
        InvalidInquiry: everything that speaks against sending it, with the documentation's names of the fields.
        UsageError: BAD_INPUT_TYPE for what is no object; as `config`, for a mistake in the configuration.
    """
    return draft(request, config=config).inquiry()


def draft(request: EligibilityRequest | Mapping[str, Any], *, config: configuration.Given = None) -> Draft:
    """The same before it is checked: its `check()` says all there is to say, warnings, too, and raises nothing."""
    asked, notes = read(EligibilityRequest, request)
    made = Draft(configuration.config(config), notes, is_self=not asked.dependents)
    made.fill("changehealthcare", asked)
    made.control_number = asked.control_number
    made.names["control_number"] = "controlNumber"
    if len(asked.dependents) > 1:
        made.note("TOO_MANY_PATIENTS", "dependents", "dependents")
    who = asked.provider
    if not (who.organization_name or who.last_name or who.npi or who.service_provider_number):
        if made.config.provider is not None:
            made.clinic(made.config.provider, "[provider]")
    elif not who.organization_name:
        made.put("provider.first_name", who.first_name, "provider.firstName")
    if who.service_provider_number and not who.npi:
        made.put("provider.identifier", who.service_provider_number, "provider.serviceProviderNumber")
        made.put("provider.identifier_qualifier", "SV", "provider.serviceProviderNumber")
    return made
