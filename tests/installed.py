"""Whether an installed wheel is whole: `nox -s wheel` runs this in a new environment, away from the sources.

It takes the repository's root, for what must be there and for documents to read.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(sys.argv[1])
PROGRAM = """
import x271

record = x271.normalize(b"")
reveal_type(record)
reveal_type(record.deductible.individual.in_network.total)
reveal_type(x271.parse(b"").to_x12())
"""
REVEALED = ("x271.normalize.eligibility.Eligibility", "decimal.Decimal | None", "bytes")


def ran(*command: str, code: int = 0) -> str:
    """What a program prints; it must end with this code."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == code, (command, done.stdout, done.stderr)
    return done.stdout


def check_files() -> None:
    """Every file of the sources, byte for byte, and nothing else but the core."""
    import x271

    package = Path(x271.__file__).parent
    assert ROOT not in package.parents, package
    tracked = ran("git", "-C", str(ROOT), "ls-files", "-z", "src/x271").split("\0")
    expected = {name.removeprefix("src/x271/") for name in tracked if name}
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    made = {name for name in found - expected if name.startswith("_core.")}
    assert len(made) == 1, made
    assert found - made == expected, found ^ expected
    for name in expected:
        assert (package / name).read_bytes() == (ROOT / "src" / "x271" / name).read_bytes(), name
    assert {"py.typed", "_core.pyi", "errors.tsv"} <= found


def check_entry_points() -> None:
    """Those of pyproject.toml, and each can be loaded."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    for group, wanted in groups.items():
        found = {one.name: one for one in entry_points(group=group) if one.dist and one.dist.name == "x271"}
        assert {name: one.value for name, one in found.items()} == wanted, group
        for one in found.values():
            one.load()


def check_commands() -> None:
    """Every command says how it is used, and the whole way is gone once."""
    from x271.commands import app

    x271 = str(Path(sysconfig.get_path("scripts")) / "x271")
    for command in app.registered_commands:
        assert command.callback is not None
        ran(x271, command.callback.__name__, "--help")
    answer = str(ROOT / "fixtures" / "archive" / "active-ppo.271")
    ran(x271, "normalize", str(ROOT / "fixtures" / "archive"), "-o", "rows.parquet", "--jobs", "2")
    ran(x271, "show", answer, "--html", "card.html")
    ran(x271, "redact", answer, "--key", "a secret of ours", "-o", "shareable.271")
    ran(x271, "validate", "shareable.271")
    ran(x271, "codes", "EB01")


def check_types(mypy: str) -> None:
    """Whoever uses x271 gets its types."""
    Path("program.py").write_text(PROGRAM, encoding="utf-8")
    said = ran(mypy, "--strict", "--python-executable", sys.executable, "program.py")
    for one in REVEALED:
        assert f'Revealed type is "{one}"' in said, said


def check_plugin() -> None:
    """pytest finds the plugin, and the invariants hold."""
    said = ran(sys.executable, "-m", "pytest", "-q", "--x271-archive", str(ROOT / "fixtures" / "archive"))
    assert " held in every document" in said, said


if __name__ == "__main__":
    check_files()
    check_entry_points()
    check_commands()
    check_types(sys.argv[2])
    check_plugin()
    sys.stdout.write("the installed wheel is whole\n")
