"""`Inquiry`: one question about a subscriber, its dependents, or both (270, 005010X279A1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Self, TypedDict, Unpack

from pydantic import Field, model_validator

from .parts import GENERAL, Most, Number, Part, Payer, Provider
from .people import Dependent, Patient, Subscriber

if TYPE_CHECKING:
    from ..findings import Finding
    from ..grammar.envelope import Delimiters
    from .check import Check


class Options(TypedDict, total=False):
    """How inquiries are written. All may be left out.

    Attributes:
        sender, receiver: ISA06 and ISA08, up to 15 characters; by default the identifiers of the first provider and
            payer. `sender_qualifier`, `receiver_qualifier` (ISA05, ISA07): `ZZ`.
        application_sender, application_receiver: GS02 and GS03; by default as above.
        control_number: ISA13, a number of yours or nine digits; 1. A receiver may refuse one that it has seen.
        group_control_number: GS06; by default the same number.
        usage: ISA15, `P` production or `T` test; `P`.
        acknowledgment_requested: ISA14, whether a TA1 is asked for.
        at: the time that the interchange bears; now.
        delimiters: `*`, `^`, `:` and `~`.
        line_end: what follows each terminator; nothing.
        batch, later_service_types, names: as for `Inquiry.check`; several inquiries are a batch.
    """

    sender: str
    receiver: str
    sender_qualifier: str
    receiver_qualifier: str
    application_sender: str
    application_receiver: str
    control_number: int | str
    group_control_number: int | None
    usage: str
    acknowledgment_requested: bool
    at: datetime | None
    delimiters: Delimiters | None
    line_end: str
    batch: bool
    later_service_types: bool
    names: Mapping[str, str] | None


class Inquiry(Part):
    """What is asked of one payer by one provider about one subscriber and its dependents. Frozen.

    The patients are the dependents, and the subscriber if it has services. A subscriber without dependents is the
    patient, and asked about in general (service type 30) if nothing else is said; so is a dependent. In real time an
    inquiry has one patient, in a batch up to 99.

    Nothing is checked when an inquiry is made, so that `check` can say all at once; `to_x12` sends nothing that the
    check refuses. No `repr` shows patient data.
    """

    payer: Payer = Field(description="Who is asked (2100A).")
    provider: Provider = Field(description="Who asks (2100B).")
    subscriber: Subscriber = Field(description="Who holds the plan (2000C).")
    dependents: Annotated[tuple[Dependent, ...], Most(99)] = Field(
        (), description="Patients under its plan (2000D)."
    )
    reference: Number = Field(
        "", description="BHT03, which the answer echoes in real time; up to 50 characters.", repr=False
    )
    cancels: bool = Field(False, description="BHT02 is 01: takes back a question that was sent.")
    spend_down: bool = Field(
        False, description="BHT06 is RT: asks about what the patient has to spend first."
    )

    @model_validator(mode="after")
    def _ask_in_general(self) -> Self:
        if not self.dependents and not self.subscriber.services:
            asked = self.subscriber.model_copy(update={"services": (GENERAL,)})
            self.__dict__["subscriber"] = asked  # the model is frozen, and not yet handed out
        return self

    def patients(self) -> dict[str, Patient]:
        """Who is asked about, by the path of the field: `subscriber`, `dependents[0]` and so on."""
        found: dict[str, Patient] = {}
        if self.subscriber.services or not self.dependents:
            found["subscriber"] = self.subscriber
        found.update((f"dependents[{at}]", one) for at, one in enumerate(self.dependents))
        return found

    def as_sent(self, *, delimiters: Delimiters | None = None) -> Inquiry:
        """The inquiry as X12 carries it, and as it is read back: upper case, ASCII, no delimiters in names.

        A payer without a name has its identifier as one, a range of one day is that day; points in diagnoses, hyphens
        in postal codes and the country US are gone. What cannot be sent at all stays, and the check refuses it.
        """
        from .sending import as_sent

        return as_sent(self, delimiters)[0]

    def check(
        self,
        *,
        at: date | None = None,
        batch: bool = False,
        control_number: int | str | None = None,
        delimiters: Delimiters | None = None,
        later_service_types: bool = False,
        names: Mapping[str, str] | None = None,
        also: Iterable[Finding] = (),
    ) -> Check:
        """Everything that speaks against sending it, at once. Nothing is sent anywhere.

        Args:
            at: the day on which it will be sent; by default today.
            batch: whether it goes with others, so that up to 99 patients are allowed instead of one.
            control_number: ISA13, if it is to be checked, too.
            delimiters: those that it will be written with, as for `to_x12`.
            later_service_types: allows service types that X12 added after the guide.
            names: your own names of the fields, by their paths (`subscriber.birth_date`, `dependents[].last_name`
                for all dependents); a finding's `field` is the name, its `position.key` always the path.
            also: what you found yourself while you read a request (`x271.inquiries.problem`). A field that has a
                problem there is not called missing here.

        Raises:
            UsageError: BAD_OPTION, delimiters that cannot be.
        """
        from .check import check

        return check(
            self,
            at=at,
            batch=batch,
            control_number=control_number,
            delimiters=delimiters,
            later_service_types=later_service_types,
            names=names,
            also=also,
        )

    def to_x12(self, **options: Unpack[Options]) -> bytes:
        """The interchange that asks it, for the options see `Options`.

        Raises:
            InvalidInquiry: there are problems; it lists all of them.
            UsageError: BAD_OPTION, delimiters or a line end that cannot be.
        """
        from .writing import to_x12

        return to_x12([self], **options)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield "patients", len(self.patients())
        yield "dependents", len(self.dependents)
        yield "services", sum(len(one.services) for one in self.patients().values())
        for name in ("cancels", "spend_down"):
            if getattr(self, name):
                yield name, True
