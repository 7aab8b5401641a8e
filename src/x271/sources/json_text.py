"""JSON text as Python values: one document, or JSON Lines (one document a line).

Numbers stay text, so an amount keeps its digits. A name that comes twice in one object gives a list of both
values, as a converter from XML meant it: a plain `dict` would lose the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import DataError, LimitExceeded, MalformedText, Position
from .json_values import Number


class Document(NamedTuple):
    """One JSON value, or the error that it met, with the text that it was read from."""

    value: object
    text: bytes
    error: DataError | None = None


def documents(text: bytes, *, line: int = 1) -> Iterator[Document]:
    """The document, or each line's in JSON Lines, where a bad line is an error among the others.

    `line` is the number of the first line, for positions.

    Depth is not bounded here, but for `TOO_DEEP` where Python's own parser gives up.

    Raises:
        MalformedText: `MALFORMED_JSON` with line and column, for text that is not JSON Lines either.
        LimitExceeded: `TOO_DEEP`.
    """
    whole = _document(text, line=line)
    if whole.error is None:
        yield whole
        return
    lines = [(number, one) for number, one in enumerate(text.split(b"\n"), line) if one.strip()]
    if len(lines) < 2 or not all(one.lstrip().startswith((b"{", b"[")) for _, one in lines):
        raise whole.error
    for number, one in lines:
        yield _document(one, line=number)


def _document(text: bytes, *, line: int) -> Document:
    error: DataError
    try:
        decoded = text.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
        return Document(_DECODER.decode(decoded), text)
    except json.JSONDecodeError as problem:
        position = Position(line=line + problem.lineno - 1, column=problem.colno)
        error = MalformedText("MALFORMED_JSON", position=position)
    except UnicodeDecodeError:
        error = MalformedText("MALFORMED_JSON", position=Position(line=line), detail="encoding")
    except RecursionError:
        error = LimitExceeded("TOO_DEEP")
    error.__context__ = None  # the parser's own error holds the text
    return Document(None, text, error)


def _merged(pairs: list[tuple[str, object]]) -> dict[str, object]:
    merged = dict(pairs)
    if len(merged) == len(pairs):
        return merged
    several: dict[str, list[object]] = {}
    for name, value in pairs:
        several.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return {name: values if len(values) > 1 else merged[name] for name, values in several.items()}


_DECODER = json.JSONDecoder(
    object_pairs_hook=_merged, parse_int=Number, parse_float=Number, parse_constant=Number
)
