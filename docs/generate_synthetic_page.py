"""Writes the scenarios in synthetic.md from `src/x271/synthetic/scenarios/`: `python docs/generate_synthetic_page.py`.

With --check it only says, by the exit code 1, that the page is stale. The tables stand between two marks.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from marked import between, write

from x271.synthetic import Scenario, scenarios

PAGE = Path(__file__).parent / "synthetic.md"
BEGIN = "<!-- scenarios, written by generate_synthetic_page.py -->\n"
END = "<!-- end of scenarios -->\n"


def headings() -> list[tuple[str, list[str]]]:
    """The files' first lines, which say what is in them, and the names of their scenarios."""
    found = []
    folder = files("x271").joinpath("synthetic", "scenarios")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        lines = file.read_text(encoding="utf-8").split("\n")
        comment = []
        for line in lines:
            if not line.startswith("#"):
                break
            comment.append(line.removeprefix("#").strip())
        names = [one for one in scenarios() if f"[{one}]" in lines or f"[[{one}.answer]]" in lines]
        found.append((" ".join(comment).partition(". ")[0].rstrip(".") + ".", names))
    return found


def row(one: Scenario) -> str:
    """A scenario's line."""
    cells = (f"`{one.name}`", one.shows, one.gives)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("*", "\\*") for cell in cells) + " |\n"


def tables() -> str:
    """A table for each file of scenarios."""
    made = ""
    for text, names in headings():
        of = ", ".join(scenarios()[names[0]].kinds)
        made += f"### {text.rstrip('.')}\n\nFor {of}.\n\n"
        made += "| scenario | what it shows | what it must give |\n| --- | --- | --- |\n"
        made += "".join(row(scenarios()[name]) for name in names) + "\n"
    return made


def with_tables(text: str) -> str:
    """The page's text with the tables between the marks."""
    return between(text, BEGIN, END, f"\n{tables()}")


def main(arguments: list[str]) -> int:
    """Writes the tables, or with --check says whether they are stale."""
    return write(PAGE, with_tables, "generate_synthetic_page", arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
