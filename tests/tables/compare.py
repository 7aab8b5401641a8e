"""What each cell must be by the records of the same input, read by the paths in `columns.tsv`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

import x271
from x271.normalize.record import Address
from x271.tables.columns import Column, listed

Rows = dict[str, list[dict[str, Any]]]


def rows_of(tables: x271.Tables | Mapping[str, Any]) -> Rows:
    """All tables as lists of rows, read in one pass."""
    found: Rows = {}
    for batches in [tables] if isinstance(tables, Mapping) else tables:
        for name, batch in batches.items():
            found.setdefault(name, []).extend(pa.record_batch(batch).to_pylist())
    return found


def said(value: Any) -> Any:
    """A record's value as a cell: what the answer does not say is null."""
    if isinstance(value, Address):
        value = str(value)
    return None if value == "" else value


def get(holder: Any, path: str) -> Any:
    """The value at a path; None where a part of the way is not there."""
    for name in path.split("."):
        if holder is None:
            return None
        holder = getattr(holder, name)
    return holder


def fields(table: str, prefix: str = "") -> list[Column]:
    """The columns of a table or of a list's items, without those of lists in them."""
    inside = [one for one in listed() if one.table == table and one.column.startswith(prefix)]
    return [one for one in inside if "." not in one.column.removeprefix(prefix)]


def cell(one: Column, holder: Any) -> Any:
    """What the cell must hold."""
    value = get(holder, one.value)
    if one.type == "list count":
        return [place.segment for place in value]
    if one.type.startswith("list "):
        return list(value or ())
    if one.type == "list":
        inner = fields(one.table, f"{one.column}.")
        return [{name(field): item_cell(field, item) for field in inner} for item in value]
    return said(value)


def item_cell(one: Column, item: Any) -> Any:
    if one.value.isdigit():  # a delivery's elements are numbered, as sent
        return said((*item.elements, *[""] * 8)[int(one.value) - 1])
    return cell(one, item)


def name(one: Column) -> str:
    return one.column.rpartition(".")[2]


def check(table: str, row: dict[str, Any], holder: Any) -> None:
    """Compares every cell of a row that its holder has; a number may stand in `raw_values` instead."""
    raw = {item["column"]: item["value"] for item in row.get("raw_values", ())}
    for one in fields(table):
        if not one.value:
            continue
        found, expected = row[one.column], cell(one, holder)
        if one.column in raw:
            assert found is None, one.column
            if expected is not None:  # a text that is no number is in no record
                assert Decimal(raw[one.column]) == expected, one.column
        else:
            assert found == expected, one.column


def compare(rows: Rows, records: list[x271.Eligibility]) -> None:
    """The tables say what the records say, row by row."""
    keys = [row["key"] for row in rows["eligibility"]]
    assert len(keys) == len(set(keys)) == len(records)
    below = {
        table: {key: [row for row in rows[table] if row["key"] == key] for key in keys}
        for table in ("benefits", "rejections", "findings")
    }
    for key, row, record in zip(keys, rows["eligibility"], records, strict=True):
        check("eligibility", row, record)
        echoes = [trace.number for trace in record.traces if trace.kind == "2"]
        assert row["trace"] == said(next(iter(echoes), ""))
        _check_benefits(below["benefits"][key], record)
        _check_rejections(below["rejections"][key], record)
        assert [one["finding"] for one in below["findings"][key]] == list(range(1, len(record.findings) + 1))
        for one, finding in zip(below["findings"][key], record.findings, strict=True):
            check("findings", one, finding)


def _check_benefits(rows: list[dict[str, Any]], record: x271.Eligibility) -> None:
    assert len(rows) == len(record.benefits)
    for row, benefit in zip(rows, record.benefits, strict=True):
        check("benefits", row, benefit)
        *_, number, repetition = benefit.record_id.split("-")
        assert (row["benefit"], row["repetition"]) == (int(number), int(repetition))


def _check_rejections(rows: list[dict[str, Any]], record: x271.Eligibility) -> None:
    under = {
        rejection.position: int(benefit.record_id.split("-")[-2])
        for benefit in record.benefits
        for rejection in benefit.rejections
    }
    assert len(rows) == len(record.rejections)
    for number, (row, rejection) in enumerate(zip(rows, record.rejections, strict=True), start=1):
        check("rejections", row, rejection)
        assert row["rejection"] == number
        assert row["benefit"] == under.get(rejection.position)
    primary = [row["code"] for row in rows if row["is_primary"]]
    assert primary == ([said(record.request_status.code)] if record.rejected else [])
