"""What people ask of the models: a date as a range, an address, numbers to call, benefits by service type.

Also what a `repr` shows of a segment: codes that a table knows and where it stood, nothing of a patient. What is
given are the record's own small models, so that both ways of reading an answer speak alike. A text of a segment that
was made by hand is None where none was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from .. import codes
from .base import BLANKS, ElementField, Segment, element_fields, read_date

if TYPE_CHECKING:
    from ..normalize.benefits import DateRange
    from ..normalize.record import Address, Contact
    from . import segments
    from .answer import BenefitLoop

AnyBenefit = TypeVar("AnyBenefit", bound="BenefitLoop")

# Coded elements that a `repr` shows; of other segments it is the first one, which says what kind they are.
_SHOWN = {
    "AAA": (1, 3, 4),
    "EB": (1, 2, 3, 4, 6),
    "EQ": (1, 3),
    "HL": (3,),
    "IK5": (1, 2),
    "DMG": (),
    "INS": (),
}


def period(sent: segments.DateOrPeriod) -> DateRange:
    """DTP: both dates None if the text cannot be read."""
    from ..normalize.benefits import DateRange

    days = [read_date(part) for part in (sent.text or "").strip(BLANKS).split("-")]
    is_read = len(days) <= 2 and None not in days
    return DateRange(
        qualifier=sent.qualifier or "",
        description=codes.describe("DTP01", sent.qualifier or ""),
        start=days[0] if is_read else None,
        end=days[1] if is_read and len(days) == 2 else None,
    )


def address(street: segments.StreetAddress | None, city: segments.CityStateZip | None) -> Address | None:
    """N3 and N4; None if there is neither."""
    from ..normalize.record import Address

    if street is None and city is None:
        return None
    lines = (street.line_1, street.line_2) if street is not None else ()
    return Address(
        lines=tuple(line for line in lines if line),
        city=(city and city.city) or "",
        state=(city and city.state) or "",
        postal_code=(city and city.postal_code) or "",
        country=(city and city.country) or "",
    )


def numbers(sent: Iterable[segments.Contact]) -> tuple[Contact, ...]:
    """PER: one per number."""
    from ..normalize.record import Contact

    return tuple(
        Contact(name=one.name or "", qualifier=qualifier or "", number=number or "")
        for one in sent
        for qualifier, number in (
            (one.qualifier_1, one.number_1),
            (one.qualifier_2, one.number_2),
            (one.qualifier_3, one.number_3),
        )
        if qualifier or number
    )


def phone_numbers(sent: Iterable[segments.Contact]) -> tuple[str, ...]:
    """TE and WP as sent, each with its extension."""
    from ..normalize.record import Party

    return Party(contacts=numbers(sent)).phone_numbers


def of_service_type(benefits: Iterable[AnyBenefit], service_type: str) -> tuple[AnyBenefit, ...]:
    """The benefits with that code in EB03, in document order; with an empty one, those that name none."""
    return tuple(
        one
        for one in benefits
        if one.benefit is not None and service_type in (one.benefit.service_types or ("",))
    )


def by_service_type(benefits: Iterable[AnyBenefit]) -> dict[str, tuple[AnyBenefit, ...]]:
    """The benefits under each of their service types, both in document order; under the empty one those without."""
    found: dict[str, list[AnyBenefit]] = {}
    for one in benefits:
        if one.benefit is not None:
            for service_type in dict.fromkeys(one.benefit.service_types or ("",)):
                found.setdefault(service_type, []).append(one)
    return {service_type: tuple(listed) for service_type, listed in found.items()}


def coded(segment: Segment) -> Iterator[tuple[ElementField, tuple[str, ...]]]:
    """The coded elements that may be shown, where a table or the guide knows every code that was sent."""
    kind = type(segment)
    wanted = _SHOWN.get(kind.segment_id, (1,))
    for field in element_fields(kind):
        if field.number not in wanted:
            continue
        value = getattr(segment, field.name)
        sent = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        if sent and all(isinstance(code, str) and _is_known(kind.segment_id, field, code) for code in sent):
            yield field, sent


def _is_known(segment_id: str, field: ElementField, code: str) -> bool:
    reference = f"{segment_id}{field.number:02}"
    listed = field.told["codes"]
    return code in listed or (reference in codes.tables() and code in codes.lookup(reference))


def shown(segment: Segment) -> Iterator[tuple[str, Any]]:
    """What the `repr` of a segment shows."""
    for field, sent in coded(segment):
        yield field.name, sent if field.several else sent[0]
    if segment.segment_number is not None:
        yield "segment", segment.segment_number
