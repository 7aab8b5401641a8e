"""JSON text as trees of the core or as Python values: one document, or JSON Lines (one document a line).

Numbers stay text, so an amount keeps its digits. A name that comes twice in one object gives a list of both
values, as a converter from XML meant it: a plain `dict` would lose the first.

The core reads what is plain, Python's own parser the rest, and says where a text is broken.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ..errors import DataError, LimitExceeded, MalformedText, Position
from .json_values import Number

if TYPE_CHECKING:
    from .. import _core

_Value = TypeVar("_Value")


class Document(NamedTuple, Generic[_Value]):
    """One JSON value, or the error that it met, with the text that it was read from and the line of its begin."""

    value: _Value | None
    text: bytes
    error: DataError | None = None
    line: int = 1


def trees(text: bytes, *, line: int = 1) -> Iterator[Document[_core.Tree]]:
    """The document, or each line's in JSON Lines, where a bad line is an error among the others.

    `line` is the number of the first line, for positions.

    Depth is not bounded here, but for `TOO_DEEP` where Python's own parser gives up.

    Raises:
        MalformedText: `MALFORMED_JSON` with line and column, for text that is not JSON Lines either.
        LimitExceeded: `TOO_DEEP`.
    """
    return _each(text, _tree, line)


def documents(text: bytes) -> Iterator[Document[object]]:
    """The same as Python values."""
    return _each(text, _document, 1)


def _each(
    text: bytes, read: Callable[[bytes, int], Document[_Value]], first: int
) -> Iterator[Document[_Value]]:
    whole = read(text, first)
    if whole.error is None:
        yield whole
        return
    lines = [(number, one) for number, one in enumerate(text.split(b"\n"), first) if one.strip()]
    if len(lines) < 2 or not all(one.lstrip().startswith((b"{", b"[")) for _, one in lines):
        raise whole.error
    for number, one in lines:
        yield read(one, number)


def _tree(text: bytes, line: int) -> Document[_core.Tree]:
    from .. import _core

    tree = _core.Tree.of_json(text.removeprefix(codecs.BOM_UTF8))
    return by_python(text, line) if tree is None else Document(tree, text, line=line)


def by_python(text: bytes, line: int) -> Document[_core.Tree]:
    """A document as Python's own parser reads it; its text begins at this line of the whole."""
    from .. import _core

    document = _document(text, line)
    if document.error is not None:
        return Document(None, text, document.error, line)
    return Document(_core.Tree.of_value(document.value, Number), text, line=line)


def _document(text: bytes, line: int) -> Document[object]:
    error: DataError
    try:
        decoded = text.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
        return Document(_DECODER.decode(decoded), text, line=line)
    except json.JSONDecodeError as problem:
        position = Position(line=line + problem.lineno - 1, column=problem.colno)
        error = MalformedText("MALFORMED_JSON", position=position)
    except UnicodeDecodeError:
        error = MalformedText("MALFORMED_JSON", position=Position(line=line), detail="encoding")
    except RecursionError:
        error = LimitExceeded("TOO_DEEP")
    error.__context__ = None  # the parser's own error holds the text
    return Document(None, text, error, line)


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
