"""Columns: the records of many answers as four Arrow tables, joined by `key`. The list of columns is `columns.tsv`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .collector import Batches, Collector
    from .columns import SCHEMAS, TABLES
    from .read import Table, Tables, tables_of

__all__ = ["SCHEMAS", "TABLES", "Batches", "Collector", "Table", "Tables", "tables_of"]

# `import x271` imports this package, so what is in it is loaded when somebody first names it.
_HOMES = {
    "collector": ("Batches", "Collector"),
    "columns": ("SCHEMAS", "TABLES"),
    "read": ("Table", "Tables", "tables_of"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
