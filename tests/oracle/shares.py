"""Coinsurance and copay, 4 fields: SPEC 3.5; decisions 13, 16, 17 and 18."""

from __future__ import annotations

import re
from decimal import Decimal

from .amounts import is_placeholder, money
from .candidates import (
    ABSENT,
    REQUESTED,
    Candidate,
    best,
    network_rank,
    note_network,
    number,
    service_rank,
    share_level_rank,
)
from .dates import Question
from .document import Row

NEVER_PERIODS = ("24", "29", "30", "31", "32", "33")


def cost_shares(rows: list[Row], question: Question, findings: set[str]) -> dict[str, str]:
    """rows have passed filters 6 to 8 of SPEC 3.3."""
    return {
        "coins(%)InNetwork": _coinsurance(rows, question, findings, "coins(%)InNetwork"),
        "coins(%)OutOfNetwork": _coinsurance(rows, question, findings, "coins(%)OutOfNetwork"),
        "copay($)": _copay(rows, question, findings, "copay($)"),
        "copay($)Specialist": _copay(rows, question, findings, "copay($)Specialist"),
    }


def percent(fraction: Decimal) -> Decimal:
    """EB08 x 100; above 1 it is a percent already."""
    return fraction if fraction > 1 else fraction * 100


def _coinsurance(rows: list[Row], question: Question, findings: set[str], name: str) -> str:
    found = []
    for row in rows:
        fraction = number(row.eb.get(8))
        if row.information != "A" or fraction is None or row.eb.get(6) in NEVER_PERIODS:
            continue
        service = service_rank(row, (REQUESTED, "30", ABSENT, "98"), question)
        network = network_rank(row, in_network=name == "coins(%)InNetwork")
        if service is None or network is None:
            continue
        has_place = 1 if row.all("III") else 0
        has_message = 1 if row.all("MSG") else 0
        rank = (service, network, share_level_rank(row), has_place, has_message)
        found.append(Candidate(row, rank, percent(fraction)))
    chosen = best(found, name, findings)
    if chosen is None:
        return ""
    if (number(chosen.row.eb.get(8)) or 0) > 1:
        findings.add("PERCENT_SCALE")
    note_network(chosen.row, name, findings)
    text = f"{chosen.value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _words(row: Row) -> str:
    """Decision 17."""
    return " ".join(text.upper() for text in row.messages)


def says_specialist(words: str) -> bool:
    """SPECIALIST somewhere without NON- or "NON " directly before it."""
    return bool(re.search(r"(?<!NON-)(?<!NON )SPECIALIST", words))


def says_primary_care(words: str) -> bool:
    """PRIMARY CARE or PCP, likewise."""
    return bool(re.search(r"(?<!NON-)(?<!NON )(PRIMARY CARE|PCP)", words))


def _copay(rows: list[Row], question: Question, findings: set[str], name: str) -> str:
    specialist = name == "copay($)Specialist"
    if specialist:
        services: tuple[str, ...] = (REQUESTED, "98", "96", "A0", "3", "30", ABSENT, "1")
    else:
        services = (REQUESTED, "98", "30", ABSENT, "1")
    found = []
    for row in rows:
        value = number(row.eb.get(7))
        if row.information != "B" or value is None or row.eb.get(6) in NEVER_PERIODS:
            continue
        words = _words(row)
        if specialist and not says_specialist(words):
            continue
        if not specialist and says_specialist(words) and not says_primary_care(words):
            continue
        service = service_rank(row, services, question)
        network = network_rank(row, in_network=True)
        if service is None or network is None:
            continue

        periods = ["27", "", "7", "26", "36"]
        period = periods.index(row.eb.get(6)) if row.eb.get(6) in periods else len(periods)

        is_office = any(iii.get(1) == "ZZ" and iii.get(2) == "11" for iii in row.all("III"))
        place = 0 if is_office else 2 if row.all("III") else 1
        message = 0 if says_primary_care(words) else 2 if row.all("MSG") else 1

        rank = (service, network, period, place, message, share_level_rank(row))
        found.append(Candidate(row, rank, value))
    chosen = best(found, name, findings)
    if chosen is None:
        return ""
    if is_placeholder(chosen.row):  # decision 15
        findings.add(f"PLACEHOLDER_AMOUNT:{name}")
        return ""
    note_network(chosen.row, name, findings)
    return money(chosen.value)
