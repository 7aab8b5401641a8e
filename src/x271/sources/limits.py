"""How much we are willing to read: the bounds that keep one hostile input from taking the machine."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ..errors import Position, UsageError

# libxml2 stops at 256 levels, and our own walks recurse once per level of a document or of archives
_MOST = {"max_depth": 250, "max_archives": 16}


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest input that is read; beyond it `LimitExceeded` is raised.

    Attributes:
        max_bytes: size of one document in bytes (for a file, checked before it is read).
        max_depth: nesting of XML elements, of JSON objects and lists, or of X12 loops, the outermost is 1; at most 250.
        max_segments: segments of one X12 document; of a long one that is read in pieces, of one piece.
        max_elements: elements of one segment.
        max_repetitions: repetitions of one element, and components of one.
        max_growth: how many times a document's size its records may come to, about, by what stands in them again and
            again: a benefit for each of its service types, and for each patient what several share. The first
            64 MiB are always allowed. An EB of nothing but service types comes to some 330.
        max_archives: how many archives may stand in each other, the outermost is 1; a compressed file counts as
            one, and so does a tar in it. At most 16.
        max_expansion: how many times a file's own size all that is unpacked from it may be. The first 64 MiB are
            always allowed, as small files may well expand more.
        max_unpacked: how many bytes may be unpacked from one file.

    Raises:
        UsageError: `BAD_OPTION` for anything but positive integers in range.
    """

    max_bytes: int = 256 * 2**20
    max_depth: int = 100
    max_segments: int = 2**24
    max_elements: int = 1000
    max_repetitions: int = 1000
    max_growth: int = 500
    max_archives: int = 4
    max_expansion: int = 250
    max_unpacked: int = 2**40

    def __post_init__(self) -> None:
        for field in fields(self):
            value, most = getattr(self, field.name), _MOST.get(field.name)
            whole = isinstance(value, int) and not isinstance(value, bool)
            if not whole or value < 1 or (most is not None and value > most):
                raise UsageError("BAD_OPTION", position=Position(key=f"limits.{field.name}"))
