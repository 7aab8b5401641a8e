"""Where a unit's rows go before they are put together: files that only grow, files that are whole, or memory."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from ..errors import UsageError

LINES = "lines"  # the table of JSON Lines
REFUSED = "refused"
flush = getattr(os, "fdatasync", os.fsync)  # to the disk, by a file's number
_READ = 2**20


class Part(NamedTuple):
    """What a unit made of one kind.

    Attributes:
        kind: a table, `lines` or `refused`.
        file: path in the folder.
        start: where it begins in the file, bytes from 0.
        size: bytes.
    """

    kind: str
    file: str
    start: int
    size: int


class Folder:
    """The folder of an unfinished run, `.OUT.x271-part` beside OUT.

    `spools/KIND-NUMBER` are rows or refusals of the units of one worker, one after the other; if OUT is a folder,
    `parts/TABLE/part-NUMBER.parquet` are the rows of a unit. `whole/` is what is put together of them until it gets
    its own name, `journal.jsonl` says what is finished and where it stands.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / "parts"
        self.spools = path / "spools"
        self.whole = path / "whole"
        self.journal = path / "journal.jsonl"

    def has(self, parts: list[Part]) -> bool:
        """Whether these parts are there."""
        return all(_size(self.path / part.file) >= part.start + part.size for part in parts)

    def copy(self, part: Part, to: IO[bytes]) -> None:
        """Writes the bytes of a part to another file."""
        left = part.size
        with (self.path / part.file).open("rb", buffering=0) as file:
            file.seek(part.start)
            while left and (data := file.read(min(left, _READ))):
                to.write(data)
                left -= len(data)


class Parts(Protocol):
    """Takes the parts of the units of one worker."""

    def part(self, kind: str, number: int, made: list[Part]) -> AbstractContextManager[IO[bytes]]:
        """Writes one part of the unit with that number; at the end it is whole, and among those that are made."""

    def keep(self, parts: list[Part]) -> None:
        """Waits until the parts of a unit are on the disk; another thread may write those of the next one."""

    def close(self) -> None:
        """Closes what is open."""


class Spools:
    """Files to which a worker adds part after part: few files, so that syncing and removing them costs little.

    What the journal does not name counts for nothing: the part of a unit that was not finished.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}

    @contextmanager
    def part(self, kind: str, number: int, made: list[Part]) -> Iterator[IO[bytes]]:
        file = self._files.get(kind) or self._files.setdefault(kind, _own(self._folder.spools, kind))
        start = file.tell()
        yield file
        file.flush()
        name = Path(file.name).relative_to(self._folder.path).as_posix()
        made.append(Part(kind, name, start, file.tell() - start))

    def keep(self, parts: list[Part]) -> None:
        for part in parts:
            flush(self._files[part.kind].fileno())

    def close(self) -> None:
        for file in self._files.values():
            with suppress(OSError):  # it takes no more, and what counts is there
                file.close()


class Files:
    """A Parquet file for each part, as OUT holds them; refusals in a spool."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._spools = Spools(folder)

    @contextmanager
    def part(self, kind: str, number: int, made: list[Part]) -> Iterator[IO[bytes]]:
        """Durable and whole under its name at the end, else not there."""
        if kind == REFUSED:
            with self._spools.part(kind, number, made) as file:
                yield file
            return
        path = self._folder.parts / kind / f"part-{number:08}.parquet"
        with written(path) as file:
            yield file
            size = file.tell()
        made.append(Part(kind, path.relative_to(self._folder.path).as_posix(), 0, size))

    def keep(self, parts: list[Part]) -> None:
        self._spools.keep([part for part in parts if part.kind == REFUSED])

    def close(self) -> None:
        self._spools.close()


class Memory:
    """Parts that go to stdout: kept until it is their turn."""

    def __init__(self) -> None:
        self.lines = b""

    @contextmanager
    def part(self, kind: str, number: int, made: list[Part]) -> Iterator[IO[bytes]]:
        buffer = io.BytesIO()
        yield buffer
        self.lines = buffer.getvalue()

    def keep(self, parts: list[Part]) -> None:
        pass

    def close(self) -> None:
        pass


def _own(folder: Path, kind: str) -> IO[bytes]:
    """A new file, whose name is on the disk."""
    number = 0
    while True:
        with suppress(FileExistsError):
            file = (folder / f"{kind}-{number:04}").open("xb")
            sync(folder)
            return file
        number += 1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is whole and on the disk; a device or a pipe takes it as it comes."""
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    there = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with there.open("wb") as file:
            yield file
            file.flush()
            flush(file.fileno())
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
