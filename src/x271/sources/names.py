"""What an attribute's name says: `NM103_LastOrOrganizationalName` is segment NM1, element 03.

Only the part before the first `_` counts. The words behind it differ between vendors and are misspelt in the
only sample there is (`HL04_HierarchicaChildCode`). `EB13_2_…` names component 2 of the composite EB13.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from .xml import local

_NAME = re.compile(r"([A-Z][A-Z0-9]{1,2})(\d\d)_(?:(\d{1,2})_)?", re.ASCII)

ENVELOPE = frozenset(("ISA", "TA1", "GS", "ST", "SE", "GE", "IEA"))
REPEATING = frozenset((("EB", 3), ("DMG", 5)))  # the elements of a 271 that may repeat
COMPOSITE = frozenset((("EB", 13), ("EB", 14), ("DMG", 5), *(("HI", n) for n in range(1, 13))))


class Place(NamedTuple):
    """Where a value stands: segment id, element from 1, component from 1 (0: the whole element)."""

    segment: str
    element: int
    component: int


class Run(NamedTuple):
    """Attributes of one element that make one segment.

    `pick` makes the segment out of `[*values, "", segment id]`. It is None where names hold components or repeat
    an element; then `places` are taken one by one. `places` are (index among the element's attributes, place).
    """

    segment: str
    pick: Callable[[list[str]], tuple[str, ...]] | None
    places: tuple[tuple[int, Place], ...]
    is_envelope: bool


@lru_cache(maxsize=4096)
def place(name: str) -> Place | None:
    """The place that an XML or JSON name means, or None for a name that means none."""
    match = None if name.startswith("xmlns") else _NAME.match(local(name))
    if match is None or match[2] == "00":
        return None
    return Place(match[1], int(match[2]), int(match[3] or 0))


@lru_cache(maxsize=4096)
def runs(names: tuple[str, ...]) -> tuple[Run, ...]:
    """The segments that an element's attributes make: consecutive names of one segment id make one.

    Their order within a segment does not matter, as XML gives none to attributes. Documents use few different
    sets of names, so each set is worked out once.
    """
    grouped: list[list[tuple[int, Place]]] = []
    for index, name in enumerate(names):
        found = place(name)
        if found is None:
            continue
        if not grouped or grouped[-1][-1][1].segment != found.segment:
            grouped.append([])
        grouped[-1].append((index, found))
    return tuple(_run(group, len(names)) for group in grouped)


def _run(group: list[tuple[int, Place]], count: int) -> Run:
    segment = group[0][1].segment
    slots = {where.element: index for index, where in group}
    plain = len(slots) == len(group) and not any(where.component for _, where in group)
    empty, identifier = count, count + 1  # the indexes of the two that are put behind the values
    picked = [slots.get(element, empty) for element in range(1, max(slots) + 1)]
    pick = itemgetter(identifier, *picked) if plain else None
    return Run(segment, pick, tuple(group), segment in ENVELOPE)
