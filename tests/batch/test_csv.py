"""CSV is opened in spreadsheets: text from a payer is never run there, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from sources.test_pieces import stream
from x271.batch import forms
from x271.batch.csv import _harmless
from x271.batch.run import to_file
from x271.batch.settings import Settings

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    """An answer about somebody whose last name is a formula."""
    path = tmp_path / "answer.271"
    path.write_bytes(stream(1).replace(b"DOE1", FORMULA.encode()))
    return path


def rows(source: Path, *, is_raw: bool) -> list[dict[str, str]]:
    out = source.with_name("out.csv")
    given = Settings(sources=(str(source),), form="csv", tables=forms.tables("csv", None), is_raw=is_raw)
    to_file(given, out)
    return list(csv.DictReader(io.StringIO(out.read_text())))


def test_a_formula_from_a_payer_is_text(answer: Path) -> None:
    (row,) = rows(answer, is_raw=False)
    assert {value for value in row.values() if value and "HYPERLINK" in value} == {"'" + FORMULA}
    (raw,) = rows(answer, is_raw=True)
    assert {name: value.removeprefix("'") for name, value in row.items()} == raw


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-1+A1", "--1", "\uff1d1", "\uff20A"]
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert _harmless(pa.array([None, text, "plain"])).to_pylist() == [None, "'" + text, "plain"]


@pytest.mark.parametrize("text", ["-12.50", "+3", "-1,000.00", "1-2", "a=b", "", "(-5)", "'=1"])
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert _harmless(pa.array([text, "=1"])).to_pylist() == [text, "'=1"]


def test_the_option_is_for_csv_alone(answer: Path) -> None:
    words = ["normalize", str(answer), "-o", str(answer.with_name("out.parquet")), "--csv-raw"]
    done = subprocess.run([sys.executable, "-m", "x271", *words], capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert b"--csv-raw" in done.stderr
