"""Writes the columns in tables.md from `src/x271/tables/columns.tsv`: `python docs/generate_tables_page.py`.

With --check it only says, by the exit code 1, that the page is stale. The tables stand between two marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from marked import between, write

from x271.tables.columns import TABLES, Column, listed

PAGE = Path(__file__).parent / "tables.md"
BEGIN, END = "<!-- columns, written by generate_tables_page.py -->\n", "<!-- end of columns -->\n"
TYPES = {
    "text": "text",
    "words": "dictionary of text",
    "money": "decimal(18, 2)",
    "number": "decimal(18, 4)",
    "fraction": "decimal(18, 6)",
    "date": "date",
    "flag": "bool",
    "count": "int32",
    "offset": "int64",
}


def type_of(written: str) -> str:
    """What Arrow calls a type of the list."""
    kind, _, of = written.partition(" ")
    if kind == "list":
        return f"list of {type_of(of)}" if of else "list of"
    return TYPES[kind]


def row(one: Column) -> str:
    """A column's line; the fields of a list's items stand below it."""
    depth = one.column.count(".")
    name = "&nbsp;" * 4 * depth + f"`{one.column.rpartition('.')[2]}`"
    integrex = f"`{one.integrex}`" if one.integrex else ""
    cells = (name, type_of(one.type), one.x12, integrex, one.description)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("*", "\\*") for cell in cells) + " |\n"


def columns() -> str:
    """All columns, a table each."""
    made = ""
    for table in TABLES:
        made += f"### {table}\n\n| column | type | X12 | Integrex | what it is |\n| --- | --- | --- | --- | --- |\n"
        made += "".join(row(one) for one in listed() if one.table == table) + "\n"
    return made


def with_columns(text: str) -> str:
    """The page's text with the columns between the marks."""
    return between(text, BEGIN, END, f"\n{columns()}")


def main(arguments: list[str]) -> int:
    """Writes the columns, or with --check says whether they are stale."""
    return write(PAGE, with_columns, "generate_tables_page", arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
