"""What became of a document that was sent: an acknowledgement (TA1, 999, 997) as typed values.

The same models stand behind what we write about others' documents and what we read about our own.
"""

from __future__ import annotations

from pydantic import Field

from .. import codes
from .._model import Model
from ..errors import Position
from ..normalize.record import Coded, Rejection


def coded(table: str, code: str) -> Coded:
    """A code with what it means; the description is empty for one that the table does not have."""
    return Coded(code=code, description=codes.describe(table, code))


class Trigger(Model):
    """What made a situational rule apply (CTX with SITUATIONAL TRIGGER)."""

    segment: str = Field("", description="CTX02: the segment's identifier.")
    place: int | None = Field(None, description="CTX03: counted in the transaction set, ST is 1.")
    loop: str = Field("", description="CTX04: the loop's identifier, as sent.")
    element: int | None = Field(None, description="CTX05-1: the element.")
    component: int | None = Field(None, description="CTX05-2: its component.")
    data_element: str = Field("", description="CTX06-1: its number in X12's dictionary.")

    def __str__(self) -> str:
        element = f" element {self.element}" if self.element is not None else ""
        return f"because of segment {self.place}{element}"


class BusinessUnit(Model):
    """Whose error it is: a number by which the sender knows the question, claim or member (CTX)."""

    name: str = Field("", description="CTX01-1: where the number stood, such as TRN02.")
    reference: str = Field("", description="CTX01-2: the number, the sender's own.", repr=False)


class ElementError(Model):
    """An element that was found in error (IK4, AK4)."""

    element: int | None = Field(None, description="IK401-1: its number.")
    component: int | None = Field(None, description="IK401-2: its component.")
    repetition: int | None = Field(None, description="IK401-3: its repetition.")
    data_element: str = Field("", description="IK402: its number in X12's dictionary.")
    error: Coded = Field(Coded(), description="IK403.")
    copied: str = Field(
        "",
        description="IK404: what was sent, only where `validate` was asked for copies. Never read.",
        repr=False,
    )
    triggers: tuple[Trigger, ...] = ()

    def __str__(self) -> str:
        parts = (("element", self.element), ("component", self.component), ("repetition", self.repetition))
        where = " ".join(f"{name} {number}" for name, number in parts if number is not None)
        return f"{where}: {_text(self.error)}"


class SegmentError(Model):
    """A segment that was found in error (IK3, AK3)."""

    segment: str = Field("", description="IK301: its identifier.", repr=False)
    place: int | None = Field(None, description="IK302: counted in the transaction set, ST is 1.")
    loop: str = Field("", description="IK303: the loop's identifier, as sent.")
    error: Coded = Field(Coded(), description="IK304.")
    triggers: tuple[Trigger, ...] = ()
    business_unit: BusinessUnit | None = None
    elements: tuple[ElementError, ...] = ()


class TransactionVerdict(Model):
    """What became of one transaction set (AK2 to IK5)."""

    transaction: str = Field("", description="AK201: its ST01.")
    control_number: str = Field("", description="AK202: its ST02.")
    version: str = Field("", description="AK203: its ST03.")
    verdict: Coded = Field(Coded(), description="IK501: A accepted, E with errors, R rejected.")
    errors: tuple[Coded, ...] = Field((), description="IK502 to IK506.")
    segments: tuple[SegmentError, ...] = ()
    position: Position | None = Field(None, description="Of IK5, where it was read.")

    @property
    def accepted(self) -> bool:
        """A or E."""
        return self.verdict.code in ("A", "E")


class GroupVerdict(Model):
    """What became of one group (AK1 to AK9)."""

    kind: str = Field("999", description="ST01 of the acknowledgement: 999 or 997.")
    functional_identifier: str = Field("", description="AK101: its GS01.")
    control_number: str = Field("", description="AK102: its GS06.")
    version: str = Field("", description="AK103: its GS08.")
    verdict: Coded = Field(Coded(), description="AK901: A accepted, E with errors, P in part, R rejected.")
    included: int | None = Field(None, description="AK902: its GE01.")
    received: int | None = Field(None, description="AK903.")
    taken: int | None = Field(None, description="AK904: transaction sets accepted.")
    errors: tuple[Coded, ...] = Field((), description="AK905 to AK909.")
    transactions: tuple[TransactionVerdict, ...] = ()
    position: Position | None = Field(None, description="Of AK9, where it was read.")


class InterchangeVerdict(Model):
    """What became of one interchange (TA1)."""

    control_number: str = Field("", description="TA101: its ISA13.")
    date: str = Field("", description="TA102: its ISA09, YYMMDD.")
    time: str = Field("", description="TA103: its ISA10, HHMM.")
    verdict: Coded = Field(Coded(), description="TA104: A accepted, E with errors, R rejected.")
    note: Coded = Field(Coded(), description="TA105.")
    position: Position | None = Field(None, description="Of TA1, where it was read.")


class Acknowledgment(Model):
    """The acknowledgements of one document."""

    interchanges: tuple[InterchangeVerdict, ...] = Field((), description="One per TA1.")
    groups: tuple[GroupVerdict, ...] = Field((), description="One per 999 or 997.")
    rejections: tuple[Rejection, ...] = Field(
        (), description="What was rejected, in the words of an AAA; loop is TA1, 999 or 997."
    )

    @property
    def accepted(self) -> bool:
        """Nothing was rejected."""
        return not self.rejections

    @property
    def rejected(self) -> bool:
        """Something was rejected: an interchange, a group or a transaction set."""
        return bool(self.rejections)

    @property
    def code(self) -> str:
        """AAA03 that the first rejection comes to; empty if there is none."""
        return self.rejections[0].code if self.rejections else ""

    @property
    def description(self) -> str:
        """What that code means."""
        return self.rejections[0].description if self.rejections else ""

    @property
    def follow_up_code(self) -> str:
        """AAA04 that the first rejection comes to: what to do."""
        return self.rejections[0].follow_up_code if self.rejections else ""

    @property
    def eligibility_response(self) -> str:
        """VSee's documented string for the first rejection; empty if there is none."""
        return self.rejections[0].eligibility_response if self.rejections else ""

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """What it says, one sentence a line; numbers and codes, never the copy of a value."""
        said = []
        for one in self.interchanges:
            said.append(f"interchange {one.control_number}: {_text(one.verdict)}")
            if one.note.code not in ("", "000"):
                said.append(f"  note {_text(one.note)}")
        for group in self.groups:
            name = f"group {group.functional_identifier} {group.control_number}"
            said.append(f"{name}: {_text(group.verdict)}")
            said += [f"  {_text(error)}" for error in group.errors]
            for each in group.transactions:
                said += _lines(each)
        said += [
            f"as an AAA: {one.code} {one.description}; follow-up {one.follow_up_code} {one.follow_up}"
            for one in dict.fromkeys(
                one.model_copy(update={"position": None, "loop": ""}) for one in self.rejections
            )
        ]
        return said


def _lines(each: TransactionVerdict) -> list[str]:
    said = [f"  transaction set {each.transaction} {each.control_number}: {_text(each.verdict)}"]
    said += [f"    {_text(error)}" for error in each.errors]
    for segment in each.segments:
        loop = f" in loop {segment.loop}" if segment.loop else ""
        said.append(f"    segment {segment.place} {segment.segment}{loop}: {_text(segment.error)}")
        said += [f"      {trigger}" for trigger in segment.triggers]
        for error in segment.elements:
            said += [f"      {error}", *(f"        {trigger}" for trigger in error.triggers)]
    return said


def _text(code: Coded) -> str:
    return f"{code.code} {code.description or 'unknown'}".strip()
