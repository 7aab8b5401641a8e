"""The 74 Integrex fields: SPEC 3.6, in its order."""

from __future__ import annotations

from . import codes
from .amounts import accumulators
from .candidates import fillers
from .coverage import Coverage, coverage_dates
from .dates import Question, iso, read_date
from .document import Level, Patient, Segment
from .parties import alternate, level_address, payers, primary_care
from .rejections import primary
from .shares import cost_shares


def _dmg(level: Level, number: int) -> str:
    return next((dmg.get(number) for dmg in level.all("DMG")), "")


def _birth_date(level: Level) -> str:
    return iso(read_date(_dmg(level, 2)))


def _reference(segments: list[Segment], *qualifiers: str) -> str:
    """The first hit, qualifier by qualifier."""
    for qualifier in qualifiers:
        for ref in segments:
            if ref.name == "REF" and ref.get(1) == qualifier and ref.get(2):
                return ref.get(2)
    return ""


def fields(patient: Patient, question: Question, cover: Coverage, findings: set[str]) -> dict[str, str]:
    own, subscriber = patient.level, patient.subscriber
    row = cover.status_row
    row_references = row.all("REF") if row else []
    places = [row_references, own.all("REF"), subscriber.all("REF")]

    # 7: NM109 with NM108 MI or II, else REF*1W; always the subscriber's loop
    member_id = subscriber.nm1(9) if subscriber.nm1(8) in ("MI", "II") else ""
    member_id = member_id or _reference(subscriber.all("REF"), "1W")

    # 8
    relationship = "18"
    if patient.is_dependent:
        relationship = next((ins.get(2) for ins in own.all("INS")), "")

    # 16, 17
    rejection = primary(patient)

    # 20, 21
    dates = coverage_dates(patient, question, row)

    # 22, 23
    group_number = next(filter(None, (_reference(place, "6P", "1L") for place in places)), "")
    plan_number = next(filter(None, (_reference(place, "18") for place in places)), "")

    # 29
    types = row.service_types if row else []
    benefit_type = "30" if "30" in types else next(iter(types), "")

    money_rows = fillers(patient.rows, row, question)
    return {
        "internalAccountNumber1": _reference(subscriber.all("REF"), "EJ"),
        "internalAccountNumber2": "",
        "patientLastName": own.nm1(3),
        "patientFirstName": own.nm1(4),
        "patientDOB": _birth_date(own),
        "patientGender": _dmg(own, 3),
        "sub.MemberID": member_id,
        "relationshipCode": relationship,
        "relationshipDesc": codes.relationship(relationship),
        "subLastName": subscriber.nm1(3),
        "subFirstName": subscriber.nm1(4),
        "subscriberDOB": _birth_date(subscriber),
        "subscriberGender": _dmg(subscriber, 3),
        "responseDate": iso(question.answered),
        "beginDOS": iso(question.date_of_service),
        "requestStatusCode": rejection[1] if rejection else "",
        "requestStatus": codes.reject_reason(rejection[1]) if rejection else "Success",
        "coverageStatusCode": row.information if row else "",
        "coverageStatusDesc": codes.information(row.information) if row else "",
        "coverageStartDate": iso(dates.start),
        "coverageEndDate": iso(dates.end),
        "groupNumber": group_number,
        "planNumber": plan_number,
        "planTypeCode": row.eb.get(4) if row else "",
        "planType": codes.insurance_type(row.eb.get(4)) if row else "",
        "planTypeDescription": row.eb.get(5) if row else "",
        "coverageLevelCode": row.eb.get(2) if row else "",
        "coverageLevelDescription": codes.coverage_level(row.eb.get(2)) if row else "",
        "benefitTypeCode": benefit_type,
        "benefitTypeDesc": codes.service_type(benefit_type),
        **accumulators(money_rows, question, findings),
        **cost_shares(money_rows, question, findings),
        **payers(patient),
        **alternate(patient, question),
        **primary_care(patient),
        "patientAddress": level_address(own),
        "subscriberAddress": level_address(subscriber),
        "integrexId": "",
    }
