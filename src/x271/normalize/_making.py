"""The fields of a record from the core's plain values."""

from __future__ import annotations

from typing import Any

from .._places import finding, position
from .benefits import party, rejection
from .record import (
    Accumulator,
    Address,
    AlternatePayer,
    Amount,
    ByNetwork,
    Coded,
    Coinsurance,
    Copay,
    Party,
    Payer,
    Person,
    Plan,
    PrimaryCare,
    Source,
    Trace,
)


def _accumulator(amounts: tuple[Any, ...]) -> Accumulator:
    """Eight amounts as the core has them: total and remaining, individual and family, in network and out."""
    if not any(amount is not None for amount in amounts):
        return _NO_ACCUMULATOR
    pairs = [
        Amount._trusted({"total": amounts[at], "remaining": amounts[at + 1]})
        for at in range(0, len(amounts), 2)
    ]
    individual_in, family_in, individual_out, family_out = pairs
    return Accumulator._trusted(
        {
            "individual": ByNetwork._trusted({"in_network": individual_in, "out_of_network": individual_out}),
            "family": ByNetwork._trusted({"in_network": family_in, "out_of_network": family_out}),
        }
    )


def _person(values: dict[str, Any]) -> Person:
    if values["address"] is not None:
        values["address"] = Address._trusted(values["address"])
    return Person._trusted(values)


_CODED = ("relationship", "status", "plan_type", "coverage_level", "benefit_type")


def fields(values: dict[str, Any], lines: Any) -> dict[str, Any]:
    """The core's values as the fields of `Eligibility`, but for the benefits."""
    for name in _CODED:
        values[name] = Coded._trusted(values[name]) if values[name]["code"] else _NO_CODE
    amounts = values.pop("amounts")
    values["out_of_pocket"] = _accumulator(amounts[:8])
    values["deductible"] = _accumulator(amounts[8:16])
    shares = {"in_network": amounts[16], "out_of_network": amounts[17]}
    values["coinsurance"] = Coinsurance._trusted(shares)
    values["copay"] = Copay._trusted({"office_visit": amounts[18], "specialist": amounts[19]})
    values["traces"] = tuple(Trace._trusted(item) for item in values["traces"])
    values["plans"] = tuple(Plan._trusted(item) for item in values["plans"])
    values["subscriber"] = _person(values["subscriber"])
    values["patient"] = _person(values["patient"])
    values["provider"] = party(values["provider"], Party)
    values["payer"] = party(values["payer"], Payer)
    for name, kind in (("second_payer", Party), ("alternate_payer", AlternatePayer)):
        found = values[name]
        if found is not None:
            if "kind" in found:
                found["kind"] = Coded._trusted(found["kind"])
            values[name] = party(found, kind)
    care = values["primary_care"]
    if care["address"] is not None:
        care["address"] = Address._trusted(care["address"])
    values["primary_care"] = PrimaryCare._trusted(care) if any(care.values()) else _NO_CARE
    source = values["source"]
    source["position"] = position(source["position"])
    values["source"] = Source._trusted(source)
    values["rejections"] = tuple(rejection(item) for item in values["rejections"])
    primary = values.pop("primary_rejection")
    fallback = values.pop("eligibility_response_fallback")
    first = None if primary is None else values["rejections"][primary]
    values["eligibility_response"] = fallback if first is None else first.eligibility_response
    values["request_status"] = (
        _SUCCESS if first is None else Coded._trusted({"code": first.code, "description": first.description})
    )
    values["findings"] = tuple(finding(item, lines) for item in values["findings"])
    return values


_SUCCESS = Coded._blank(description="Success")
# Shared by all records: the models are frozen, and most answers leave most of this out.
_NO_ACCUMULATOR = Accumulator._blank()
_NO_CODE = Coded._blank()
_NO_CARE = PrimaryCare._blank()
