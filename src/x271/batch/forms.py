"""The forms of a run's output, by the name of the file: how the parts are put together."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..errors import Position, UsageError
from .parts import Folder, written
from .settings import Settings

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


def kinds(settings: Settings) -> tuple[str, ...]:
    """The folders that parts are in."""
    return settings.tables or ("lines",)


def assemble(settings: Settings, folder: Folder, parts: list[str]) -> None:
    """Puts the parts together as `folder.whole`, in the order given."""
    named = [folder.path / name for name in parts if name.startswith("parts/")]
    if settings.form == "jsonl":
        with written(folder.whole) as whole:
            for part in named:
                with part.open("rb") as file:
                    shutil.copyfileobj(file, whole)
        return
    from . import columns

    columns.assemble(settings, folder, named)
