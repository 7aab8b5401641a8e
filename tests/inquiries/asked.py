"""Inquiries written by hand, which the tests change in one place at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from x271.inquiries import (
    Dependent,
    Inquiry,
    Payer,
    Period,
    Provider,
    Reference,
    Subscriber,
    TraceNumber,
)

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

JANE: dict[str, Any] = {
    "member_id": "W100",
    "last_name": "DOE",
    "first_name": "JANE",
    "birth_date": date(1980, 1, 1),
    "gender": "F",
}
BABY: dict[str, Any] = {
    "last_name": "DOE",
    "first_name": "BABY",
    "birth_date": date(2026, 3, 15),
    "gender": "M",
}


def inquiry(**changes: Any) -> Inquiry:
    """An inquiry about Jane herself, with nothing to say against it."""
    made: dict[str, Any] = {
        "payer": Payer(name="ACME HEALTH", identifier="12345"),
        "provider": Provider(name="CLINIC", identifier="1234567893"),
        "subscriber": Subscriber(**JANE),
    }
    return Inquiry(**made | changes)


def about_jane(**changes: Any) -> Inquiry:
    """The same with other values of Jane."""
    return inquiry(subscriber=Subscriber(**JANE | changes))


def about_baby(**changes: Any) -> Inquiry:
    """An inquiry about a dependent of Jane."""
    return inquiry(dependents=(Dependent(**BABY | changes),))


__all__ = [
    "AT",
    "BABY",
    "JANE",
    "TODAY",
    "Period",
    "Reference",
    "TraceNumber",
    "about_baby",
    "about_jane",
    "inquiry",
]
