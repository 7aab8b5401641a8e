"""What a card says, as texts: made once from the record, and drawn by `card` on a terminal and by `page` as HTML.

Patient data is left out here and nowhere else: without `patient_data` a view holds codes that a table knows, amounts
and counts, and no name, number, date or text of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import compress
from typing import TYPE_CHECKING, Literal

from ..errors import VendorFault
from .boxes import Box, boxes
from .sentence import REASONS
from .services import Services, services
from .words import counted, dollars, joined, money, number, period, plain, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..errors import NoPatient
    from ..findings import Finding
    from ..normalize.eligibility import Eligibility
    from ..normalize.record import Amount, Rejection

Tone = Literal["good", "bad", "doubtful"]

_NETWORKS = ("In network", "Out of network")
_TONES: dict[str, Tone] = {"active": "good", "inactive": "bad", "unknown": "doubtful"}
_ABOUT = {  # whose fault the loop of an AAA names
    "2000A": "said of the whole question",
    "2100A": "said of the payer",
    "2100B": "said of the provider who asked",
    "2100C": "said of the subscriber",
    "2100D": "said of the dependent",
    "2110C": "said of a benefit of the subscriber",
    "2110D": "said of a benefit of the dependent",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one network asks: `left` of `total`, or only one of them, or a fixed share.

    `met` is the part of the total that is used up, from 0 to 1; None if that cannot be said.
    """

    left: str = ""
    total: str = ""
    met: float | None = None

    @property
    def text(self) -> str:
        """`420.55 of 1,500.00`, `420.55`, or the total alone."""
        return f"{self.left} of {self.total}" if self.left and self.total else self.left or self.total


