"""What a 999 says of the segments and elements of one transaction set (IK3, IK4, CTX)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from ..errors import Position
from ..findings import Finding
from ..grammar import rules
from ..grammar.base import BLANKS, Composite, Segment, element_fields
from ..grammar.mapped import by_identifier
from .acknowledgment import BusinessUnit, ElementError, SegmentError, Trigger, coded
from .envelopes import TransactionSent
from .loops import Sent
from .situations import missing

_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_LONGEST = 35  # CTX01-2; a longer number is cut. [RFI 2293]
_WRITABLE = re.compile(r"[ !-)+-9;-\]_-}]+")  # printable, and none of the delimiters that we write


class Noted(NamedTuple):
    """A finding and what it comes to in an acknowledgement."""

    finding: Finding
    segment: int  # index from 0
    element: str  # the table: TA105, AK905, IK502, IK304 or IK403
    code: str
    verdict: str


def segment_errors(
    one: TransactionSent, segments: Sequence[Sent], noted: Sequence[Noted], *, copies: bool
) -> tuple[SegmentError, ...]:
    """Per segment in error one for each code, and one with all its elements in error.

    What has no name that IK301 could hold is left to IK5. [RFI 1257]
    """
    found: dict[tuple[int, str, str], list[Noted]] = defaultdict(list)
    because: dict[tuple[int, str, str], list[Trigger]] = defaultdict(list)
    for each in noted:
        if each.element == "IK304":
            key = each.segment, _missing(one.kind, each.finding), each.code
            found.setdefault(key, [])
            because[key] += _triggers(one, segments, each.finding)
        else:
            found[each.segment, "", "8"].append(each)
    units = _BusinessUnits(one, segments, noted)
    return tuple(
        SegmentError(
            segment=name or segments[index][2][0],
            place=index - one.first + 1,
            loop=_loop(one, segments[index][1]),
            error=coded("IK304", code),
            triggers=tuple(dict.fromkeys(because[index, name, code]))[:9],
            business_unit=units.of(index),
            elements=tuple(
                _element(one, segments, each, copies) for each in elements if _place(each) is not None
            ),
        )
        for (index, name, code), elements in found.items()
        if _SEGMENT_ID.fullmatch(name or segments[index][2][0])
    )


def _loop(one: TransactionSent, loop: str | None) -> str:
    """IK303 has room for four characters; the transaction set is no loop."""
    return (loop or "")[:4] if loop != one.kind else ""


def _missing(kind: str, finding: Finding) -> str:
    """The segment that is missing; empty if the one at the place is meant."""
    match finding.code:
        case "MISSING_NAME":
            return "NM1"
        case "MISSING_LOOP":
            return rules.loop(kind, finding.field).segments()[0].segment_id
        case "REQUIRED_BY_SEGMENT":
            return missing(finding.field)
        case "MISSING_SEGMENT":
            return finding.field
        case _:
            return ""


def _place(noted: Noted) -> Position | None:
    place = noted.finding.position
    return place if place is not None and place.element is not None else None


def _element(one: TransactionSent, segments: Sequence[Sent], noted: Noted, copies: bool) -> ElementError:
    place = _place(noted)
    number = place.element if place is not None else None
    component = place.component if place is not None else None
    parts = segments[noted.segment][2]
    sent = parts[number].strip(BLANKS) if copies and number is not None and number < len(parts) else ""
    return ElementError(
        element=number,
        component=component,
        data_element=_data_element(parts[0], number, component),
        error=coded("IK403", noted.code),
        copied=sent,
        triggers=tuple(_triggers(one, segments, noted.finding)),
    )


def _triggers(one: TransactionSent, segments: Sequence[Sent], finding: Finding) -> list[Trigger]:
    """The segments and elements that make a situational rule apply."""
    found = []
    for place in finding.others:
        index = (place.segment or 1) - 1
        name = segments[index][2][0]
        found.append(
            Trigger(
                segment=name,
                place=index - one.first + 1,
                loop=_loop(one, place.loop),
                element=place.element,
                data_element=_data_element(name, place.element, None),
            )
        )
    return found


class _BusinessUnits:
    """Whose error one is: the trace number (TRN02) of the nearest level around it that has one. [RFI 1312, 2293]"""

    def __init__(self, one: TransactionSent, segments: Sequence[Sent], noted: Sequence[Noted]) -> None:
        self._nodes, self._segments = one.nodes, segments
        self._owner = {index: node for node, (_, _, own) in enumerate(one.nodes) for index in own}
        self._traces = [
            next((at for at in own if segments[at][2][0] == "TRN"), None) for _, _, own in one.nodes
        ]
        self._bad = {
            each.segment
            for each in noted
            if each.finding.position is not None
            and each.finding.position.element == 2
            and each.finding.code != "TOO_LONG"
        }

    def of(self, index: int) -> BusinessUnit | None:
        node = self._owner.get(index, 0)
        while node:
            parent, at = self._nodes[node][1], self._traces[node]
            if at is not None and at <= index:
                parts = self._segments[at][2]
                number = parts[2].strip(BLANKS)[:_LONGEST] if len(parts) > 2 else ""
                is_known = at not in self._bad and _WRITABLE.fullmatch(number)
                return BusinessUnit(name="TRN02", reference=number.rstrip()) if is_known else None
            node = parent
        return None


def _data_element(segment_id: str, element: int | None, component: int | None) -> str:
    """Its number in X12's dictionary; empty where the models do not have it, or it is a composite."""
    model = by_identifier().get(segment_id)
    return _number(model, element, component) if model else ""  # nothing of a document is kept


@cache
def _number(model: type[Segment], element: int | None, component: int | None) -> str:
    field = next((one for one in element_fields(model) if one.number == element), None)
    if field is None:
        return ""
    if component is not None and issubclass(field.type, Composite):
        inner = next((one for one in element_fields(field.type) if one.number == component), None)
        return str(inner.told["data_element"]) if inner is not None else ""
    number = str(field.told["data_element"])
    return number if number.isdigit() else ""
