"""Requests of a file: one, a list, JSON Lines, or the rows of VerifyTreatment's batch file (CSV)."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from ..errors import DataError, LimitExceeded, MalformedText, Position
from ..sources import Limits
from ..sources.given import content
from ..sources.json_text import documents

Vendor = Literal["vsee", "integrex", "verifytreatment", "changehealthcare"]

_LIMITS = Limits()
_BLANKS = b" \t\r\n\f\v\0"
_MARK = b"\xef\xbb\xbf"


class Asked(NamedTuple):
    """One request: where it stands (a line, a place in a list), and what it says, or why it cannot be read."""

    position: Position
    request: Mapping[str, Any] | DataError


def requests(source: bytes | str | os.PathLike[str], vendor: Vendor) -> Iterator[Asked]:
    """The requests of a file in their order. One that cannot be read stands among the others as an error.

    `bytes` and `str` are content, `os.PathLike` is a file. Only VerifyTreatment has CSV; its first row names the
    columns.

    Raises:
        DataError: nothing can be read: EMPTY_INPUT, MALFORMED_JSON, MALFORMED_CSV, NOT_A_REQUEST, TOO_LARGE,
            TOO_DEEP.
        UsageError: BAD_INPUT_TYPE, UNREADABLE_FILE.
    """
    given = content(source, limits=_LIMITS)
    text = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    if len(text) > _LIMITS.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    begin = text.removeprefix(_MARK).lstrip(_BLANKS)
    if not begin:
        raise DataError("EMPTY_INPUT")
    if vendor == "verifytreatment" and begin[:1] not in (b"{", b"["):
        yield from _rows(text)
        return
    for document in documents(text):
        position = Position(line=document.line)
        if not isinstance(document.value, (Mapping, list)) and document.error is None:
            raise DataError("NOT_A_REQUEST", position=position)
        if document.error is not None:
            yield Asked(document.error.position or position, document.error)
        else:
            yield from _several(document.value, position, vendor)


def _several(value: object, position: Position, vendor: Vendor) -> Iterator[Asked]:
    """The request, or those of a list; VSee has several users in `data`."""
    inner = value.get("data") if vendor == "vsee" and isinstance(value, Mapping) else None
    listed = inner if isinstance(inner, list) else value
    if not isinstance(listed, list):
        yield _one(value, position)
        return
    for number, one in enumerate(listed):
        key = f"data[{number}]" if listed is inner else f"[{number}]"
        yield _one(one, position.model_copy(update={"key": key}))


def _one(value: object, position: Position) -> Asked:
    if isinstance(value, Mapping):
        return Asked(position, value)
    return Asked(position, DataError("NOT_A_REQUEST", position=position))


def _rows(text: bytes) -> Iterator[Asked]:
    """The rows of CSV; a cell that is empty says nothing, one without a column is an error of its row."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = None
    if decoded is None:
        raise MalformedText("MALFORMED_CSV", detail="encoding")
    rows = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    columns: list[str] | None = None
    while True:
        begin = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            row = None
        position = Position(line=begin)
        if row is None:  # where the row ends is not known either
            error = MalformedText("MALFORMED_CSV", position=position)
            if columns is None:
                raise error
            yield Asked(position, error)
            return
        if not any(row):
            continue
        if columns is None:
            columns = [name.strip() for name in row]
        elif len(row) > len(columns):
            yield Asked(
                position, MalformedText("MALFORMED_CSV", position=position, detail="a cell without a column")
            )
        else:
            yield Asked(position, {name: cell for name, cell in zip(columns, row, strict=False) if cell})
