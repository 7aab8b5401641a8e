"""What the callers of the strategies may choose, and how what they leave open is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from hypothesis import strategies as st

from ..errors import Position, UsageError

Level = Literal["source", "receiver", "subscriber", "dependent", "benefit"]

# Which transaction sets have no patient, or none that was found.
_WITHOUT_PATIENTS = ("source", "receiver")
_LEVELS: tuple[Level, ...] = ("subscriber", "dependent", "receiver", "source", "benefit")


class Features(NamedTuple):
    """What an answer has (True), what it has not (False), and what it may have (None).

    rejections: the level at which something was rejected; empty for none.
    """

    dependents: bool | None
    plans: bool | None
    entities: bool | None
    repetition: bool | None
    procedures: bool | None
    rejections: Level | Literal[""]

    @property
    def of_templates(self) -> frozenset[str]:
        """The features that templates may ask for."""
        wanted = {"entities": self.entities, "procedures": self.procedures}
        return frozenset(name for name, there in wanted.items() if there is not False)


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
    """The features that were asked for, at each level of rejections that was; none is the plainest.

    Raises:
        UsageError: BAD_OPTION, what was asked for cannot stand together.
    """
    given = dict(zip(_FLAGS, (dependents, plans, entities, repetition, procedures), strict=True))
    wanted = [name for name, value in given.items() if value]
    rows = [name for name in wanted if name != "dependents"]
    found: list[Level | Literal[""]] = []
    for level in _levels(rejections):
        if (level in _WITHOUT_PATIENTS and wanted) or (level in ("subscriber", "dependent") and rows):
            continue
        if (level == "subscriber" and dependents) or (level == "dependent" and dependents is False):
            continue
        found.append(level)
    if not found:
        raise bad_option("rejections", "nothing is rejected there in an answer with these features")
    made = [_at(level, given) for level in found]
    return st.sampled_from([*made[:1] * (3 * len(made) if rejections is None else 0), *made])


def _at(level: Level | Literal[""], given: dict[str, bool | None]) -> Features:
    """The features with a rejection at that level: of benefits there are none where nobody was found."""
    if level in ("", "benefit"):
        return Features(**given, rejections=level)
    flags: dict[str, bool | None] = dict.fromkeys(_FLAGS, False)
    return Features(**flags | {"dependents": level == "dependent"}, rejections=level)


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


@cache
def _more(rarity: int) -> st.SearchStrategy[bool]:
    return st.sampled_from((False,) * rarity + (True,))


_STILL_MORE = st.sampled_from((False, True, True, True))


def repeated(draw: st.DrawFn, most: int, rarity: int = 0) -> Iterator[int]:
    """Counts up to so many, one draw each, so that an example loses one of them as easily as another.

    rarity: how much likelier it is to end than to go on; 0 for going on three times of four.
    """
    more = _more(rarity) if rarity else _STILL_MORE
    for number in range(most):
        if not draw(more):
            return
        yield number


def some_of(draw: st.DrawFn, names: st.SearchStrategy[str], most: int, rarity: int) -> set[str]:
    """A few of the names, mostly none."""
    return {draw(names) for _ in repeated(draw, most, rarity)}


def bad_option(name: str, detail: str) -> UsageError:
    """The error for an option that is none."""
    return UsageError("BAD_OPTION", position=Position(key=name), detail=detail)
