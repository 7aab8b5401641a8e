"""Builds the typed models from what the core found."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .. import _core
from .._places import finding
from ..errors import Position
from .base import Loop, Segment, Separators, slots
from .compiled import by_identifier
from .envelope import ROOTS, Delimiters, Group, Interchange, OtherTransaction
from .segments import GroupHeader, GroupTrailer, InterchangeHeader, InterchangeTrailer


class Builder:
    """Builds all interchanges of one document."""

    def __init__(self, document: _core.Document) -> None:
        self._segments = document.segments()
        self._transactions = document.transactions()
        self._models = by_identifier()
        self._separators = Separators("", "", "", "")

    def interchange(self, item: Any) -> Interchange:
        """One interchange from the core's values."""
        isa, iea, acknowledgments, groups, others, delimiters = item
        separators = Separators(*(chr(byte) if byte else "" for byte in delimiters))
        self._separators = separators
        return Interchange._trusted(
            {
                "header": self._segment(isa, InterchangeHeader),
                "acknowledgments": self._several(acknowledgments),
                "groups": tuple(self._group(group) for group in groups),
                "trailer": None if iea is None else self._segment(iea, InterchangeTrailer),
                "others": self._several(others),
                "delimiters": Delimiters(
                    element=separators.element,
                    repetition=separators.repetition,
                    component=separators.component,
                    terminator=separators.terminator,
                ),
                "following": (),
                "findings": (),
                "results": None,
            }
        )

    def _segment(self, index: int, model: type[Segment] | None = None) -> Segment:
        offset, loop, parts = self._segments[index]
        kind = model or self._models.get(parts[0], Segment)
        place = Position.model_construct(offset=offset, segment=index + 1, loop=loop)
        return kind.read(parts, place, self._separators)

    def _several(self, indices: list[int]) -> tuple[Segment, ...]:
        return tuple(self._segment(index) for index in indices)

    def _group(self, item: Any) -> Group:
        gs, ge, transactions, others = item
        return Group._trusted(
            {
                "header": None if gs is None else self._segment(gs, GroupHeader),
                "transactions": tuple(self._transaction(index) for index in transactions),
                "trailer": None if ge is None else self._segment(ge, GroupTrailer),
                "others": self._several(others),
            }
        )

    def _transaction(self, index: int) -> Loop | OtherTransaction:
        kind, first, end, _, nodes = self._transactions[index]
        if not nodes:
            return OtherTransaction._trusted(
                {"kind": kind, "segments": self._several(list(range(first, end)))}
            )
        children: dict[int, list[int]] = defaultdict(list)
        for number, (_, parent, _) in enumerate(nodes[1:], start=1):
            children[parent].append(number)
        return self._loop(0, ROOTS[kind], nodes, children)

    def _qualifier(self, segment: Segment) -> str:
        """What tells apart the same segment at different places: the first component of its first element."""
        text = segment.elements[0] if segment.elements else ""
        for separator in (self._separators.repetition, self._separators.component):
            text = text.split(separator)[0] if separator else text
        return text.strip()

    def _loop(self, node: int, model: type[Loop], nodes: Any, children: dict[int, list[int]]) -> Loop:
        values: dict[str, Any] = {}
        by_segment: dict[str, list[Segment]] = defaultdict(list)
        for index in nodes[node][2]:
            segment = self._segment(index)
            by_segment[segment.segment_identifier].append(segment)
        by_loop: dict[str, list[int]] = defaultdict(list)
        for child in children[node]:
            by_loop[nodes[child][0]].append(child)
        for slot in slots(model):
            found: list[Any]
            if issubclass(slot.model, Segment):
                found = by_segment.pop(slot.model.segment_id, [])
                if slot.qualifiers:  # another field has this segment, too
                    others = [one for one in found if self._qualifier(one) not in slot.qualifiers]
                    found = [one for one in found if self._qualifier(one) in slot.qualifiers]
                    by_segment[slot.model.segment_id] = others
            else:
                found = [
                    self._loop(child, slot.model, nodes, children)
                    for child in by_loop.pop(slot.model.loop_id, [])
                ]
            if slot.several:
                values[slot.name] = tuple(found)
            else:
                values[slot.name] = found[0] if found else None
                if len(found) > 1:  # more than the guide allows: kept beside
                    by_segment["+" + slot.name] = found[1:]
        rest = [segment for kept in by_segment.values() for segment in kept]
        values["others"] = tuple(sorted(rest, key=lambda one: (one.position and one.position.segment) or 0))
        return model._trusted(values)


def interchange(document: _core.Document, x12: bytes, lines: Any = None) -> Interchange:
    """The first interchange of a document, with the others behind it."""
    items = document.interchanges()
    builder = Builder(document)
    made = [builder.interchange(item) for item in items]
    offsets = [one.header.position.offset or 0 if one.header.position else 0 for one in made]
    ends = [*offsets[1:], len(x12)]
    for one, start, end in zip(made[1:], offsets[1:], ends[1:], strict=True):
        one._keep(x12[start:end])
    first = made[0].model_copy(
        update={
            "following": tuple(made[1:]),
            "findings": tuple(finding(item, lines) for item in document.findings()),
        }
    )
    first._keep(x12)
    return first
