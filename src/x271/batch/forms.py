"""The forms of a run's output, by the name of the file: how the parts are put together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import Position, UsageError
from .parts import LINES, Folder, Part, written
from .settings import Settings

ALL = "all"
SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".duckdb": "duckdb",
    "": "folder",
}


def form(out: Path) -> str:
    """The form that a file's name asks for; a name without an ending is a folder.

    Raises:
        UsageError: `BAD_OPTION`.
    """
    known = SUFFIXES.get(out.suffix.lower())
    if known is None:
        endings = ", ".join(suffix for suffix in SUFFIXES if suffix)
        detail = f"the name ends in one of {endings}, or in none of them for a folder"
        raise UsageError("BAD_OPTION", position=Position(key="out"), detail=detail)
    return known


def tables(form: str, table: str | None) -> tuple[str, ...]:
    """The tables that are written: by default the first in a file of one table, all in what holds several.

    Raises:
        UsageError: `BAD_OPTION`.
    """
    from ..tables.columns import TABLES

    if form == "jsonl":
        if table is not None:
            raise UsageError("BAD_OPTION", position=Position(key="table"), detail="JSON Lines hold records")
        return ()
    if table in TABLES:
        return (table,)
    if table not in (None, ALL):
        detail = f"one of {', '.join(TABLES)} or {ALL} is expected"
        raise UsageError("BAD_OPTION", position=Position(key="table"), detail=detail)
    return TABLES if table == ALL or form in ("duckdb", "folder") else TABLES[:1]


def assemble(settings: Settings, folder: Folder, parts: Iterable[Part], name: str) -> None:
    """Puts the parts together, in the order given, under `name` in `folder.whole`."""
    if settings.form == "jsonl":
        with written(folder.whole / name) as whole:
            for part in parts:
                if part.kind == LINES:
                    folder.copy(part, whole)
        return
    from . import columns

    columns.assemble(settings, folder, parts, name)
