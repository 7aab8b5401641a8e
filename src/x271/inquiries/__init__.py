"""Questions: `Inquiry` is a 270, checked before it is written and matched with the answer that comes back.

In the order of the data: `inquiry` with its `people` and `parts`; `sending` makes its texts fit for X12 (`texts`),
`building` makes the grammar's models of it, `check` says all that speaks against sending (`places`, `search`,
`checks`), `writing` puts it into its `envelope`; `reading` makes inquiries of a 270, `matching` finds the answer.
"""

from __future__ import annotations

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
    "inquiries_of",
    "problem",
    "to_x12",
]
