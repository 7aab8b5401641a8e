"""Writes the tables of vendors' fields into requests.md and shapes.md: `python docs/generate_vendor_tables.py`.

They are made of the package's own tables, and stand between marks such as `<!-- inquiries/vsee.tsv -->`. With --check
it only says, by the exit code 1, which page is stale.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from marked import write

from x271._tables import read_table

DOCS = Path(__file__).parent
PAGES = ("requests.md", "shapes.md")
MARK = re.compile(r"<!-- ((?:inquiries|shapes)/\w+\.tsv) -->\n.*?<!-- end -->\n", re.DOTALL)
WHEN = {"": "", "self": "the patient holds the plan", "other": "the patient is a dependent"}


def request_table(path: str) -> list[tuple[str, ...]]:
    """Where each field of a request goes."""
    rows = read_table(path)
    is_split = len(Counter(row["when"] for row in rows)) > 1
    head = ("field", "if", "270") if is_split else ("field", "270")
    made = [head]
    for row in rows:
        names = [f"`{name}`" for name in row["field"].replace("{which}", "primary").split("|")]
        field = f"{names[0]}, else {names[1]}" if names[1:] else names[0]
        made.append((field, WHEN[row["when"]], row["place"]) if is_split else (field, row["place"]))
    return made


def shape_table(path: str) -> list[tuple[str, ...]]:
    """Where each field of a shape comes from."""
    return [
        ("field", "from", "column of the batch file"),
        *((f"`{row['field']}`", row["place"], "yes" if row["batch"] else "") for row in read_table(path)),
    ]


def words_table(path: str) -> list[tuple[str, ...]]:
    """A table as it is, its first row the names of the columns."""
    rows = read_table(path)
    return [tuple(rows[0]), *(tuple(f"`{cell}`" if cell else "" for cell in row.values()) for row in rows)]


def table(path: str) -> str:
    """The table of a file in Markdown."""
    columns = read_table(path)[0]
    made = (
        request_table(path)
        if "when" in columns
        else shape_table(path)
        if "batch" in columns
        else words_table(path)
    )
    head, *rows = [f"| {' | '.join(row)} |" for row in made]
    return "\n".join([head, "|" + " --- |" * len(made[0]), *rows])


def with_tables(text: str) -> str:
    """The page's text with the tables between their marks."""
    return MARK.sub(lambda mark: f"<!-- {mark[1]} -->\n\n{table(mark[1])}\n\n<!-- end -->\n", text)


def main(arguments: list[str]) -> int:
    """Writes the tables, or with --check says which page is stale."""
    pages = [DOCS / name for name in PAGES]
    return max(write(page, with_tables, "generate_vendor_tables", arguments) for page in pages)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
