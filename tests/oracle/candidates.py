"""Which rows may fill a money field, and in which order: SPEC 3.3.6 to 3.3.8 and the ranks of 3.4 and 3.5."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .coverage import ACTIVE, plan_level_rows
from .dates import Question, date_filter_excludes
from .document import Row


def number(text: str) -> Decimal | None:
    """Decision 12: optional minus, digits, at most one point, at least one and at most 18 digits."""
    digits = sum(character in "0123456789" for character in text)
    if re.fullmatch(r"-?[0-9]*\.?[0-9]*", text) and 1 <= digits <= 18:
        return Decimal(text)
    return None


def _one_medicare(insurance_type: str) -> str:
    return "MA" if insurance_type == "MB" else insurance_type


def fillers(rows: list[Row], status_row: Row | None, question: Question) -> list[Row]:
    """The rows that pass filters 6, 7 and 8 of SPEC 3.3, in document order; decisions 10 and 11."""
    found = [row for row in rows if not date_filter_excludes(row, question)]  # 6

    plan_level = plan_level_rows(rows)  # 7
    if plan_level and status_row is not None:
        names = {row.eb.get(5) for row in plan_level if row.eb.get(5)}
        if len(names) >= 2:
            found = [row for row in found if row.eb.get(5) in ("", status_row.eb.get(5))]
        types = {
            _one_medicare(row.eb.get(4)) for row in plan_level if row.information in ACTIVE and row.eb.get(4)
        }
        if len(types) >= 2:
            chosen = _one_medicare(status_row.eb.get(4))
            found = [row for row in found if _one_medicare(row.eb.get(4)) in ("", chosen)]

    return [row for row in found if not row.eb.get(13)]  # 8


@dataclass
class Candidate:
    row: Row
    rank: tuple[int, ...]  # smaller wins, left to right; document order comes after it
    value: Decimal


def best(candidates: Sequence[Candidate], field: str, findings: set[str]) -> Candidate | None:
    """The first of the best rank; a tie with different values is AMBIGUOUS (decision 13)."""
    if not candidates:
        return None
    smallest = min(candidate.rank for candidate in candidates)
    tied = [candidate for candidate in candidates if candidate.rank == smallest]
    if any(candidate.value != tied[0].value for candidate in tied):
        findings.add(f"AMBIGUOUS:{field}")
    return tied[0]


def network_rank(row: Row, *, in_network: bool) -> int | None:
    """The end of SPEC 3.3; None is never."""
    code = row.eb.get(12)
    if in_network:
        return {"Y": 0, "W": 1, "": 2, "U": 2}.get(code)
    return {"N": 0, "W": 1}.get(code)


def note_network(row: Row, field: str, findings: set[str]) -> None:
    """Decision 16."""
    if row.eb.get(12) in ("", "U"):
        findings.add(f"NETWORK_UNSPECIFIED:{field}")


REQUESTED = "(requested, other than 30)"
ABSENT = ""


def service_rank(row: Row, order: Sequence[str], question: Question) -> int | None:
    """The best place that a code of the row has in the order, or EB03 absent has; None is never."""
    places = []
    for code in row.service_types or [ABSENT]:
        if code in order:
            places.append(order.index(code))
        if code not in (ABSENT, "30") and code in question.service_types and REQUESTED in order:
            places.append(order.index(REQUESTED))
    return min(places) if places else None


def share_level_rank(row: Row) -> int:
    """The level order of coinsurance and copay, decision 18: IND, absent, EMP, FAM, any other."""
    order = ["IND", "", "EMP", "FAM"]
    level = row.eb.get(2)
    return order.index(level) if level in order else len(order)
