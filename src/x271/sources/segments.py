"""An XML tree or its JSON twin as segments, in document order and in one pass.

Every attribute counts whose name is a segment's element, on whatever it stands and however deep. So does a child
element of such a name that holds text: it is read as an attribute of its parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from lxml import etree

from ..errors import LimitExceeded, UsageError
from .limits import Limits
from .names import ENVELOPE, REPEATING, Place, Run, place, runs


class Segments:
    """Segments as they are found; no delimiter is chosen yet.

    Attributes:
        items: each segment as its id and its elements.
        lines: for each segment the line of its XML element; empty for JSON.
        marks: indexes of the envelope's segments.
        parts: for (index of segment, element) its values in order as (component, text), where there are several.
    """

    __slots__ = ("_last", "_owner", "items", "lines", "marks", "parts")

    def __init__(self) -> None:
        self.items: Final[list[tuple[str, ...]]] = []
        self.lines: Final[list[int]] = []
        self.marks: Final[list[int]] = []
        self.parts: Final[dict[tuple[int, int], list[tuple[int, str]]]] = {}
        self._owner: object = self  # the element whose segment the last item is
        self._last = (0, 0)  # element and component of the last child element that was read into it

    def attributes(self, run: Run, values: list[str], line: int, owner: object) -> None:
        """Adds the segment that an element's attributes make."""
        if run.pick is None:
            for index, where in sorted(run.places, key=_by_place):
                self.value(where, values[index], line, owner)
            return
        segment = run.pick([*values, "", run.segment])
        if not segment[-1]:
            segment = _trimmed(segment)
            if len(segment) == 1:  # says nothing
                return
        if run.is_envelope:
            self.marks.append(len(self.items))
        self.items.append(segment)
        self.lines.append(line)
        self._owner = owner
        self._last = (0, 0)

    def value(self, where: Place, text: str, line: int, owner: object) -> None:
        """Adds one value to the segment at hand if it can still take it, else starts a segment with it."""
        if not text:
            return
        segment, element, component = where
        if owner is not self._owner or not self._takes(where):
            if segment in ENVELOPE:
                self.marks.append(len(self.items))
            self.items.append((segment,))
            self.lines.append(line)
            self._owner = owner
        self._last = (element, component)
        item = list(self.items[-1])
        item += [""] * (element + 1 - len(item))
        if item[element] or component:
            already = [(0, item[element])] if item[element] else []
            self.parts.setdefault((len(self.items) - 1, element), already).append((component, text))
        item[element] = item[element] or text
        self.items[-1] = tuple(item)

    def _takes(self, where: Place) -> bool:
        item = self.items[-1]
        if item[0] != where.segment or (where.element, where.component) < self._last:
            return item[0] == where.segment and self._last[0] == where.element and _may_repeat(where)
        filled = len(item) > where.element and item[where.element] != ""
        return not filled or where.component > self._last[1] or _may_repeat(where)


def from_xml(root: etree._Element) -> Segments:
    """The segments of an element and everything below it."""
    found = Segments()
    for element in root.iter():
        values = element.values()
        made = runs(tuple(element.keys())) if values else ()
        if not made:
            if not len(element) and (where := place(element.tag)) is not None:
                text = (element.text or "").strip()
                found.value(where, text, element.sourceline or 0, _owner(element.getparent()))
            continue
        for run in made:
            owner = element if run.pick is not None else _owner(element)
            found.attributes(run, values, element.sourceline or 0, owner)
    return found


def _owner(element: etree._Element | None) -> etree._Element | None:
    """The element that values below `element` belong to: a composite's own element is passed over."""
    while element is not None and place(element.tag) is not None:
        element = element.getparent()
    return element


def from_json(tree: Mapping[str, object], *, limits: Limits) -> Segments:
    """The segments of a JSON object and everything below it: attributes first, then the others as they stand.

    Raises:
        LimitExceeded: `TOO_DEEP`.
        UsageError: `BAD_INPUT_TYPE` for a value that JSON does not have.
    """
    found = Segments()
    _object(found, tree, None, object(), limits.max_depth)
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
    for name, value in node.items():
        if name[:1] == "@":
            for one in listed(value):
                names.append(name[1:])
                values.append(scalar(one))
        elif name != "#text":
            children = True
    made = runs(tuple(names)) if names else ()
    for run in made:
        found.attributes(run, values, 0, mine if run.pick is not None else owner)
    if children:
        for name, value in node.items():
            if name[:1] != "@" and name != "#text":
                _child(found, name, value, owner, depth)
    elif named is not None and not made:
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


def scalar(value: object) -> str:
    """A JSON value as the text of an attribute; lists and objects have none."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (Mapping, list, tuple)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        try:
            return str(value)
        except ValueError:  # an int of more digits than Python turns into text
            return ""
    raise UsageError("BAD_INPUT_TYPE", detail=type(value).__name__)


def listed(value: object) -> list[object]:
    """A JSON value as a list: several of one name are one already, a single one is not."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _trimmed(segment: tuple[str, ...]) -> tuple[str, ...]:
    end = len(segment)
    while end > 1 and not segment[end - 1]:
        end -= 1
    return segment[:end]


def _by_place(placed: tuple[int, Place]) -> tuple[int, int]:
    return placed[1].element, placed[1].component


def _may_repeat(where: Place) -> bool:
    return (where.segment, where.element) in REPEATING
