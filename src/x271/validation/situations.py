"""What one element or segment asks of others: the situational rules of the guide, which stand in `situations.tsv`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .._tables import read_table
from ..grammar import rules
from ..grammar.base import BLANKS, read_date
from .loops import Found, Node, Sent

_TERM = re.compile(r"(-?)(?:(\d{4}[A-Z])|([A-Z][A-Z0-9]{1,2}?)(\d\d)?(?:=([A-Z0-9,]+))?)")
_FORMS = {"D8": 1, "RD8": 2}


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a rule: a loop, a segment, an element, or an element with one of some values."""

    is_there: bool
    loop: str
    segment: str
    element: int | None
    codes: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Term:
        match = _TERM.fullmatch(text)
        assert match is not None, text  # noqa: S101  (our own table; a test reads all of it)
        no, loop, segment, element, codes = match.groups()
        listed = frozenset(codes.split(",")) if codes else frozenset()
        return cls(not no, loop or "", segment or "", int(element) if element else None, listed)

    def holds(self, parts: Sequence[str]) -> bool:
        """True if the segment is meant, and has the element, with such a value."""
        if parts[0] != self.segment:
            return False
        if self.element is None:
            return True
        sent = _text(parts, self.element)
        return sent in self.codes if self.codes else bool(sent)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table."""

    name: str
    loops: frozenset[str]
    when: tuple[Term, ...]
    asks: str
    what: tuple[Term, ...]
    scope: str

    @property
    def code(self) -> str:
        """What is found where the rule is broken."""
        if self.asks in _FORMS:
            return "BAD_TYPE"
        by = "ELEMENT" if self.scope == "segment" else "SEGMENT"
        return f"REQUIRED_BY_{by}" if self.asks == "needs" else f"EXCLUDED_BY_{by}"


@cache
def table(kind: str) -> tuple[Rule, ...]:
    """The rules of a transaction set."""
    rows = (row for row in read_table("validation/situations.tsv") if kind in row["sets"].split())
    return tuple(
        Rule(
            name=row["rule"],
            loops=frozenset(row["loops"].split()),
            when=tuple(map(Term.read, row["when"].split())),
            asks=row["asks"],
            what=tuple(map(Term.read, row["what"].split())),
            scope=row["of"],
        )
        for row in rows
    )


@cache
def missing(name: str) -> str:
    """The segment that a rule asks for; empty if there is no rule of that name."""
    row = next((row for row in read_table("validation/situations.tsv") if row["rule"] == name), None)
    return Term.read(row["what"].split()[0]).segment if row is not None else ""


@cache
def _by_segment(kind: str, loop_id: str) -> dict[str, tuple[Rule, ...]]:
    """The rules of a loop by the segment that makes them apply."""
    found: dict[str, tuple[Rule, ...]] = {}
    for one in table(kind):
        if one.loops & {loop_id, "*"}:
            name = one.when[0].segment
            found[name] = (*found.get(name, ()), one)
    return found


@cache
def _is_level(kind: str, loop_id: str) -> bool:
    return bool(rules.loop(kind, loop_id).level)


@cache
def _is_name(kind: str, loop_id: str) -> bool:
    one = rules.loop(kind, loop_id)
    return one.max == 1 and not one.level


class Situations:
    """The rules over one transaction set. What was looked for once is remembered, so that the cost is linear."""

    def __init__(self, kind: str, nodes: Sequence[Node], segments: Sequence[Sent]) -> None:
        self._kind, self._nodes, self._segments = kind, nodes, segments
        self._children: dict[int, list[int]] = defaultdict(list)
        for number, (_, parent, _) in enumerate(nodes[1:], start=1):
            self._children[parent].append(number)
        self._known: dict[tuple[str, int, Term], bool] = {}

    def faults(self) -> Iterator[Found]:
        """Every rule that is broken."""
        for node, (loop_id, _, own) in enumerate(self._nodes):
            asked = _by_segment(self._kind, loop_id)
            for index in own:
                for rule in asked.get(self._parts(index)[0], ()):
                    if rule.when[0].holds(self._parts(index)):
                        yield from self._one(rule, node, index)
        if self._kind == "271":
            yield from self._repeated()

    def _parts(self, index: int) -> tuple[str, ...]:
        return self._segments[index][2]

    def _one(self, rule: Rule, node: int, index: int) -> Iterator[Found]:
        first = rule.when[0]
        if not all(self._is(term, node, index) for term in rule.when[1:]):
            return
        trigger = (index, first.element)
        if rule.asks == "once":
            yield from self._twice(rule, node)
        elif rule.asks in _FORMS:
            sent = _text(self._parts(index), rule.what[0].element or 0)
            if sent and not _has_form(sent, _FORMS[rule.asks]):
                yield Found(rule.code, index, rule.name, rule.what[0].element, trigger=trigger)
        else:
            is_there = any(self._there(term, rule.scope, node, index) for term in rule.what)
            if is_there is (rule.asks == "excludes"):
                own = rule.what[0].segment == first.segment
                yield Found(
                    rule.code, index, rule.name, rule.what[0].element if own else None, trigger=trigger
                )

    def _twice(self, rule: Rule, node: int) -> Iterator[Found]:
        known: dict[str, int] = {}
        element = rule.what[-1].element or 0
        for index in self._inside(node, rule.what[0]):
            sent = _text(self._parts(index), element)
            first = known.setdefault(sent, index)
            if sent and first != index:
                yield Found(rule.code, index, rule.name, trigger=(first, element))

    def _is(self, term: Term, node: int, index: int) -> bool:
        if term.loop:
            there = any(self._nodes[child][0] == term.loop for child in self._children[node])
        else:
            there = Term(True, "", term.segment, term.element, term.codes).holds(self._parts(index))
        return there is term.is_there

    def _there(self, term: Term, scope: str, node: int, index: int) -> bool:
        if term.element is not None and term.segment == self._parts(index)[0]:
            return term.holds(self._parts(index))
        match scope:
            case "around":
                return self._around(node, term)
            case "inside":
                return any(True for _ in self._inside(node, term))
            case "path":
                return self._around(node, term) or any(True for _ in self._inside(node, term))
            case _:  # set
                return self._remembered(
                    "set", 0, term, lambda: any(self._own(one, term) for one in range(len(self._nodes)))
                )

    def _own(self, node: int, term: Term) -> bool:
        return any(term.holds(self._parts(index)) for index in self._nodes[node][2])

    def _around(self, node: int, term: Term) -> bool:
        """In the loops around a loop, and in those that name the levels around it."""
        if node == 0:
            return False
        parent = self._nodes[node][1]

        def look() -> bool:
            names = (one for one in self._children[parent] if _is_name(self._kind, self._nodes[one][0]))
            return any(self._own(one, term) for one in (parent, *names)) or self._around(parent, term)

        return self._remembered("around", parent, term, look)

    def _inside(self, node: int, term: Term, *, with_levels: bool = False) -> Iterator[int]:
        """In a loop and those in it; in the levels below only from the transaction set itself."""
        with_levels = with_levels or node == 0
        yield from (index for index in self._nodes[node][2] if term.holds(self._parts(index)))
        for child in self._children[node]:
            if with_levels or not _is_level(self._kind, self._nodes[child][0]):
                yield from self._inside(child, term, with_levels=with_levels)

    def _remembered(self, scope: str, node: int, term: Term, look: Callable[[], bool]) -> bool:
        key = (scope, node, term)
        if key not in self._known:
            self._known[key] = look()
        return self._known[key]

    def _repeated(self) -> Iterator[Found]:
        """Benefits that say the same but for their service types, which EB03 repeats. [RFI 898, 2201, 2267]"""
        known: dict[tuple[int, tuple[tuple[str, ...], ...]], int] = {}
        for node, (loop_id, parent, own) in enumerate(self._nodes):
            if loop_id not in ("2110C", "2110D") or not own or self._parts(own[0])[0] != "EB":
                continue
            said = tuple(map(_said, (self._parts(index) for index in self._below(node))))
            first = known.setdefault((parent, said), own[0])
            if first != own[0]:
                yield Found("REPEATED_BENEFIT", own[0], "EB03", 3, trigger=(first, None))

    def _below(self, node: int) -> Iterator[int]:
        yield from self._nodes[node][2]
        for child in self._children[node]:
            yield from self._below(child)


def _said(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A segment without its service types, and without empty elements at its end."""
    last = max((at for at, part in enumerate(parts) if part.strip(BLANKS)), default=0)
    return tuple("" if parts[0] == "EB" and at == 3 else part for at, part in enumerate(parts[: last + 1]))


def _text(parts: Sequence[str], element: int) -> str:
    return parts[element].strip(BLANKS) if element < len(parts) else ""


def _has_form(sent: str, dates: int) -> bool:
    parts = sent.split("-")
    return len(parts) == dates and all(read_date(part) is not None for part in parts)
