"""What a segment model and a loop model are. The models below are also the map that the core walks.

A segment's fields are its elements, a composite's are its components, a loop's are its segments and the loops in it,
in the order in which the guide has them (`fields` says how each is written). Nothing else says what a transaction
looks like; `rules` reads it back.
"""

from __future__ import annotations

import re
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import Field

from .._model import Model
from ..errors import Position


@dataclass(frozen=True, slots=True)
class Separators:
    """The delimiters as text, empty where there is none."""

    element: str
    repetition: str
    component: str
    terminator: str


class Composite(Model):
    """A composite element. `components` has every component as sent, also those that no field names."""

    data_element: ClassVar[str] = ""

    components: tuple[str, ...] = Field((), description="As sent, the first component first.", repr=False)

    def __init_subclass__(cls, *, data_element: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.data_element = data_element

    @classmethod
    def read(cls, value: str, separators: Separators) -> Self | None:
        """The model of what was sent; None if nothing was."""
        if not value.strip(BLANKS):
            return None
        parts = tuple(value.split(separators.component)) if separators.component else (value,)
        values: dict[str, Any] = {"components": parts}
        count = len(parts)
        for name, number, convert in readers(cls):
            values[name] = convert(parts[number - 1] if number <= count else "", separators)
        return cls._trusted(values)


class Segment(Model):
    """One segment. `elements` has every element as sent, also those that no field names.

    `notes` are X12's relations between its elements: P0809 is 08 and 09 both or none, R0203 at least one, C1110 11
    only with 10, E0207 not both, L030405 03 only with 04 or 05.
    """

    segment_id: ClassVar[str] = ""
    notes: ClassVar[tuple[str, ...]] = ()

    # Not in repr: of a damaged document it may be any text.
    segment_identifier: str = Field("", description="Such as EB.", repr=False)
    elements: tuple[str, ...] = Field((), description="As sent, the first element first.", repr=False)
    segment_number: int | None = Field(None, description="Segments counted from 1 in the input.", repr=False)
    segment_offset: int | None = Field(None, description="Bytes from 0 in the input.", repr=False)
    segment_loop: str | None = Field(
        None, description="The loop that it stood in, such as 2110C.", repr=False
    )

    @property
    def position(self) -> Position | None:
        """Where it stood; None for a segment that was made by hand."""
        if self.segment_number is None:
            return None
        return Position.model_construct(
            offset=self.segment_offset, segment=self.segment_number, loop=self.segment_loop
        )

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Codes that a table knows, and where it stood: a `repr` may end up in a log."""
        from .access import shown

        yield from shown(self)

    def __init_subclass__(cls, *, segment_id: str = "", notes: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.segment_id, cls.notes = segment_id, tuple(notes.split())


BLANKS = " \t\n\r\f"  # what the core takes from around an element; a no-break space is text
_NUMBER = re.compile(r"-?(?=[.\d]*\d)\d*\.?\d*", re.ASCII)


def _text(value: str, _: Separators) -> str:
    return value.strip(BLANKS)


def _decimal(value: str, _: Separators) -> Decimal | None:
    """A number as X12 writes it: a minus, digits, a point, at most 18 digits; None for anything else."""
    text = value.strip(BLANKS)
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > 18:
        return None
    return Decimal(text)


def _integer(value: str, _: Separators) -> int | None:
    text = value.strip(BLANKS)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def read_date(value: str) -> date | None:
    """CCYYMMDD as a date; None if it is none."""
    text = value.strip(BLANKS)
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _date(value: str, _: Separators) -> date | None:
    return read_date(value)


def _repetitions(value: str, separators: Separators) -> tuple[str, ...]:
    parts = value.split(separators.repetition) if separators.repetition else [value]
    stripped = (part.strip(BLANKS) for part in parts)
    return tuple(part for part in stripped if part)


_BY_TYPE: dict[Any, Callable[[str, Separators], Any]] = {
    str: _text,
    Decimal: _decimal,
    int: _integer,
    date: _date,
}


def _reader(kind: Any, several: bool) -> Callable[[str, Separators], Any]:
    if not issubclass(kind, Composite):
        return _repetitions if several else _BY_TYPE[kind]
    read: Callable[[str, Separators], Any] = kind.read
    if not several:
        return read
    return lambda value, separators: tuple(read(part, separators) for part in _repetitions(value, separators))


@dataclass(frozen=True, slots=True)
class ElementField:
    """One field of a segment or composite model: its name, its type, and what `fields.element` was told."""

    name: str
    number: int
    type: type
    several: bool
    told: Mapping[str, Any]


@cache
def element_fields(model: type[Segment] | type[Composite]) -> tuple[ElementField, ...]:
    """The elements of a segment model, or the components of a composite model, by number."""
    found = []
    for name, field in model.model_fields.items():
        told = field.json_schema_extra
        if isinstance(told, dict) and "element" in told:
            kinds = (*typing.get_args(field.annotation), field.annotation)
            kind = next(item for item in kinds if item is not type(None))
            several = typing.get_origin(field.annotation) is tuple
            found.append(ElementField(name, int(str(told["element"])), kind, several, told))
    return tuple(sorted(found, key=lambda one: one.number))


@cache
def readers(
    model: type[Segment] | type[Composite],
) -> tuple[tuple[str, int, Callable[[str, Separators], Any]], ...]:
    """Per element field of a model: name, number, and what reads it."""
    return tuple((one.name, one.number, _reader(one.type, one.several)) for one in element_fields(model))


class Loop(Model):
    """One repetition of a loop. `others` has the segments that stood in it and that no field holds."""

    loop_id: ClassVar[str] = ""
    level: ClassVar[str] = ""
    bounds: ClassVar[tuple[str, ...]] = ()

    others: tuple[Segment, ...] = Field((), description="Segments that no field holds, in document order.")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What it holds, and of what it holds several, how many."""
        for name in (*(slot.name for slot in slots(type(self))), "others"):
            value = getattr(self, name)
            if isinstance(value, tuple):
                value = len(value) or None
            if value is not None:
                yield name, value

    def __init_subclass__(
        cls, *, loop_id: str = "", level: str = "", bounds: tuple[str, ...] = (), **options: Any
    ) -> None:
        """level: HL03 that opens it. bounds: segments around its repetitions."""
        super().__init_subclass__(**options)
        cls.loop_id, cls.level, cls.bounds = loop_id, level, bounds


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a loop: its name, the segment or loop in it, whether it holds several, and what it was told.

    `qualifiers`: where several fields hold the same segment, the first elements that send it to this one; a field
    without any takes the rest.
    """

    name: str
    model: type[Segment] | type[Loop]
    several: bool
    told: Mapping[str, Any]
    qualifiers: frozenset[str] = frozenset()


@cache
def slots(model: type[Model]) -> tuple[Slot, ...]:
    """The fields of a loop model (or of the envelope's) in the guide's order."""
    found = []
    for name, field in model.model_fields.items():
        if name == "others":
            continue
        args = typing.get_args(field.annotation)
        several = typing.get_origin(field.annotation) is tuple
        optional = isinstance(field.annotation, types.UnionType)
        inner = args[0] if several or optional else field.annotation
        if isinstance(inner, type) and issubclass(inner, Segment | Loop):
            told = field.json_schema_extra
            found.append(Slot(name, inner, several, told if isinstance(told, dict) else {}))
    held = Counter(slot.model for slot in found)
    return tuple(_with_qualifiers(slot) if held[slot.model] > 1 else slot for slot in found)


def _with_qualifiers(slot: Slot) -> Slot:
    codes = slot.told["codes"]
    return replace(slot, qualifiers=frozenset(codes.get("1") or codes.get("1-1") or ()))
