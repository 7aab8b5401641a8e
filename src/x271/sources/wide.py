"""UTF-16 and UTF-32, with a byte order mark or without: .NET and SQL Server write them."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STARTS = (  # without a mark: what XML, JSON or X12 starts with, among zeros
    (re.compile(rb"[<{\[\"I \t\r\n]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[\"I \t\r\n]"), "utf-32-be"),
    (re.compile(rb"[<{\[\"I \t\r\n]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{\[\"I \t\r\n]\0[^\0]"), "utf-16-be"),
)


def codec(data: bytes) -> str | None:
    """The codec that reads UTF-16 or UTF-32 text (a mark becomes U+FEFF), None for anything else."""
    if b"\0" not in data[:4] and data[:1] not in b"\xfe\xff":
        return None  # quickly, since nearly everything is
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    return marked or next((name for start, name in _STARTS if start.match(data)), None)
