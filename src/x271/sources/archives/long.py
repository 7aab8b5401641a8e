"""The long X12 file that is read in ranges: its pieces are kept, as the next range is mostly of the same file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ...errors import X271Error
from ..ranges import Pieces, Range
from .spots import Spot, stream, unchanged, unreadable

if TYPE_CHECKING:
    from ..limits import Limits


class LongReader:
    """Gives ranges of one file after the other; fastest if each begins behind the one before."""

    def __init__(self) -> None:
        self._spot: Spot | None = None  # of the latest range
        self._file: BinaryIO | None = None
        self._cut: Pieces | None = None

    def range(self, spot: Spot, number: int, *, limits: Limits) -> Range:
        """What begins in these bytes of a file.

        Raises:
            UsageError: `UNREADABLE_FILE`.
            DataError: `CHANGED_FILE`.
        """
        last = self._spot
        is_same = last is not None and (last.path, last.stamp) == (spot.path, spot.stamp)
        if self._cut is None or not is_same or self._cut.passed >= spot.start:
            self._cut = self._opened(spot, limits)
        self._spot = spot
        end = spot.start + spot.size
        until = end if end < spot.stamp.size else None
        return Range(number, spot.size, self._cut, spot.start, until)

    def check(self) -> None:
        """
        Raises:
            UsageError, DataError: as `range`, for what happened while the range was read.
        """
        if self._file is not None and self._spot is not None:
            try:
                unchanged(self._file, self._spot.stamp)
            except OSError as error:
                problem = unreadable(error)
            else:
                return
            raise problem

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._spot = self._file = self._cut = None

    def _opened(self, spot: Spot, limits: Limits) -> Pieces:
        self.close()
        try:
            self._file = Path(spot.path).open("rb", buffering=0)  # noqa: SIM115  # open until another file is read
            unchanged(self._file, spot.stamp)
        except (OSError, ValueError) as error:
            problem = unreadable(error)
        else:
            return Pieces(stream(self._file), limits=limits)
        raise problem


def no_range(number: int, problem: X271Error) -> Range:
    """In the place of a range that cannot be had."""
    return Range(number, 0, problem)
