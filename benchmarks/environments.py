"""The environments of the peers: an interpreter with their packages each, node modules, a folder of jars."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
Command = Callable[[str], list[str]]


def prepare(work: Path, needed: dict[str, list[str]]) -> tuple[dict[str, Command], dict[str, str]]:
    """Per environment how a program of it is called; and for those that cannot be had, why."""
    makers = {"x271": _own, "node": _node, "java": _java}
    commands, absent = {}, {}
    for name, packages in needed.items():
        try:
            commands[name] = makers.get(name, _python)(work / name, packages)
        except (OSError, subprocess.SubprocessError, LookupError) as error:
            absent[name] = (
                str(error) if isinstance(error, LookupError) else f"not installed ({type(error).__name__})"
            )
    return commands, absent


def _call(command: list[str | Path], cwd: Path | None = None) -> None:
    subprocess.run(command, check=True, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def _own(_: Path, __: list[str]) -> Command:
    return lambda program: [sys.executable, str(PEERS / "harness.py"), program]


def _python(folder: Path, packages: list[str]) -> Command:
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        _call([python, "-m", "pip", "install", "-q", *packages])
        (folder / "ready").touch()
    return lambda program: [str(python), str(PEERS / "harness.py"), program]


def _node(folder: Path, packages: list[str]) -> Command:
    if not (shutil.which("node") and shutil.which("npm")):
        raise LookupError("node is not here")
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        _call(["npm", "install", "--silent", *packages], folder)
        (folder / "ready").touch()
    return lambda _: ["node", str(PEERS / "harness.mjs"), str(folder)]


def _java(folder: Path, packages: list[str]) -> Command:
    if not (shutil.which("mvn") and shutil.which("javac")):
        raise LookupError("Maven is not here")
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        group, artifact, version = packages[0].split(":")
        dependency = (
            f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
        )
        (folder / "pom.xml").write_text(
            '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
            "<groupId>b</groupId><artifactId>b</artifactId><version>1</version>"
            f"<dependencies><dependency>{dependency}</dependency></dependencies></project>",
            encoding="utf-8",
        )
        _call(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"], folder)
        _call(["javac", "-cp", _jars(folder), "-d", folder, PEERS / "Harness.java"])
        (folder / "ready").touch()
    return lambda _: ["java", "-cp", f"{_jars(folder)}{os.pathsep}{folder}", "Harness"]


def _jars(folder: Path) -> str:
    return os.pathsep.join(str(jar) for jar in sorted((folder / "jars").glob("*.jar")))


def import_times(rounds: int = 15) -> dict[str, float]:
    """Seconds that a new interpreter takes to import x271 and pydantic, above one that imports nothing: medians."""
    seconds: dict[str, list[float]] = {"pass": [], "import pydantic": [], "import x271": []}
    for _ in range(rounds):
        for code, taken in seconds.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
            taken.append(time.perf_counter() - start)
    medians = {code: statistics.median(taken) for code, taken in seconds.items()}
    return {code: value - medians["pass"] for code, value in medians.items() if code != "pass"}


def machine() -> str:
    """Processor, cores and memory, as the system tells."""
    lines = (
        Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if Path("/proc/cpuinfo").exists()
        else []
    )
    model = next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB"
