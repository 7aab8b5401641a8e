"""The documents of what a walk found, with what was left closed opened."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ...errors import X271Error
from ..limits import Limits
from ..ranges import Range
from . import lines, zips
from .kinds import is_short_x12
from .long import no_range
from .reader import Reader
from .spots import Files, Spot, stream, unchanged, unreadable
from .stream import Stream
from .walk import Item, Walk, is_hidden


class Document(NamedTuple):
    """One document, or why it cannot be had. `line` is where it stands in JSON Lines, from 1; 0 for all else.

    Long X12 is a stream or a range of it, which must be read before the next document is asked for.
    """

    name: str
    data: bytes | Stream | Range | X271Error
    line: int = 0

    @property
    def label(self) -> str:
        """The name for people: `answers.jsonl:17` in JSON Lines."""
        return f"{self.name}:{self.line}" if self.line else self.name


def documents(
    item: Item, reader: Reader, *, limits: Limits, may_hold: Callable[[str], bool] = lambda _: True
) -> Iterator[Document]:
    """The documents of an item; what is not opened yet is opened, of a zip those files that `may_hold` it."""
    data = item.data
    if isinstance(data, Files):
        yield from _of_zip(item, data, reader, limits, may_hold)
        return
    if isinstance(data, Spot):
        if item.what == "stream":
            yield from _streamed(item, data, limits)
            return
        if item.what == "range":
            yield from _ranged(item, data, reader, limits)
            return
        try:
            data = reader.read(data, most=limits.max_bytes)
        except X271Error as error:
            data = error.with_traceback(None)
    if isinstance(data, (X271Error, Stream)) or item.what == "document":
        yield Document(item.name, data, item.line)
    elif item.what == "lines":
        for number, line in lines.lines(data, item.line):
            yield Document(item.name, line, number)
    else:
        yield from _in(item.name, data, item.inside, limits)


def _of_zip(
    item: Item, found: Files, reader: Reader, limits: Limits, may_hold: Callable[[str], bool]
) -> Iterator[Document]:
    def is_meant(inner: str) -> bool:
        return not is_hidden(inner) and may_hold(f"{item.name}!{inner}")

    problem: X271Error | None = None
    try:
        for inner, data in reader.files(found, is_meant, most=limits.max_bytes):
            name = f"{item.name}!{inner}"
            if isinstance(data, X271Error):
                yield Document(name, data)
            else:
                yield from _in(name, data, item.inside, limits)
    except X271Error as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield Document(item.name, problem)


def _in(name: str, data: bytes, inside: int, limits: Limits) -> Iterator[Document]:
    """The documents of a small file, mostly itself."""
    if is_short_x12(data):
        yield Document(name, data)
    else:
        walk = Walk(limits, -1, Stream(io.BytesIO(data).read), size=len(data))
        yield from _opened(walk, name, inside, limits)


def _ranged(item: Item, spot: Spot, reader: Reader, limits: Limits) -> Iterator[Document]:
    """A long document as far as it begins in these bytes of its file; what is wrong with it comes as a range, too."""
    try:
        yield Document(item.name, reader.long.range(spot, item.line, limits=limits))
        reader.long.check()
        return
    except X271Error as error:
        problem = error.with_traceback(None)
    yield Document(item.name, no_range(item.line, problem))


def _streamed(item: Item, spot: Spot, limits: Limits) -> Iterator[Document]:
    """The documents of a place in a file that is too large to be read at once."""
    problem: X271Error | None = None
    try:
        with Path(spot.path).open("rb", buffering=0) as file:
            unchanged(file, spot.stamp)
            source = stream(file) if spot.place is None else zips.stream(file, spot.place)
            size = spot.size if spot.place is None else spot.place.packed
            yield from _opened(Walk(limits, -1, source, size=size), item.name, item.inside, limits)
            unchanged(file, spot.stamp)
    except (OSError, ValueError) as error:
        problem = unreadable(error)
    except X271Error as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield Document(item.name, problem)


def _opened(walk: Walk, name: str, inside: int, limits: Limits) -> Iterator[Document]:
    reader = Reader()
    problem = None
    try:
        for one in walk.all(name, inside):
            yield from documents(one, reader, limits=limits)
    except X271Error as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield Document(name, problem)
