"""Each defect that was found stays mended: a folder of `fixtures/regressions` per defect."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import x271
from x12 import FIXTURES, segments

FOLDERS = sorted(path for path in (FIXTURES / "regressions").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_defect_stays_mended(folder: Path) -> None:
    expected = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    assert expected["why"].endswith(".")
    data = (folder / "input.271").read_bytes()
    document = x271.parse(data)
    records = x271.normalize_all(data)
    assert len(segments(data)) == expected["segments"]
    assert [one.code for one in document.findings] == expected["findings"]
    assert sum(len(record.benefits) for record in records) == expected["benefits"]
    assert len(records) == expected["patients"]
    for answer in document.answers():
        for source in answer.sources:
            assert source.name is not None
            assert source.name.name is not None
    assert all(record.payer.name for record in records)
    for one in document.findings:
        if one.code == "EMPTY_SEGMENT":
            assert one.position is not None
            assert one.position.offset is not None
            assert data[one.position.offset :].startswith(b"~HL*1")
    assert document.to_x12() == data
