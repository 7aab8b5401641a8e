"""What an inquiry is made of, below its people: payer, provider, services, dates, numbers, addresses.

A text is `Words` (names, streets: what X12 cannot carry is replaced when it is sent), a `Number` (identifiers,
references: what X12 cannot carry is refused) or a `CodeText` (a code of a table). None is read as empty. Parts that
may stand only so often say so with `Most`; more are kept, and are the check's to report.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from .._model import Model
from ..grammar.base import read_date


@dataclass(frozen=True, slots=True)
class Kind:
    """How a text is made fit for X12 (`texts`)."""

    name: Literal["words", "number", "code"]


@dataclass(frozen=True, slots=True)
class Most:
    """How often a part may stand."""

    count: int


def _blank(value: Any) -> Any:
    return "" if value is None else value


def _day(value: Any) -> Any:
    """A date, or ISO text with or without hyphens. Nothing else: pydantic would take 20261121 for seconds."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    with suppress(ValueError):  # whose message has the text in it
        if isinstance(value, str):
            return date.fromisoformat(value.strip())
    raise ValueError("a date or ISO text is expected")


Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[str, BeforeValidator(_blank), Kind("words")]
Number = Annotated[str, BeforeValidator(_blank), Kind("number")]
CodeText = Annotated[str, BeforeValidator(_blank), Kind("code")]


class Part(Model):
    """A part of an inquiry. Texts lose the blanks around them. What cannot be a part at all, such as a date that does
    not exist, is pydantic's to refuse; its message does not show what was given."""

    model_config = ConfigDict(str_strip_whitespace=True, hide_input_in_errors=True)


class Period(Part):
    """A day or a range of days (DTP). A date, ISO text or an ISO range `2026-11-21/2026-11-30` is taken as one."""

    begin: Day = Field(description="The day, or the first day of the range.", repr=False)
    end: Day | None = Field(None, description="The last day of a range.", repr=False)

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: Any) -> Any:
        if isinstance(value, date):
            return {"begin": value}
        if isinstance(value, str):
            begin, is_range, end = value.partition("/")
            return {"begin": begin, "end": end} if is_range else {"begin": begin}
        return value

    @classmethod
    def read(cls, text: str) -> Self | None:
        """CCYYMMDD or CCYYMMDD-CCYYMMDD (DTP03); None if it is neither."""
        first, is_range, last = text.partition("-")
        begin, end = read_date(first), read_date(last)
        if begin is None or (is_range and end is None):
            return None
        return cls(begin=begin, end=end)


class Address(Part):
    """Street and town (N3, N4)."""

    line_1: Words = Field("", description="N301.", repr=False)
    line_2: Words = Field("", description="N302.", repr=False)
    city: Words = Field("", description="N401.", repr=False)
    state: Number = Field("", description="N402: of the USA and Canada.", repr=False)
    postal_code: Number = Field("", description="N403, without hyphen.", repr=False)
    country: CodeText = Field("", description="N404: only outside the USA.", repr=False)
    subdivision: CodeText = Field("", description="N407: of another country.", repr=False)


class Reference(Part):
    """A number and what it is (REF), such as group number (6P), social security number (SY), own account (EJ)."""

    qualifier: CodeText = Field(description="REF01.", repr=False)
    value: Number = Field(description="REF02.", repr=False)
    description: Words = Field(
        "", description="REF03: of a receiver only, such as the state of a licence.", repr=False
    )


class TraceNumber(Part):
    """The number by which the answer finds its question (TRN); the payer echoes it."""

    number: Number = Field(description="TRN02, up to 50 characters, unique.", repr=False)
    originator: Number = Field(
        "",
        description="TRN03: 1 and the EIN, 3 and the DUNS, or 9 and nine characters of one's own. By default 9 and "
        "the sender.",
        repr=False,
    )
    division: Number = Field("", description="TRN04.", repr=False)


