"""One benefit: an EB segment for one service type, with everything that hangs on it. SPEC 3.1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from .. import codes
from .._model import Model
from .._places import position
from ..errors import Position
from .record import Address, Contact, Rejection, RelatedEntity, shown

NETWORKS = frozenset({"in", "out", "both", "unknown"})

# DTP01 of a single date that says since when, or until when.
BEGINS = frozenset({"193", "290", "291", "292", "307", "346", "348", "356"})
ENDS = frozenset({"194", "347", "349", "357"})


class Delivery(Model):
    """HSD: how a service is delivered, such as 12 visits, 3 per week."""

    elements: tuple[str, ...] = Field((), description="HSD01 to HSD08 as sent.", repr=False)

    @property
    def text(self) -> str:
        """The pattern in words: `12 Visits, 3 per Week, for 1 Month`; codes without a description stay codes."""
        unit, count, per, times, period, periods, pattern, time = (*self.elements, *[""] * 8)[:8]

        def word(table: str, code: str) -> str:
            return codes.describe(table, code) or code

        parts = [
            f"{count} {word('HSD01', unit)}".strip(),
            f"{times} per {word('HSD03', per)}".strip() if per else "",
            f"for {periods} {word('HSD05', period)}".replace("  ", " ") if periods else word("HSD05", period),
            word("HSD07", pattern),
            word("HSD08", time),
        ]
        return ", ".join(part for part in parts if part)


class Reference(Model):
    """REF: a number that identifies something."""

    qualifier: str = Field("", description="REF01.")
    value: str = Field("", description="REF02.", repr=False)
    description: str = Field("", description="REF03.", repr=False)


class DateRange(Model):
    """DTP: a date or a range; both None if it cannot be read."""

    qualifier: str = Field("", description="DTP01.")
    description: str = ""
    start: date | None = Field(None, description="The date, or the begin of the range.", repr=False)
    end: date | None = Field(None, description="The end of the range; None for a single date.", repr=False)

    def covers(self, day: date) -> bool:
        """Whether the day is in the range, both ends included.

        A single date is a begin or an end if its qualifier says so (SPEC 3.3.6: 291, 292 and 307 are begins), else
        that one day. This asks one date only. Which dates of a row count for a date of service depends on its other
        dates and on what was asked: the normalizer knows that, and so `Benefit` has no such method.
        """
        if self.start is None:
            return False
        if self.end is not None or self.qualifier in BEGINS:
            return self.start <= day and (self.end is None or day <= self.end)
        return day <= self.start if self.qualifier in ENDS else day == self.start

    def __str__(self) -> str:
        """`2026-01-01 to 2026-12-31`, `from 2026-01-01`, `until 2026-12-31` or `2026-01-01`."""
        if self.start is None:
            return ""
        if self.end is not None:
            return str(self.start) if self.end == self.start else f"{self.start} to {self.end}"
        word = "from " if self.qualifier in BEGINS else "until " if self.qualifier in ENDS else ""
        return f"{word}{self.start}"


class Procedure(Model):
    """EB13: the procedure that the benefit is about."""

    qualifier: str = Field("", description="EB13-1.")
    code: str = Field("", description="EB13-2.", repr=False)
    modifiers: tuple[str, ...] = Field((), description="EB13-3 to EB13-6.", repr=False)
    description: str = Field("", description="EB13-7.", repr=False)
    range_end: str = Field("", description="EB13-8.", repr=False)


class Injury(Model):
    """III with NI or GR: the injury that the benefit is about."""

    qualifier: str = Field("", description="III01.")
    code: str = Field("", description="III02.", repr=False)
    category: str = Field("", description="III03.", repr=False)
    body_part: str = Field("", description="III04.", repr=False)


class Benefit(Model):
    """One EB segment for one code of EB03: a repeated EB03 is shorthand for several benefits [RFI 898, 1422]."""

    record_id: str = Field("", description="ST02, patient, EB and repeat, each counted from 1.")
    loop: str = Field("", description="2110C or 2110D.")
    information_code: str = Field("", description="EB01.")
    information: str = Field("", description="What EB01 means.")
    coverage_level: str = Field("", description="EB02.")
    coverage_level_description: str = ""
    service_type: str = Field("", description="One code of EB03; empty if the payer gave none.")
    service_type_description: str = ""
    insurance_type: str = Field("", description="EB04.")
    insurance_type_description: str = ""
    plan_description: str = Field("", description="EB05.")
    time_period: str = Field("", description="EB06.")
    time_period_description: str = ""
    amount: Decimal | None = Field(None, description="EB07 in dollars, at least two decimals.")
    percent: Decimal | None = Field(None, description="EB08 as sent: a fraction, the patient's share.")
    quantity_qualifier: str = Field("", description="EB09.")
    quantity_qualifier_description: str = ""
    quantity: Decimal | None = Field(None, description="EB10.")
    authorization: str = Field("", description="EB11: Y, N or U.")
    network: str = Field("", description="EB12: in (Y), out (N), both (W), unknown (U), or empty.")
    procedure: Procedure | None = Field(None, description="EB13.")
    diagnosis_pointers: tuple[str, ...] = Field((), description="EB14.")
    deliveries: tuple[Delivery, ...] = Field((), description="HSD.")
    references: tuple[Reference, ...] = Field((), description="REF.")
    dates: tuple[DateRange, ...] = Field((), description="DTP.")
    rejections: tuple[Rejection, ...] = Field((), description="AAA.")
    messages: tuple[str, ...] = Field((), description="MSG01.")
    places_of_service: tuple[str, ...] = Field(
        (), description="III02 where III01 is ZZ: CMS codes, 11 is the office."
    )
    injuries: tuple[Injury, ...] = Field((), description="The other III.")
    entities: tuple[RelatedEntity, ...] = Field((), description="2120.")
    segments: tuple[str, ...] = Field((), description="The loop's segments as received.", repr=False)
    position: Position | None = None

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What a table says, and no text or number of the payer's: a `repr` may end up in a log."""
        coded = (
            ("information", self.information or shown(self.information_code, "")),
            ("service_type", shown(self.service_type, self.service_type_description)),
            ("coverage_level", shown(self.coverage_level, self.coverage_level_description)),
            ("time_period", shown(self.time_period, self.time_period_description)),
            ("network", shown(self.network, "known" if self.network in NETWORKS else "")),
        )
        return ((name, value) for name, value in coded if value not in ("", None))


