"""One answer, warm: bytes to the record with coverage and all 74 fields, beside floors measured in the same run.

python benchmarks/normalize_one.py [--rounds N]
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable

from answers import interchange

import x271


def median_us(call: Callable[[], object], rounds: int, number: int = 50) -> float:
    """The median over rounds of the mean time of one call, in microseconds."""
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(number):
            call()
        times.append((time.perf_counter() - start) / number * 1e6)
    return statistics.median(times)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=41)
    rounds = ask.parse_args().rounds
    data = interchange()
    text = data.decode()

    def fields() -> object:
        record = x271.normalize(data)
        return record.coverage, record.to_integrex()

    def benefits() -> object:
        return x271.normalize(data).benefits

    def explained() -> object:
        return x271.normalize(data).explain("ded($)IndivInNetworkRemaining")

    rows: list[tuple[str, Callable[[], object]]] = [
        ("normalize, coverage and the 74 fields", fields),
        ("normalize, only coverage", lambda: x271.normalize(data).coverage),
        ("normalize, all benefits as models", benefits),
        ("normalize, one field explained", explained),
        ("parse to typed models", lambda: x271.parse(data)),
        ("floor: split into lists of text", lambda: [part.split("*") for part in text.split("~")]),
        ("floor: count the terminators", lambda: data.count(b"~")),
    ]
    eb = data.count(b"~EB*")
    python = sys.version.split()[0]
    day = time.strftime("%Y-%m-%d")
    print(f"{day}  {platform.machine()}  CPython {python}  x271 {x271.__version__}")
    print(f"one answer of {len(data)} bytes with {eb} EB; median of {rounds} rounds of 50 calls\n")
    base = median_us(rows[0][1], rounds)
    print(f"{'what':40} {'microseconds':>12} {'ratio':>7}")
    for name, call in rows:
        taken = median_us(call, rounds)
        print(f"{name:40} {taken:12.1f} {taken / base:7.2f}")
    print(f"\nbudget for the first line: 250 microseconds; measured {base:.0f}")


if __name__ == "__main__":
    main()
