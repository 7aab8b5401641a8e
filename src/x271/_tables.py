"""Reads the package's own tables: tab-separated text with a header row, `#` lines are comments."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def _package() -> Traversable:
    return files("x271")


def read_text(path: str) -> str:
    """The text of a file of this package, such as `codes/eb06_time_period.tsv`."""
    return _package().joinpath(path).read_text(encoding="utf-8")


def read_table(path: str) -> list[dict[str, str]]:
    """The rows of one of our own tables, each a dict by column name; missing cells are empty text."""
    lines = [line for line in read_text(path).split("\n") if line and not line.startswith("#")]
    header = lines[0].split("\t")
    rows = (line.split("\t") for line in lines[1:])
    return [dict(zip(header, row + [""] * (len(header) - len(row)), strict=False)) for row in rows]
