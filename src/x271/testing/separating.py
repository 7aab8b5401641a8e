"""X12 with other delimiters: every byte in its place, and each delimiter another one where it delimits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..sources.names import COMPOSITE, REPEATING

if TYPE_CHECKING:
    from .. import _core

_MARKS = bytes(code for code in range(33, 127) if not chr(code).isalnum())


def separated_otherwise(x12: bytes, read: _core.Document) -> bytes | None:
    """The same X12 with delimiters that do not occur in it; None if it has several interchanges or an odd ISA, lacks
    free characters, or ends its segments by lines.
    """
    interchanges, segments = read.interchanges(), read.segments()
    if len(interchanges) != 1:
        return None
    element, repetition, component, terminator = interchanges[0][-1]
    old = bytes(mark for mark in (element, repetition, component, terminator) if mark)
    free = bytes(mark for mark in _MARKS if mark not in x12)
    start = segments[interchanges[0][0]][0]
    isa = x12[start : start + 106]
    is_plain = len(isa) == 106 and isa[3] == element and isa[104] == component and isa[105] == terminator
    if not is_plain or (repetition and isa[82] != repetition):
        return None
    if len(free) < len(old) or len(set(old)) < len(old) or any(mark < 33 for mark in old):
        return None
    new = dict(zip(old, free, strict=False))
    out = bytearray(x12)
    starts = [offset for offset, _, _ in segments]
    for (offset, _, parts), end in zip(segments, [*starts[1:], len(x12)], strict=True):
        number = 0
        for at in range(offset, end):
            mark = x12[at]
            number += mark == element
            acts = (
                mark in (element, terminator)
                or parts[0] == "ISA"
                or (mark == component and (parts[0], number) in COMPOSITE)
                or (mark == repetition and (parts[0], number) in REPEATING)
            )
            if mark in new and acts:
                out[at] = new[mark]
    return bytes(out)


def oddly_separated(read: _core.Document) -> set[str]:
    """The segments in which an element that neither repeats nor is a composite holds such a delimiter."""
    marks = {chr(mark) for *_, delimiters in read.interchanges() for mark in delimiters[1:3] if mark}
    found = set()
    for _, _, parts in read.segments():
        for number, text in enumerate(parts[1:], start=1):
            place = (parts[0], number)
            if place in COMPOSITE or place in REPEATING or parts[0] == "ISA":
                continue
            if any(mark in text for mark in marks):
                found.add(parts[0])
    return found
