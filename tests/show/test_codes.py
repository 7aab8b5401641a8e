"""The tables of `x271 codes`: for scripts as text, for eyes as a rich table."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from x271 import UsageError, codes
from x271.show.codes import everything, listing, near, one, render, text


def drawn(table: object, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_everything_lists_each_table_with_its_size() -> None:
    rows = {name: int(count) for name, _, count in everything().rows}
    assert set(codes.tables()) < set(rows)
    assert rows["fields"] == 74
    assert rows["EB01"] == len(codes.lookup("EB01"))


@pytest.mark.parametrize("name", [row[0] for row in everything().rows])
def test_every_table_can_be_written_and_drawn(name: str) -> None:
    table = listing(name)
    lines = text(table).splitlines()
    assert len(lines) == len(table.rows) + 1 > 1
    assert {line.count("\t") for line in lines} == {len(table.columns) - 1}
    assert len({row[0] for row in table.rows}) == len(table.rows)
    assert table.rows[0][0] in drawn(render(table))


@pytest.mark.parametrize("name", [row[0] for row in everything().rows])
def test_every_row_can_be_shown_alone(name: str) -> None:
    table = listing(name)
    for row in table.rows:
        shown = one(table, row[0])
        assert shown is not None
        assert shown.rows[0][1] == row[0]


def test_the_case_of_a_table_s_name_does_not_matter() -> None:
    assert listing("eb03") == listing("EB03")
    assert listing("Fields") == listing("fields")


def test_a_code_is_looked_up_as_written_and_then_in_upper_case() -> None:
    assert one(listing("EB01"), "cb") == one(listing("EB01"), "CB")
    shown = one(listing("errors"), "no_patient")
    assert shown is not None
    assert ("meaning", "the answer names no patient") in shown.rows


def test_one_code_shows_what_else_is_known_of_it() -> None:
    shown = one(listing("AAA03"), "72")
    assert shown is not None
    assert ("description", "Invalid/Missing Subscriber/Insured ID") in shown.rows
    assert ("tr3_2100C", "Y") in shown.rows


def test_an_unknown_table_is_refused_with_near_names() -> None:
    with pytest.raises(UsageError, match=r"UNKNOWN_TABLE.*EB03"):
        listing("EB3")
    with pytest.raises(UsageError, match="UNKNOWN_TABLE"):
        listing("qqqqqqq")


def test_an_unknown_code_has_no_row_and_maybe_near_ones() -> None:
    assert one(listing("EB01"), "nonsense") is None
    assert "NO_PATIENT" in near(listing("errors"), "NO_PATIENTS")
