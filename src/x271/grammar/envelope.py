"""The envelope: an interchange with its groups and transaction sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from .._model import Model
from ..findings import Finding
from ..sources.results import Results
from .acknowledgments import FunctionalAcknowledgment, ImplementationAcknowledgment
from .answer import EligibilityAnswer
from .base import Loop, Segment
from .fields import segment
from .question import EligibilityQuestion
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
    """A transaction set that is not eligibility, or of a guide that is not read: kept segment by segment."""

    kind: str = Field(description="ST01.")
    segments: tuple[Segment, ...] = ()


Transaction = (
    EligibilityAnswer
    | EligibilityQuestion
    | ImplementationAcknowledgment
    | FunctionalAcknowledgment
    | OtherTransaction
)

# ST01 to the model of a transaction set that is read.
ROOTS: Mapping[str, type[Loop]] = {
    model.loop_id: model
    for model in (
        EligibilityAnswer,
        EligibilityQuestion,
        ImplementationAcknowledgment,
        FunctionalAcknowledgment,
    )
}


class Group(Model):
    """GS to GE."""

    header: GroupHeader | None = segment("GS.", "R")
    transactions: tuple[Transaction, ...] = Field((), description="ST to SE.")
    trailer: GroupTrailer | None = segment("GE.", "R")
    others: tuple[Segment, ...] = Field((), description="Segments outside the transaction sets.")


class Interchange(Model):
    """ISA to IEA, and whatever interchanges follow in the same input."""

    header: InterchangeHeader = segment("ISA.", "R", default=...)
    acknowledgments: tuple[InterchangeAcknowledgment, ...] = segment("TA1.", default=())
    groups: tuple[Group, ...] = Field((), description="GS to GE.")
    trailer: InterchangeTrailer | None = segment("IEA.", "R")
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

    def transactions(self) -> Iterator[Transaction]:
        """Every transaction set of the input."""
        for interchange in self.interchanges():
            for group in interchange.groups:
                yield from group.transactions

    def answers(self) -> Iterator[EligibilityAnswer]:
        """Every 271 of the input."""
        return (one for one in self.transactions() if isinstance(one, EligibilityAnswer))

    def questions(self) -> Iterator[EligibilityQuestion]:
        """Every 270 of the input."""
        return (one for one in self.transactions() if isinstance(one, EligibilityQuestion))

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
