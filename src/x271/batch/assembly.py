"""Puts the parts of a run together beside its workers, each as soon as all before it are there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue

from . import forms
from .parts import Folder, Part
from .settings import Settings
from .work import Done


class _Ended(Exception):
    """The run has ended before its time."""


class Assembly:
    """Takes what the units made, in any order. `close` at the end, `drop` if the run fails."""

    def __init__(self, settings: Settings, folder: Folder, name: str, *, beside: bool = False) -> None:
        """`beside`: in a thread, from the first part on (by then the workers have begun); else all by `close`."""
        self._is_beside = beside
        self._given = (settings, folder, name)
        self._waiting: dict[int, Done] = {}
        self._following = 0
        self._parts: SimpleQueue[Part | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._is_dropped = False
        self._thread: threading.Thread | None = None

    def add(self, done: Done) -> None:
        """Takes the parts of a unit."""
        if self._is_beside and self._thread is None:
            self._thread = threading.Thread(target=self._run)
            self._thread.start()
        self._waiting[done.number] = done
        while (ready := self._waiting.pop(self._following, None)) is not None:
            for part in ready.parts:
                self._parts.put(part)
            self._following += 1

    def close(self) -> None:
        """Waits until all is put together.

        Raises:
            OSError: it cannot be written.
        """
        self._parts.put(None)
        if self._thread is None:
            self._run()
        else:
            self._thread.join()
        if self._error is not None:
            raise self._error

    def drop(self) -> None:
        """Ends it; what was put together so far is removed."""
        self._is_dropped = True
        self._parts.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        settings, folder, name = self._given
        try:
            forms.assemble(settings, folder, self._taken(), name)
        except Exception as error:  # noqa: BLE001  # the thread that closes raises it
            self._error = error

    def _taken(self) -> Iterator[Part]:
        yield from iter(self._parts.get, None)
        if self._is_dropped:
            raise _Ended
