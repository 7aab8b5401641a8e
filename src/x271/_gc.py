"""Keeps the garbage collector from walking through a large result again and again while it is being made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_makers = 0
_was_enabled = False


@contextmanager
def paused() -> Iterator[None]:
    """Pauses the collector for the whole process; the last to leave puts it back as the first found it.

    What is made here is made of frozen models, which cannot form cycles, so nothing is missed meanwhile.
    """
    global _makers, _was_enabled  # noqa: PLW0603  (the collector is the process's own)
    with _lock:
        if _makers == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _makers += 1
    try:
        yield
    finally:
        with _lock:
            _makers -= 1
            if _makers == 0 and _was_enabled:
                if gc.get_freeze_count() == 0:
                    # What was made goes among the old objects without a walk through it. Somebody who has frozen
                    # objects of their own keeps them frozen instead.
                    gc.freeze()
                    gc.unfreeze()
                gc.enable()
