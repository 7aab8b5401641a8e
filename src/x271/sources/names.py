"""What a name says, by the core's rule: `NM103_LastOrOrganizationalName` is segment NM1, element 03.

Only the part before the first `_` counts. The words behind it differ between vendors and are misspelt in the
only sample there is (`HL04_HierarchicaChildCode`). `EB13_2_…` names component 2 of the composite EB13.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .._core import composite_elements, named_place, repeating_elements
from .json_values import writable

Places = frozenset[tuple[str, int]]
REPEATING: Places = frozenset(repeating_elements())  # the elements of a 271 that may repeat
COMPOSITE: Places = frozenset(composite_elements())


class Place(NamedTuple):
    """Where a value stands: segment id, element from 1, component from 1 (0: the whole element)."""

    segment: str
    element: int
    component: int


@lru_cache(maxsize=4096)
def place(name: str) -> Place | None:
    """The place that an XML or JSON name means, or None for a name that means none."""
    found = named_place(writable(name))
    return None if found is None else Place(*found)
