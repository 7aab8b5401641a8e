"""No map leaves it open where a segment belongs.

The walk gives a segment to the innermost open loop that can take it. That is the guide's order as long as nothing
that follows a loop could also stand in it; so this is what is audited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from x271.grammar import rules
from x271.grammar.base import Loop
from x271.grammar.compiled import description
from x271.grammar.fields import loop, segment
from x271.grammar.rules import LoopRule, SegmentRule, _loop
from x271.grammar.segments import DateOrPeriod, MessageText, Name

KINDS = ("271", "270", "999", "997")


def is_level(rule: LoopRule) -> bool:
    return bool(rule.level)


def opener(rule: LoopRule) -> str:
    first = rule.contents[0]
    return first.segment_id if isinstance(first, SegmentRule) else ""


def inside(rule: LoopRule) -> set[str]:
    """Every segment that stands in a loop after its opener, levels in it left out: an HL says which one it opens."""
    found: set[str] = set()
    for at, one in enumerate(rule.contents):
        if isinstance(one, SegmentRule):
            found |= {one.segment_id} if at else set()
        elif not is_level(one):
            found |= {opener(one)} | inside(one)
    return found


def faults(root: LoopRule) -> Iterator[str]:
    """What a reader of this map could not decide."""
    everything = list(root.walk())
    ids = Counter(rule.loop_id for rule in everything)
    yield from (f"{name}: two loops of this name" for name, count in ids.items() if count > 1)
    levels = Counter(rule.level for rule in everything if is_level(rule))
    yield from (f"HL03 {level}: opens two loops" for level, count in levels.items() if count > 1)
    for rule in everything:
        yield from faults_of(rule)


def faults_of(rule: LoopRule) -> Iterator[str]:
    name = rule.loop_id
    head = rule.contents[0]
    if not isinstance(head, SegmentRule) or (head.usage, head.max) != ("R", 1):
        yield f"{name}: its first segment need not come"
    if is_level(rule) != (opener(rule) == "HL"):
        yield f"{name}: HL without a level, or a level without HL"
    below = [one for one in rule.loops() if not is_level(one)]
    opened = Counter(opener(one) for one in below)
    yield from (f"{name}: {first} opens two loops" for first, count in opened.items() if count > 1)
    own = {one.segment_id for one in rule.segments()}
    yield from (f"{name}: {both} is its own and opens a loop" for both in own & set(opened))
    for one in below:
        if one.max != 1 and opener(one) in inside(one):
            yield f"{one.loop_id}: {opener(one)} repeats it and stands in it"
    for at, inner in enumerate(rule.contents):
        if isinstance(inner, LoopRule) and not is_level(inner):
            later = rule.contents[at + 1 :]
            follow = {item.segment_id if isinstance(item, SegmentRule) else opener(item) for item in later}
            follow |= {opener(rule)} if rule.max != 1 else set()
            yield from (
                f"{inner.loop_id}: {both} stands in it and after it" for both in follow & inside(inner)
            )
    places: dict[str, list[frozenset[str]]] = {}
    for item in rule.segments():
        places.setdefault(item.segment_id, []).append(item.qualifiers)
    for segment_id, several in places.items():
        shared = [code for code, count in Counter(c for one in several for c in one).items() if count > 1]
        if shared or sum(not one for one in several) > 1:
            yield f"{name}: {segment_id} has two places that nothing tells apart"


@pytest.mark.parametrize("kind", KINDS)
def test_every_segment_has_one_place(kind: str) -> None:
    assert list(faults(rules.transaction(kind))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_core_gets_the_loops_of_the_map_each_once_and_with_its_parent(kind: str) -> None:
    compiled = description()["transactions"][kind]["loops"]
    parents: dict[str, str] = {kind: ""}
    for rule in rules.transaction(kind).walk():
        parents |= {one.loop_id: rule.loop_id for one in rule.loops()}
    assert {item["id"]: item["parent"] for item in compiled} == parents
    assert len(compiled) == len(parents)
    for item in compiled:
        rule = rules.loop(kind, item["id"])
        assert item["opener"] == opener(rule) == item["segments"][0]
        assert item["level"] == rule.level
        assert item["repeat"] == (1 if item["id"] == kind else rule.max or 0)
        held = set(item["segments"])
        around = {bound for one in rule.loops() for bound in one.model.__dict__.get("bounds", ())}
        assert held | around == {one.segment_id for one in rule.segments()}


class Inner(Loop, loop_id="INNER"):
    name: Name | None = segment("NM1.", "R")
    messages: tuple[MessageText, ...] = segment("MSG.", max=3)


class Twin(Loop, loop_id="TWIN"):
    name: Name | None = segment("NM1.", "R")


class Outer(Loop, loop_id="OUTER"):
    date: DateOrPeriod | None = segment("DTP.", "R")
    first: tuple[Inner, ...] = loop("INNER.")
    second: tuple[Twin, ...] = loop("TWIN.")
    closing: MessageText | None = segment("MSG.")
    another: MessageText | None = segment("MSG.")


def test_the_audit_sees_what_it_looks_for() -> None:
    found = set(faults(_loop(Outer, "271", "", {"usage": "R", "max": None})))
    assert found == {
        "OUTER: NM1 opens two loops",
        "INNER: MSG stands in it and after it",
        "OUTER: MSG has two places that nothing tells apart",
    }
