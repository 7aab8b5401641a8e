"""What the grammar says against an inquiry: each fault of an element is one of the field that it was made of.

The rules are those that `x271.validate` holds a document to; `places.tsv` says which field an element came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from .. import codes
from .._tables import read_table
from ..errors import UsageError
from ..findings import Finding
from ..grammar import rules
from ..grammar.base import Segment, Separators
from ..grammar.write_elements import Elements
from ..validation.elements import faults
from ..validation.situations import Situations
from .building import Placed
from .sending import problem

# No text that was made fit for X12 has these, so that nothing is cut that was not meant to be.
SEPARATORS = Separators(element="\x1d", repetition="\x1f", component="\x1c", terminator="\x1e")


def of_grammar(segments: Iterable[Placed], *, later_service_types: bool) -> Iterator[Finding]:
    """What the guide says against the elements of these segments: usage, length, type, code, relation to others.

    later_service_types: whether codes of EQ01 that X12 added after the guide are let through.
    """
    for one in segments:
        rule = next(rule for rule in rules.loop("270", one.loop).segments() if rule.name == one.slot)
        try:
            row = parts(one.segment)
        except UsageError as error:  # a number of more digits than any element takes
            element = error.position.element if error.position is not None else None
            yield problem("TOO_LONG", _path(one, f"{rule.segment_id}{element or 0:02}"))
            continue
        if one.slot == "beginning":  # the time of writing is not the inquiry's
            row = (*row[:4], *[""] * (4 - len(row)), "20000101", "0000", *row[6:])
        for fault in faults(row, rule, SEPARATORS):
            if fault.about == "EQ01" and fault.code == "CODE_NOT_ALLOWED":
                yield from _service_types(one, row[1], later=later_service_types)
                continue
            at = f"{rule.segment_id}{fault.element or 0:02}"
            yield problem(fault.code, _path(one, f"{at}-{fault.component}" if fault.component else at))
        for found in Situations("270", [(one.loop, -1, [0])], [(0, one.loop, row)]).faults():
            if found.code.endswith("_BY_ELEMENT"):  # what asks for other segments cannot be judged of one
                yield problem(found.code, _path(one, f"{rule.segment_id}{found.element or 0:02}"))


def parts(segment: Segment) -> tuple[str, ...]:
    """The identifier and the elements of a segment.

    Raises:
        UsageError: UNWRITABLE_FIELD.
    """
    return tuple(Elements(SEPARATORS, SEPARATORS).row(segment, 1, "", {}))


def field_of(loop: str, element: str) -> str:
    """The field that the element says, relative to what its segment was made of; empty for that itself."""
    table = _table()
    return table.get((loop, element)) or table.get((loop, element.partition("-")[0]), "")


def _service_types(one: Placed, sent: str, *, later: bool) -> Iterator[Finding]:
    known = codes.lookup("EQ01")
    for at, code in enumerate(sent.split(SEPARATORS.repetition)):
        path = f"{one.path}.service_types[{at}]"
        if code not in known or (known[code].part != "tr3" and not later):
            yield problem("CODE_NOT_ALLOWED", path)
        elif known[code].part != "tr3":
            yield problem("LATER_SERVICE_TYPE", path)


def _path(one: Placed, element: str) -> str:
    return ".".join(part for part in (one.path, field_of(one.loop, element)) if part)


@cache
def _table() -> dict[tuple[str, str], str]:
    rows = read_table("inquiries/places.tsv")
    return {(loop, row["element"]): row["field"] for row in rows for loop in row["loops"].split()}
