"""One segment to its elements as X12 writes them: what was sent where the fields still say it, else their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..errors import Position, UsageError
from .base import BLANKS, Composite, ElementField, Segment, Separators, element_fields, readers

_DIGITS = 18  # more are not read as a number


@dataclass(frozen=True, slots=True)
class _At:
    """The place of a value that may be refused. segment: counted from 1, the ISA."""

    segment: int
    loop: str
    segment_id: str
    element: int | None = None
    component: int | None = None

    def refusal(self, code: str, why: str = "") -> UsageError:
        """The error for it; it never holds the value."""
        name = self.segment_id or "segment"
        if self.element is not None:
            name = f"{self.segment_id}{self.element:02}" if self.segment_id else f"element {self.element}"
        if self.component is not None:
            name = f"{name}-{self.component}"
        position = Position(
            segment=self.segment, loop=self.loop or None, element=self.element, component=self.component
        )
        return UsageError(code, position=position, detail=f"{name}: {why}" if why else name)


class Elements:
    """Writes segments that were cut at the delimiters `own` when they were read, with the delimiters `to`."""

    def __init__(self, own: Separators, to: Separators) -> None:
        self.own = own
        self._to = to
        self._is_same = own == to
        self._outer = (to.element, to.terminator)
        self._all = tuple(one for one in (*self._outer, to.repetition, to.component) if one)

    def row(self, segment: Segment, number: int, loop: str, right: Mapping[int, str]) -> list[str]:
        """The identifier and the elements of a segment.

        Args:
            number: of the segment, from 1.
            right: elements that are known better than their fields say.

        Raises:
            UsageError: DELIMITER_IN_VALUE, UNWRITABLE_FIELD.
        """
        kind = type(segment)
        place = _At(number, loop, kind.segment_id)
        identifier = segment.segment_identifier or kind.segment_id
        self._check(identifier, self._outer, place)
        sent = segment.elements
        row = [identifier, *sent]
        fields = element_fields(kind)
        count = max(len(sent), fields[-1].number if fields else 0, *right, 0)
        row += [""] * (count - len(sent))
        named = dict(
            zip((one.number for one in fields), zip(fields, readers(kind), strict=True), strict=True)
        )
        changed = False
        for element in range(1, count + 1):
            raw = row[element]
            at = _At(number, loop, kind.segment_id, element)
            if element in right:
                is_right = raw.strip(BLANKS) == right[element]
                row[element] = raw if is_right else right[element]
                changed = changed or not is_right
                continue
            if element not in named:
                row[element] = self._sent(raw, None, at)
                continue
            field, (name, _, read) = named[element]
            value = getattr(segment, name)
            if _says(value, read(raw, self.own)):
                row[element] = self._sent(raw, field, at)
            else:
                row[element] = self._said(value, at)
                changed = True
        wanted = 1 if changed else 1 + len(sent)
        while len(row) > wanted and not row[-1]:
            row.pop()
        return row

    def _sent(self, raw: str, field: ElementField | None, at: _At) -> str:
        """An element as it was sent, its repetitions and components with the wanted delimiters.

        What a field reads as plain text has none, and an element that no field names may have both.
        """
        if self._is_same:
            self._check(raw, self._outer, at)
            return raw
        is_composite = field is None or issubclass(field.type, Composite)
        repeated = _cut(raw, self.own.repetition if field is None or field.several else "")
        cut = [_cut(one, self.own.component if is_composite else "") for one in repeated]
        for parts in cut:
            for number, part in enumerate(parts, start=1):
                self._check(part, self._all, replace(at, component=number) if len(parts) > 1 else at)
        joined = [self._joined(parts, self._to.component, at) for parts in cut]
        return self._joined(joined, self._to.repetition, at)

    def _said(self, value: Any, at: _At) -> str:
        """An element from its field's value."""
        repetitions = value if isinstance(value, tuple) else (value,)
        texts = [
            self._composite(one, at) if isinstance(one, Composite) else self._plain(one, at)
            for one in repetitions
        ]
        return self._joined(texts, self._to.repetition, at)

    def _composite(self, value: Composite, at: _At) -> str:
        kind = type(value)
        sent = value.components
        fields = element_fields(kind)
        texts = list(sent) + [""] * ((fields[-1].number if fields else 0) - len(sent))
        for name, number, read in readers(kind):
            component = replace(at, component=number)
            given = getattr(value, name)
            if not _says(given, read(texts[number - 1], self.own)):
                texts[number - 1] = self._plain(given, component)
        for number, text in enumerate(texts, start=1):
            self._check(text, self._all, replace(at, component=number))
        while texts and not texts[-1]:
            texts.pop()
        return self._joined(texts, self._to.component, at)

    def _plain(self, value: Any, at: _At) -> str:
        text = _text(value, at)
        self._check(text, self._all, at)
        return text

    @staticmethod
    def _joined(parts: list[str], separator: str, at: _At) -> str:
        if len(parts) > 1 and not separator:
            raise at.refusal("UNWRITABLE_FIELD", "this document has no such separator")
        return separator.join(parts)

    @staticmethod
    def _check(text: str, delimiters: Iterable[str], at: _At) -> None:
        if any(one in text for one in delimiters):
            raise at.refusal("DELIMITER_IN_VALUE")
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise at.refusal("UNWRITABLE_FIELD", "it is no text") from None


def _says(value: Any, read: Any) -> bool:
    """Whether a field says what was read from its element."""
    return bool(value == read) or (value is None and read == "")


def _text(value: Any, at: _At) -> str:
    """One value as X12 writes it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return f"{value.year:04}{value.month:02}{value.day:02}"
    is_number = isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())
    if not is_number or isinstance(value, bool):
        raise at.refusal("UNWRITABLE_FIELD", "no element has values of this type")
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if sum(map(str.isdigit, text)) > _DIGITS:
        raise at.refusal("UNWRITABLE_FIELD", f"more than {_DIGITS} digits")
    return text


def _cut(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else [text]
