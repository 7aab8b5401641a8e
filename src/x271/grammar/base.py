"""What a segment model and a loop model are. The models below are also the map that the core walks.

An element is a field made by `element(number)`; a loop's fields are its segments and the loops in it, in the order
in which the guide has them. Nothing else says what a transaction looks like.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import Field

from .._model import Model
from ..errors import Position


def element(number: int, description: str, *, repeats: bool = False, parts: bool = False) -> Any:
    """A field that holds element `number` (1 is the first after the identifier).

    Its type decides how it is read: text as sent without blanks around it, Decimal, date (None if it cannot be read),
    a tuple of repetitions, or a tuple of components.
    """
    extra: dict[str, Any] = {"element": number, "repeats": repeats, "parts": parts}
    default: Any = () if repeats or parts else None
    return Field(default, description=description, json_schema_extra=extra, repr=False)


@dataclass(frozen=True, slots=True)
class Separators:
    """The delimiters as text, empty where there is none."""

    element: str
    repetition: str
    component: str
    terminator: str


class Segment(Model):
    """One segment. `elements` has every element as sent, also those that no field names."""

    segment_id: ClassVar[str] = ""

    # Not in repr: of a damaged document it may be any text.
    segment_identifier: str = Field("", description="Such as EB.", repr=False)
    elements: tuple[str, ...] = Field((), description="As sent, the first element first.", repr=False)
    position: Position | None = None

    def __init_subclass__(cls, *, segment_id: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.segment_id = segment_id

    @classmethod
    def read(cls, sent: tuple[str, ...], position: Position | None, separators: Separators) -> Self:
        """The model of a segment that was sent as these parts, the identifier first."""
        values: dict[str, Any] = {
            "segment_identifier": sent[0],
            "elements": sent[1:],
            "position": position,
        }
        count = len(sent)
        for name, number, convert in readers(cls):
            values[name] = convert(sent[number] if number < count else "", separators)
        return cls._trusted(values)


_BLANKS = " \t\n\r\f"  # what the core takes from around an element; a no-break space is text
_NUMBER = re.compile(r"-?(?=[.\d]*\d)\d*\.?\d*", re.ASCII)


def _text(value: str, _: Separators) -> str:
    return value.strip(_BLANKS)


def _decimal(value: str, _: Separators) -> Decimal | None:
    """A number as X12 writes it: a minus, digits, a point, at most 18 digits; None for anything else."""
    text = value.strip(_BLANKS)
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > 18:
        return None
    return Decimal(text)


def _integer(value: str, _: Separators) -> int | None:
    text = value.strip(_BLANKS)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def read_date(value: str) -> date | None:
    """CCYYMMDD as a date; None if it is none."""
    text = value.strip(_BLANKS)
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
    stripped = (part.strip(_BLANKS) for part in parts)
    return tuple(part for part in stripped if part)


def _components(value: str, separators: Separators) -> tuple[str, ...]:
    if not value.strip(_BLANKS):
        return ()
    parts = value.split(separators.component) if separators.component else [value]
    return tuple(part.strip(_BLANKS) for part in parts)


_BY_TYPE: dict[Any, Callable[[str, Separators], Any]] = {
    str: _text,
    Decimal: _decimal,
    int: _integer,
    date: _date,
}


@cache
def readers(model: type[Segment]) -> tuple[tuple[str, int, Callable[[str, Separators], Any]], ...]:
    """Per element field of a segment model: name, number, and what reads it."""
    found = []
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if not isinstance(extra, dict) or "element" not in extra:
            continue
        kind = next(
            item for item in (*typing.get_args(field.annotation), field.annotation) if item is not type(None)
        )
        convert = _BY_TYPE.get(kind, _text)
        if extra["repeats"]:
            convert = _repetitions
        elif extra["parts"]:
            convert = _components
        found.append((name, int(str(extra["element"])), convert))
    return tuple(found)


class Loop(Model):
    """One repetition of a loop. `others` has the segments that stood in it and that no field holds."""

    loop_id: ClassVar[str] = ""
    level: ClassVar[str] = ""
    once: ClassVar[bool] = False
    bounds: ClassVar[tuple[str, ...]] = ()

    others: tuple[Segment, ...] = Field((), description="Segments that no field holds, in document order.")

    def __init_subclass__(
        cls,
        *,
        loop_id: str = "",
        level: str = "",
        once: bool = False,
        bounds: tuple[str, ...] = (),
        **options: Any,
    ) -> None:
        """level: HL03 that opens it. once: at most one in its parent. bounds: segments around its repetitions."""
        super().__init_subclass__(**options)
        cls.loop_id, cls.level, cls.once, cls.bounds = loop_id, level, once, bounds


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a loop: its name, the segment or loop in it, and whether it holds several."""

    name: str
    model: type[Segment] | type[Loop]
    several: bool


@cache
def slots(model: type[Loop]) -> tuple[Slot, ...]:
    """The fields of a loop model in the guide's order."""
    found = []
    for name, field in model.model_fields.items():
        if name == "others":
            continue
        args = typing.get_args(field.annotation)
        several = typing.get_origin(field.annotation) is tuple
        optional = isinstance(field.annotation, types.UnionType)
        inner = args[0] if several or optional else field.annotation
        if isinstance(inner, type) and issubclass(inner, Segment | Loop):
            found.append(Slot(name, inner, several))
    return tuple(found)
