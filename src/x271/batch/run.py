"""A run over many documents: planned, done by workers, kept in a journal, and put together at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import IO

from ..errors import UsageError
from .assembly import Assembly
from .journal import Journal
from .parts import REFUSED, Folder, Part, alone, sync, written
from .settings import Settings
from .tally import Tally
from .units import Same, Unit, same, units
from .work import Done
from .workers import done

Report = Callable[[Done], None]
_LIST = "refused.jsonl"
_MOST_JOBS = 8
_LEAST = 16 * 2**20  # bytes; of less, the start of processes takes longer than they save


def cores() -> int:
    """Processes that are worth while: one for each core, but no more than memory is mostly there for."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        available = os.cpu_count() or 1
    return min(available, _MOST_JOBS)


def is_unfinished(out: Path) -> bool:
    """Whether something is kept of a run that was not finished."""
    return _folder(out.resolve()).path.exists()


def to_stream(
    settings: Settings, stream: IO[bytes], *, jobs: int, refused: Path | None, report: Report
) -> Tally:
    """Runs, and writes JSON lines to a stream in the order of the documents."""
    with ExitStack() as stack:
        listed = stack.enter_context(written(refused)) if refused is not None else None
        return _to_stream(settings, stream, jobs, listed, report)


def _to_stream(
    settings: Settings, stream: IO[bytes], jobs: int, listed: IO[bytes] | None, report: Report
) -> Tally:
    tally = Tally()
    waiting: dict[int, Done] = {}
    following = 0
    for one in done(units(settings), settings, None, jobs=jobs):
        waiting[one.number] = one
        while (ready := waiting.pop(following, None)) is not None:
            _write(stream, ready.lines)
            stream.flush()
            if listed is not None:
                listed.write(ready.refused)
            tally.add(ready.tally)
            report(ready)
            following += 1
    tally.settle()
    return tally


def _write(stream: IO[bytes], data: bytes) -> None:
    """Writes all of it: a stream without a buffer (PYTHONUNBUFFERED) may take only a part at a time."""
    left = memoryview(data)
    while left:
        left = left[stream.write(left) :]


def to_file(
    settings: Settings,
    out: Path,
    *,
    jobs: int | None = 1,
    resume: bool = False,
    refused: Path | None = None,
    report: Report = lambda _: None,
) -> Tally:
    """Runs, and gives the file or folder its name when it is whole; refusals go to `refused.jsonl` beside it.

    Args:
        settings: what is read, asked and written.
        out: the file, or the folder of Parquet parts.
        jobs: how many units are worked on at a time; None for as many as are worth while.
        resume: go on with a run that was ended before it was done.
        refused: where the list of refusals goes instead.
        report: called for each unit that is done, those of an earlier run included, in any order.

    Raises:
        UsageError: `UNFINISHED_RUN`, `OTHER_RUN`, `RUN_IN_PROGRESS`, `OUTPUT_THERE`, `WORKER_DIED`.
        OSError: something cannot be written. What is finished is kept.
    """
    out = out.resolve()  # a link stays a link
    listed = refused or (out if settings.form == "folder" else out.parent) / _LIST
    folder = _folder(out)
    _check(settings, out, folder, resume=resume)
    fingerprint = settings.fingerprint()
    folder.path.mkdir(exist_ok=True)
    tally = Tally()
    with alone(folder):
        journal = Journal(folder.journal, fingerprint)
        try:
            for one in _all(settings, folder, journal, jobs, out.name, same(out, listed)):
                tally.add(one.tally)
                report(one)
            tally.settle()
            _publish(settings, folder, out)
            _list_refused(folder, journal, listed)
        finally:
            journal.close()
            if not journal.finished:  # nothing is there to go on with
                shutil.rmtree(folder.path, ignore_errors=True)
    shutil.rmtree(folder.path, ignore_errors=True)
    return tally


def _folder(out: Path) -> Folder:
    return Folder(out.with_name(f".{out.name}.x271-part"))


def _all(
    settings: Settings, folder: Folder, journal: Journal, jobs: int | None, name: str, outputs: Same
) -> Iterator[Done]:
    """What came out of each unit, in this run or before; at the end all is put together."""
    if journal.is_published:
        yield from journal.finished.values()
        return
    _prepare(folder, settings)
    assembly = Assembly(settings, folder, name, beside=(jobs or cores()) > 1)  # one job takes one core
    try:
        for one in _done(settings, folder, journal, jobs, outputs):
            assembly.add(one)
            yield one
        assembly.close()
        journal.publish()
    finally:
        assembly.drop()


def _done(
    settings: Settings, folder: Folder, journal: Journal, jobs: int | None, outputs: Same
) -> Iterator[Done]:
    """What came out of each unit that is planned; what is done now is noted in the journal."""
    before = {number: one for number, one in journal.finished.items() if folder.has(one.parts)}
    planned: set[int] = set()

    def left() -> Iterator[Unit]:
        for unit in units(settings, outputs=outputs):
            planned.add(unit.number)
            known = before.get(unit.number)
            if known is None:
                yield unit
            elif known.print != unit.print:
                raise UsageError("OTHER_RUN", detail="the sources changed")

    now = done(left(), settings, folder, jobs=jobs or cores(), least=_LEAST if jobs is None else 0)
    first = next(now, None)  # by then the workers are there; who is told may start threads: see `workers`
    yield from before.values()
    for one in chain([first] if first is not None else [], now):
        journal.add(one)
        yield one
    if not planned.issuperset(before):
        raise UsageError("OTHER_RUN", detail="the sources changed")


def _check(settings: Settings, out: Path, folder: Folder, *, resume: bool) -> None:
    there = folder.path.exists()
    if there and not resume:
        raise UsageError("UNFINISHED_RUN", detail=folder.path.name)
    if settings.form == "folder" and not there and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError("OUTPUT_THERE")


def _prepare(folder: Folder, settings: Settings) -> None:
    if settings.form == "folder":
        for table in settings.tables:
            (folder.parts / table).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder.whole, ignore_errors=True)  # it may hold what was cut
    for path in (folder.spools, folder.whole):
        path.mkdir(exist_ok=True)
    sync(folder.path)


def _refusals(journal: Journal) -> list[Part]:
    """The parts of the list of refusals, in their order."""
    return [part for _, one in sorted(journal.finished.items()) for part in one.parts if part.kind == REFUSED]


def _publish(settings: Settings, folder: Folder, out: Path) -> None:
    """Gives the whole its name, or its files theirs; what is not there got it before the run was ended."""
    if settings.form == "folder":
        if folder.parts.exists():
            if out.exists():
                out.rmdir()  # an empty one, as checked
            folder.parts.replace(out)
    else:
        for made in sorted(folder.whole.iterdir()):
            there = out.with_name(made.name)
            if there.is_file():
                shutil.copymode(there, made)
            made.replace(there)
    sync(out.parent)


def _list_refused(folder: Folder, journal: Journal, listed: Path) -> None:
    parts = _refusals(journal)
    if not parts:
        if listed.is_file():  # of an earlier run
            listed.unlink(missing_ok=True)
        return
    with written(listed) as whole:
        for part in parts:
            folder.copy(part, whole)
