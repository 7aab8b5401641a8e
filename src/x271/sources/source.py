"""What every input becomes: X12, and where it came from."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Literal

from . import results
from .results import Results, Said


@dataclass(frozen=True, slots=True)
class Source:
    """One eligibility answer as X12.

    Attributes:
        x12: what the core reads. Of an X12 input, the input itself.
        form: what it came as.
        said: what AdvancedMD says around the answer, as sent; `results` has it read. None for X12, and for XML
            or JSON without `Results`.
        lines: of XML, for each segment of `x12` (index from 0) the line of its element, from 1; a segment
            that was made has its neighbour's. None for X12 and JSON.
        original: the XML or JSON text that holds the answer, as given (a str as bytes of the encoding that it
            declares, else UTF-8; in JSON Lines, its line). None for X12 and for a dict.
    """

    x12: bytes = field(repr=False)
    form: Literal["x12", "xml", "json"]
    said: Said | None = field(default=None, repr=False)
    lines: array[int] | None = field(default=None, repr=False)
    original: bytes | None = field(default=None, repr=False)

    @property
    def results(self) -> Results | None:
        """What AdvancedMD says around the answer; made anew each time it is asked for."""
        return None if self.said is None else results.read(self.said)

    @property
    def has_fault(self) -> bool:
        """Whether a fault came beside the answer; costs less than `results`."""
        return self.said is not None and results.is_fault(self.said)
