"""Integrex's [GET] response: 74 fields of text, by the table `integrex.tsv` (seed 002)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from .._tables import read_table

if TYPE_CHECKING:
    from .eligibility import Eligibility


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _date(value: Any) -> str:
    return "" if value is None else str(value.isoformat())


def _money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


_WRITERS: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "date": _date,
    "money": _money,
    "percent": _money,
    "bool": str,
}


@lru_cache(maxsize=1)
def table() -> tuple[dict[str, str], ...]:
    """The rows of `integrex.tsv`, in the order of Integrex's documentation."""
    return tuple(read_table("normalize/integrex.tsv"))


@lru_cache(maxsize=1)
def _plan() -> tuple[tuple[str, str, Callable[[Any], Any] | None, Callable[[Any], str]], ...]:
    """Per field: its name, the optional part of the record on its way, what gets the value, what writes it."""
    plan = []
    for row in table():
        head, _, rest = row["value"].partition(".")
        optional = head if head in {"second_payer", "alternate_payer"} else ""
        path = rest if optional else row["value"]
        plan.append(
            (row["field"], optional, attrgetter(path) if path else None, _WRITERS.get(row["kind"], _text))
        )
    return tuple(plan)


def fields(record: Eligibility, given: dict[str, str]) -> dict[str, str]:
    """The 74 fields of a record; `given` are the caller's, which go before the record's own if not empty."""
    result: dict[str, str] = {}
    for name, optional, get, write in _plan():
        holder: Any = getattr(record, optional) if optional else record
        value = "" if get is None or holder is None else write(get(holder))
        result[name] = given.get(name) or value
    return result
