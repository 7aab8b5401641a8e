"""One session per kind of work. They run in the environment that nox itself is in: `pip install -e '.[dev]'` first."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nox

nox.options.sessions = ["lint", "typing", "tests", "docs"]

CORE = "src/core/Cargo.toml"


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    """Ruff for Python, rustfmt and clippy for the core."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("cargo", "fmt", "--manifest-path", CORE, "--check", external=True)
    for features in ("--no-default-features", "--features=python"):
        session.run(
            "cargo", "clippy", "-q", "--manifest-path", CORE, features, "--all-targets", "--", "-D", "warnings",
            external=True,
        )  # fmt: skip


@nox.session(venv_backend="none")
def typing(session: nox.Session) -> None:
    """mypy, and the stubs of the core against the built module."""
    session.run("mypy")
    session.run("python", "-m", "mypy.stubtest", "x271._core", env={"MYPYPATH": "src"})


@nox.session(venv_backend="none")
def tests(session: nox.Session) -> None:
    """The Python suite with coverage, and the core's own tests without an interpreter."""
    # Begun before pytest: it loads our plugin, and x271 with it, before pytest-cov would begin.
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "report", "--skip-covered")
    session.run(
        "cargo", "test", "-q", "--manifest-path", CORE, "--no-default-features", "--features", "columns", external=True
    )  # fmt: skip


@nox.session(venv_backend="none")
def docs(session: nox.Session) -> None:
    """Generated pages are up to date, and the examples in the pages run."""
    for script in GENERATED:
        session.run("python", f"docs/{script}", *(session.posargs or ["--check"]))
    session.run("pytest", "-q", "tests/docs")


# Run without --check (`nox -s docs -- --write` is not needed: call the script) to write the page anew.
GENERATED = (
    "generate_catalogues.py",
    "generate_field_page.py",
    "generate_readme_table.py",
    "generate_schema.py",
    "generate_show_page.py",
    "generate_synthetic_page.py",
    "generate_tables_page.py",
    "generate_vendor_tables.py",
    "generate_walk.py",
)


@nox.session(venv_backend="none")
def wheel(session: nox.Session) -> None:
    """The wheel in an environment of its own and a folder without the sources: files, commands, types, plugin."""
    root = Path.cwd()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        session.run("maturin", "build", "--release", "-q", "--out", temporary, external=True)
        (built,) = folder.glob("*.whl")
        session.run("python", "-m", "venv", str(folder / "venv"))
        python = str(folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
        extras = "cli,html,arrow,duckdb,testing"
        session.run(python, "-m", "pip", "install", "-q", f"{built}[{extras}]", external=True)
        program = (str(root / "tests" / "installed.py"), str(root), str(Path(sys.executable).parent / "mypy"))
        (folder / "empty").mkdir()
        with session.chdir(folder / "empty"):
            session.run(python, "-I", "-W", "error", *program, external=True)


@nox.session(venv_backend="none")
def bench(session: nox.Session) -> None:
    """Measures everything and writes benchmarks/RESULTS.md; nothing fails by the clock."""
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session(venv_backend="none")
def fuzz(session: nox.Session) -> None:
    """A few minutes of each fuzz target from the same seed, and the properties about hostile input at length.

    `nox -s fuzz -- --seconds 3600` takes an hour for each target. `pip install -e '.[fuzz]'` first; the targets of the
    core need cargo-fuzz and nightly, and are named if they cannot run.
    """
    session.run("python", "fuzz/fuzz_all.py", "--fresh", "--seconds", "180", *session.posargs)
    env = {
        "X271_ORACLE_EXAMPLES": os.environ.get("X271_ORACLE_EXAMPLES", "20000"),
        "X271_SYNTHETIC_SEEDS": os.environ.get("X271_SYNTHETIC_SEEDS", "300"),
        "HYPOTHESIS_PROFILE": "fuzz",
    }
    properties = ("test_hostile.py", "test_no_leaks.py", "sources/test_readers.py", "test_oracle.py")
    scenarios = "synthetic/test_scenarios.py"
    tests = (*(f"tests/{name}" for name in (*properties, scenarios)), "fuzz/test_linear.py")
    session.run("pytest", "-q", *tests, env=env)
