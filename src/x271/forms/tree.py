"""Elements put one after the other into a JSON twin, so that reading it back keeps their order.

JSON has one place for all children of one name. So a name that comes back after another one would move forward.
Then this child and all that follow it stand in an element `Continued`, behind the children that are there.
"""

from __future__ import annotations

from collections.abc import Iterable

from .names import CONTINUED

Node = dict[str, object]
Step = tuple[str, object]  # an element's name, and which one of that name: equal steps are the same element


class Tree:
    """A document whose elements come in document order."""

    def __init__(self, root: Node) -> None:
        self._open: list[tuple[Step, _Element]] = [(("", None), _Element(root))]

    def add(self, path: Iterable[Step], name: str, attributes: Node) -> None:
        """Adds an element behind all that are there, in the elements of `path`: the open ones as far as they agree."""
        steps = list(path)
        same = 0
        for (step, _), wanted in zip(self._open[1:], steps, strict=False):
            if step != wanted:
                break
            same += 1
        del self._open[same + 1 :]
        for step in steps[same:]:
            inside: Node = {}
            self._open[-1][1].add(step[0], inside)
            self._open.append((step, _Element(inside)))
        self._open[-1][1].add(name, attributes)


class _Element:
    __slots__ = ("_children", "_last", "_whole")

    def __init__(self, whole: Node) -> None:
        self._whole = whole
        self._children = whole  # where the next child goes: the element itself or its last `Continued`
        self._last = ""

    def add(self, name: str, child: Node) -> None:
        if name in self._children and name != self._last:
            self._children = {}
            _append(self._whole, CONTINUED, self._children)
        _append(self._children, name, child)
        self._last = name


def _append(parent: Node, name: str, child: Node) -> None:
    """One child is an object, several are a list, as xmltodict has it."""
    there = parent.get(name)
    if there is None:
        parent[name] = child
    elif isinstance(there, list):
        there.append(child)
    else:
        parent[name] = [there, child]
