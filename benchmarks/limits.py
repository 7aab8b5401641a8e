"""How fast this machine could be at most: what must be done even if the meaning of an answer cost nothing.

    python benchmarks/limits.py [--sets N] [--rounds N]

Each line is the median of fresh processes that have read one answer before. Beside them: how much two processes that
share nothing do more than one, which bounds what two jobs can reach.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from answers import interchange

_BEFORE = """
import pathlib, sys, time
from x271.sources.pieces import pieces
from x271.tables import tables_of
one, many = (pathlib.Path(name) for name in sys.argv[1:3])
def loops(file):
    for piece in pieces(file, size=2**17):
        piece.read()
def buffers(column):
    return [buffer for buffer in column.buffers() if buffer is not None]
loops(one); tables_of(one); one.read_bytes().count(b"~")
"""
_READY = """
import pyarrow as pa
made = [pa.record_batch(batch) for batch in tables_of(many).values()]
ready = [memoryview(buffer) for batch in made for column in batch.columns for buffer in buffers(column)]
"""
_TIMED = """
start = time.perf_counter()
{work}
print(time.perf_counter() - start)
"""
_WORK = (
    ("read the file, count the terminators", "", 'many.read_bytes().count(b"~")'),
    ("read the file, segments and loops", "", "loops(many)"),
    ("copy the finished four tables into new memory", _READY, "kept = [bytearray(one) for one in ready]"),
    ("eligibility table", "", 'kept = tables_of(many, only="eligibility")'),
    ("four tables", "", "kept = tables_of(many.read_bytes())"),
)
_SHARED_NOTHING = """
import pathlib, sys, time
from x271.tables import tables_of
data, end, done = pathlib.Path(sys.argv[1]).read_bytes(), time.time() + float(sys.argv[2]), 0
while time.time() < end:
    tables_of(data)
    done += 1
print(done)
"""


def seconds(code: str, *files: Path) -> float:
    """What a fresh process says that its work took."""
    words = [sys.executable, "-c", code, *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603  (our own program)
    return float(done.stdout)


def together(count: int, file: Path, lasting: float) -> int:
    """How often some processes at the same time make the four tables."""
    words = [sys.executable, "-c", _SHARED_NOTHING, str(file), str(lasting)]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(count)]  # noqa: S603
    return sum(int(one.communicate()[0]) for one in started)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sets", type=int, default=1000)
    ask.add_argument("--rounds", type=int, default=9)
    args = ask.parse_args()
    taken: dict[str, list[float]] = {name: [] for name, _, _ in _WORK}
    pairs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder, "one.271"), Path(folder, "many.271")
        one.write_bytes(interchange(1))
        many.write_bytes(interchange(args.sets))
        for _ in range(args.rounds):
            for name, ready, work in _WORK:
                taken[name].append(seconds(_BEFORE + ready + _TIMED.format(work=work), one, many))
        for _ in range(3):
            alone = together(1, many, 3.0)
            pairs.append(together(2, many, 3.0) / alone)
        size = many.stat().st_size
    print(f"{time.strftime('%Y-%m-%d')}  {args.sets} answers, {size} bytes; the median of {args.rounds}\n")
    print(f"{'what':48} {'ms':>7} {'MB/s':>7}")
    for name, found in taken.items():
        median = statistics.median(found)
        print(f"{name:48} {median * 1e3:7.2f} {size / median / 1e6:7.0f}")
    ratio = statistics.median(pairs)
    print(f"\ntwo processes that share nothing make {ratio:.2f} times as many tables as one")


if __name__ == "__main__":
    main()
