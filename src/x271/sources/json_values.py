"""The values of a JSON document, from text or from the caller's own dict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ..errors import UsageError


class Number(str):
    """A number of JSON text, as it was written."""

    __slots__ = ()


def pairs(node: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Names and values of an object.

    Raises:
        UsageError: `BAD_INPUT_TYPE` for a name that is no str.
    """
    for name, value in node.items():
        if not isinstance(name, str):
            raise UsageError("BAD_INPUT_TYPE", detail=f"{type(name).__name__} as a name")
        yield name, value


def writable(text: str) -> str:
    """The text with `?` for what no encoding can write: JSON may escape half of a character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def scalar(value: object) -> str:
    """A value as the text of an attribute; null, lists and objects have none. A lone surrogate becomes `?`.

    Raises:
        UsageError: `BAD_INPUT_TYPE` for what JSON does not have, or an int too long for Python to write.
    """
    if isinstance(value, str):
        return value if value.isascii() else writable(value)
    if value is None or isinstance(value, (Mapping, list, tuple)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = None
    if isinstance(value, (int, float, Decimal)):
        try:
            text = str(value)
        except ValueError:
            text = None
    if text is None:
        raise UsageError("BAD_INPUT_TYPE", detail=type(value).__name__)
    return text


def listed(value: object) -> list[object]:
    """A value as a list: several of one name are one already, a single one is not."""
    return list(value) if isinstance(value, (list, tuple)) else [value]
