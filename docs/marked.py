"""What the programs here that write tables into a page share: the text between two marks, and whether it is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path


def between(text: str, begin: str, end: str, body: str) -> str:
    """A page's text with `body` between the marks.

    Raises:
        ValueError: the page has not each mark once.
    """
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"the page needs {begin.strip()} and {end.strip()}, each once")
    before, rest = text.split(begin)
    return f"{before}{begin}{body}{end}{rest.split(end)[1]}"


def write(page: Path, make: Callable[[str], str], program: str, arguments: list[str]) -> int:
    """Writes what `make` makes of the page's text, or with --check says whether the page is stale; the exit code."""
    text = page.read_text(encoding="utf-8")
    made = make(text)
    if "--check" not in arguments:
        page.write_text(made, encoding="utf-8")
    elif made != text:
        sys.stderr.write(f"the tables in {page.name} are stale: run python docs/{program}.py\n")
        return 1
    return 0
