"""A 270 to inquiries: one for each subscriber level (2000C), in document order.

An inquiry has what the guide has. What else a document says stays in the document, which `x271.parse` keeps whole. A
level whose parent is missing gives an inquiry with empty parts for it, which its check will not let pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..grammar.composites import DiagnosisPointers, MedicalProcedure
from ..grammar.question import (
    DependentInquiry,
    EligibilityQuestion,
    QuestionDependent,
    QuestionReceiver,
    QuestionSource,
    QuestionSubscriber,
    SubscriberInquiry,
)
from ..grammar.segments import (
    CityStateZip,
    DateOrPeriod,
    DiagnosisCodes,
    Name,
    ProviderInformation,
    ReferenceNumber,
    StreetAddress,
)
from ..grammar.segments import TraceNumber as Trace
from .inquiry import Inquiry
from .parts import (
    Address,
    Diagnosis,
    Payer,
    Period,
    Procedure,
    Provider,
    ProviderRole,
    Reference,
    Service,
    TraceNumber,
)
from .people import Dependent, Subscriber

_ICD_9 = ("BK", "BF")


def inquiries_of(question: EligibilityQuestion) -> Iterator[Inquiry]:
    """The inquiries of one transaction set."""
    said = question.beginning
    common = {
        "reference": said.reference if said else "",
        "cancels": said is not None and said.purpose == "01",
        "spend_down": said is not None and said.transaction_type == "RT",
    }
    for payer, provider, subscriber, dependents in _families(question):
        made = {
            **common,
            "payer": payer,
            "provider": provider,
            "subscriber": _subscriber(subscriber),
            "dependents": tuple(_dependent(one) for one in dependents),
        }
        # Not through the constructor, which would ask in general where the document asks nothing.
        yield Inquiry._trusted({name: made[name] for name in Inquiry.model_fields})


_Family = tuple[Payer, Provider, QuestionSubscriber | None, Sequence[QuestionDependent]]


def _families(question: EligibilityQuestion) -> Iterator[_Family]:
    """Each subscriber with what stands above and below it; a dependent without one is a family of its own."""
    for source in question.sources:
        payer = _payer(source)
        for receiver in source.receivers:
            yield from _below(receiver, payer, _provider(receiver))
        yield from _below(source, payer, _NO_PROVIDER)
    for receiver in question.receivers:
        yield from _below(receiver, _NO_PAYER, _provider(receiver))
    yield from _below(question, _NO_PAYER, _NO_PROVIDER)


def _below(
    level: QuestionReceiver | QuestionSource | EligibilityQuestion, payer: Payer, provider: Provider
) -> Iterator[_Family]:
    for one in level.subscribers:
        yield payer, provider, one, one.dependents
    for orphan in level.dependents:
        yield payer, provider, None, [orphan]


# --- names

_NO_PAYER = Payer(identifier="")
_NO_PROVIDER = Provider(identifier="")


def _payer(level: QuestionSource) -> Payer:
    name = level.name.name if level.name is not None else None
    return Payer(**_organization(name)) if name is not None else _NO_PAYER


def _provider(level: QuestionReceiver) -> Provider:
    if level.name is None:
        return _NO_PROVIDER
    name = _organization(level.name.name) if level.name.name is not None else {"identifier": ""}
    return Provider(
        **name,
        references=_references(level.name.references),
        address=_address(level.name.street, level.name.city),
        role=_role(level.name.provider),
    )


def _organization(name: Name) -> dict[str, Any]:
    return {
        "name": name.last_name,
        "first_name": name.first_name,
        "middle_name": name.middle_name,
        "suffix": name.suffix,
        "is_person": name.entity_type == "1",
        "identifier": name.identifier,
        "identifier_qualifier": name.identifier_qualifier,
        "entity": name.entity,
    }


def _subscriber(level: QuestionSubscriber | None) -> Subscriber:
    if level is None:
        return Subscriber()
    name = level.name.name if level.name is not None else None
    own: dict[str, Any] = {}
    if name is not None:
        own = {"member_id": name.identifier, "is_person": name.entity_type != "2"}
        if name.identifier:
            own["member_id_qualifier"] = name.identifier_qualifier
    return Subscriber(**_patient(level), **own)


def _dependent(level: QuestionDependent) -> Dependent:
    said = level.name.relationship if level.name is not None else None
    return Dependent(**_patient(level), relationship=said.relationship if said is not None else "")


def _patient(level: QuestionSubscriber | QuestionDependent) -> dict[str, Any]:
    """What a subscriber and a dependent have in common, by the names of its fields."""
    made: dict[str, Any] = {"traces": tuple(_trace(one) for one in level.traces), "services": ()}
    loop = level.name
    if loop is None:
        return made
    if loop.name is not None:
        for name in ("last_name", "first_name", "middle_name", "suffix"):
            made[name] = getattr(loop.name, name)
    if loop.demographics is not None:
        made["birth_date"], made["gender"] = loop.demographics.birth_date, loop.demographics.gender
    if loop.relationship is not None:
        made["birth_sequence"] = loop.relationship.birth_sequence
    made.update(
        address=_address(loop.street, loop.city),
        references=_references(loop.references),
        provider=_role(loop.provider),
        diagnoses=_diagnoses(loop.diagnoses),
        date_of_service=_period(loop.dates, "291"),
        card_issued=_period(loop.dates, "102"),
        services=tuple(_service(one) for one in loop.inquiries),
    )
    return made


# --- parts


def _trace(one: Trace) -> TraceNumber:
    return TraceNumber(number=one.number, originator=one.originator, division=one.division)


def _references(found: Sequence[ReferenceNumber]) -> tuple[Reference, ...]:
    return tuple(_reference(one) for one in found)


def _reference(one: ReferenceNumber) -> Reference:
    return Reference(qualifier=one.qualifier, value=one.value, description=one.description)


def _address(street: StreetAddress | None, city: CityStateZip | None) -> Address | None:
    if street is None and city is None:
        return None
    made: dict[str, str] = {}
    if street is not None:
        made.update(line_1=street.line_1, line_2=street.line_2)
    if city is not None:
        names = ("city", "state", "postal_code", "country", "subdivision")
        made.update((name, getattr(city, name)) for name in names)
    return Address(**made)


def _role(one: ProviderInformation | None) -> ProviderRole | None:
    if one is None:
        return None
    return ProviderRole(
        role=one.role, identifier=one.identifier, **({"qualifier": one.qualifier} if one.qualifier else {})
    )


def _diagnoses(one: DiagnosisCodes | None) -> tuple[Diagnosis, ...]:
    if one is None:
        return ()
    found = [getattr(one, f"code_{number}") for number in range(1, 13)]
    while found and found[-1] is None:
        found.pop()
    return tuple(
        Diagnosis(
            code=each.code if each is not None else "",
            version="ICD-9" if each is not None and each.qualifier in _ICD_9 else "ICD-10",
        )
        for each in found
    )


def _period(found: Sequence[DateOrPeriod], qualifier: str) -> Period | None:
    said = next((one for one in found if one.qualifier == qualifier), None)
    return Period.read(said.text) if said is not None else None


# --- what is asked


def _service(loop: SubscriberInquiry | DependentInquiry) -> Service:
    asked = loop.inquiry
    made: dict[str, Any] = {}
    if asked is not None:
        made.update(
            service_types=asked.service_types,
            procedure=_procedure(asked.procedure),
            coverage_level=asked.coverage_level,
            diagnosis_pointers=_pointers(asked.diagnosis_pointers),
        )
    if isinstance(loop, SubscriberInquiry):
        made["spend_down"] = loop.spend_down.amount if loop.spend_down is not None else None
        made["billed"] = loop.billed.amount if loop.billed is not None else None
    if loop.additional is not None and loop.additional.qualifier == "ZZ":
        made["place_of_service"] = loop.additional.code
    if loop.reference is not None:
        made["reference"] = _reference(loop.reference)
    if loop.date is not None:
        made["date_of_service"] = _period([loop.date], loop.date.qualifier)
    return Service(**made)


def _procedure(one: MedicalProcedure | None) -> Procedure | None:
    if one is None:
        return None
    modifiers = [one.modifier_1, one.modifier_2, one.modifier_3, one.modifier_4]
    while modifiers and not modifiers[-1]:
        modifiers.pop()
    return Procedure(
        code=one.code, qualifier=one.qualifier, modifiers=tuple(modifiers), last_code=one.last_code
    )


def _pointers(one: DiagnosisPointers | None) -> tuple[int, ...]:
    if one is None:
        return ()
    found = (one.pointer_1, one.pointer_2, one.pointer_3, one.pointer_4)
    return tuple(number for number in found if number is not None)
