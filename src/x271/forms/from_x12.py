"""X12 as a PPMDResults document: the JSON twin, of which the XML is written.

Each interchange is a `Results`, each functional group an `Edi271` in it. The sample has no SE, and whoever reads
the document makes one; so SE is left out where the one that is made is the one that was sent.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DataError, Position, UnsupportedTransaction
from ..sources.names import COMPOSITE, REPEATING
from .names import MOST_ELEMENTS, attribute, is_identifier, loop_path, segment_path
from .tree import Node, Step, Tree

if TYPE_CHECKING:
    from .. import _core

_SCHEMAS = {  # as the sample has them
    "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "@xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
}
_CLOSING = ("ISA", "GS", "ST", "GE", "IEA")  # what closes a transaction set that has no SE
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SEPARATED = frozenset(("ISA", *(segment for segment, _ in (*REPEATING, *COMPOSITE))))
_USUAL = re.compile(r"[!-/:-@\[-`{-~]{2}")  # two separators that XML can hold
# Separators for an interchange whose own cannot stand in XML, the usual first.
_CANDIDATES = "^:|!>#;%$@" + "".join(chr(code) for code in range(0xA1, 0x2C00) if not chr(code).isalnum())


class _Segment(NamedTuple):
    """A segment without its empty elements at the end; one that has no others has a blank, or it would be lost."""

    number: int  # from 1
    offset: int
    loop: str | None
    name: str
    elements: tuple[str, ...]


def document(read: _core.Document, *, encoding: str, for_xml: bool) -> Node:
    """The JSON twin of what the core read; with `for_xml`, only such as XML can hold.

    Raises:
        UnsupportedTransaction: `NO_XML_FORM` if there is no transaction set, or one that is no 271.
        DataError: `UNWRITABLE_VALUE` for an identifier that no name can say, an element beyond the 99th, and with
            `for_xml` a control character.
    """
    kinds = read.kinds()
    for kind, index, _ in kinds:
        if kind != "271":
            shown = kind if kind.isdigit() else "of an unknown kind"
            raise UnsupportedTransaction(
                "NO_XML_FORM", position=Position(segment=index + 1), detail=f"a set {shown}"
            )
    if not kinds:
        raise UnsupportedTransaction("NO_XML_FORM", detail="no transaction set")
    results: Node = {}
    tree = Tree(results)
    places = _Places(read)
    for segments in _interchanges(read):
        for segment in _without_made_trailers(segments):
            *path, (name, _) = places.of(segment)
            tree.add(path, name, _attributes(segment, for_xml=for_xml))
    _each_edi271(results)
    return {"?xml": {"@version": "1.0", "@encoding": encoding}, "PPMDResults": results}


def _each_edi271(results: Node) -> None:
    """Gives each Edi271 the attributes that the sample's has, before its children."""
    for one in _listed(results.get("Results")):
        one["Edi271"] = made = [{**_SCHEMAS, **edi271} for edi271 in _listed(one.get("Edi271"))]
        if len(made) == 1:
            one["Edi271"] = made[0]


def _listed(value: object) -> list[Node]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


class _Places:
    """Where each segment goes: the way to its element, each step a name and which one of that name."""

    def __init__(self, read: _core.Document) -> None:
        self._set: dict[int, tuple[int, int]] = {}  # of each segment its transaction set and node
        self._nodes: list[list[tuple[str, int]]] = []  # of each transaction set, of each node loop and parent
        self._interchange = self._group = 0
        self._has_group = False
        for number, (_, first, end, _, nodes) in enumerate(read.transactions()):
            self._nodes.append([(loop, parent) for loop, parent, _ in nodes])
            self._set.update(dict.fromkeys(range(first, end), (number, 0)))
            for node, (_, _, indexes) in enumerate(nodes):
                self._set.update(dict.fromkeys(indexes, (number, node)))

    def of(self, segment: _Segment) -> list[Step]:
        """The way to a segment's element, that one the last. To be asked in document order."""
        if segment.name == "ISA":
            self._interchange, self._group, self._has_group = self._interchange + 1, 0, False
        elif segment.name == "GS":
            self._group += self._has_group
            self._has_group = True
        way = loop_path("interchange")
        path: list[Step] = [(name, self._interchange) for name in way.shared]
        path.append((way.own, (self._interchange, self._group)))
        found = self._set.get(segment.number - 1)
        loop = "interchange"
        if found is not None:
            number, node = found
            loop = self._nodes[number][node][0] if self._nodes[number] else "271"
            path += self._loop(number, node)
        return path + [(name, None) for name in segment_path(loop, segment.name)]

    def _loop(self, number: int, node: int) -> list[Step]:
        """The way from an Edi271 to the element of a loop."""
        loop, parent = self._nodes[number][node] if self._nodes[number] else ("271", 0)
        way = loop_path(loop)
        above = [] if node == 0 else self._loop(number, 0 if way.from_set else parent)
        own: list[Step] = [(way.own, (number, node))] if way.own else []
        return above + [(name, None) for name in way.shared] + own


