"""What is finished of a run, on the disk, so that it can go on after it was killed.

One JSON line for each thing that is finished, added only after its parts are on the disk. A last line that was
cut by the end of the process counts for nothing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, Any

from ..errors import UsageError
from .parts import Part, sync
from .tally import Tally
from .work import Done


class Journal:
    """The journal of one run; `finished` are the units that need not be done again, by number.

    Attributes:
        is_published: the whole was put together, and was about to get its own name.
    """

    def __init__(self, path: Path, settings: dict[str, str]) -> None:
        """Opens a journal, or begins one.

        Raises:
            UsageError: `OTHER_RUN`.
        """
        self.finished: dict[int, Done] = {}
        self.is_published = False
        whole = self._read(path.read_bytes(), settings) if path.exists() else 0
        self._file: IO[bytes] = path.open("ab")
        self._file.truncate(whole)
        if not whole:
            self._add({"settings": settings})
            sync(path.parent)

    def add(self, done: Done) -> None:
        """Notes that a unit is done."""
        self.finished[done.number] = done
        counts = {"weight": done.weight, "tally": done.tally.values(), "parts": done.parts}
        self._add({"unit": done.number, "print": done.print, **counts})

    def publish(self) -> None:
        """Notes that the whole is put together and gets its own name next."""
        self.is_published = True
        self._add({"published": True})

    def close(self) -> None:
        self._file.close()

    def _add(self, row: dict[str, Any]) -> None:
        self._file.write(json.dumps(row).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _read(self, data: bytes, settings: dict[str, str]) -> int:
        """Takes in what the journal says; gives how many bytes of it are whole lines."""
        whole = 0
        for line in data.splitlines(keepends=True):
            row = _row(line)
            if row is None:
                break
            whole += len(line)
            if "settings" in row:
                others = [name for name in settings if row["settings"].get(name) != settings[name]]
                if others:
                    raise UsageError("OTHER_RUN", detail=f"{', '.join(others)} differ")
            elif "unit" in row:
                tally = Tally.of(row["tally"])
                parts = [Part(*part) for part in row["parts"]]
                self.finished[row["unit"]] = Done(
                    row["unit"], row["print"], row["weight"], tally, parts=parts
                )
            else:
                self.is_published = True
        return whole


def _row(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
