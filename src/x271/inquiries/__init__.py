"""Questions: `Inquiry` is a 270, checked before it is written and matched with the answer that comes back.

In the order of the data: `inquiry` with its `people` and `parts`; `sending` makes its texts fit for X12 (`texts`),
`building` makes the grammar's models of it, `check` says all that speaks against sending (`places`, `search`,
`checks`), `writing` puts it into its `envelope`; `reading` makes inquiries of a 270, `matching` finds the answer.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .check import Check
from .inquiry import Inquiry, Options
from .matching import Difference, Match
from .parts import (
    Address,
    Diagnosis,
    Payer,
    Period,
    Procedure,
    Provider,
    ProviderRole,
    Reference,
    Service,
    TraceNumber,
)
from .people import Dependent, Subscriber
from .reading import inquiries_of
from .sending import problem
from .writing import to_x12

if TYPE_CHECKING:
    from . import changehealthcare, integrex, verifytreatment, vsee

__all__ = [
    "Address",
    "Check",
    "Dependent",
    "Diagnosis",
    "Difference",
    "Inquiry",
    "Match",
    "Options",
    "Payer",
    "Period",
    "Procedure",
    "Provider",
    "ProviderRole",
    "Reference",
    "Service",
    "Subscriber",
    "TraceNumber",
    "changehealthcare",
    "inquiries_of",
    "integrex",
    "problem",
    "to_x12",
    "verifytreatment",
    "vsee",
]
_VENDORS = ("changehealthcare", "integrex", "verifytreatment", "vsee")


def __getattr__(name: str) -> Any:
    # A vendor's module is loaded when somebody names it, as x271.inquiries.vsee.inquiry.
    if name in _VENDORS:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
