"""Bytes one after the other, with a look at the head before they are read, and a count of what was unpacked."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import LimitExceeded
from ..limits import Limits

_ALWAYS = 64 * 2**20  # unpacked bytes that no ratio forbids
_CHUNK = 2**18


class Stream:
    """A source of bytes that can be looked at before it is read.

    Attributes:
        taken: how many bytes came out of it so far, those that were only looked at included.
    """

    __slots__ = ("_ahead", "_more", "taken")

    def __init__(self, more: Callable[[int], bytes]) -> None:
        """`more(n)` gives at most n bytes, and none only at the end."""
        self._more = more
        self._ahead = b""
        self.taken = 0

    def head(self, count: int) -> bytes:
        """The next bytes without reading them: `count`, or all that are left."""
        if len(self._ahead) < count:
            self._ahead = b"".join([self._ahead, *self._chunks(count - len(self._ahead))])
        return self._ahead[:count]

    def read(self, count: int) -> bytes:
        """The next bytes: `count`, or all that are left."""
        ahead = self._ahead
        if len(ahead) > count:
            self._ahead = ahead[count:]
            return ahead[:count]
        self._ahead = b""
        if len(ahead) == count:
            return ahead
        return b"".join([ahead, *self._chunks(count - len(ahead))])

    def some(self, count: int = _CHUNK) -> bytes:
        """The next bytes, at most `count` and at least one before the end."""
        if not self._ahead:
            return self._next(count)
        some, self._ahead = self._ahead[:count], self._ahead[count:]
        return some

    def part(self, size: int) -> Stream:
        """The next `size` bytes as a stream of their own; read it, or `skip` what is left, before this goes on."""
        left = size

        def more(count: int) -> bytes:
            nonlocal left
            data = self.some(min(count, left)) if left else b""
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
