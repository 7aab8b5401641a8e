"""What the strategies give: a document, which writes itself out so that a failing example can be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ..grammar.envelope import Interchange

Form = Literal["x12", "xml", "json"]

STANDARD = (
    "*^:~"  # element, repetition, component, terminator: how segments are written until they are joined
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One interchange as it was drawn: its segments with standard delimiters, and those that it is written with."""

    segments: tuple[str, ...]
    delimiters: str = STANDARD
    line_end: str = ""

    def written(self) -> bytes:
        """The interchange, each segment with its terminator and the line end."""
        return joined(self.segments, self.delimiters, self.line_end)


def joined(segments: tuple[str, ...] | list[str], delimiters: str = STANDARD, line_end: str = "") -> bytes:
    """Segments with standard delimiters, written with others."""
    end = STANDARD[3]
    text = end.join(segments) + end
    table = str.maketrans(dict(zip(STANDARD, (*delimiters[:3], delimiters[3] + line_end), strict=True)))
    return text.translate(table).encode()


@dataclass(frozen=True, eq=False, repr=False)
class Document:
    """A document that a strategy drew.

    Attributes:
        data: the document, as a payer or a vendor would send it.
        form: x12, xml or json.
        sheets: of X12, its interchanges segment by segment; of XML and JSON, those of the same answer as X12.
    """

    data: bytes
    form: Form = "x12"
    sheets: tuple[Sheet, ...] = field(default=())

    @classmethod
    def of(cls, *sheets: Sheet) -> Document:
        """X12 of these interchanges."""
        return cls(b"".join(sheet.written() for sheet in sheets), "x12", sheets)

    @property
    def text(self) -> str:
        """The document as text: UTF-8, else Latin-1."""
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            return self.data.decode("latin-1")

    @property
    def segments(self) -> tuple[str, ...]:
        """Every segment, written with `*`, `^` and `:` whatever the delimiters of the document are."""
        return tuple(segment for sheet in self.sheets for segment in sheet.segments)

    @property
    def interchange(self) -> Interchange:
        """What `x271.parse` gives for it."""
        from ..api import parse

        return parse(self.data)

    def __bytes__(self) -> bytes:
        return self.data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._told()}'''\n{self._lines()}''')"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """For hypothesis, which would print the fields."""
        first, *others = repr(self).split("\n")
        printer.text(first)
        for line in others:
            printer.break_()
            printer.text(line)

    def _told(self) -> str:
        """What stands before the text: nothing for X12 as it is usually written."""
        if self.form != "x12":
            return f"form={self.form!r}, data=b"
        unusual = [sheet for sheet in self.sheets if (sheet.delimiters, sheet.line_end) != (STANDARD, "")]
        styles = {f"delimiters={one.delimiters!r}, line_end={one.line_end!r}" for one in unusual}
        return "".join(f"{style}, " for style in sorted(styles)) + "segments="

    def _lines(self) -> str:
        """A segment a line."""
        if self.form != "x12":
            return self.text
        return "".join(segment + "~\n" for segment in self.segments)
