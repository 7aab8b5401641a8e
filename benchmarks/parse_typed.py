"""Bytes to typed models, beside x12sdk and linuxforhealth-x12, each in a process and environment of its own.

    python benchmarks/parse_typed.py [--x12sdk PYTHON] [--linuxforhealth PYTHON] [--sets N] [--rounds N]

PYTHON is an interpreter that has the peer installed (linuxforhealth-x12 needs pydantic<2). Both peers refuse III,
PER in 2100A, EB09 with a letter code and more, so all read a reduced file, which is said here because it flatters
them. Rounds are interleaved; time is one parse of the file in memory in a fresh process, imports and a first small
parse not counted; memory is the process's peak.
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
def read(path):
    with X12ModelReader(open(path).read()) as reader:
        return list(reader.models())
"""
_OURS = """
import resource, sys, time, x271
def read(path):
    return list(x271.parse(open(path, "rb").read()).answers())
"""
_TIMED = """
read(sys.argv[2])
start = time.perf_counter()
models = read(sys.argv[1])
taken = time.perf_counter() - start
print(taken, len(models), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
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
        small.write_bytes(interchange(1, reduced=True))
        size = large.stat().st_size
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        peaks: dict[str, int] = {}
        for _ in range(args.rounds):
            for name, (python, program) in programs.items():
                done = subprocess.run(  # noqa: S603  (our own program, the caller's interpreter)
                    [python, "-c", program + _TIMED, str(large), str(small)],
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                taken, count, peak = done.stdout.split()
                assert int(count) == args.sets, (name, count)
                seconds[name].append(float(taken))
                peaks[name] = int(peak)
    ours = statistics.median(seconds["x271"])
    print(f"{args.sets} transaction sets, {size} bytes (reduced), median of {args.rounds} rounds\n")
    print(f"{'who':20} {'seconds':>8} {'MB/s':>7} {'x271 is faster by':>18} {'peak MB':>8}")
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"{name:20} {median:8.2f} {size / median / 1e6:7.2f} {median / ours:18.1f} {peaks[name]:8}")


if __name__ == "__main__":
    main()
