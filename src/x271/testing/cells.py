"""What each cell of the tables must be by the records of the same input, read by the paths in `columns.tsv`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..normalize.eligibility import Eligibility
from ..normalize.record import Address
from ..tables.columns import Column, listed

Rows = dict[str, list[dict[str, Any]]]


def rows_of(tables: Iterable[Mapping[str, Any]]) -> Rows:
    """All tables as lists of rows, read in one pass. Needs pyarrow."""
    import pyarrow as pa

    found: Rows = {}
    for batches in tables:
        for name, batch in batches.items():
            found.setdefault(name, []).extend(pa.record_batch(batch).to_pylist())
    return found


def unlike(rows: Rows, records: list[Eligibility]) -> Iterator[str]:
    """The cells that do not say what the records say: `benefits[3].amount`."""
    keys = [row["key"] for row in rows["eligibility"]]
    if not len(keys) == len(set(keys)) == len(records):
        yield f"{len(records)} records, {len(keys)} rows, {len(set(keys))} keys"
        return
    below: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for table in ("benefits", "rejections", "findings"):
        below[table] = {key: [] for key in keys}
        for row in rows[table]:
            below[table].setdefault(row["key"], []).append(row)
    for number, (row, record) in enumerate(zip(rows["eligibility"], records, strict=True)):
        yield from _cells(f"eligibility[{number}]", "eligibility", row, record)
        echoes = [trace.number for trace in record.traces if trace.kind == "2"]
        if row["trace"] != _said(next(iter(echoes), "")):
            yield f"eligibility[{number}].trace"
        at = f"record {number + 1}, "
        yield from _of_benefits(at, below["benefits"][row["key"]], record)
        yield from _of_rejections(at, below["rejections"][row["key"]], record)
        yield from _of_findings(at, below["findings"][row["key"]], record)


def _of_benefits(at: str, rows: list[dict[str, Any]], record: Eligibility) -> Iterator[str]:
    if len(rows) != len(record.benefits):
        yield f"{at}{len(record.benefits)} benefits, {len(rows)} rows"
        return
    for number, (row, benefit) in enumerate(zip(rows, record.benefits, strict=True)):
        yield from _cells(f"{at}benefits[{number}]", "benefits", row, benefit)
        *_, eb, repetition = benefit.record_id.split("-")
        if (row["benefit"], row["repetition"]) != (int(eb), int(repetition)):
            yield f"{at}benefits[{number}].record_id"


def _of_rejections(at: str, rows: list[dict[str, Any]], record: Eligibility) -> Iterator[str]:
    if len(rows) != len(record.rejections):
        yield f"{at}{len(record.rejections)} rejections, {len(rows)} rows"
        return
    under = {
        rejection.position: int(benefit.record_id.split("-")[-2])
        for benefit in record.benefits
        for rejection in benefit.rejections
    }
    for number, (row, rejection) in enumerate(zip(rows, record.rejections, strict=True)):
        yield from _cells(f"{at}rejections[{number}]", "rejections", row, rejection)
        if (row["rejection"], row["benefit"]) != (number + 1, under.get(rejection.position)):
            yield f"{at}rejections[{number}]"
    primary = [row["code"] for row in rows if row["is_primary"]]
    if primary != ([_said(record.request_status.code)] if record.rejected else []):
        yield f"{at}the primary rejection"


def _of_findings(at: str, rows: list[dict[str, Any]], record: Eligibility) -> Iterator[str]:
    if [row["finding"] for row in rows] != list(range(1, len(record.findings) + 1)):
        yield f"{at}{len(record.findings)} findings, {len(rows)} rows"
        return
    for number, (row, finding) in enumerate(zip(rows, record.findings, strict=True)):
        yield from _cells(f"{at}findings[{number}]", "findings", row, finding)


def _cells(at: str, table: str, row: dict[str, Any], holder: Any) -> Iterator[str]:
    """Compares every cell of a row that its holder has; a number may stand in `raw_values` instead."""
    raw = {item["column"]: item["value"] for item in row.get("raw_values", ())}
    for one in _fields(table):
        if not one.value:
            continue
        found, expected = row[one.column], _cell(one, holder)
        if one.column in raw:
            # A text that is no number is in no record.
            is_right = found is None and (expected is None or Decimal(raw[one.column]) == expected)
        else:
            is_right = bool(found == expected)
        if not is_right:
            yield f"{at}.{one.column}"


def _fields(table: str, prefix: str = "") -> list[Column]:
    """The columns of a table or of a list's items, without those of lists in them."""
    inside = [one for one in listed() if one.table == table and one.column.startswith(prefix)]
    return [one for one in inside if "." not in one.column.removeprefix(prefix)]


def _cell(one: Column, holder: Any) -> Any:
    """What the cell must hold."""
    value = _get(holder, one.value)
    if one.type == "list count":
        return [place.segment for place in value]
    if one.type.startswith("list "):
        return list(value or ())
    if one.type == "list":
        inner = _fields(one.table, f"{one.column}.")
        return [{_name(field): _item_cell(field, item) for field in inner} for item in value]
    return _said(value)


def _item_cell(one: Column, item: Any) -> Any:
    if one.value.isdigit():  # a delivery's elements are numbered, as sent
        return _said((*item.elements, *[""] * 8)[int(one.value) - 1])
    return _cell(one, item)


def _get(holder: Any, path: str) -> Any:
    """The value at a path; None where a part of the way is not there."""
    for name in path.split("."):
        if holder is None:
            return None
        holder = getattr(holder, name)
    return holder


def _said(value: Any) -> Any:
    """A record's value as a cell: what the answer does not say is null."""
    if isinstance(value, Address):
        value = str(value)
    return None if value == "" else value


def _name(one: Column) -> str:
    return one.column.rpartition(".")[2]
