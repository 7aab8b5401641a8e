"""The generator of everything that is drawn: SplitMix64, which is the same on every platform and in every language.

Python's own `random` promises the same numbers across versions for `random()` alone, and its seeding and ranges have
changed; this is ten lines that nobody changes. It is no source of secrets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_WIDTH = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


def _mixed(state: int) -> int:
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WIDTH
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _WIDTH
    return state ^ (state >> 31)


class Numbers:
    """A stream of numbers. Streams with different keys have nothing to do with each other."""

    __slots__ = ("_state",)

    def __init__(self, *key: int) -> None:
        state = 0
        for part in key:
            state = _mixed((state + _STEP + (part & _WIDTH)) & _WIDTH)
        self._state = state

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1."""
        self._state = state = (self._state + _STEP) & _WIDTH
        return (_mixed(state) * count) >> 64

    def between(self, first: int, last: int) -> int:
        """A number from `first` to `last`, both included."""
        return first + self.below(last - first + 1)

    def one(self, of: Sequence[T]) -> T:
        """One of several."""
        return of[self.below(len(of))]

    def digits(self, pattern: str) -> str:
        """The pattern with a digit for each `#`, of which it has at most 12."""
        count = pattern.count("#")
        digits = iter(f"{self.below(10**count):0{count}}") if count else iter(())
        return "".join(next(digits) if char == "#" else char for char in pattern)
