"""Bytes to typed models, beside x12sdk and linuxforhealth-x12, each in a process and environment of its own.

    python benchmarks/parse_typed.py [--x12sdk PYTHON] [--linuxforhealth PYTHON] [--sets N] [--rounds N]

PYTHON is an interpreter that has the peer installed (linuxforhealth-x12 needs pydantic<2). Both peers refuse III,
PER in 2100A, EB09 with a letter code and more, so all read reduced answers, which is said here because it flatters
them. Rounds are interleaved. A file of many transaction sets: one parse of it in memory in a fresh process, imports
and a first small parse not counted; memory is the process's peak. One answer of about 6 KB: the mean of many parses
in a row, in a fresh process again. All models hold every value when the parse ends; none is put off.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from answers import interchange

_PEER = """
import resource, sys, time
from {module} import X12ModelReader
def read(data):
    with X12ModelReader(data.decode()) as reader:
        return list(reader.models())
"""
_OURS = """
import resource, sys, time, x271
def read(data):
    return list(x271.parse(data).answers())
"""
_TIMED = """
large, small = open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read()
read(small)
start = time.perf_counter()
models = read(large)
taken = time.perf_counter() - start
print(taken, len(models), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
_REPEATED = """
small, calls = open(sys.argv[2], "rb").read(), 0
read(small)
start = time.perf_counter()
while time.perf_counter() - start < 0.5:
    models = read(small)
    calls += 1
print((time.perf_counter() - start) / calls, len(models), 0)
"""


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--x12sdk", metavar="PYTHON")
    ask.add_argument("--linuxforhealth", metavar="PYTHON")
    ask.add_argument("--sets", type=int, default=1000)
    ask.add_argument("--rounds", type=int, default=3)
    args = ask.parse_args()
    programs = {"x271": (sys.executable, _OURS)}
    if args.x12sdk:
        programs["x12sdk"] = (args.x12sdk, _PEER.format(module="x12sdk.io"))
    if args.linuxforhealth:
        programs["linuxforhealth-x12"] = (args.linuxforhealth, _PEER.format(module="linuxforhealth.x12.io"))
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.271"), Path(folder, "small.271")
        large.write_bytes(interchange(args.sets, reduced=True))
        some = (interchange(1, seed, reduced=True) for seed in range(1, 51))
        small.write_bytes(min(some, key=lambda one: abs(len(one) - 6000)))
        size, small_size = large.stat().st_size, small.stat().st_size
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        small_seconds: dict[str, list[float]] = {name: [] for name in programs}
        peaks: dict[str, int] = {}
        for _ in range(args.rounds):
            for name, (python, program) in programs.items():
                taken, peaks[name] = _run(python, program + _TIMED, large, small, args.sets)
                seconds[name].append(taken)
                taken, _peak = _run(python, program + _REPEATED, large, small, 1)
                small_seconds[name].append(taken)
    ours = statistics.median(seconds["x271"])
    print(f"{args.sets} transaction sets, {size} bytes (reduced), median of {args.rounds} rounds\n")
    print(f"{'who':20} {'seconds':>8} {'MB/s':>7} {'x271 is faster by':>18} {'peak MB':>8}")
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"{name:20} {median:8.2f} {size / median / 1e6:7.2f} {median / ours:18.1f} {peaks[name]:8}")
    ours = statistics.median(small_seconds["x271"])
    print(f"\none answer of {small_size} bytes (reduced: the peers read no other), warm\n")
    print(f"{'who':20} {'microseconds':>12} {'x271 is faster by':>18}")
    for name, times in small_seconds.items():
        median = statistics.median(times)
        print(f"{name:20} {median * 1e6:12.0f} {median / ours:18.1f}")


def _run(python: str, program: str, large: Path, small: Path, expected: int) -> tuple[float, int]:
    """What a program prints: seconds and peak in MB, if it found as many answers as expected."""
    done = subprocess.run(  # noqa: S603  (our own program, the caller's interpreter)
        [python, "-c", program, str(large), str(small)], capture_output=True, text=True, check=True
    )
    taken, count, peak = done.stdout.split()
    assert int(count) == expected, (python, count)
    return float(taken), int(peak)


if __name__ == "__main__":
    main()
