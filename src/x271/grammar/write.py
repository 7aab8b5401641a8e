"""Models to X12: what `Interchange.to_x12` writes when a document was changed, or made by hand.

Segments stand in the grammar's order, each loop's slots top to bottom. A field that says what its element said is
written as it was sent, any other from its value; elements that no field names stay. Counts, control numbers, the
numbers of the levels, the loop bounds (LS, LE) and the widths of the ISA are made right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import Position, UsageError
from .base import BLANKS, Loop, Segment, Separators, Slot, slots
from .segments import (
    GroupTrailer,
    HierarchicalLevel,
    InterchangeTrailer,
    LoopHeader,
    LoopTrailer,
    TransactionTrailer,
)
from .write_elements import Elements

if TYPE_CHECKING:
    from .envelope import Delimiters, Group, Interchange, OtherTransaction

_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_ISA_CONTROL_NUMBER = 13
_LINE_ENDS = ("", "\n", "\r\n", "\r")


@dataclass(frozen=True, slots=True)
class Style:
    """How an input was written: its delimiters, what followed each terminator, what followed the last."""

    separators: Separators
    line_end: str = ""
    last: str = ""
    is_utf8: bool = True


def separators_of(delimiters: Delimiters) -> Separators:
    """The delimiters as the readers of fields take them."""
    return Separators(
        element=delimiters.element,
        repetition=delimiters.repetition,
        component=delimiters.component,
        terminator=delimiters.terminator,
    )


def style_of(x12: bytes, delimiters: Delimiters) -> Style:
    """The style of one interchange in these bytes."""
    terminator = delimiters.terminator.encode("latin-1")
    separators = separators_of(delimiters)
    first = x12.find(terminator, x12.find(b"ISA") + 3) if terminator else -1
    if first < 0:
        return Style(separators)
    try:
        x12.decode()
        is_utf8 = True
    except UnicodeDecodeError:
        is_utf8 = False
    return Style(
        separators, _blank_lines(x12, first + 1), _blank_lines(x12, x12.rfind(terminator) + 1), is_utf8
    )


def _blank_lines(x12: bytes, start: int) -> str:
    found = re.compile(rb"[\r\n]*").match(x12, start)
    return found[0].decode() if found else ""


def check_options(delimiters: Delimiters | None, line_end: str | None) -> None:
    """Refuses delimiters that would not be read back, and line ends that are none.

    Raises:
        UsageError: BAD_OPTION.
    """
    if line_end is not None and line_end not in _LINE_ENDS:
        raise UsageError("BAD_OPTION", position=Position(key="line_end"), detail="a line end is expected")
    if delimiters is None:
        return
    found = [getattr(delimiters, name) for name in type(delimiters).model_fields]
    if len(set(found)) < len(found):
        position = Position(key="delimiters")
        raise UsageError("BAD_OPTION", position=position, detail="four different characters are expected")
    for name in type(delimiters).model_fields:
        one = getattr(delimiters, name)
        if len(one) != 1 or not one.isascii() or one.isalnum() or one in " \0":
            position = Position(key=f"delimiters.{name}")
            detail = "one ASCII character is expected, no letter, digit or blank"
            raise UsageError("BAD_OPTION", position=position, detail=detail)


def written(
    interchange: Interchange, style: Style | None, delimiters: Delimiters, line_end: str | None
) -> bytes:
    """One interchange without those that follow, from its models.

    style: of the input that it came from, which is also how its raw elements are cut; None if it was made by hand.

    Raises:
        UsageError: DELIMITER_IN_VALUE, UNWRITABLE_FIELD; BAD_OPTION for delimiters that were not read.
    """
    to = separators_of(delimiters)
    if style is None or to != style.separators:
        check_options(delimiters, None)
    style = style or Style(to)
    last = style.last
    if line_end is None:
        line_end = style.line_end
    else:
        last = line_end
    if to != style.separators and to.terminator in line_end + last:
        line_end, last = line_end.replace(to.terminator, ""), last.replace(to.terminator, "")
    writer = _Writer(style.separators, to, line_end, style.is_utf8)
    writer.interchange(interchange)
    data = b"".join(writer.chunks)
    return data.removesuffix(line_end.encode()) + last.encode()


class _Writer:
    """Writes one interchange, segment after segment."""

    def __init__(self, own: Separators, to: Separators, line_end: str, is_utf8: bool) -> None:
        self._elements = Elements(own, to)
        self._to = to
        self._end = to.terminator + line_end
        self._is_utf8 = is_utf8
        self._rows: list[list[str]] = []
        self._written = 0
        self._levels = 0
        self.chunks: list[bytes] = []

    # --- segments

    def _add(self, segment: Segment, loop: str = "", **changes: str) -> list[str]:
        """Adds a segment; changes: elements that are made right, such as e2="0001"."""
        number = self._written + len(self._rows) + 1
        row = self._elements.row(
            segment, number, loop, {int(name[1:]): text for name, text in changes.items()}
        )
        self._rows.append(row)
        return row

    def _flush(self, *, is_latin: bool = False) -> bool:
        """Encodes the segments since the last time, as one text: a reader decides per transaction set.

        is_latin: the header of this trailer is in Latin-1, and what the trailer repeats must have the same bytes. True
        if this text is in Latin-1.
        """
        text = "".join(self._to.element.join(row) + self._end for row in self._rows)
        self._written += len(self._rows)
        self._rows = []
        data = text.encode()
        if not self._is_utf8 and not text.isascii():
            with suppress(UnicodeError):  # where it fails, another part of the input was not UTF-8
                data = text.encode("latin-1") if is_latin else _latin_1(text)
        self.chunks.append(data)
        return data != text.encode()

    # --- the envelope

    def interchange(self, made: Interchange) -> None:
        header = self._header(made)
        for acknowledgment in made.acknowledgments:
            self._add(acknowledgment)
        is_latin = self._flush()
        for group in made.groups:
            self._group(group)
        end = _number(made.trailer)
        is_behind = [end is not None and (_number(one) or 0) > end for one in made.others]
        for one, is_last in zip(made.others, is_behind, strict=True):
            if not is_last:
                self._add(one)
        trailer = made.trailer or InterchangeTrailer()
        self._add(trailer, e1=_count(trailer, len(made.groups)), e2=_same(trailer, 2, header, 13))
        for one, is_last in zip(made.others, is_behind, strict=True):
            if is_last:
                self._add(one)
        self._flush(is_latin=is_latin)

    def _header(self, made: Interchange) -> list[str]:
        to, own = self._to, self._elements.own
        sent = dict(enumerate(made.header.elements, start=1))
        kept = to == own
        changes = {
            "e11": sent.get(11, "") if kept or to.repetition == own.repetition else to.repetition,
            "e16": sent.get(16, "") if kept or to.component == own.component else to.component,
        }
        is_damaged = kept and not _is_whole(sent)
        if not is_damaged or len(sent) < len(_ISA_WIDTHS):
            changes["e11"] = changes["e11"] or to.repetition
            changes["e16"] = changes["e16"] or to.component
        row = self._add(made.header, **changes)
        if is_damaged:
            return row  # it was cut at its separators, and only as it was sent is it read so again
        del row[len(_ISA_WIDTHS) + 1 :]
        row += [""] * (len(_ISA_WIDTHS) + 1 - len(row))
        for number, width in enumerate(_ISA_WIDTHS, start=1):
            text = row[number]
            if len(text) > width and text != sent.get(number):
                position = Position(segment=1, element=number)
                raise UsageError("UNWRITABLE_FIELD", position=position, detail=f"ISA{number:02} is too long")
            is_number = number == _ISA_CONTROL_NUMBER and text.isdigit()
            row[number] = text.zfill(width) if is_number else text.ljust(width)
        return row

    def _group(self, group: Group) -> None:
        header = None if group.header is None else self._add(group.header)
        is_latin = self._flush()
        for transaction in group.transactions:
            if isinstance(transaction, Loop):
                self._transaction(transaction)
            else:
                self._other_transaction(transaction)
            self._flush()
        for one in group.others:
            self._add(one)
        if group.header is not None or group.trailer is not None:
            trailer = group.trailer or GroupTrailer()
            count = _count(trailer, len(group.transactions))
            self._add(trailer, e1=count, e2=_same(trailer, 2, header, 6))
        self._flush(is_latin=is_latin)

    def _transaction(self, root: Loop) -> None:
        self._levels = 0
        self._loop(root, "")
        self._trailer(getattr(root, "trailer", None), has_header=getattr(root, "header", None) is not None)

    def _other_transaction(self, made: OtherTransaction) -> None:
        trailer = made.segments[-1] if made.segments else None
        if not isinstance(trailer, TransactionTrailer):
            trailer = None
        for segment in made.segments[:-1] if trailer else made.segments:
            self._add(segment)
        if made.segments:
            self._trailer(trailer, has_header=made.segments[0].segment_identifier == "ST")

    def _trailer(self, sent: TransactionTrailer | None, *, has_header: bool) -> None:
        trailer = sent or TransactionTrailer()
        header = self._rows[0] if has_header else None
        self._add(trailer, e1=_count(trailer, len(self._rows) + 1), e2=_same(trailer, 2, header, 2))

    # --- loops

    def _loop(self, loop: Loop, parent: str) -> None:
        """One repetition of a loop; parent: HL01 of the level around it."""
        kind = type(loop)
        held = [(slot, _values(loop, slot)) for slot in slots(kind)]
        bounds = {bound for slot, _ in held if issubclass(slot.model, Loop) for bound in slot.model.bounds}
        if kind.level:
            parent = self._level(loop, parent)
            held = [(slot, values) for slot, values in held if slot.model is not HierarchicalLevel]
        held = [
            (slot, values)
            for slot, values in held
            if slot.model is not TransactionTrailer and getattr(slot.model, "segment_id", "") not in bounds
        ]
        first = next((at for at, (slot, _) in enumerate(held) if issubclass(slot.model, Loop)), len(held))
        leading = [one for _, values in held[:first] for one in values]
        for segment in _with_others(leading, loop.others, after=0 if kind.level else 1):
            self._add(segment, kind.loop_id)
        behind = held[first:]
        if not parent:  # levels that hang nowhere are read so only in front of those that they could hang on
            behind.sort(key=lambda one: -_level_code(one[0]) if _level_code(one[0]) else 0)
        for slot, values in behind:
            self._slot(loop, slot, values, parent)

    def _slot(self, loop: Loop, slot: Slot, values: Iterable[Any], parent: str) -> None:
        around = type(loop).loop_id
        bounded = slot.model if issubclass(slot.model, Loop) and slot.model.bounds and values else None
        if bounded is not None:
            header = next(iter(getattr(loop, "loop_headers", ())), None)
            self._add(header or LoopHeader(loop=bounded.loop_id[:4]), around)
        for one in values:
            if isinstance(one, Loop):
                self._loop(one, parent)
            else:
                self._add(one, around)
        if bounded is not None:
            trailer = next(iter(getattr(loop, "loop_trailers", ())), None)
            self._add(trailer or LoopTrailer(loop=bounded.loop_id[:4]), around)

    def _level(self, loop: Loop, parent: str) -> str:
        """The HL of a level: numbered in the order of writing. Gives its number."""
        self._levels += 1
        number = str(self._levels)
        below = any(_level_code(slot) and _values(loop, slot) for slot in slots(type(loop)))
        header = getattr(loop, "level_header", None) or HierarchicalLevel(level=type(loop).level)
        self._add(header, type(loop).loop_id, e1=number, e2=parent, e4="1" if below else "0")
        return number


def _is_whole(sent: Mapping[int, str]) -> bool:
    """Whether a header has ISA's elements, none of them too long; also true for one that was made by hand."""
    fits = all(len(sent.get(number, "")) <= width for number, width in enumerate(_ISA_WIDTHS, start=1))
    return not sent or (fits and len(sent) == len(_ISA_WIDTHS))


