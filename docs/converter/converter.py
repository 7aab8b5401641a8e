"""Somebody's little converter: a 271 becomes a dict. It has two mistakes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def convert(text: str) -> dict[str, Any]:
    """The patients of an answer with their benefits."""
    separator, repetition, terminator = text[3], text[82], text[105]
    patients: list[dict[str, Any]] = []
    for segment in text.split(terminator):
        elements = segment.strip("\r\n").split(separator) + [""] * 14
        if elements[0] == "NM1" and elements[1] in ("IL", "03"):
            patients.append({"name": f"{elements[4]} {elements[3]}", "benefits": []})
        if elements[0] == "EB":
            patients[-1]["benefits"].append(benefit(elements, repetition))
    return {"patients": patients}


def benefit(elements: list[str], repetition: str) -> dict[str, Any]:
    """One EB."""
    return {
        "code": elements[1],
        "service_types": (elements[3],) if elements[3] else (),
        "plan": elements[5],
        "amount": Decimal(elements[7] or 0) or None,
        "in_network": elements[12] == "Y",
    }
