"""With warnings as errors every module can be imported and every command runs: `python -W error`."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import x271
from x12 import FIXTURES

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(x271.__path__, "x271.")
    if not found.name.endswith("__main__")
)
ANSWER = FIXTURES / "archive" / "dependent-child.271"


def strict(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Python with every warning an error, and in development mode: files left open are warned of, too."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", "-X", "dev", *arguments],
        input=stdin, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip


def test_every_module_can_be_imported() -> None:
    imports = "; ".join(f"import {name}" for name in MODULES)
    ran = strict("-c", f"{imports}; print('done')")
    assert (ran.stdout, ran.stderr) == ("done\n", "")


_EACH_FIRST = """
import importlib, os
import hypothesis, lxml.etree, pydantic, rich.console, typer, xmltodict
for name in {modules!r}:
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(name, repr(error), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process for each takes minutes without fork")
def test_every_part_can_be_imported_first() -> None:
    ran = strict("-c", _EACH_FIRST.format(modules=[name for name in MODULES if name.count(".") == 1]))
    assert (ran.stdout, ran.stderr) == ("", "")


RUNS = [
    ("show", str(ANSWER)),
    ("show", str(ANSWER), "--html", "card.html"),
    ("parse", str(ANSWER)),
    ("normalize", str(FIXTURES / "archive"), "--jobs", "2", "-o", "rows.jsonl"),
    ("normalize", str(FIXTURES / "archive"), "-o", "rows.parquet"),
    ("normalize", str(FIXTURES / "archive"), "-o", "rows.csv"),
    ("normalize", str(FIXTURES / "archive"), "-o", "rows.duckdb"),
    ("normalize", str(ANSWER), "--as", "integrex"),
    ("explain", str(ANSWER), "coverage"),
    ("validate", str(ANSWER)),
    ("validate", str(ANSWER), "--ack", "999"),
    ("convert", str(ANSWER), "--to", "xml"),
    ("convert", str(ANSWER), "--to", "json"),
    ("redact", str(ANSWER), "--key", "a secret of ours"),
    ("synth", "--seed", "7", "--count", "3"),
    ("codes",),
    ("codes", "EB01", "1"),
    ("--version",),
    ("--help",),
]


@pytest.mark.parametrize("arguments", RUNS, ids=lambda arguments: " ".join(arguments[:1] + arguments[2:]))
def test_a_command_runs_without_a_warning(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = strict("-m", "x271", *arguments)
    assert "Warning" not in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0, ran.stderr


def test_every_command_is_run() -> None:
    from x271.commands import app

    names = {command.callback.__name__ for command in app.registered_commands if command.callback}
    run = {arguments[0] for arguments in RUNS}
    assert names - run == {"inquire"}  # below


def test_inquire_runs_without_a_warning() -> None:
    requests = FIXTURES / "requests"
    config = ("--config", str(requests / "x271.toml"))
    ran = strict("-m", "x271", "inquire", str(requests / "integrex.json"), "--from", "integrex", *config)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("ISA*")


def test_reading_leaves_no_file_open(tmp_path: Path) -> None:
    code = f"""
import gc, x271
for source in ({str(FIXTURES / "archive")!r}, {str(FIXTURES / "archives")!r}):
    list(x271.read(source, on_error=lambda *_: None))
    list(x271.tables(source, on_error=lambda *_: None))
    next(iter(x271.read(source, on_error=lambda *_: None)))
x271.parse(x271.__path__ and __import__("pathlib").Path({str(ANSWER)!r}))
gc.collect()
print("done")
"""
    ran = strict("-c", code)
    assert (ran.stdout, ran.stderr) == ("done\n", "")
