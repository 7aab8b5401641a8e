"""A place in a file, small enough to be handed to another process, and its content read later."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ...errors import DataError, LimitExceeded, UsageError, X271Error
from . import zips
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
    place: zips.Place | None = None


class Reader:
    """Reads spots; keeps the file of the last one open, as the next is mostly in the same."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._file: BinaryIO | None = None

    def read(self, spot: Spot, *, most: int) -> bytes:
        """The bytes of a spot.

        Raises:
            UsageError: `UNREADABLE_FILE`.
            DataError: `CHANGED_FILE` if the file is not as it was when it was found, `TOO_LARGE`,
                `CORRUPT_ARCHIVE`.
        """
        size = spot.place.size if spot.place is not None else spot.size
        if size > most:
            raise LimitExceeded("TOO_LARGE")
        problem: X271Error | None = None
        try:
            file = self._open(spot.path)
            unchanged(file, spot.stamp)
            if spot.place is not None:
                data = zips.content(file, spot.place)
            else:
                file.seek(spot.start)
                data = file.read(spot.size)
                if len(data) < spot.size:
                    raise DataError("CHANGED_FILE")
            unchanged(file, spot.stamp)
        except (OSError, ValueError) as error:
            problem = unreadable(error)
        if problem is not None:
            self.close()
            raise problem
        return data

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._path = self._file = None

    def _open(self, path: str) -> BinaryIO:
        if self._file is None or path != self._path:
            self.close()
            self._file = Path(path).open("rb", buffering=0)  # noqa: SIM115  # open until another file is read
            self._path = path
        return self._file


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
