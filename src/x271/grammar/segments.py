"""The segments of an answer, element by element. Names are words; each description gives the X12 reference."""

from __future__ import annotations

import datetime
from decimal import Decimal

from .base import Segment, element


class InterchangeHeader(Segment, segment_id="ISA"):
    """ISA: who sends the interchange to whom, and with which delimiters."""

    authorization_qualifier: str = element(1, "ISA01.")
    authorization: str = element(2, "ISA02.")
    security_qualifier: str = element(3, "ISA03.")
    security: str = element(4, "ISA04.")
    sender_qualifier: str = element(5, "ISA05.")
    sender: str = element(6, "ISA06.")
    receiver_qualifier: str = element(7, "ISA07.")
    receiver: str = element(8, "ISA08.")
    date: str = element(9, "ISA09, YYMMDD.")
    time: str = element(10, "ISA10, HHMM.")
    repetition_separator: str = element(11, "ISA11.")
    version: str = element(12, "ISA12.")
    control_number: str = element(13, "ISA13.")
    acknowledgment_requested: str = element(14, "ISA14.")
    usage: str = element(15, "ISA15: P production, T test.")
    component_separator: str = element(16, "ISA16.")


class InterchangeTrailer(Segment, segment_id="IEA"):
    """IEA: ends the interchange."""

    group_count: int | None = element(1, "IEA01.")
    control_number: str = element(2, "IEA02.")


class InterchangeAcknowledgment(Segment, segment_id="TA1"):
    """TA1: whether an interchange's envelope was accepted."""

    control_number: str = element(1, "TA101: ISA13 of the interchange that it answers.")
    date: str = element(2, "TA102, YYMMDD.")
    time: str = element(3, "TA103, HHMM.")
    acknowledgment_code: str = element(4, "TA104: A accepted, E accepted with errors, R rejected.")
    note_code: str = element(5, "TA105.")


class GroupHeader(Segment, segment_id="GS"):
    """GS: a group of transaction sets of one kind."""

    functional_identifier: str = element(1, "GS01: HB for 271, HS for 270.")
    sender: str = element(2, "GS02.")
    receiver: str = element(3, "GS03.")
    date: datetime.date | None = element(4, "GS04.")
    time: str = element(5, "GS05.")
    control_number: str = element(6, "GS06.")
    agency: str = element(7, "GS07.")
    version: str = element(8, "GS08, such as 005010X279A1.")


class GroupTrailer(Segment, segment_id="GE"):
    """GE: ends the group."""

    transaction_count: int | None = element(1, "GE01.")
    control_number: str = element(2, "GE02.")


class TransactionHeader(Segment, segment_id="ST"):
    """ST: begins a transaction set."""

    transaction: str = element(1, "ST01: 271.")
    control_number: str = element(2, "ST02.")
    version: str = element(3, "ST03.")


class TransactionTrailer(Segment, segment_id="SE"):
    """SE: ends a transaction set."""

    segment_count: int | None = element(1, "SE01.")
    control_number: str = element(2, "SE02.")


class BeginningOfTransaction(Segment, segment_id="BHT"):
    """BHT: purpose, reference and date of the transaction set."""

    structure: str = element(1, "BHT01.")
    purpose: str = element(2, "BHT02: 11 response, 06 confirmation.")
    reference: str = element(3, "BHT03: echo of the question's.")
    date: datetime.date | None = element(4, "BHT04.")
    time: str = element(5, "BHT05.")
    transaction_type: str = element(6, "BHT06.")


class HierarchicalLevel(Segment, segment_id="HL"):
    """HL: begins a level."""

    number: str = element(1, "HL01.")
    parent: str = element(2, "HL02.")
    level: str = element(3, "HL03: 20 source, 21 receiver, 22 subscriber, 23 dependent.")
    has_children: str = element(4, "HL04.")


class TraceNumber(Segment, segment_id="TRN"):
    """TRN: which question this answers."""

    kind: str = element(1, "TRN01: 2 echoes the question's, 1 is the answerer's own.")
    number: str = element(2, "TRN02.")
    originator: str = element(3, "TRN03.")
    division: str = element(4, "TRN04.")


class Name(Segment, segment_id="NM1"):
    """NM1: a person or an organization."""

    entity: str = element(1, "NM101.")
    entity_type: str = element(2, "NM102: 1 person, 2 organization.")
    last_name: str = element(3, "NM103: last name, or the organization's.")
    first_name: str = element(4, "NM104.")
    middle_name: str = element(5, "NM105.")
    prefix: str = element(6, "NM106.")
    suffix: str = element(7, "NM107.")
    identifier_qualifier: str = element(8, "NM108.")
    identifier: str = element(9, "NM109.")
    relationship: str = element(10, "NM110.")


class ReferenceNumber(Segment, segment_id="REF"):
    """REF: a number that identifies something."""

    qualifier: str = element(1, "REF01.")
    value: str = element(2, "REF02.")
    description: str = element(3, "REF03.")


class StreetAddress(Segment, segment_id="N3"):
    """N3: street."""

    line_1: str = element(1, "N301.")
    line_2: str = element(2, "N302.")


class CityStateZip(Segment, segment_id="N4"):
    """N4: city, state, postal code."""

    city: str = element(1, "N401.")
    state: str = element(2, "N402.")
    postal_code: str = element(3, "N403.")
    country: str = element(4, "N404.")
    location_qualifier: str = element(5, "N405.")
    location: str = element(6, "N406.")
    subdivision: str = element(7, "N407.")


