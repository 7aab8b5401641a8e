"""Any file, packed or not, gives the same records and refusals by `read`, the tables and a run, in bounded space."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from _mutate import by_form
from _run import run, told

import x271
from x271.batch.run import to_stream
from x271.batch.settings import Settings
from x271.sources import Limits

_MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own in it)
_FOLDER = Path(tempfile.mkdtemp(prefix="x271-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None))
_LIMITS = Limits(max_bytes=2**20, max_expansion=100, max_unpacked=2**24, max_archives=3)


def check(data: bytes) -> None:
    path = _FOLDER / "input"
    path.write_bytes(data)
    refused: list[str] = []

    def refuse(name: str, error: x271.X271Error) -> None:
        told(error, data)
        assert name.startswith(str(path))
        refused.append(error.code)

    records = list(x271.read(path, limits=_LIMITS, on_error=refuse))
    assert len(records) <= 1000 + len(data) * 300
    codes = sorted(refused)
    refused.clear()
    tables = x271.tables(path, limits=_LIMITS, on_error=refuse, only="eligibility")
    rows = sum(batch.num_rows for batch in tables.eligibility)
    assert rows >= len(records)
    assert sorted(refused) == codes
    ran, listed = _run(path)
    assert ran == [record.model_dump(mode="json") for record in records]
    assert sorted(listed) == codes


def _run(path: Path) -> tuple[list[object], list[str]]:
    out, listing = io.BytesIO(), _FOLDER / "refused.jsonl"
    settings = Settings(sources=(str(path),), limits=_LIMITS)
    to_stream(settings, out, jobs=1, refused=listing, report=lambda _: None)
    listed = [json.loads(line)["code"] for line in listing.read_bytes().splitlines()]
    return [json.loads(line) for line in out.getvalue().splitlines()], listed


def _packed(name: str, data: bytes, rng: random.Random) -> bytes:
    held = io.BytesIO()
    kind = rng.randrange(5)
    if kind == 0:
        with zipfile.ZipFile(held, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
            for at in range(rng.randint(1, 3)):
                archive.writestr(f"{name}-{at}", data)
    elif kind == 1:
        with tarfile.open(fileobj=held, mode="w") as tar:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    else:
        return (gzip.compress, bz2.compress, lzma.compress)[kind - 2](data)
    return held.getvalue()


def _unpacked(data: bytes) -> bytes:
    """What stands first in an archive, to be mutated; the archive itself if it cannot be opened."""
    opened: IO[bytes]
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(archive.namelist()[0]) as opened:
                return opened.read(8192)
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as inner:
                return inner.read(8192)
    except Exception:  # noqa: BLE001  (the standard library's many)
        return data
    return data


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Mutates what is packed, packs it anew, or damages the archive."""
    inside = by_form(_unpacked(data), rng)
    for _ in range(rng.randrange(3)):
        inside = _packed("a.271", inside, rng)
    if rng.random() < 0.5 and inside:
        at = rng.randrange(len(inside))
        inside = rng.choice(
            (inside[:at], inside[:at] + rng.randbytes(2) + inside[at + 2 :], inside + inside[at:])
        )
    return inside


if __name__ == "__main__":
    try:
        run(check, mutate)
    finally:
        shutil.rmtree(_FOLDER, ignore_errors=True)
