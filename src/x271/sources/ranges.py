"""A long X12 file read in ranges, so that several processes can share it.

Each process cuts the whole file, which is the small part of the work, and reads only the pieces that begin in the
ranges that it takes. So positions, counts and what was found before are known in each of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..errors import X271Error
from .limits import Limits
from .pieces import Readable, pieces

if TYPE_CHECKING:
    from .. import _core

Cut = tuple["_core.Piece", int]  # with how many transaction sets stand before it
SIZE = (
    16 * 2**20
)  # bytes of a range; what is made of one is written and synced, which costs some milliseconds


class Pieces:
    """The pieces of one file in their order, of which some are taken."""

    def __init__(
        self, file: str | os.PathLike[str] | Readable, *, limits: Limits, size: int | None = None
    ) -> None:
        """The file and the size of a piece as for `pieces`. Nothing is read before pieces are asked for."""
        self._pieces = pieces(file, size=size, limits=limits)
        self._next: _core.Piece | None = None
        self._passed = -1
        self._end = 0  # of the latest piece, about: line breaks that wrap its text are not counted
        self._before = 0
        self._problem: X271Error | None = None
        self._is_at_end = False
        self._unread: tuple[str, int] | None = None
        self._is_any_read = False

    @property
    def passed(self) -> int:
        """No piece that begins at this offset or before can be had any more."""
        return self._passed

    @property
    def unread(self) -> tuple[str, int] | None:
        """The first transaction set, ST01 and segment from 0, if the end was reached and none of all is read."""
        return self._unread if self._is_at_end and not self._is_any_read else None

    def within(self, start: int = 0, end: int | None = None) -> Iterator[Cut]:
        """The pieces that begin at offsets from `start` to before `end`, those before being passed over.

        Raises:
            X271Error: as `pieces`, if the first piece that cannot be had would begin in the range.
        """
        while self._next is not None or self._read_on():
            piece = self._next
            if piece is None or (end is not None and piece.offset >= end):
                break
            before = self._before
            self._take(piece)
            if piece.offset >= start:
                yield piece, before
        if self._problem is not None and start <= self._end and (end is None or self._end < end):
            raise self._problem

    def _read_on(self) -> bool:
        """Reads the next piece; False if there is none, or it cannot be had."""
        if self._problem is not None or self._is_at_end:
            return False
        try:
            self._next = next(self._pieces, None)
        except X271Error as error:
            self._problem = error.with_traceback(None)
            return False
        self._is_at_end = self._next is None
        return not self._is_at_end

    def _take(self, piece: _core.Piece) -> None:
        self._next = None
        self._passed, self._end = piece.offset, piece.offset + piece.size
        self._before += piece.transactions
        if not self._is_any_read:
            kinds = piece.kinds()
            self._is_any_read = any(is_read for _, _, is_read in kinds)
            self._unread = self._unread or (kinds[0][:2] if kinds else None)


class Range(NamedTuple):
    """What begins in a range of a long file.

    Attributes:
        number: of the range, from 0.
        size: bytes.
        cut: the file's pieces, or why there are none.
        start: bytes from 0.
        end: before which the pieces begin; None for the last range.
    """

    number: int
    size: int
    cut: Pieces | X271Error
    start: int = 0
    end: int | None = None
