"""Bytes one after the other, with a look at the head before they are read, and a count of what was unpacked."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import DataError, LimitExceeded
from ..limits import Limits

_ALWAYS = 64 * 2**20  # unpacked bytes that no ratio forbids
_CHUNK = 2**18


class Stream:
    """A source of bytes that can be looked at before it is read.

    Attributes:
        taken: how many bytes came out of it so far, those that were only looked at included.
    """

    __slots__ = ("_ahead", "_at", "_more", "taken")

    def __init__(self, more: Callable[[int], bytes]) -> None:
        """`more(n)` gives at most n bytes, and none only at the end."""
        self._more = more
        self._ahead = b""
        self._at = 0  # what of `_ahead` was read already; never all of it
        self.taken = 0

    def head(self, count: int) -> bytes:
        """The next bytes without reading them: `count`, or all that are left."""
        self._look(count)
        return self._ahead[self._at : self._at + count]

    def has(self, count: int) -> bool:
        """Whether so many bytes are left; looks ahead as `head`, and copies nothing."""
        return self._look(count) >= count

    def read(self, count: int) -> bytes:
        """The next bytes: `count`, or all that are left."""
        begin, end = self._at, self._at + count
        if end < len(self._ahead):
            self._at = end
            return self._ahead[begin:end]
        ahead = self._ahead[begin:]
        self._ahead, self._at = b"", 0
        if len(ahead) == count:
            return ahead
        return b"".join([ahead, *self._chunks(count - len(ahead))])

    def some(self, count: int = _CHUNK) -> bytes:
        """The next bytes, at most `count` and at least one before the end."""
        if not self._ahead:
            return self._next(count)
        return self.read(min(count, len(self._ahead) - self._at))

    def part(self, size: int) -> Stream:
        """The next `size` bytes as a stream of their own; read it, or `skip` what is left, before this goes on.

        Reading it raises a DataError, `CORRUPT_ARCHIVE`, if there are fewer: what is cut is no document.
        """
        left = size

        def more(count: int) -> bytes:
            nonlocal left
            if not left:
                return b""
            data = self.some(min(count, left))
            if not data:
                raise DataError("CORRUPT_ARCHIVE", detail="it ends early")
            left -= len(data)
            return data

        return Stream(more)

    def skip(self, count: int | None = None) -> int:
        """Reads past `count` bytes, or all that are left; gives how many there were."""
        skipped = 0
        while count is None or skipped < count:
            data = self.some(_CHUNK if count is None else min(_CHUNK, count - skipped))
            if not data:
                break
            skipped += len(data)
        return skipped

    def _look(self, count: int) -> int:
        """How many bytes are ahead: `count` or more, or all that are left."""
        left = len(self._ahead) - self._at
        if left < count:
            self._ahead = b"".join([self._ahead[self._at :], *self._chunks(count - left)])
            self._at = 0
        return len(self._ahead) - self._at

    def _chunks(self, count: int) -> list[bytes]:
        chunks: list[bytes] = []
        while count > 0:
            data = self._next(min(count, _CHUNK) if not chunks else count)
            if not data:
                break
            chunks.append(data)
            count -= len(data)
        return chunks

    def _next(self, count: int) -> bytes:
        data = self._more(count)
        self.taken += len(data)
        return data


class Budget:
    """How much may still be unpacked from one file, all archives in it together."""

    __slots__ = ("_limits", "_outermost", "_size", "_unpacked")

    def __init__(self, limits: Limits, outermost: Stream, size: int | None) -> None:
        """`size` is the file's own, if it is known; else what was read of its stream so far counts."""
        self._limits = limits
        self._outermost = outermost
        self._size = size
        self._unpacked = 0

    def spend(self, count: int) -> None:
        """Counts unpacked bytes.

        Raises:
            LimitExceeded: `TOO_EXPANDED`.
        """
        self._unpacked += count
        if not self.has(0):
            raise LimitExceeded("TOO_EXPANDED")

    def has(self, count: int) -> bool:
        """Whether so many bytes may be unpacked."""
        size = self._outermost.taken if self._size is None else self._size
        allowed = max(_ALWAYS, self._limits.max_expansion * size)
        return self._unpacked + count <= min(allowed, self._limits.max_unpacked)
