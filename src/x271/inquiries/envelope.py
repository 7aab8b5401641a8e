"""The envelope around inquiries: who sends the interchange to whom, and its control numbers (ISA, GS)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from ..errors import Position, UsageError
from ..findings import Finding
from ..grammar import rules
from ..grammar.envelope import Delimiters
from ..grammar.segments import GroupHeader, InterchangeHeader
from ..validation.elements import faults, header_faults
from .inquiry import Inquiry
from .parts import CodeText, Number, Part
from .places import SEPARATORS, field_of, parts
from .sending import STANDARD, check_delimiters, fitted, problem

GUIDE = "005010X279A1"


class Envelope(Part):
    """How inquiries are written (`Options`): ISA and GS. What is empty is filled from the first inquiry."""

    sender: Number = Field("", repr=False)
    receiver: Number = Field("", repr=False)
    sender_qualifier: CodeText = "ZZ"
    receiver_qualifier: CodeText = "ZZ"
    application_sender: Number = Field("", repr=False)
    application_receiver: Number = Field("", repr=False)
    control_number: Any = 1  # a problem among the others if it is none
    group_control_number: int | None = None
    usage: CodeText = "P"
    acknowledgment_requested: bool = False
    at: datetime = Field(default_factory=lambda: datetime.now().astimezone())
    delimiters: Delimiters = STANDARD
    line_end: Literal["", "\n", "\r\n", "\r"] = ""
    batch: bool = False
    later_service_types: bool = False
    names: Mapping[str, str] = {}

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Self:
        """The options that were given; those that are None are not.

        Raises:
            UsageError: BAD_OPTION, with the name of the option as its place.
        """
        given = {name: value for name, value in options.items() if value is not None}
        try:
            made = cls.model_validate(given)
        except ValidationError as error:
            name = str(error.errors(include_input=False)[0]["loc"][0])
            raise UsageError("BAD_OPTION", position=Position(key=name)) from None
        check_delimiters(made.delimiters)
        return made

    def filled(self, first: Inquiry) -> tuple[Envelope, list[Finding]]:
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
        return fitted(made, self.delimiters, "?")

    def interchange_header(self) -> InterchangeHeader:
        """ISA."""
        return InterchangeHeader(
            authorization_qualifier="00",
            security_qualifier="00",
            sender_qualifier=self.sender_qualifier,
            sender=self.sender,
            receiver_qualifier=self.receiver_qualifier,
            receiver=self.receiver,
            date=f"{self.at:%y%m%d}",
            time=f"{self.at:%H%M}",
            repetition_separator=self.delimiters.repetition,
            version="00501",
            control_number=str(self.control_number).zfill(9),
            acknowledgment_requested="1" if self.acknowledgment_requested else "0",
            usage=self.usage,
            component_separator=self.delimiters.component,
        )

    def group_header(self) -> GroupHeader:
        """GS."""
        return GroupHeader(
            functional_identifier="HS",
            sender=self.application_sender,
            receiver=self.application_receiver,
            date=self.at.date(),
            time=f"{self.at:%H%M}",
            control_number=str(self.group_control_number),
            agency="X",
            version=GUIDE,
        )

    def originator(self) -> str:
        """TRN03 of a trace number that has none: 9, and nine characters of the sender."""
        return "9" + "".join(one for one in self.sender if one.isalnum())[:9].ljust(9, "0")

    def problems(self) -> Iterator[Finding]:
        """What the grammar says against it; it must be filled.

        Of a code that was filled in from another one only the other is said to be at fault; what is missing is so in
        the inquiry that it was filled in from.
        """
        if not is_control_number(self.control_number):
            yield problem("BAD_CONTROL_NUMBER", "control_number")
        isa = rules.interchange("270").segment("ISA")[0]
        gs = rules.interchange("270").loops()[0].segment("GS")[0]
        found = header_faults(parts(self.interchange_header()), isa, padded=False)
        fields = [(one.code, field_of("ISA", one.about)) for one in found if one.about != "ISA13"]
        found = faults(parts(self.group_header()), gs, SEPARATORS)
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
