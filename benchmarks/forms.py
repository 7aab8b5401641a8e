"""XML and JSON answers, beside what lxml and `json` take to parse the same bytes and do nothing more.

    python benchmarks/forms.py [--rounds N] [--file FILE ...]

Measured at three sizes: the vendor's sample (a rejection), one answer with 60 EB, and four such in one document.
`record` is where the X12 path of a batch arrives: the document in the core, its patients found, nothing in Python but
the handle; `values` adds the computing of the record and its 70 fields as one dict; `normalize` is the typed record.
Each figure is the least of many short runs, all of one document interleaved, so that the machine's moods hit all alike.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

from answers import interchange
from lxml import etree

import x271
from x271 import forms, sources
from x271._reading import Question, document

SAMPLE = Path(__file__).parents[1] / "fixtures" / "ppmd" / "sample.xml"
BUDGET = 3.0  # times the parser alone, for `record`


def least_us(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """For each call the least time of one run, in microseconds."""
    least = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            least[name] = min(least[name], time.perf_counter() - start)
    return {name: taken * 1e6 for name, taken in least.items()}


def stages(data: bytes) -> dict[str, Callable[[], object]]:
    """What is timed of one document."""
    question = Question.of()
    types = list(question.service_types)

    def record() -> list[object]:
        found: list[object] = []
        for source in sources.load_all(data):
            assert isinstance(source, sources.Source)
            found += document(source).records(question.orders, None, None, types, None)[0]
        return found

    def values() -> list[object]:
        return [one.values() for one in record()]  # type: ignore[attr-defined]

    is_xml = data.lstrip().startswith(b"<")
    alone: Callable[[], object] = (lambda: etree.fromstring(data)) if is_xml else (lambda: json.loads(data))
    return {
        "parser": alone,
        "x12": lambda: list(sources.load_all(data)),
        "record": record,
        "values": values,
        "normalize": lambda: x271.normalize_all(data),
    }


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=1000)
    ask.add_argument("--file", type=Path, action="append", default=[], help="XML or JSON of your own")
    args = ask.parse_args()
    documents = [
        (name, made)
        for name, data in (("sample", SAMPLE), ("60 EB", interchange()), ("4 x 60 EB", interchange(4)))
        for made in (forms.to_xml(data), forms.to_json(data))
    ]
    documents += [(path.name, path.read_bytes()) for path in args.file]
    day, python = time.strftime("%Y-%m-%d"), sys.version.split()[0]
    print(
        f"{day}  {platform.machine()}  CPython {python}  x271 {x271.__version__}  "
        f"lxml {etree.__version__} (libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))})\n"
        f"times the parser alone, least of {args.rounds} rounds\n"
    )
    print(f"{'document':12} {'form':5} {'bytes':>8} {'parser us':>10} ", end="")
    print(" ".join(f"{name:>9}" for name in ("x12", "record", "values", "normalize")))
    missed = 0
    for name, data in documents:
        taken = least_us(stages(data), args.rounds)
        form = "xml" if data.lstrip().startswith(b"<") else "json"
        parser = taken.pop("parser")
        ratios = {stage: figure / parser for stage, figure in taken.items()}
        missed += ratios["record"] > BUDGET
        print(f"{name:12} {form:5} {len(data):8} {parser:10.1f} ", end="")
        print(" ".join(f"{ratio:9.2f}" for ratio in ratios.values()))
    print(f"\nbudget of `record`: {BUDGET:.0f} times the parser; {missed or 'none'} beyond it")


if __name__ == "__main__":
    main()
