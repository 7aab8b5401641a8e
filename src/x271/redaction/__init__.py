"""De-identification: a document of the same shape that can be shared, with pseudonyms in place of who it is about.

`docs/redaction.md` says what is replaced, what stays, and what this does not promise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..errors import DataError, Position, UsageError
from ..sources import Data, Limits, twin
from ..sources.given import Given, content, recognize
from ..sources.json_text import documents
from ..sources.json_values import Number
from .pseudonyms import Pseudonyms
from .tree import Tree
from .x12 import redacted

__all__ = ["redact"]

_LIMITS = Limits()
_NESTED = 8


def redact(data: Data, *, key: str | bytes) -> bytes:
    """The document with pseudonyms for names, identifiers, addresses, numbers, traces, messages; dates are moved.

    X12 keeps every byte's place, so positions and findings stay; XML and JSON keep their names and nesting. Under one
    key the same value has the same pseudonym in every document, and a family's dates are moved by the same weeks.
    Codes, amounts and counts stay. Whoever has the key can undo it by trial: keep it secret, or throw it away.

    Args:
        data: as for `x271.parse`; JSON Lines, lists and records that hold answers, too.
        key: any secret of at least 8 characters.

    Raises:
        DataError: the document cannot be read, so what identifies a person in it cannot be found.
        UsageError: as `x271.parse`; `BAD_OPTION` for a short key.
    """
    if not isinstance(key, (str, bytes)) or len(key) < 8:
        raise UsageError(
            "BAD_OPTION", position=Position(key="key"), detail="a key of at least 8 characters is expected"
        )
    pseudonyms = Pseudonyms(key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key)
    try:
        if isinstance(data, Mapping):
            return _dumped(_tree(pseudonyms, 0).value(data))
        return _given(recognize(content(data, limits=_LIMITS), limits=_LIMITS), pseudonyms, 0)
    finally:
        pseudonyms.forget()


def _given(given: Given, pseudonyms: Pseudonyms, texts: int) -> bytes:
    if given.form == "x12":
        return redacted(given.text, pseudonyms)
    tree = _tree(pseudonyms, texts)
    if given.form == "xml":
        made = tree.value(twin.to_dict(given.text, declaration=True, limits=_LIMITS))
        assert isinstance(made, dict)  # noqa: S101  (for the type checker)
        return twin.to_xml(made)
    lines = []
    for document in documents(given.text):
        if document.error is not None:
            raise document.error
        lines.append(_dumped(tree.value(document.value)))
    return b"\n".join(lines) + (b"\n" if len(lines) > 1 else b"")


def _tree(pseudonyms: Pseudonyms, texts: int) -> Tree:
    def text(value: str) -> str | None:
        """A text that holds a document of its own."""
        if texts >= _NESTED or value.lstrip("\ufeff \t\r\n")[:1] not in ("<", "{", "[", "I"):
            return None
        try:
            return _given(recognize(value, limits=_LIMITS), pseudonyms, texts + 1).decode("utf-8", "replace")
        except (DataError, ValueError):
            return None

    return Tree(pseudonyms, text)


def _dumped(value: object) -> bytes:
    return _written(value).encode("utf-8", "replace")


def _written(value: object) -> str:
    """JSON with its numbers as they were written: `json` would round them, or refuse a long one."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_written(str(name))}: {_written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
