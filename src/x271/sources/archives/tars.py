"""Tar archives as streams. The standard library reads the headers; it would hold all of them, so the walk is ours."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator

from ...errors import DataError
from .stream import Stream

_BLOCK = 512
_LONGEST = 2**20  # bytes of a name or of extended headers
_PAX = re.compile(rb"(\d{1,20}) ([^=]+)=")
_FILES = frozenset((tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE))
_BESIDE = frozenset((tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE,
                     tarfile.FIFOTYPE, tarfile.XGLTYPE, b"V"))  # fmt: skip  # nothing to read in them

Member = tuple[str, int, Stream | DataError]


def members(stream: Stream) -> Iterator[Member]:
    """Every file of a tar: its name, its size and its content; what is left of a content unread is passed over.

    Links, folders and devices are passed over. A sparse file is an error value.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    named: dict[str, str] = {}
    while (block := stream.read(_BLOCK)).strip(b"\0"):
        header = _header(block)
        size = int(named.get("size", header.size)) if named.get("size", "0").isdecimal() else header.size
        if header.type in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, b"X"):
            data = _read(stream, size)
            if header.type == tarfile.GNUTYPE_LONGNAME:
                named["path"] = data.rstrip(b"\0").decode("utf-8", "backslashreplace")
            elif header.type != tarfile.GNUTYPE_LONGLINK:
                named.update(_records(data))
            continue
        if header.type in _FILES:
            is_sparse = any(name.startswith("GNU.sparse") for name in named)
            content = stream.part(size)
            yield (
                named.get("path", header.name),
                size,
                DataError("PACKED_OTHERWISE") if is_sparse else content,
            )
            _pass(content, size, stream)
        else:
            if header.type not in _BESIDE:
                yield header.name, size, DataError("PACKED_OTHERWISE")
            _pass(stream.part(size), size, stream)
        named = {}
    stream.skip()  # a compressed tar is whole if the rest of it can be read


def _header(block: bytes) -> tarfile.TarInfo:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "backslashreplace")
    except (tarfile.HeaderError, ValueError):
        header = None
    if header is None or header.size < 0:
        raise DataError("CORRUPT_ARCHIVE", detail="damaged")
    return header


def _read(stream: Stream, size: int) -> bytes:
    """The content of a header that names the next one."""
    if size > _LONGEST:
        raise DataError("CORRUPT_ARCHIVE", detail="a name is too long")
    content = stream.part(size)
    data = content.read(size)
    _pass(content, size, stream)
    return data


def _pass(content: Stream, size: int, stream: Stream) -> None:
    """Goes to the next header."""
    content.skip()
    padding = -size % _BLOCK
    if stream.skip(padding) < padding:
        raise DataError("CORRUPT_ARCHIVE", detail="it ends early")


def _records(data: bytes) -> dict[str, str]:
    """The names and values of an extended header: `LENGTH NAME=VALUE` and a line's end, one after the other."""
    found: dict[str, str] = {}
    at = 0
    while match := _PAX.match(data, at):
        end = at + int(match[1])
        if end <= match.end():
            break
        value = data[match.end() : end - 1]
        found[match[2].decode("utf-8", "backslashreplace")] = value.decode("utf-8", "backslashreplace")
        at = end
    return found
