"""What PPMDResults calls elements and where it puts segments: two tables, read here.

`ppmd_names.tsv` names the elements, `ppmd_wrappers.tsv` the elements around segments and loops. What stands in
neither has a name all the same: `ZZZ07_Unknown`, in a `ZZZSegment`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .._tables import read_table

_IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]{1,2}", re.ASCII)
MOST_ELEMENTS = 99  # a name has two digits for the element
CONTINUED = "Continued"


class LoopPath(NamedTuple):
    """Where the element of a loop stands.

    Attributes:
        from_set: seen from the transaction set's element, not from that of the loop around it.
        shared: elements that all repetitions of the loop share.
        own: the element of one repetition; empty if the loop has none.
    """

    from_set: bool
    shared: tuple[str, ...]
    own: str


def is_identifier(segment: str) -> bool:
    """Whether a name in XML can say that a segment is this one."""
    return _IDENTIFIER.fullmatch(segment) is not None


@lru_cache(maxsize=4096)
def attribute(segment: str, element: int) -> str:
    """The attribute of an element, such as `NM103_LastOrOrganizationalName`; elements count from 1."""
    return f"{segment}{element:02}_{_names().get((segment, element), 'Unknown')}"


def loop_path(loop: str) -> LoopPath:
    """Where a loop's element stands; an unknown loop has none of its own."""
    return _wrappers()[0].get(loop, LoopPath(False, (), ""))


def segment_path(loop: str, segment: str) -> tuple[str, ...]:
    """The elements from a loop's to the one that has the segment's attributes."""
    return _wrappers()[1].get((loop, segment), (f"{segment}Segment",))


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, int], str]:
    rows = read_table("forms/ppmd_names.tsv")
    return {(row["segment"], int(row["element"])): row["name"] for row in rows}


@lru_cache(maxsize=1)
def _wrappers() -> tuple[dict[str, LoopPath], dict[tuple[str, str], tuple[str, ...]]]:
    loops: dict[str, LoopPath] = {}
    segments: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in read_table("forms/ppmd_wrappers.tsv"):
        path = row["path"].removeprefix("/").split("/")
        for loop in row["loop"].split():
            if row["segment"]:
                segments[loop, row["segment"]] = tuple(path)
            elif row["path"] == ".":
                loops[loop] = LoopPath(False, (), "")
            else:
                loops[loop] = LoopPath(row["path"].startswith("/"), tuple(path[:-1]), path[-1])
    return loops, segments
