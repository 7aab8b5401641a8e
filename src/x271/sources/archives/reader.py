"""Reads what was found, in this process or another: places in files, files of a zip, ranges of a long file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import FileIO
from typing import BinaryIO

from ...errors import DataError, LimitExceeded, X271Error
from . import directory, zips
from .directory import Place
from .long import LongReader
from .spots import Files, Spot, Stamp, unchanged, unreadable


class Reader:
    """Reads spots; keeps the file of the last one open, as the next is mostly in the same."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._file: BinaryIO | None = None
        self.long = LongReader()

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
        self.long.close()

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
            self._file = FileIO(path)  # open until another file is read
            self._path = path
            unchanged(self._file, stamp)
        except (OSError, ValueError) as error:
            problem = unreadable(error)
        else:
            return self._file
        raise problem
