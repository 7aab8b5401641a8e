"""Reads the acknowledgements that come back: TA1, 999 and 997, and what a rejection comes to in the words of an AAA."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .. import codes
from .._reading import Data
from .._tables import read_table
from ..api import parse
from ..errors import DataError, Position
from ..grammar.acknowledgments import (
    ElementError as Element,
)
from ..grammar.acknowledgments import (
    ElementNote,
    ErrorContext,
    ErrorInElement,
    ErrorInSegment,
    FunctionalAcknowledgment,
    GroupResult,
    ImplementationAcknowledgment,
    NotedSegment,
    SetResult,
    SetVerdict,
    TransactionNotes,
    TransactionResponse,
)
from ..grammar.segments import InterchangeAcknowledgment
from ..normalize.record import Coded, Rejection
from .acknowledgment import (
    Acknowledgment,
    BusinessUnit,
    ElementError,
    GroupVerdict,
    InterchangeVerdict,
    SegmentError,
    TransactionVerdict,
    Trigger,
    coded,
)

_REJECTED = ("R", "M", "W", "X")


def read_acknowledgment(data: Data) -> Acknowledgment:
    """What the acknowledgements in a document say: TA1, 999, 997. `data` as for `parse`.

    A rejected interchange, group or transaction set is in `rejections`, with the AAA code and follow-up action that
    it comes to (`validation/rejections.tsv`). The copies of values that a 999 may hold are not kept.

    Raises:
        DataError: NOT_AN_ACKNOWLEDGMENT; and as `parse`.
    """
    read = parse(data)
    interchanges = tuple(_ta1(one) for each in read.interchanges() for one in each.acknowledgments)
    groups = tuple(
        _group(one)
        for one in read.transactions()
        if isinstance(one, ImplementationAcknowledgment | FunctionalAcknowledgment)
    )
    if not interchanges and not groups:
        raise DataError("NOT_AN_ACKNOWLEDGMENT")
    rejections = (
        *(_rejection("TA1", "TA105", one.note.code, one.position) for one in interchanges if _is_no(one)),
        *(one for group in groups for one in _rejections(group)),
    )
    return Acknowledgment(interchanges=interchanges, groups=groups, rejections=rejections)


def _is_no(one: InterchangeVerdict | GroupVerdict | TransactionVerdict) -> bool:
    return one.verdict.code in _REJECTED


def _ta1(one: InterchangeAcknowledgment) -> InterchangeVerdict:
    return InterchangeVerdict(
        control_number=one.control_number,
        date=one.date,
        time=one.time,
        verdict=coded("TA104", one.acknowledgment_code),
        note=coded("TA105", one.note_code),
        position=one.position,
    )


def _group(one: ImplementationAcknowledgment | FunctionalAcknowledgment) -> GroupVerdict:
    told, result = one.group, one.result
    return GroupVerdict(
        kind=one.loop_id,
        functional_identifier=told.functional_identifier if told else "",
        control_number=told.control_number if told else "",
        version=told.version if told else "",
        verdict=coded("AK901", result.acknowledgment if result else ""),
        included=result.included if result else None,
        received=result.received if result else None,
        taken=result.accepted if result else None,
        errors=_errors("AK905", result),
        transactions=tuple(_set(each) for each in one.responses),
        position=result.position if result else None,
    )


def _errors(table: str, result: GroupResult | SetResult | SetVerdict | None) -> tuple[Coded, ...]:
    if result is None:
        return ()
    sent = (result.error_1, result.error_2, result.error_3, result.error_4, result.error_5)
    return tuple(coded(table, code) for code in sent if code)


def _set(one: TransactionResponse | TransactionNotes) -> TransactionVerdict:
    header, result = one.header, one.result
    return TransactionVerdict(
        transaction=header.transaction if header else "",
        control_number=header.control_number if header else "",
        version=header.version if header else "",
        verdict=coded("IK501", result.acknowledgment if result else ""),
        errors=_errors("IK502", result),
        segments=tuple(_segment(each) for each in one.segments),
        position=result.position if result else None,
    )


def _segment(one: ErrorInSegment | NotedSegment) -> SegmentError:
    error = one.error
    context = one if isinstance(one, ErrorInSegment) else ErrorInSegment()
    return SegmentError(
        segment=error.segment if error else "",
        place=error.place if error else None,
        loop=error.loop if error else "",
        error=coded("IK304", error.error if error else ""),
        triggers=tuple(map(_trigger, context.triggers)),
        business_unit=_business_unit(context.business_unit),
        elements=tuple(_elements(one)),
    )


def _trigger(one: ErrorContext) -> Trigger:
    return Trigger(
        segment=one.segment,
        place=one.place,
        loop=one.loop,
        element=one.where.number if one.where else None,
        component=one.where.component if one.where else None,
        data_element=one.data_elements.data_element_1 if one.data_elements else "",
    )


def _business_unit(one: ErrorContext | None) -> BusinessUnit | None:
    if one is None or not one.contexts:
        return None
    return BusinessUnit(name=one.contexts[0].name, reference=one.contexts[0].reference)


def _elements(one: ErrorInSegment | NotedSegment) -> Iterator[ElementError]:
    for each in one.elements:
        if isinstance(each, ElementNote):
            yield _element(each, ())
        elif isinstance(each, ErrorInElement) and each.error is not None:
            yield _element(each.error, tuple(map(_trigger, each.triggers)))


def _element(one: Element | ElementNote, triggers: tuple[Trigger, ...]) -> ElementError:
    where = one.where
    return ElementError(
        element=where.number if where else None,
        component=where.component if where else None,
        repetition=where.repetition if where else None,
        data_element=one.data_element,
        error=coded("IK403", one.error),
        triggers=triggers,
    )


def _rejections(group: GroupVerdict) -> Iterator[Rejection]:
    """Of each transaction set that was rejected; of the group if it was and none of them says so."""
    rejected = [one for one in group.transactions if _is_no(one)]
    for one in rejected:
        first = one.errors[0].code if one.errors else ""
        yield _rejection(group.kind, "IK502", first, one.position)
    if not rejected and _is_no(group):
        first = group.errors[0].code if group.errors else ""
        yield _rejection(group.kind, "AK905", first, group.position)


@cache
def _table() -> list[dict[str, str]]:
    return read_table("validation/rejections.tsv")


def _rejection(loop: str, element: str, code: str, position: Position | None) -> Rejection:
    row = next(row for row in _table() if row["element"] == element and row["code"] in (code, "*"))
    reason, action = row["reject_reason"], row["follow_up_action"]
    return Rejection(
        loop=loop,
        valid_request="N",
        code=reason,
        description=codes.describe("AAA03", reason),
        follow_up_code=action,
        follow_up=codes.describe("AAA04", action),
        eligibility_response=codes.eligibility_response(reason),
        position=position,
    )
