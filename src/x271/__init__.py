"""x271 reads eligibility answers (X12 271, AdvancedMD PPMDResults XML, its JSON twin) and says what they mean.

import x271

record = x271.normalize(answer)      # one patient: coverage, amounts, rejections, with a reason for each value
document = x271.parse(answer)        # everything the payer said, typed and lossless
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .api import normalize, normalize_all, parse
from .batch.read import read
from .errors import (
    AnswerPending,
    DataError,
    LimitExceeded,
    MalformedText,
    NoPatient,
    Position,
    ProfileError,
    SeveralPatients,
    UnreadableEnvelope,
    UnsupportedTransaction,
    UsageError,
    VendorFault,
    X271Error,
)
from .findings import Finding
from .normalize.benefits import Benefit
from .normalize.eligibility import Eligibility

if TYPE_CHECKING:
    from .grammar.envelope import Interchange
    from .validation import Acknowledgment, Report, read_acknowledgment, validate

__version__ = "0.1.0"

__all__ = [
    "Acknowledgment",
    "AnswerPending",
    "Benefit",
    "DataError",
    "Eligibility",
    "Finding",
    "Interchange",
    "LimitExceeded",
    "MalformedText",
    "NoPatient",
    "Position",
    "ProfileError",
    "Report",
    "SeveralPatients",
    "UnreadableEnvelope",
    "UnsupportedTransaction",
    "UsageError",
    "VendorFault",
    "X271Error",
    "normalize",
    "normalize_all",
    "parse",
    "read",
    "read_acknowledgment",
    "validate",
]


def __getattr__(name: str) -> Any:
    # The models of the transaction sets are loaded when somebody names them or parses.
    if name == "Interchange":
        from .grammar.envelope import Interchange

        return Interchange
    if name in ("Acknowledgment", "Report", "read_acknowledgment", "validate"):
        from . import validation

        return getattr(validation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
