"""How much we are willing to read: the bounds that keep one hostile input from taking the machine."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Position, UsageError

_DEEPEST = 250  # libxml2 stops at 256 levels, and our own walks recurse once per level


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest input that is read; beyond it `LimitExceeded` is raised.

    Attributes:
        max_bytes: size of the input in bytes (for a file, checked before it is read).
        max_depth: nesting of XML elements or of JSON objects and lists, the outermost is 1; at most 250.

    Raises:
        UsageError: `BAD_OPTION` for anything but positive integers in range.
    """

    max_bytes: int = 256 * 2**20
    max_depth: int = 100

    def __post_init__(self) -> None:
        for name, value, most in (
            ("max_bytes", self.max_bytes, None),
            ("max_depth", self.max_depth, _DEEPEST),
        ):
            whole = isinstance(value, int) and not isinstance(value, bool)
            if not whole or value < 1 or (most is not None and value > most):
                raise UsageError("BAD_OPTION", position=Position(key=f"limits.{name}"))
