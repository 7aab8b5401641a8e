"""The record in a sentence, without patient data: known codes, amounts and counts, nothing that the answer worded."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from .words import counted, number

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility
    from ..normalize.record import Accumulator, Coded, Rejection

REASONS = {
    "TERMED": "the plan ended before the date of service",
    "FUTURE": "the plan starts after the date of service",
}
_ABBREVIATION = re.compile(r".*\((\w+)\)")


def summary(record: Eligibility) -> str:
    """`active PPO, in-network deductible 420.55 of 1500.00 left, office copay 30.00; 2 findings`."""
    parts = [_coverage(record), _deductible(record.deductible), _visit(record)]
    sentence = ", ".join(part for part in parts if part)
    if record.rejected:
        sentence += f"; rejected{_rejections(record.rejections)}"
    if record.findings:
        sentence += f"; {counted(len(record.findings), 'finding')}"
    return sentence


def short(kind: Coded) -> str:
    """A plan's kind as people call it: `PPO` for `Preferred Provider Organization (PPO)`; empty if unknown."""
    found = _ABBREVIATION.fullmatch(kind.description)
    return found[1] if found else kind.description


def _coverage(record: Eligibility) -> str:
    words: str = "coverage unknown" if record.coverage == "unknown" else record.coverage
    if kind := short(record.plan_type):
        words += f" {kind}"
    more = [REASONS.get(record.coverage_reason, ""), "pending" if record.pending else ""]
    reasons = ", ".join(word for word in more if word)
    return f"{words} ({reasons})" if reasons else words


def _deductible(deductible: Accumulator) -> str:
    for whose, amounts in (("", deductible.individual), ("family ", deductible.family)):
        amount = amounts.in_network
        name = f"in-network {whose}deductible"
        if amount.total is not None and (amount.remaining is None or amount.remaining > amount.total):
            return f"{name} {_money(amount.total)}"  # more left than there is: the payer's rows disagree
        if amount.total is not None and amount.remaining is not None:
            return f"{name} {_money(amount.remaining)} of {_money(amount.total)} left"
        if amount.remaining is not None:
            return f"{_money(amount.remaining)} of the {name} left"
    return ""


def _visit(record: Eligibility) -> str:
    if record.copay.office_visit is not None:
        return f"office copay {_money(record.copay.office_visit)}"
    if record.coinsurance.in_network is not None:
        return f"in-network co-insurance {number(record.coinsurance.in_network)}%"
    return ""


def _rejections(rejections: tuple[Rejection, ...]) -> str:
    """Each reason with what to do, in the words of the tables."""
    said = []
    for one in rejections:
        reason = one.description or "for a reason that no table knows"
        said.append(f"{reason} ({one.follow_up})" if one.follow_up else reason)
    return f": {'; '.join(dict.fromkeys(said))}" if said else ""


def _money(value: Decimal) -> str:
    return f"{value:f}"
