"""What the tests of the card share: drawing it, and planting a token where an answer speaks of a patient."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from rich.console import Console

ARCHIVE = Path(__file__).parent.parent.parent / "fixtures" / "archive"
PLANTED = "ZQXPLANTED"
DAY, SHOWN_DAY = "19370417", "1937-04-17"

# Where an answer says what only it knows: names, numbers, addresses, texts.
_TEXTS = {
    "NM1": (3, 4, 5, 7, 9),
    "N3": (1, 2),
    "N4": (1, 2, 3, 4),
    "REF": (2, 3),
    "TRN": (2, 3, 4),
    "PER": (2, 4, 6, 8),
    "EB": (5,),
    "MSG": (1,),
    "III": (4,),
    "BHT": (3,),
}
_DAYS = {"DMG": 2, "DTP": 3}


def drawn(shown: Any, width: int = 100, *, encoding: str = "utf-8", colour: bool = False) -> str:
    """As a terminal shows it, without the blanks at the ends of lines."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace", newline="\n")
    system: Any = "standard" if colour else None
    console = Console(file=out, width=width, force_terminal=colour, color_system=system, legacy_windows=False)
    console.print(shown)
    out.flush()
    return "\n".join(line.rstrip() for line in raw.getvalue().decode(encoding).split("\n"))


def planted(data: bytes) -> bytes:
    """The answer with the token in place of every name, number, address and text, and one day for every date."""
    text = data.decode()
    separator, terminator = text[3], text[105]
    made = []
    for segment in text.split(terminator):
        # Only what stands before a segment is none of it: its last element may be a blank delimiter.
        blanks = segment[: len(segment) - len(segment.lstrip("\r\n "))]
        name, *elements = segment[len(blanks) :].split(separator)
        for number in _TEXTS.get(name, ()):
            if number <= len(elements) and elements[number - 1]:
                elements[number - 1] = PLANTED
        day = _DAYS.get(name, 0)
        if 0 < day <= len(elements) and elements[day - 1]:
            elements[day - 1] = "-".join(DAY for _ in elements[day - 1].split("-"))
        made.append(blanks + separator.join([name, *elements]))
    return terminator.join(made).encode()


def flooded(data: bytes) -> list[bytes]:
    """The answer as often as it has segments with a patient's data, in each the token in all elements of one."""
    whole = data.split(b"~")
    made = []
    for at, segment in enumerate(whole):
        name, *elements = segment.split(b"*")
        if name.strip() not in {b"ISA", b"GS", b"ST", b"HL", b"SE", b"GE", b"IEA", b"LS", b"LE", b""}:
            full = b"*".join([name, *(PLANTED.encode() if one else b"" for one in elements)])
            made.append(b"~".join([*whole[:at], full, *whole[at + 1 :]]))
    return made
