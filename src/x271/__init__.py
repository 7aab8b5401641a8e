"""x271 reads eligibility answers (X12 271, AdvancedMD PPMDResults XML, its JSON twin) and says what they mean.

import x271

record = x271.normalize(answer)      # one patient: coverage, amounts, rejections, with a reason for each value
document = x271.parse(answer)        # everything the payer said, typed and lossless
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# The packages of these names are known from here on, and their names are the functions'.
from . import normalize as _package
from . import tables as _other_package

if TYPE_CHECKING:
    from . import inquiries as inquiries
    from . import synthetic as synthetic
    from .api import normalize, normalize_all, parse
    from .batch.read import read
    from .errors import (
        AnswerPending,
        DataError,
        InvalidInquiry,
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
    from .grammar.envelope import Interchange
    from .inquiries.inquiry import Inquiry
    from .inquiries.parts import Payer, Provider, Service
    from .inquiries.people import Dependent, Subscriber
    from .normalize.benefits import Benefit
    from .normalize.eligibility import Eligibility
    from .redaction import redact
    from .synthetic.making import synth
    from .tables.read import Table, Tables, tables
    from .validation import Acknowledgment, Report, read_acknowledgment, validate
else:
    del normalize, tables, _package, _other_package

__version__ = "0.1.0"

__all__ = [
    "Acknowledgment",
    "AnswerPending",
    "Benefit",
    "DataError",
    "Dependent",
    "Eligibility",
    "Finding",
    "Inquiry",
    "Interchange",
    "InvalidInquiry",
    "LimitExceeded",
    "MalformedText",
    "NoPatient",
    "Payer",
    "Position",
    "ProfileError",
    "Provider",
    "Report",
    "Service",
    "SeveralPatients",
    "Subscriber",
    "Table",
    "Tables",
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
    "redact",
    "synth",
    "tables",
    "validate",
]


# Where each public name stands. It is loaded when somebody first names it, so that `import x271` costs next to nothing.
_HOMES = {
    "api": ("normalize", "normalize_all", "parse"),
    "batch.read": ("read",),
    "errors": (
        "AnswerPending",
        "DataError",
        "InvalidInquiry",
        "LimitExceeded",
        "MalformedText",
        "NoPatient",
        "Position",
        "ProfileError",
        "SeveralPatients",
        "UnreadableEnvelope",
        "UnsupportedTransaction",
        "UsageError",
        "VendorFault",
        "X271Error",
    ),
    "findings": ("Finding",),
    "grammar.envelope": ("Interchange",),
    "inquiries.inquiry": ("Inquiry",),
    "inquiries.parts": ("Payer", "Provider", "Service"),
    "inquiries.people": ("Dependent", "Subscriber"),
    "normalize.benefits": ("Benefit",),
    "normalize.eligibility": ("Eligibility",),
    "redaction": ("redact",),
    "synthetic.making": ("synth",),
    "tables.read": ("Table", "Tables", "tables"),
    "validation": ("Acknowledgment", "Report", "read_acknowledgment", "validate"),
}
_PACKAGES = ("inquiries", "synthetic")  # by which something is called, as x271.inquiries.to_x12
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f".{name}", __name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
