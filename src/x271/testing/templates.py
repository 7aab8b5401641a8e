"""How a part of an answer is written: the rows of `templates.tsv`, each a strategy of its segments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from .._tables import read_table
from .pools import PLANS, Types, pool

Segments = tuple[str, ...]

_PLACE = re.compile(r"\{([^}]+)\}")
_LATER = {"plan": PLANS[0], "plan?": PLANS[0]}  # which plan is meant is the patient's to say


@dataclass(frozen=True, slots=True)
class Template:
    """A row of the table. loops: such as 2110#, where # is C or D."""

    part: str
    loops: tuple[str, ...]
    feature: str
    weight: int
    text: str


@cache
def table() -> tuple[Template, ...]:
    """Every template."""
    rows = read_table("testing/templates.tsv")
    return tuple(
        Template(row["part"], tuple(row["loop"].split()), row["feature"], int(row["weight"]), row["segments"])
        for row in rows
    )


class Written:
    """A template in one loop: what is drawn for it, and the segments that it gives."""

    __slots__ = ("_blanks", "_text", "values")

    def __init__(
        self, text: str, loop: str, types: Types = "any", plans: int = 1, first: Sequence[str] = ()
    ) -> None:
        """first: what the first placeholder may become, where that is less than its pool."""
        pools = [list(first)] if first else []
        for name in _PLACE.findall(text)[len(pools) :]:
            if name in _LATER:
                pools.append((["*"] if name.endswith("?") else []) + list(PLANS[:plans]))
            else:
                pools.append(list(pool(name, loop, types)))
        self._text = _PLACE.sub("{}", text)
        self.values = st.tuples(*map(st.sampled_from, pools))

    def segments(self, values: tuple[str, ...]) -> Segments:
        """The segments with these values, without empty elements at their ends."""
        return tuple(one.rstrip("*") for one in self._text.format(*values).split("~"))


@cache
def choices(
    part: str,
    loop: str,
    *,
    features: frozenset[str] = frozenset(),
    only: str = "",
    types: Types = "any",
    plans: int = 1,
    codes: frozenset[str] = frozenset(),
) -> st.SearchStrategy[Written]:
    """The ways to write a part in a loop such as 2110C.

    Args:
        features: what templates may ask for.
        only: the feature that they must ask for.
        types: whether EB03 may, or must, be repeated.
        plans: how many plans benefits may speak of.
        codes: of benefits, the information codes (EB01) that may be; none for any.

    Raises:
        KeyError: there is no such way.
    """
    found: list[Written] = []
    for one in table():
        loops = {name.replace("#", letter) for name in one.loops for letter in "CD"}
        wanted = (only,) if only else ("", *features)
        if one.part == part and loop in loops and one.feature in wanted:
            first = _first(one.text, loop, codes) if codes else []
            if first is not None:
                found += [Written(one.text, loop, types, plans, first)] * one.weight
    if not found:
        raise KeyError(part)
    return st.just(found[0]) if len(found) == 1 else st.sampled_from(found)


def _first(text: str, loop: str, codes: frozenset[str]) -> list[str] | None:
    """What the first placeholder may be so that the first element is one of the codes; None if it cannot be."""
    element = text.split("*")[1]
    name = _PLACE.fullmatch(element)
    if name is None:
        return [] if element in codes else None
    return [code for code in pool(name[1], loop) if code in codes] or None


def drawn(draw: st.DrawFn, ways: st.SearchStrategy[Written]) -> Segments:
    """One part of an answer."""
    way = draw(ways)
    return way.segments(draw(way.values))
