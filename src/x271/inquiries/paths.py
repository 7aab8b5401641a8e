"""Paths in nested values: `dependents[0].firstName` in a request, `subscriber.references[6P].value` in an inquiry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Location = tuple[int | str, ...]


def named(location: Location) -> str:
    """A place in a request as people write it: `dependents[0].firstName`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).removeprefix(".")


def value_of(node: Any, path: str) -> Any:
    """What stands at a path such as `dependents[0].firstName`; None if nothing does. A name may hold dots itself."""
    if isinstance(node, Mapping) and path in node:
        return node[path]
    for step in steps(path):
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def steps(path: str) -> list[str | int]:
    """The names and numbers of a path."""
    parts = re.findall(r"[^.\[\]]+", path)
    return [int(part) if part.isdigit() else part for part in parts]


def first_small(name: str) -> str:
    """The name with a small first letter."""
    return name[:1].lower() + name[1:]


def without(node: Any, location: Location) -> Any:
    """A copy without what stands at the location."""
    if not location:
        return {}
    head, rest = location[0], location[1:]
    if isinstance(node, Mapping):
        kept = {}
        for name, value in node.items():
            is_meant = name == head or first_small(str(name)) == head
            if not is_meant:
                kept[name] = value
            elif rest:
                kept[name] = without(value, rest)
        return kept
    if isinstance(node, (list, tuple)) and isinstance(head, int) and head < len(node):
        changed = [without(node[head], rest)] if rest else []
        return [*node[:head], *changed, *node[head + 1 :]]
    return {}


def with_nothing(data: dict[str, Any], path: Location) -> dict[str, Any]:
    """The data with an empty text at the path."""
    owner: Any = data
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = ""
    return data
