"""An XML tree or its JSON twin as segments, in document order and in one pass.

Every attribute counts whose name is a segment's element, on whatever it stands and however deep. So does a
child element of such a name that holds text: it is read as an attribute of its parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ..errors import LimitExceeded
from .json_values import listed, pairs, scalar
from .names import ENVELOPE, REPEATING, Place, Plan, place, plan

if TYPE_CHECKING:
    from lxml import etree

_NOTHING = Plan((), None, ())


class Segments:
    """Segments as they are found; no delimiter is chosen yet.

    Attributes:
        items: each segment as its id and its elements.
        lines: for each segment the line of its XML element; empty for JSON.
        marks: indexes of the envelope's segments.
        parts: for (index of segment, element) its values as (component, text), where there are several.
    """

    __slots__ = ("_last", "_valued", "items", "lines", "marks", "owner", "parts")

    def __init__(self) -> None:
        self.items: Final[list[tuple[str, ...]]] = []
        self.lines: Final[list[int]] = []
        self.marks: Final[list[int]] = []
        self.parts: Final[dict[tuple[int, int], list[tuple[int, str]]]] = {}
        self.owner: object = self  # the element whose segment the last item is
        self._valued = 0  # how many items there were when a child element was last read into one,
        self._last = (0, 0)  # and its element and component

    def attributes(self, made: Plan, values: list[str], line: int, element: object, above: object) -> None:
        """Adds the segments that an element's attributes make; `above` owns them if they are components."""
        values += made.suffix
        for pick, is_envelope, places in made.runs:
            if pick is None:
                for index, where in sorted(places, key=_by_place):
                    self.value(where, values[index], line, above)
                continue
            item = pick(values)
            if item[-1] or len(item := _trimmed(item)) > 1:  # else it says nothing
                if is_envelope:
                    self.marks.append(len(self.items))
                self.items.append(item)
                self.lines.append(line)
                self.owner = element

    def value(self, where: Place, text: str, line: int, owner: object) -> None:
        """Adds one value to the segment at hand if it can still take it, else starts a segment with it."""
        if not text:
            return
        segment, element, component = where
        if owner is not self.owner or not self._takes(where):
            if segment in ENVELOPE:
                self.marks.append(len(self.items))
            self.items.append((segment,))
            self.lines.append(line)
            self.owner = owner
        self._valued, self._last = len(self.items), (element, component)
        item = list(self.items[-1])
        item += [""] * (element + 1 - len(item))
        if item[element] or component:
            already = [(0, item[element])] if item[element] else []
            self.parts.setdefault((len(self.items) - 1, element), already).append((component, text))
        item[element] = item[element] or text
        self.items[-1] = tuple(item)

    def _takes(self, where: Place) -> bool:
        item = self.items[-1]
        if item[0] != where.segment:
            return False
        last = self._last if self._valued == len(self.items) else (0, 0)
        if (where.element, where.component) < last:
            return last[0] == where.element and _may_repeat(where)
        filled = len(item) > where.element and item[where.element] != ""
        return not filled or where.component > last[1] or _may_repeat(where)


def from_xml(root: etree._Element) -> Segments:
    """The segments of an element and everything below it."""
    found = Segments()
    add, add_line = found.items.append, found.lines.append
    for element in root.iter():
        values: list[str] = element.values()  # type: ignore[assignment]  # str, where the stubs allow bytes
        made = plan(tuple(element.keys())) if values else _NOTHING
        if made.pick is not None:  # the usual case, written out here for speed
            values += made.suffix
            item = made.pick(values)
            if item[-1] or len(item := _trimmed(item)) > 1:
                add(item)
                add_line(element.sourceline or 0)  # type: ignore[arg-type]  # the stubs have no type for it
                found.owner = element
        elif made.runs:
            line: int = element.sourceline or 0  # type: ignore[assignment]  # as above
            found.attributes(made, values, line, element, _owner(element))
        elif not len(element) and (where := place(element.tag)) is not None:
            line = element.sourceline or 0  # type: ignore[assignment]  # as above
            found.value(where, (element.text or "").strip(), line, _owner(element.getparent()))
    return found


def _owner(element: etree._Element | None) -> etree._Element | None:
    """The element that values below `element` belong to: a composite's own element is passed over."""
    while element is not None and place(element.tag) is not None:
        element = element.getparent()
    return element


def from_json(tree: Mapping[str, object], *, depth: int) -> Segments:
    """The segments of a JSON object and everything below it: attributes first, then the others as they stand.

    At most `depth` levels of objects and lists are read.

    Raises:
        LimitExceeded: `TOO_DEEP`.
        UsageError: `BAD_INPUT_TYPE` for a value that JSON does not have.
    """
    found = Segments()
    _object(found, tree, None, object(), depth)
    return found


def _object(
    found: Segments, node: Mapping[str, object], named: Place | None, above: object, depth: int
) -> None:
    """Reads one object; `named` is the place that its own name means, `above` the owner of its parent."""
    if depth < 1:
        raise LimitExceeded("TOO_DEEP")
    mine = object()
    owner = mine if named is None else above
    names: list[str] = []
    values: list[str] = []
    children = False
    for name, value in pairs(node):
        if name[:1] == "@":
            for one in listed(value):
                names.append(name[1:])
                values.append(scalar(one))
        elif name != "#text":
            children = True
    made = plan(tuple(names)) if names else _NOTHING
    if made.runs:
        found.attributes(made, values, 0, mine, owner)
    if children:
        for name, value in node.items():
            if name[:1] != "@" and name != "#text":
                _child(found, name, value, owner, depth)
    elif named is not None and not made.runs:
        found.value(named, scalar(node.get("#text")).strip(), 0, above)


def _child(found: Segments, name: str, value: object, owner: object, depth: int) -> None:
    if isinstance(value, Mapping):
        _object(found, value, place(name), owner, depth - 1)
    elif isinstance(value, (list, tuple)):
        if depth < 1:
            raise LimitExceeded("TOO_DEEP")
        for one in value:
            _child(found, name, one, owner, depth - 1)
    elif (where := place(name)) is not None:
        found.value(where, scalar(value).strip(), 0, owner)


def _trimmed(segment: tuple[str, ...]) -> tuple[str, ...]:
    end = len(segment)
    while end > 1 and not segment[end - 1]:
        end -= 1
    return segment[:end]


def _by_place(placed: tuple[int, Place]) -> tuple[int, int]:
    return placed[1].element, placed[1].component


def _may_repeat(where: Place) -> bool:
    return (where.segment, where.element) in REPEATING
