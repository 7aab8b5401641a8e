"""Zip archives: the directory read as a stream, and each file by its place, so that any process can read it.

The standard library's reader holds the whole directory, several hundred bytes a file; of this one an archive of
millions of answers costs nothing.
"""

from __future__ import annotations

import bz2
import struct
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from ...errors import DataError
from .packed import Unpacker, Zlib, decompress, xz, zstd
from .stream import Stream

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_WHERE64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_READ = 2**18
_IN = 2**16
_STORED, _DEFLATED, _BZIP2, _ZSTD, _XZ = 0, 8, 12, 93, 95
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


def members(file: IO[bytes], size: int) -> Iterator[tuple[str, Place | DataError]]:
    """Every file of an archive in the directory's order: its name, and its place or why it cannot be had.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    start, length, count, before = _directory(file, size)
    directory = _Window(file, start, start + length)
    for _ in range(count):
        fixed = directory.take(_ENTRY.size)
        if not fixed.startswith(b"PK\1\2"):
            raise DataError("CORRUPT_ARCHIVE", detail="damaged")
        entry = _ENTRY.unpack(fixed)
        flags, method, crc, packed, unpacked, named, beside, comment = *entry[3:5], *entry[7:13]
        raw, extra = directory.take(named), directory.take(beside)
        directory.take(comment)
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
        if self._at + count > len(self._data):
            self._file.seek(self._next)
            more = self._file.read(max(min(max(_READ, count), self._end - self._next), 0))
            self._data, self._at = self._data[self._at :] + more, 0
            self._next += len(more)
            if count > len(self._data):
                raise DataError("CORRUPT_ARCHIVE", detail="it ends early")
        self._at += count
        return self._data[self._at - count : self._at]


def content(file: IO[bytes], place: Place) -> bytes:
    """The whole of a file whose size is known to be small enough.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    file.seek(_start(file, place))
    data = file.read(place.packed)
    if len(data) == place.packed:
        if place.method == _DEFLATED:
            data = decompress(Zlib(-15), data, place.size + 1)  # room for one more, so that the end is seen
        elif place.method != _STORED:
            return stream(file, place).read(place.size)
        if len(data) == place.size and zlib.crc32(data) == place.crc:
            return data
    raise DataError("CORRUPT_ARCHIVE", detail="damaged")


def stream(file: IO[bytes], place: Place) -> Stream:
    """A file as a stream.

    Raises:
        DataError: `CORRUPT_ARCHIVE`, at once or at the end.
    """
    at, left = _start(file, place), place.packed

    def packed(count: int) -> bytes:
        nonlocal at, left
        file.seek(at)
        data = file.read(min(count, left))
        at, left = at + len(data), left - len(data)
        return data

    unpacker = _unpacker(place.method)
    made, crc = 0, 0

    def more(count: int) -> bytes:
        nonlocal made, crc
        data = b""
        if unpacker is None:
            data = packed(count)
        else:
            while not data and not unpacker.eof:
                taken = packed(_IN) if unpacker.needs_input else b""
                data = decompress(unpacker, taken, count)
                if not data and not taken and unpacker.needs_input:
                    break
        made, crc = made + len(data), zlib.crc32(data, crc)
        if made > place.size or (not data and (made, crc) != (place.size, place.crc)):
            raise DataError("CORRUPT_ARCHIVE", detail="damaged")
        return data

    return Stream(more)


def _unpacker(method: int) -> Unpacker | None:
    if method == _DEFLATED:
        return Zlib(-15)
    if method == _BZIP2:
        return bz2.BZ2Decompressor()
    if method == _XZ:
        return xz()
    return zstd() if method == _ZSTD else None


def _refused(flags: int, method: int) -> DataError | None:
    if flags & _ENCRYPTED:
        return DataError("ENCRYPTED")
    if method not in (_STORED, _DEFLATED, _BZIP2, _ZSTD, _XZ):
        return DataError("PACKED_OTHERWISE", detail=f"method {method}")
    return None


def _start(file: IO[bytes], place: Place) -> int:
    """Where a file's packed bytes begin: its local header says how long it is itself."""
    file.seek(place.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
        raise DataError("CORRUPT_ARCHIVE", detail="damaged")
    *_, named, extra = _LOCAL.unpack(header)
    return place.offset + _LOCAL.size + int(named) + int(extra)


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
