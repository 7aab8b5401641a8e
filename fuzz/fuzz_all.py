"""Runs fuzz targets one after the other, for so many seconds each.

    python fuzz/fuzz_all.py [TARGET ...] [--seconds N] [--seed N] [--fresh]

Targets are `parse`, `normalize`, `xml`, `json`, `batch` (atheris: `pip install -e '.[fuzz]'`) and `core/records`,
`core/pieces`, `core/xml`, `core/json` (cargo-fuzz on nightly, with address sanitizer); by default all that the machine
has the tools for, which it names, and it is an error if it has none. What was found in earlier runs is the beginning of
the next; `--fresh` begins with the fixtures alone, so that a seed gives the same run. A target that fails leaves its
input in `fuzz/.work/artifacts/`, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys

import knowledge
from seeds import BY_TARGET, FUZZ, WORK, corpus

_LIMITS = ("-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1")


def _has_atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None


def _has_cargo_fuzz() -> bool:
    cargo = shutil.which("cargo")
    if cargo is None:
        return False
    asked = subprocess.run([cargo, "+nightly", "fuzz", "--version"], capture_output=True, check=False)  # noqa: S603
    return asked.returncode == 0


def _command(target: str) -> list[str]:
    if target.startswith("core/"):
        knowledge.write()
        name = target.removeprefix("core/")
        return [
            "cargo",
            "+nightly",
            "fuzz",
            "run",
            "--fuzz-dir",
            ".",
            name,
            str(corpus(target)),
            "--",
            "-max_len=8192",
        ]
    return [
        sys.executable,
        str(FUZZ / f"fuzz_{target}.py"),
        str(corpus(target)),
        f"-dict={FUZZ / 'x12.dict'}",
    ]


def _run(target: str, seconds: int, seed: int) -> bool:
    artifacts = WORK / "artifacts" / target
    artifacts.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-seed={seed}", f"-artifact_prefix={artifacts}/", *_LIMITS]
    print(f"== {target}, {seconds} s, seed {seed}", flush=True)
    folder = FUZZ / "core" if target.startswith("core/") else FUZZ
    done = subprocess.run([*_command(target), *options], cwd=folder, check=False)  # noqa: S603
    return done.returncode == 0


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("target", nargs="*", metavar="TARGET", help=", ".join(BY_TARGET))
    ask.add_argument("--seconds", type=int, default=120)
    ask.add_argument("--seed", type=int, default=271)
    ask.add_argument("--fresh", action="store_true")
    args = ask.parse_args()
    if unknown := set(args.target) - set(BY_TARGET):
        ask.error(f"no such target: {', '.join(sorted(unknown))}")
    there = {False: _has_atheris(), True: _has_cargo_fuzz()}
    wanted = args.target or [one for one in BY_TARGET if there[one.startswith("core/")]]
    missing = [one for one in args.target or BY_TARGET if not there[one.startswith("core/")]]
    if missing:
        print(f"== not run, as atheris or cargo-fuzz is not installed: {', '.join(missing)}", flush=True)
    if not wanted or (args.target and missing):
        return 2
    if args.fresh:
        shutil.rmtree(WORK / "corpus", ignore_errors=True)
    failed = [one for one in wanted if not _run(one, args.seconds, args.seed)]
    print(f"== {len(wanted) - len(failed)} of {len(wanted)} held", *failed)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
