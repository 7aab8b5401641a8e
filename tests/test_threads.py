"""Many threads do everything at once, and each result is that of one thread alone."""

from __future__ import annotations

import gc
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from state import DOES, documents, done

_THREADS = 8


def test_threads_make_what_one_thread_makes() -> None:
    given = documents()
    work = [(what, data) for what in DOES for data in given]
    expected = [done(what, data) for what, data in work]
    order = list(range(len(work)))
    random.Random(271).shuffle(order)  # noqa: S311  (the order of tests)
    gate = threading.Barrier(_THREADS)

    def take(number: int) -> list[tuple[int, str]]:
        gate.wait()
        mine = order[number::2] if number < 2 else order[number::_THREADS]  # some work is done by several
        return [(at, done(*work[at])) for at in mine]

    with ThreadPoolExecutor(_THREADS) as pool:
        found = [one for each in pool.map(take, range(_THREADS)) for one in each]
    assert {at for at, _ in found} == set(order)
    assert [at for at, made in found if made != expected[at]] == []
    assert gc.isenabled()


_FIRST_USE = """
import sys, threading
sys.path.insert(0, {tests!r})
sys.setswitchinterval(1e-6)
import x271
from pathlib import Path
data = Path({path!r}).read_bytes()
gate = threading.Barrier(8)
found, failed = [], []
def take(number):
    gate.wait()
    try:
        names = ("parse", "normalize", "validate", "redact", "tables")
        name = names[number % len(names)]
        if name == "redact":
            x271.redact(data, key="a secret of ours")
        elif name == "tables":
            next(iter(x271.tables(data)))
        else:
            getattr(x271, name)(data)
        found.append(x271.normalize(data).model_dump_json())
    except BaseException as error:
        failed.append(repr(error))
threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
for one in threads: one.start()
for one in threads: one.join()
print(len(found), len(set(found)), failed)
"""


def test_the_first_use_may_be_by_many_threads() -> None:
    """What is loaded and made when it is first needed is made while others ask for it."""
    here = Path(__file__).parent
    path = here.parent / "fixtures" / "archive" / "dependent-child.271"
    code = _FIRST_USE.format(tests=str(here), path=str(path))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.strip() == "8 1 []"


def test_one_record_may_be_used_by_many_threads() -> None:
    """`benefits` is made when it is first looked at."""
    import x271

    for _ in range(20):
        record = x271.normalize(documents()[0])
        gate = threading.Barrier(_THREADS)

        def look(record: x271.Eligibility = record, gate: threading.Barrier = gate) -> tuple[int, str, str]:
            gate.wait()
            return len(record.benefits), record.model_dump_json(), str(record.explain("coverage"))

        with ThreadPoolExecutor(_THREADS) as pool:
            found = {one.result() for one in [pool.submit(look) for _ in range(_THREADS)]}
        assert len(found) == 1
