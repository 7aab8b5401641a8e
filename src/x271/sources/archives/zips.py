"""Files of a zip archive, each read by its place, so that any process can read it."""

from __future__ import annotations

import bz2
import struct
import zlib
from typing import IO

from ...errors import DataError
from .directory import BZIP2, DEFLATED, STORED, XZ, ZSTD, Place
from .packed import Unpacker, Zlib, decompress, xz, zstd
from .stream import Stream

_LOCAL = struct.Struct("<4s5H3L2H")
_HEADER = 256  # bytes that a local header takes with its name, mostly less
_IN = 2**16


def content(file: IO[bytes], place: Place) -> bytes:
    """The whole of a file whose size is known to be small enough.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    file.seek(place.offset)
    found = file.read(_HEADER + place.packed)
    start = _start(found)
    if start > _HEADER:
        file.seek(place.offset)
        found = file.read(start + place.packed)
    data = found[start : start + place.packed]
    if len(data) == place.packed:
        if place.method == DEFLATED:
            data = decompress(Zlib(-15), data, place.size + 1)  # room for one more, so that the end is seen
        elif place.method != STORED:
            return stream(file, place).read(place.size)
        if len(data) == place.size and zlib.crc32(data) == place.crc:
            return data
    raise DataError("CORRUPT_ARCHIVE", detail="damaged")


def stream(file: IO[bytes], place: Place) -> Stream:
    """A file as a stream.

    Raises:
        DataError: `CORRUPT_ARCHIVE`, at once or at the end.
    """
    file.seek(place.offset)
    at, left = place.offset + _start(file.read(_LOCAL.size)), place.packed

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
    if method == DEFLATED:
        return Zlib(-15)
    if method == BZIP2:
        return bz2.BZ2Decompressor()
    if method == XZ:
        return xz()
    return zstd() if method == ZSTD else None


def _start(header: bytes) -> int:
    """Where a file's packed bytes begin, from its local header, which says how long it is itself."""
    if len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
        raise DataError("CORRUPT_ARCHIVE", detail="damaged")
    *_, named, extra = _LOCAL.unpack_from(header)
    return _LOCAL.size + int(named) + int(extra)
