"""The envelope against its rules: ISA, TA1, GS, GE, IEA, and control numbers that must not come twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .._tables import read_table
from ..grammar import rules
from ..grammar.base import BLANKS, Separators
from ..grammar.rules import SegmentRule
from .elements import faults, header_faults
from .loops import Found, Node, Sent


@dataclass(frozen=True, slots=True)
class TransactionSent:
    """A transaction set as the core found it. first, end: indices of segments, the end not included."""

    kind: str
    first: int
    end: int
    nodes: Sequence[Node]


@dataclass(frozen=True, slots=True)
class GroupSent:
    """A group; header and trailer are indices of segments."""

    header: int | None
    trailer: int | None
    transactions: Sequence[TransactionSent]


@dataclass(frozen=True, slots=True)
class InterchangeSent:
    """An interchange; end: index of the segment after it."""

    header: int
    trailer: int | None
    end: int
    acknowledgments: Sequence[int]
    groups: Sequence[GroupSent]
    separators: Separators


@cache
def _rule(kind: str, segment_id: str) -> SegmentRule:
    outer = rules.interchange(kind)
    (group,) = outer.loops()
    places: list[SegmentRule] = [*outer.segments(), *group.segments()]
    return next(one for one in places if one.segment_id == segment_id)


@cache
def _kinds() -> dict[str, str]:
    """GS01 to the transaction set that such a group holds."""
    return {row["functional_identifier"]: row["transaction"] for row in read_table("grammar/guides.tsv")}


def envelope_faults(
    sent: Sequence[InterchangeSent], segments: Sequence[Sent], unpadded: frozenset[int]
) -> Iterator[Found]:
    """Every fault of the envelopes. unpadded: ISA segments that the core found not to have their width."""
    yield from _twice([one.header for one in sent], 13, "ISA13", segments)
    for interchange in sent:
        header = interchange.header
        parts = segments[header][2]
        found = header_faults(parts, _rule("271", "ISA"), padded=header not in unpadded)
        yield from (Found(one.code, header, one.about, one.element) for one in found)
        for index in (*interchange.acknowledgments, interchange.trailer):
            yield from _segment(index, "271", interchange.separators, segments)
        headers = [group.header for group in interchange.groups if group.header is not None]
        yield from _twice(headers, 6, "GS06", segments)
        for group in interchange.groups:
            kind = _kind(group, segments)
            for at in (group.header, group.trailer):
                yield from _segment(at, kind, interchange.separators, segments)
            if group.header is not None and not group.transactions:
                yield Found("MISSING_LOOP", group.header, "ST")
            starts = [one.first for one in group.transactions if segments[one.first][2][0] == "ST"]
            yield from _twice(starts, 2, "ST02", segments)


def _kind(group: GroupSent, segments: Sequence[Sent]) -> str:
    named = segments[group.header][2] if group.header is not None else ()
    kinds = [one.kind for one in group.transactions if one.nodes]
    return kinds[0] if kinds else _kinds().get(named[1] if len(named) > 1 else "", "271")


def _segment(
    index: int | None, kind: str, separators: Separators, segments: Sequence[Sent]
) -> Iterator[Found]:
    if index is None:
        return
    parts = segments[index][2]
    for one in faults(parts, _rule(kind, parts[0]), separators):
        yield Found(one.code, index, one.about, one.element, one.component)


def _twice(indices: Sequence[int], element: int, about: str, segments: Sequence[Sent]) -> Iterator[Found]:
    """Headers whose control number another one before them has."""
    known: set[str] = set()
    for index in indices:
        parts = segments[index][2]
        number = parts[element].strip(BLANKS) if element < len(parts) else ""
        if number and number in known:
            yield Found("DUPLICATE_CONTROL_NUMBER", index, about, element)
        known.add(number)
