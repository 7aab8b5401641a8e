"""Goes through a file and all that is packed in it, down to single documents.

The same walk serves two ends. Reading, it opens everything and gives documents. Planning a run, it leaves closed
what is no larger than `sealed` bytes, and whoever takes such an item walks through it later, in another process.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from io import FileIO
from typing import IO, BinaryIO, Literal, NamedTuple

from ...errors import DataError, LimitExceeded, X271Error
from .. import ranges
from ..limits import Limits
from . import directory, lines, packed, tars, zips
from .kinds import is_short_x12, kind
from .spots import Files, Spot, Stamp, stream, unchanged, unreadable
from .stream import Budget, Stream

What = Literal["sealed", "stream", "document", "lines", "files", "range"]
_LONG = 4 * 2**20  # X12 that is longer is given as a stream
_ENTRY = 76  # bytes of a zip for each file in it besides its name, which stands there twice, and its content
_LESS = 16  # by so many bytes is a file's header in a zip shorter than its entry in the directory
_SMALL = 2**20  # files of a zip up to this size are unpacked at once, which is faster


Data = bytes | Stream | Spot | Files | X271Error


class Item(NamedTuple):
    """Something that was found: a document, a block of JSON Lines, small files of a zip, or what is not opened yet.

    Attributes:
        name: for people: the file, `!` and the name in it for each archive around it.
        data: the bytes, a stream of them (of long X12, to be read before the walk goes on), where to find them, or
            why there are none.
        what: how to go on with them.
        line: of JSON Lines, the number of its first line from 1; of ranges, their number from 0; else 0.
        size: bytes, unpacked as far as known.
        weight: bytes of the outermost file that are done with it, for whoever measures the way.
        inside: how many archives are around it.
        files: how many files are in it, if they are not opened yet.
    """

    name: str
    data: Data
    what: What = "document"
    line: int = 0
    size: int = 0
    weight: int = 0
    inside: int = 0
    files: int = 1


def items(
    name: str, path: str | os.PathLike[str], *, limits: Limits, sealed: int = -1, in_ranges: bool = False
) -> Iterator[Item]:
    """What is in a file. What cannot be read comes as an error value, with all else beside it.

    Args:
        name: of the file, for people.
        path: of the file.
        limits: bounds for each document, and for all that is unpacked.
        sealed: files up to this size stay closed, and the rest comes as places in the file where that can be.
        in_ranges: such a place may be a range of a long X12 file, which other ranges follow.
    """
    problem: X271Error | None = None
    try:
        if sealed >= 0:
            found = os.stat(path)  # noqa: PTH116
            if stat.S_ISREG(found.st_mode) and found.st_size <= min(sealed, limits.max_bytes):
                spot = Spot(os.fspath(path), Stamp.of(found), 0, found.st_size)
                yield Item(name, spot, "sealed", size=found.st_size, weight=found.st_size)
                return
        with FileIO(path) as file:
            found = os.fstat(file.fileno())
            stamp = Stamp.of(found) if stat.S_ISREG(found.st_mode) else None
            if stamp is not None and sealed < 0 and (data := _short(file, stamp.size, limits)):
                yield Item(name, data, size=len(data), weight=len(data))
                unchanged(file, stamp)
                return
            walk = Walk(limits, sealed, stream(file), file=file, stamp=stamp, in_ranges=in_ranges)
            yield from walk.all(name)
            if stamp is not None and not walk.is_in_ranges:  # whoever reads them looks
                unchanged(file, stamp)
    except (OSError, ValueError) as error:
        problem = unreadable(error)
    except X271Error as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield Item(name, problem)


def _short(file: FileIO, size: int, limits: Limits) -> bytes | None:
    """The whole of a small file of that size, if it is one X12 document, as most are; else nothing was read."""
    if size <= min(_SMALL, _LONG, limits.max_bytes):
        data = file.read(size + 1)
        if len(data) == size and is_short_x12(data):
            return data
        file.seek(0)
    return None


def items_of(name: str, file: BinaryIO, *, limits: Limits, sealed: int = -1) -> Iterator[Item]:
    """The same of a stream that is open, such as stdin."""
    problem: X271Error | None = None
    try:
        yield from Walk(limits, sealed, stream(file)).all(name)
    except X271Error as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield Item(name, problem)


class Walk:
    """The way through one outermost file."""

    def __init__(
        self,
        limits: Limits,
        sealed: int,
        outermost: Stream,
        *,
        file: BinaryIO | None = None,
        stamp: Stamp | None = None,
        size: int | None = None,
        in_ranges: bool = False,
    ) -> None:
        """`file` and `stamp` are given if the stream is a regular file's, and `size` if its size is known."""
        self._limits = limits
        self._sealed = min(sealed, limits.max_bytes)  # what is left closed is read whole by whoever opens it
        self._outermost = outermost
        self._file = file if stamp is not None else None
        self._size = stamp.size if stamp is not None else size
        self._budget = Budget(limits, outermost, self._size)
        self._spot = None
        if sealed >= 0 and file is not None and stamp is not None:  # a plan is made
            self._spot = Spot(str(file.name), stamp, 0, stamp.size)
        self._in_ranges = in_ranges
        self.is_in_ranges = False
        self._passed = (
            0  # bytes that are planned of a zip's files or of ranges; of other files the stream counts
        )
        self._weighed = 0

    def all(self, name: str, inside: int = 0) -> Iterator[Item]:
        """Everything in the file."""
        yield from self._stream(name, self._outermost, inside, self._spot, inside)

    def _stream(
        self, name: str, source: Stream, inside: int, spot: Spot | None = None, spot_inside: int = 0
    ) -> Iterator[Item]:
        """What is in a stream. `spot` is where another process finds it, packed as it may be there."""
        what = kind(source, most=self._limits.max_bytes)
        if what == "lines":
            yield from self._lines(name, source, inside)
        elif what in ("document", "x12"):
            is_x12 = what == "x12"
            if spot is not None and is_x12 and self._has_ranges(source, spot):
                yield from self._ranges(name, spot, inside)
            elif spot is not None:
                size = spot.size if spot.place is None else spot.place.size
                yield self._item(name, spot, spot_inside, what="stream", size=size)
            else:
                yield self._document(name, source, inside, is_x12=is_x12)
        elif inside >= self._limits.max_archives:
            raise LimitExceeded("TOO_MANY_ARCHIVES")
        elif what == "zip":
            yield from self._zip(name, source, inside + 1)
        elif what == "tar":
            yield from self._tar(name, source, inside + 1)
        else:
            inner = packed.unpacked(source, what, self._budget)
            yield from self._stream(name, inner, inside + 1, spot, spot_inside)

    def _has_ranges(self, source: Stream, spot: Spot) -> bool:
        return self._in_ranges and source is self._outermost and spot.size > _LONG

    def _ranges(self, name: str, spot: Spot, inside: int) -> Iterator[Item]:
        self.is_in_ranges = True
        for number, start in enumerate(range(0, spot.size, ranges.SIZE)):
            size = min(ranges.SIZE, spot.size - start)
            self._passed = start + size
            there = spot._replace(start=start, size=size)
            held = min(size, _LONG)  # at a time
            yield self._item(name, there, inside, what="range", line=number, size=held)

    def _document(self, name: str, source: Stream, inside: int, *, is_x12: bool) -> Item:
        most = self._limits.max_bytes
        if is_x12 and self._sealed < 0 and self._is_long(source):
            return self._item(name, source, inside)
        data = source.read(most + 1)
        if len(data) > most:
            raise LimitExceeded("TOO_LARGE")
        return self._item(name, data, inside, size=len(data))

    def _is_long(self, source: Stream) -> bool:
        """Whether more than `_LONG` bytes are left; a file's size says so without a look at them."""
        is_file = self._file is not None and source is self._outermost
        return (is_file and (self._size or 0) > _LONG) or source.has(_LONG + 1)

    def _lines(self, name: str, source: Stream, inside: int) -> Iterator[Item]:
        at = 0
        is_plain = source is self._outermost
        for number, size, block in lines.blocks(source, most=self._limits.max_bytes):
            data: bytes | Spot | X271Error = block
            if self._spot is not None and is_plain and isinstance(block, bytes):
                data = self._spot._replace(start=at, size=size)
            yield self._item(name, data, inside, what="lines", line=number, size=size)
            at += size

    def _tar(self, name: str, source: Stream, inside: int) -> Iterator[Item]:
        for inner, size, content in tars.members(source):
            if is_hidden(inner):
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
        file: IO[bytes] | None = self._file if source is self._outermost else None
        spot = self._spot if file is not None else None
        if file is None:
            data = source.read(self._limits.max_bytes + 1)
            if len(data) > self._limits.max_bytes:
                raise LimitExceeded("TOO_LARGE")
            file, size = io.BytesIO(data), len(data)
        else:
            size = self._size or 0
        small = self._sealed if spot is not None else -1
        for found in directory.runs(file, size, small=small):
            if not isinstance(found, directory.Run):
                yield from self._of_zip(name, file, found, inside, spot)
            elif spot is not None and self._budget.has(found.size):
                self._budget.spend(found.size)
                self._passed += found.packed + 2 * found.length - _LESS * found.files
                files = Files(spot.path, spot.stamp, found)
                item = self._item(name, files, inside, what="files", size=found.size)
                yield item._replace(files=found.files)
            else:
                for member in directory.listed(file, found, size):
                    yield from self._of_zip(name, file, member, inside, spot)

    def _of_zip(
        self, name: str, file: IO[bytes], member: directory.Member, inside: int, spot: Spot | None
    ) -> Iterator[Item]:
        inner, place = member
        if is_hidden(inner):
            return
        name = f"{name}!{inner}"
        if isinstance(place, X271Error):
            yield self._item(name, place, inside)
            return
        self._budget.spend(place.size)
        self._passed += place.packed + _ENTRY + 2 * len(inner) if spot is not None else 0
        there = spot._replace(place=place) if spot is not None else None
        if there is not None and place.size <= self._sealed:
            yield self._item(name, there, inside, what="sealed", size=place.size)
        else:
            yield from self._guarded(name, _member(file, place), inside, there)

    def _guarded(
        self, name: str, source: Stream | X271Error, inside: int, spot: Spot | None = None
    ) -> Iterator[Item]:
        """What is in a file of an archive; its error is its own, and the archive goes on."""
        problem = source if isinstance(source, X271Error) else None
        if not isinstance(source, X271Error):
            try:
                yield from self._stream(name, source, inside, spot, inside)
            except X271Error as error:
                problem = error.with_traceback(None)
        if problem is not None:
            yield self._item(name, problem, inside)

    def _item(
        self,
        name: str,
        data: Data,
        inside: int,
        *,
        what: What = "document",
        line: int = 0,
        size: int = 0,
    ) -> Item:
        done = self._passed or self._outermost.taken
        weight, self._weighed = done - self._weighed, done
        return Item(name, data, what, line, size, weight, inside)


def _member(file: IO[bytes], place: directory.Place) -> Stream | X271Error:
    try:
        if place.size <= _SMALL:
            return Stream(io.BytesIO(zips.content(file, place)).read)
        return zips.stream(file, place)
    except X271Error as error:
        return error.with_traceback(None)


def is_hidden(name: str) -> bool:
    """As for files in a folder; what macOS puts beside them is none of ours either."""
    return any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in name.split("/"))
