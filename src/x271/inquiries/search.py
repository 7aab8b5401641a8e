"""Search options: which fields identify a patient to a payer (`search_options.tsv`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from .._tables import read_table
from ..findings import Finding
from .inquiry import Inquiry
from .people import Patient, Subscriber
from .sending import problem


@dataclass(frozen=True, slots=True)
class SearchOption:
    """Fields by which a payer can search. is_universal: every payer must be able to."""

    name: str
    fields: tuple[str, ...]
    is_universal: bool


@cache
def search_options() -> tuple[SearchOption, ...]:
    """All of them, the best first."""
    rows = read_table("inquiries/search_options.tsv")
    return tuple(
        SearchOption(row["option"], tuple(row["fields"].split()), row["support"] == "all") for row in rows
    )


def search(inquiry: Inquiry) -> tuple[dict[str, str], list[Finding]]:
    """By the path of each patient the best option that is complete; and what is missing of the first, universal one.

    What is missing is a problem where no option is complete, else a warning: only some payers take the others.
    """
    found: dict[str, str] = {}
    missing: list[Finding] = []
    for path, patient in inquiry.patients().items():
        best = option(inquiry.subscriber, patient)
        found[path] = best.name if best is not None else ""
        if best is None or not best.is_universal:
            code = "ALTERNATE_SEARCH" if best is not None else "MISSING_FOR_SEARCH"
            absent = _absent(inquiry.subscriber, patient, search_options()[0])
            missing += (problem(code, search_path(path, field)) for field in absent)
    return found, missing


def option(subscriber: Subscriber, patient: Patient) -> SearchOption | None:
    """The best option that a patient has the fields for; a subscriber of whom nothing is known finds nobody."""
    if not subscriber.member_id and not subscriber.last_name:
        return None
    return next((one for one in search_options() if not _absent(subscriber, patient, one)), None)


def search_path(path: str, field: str) -> str:
    """Where a field of a search option stands: the member number is always the subscriber's."""
    return f"subscriber.{field}" if field == "member_id" else f"{path}.{field}"


def _absent(subscriber: Subscriber, patient: Patient, wanted: SearchOption) -> list[str]:
    return [
        field
        for field in wanted.fields
        if not getattr(subscriber if field == "member_id" else patient, field)
    ]
