"""Bytes to columns on one thread, beside the floors that the same run measures: MB/s and ratios.

    python benchmarks/tables.py [--sets N] [--rounds N]

The input is one interchange of N answers in memory. Each line is the minimum over the rounds, which are interleaved.
Time is the thread's CPU time, system calls included: what others do on the machine counts less.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable

from answers import interchange

import x271
from x271.grammar.compiled import engine
from x271.tables.columns import TABLES


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sets", type=int, default=1000)
    ask.add_argument("--rounds", type=int, default=15)
    args = ask.parse_args()
    data = interchange(args.sets)
    core = engine()

    def consumed(*names: str) -> Callable[[], object]:
        return lambda: sum(
            len(batch) for batches in x271.tables(data, only=names) for batch in batches.values()
        )

    rows: list[tuple[str, Callable[[], object]]] = [
        ("bytes.count of the terminator", lambda: data.count(b"~")),
        ("segments and loops only", lambda: core.read(data)),
        *((f"{name} only", consumed(name)) for name in TABLES),
        ("all four tables", consumed(*TABLES)),
    ]
    best = dict.fromkeys((name for name, _ in rows), float("inf"))
    for _ in range(args.rounds):
        for name, call in rows:
            start = time.thread_time()
            call()
            best[name] = min(best[name], time.thread_time() - start)
    day = time.strftime("%Y-%m-%d")
    python = sys.version.split()[0]
    print(f"{day}  {platform.machine()}  CPython {python}  x271 {x271.__version__}")
    eb = data.count(b"~EB*")
    print(
        f"{args.sets} answers, {len(data)} bytes, {eb} EB; minimum of {args.rounds} rounds, CPU time of one thread\n"
    )
    floor, read = best[rows[0][0]], best[rows[1][0]]
    print(f"{'what':32} {'ms':>8} {'us/answer':>10} {'MB/s':>7} {'of count':>9} {'of loops':>9}")
    for name, taken in best.items():
        speed = len(data) / taken / 1e6
        print(
            f"{name:32} {taken * 1e3:8.2f} {taken / args.sets * 1e6:10.2f} {speed:7.0f}"
            f" {floor / taken:9.3f} {read / taken:9.3f}"
        )


if __name__ == "__main__":
    main()
