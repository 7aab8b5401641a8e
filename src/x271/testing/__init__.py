"""For other people's tests: hypothesis strategies for answers, questions and acknowledgements, sound and damaged, the
invariants that hold for every document, `assert_same_record`, and the pytest plugin.

`docs/testing.md` and `docs/pytest.md` show them. They need the extra `testing`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .acknowledging import acknowledgements
    from .answering import benefits, people, rejections, responses
    from .asking import inquiries, spoiled_inquiries
    from .asserting import assert_same_record
    from .bundling import interchanges
    from .damaging import Damaged, cuts, damaged, mangled
    from .document import Document
    from .faults import FAULTS, Fault
    from .invariants import INVARIANTS, Broken, Invariant, broken
    from .ppmd import ppmd_results
    from .wild import wild_json, wild_questions, wild_responses, wild_values, wild_xml

__all__ = [
    "FAULTS",
    "INVARIANTS",
    "Broken",
    "Damaged",
    "Document",
    "Fault",
    "Invariant",
    "acknowledgements",
    "assert_same_record",
    "benefits",
    "broken",
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

# pytest loads the plugin beside this module in every run, so what is here is loaded when somebody first names it.
_HOMES = {
    "acknowledging": ("acknowledgements",),
    "answering": ("benefits", "people", "rejections", "responses"),
    "asking": ("inquiries", "spoiled_inquiries"),
    "asserting": ("assert_same_record",),
    "bundling": ("interchanges",),
    "damaging": ("Damaged", "cuts", "damaged", "mangled"),
    "document": ("Document",),
    "faults": ("FAULTS", "Fault"),
    "invariants": ("INVARIANTS", "Broken", "Invariant", "broken"),
    "ppmd": ("ppmd_results",),
    "wild": ("wild_json", "wild_questions", "wild_responses", "wild_values", "wild_xml"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
