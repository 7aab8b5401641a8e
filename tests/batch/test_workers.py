"""How units are handed to workers: each has the next one waiting, and nobody waits for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from multiprocessing import Pipe
from pathlib import Path
from queue import SimpleQueue

import pytest

from x271.batch.settings import UNIT_BYTES, Settings
from x271.batch.units import Unit
from x271.batch.work import Done, Worker
from x271.batch.workers import _context, _keep, _Workers, done
from x271.sources.archives.walk import Item

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no worker is a copy")

# Nine units to two workers.
COPIES = """
from x271.batch import workers
from x271.batch.settings import UNIT_BYTES, Settings
from x271.batch.units import Unit
from x271.sources.archives.walk import Item
assert workers._context().get_start_method() == "fork"
items = tuple(Item(str(size), b"x" * size, size=size) for size in (UNIT_BYTES, 3))
plan = (Unit(number, items, "print", 1) for number in range(9))
print(sorted(one.number for one in workers.done(plan, Settings(sources=()), None, jobs=2)))
"""
# A worker that notes what it has open, and reads nothing.
OPEN = """
import os
from pathlib import Path
from x271.batch import units, work
from x271.cli import main
units.UNIT_ITEMS = 3
def add(self, document, done):
    here = Path("/proc/self/fd")
    names = [os.readlink(here / name) for name in os.listdir(here) if (here / name).is_symlink()]
    (Path(os.environ["SEEN"]) / str(os.getpid())).write_text("\\n".join(names))
work.Lines.add = add
main()
"""


def unit(number: int, *sizes: int) -> Unit:
    items = tuple(Item(f"{number}.{size}", b"x" * size, size=size) for size in sizes)
    return Unit(number, items, "print", 1)


def test_units_larger_than_a_pipe_holds_come_back_each_once() -> None:
    plan = [unit(number, UNIT_BYTES, 3) for number in range(9)]
    found = list(done(iter(plan), Settings(sources=()), None, jobs=2))
    assert sorted(one.number for one in found) == list(range(9))
    assert all(one.tally.refused == 2 for one in found)


@linux
def test_so_they_do_if_the_workers_are_copies() -> None:
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", COPIES], check=False, capture_output=True, timeout=60
    )
    assert ended.stdout.decode().strip() == str(list(range(9))), ended.stderr


@linux
def test_a_process_with_another_thread_is_not_copied() -> None:
    release = threading.Event()
    other = threading.Thread(target=release.wait)
    other.start()
    try:
        assert _context().get_start_method() == "spawn"
    finally:
        release.set()
        other.join()


@linux
def test_a_copy_lets_go_of_the_lock_and_of_the_pipes_of_others(mixed: Path) -> None:
    out, seen = mixed.parent / "out.jsonl", mixed.parent / "seen"
    seen.mkdir()
    words = [sys.executable, "-c", OPEN, "normalize", str(mixed), "-o", str(out), "--jobs", "2", "-q"]
    environment = {**os.environ, "SEEN": str(seen)}
    subprocess.run(words, check=True, capture_output=True, env=environment, timeout=60)  # noqa: S603
    lists = [path.read_text().splitlines() for path in seen.iterdir()]
    assert len(lists) == 2
    for names in lists:
        assert not any(name.endswith(("lock", "journal.jsonl")) for name in names)
        assert sum(name.startswith("socket:") for name in names) == 1  # its own


def test_a_large_unit_waits_behind_no_other_and_none_behind_it() -> None:
    workers = _Workers(Settings(sources=()), None, 2)
    first, second = Pipe(), Pipe()
    workers._held = {first[0]: deque([UNIT_BYTES]), second[0]: deque([UNIT_BYTES, 1])}
    assert workers._with_room(UNIT_BYTES) is first[0]
    assert workers._with_room(9 * UNIT_BYTES) is None
    workers._held = {first[0]: deque([9 * UNIT_BYTES]), second[0]: deque([UNIT_BYTES, 1])}
    assert workers._with_room(1) is None
    workers._held = {first[0]: deque([9 * UNIT_BYTES]), second[0]: deque()}
    assert workers._with_room(9 * UNIT_BYTES) is second[0]
    for connection in (*first, *second):
        connection.close()


def test_a_unit_is_sent_once_its_parts_are_on_the_disk_or_with_why_they_are_not() -> None:
    kept: list[int] = []

    class Disk(Worker):
        def keep(self, done: Done) -> None:
            kept.append(done.number)
            if done.number == 1:
                raise OSError(28, "No space left on device")

    made: SimpleQueue[Done | OSError | None] = SimpleQueue()
    for one in (Done(0, "", 1), Done(1, "", 1), OSError(5, "Input/output error"), None):
        made.put(one)
    ours, theirs = Pipe()
    _keep(Disk(Settings(sources=()), None), made, theirs)
    first, *others = [ours.recv() for _ in range(3)]
    assert first.number == 0
    assert [(type(one), one.errno) for one in others] == [(OSError, 28), (OSError, 5)]
    assert kept == [0, 1]
