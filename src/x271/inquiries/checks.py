"""The checks of `checks.tsv`: each a function of a field's value and what stands around it, true if all is well."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from .._tables import read_table
from ..codes.npi import is_npi
from ..findings import Finding
from .inquiry import Inquiry
from .parts import Period, Service
from .people import Patient
from .search import option
from .sending import problem


@dataclass(frozen=True, slots=True)
class Around:
    """Where a value stands: the part that it belongs to, the patient around it, and the day of sending."""

    path: str
    owner: Any
    patient: Patient | None
    inquiry: Inquiry
    today: date


Test = Callable[[Any, Around], bool]


def broken(inquiry: Inquiry, today: date) -> Iterator[Finding]:
    """What the table's checks find; a field that is not there is not checked."""
    for row in _rows():
        for one, value in _values(inquiry, row["field"], today):
            name, _, wanted = row["when"].partition("=")
            applies = not name or getattr(one.owner, name) == wanted
            if applies and value and not _TESTS[row["check"]](value, one):
                yield problem(row["finding"], one.path)


def _npi(value: str, _: Around) -> bool:
    return is_npi(value)


def _originator(value: str, _: Around) -> bool:
    return len(value) == 10 and value[0] in "139"


def _in_order(value: Period, _: Around) -> bool:
    return value.end is None or value.begin <= value.end


def _after_birth(value: Period, around: Around) -> bool:
    born = around.patient.birth_date if around.patient is not None else None
    return born is None or born <= value.begin


def _not_to_come(value: date, around: Around) -> bool:
    is_dated = around.patient is not None and around.patient.date_of_service is not None
    return is_dated or value <= around.today


def _in_window(value: Period, around: Around) -> bool:
    today = around.today
    first = today.replace(year=today.year - 1, day=min(today.day, monthrange(today.year - 1, today.month)[1]))
    last = today.replace(day=monthrange(today.year, today.month)[1])
    return first <= value.begin and (value.end or value.begin) <= last


def _no_digit(value: str, _: Around) -> bool:
    return not any(map(str.isdigit, value))


def _one_question(value: Service, _: Around) -> bool:
    return not (value.service_types and value.procedure)


def _pointers(value: tuple[int, ...], around: Around) -> bool:
    count = len(around.patient.diagnoses) if around.patient is not None else 0
    return all(1 <= one <= count for one in value)


def _not_with_primary(_: str, around: Around) -> bool:
    best = option(around.inquiry.subscriber, around.owner)
    return best is None or not best.is_universal


def _positive(value: int, _: Around) -> bool:
    return value > 0


_TESTS: dict[str, Test] = {
    "npi": _npi,
    "originator": _originator,
    "in_order": _in_order,
    "after_birth": _after_birth,
    "not_to_come": _not_to_come,
    "in_window": _in_window,
    "no_digit": _no_digit,
    "one_question": _one_question,
    "pointers": _pointers,
    "not_with_primary": _not_with_primary,
    "positive": _positive,
}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(read_table("inquiries/checks.tsv"))


def _values(inquiry: Inquiry, field: str, today: date) -> Iterator[tuple[Around, Any]]:
    """Every place that a field of the table names, with its value."""
    first, _, rest = field.partition(".")
    starts = ["subscriber", "dependents[]"] if first == "patient" else [first]
    for start in starts:
        names = [start, *rest.split(".")]
        yield from _walk(inquiry, names, Around("", inquiry, None, inquiry, today))


def _walk(owner: Any, names: list[str], around: Around) -> Iterator[tuple[Around, Any]]:
    name, *rest = names
    plain = name.removesuffix("[]")
    value = getattr(owner, plain)
    several = [(f"[{at}]", one) for at, one in enumerate(value)] if name != plain else [("", value)]
    for index, one in several:
        path = f"{around.path}.{plain}{index}" if around.path else plain + index
        patient = one if isinstance(one, Patient) else around.patient
        here = Around(path, owner, patient, around.inquiry, around.today)
        if not rest:
            yield here, one
        elif one is not None:
            yield from _walk(one, rest, here)
