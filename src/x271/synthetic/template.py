"""Lines with `{names}` in them, and the values that go there: segments of an answer, or what its record must give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

_NAME = re.compile(r"\{([a-z0-9_.]+)\}")


@cache
def _parts(line: str) -> tuple[str, ...]:
    """Text and names in turn."""
    return tuple(_NAME.split(line))


@cache
def _format(line: str) -> str:
    """The line as Python's `%` takes it."""
    return "".join(
        f"%({part})s" if at % 2 else part.replace("%", "%%") for at, part in enumerate(_parts(line))
    )


def segment(line: str, texts: Mapping[str, str]) -> str:
    """The line as a segment, of values as elements (`x12`); nothing stands behind the last element."""
    return (_format(line) % texts).rstrip("*")


def elements(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as elements."""
    return {name: x12(value) for name, value in values.items()}


def x12(value: Any) -> str:
    """A value as an element: a date as CCYYMMDD, a number as X12 writes it."""
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    if isinstance(value, Decimal):
        return number(value)
    return str(value)


def number(value: Decimal) -> str:
    """Without zeros that say nothing: 420.5, .2, 1500, 0."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text[1:] if text.startswith("0.") else text


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """What a record must give: `{name}` alone is the value itself, within a text its words; lists and tables part by
    part."""
    if isinstance(value, str):
        parts = _parts(value)
        if len(parts) == 3 and not parts[0] and not parts[2]:
            return values[parts[1]]
        return "".join(str(values[part]) if at % 2 else part for at, part in enumerate(parts))
    if isinstance(value, list):
        return tuple(filled(one, values) for one in value)
    if isinstance(value, dict):
        return {name: filled(one, values) for name, one in value.items()}
    return value


LEVELS = ("20", "21", "22", "23")


def numbered(segments: Iterable[str]) -> Iterator[str]:
    """The same with their HL counted: `HL*22` becomes `HL*3*2*22*0`."""
    made = list(segments)
    levels = [(at, one[3:]) for at, one in enumerate(made) if one.startswith("HL*")]
    latest: dict[str, int] = {}
    for count, (at, level) in enumerate(levels, start=1):
        depth = LEVELS.index(level)
        above = next((latest[one] for one in reversed(LEVELS[:depth]) if one in latest), "")
        for below in LEVELS[depth:]:
            latest.pop(below, None)
        latest[level] = count
        follows = levels[count][1] if count < len(levels) else ""
        has_children = int(follows in LEVELS and LEVELS.index(follows) > depth)
        made[at] = f"HL*{count}*{above}*{level}*{has_children}"
    yield from made
