"""The segments of questions, answers and the envelope, element by element.

Names are words; each description gives the X12 reference. Data elements and usage are those of 005010X279A1 where all
its loops agree, and else what a loop says (`answer`, `question`).
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from . import access
from .base import Composite, Segment
from .composites import DiagnosisPointers, HealthCareCode, MedicalProcedure
from .fields import element

if TYPE_CHECKING:
    from ..normalize.benefits import DateRange
    from ..normalize.record import Contact as PartyContact


class InterchangeHeader(Segment, segment_id="ISA"):
    """ISA: who sends the interchange to whom, and with which delimiters."""

    authorization_qualifier: str = element(1, "ISA01.", "I01", "R", codes="00 03")
    authorization: str = element(2, "ISA02.", "I02", "R")
    security_qualifier: str = element(3, "ISA03.", "I03", "R", codes="00 01")
    security: str = element(4, "ISA04.", "I04", "R")
    sender_qualifier: str = element(5, "ISA05.", "I05", "R", codes="01 14 20 27 28 29 30 33 ZZ")
    sender: str = element(6, "ISA06.", "I06", "R")
    receiver_qualifier: str = element(7, "ISA07.", "I05", "R", codes="01 14 20 27 28 29 30 33 ZZ")
    receiver: str = element(8, "ISA08.", "I07", "R")
    date: str = element(9, "ISA09, YYMMDD.", "I08", "R")
    time: str = element(10, "ISA10, HHMM.", "I09", "R")
    repetition_separator: str = element(11, "ISA11.", "I65", "R")
    version: str = element(12, "ISA12.", "I11", "R", codes="00501")
    control_number: str = element(13, "ISA13.", "I12", "R")
    acknowledgment_requested: str = element(14, "ISA14.", "I13", "R", codes="0 1")
    usage: str = element(15, "ISA15: P production, T test.", "I14", "R", codes="P T")
    component_separator: str = element(16, "ISA16.", "I15", "R")


class InterchangeTrailer(Segment, segment_id="IEA"):
    """IEA: ends the interchange."""

    group_count: int | None = element(1, "IEA01.", "I16", "R")
    control_number: str = element(2, "IEA02.", "I12", "R")


class InterchangeAcknowledgment(Segment, segment_id="TA1"):
    """TA1: whether an interchange's envelope was accepted."""

    control_number: str = element(1, "TA101: ISA13 of the interchange that it answers.", "I12", "R")
    date: str = element(2, "TA102, YYMMDD.", "I08", "R")
    time: str = element(3, "TA103, HHMM.", "I09", "R")
    acknowledgment_code: str = element(
        4, "TA104: A accepted, E accepted with errors, R rejected.", "I17", "R"
    )
    note_code: str = element(5, "TA105.", "I18", "R")


class GroupHeader(Segment, segment_id="GS"):
    """GS: a group of transaction sets of one kind."""

    functional_identifier: str = element(1, "GS01: HB for 271, HS for 270, FA for 999 and 997.", "479", "R")
    sender: str = element(2, "GS02.", "142", "R")
    receiver: str = element(3, "GS03.", "124", "R")
    date: datetime.date | None = element(4, "GS04.", "373", "R")
    time: str = element(5, "GS05.", "337", "R")
    control_number: str = element(6, "GS06.", "28", "R")
    agency: str = element(7, "GS07.", "455", "R", codes="X")
    version: str = element(8, "GS08, such as 005010X279A1.", "480", "R")


class GroupTrailer(Segment, segment_id="GE"):
    """GE: ends the group."""

    transaction_count: int | None = element(1, "GE01.", "97", "R")
    control_number: str = element(2, "GE02.", "28", "R")


class TransactionHeader(Segment, segment_id="ST"):
    """ST: begins a transaction set."""

    transaction: str = element(1, "ST01, such as 271.", "143", "R")
    control_number: str = element(2, "ST02.", "329", "R")
    version: str = element(3, "ST03.", "1705", "R")


class TransactionTrailer(Segment, segment_id="SE"):
    """SE: ends a transaction set."""

    segment_count: int | None = element(1, "SE01.", "96", "R")
    control_number: str = element(2, "SE02.", "329", "R")


