"""What the caller gave: content or file, which form, which encoding. Decided by content, never by name."""

from __future__ import annotations

import codecs
import errno
import os
import re
from io import FileIO
from typing import Literal, NamedTuple

from ..errors import DataError, LimitExceeded, MalformedText, UsageError
from . import wide, xml
from .limits import Limits

Form = Literal["x12", "xml", "json"]

_CHUNK = 2**18
_BLANK_BYTES = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n\f\v\0]*")
_BLANKS = re.compile("\ufeff?[ \t\r\n\f\v\0]*")
_FORMS: dict[str, Form] = {"<": "xml", "{": "json", "[": "json", '"': "json"}


class Given(NamedTuple):
    """An input whose form is known.

    Attributes:
        text: what that form's reader takes: X12 as bytes, JSON in UTF-8, XML in the encoding that it
            declares, or in UTF-8 with a byte order mark if it came as a str.
        original: the input as bytes; of a str, in the encoding that it declares if it is XML, else UTF-8.
    """

    form: Form
    text: bytes
    original: bytes


def content(data: bytes | bytearray | memoryview | str | os.PathLike[str], *, limits: Limits) -> bytes | str:
    """The content itself: bytes-like and str as they are, a path as the bytes of its file.

    Raises:
        UsageError: `BAD_INPUT_TYPE`, `UNREADABLE_FILE`.
        LimitExceeded: `TOO_LARGE`; a file's size is looked at before it is read.
    """
    if isinstance(data, (bytes, bytearray, str)):
        size = len(data)
    elif isinstance(data, memoryview):
        size = data.nbytes
    elif isinstance(data, os.PathLike):
        return _file(data, limits)
    else:
        raise UsageError("BAD_INPUT_TYPE", detail=type(data).__name__)
    if size > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    return data if isinstance(data, (bytes, str)) else bytes(data)


def _file(path: os.PathLike[str], limits: Limits) -> bytes:
    reason = ""
    try:
        with FileIO(os.fsdecode(path)) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limits.max_bytes:
                raise LimitExceeded("TOO_LARGE")
            data = _whole(file, size, limits.max_bytes)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "OSError")
    except ValueError:  # a NUL in the path
        reason = "ValueError"
    if reason:  # raised here, outside the except, so that the OS error and its path do not ride along
        raise UsageError("UNREADABLE_FILE", detail=reason)
    if len(data) > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    return data


def _whole(file: FileIO, size: int, most: int) -> bytes:
    """All of a file of that size, mostly at once; of one that has no size, such as a pipe, or grows: at most one byte
    above `most`."""
    data = file.read(size + 1)
    if size and len(data) == size:  # one more was asked for, so this is the end
        return data
    chunks, left = [data], most + 1 - len(data)
    while chunks[-1] and left > 0:
        chunks.append(file.read(min(_CHUNK, left)))
        left -= len(chunks[-1])
    return b"".join(chunks)


def recognize(data: bytes | str, *, limits: Limits) -> Given:
    """Tells X12, XML and JSON apart by their first character that is no blank and no byte order mark.

    X12 passes unchanged, blanks and mark included: the core reports those. Only UTF-16 and UTF-32 X12 is
    rewritten as UTF-8, since X12's delimiters are bytes.

    Raises:
        DataError: `EMPTY_INPUT`, `UNKNOWN_FORM` (no `ISA` in it either), `TOO_LARGE`,
            `MALFORMED_XML` or `MALFORMED_JSON` where UTF-16 or UTF-32 text is cut or damaged.
    """
    if isinstance(data, str):
        return _from_str(data, limits)
    codec = wide.codec(data)
    if codec is not None:
        return _from_wide(data, codec, limits)
    start = _start(data)
    if start == len(data):
        raise DataError("EMPTY_INPUT")
    form = _FORMS.get(chr(data[start]), "x12")
    if form == "x12" and b"ISA" not in data:
        raise DataError("UNKNOWN_FORM")
    return Given(form, data, data)


def is_x12(head: bytes) -> bool:
    """True if an input that begins so is X12; False also if it begins with nothing but blanks."""
    start = _start(head)
    return start < len(head) and chr(head[start]) not in _FORMS


def _start(data: bytes) -> int:
    return _end(_BLANK_BYTES.match(data))


def _from_str(text: str, limits: Limits) -> Given:
    form = _form(text)
    text = text if form == "x12" else text.removeprefix("\ufeff")
    # a lone surrogate has no bytes: in X12 it becomes `?`, in XML and JSON their readers judge it
    given = text.encode("utf-8", "replace" if form == "x12" else "surrogatepass")
    original = given
    if form == "xml":
        encoding = xml.declared(text[:500].encode("ascii", "replace")) or "utf-8"
        given, original = codecs.BOM_UTF8 + given, text.encode(encoding, "xmlcharrefreplace")
    if len(given) > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    return Given(form, given, original)


def _from_wide(data: bytes, codec: str, limits: Limits) -> Given:
    text = None
    try:
        text = data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError:
        form = _form(data.decode(codec, "replace"))
    if text is None:  # here, outside the except, so that the codec's error and its bytes do not ride along
        code = "UNKNOWN_FORM" if form == "x12" else f"MALFORMED_{form.upper()}"
        raise MalformedText(code, detail="encoding")
    return _from_str(text, limits)._replace(original=data)


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
