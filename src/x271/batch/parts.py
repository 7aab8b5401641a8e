"""Where a unit's rows go before they are put together: files that are whole or not there, or memory."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ..errors import UsageError

LINES = "lines"  # the table of JSON Lines
Sizes = dict[str, int]  # of a unit's parts, by their path in the folder


class Folder:
    """The folder of an unfinished run, `.OUT.x271-part` beside OUT.

    `parts/TABLE/part-NUMBER` are the rows of a unit, `refused/part-NUMBER` its refusals, `whole/` is what is put
    together of them until it gets its own name, `journal.jsonl` says what is finished.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / "parts"
        self.refused = path / "refused"
        self.whole = path / "whole"
        self.journal = path / "journal.jsonl"

    @contextmanager
    def part(self, kind: str, number: int, suffix: str, sizes: Sizes) -> Iterator[IO[bytes]]:
        """Writes one part: durable and whole under its name at the end, else not there; notes its size."""
        folder = self.refused if kind == "refused" else self.parts / kind
        path = folder / f"part-{number:08}{suffix}"
        with written(path) as file:
            yield file
            sizes[path.relative_to(self.path).as_posix()] = file.tell()

    def has(self, sizes: Sizes) -> bool:
        """Whether these parts are there."""
        return all(_size(self.path / name) == size for name, size in sizes.items())


class Memory:
    """Parts that go to stdout: kept until it is their turn."""

    def __init__(self) -> None:
        self.lines = b""

    @contextmanager
    def part(self, kind: str, number: int, suffix: str, sizes: Sizes) -> Iterator[IO[bytes]]:
        buffer = io.BytesIO()
        yield buffer
        self.lines = buffer.getvalue()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is whole and on the disk."""
    there = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with there.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        there.replace(path)
        sync(path.parent)
    except BaseException:
        there.unlink(missing_ok=True)
        raise


def sync(folder: Path) -> None:
    """Makes the names in a folder durable, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def alone(folder: Folder) -> Iterator[None]:
    """Keeps a second process from the same folder; the system ends that when the process ends, however it ends.

    Raises:
        UsageError: `RUN_IN_PROGRESS`.
    """
    with (folder.path / "lock").open("wb") as lock:
        taken = True
        with suppress(ImportError):
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                taken = False
        if not taken:
            raise UsageError("RUN_IN_PROGRESS")
        yield
