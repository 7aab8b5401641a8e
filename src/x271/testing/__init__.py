"""For other people's tests: `assert_same_record`, the invariants that hold for every document, the pytest plugin.

`docs/pytest.md` shows them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .asserting import assert_same_record
    from .invariants import INVARIANTS, Broken, Invariant, broken

__all__ = ["INVARIANTS", "Broken", "Invariant", "assert_same_record", "broken"]

# pytest loads the plugin beside this module in every run, so what is here is loaded when somebody first names it.
_HOMES = {
    "asserting": ("assert_same_record",),
    "invariants": ("INVARIANTS", "Broken", "Invariant", "broken"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
