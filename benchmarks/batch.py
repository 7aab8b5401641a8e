"""Batch runs: one job against two, and how much memory they take at their peak.

    python benchmarks/batch.py                        100 MB in a zip, to Parquet
    python benchmarks/batch.py --size 1000 --form folder --input tar.gz

The archive is made under --folder (by default a temporary folder) and deleted in the end. Seconds are those of runs
that nobody watches, one job and two in turn. The peak is that of runs of their own, as who looks at a process's memory
holds it up and takes a processor that the workers need: the proportional set size (PSS) of the run with all its
workers, looked at every few milliseconds, above that of as many processes that have imported what the run imports and
then do nothing.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from answers import interchange

FORMS = ("jsonl", "parquet", "csv", "duckdb", "folder")
INPUTS = ("zip", "tar.gz", "jsonl", "jsonl.gz", "x12", "folder")
IMPORTS = (
    "import x271.cli; x271.cli.without_numpy(); "
    "import typer, rich, x271.commands, x271.batch.columns, x271.batch.run, pyarrow.parquet, x271._core as c; "
)
IDLE = f"{IMPORTS}from x271._reading import Question; Question.of(); input()"


def texts(size: int) -> Iterator[bytes]:
    """Different answers, about `size` megabytes in all; a few hundred are made, and their numbers change."""
    made = [interchange(seed=seed) for seed in range(1, 400)]
    total = number = 0
    while total < size * 10**6:
        text = made[number % len(made)].replace(b"TRACE0", b"TRACE%d" % (number % 10))
        yield text
        total, number = total + len(text), number + 1


def archive(kind: str, size: int, folder: Path) -> Path:
    """Writes the archive."""
    path = folder / f"answers.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as opened:
            for number, text in enumerate(texts(size)):
                opened.writestr(f"{number // 1000:04}/{number:07}.271", text)
    elif kind == "tar.gz":
        with tarfile.open(path, "w:gz", compresslevel=6) as opened:
            for number, text in enumerate(texts(size)):
                info = tarfile.TarInfo(f"{number // 1000:04}/{number:07}.271")
                info.size = len(text)
                opened.addfile(info, io.BytesIO(text))
    elif kind == "x12":
        with path.open("wb") as file:
            file.writelines(texts(size))
    elif kind == "folder":
        for number, text in enumerate(texts(size)):
            inner = path / f"{number // 1000:04}"
            inner.mkdir(parents=True, exist_ok=True)
            (inner / f"{number:07}.271").write_bytes(text)
    else:
        import gzip

        with gzip.open(path, "wb", 6) if kind.endswith("gz") else path.open("wb") as file:
            for text in texts(size):
                file.write(json.dumps({"id": 1, "raw_response": text.decode()}).encode() + b"\n")
    return path


def pss(process: int) -> int:
    """Bytes of a process and of all below it; 0 for one that ended."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0) * 1024
    return own + sum(pss(int(child)) for child in children)


def idle(processes: int, environment: dict[str, str]) -> int:
    """What so many processes take that only import."""
    words = [sys.executable, "-c", IDLE]
    started = [
        subprocess.Popen(words, stdin=subprocess.PIPE, env=environment)  # noqa: S603
        for _ in range(processes)
    ]
    time.sleep(4)
    total = sum(pss(one.pid) for one in started)
    for one in started:
        one.communicate(b"\n")
    return total


def compiled(folder: Path) -> dict[str, str]:
    """An environment where Python keeps what it has compiled, as pip does when it installs."""
    environment = os.environ | {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    subprocess.run([sys.executable, "-c", IDLE], env=environment, input=b"\n", check=True)  # noqa: S603
    return environment


def command(source: Path, out: Path, jobs: int) -> list[str]:
    """The words of a run."""
    words = [sys.executable, "-m", "x271", "normalize", str(source), "-o", str(out)]
    return [*words, "--jobs", str(jobs), "-q"]


def remove(out: Path) -> None:
    """Removes what a run wrote."""
    if out.is_dir():
        shutil.rmtree(out)
    else:
        out.unlink()


def timed(source: Path, out: Path, jobs: int, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds, and seconds of all processors, of a run that is left alone."""
    words = command(source, out, jobs)
    before, start = os.times(), time.perf_counter()
    subprocess.run(words, env=environment, check=True)  # noqa: S603
    seconds, after = time.perf_counter() - start, os.times()
    remove(out)
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, worked


def peak(source: Path, out: Path, jobs: int, environment: dict[str, str]) -> int:
    """Bytes at the peak of a run that is watched."""
    highest = 0
    with subprocess.Popen(command(source, out, jobs), env=environment) as running:  # noqa: S603
        while running.poll() is None:
            highest = max(highest, pss(running.pid))
            time.sleep(0.02)
    assert running.returncode == 0
    remove(out)
    return highest


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--size", type=int, default=100, help="megabytes of answers, unpacked")
    ask.add_argument("--input", choices=INPUTS, default="zip")
    ask.add_argument("--form", choices=FORMS, default="parquet", help="the ending of the output, or folder")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--folder", type=Path, help="where the archive is made")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        source = archive(asked.input, asked.size, folder)
        environment = compiled(folder)
        out = folder / ("out" if asked.form == "folder" else f"out.{asked.form}")
        print(f"{asked.size} MB of answers as {asked.input}, to {asked.form}")
        print(
            f"seconds: the best of {asked.rounds} that nobody watches; peak: the highest of as many that are watched"
        )
        print(f"{'jobs':>4} {'seconds':>8} {'of CPU':>8} {'MB/s':>7} {'peak MB':>8} {'above imports':>13}")
        best = {}
        done: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
        for _ in range(asked.rounds):  # in turn, as other work on the machine comes and goes
            for jobs, runs in done.items():
                runs.append(timed(source, out, jobs, environment))
        for jobs, runs in done.items():
            best[jobs] = min(seconds for seconds, _ in runs)
            worked = min(worked for _, worked in runs)
            highest = max(peak(source, out, jobs, environment) for _ in range(asked.rounds))
            above = highest - idle(1 if jobs == 1 else jobs + 1, environment)
            rate = asked.size / best[jobs]
            print(
                f"{jobs:4} {best[jobs]:8.2f} {worked:8.2f} {rate:7.1f} {highest / 1e6:8.1f} {above / 1e6:13.1f}"
            )
        print(f"two jobs are {best[1] / best[2]:.2f} times as fast as one")


if __name__ == "__main__":
    main()
