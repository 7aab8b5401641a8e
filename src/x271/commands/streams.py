"""How commands meet the outside: documents in, lines out, messages on stderr, and an exit code for each end."""

from __future__ import annotations

import io
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Annotated, ParamSpec

import typer

from ..batch.files import documents
from ..errors import UsageError, X271Error
from ..sources import Limits

INTERRUPTED = 130  # 128 and SIGINT, as a shell counts
NOBODY_READS = 141  # 128 and SIGPIPE: `x271 ... | head`

P = ParamSpec("P")

Out = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="OUT",
        help="Write to this file; it appears only when it is whole. By default stdout.",
        show_default=False,
    ),
]


def inputs(sources: Iterable[str]) -> Iterator[tuple[str, Path | bytes | X271Error]]:
    """The documents that are meant, each with its name for messages; `-` is stdin."""
    for source in sources:
        if source == "-":
            yield source, sys.stdin.buffer.read(Limits().max_bytes + 1)
        else:
            for name, path in documents([source]):
                yield name, path if isinstance(path, X271Error) else Path(path)


def say(message: str) -> None:
    """One line for people on stderr; what is no printable character in it is escaped."""
    sys.stderr.write(clean(message) + "\n")


def clean(message: str) -> str:
    """The message on one line, whatever a file's name holds."""
    shown = (char if char.isprintable() else char.encode("unicode_escape").decode() for char in message)
    return "".join(shown)


def guarded(command: Callable[P, int]) -> Callable[P, None]:
    """Makes a command that returns its exit code one that ends without a traceback, whatever ends it."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows its number
                stream.reconfigure(errors="backslashreplace")
        try:
            code = command(*args, **kwargs)
            sys.stdout.flush()
        except KeyboardInterrupt:
            code = INTERRUPTED
        except BrokenPipeError:
            _drop(sys.stdout)
            _drop(sys.stderr)
            code = NOBODY_READS
        except X271Error as error:
            say(f"x271: {error}")
            code = exit_code(error)
        except OSError as error:  # of our own output: inputs that cannot be read are X271Errors
            where = f"{error.filename}: " if error.filename else ""
            say(f"x271: {where}{error.strerror}")
            code = 1
        raise typer.Exit(code)

    return run


def exit_code(error: X271Error) -> int:
    """2 for a wrong option, 1 for an input that cannot be read or is not there."""
    is_input = error.code == "UNREADABLE_FILE" and error.position is None
    return 2 if isinstance(error, UsageError) and not is_input else 1


@contextmanager
def output(target: Path | None) -> Iterator[IO[bytes]]:
    """Where lines go: stdout, or a file that appears under its name only when it is whole.

    Raises:
        typer.BadParameter: the file cannot be written.
    """
    if target is None or str(target) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = target.resolve()  # a link stays a link
    if target.exists() and not target.is_file():  # /dev/null, a named pipe
        with _open(target, "wb") as file:
            yield file
        return
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    file = _open(part, "xb")
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _open(path: Path, mode: str) -> IO[bytes]:
    try:
        return path.open(mode)
    except OSError as error:
        problem = error.strerror
    raise typer.BadParameter(f"The file cannot be written: {problem}.", param_hint="-o")


def _drop(stream: IO[str]) -> None:
    """Lets what is still buffered go nowhere, so that the interpreter's own flush is quiet."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # no descriptor: a test's stream
        pass
