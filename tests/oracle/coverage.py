"""Active, inactive or unknown, and the plans: SPEC 5.2 and 5.4; decisions 5 to 9 and 22."""

from __future__ import annotations

from dataclasses import dataclass, field

from .dates import (
    Question,
    Window,
    covers,
    ended_before,
    iso,
    level_window,
    readable,
    row_window,
    starts_after,
    within,
)
from .document import Patient, Row

ACTIVE = ("1", "2", "3", "4", "5")
INACTIVE = ("6", "7", "8")
PENDING = ("5", "7", "8")


@dataclass
class Coverage:
    status: str  # active, inactive, unknown
    status_row: Row | None = None
    reason: str = ""  # TERMED, FUTURE
    findings: set[str] = field(default_factory=set)


def plan_level_rows(rows: list[Row]) -> list[Row]:
    """P of SPEC 5.2: EB01 1-8, no EB13, EB03 absent or containing 30."""
    return [
        row
        for row in rows
        if row.information in ACTIVE + INACTIVE
        and not row.eb.get(13)
        and (not row.service_types or "30" in row.service_types)
    ]


def service_level_rows(rows: list[Row]) -> list[Row]:
    plan_level = plan_level_rows(rows)
    return [row for row in rows if row.information in ACTIVE + INACTIVE and row not in plan_level]


def patient_window(patient: Patient, question: Question) -> Window:
    return level_window(patient.level.all("DTP"), question)


def _deciding_window(row: Row, patient: Patient, question: Question) -> Window:
    """The own window; for the active class, when there is none, that of the patient's 2100 loop."""
    window = row_window(row, question)
    if window.is_empty and row.information in ACTIVE:
        return patient_window(patient, question)
    return window


def tier(row: Row, patient: Patient, question: Question) -> int:
    day = question.date_of_service
    if day is None:  # decision 3: then no date excludes or covers anything
        return 2
    # tier 1: DTP*472 covers (decision 6) ...
    for dated in readable(row.all("DTP")):
        if dated.qualifier == "472" and (
            within(day, dated.start, dated.end) if dated.is_range else dated.start == day
        ):
            return 1
    # ... or the own window covers; for the inactive class only with both begin and end
    own = row_window(row, question)
    if covers(own, day) and (row.information in ACTIVE or (own.start and own.end)):
        return 1
    # tier 3
    window = _deciding_window(row, patient, question)
    if ended_before(window, day) or starts_after(window, day):
        return 3
    return 2


def decide(rows: list[Row], patient: Patient, question: Question) -> Coverage:
    """Step 1 of SPEC 5.2 for status rows of one kind; rows is not empty."""
    tiers = {number: [row for row in rows if tier(row, patient, question) == number] for number in (1, 2, 3)}
    for number in (1, 2):
        if tiers[number]:
            active = [row for row in tiers[number] if row.information in ACTIVE]
            inactive = [row for row in tiers[number] if row.information in INACTIVE]
            result = Coverage("active", active[0]) if active else Coverage("inactive", inactive[0])
            if {plan_of(row) for row in active} & {plan_of(row) for row in inactive}:  # decision 7
                result.findings.add("CONFLICTING_STATUS")
            return result
    first = tiers[3][0]
    result = Coverage("inactive", first)
    if first.information in ACTIVE:
        window = _deciding_window(first, patient, question)
        result.reason = "TERMED" if ended_before(window, question.date_of_service) else "FUTURE"
        result.findings.add(result.reason)
    return result


def plan_of(row: Row) -> tuple[str, str]:
    return row.eb.get(4), row.eb.get(5)


def coverage(patient: Patient, question: Question) -> Coverage:
    """SPEC 5.2, steps 1 to 5."""
    # 1
    plan_level = plan_level_rows(patient.rows)
    if plan_level:
        return decide(plan_level, patient, question)
    # 2, decision 8
    service_level = service_level_rows(patient.rows)
    requested = [row for row in service_level if set(row.service_types) & set(question.service_types)]
    if service_level:
        result = decide(requested or service_level, patient, question)
        result.findings.discard(
            "CONFLICTING_STATUS"
        )  # decision 7: rows about services do not contradict each other
        result.findings.add("SERVICE_LEVEL_STATUS")
        return result
    # 3
    if any(row.information in ("A", "B", "C", "F", "G", "H", "J", "Y") for row in patient.rows):
        return Coverage("active", findings={"STATUS_IMPLIED_FROM_BENEFITS"})
    # 4, decision 9
    for row in patient.rows:
        is_general = not row.service_types or "30" in row.service_types
        if row.information == "I" and is_general and row.eb.get(12) != "N" and not row.eb.get(13):
            return Coverage("inactive", findings={"NON_COVERED_AS_PLAN_STATUS"})
    # 5
    return Coverage("unknown")


def plans(patient: Patient, question: Question) -> list[dict[str, str]]:
    """SPEC 5.4, decision 22."""
    plan_level = plan_level_rows(patient.rows)
    pairs: list[tuple[str, str]] = []
    for row in plan_level:
        if plan_of(row) not in pairs:
            pairs.append(plan_of(row))
    found = []
    for pair in pairs:
        decided = decide([row for row in plan_level if plan_of(row) == pair], patient, question)
        assert decided.status_row is not None
        window = row_window(decided.status_row, question)
        found.append(
            {
                "insurance_type": pair[0],
                "plan_description": pair[1],
                "status": decided.status,
                "start": iso(window.start),
                "end": iso(window.end),
            }
        )
    return found


def coverage_dates(patient: Patient, question: Question, status_row: Row | None) -> Window:
    """SPEC 3.6, fields 20 and 21; decision 19."""
    if status_row is None:
        return patient_window(patient, question)
    own = row_window(status_row, question)
    if not own.is_empty:
        return own
    if status_row.information in INACTIVE:
        windows = [
            row_window(row, question)
            for row in plan_level_rows(patient.rows)
            if row.information in ACTIVE and row.eb.get(4) == status_row.eb.get(4)
        ]
        windows = [window for window in windows if not window.is_empty]
        if windows:  # the latest: by end, and an open end is later than any; then by start
            return max(
                windows,
                key=lambda window: (window.end is None, iso(window.end), iso(window.start)),
            )
    return patient_window(patient, question)
