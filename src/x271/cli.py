"""The command `x271`: it starts here, and the commands themselves are in `commands/`."""

from __future__ import annotations

import gc
import sys

_PARTS = {"typer", "rich"}  # what the extra `cli` brings


def program() -> None:
    """`main` as a process of its own."""
    without_numpy()
    try:
        main()
    finally:
        if "duckdb" not in sys.modules:  # which takes all that is there at the end for leaks, and says so
            gc.freeze()  # what is left goes with the process: looking through it takes longer than reading a file


def without_numpy() -> None:
    """For such a process: pyarrow takes numpy if it is there, whose import takes longer than all else."""
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]


def main() -> None:
    """Runs the command line and exits with its code: 0 all good, 1 some inputs refused, 2 wrong usage."""
    try:
        from .commands import app
    except ModuleNotFoundError as missing:
        if missing.name not in _PARTS:
            raise
        print('x271: the command line needs typer and rich: pip install "x271[cli]"', file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    app(prog_name="x271")
