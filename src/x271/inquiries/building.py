"""An inquiry to the models of the grammar: what 2000A to 2110D hold, segment by segment.

Each segment is remembered with the path of what it was made of, so that what the guide says about an element can be
said about the inquiry's field (`places.tsv`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from ..grammar.base import Segment
from ..grammar.composites import DiagnosisPointers, HealthCareCode, MedicalProcedure
from ..grammar.question import (
    DependentInquiry,
    QuestionDependent,
    QuestionDependentName,
    QuestionReceiverName,
    QuestionSourceName,
    QuestionSubscriber,
    QuestionSubscriberName,
    SubscriberInquiry,
)
from ..grammar.segments import (
    AdditionalInformation,
    Amount,
    BeginningOfTransaction,
    BenefitInquiry,
    CityStateZip,
    DateOrPeriod,
    Demographics,
    DiagnosisCodes,
    Name,
    ProviderInformation,
    ReferenceNumber,
    Relationship,
    StreetAddress,
)
from ..grammar.segments import TraceNumber as Trace
from .inquiry import Inquiry
from .parts import Address, Period, Procedure, ProviderRole, Reference, Service
from .people import Dependent, Patient, Subscriber

_Segment = TypeVar("_Segment", bound=Segment)


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment, its loop, the field of the loop's model that holds it, and the path of what it says."""

    loop: str
    slot: str
    segment: Segment
    path: str


