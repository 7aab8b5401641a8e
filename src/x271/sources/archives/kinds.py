"""What a stream is, by its first bytes: never by its name."""

from __future__ import annotations

import re
from typing import Literal

from .. import wide
from . import lines
from .stream import Stream

Kind = Literal["zip", "tar", "gzip", "bzip2", "xz", "zstd", "lines", "document", "x12"]

_HEAD = 512  # a tar's first header
_SHORT = 2**20
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # an empty one
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_FIRSTS = frozenset(magic[:1] for magic, _ in _MAGIC)
_BLANKS = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n\f\v\0]*")


def kind(stream: Stream, *, most: int) -> Kind:
    """What the stream holds; looks ahead at most `most` bytes, and reads nothing.

    `document` is XML or JSON that is one whole; text that is neither, nor JSON Lines, is `x12`.
    """
    head = stream.head(_HEAD)
    if head[:1] in _FIRSTS:
        for magic, name in _MAGIC:
            if head.startswith(magic):
                return name
    if head[257:262] == b"ustar":
        return "tar"
    if wide.codec(head) is not None:
        return "document"
    blanks = _BLANKS.match(head)
    start = blanks.end() if blanks is not None else 0
    first = head[start : start + 1]
    if first in (b"{", b"["):
        return "lines" if lines.are_lines(stream, most=most) else "document"
    return "document" if first in (b"<", b'"') else "x12"


def is_short_x12(data: bytes) -> bool:
    """Whether the whole of a small file is X12 in the usual way, without a look at all that it might be else."""
    return data.startswith(b"ISA") and len(data) <= _SHORT and data[257:262] != b"ustar"
