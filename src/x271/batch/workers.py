"""Worker processes: each takes a unit, sends back what came out of it, and has the next one waiting.

Processes, not threads: a small answer costs the core less time than Python needs to hand it over, and that part
holds the interpreter's lock.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import chain
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import TYPE_CHECKING

from ..cli import without_numpy
from ..errors import UsageError
from .parts import Folder
from .settings import UNIT_BYTES, Settings
from .units import Unit
from .work import Done, Worker

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, SpawnContext

_AHEAD = 3 * UNIT_BYTES  # what a worker may hold if one unit waits there


def done(
    plan: Iterator[Unit], settings: Settings, folder: Folder | None, *, jobs: int, least: int = 0
) -> Iterator[Done]:
    """What came out of each unit, in the order in which they are done.

    Args:
        plan: the units.
        settings: what is read, asked and written.
        folder: where parts go; None to keep them in memory.
        jobs: how many processes do them.
        least: bytes for which processes are worth while; less is done in this one.

    Raises:
        UsageError: `WORKER_DIED`.
        OSError: a part cannot be written.
    """
    first: list[Unit] = []
    size = 0
    while jobs > 1 and (len(first) < 2 or size < least):
        unit = next(plan, None)
        if unit is None:
            jobs = 1  # a small input is done before a process has started
            break
        first.append(unit)
        size += unit.size
    units = chain(first, plan)
    if jobs == 1:
        with closing(Worker(settings, folder)) as worker:
            yield from map(worker.do, units)
        return
    with closing(_Workers(settings, folder, jobs)) as workers:
        for unit in units:
            yield from workers.give(unit)
        yield from workers.rest()


class _Workers:
    """Processes, each with the units that it holds: the one that it works on, and the next, so that it never waits."""

    def __init__(self, settings: Settings, folder: Folder | None, jobs: int) -> None:
        self._settings = settings
        self._folder = folder
        self._jobs = jobs
        self._all: dict[Connection, BaseProcess] = {}
        self._held: dict[Connection, deque[int]] = {}  # bytes of each unit

    def give(self, unit: Unit) -> Iterator[Done]:
        """Gives a unit to a worker that has room for it, or waits for one."""
        if len(self._all) < self._jobs:  # all are started before anything is handed out: see `_context`
            self._send(self._start(), unit)
            return
        yield from self._done(timeout=0)  # noted as soon as it is known, though the plan may be slow
        while (least := self._with_room(unit.size)) is None:
            yield from self._done()
        self._send(least, unit)

    def rest(self) -> Iterator[Done]:
        """Waits for those that are still at work."""
        while any(self._held.values()):
            yield from self._done()

    def close(self) -> None:
        """Ends all of them, whatever they are doing."""
        for connection, process in self._all.items():
            connection.close()
            process.terminate()
        for process in self._all.values():
            process.join()

    def _start(self) -> Connection:
        context = _context()
        ours, theirs = context.Pipe()
        is_copy = context.get_start_method() == "fork"
        process = context.Process(
            target=_work, args=(theirs, self._settings, self._folder, is_copy), daemon=True
        )
        process.start()
        theirs.close()
        self._all[ours] = process
        self._held[ours] = deque()
        return ours

    def _with_room(self, size: int) -> Connection | None:
        """The worker that holds least, if a unit may wait there: a large one waits for no other, and none for it."""
        least = min(self._held, key=lambda one: (sum(self._held[one]), len(self._held[one])))
        held = self._held[least]
        return least if not held or (len(held) < 2 and sum(held) + size <= _AHEAD) else None

    def _send(self, connection: Connection, unit: Unit) -> None:
        died = False
        try:
            connection.send(unit)
        except OSError:
            died = True
        if died:
            raise UsageError("WORKER_DIED")
        self._held[connection].append(unit.size)

    def _done(self, timeout: float | None = None) -> list[Done]:
        """What came from the workers; waits for one of them."""
        finished: list[Done] = []
        died = False
        for connection in wait([one for one, held in self._held.items() if held], timeout):
            assert isinstance(connection, Connection)  # noqa: S101  # what we gave
            try:
                result = connection.recv()
            except (EOFError, OSError):
                died = True
                break
            if isinstance(result, BaseException):
                raise result
            finished.append(result)
            self._held[connection].popleft()
        if died:
            raise UsageError("WORKER_DIED")
        return finished


def _context() -> ForkContext | SpawnContext:
    """How a worker is started: as a copy of this process, which has imported all, while it has no other thread.

    A copy would keep the locks that other threads hold. Threads of libraries count, which only the system knows of.
    """
    try:
        is_single = sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        is_single = False
    return multiprocessing.get_context("fork") if is_single else multiprocessing.get_context("spawn")


def _work(connection: Connection, settings: Settings, folder: Folder | None, is_copy: bool) -> None:
    """The life of a worker process."""
    without_numpy()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    if is_copy:
        _let_go(connection)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    given: SimpleQueue[Unit | None] = SimpleQueue()
    threading.Thread(target=_take, args=(connection, given), daemon=True).start()
    worker = Worker(settings, folder)
    made: SimpleQueue[Done | OSError | None] = SimpleQueue()
    keeper = threading.Thread(target=_keep, args=(worker, made, connection), daemon=True)
    keeper.start()
    for unit in iter(given.get, None):
        try:
            made.put(worker.write(unit))
        except OSError as error:
            made.put(error)
    made.put(None)
    keeper.join()


def _keep(worker: Worker, made: SimpleQueue[Done | OSError | None], connection: Connection) -> None:
    """Sends what came out of each unit once it is on the disk; while that is waited for, the next unit is done."""
    try:
        for result in iter(made.get, None):
            sent: Done | OSError = result
            if isinstance(result, Done):
                try:
                    worker.keep(result)
                except OSError as error:
                    sent = error
            with suppress(OSError):  # the parent went away
                connection.send(sent)
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # the parent sees that nothing more comes


def _take(connection: Connection, given: SimpleQueue[Unit | None]) -> None:
    """Takes units as they come: while the parent sends one, it takes no results, and neither may wait for the other."""
    with suppress(EOFError, OSError):
        while True:
            given.put(connection.recv())
    given.put(None)


def _let_go(connection: Connection) -> None:
    """Lets go of the files that a copy shares with its parent: the lock, and the ends of the other workers' pipes.

    Their numbers stay taken, as objects of the parent still name them.
    """
    parent = multiprocessing.parent_process()
    kept = {0, 1, 2, connection.fileno(), parent.sentinel if parent is not None else 0}
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) not in kept:
            with suppress(OSError):  # that of the list itself is closed
                os.fstat(int(name))
                os.dup2(nothing, int(name), inheritable=False)


def _end_with_parent() -> None:
    """A worker whose parent was killed writes nothing more: a run that resumes has workers of its own."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
