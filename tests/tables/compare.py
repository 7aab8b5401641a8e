"""The tables say what the records say, cell by cell: `x271.testing.cells`, which the pytest plugin uses, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import x271
from x271.testing import cells


def rows_of(tables: x271.Tables | Mapping[str, Any]) -> cells.Rows:
    """All tables as lists of rows, read in one pass."""
    return cells.rows_of([tables] if isinstance(tables, Mapping) else tables)


def compare(rows: cells.Rows, records: list[x271.Eligibility]) -> None:
    """The tables say what the records say, row by row."""
    assert list(cells.unlike(rows, records)) == []
