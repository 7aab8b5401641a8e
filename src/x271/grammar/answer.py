"""The 271 (005010X279A1), loop by loop, top to bottom as the guide has it.

Each field is a segment or a loop with the guide's usage and maximum, and what differs here from the segment's own
model; which codes a loop allows stands in the code tables where those have a column for it. Loops C and D share what
they have in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import access
from .base import Loop
from .fields import loop, orphans, segment
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

if TYPE_CHECKING:
    from ..normalize.record import Address


class BenefitAdditional(Loop):
    """2115: places of service and injuries of a benefit."""

    information: AdditionalInformation | None = segment("III.", "R")


class BenefitEntity(Loop):
    """2120: who else has to do with a benefit."""

    name: Name | None = segment("NM1.", "R", situational=(10,))
    street: StreetAddress | None = segment("N3.")
    city: CityStateZip | None = segment("N4.", situational=(5, 6))
    contacts: tuple[Contact, ...] = segment("PER.", max=3)
    provider: ProviderInformation | None = segment("PRV.")

    @property
    def address(self) -> Address | None:
        """N3 and N4; None if there is neither."""
        return access.address(self.street, self.city)

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """TE and WP of PER as sent, each with its extension if it has one: `8005550150 ext. 271`."""
        return access.phone_numbers(self.contacts)


class BenefitLoop(Loop):
    """What 2110C and 2110D have in common: one benefit."""

    benefit: BenefitInformation | None = segment("EB.", "R")
    deliveries: tuple[ServiceDelivery, ...] = segment("HSD.", max=9)
    references: tuple[ReferenceNumber, ...] = segment("REF.", max=9)
    dates: tuple[DateOrPeriod, ...] = segment("DTP.", max=20)
    rejections: tuple[RequestValidation, ...] = segment("AAA.", max=9)
    messages: tuple[MessageText, ...] = segment("MSG.", max=10)
    additional: tuple[BenefitAdditional, ...] = loop("2115.", max=10)
    loop_headers: tuple[LoopHeader, ...] = segment("LS.", default=())
    entities: tuple[BenefitEntity, ...] = loop("2120.", max=23)
    loop_trailers: tuple[LoopTrailer, ...] = segment("LE.", default=())


class SubscriberBenefitAdditional(BenefitAdditional, loop_id="2115C"):
    """2115C."""


class SubscriberBenefitEntity(BenefitEntity, loop_id="2120C", bounds=("LS", "LE")):
    """2120C."""


class SubscriberBenefit(BenefitLoop, loop_id="2110C"):
    """2110C: one benefit of the subscriber."""

    additional: tuple[SubscriberBenefitAdditional, ...] = loop("2115C.", max=10)
    entities: tuple[SubscriberBenefitEntity, ...] = loop("2120C.", max=23)


class DependentBenefitAdditional(BenefitAdditional, loop_id="2115D"):
    """2115D."""


class DependentBenefitEntity(BenefitEntity, loop_id="2120D", bounds=("LS", "LE")):
    """2120D."""


class DependentBenefit(BenefitLoop, loop_id="2110D"):
    """2110D: one benefit of a dependent."""

    additional: tuple[DependentBenefitAdditional, ...] = loop("2115D.", max=10)
    entities: tuple[DependentBenefitEntity, ...] = loop("2120D.", max=23)


class PatientName(Loop):
    """What 2100C and 2100D have in common: a person."""

    name: Name | None = segment("NM1.", "R")
    references: tuple[ReferenceNumber, ...] = segment("REF.", max=9)
    street: StreetAddress | None = segment("N3.")
    city: CityStateZip | None = segment("N4.")
    rejections: tuple[RequestValidation, ...] = segment("AAA.", max=9)
    provider: ProviderInformation | None = segment("PRV.")
    demographics: Demographics | None = segment("DMG.")
    relationship: Relationship | None = segment("INS.")
    diagnoses: DiagnosisCodes | None = segment("HI.")
    dates: tuple[DateOrPeriod, ...] = segment("DTP.", max=9)
    military: MilitaryService | None = segment("MPI.")

    @property
    def address(self) -> Address | None:
        """N3 and N4; None if there is neither."""
        return access.address(self.street, self.city)


class SubscriberName(PatientName, loop_id="2100C"):
    """2100C: the subscriber."""

    relationship: Relationship | None = segment("INS.", codes={1: "Y"})
    benefits: tuple[SubscriberBenefit, ...] = loop("2110C.")

    def benefits_for(self, service_type: str) -> tuple[SubscriberBenefit, ...]:
        """The benefits with that code in EB03, in document order; with an empty one, those that name none."""
        return access.of_service_type(self.benefits, service_type)

    def by_service_type(self) -> dict[str, tuple[SubscriberBenefit, ...]]:
        """The benefits under each of their service types; types and benefits in document order."""
        return access.by_service_type(self.benefits)


class DependentName(PatientName, loop_id="2100D"):
    """2100D: the dependent."""

    name: Name | None = segment("NM1.", "R", unused=(8, 9), codes={2: "1"})
    relationship: Relationship | None = segment("INS.", codes={1: "N"})
    benefits: tuple[DependentBenefit, ...] = loop("2110D.")

    def benefits_for(self, service_type: str) -> tuple[DependentBenefit, ...]:
        """The benefits with that code in EB03, in document order; with an empty one, those that name none."""
        return access.of_service_type(self.benefits, service_type)

    def by_service_type(self) -> dict[str, tuple[DependentBenefit, ...]]:
        """The benefits under each of their service types; types and benefits in document order."""
        return access.by_service_type(self.benefits)


class Dependent(Loop, loop_id="2000D", level="23"):
    """2000D: a dependent."""

    level_header: HierarchicalLevel | None = segment("HL.", "R", codes={4: "0"})
    traces: tuple[TraceNumber, ...] = segment("TRN.", max=3)
    name: DependentName | None = loop("2100D.", "R", max=1)


class Subscriber(Loop, loop_id="2000C", level="22"):
    """2000C: a subscriber, with its dependents."""

    level_header: HierarchicalLevel | None = segment("HL.", "R")
    traces: tuple[TraceNumber, ...] = segment("TRN.", max=3)
    name: SubscriberName | None = loop("2100C.", "R", max=1)
    dependents: tuple[Dependent, ...] = loop("2000D.")


class ReceiverName(Loop, loop_id="2100B"):
    """2100B: who asked."""

    name: Name | None = segment("NM1.", "R", required=(8, 9))
    references: tuple[ReferenceNumber, ...] = segment("REF.", max=9)
    street: StreetAddress | None = segment("N3.")
    city: CityStateZip | None = segment("N4.")
    rejections: tuple[RequestValidation, ...] = segment("AAA.", max=9)
    provider: ProviderInformation | None = segment("PRV.")

    @property
    def address(self) -> Address | None:
        """N3 and N4; None if there is neither."""
        return access.address(self.street, self.city)


class Receiver(Loop, loop_id="2000B", level="21"):
    """2000B: who asked, with the subscribers asked about."""

    level_header: HierarchicalLevel | None = segment("HL.", "R")
    name: ReceiverName | None = loop("2100B.", "R", max=1)
    subscribers: tuple[Subscriber, ...] = loop("2000C.")
    dependents: tuple[Dependent, ...] = orphans("2000D without a 2000C.")


class SourceName(Loop, loop_id="2100A"):
    """2100A: who answers; the guide gives it no address."""

    name: Name | None = segment("NM1.", "R", required=(3, 8, 9))
    contacts: tuple[Contact, ...] = segment("PER.", max=3)
    rejections: tuple[RequestValidation, ...] = segment("AAA.", max=9)

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """TE and WP of PER as sent, each with its extension if it has one: `8005550150 ext. 271`."""
        return access.phone_numbers(self.contacts)


class InformationSource(Loop, loop_id="2000A", level="20"):
    """2000A: who answers, with those who asked."""

    level_header: HierarchicalLevel | None = segment("HL.", "R", unused=(2,))
    rejections: tuple[RequestValidation, ...] = segment("AAA.", max=9)
    name: SourceName | None = loop("2100A.", "R", max=1)
    receivers: tuple[Receiver, ...] = loop("2000B.")
    # An answer need not name who asked.
    subscribers: tuple[Subscriber, ...] = orphans("2000C without a 2000B.")
    dependents: tuple[Dependent, ...] = orphans("2000D without a 2000C.")


class EligibilityAnswer(Loop, loop_id="271"):
    """A 271: ST to SE."""

    header: TransactionHeader | None = segment("ST.", "R")
    beginning: BeginningOfTransaction | None = segment("BHT.", "R", unused=(6,), codes={2: "06 11"})
    sources: tuple[InformationSource, ...] = loop("2000A.", "R")
    trailer: TransactionTrailer | None = segment("SE.", "R")
    # Levels whose parent is missing hang here.
    receivers: tuple[Receiver, ...] = orphans("2000B without a 2000A.")
    subscribers: tuple[Subscriber, ...] = orphans("2000C without a 2000B.")
    dependents: tuple[Dependent, ...] = orphans("2000D without a 2000C.")

    def patients(self) -> Iterator[SubscriberName | DependentName]:
        """Every subscriber and dependent, each subscriber before its dependents."""
        receivers = [*(one for source in self.sources for one in source.receivers), *self.receivers]
        holders: list[Receiver | InformationSource | EligibilityAnswer] = [*receivers, *self.sources, self]
        for subscriber in (one for holder in holders for one in holder.subscribers):
            if subscriber.name is not None:
                yield subscriber.name
            yield from (one.name for one in subscriber.dependents if one.name is not None)
        yield from (one.name for holder in holders for one in holder.dependents if one.name is not None)
