"""The envelope around inquiries: who sends the interchange to whom, and its control numbers (ISA, GS)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import Field

from ..findings import Finding
from ..grammar import rules
from ..grammar.envelope import Delimiters
from ..grammar.segments import GroupHeader, InterchangeHeader
from ..validation.elements import faults, header_faults
from .inquiry import Inquiry
from .parts import CodeText, Number, Part
from .places import SEPARATORS, field_of, parts
from .sending import fitted, problem

GUIDE = "005010X279A1"


class Envelope(Part):
    """ISA and GS as they are asked for; what is empty is filled from the first inquiry."""

    sender: Number = Field("", repr=False)
    receiver: Number = Field("", repr=False)
    sender_qualifier: CodeText = "ZZ"
    receiver_qualifier: CodeText = "ZZ"
    application_sender: Number = Field("", repr=False)
    application_receiver: Number = Field("", repr=False)
    control_number: Any = 1
    group_control_number: int | None = None
    usage: CodeText = "P"
    acknowledgment_requested: bool = False

    def filled(self, first: Inquiry, delimiters: Delimiters) -> tuple[Envelope, list[Finding]]:
        """The envelope as it is sent, for an inquiry that is as it is sent; and what its texts lost."""
        sender = self.sender or first.provider.identifier
        receiver = self.receiver or first.payer.identifier
        group = self.group_control_number
        if group is None:
            group = int(self.control_number) if is_control_number(self.control_number) else 0
        made = self.model_copy(
            update={
                "sender": sender,
                "receiver": receiver,
                "application_sender": self.application_sender or sender,
                "application_receiver": self.application_receiver or receiver,
                "group_control_number": group or 1,
            }
        )
        return fitted(made, delimiters, "?")

    def interchange_header(self, at: datetime, delimiters: Delimiters) -> InterchangeHeader:
        """ISA."""
        return InterchangeHeader(
            authorization_qualifier="00",
            security_qualifier="00",
            sender_qualifier=self.sender_qualifier,
            sender=self.sender,
            receiver_qualifier=self.receiver_qualifier,
            receiver=self.receiver,
            date=f"{at:%y%m%d}",
            time=f"{at:%H%M}",
            repetition_separator=delimiters.repetition,
            version="00501",
            control_number=str(self.control_number).zfill(9),
            acknowledgment_requested="1" if self.acknowledgment_requested else "0",
            usage=self.usage,
            component_separator=delimiters.component,
        )

    def group_header(self, at: datetime) -> GroupHeader:
        """GS."""
        return GroupHeader(
            functional_identifier="HS",
            sender=self.application_sender,
            receiver=self.application_receiver,
            date=at.date(),
            time=f"{at:%H%M}",
            control_number=str(self.group_control_number),
            agency="X",
            version=GUIDE,
        )

    def originator(self) -> str:
        """TRN03 of a trace number that has none: 9, and nine characters of the sender."""
        return "9" + "".join(one for one in self.sender if one.isalnum())[:9].ljust(9, "0")

    def problems(self, at: datetime, delimiters: Delimiters) -> Iterator[Finding]:
        """What the grammar says against it; it must be filled.

        Of a code that was filled in from another one only the other is said to be at fault; what is missing is so in
        the inquiry that it was filled in from.
        """
        if not is_control_number(self.control_number):
            yield problem("BAD_CONTROL_NUMBER", "control_number")
        isa = rules.interchange("270").segment("ISA")[0]
        gs = rules.interchange("270").loops()[0].segment("GS")[0]
        found = header_faults(parts(self.interchange_header(at, delimiters)), isa, padded=False)
        fields = [(one.code, field_of("ISA", one.about)) for one in found if one.about != "ISA13"]
        found = faults(parts(self.group_header(at)), gs, SEPARATORS)
        for code, field in [*fields, *((one.code, field_of("GS", one.about)) for one in found)]:
            other = field.removeprefix("application_")
            is_same = other != field and getattr(self, other) == getattr(self, field)
            if code != "MISSING_ELEMENT":
                yield problem(code, other if is_same else field)


def is_control_number(value: object) -> bool:
    """Whether it can be ISA13: nine digits, or a number that has no more."""
    if isinstance(value, int) and not isinstance(value, bool):
        return 0 <= value <= 999_999_999
    return isinstance(value, str) and re.fullmatch(r"[0-9]{9}", value) is not None
