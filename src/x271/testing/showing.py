"""A differing value for people: codes and amounts as they are, and of all else only in what it differs.

What de-identification keeps is shown (codes, amounts, counts, how far two dates lie apart), and what it replaces is
not.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from .. import codes
from ..findings import catalogue
from ..normalize.benefits import NETWORKS, Benefit
from ..normalize.record import Coverage
from .comparing import ABSENT, Difference


def shown(one: Difference, *, values: bool = False) -> str:
    """What changed, such as `1500.00 -> 1000.00`, `a date -> 31 days later`, `8 characters -> 9 characters, …`.

    Args:
        values: show all values; for invented patients.
    """
    if one.before is ABSENT:
        return f"only in the second: {_value(one.after, one, values)}"
    if one.after is ABSENT:
        return f"only in the first: {_value(one.before, one, values)}"
    if not values and isinstance(one.before, date) and isinstance(one.after, date):
        days = (one.after - one.before).days
        return (
            f"a date -> {abs(days)} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"
        )
    what = f"{_value(one.before, one, values)} -> {_value(one.after, one, values)}"
    if isinstance(one.before, str) and isinstance(one.after, str) and one.before and one.after:
        is_told = values or (not one.is_hidden and {one.before, one.after} <= _known())
        return what if is_told else what + _in_what(one.before, one.after)
    return what


def _value(value: Any, one: Difference, values: bool) -> str:
    """A value by itself."""
    if value is None or value in ("", ()):
        return "empty" if value == "" else "none"
    if isinstance(value, BaseModel):
        return value.model_dump_json(exclude_defaults=True) if values else _row(value)
    if values:
        return str(value)
    if isinstance(value, date):
        return "a date"
    if isinstance(value, str):
        return (
            value
            if not one.is_hidden and value in _known()
            else f"{len(value)} character{'' if len(value) == 1 else 's'}"
        )
    return f"{len(value)} values" if isinstance(value, (tuple, list, dict)) else str(value)


def _row(row: BaseModel) -> str:
    """A row by its codes; the `repr` of a benefit shows only those, and amounts."""
    if isinstance(row, Benefit):
        return repr(row)
    codes = ((name, getattr(row, name)) for name, field in type(row).model_fields.items() if field.repr)
    told = (
        f"{name}={value!r}" for name, value in codes if value and isinstance(value, str) and value in _known()
    )
    return f"{type(row).__name__}({', '.join(told)})"


def _in_what(before: str, after: str) -> str:
    """In what two texts differ, without either."""
    if before.casefold() == after.casefold():
        return ", only in case"
    if "".join(before.split()) == "".join(after.split()):
        return ", only in blanks"
    pairs = zip(before, after, strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))
    return f", from character {same + 1} on"


@cache
def _known() -> frozenset[str]:
    """Every text that is ours or the standard's: codes, what they mean, the words of our own fields."""
    words = {
        *get_args(Coverage),
        *NETWORKS,
        "TERMED",
        "FUTURE",
        "Success",
        codes.vsee_fallback(),
        *catalogue(),
    }
    for table in codes.tables():
        for code in codes.lookup(table).values():
            words |= {code.code, code.description, *code.notes.values()}
    words |= {f"{number}{letter}" for number in (2000, 2100, 2110, 2120) for letter in "ABCD"}
    return frozenset(words)
