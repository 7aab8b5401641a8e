"""Runs one program once, in a process of its own, and prints what it took as JSON.

    python harness.py PROGRAM MODE FILE SMALL

MODE `large`: the file read and parsed once, imports and one parse of SMALL before it not counted. `warm`: SMALL parsed
many times in a warm process, the median. `files`: every file of the folder FILE read and parsed, one after the other.
`count`: what the result holds. `accept`: how many
files of the folder FILE are read at all. Peak memory is that of the process; `base` what it was before the file.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

import programs


def peak_mb() -> float:
    """Of this program alone: `ru_maxrss` would count what the process was before it became this one."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def accepts(program: programs.Program, path: Path) -> bool:
    """Whether the program reads a file of one answer without an exception, and gives it."""
    try:
        return bool(program.count(program.read(path.read_bytes())).get("sets") == 1)
    except Exception:  # noqa: BLE001  (whatever the peer raises is its refusal)
        return False


def main() -> None:
    name, mode, given, small = sys.argv[1:5]
    program = getattr(programs, name)()
    file, one = Path(given), Path(small).read_bytes()
    program.read(one)
    base = peak_mb()
    if mode == "count":
        print(json.dumps(program.count(program.read(file.read_bytes()))))
        return
    if mode == "accept":
        print(json.dumps({"accepted": sum(accepts(program, path) for path in file.iterdir())}))
        return
    if mode == "large":
        start = time.perf_counter()
        kept = program.file(file)
        seconds = time.perf_counter() - start
        del kept
        size = file.stat().st_size
    elif mode == "warm":
        repeats: list[float] = []
        begun = time.perf_counter()
        while len(repeats) < 200 and (time.perf_counter() - begun < 3 or len(repeats) < 5):
            start = time.perf_counter()
            program.read(one)
            repeats.append(time.perf_counter() - start)
        seconds, size = statistics.median(repeats), len(one)
    else:
        files = sorted(file.iterdir())
        start = time.perf_counter()
        for path in files:
            program.file(path)
        seconds, size = time.perf_counter() - start, sum(path.stat().st_size for path in files)
    print(json.dumps({"seconds": seconds, "bytes": size, "peak_mb": peak_mb(), "base_mb": base}))


if __name__ == "__main__":
    main()
