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
Places = frozenset[tuple[str, int]]
REPEATING: Places = frozenset((("EB", 3), ("DMG", 5)))  # the elements of a 271 that may repeat
COMPOSITE: Places = frozenset((("EB", 13), ("EB", 14), ("DMG", 5), *(("HI", n) for n in range(1, 13))))


class Place(NamedTuple):
    """Where a value stands: segment id, element from 1, component from 1 (0: the whole element)."""

    segment: str
    element: int
    component: int


Pick = Callable[[list[str]], tuple[str, ...]]
Placed = tuple[tuple[int, Place], ...]  # places, each with the index of its attribute


class Plan(NamedTuple):
    """What an element's attributes make.

    Attributes:
        suffix: what is put behind the values, for `pick` to find: an empty text, and the segment ids.
        pick: if they make one segment without more ado: picks its id and elements out of values and suffix.
        runs: for each segment its `pick` and whether it belongs to the envelope; where names hold components
            or repeat an element, None and the places instead.
    """

    suffix: tuple[str, ...]
    pick: Pick | None
    runs: tuple[tuple[Pick | None, bool, Placed], ...]


@lru_cache(maxsize=4096)
def place(name: str) -> Place | None:
    """The place that an XML or JSON name means, or None for a name that means none."""
    match = None if name.startswith("xmlns") else _NAME.match(local(name))
    if match is None or match[2] == "00":
        return None
    return Place(match[1], int(match[2]), int(match[3] or 0))


@lru_cache(maxsize=4096)
def plan(names: tuple[str, ...]) -> Plan:
    """The segments that an element's attributes make: consecutive names of one segment id make one.

    Their order within a segment does not matter, as XML gives none to attributes. Documents use few different
    sets of names, so each set is worked out once.
    """
    groups: list[list[tuple[int, Place]]] = []
    for index, name in enumerate(names):
        found = place(name)
        if found is None:
            continue
        if not groups or groups[-1][-1][1].segment != found.segment:
            groups.append([])
        groups[-1].append((index, found))
    runs: list[tuple[Pick | None, bool, Placed]] = []
    for number, group in enumerate(groups):
        slots = {where.element: index for index, where in group}
        plain = len(slots) == len(group) and not any(where.component for _, where in group)
        elements = (slots.get(element, len(names)) for element in range(1, max(slots) + 1))
        pick: Pick | None = itemgetter(len(names) + 1 + number, *elements) if plain else None
        runs.append((pick, group[0][1].segment in ENVELOPE, tuple(group)))
    suffix = ("", *(group[0][1].segment for group in groups))
    usual = len(runs) == 1 and not runs[0][1]
    return Plan(suffix, runs[0][0] if usual else None, tuple(runs))
