"""For other people's tests: hypothesis strategies for answers, questions and acknowledgements, sound and damaged.

`docs/testing.md` shows them. They need the extra `testing`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .acknowledging import acknowledgements
    from .answering import benefits, people, rejections, responses
    from .asking import inquiries, spoiled_inquiries
    from .bundling import interchanges
    from .damaging import Damaged, cuts, damaged, mangled
    from .document import Document
    from .faults import FAULTS, Fault
    from .ppmd import ppmd_results
    from .wild import wild_json, wild_questions, wild_responses, wild_values, wild_xml

__all__ = [
    "FAULTS",
    "Damaged",
    "Document",
    "Fault",
    "acknowledgements",
    "benefits",
    "cuts",
    "damaged",
    "inquiries",
    "interchanges",
    "mangled",
    "people",
    "ppmd_results",
    "rejections",
    "responses",
    "spoiled_inquiries",
    "wild_json",
    "wild_questions",
    "wild_responses",
    "wild_values",
    "wild_xml",
]

# What is here is loaded when somebody first names it.
_HOMES = {
    "acknowledging": ("acknowledgements",),
    "damaging": ("Damaged", "cuts", "damaged", "mangled"),
    "document": ("Document",),
    "faults": ("FAULTS", "Fault"),
    "asking": ("inquiries", "spoiled_inquiries"),
    "bundling": ("interchanges",),
    "ppmd": ("ppmd_results",),
    "wild": ("wild_json", "wild_questions", "wild_responses", "wild_values", "wild_xml"),
    "answering": ("benefits", "people", "rejections", "responses"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
