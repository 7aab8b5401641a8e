"""What an explanation's sources say, read from the segments' texts without asking the record."""

from __future__ import annotations

from decimal import Decimal

from x271 import codes
from x271.normalize import integrex
from x271.normalize.explanation import Evidence, Explanation

KINDS = {row["field"]: (row["kind"], row["value"]) for row in integrex.table()}
ACTIVE = frozenset("12345")


def element(at: Evidence) -> str:
    """The element that the evidence points to."""
    assert at.element is not None
    identifier = at.text[:3] if at.text[2:3].isalnum() else at.text[:2]
    return at.text.split(at.text[len(identifier)])[at.element].strip()


def agrees(explanation: Explanation) -> bool:
    """True if the sources give the value."""
    value, sources = explanation.value, explanation.sources
    kind, path = KINDS.get(explanation.field, ("own", ""))
    texts = [element(at) for at in sources]
    if kind in {"money", "percent"}:
        return Decimal(value) == _number(explanation.rule, kind, texts)
    if kind == "date":
        return (
            value.replace("-", "") == texts[0].split("-")[-1 if explanation.field == "coverageEndDate" else 0]
        )
    if kind == "bool":
        return value == "True" and texts == ["2B"]
    if kind == "own":
        return value == _own(explanation, texts)
    if path.endswith("address"):
        return value == _address(sources)
    if path.endswith(("description", "kind.description")) and path != "plan_description":
        table = "".join((sources[0].name, f"{sources[0].element:02}"))
        return value in {codes.describe(table, code) for code in _repeats(texts[0])}
    if explanation.field == "benefitTypeCode":
        repeats = _repeats(texts[0])
        return value == ("30" if "30" in repeats else repeats[0])
    return value == texts[0]


def _number(rule: str, kind: str, texts: list[str]) -> Decimal:
    numbers = [Decimal(text) for text in texts]
    if rule == "derived_remaining":
        return max(numbers[0] - numbers[1], Decimal(0))
    share = kind == "percent" and numbers[0] <= 1
    return numbers[0] * 100 if share else numbers[0]


def _own(explanation: Explanation, texts: list[str]) -> str:
    if explanation.field == "eligibility_text":
        return " ".join(texts)
    if explanation.field == "eligibility_response":
        return codes.eligibility_response(texts[0])
    if explanation.rule == "implied_by_benefits":
        return "active"
    is_active = texts[0] in ACTIVE and not explanation.rule.endswith("of_other_time")
    return "active" if is_active else "inactive"


def _repeats(text: str) -> list[str]:
    for separator in "^!{\x1e":  # those of `x271.testing.envelopes.USUAL`
        text = text.replace(separator, " ")
    return text.split()


def _address(sources: tuple[Evidence, ...]) -> str:
    parts = {f"{at.name}{at.element:02}": element(at) for at in sources}
    street = " ".join(parts[name] for name in ("N301", "N302") if name in parts)
    region = " ".join(parts[name] for name in ("N402", "N403") if name in parts)
    return ", ".join(part for part in (street, parts.get("N401", ""), region) if part)
