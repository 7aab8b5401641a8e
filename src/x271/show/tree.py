"""A document as a tree of its loops and segments, for `rich.print(document)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from .. import codes
from ..grammar.access import coded
from ..grammar.base import Loop, Segment, slots
from ..grammar.envelope import Group, OtherTransaction, Transaction, kind_of
from .words import plain

if TYPE_CHECKING:
    from ..grammar.envelope import Interchange

MOST = 200  # of one kind in one loop


def render(document: Interchange, *, patient_data: bool = False) -> Tree:
    """The tree. Without `patient_data` a segment shows codes that a table knows, with it every element as sent."""
    count = 1 + len(document.following)
    root = Tree(Text("an interchange" if count == 1 else f"{count} interchanges", style="bold"))
    for one in document.interchanges():
        branch = root if count == 1 else root.add("interchange")
        for acknowledgment in one.acknowledgments:
            branch.add(_line(acknowledgment, patient_data))
        for group in one.groups:
            _group(group, branch.add("group"), patient_data)
    return root


def _group(group: Group, branch: Tree, patient_data: bool) -> None:
    for one in _first(group.transactions, branch):
        label = Text(f"transaction set {kind_of(one)}", style="bold")
        _held(one, branch.add(label), patient_data)


def _held(one: Loop | Transaction, branch: Tree, patient_data: bool) -> None:
    if isinstance(one, OtherTransaction):
        branch.add(f"{len(one.segments)} segments that are not read")
        return
    for slot in slots(type(one)):
        value = getattr(one, slot.name)
        several = value if isinstance(value, tuple) else () if value is None else (value,)
        for each in _first(several, branch):
            if isinstance(each, Loop):
                _held(each, branch.add(Text(_title(each), style="bold")), patient_data)
            else:
                branch.add(_line(each, patient_data))
    for other in _first(one.others, branch):
        branch.add(_line(other, patient_data))


def _title(loop: Loop) -> str:
    """The loop's name and what it is, from its model."""
    said = (type(loop).__doc__ or "").split("\n")[0].rstrip(".")
    return f"{loop.loop_id}{said.removeprefix(loop.loop_id)}"


def _line(segment: Segment, patient_data: bool) -> Text:
    identifier = type(segment).segment_id
    if patient_data:
        line = Text(plain(" ".join((segment.segment_identifier or identifier, *segment.elements))))
    else:
        line = Text(f"{identifier or 'another segment'} {', '.join(_words(segment))}".rstrip())
    if segment.segment_number is not None:
        line.append(f"  {segment.segment_number}", style="dim")
    return line


def _words(segment: Segment) -> Iterator[str]:
    for field, sent in coded(segment):
        reference = f"{type(segment).segment_id}{field.number:02}"
        for code in sent:
            described = codes.describe(reference, code) if reference in codes.tables() else ""
            yield f"{code} {described}".rstrip()


def _first(several: Iterable[Any], branch: Tree) -> Iterator[Any]:
    """As many as one can look at; the branch says that there are more."""
    items = iter(several)
    yield from islice(items, MOST)
    more = sum(1 for _ in items)
    if more:
        branch.add(f"and {more} more")
