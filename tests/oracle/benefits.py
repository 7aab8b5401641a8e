"""The benefit record, one for each EB and each code in EB03: SPEC 3.1."""

from __future__ import annotations

import re
from typing import Any

from .dates import iso, read_dtp
from .document import Patient, Row, Segment

NETWORK = {"Y": "in", "N": "out", "W": "both", "U": "unknown"}


def benefits(patient: Patient) -> list[dict[str, Any]]:
    return [record for row in patient.rows for record in _records(row)]


def _records(row: Row) -> list[dict[str, Any]]:
    return [
        {
            "information_code": row.information,
            "service_type": service_type,
            "coverage_level": row.eb.get(2),
            "insurance_type": row.eb.get(4),
            "plan_description": row.eb.get(5),
            "time_period": row.eb.get(6),
            "amount": row.eb.get(7),
            "percent": row.eb.get(8),
            "quantity_qualifier": row.eb.get(9),
            "quantity": row.eb.get(10),
            "authorization": row.eb.get(11),
            "network": NETWORK.get(row.eb.get(12), ""),
            "procedure": re.sub(r"[^A-Za-z0-9]", ":", row.eb.get(13)),  # whatever the component separator
            "deliveries": [_trimmed(hsd) for hsd in row.all("HSD")],
            "messages": row.messages,
            "places_of_service": [iii.get(2) for iii in row.all("III") if iii.get(1) == "ZZ"],
            "entities": [[entity.nm1.get(1), entity.nm1.get(3)] for entity in row.entities],
            "dates": [_date(dtp) for dtp in row.all("DTP")],
            "references": [[ref.get(1), ref.get(2), ref.get(3)] for ref in row.all("REF")],
        }
        for service_type in row.service_types or [""]
    ]


def _trimmed(hsd: Segment) -> list[str]:
    elements = [hsd.get(number) for number in range(1, len(hsd.elements))]
    while elements and not elements[-1]:
        elements.pop()
    return elements


def _date(dtp: Segment) -> list[str]:
    dated = read_dtp(dtp)
    return [dated.qualifier, iso(dated.start), iso(dated.end)]
