"""In what two records differ: field by field, with the rows of a list paired by what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

# What says where something stood and how it was sent, and not what it means.
PLACES: Final = frozenset({"position", "others", "source", "results", "segments", "record_id"})

# By which fields two rows are the same row; rows of other models are paired by their order.
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "Benefit": (
        *("loop", "information_code", "coverage_level", "service_type", "insurance_type"),
        *("time_period", "quantity_qualifier", "network", "procedure"),
    ),
    "Contact": ("qualifier",),
    "DateRange": ("qualifier",),
    "Finding": ("code", "field"),
    "Plan": ("status", "insurance_type"),
    "Reference": ("qualifier",),
    "Rejection": ("loop", "code"),
    "RelatedEntity": ("entity",),
    "Trace": ("kind",),
}


class _Absent:
    """What stands for a row that only the other record has."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()


class Difference(NamedTuple):
    """One field that differs. Its `repr` may hold a patient's data.

    Attributes:
        path: as in Python: `benefits[3].amount`, with the first record's numbers from 0.
        before, after: the two values; `ABSENT` where a row is in one of the two alone.
        is_hidden: the field is one that no `repr` of a record shows.
        rows: the innermost rows that hold the two, if they stand in a list.
    """

    path: str
    before: Any
    after: Any
    is_hidden: bool
    rows: tuple[Any, Any] = (None, None)


def differences(before: Any, after: Any, *, places: bool = False) -> Iterator[Difference]:
    """Every difference of two records, or of two values in them, in the order of the fields.

    Args:
        before, after: of one type.
        places: positions and the like (`PLACES`) count, too.
    """
    return _values("", before, after, frozenset() if places else PLACES, (None, None), is_hidden=False)


def _values(
    path: str, before: Any, after: Any, left_out: frozenset[str], rows: tuple[Any, Any], *, is_hidden: bool
) -> Iterator[Difference]:
    if before is after:
        return
    if isinstance(before, BaseModel) and type(before) is type(after):
        for name, field in type(before).model_fields.items():
            if name not in left_out:
                inner = f"{path}.{name}" if path else name
                values = getattr(before, name), getattr(after, name)
                yield from _values(inner, *values, left_out, rows, is_hidden=not field.repr)
    elif isinstance(before, (tuple, list)) and isinstance(after, (tuple, list)):
        yield from _rows(path, before, after, left_out, rows, is_hidden=is_hidden)
    elif type(before) is not type(after) or before != after:
        yield Difference(path, before, after, is_hidden, rows)


def _rows(
    path: str,
    before: Sequence[Any],
    after: Sequence[Any],
    left_out: frozenset[str],
    rows: tuple[Any, Any],
    *,
    is_hidden: bool,
) -> Iterator[Difference]:
    for one, other in _paired(before, after):
        if one is None or other is None:
            inner = f"{path}[{one if one is not None else other}]"
            values = (ABSENT if one is None else before[one], ABSENT if other is None else after[other])
            yield Difference(inner, *values, is_hidden, values)
        else:
            values = (before[one], after[other])
            nearest = values if isinstance(before[one], BaseModel) else rows
            yield from _values(f"{path}[{one}]", *values, left_out, nearest, is_hidden=is_hidden)


def _paired(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Which row of one list is which of the other; None for a row that only one has."""
    kept = [_key(one) for one in before], [_key(one) for one in after]
    for what, start, end, start_after, end_after in SequenceMatcher(None, *kept, False).get_opcodes():
        both = min(end - start, end_after - start_after) if what in ("equal", "replace") else 0
        for at in range(both):
            yield start + at, start_after + at
        for at in range(start + both, end):
            yield at, None
        for at in range(start_after + both, end_after):
            yield None, at


def _key(row: Any) -> object:
    names = _KEYS.get(type(row).__name__)
    return None if names is None else tuple(getattr(row, name, None) for name in names)
