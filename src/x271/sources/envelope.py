"""The envelope around the segments: an AdvancedMD answer has ISA, GS, ST, GE and IEA, and no SE.

What is missing is made: a trailer counts what it closes, a header is as empty as X12 allows. What was sent
stays as sent, only ISA gets back the widths that XML took from it.
"""

from __future__ import annotations

from .segments import Segments

Segment = tuple[str, ...]

_HEADERS = {"ISA": 0, "GS": 1, "ST": 2}
_TRAILERS = {"IEA": 0, "GE": 1, "SE": 2}
_WIDTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_ISA = ("ISA", "00", "", "00", "", "ZZ", "", "ZZ", "", "000000", "0000", "", "00501", "0" * 9, "0", "P", "")
_VERSION = "005010X279A1"


class Envelope:
    """Puts segments into a whole envelope.

    Attributes:
        items: all segments; ISA11 and ISA16 are empty, for whoever chooses the delimiters.
        lines: for each the line that it came from; of a made one the line of its neighbour.
        parts: as `Segments.parts`, with the indexes of `items`.
        sent: each ISA as sent, by its index in `items`.
    """

    __slots__ = ("_counts", "_open", "_start", "items", "lines", "parts", "sent")

    def __init__(self, found: Segments) -> None:
        self.items: list[Segment] = []
        self.lines: list[int] = []
        self.parts: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self.sent: dict[int, Segment] = {}
        self._open: list[Segment | None] = [None, None, None]  # the interchange, group and set that are open
        self._counts = [0, 0]  # groups in the interchange, sets in the group
        self._start = 0  # index of the open set's ST
        end = 0
        for mark in found.marks:
            self._body(found, end, mark)
            self._marked(found.items[mark], found.lines[mark])
            end = mark + 1
        self._body(found, end, len(found.items))
        self._close(0, self.lines[-1] if self.lines else 0)

    def _body(self, found: Segments, start: int, end: int) -> None:
        if start == end:
            return
        if self._open[0] is None or (self._open[2] is None and not self._counts[1]):
            self._open_down_to(3, found.lines[start])
        shift = len(self.items) - start
        self.items += found.items[start:end]
        self.lines += found.lines[start:end]
        for (index, element), values in found.parts.items() if found.parts else ():
            if start <= index < end:
                self.parts[index + shift, element] = values

    def _marked(self, item: Segment, line: int) -> None:
        name = item[0]
        if name in _HEADERS:
            level = _HEADERS[name]
            self._close(level, line)
            self._open_down_to(level, line)
            self._header(level, item, line)
        elif name in _TRAILERS:
            level = _TRAILERS[name]
            if not self.items:
                self._open_down_to(1, line)
            self._close(level + 1, line)
            self._open[level] = None
            self._add(item, line)
        else:  # TA1
            self._open_down_to(1, line)
            self._add(item, line)

    def _header(self, level: int, item: Segment, line: int) -> None:
        if level == 0:
            self.sent[len(self.items)] = item
            item = _padded(item)
            self._counts = [0, 0]
        elif level == 1:
            self._counts = [self._counts[0] + 1, 0]
        else:
            self._counts[1] += 1
            self._start = len(self.items)
        self._open[level] = item
        self._add(item, line)

    def _open_down_to(self, level: int, line: int) -> None:
        made = (_ISA, ("GS", "HB", "", "", "", "", "0", "X", _VERSION), ("ST", "271", "0001", _VERSION))
        for missing in range(level):
            if self._open[missing] is None:
                self._header(missing, made[missing], line)

    def _close(self, level: int, line: int) -> None:
        for opened in range(2, level - 1, -1):
            header = self._open[opened]
            if header is None:
                continue
            self._open[opened] = None
            if opened == 2:
                self._add(("SE", str(len(self.items) - self._start + 1), *header[2:3]), line)
            elif opened == 1:
                self._add(("GE", str(self._counts[1]), *header[6:7]), line)
            else:
                self._add(("IEA", str(self._counts[0]), *header[13:14]), line)

    def _add(self, item: Segment, line: int) -> None:
        self.items.append(item)
        self.lines.append(line)


def _padded(isa: Segment) -> Segment:
    sent = isa[:17] + ("",) * (17 - len(isa))
    full = [
        (value.rstrip(" ") if value else made).ljust(width)
        for value, made, width in zip(sent, _ISA, _WIDTHS, strict=True)
    ]
    full[11] = full[16] = ""
    return tuple(full)
