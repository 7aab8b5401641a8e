"""How long drawing takes, of the processor: `python benchmarks/strategies.py [--examples N]`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from x271.testing import (
    Document,
    acknowledgements,
    damaged,
    inquiries,
    interchanges,
    ppmd_results,
    responses,
    wild_responses,
)

STRATEGIES: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "responses()": responses,
    "responses(), two subscribers": lambda: responses(subscribers=2),
    "damaged(responses())": lambda: damaged(responses()),
    "ppmd_results(form='xml')": lambda: ppmd_results(form="xml"),
    "ppmd_results(form='json')": lambda: ppmd_results(form="json"),
    "acknowledgements()": acknowledgements,
    "inquiries()": inquiries,
    "interchanges()": interchanges,
    "wild_responses()": wild_responses,
}


def measured(strategy: st.SearchStrategy[Any], examples: int) -> tuple[float, float, float]:
    """Median and 95th percentile of a draw in seconds, and the median of the segments."""
    times: list[float] = []
    sizes: list[int] = []

    @settings(
        max_examples=examples,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        derandomize=True,
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        start = time.thread_time()
        drawn = data.draw(strategy)
        times.append(time.thread_time() - start)
        sizes.append(len(drawn.segments) if isinstance(drawn, Document) else 0)

    draw()
    times.sort()
    return times[len(times) // 2], times[len(times) * 95 // 100], sorted(sizes)[len(sizes) // 2]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--examples", type=int, default=500)
    args = ask.parse_args()
    print(f"{'strategy':32}{'median ms':>10}{'95 %':>10}{'segments':>10}")
    for name, strategy in STRATEGIES.items():
        middle, late, size = measured(strategy(), args.examples)
        print(f"{name:32}{middle * 1000:10.2f}{late * 1000:10.2f}{size or '':>10}")


if __name__ == "__main__":
    main()
