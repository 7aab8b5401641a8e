"""X12 with other values, byte for byte in the same places: offsets, delimiters, line ends and counts stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from .. import _core
from .._reading import document
from ..sources import Source
from .pseudonyms import Pseudonyms
from .treatment import Redactor, treatment

_LINE_ENDS = b"\r\n"


def redacted(x12: bytes, pseudonyms: Pseudonyms) -> bytes:
    """The same X12 with pseudonyms.

    Raises:
        DataError: the X12 cannot be read.
    """
    read = document(Source(x12, "x12"))
    segments = read.segments()
    delimiters = {isa: marks for isa, _, _, _, _, marks in read.interchanges()}
    redactors = _by_segment(read, segments, pseudonyms)
    out = bytearray(x12)
    outside = _Text(out, x12, pseudonyms)
    starts = [offset for offset, _, _ in segments]
    outside.replace(0, starts[0] if starts else len(x12))
    marks = b""
    for at, (start, _, elements) in enumerate(segments):
        marks = delimiters.get(at, marks)
        end = starts[at + 1] if at + 1 < len(starts) else len(x12)
        after = _Segment(x12, out, start, end, marks, elements[0]).redact(redactors[at])
        outside.replace(after, end)
    return bytes(out)


def _by_segment(
    read: _core.Document, segments: list[tuple[int, str | None, tuple[str, ...]]], pseudonyms: Pseudonyms
) -> list[Redactor]:
    """Per segment whose dates it moves with: those of its transaction set's first subscriber, the envelope's with the
    first set's."""
    families = []
    for _, first, end, _, _ in read.transactions():
        families.append((first, end, pseudonyms.offset(_family(segments[first:end]))))
    envelope = Redactor(pseudonyms, families[0][2] if families else pseudonyms.offset(""))
    found = [envelope] * len(segments)
    for first, end, offset in families:
        found[first:end] = [Redactor(pseudonyms, offset)] * (end - first)
    return found


def family(x12: bytes) -> str:
    """What tells the family of an answer from others.

    Raises:
        DataError: the X12 cannot be read.
    """
    return _family(document(Source(x12, "x12")).segments())


def _family(segments: list[tuple[int, str | None, tuple[str, ...]]]) -> str:
    """What tells a family from another: the subscriber's identifier, else the name."""
    for _, _, elements in segments:
        if elements[0] == "NM1" and elements[1:2] == ("IL",):
            padded = [*elements, *[""] * 10]
            return (padded[9] or f"{padded[3]} {padded[4]}").strip().upper()
    return ""


class _Text:
    """What stands outside segments: replaced, but for line ends and blanks."""

    def __init__(self, out: bytearray, x12: bytes, pseudonyms: Pseudonyms) -> None:
        self._out, self._x12, self._pseudonyms = out, x12, pseudonyms

    def replace(self, start: int, end: int) -> None:
        if end > start:
            self._out[start:end] = same_length(self._x12[start:end], self._pseudonyms.text)


class _Segment:
    """One segment of the input, from its first byte to the next segment's."""

    def __init__(self, x12: bytes, out: bytearray, start: int, end: int, marks: bytes, name: str) -> None:
        self._x12, self._out, self._start, self._end, self._name = x12, out, start, end, name
        self._element, self._repetition, self._component, self._terminator = marks
        self._stop: int | None = None
        if (
            name == "ISA"
        ):  # it holds the delimiters as values; a damaged one the terminator, too: the last one ends it
            self._repetition = self._component = self._element
            self._stop = x12.rfind(marks[3], start, end)

    def redact(self, redactor: Redactor) -> int:
        """Writes the segment's new values, and gives the place after its terminator."""
        before = b""
        for element, component, places in self._values():
            value = bytes(self._x12[at] for at in places)
            how = treatment(self._name, element, component)
            is_npi = self._name == "NM1" and element == 9 and before == b"XX"
            new = same_length(value, partial(redactor.value, how, npi=is_npi))
            for at, byte in zip(places, new, strict=True):
                self._out[at] = byte
            before = value
        return self._after

    def _values(self) -> Iterator[tuple[int, int, list[int]]]:
        """Each value as its element, component, and the places of its bytes (line ends within are passed over)."""
        element, component, places = 0, 1, list[int]()
        self._after = self._end
        for at in range(self._start, self._end):
            byte = self._x12[at]
            if byte == self._terminator and self._stop in (None, at):
                self._after = at + 1
                break
            if byte in (self._element, self._repetition, self._component):
                if element:
                    yield element, component, places
                places = []
                if byte == self._element:
                    element, component = element + 1, 1
                else:
                    component = component + 1 if byte == self._component else 1
            elif byte not in _LINE_ENDS:
                places.append(at)
        if element:
            yield element, component, places


def same_length(value: bytes, change: Callable[[str], str]) -> bytes:
    """A value changed as text and again bytes, of the same number."""
    encoding = "utf-8"
    try:
        text = value.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"
        text = value.decode(encoding)
    made = change(text).encode(encoding, "replace")
    return made if len(made) == len(value) else b"X" * len(value)
