"""An x271.Eligibility as the oracle's dict, and where two such dicts differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from .candidates import number

MEANING = (
    "SCOPE_FALLBACK_SUBSCRIBER",
    "TRACE_NOT_ECHOED",
    "CONFLICTING_STATUS",
    "MULTIPLE_PLANS",
    "TERMED",
    "FUTURE",
    "SERVICE_LEVEL_STATUS",
    "STATUS_IMPLIED_FROM_BENEFITS",
    "NON_COVERED_AS_PLAN_STATUS",
    "PERCENT_SCALE",
)
MEANING_OF_A_FIELD = ("NETWORK_UNSPECIFIED", "AMBIGUOUS", "DERIVED_REMAINING", "PLACEHOLDER_AMOUNT")

TEXTS = (
    "information_code",
    "service_type",
    "coverage_level",
    "insurance_type",
    "plan_description",
    "time_period",
    "quantity_qualifier",
    "authorization",
    "network",
)
NUMBERS = ("amount", "percent", "quantity")


def _text(value: Any) -> str:
    """None is absent; a date is written as ISO."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: Any) -> str:
    """A number in one spelling, so that 0.5 is .5 and 1500.00 is 1500; "" if it is none."""
    found = value if isinstance(value, Decimal) else number(_text(value))
    if found is None:
        return ""
    return f"{found.normalize():f}" if found else "0"


def _procedure(procedure: Any) -> str:
    """EB13 put together again, with the components apart by a colon."""
    if procedure is None:
        return ""
    modifiers = [*procedure.modifiers, "", "", "", ""][:4]
    parts = [procedure.qualifier, procedure.code, *modifiers, procedure.description, procedure.range_end]
    return ":".join(parts).rstrip(":")


def of_core(e: Any) -> dict[str, Any]:
    """What x271 says, in the oracle's form."""
    return {
        "coverage": _text(e.coverage),
        "coverage_reason": _text(e.coverage_reason),
        "pending": e.pending,
        "rejected": e.rejected,
        "rejections": [[_text(r.loop), _text(r.code), _text(r.follow_up_code)] for r in e.rejections],
        "eligibility_response": _text(e.eligibility_response),
        "eligibility_text": _text(e.eligibility_text),
        "identity_changed": e.identity_changed,
        "plans": [
            {
                name: _text(getattr(plan, name))
                for name in ("insurance_type", "plan_description", "status", "start", "end")
            }
            for plan in e.plans
        ],
        "benefits": [_benefit(benefit) for benefit in e.benefits],
        "fields": dict(e.to_integrex()),
        "findings": sorted(
            {f.code for f in e.findings if f.code in MEANING}
            | {f"{f.code}:{_text(f.field)}" for f in e.findings if f.code in MEANING_OF_A_FIELD}
        ),
    }


def _benefit(b: Any) -> dict[str, Any]:
    return {
        **{name: _text(getattr(b, name)) for name in TEXTS},
        **{name: _number(getattr(b, name)) for name in NUMBERS},
        "procedure": _procedure(b.procedure),
        "deliveries": [list(delivery.elements) for delivery in b.deliveries],
        "messages": list(b.messages),
        "places_of_service": list(b.places_of_service),
        "entities": [[_text(entity.entity), _text(entity.name)] for entity in b.entities],
        "dates": [[_text(d.qualifier), _text(d.start), _text(d.end)] for d in b.dates],
        "references": [[_text(r.qualifier), _text(r.value), _text(r.description)] for r in b.references],
    }


def of_oracle(record: dict[str, Any]) -> dict[str, Any]:
    """The oracle's record with its numbers in the spelling of of_core."""
    benefits = [{**b, **{name: _number(b[name]) for name in NUMBERS}} for b in record["benefits"]]
    return {**record, "benefits": benefits}


def differences(core: Any, oracle: Any, path: str = "") -> list[str]:
    """Each place where the two differ, as "path: core ..., oracle ..."."""
    if isinstance(core, dict) and isinstance(oracle, dict):
        return [
            line
            for key in sorted(core.keys() | oracle.keys())
            for line in differences(core.get(key, "(none)"), oracle.get(key, "(none)"), f"{path}.{key}")
        ]
    if isinstance(core, list) and isinstance(oracle, list) and len(core) == len(oracle):
        return [
            line
            for index, (left, right) in enumerate(zip(core, oracle, strict=True))
            for line in differences(left, right, f"{path}[{index}]")
        ]
    return [] if core == oracle else [f"{path}: core {core!r}, oracle {oracle!r}"]
