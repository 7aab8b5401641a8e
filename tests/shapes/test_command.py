"""`x271 normalize --as` writes each shape, a line per patient."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import x271
from x12 import FIXTURES

ARCHIVE = FIXTURES / "archive"
FILES = (ARCHIVE / "dependent-child.271", ARCHIVE / "batch-three-sets.271", FIXTURES / "ppmd" / "sample.xml")


def lines(
    shape: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> list[Any]:
    from x271.cli import main

    monkeypatch.setattr(sys, "argv", ["x271", "normalize", *map(str, FILES), "--as", shape, "-q"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    return [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("shape", "method"),
    [
        ("integrex", x271.Eligibility.to_integrex),
        ("vsee", x271.Eligibility.to_vsee_insurance),
        ("verifytreatment", x271.Eligibility.to_verifytreatment),
    ],
)
def test_a_shape_is_what_the_records_method_gives(
    shape: str, method: Any, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record for file in FILES for record in x271.normalize_all(Path(file))]
    assert lines(shape, capfdbinary, monkeypatch) == [method(record) for record in records]
    assert len(records) == 9
