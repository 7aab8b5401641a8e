"""What every input becomes: X12, and where it came from."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Literal

from .results import Results


@dataclass(frozen=True, slots=True)
class Source:
    """One eligibility answer as X12.

    Attributes:
        x12: what the core reads. Of an X12 input, the input itself.
        form: what it came as.
        results: what AdvancedMD says around the answer; None for X12, and for XML or JSON without `Results`.
        lines: of XML, for each segment of `x12` (index from 0) the line of its element, from 1; a segment
            that was made has its neighbour's. None for X12 and JSON.
        original: the XML or JSON text that holds the answer, as given (a str as bytes of the encoding that it
            declares, else UTF-8; in JSON Lines, its line). None for X12 and for a dict.
    """

    x12: bytes = field(repr=False)
    form: Literal["x12", "xml", "json"]
    results: Results | None = None
    lines: array[int] | None = field(default=None, repr=False)
    original: bytes | None = field(default=None, repr=False)
