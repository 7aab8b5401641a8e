"""The list of columns, and the schemas made from it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from x271.normalize import integrex
from x271.tables.columns import SCHEMAS, TABLES, listed


def test_every_column_is_listed_once_and_has_a_description() -> None:
    names = [(one.table, one.column) for one in listed()]
    assert len(names) == len(set(names))
    assert all(one.description for one in listed())
    assert list(dict.fromkeys(table for table, _ in names)) == list(TABLES)


def test_each_integrex_field_of_the_answer_has_a_column_with_its_value() -> None:
    columns = {one.integrex: one.value for one in listed() if one.integrex}
    fields = {row["field"]: row["value"] for row in integrex.table() if row["value"]}
    assert columns == fields


@pytest.mark.parametrize("name", TABLES)
def test_a_schema_has_the_columns_that_are_listed(name: str) -> None:
    schema = pa.schema(SCHEMAS[name])
    assert schema.metadata == {b"x271.table": name.encode()}
    assert dict(_flat(schema)) == {
        one.column: (_type(one.type), _about(one)) for one in listed() if one.table == name
    }
    assert schema.names == [one.column for one in listed() if one.table == name and "." not in one.column]


def _flat(fields: Any, before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for field in fields:
        name = f"{before}{field.name}"
        is_structs = pa.types.is_list(field.type) and pa.types.is_struct(field.type.value_type)
        found.append((name, ("list" if is_structs else field.type, field.metadata or {})))
        if is_structs:
            found += _flat(field.type.value_type.fields, f"{name}.")
    return found


def _about(one: Any) -> dict[bytes, bytes]:
    about = {"x12": one.x12, "integrex": one.integrex, "description": one.description}
    return {name.encode(): text.encode() for name, text in about.items() if text}


def _type(written: str) -> Any:
    kind, _, of = written.partition(" ")
    if kind == "list":
        return pa.list_(pa.field("item", _type(of), nullable=False)) if of else "list"
    return {
        "text": pa.string(),
        "words": pa.dictionary(pa.int16(), pa.string()),
        "money": pa.decimal128(18, 2),
        "number": pa.decimal128(18, 4),
        "fraction": pa.decimal128(18, 6),
        "date": pa.date32(),
        "flag": pa.bool_(),
        "count": pa.int32(),
        "offset": pa.int64(),
    }[kind]
