"""A small archive of every kind of source, divided into many units."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sources.archives.packing import tarred, zipped

ARCHIVE = Path(__file__).parents[2] / "fixtures" / "archive"
GOOD = sorted(ARCHIVE.iterdir())
PATIENTS = 22  # in all of them
RECORDS = 5 * PATIENTS  # in `mixed`
REFUSED = {"UNKNOWN_FORM": 2, "MALFORMED_JSON": 1, "CORRUPT_ARCHIVE": 1}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """The documents of the archive five times: plain, in a zip, in a tar.gz, in JSON Lines and in a zip in a zip."""
    folder = tmp_path / "in"
    folder.mkdir()
    files = {path.name: path.read_bytes() for path in GOOD}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "a.zip").write_bytes(zipped({**files, "notes.txt": b"no answer"}))
    (folder / "b.tar.gz").write_bytes(gzip.compress(tarred(files)))
    texts = [
        data.decode("latin-1" if b"iso-8859-1" in data[:99].lower() else "utf-8") for data in files.values()
    ]
    lines = [json.dumps({"body": text}) for text in texts]
    (folder / "c.jsonl").write_text("\n".join([*lines[:3], "{broken", *lines[3:]]))
    (folder / "d").write_bytes(zipped({"in.zip": zipped(files)}))
    (folder / "e.271").write_text("no answer")
    (folder / "f.zip").write_bytes(zipped(files)[:-60])
    return folder


@pytest.fixture
def small_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units of three items, so that a small archive has many."""
    monkeypatch.setattr("x271.batch.units.UNIT_ITEMS", 3)
