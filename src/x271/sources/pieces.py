"""X12 of any length, a few megabytes at a time.

A piece holds whole transaction sets and the headers that they stand under, so pieces can be read in any order and by
several threads; positions are those in the whole. Only X12 can be cut; nothing here looks for other forms.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..errors import DataError, LimitExceeded, Position, UnreadableEnvelope, UsageError
from . import wide
from .archives.stream import Stream
from .given import is_x12
from .limits import Limits

if TYPE_CHECKING:
    from .. import _core

SIZE = 4 * 2**20
_CHUNK = (
    2**16
)  # bytes that are read at once, small enough to stay in the processor's cache until they are cut
_HEAD = 2**20  # bytes among which X12 begins
_DEFAULT = Limits()


class Readable(Protocol):
    """An open binary file, or a `Stream`."""

    def read(self, count: int, /) -> bytes: ...


def pieces(
    file: str | os.PathLike[str] | Readable, *, size: int | None = None, limits: Limits = _DEFAULT
) -> Iterator[_core.Piece]:
    """The pieces of an X12 file or binary stream, in its order; holds one piece and one chunk at a time.

    A piece ends before an ISA, GS or ST as soon as it has `size` bytes. What stands after that, such as a GE or IEA
    with a wrong count, is among the findings of the piece that it stands in; a record knows of the input only what
    stands before the end of its piece. The last piece may hold nothing but findings.

    Args:
        file: a path, or an open binary file, which is read from where it stands and not closed.
        size: bytes per piece, about; by default 4 MiB.
        limits: `max_bytes` bounds one piece, not the file: the largest transaction set that is read.

    Raises:
        UsageError: `UNREADABLE_FILE`, `BAD_OPTION`.
        UnreadableEnvelope: no ISA gives delimiters.
        LimitExceeded: `TOO_LARGE`, with the offset of a piece that has no end within `limits.max_bytes`.
    """
    size = SIZE if size is None else size
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise UsageError("BAD_OPTION", position=Position(key="size"))
    return _pieces(file, size, limits)


def _pieces(file: str | os.PathLike[str] | Readable, size: int, limits: Limits) -> Iterator[_core.Piece]:
    from .. import _core
    from ..grammar.compiled import engine

    cutter = engine().cutter(size, limits.max_bytes)
    failed: DataError | None = None
    try:
        for chunk in _chunks(file):
            yield from cutter.feed(chunk)
        yield from cutter.close()
    except _core.Refused as error:
        failed = refused(error)
    if failed is not None:  # raised here, outside the except, so that the core's error does not ride along
        raise failed


def refused(error: _core.Refused) -> DataError:
    """The core's refusal of an input as an error of ours."""
    code, offset = error.args
    kind = LimitExceeded if code == "TOO_LARGE" else UnreadableEnvelope
    return kind(code, position=Position(offset=offset))


def is_long_x12(path: os.PathLike[str]) -> bool:
    """True for a regular file of more than one piece that begins as X12 does, with an ISA in its first megabyte."""
    try:
        found = os.stat(path)  # noqa: PTH116  # once for each of many small files, which are not opened here
        if not stat.S_ISREG(found.st_mode) or found.st_size <= SIZE:
            return False
        with Path(os.fsdecode(path)).open("rb") as file:
            head = file.read(_CHUNK)
            if b"ISA" not in head:
                head += file.read(_HEAD - len(head))
    except (OSError, ValueError):  # whoever reads it says why
        return False
    return wide.codec(head) is None and is_x12(head) and b"ISA" in head


def _chunks(file: str | os.PathLike[str] | Readable) -> Iterator[bytes]:
    if not isinstance(file, (str, os.PathLike)):
        read = file.some if isinstance(file, Stream) else file.read
        while chunk := read(_CHUNK):
            yield chunk
        return
    reason = ""
    try:
        with Path(os.fsdecode(file)).open("rb", buffering=0) as opened:
            while chunk := opened.read(_CHUNK):
                yield chunk
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "OSError")
    except ValueError:  # a NUL in the path
        reason = "ValueError"
    if reason:  # raised here, outside the except, so that the OS error and its path do not ride along
        raise UsageError("UNREADABLE_FILE", detail=reason)
