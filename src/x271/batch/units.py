"""Divides what a run reads into units of work, always the same way: the plan depends on the sources alone."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import X271Error
from ..sources.archives.spots import Files, Spot
from ..sources.archives.walk import Data, Item, items, items_of
from .again import Wanted
from .files import documents
from .settings import SEALED, UNIT_BYTES, UNIT_ITEMS, Settings, digest

Same = frozenset[tuple[int, int]]  # files by device and inode


@dataclass(frozen=True, slots=True)
class Unit:
    """Some items that one worker takes, in their order.

    Attributes:
        number: from 0, in the order of the sources.
        items: what is in it.
        print: digest of what was planned; another one on the next day means that the sources changed.
        weight: bytes of the sources that are done with it.
    """

    number: int
    items: tuple[Item, ...]
    print: str
    weight: int

    @property
    def size(self) -> int:
        """Bytes of what is in it, as far as they are known before it is read."""
        return sum(item.size for item in self.items)


def units(settings: Settings, *, outputs: Same = frozenset()) -> Iterator[Unit]:
    """The plan, made while the run goes on. `outputs` are files of the run itself, which it does not read."""
    held: list[Item] = []
    size = files = number = 0
    for item in _items(settings, outputs):
        held.append(item)
        size += item.size
        files += item.files
        if size >= UNIT_BYTES or files >= UNIT_ITEMS:
            yield _unit(number, held)
            held, size, files, number = [], 0, 0, number + 1
    if held:
        yield _unit(number, held)


def same(*paths: str | os.PathLike[str] | None) -> Same:
    """The files that are there of these, for `units`."""
    return frozenset(key for path in paths if path is not None and (key := _key(path)) is not None)


def _items(settings: Settings, outputs: Same) -> Iterator[Item]:
    limits = settings.limits
    wanted = Wanted(settings.only)
    in_ranges = settings.asked.trace is None  # who carries it, only the whole file says
    for source in settings.sources:
        if source == "-":
            yield from items_of("-", sys.stdin.buffer, limits=limits, sealed=SEALED)
            continue
        for name, path in documents([source]):
            if isinstance(path, X271Error):
                yield Item(name, path)
            elif not outputs or _key(path) not in outputs:
                for item in items(name, path, limits=limits, sealed=SEALED, in_ranges=in_ranges):
                    if wanted.may_hold(item.name):
                        yield item


def _unit(number: int, held: list[Item]) -> Unit:
    seen = [(one.name, one.what, one.line, one.size, _print(one.data)) for one in held]
    return Unit(number, tuple(held), digest(repr(seen).encode()), sum(one.weight for one in held))


def _print(data: Data) -> object:
    if isinstance(data, bytes):
        return zlib.crc32(data)
    if isinstance(data, (Spot, Files)):
        return tuple(data)
    return data.code if isinstance(data, X271Error) else None  # a plan has no streams


def _key(path: str | os.PathLike[str]) -> tuple[int, int] | None:
    try:
        there = os.stat(path)  # noqa: PTH116  # once for each of a million files
    except (OSError, ValueError):
        return None
    return there.st_dev, there.st_ino