class BeginningOfTransaction(Segment, segment_id="BHT"):
    """BHT: purpose, reference and date of the transaction set."""

    structure: str = element(1, "BHT01.", "1005", "R")
    purpose: str = element(2, "BHT02: 13 question, 01 cancellation; 11 answer, 06 confirmation.", "353", "R")
    reference: str = element(3, "BHT03: the question's; an answer echoes it.", "127")
    date: datetime.date | None = element(4, "BHT04.", "373", "R")
    time: str = element(5, "BHT05.", "337", "R")
    transaction_type: str = element(6, "BHT06: RT asks about a spend-down.", "640")


class HierarchicalLevel(Segment, segment_id="HL"):
    """HL: begins a level."""

    number: str = element(1, "HL01.", "628", "R")
    parent: str = element(2, "HL02.", "734", "R")
    level: str = element(3, "HL03: 20 source, 21 receiver, 22 subscriber, 23 dependent.", "735", "R")
    has_children: str = element(4, "HL04.", "736", "R", codes="0 1")


class TraceNumber(Segment, segment_id="TRN"):
    """TRN: the number by which a question and its answer find each other."""

    kind: str = element(1, "TRN01: 1 is the sender's own, 2 echoes the question's.", "481", "R")
    number: str = element(2, "TRN02.", "127", "R")
    originator: str = element(3, "TRN03.", "509", "R")
    division: str = element(4, "TRN04.", "127")


class Name(Segment, segment_id="NM1", notes="P0809 C1110 C1203"):
    """NM1: a person or an organization."""

    entity: str = element(1, "NM101.", "98", "R")
    entity_type: str = element(2, "NM102: 1 person, 2 organization.", "1065", "R", codes="1 2")
    last_name: str = element(3, "NM103: last name, or the organization's.", "1035")
    first_name: str = element(4, "NM104.", "1036")
    middle_name: str = element(5, "NM105.", "1037")
    prefix: str = element(6, "NM106.", "1038", "N")
    suffix: str = element(7, "NM107.", "1039")
    identifier_qualifier: str = element(8, "NM108.", "66")
    identifier: str = element(9, "NM109.", "67")
    relationship: str = element(10, "NM110.", "706", "N")
    other_entity: str = element(11, "NM111.", "98", "N")
    other_name: str = element(12, "NM112.", "1035", "N")

    @property
    def full_name(self) -> str:
        """The name as one reads it: `AVERY Q SAMPLE`, or the organization's."""
        return " ".join(
            part for part in (self.first_name, self.middle_name, self.last_name, self.suffix) if part
        )


class ReferenceNumber(Segment, segment_id="REF", notes="R0203"):
    """REF: a number that identifies something."""

    qualifier: str = element(1, "REF01.", "128", "R")
    value: str = element(2, "REF02.", "127", "R")
    description: str = element(3, "REF03.", "352")
    composite: Composite | None = element(4, "REF04.", "C040", "N")


class StreetAddress(Segment, segment_id="N3"):
    """N3: street."""

    line_1: str = element(1, "N301.", "166", "R")
    line_2: str = element(2, "N302.", "166")


class CityStateZip(Segment, segment_id="N4", notes="E0207 C0605 C0704"):
    """N4: city, state, postal code."""

    city: str = element(1, "N401.", "19", "R")
    state: str = element(2, "N402.", "156")
    postal_code: str = element(3, "N403.", "116")
    country: str = element(4, "N404.", "26")
    location_qualifier: str = element(5, "N405.", "309", "N", codes="RJ")
    location: str = element(6, "N406.", "310", "N")
    subdivision: str = element(7, "N407.", "1715")


class Contact(Segment, segment_id="PER", notes="P0304 P0506 P0708"):
    """PER: how to reach somebody."""

    function: str = element(1, "PER01.", "366", "R")
    name: str = element(2, "PER02.", "93")
    qualifier_1: str = element(3, "PER03.", "365")
    number_1: str = element(4, "PER04.", "364")
    qualifier_2: str = element(5, "PER05.", "365")
    number_2: str = element(6, "PER06.", "364")
    qualifier_3: str = element(7, "PER07.", "365")
    number_3: str = element(8, "PER08.", "364")
    inquiry_reference: str = element(9, "PER09.", "443", "N")

    @property
    def numbers(self) -> tuple[PartyContact, ...]:
        """Each number with its kind: TE telephone, FX fax, UR website, EM e-mail, EX extension."""
        return access.numbers([self])


class RequestValidation(Segment, segment_id="AAA"):
    """AAA: what was not accepted."""

    valid_request: str = element(1, "AAA01.", "1073", "R")
    agency: str = element(2, "AAA02, not used.", "559", "N")
    reject_reason: str = element(3, "AAA03.", "901", "R")
    follow_up_action: str = element(4, "AAA04.", "889", "R")


