"""Texts made fit for X12: upper case, ASCII, no control characters, none of the delimiters.

Words lose what cannot be sent, with a finding. An identifier would no longer be the same, so there a delimiter, and
everywhere a character without a plain one in its place (`transliteration.tsv`), is a problem.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from .._tables import read_table
from .parts import Kind


def fit(text: str, kind: Kind, delimiters: str, stand_in: str = "") -> tuple[str, tuple[str, ...]]:
    """The text as it is sent, and the codes of what there is to say about it, each once.

    stand_in: for what cannot be sent; by default it stays, and is refused.
    """
    found: dict[str, None] = {}
    plain = text if _is_plain(text) else "".join(_plain(text, found, stand_in))
    plain = plain.upper()
    if any(one in plain for one in delimiters):
        if kind.name == "words":
            found["DELIMITER_REPLACED"] = None
            plain = plain.translate(dict.fromkeys(map(ord, delimiters), " "))
        else:
            found["DELIMITER_IN_VALUE"] = None
    plain = " ".join(plain.split()) if kind.name == "words" else plain.strip()
    if text and not plain:
        found["UNWRITABLE_TEXT"] = None
    return plain, tuple(found)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "`" not in text


def _plain(text: str, found: dict[str, None], stand_in: str) -> Iterator[str]:
    for one in unicodedata.normalize("NFC", text):
        if one.isspace():
            yield " "
        elif one.isascii() and one.isprintable() and one != "`":
            yield one
        else:
            sent = _sent(one)
            found["UNWRITABLE_TEXT" if sent is None else "TRANSLITERATED"] = None
            yield sent if sent is not None else stand_in or one


def _sent(one: str) -> str | None:
    """What stands for a character in ASCII; None if nothing does."""
    if one in _table():
        return _table()[one]
    if unicodedata.category(one) in ("Mn", "Me", "Cf"):  # marks and signs that are not seen
        return ""
    apart = "".join(
        _table().get(part, part)
        for part in unicodedata.normalize("NFKD", one)
        if not unicodedata.combining(part)
    )
    return apart if apart and apart.isascii() and apart.isprintable() else None


@cache
def _table() -> Mapping[str, str]:
    return MappingProxyType(
        {row["character"]: row["sent"] for row in read_table("inquiries/transliteration.tsv")}
    )
