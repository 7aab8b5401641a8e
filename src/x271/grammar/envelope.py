"""The envelope: an interchange with its groups and transaction sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field

from .._model import Model
from ..findings import Finding
from ..sources.results import Results
from .acknowledgments import FunctionalAcknowledgment, ImplementationAcknowledgment
from .answer import DependentName, EligibilityAnswer, SubscriberName
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
from .write import Style, check_options, style_of, written

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ..inquiries.inquiry import Inquiry


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

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Its number and its length."""
        yield "kind", kind_of(self)
        yield "segments", len(self.segments)


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


def kind_of(one: Transaction) -> str:
    """ST01 as it may be shown: a number, else `unknown`."""
    kind = one.kind if isinstance(one, OtherTransaction) else one.loop_id
    return kind if kind.isascii() and kind.isdigit() else "unknown"


def _counted(transactions: Iterable[Transaction]) -> dict[str, int]:
    return dict(Counter(map(kind_of, transactions)))


class Group(Model):
    """GS to GE."""

    header: GroupHeader | None = segment("GS.", "R")
    transactions: tuple[Transaction, ...] = Field((), description="ST to SE.")
    trailer: GroupTrailer | None = segment("GE.", "R")
    others: tuple[Segment, ...] = Field((), description="Segments outside the transaction sets.")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """How many of each kind there are."""
        yield "transactions", _counted(self.transactions)
        if self.others:
            yield "others", len(self.others)


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

    # The bytes that it was read from, and how these were written; a changed copy has only the second.
    __slots__ = ("_style", "_x12")

    def _keep(self, x12: bytes) -> None:
        object.__setattr__(self, "_x12", x12)

    def _kept(self) -> bytes | None:
        kept: bytes | None = getattr(self, "_x12", None)
        return kept

    def _read_style(self) -> Style | None:
        """How the input was written; None if this was made by hand."""
        kept = self._kept()
        if kept is not None:
            own = kept
            if self.following and self.following[0].header.position is not None:
                own = kept[: self.following[0].header.position.offset]
            return style_of(own, self.delimiters)
        style: Style | None = getattr(self, "_style", None)
        return style

    def _remember(self, other: Interchange) -> Self:
        """Takes over what an equal one keeps."""
        for name in ("_style", "_x12"):
            if hasattr(other, name):
                object.__setattr__(self, name, getattr(other, name))
        return self

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """How much of what there is, in all the interchanges of the input: a `repr` may end up in a log."""
        if self.following:
            yield "interchanges", 1 + len(self.following)
        yield "transactions", _counted(self.transactions())
        acknowledgments = sum(len(one.acknowledgments) for one in self.interchanges())
        if acknowledgments:
            yield "acknowledgments", acknowledgments
        yield "findings", len(self.findings)

    def __rich__(self) -> RenderableType:
        """Its loops and segments as a tree, without patient data; `x271.show.tree.render` gives the whole one."""
        from ..show.tree import render

        return render(self)

    def __copy__(self) -> Self:
        return super().__copy__()._remember(self)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return super().__deepcopy__(memo)._remember(self)

    def __getstate__(self) -> dict[Any, Any]:
        kept = {name: getattr(self, name) for name in ("_style", "_x12") if hasattr(self, name)}
        return {**super().__getstate__(), "kept": kept}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        super().__setstate__({name: value for name, value in state.items() if name != "kept"})
        for name, value in state.get("kept", {}).items():
            object.__setattr__(self, name, value)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with these changes; `to_x12` writes it from its models."""
        made = super().model_copy(update=update, deep=deep)
        style = self._read_style()
        if hasattr(made, "_x12"):
            object.__delattr__(made, "_x12")
        if style is not None:
            object.__setattr__(made, "_style", style)
        return made

    def map_segments(self, change: Callable[[Segment], Segment | None]) -> Self:
        """A copy with what `change` gives for each segment of the input: the same one, a changed one, None for none.

        `change` is called in the order of the models. A segment takes the place of one of its own kind. If nothing
        changed, this is the same object.

        Raises:
            UsageError: BAD_OPTION, `change` gave a segment of another kind, or took the ISA away.
        """
        from .mapping import mapped

        return mapped(self, change)

    def interchanges(self) -> Iterator[Interchange]:
        """This interchange and those that follow."""
        yield self
        yield from self.following

    def transactions(self) -> Iterator[Transaction]:
        """Every transaction set of the input."""
        for interchange in self.interchanges():
            for group in interchange.groups:
                yield from group.transactions

    def patients(self) -> Iterator[SubscriberName | DependentName]:
        """Every subscriber and dependent of the answers, each subscriber before its dependents."""
        for answer in self.answers():
            yield from answer.patients()

    def answers(self) -> Iterator[EligibilityAnswer]:
        """Every 271 of the input."""
        return (one for one in self.transactions() if isinstance(one, EligibilityAnswer))

    def questions(self) -> Iterator[EligibilityQuestion]:
        """Every 270 of the input."""
        return (one for one in self.transactions() if isinstance(one, EligibilityQuestion))

    def inquiries(self) -> Iterator[Inquiry]:
        """What the 270s of the input ask, one per subscriber level (2000C), in document order."""
        from ..inquiries.reading import inquiries_of

        for question in self.questions():
            yield from inquiries_of(question)

    def to_x12(self, *, delimiters: Delimiters | None = None, line_end: str | None = None) -> bytes:
        """X12. What `x271.parse` gave is the input, byte for byte: of the first interchange the whole of it.

        A changed copy, or one made by hand, is written from its models: in the grammar's order, elements as they were
        sent where the fields still say the same, with counts, control numbers and the ISA's widths made right. What
        came as XML or JSON gives the X12 that was made of it.

        Args:
            delimiters: others than the document's own, for all its interchanges.
            line_end: what follows each terminator; by default what followed it in the input.

        Raises:
            UsageError: DELIMITER_IN_VALUE, a value holds a delimiter; UNWRITABLE_FIELD, a value that an element
                cannot have; both with its place, where the segments of its interchange count from 1, the ISA.
                BAD_OPTION, delimiters that cannot be read back, or a line end that is none.
        """
        check_options(delimiters, line_end)
        kept = self._kept()
        if kept is not None and all(one._is_written_so(delimiters, line_end) for one in self.interchanges()):
            return kept
        wanted = delimiters or self.delimiters
        own = written(self, self._read_style(), wanted, line_end)
        return own + b"".join(one.to_x12(delimiters=delimiters, line_end=line_end) for one in self.following)

    def _is_written_so(self, delimiters: Delimiters | None, line_end: str | None) -> bool:
        style = self._read_style() if line_end is not None else None
        is_line_end = line_end is None or (style is not None and line_end == style.line_end)
        return is_line_end and (delimiters is None or delimiters == self.delimiters)
