"""The models of the 999 hold the guide 005010X231A1: held against pyx12's own map, element by element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as Xml

import pyx12

from x271.grammar import rules
from x271.grammar.rules import LoopRule

Place = tuple[str, str, int, str]  # loop, segment, the how many-eth of it in the loop, element
Told = tuple[str, frozenset[str]]  # usage, codes

# Which groups, sets and numbers of business are answered is wider than pyx12's list, or decided by the group itself.
# IK403 11 is no code of the guide's own table. [SPEC 2]
OPEN = {("999", "AK101"), ("2000", "AK201"), ("2100", "CTX01-1"), ("2110", "IK403")}


@cache
def judge() -> Xml.Element:
    path = Path(pyx12.__file__).parent / "map" / "999.5010X231.A1.xml"
    return Xml.parse(path).getroot()  # noqa: S314  (a file of an installed package)


def text(of: Xml.Element, name: str) -> str:
    return (of.findtext(name) or "").strip()


def loop_name(name: str) -> str:
    return "999" if name in {"ST_LOOP", "HEADER"} else name


def theirs(inside: Xml.Element, loop: str) -> Iterator[tuple[Place, Told]]:
    """Everything in the transaction set: segments (element empty), elements and components."""
    seen: Counter[str] = Counter()
    for one in inside:
        if one.tag == "loop":
            yield from theirs(one, loop_name(one.get("xid", "")))
        elif one.tag == "segment" and loop not in {"ISA_LOOP", "GS_LOOP", ""}:
            name = one.get("xid", "")
            seen[name] += 1
            place = loop, name, seen[name]
            yield (*place, ""), (f"{text(one, 'usage')} {text(one, 'max_use')}", frozenset())
            yield from parts(one, place)


def parts(of: Xml.Element, place: tuple[str, str, int]) -> Iterator[tuple[Place, Told]]:
    for one in of:
        number = text(one, "seq")
        codes = frozenset(code.text or "" for code in one.findall("valid_codes/code"))
        if one.tag == "element" and of.tag == "segment":
            yield (*place, f"{place[1]}{number}"), (text(one, "usage"), codes)
        elif one.tag == "composite":
            yield (*place, f"{place[1]}{number}"), (text(one, "usage"), frozenset())
            for each in one.findall("element"):
                inner = each.get("xid", "").replace("-0", "-")
                told = frozenset(code.text or "" for code in each.findall("valid_codes/code"))
                yield (*place, inner), (text(each, "usage"), told)


def ours(loop: LoopRule) -> Iterator[tuple[Place, Told]]:
    seen: Counter[str] = Counter()
    for segment in loop.segments():
        seen[segment.segment_id] += 1
        place = loop.loop_id, segment.segment_id, seen[segment.segment_id]
        yield (*place, ""), (f"{segment.usage} {segment.max}", frozenset())
        for element in segment.elements:
            yield (*place, element.reference), (element.usage, element.codes)
            for one in element.components:
                yield (*place, one.reference), (one.usage, one.codes)
    for inner in loop.loops():
        yield from ours(inner)


def test_every_segment_element_and_component_is_as_pyx12_has_it() -> None:
    mine, other = dict(ours(rules.transaction("999"))), dict(theirs(judge(), ""))
    assert len(mine) > 80
    differing = {place for place in mine if mine[place] != other[place]}
    opened = {place for place in differing if (place[0], place[3]) in OPEN}
    assert all(mine[place][0] == other[place][0] for place in opened)  # their codes differ, not their usage
    # IK4 opens its loop, so that it is required in it.
    assert {(place[0], place[1], place[3]) for place in differing - opened} == {("2110", "IK4", "")}
    # Components of an element that the guide does not use.
    assert {place[3] for place in other.keys() - mine.keys()} == {"CTX06-1", "CTX06-2"}
