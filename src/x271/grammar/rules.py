"""The guides read back from the models: what a loop may hold, how often, and what each element of it must be.

    loop("271", "2100C").segment("NM1")[0].elements[7].codes      # NM108 of the subscriber: {"II", "MI"}

`transaction("271")` is the transaction set, `interchange("271")` the envelope around it; their `contents` are the
segments and loops in the guide's order. What checks a document walks these, and so does what writes documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .. import codes
from .._model import Model
from .._tables import read_table
from .base import Composite, ElementField, Loop, Segment, Slot, element_fields, slots
from .envelope import ROOTS, Group, Interchange
from .fields import Usage


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What an element, or a component of one, must be at its place.

    Attributes:
        reference: such as `NM108` or `EB13-2`.
        name: the attribute of the model.
        repeat: how often it may be repeated.
        data_element: number in X12's dictionary; a composite's is C003 and the like.
        kind: ID, AN, N0, R, DT or TM; empty for a composite.
        min, max: lengths in characters (in digits, for N0 and R); None where the dictionary does not say.
        codes: what the guide allows; empty if it lists none, and where another element decides (III02).
        components: of a composite that is used here.
    """

    reference: str
    name: str
    number: int
    usage: Usage
    repeat: int
    data_element: str
    kind: str
    min: int | None
    max: int | None
    codes: frozenset[str]
    components: tuple[ElementRule, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """What a segment must be at its place. max: None is any number. notes: see `Segment`."""

    segment_id: str
    name: str
    usage: Usage
    max: int | None
    notes: tuple[str, ...]
    elements: tuple[ElementRule, ...]
    qualifiers: frozenset[str]
    """First elements that send the segment here, where the loop has several places for it; empty takes the rest."""


@dataclass(frozen=True, slots=True)
class LoopRule:
    """What a loop may hold, in the guide's order. max: None is any number. level: HL03 that opens it."""

    loop_id: str
    name: str
    usage: Usage
    max: int | None
    level: str
    model: type[Model]
    contents: tuple[SegmentRule | LoopRule, ...]

    def segments(self) -> tuple[SegmentRule, ...]:
        """The segments of the loop itself."""
        return tuple(one for one in self.contents if isinstance(one, SegmentRule))

    def segment(self, segment_id: str) -> tuple[SegmentRule, ...]:
        """The places of a segment in the loop itself: none, one, or several that qualifiers tell apart."""
        return tuple(one for one in self.segments() if one.segment_id == segment_id)

    def loops(self) -> tuple[LoopRule, ...]:
        """The loops directly in it."""
        return tuple(one for one in self.contents if isinstance(one, LoopRule))

    def walk(self) -> Iterator[LoopRule]:
        """This loop and all in it, outermost first."""
        yield self
        for one in self.loops():
            yield from one.walk()


@cache
def transaction(kind: str) -> LoopRule:
    """The transaction set 271, 270, 999 or 997.

    Raises:
        KeyError: for any other.
    """
    return _loop(ROOTS[kind], kind, "", {"usage": "R", "max": None})


@cache
def loop(kind: str, loop_id: str) -> LoopRule:
    """One loop of a transaction set, such as `loop("271", "2110C")`.

    Raises:
        KeyError: there is none.
    """
    return {one.loop_id: one for one in transaction(kind).walk()}[loop_id]


@cache
def interchange(kind: str) -> LoopRule:
    """The envelope of a transaction set: ISA, TA1, the groups (GS) with the transaction set in them, IEA."""
    group_header, group_trailer = (_segment(slot, "GS", kind) for slot in slots(Group))
    group = LoopRule("GS", "groups", "R", None, "", Group, (group_header, transaction(kind), group_trailer))
    header, acknowledgment, trailer = (_segment(slot, "ISA", kind) for slot in slots(Interchange))
    return LoopRule("ISA", "", "R", None, "", Interchange, (header, acknowledgment, group, trailer))


def _loop(model: type[Loop], kind: str, name: str, told: Mapping[str, Any]) -> LoopRule:
    contents: list[SegmentRule | LoopRule] = []
    for slot in slots(model):
        if "orphans" in slot.told:
            continue
        if issubclass(slot.model, Loop):
            contents.append(_loop(slot.model, kind, slot.name, slot.told))
        else:
            contents.append(_segment(slot, model.loop_id, kind, model.level))
    return LoopRule(model.loop_id, name, told["usage"], told["max"], model.level, model, tuple(contents))


def _segment(slot: Slot, loop_id: str, kind: str, level: str = "") -> SegmentRule:
    model = slot.model
    assert issubclass(model, Segment)  # noqa: S101  (for the type checker; the callers see to it)
    place = _Place(kind, loop_id, level, model.segment_id, slot.told)
    elements = tuple(place.element(field) for field in element_fields(model))
    told = slot.told
    return SegmentRule(
        model.segment_id, slot.name, told["usage"], told["max"], model.notes, elements, slot.qualifiers
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A segment in a loop of a transaction set, and what the loop's model says of it."""

    kind: str
    loop_id: str
    level: str
    segment_id: str
    told: Mapping[str, Any]

    def element(self, field: ElementField) -> ElementRule:
        reference = f"{self.segment_id}{field.number:02}"
        components: tuple[ElementRule, ...] = ()
        if issubclass(field.type, Composite):
            inner = element_fields(field.type)
            components = tuple(self._component(reference, field, one) for one in inner)
        rule = self._rule(reference, str(field.number), field, field.told["usage"])
        return rule if rule.usage == "N" else replace(rule, components=components)

    def _component(self, reference: str, outer: ElementField, field: ElementField) -> ElementRule:
        usage: Usage = "N" if field.number in outer.told["unused"] else field.told["usage"]
        return self._rule(f"{reference}-{field.number}", f"{outer.number}-{field.number}", field, usage)

    def _rule(self, reference: str, place: str, field: ElementField, usage: Usage) -> ElementRule:
        usage = self.told["elements"].get(place, usage)
        number = field.told["data_element"]
        entry = _dictionary().get(number, {})
        return ElementRule(
            reference=reference,
            name=field.name,
            number=field.number,
            usage=usage,
            repeat=field.told["repeat"],
            data_element=number,
            kind=entry.get("kind", ""),
            min=int(entry["min"]) if entry else None,
            max=int(entry["max"]) if entry else None,
            codes=frozenset() if usage == "N" else self._codes(reference, place, field.told["codes"]),
        )

    def _codes(self, reference: str, place: str, inline: list[str]) -> frozenset[str]:
        """From the loop's model, the guide's own name, the code table by loop, the segment's model, the code table."""
        if place in self.told["codes"]:
            return frozenset(self.told["codes"][place])
        if reference == "HL03":
            return frozenset({self.level})
        if reference in _NAMES:
            return frozenset({_guide(self.kind)[_NAMES[reference]]})
        if reference not in codes.tables() or reference in codes.compiled()["when"]:
            return frozenset(inline)
        if self.kind in ("271", "270"):
            by_loop = codes.allowed(reference, self.loop_id, transaction=self.kind)  # type: ignore[arg-type]
            if by_loop:
                return by_loop
        known = codes.lookup(reference).values()
        return frozenset(inline) or frozenset(one.code for one in known if one.part == "tr3")


# Elements that name the transaction set and its guide: the column of `guides.tsv` that has their code.
_NAMES = {"GS01": "functional_identifier", "GS08": "guide", "ST01": "transaction", "ST03": "guide"}


@cache
def _guide(kind: str) -> dict[str, str]:
    """The guide's row; the first of a transaction set is the right one, the others are read with a finding."""
    return next(row for row in read_table("grammar/guides.tsv") if row["transaction"] == kind)


@cache
def _dictionary() -> dict[str, dict[str, str]]:
    return {row["data_element"]: row for row in read_table("grammar/data_elements.tsv")}
