"""The 270 (005010X279A1), loop by loop, top to bottom as the guide has it. Written as `answer` is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import access
from .base import Loop
from .fields import loop, orphans, segment
from .segments import (
    AdditionalInformation,
    Amount,
    BeginningOfTransaction,
    BenefitInquiry,
    CityStateZip,
    DateOrPeriod,
    Demographics,
    DiagnosisCodes,
    HierarchicalLevel,
    Name,
    ProviderInformation,
    ReferenceNumber,
    Relationship,
    StreetAddress,
    TraceNumber,
    TransactionHeader,
    TransactionTrailer,
)

if TYPE_CHECKING:
    from ..normalize.record import Address


class SubscriberInquiry(Loop, loop_id="2110C"):
    """2110C: what is asked about the subscriber."""

    inquiry: BenefitInquiry | None = segment("EQ.", "R")
    spend_down: Amount | None = segment("AMT*R: what the patient has to spend first.", codes={1: "R"})
    billed: Amount | None = segment("AMT*PB: what was billed of it.", codes={1: "PB"})
    additional: AdditionalInformation | None = segment(
        "III: place of service.", required=(1, 2), unused=(3, 4), codes={1: "ZZ"}
    )
    reference: ReferenceNumber | None = segment("REF: referral or authorization.", unused=(3,))
    date: DateOrPeriod | None = segment("DTP.")


class DependentInquiry(Loop, loop_id="2110D"):
    """2110D: what is asked about a dependent."""

    inquiry: BenefitInquiry | None = segment("EQ.", "R", unused=(3,))
    additional: AdditionalInformation | None = segment(
        "III: place of service.", required=(1, 2), unused=(3, 4), codes={1: "ZZ"}
    )
    reference: ReferenceNumber | None = segment("REF: referral or authorization.", unused=(3,))
    date: DateOrPeriod | None = segment("DTP.")


class QuestionPatientName(Loop):
    """What 2100C and 2100D have in common: a person."""

    name: Name | None = segment("NM1.", "R")
    references: tuple[ReferenceNumber, ...] = segment("REF.", max=9, unused=(3,))
    street: StreetAddress | None = segment("N3.")
    city: CityStateZip | None = segment("N4.")
    provider: ProviderInformation | None = segment("PRV.", codes={2: "9K D3 EI HPI PXC SY TJ"})
    demographics: Demographics | None = segment("DMG.", codes={3: "F M"})
    relationship: Relationship | None = segment("INS.")
    diagnoses: DiagnosisCodes | None = segment("HI.")
    dates: tuple[DateOrPeriod, ...] = segment("DTP.", max=2)

    @property
    def address(self) -> Address | None:
        """N3 and N4; None if there is neither."""
        return access.address(self.street, self.city)


class QuestionSubscriberName(QuestionPatientName, loop_id="2100C"):
    """2100C: the subscriber."""

    relationship: Relationship | None = segment(
        "INS: which of a multiple birth.", required=(17,), unused=(3, 4), codes={1: "Y"}
    )
    inquiries: tuple[SubscriberInquiry, ...] = loop("2110C.", max=99)


class QuestionDependentName(QuestionPatientName, loop_id="2100D"):
    """2100D: the dependent."""

    name: Name | None = segment("NM1.", "R", unused=(8, 9), codes={2: "1"})
    relationship: Relationship | None = segment("INS.", unused=(3, 4), codes={1: "N"})
    inquiries: tuple[DependentInquiry, ...] = loop("2110D.", "R", max=99)


class QuestionDependent(Loop, loop_id="2000D", level="23"):
    """2000D: a dependent asked about."""

    level_header: HierarchicalLevel | None = segment("HL.", "R", codes={4: "0"})
    traces: tuple[TraceNumber, ...] = segment("TRN.", max=2, codes={1: "1"})
    name: QuestionDependentName | None = loop("2100D.", "R", max=1)


class QuestionSubscriber(Loop, loop_id="2000C", level="22"):
    """2000C: a subscriber, asked about or named for its dependents."""

    level_header: HierarchicalLevel | None = segment("HL.", "R")
    traces: tuple[TraceNumber, ...] = segment("TRN.", max=2, codes={1: "1"})
    name: QuestionSubscriberName | None = loop("2100C.", "R", max=1)
    dependents: tuple[QuestionDependent, ...] = loop("2000D.")


class QuestionReceiverName(Loop, loop_id="2100B"):
    """2100B: who asks."""

    name: Name | None = segment("NM1.", "R", required=(3, 8, 9))
    references: tuple[ReferenceNumber, ...] = segment("REF.", max=9)
    street: StreetAddress | None = segment("N3.")
    city: CityStateZip | None = segment("N4.")
    provider: ProviderInformation | None = segment("PRV.")


class QuestionReceiver(Loop, loop_id="2000B", level="21"):
    """2000B: who asks, with the subscribers asked about."""

    level_header: HierarchicalLevel | None = segment("HL.", "R", codes={4: "1"})
    name: QuestionReceiverName | None = loop("2100B.", "R", max=1)
    subscribers: tuple[QuestionSubscriber, ...] = loop("2000C.", "R")
    dependents: tuple[QuestionDependent, ...] = orphans("2000D without a 2000C.")


class QuestionSourceName(Loop, loop_id="2100A"):
    """2100A: who is asked."""

    name: Name | None = segment("NM1.", "R", required=(3, 8, 9))


class QuestionSource(Loop, loop_id="2000A", level="20"):
    """2000A: who is asked, with those who ask."""

    level_header: HierarchicalLevel | None = segment("HL.", "R", unused=(2,), codes={4: "1"})
    name: QuestionSourceName | None = loop("2100A.", "R", max=1)
    receivers: tuple[QuestionReceiver, ...] = loop("2000B.", "R")
    subscribers: tuple[QuestionSubscriber, ...] = orphans("2000C without a 2000B.")
    dependents: tuple[QuestionDependent, ...] = orphans("2000D without a 2000C.")


class EligibilityQuestion(Loop, loop_id="270"):
    """A 270: ST to SE."""

    header: TransactionHeader | None = segment("ST.", "R")
    beginning: BeginningOfTransaction | None = segment("BHT.", "R", codes={2: "01 13"})
    sources: tuple[QuestionSource, ...] = loop("2000A.", "R")
    trailer: TransactionTrailer | None = segment("SE.", "R")
    # Levels whose parent is missing hang here.
    receivers: tuple[QuestionReceiver, ...] = orphans("2000B without a 2000A.")
    subscribers: tuple[QuestionSubscriber, ...] = orphans("2000C without a 2000B.")
    dependents: tuple[QuestionDependent, ...] = orphans("2000D without a 2000C.")

    def patients(self) -> Iterator[QuestionSubscriberName | QuestionDependentName]:
        """Every subscriber and dependent, each subscriber before its dependents."""
        receivers = [*(one for source in self.sources for one in source.receivers), *self.receivers]
        holders: list[QuestionReceiver | QuestionSource | EligibilityQuestion] = [
            *receivers,
            *self.sources,
            self,
        ]
        for subscriber in (one for holder in holders for one in holder.subscribers):
            if subscriber.name is not None:
                yield subscriber.name
            yield from (one.name for one in subscriber.dependents if one.name is not None)
        yield from (one.name for holder in holders for one in holder.dependents if one.name is not None)
