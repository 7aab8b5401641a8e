"""What the caller gave: content or file, in which form and which encoding. Decided by content, never by name."""

from __future__ import annotations

import codecs
import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from ..errors import DataError, LimitExceeded, MalformedText, UsageError
from . import xml
from .limits import Limits

Form = Literal["x12", "xml", "json"]

_BLANK_BYTES = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n\f\v\0]*")
_BLANKS = re.compile("\ufeff?[ \t\r\n\f\v\0]*")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (re.compile(rb"[<{\[\"I]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[\"I]"), "utf-32-be"),
    (re.compile(rb"[<{\[\"I]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{\[\"I]\0[^\0]"), "utf-16-be"),
)
_FORMS: dict[str, Form] = {"<": "xml", "{": "json", "[": "json", '"': "json"}


class Given(NamedTuple):
    """An input whose form is known.

    Attributes:
        text: what that form's reader takes: X12 as bytes, JSON in UTF-8, XML in the encoding that it declares, or in
            UTF-8 with a byte order mark if it came as a str or in UTF-16 or UTF-32.
        original: the input as bytes; of a str, in the encoding that it declares if it is XML, else UTF-8.
    """

    form: Form
    text: bytes
    original: bytes


def content(
    data: bytes | bytearray | memoryview | str | os.PathLike[str], *, limits: Limits
) -> bytes | str:
    """The content itself: bytes-like and str as they are, a path as the bytes of its file.

    Raises:
        UsageError: `BAD_INPUT_TYPE`, `UNREADABLE_FILE`.
        LimitExceeded: `TOO_LARGE`; a file's size is looked at before it is read.
    """
    if isinstance(data, (bytes, str)):
        size = len(data)
    elif isinstance(data, bytearray):
        size = len(data)
    elif isinstance(data, memoryview):
        size = data.nbytes
    elif isinstance(data, os.PathLike):
        return _file(data, limits)
    else:
        raise UsageError("BAD_INPUT_TYPE", detail="" if isinstance(data, Mapping) else type(data).__name__)
    if size > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    return data if isinstance(data, (bytes, str)) else bytes(data)


def _file(path: os.PathLike[str], limits: Limits) -> bytes:
    reason = ""
    try:
        with Path(os.fsdecode(path)).open("rb") as file:
            if os.fstat(file.fileno()).st_size > limits.max_bytes:
                raise LimitExceeded("TOO_LARGE")
            data = file.read(limits.max_bytes + 1)  # a pipe has no size to look at
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "OSError")
    except ValueError:  # a NUL in the path
        reason = "ValueError"
    if reason:  # raised here, outside the except, so that the OS error and its path do not ride along
        raise UsageError("UNREADABLE_FILE", detail=reason)
    if len(data) > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    return data


def recognize(data: bytes | str, *, limits: Limits) -> Given:
    """Tells X12, XML and JSON apart by their first character that is no blank and no byte order mark.

    X12 passes unchanged, blanks and mark included: the core reports those. Only UTF-16 and UTF-32 X12 is
    rewritten as UTF-8, since X12's delimiters are bytes.

    Raises:
        DataError: `EMPTY_INPUT`, `UNKNOWN_FORM` (no `ISA` in it either), `TOO_LARGE`,
            `MALFORMED_XML` or `MALFORMED_JSON` where UTF-16 or UTF-32 text is cut or damaged.
    """
    if isinstance(data, str):
        return _from_str(data, None, limits)
    wide = next((codec for mark, codec in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    wide = wide or next((codec for start, codec in _UNMARKED if start.match(data)), None)
    if wide is not None:
        return _from_wide(data, wide, limits)
    start = _end(_BLANK_BYTES.match(data))
    if start == len(data):
        raise DataError("EMPTY_INPUT")
    form = _FORMS.get(chr(data[start]), "x12")
    if form == "x12" and b"ISA" not in data:
        raise DataError("UNKNOWN_FORM")
    return Given(form, data, data)


def _from_str(text: str, original: bytes | None, limits: Limits) -> Given:
    form = _form(text)
    # a lone surrogate has no bytes: in X12 it becomes `?`, in XML and JSON their readers judge it
    given = text.removeprefix("\ufeff").encode("utf-8", "replace" if form == "x12" else "surrogatepass")
    if form == "xml":
        original = original or _as_declared(text.removeprefix("\ufeff"))
        given = codecs.BOM_UTF8 + given
    if len(given) > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    return Given(form, given, original or given)


def _as_declared(text: str) -> bytes:
    encoding = xml.declared(text[:500].encode("ascii", "replace"))
    return text.encode(encoding or "utf-8", "xmlcharrefreplace")


def _from_wide(data: bytes, codec: str, limits: Limits) -> Given:
    try:
        return _from_str(data.decode(codec), data, limits)
    except UnicodeDecodeError:
        form = _form(data.decode(codec, "replace"))
    code = "UNKNOWN_FORM" if form == "x12" else f"MALFORMED_{form.upper()}"
    raise MalformedText(code, detail="encoding")


def _form(text: str) -> Form:
    start = _end(_BLANKS.match(text))
    if start == len(text):
        raise DataError("EMPTY_INPUT")
    form = _FORMS.get(text[start], "x12")
    if form == "x12" and "ISA" not in text:
        raise DataError("UNKNOWN_FORM")
    return form


def _end(match: re.Match[bytes] | re.Match[str] | None) -> int:
    return match.end() if match is not None else 0
