"""Faults of how X12 is written down: line breaks, marks, encodings, what is cut off."""

from __future__ import annotations

from collections.abc import Callable

from ..document import STANDARD, Sheet, joined

Writing = Callable[[bytes, Sheet], bytes | None]

WRITINGS: dict[str, Writing] = {
    "byte-order-mark": lambda data, _: b"\xef\xbb\xbf" + data,
    "blank-line": lambda data, _: b"\r\n" + data,
    "text-before": lambda data, _: b"Content-Type: application/EDI-X12\r\n\r\n" + data,
    "text-after": lambda data, _: data + b"\r\n-- END OF TRANSMISSION --",
    "blanks-after": lambda data, _: data + b"   \r\n",
    "crlf": lambda _, sheet: _restyled(sheet, line_end="\r\n"),
    "newline": lambda _, sheet: _restyled(sheet, terminator="\n"),
    "pipes": lambda _, sheet: _restyled(sheet, element="|"),
    "cut-in-half": lambda data, sheet: _cut(data, sheet, len(data) // 2),
    "cut-at-a-segment": lambda _, sheet: _without_end(sheet),
    "sent-twice": lambda data, _: data * 2,
}


def writing(name: str) -> Callable[[Writing], Writing]:
    """Enters a fault of writing under its name."""

    def enter(made: Writing) -> Writing:
        WRITINGS[name] = made
        return made

    return enter


def _restyled(
    sheet: Sheet, *, element: str = "", terminator: str = "", line_end: str | None = None
) -> bytes | None:
    """The same with other delimiters; None if that changes nothing, or they are taken already."""
    own = sheet.delimiters
    ends = "" if terminator else sheet.line_end if line_end is None else line_end
    new = (element or own[0]) + own[1:3] + (terminator or own[3])
    if (new, ends) == (own, sheet.line_end) or len(set(new)) < 4 or (line_end and own[3] in "\r\n"):
        return None
    return joined(sheet.segments, new, ends)


def _cut(data: bytes, sheet: Sheet, at: int) -> bytes | None:
    """The first part, which ends within a segment of the transaction set; None if it ends before."""
    end = sheet.delimiters[3].encode()
    begin = len(joined(sheet.segments[:4], sheet.delimiters, sheet.line_end))
    while at > begin and data[at - 1 : at] in (end, b"\r", b"\n"):
        at -= 1
    return data[:at] if at > begin else None


def _without_end(sheet: Sheet) -> bytes | None:
    if len(sheet.segments) < 8:
        return None
    return joined(sheet.segments[:-4], sheet.delimiters, sheet.line_end)


@writing("unterminated")
def _unterminated(data: bytes, sheet: Sheet) -> bytes | None:
    if sheet.delimiters[3] in "\r\n":
        return None  # a line break at the end of a file is no loss
    return data.rstrip(b"\r\n").removesuffix(sheet.delimiters[3].encode())


@writing("empty-segment")
def _empty_segment(data: bytes, sheet: Sheet) -> bytes | None:
    end = sheet.delimiters[3].encode()
    if end in b"\r\n":
        return None
    at = data.find(end, data.find(end) + 1)
    return data[:at] + end + data[at:]


@writing("wrapped")
def _wrapped(data: bytes, sheet: Sheet) -> bytes | None:
    """Broken into lines of 80 characters, as mainframes and mails do."""
    if sheet.line_end or sheet.delimiters[3] in "\r\n":
        return None
    return b"\n".join(data[at : at + 80] for at in range(0, len(data), 80))


@writing("latin-1")
def _latin_1(data: bytes, sheet: Sheet) -> bytes | None:
    return _named(sheet, "MUÑOZ".encode("latin-1"))


@writing("null-byte")
def _null_byte(data: bytes, sheet: Sheet) -> bytes | None:
    return _named(sheet, b"SAM\x00PLE")


@writing("control-character")
def _control_character(data: bytes, sheet: Sheet) -> bytes | None:
    return _named(sheet, b"SAM\x07PLE")


def _named(sheet: Sheet, name: bytes) -> bytes | None:
    """The first subscriber with this last name."""
    mark = "EXAMPLEMARK"
    found = list(sheet.segments)
    for at, segment in enumerate(found):
        parts = segment.split("*")
        if parts[:2] == ["NM1", "IL"] and len(parts) > 3:
            parts[3] = mark
            found[at] = "*".join(parts)
            return joined(found, sheet.delimiters, sheet.line_end).replace(mark.encode(), name)
    return None


@writing("separator-a-letter")
def _separator_a_letter(data: bytes, sheet: Sheet) -> bytes | None:
    """The component separator of the ISA is a letter, and composites are written with the usual one."""
    if sheet.delimiters != STANDARD:
        return None
    at = data.find(b":~")
    return None if at != 104 else data[:at] + b"A" + data[at + 1 :]


@writing("in-small-letters")
def _in_small_letters(data: bytes, _: Sheet) -> bytes | None:
    return data.lower()


@writing("utf-16")
def _utf_16(data: bytes, _: Sheet) -> bytes | None:
    return data.decode().encode("utf-16")


@writing("other-delimiters-behind")
def _other_delimiters_behind(data: bytes, sheet: Sheet) -> bytes | None:
    """A second interchange with delimiters of its own."""
    new = "|!>'" if sheet.delimiters == STANDARD else STANDARD
    if any("'" in segment for segment in sheet.segments) and "'" in new:
        new = "|!>}"
    number = sheet.segments[0].split("*")[13]
    other = f"{int(number) + 900:09}"
    return data + joined([segment.replace(number, other) for segment in sheet.segments], new)
