"""Worker processes: each takes a unit, sends back what came out of it, and gets the next.

Processes, not threads: a small answer costs the core less time than Python needs to hand it over, and that part
holds the interpreter's lock.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from ..errors import UsageError
from .parts import Folder
from .settings import Settings
from .units import Unit
from .work import Done, Worker


def done(plan: Iterator[Unit], settings: Settings, folder: Folder | None, *, jobs: int) -> Iterator[Done]:
    """What came out of each unit, in the order in which they are done.

    Raises:
        UsageError: `WORKER_DIED`.
        OSError: a part cannot be written.
    """
    first, second = next(plan, None), next(plan, None)
    if first is None:
        return
    if jobs == 1 or second is None:  # a small input is done before a process has started
        with closing(Worker(settings, folder)) as worker:
            yield worker.do(first)
            if second is not None:
                yield worker.do(second)
                yield from map(worker.do, plan)
        return
    with closing(_Workers(settings, folder, jobs)) as workers:
        for unit in _before(first, second, plan):
            yield from workers.give(unit)
        yield from workers.rest()


def _before(first: Unit, second: Unit, rest: Iterator[Unit]) -> Iterator[Unit]:
    yield first
    yield second
    yield from rest


class _Workers:
    def __init__(self, settings: Settings, folder: Folder | None, jobs: int) -> None:
        self._settings = settings
        self._folder = folder
        self._jobs = jobs
        self._all: dict[Connection, BaseProcess] = {}
        self._idle: list[Connection] = []

    def give(self, unit: Unit) -> Iterator[Done]:
        """Gives a unit to a worker that is idle, or waits for one."""
        if not self._idle and len(self._all) < self._jobs:
            self._start()
        finished = [] if self._idle else self._wait()
        self._send(unit)
        yield from finished

    def rest(self) -> Iterator[Done]:
        """Waits for those that are still at work."""
        while len(self._idle) < len(self._all):
            yield from self._wait()

    def close(self) -> None:
        """Ends all of them, whatever they are doing."""
        for connection, process in self._all.items():
            connection.close()
            process.terminate()
        for process in self._all.values():
            process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._settings, self._folder), daemon=True)
        process.start()
        theirs.close()
        self._all[ours] = process
        self._idle.append(ours)

    def _send(self, unit: Unit) -> None:
        died = False
        connection = self._idle.pop()
        try:
            connection.send(unit)
        except OSError:
            died = True
        if died:
            raise UsageError("WORKER_DIED")

    def _wait(self) -> list[Done]:
        busy = [connection for connection in self._all if connection not in self._idle]
        finished: list[Done] = []
        died = False
        for connection in wait(busy):
            assert isinstance(connection, Connection)  # noqa: S101  # what we gave
            try:
                result = connection.recv()
            except (EOFError, OSError):
                died = True
                break
            if isinstance(result, BaseException):
                raise result
            finished.append(result)
            self._idle.append(connection)
        if died:
            raise UsageError("WORKER_DIED")
        return finished


def _work(connection: Connection, settings: Settings, folder: Folder | None) -> None:
    """The life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    worker = Worker(settings, folder)
    while True:
        try:
            unit = connection.recv()
        except (EOFError, OSError):
            return
        try:
            result: Done | Exception = worker.do(unit)
        except OSError as error:
            result = error
        with suppress(OSError):  # the parent went away
            connection.send(result)


def _end_with_parent() -> None:
    """A worker whose parent was killed writes nothing more: a run that resumes has workers of its own."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
