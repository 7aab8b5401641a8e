"""A place in a file, small enough to be handed to another process, and its content read later."""

from __future__ import annotations

import errno
import os
from typing import BinaryIO, NamedTuple

from ...errors import DataError, UsageError
from .directory import Place, Run
from .stream import Stream


class Stamp(NamedTuple):
    """What tells that a file is still the one that was seen: its size in bytes and when it was last written."""

    size: int
    written: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        return cls(found.st_size, found.st_mtime_ns)


class Spot(NamedTuple):
    """Some bytes of a file, or a file in a zip archive."""

    path: str
    stamp: Stamp
    start: int = 0
    size: int = 0
    place: Place | None = None


class Files(NamedTuple):
    """Small files of a zip archive that stand one after the other in its directory."""

    path: str
    stamp: Stamp
    run: Run


def unchanged(file: BinaryIO, stamp: Stamp) -> None:
    """
    Raises:
        DataError: `CHANGED_FILE`.
    """
    if Stamp.of(os.fstat(file.fileno())) != stamp:
        raise DataError("CHANGED_FILE")


def stream(file: BinaryIO) -> Stream:
    """An open file as a stream; what the system refuses is an `UNREADABLE_FILE`."""

    def more(count: int) -> bytes:
        try:
            return file.read(count)
        except OSError as error:
            problem = unreadable(error)
        raise problem

    return Stream(more)


def unreadable(error: Exception) -> UsageError:
    """Why a file cannot be read, by the system's word for it; a ValueError is a NUL in the path."""
    number = error.errno if isinstance(error, OSError) else None
    return UsageError("UNREADABLE_FILE", detail=errno.errorcode.get(number or 0, type(error).__name__))
