"""A second, naive reading of the specification, to hold the core against.

It is slow and plain on purpose: one rule after the other, each with its number in the specification (SPEC)
or in docs/decisions.md (decision). It shares nothing with the package but the code tables.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from . import codes
from .benefits import benefits
from .coverage import PENDING, coverage, plans
from .dates import Question, read_date, readable
from .document import Patient, patients, traces, transactions
from .fields import fields
from .rejections import eligibility_text, path_rejections, primary, row_rejections

__all__ = ["read"]


def read(
    data: bytes,
    *,
    date_of_service: str | None = None,
    service_types: tuple[str, ...] = ("30",),
    trace: str | None = None,
) -> list[dict[str, Any]]:
    """One dict for each patient, in document order.

    date_of_service is ISO text, or a range as begin/end; service_types are codes of EB03; trace is a TRN02.
    """
    everyone = [patient for transaction in transactions(data) for patient in patients(transaction)]
    chosen, not_echoed = _asked(everyone, trace)
    records = []
    for patient in chosen:
        question = _question(patient, date_of_service, service_types)
        records.append(_record(patient, question, {"TRACE_NOT_ECHOED"} if not_echoed else set()))
    return records


def _asked(everyone: list[Patient], trace: str | None) -> tuple[list[Patient], bool]:
    """SPEC 5.1.1, decision 2; and whether the patient was taken without an echoed trace."""
    if trace is None:
        return everyone, False
    matching = [patient for patient in everyone if trace in traces(patient)]
    if matching:
        return matching, False
    untraced = [patient for patient in everyone if not traces(patient)]
    if len(untraced) == 1:
        return untraced, True
    return [], False


def _question(patient: Patient, asked: str | None, service_types: tuple[str, ...]) -> Question:
    """SPEC 3.3.2, decision 3."""
    answered = next((read_date(bht.get(4)) for bht in patient.header if bht.name == "BHT"), None)
    requested_range = None
    if asked is not None:
        begin, _, end = asked.partition("/")
        day: date | None = date.fromisoformat(begin)
        requested_range = (date.fromisoformat(begin), date.fromisoformat(end or begin))
    else:
        dates = readable(patient.level.all("DTP"))
        services = [dated.start for dated in dates if dated.qualifier == "472"]
        plan_days = [dated.start for dated in dates if dated.qualifier == "291" and not dated.is_range]
        day = next(iter(services + plan_days), answered)
    return Question(day, requested_range, answered, service_types)


def _record(patient: Patient, question: Question, findings: set[str]) -> dict[str, Any]:
    cover = coverage(patient, question)
    all_plans = plans(patient, question)
    rejection = primary(patient)
    changed = any(ins.get(3) == "001" and ins.get(4) == "25" for ins in patient.level.all("INS"))

    findings = findings | cover.findings
    if patient.borrowed:
        findings.add("SCOPE_FALLBACK_SUBSCRIBER")
    if sum(plan["status"] == "active" for plan in all_plans) > 1:
        findings.add("MULTIPLE_PLANS")

    return {
        "coverage": cover.status,
        "coverage_reason": cover.reason,
        "pending": cover.status_row is not None and cover.status_row.information in PENDING,
        "rejected": rejection is not None,
        "rejections": path_rejections(patient) + row_rejections(patient),
        "eligibility_response": codes.eligibility_response(rejection[1] if rejection else ""),
        "eligibility_text": eligibility_text(patient),
        "identity_changed": changed,
        "plans": all_plans,
        "benefits": benefits(patient),
        "fields": fields(patient, question, cover, findings),
        "findings": sorted(findings),
    }
