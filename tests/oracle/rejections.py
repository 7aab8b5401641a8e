"""AAA: which there are, which is the primary one, and the texts: SPEC 1.3, 4.3, 4.4; decisions 23 and 26."""

from __future__ import annotations

from .coverage import ACTIVE, INACTIVE
from .document import Patient, Segment


def _entry(loop: str, aaa: Segment) -> list[str]:
    return [loop, aaa.get(3), aaa.get(4)]


def path_rejections(patient: Patient) -> list[list[str]]:
    """SPEC 4.3.1, 4.3.2: 2000A, 2100A, 2100B, 2100C, for a dependent 2100D; document order in a loop."""
    found = []
    if patient.source:
        found += [_entry("2000A", aaa) for aaa in patient.source.before_name if aaa.name == "AAA"]
        found += [_entry("2100A", aaa) for aaa in patient.source.after_name if aaa.name == "AAA"]
    if patient.receiver:
        found += [_entry("2100B", aaa) for aaa in patient.receiver.all("AAA")]
    found += [_entry("2100C", aaa) for aaa in patient.subscriber.all("AAA")]
    if patient.is_dependent:
        found += [_entry("2100D", aaa) for aaa in patient.level.all("AAA")]
    return found


def row_rejections(patient: Patient) -> list[list[str]]:
    return [_entry(row.loop, aaa) for row in patient.rows for aaa in row.all("AAA")]


def primary(patient: Patient) -> list[str] | None:
    """SPEC 4.3.2 and 4.3.3."""
    on_path, on_rows = path_rejections(patient), row_rejections(patient)
    if on_path:
        return on_path[0]
    if on_rows and not any(row.information in ACTIVE + INACTIVE for row in patient.rows):
        return on_rows[0]
    return None


def eligibility_text(patient: Patient) -> str:
    """SPEC 4.4; decision 26."""
    said = [text for row in patient.rows if row.information == "V" for text in row.messages]
    if said:
        return " ".join(said)
    if primary(patient):
        for row in patient.rows:
            for text in row.messages:
                return text
    return ""
