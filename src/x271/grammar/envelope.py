"""The envelope: an interchange with its groups and transaction sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from .._model import Model
from ..findings import Finding
from ..sources.results import Results
from .answer import EligibilityAnswer
from .base import Segment
from .segments import (
    GroupHeader,
    GroupTrailer,
    InterchangeAcknowledgment,
    InterchangeHeader,
    InterchangeTrailer,
)


class Delimiters(Model):
    """The delimiters of one interchange, each one character; empty where there is none."""

    element: str
    repetition: str
    component: str
    terminator: str


class OtherTransaction(Model):
    """A transaction set that is read segment by segment: 270, 999, 997, or one that is not eligibility."""

    kind: str = Field(description="ST01.")
    segments: tuple[Segment, ...] = ()


class Group(Model):
    """GS to GE."""

    header: GroupHeader | None = Field(None, description="GS.")
    transactions: tuple[EligibilityAnswer | OtherTransaction, ...] = Field((), description="ST to SE.")
    trailer: GroupTrailer | None = Field(None, description="GE.")
    others: tuple[Segment, ...] = Field((), description="Segments outside the transaction sets.")


class Interchange(Model):
    """ISA to IEA, and whatever interchanges follow in the same input."""

    header: InterchangeHeader
    acknowledgments: tuple[InterchangeAcknowledgment, ...] = Field((), description="TA1.")
    groups: tuple[Group, ...] = ()
    trailer: InterchangeTrailer | None = None
    others: tuple[Segment, ...] = Field((), description="Segments outside the groups.")
    delimiters: Delimiters
    following: tuple[Interchange, ...] = Field(
        (), description="The interchanges after this one in the input."
    )
    findings: tuple[Finding, ...] = Field(
        (), description="Of the whole input; only on the first interchange."
    )
    results: Results | None = Field(
        None, description="The vendor's own attributes, if it came as PPMDResults.", repr=False
    )

    __slots__ = ("_x12",)

    def _keep(self, x12: bytes) -> None:
        object.__setattr__(self, "_x12", x12)

    def interchanges(self) -> Iterator[Interchange]:
        """This interchange and those that follow."""
        yield self
        yield from self.following

    def answers(self) -> Iterator[EligibilityAnswer]:
        """Every 271 of the input."""
        for interchange in self.interchanges():
            for group in interchange.groups:
                yield from (one for one in group.transactions if isinstance(one, EligibilityAnswer))

    def to_x12(self) -> bytes:
        """The input, byte for byte: of the first interchange the whole of it, of a following one its own part.

        What came as XML or JSON gives the X12 that was made of it.

        Raises:
            AttributeError: the model was not made by `x271.parse`; only what was read is written.
        """
        kept: Any = getattr(self, "_x12", None)
        if kept is None:
            raise AttributeError("to_x12 writes what x271.parse read; this model was made otherwise")
        return bytes(kept)
