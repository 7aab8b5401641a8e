"""Instructions per answer by part of the core, counted by valgrind: other work on the machine does not change them.

    python benchmarks/instructions.py [--sets N] [--by-function]

Needs cargo and valgrind. The core is built once more, with the names of its sources; what Python's start and the first
use take is left out by subtracting a run of one round from a run of five. What the compiler put into another function
counts for that one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from answers import interchange

_ROOT = Path(__file__).parents[1]
_CORE = _ROOT / "src" / "core"
_TABLES = {
    "eligibility": ("eligibility",),
    "all four tables": ("eligibility", "benefits", "rejections", "findings"),
}
# Parts, each with what the names of its functions have in common; the first that fits counts.
_PARTS = (
    (
        "cutting into pieces and segments, envelope",
        ("scan::", "segment::", "pieces::", "input::", "envelope::"),
    ),
    ("loops", ("loops::", "grammar::", "inner::")),
    ("checks and findings", ("::check", "course::", "form::", "segment_rules::", "findings::", "finding::")),
    ("records", ("normalize::", "memo::")),
    ("columns of eligibility", ("columns::eligibility",)),
    ("columns of benefits, and what all columns share", ("columns::",)),
    ("elements", ("elements::", "marks::")),
    ("limits and the rest of the core", ("x271_core",)),
    ("Arrow", ("arrow",)),
)
_REST = "standard library, allocator, Python"
_PROGRAM = """
import pathlib, sys
from x271.tables import tables_of
for _ in range(int(sys.argv[3])):
    tables_of(pathlib.Path(sys.argv[1]), only=sys.argv[2].split(","))
"""


def built(folder: Path) -> Path:
    """The package with a core that has the names of its sources, in a folder for PYTHONPATH."""
    target = _CORE / "target" / "counted"
    env = os.environ | {
        "CARGO_PROFILE_RELEASE_DEBUG": "1",
        "CARGO_PROFILE_RELEASE_STRIP": "none",
        "CARGO_TARGET_DIR": str(target),
        "PYO3_PYTHON": sys.executable,
    }
    subprocess.run(["cargo", "build", "-q", "--release", "--features=python"], cwd=_CORE, env=env, check=True)  # noqa: S607  (cargo is where it is)
    package = folder / "x271"
    shutil.copytree(_ROOT / "src" / "x271", package, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    shutil.copy(target / "release" / "libx271_core.so", package / "_core.abi3.so")
    return folder


def counted(package: Path, data: Path, tables: tuple[str, ...], rounds: int) -> Counter[str]:
    """Instructions by function."""
    out = package / f"counted.{rounds}"
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
    program = [sys.executable, "-c", _PROGRAM, str(data), ",".join(tables), str(rounds)]
    # The same sets and the same modules as code in each run.
    env = os.environ | {"PYTHONPATH": str(package), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(program, env=env, check=True)  # noqa: S603  (our own program)
    subprocess.run([*tool, *program], env=env, check=True, capture_output=True)  # noqa: S603
    return by_function(out)


def by_function(out: Path) -> Counter[str]:
    """What callgrind wrote: the costs of lines, below the function that they are in; those of calls are left out."""
    names: dict[str, str] = {}
    found: Counter[str] = Counter()
    at, is_call = "", False
    for line in out.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("fn="):
            number, _, name = line[3:].partition(" ")
            at = names.setdefault(number, name)
        elif line.startswith("cfn="):
            number, _, name = line[4:].partition(" ")
            names.setdefault(number, name)
        elif line.startswith("calls="):
            is_call = True
        elif line[:1] in "0123456789+-*" and line:
            if not is_call:
                found[at] += int(line.split()[1])
            is_call = False
    return found


def part(function: str) -> str:
    """The part of the core that a function belongs to."""
    return next((name for name, words in _PARTS if any(word in function for word in words)), _REST)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sets", type=int, default=1000, help="more than 800, so that the file is a long one")
    ask.add_argument(
        "--by-function", action="store_true", help="the functions that take most, for all four tables"
    )
    args = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package, data = built(Path(folder)), Path(folder, "answers.271")
        data.write_bytes(interchange(args.sets))
        found: dict[str, Counter[str]] = {}
        for what, tables in _TABLES.items():
            once, often = (counted(package, data, tables, rounds) for rounds in (1, 5))
            taken = {name: (count - once[name]) / 4 / args.sets for name, count in often.items()}
            found[what] = Counter({name: round(count) for name, count in taken.items()})
    columns = list(found)
    print(f"{'instructions per answer':60} {columns[0]:>12} {columns[1]:>16}")
    parts = [name for name, _ in _PARTS] + [_REST]
    sums = {what: Counter[str]() for what in columns}
    for what, functions in found.items():
        for name, count in functions.items():
            sums[what][part(name)] += count
    for name in parts:
        print(f"{name:60} {sums[columns[0]][name]:12,} {sums[columns[1]][name]:16,}")
    print(f"{'together':60} {sums[columns[0]].total():12,} {sums[columns[1]].total():16,}")
    if args.by_function:
        print()
        for name, count in found[columns[1]].most_common(60):
            print(f"{count:12,}  {name[:100]}")


if __name__ == "__main__":
    main()
