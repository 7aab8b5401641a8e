"""Keeps the garbage collector from walking through a large result again and again while it is being made."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Pause:
    """Who has paused the collector of this process, and whether it was on before."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.makers = 0
        self.was_enabled = False

    def begin(self) -> None:
        with self.lock:
            if self.makers == 0:
                self.was_enabled = gc.isenabled()
                gc.disable()
            self.makers += 1

    def end(self) -> None:
        with self.lock:
            self.makers -= 1
            if self.makers == 0 and self.was_enabled:
                if gc.get_freeze_count() == 0:
                    # What was made goes among the old objects without a walk through it. Somebody who has frozen
                    # objects of their own keeps them frozen instead.
                    gc.freeze()
                    gc.unfreeze()
                gc.enable()


_pause = _Pause()


@contextmanager
def paused() -> Iterator[None]:
    """Pauses the collector for the whole process; the last to leave puts it back as the first found it.

    What is made here is made of frozen models, which cannot form cycles, so nothing is missed meanwhile.
    """
    pause = _pause
    pause.begin()
    try:
        yield
    finally:
        pause.end()


def _after_fork() -> None:
    """In a copy of the process the other threads are gone: they neither hold the lock nor will end their pause."""
    global _pause
    before, _pause = _pause, _Pause()
    if before.makers and before.was_enabled:
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
