"""Compressed files as streams: gzip, bzip2, xz and zstd, of one part or of several behind each other."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from ...errors import DataError, UsageError
from .stream import Budget, Stream

_IN = 2**16
_LARGEST_WINDOW = 27  # of zstd: 128 MiB, what its own command reads without being told to
_XZ_MEMORY = 2**27  # its strongest preset needs 65 MiB


class Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Zlib:
    """zlib's unpacker with the face of the others."""

    def __init__(self, wbits: int = 31) -> None:
        self._inner = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _zstd_module() -> Any:
    """The standard library's from Python 3.14 on, and its backport before.

    Raises:
        UsageError: `MISSING_EXTRA`.
    """
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            import backports.zstd as zstd  # noqa: PLR0402  (mypy finds a namespace package only so)
    except ImportError:
        missing = UsageError("MISSING_EXTRA", detail='zstd: pip install "x271[zstd]"')
    else:
        return zstd
    raise missing


def zstd() -> Unpacker:
    module = _zstd_module()
    largest = {module.DecompressionParameter.window_log_max: _LARGEST_WINDOW}
    made: Unpacker = module.ZstdDecompressor(options=largest)
    return made


def xz() -> Unpacker:
    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


_UNPACKERS: dict[str, Callable[[], Unpacker]] = {
    "gzip": Zlib,
    "bzip2": bz2.BZ2Decompressor,
    "xz": xz,
    "zstd": zstd,
}


def unpacked(packed: Stream, kind: str, budget: Budget) -> Stream:
    """What a compressed stream holds.

    Raises:
        UsageError: `MISSING_EXTRA`, at once.
        DataError: while reading, `CORRUPT_ARCHIVE` if it is damaged or cut, `TOO_EXPANDED`.
    """
    make = _UNPACKERS[kind]
    unpacker = make()
    ahead = b""  # packed bytes behind the part that has just ended

    def more(count: int) -> bytes:
        nonlocal unpacker, ahead
        while True:
            if unpacker.eof:
                ahead = (ahead or packed.some(_IN)).lstrip(b"\0")  # zeros may fill up the last block
                if not ahead and not packed.head(1):
                    return b""
                if ahead:
                    unpacker = make()
                continue
            data, ahead = ahead, b""
            if not data and unpacker.needs_input:
                data = packed.some(_IN)
                if not data:
                    raise DataError("CORRUPT_ARCHIVE", detail="it ends early")
            made = decompress(unpacker, data, count)
            if unpacker.eof:
                ahead = unpacker.unused_data
            budget.spend(len(made))
            if made:
                return made

    return Stream(more)


def decompress(unpacker: Unpacker, data: bytes, count: int) -> bytes:
    """At most `count` bytes of what is packed in the data.

    Raises:
        DataError: `CORRUPT_ARCHIVE`.
    """
    problem = None
    try:
        return unpacker.decompress(data, count)
    except lzma.LZMAError as error:
        problem = "it needs more memory than is allowed" if "limit" in str(error) else "damaged"
    except Exception as error:  # zstd's own error is no subclass of anything but Exception
        if (
            # RuntimeError: bzip2's, when it is read on after damage
            not isinstance(error, (zlib.error, OSError, EOFError, ValueError, RuntimeError))
            and type(error).__name__ != "ZstdError"
        ):
            raise
        problem = "damaged"
    raise DataError("CORRUPT_ARCHIVE", detail=problem)
