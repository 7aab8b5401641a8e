"""The people of an inquiry: the subscriber (2000C) and its dependents (2000D)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .parts import (
    GENERAL,
    Address,
    CodeText,
    Day,
    Diagnosis,
    Most,
    Number,
    Part,
    Period,
    ProviderRole,
    Reference,
    Service,
    TraceNumber,
    Words,
)


class Patient(Part):
    """What a subscriber and a dependent have in common. Whoever has `services` is asked about."""

    last_name: Words = Field("", description="NM103.", repr=False)
    first_name: Words = Field("", description="NM104.", repr=False)
    middle_name: Words = Field("", description="NM105.", repr=False)
    suffix: Words = Field("", description="NM107.", repr=False)
    birth_date: Day | None = Field(None, description="DMG02.", repr=False)
    gender: CodeText = Field("", description="DMG03: F or M, else left out.", repr=False)
    address: Address | None = Field(None, description="N3 and N4.", repr=False)
    references: Annotated[tuple[Reference, ...], Most(9)] = Field((), description="REF.", repr=False)
    birth_sequence: int | None = Field(None, description="INS17: which of a multiple birth.", repr=False)
    provider: ProviderRole | None = Field(None, description="PRV: who treats the patient.", repr=False)
    diagnoses: Annotated[tuple[Diagnosis, ...], Most(8)] = Field((), description="HI.", repr=False)
    traces: Annotated[tuple[TraceNumber, ...], Most(2)] = Field((), description="TRN.", repr=False)
    date_of_service: Period | None = Field(
        None, description="DTP*291; by default payers take today.", repr=False
    )
    card_issued: Period | None = Field(
        None, description="DTP*102: when the identification card was issued.", repr=False
    )
    services: Annotated[tuple[Service, ...], Most(99)] = Field(
        (), description="EQ: what is asked.", repr=False
    )


class Subscriber(Patient):
    """Who holds the plan (2100C); also the patient, if it has services. `relationship` is always 18, self."""

    member_id: Number = Field("", description="NM109.", repr=False)
    member_id_qualifier: CodeText = Field(
        "MI", description="NM108: MI member, II unique health identifier.", repr=False
    )
    is_person: bool = Field(True, description="NM102.", repr=False)


class Dependent(Patient):
    """A patient under a subscriber's plan without a member number of its own (2100D)."""

    relationship: CodeText = Field(
        "", description="INS02: 01 spouse, 19 child, 34 other adult, else left out.", repr=False
    )
    services: Annotated[tuple[Service, ...], Most(99)] = Field(
        (GENERAL,), description="EQ: what is asked.", repr=False
    )