@dataclass
class Builder:
    """Builds the loops of one inquiry, which must be as it is sent. root: in front of every path."""

    inquiry: Inquiry
    root: str = ""
    placed: list[Placed] = field(default_factory=list)

    # --- the four levels

    def beginning(self) -> BeginningOfTransaction:
        """BHT without its date and time."""
        made = BeginningOfTransaction(
            structure="0022",
            purpose="01" if self.inquiry.cancels else "13",
            reference=self.inquiry.reference,
            transaction_type="RT" if self.inquiry.spend_down else "",
        )
        return self._put("270", "beginning", "", made)

    def source(self) -> QuestionSourceName:
        """2100A."""
        return QuestionSourceName(name=self._organization("2100A", "payer"))

    def receiver(self) -> QuestionReceiverName:
        """2100B."""
        loop, path, made = "2100B", "provider", self.inquiry.provider
        street, city = self._address(loop, path, made.address)
        return QuestionReceiverName(
            name=self._organization(loop, path),
            references=self._references(loop, path, made.references),
            street=street,
            city=city,
            provider=self._role(loop, f"{path}.role", made.role),
        )

    def subscriber(self) -> QuestionSubscriber:
        """2000C with its dependents."""
        made, path = self.inquiry.subscriber, "subscriber"
        name = QuestionSubscriberName(
            **self._person("2100C", path, made),
            inquiries=tuple(
                SubscriberInquiry(**self._asked("2110C", f"{path}.services[{at}]", one))
                for at, one in enumerate(made.services)
            ),
        )
        below = tuple(
            self._dependent(f"dependents[{at}]", one) for at, one in enumerate(self.inquiry.dependents)
        )
        return QuestionSubscriber(traces=self._traces("2000C", path, made), name=name, dependents=below)

    def _dependent(self, path: str, made: Dependent) -> QuestionDependent:
        name = QuestionDependentName(
            **self._person("2100D", path, made),
            inquiries=tuple(
                DependentInquiry(**self._asked("2110D", f"{path}.services[{at}]", one))
                for at, one in enumerate(made.services)
            ),
        )
        return QuestionDependent(traces=self._traces("2000D", path, made), name=name)

    # --- names

    def _organization(self, loop: str, path: str) -> Name:
        made = self.inquiry.payer if path == "payer" else self.inquiry.provider
        name = Name(
            entity=made.entity,
            entity_type="1" if made.is_person else "2",
            last_name=made.name,
            first_name=made.first_name,
            middle_name=made.middle_name,
            suffix=made.suffix,
            identifier_qualifier=made.identifier_qualifier,
            identifier=made.identifier,
        )
        return self._put(loop, "name", path, name)

    def _person(self, loop: str, path: str, made: Patient) -> dict[str, Any]:
        """What 2100C and 2100D have in common, by the names of their fields."""
        is_holder = isinstance(made, Subscriber)
        has_id = isinstance(made, Subscriber) and made.member_id
        name = Name(
            entity="IL" if is_holder else "03",
            entity_type="1" if not isinstance(made, Subscriber) or made.is_person else "2",
            last_name=made.last_name,
            first_name=made.first_name,
            middle_name=made.middle_name,
            suffix=made.suffix,
            identifier_qualifier=made.member_id_qualifier if isinstance(made, Subscriber) and has_id else "",
            identifier=made.member_id if isinstance(made, Subscriber) else "",
        )
        street, city = self._address(loop, path, made.address)
        periods = (("102", "card_issued", made.card_issued), ("291", "date_of_service", made.date_of_service))
        return {
            "name": self._put(loop, "name", path, name),
            "references": self._references(loop, path, made.references),
            "street": street,
            "city": city,
            "provider": self._role(loop, f"{path}.provider", made.provider),
            "demographics": self._demographics(loop, path, made),
            "relationship": self._relationship(loop, path, made),
            "diagnoses": self._diagnoses(loop, path, made),
            "dates": tuple(
                self._period(loop, "dates", f"{path}.{name}", qualifier, period)
                for qualifier, name, period in periods
                if period is not None
            ),
        }

    def _demographics(self, loop: str, path: str, made: Patient) -> Demographics | None:
        if made.birth_date is None and not made.gender:
            return None
        form = "D8" if made.birth_date is not None else ""
        segment = Demographics(date_format=form, birth_date=made.birth_date, gender=made.gender)
        return self._put(loop, "demographics", path, segment)

    def _relationship(self, loop: str, path: str, made: Patient) -> Relationship | None:
        is_holder = not isinstance(made, Dependent)
        relationship = "18" if not isinstance(made, Dependent) else made.relationship
        if made.birth_sequence is None and (is_holder or not relationship):
            return None
        segment = Relationship(
            is_subscriber="Y" if is_holder else "N",
            relationship=relationship,
            birth_sequence=made.birth_sequence,
        )
        return self._put(loop, "relationship", path, segment)

    def _diagnoses(self, loop: str, path: str, made: Patient) -> DiagnosisCodes | None:
        if not made.diagnoses:
            return None
        codes = {}
        for number, one in enumerate(made.diagnoses[:8], start=1):
            qualifier = "BK" if number == 1 else "BF"
            if one.version == "ICD-10":
                qualifier = "A" + qualifier
            codes[f"code_{number}"] = HealthCareCode(qualifier=qualifier, code=one.code)
        return self._put(loop, "diagnoses", path, DiagnosisCodes(**codes))

    def _traces(self, loop: str, path: str, made: Patient) -> tuple[Trace, ...]:
        return tuple(
            self._put(
                loop,
                "traces",
                f"{path}.traces[{at}]",
                Trace(kind="1", number=one.number, originator=one.originator, division=one.division),
            )
            for at, one in enumerate(made.traces)
        )

    # --- parts of several loops

    def _references(self, loop: str, path: str, made: Iterable[Reference]) -> tuple[ReferenceNumber, ...]:
        found = (
            self._reference(loop, "references", f"{path}.references[{at}]", one)
            for at, one in enumerate(made)
        )
        return tuple(one for one in found if one is not None)

    def _reference(self, loop: str, slot: str, path: str, made: Reference | None) -> ReferenceNumber | None:
        if made is None:
            return None
        segment = ReferenceNumber(qualifier=made.qualifier, value=made.value, description=made.description)
        return self._put(loop, slot, path, segment)

    def _address(
        self, loop: str, path: str, made: Address | None
    ) -> tuple[StreetAddress | None, CityStateZip | None]:
        if made is None:
            return None, None
        street = StreetAddress(line_1=made.line_1, line_2=made.line_2)
        city = CityStateZip(
            city=made.city,
            state=made.state,
            postal_code=made.postal_code,
            country=made.country,
            subdivision=made.subdivision,
        )
        path = f"{path}.address"
        return (
            self._put(loop, "street", path, street) if made.line_1 or made.line_2 else None,
            self._put(loop, "city", path, city) if any(_said(city)) else None,
        )

    def _role(self, loop: str, path: str, made: ProviderRole | None) -> ProviderInformation | None:
        if made is None:
            return None
        qualifier = made.qualifier if made.identifier else ""
        segment = ProviderInformation(role=made.role, qualifier=qualifier, identifier=made.identifier)
        return self._put(loop, "provider", path, segment)

    def _period(self, loop: str, slot: str, path: str, qualifier: str, made: Period) -> DateOrPeriod:
        text = _day(made.begin) if made.end is None else f"{_day(made.begin)}-{_day(made.end)}"
        form = "D8" if made.end is None else "RD8"
        return self._put(loop, slot, path, DateOrPeriod(qualifier=qualifier, date_format=form, text=text))

    # --- what is asked

    def _asked(self, loop: str, path: str, made: Service) -> dict[str, Any]:
        """2110C or 2110D, by the names of its fields."""
        asked = BenefitInquiry(
            service_types=made.service_types,
            procedure=_procedure(made.procedure),
            coverage_level=made.coverage_level,
            diagnosis_pointers=_pointers(made.diagnosis_pointers),
        )
        found: dict[str, Any] = {"inquiry": self._put(loop, "inquiry", path, asked)}
        if loop == "2110C":
            found["spend_down"] = self._amount(loop, "spend_down", path, "R", made.spend_down)
            found["billed"] = self._amount(loop, "billed", path, "PB", made.billed)
        if made.place_of_service:
            segment = AdditionalInformation(qualifier="ZZ", code=made.place_of_service)
            found["additional"] = self._put(loop, "additional", f"{path}.place_of_service", segment)
        found["reference"] = self._reference(loop, "reference", f"{path}.reference", made.reference)
        if made.date_of_service is not None:
            found["date"] = self._period(loop, "date", f"{path}.date_of_service", "291", made.date_of_service)
        return found

    def _amount(self, loop: str, slot: str, path: str, qualifier: str, made: Decimal | None) -> Amount | None:
        if made is None:
            return None
        return self._put(loop, slot, f"{path}.{slot}", Amount(qualifier=qualifier, amount=made))

    def _put(self, loop: str, slot: str, path: str, segment: _Segment) -> _Segment:
        self.placed.append(Placed(loop, slot, segment, self.root + path))
        return segment


def _procedure(made: Procedure | None) -> MedicalProcedure | None:
    if made is None:
        return None
    modifiers = {f"modifier_{number}": one for number, one in enumerate(made.modifiers[:4], start=1)}
    return MedicalProcedure(qualifier=made.qualifier, code=made.code, last_code=made.last_code, **modifiers)


def _pointers(made: tuple[int, ...]) -> DiagnosisPointers | None:
    if not made:
        return None
    return DiagnosisPointers(**{f"pointer_{number}": one for number, one in enumerate(made[:4], start=1)})


def _day(day: Any) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _said(segment: CityStateZip) -> Iterable[str]:
    return (segment.city, segment.state, segment.postal_code, segment.country, segment.subdivision)
