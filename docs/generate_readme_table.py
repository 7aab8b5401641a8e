"""Writes README's table of what others drop from `tests/variants.py`: `python docs/generate_readme_table.py`.

With --check it only says, by the exit code 1, that the table is stale. It stands between two marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from marked import between, write

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- variants -->\n", "<!-- /variants -->"


def table() -> str:
    """The table of all variants, a row each."""
    sys.path.insert(0, str(ROOT / "tests"))
    from variants import VARIANTS

    rows = ["| what senders do | others | x271 reports |", "| --- | --- | --- |"]
    for variant in VARIANTS.values():
        reported = ", ".join(f"`{code}`" for code in sorted(variant.findings)) or "nothing"
        cells = (variant.title, variant.others, reported)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def with_table(text: str) -> str:
    """README's text with the table between the marks."""
    return between(text, BEGIN, END, table())


def main(arguments: list[str]) -> int:
    """Writes the table, or with --check says whether it is stale."""
    return write(README, with_table, "generate_readme_table", arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