class Contact(Segment, segment_id="PER"):
    """PER: how to reach somebody."""

    function: str = element(1, "PER01.")
    name: str = element(2, "PER02.")
    qualifier_1: str = element(3, "PER03.")
    number_1: str = element(4, "PER04.")
    qualifier_2: str = element(5, "PER05.")
    number_2: str = element(6, "PER06.")
    qualifier_3: str = element(7, "PER07.")
    number_3: str = element(8, "PER08.")


class RequestValidation(Segment, segment_id="AAA"):
    """AAA: what was not accepted."""

    valid_request: str = element(1, "AAA01.")
    agency: str = element(2, "AAA02, not used.")
    reject_reason: str = element(3, "AAA03.")
    follow_up_action: str = element(4, "AAA04.")


class ProviderInformation(Segment, segment_id="PRV"):
    """PRV: a provider's role and speciality."""

    role: str = element(1, "PRV01.")
    qualifier: str = element(2, "PRV02.")
    identifier: str = element(3, "PRV03: taxonomy code if PRV02 is PXC.")


class Demographics(Segment, segment_id="DMG"):
    """DMG: birth date and gender."""

    date_format: str = element(1, "DMG01.")
    birth_date: datetime.date | None = element(2, "DMG02.")
    gender: str = element(3, "DMG03.")


class Relationship(Segment, segment_id="INS"):
    """INS: relationship to the subscriber; 001 and 25 say that the payer changed the identity."""

    is_subscriber: str = element(1, "INS01.")
    relationship: str = element(2, "INS02.")
    maintenance_type: str = element(3, "INS03.")
    maintenance_reason: str = element(4, "INS04.")
    birth_sequence: int | None = element(17, "INS17.")


class DiagnosisCodes(Segment, segment_id="HI"):
    """HI: diagnoses that EB14 points to."""

    code_1: tuple[str, ...] = element(1, "HI01: qualifier, code.", parts=True)
    code_2: tuple[str, ...] = element(2, "HI02.", parts=True)
    code_3: tuple[str, ...] = element(3, "HI03.", parts=True)
    code_4: tuple[str, ...] = element(4, "HI04.", parts=True)
    code_5: tuple[str, ...] = element(5, "HI05.", parts=True)
    code_6: tuple[str, ...] = element(6, "HI06.", parts=True)
    code_7: tuple[str, ...] = element(7, "HI07.", parts=True)
    code_8: tuple[str, ...] = element(8, "HI08.", parts=True)


class DateOrPeriod(Segment, segment_id="DTP"):
    """DTP: a date or a range."""

    qualifier: str = element(1, "DTP01.")
    date_format: str = element(2, "DTP02: D8 or RD8.")
    text: str = element(3, "DTP03 as sent: CCYYMMDD or CCYYMMDD-CCYYMMDD.")


class MilitaryService(Segment, segment_id="MPI"):
    """MPI: military service."""

    status: str = element(1, "MPI01.")
    employment: str = element(2, "MPI02.")
    branch: str = element(3, "MPI03.")
    description: str = element(4, "MPI04.")
    rank: str = element(5, "MPI05.")
    date_format: str = element(6, "MPI06.")
    date_text: str = element(7, "MPI07.")


class BenefitInformation(Segment, segment_id="EB"):
    """EB: one benefit, for each of its service types."""

    information_code: str = element(1, "EB01.")
    coverage_level: str = element(2, "EB02.")
    service_types: tuple[str, ...] = element(3, "EB03, repeated.", repeats=True)
    insurance_type: str = element(4, "EB04.")
    plan_description: str = element(5, "EB05.")
    time_period: str = element(6, "EB06.")
    amount: Decimal | None = element(7, "EB07 in dollars.")
    percent: Decimal | None = element(8, "EB08 as sent: a fraction.")
    quantity_qualifier: str = element(9, "EB09.")
    quantity: Decimal | None = element(10, "EB10.")
    authorization: str = element(11, "EB11.")
    network: str = element(12, "EB12.")
    procedure: tuple[str, ...] = element(13, "EB13: qualifier, code, modifiers ...", parts=True)
    diagnosis_pointers: tuple[str, ...] = element(14, "EB14.", parts=True)


class ServiceDelivery(Segment, segment_id="HSD"):
    """HSD: how often and how long."""

    quantity_qualifier: str = element(1, "HSD01.")
    quantity: Decimal | None = element(2, "HSD02.")
    unit: str = element(3, "HSD03.")
    sample_selection_modulus: Decimal | None = element(4, "HSD04.")
    time_period: str = element(5, "HSD05.")
    period_count: Decimal | None = element(6, "HSD06.")
    calendar_pattern: str = element(7, "HSD07.")
    pattern_time: str = element(8, "HSD08.")


class MessageText(Segment, segment_id="MSG"):
    """MSG: free text."""

    text: str = element(1, "MSG01.")


class AdditionalInformation(Segment, segment_id="III"):
    """III: a place of service, or an injury."""

    qualifier: str = element(1, "III01: ZZ place of service, GR or NI nature of injury.")
    code: str = element(2, "III02.")
    category: str = element(3, "III03.")
    text: str = element(4, "III04.")


class LoopHeader(Segment, segment_id="LS"):
    """LS: begins the related entities of a benefit."""

    loop: str = element(1, "LS01: 2120.")


class LoopTrailer(Segment, segment_id="LE"):
    """LE: ends them."""

    loop: str = element(1, "LE01: 2120.")