def _interchanges(read: _core.Document) -> Iterator[list[_Segment]]:
    """The segments of each interchange, with separators that stand in XML and are read as they were here."""
    items = read.interchanges()
    starts = [item[0] for item in items]
    found: list[list[_Segment]] = [[] for _ in items]
    for index, (offset, loop, parts) in enumerate(read.segments()):
        elements = _trimmed(parts[1:]) or (" ",)
        if parts != ("",):
            which = max(bisect_right(starts, index) - 1, 0)
            found[which].append(_Segment(index + 1, offset, loop, parts[0].strip(), elements))
    for segments, item in zip(found, items, strict=True):
        _, repetition, component, _ = (chr(byte) if byte else "" for byte in item[-1])
        yield _separated(segments, repetition, component)


def _trimmed(elements: tuple[str, ...]) -> tuple[str, ...]:
    end = len(elements)
    while end and not elements[end - 1]:
        end -= 1
    return elements[:end]


def _separated(segments: list[_Segment], repetition: str, component: str) -> list[_Segment]:
    """The segments with separators that XML can hold, and ISA with those that are in use.

    ISA11 need not name one: 4010 has U there, and it is read as `^`.
    """
    wanted = sent = repetition, component
    if not _USUAL.fullmatch(repetition + component):
        text = "".join(chain.from_iterable(segment.elements for segment in segments[1:]))
        free = [one for one in _CANDIDATES if one not in text][:2]
        if len(free) < 2:
            detail = "no separator is left"
            raise DataError("UNWRITABLE_VALUE", position=_position(segments[0], None), detail=detail)
        wanted = free[0], free[1]

    def separated(segment: _Segment) -> _Segment:
        elements = list(segment.elements)
        if segment.name == "ISA":
            elements += [""] * (16 - len(elements))
            elements[10], elements[15] = wanted
        for at, places in enumerate((REPEATING, COMPOSITE)):
            for number, value in enumerate(elements, start=1):
                if sent[at] and (segment.name, number) in places:
                    elements[number - 1] = value.replace(sent[at], wanted[at])
        return segment._replace(elements=tuple(elements))

    changed = ("ISA",) if wanted == sent else _SEPARATED
    return [separated(segment) if segment.name in changed else segment for segment in segments]


def _without_made_trailers(segments: list[_Segment]) -> Iterator[_Segment]:
    """Leaves out each SE that whoever reads the document makes the same."""
    header: _Segment | None = None
    count = 0
    for segment, following in zip(segments, [*segments[1:], None], strict=True):
        count += 1
        if segment.name == "ST":
            header, count = segment, 1
        elif segment.name in _CLOSING:
            header = None
        elif segment.name == "SE":
            is_last = following is None or following.name in _CLOSING
            made = header and _trimmed((str(count), *header.elements[1:2]))
            header = None
            if is_last and segment.elements == made:
                continue
        yield segment


def _attributes(segment: _Segment, *, for_xml: bool) -> Node:
    if not is_identifier(segment.name):
        raise DataError("UNWRITABLE_VALUE", position=_position(segment, None), detail="segment identifier")
    made: Node = {}
    for number, value in enumerate(segment.elements, start=1):
        if not value:
            continue
        if number > MOST_ELEMENTS:
            raise DataError("UNWRITABLE_VALUE", position=_position(segment, number), detail="element number")
        if for_xml and _NOT_XML.search(value):
            detail = "control character"
            raise DataError("UNWRITABLE_VALUE", position=_position(segment, number), detail=detail)
        filled = segment.name == "ISA" and value.endswith(" ")
        made[f"@{attribute(segment.name, number)}"] = value.rstrip(" ") + " " if filled else value
    return made


def _position(segment: _Segment, element: int | None) -> Position:
    return Position(offset=segment.offset, segment=segment.number, element=element, loop=segment.loop)
