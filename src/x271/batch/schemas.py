"""The tables' schemas as they stand in files: with metadata in order, so that the same rows are the same bytes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..tables.columns import SCHEMAS

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def schema(table: str) -> pa.Schema:
    """The schema of a table."""
    import pyarrow as pa

    given = pa.schema(SCHEMAS[table])
    return pa.schema([_ordered(field) for field in given], dict(sorted((given.metadata or {}).items())))


def _ordered(field: pa.Field) -> pa.Field:
    import pyarrow as pa

    kind = field.type
    if pa.types.is_list(kind):
        kind = pa.list_(_ordered(kind.value_field))
    elif pa.types.is_struct(kind):
        kind = pa.struct([_ordered(kind.field(number)) for number in range(kind.num_fields)])
    return pa.field(field.name, kind, field.nullable, dict(sorted((field.metadata or {}).items())))
