"""What a field of a model says about its place in the guide: an element or component, a segment, a loop.

Usage is the guide's letter: R required, S situational, N not used. Codes are written as the guide lists them,
between blanks. What these functions are told is read back by `rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

Usage = Literal["R", "S", "N"]
Place = int | str  # an element, 1; or a component of one, "1-2"


def element(
    number: int,
    description: str,
    data_element: str,
    usage: Usage = "S",
    *,
    repeat: int = 1,
    codes: str = "",
    unused: Iterable[int] = (),
) -> Any:
    """A field that holds element `number` of a segment, or component `number` of a composite (from 1).

    Its type decides how it is read: text as sent without blanks around it, int, Decimal, date (None if it cannot be
    read), a composite (None if nothing was sent), or a tuple of repetitions.

    Args:
        data_element: its number in the X12 dictionary (`data_elements.tsv` has type and lengths), or the composite's.
        usage: where no loop says otherwise.
        repeat: how often it may be repeated in the segment.
        codes: where neither a code table nor a loop says otherwise.
        unused: components that are not used here.
    """
    extra: dict[str, Any] = {
        "element": number,
        "data_element": data_element,
        "usage": usage,
        "repeat": repeat,
        "codes": codes.split(),
        "unused": list(unused),
    }
    default: Any = () if repeat > 1 else None
    return Field(default, description=description, json_schema_extra=extra, repr=False)


def segment(
    description: str,
    usage: Usage = "S",
    *,
    max: int | None = 1,  # noqa: A002  (the guide's word)
    required: Iterable[Place] = (),
    situational: Iterable[Place] = (),
    unused: Iterable[Place] = (),
    codes: Mapping[Place, str | tuple[str, ...]] | None = None,
    **options: Any,
) -> Any:
    """A field that holds a segment of a loop, or the repetitions of one.

    Args:
        usage, max: the guide's; None is any number. More than `max` are kept, and are the validator's to report.
        required, situational, unused: elements whose usage here is not the one that the segment's model has.
        codes: elements whose codes here are not those of the segment's model and its code table; a tuple where a
            code has blanks in it.
    """
    changes = dict.fromkeys(required, "R") | dict.fromkeys(situational, "S") | dict.fromkeys(unused, "N")
    extra: dict[str, Any] = {
        "usage": usage,
        "max": max,
        "elements": {str(number): changed for number, changed in changes.items()},
        "codes": {
            str(number): listed.split() if isinstance(listed, str) else list(listed)
            for number, listed in (codes or {}).items()
        },
    }
    options.setdefault("default", None if max == 1 else ())
    return Field(description=description, json_schema_extra=extra, **options)


def loop(description: str, usage: Usage = "S", *, max: int | None = None) -> Any:  # noqa: A002  (the guide's word)
    """A field that holds a loop, or its repetitions. usage, max: the guide's; None is any number."""
    default: Any = None if max == 1 else ()
    return Field(default, description=description, json_schema_extra={"usage": usage, "max": max})


def orphans(description: str) -> Any:
    """A field for levels whose parent is missing. The guide has no such place."""
    return Field((), description=description, json_schema_extra={"orphans": True})
