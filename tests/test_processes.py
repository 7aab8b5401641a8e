"""A process that has used x271 may be copied or start others: each makes what the first makes."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import gc, json, multiprocessing, sys, threading, warnings
sys.path.insert(0, {tests!r})
from state import all_done, documents

def work(_):
    given = documents()[::6]
    return all_done(given), gc.isenabled()

def main():
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # 3.12 warns of fork beside threads: this is that
    expected, _ = work(0)
    stop = threading.Event()
    data = documents()[0]
    import x271
    def busy():
        while not stop.is_set():
            x271.parse(data)
    threads = [threading.Thread(target=busy) for _ in range({threads})]
    for one in threads: one.start()
    context = multiprocessing.get_context({method!r})
    try:
        made = []
        for _ in range({rounds}):
            with context.Pool(2) as pool:
                made += pool.map_async(work, range(2)).get(timeout=120)
    finally:
        stop.set()
        for one in threads: one.join()
    again, _ = work(0)
    children = [done == expected for done, _ in made]
    print(json.dumps([again == expected, children, [on for _, on in made], gc.isenabled()]))

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("threads", [0, 3])
@pytest.mark.parametrize("method", sorted({"fork", "spawn"} & set(multiprocessing.get_all_start_methods())))
def test_a_child_makes_what_its_parent_makes(method: str, threads: int, tmp_path: Path) -> None:
    """With threads, the copies are taken while others parse: nobody waits for a lock that a lost thread holds."""
    program = tmp_path / "program.py"
    rounds = 3 if method == "fork" and threads else 1
    text = _PROGRAM.format(tests=str(Path(__file__).parent), method=method, threads=threads, rounds=rounds)
    program.write_text(text, encoding="utf-8")
    ran = subprocess.run(  # noqa: S603
        [sys.executable, str(program)], capture_output=True, text=True, timeout=240, check=False
    )
    assert ran.returncode == 0, ran.stderr
    parent, children, collectors, own = json.loads(ran.stdout)
    assert parent
    assert own
    assert children == [True] * 2 * rounds
    assert collectors == [True] * 2 * rounds
