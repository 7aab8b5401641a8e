"""`x271.validate`: everything in which a document does not keep to the standard and to its guide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import Field

from .. import sources
from .._model import Model
from .._places import finding as as_finding
from .._reading import Data, document
from ..errors import Position
from ..findings import Finding
from ..grammar.base import Separators
from . import writing
from .envelopes import GroupSent, InterchangeSent, TransactionSent, envelope_faults
from .loops import Found, Sent, Walk
from .situations import Situations
from .verdicts import Answer, answers, breaks

if TYPE_CHECKING:
    from .. import _core

MOST = 10_000  # findings of the guide that are listed, as the core lists its own

# What the core says of a segment that has no place in the guide where it stands, and of a level that hangs wrongly.
_ODD = frozenset({"UNKNOWN_SEGMENT", "MISPLACED_SEGMENT"})
_STRAY_LEVEL = frozenset({"BAD_HL"})
# Where the core has said it already, the same of the same element is not said twice.
_SAME = {
    "CODE_NOT_ALLOWED": {"UNKNOWN_CODE", "BAD_HL"},
    "BAD_TYPE": {"BAD_DATE", "BAD_NUMBER"},
    "MISSING_ELEMENT": {"BAD_REPETITION_SEPARATOR", "BAD_COMPONENT_SEPARATOR", "BAD_HL"},
}


class Report(Model):
    """What `x271.validate` found, and the acknowledgements that answer the document."""

    findings: tuple[Finding, ...] = Field((), description="In document order, never with a value.")
    valid: bool = Field(description="No finding has a SNIP level, but for those of severity info.")
    snip: dict[int, int] = Field(description="How many of the others there are per SNIP level, 1 to 4.")
    answers: tuple[Answer, ...] = Field(
        (), description="Per interchange, what the TA1 and the 999 say, and to whom.", repr=False
    )

    def ta1(self, *, control_number: int | None = None, at: datetime | None = None) -> bytes:
        """The TA1 that answers each interchange, in an interchange from its receiver to its sender.

        Args:
            control_number: ISA13 of the first, the others count on; by default that of the interchange answered.
            at: the time that it bears; by default now.

        Empty for what is itself an acknowledgement and nothing else: a TA1 is not acknowledged.
        """
        return writing.ta1(self.answers, control_number, at)

    def ack_999(self, *, control_number: int | None = None, at: datetime | None = None) -> bytes:
        """The 999 (005010X231A1) that answers each group, in an interchange per interchange answered.

        It names segments, elements and codes, what made a situational rule apply, and the trace number of the
        question concerned (CTX); what was sent in an element (IK404) only of a report with `copies`. Parameters as for
        `ta1`. Empty if there is no group to answer: those of 999 and 997 are not acknowledged.
        """
        return writing.ack_999(self.answers, control_number, at)

    def __str__(self) -> str:
        levels = ", ".join(f"{count} of SNIP level {level}" for level, count in sorted(self.snip.items()))
        head = "valid" if self.valid else f"not valid: {levels}"
        return "\n".join([head, *map(str, self.findings)])


def validate(data: Data, *, copies: bool = False) -> Report:
    """Whether a document keeps to the standard and to its guide: envelope, structure, elements, codes, HL tree.

    `data` as for `parse`: a 271, 270, 999, 997 or TA1. Findings are those of `parse` and those of the guide
    005010X279A1 (of a 999, 005010X231A1); a document of an older guide is held to the same.

    Args:
        copies: what was sent in an element in error is in the report's answers, and the 999 repeats it (IK404). It may
            be the patient's data; findings never have it.

    Raises:
        DataError, UsageError: as for `parse`.
    """
    source = sources.load(data)
    read = document(source)
    segments = read.segments()
    sent = _sent(read, segments)
    known = [as_finding(item, source.lines) for item in read.findings()]
    if source.has_fault:
        known.append(Finding(code="VENDOR_FAULT"))
    places = {(one.code, one.position.segment, one.position.element) for one in known if one.position}
    found: list[Finding] = []
    for one in _found(sent, segments, known):
        if any((code, one.segment + 1, one.element) in places for code in _SAME.get(one.code, ())):
            continue
        cut = len(found) == MOST
        made = one._replace(code="FINDINGS_CUT", about="") if cut else one
        found.append(_finding(made, read, segments, source))
        if cut:
            break
    findings = tuple(sorted([*known, *found], key=_order))
    levels = Counter(one.snip for one in findings if one.snip is not None and breaks(one))
    return Report(
        findings=findings,
        valid=not levels,
        snip=dict(sorted(levels.items())),
        answers=answers(sent, segments, findings, copies=copies),
    )


def _found(
    sent: Sequence[InterchangeSent], segments: Sequence[Sent], known: Sequence[Finding]
) -> Iterable[Found]:
    """What the guide finds, envelope first."""

    def at(codes: Iterable[str]) -> frozenset[int]:
        return frozenset(
            one.position.segment - 1
            for one in known
            if one.code in codes and one.position is not None and one.position.segment is not None
        )

    odd, stray, implied = at(_ODD), at(_STRAY_LEVEL), at({"MISSING_NAME"})
    yield from envelope_faults(sent, segments, at({"ISA_NOT_PADDED"}))
    for interchange in sent:
        for group in interchange.groups:
            for one in group.transactions:
                if one.nodes:
                    walk = Walk(
                        one.kind,
                        one.nodes,
                        segments,
                        interchange.separators,
                        odd=odd,
                        stray=stray,
                        implied=implied,
                    )
                    yield from walk.faults()
                    yield from Situations(one.kind, one.nodes, segments).faults()


def _sent(read: _core.Document, segments: Sequence[Sent]) -> list[InterchangeSent]:
    transactions = [
        TransactionSent(kind, first, end, nodes if is_read else ())
        for kind, first, end, is_read, nodes in read.transactions()
    ]
    items = read.interchanges()
    ends = [*(item[0] for item in items[1:]), len(segments)]
    return [
        InterchangeSent(
            header=isa,
            trailer=iea,
            end=end,
            acknowledgments=acknowledgments,
            groups=[GroupSent(gs, ge, [transactions[one] for one in inside]) for gs, ge, inside, _ in groups],
            separators=Separators(*(chr(byte) if byte else "" for byte in delimiters)),
        )
        for (isa, iea, acknowledgments, groups, _, delimiters), end in zip(items, ends, strict=True)
    ]


def _finding(one: Found, read: _core.Document, segments: Sequence[Sent], source: Any) -> Finding:
    def place(index: int, element: int | None, component: int | None = None) -> Position:
        offset, loop, _ = segments[index]
        is_line = source.lines is not None and index < len(source.lines)
        return Position(
            offset=offset,
            segment=index + 1,
            element=element,
            component=component,
            loop=loop,
            loop_path=read.loop_path(index),
            line=(source.lines[index] or None) if is_line else None,
        )

    return Finding(
        code=one.code,
        field=one.about,
        position=place(one.segment, one.element, one.component),
        others=(place(*one.trigger),) if one.trigger is not None else (),
    )


def _order(one: Finding) -> tuple[int, int, int]:
    place = one.position
    if place is None:
        return -1, 0, 0
    return place.offset if place.offset is not None else -1, place.element or 0, place.component or 0
