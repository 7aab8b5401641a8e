"""A place in a file, small enough to be handed to another process, and its content read later."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ...errors import DataError, LimitExceeded, UsageError, X271Error
from . import directory, zips
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
        file = self._open(spot.path, spot.stamp)
        try:
            if spot.place is not None:
                data = zips.content(file, spot.place)
            else:
                file.seek(spot.start)
                data = file.read(spot.size)
        except (X271Error, OSError, ValueError) as error:
            problem = self._problem(error, spot.stamp)
        else:
            unchanged(file, spot.stamp)
            if spot.place is not None or len(data) == spot.size:
                return data
            problem = DataError("CHANGED_FILE")
        raise problem

    def files(
        self, found: Files, is_meant: Callable[[str], bool], *, most: int
    ) -> Iterator[tuple[str, bytes | X271Error]]:
        """The files by their names in the archive, those that are meant; each as bytes or why there are none.

        Raises:
            UsageError, DataError: as `read`, for all of them.
        """
        file = self._open(found.path, found.stamp)
        try:
            listed = list(directory.listed(file, found.run, found.stamp.size))
        except (X271Error, OSError, ValueError) as error:
            problem = self._problem(error, found.stamp)
        else:
            for name, place in listed:
                if is_meant(name):
                    yield name, self._file_of(found, place, most)
            return
        raise problem

    def _file_of(self, found: Files, place: Place | DataError, most: int) -> bytes | X271Error:
        if isinstance(place, DataError):
            return place
        try:
            return self.read(Spot(found.path, found.stamp, 0, 0, place), most=most)
        except X271Error as error:
            return error.with_traceback(None)

    def _problem(self, error: Exception, stamp: Stamp) -> X271Error:
        """Why something could not be read: that the file changed explains all else."""
        problem = error.with_traceback(None) if isinstance(error, X271Error) else unreadable(error)
        try:
            if self._file is not None:
                unchanged(self._file, stamp)
        except (X271Error, OSError) as other:
            problem = other.with_traceback(None) if isinstance(other, X271Error) else unreadable(other)
        self.close()
        return problem

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._path = self._file = None

    def _open(self, path: str, stamp: Stamp) -> BinaryIO:
        """The file, as it was when it was found.

        Raises:
            UsageError: `UNREADABLE_FILE`.
            DataError: `CHANGED_FILE`.
        """
        if self._file is not None and path == self._path:
            return self._file  # whoever has read sees whether it changed
        self.close()
        try:
            self._file = Path(path).open("rb", buffering=0)  # noqa: SIM115  # open until another file is read
            self._path = path
            unchanged(self._file, stamp)
        except (OSError, ValueError) as error:
            problem = unreadable(error)
        else:
            return self._file
        raise problem


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