class ProviderRole(Part):
    """What the provider does for the patient, and its speciality (PRV)."""

    role: CodeText = Field(description="PRV01, such as PE performing, BI billing.", repr=False)
    identifier: Number = Field("", description="PRV03: a taxonomy code, if the qualifier is PXC.", repr=False)
    qualifier: CodeText = Field("PXC", description="PRV02.", repr=False)


def _has_first_name(values: dict[str, Any]) -> bool:
    return bool(values.get("first_name"))


class _Organization(Part):
    name: Words = Field("", description="NM103: the organization's name, or the last name.", repr=False)
    first_name: Words = Field("", description="NM104.", repr=False)
    middle_name: Words = Field("", description="NM105.", repr=False)
    suffix: Words = Field("", description="NM107.", repr=False)
    is_person: bool = Field(
        default_factory=_has_first_name,
        description="NM102; by default whether there is a first name.",
        repr=False,
    )


class Payer(_Organization):
    """Who is asked: the information source (2100A). Without a name, the identifier is sent as the name."""

    identifier: Number = Field(description="NM109.", repr=False)
    identifier_qualifier: CodeText = Field("PI", description="NM108.", repr=False)
    entity: CodeText = Field(
        "PR", description="NM101: PR payer, 2B third-party administrator, and others.", repr=False
    )


class Provider(_Organization):
    """Who asks: the information receiver (2100B)."""

    identifier: Number = Field(description="NM109: the NPI, if the qualifier is XX.", repr=False)
    identifier_qualifier: CodeText = Field("XX", description="NM108.", repr=False)
    entity: CodeText = Field(
        "1P", description="NM101: 1P provider, FA facility, 80 hospital, and others.", repr=False
    )
    references: Annotated[tuple[Reference, ...], Most(9)] = Field((), description="REF.", repr=False)
    address: Address | None = Field(None, description="N3 and N4.", repr=False)
    role: ProviderRole | None = Field(None, description="PRV.", repr=False)


class Diagnosis(Part):
    """A diagnosis (HI); the first is the principal one."""

    code: Number = Field(description="HI01-2 and following; a point is not sent.", repr=False)
    version: Literal["ICD-10", "ICD-9"] = Field(
        "ICD-10", description="HI01-1: ABK and ABF, or BK and BF.", repr=False
    )


class Procedure(Part):
    """A procedure, product or drug asked about (EQ02)."""

    code: Number = Field(description="EQ02-2.", repr=False)
    qualifier: CodeText = Field(
        "HC", description="EQ02-1: HC HCPCS and CPT, AD dental, N4 drug (NDC), ID, IV, CJ, ZZ.", repr=False
    )
    modifiers: Annotated[tuple[str, ...], Kind("number"), Most(4)] = Field(
        (), description="EQ02-3 to 6.", repr=False
    )
    last_code: Number = Field(
        "", description="EQ02-8: the end of a range; read, but the guide does not let it be sent.", repr=False
    )


class Service(Part):
    """One thing asked about (EQ): service types, or one procedure."""

    service_types: Annotated[tuple[str, ...], Kind("code"), Most(99)] = Field(
        (), description="EQ01: 30 asks about the plan.", repr=False
    )
    procedure: Procedure | None = Field(None, description="EQ02.", repr=False)
    coverage_level: CodeText = Field("", description="EQ03: FAM, of a subscriber only.", repr=False)
    diagnosis_pointers: Annotated[tuple[int, ...], Most(4)] = Field(
        (), description="EQ05: which of the patient's diagnoses, from 1.", repr=False
    )
    spend_down: Decimal | None = Field(
        None,
        description="AMT*R in dollars: what the patient has to spend first; of a subscriber only.",
        repr=False,
    )
    billed: Decimal | None = Field(
        None, description="AMT*PB in dollars: what was billed of it; of a subscriber only.", repr=False
    )
    place_of_service: CodeText = Field("", description="III*ZZ.", repr=False)
    reference: Reference | None = Field(
        None, description="REF: referral (9F) or authorization (G1).", repr=False
    )
    date_of_service: Period | None = Field(
        None, description="DTP*291, if it is not the patient's.", repr=False
    )


GENERAL = Service(service_types=("30",))
