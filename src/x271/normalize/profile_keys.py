"""The keys of a profile and what each may hold; `standard.toml` has them all with their reasons."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _distinct(codes: list[str]) -> list[str]:
    if len(set(codes)) != len(codes):
        raise ValueError("an order holds a code twice")
    return codes


Code = Annotated[str, Field(max_length=35)]
Order = Annotated[list[Code], AfterValidator(_distinct)]
Groups = list[Order]
Criterion = Literal["service_type", "network", "level", "period", "place", "message"]
Criteria = Annotated[list[Criterion], AfterValidator(_distinct)]
ReferencePlace = Literal["status_row", "patient", "subscriber"]
ReferencePlaces = Annotated[list[ReferencePlace], AfterValidator(_distinct)]
Message = Literal["primary_care", "", "*"]
Messages = Annotated[list[Message], AfterValidator(_distinct)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class CoverageRules(_Part):
    active: Order
    inactive: Order
    pending: Order
    plan_service_types: Order
    implied_by: Order
    non_covered: Order
    non_covered_not_networks: Order
    text_from: Order


class DateRules(_Part):
    start: Order
    end: Order
    name_start: Order
    name_end: Order
    start_if_single: Order
    echo: Order
    service: Order
    date_of_service: Order
    benefit: Order
    benefit_pairs: list[Annotated[list[Code], Field(min_length=2, max_length=2)]]
    other_payer: Order
    open_from_year: Annotated[int, Field(ge=1900, le=9999)]


class NetworkRules(_Part):
    in_network: Groups
    out_of_network: Groups
    unspecified: Order


class PlanRules(_Part):
    same: Groups


class WordRules(_Part):
    specialist: Order
    primary_care: Order


class AmountRules(_Part):
    deductible: Order
    out_of_pocket: Order
    service_types: Order
    individual: Order
    family: Order
    total: Order
    remaining: Order
    applied: Order
    places: Order
    messages: Messages
    order: Criteria
    placeholder_nines: Annotated[int, Field(ge=1, le=18)]


class CostShareRules(_Part):
    information: Order
    service_types: Order
    levels: Order
    not_periods: Order
    periods: Order
    places: Order
    messages: Messages
    order: Criteria


class ReferenceRules(_Part):
    places: ReferencePlaces
    group_number: Order
    plan_number: Order
    member_id: Order
    member_id_qualifiers: Order
    account_number: Order


class ContactRules(_Part):
    phone: Order
    fax: Order
    website: Order
    entity_phone: Order


class PayerRules(_Part):
    second: Order
    second_must_differ: Order
    administrators: Order


class AlternatePayerRules(_Part):
    information: Order
    carve_out_information: Order
    entities: Order
    carve_out_entities: Order
    service_level_entities: Order
    never: Order
    service_types: Groups


class PrimaryCareRules(_Part):
    information: Order
    entities: Order
    npi_qualifiers: Order


class RejectionRules(_Part):
    levels: Order
    benefit_levels: Order


class Preferences(_Part):
    """Every key of a profile, as `standard.toml` has it with its reasons."""

    coverage: CoverageRules
    dates: DateRules
    networks: NetworkRules
    plans: PlanRules
    words: WordRules
    amounts: AmountRules
    coinsurance: CostShareRules
    copay: CostShareRules
    specialist_copay: CostShareRules
    references: ReferenceRules
    contacts: ContactRules
    payers: PayerRules
    alternate_payer: AlternatePayerRules
    primary_care: PrimaryCareRules
    rejections: RejectionRules
