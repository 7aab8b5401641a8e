"""Every program on the same files, each in processes of its own, and what came out: writes RESULTS.md.

    python benchmarks/run.py [--rounds N] [--only WORD] [--work FOLDER] [-o RESULTS.md]

Peers are installed into environments below FOLDER at the first run (the package registries are needed); those for
which node or Maven are missing are left out, and the page says so. Rounds are interleaved, every program once per
round, and the figures are medians: the machine's moods then hit all alike.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import answers
import environments
import page
from rich.progress import Progress

HERE = Path(__file__).parent
MODES = ("large", "warm", "files")
# Programs that measure something of their own; what they print goes into the page as it is.
_MORE = (
    (
        "An archive in a zip to Parquet: one job and two, and memory",
        ("batch.py", "--size", "300", "--rounds", "3"),
    ),
    ("The same of 1 GB", ("batch.py", "--size", "1000", "--rounds", "1")),
    ("XML and JSON beside their parsers", ("forms.py", "--rounds", "200")),
    ("Each table in the core, CPU time of one thread", ("tables.py",)),
    ("What this machine gives at most", ("limits.py",)),
    ("One answer, warm", ("normalize_one.py",)),
    ("Drawing with the strategies, CPU time", ("strategies.py",)),
)


@dataclass
class Measured:
    """One program: what it took per mode and round, what it counted, and why it was not measured."""

    name: str
    gives: str
    file: str
    seconds: dict[str, list[float]] = field(default_factory=lambda: {mode: [] for mode in MODES})
    sizes: dict[str, int] = field(default_factory=dict)
    peak_mb: float = 0.0
    base_mb: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    accepted: int | None = None
    missing: str = ""

    def rate(self, mode: str) -> float | None:
        """MB (10^6 bytes) per second, the median of the rounds."""
        taken = self.seconds[mode]
        return self.sizes[mode] / statistics.median(taken) / 1e6 if taken else None


def _files(corpus: Path, file: str) -> dict[str, Path]:
    many = corpus / ("many-reduced.271" if file == "reduced" else "many.271")
    folder = corpus / f"files-{file}"
    return {"large": many, "warm": many, "count": many, "files": folder, "accept": corpus / "files-full"}


def _run(command: list[str], env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env, timeout=600)  # noqa: S603
    if done.returncode:
        # The last line of a peer's traceback may quote the (invented) file: its beginning is enough.
        raise RuntimeError((done.stderr.strip().splitlines() or ["no message"])[-1][:80])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _section(title: str, command: tuple[str, ...]) -> list[str]:
    print(f"python benchmarks/{' '.join(command)}", file=sys.stderr)
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(HERE / command[0]), *command[1:]], check=False, capture_output=True, text=True
    )
    said = done.stdout.rstrip() if done.returncode == 0 else f"ended with {done.returncode}"
    return [
        "",
        f"## {title}",
        "",
        f"`python benchmarks/{' '.join(command)}`",
        "",
        "```text",
        *said.splitlines(),
        "```",
    ]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--only", default="", help="only the programs whose name has this word")
    ask.add_argument("--sets", type=int, default=1000)
    ask.add_argument("--files", type=int, default=500)
    ask.add_argument("--work", type=Path, default=HERE / ".work", help="environments and files; kept")
    ask.add_argument("-o", "--output", type=Path, default=HERE / "RESULTS.md")
    args = ask.parse_args()

    told = tomllib.loads((HERE / "peers" / "peers.toml").read_text(encoding="utf-8"))
    work = args.work.resolve()
    corpus = work / "corpus"
    answers.write(corpus, sets=args.sets, files=args.files)
    env = os.environ | {"OXEDI_SPEC": str(corpus / "oxedi-271.json")}
    spec = subprocess.run(  # noqa: S603
        [sys.executable, HERE / "peers" / "oxedi_spec.py"], capture_output=True, text=True, check=True
    )
    (corpus / "oxedi-271.json").write_text(spec.stdout, encoding="utf-8")
    programs = [row for row in told["program"] if args.only in row["name"]]
    needed = {row["environment"]: told["environments"][row["environment"]] for row in programs}
    commands, absent = environments.prepare(work, needed)

    measured = []
    with Progress() as bar:
        task = bar.add_task("measuring", total=len(programs) * (args.rounds * len(MODES) + 1))
        for row in programs:
            one = Measured(row["name"], row["gives"], row.get("file", "full"))
            one.missing = absent.get(row["environment"], "")
            measured.append(one)
        small = {
            "full": corpus / "one.271",
            "reduced": corpus / "one-reduced.271",
        }
        for round_at in range(args.rounds + 1):
            for row, one in zip(programs, measured, strict=True):
                if one.missing:
                    continue
                for mode in (
                    MODES if round_at else ("count", "accept") if one.file == "reduced" else ("count",)
                ):
                    bar.update(task, advance=1, description=f"{one.name}: {mode}")
                    given = _files(corpus, one.file)[mode]
                    base = commands[row["environment"]](row["program"])
                    try:
                        found = _run([*base, mode, str(given), str(small[one.file])], env)
                    except (RuntimeError, subprocess.TimeoutExpired) as error:
                        one.missing = f"{mode}: {error}"
                        break
                    if mode == "count":
                        one.counts = found
                        continue
                    if mode == "accept":
                        one.accepted = found["accepted"]
                        continue
                    one.seconds[mode].append(found["seconds"])
                    one.sizes[mode] = found["bytes"]
                    if mode == "large":
                        one.peak_mb = max(one.peak_mb, found["peak_mb"])
                        one.base_mb = found["base_mb"]
    text = page.results(
        measured,
        expected={file: answers.counts(args.sets, reduced=file == "reduced") for file in ("full", "reduced")},
        imports=environments.import_times(),
        machine=environments.machine(),
        versions=told["environments"],
        day=datetime.datetime.now(tz=datetime.UTC).date(),
        command=f"python benchmarks/run.py --rounds {args.rounds}",
        python=platform.python_version(),
        sets=args.sets,
        files=args.files,
        more=[] if args.only else [line for title, command in _MORE for line in _section(title, command)],
    )
    args.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
