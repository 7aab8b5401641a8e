"""What the callers of the strategies may choose, and how what they leave open is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations
from typing import Literal, NamedTuple

from hypothesis import strategies as st

from ..errors import Position, UsageError

Level = Literal["source", "receiver", "subscriber", "dependent", "benefit"]

# Which transaction sets have no patient, or none that was found.
_WITHOUT_PATIENTS = ("source", "receiver")
_LEVELS: tuple[Level, ...] = ("subscriber", "dependent", "receiver", "source", "benefit")


class Features(NamedTuple):
    """What an answer has. rejections: the level at which something was rejected; empty for none."""

    dependents: bool
    plans: bool
    entities: bool
    repetition: bool
    procedures: bool
    rejections: Level | Literal[""]

    @property
    def of_templates(self) -> frozenset[str]:
        """The features that templates ask for."""
        wanted = {"entities": self.entities, "procedures": self.procedures}
        return frozenset(name for name, there in wanted.items() if there)


_FLAGS = ("dependents", "plans", "entities", "repetition", "procedures")


def features(
    *,
    dependents: bool | None,
    plans: bool | None,
    entities: bool | None,
    repetition: bool | None,
    procedures: bool | None,
    rejections: Level | bool | None,
) -> st.SearchStrategy[Features]:
    """The features that were asked for, the others drawn: none of them is the plainest answer.

    Raises:
        UsageError: BAD_OPTION, what was asked for cannot stand together.
    """
    given = dict(zip(_FLAGS, (dependents, plans, entities, repetition, procedures), strict=True))
    wanted = [name for name, value in given.items() if value]
    rows = [name for name in wanted if name != "dependents"]
    found: list[Features] = []
    for level in _levels(rejections):
        if (level in _WITHOUT_PATIENTS and wanted) or (level in ("subscriber", "dependent") and rows):
            continue
        if (level == "subscriber" and dependents) or (level == "dependent" and dependents is False):
            continue
        flags: dict[str, bool | None] = dict.fromkeys(_FLAGS, False)
        if level in ("", "benefit"):
            flags = dict(given)
        if level == "dependent":
            flags["dependents"] = True
        found += _drawable(flags, level)
    if not found:
        raise bad_option("rejections", "nothing is rejected there in an answer with these features")
    return st.sampled_from(found)


def _levels(rejections: Level | bool | None) -> Sequence[Level | Literal[""]]:
    if rejections is None:
        return ("", *_LEVELS)
    if rejections is False:
        return ("",)
    if rejections is True:
        return _LEVELS
    if rejections not in _LEVELS:
        raise bad_option("rejections", f"one of {', '.join(_LEVELS)} is expected")
    return (rejections,)


def _drawable(flags: dict[str, bool | None], level: Level | Literal[""]) -> list[Features]:
    """Every answer that the flags leave open, the plainest first; of rejections in benefits only the plainest."""
    still_open = [name for name in _FLAGS if flags[name] is None]
    most = 1 if level == "benefit" else len(still_open)
    settled = {name: bool(value) for name, value in flags.items()}
    return [
        Features(**(settled | dict.fromkeys(chosen, True)), rejections=level)
        for chosen in subsets(tuple(still_open), most)
    ]


@cache
def subsets(names: tuple[str, ...], most: int) -> tuple[tuple[str, ...], ...]:
    """All choices of up to so many names, and the choice of all, the smaller first."""
    sizes = range(min(most, len(names)) + 1)
    found = [chosen for size in sizes for chosen in combinations(names, size)]
    return (*found, names) if most < len(names) else tuple(found)


def weighted(plain: Sequence[object], others: Iterable[object], times: int) -> st.SearchStrategy[object]:
    """The plain ones so many times as often as each of the others."""
    return st.sampled_from([*list(plain) * times, *others])


def bad_option(name: str, detail: str) -> UsageError:
    """The error for an option that is none."""
    return UsageError("BAD_OPTION", position=Position(key=name), detail=detail)
