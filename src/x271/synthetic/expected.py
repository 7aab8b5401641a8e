"""A record held against what the story says that it must give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..normalize.benefits import Benefit
    from ..normalize.eligibility import Eligibility


def differences(expected: Mapping[str, Any], record: Eligibility) -> list[str]:
    """The fields in which a record is not as expected (`Story.expected`), each a path into `Eligibility`; values are
    not repeated. Of `has`, which benefit is not there: `has[0]`."""
    found = []
    for name, value in expected.items():
        if name == "has":
            found += [f"has[{at}]" for at, row in enumerate(value) if not _has(record.benefits, row)]
        elif seen(record, name) != value:
            found.append(name)
    return found


def seen(record: Eligibility, name: str) -> Any:
    """What a record has under a name of `Story.expected`."""
    if name == "rejections":
        return tuple((one.loop, one.code, one.follow_up_code) for one in record.rejections)
    if name == "plans":
        return tuple((one.status, one.insurance_type, one.plan_description) for one in record.plans)
    if name == "traces":
        return tuple(one.number for one in record.traces)
    if name == "findings":
        return tuple(f"{one.code}:{one.field}" if one.field else one.code for one in record.findings)
    if name == "benefits":
        return len(record.benefits)
    return _under(record, name.split("."))


def _under(value: Any, path: Iterable[str]) -> Any:
    for name in path:
        value = getattr(value, name, None)
    return str(value) if type(value).__name__ == "Address" else value


def _has(benefits: Iterable[Benefit], row: Mapping[str, Any]) -> bool:
    return any(all(_of(one, name) == value for name, value in row.items()) for one in benefits)


def _of(benefit: Benefit, name: str) -> Any:
    """A benefit's field; deliveries are elements, entities code and name, dates code, start and, of a range, end."""
    if name == "deliveries":
        return tuple(one.elements for one in benefit.deliveries)
    if name == "entities":
        return tuple((one.entity, one.name) for one in benefit.entities)
    if name == "dates":
        return tuple(
            (one.qualifier, one.start, one.end)[: 2 + (one.end is not None)] for one in benefit.dates
        )
    if name == "references":
        return tuple((one.qualifier, one.value) for one in benefit.references)
    if name == "rejections":
        return tuple(one.code for one in benefit.rejections)
    return _under(benefit, name.split("."))
