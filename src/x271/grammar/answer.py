"""The 271 (005010X279A1), loop by loop, top to bottom as the guide has it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from .base import Loop
from .segments import (
    AdditionalInformation,
    BeginningOfTransaction,
    BenefitInformation,
    CityStateZip,
    Contact,
    DateOrPeriod,
    Demographics,
    DiagnosisCodes,
    HierarchicalLevel,
    LoopHeader,
    LoopTrailer,
    MessageText,
    MilitaryService,
    Name,
    ProviderInformation,
    ReferenceNumber,
    Relationship,
    RequestValidation,
    ServiceDelivery,
    StreetAddress,
    TraceNumber,
    TransactionHeader,
    TransactionTrailer,
)


class BenefitAdditional(Loop):
    """2115: places of service and injuries of a benefit."""

    information: AdditionalInformation | None = Field(None, description="III.")


class BenefitEntity(Loop):
    """2120: who else has to do with a benefit."""

    name: Name | None = Field(None, description="NM1.")
    street: StreetAddress | None = Field(None, description="N3.")
    city: CityStateZip | None = Field(None, description="N4.")
    contacts: tuple[Contact, ...] = Field((), description="PER.")
    provider: ProviderInformation | None = Field(None, description="PRV.")


class BenefitLoop(Loop):
    """What 2110C and 2110D have in common: one benefit."""

    benefit: BenefitInformation | None = Field(None, description="EB.")
    deliveries: tuple[ServiceDelivery, ...] = Field((), description="HSD.")
    references: tuple[ReferenceNumber, ...] = Field((), description="REF.")
    dates: tuple[DateOrPeriod, ...] = Field((), description="DTP.")
    rejections: tuple[RequestValidation, ...] = Field((), description="AAA.")
    messages: tuple[MessageText, ...] = Field((), description="MSG.")
    additional: tuple[BenefitAdditional, ...] = Field((), description="2115.")
    loop_headers: tuple[LoopHeader, ...] = Field((), description="LS.")
    entities: tuple[BenefitEntity, ...] = Field((), description="2120.")
    loop_trailers: tuple[LoopTrailer, ...] = Field((), description="LE.")


class SubscriberBenefitAdditional(BenefitAdditional, loop_id="2115C"):
    """2115C."""


class SubscriberBenefitEntity(BenefitEntity, loop_id="2120C", bounds=("LS", "LE")):
    """2120C."""


class SubscriberBenefit(BenefitLoop, loop_id="2110C"):
    """2110C: one benefit of the subscriber."""

    additional: tuple[SubscriberBenefitAdditional, ...] = Field((), description="2115C.")
    entities: tuple[SubscriberBenefitEntity, ...] = Field((), description="2120C.")


class DependentBenefitAdditional(BenefitAdditional, loop_id="2115D"):
    """2115D."""


class DependentBenefitEntity(BenefitEntity, loop_id="2120D", bounds=("LS", "LE")):
    """2120D."""


class DependentBenefit(BenefitLoop, loop_id="2110D"):
    """2110D: one benefit of a dependent."""

    additional: tuple[DependentBenefitAdditional, ...] = Field((), description="2115D.")
    entities: tuple[DependentBenefitEntity, ...] = Field((), description="2120D.")


class PatientName(Loop):
    """What 2100C and 2100D have in common: a person."""

    name: Name | None = Field(None, description="NM1.")
    references: tuple[ReferenceNumber, ...] = Field((), description="REF.")
    street: StreetAddress | None = Field(None, description="N3.")
    city: CityStateZip | None = Field(None, description="N4.")
    rejections: tuple[RequestValidation, ...] = Field((), description="AAA.")
    provider: ProviderInformation | None = Field(None, description="PRV.")
    demographics: Demographics | None = Field(None, description="DMG.")
    relationship: Relationship | None = Field(None, description="INS.")
    diagnoses: DiagnosisCodes | None = Field(None, description="HI.")
    dates: tuple[DateOrPeriod, ...] = Field((), description="DTP.")
    military: MilitaryService | None = Field(None, description="MPI.")


class SubscriberName(PatientName, loop_id="2100C", once=True):
    """2100C: the subscriber."""

    benefits: tuple[SubscriberBenefit, ...] = Field((), description="2110C.")


class DependentName(PatientName, loop_id="2100D", once=True):
    """2100D: the dependent."""

    benefits: tuple[DependentBenefit, ...] = Field((), description="2110D.")


class Dependent(Loop, loop_id="2000D", level="23"):
    """2000D: a dependent."""

    level_header: HierarchicalLevel | None = Field(None, description="HL.")
    traces: tuple[TraceNumber, ...] = Field((), description="TRN.")
    name: DependentName | None = Field(None, description="2100D.")


class Subscriber(Loop, loop_id="2000C", level="22"):
    """2000C: a subscriber, with its dependents."""

    level_header: HierarchicalLevel | None = Field(None, description="HL.")
    traces: tuple[TraceNumber, ...] = Field((), description="TRN.")
    name: SubscriberName | None = Field(None, description="2100C.")
    dependents: tuple[Dependent, ...] = Field((), description="2000D.")


class ReceiverName(Loop, loop_id="2100B", once=True):
    """2100B: who asked."""

    name: Name | None = Field(None, description="NM1.")
    references: tuple[ReferenceNumber, ...] = Field((), description="REF.")
    street: StreetAddress | None = Field(None, description="N3.")
    city: CityStateZip | None = Field(None, description="N4.")
    rejections: tuple[RequestValidation, ...] = Field((), description="AAA.")
    provider: ProviderInformation | None = Field(None, description="PRV.")


class Receiver(Loop, loop_id="2000B", level="21"):
    """2000B: who asked, with the subscribers asked about."""

    level_header: HierarchicalLevel | None = Field(None, description="HL.")
    name: ReceiverName | None = Field(None, description="2100B.")
    subscribers: tuple[Subscriber, ...] = Field((), description="2000C.")
    dependents: tuple[Dependent, ...] = Field((), description="2000D without a 2000C.")


class SourceName(Loop, loop_id="2100A", once=True):
    """2100A: who answers; the guide gives it no address."""

    name: Name | None = Field(None, description="NM1.")
    contacts: tuple[Contact, ...] = Field((), description="PER.")
    rejections: tuple[RequestValidation, ...] = Field((), description="AAA.")


class InformationSource(Loop, loop_id="2000A", level="20"):
    """2000A: who answers, with those who asked."""

    level_header: HierarchicalLevel | None = Field(None, description="HL.")
    rejections: tuple[RequestValidation, ...] = Field((), description="AAA.")
    name: SourceName | None = Field(None, description="2100A.")
    receivers: tuple[Receiver, ...] = Field((), description="2000B.")
    # An answer need not name who asked.
    subscribers: tuple[Subscriber, ...] = Field((), description="2000C without a 2000B.")
    dependents: tuple[Dependent, ...] = Field((), description="2000D without a 2000C.")


class EligibilityAnswer(Loop, loop_id="271"):
    """A 271: ST to SE."""

    header: TransactionHeader | None = Field(None, description="ST.")
    beginning: BeginningOfTransaction | None = Field(None, description="BHT.")
    sources: tuple[InformationSource, ...] = Field((), description="2000A.")
    trailer: TransactionTrailer | None = Field(None, description="SE.")
    # Levels whose parent is missing hang here.
    receivers: tuple[Receiver, ...] = Field((), description="2000B without a 2000A.")
    subscribers: tuple[Subscriber, ...] = Field((), description="2000C without a 2000B.")
    dependents: tuple[Dependent, ...] = Field((), description="2000D without a 2000C.")

    def patients(self) -> Iterator[SubscriberName | DependentName]:
        """Every subscriber and dependent, each subscriber before its dependents."""
        receivers = [*(one for source in self.sources for one in source.receivers), *self.receivers]
        holders: list[Receiver | InformationSource | EligibilityAnswer] = [*receivers, *self.sources, self]
        for subscriber in (one for holder in holders for one in holder.subscribers):
            if subscriber.name is not None:
                yield subscriber.name
            yield from (one.name for one in subscriber.dependents if one.name is not None)
        yield from (one.name for holder in holders for one in holder.dependents if one.name is not None)
