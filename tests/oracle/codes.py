"""What a code means: the package's tables, which are the only thing that the oracle shares with it."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _table(name: str) -> list[dict[str, str]]:
    text = (files("x271") / "codes" / f"{name}.tsv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _description(code: str, *names: str) -> str:
    for name in names:
        for row in _table(name):
            if row["code"] == code:
                return row["description"]
    return ""


def information(code: str) -> str:
    return _description(code, "eb01_eligibility_or_benefit_information", "eb01_base_not_in_tr3")


def coverage_level(code: str) -> str:
    return _description(code, "eb02_coverage_level", "eb02_base_not_in_tr3")


def service_type(code: str) -> str:
    return _description(code, "eb03_service_type")


def insurance_type(code: str) -> str:
    return _description(code, "eb04_insurance_type")


def reject_reason(code: str) -> str:
    return _description(code, "aaa03_reject_reason_tr3", "aaa03_reject_reason_base")


def entity(code: str) -> str:
    return _description(code, "nm101_entity")


def relationship(code: str) -> str:
    return _description(code, "ins02_relationship")


FALLBACK = "Success / Reject reason not found"


def eligibility_response(code: str) -> str:
    """SPEC 4.1; anything that the table does not list, and nothing at all, is the fallback."""
    for row in _table("vsee_aaa03_eligibility_response"):
        if code and row["aaa03"] == code:
            return row["eligibility_response"]
    return FALLBACK