@dataclass(frozen=True, slots=True)
class Cost:
    """One row of what the patient pays, with a share for each of the view's networks."""

    group: str
    level: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One AAA: the reason, whom it is about, and what to do."""

    reason: str
    about: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """The findings of one code."""

    code: str
    severity: str
    message: str
    places: str


@dataclass(frozen=True, slots=True)
class View:
    """One card from top to bottom."""

    status: str
    tone: Tone
    period: str
    reasons: tuple[str, ...]
    payer: str
    plan: str
    about_plan: str
    asked: str
    refusals: tuple[Refusal, ...]
    notices: tuple[str, ...]
    boxes: tuple[Box, ...]
    networks: tuple[str, ...]
    costs: tuple[Cost, ...]
    services: Services
    oddities: tuple[Oddity, ...]


@dataclass(frozen=True, slots=True)
class NoCard:
    """Why there is no card."""

    title: str
    texts: tuple[str, ...]
    refusals: tuple[Refusal, ...]


def view(record: Eligibility, *, patient_data: bool) -> View:
    """What the card of this record says."""
    networks, costs = _costs(record)
    return View(
        status=record.coverage if record.coverage != "unknown" else "coverage unknown",
        tone=_TONES[record.coverage],
        period=period(record.coverage_start, record.coverage_end) if patient_data else "",
        reasons=tuple(_reasons(record)),
        payer=plain(record.payer.full_name) if patient_data else "",
        plan=plain(record.plan_description) if patient_data else "",
        about_plan=_about_plan(record, patient_data=patient_data),
        asked=_asked(record) if patient_data else "",
        refusals=refusals(record.rejections, patient_data=patient_data),
        notices=tuple(_notices(record, patient_data=patient_data)),
        boxes=boxes(record) if patient_data else (),
        networks=networks,
        costs=costs,
        services=services(record, patient_data=patient_data),
        oddities=tuple(_oddities(record.findings)),
    )


def coded(code: str, description: str, *, patient_data: bool) -> str:
    """What the code means; a code that no table knows as sent, or only that it is unknown."""
    if description or not code:
        return description
    return plain(code) if patient_data else "unknown code"


def refusals(rejections: Iterable[Rejection], *, patient_data: bool) -> tuple[Refusal, ...]:
    """The rejections, each once."""
    found = []
    for one in rejections:
        reason = coded(one.code, one.description, patient_data=patient_data)
        if one.description:
            reason += f" ({one.code})"
        follow_up = coded(one.follow_up_code, one.follow_up, patient_data=patient_data)
        found.append(Refusal(reason or "no reason given", _ABOUT.get(one.loop, ""), follow_up))
    return tuple(dict.fromkeys(found))


def refusal(error: NoPatient) -> NoCard | None:
    """Why an answer names no patient, with what the vendor words; None if it does not say."""
    rejected = refusals(error.rejections, patient_data=True)
    if isinstance(error, VendorFault):
        texts = [f"Fault {plain(error.fault_code)}" if error.fault_code else "", plain(error.description)]
        return NoCard("The vendor answered with a fault", tuple(text for text in texts if text), rejected)
    return NoCard("The answer names no patient", (), rejected) if rejected else None


def _reasons(record: Eligibility) -> Iterable[str]:
    if record.rejected:
        yield "the question was rejected"
    if record.coverage_reason in REASONS:
        yield REASONS[record.coverage_reason]
    if record.pending:
        yield "the payer is still looking"


def _about_plan(record: Eligibility, *, patient_data: bool) -> str:
    kinds = [
        coded(one.code, one.description, patient_data=patient_data)
        for one in (record.plan_type, record.coverage_level)
    ]
    if not patient_data:
        return joined(kinds)
    numbers = [("group", record.group_number), ("plan", record.plan_number)]
    return joined([*kinds, *(f"{what} {plain(value)}" for what, value in numbers if value)])


def _asked(record: Eligibility) -> str:
    days = [("date of service", record.date_of_service), ("answered", record.response_date)]
    return sentence(joined(f"{what} {day}" for what, day in days if day is not None))


def _notices(record: Eligibility, *, patient_data: bool) -> Iterable[str]:
    if record.identity_changed:
        yield "The payer corrected the identity: compare name, birth date and member ID with yours."
    for name, kept in (("deductible", record.deductible), ("out of pocket", record.out_of_pocket)):
        amounts = (
            side for one in (kept.individual, kept.family) for side in (one.in_network, one.out_of_network)
        )
        if any(map(_contradicts, amounts)):
            yield f"More of the {name} is left than there is: compare the benefits below, and ask the payer."
    if patient_data and record.eligibility_text:
        yield plain(record.eligibility_text)


def _costs(record: Eligibility) -> tuple[tuple[str, ...], tuple[Cost, ...]]:
    """The networks and the rows of which the payer said anything."""
    rows = [row for row in _rows(record) if any(share.text for share in row.shares)]
    said = [any(row.shares[at].text for row in rows) for at in range(len(_NETWORKS))]
    shares = [tuple(compress(row.shares, said)) for row in rows]
    kept = (Cost(row.group, row.level, own) for row, own in zip(rows, shares, strict=True))
    return tuple(compress(_NETWORKS, said)), tuple(kept)


def _rows(record: Eligibility) -> Iterable[Cost]:
    for name, kept in (("Deductible", record.deductible), ("Out of pocket", record.out_of_pocket)):
        for level, amounts in (("individual", kept.individual), ("family", kept.family)):
            yield Cost(name, level, (_left(amounts.in_network), _left(amounts.out_of_network)))
    percents = (record.coinsurance.in_network, record.coinsurance.out_of_network)
    yield Cost(
        "Co-insurance", "", tuple(_said(percent, lambda value: f"{number(value)}%") for percent in percents)
    )
    for level, amount in (
        ("office visit", record.copay.office_visit),
        ("specialist", record.copay.specialist),
    ):
        yield Cost("Copay", level, (_said(amount, dollars), Share()))


def _left(amount: Amount) -> Share:
    met = None
    if (
        amount.total is not None
        and amount.remaining is not None
        and 0 <= amount.remaining <= amount.total != 0
    ):
        met = float((amount.total - amount.remaining) / amount.total)
    left = "" if amount.remaining is None else money(amount.remaining)
    total = "" if amount.total is None else money(amount.total)
    return Share(left if total or not left else f"{left} left", total, met)


def _contradicts(amount: Amount) -> bool:
    return amount.total is not None and amount.remaining is not None and amount.remaining > amount.total


def _said(value: Decimal | None, words: Callable[[Decimal], str]) -> Share:
    return Share(total="" if value is None else words(value))


def _oddities(findings: Iterable[Finding]) -> Iterable[Oddity]:
    """One for each code, with the fields and segments that it is about."""
    by_code: dict[str, list[Finding]] = {}
    for one in findings:
        by_code.setdefault(one.code, []).append(one)
    for code, same in by_code.items():
        fields = joined(one.field for one in same)
        at = sorted({one.position.segment for one in same if one.position and one.position.segment})
        word = "segment" if len(at) == 1 else "segments"
        places = joined([fields, f"{word} {joined(map(str, at))}" if at else ""], "; ")
        if not places and len(same) > 1:
            places = counted(len(same), "time")
        yield Oddity(code, same[0].severity, same[0].message, places)
