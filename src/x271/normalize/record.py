"""What an answer means for one patient: the record. Values are typed; absent text is empty, an absent number None.

Money is `Decimal` dollars, co-insurance a percentage of the patient's share (20 means 20 percent), a benefit's
`percent` the fraction as sent. Dates are `date`. Sources: SPEC sections 3 to 5, seeds 000 and 002.

No `repr` shows what only the answer knows: names, numbers, addresses, texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from .._model import Model
from ..errors import Position

Coverage = Literal["active", "inactive", "unknown"]

PHONES = ("TE", "WP")  # PER03 of a number that one can call


def full_name(*parts: str) -> str:
    """The parts of a name that are there, in their order."""
    return " ".join(part for part in parts if part)


def shown(code: str, description: str) -> str:
    """The code for a `repr`: one that no table knows may be any text, and is `unknown`."""
    return code if description or not code else "unknown"


class Coded(Model):
    """A code and what it means; the description is empty for a code that no table knows."""

    code: str = ""
    description: str = ""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """The code if a table has it with this description: that of an alternate payer's kind may be EB01's."""
        from ..codes import describe, tables

        has = self.description and any(describe(name, self.code) == self.description for name in tables())
        yield "code", self.code if has or not self.code else "unknown"
        yield "description", self.description


class Address(Model):
    """N3 and N4."""

    lines: tuple[str, ...] = Field((), description="N301, N302.", repr=False)
    city: str = Field("", description="N401.", repr=False)
    state: str = Field("", description="N402.", repr=False)
    postal_code: str = Field("", description="N403.", repr=False)
    country: str = Field("", description="N404.", repr=False)

    def __str__(self) -> str:
        region = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (" ".join(self.lines), self.city, region) if part)


class Person(Model):
    """A subscriber or patient: NM1, DMG, N3 and N4 of its 2100 loop."""

    last_name: str = Field("", description="NM103.", repr=False)
    first_name: str = Field("", description="NM104.", repr=False)
    middle_name: str = Field("", description="NM105.", repr=False)
    suffix: str = Field("", description="NM107.", repr=False)
    identifier_qualifier: str = Field("", description="NM108.")
    identifier: str = Field("", description="NM109.", repr=False)
    member_id: str = Field("", description="NM109 or REF*1W of the subscriber.", repr=False)
    birth_date: date | None = Field(None, description="DMG02.", repr=False)
    gender: str = Field("", description="DMG03 as sent.", repr=False)
    address: Address | None = Field(None, description="N3 and N4; never inherited.", repr=False)

    @property
    def full_name(self) -> str:
        """The name as one reads it: `AVERY Q SAMPLE`; a suffix stands at the end."""
        return full_name(self.first_name, self.middle_name, self.last_name, self.suffix)


class Contact(Model):
    """One number of a PER segment."""

    name: str = Field("", description="PER02.", repr=False)
    qualifier: str = Field("", description="PER03, 05 or 07: TE, FX, UR, EM and others.")
    number: str = Field("", description="PER04, 06 or 08.", repr=False)


class Party(Model):
    """An organization or person that is not the patient: payer, provider, related entity (NM1)."""

    entity: str = Field("", description="NM101.")
    entity_description: str = ""
    is_person: bool = Field(False, description="NM102 is 1.")
    name: str = Field("", description="NM103: the organization's name or the person's last name.", repr=False)
    first_name: str = Field("", description="NM104.", repr=False)
    middle_name: str = Field("", description="NM105.", repr=False)
    suffix: str = Field("", description="NM107.", repr=False)
    identifier_qualifier: str = Field("", description="NM108.")
    identifier: str = Field("", description="NM109.", repr=False)
    relationship: str = Field("", description="NM110.")
    address: Address | None = Field(None, description="N3 and N4.", repr=False)
    contacts: tuple[Contact, ...] = Field((), description="PER, one per number.", repr=False)

    @property
    def full_name(self) -> str:
        """The name as one reads it: `ROBIN PRIMER` of a person, the name of an organization."""
        return full_name(self.first_name, self.middle_name, self.name, self.suffix)

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """TE and WP as sent, each with its extension if it has one: `8005550150 ext. 271`."""
        numbers: list[str] = []
        follows = False  # the number before is a phone's, so an extension is its own
        for contact in self.contacts:
            if contact.qualifier in PHONES:
                numbers.append(contact.number)
            elif contact.qualifier == "EX" and follows:
                numbers[-1] += f" ext. {contact.number}"
            follows = contact.qualifier in PHONES
        return tuple(numbers)

    def numbers(self, kind: str) -> tuple[str, ...]:
        """The communication numbers of one kind (PER03): `FX` fax, `UR` website, `EM` e-mail, `TE` telephone."""
        return tuple(contact.number for contact in self.contacts if contact.qualifier == kind)


class Payer(Party):
    """Who answered (2100A), with contacts and address that may come from an NM1*PR of a plan-level status row."""

    phone: str = Field("", repr=False)
    fax: str = Field("", repr=False)
    website: str = Field("", repr=False)
    third_party_administrator: bool = Field(False, description="A 2B entity is named (SPEC 3.6, field 53).")


class AlternatePayer(Party):
    """Another payer that the answer names: coordination of benefits, managed care, carve-out (SPEC 3.6, field 60)."""

    kind: Coded = Field(Coded._blank(), description="EB04 of its row, with its or else EB01's description.")
    phone: str = Field("", repr=False)


class RelatedEntity(Party):
    """A 2120 loop: who else has to do with a benefit."""

    provider_role: str = Field("", description="PRV01.")
    taxonomy: str = Field("", description="PRV03.")


class PrimaryCare(Model):
    """The primary care provider, if the answer names one."""

    facility: str = Field("", repr=False)
    last_name: str = Field("", repr=False)
    first_name: str = Field("", repr=False)
    npi: str = Field("", description="Only if NM108 is XX.", repr=False)
    address: Address | None = Field(None, repr=False)
    phone: str = Field("", repr=False)
    fax: str = Field("", repr=False)

    @property
    def full_name(self) -> str:
        """The name as one reads it: `ROBIN PRIMER`."""
        return full_name(self.first_name, self.last_name)


class Trace(Model):
    """TRN: which question this answers."""

    kind: str = Field("", description="TRN01: 2 echoes the question's, 1 is the answerer's own.")
    number: str = Field("", description="TRN02.", repr=False)
    originator: str = Field("", description="TRN03.", repr=False)


class Rejection(Model):
    """One AAA segment: what the payer or clearing house did not accept."""

    loop: str = Field(description="2000A to 2110D.")
    valid_request: str = Field("", description="AAA01: Y the request was valid, N it was not.")
    code: str = Field("", description="AAA03.")
    description: str = ""
    follow_up_code: str = Field("", description="AAA04.")
    follow_up: str = ""
    eligibility_response: str = Field("", description="VSee's documented string for the code (seed 000).")
    position: Position | None = None


class Plan(Model):
    """One plan that the status rows name: a pair of EB04 and EB05."""

    status: Literal["active", "inactive"]
    status_code: str = Field("", description="EB01.")
    insurance_type: str = Field("", description="EB04.")
    insurance_type_description: str = ""
    plan_description: str = Field("", description="EB05.", repr=False)
    start: date | None = Field(None, repr=False)
    end: date | None = Field(None, repr=False)


class Amount(Model):
    """A year's total and what is left of it. One never stands in for the other."""

    total: Decimal | None = None
    remaining: Decimal | None = None


class ByNetwork(Model):
    """In network and out of network; what the payer left unsaid counts as in network, with a finding."""

    in_network: Amount = Amount._blank()
    out_of_network: Amount = Amount._blank()


class Accumulator(Model):
    """A deductible or an out-of-pocket limit."""

    individual: ByNetwork = ByNetwork._blank()
    family: ByNetwork = ByNetwork._blank()


class Coinsurance(Model):
    """The patient's share in percent."""

    in_network: Decimal | None = None
    out_of_network: Decimal | None = None


class Copay(Model):
    """The patient's fixed share of an office visit, in dollars, in network."""

    office_visit: Decimal | None = None
    specialist: Decimal | None = None


class Source(Model):
    """Where in the input this answer stood."""

    interchange_control_number: str = Field("", description="ISA13.")
    group_control_number: str = Field("", description="GS06.")
    transaction_control_number: str = Field("", description="ST02.")
    patient: int = Field(1, description="Number of the patient in the transaction set, from 1.")
    position: Position | None = None


Money = Annotated[Decimal | None, Field(description="Dollars; None if the payer did not say.")]
