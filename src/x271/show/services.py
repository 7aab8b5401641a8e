"""The benefits of a card: by service type, each a row of short texts with notes below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import codes
from ..normalize.benefits import NETWORKS
from .boxes import party
from .words import dollars, joined, number, plain, share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..normalize.benefits import Benefit, DateRange, Procedure
    from ..normalize.eligibility import Eligibility
    from ..normalize.record import RelatedEntity

_AUTHORIZATIONS = {"Y": "required", "N": "not required", "U": "unknown"}
_ACTIVE = frozenset("12345")
_INACTIVE = frozenset("678")
_NOT_COVERED = frozenset("EI")
_UNITS = frozenset({"DY", "HS", "MN", "VS", "YY"})  # EB09 that reads after its number: 20 Visits


@dataclass(frozen=True, slots=True)
class Row:
    """One benefit. `authorization` is empty if nothing is said; `details` are ours, `messages` the payer's.

    `excluded`: it says what is not covered.
    """

    what: str
    network: str
    level: str
    period: str
    value: str
    authorization: str
    details: tuple[str, ...]
    messages: tuple[str, ...]
    excluded: bool


@dataclass(frozen=True, slots=True)
class Service:
    """The benefits of one service type. `status` says that it is covered (or not) where no row needs to."""

    title: str
    code: str
    status: str
    rows: tuple[Row, ...]
    excluded: bool


@dataclass(frozen=True, slots=True)
class Services:
    """All benefits: types of which more is said than yes or no, and the names of the others."""

    detailed: tuple[Service, ...]
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]


def services(record: Eligibility, *, patient_data: bool) -> Services:
    """The benefits of the record, what was asked for first.

    Each benefit stands in it: as a row, or as words that say all of it.
    """
    groups = sorted(record.by_service_type().items(), key=lambda group: group[0] not in record.service_types)
    boxed = _boxed(record)
    told: set[str] = set()  # the EBs whose references stand in a row
    covered: list[str] = []
    not_covered: list[str] = []
    detailed: list[Service] = []
    for code, rows in groups:
        bare: list[Benefit] = []
        full: list[Benefit] = []
        for one in rows:
            is_bare = _is_bare(one, record) and (not one.references or _segment(one) in told)
            (bare if is_bare else full).append(one)
        name = rows[0].service_type_description
        kinds = {one.information_code for one in bare}
        names = covered if kinds <= _ACTIVE else not_covered if kinds <= _NOT_COVERED else None
        if not full and names is not None and code and (name or patient_data):
            names.append(f"{name} ({code})" if name else plain(code))
            continue
        told.update(map(_segment, full))
        made = dict.fromkeys(_row(one, record, boxed, patient_data=patient_data) for one in full)
        said = (joined([one.information, one.coverage_level_description]).lower() for one in bare)
        title = name or _unnamed(code, patient_data=patient_data)
        excluded = not kinds <= _ACTIVE
        detailed.append(Service(title, code if name else "", joined(said, "; "), tuple(made), excluded))
    return Services(tuple(detailed), tuple(covered), tuple(not_covered))


def _boxed(record: Eligibility) -> frozenset[tuple[str, str]]:
    """Name and identifier of the parties that have a box of their own on the card."""
    parties = (record.payer, record.provider, record.second_payer, record.alternate_payer)
    care = record.primary_care
    named = {(one.full_name, one.identifier) for one in parties if one is not None}
    return frozenset(named | {(care.full_name, care.npi), (care.facility, care.npi)})


def _unnamed(code: str, *, patient_data: bool) -> str:
    if not code:
        return "No service type"
    return plain(code) if patient_data else "Unknown service type"


def _segment(row: Benefit) -> str:
    """Which EB the row is of; its service types share it."""
    return row.record_id.rpartition("-")[0]


def _is_bare(row: Benefit, record: Eligibility) -> bool:
    """Whether the row says that its service is covered or is not, and no more (but for references).

    A payer's "active" is not repeated as ours where the coverage is not active: then it stays the row that it is.
    """
    kinds = _ACTIVE | _NOT_COVERED if record.coverage == "active" else _NOT_COVERED
    return row.information_code in kinds and not _says_more(row)


def _says_more(row: Benefit) -> bool:
    values = (row.amount, row.percent, row.quantity, row.procedure)
    texts = (row.time_period, row.authorization, row.network, row.messages, row.dates, row.deliveries)
    hanging = (row.entities, row.rejections, row.places_of_service, row.injuries, row.diagnosis_pointers)
    return any(value is not None for value in values) or any(texts) or any(hanging)


def _row(row: Benefit, record: Eligibility, boxed: frozenset[tuple[str, str]], *, patient_data: bool) -> Row:
    def word(code: str, description: str) -> str:
        if description or not code:
            return description
        return plain(code) if patient_data else "unknown"

    return Row(
        what=word(row.information_code, row.information) or "Benefit",
        network=""
        if row.network == "unknown"
        else word(row.network, row.network if row.network in NETWORKS else ""),
        level=word(row.coverage_level, row.coverage_level_description),
        period=word(row.time_period, row.time_period_description),
        value=_value(row),
        authorization=_AUTHORIZATIONS.get(row.authorization, word(row.authorization, "")),
        details=tuple(dict.fromkeys(plain(one) for one in _details(row, record, boxed) if one))
        if patient_data
        else tuple(_quantity(row)),
        messages=tuple(plain(one) for one in row.messages if one.strip()) if patient_data else (),
        excluded=row.information_code in _NOT_COVERED | _INACTIVE,
    )


def _value(row: Benefit) -> str:
    parts = []
    if row.amount is not None:
        parts.append(dollars(row.amount))
    if row.percent is not None:
        parts.append(share(row.percent))
    if row.quantity is not None and row.quantity_qualifier in ("", *_UNITS):
        parts.append(f"{number(row.quantity)} {row.quantity_qualifier_description.lower()}".strip())
    return ", ".join(parts)


def _quantity(row: Benefit) -> Iterable[str]:
    """A quantity whose kind is no unit, such as the age up to which a benefit holds."""
    if row.quantity is not None and row.quantity_qualifier not in ("", *_UNITS):
        kind = row.quantity_qualifier_description or "quantity of an unknown kind"
        yield f"{kind}: {number(row.quantity)}"


def _details(row: Benefit, record: Eligibility, boxed: frozenset[tuple[str, str]]) -> Iterable[str]:
    yield from _quantity(row)
    if row.insurance_type and row.insurance_type != record.plan_type.code:
        yield row.insurance_type_description or row.insurance_type
    if row.plan_description != record.plan_description:
        yield row.plan_description
    if row.procedure is not None:
        yield _procedure(row.procedure)
    if row.diagnosis_pointers:
        yield f"for diagnosis {joined(row.diagnosis_pointers)}"
    yield from (delivery.text for delivery in row.deliveries)
    for dates in row.dates:
        yield _dates(dates)
    for one in row.references:
        kind = codes.describe("REF01", one.qualifier) or one.qualifier
        yield f"{kind} {joined([one.value, one.description], ' ')}"
    places = [codes.describe("III02", code) or code for code in row.places_of_service]
    yield f"at {joined(places)}" if places else ""
    for injury in row.injuries:
        yield f"injury {joined([injury.code, injury.category, injury.body_part])}"
    yield from (_entity(one, is_boxed=(one.full_name, one.identifier) in boxed) for one in row.entities)
    for refused in row.rejections:
        reason = refused.description or refused.code
        yield f"rejected: {reason}" + (f" ({refused.follow_up})" if refused.follow_up else "")


def _procedure(procedure: Procedure) -> str:
    kind = {"HC": "procedure", "CJ": "CPT", "AD": "dental procedure", "N4": "drug"}.get(procedure.qualifier)
    named = kind or codes.describe("EB13-1", procedure.qualifier) or "procedure"
    last = f" to {procedure.range_end}" if procedure.range_end else ""
    modifiers = f" with modifier {joined(procedure.modifiers)}" if procedure.modifiers else ""
    return joined([f"{named} {procedure.code}{last}{modifiers}", procedure.description])


def _dates(dates: DateRange) -> str:
    """`Benefit from 2026-01-01`, `Benefit Begin 2026-01-01`; empty if the date cannot be read."""
    name = dates.description or dates.qualifier
    if dates.start is None:
        return ""
    is_named = dates.end is None and any(word in name for word in ("Begin", "Start", "End"))
    return f"{name} {dates.start if is_named else dates}"


def _entity(entity: RelatedEntity, *, is_boxed: bool) -> str:
    """Who else has to do with it; of one that has a box of its own, only who it is."""
    role = entity.entity_description or entity.entity
    if is_boxed:
        return f"{role}: {entity.full_name}"
    known = [f"{label} {text}" if label in ("NPI", "ID", "Fax") else text for label, text in party(entity)]
    return f"{role}: {joined([entity.full_name, *known])}"
