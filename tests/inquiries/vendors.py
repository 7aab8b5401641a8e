"""The vendors' example requests (`fixtures/requests/`), how each is asked, and the 270 of each (`EXAMPLES`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

import x271
from x12 import FIXTURES
from x271.inquiries import changehealthcare, integrex, verifytreatment, vsee
from x271.inquiries.config import Config, config

REQUESTS = FIXTURES / "requests"
CONFIG = REQUESTS / "x271.toml"
DAY = date(2026, 11, 21)

Vendor = Literal["vsee", "integrex", "verifytreatment", "changehealthcare"]
VENDORS: tuple[Vendor, ...] = ("vsee", "integrex", "verifytreatment", "changehealthcare")
EXAMPLES: dict[Vendor, bytes] = {
    vendor: (FIXTURES / "inquiries" / f"{name}.270").read_bytes()
    for vendor, name in zip(VENDORS, ("vsee", "integrex", "verifytreatment", "chc"), strict=True)
}
MODELS: dict[Vendor, Any] = {
    "vsee": vsee.User,
    "integrex": integrex.Discovery,
    "verifytreatment": verifytreatment.Vob,
    "changehealthcare": changehealthcare.EligibilityRequest,
}

_ASK: dict[Vendor, Callable[..., x271.Inquiry]] = {
    "vsee": lambda request, config: vsee.inquiry(
        request, config=config, eligibility_id="000000002", date_of_service=DAY
    ),
    "integrex": lambda request, config: integrex.inquiry(request, config=config, request_id="000000001"),
    "verifytreatment": lambda request, config: verifytreatment.inquiry(
        request, config=config, date_of_service=DAY
    ),
    "changehealthcare": lambda request, config: changehealthcare.inquiry(request, config=config),
}


def example(vendor: Vendor, **changes: Any) -> dict[str, Any]:
    """The vendor's example request; a change is by path, with `__` for each dot, and None takes the field away."""
    made: dict[str, Any] = json.loads((REQUESTS / f"{vendor}.json").read_text(encoding="utf-8"))
    for path, value in changes.items():
        *way, last = path.split("__")
        owner: Any = made
        for step in way:
            owner = owner[int(step)] if step.isdigit() else owner.setdefault(step, {})
        if value is None:
            owner.pop(last, None)
        else:
            owner[last] = value
    return made


def user(**changes: Any) -> dict[str, Any]:
    """VSee's example; the changes are of the user itself."""
    return example("vsee", **{f"data__{path}": value for path, value in changes.items()})


def ask(vendor: Vendor, request: Mapping[str, Any], configuration: Any = CONFIG) -> x271.Inquiry:
    """The inquiry of a request, for the day and with the numbers of the example 270s."""
    return _ASK[vendor](request, configuration)


def problems(vendor: Vendor, request: Mapping[str, Any], configuration: Any = CONFIG) -> list[str]:
    """What speaks against a request: `CODE field`, in order."""
    try:
        ask(vendor, request, configuration)
    except x271.InvalidInquiry as refused:
        return [f"{one.code} {one.field}" for one in refused.problems]
    return []


def segments(inquiry: x271.Inquiry) -> list[str]:
    """What is written of it, from the first HL to the last segment before SE."""
    text = inquiry.to_x12(sender="SUBMITTER", receiver="RECEIVER").decode("ascii")
    return text.removesuffix("~").split("~")[4:-3]


def configured(**changes: Any) -> Config:
    """The example's configuration with other tables."""
    return config(CONFIG).model_copy(update=changes)
