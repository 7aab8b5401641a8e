"""One long X12 file, which several processes share: the rows and counts of the file read at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import x271
from batch.test_resume import stopped
from sources.test_pieces import stream
from x12 import interchange, transaction, written
from x271.batch import forms, units
from x271.batch.run import to_file
from x271.batch.settings import Asked, Settings
from x271.batch.units import Unit
from x271.batch.work import Worker
from x271.sources import Limits

SETS = 60


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges of 3,000 bytes and pieces of 2,000, each range a unit."""
    monkeypatch.setattr("x271.sources.ranges.SIZE", 3000)
    monkeypatch.setattr("x271.sources.pieces.SIZE", 2000)
    monkeypatch.setattr("x271.sources.pieces._CHUNK", 500)
    monkeypatch.setattr("x271.sources.archives.walk._LONG", 4000)
    monkeypatch.setattr("x271.batch.units.SEALED", 4000)
    monkeypatch.setattr("x271.batch.units.UNIT_BYTES", 3000)


@pytest.fixture
def long(tmp_path: Path, small: None) -> Path:
    """One interchange of 60 answers."""
    path = tmp_path / "long.271"
    path.write_bytes(stream(SETS))
    return path


def settings(source: Path, form: str = "jsonl", **options: Any) -> Settings:
    return Settings(sources=(str(source),), form=form, tables=forms.tables(form, None), **options)


def refused(out: Path) -> list[tuple[str, str]]:
    path = out.with_name("refused.jsonl")
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [(row["code"], Path(row["source"]).name) for row in rows]


@pytest.mark.parametrize("jobs", [1, 2])
def test_its_records_are_those_of_the_whole(long: Path, jobs: int) -> None:
    out = long.with_name("out.jsonl")
    given = settings(long)
    assert len(list(units.units(given))) == 5
    tally = to_file(given, out, jobs=jobs)
    whole = [record.model_dump_json() for record in x271.normalize_all(long.read_bytes())]
    assert out.read_text().splitlines() == whole
    assert (tally.documents, tally.patients, tally.size) == (1, SETS, long.stat().st_size)
    assert refused(out) == []


def test_several_interchanges_with_line_breaks_and_an_end_that_is_cut_are_shared_too(
    tmp_path: Path, small: None
) -> None:
    path, out = tmp_path / "several.271", tmp_path / "out.jsonl"
    text = b"\r\n".join(stream(7) for _ in range(5)).replace(b"~", b"~\n")
    path.write_bytes(text[:-30])
    for jobs in (1, 2):
        to_file(settings(path), out, jobs=jobs)
        lines = [json.loads(line) for line in out.read_text().splitlines()]
        whole = x271.normalize_all(path.read_bytes())
        assert len(lines) == len(whole) == 35
        assert [one["source"] for one in lines] == [
            json.loads(one.model_dump_json())["source"] for one in whole
        ]


def test_text_that_is_wrapped_at_80_characters_is_shared_too(tmp_path: Path, small: None) -> None:
    path, out = tmp_path / "wrapped.271", tmp_path / "out.jsonl"
    text = stream(SETS)
    path.write_bytes(b"\n".join(text[at : at + 80] for at in range(0, len(text), 80)))
    tally = to_file(settings(path), out, jobs=2)
    assert tally.patients == SETS
    whole = [record.model_dump_json() for record in x271.normalize_all(path.read_bytes())]
    assert out.read_text().splitlines() == whole


def test_a_run_goes_on_in_the_middle_of_it(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, whole = long.with_name("out.parquet"), long.with_name("whole.parquet")
    tally = to_file(settings(long, "parquet"), whole)
    for after in (1, 3):
        stopped(settings(long, "parquet"), out, after)
    done: list[int] = []
    do = Worker.do

    def noted(self: Worker, unit: Unit) -> Any:
        done.append(unit.number)
        return do(self, unit)

    monkeypatch.setattr(Worker, "do", noted)
    assert to_file(settings(long, "parquet"), out, resume=True) == tally
    assert done[0] == 3  # the second run ended after one more, besides the two before
    assert out.read_bytes() == whole.read_bytes()


def test_a_set_that_is_too_large_ends_it_and_is_refused_once(long: Path) -> None:
    large = transaction(*(f"NM1*IL*1*N{number}" for number in range(900)), number="0999")
    before, after = stream(20), stream(20)
    long.write_bytes(before + written(interchange(large)) + after)
    out, limits = long.with_name("out.jsonl"), Limits(max_bytes=8000)
    readable = [one.model_dump_json() for one in x271.read(long, limits=limits, on_error=lambda *_: None)]
    assert 15 < len(readable) <= 20
    tally = to_file(settings(long, limits=limits), out)
    assert refused(out) == [("TOO_LARGE", "long.271")]
    assert (tally.documents, tally.in_part, tally.refused) == (1, 1, 0)
    assert out.read_text().splitlines() == readable


def test_a_file_of_nothing_but_other_sets_is_refused_once(long: Path) -> None:
    long.write_bytes(stream(SETS).replace(b"ST*271*", b"ST*835*"))
    out = long.with_name("out.jsonl")
    tally = to_file(settings(long), out, jobs=2)
    assert refused(out) == [("UNSUPPORTED_TRANSACTION", "long.271")]
    assert (tally.documents, tally.refused) == (1, 1)


def test_with_a_trace_number_it_is_one_unit_as_only_the_whole_says_who_carries_it(long: Path) -> None:
    asked = settings(long, asked=Asked(trace="T7"))
    assert len(list(units.units(asked))) == 1
    assert to_file(asked, long.with_name("out.jsonl")).patients == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda path: os.utime(path, ns=(1, 1)), "CHANGED_FILE"),
        (lambda path: path.write_bytes(b"ISA"), "CHANGED_FILE"),
        (lambda path: path.unlink(), "UNREADABLE_FILE"),
    ],
)
def test_one_that_changes_while_it_is_read_is_one_document_with_what_came_before(
    long: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], code: str
) -> None:
    do = Worker.do

    def changed(self: Worker, unit: Any) -> Any:
        if unit.number == 2:
            change(long)
            self.close() if code == "UNREADABLE_FILE" else None  # as another process, which opens it now
        return do(self, unit)

    monkeypatch.setattr(Worker, "do", changed)
    out = long.with_name("out.parquet")
    tally = to_file(settings(long, "parquet"), out)
    assert (tally.documents, tally.in_part) == (1, 1)
    assert {found for found, _ in refused(out)} == {code}
    assert 0 < tally.patients < SETS + 1
