"""A zip's directory, read as a stream: each file's place, or runs of many small files that are listed later.

The standard library's reader holds the whole directory, several hundred bytes a file; of this one an archive of
millions of answers costs nothing. Who plans a run does not look at small files one by one: their entries in the
directory are handed to whoever reads them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from ...errors import DataError

STORED, DEFLATED, BZIP2, ZSTD, XZ = 0, 8, 12, 93, 95

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_WHERE64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_SIZES = struct.Struct("<4s16x2L3H")  # of an entry: mark, packed, unpacked, and how long what follows is
_READ = 2**18
_RUN_BYTES = 2**20  # unpacked, at which a run ends
_RUN_FILES = 500
_ENCRYPTED, _UTF8 = 0x1, 0x800
_FULL = 0xFFFFFFFF


class Place(NamedTuple):
    """Where a file of an archive stands.

    Attributes:
        offset: of its local header, bytes from 0 in the archive.
        packed: bytes in the archive.
        size: bytes unpacked.
        method: how it is packed, by zip's numbers.
        crc: CRC-32 of what is unpacked.
    """

    offset: int
    packed: int
    size: int
    method: int
    crc: int


class Run(NamedTuple):
    """Entries of a directory that stand one after the other.

    Attributes:
        start: of the first, bytes from 0 in the file.
        length: of all, bytes.
        files: how many they are.
        packed: bytes of their content in the archive.
        size: bytes of their content unpacked.
        before: bytes of the file before the archive.
        crc: CRC-32 of the entries.
    """

    start: int
    length: int
    files: int
    packed: int
    size: int
    before: int
    crc: int


Member = tuple[str, Place | DataError]


def members(file: IO[bytes], size: int) -> Iterator[Member]:
    """Every file of an archive in the directory's order: its name, and its place or why it cannot be had.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    return _each(*_entries(file, size), size)


def runs(file: IO[bytes], size: int, *, small: int) -> Iterator[Run | Member]:
    """The same with runs of those that are no larger than `small` bytes unpacked, which are not looked at.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    directory, count, before = _entries(file, size)
    while count:
        if (run := directory.run(count, small, before)) is not None:
            yield run
            count -= run.files
        else:
            yield from _each(directory, 1, before, size)
            count -= 1


def listed(file: IO[bytes], run: Run, size: int) -> Iterator[Member]:
    """The files of a run, as `members` gives them.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    directory = _Window(file, run.start, run.start + run.length)
    return _each(directory, run.files, run.before, size)


def _entries(file: IO[bytes], size: int) -> tuple[_Window, int, int]:
    """Where the entries are, how many, and how many bytes stand before the archive."""
    start, length, count, before = _directory(file, size)
    return _Window(file, start, start + length), count, before


def _each(directory: _Window, count: int, before: int, size: int) -> Iterator[Member]:
    for _ in range(count):
        fixed = directory.take(_ENTRY.size)
        if not fixed.startswith(b"PK\1\2"):
            raise DataError("CORRUPT_ARCHIVE", detail="damaged")
        entry = _ENTRY.unpack(fixed)
        flags, method, crc, packed, unpacked, named, beside, comment = *entry[3:5], *entry[7:13]
        rest = directory.take(named + beside + comment)
        raw, extra = rest[:named], rest[named : named + beside]
        place = _place(Place(entry[-1], packed, unpacked, method, crc), extra, before)
        if not raw.endswith((b"/", b"\\")):
            name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "backslashreplace")
            problem = _refused(flags, method)
            if problem is None and place.offset + place.packed > size:
                problem = DataError("CORRUPT_ARCHIVE", detail="damaged")
            yield name, problem or place


class _Window:
    """A part of a file, read a piece at a time."""

    def __init__(self, file: IO[bytes], at: int, end: int) -> None:
        self._file, self._next, self._end = file, at, end
        self._data, self._at = b"", 0

    def take(self, count: int) -> bytes:
        """The next bytes.

        Raises:
            DataError: `CORRUPT_ARCHIVE` if there are fewer.
        """
        self._more(count)
        if self._at + count > len(self._data):
            raise DataError("CORRUPT_ARCHIVE", detail="it ends early")
        self._at += count
        return self._data[self._at - count : self._at]

    def run(self, most: int, small: int, before: int) -> Run | None:
        """Takes entries of files up to `small` bytes, at most so many; None if the next is of a larger one.

        What is cut or damaged is left for `take`.
        """
        self._more(_READ // 2)
        data, start = self._data, self._at
        at, files, packed, size = start, 0, 0, 0
        last = len(data) - _ENTRY.size
        most = min(most, _RUN_FILES)
        while at <= last and files < most and size < _RUN_BYTES:
            mark, within, unpacked, named, beside, comment = _SIZES.unpack_from(data, at)
            end = at + _ENTRY.size + named + beside + comment
            if mark != b"PK\1\2" or unpacked > small or end > len(data):
                break
            at, files, packed, size = end, files + 1, packed + within, size + unpacked
        if not files:
            return None
        self._at = at
        crc = zlib.crc32(memoryview(data)[start:at])
        return Run(self._next - len(data) + start, at - start, files, packed, size, before, crc)

    def _more(self, count: int) -> None:
        """Has so many bytes at hand, or all that are left."""
        if self._at + count > len(self._data):
            self._file.seek(self._next)
            more = self._file.read(max(min(max(_READ, count), self._end - self._next), 0))
            self._data, self._at = self._data[self._at :] + more, 0
            self._next += len(more)


def _refused(flags: int, method: int) -> DataError | None:
    if flags & _ENCRYPTED:
        return DataError("ENCRYPTED")
    if method not in (STORED, DEFLATED, BZIP2, ZSTD, XZ):
        return DataError("PACKED_OTHERWISE", detail=f"method {method}")
    return None


def _place(given: Place, extra: bytes, before: int) -> Place:
    """The place with the sizes of zip64, counted from the file's own start."""
    sizes = [given.size, given.packed, given.offset]
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            values = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            sizes = [next(values, size) if size == _FULL else size for size in sizes]
        at += 4 + length
    size, packed, offset = sizes
    return Place(offset + before, packed, size, given.method, given.crc)


def _directory(file: IO[bytes], size: int) -> tuple[int, int, int, int]:
    """Where the directory starts, its length, how many entries it has, and how many bytes stand before the archive.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    tail_at = max(size - _END.size - 65535, 0)
    file.seek(tail_at)
    tail = file.read(size - tail_at)
    at = tail.rfind(b"PK\5\6", 0, max(len(tail) - _END.size + 4, 0))
    if at < 0:
        raise DataError("CORRUPT_ARCHIVE", detail="it ends early")
    _, _, _, _, count, length, start, _ = _END.unpack_from(tail, at)
    end = tail_at + at
    if end >= _WHERE64.size:
        file.seek(end - _WHERE64.size)
        where = file.read(_WHERE64.size)
        if where.startswith(b"PK\6\7"):
            # The record stands right before its locator, whatever stands before the archive.
            file.seek(max(end - _WHERE64.size - _END64.size, 0))
            record = file.read(_END64.size)
            if len(record) < _END64.size or not record.startswith(b"PK\6\6"):
                raise DataError("CORRUPT_ARCHIVE", detail="damaged")
            *_, count, length, start = _END64.unpack(record)
            end -= _WHERE64.size + _END64.size
    before = end - length - start
    if before < 0:
        raise DataError("CORRUPT_ARCHIVE", detail="damaged")
    return end - length, length, count, before
