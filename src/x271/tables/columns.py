"""What the tables' columns are: the rows of `columns.tsv`, and each table's schema."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .. import _core
from .._tables import read_table

TABLES = ("eligibility", "benefits", "rejections", "findings")

# Per table what pyarrow.schema and others read: the object has __arrow_c_schema__. Each field's metadata say where the
# value comes from (`x12`), what Integrex calls it (`integrex`) and what it is (`description`).
SCHEMAS = {name: _core.Schema(name) for name in TABLES}


class Column(NamedTuple):
    """One column, or one field of a list's items (`dates.start`).

    Attributes:
        type: text, words TABLE, money, number, fraction, date, flag, count, offset, list, or list TYPE.
        value: where a record (`x271.Eligibility`, `x271.Benefit` and so on) has it; empty if it has not.
        x12: the elements that it comes from.
        integrex: its name in Integrex's response, if it has one.
    """

    table: str
    column: str
    type: str
    value: str
    x12: str
    integrex: str
    description: str


@lru_cache(maxsize=1)
def listed() -> tuple[Column, ...]:
    """Every column of every table, in order."""
    return tuple(Column(**row) for row in read_table("tables/columns.tsv"))
