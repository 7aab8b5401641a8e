"""Where the time goes in the core, from bytes to records, without Python objects; needs cargo.

python benchmarks/stages.py [--sets N] [--rounds N]

Builds and runs `src/core/examples/stages.rs`, which prints for each stage the shortest of some rounds. The floor
beside it is Python's own count of the terminators in the same bytes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

from answers import interchange

from x271.grammar.compiled import description
from x271.normalize.profile import STANDARD, preferences

_CORE = Path(__file__).parents[1] / "src" / "core"


def shortest(data: bytes, rounds: int) -> float:
    """Seconds of one count of the terminators, the shortest of some."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        data.count(b"~")
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sets", type=int, default=1000)
    ask.add_argument("--rounds", type=int, default=30)
    args = ask.parse_args()
    data = interchange(args.sets)
    with tempfile.TemporaryDirectory() as folder:
        engine, orders, answers = (Path(folder, name) for name in ("engine.json", "orders.json", "a.271"))
        engine.write_text(json.dumps(description()))
        orders.write_text(preferences(STANDARD).model_dump_json())
        answers.write_bytes(data)
        program = ["cargo", "run", "-q", "--release", "--no-default-features", "--example", "stages", "--"]
        run = [*program, str(engine), str(orders), str(answers), str(args.rounds)]
        subprocess.run(run, cwd=_CORE, check=True)  # noqa: S603  (our own program)
    taken, name = shortest(data, args.rounds), 'Python: bytes.count(b"~")'
    print(f"{name:34} {taken / args.sets * 1e9:12.0f} {len(data) / taken / 1e6:8.0f}")


if __name__ == "__main__":
    main()
