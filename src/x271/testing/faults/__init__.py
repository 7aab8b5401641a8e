"""The field's real faults: a table of them, and what does each to a document."""

from .catalogue import FAULTS, Fault

__all__ = ["FAULTS", "Fault"]
