"""Tables as CSV, which people open in spreadsheets."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

from ..tables.columns import SCHEMAS

if TYPE_CHECKING:
    import pyarrow as pa

# What a spreadsheet takes as a formula, in its wide forms, too; but a plain number is one.
_FORMULA = "^[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]"
_NUMBER = "^[+-][0-9][0-9.,]*$"


class Csv:
    """Lists are JSON text in their cell; no header, which stands once above all parts.

    Text that a spreadsheet would run as a formula begins with an apostrophe: it comes from payers, and from whoever
    sent it to them.
    """

    def __init__(self, file: IO[bytes], table: str, *, is_raw: bool) -> None:
        """`is_raw`: text stays as it is."""
        import pyarrow as pa
        from pyarrow import csv

        fields = [
            (field.name, pa.string() if _is_nested(field) else field.type)
            for field in pa.schema(SCHEMAS[table])
        ]
        plain = [(name, kind.value_type if pa.types.is_dictionary(kind) else kind) for name, kind in fields]
        self._schema = pa.schema(plain)
        self._is_raw = is_raw
        options = csv.WriteOptions(include_header=False)
        self._writer = csv.CSVWriter(file, self._schema, write_options=options)

    def write(self, batch: pa.RecordBatch) -> None:
        import pyarrow as pa

        columns = [
            _as_text(column) if _is_nested(field) else column
            for field, column in zip(batch.schema, batch.columns, strict=True)
        ]
        cast = [column.cast(field.type) for column, field in zip(columns, self._schema, strict=True)]
        if not self._is_raw:
            cast = [_harmless(column) if pa.types.is_string(column.type) else column for column in cast]
        self._writer.write(pa.record_batch(cast, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _harmless(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    begins = pc.match_substring_regex(column, _FORMULA)
    if not pc.any(begins).as_py():
        return column
    runs = pc.and_not(begins, pc.match_substring_regex(column, _NUMBER))
    return pc.if_else(runs, pc.binary_join_element_wise("'", column, ""), column)


def _is_nested(field: pa.Field) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_nested(field.type))


def _as_text(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    values = (None if value is None else json.dumps(value, default=str) for value in column.to_pylist())
    return pa.array(values, pa.string())