class ProviderInformation(Segment, segment_id="PRV", notes="P0203"):
    """PRV: a provider's role and speciality."""

    role: str = element(1, "PRV01.", "1221", "R")
    qualifier: str = element(2, "PRV02.", "128", codes="PXC")
    identifier: str = element(3, "PRV03: taxonomy code if PRV02 is PXC.", "127")
    state: str = element(4, "PRV04.", "156", "N")
    specialty: Composite | None = element(5, "PRV05.", "C035", "N")
    organization: str = element(6, "PRV06.", "1223", "N")


class Demographics(Segment, segment_id="DMG", notes="P0102 P1011 C1105"):
    """DMG: birth date and gender."""

    date_format: str = element(1, "DMG01.", "1250", codes="D8")
    birth_date: datetime.date | None = element(2, "DMG02.", "1251")
    gender: str = element(3, "DMG03.", "1068")
    marital_status: str = element(4, "DMG04.", "1067", "N")
    ethnicities: tuple[Composite, ...] = element(5, "DMG05, repeated.", "C056", "N", repeat=10)
    citizenship: str = element(6, "DMG06.", "1066", "N")
    country: str = element(7, "DMG07.", "26", "N")
    verification: str = element(8, "DMG08.", "659", "N")
    quantity: Decimal | None = element(9, "DMG09.", "380", "N")
    code_list: str = element(10, "DMG10.", "1270", "N")
    code: str = element(11, "DMG11.", "1271", "N")


class Relationship(Segment, segment_id="INS", notes="P1112"):
    """INS: relationship to the subscriber; 001 and 25 say that the payer changed the identity."""

    is_subscriber: str = element(1, "INS01.", "1073", "R")
    relationship: str = element(2, "INS02.", "1069", "R")
    maintenance_type: str = element(3, "INS03.", "875")
    maintenance_reason: str = element(4, "INS04.", "1203")
    benefit_status: str = element(5, "INS05.", "1216", "N")
    medicare_status: Composite | None = element(6, "INS06.", "C052", "N")
    cobra_event: str = element(7, "INS07.", "1219", "N")
    employment: str = element(8, "INS08.", "584", "N")
    student_status: str = element(9, "INS09.", "1220", "N")
    handicapped: str = element(10, "INS10.", "1073", "N")
    date_format: str = element(11, "INS11.", "1250", "N")
    date_text: str = element(12, "INS12: date of death.", "1251", "N")
    confidentiality: str = element(13, "INS13.", "1165", "N")
    city: str = element(14, "INS14.", "19", "N")
    state: str = element(15, "INS15.", "156", "N")
    country: str = element(16, "INS16.", "26", "N")
    birth_sequence: int | None = element(17, "INS17.", "1470")


class DiagnosisCodes(Segment, segment_id="HI"):
    """HI: diagnoses that EB14 and EQ05 point to."""

    code_1: HealthCareCode | None = element(1, "HI01: the principal one.", "C022", "R")
    code_2: HealthCareCode | None = element(2, "HI02.", "C022")
    code_3: HealthCareCode | None = element(3, "HI03.", "C022")
    code_4: HealthCareCode | None = element(4, "HI04.", "C022")
    code_5: HealthCareCode | None = element(5, "HI05.", "C022")
    code_6: HealthCareCode | None = element(6, "HI06.", "C022")
    code_7: HealthCareCode | None = element(7, "HI07.", "C022")
    code_8: HealthCareCode | None = element(8, "HI08.", "C022")
    code_9: HealthCareCode | None = element(9, "HI09.", "C022", "N")
    code_10: HealthCareCode | None = element(10, "HI10.", "C022", "N")
    code_11: HealthCareCode | None = element(11, "HI11.", "C022", "N")
    code_12: HealthCareCode | None = element(12, "HI12.", "C022", "N")


class DateOrPeriod(Segment, segment_id="DTP"):
    """DTP: a date or a range."""

    qualifier: str = element(1, "DTP01.", "374", "R")
    date_format: str = element(2, "DTP02: D8 or RD8.", "1250", "R")
    text: str = element(3, "DTP03 as sent: CCYYMMDD or CCYYMMDD-CCYYMMDD.", "1251", "R")

    @property
    def period(self) -> DateRange:
        """The date, or the range; without dates if the text cannot be read."""
        return access.period(self)


