"""The record of one patient: `Eligibility`, made from what the core found."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from .._model import Model
from ..findings import Finding
from ..sources.results import Results
from . import integrex
from ._making import fields
from .benefits import Benefit, benefits
from .record import (
    Accumulator,
    AlternatePayer,
    Coded,
    Coinsurance,
    Copay,
    Coverage,
    Party,
    Payer,
    Person,
    Plan,
    PrimaryCare,
    Rejection,
    Source,
    Trace,
    shown,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .. import _core
    from ..inquiries.inquiry import Inquiry
    from ..inquiries.integrex import Discovery
    from ..inquiries.matching import Match
    from ..shapes import vsee
    from ..sources import Data
    from .explanation import Explanation


class Eligibility(Model):
    """What one answer says about one patient. Frozen; see each field's description for source and unit.

    `benefits` is made when it is first looked at, everything else at once.
    """

    source: Source = Field(Source._blank(), description="Where in the input the answer stood.")
    results: Results | None = Field(
        None, description="The vendor's own attributes, if it came as PPMDResults.", repr=False
    )
    traces: tuple[Trace, ...] = Field((), description="TRN of the patient's level.")
    date_of_service: date | None = Field(None, description="The day that coverage and amounts speak about.")
    service_types: tuple[str, ...] = Field(("30",), description="What was asked for.")
    response_date: date | None = Field(None, description="BHT04.")

    coverage: Coverage = "unknown"
    coverage_reason: str = Field("", description="TERMED, FUTURE or empty.")
    pending: bool = Field(False, description="The payer is still looking (EB01 5, 7, 8).")
    rejected: bool = Field(False, description="There is a primary rejection (SPEC 4.3).")
    rejections: tuple[Rejection, ...] = Field((), description="All AAA on the patient's path, by level.")
    request_status: Coded = Field(
        Coded._blank(description="Success"), description="The primary rejection's code; else Success."
    )
    eligibility_response: str = Field(
        "",
        description="VSee's string. Its fallback says nothing about coverage: test `coverage` and `rejected`.",
    )
    eligibility_text: str = Field("", description="The payer's words about the rejection.", repr=False)

    subscriber: Person = Person._blank()
    patient: Person = Person._blank()
    is_dependent: bool = Field(False, description="The patient has its own 2000D loop.")
    relationship: Coded = Field(Coded._blank(), description="INS02 of a dependent, 18 for a subscriber.")
    identity_changed: bool = Field(
        False, description="INS03 and INS04 are 001 and 25: the payer corrected the identity."
    )
    account_number: str = Field("", description="REF*EJ of 2100C.", repr=False)
    payer: Payer = Payer._blank()
    provider: Party = Party._blank()

    status: Coded = Field(Coded._blank(), description="EB01 of the status row, as sent.")
    coverage_start: date | None = None
    coverage_end: date | None = None
    group_number: str = Field("", repr=False)
    plan_number: str = Field("", repr=False)
    plan_type: Coded = Field(Coded._blank(), description="EB04 of the status row.")
    plan_description: str = Field("", description="EB05 of the status row.")
    coverage_level: Coded = Field(Coded._blank(), description="EB02 of the status row.")
    benefit_type: Coded = Field(Coded._blank(), description="EB03 of the status row.")
    plans: tuple[Plan, ...] = Field((), description="Every plan that the status rows name.")

    deductible: Accumulator = Accumulator._blank()
    out_of_pocket: Accumulator = Accumulator._blank()
    coinsurance: Coinsurance = Coinsurance._blank()
    copay: Copay = Copay._blank()

    second_payer: Party | None = Field(
        None, description="Blues home plans and the like (SPEC 3.6, field 54)."
    )
    alternate_payer: AlternatePayer | None = None
    primary_care: PrimaryCare = PrimaryCare._blank()

    findings: tuple[Finding, ...] = Field(
        (), description="What was odd, in the envelope, the loops and the meaning."
    )
    benefits: tuple[Benefit, ...] = Field((), description="One per EB and service type.", repr=False)

    @classmethod
    def _of(
        cls, record: _core.Record, service_types: tuple[str, ...], results: Results | None, lines: Any
    ) -> Eligibility:
        values = fields(record.values(), lines)
        values["service_types"] = service_types
        values["results"] = results
        if results is not None and results.fault is not None:
            values["findings"] += (Finding(code="VENDOR_FAULT"),)
        # In the fields' own order, so that what is dumped looks the same as what was loaded.
        made = cls._trusted({name: values[name] for name in cls.model_fields if name != "benefits"})
        made.__pydantic_fields_set__.add("benefits")
        object.__setattr__(made, "_record", record)
        object.__setattr__(made, "_lines", lines)
        return made

    # Not fields: the core's handle, from which benefits and reasons are made, and the XML lines of its segments.
    __slots__ = ("_lines", "_record")

    def _handle(self) -> _core.Record | None:
        """The core's handle; None for a record that was loaded, copied or made by hand."""
        return getattr(self, "_record", None)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name == "benefits":
                # Reached only while `benefits` has not been made.
                made = benefits(object.__getattribute__(self, "_record").benefits())
                self.__dict__["benefits"] = made
                return made
            return super().__getattr__(name)

    # Whatever looks at all fields at once must find the benefits made.

    @model_serializer(mode="wrap")
    # No return type: pydantic would take it for the schema's.
    def _serialize(self, handler: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]
        _ = self.benefits
        return handler(self)

    def __eq__(self, other: object) -> bool:
        _ = self.benefits
        if isinstance(other, Eligibility):
            _ = other.benefits
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]  # as a mapping of many values, it is no key

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        _ = self.benefits
        yield from super().__iter__()

    def __copy__(self) -> Eligibility:
        _ = self.benefits
        return super().__copy__()

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Eligibility:
        _ = self.benefits
        return super().__deepcopy__(memo)

    def __getstate__(self) -> dict[Any, Any]:
        _ = self.benefits
        return super().__getstate__()

    def to_integrex(
        self,
        asked: Inquiry | Discovery | Mapping[str, Any] | None = None,
        *,
        internal_account_number_1: str = "",
        internal_account_number_2: str = "",
        integrex_id: str = "",
    ) -> dict[str, str]:
        """The 74 fields of Integrex's [GET] response, all text; an absent value is empty (seed 002).

        Args:
            asked: the question, an inquiry or the body of Integrex's [POST]: it fills the account numbers (an inquiry
                has only the first) and `beginDOS`.
            internal_account_number_1, internal_account_number_2, integrex_id: what no 271 says; a given number goes
                before the question's, and that before REF*EJ.
        """
        given = {"integrexId": integrex_id}
        if asked is not None:
            from ..shapes.integrex import echo

            given |= echo(asked)
        numbers = (internal_account_number_1, internal_account_number_2)
        given |= {
            f"internalAccountNumber{at}": number for at, number in enumerate(numbers, start=1) if number
        }
        return integrex.fields(self, given)

    def to_vsee_insurance(
        self,
        insurance: Mapping[str, Any] | None = None,
        *,
        which: vsee.Which = "primary",
        answer: Data | None = None,
        eligibility_id: str = "",
        last_checked: vsee.Moment = None,
    ) -> dict[str, Any]:
        """VSee's `insurance` of a user record after this check, in its final shape (seed 000).

        Args:
            insurance: it as it was before. All of it stays; `which` gets the result of the check, and what it lacks
                of `group_number`, `subscriber_num`, `insurance_order` and the patient's `respparty`.
            which: the insurance that was checked.
            answer: the answer in any form, for `raw_response`; by default that key is left out.
            eligibility_id: by default `Results/@eligibilityid`; left out if the answer has none.
            last_checked: Unix seconds, or a datetime with a time zone; by default `PPMDResults/@lst`, which is
                Pacific time; left out if the answer has none.

        Raises:
            UsageError: BAD_OPTION for a wrong value.
            X271Error: as `x271.forms.to_dict`, for an `answer` that has no JSON twin.
        """
        from ..shapes import vsee

        return vsee.insurance(
            self,
            {} if insurance is None else insurance,
            which=which,
            answer=answer,
            eligibility_id=eligibility_id,
            last_checked=last_checked,
        )

    def to_vsee_webhook(
        self,
        user: Mapping[str, Any] | None = None,
        *,
        event_id: str = "",
        created: vsee.Moment = None,
        account_code: str = "",
        eligibility_id: str = "",
        member_id: str = "",
        external_member_id: str = "",
    ) -> dict[str, Any]:
        """VSee's webhook `eligibility.checked` (seed 000, final version); it never holds `eligibility_text`.

        Args:
            user: VSee's user record, with or without `data` around it: what is not given otherwise comes from it.
            event_id: by default a new UUID.
            created: Unix seconds, or a datetime with a time zone; by default now.
            account_code: by default the user's.
            eligibility_id: by default `Results/@eligibilityid`.
            member_id: VSee's user id; by default the user's `id`.
            external_member_id: AdvancedMD's patient id; by default the user's `insurance.patient.member_id`.

        Raises:
            UsageError: BAD_OPTION for a wrong value, and for one that neither is given nor stands in the user.
        """
        from ..shapes import vsee

        return vsee.webhook(
            self,
            {} if user is None else user,
            event_id=event_id,
            created=created,
            account_code=account_code,
            eligibility_id=eligibility_id,
            member_id=member_id,
            external_member_id=external_member_id,
        )

    def to_verifytreatment(self, request: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """VerifyTreatment's VOB after this check (seed 003): `coverage` is active, inactive or unavailable.

        Args:
            request: the VOB as it was asked for. All of it stays but `coverage`; what it lacks of name, birth date,
                gender, member id, relation (SR01 to SR05), group, payer and its telephone comes from the answer.
                A field that neither has is left out.
        """
        from ..shapes import verifytreatment

        return verifytreatment.vob(self, {} if request is None else request)

    def benefits_for(self, service_type: str, *, network: str | None = None) -> tuple[Benefit, ...]:
        """The benefits of one service type (a code of EB03; empty for those that name none), in document order.

        Args:
            network: `"in"` or `"out"`, each with what holds in both; `"both"` or `"unknown"`, if the payer says just
                that; empty for what it left unsaid; None for all.
        """
        wanted = {network, "both"} if network in ("in", "out") else {network}
        return tuple(
            one
            for one in self.benefits
            if one.service_type == service_type and (network is None or one.network in wanted)
        )

    def by_service_type(self) -> dict[str, tuple[Benefit, ...]]:
        """The benefits under their service type; types and benefits in document order."""
        found: dict[str, list[Benefit]] = {}
        for one in self.benefits:
            found.setdefault(one.service_type, []).append(one)
        return {service_type: tuple(benefits) for service_type, benefits in found.items()}

    def answers(self, inquiry: Inquiry) -> Match:
        """Whether this is the answer to an inquiry: by trace number, then by identity, and what the payer changed.

        Names are compared whatever their case and accents. An answer that echoes another trace number of the same
        originator answers another question.
        """
        from ..inquiries.matching import match

        return match(inquiry, self)

    def summary(self) -> str:
        """What it comes to, in a sentence without patient data (no name, number, date or text of the answer)."""
        from ..show.sentence import summary

        return summary(self)

    def __str__(self) -> str:
        return self.summary()

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Codes that a table knows, and counts: a `repr` may end up in a log."""
        yield "coverage", self.coverage
        if self.coverage_reason:
            yield "coverage_reason", self.coverage_reason
        for name in ("pending", "rejected"):
            if getattr(self, name):
                yield name, True
        if self.plan_type.code:
            yield "plan_type", shown(self.plan_type.code, self.plan_type.description)
        yield "benefits", len(self.benefits)
        yield "findings", len(self.findings)

    def __rich__(self) -> RenderableType:
        """The benefits card without patient data; `x271 show` and `x271.show.card.render` give the whole one."""
        from ..show.card import render

        return render(self, patient_data=False)

    def explain(self, field: str) -> Explanation:
        """Why a field has its value: one of the 74 Integrex names, `coverage`, `eligibility_response` or
        `eligibility_text`.

        Raises:
            UsageError: UNKNOWN_FIELD for another name, NOT_EXPLAINABLE for a record that was loaded from JSON.
        """
        from .explanation import explain

        return explain(self, field)
