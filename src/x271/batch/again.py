"""The list of what was refused: written by a run, and read to run just those documents again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import Position, UsageError, X271Error

Only = frozenset[tuple[str, int]]  # a document's name, and its line in JSON Lines (0 for all else)


def refusal(name: str, line: int, error: X271Error) -> bytes:
    """One line of `refused.jsonl`: where, which code, and how to mend it; nothing of what the document says."""
    position = error.position or Position()
    said: dict[str, Any] = {
        "source": name,
        "record": line or None,
        "line": position.line,
        "column": position.column,
        "segment": position.segment,
        "offset": position.offset,
        "code": error.code,
        "message": str(error),
        "hint": error.hint,
    }
    return json.dumps(said, ensure_ascii=True).encode() + b"\n"


def read(path: Path) -> Only:
    """The documents that a list of refusals names.

    Raises:
        UsageError: `UNREADABLE_FILE`, or `BAD_OPTION` for another file.
    """
    problem = UsageError("BAD_OPTION", position=Position(key="again"), detail="a refused.jsonl is expected")
    try:
        rows = [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        return frozenset((str(row["source"]), int(row["record"] or 0)) for row in rows)
    except OSError:
        problem = UsageError("UNREADABLE_FILE", position=Position(key="again"))
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise problem


def sources(only: Only) -> tuple[str, ...]:
    """The outermost files of these documents, by name."""
    return tuple(sorted({name.partition("!")[0] for name, _ in only}))


class Wanted:
    """Which documents are meant, if not all. A refused archive stands for all that is in it."""

    def __init__(self, only: Only | None) -> None:
        self._only = only
        self._on_the_way = {part for name, _ in only or () for part in _around(name)}
        self._whole = {name for name, line in only or () if line == 0}

    def may_hold(self, name: str) -> bool:
        """Whether something of that name is wanted, or may hold what is."""
        return self._only is None or name in self._on_the_way or self._is_in_whole(name)

    def has(self, name: str, line: int) -> bool:
        """Whether this document is wanted."""
        return self._only is None or (name, line) in self._only or self._is_in_whole(name)

    def _is_in_whole(self, name: str) -> bool:
        return not self._whole.isdisjoint(_around(name))


def _around(name: str) -> list[str]:
    """A document's name, and those of the archives around it."""
    parts = name.split("!")
    return ["!".join(parts[: count + 1]) for count in range(len(parts))]