_LISTS: dict[str, type[Model]] = {
    "deliveries": Delivery,
    "references": Reference,
    "dates": DateRange,
    "injuries": Injury,
}


def rejection(values: dict[str, Any]) -> Rejection:
    """A rejection from the core's values."""
    values["position"] = position(values["position"])
    return Rejection._trusted(values)


def party(values: dict[str, Any], kind: type[Model]) -> Any:
    """A party from the core's values; a fresh dict each, as the model keeps it."""
    if values["address"] is not None:
        values["address"] = Address._trusted(values["address"])
    values["contacts"] = tuple(Contact._trusted(item) for item in values["contacts"])
    return kind._trusted(values)


def benefits(rows: list[tuple[dict[str, Any], list[tuple[str, str, str]]]]) -> tuple[Benefit, ...]:
    """The benefits from the core's values: per EB what its service types share, and what each has of its own."""
    made: list[Benefit] = []
    for row, repeats in rows:
        for name, kind in _LISTS.items():
            if row[name]:
                row[name] = tuple(kind._trusted(item) for item in row[name])
        row["rejections"] = tuple(rejection(item) for item in row["rejections"])
        row["entities"] = tuple(party(item, RelatedEntity) for item in row["entities"])
        if row["procedure"] is not None:
            row["procedure"] = Procedure._trusted(row["procedure"])
        row["position"] = position(row["position"])
        for record_id, code, description in repeats:
            own = {"record_id": record_id, "service_type": code, "service_type_description": description}
            values = row | own
            made.append(Benefit._trusted({name: values[name] for name in Benefit.model_fields}))
    return tuple(made)
