"""Which files are meant: a file, everything below a folder, what a glob matches.

The order is the same on every run: sources as given, and in a folder by name. Hidden files and folders (`.name`)
are left out unless they are named. In a folder and for a glob only regular files count (a pipe would block), and
each folder is entered once, whatever symbolic links lead to it.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from ..errors import UsageError, X271Error

Found = tuple[str, str | X271Error]

_MAGIC = re.compile(r"[*?\[]")


def documents(sources: Iterable[str | os.PathLike[str]]) -> Iterator[Found]:
    """Every file that the sources mean, as its name for people and its path, or why it cannot be had.

    A text that names an existing file or folder is that, else a glob (`*`, `?`, `[...]`, `**` for any folders).
    What cannot be listed or is not there comes as a `UsageError` value (`UNREADABLE_FILE`), so it ends nothing.
    Nothing is opened here.
    """
    for source in sources:
        yield from _source(os.fspath(source))


def _source(source: str) -> Iterator[Found]:
    mode = _mode(source)
    if isinstance(mode, int):
        yield from _walk(str(Path(source)), set()) if stat.S_ISDIR(mode) else [(source, source)]
    elif _MAGIC.search(source):
        yield from _glob(source)
    else:
        yield source, mode


def _walk(folder: str, entered: set[tuple[int, int]]) -> Iterator[Found]:
    """Every regular file below a folder. In texts: of a small file, paths as objects take as long as its answer."""
    inside: list[tuple[str, Iterator[str]]] = []
    yield from _enter(folder, inside, entered)
    while inside:
        at, names = inside[-1]
        name = next(names, None)
        if name is None:
            inside.pop()
            continue
        path = os.path.join(at, name)  # noqa: PTH118
        mode = _mode(path)
        if isinstance(mode, int) and stat.S_ISDIR(mode):
            yield from _enter(path, inside, entered)
        else:
            yield from _file(path, mode)


def _enter(
    folder: str, inside: list[tuple[str, Iterator[str]]], entered: set[tuple[int, int]]
) -> Iterator[Found]:
    """Puts a folder on top of those that the walk is in, unless it was there before; gives why it cannot."""
    if _is_new(folder, entered):
        names = _names(folder)
        if isinstance(names, X271Error):
            yield folder, names
        else:
            inside.append(("" if folder == os.curdir else folder, iter(names)))


def _glob(pattern: str) -> Iterator[Found]:
    whole = Path(pattern)
    start, parts = (Path(whole.anchor), whole.parts[1:]) if whole.anchor else (Path(), whole.parts)
    twice = parts.count("**") > 1  # only then do two ways lead to a file
    seen: set[Path] = set()
    entered: set[tuple[int, int]] = set()  # a folder that matches gives all below it, once
    found = False
    for match in _matches(start, parts, set()):
        found = True
        if isinstance(match, tuple):
            yield match
        elif _is_folder(match):
            yield from _walk(str(match), entered)
        elif not (entered and _key(match.parent) in entered) and match not in seen:
            if twice:
                seen.add(match)
            yield from _file(str(match), _mode(match))
    if not found:
        yield pattern, UsageError("UNREADABLE_FILE", detail="nothing matches")


def _file(path: str, mode: int | X271Error) -> Iterator[Found]:
    if not isinstance(mode, int):  # a link to nothing, or a file that went away meanwhile
        yield path, mode
    elif stat.S_ISREG(mode):
        yield path, path


def _matches(folder: Path, parts: tuple[str, ...], entered: set[tuple[int, int]]) -> Iterator[Path | Found]:
    """What the rest of a pattern matches below a folder; a folder comes before what is in it.

    `entered` are the folders that a `**` in front of the rest has entered.
    """
    if not parts:
        yield folder
        return
    part, rest = parts[0], parts[1:]
    if not _MAGIC.search(part):
        if isinstance(_mode(folder / part), int):
            yield from _matches(folder / part, rest, set())
        return
    if part == "**":
        if not _is_new(folder, entered):
            return
        yield from _matches(folder, rest, set())
    names = _names(folder, hidden=part.startswith("."))
    if isinstance(names, X271Error):
        yield str(folder), names
        return
    for name in names:
        if part == "**":
            if _is_folder(folder / name):
                yield from _matches(folder / name, parts, entered)
        elif fnmatch(name, part) and (not rest or _is_folder(folder / name)):
            yield from _matches(folder / name, rest, set())


def _names(folder: str | Path, *, hidden: bool = False) -> list[str] | X271Error:
    """What is in a folder, by name."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  # a million names weigh less than as many Paths
    except OSError as error:
        return _unreadable(error)
    return [name for name in names if hidden or not name.startswith(".")]


def _is_new(folder: str | Path, entered: set[tuple[int, int]]) -> bool:
    """Notes that a folder is entered; False if it was before. One that cannot be looked at is new."""
    key = _key(folder)
    if key is None or key in entered:
        return key is None
    entered.add(key)
    return True


def _key(folder: str | Path) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)  # noqa: PTH116
    except OSError:
        return None  # listing it says why
    return found.st_dev, found.st_ino


def _is_folder(path: Path) -> bool:
    mode = _mode(path)
    return isinstance(mode, int) and stat.S_ISDIR(mode)


def _mode(path: str | Path) -> int | X271Error:
    try:
        return os.stat(path).st_mode  # noqa: PTH116
    except (OSError, ValueError) as error:  # a ValueError is a NUL in the path
        return _unreadable(error)


def _unreadable(error: Exception) -> X271Error:
    number = error.errno if isinstance(error, OSError) else None
    return UsageError("UNREADABLE_FILE", detail=errno.errorcode.get(number or 0, type(error).__name__))