def _latin_1(text: str) -> bytes:
    """The text in Latin-1, unless it would be taken for UTF-8."""
    data = text.encode("latin-1")
    try:
        data.decode()
    except UnicodeDecodeError:
        return data
    raise UnicodeError


def _values(loop: Loop, slot: Slot) -> tuple[Any, ...]:
    value = getattr(loop, slot.name)
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _level_code(slot: Slot) -> int:
    """HL03 of a slot that holds levels, else 0."""
    return int(getattr(slot.model, "level", "") or 0)


def _number(segment: Segment | None) -> int | None:
    return segment.position.segment if segment is not None and segment.position is not None else None


def _with_others(leading: list[Segment], others: Iterable[Segment], *, after: int) -> list[Segment]:
    """The other segments behind the one that they followed in the input; those of no input at the end.

    after: so many segments open the loop, and go before all others.
    """
    found = list(leading)
    for other in others:
        number = _number(other)
        before = [
            at for at, one in enumerate(found, start=1) if number is None or ((_number(one) or 0) < number)
        ]
        found.insert(max(before, default=min(after, len(found))), other)
    return found


def _count(trailer: Segment, counted: int) -> str:
    """The count, as it was sent if that was right."""
    sent = trailer.elements[0].strip(BLANKS) if trailer.elements else ""
    is_right = sent.isascii() and sent.isdigit() and sent.lstrip("0") == str(counted).lstrip("0")
    return sent if is_right else str(counted)


def _same(trailer: Segment, element: int, header: list[str] | None, header_element: int) -> str:
    """What the header says, for its trailer; without a header what the trailer said."""
    if header is None:
        return trailer.elements[element - 1].strip(BLANKS) if len(trailer.elements) >= element else ""
    return header[header_element].strip(BLANKS) if len(header) > header_element else ""