class MilitaryService(Segment, segment_id="MPI", notes="P0607"):
    """MPI: military service."""

    status: str = element(1, "MPI01.", "1201", "R")
    employment: str = element(2, "MPI02.", "584", "R")
    branch: str = element(3, "MPI03.", "1595", "R")
    description: str = element(4, "MPI04.", "352")
    rank: str = element(5, "MPI05.", "1596")
    date_format: str = element(6, "MPI06.", "1250")
    date_text: str = element(7, "MPI07.", "1251")


class BenefitInformation(Segment, segment_id="EB", notes="P0910"):
    """EB: one benefit, for each of its service types."""

    information_code: str = element(1, "EB01.", "1390", "R")
    coverage_level: str = element(2, "EB02.", "1207")
    service_types: tuple[str, ...] = element(3, "EB03, repeated.", "1365", repeat=99)
    insurance_type: str = element(4, "EB04.", "1336")
    plan_description: str = element(5, "EB05.", "1204")
    time_period: str = element(6, "EB06.", "615")
    amount: Decimal | None = element(7, "EB07 in dollars.", "782")
    percent: Decimal | None = element(8, "EB08 as sent: a fraction.", "954")
    quantity_qualifier: str = element(9, "EB09.", "673")
    quantity: Decimal | None = element(10, "EB10.", "380")
    authorization: str = element(11, "EB11.", "1073")
    network: str = element(12, "EB12.", "1073")
    procedure: MedicalProcedure | None = element(13, "EB13.", "C003")
    diagnosis_pointers: DiagnosisPointers | None = element(14, "EB14.", "C004")


class ServiceDelivery(Segment, segment_id="HSD", notes="P0102 C0605"):
    """HSD: how often and how long."""

    quantity_qualifier: str = element(1, "HSD01.", "673")
    quantity: Decimal | None = element(2, "HSD02.", "380")
    unit: str = element(3, "HSD03.", "355")
    sample_selection_modulus: Decimal | None = element(4, "HSD04.", "1167")
    time_period: str = element(5, "HSD05.", "615")
    period_count: Decimal | None = element(6, "HSD06.", "616")
    calendar_pattern: str = element(7, "HSD07.", "678")
    pattern_time: str = element(8, "HSD08.", "679")


class MessageText(Segment, segment_id="MSG", notes="C0302"):
    """MSG: free text."""

    text: str = element(1, "MSG01.", "933", "R")
    carriage_control: str = element(2, "MSG02.", "934", "N")
    lines: int | None = element(3, "MSG03.", "1470", "N")


class AdditionalInformation(Segment, segment_id="III", notes="P0102 L030405"):
    """III: a place of service, or an injury."""

    qualifier: str = element(1, "III01: ZZ place of service, GR or NI nature of injury.", "1270")
    code: str = element(2, "III02.", "1271")
    category: str = element(3, "III03.", "1136", codes="44")
    text: str = element(4, "III04.", "933")
    quantity: Decimal | None = element(5, "III05.", "380", "N")
    unit: Composite | None = element(6, "III06.", "C001", "N")
    surface_1: str = element(7, "III07.", "752", "N")
    surface_2: str = element(8, "III08.", "752", "N")
    surface_3: str = element(9, "III09.", "752", "N")


class LoopHeader(Segment, segment_id="LS"):
    """LS: begins the related entities of a benefit."""

    loop: str = element(1, "LS01: 2120.", "447", "R")


class LoopTrailer(Segment, segment_id="LE"):
    """LE: ends them."""

    loop: str = element(1, "LE01: 2120.", "447", "R")


class BenefitInquiry(Segment, segment_id="EQ", notes="R0102"):
    """EQ: which benefits are asked about."""

    service_types: tuple[str, ...] = element(1, "EQ01, repeated.", "1365", repeat=99)
    procedure: MedicalProcedure | None = element(2, "EQ02.", "C003", unused=(8,))
    coverage_level: str = element(3, "EQ03.", "1207")
    insurance_type: str = element(4, "EQ04.", "1336", "N")
    diagnosis_pointers: DiagnosisPointers | None = element(5, "EQ05.", "C004")


class Amount(Segment, segment_id="AMT"):
    """AMT: an amount of money."""

    qualifier: str = element(1, "AMT01.", "522", "R")
    amount: Decimal | None = element(2, "AMT02 in dollars.", "782", "R")
    credit_or_debit: str = element(3, "AMT03.", "478", "N")
