"""The loops of one transaction set against the guide: what is missing, too many, out of order or out of place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ..grammar import rules
from ..grammar.base import BLANKS, Separators
from ..grammar.rules import LoopRule, SegmentRule
from .elements import faults

Sent = tuple[int, str | None, tuple[str, ...]]  # byte offset, loop, the segment's parts
Node = tuple[str, int, list[int]]  # loop, parent, its segments

# Their lack is the core's to report.
_ENVELOPE = frozenset({"ST", "SE"})


class Found(NamedTuple):
    """A fault and its place. segment: index from 0. about: what the rule is called, never what was sent.

    trigger: segment and element that make the rule apply, where another one does.
    """

    code: str
    segment: int
    about: str = ""
    element: int | None = None
    component: int | None = None
    trigger: tuple[int, int | None] | None = None


class Walk:
    """The walk over one transaction set.

    Args:
        odd: segments that the core found where no place is for them.
        stray: HL segments that the core found to hang on no level, or on a wrong one.
        implied: segments that stand first in a loop whose own first segment is missing, as the core reported.
    """

    def __init__(
        self,
        kind: str,
        nodes: Sequence[Node],
        segments: Sequence[Sent],
        separators: Separators,
        *,
        odd: Collection[int],
        stray: Collection[int],
        implied: Collection[int],
    ) -> None:
        self._kind, self._nodes, self._segments = kind, nodes, segments
        self._separators, self._odd, self._stray, self._implied = separators, odd, stray, implied
        self._children: dict[int, list[int]] = defaultdict(list)
        for number, (_, parent, _) in enumerate(nodes[1:], start=1):
            self._children[parent].append(number)
        self._first = self._firsts()

    def faults(self) -> Iterator[Found]:
        """Every fault of the transaction set."""
        yield from self._loop(0, rules.transaction(self._kind))
        levels = sorted(index for _, _, own in self._nodes for index in own if self._id(index) == "HL")
        for number, index in enumerate(levels, start=1):
            parts = self._segments[index][2]
            if len(parts) > 1 and parts[1].strip(BLANKS) not in ("", str(number)):
                yield Found("HL_NOT_COUNTED", index, "HL01", 1)

    def _firsts(self) -> list[int]:
        """The first segment in each node and those below it."""
        first = [min(own, default=len(self._segments)) for _, _, own in self._nodes]
        for number in range(len(self._nodes) - 1, 0, -1):
            parent = self._nodes[number][1]
            first[parent] = min(first[parent], first[number])
        return first

    def _id(self, index: int) -> str:
        return self._segments[index][2][0]

    def _loop(self, node: int, rule: LoopRule) -> Iterator[Found]:
        held: list[tuple[int, int]] = []  # where it stands, and which place of the guide it takes
        for index in self._nodes[node][2]:
            place = None if index in self._odd else self._place(index, rule)
            if place is not None:
                held.append((index, place))
                yield from self._segment(index, rule.contents[place])
        for child in self._children[node]:
            name = self._nodes[child][0]
            place = next((at for at, one in enumerate(rule.contents) if _is_loop(one, name)), None)
            if place is None:
                if self._first[child] not in self._odd and self._first[child] not in self._stray:
                    yield Found("MISPLACED_SEGMENT", self._first[child])
                yield from self._loop(child, rules.loop(self._kind, name))
            else:
                held.append((self._first[child], place))
                inner = rule.contents[place]
                assert isinstance(inner, LoopRule)  # noqa: S101  (for the type checker)
                yield from self._loop(child, inner)
        yield from self._order(node, rule, sorted(held))

    def _order(self, node: int, rule: LoopRule, held: list[tuple[int, int]]) -> Iterator[Found]:
        """What the loop has too many of, what stands out of order, and what is missing."""
        counts = [0] * len(rule.contents)
        latest = 0
        for index, place in held:
            one = rule.contents[place]
            counts[place] += 1
            # Than the one before it: of a segment that is early, only what follows it is reported.
            if place < latest and not _has_one_position(rule, place, latest):
                yield Found("OUT_OF_ORDER", index, _called(one))
            latest = place
            if one.max is not None and counts[place] == one.max + 1:
                is_loop = isinstance(one, LoopRule)
                yield Found("TOO_MANY_LOOPS" if is_loop else "TOO_MANY_SEGMENTS", index, _called(one))
        start = self._first[node]
        for place, one in enumerate(rule.contents):
            if one.usage != "R" or counts[place] or start >= len(self._segments):
                continue
            if isinstance(one, LoopRule):
                yield Found("MISSING_LOOP", start, one.loop_id)
            elif one.segment_id not in _ENVELOPE and not (place == 0 and start in self._implied):
                yield Found("MISSING_SEGMENT", start, one.segment_id)

    def _place(self, index: int, rule: LoopRule) -> int | None:
        """The place of the guide that a segment of the loop takes; its qualifier decides between several."""
        parts = self._segments[index][2]
        places = [
            (at, one)
            for at, one in enumerate(rule.contents)
            if isinstance(one, SegmentRule) and one.segment_id == parts[0]
        ]
        if len(places) < 2:
            return places[0][0] if places else None
        qualifier = parts[1] if len(parts) > 1 else ""
        for separator in (self._separators.repetition, self._separators.component):
            qualifier = qualifier.split(separator)[0] if separator else qualifier
        qualifier = qualifier.strip(BLANKS)
        exact = [at for at, one in places if qualifier in one.qualifiers]
        rest = [at for at, one in places if not one.qualifiers]
        return (exact or rest or [places[0][0]])[0]

    def _segment(self, index: int, rule: SegmentRule | LoopRule) -> Iterator[Found]:
        assert isinstance(rule, SegmentRule)  # noqa: S101  (for the type checker)
        for fault in faults(self._segments[index][2], rule, self._separators):
            yield Found(fault.code, index, fault.about, fault.element, fault.component)


def _has_one_position(rule: LoopRule, first: int, last: int) -> bool:
    """The places are of one segment, side by side (AMT of a 270, CTX of a 999): such may stand in any order."""
    names = {_called(one) for one in rule.contents[first : last + 1]}
    return len(names) == 1 and all(isinstance(one, SegmentRule) for one in rule.contents[first : last + 1])


def _is_loop(one: SegmentRule | LoopRule, name: str) -> bool:
    return isinstance(one, LoopRule) and one.loop_id == name


def _called(one: SegmentRule | LoopRule) -> str:
    return one.loop_id if isinstance(one, LoopRule) else one.segment_id
