"""Positions and findings as models, from the core's plain values."""

from __future__ import annotations

from typing import Any

from .errors import Position
from .findings import Finding


def position(
    place: tuple[int, int | None, int | None, str | None, str | None] | None,
) -> Position | None:
    """A position as the core gives it: byte offset, segment, element, loop, loop path."""
    if place is None:
        return None
    offset, segment, element, loop, path = place
    return Position.model_construct(
        offset=offset, segment=segment, element=element, loop=loop, loop_path=path
    )


def finding(item: tuple[str, str, Any, list[Any]], lines: Any = None) -> Finding:
    """A finding from the core's values; `lines` gives the XML line of each segment."""
    code, field, place, others = item
    positions = (_with_line(position(other), lines) for other in others)
    return Finding.model_construct(
        code=code,
        field=field,
        position=_with_line(position(place), lines),
        others=tuple(one for one in positions if one is not None),
    )


def _with_line(place: Position | None, lines: Any) -> Position | None:
    if place is None or lines is None or place.segment is None or place.segment > len(lines):
        return place
    return place.model_copy(update={"line": lines[place.segment - 1] or None})
