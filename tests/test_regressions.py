"""Each defect that was found stays mended: a folder of `fixtures/regressions` per defect.

`input.271` is an answer, and `expect.toml` says what it must give. An input of another kind has its own check here,
named by its file.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import x271
from x12 import FIXTURES, segments
from x271.forms import to_json, to_x12, to_xml

FOLDERS = sorted(path for path in (FIXTURES / "regressions").iterdir() if path.is_dir())


def expected(folder: Path) -> dict[str, Any]:
    found = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    assert found["why"].endswith(".")
    return found


def having(name: str) -> pytest.MarkDecorator:
    """The folders with an input of this name."""
    found = [folder for folder in FOLDERS if (folder / name).exists()]
    assert found
    return pytest.mark.parametrize("folder", found, ids=lambda path: path.name)


def test_each_folder_has_an_input_that_a_test_reads() -> None:
    read = {"input.271", "input.json", "input.xml", "input.packed"}
    assert all(len(read & {path.name for path in folder.iterdir()}) == 1 for folder in FOLDERS)


@having("input.271")
def test_the_defect_stays_mended(folder: Path) -> None:
    expect = expected(folder)
    data = (folder / "input.271").read_bytes()
    document = x271.parse(data)
    records = x271.normalize_all(data)
    assert len(segments(data)) == expect["segments"]
    assert [one.code for one in document.findings] == expect["findings"]
    assert sum(len(record.benefits) for record in records) == expect["benefits"]
    assert len(records) == expect["patients"]
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


_DONE: dict[str, Callable[[bytes], bytes]] = {
    "to_xml": to_xml,
    "to_json": to_json,
    "redact": lambda data: x271.redact(data, key="12345678"),
}


@having("input.json")
def test_the_defect_in_json_stays_mended(folder: Path) -> None:
    _in_either(folder, (folder / "input.json").read_bytes())


@having("input.xml")
def test_the_defect_in_xml_stays_mended(folder: Path) -> None:
    _in_either(folder, (folder / "input.xml").read_bytes())


def _in_either(folder: Path, data: bytes) -> None:
    """`body` are the segments without the envelope; `refused` names what must refuse it, and the code; `holds` the
    JSON that something makes of it, `kept` texts that redaction leaves."""
    expect = expected(folder)
    body = [
        text
        for text in segments(to_x12(data))
        if text[:3] not in ("ISA", "IEA") and text[:2] not in ("GS", "GE")
    ]
    assert body == expect["body"]
    for name, code in expect.get("refused", {}).items():
        with pytest.raises(x271.X271Error) as caught:
            _DONE[name](data)
        assert caught.value.code == code
    for name, value in expect.get("holds", {}).items():
        assert json.loads(_DONE[name](data)) == json.loads(value)
    if "redact" not in expect.get("refused", {}):
        redacted = _DONE["redact"](data)
        assert all(text.encode() in redacted for text in expect.get("kept", ()))


@having("input.packed")
def test_the_defect_in_an_archive_stays_mended(folder: Path) -> None:
    found: list[str] = []
    records = list(x271.read(folder / "input.packed", on_error=lambda _, error: found.append(error.code)))
    assert (len(records), found) == (expected(folder)["patients"], expected(folder)["refused"])
