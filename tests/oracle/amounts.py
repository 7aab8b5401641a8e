"""Deductible and out-of-pocket, 16 fields: SPEC 3.4; decisions 13 to 16."""

from __future__ import annotations

import re
from decimal import Decimal

from .candidates import ABSENT, REQUESTED, Candidate, best, network_rank, note_network, number, service_rank
from .dates import Question
from .document import Row

TOTAL = ("23", "22", "25", "21", "")
REMAINING = ("29",)
APPLIED = ("24",)


def money(value: Decimal) -> str:
    return f"{value:.2f}"


def is_placeholder(row: Row) -> bool:
    return bool(re.fullmatch(r"9{5,}(\.9+)?", row.eb.get(7)))


def accumulators(rows: list[Row], question: Question, findings: set[str]) -> dict[str, str]:
    """rows have passed filters 6 to 8 of SPEC 3.3."""
    fields = {}
    for kind, information in (("oop($)", "G"), ("ded($)", "C")):
        for level in ("Indiv", "Family"):
            for network in ("InNetwork", "OutOfNetwork"):
                name = f"{kind}{level}{network}"
                total, remaining = _total_and_remaining(rows, question, findings, information, name)
                fields[name] = total
                fields[f"{name}Remaining"] = remaining
    return fields


def _service(row: Row, question: Question) -> int | None:
    return service_rank(row, ("30", ABSENT, REQUESTED), question)


def _candidates(
    rows: list[Row], question: Question, information: str, name: str, periods: tuple[str, ...]
) -> list[Candidate]:
    found = []
    for row in rows:
        value = number(row.eb.get(7))
        if row.information != information or value is None or row.eb.get(9):
            continue
        service = _service(row, question)  # 1
        network = network_rank(row, in_network="InNetwork" in name)  # 2
        levels = {"IND": 0, "": 1, "EMP": 2} if "Indiv" in name else {"FAM": 0}  # 3
        level = levels.get(row.eb.get(2))
        period = periods.index(row.eb.get(6)) if row.eb.get(6) in periods else None  # 4
        if service is None or network is None or level is None or period is None:
            continue
        has_place = 1 if row.all("III") else 0  # 5
        has_message = 1 if row.all("MSG") else 0  # 6
        found.append(Candidate(row, (service, network, level, period, has_place, has_message), value))
    return found


def _total_and_remaining(
    rows: list[Row], question: Question, findings: set[str], information: str, name: str
) -> tuple[str, str]:
    total = best(_candidates(rows, question, information, name, TOTAL), name, findings)
    remaining = best(_candidates(rows, question, information, name, REMAINING), f"{name}Remaining", findings)

    # Placeholders: decision 15.
    if total is not None and is_placeholder(total.row):
        findings.add(f"PLACEHOLDER_AMOUNT:{name}")
        return "", ""

    # Never copy one to the other: each text comes from its own row, or is derived below.
    total_text = remaining_text = ""
    if total is not None:
        total_text = money(total.value)
        note_network(total.row, name, findings)
    if remaining is not None and is_placeholder(remaining.row):
        findings.add(f"PLACEHOLDER_AMOUNT:{name}Remaining")
    elif remaining is not None:
        remaining_text = money(remaining.value)
        note_network(remaining.row, f"{name}Remaining", findings)

    # Derived remaining: decision 14.
    if total is not None and remaining is None:
        applied = [
            candidate
            for candidate in _candidates(rows, question, information, name, APPLIED)
            if candidate.row.eb.get(2) == total.row.eb.get(2)
            and candidate.row.eb.get(12) == total.row.eb.get(12)
            and _service(candidate.row, question) == _service(total.row, question)
            and not is_placeholder(candidate.row)
        ]
        if applied:  # all have one service, network and level rank, so the rank orders by III, then MSG
            first = min(applied, key=lambda candidate: candidate.rank)
            remaining_text = money(max(total.value - first.value, Decimal(0)))
            findings.add(f"DERIVED_REMAINING:{name}Remaining")
            note_network(total.row, f"{name}Remaining", findings)
    return total_text, remaining_text
