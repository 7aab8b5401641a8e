"""Goes through a file and all that is packed in it, down to single documents.

The same walk serves two ends. Reading, it opens everything and gives documents. Planning a run, it leaves closed
what is no larger than `sealed` bytes, and whoever takes such an item walks through it later, in another process.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal

from ...errors import DataError, LimitExceeded, X271Error
from ..limits import Limits
from . import lines, packed, tars, zips
from .kinds import kind
from .spots import Reader, Spot, Stamp, stream, unchanged, unreadable
from .stream import Budget, Stream

What = Literal["sealed", "document", "lines"]
_SMALL = 2**20  # files of a zip up to this size are unpacked at once, which is faster


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was found: a document, a block of JSON Lines, or what is not opened yet.

    Attributes:
        name: for people: the file, `!` and the name in it for each archive around it.
        data: the bytes, where to find them, or why there are none.
        what: how to go on with them.
        line: of JSON Lines, the number of its first line from 1; 0 for all else.
        size: bytes, unpacked as far as known.
        weight: bytes of the outermost file that are done with it, for whoever measures the way.
        inside: how many archives are around it.
    """

    name: str
    data: bytes | Spot | X271Error
    what: What = "document"
    line: int = 0
    size: int = 0
    weight: int = 0
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One document, or why it cannot be had. `line` is where it stands in JSON Lines, from 1; 0 for all else."""

    name: str
    data: bytes | X271Error
    line: int = 0


def items(name: str, path: Path, *, limits: Limits, sealed: int = -1) -> Iterator[Item]:
    """What is in a file. What cannot be read comes as an error value, with all else beside it.

    Args:
        name: of the file, for people.
        path: of the file.
        limits: bounds for each document, and for all that is unpacked.
        sealed: files up to this size stay closed, and the rest comes as places in the file where that can be.
    """
    problem: X271Error | None = None
    try:
        found = path.stat()
        is_regular = stat.S_ISREG(found.st_mode)
        if is_regular and found.st_size <= sealed:
            spot = Spot(str(path), Stamp.of(found), 0, found.st_size)
            yield Item(name, spot, "sealed", size=found.st_size, weight=found.st_size)
            return
        with path.open("rb", buffering=0) as file:
            stamp = Stamp.of(os.fstat(file.fileno())) if is_regular else None
            yield from _Walk(limits, sealed, stream(file), file, stamp).all(name)
            if stamp is not None:
                unchanged(file, stamp)
    except (OSError, ValueError) as error:
        problem = unreadable(error)
    except X271Error as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield Item(name, problem)


def items_of(name: str, file: BinaryIO, *, limits: Limits, sealed: int = -1) -> Iterator[Item]:
    """The same of a stream that is open, such as stdin."""
    problem: X271Error | None = None
    try:
        yield from _Walk(limits, sealed, stream(file)).all(name)
    except X271Error as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield Item(name, problem)


def documents(item: Item, reader: Reader, *, limits: Limits) -> Iterator[Document]:
    """The documents of an item; what is not opened yet is opened."""
    data = item.data
    if isinstance(data, Spot):
        try:
            data = reader.read(data, most=limits.max_bytes)
        except X271Error as error:
            data = error.with_traceback(None)
    if isinstance(data, X271Error) or item.what == "document":
        yield Document(item.name, data, item.line)
    elif item.what == "lines":
        for number, line in lines.lines(data, item.line):
            yield Document(item.name, line, number)
    else:
        problem = None
        walk = _Walk(limits, -1, Stream(io.BytesIO(data).read), packed_size=len(data))
        try:
            for one in walk.all(item.name, item.inside):
                yield from documents(one, reader, limits=limits)
        except X271Error as error:
            problem = error.with_traceback(None)
        if problem is not None:
            yield Document(item.name, problem)


class _Walk:
    """The way through one outermost file."""

    def __init__(
        self,
        limits: Limits,
        sealed: int,
        outermost: Stream,
        file: BinaryIO | None = None,
        stamp: Stamp | None = None,
        packed_size: int | None = None,
    ) -> None:
        """`file` and `stamp` are given if the stream is a regular file's; `packed_size` if its size is known."""
        self._limits = limits
        self._sealed = sealed
        self._outermost = outermost
        self._file = file if stamp is not None else None
        self._stamp = stamp
        self._size = stamp.size if stamp is not None else packed_size
        self._budget = Budget(limits, outermost, self._size)
        self._passed = 0  # bytes of an outermost zip's files; of other files the stream counts
        self._weighed = 0

    def all(self, name: str, inside: int = 0) -> Iterator[Item]:
        """Everything in the file."""
        yield from self._stream(name, self._outermost, inside)

    def _stream(self, name: str, source: Stream, inside: int) -> Iterator[Item]:
        what = kind(source, most=self._limits.max_bytes)
        if what == "lines":
            yield from self._lines(name, source, inside)
        elif what in ("document", "x12"):
            yield self._document(name, source, inside)
        elif inside >= self._limits.max_archives:
            raise LimitExceeded("TOO_MANY_ARCHIVES")
        elif what == "zip":
            yield from self._zip(name, source, inside + 1)
        elif what == "tar":
            yield from self._tar(name, source, inside + 1)
        else:
            yield from self._stream(name, packed.unpacked(source, what, self._budget), inside + 1)

    def _document(self, name: str, source: Stream, inside: int) -> Item:
        most = self._limits.max_bytes
        spot = self._spot(source, 0, self._size or 0)
        if spot is not None:
            if spot.size > most:
                raise LimitExceeded("TOO_LARGE")
            return self._item(name, spot, inside, size=spot.size)
        data = source.read(most + 1)
        if len(data) > most:
            raise LimitExceeded("TOO_LARGE")
        return self._item(name, data, inside, size=len(data))

    def _lines(self, name: str, source: Stream, inside: int) -> Iterator[Item]:
        at = 0
        for number, size, block in lines.blocks(source, most=self._limits.max_bytes):
            data = (self._spot(source, at, size) or block) if isinstance(block, bytes) else block
            yield self._item(name, data, inside, what="lines", line=number, size=size)
            at += size

    def _tar(self, name: str, source: Stream, inside: int) -> Iterator[Item]:
        for inner, size, content in tars.members(source):
            if _is_hidden(inner):
                continue
            if isinstance(content, X271Error):
                yield self._item(f"{name}!{inner}", content, inside)
            elif size <= self._sealed:
                data = content.read(size)
                if len(data) < size:
                    raise DataError("CORRUPT_ARCHIVE", detail="it ends early")
                yield self._item(f"{name}!{inner}", data, inside, what="sealed", size=size)
            else:
                yield from self._guarded(f"{name}!{inner}", content, inside)

    def _zip(self, name: str, source: Stream, inside: int) -> Iterator[Item]:
        is_outermost = self._file is not None and source is self._outermost
        if is_outermost and self._file is not None:
            file, size = self._file, self._size or 0
        else:
            data = source.read(self._limits.max_bytes + 1)
            if len(data) > self._limits.max_bytes:
                raise LimitExceeded("TOO_LARGE")
            file, size = io.BytesIO(data), len(data)
        for inner, place in zips.members(file, size):
            if _is_hidden(inner):
                continue
            if isinstance(place, X271Error):
                yield self._item(f"{name}!{inner}", place, inside)
                continue
            self._budget.spend(place.size)
            self._passed += place.packed if is_outermost else 0
            spot = self._spot(source, 0, 0)
            if spot is not None and place.size <= self._sealed:
                sealed = spot._replace(place=place)
                yield self._item(f"{name}!{inner}", sealed, inside, what="sealed", size=place.size)
            else:
                yield from self._guarded(f"{name}!{inner}", _opened(file, place), inside)

    def _guarded(self, name: str, source: Stream | X271Error, inside: int) -> Iterator[Item]:
        """What is in a file of an archive; its error is its own, and the archive goes on."""
        problem = source if isinstance(source, X271Error) else None
        if not isinstance(source, X271Error):
            try:
                yield from self._stream(name, source, inside)
            except X271Error as error:
                problem = error.with_traceback(None)
        if problem is not None:
            yield self._item(name, problem, inside)

    def _spot(self, source: Stream, start: int, size: int) -> Spot | None:
        """A place in the outermost file, if a plan is made and the stream is that file itself."""
        if self._sealed < 0 or source is not self._outermost or self._file is None or self._stamp is None:
            return None
        return Spot(str(self._file.name), self._stamp, start, size)

    def _item(
        self,
        name: str,
        data: bytes | Spot | X271Error,
        inside: int,
        *,
        what: What = "document",
        line: int = 0,
        size: int = 0,
    ) -> Item:
        done = self._passed or self._outermost.taken
        weight, self._weighed = done - self._weighed, done
        return Item(name, data, what, line, size, weight, inside)


def _opened(file: IO[bytes], place: zips.Place) -> Stream | X271Error:
    try:
        if place.size <= _SMALL:
            return Stream(io.BytesIO(zips.content(file, place)).read)
        return zips.stream(file, place)
    except X271Error as error:
        return error.with_traceback(None)


def _is_hidden(name: str) -> bool:
    """As for files in a folder; what macOS puts beside them is none of ours either."""
    return any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in name.split("/"))
