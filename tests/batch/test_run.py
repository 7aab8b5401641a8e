"""A run over an archive: what is written, in which order, and what is said of what cannot be read."""

from __future__ import annotations

import csv
import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import x271
from batch.conftest import ARCHIVE, PATIENTS, RECORDS, REFUSED
from x271.batch import again, columns, forms
from x271.batch.run import to_file, to_stream
from x271.batch.settings import Asked, Settings
from x271.batch.tally import Tally
from x271.tables.columns import TABLES


def settings(source: Path | str, form: str = "jsonl", table: str | None = None, **options: Any) -> Settings:
    options = {"field": "body", **options}
    return Settings(sources=(str(source),), form=form, tables=forms.tables(form, table), **options)


def refusals(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def read(path: Path) -> pa.Table:
    return pq.read_table(path)


def test_every_kind_of_source_gives_the_same_records(mixed: Path) -> None:
    out = mixed.parent / "out.jsonl"
    tally = to_file(settings(mixed), out)
    lines = out.read_text().splitlines()
    assert len(lines) == tally.patients == RECORDS
    expected = [record.model_dump_json() for record in x271.read(ARCHIVE)]
    assert sorted(lines) == sorted(expected * 5)
    assert tally.errors == REFUSED
    assert (tally.refused, tally.in_part) == (4, 0)


def test_the_number_of_jobs_changes_nothing(mixed: Path, small_units: None) -> None:
    outs = []
    for jobs in (1, 2):
        out = mixed.parent / f"out{jobs}.jsonl"
        to_file(settings(mixed), out, jobs=jobs)
        outs.append((out.read_bytes(), (mixed.parent / "refused.jsonl").read_bytes()))
    assert outs[0] == outs[1]


def test_lines_on_stdout_come_in_the_order_of_the_documents(mixed: Path, small_units: None) -> None:
    out = mixed.parent / "out.jsonl"
    to_file(settings(mixed), out)
    with (mixed.parent / "stream").open("w+b", buffering=0) as stream:
        tally = to_stream(settings(mixed), stream, jobs=2, refused=mixed.parent / "r", report=lambda _: None)
        stream.seek(0)
        assert stream.read() == out.read_bytes()
    assert tally.patients == RECORDS
    assert (mixed.parent / "r").read_bytes() == (mixed.parent / "refused.jsonl").read_bytes()


def test_a_parquet_file_is_the_table_of_patients(mixed: Path, small_units: None) -> None:
    out = mixed.parent / "out.parquet"
    to_file(settings(mixed, "parquet"), out)
    table = read(out)
    direct = pa.table(x271.tables(mixed, field="body", on_error=lambda *_: None).eligibility)
    assert table.num_rows == RECORDS
    assert table.column_names == direct.column_names
    assert table.to_pylist() == direct.to_pylist()
    assert len(set(table["key"].to_pylist())) == RECORDS
    sources = set(table["source"].to_pylist())
    assert {
        f"{mixed}/a.zip!active-ppo.271",
        f"{mixed}/c.jsonl:1",
        f"{mixed}/d!in.zip!termed-pos.271",
    } <= sources


def test_a_folder_has_parts_of_every_table(mixed: Path, small_units: None) -> None:
    out = mixed.parent / "out"
    to_file(settings(mixed, "folder"), out, jobs=2)
    assert sorted(os.listdir(out)) == sorted([*TABLES, "refused.jsonl"])  # noqa: PTH208
    direct = x271.tables(mixed, field="body", on_error=lambda *_: None).load()
    for name in TABLES:
        parts = sorted((out / name).iterdir())
        assert len(parts) > 3 or name == "findings"
        rows = [row for part in parts for row in read(part).to_pylist()]
        assert rows == pa.table(getattr(direct, name)).to_pylist()


def test_the_same_rows_are_the_same_bytes_whatever_order_a_process_has_for_its_dicts(mixed: Path) -> None:
    """The core keeps a field's metadata without an order, so it must not come into the file as it comes."""
    out = mixed.parent / "out.parquet"
    to_file(settings(mixed, "parquet"), out)

    def metadata(field: pa.Field) -> list[list[bytes]]:
        kind = field.type
        inner = [kind.field(number) for number in range(kind.num_fields)]
        return [list(field.metadata or {}), *(names for one in inner for names in metadata(one))]

    found = [names for field in pq.read_schema(out) for names in metadata(field)]
    assert any(len(names) > 1 for names in found)
    assert all(b"PARQUET:field_id" in names or names == sorted(names) for names in found)


def test_all_tables_in_files_have_the_table_in_their_names(mixed: Path) -> None:
    to_file(settings(mixed, "parquet", "all"), mixed.parent / "out.parquet")
    made = sorted(path.name for path in mixed.parent.glob("out*"))
    assert made == [f"out.{name}.parquet" for name in sorted(TABLES)]
    assert read(mixed.parent / "out.eligibility.parquet").num_rows == RECORDS


def test_csv_has_a_header_once_and_lists_as_json(mixed: Path, small_units: None) -> None:
    out = mixed.parent / "out.csv"
    to_file(settings(mixed, "csv", "benefits"), out)
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    direct = pa.table(x271.tables(mixed, field="body", on_error=lambda *_: None).benefits).to_pylist()
    assert [row["key"] for row in rows] == [row["key"] for row in direct]
    assert [row["amount"] for row in rows] == [
        "" if row["amount"] is None else str(row["amount"]) for row in direct
    ]
    assert [json.loads(row["messages"] or "[]") for row in rows] == [row["messages"] or [] for row in direct]


def test_a_duckdb_file_has_every_table(mixed: Path, small_units: None) -> None:
    out = mixed.parent / "out.duckdb"
    to_file(settings(mixed, "duckdb"), out)
    with duckdb.connect(str(out), read_only=True) as connection:
        names = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
        assert names == set(TABLES)
        query = "SELECT count(*), count(DISTINCT key) FROM eligibility"
        assert connection.execute(query).fetchall() == [(RECORDS, RECORDS)]
        joined = "SELECT count(*) FROM benefits JOIN eligibility USING (key)"
        (rows,) = connection.execute("SELECT count(*) FROM benefits").fetchall()
        assert connection.execute(joined).fetchall() == [rows]


def test_duckdb_gets_more_memory_if_it_needs_it_and_says_so_if_that_is_too_little(
    mixed: Path, small_units: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = mixed.parent / "out.duckdb"
    monkeypatch.setattr(columns, "_DUCKDB_MEMORY", ("1MB",))
    with pytest.raises(OSError, match=os.strerror(errno.ENOMEM)):
        to_file(settings(mixed, "duckdb"), out)
    assert not out.exists()
    monkeypatch.setattr(columns, "_DUCKDB_MEMORY", ("1MB", "512MB"))
    to_file(settings(mixed, "duckdb"), out, resume=True)
    with duckdb.connect(str(out), read_only=True) as connection:
        assert connection.sql("SELECT count(*) FROM eligibility").fetchall() != [(0,)]


@pytest.mark.parametrize("form", ["jsonl", "parquet", "csv", "duckdb", "folder"])
def test_nothing_to_read_gives_an_output_without_rows(tmp_path: Path, form: str) -> None:
    (tmp_path / "in").mkdir()
    out = tmp_path / ("out" if form == "folder" else f"out.{form}")
    tally = to_file(settings(tmp_path / "in", form), out)
    assert tally == Tally()
    assert sorted(os.listdir(tmp_path)) == sorted(["in", out.name])  # noqa: PTH208
    if form in ("parquet", "folder"):
        table = read(out if form == "parquet" else out / "benefits")
        assert table.num_rows == 0
        assert "key" in table.column_names


def test_tables_and_records_count_the_same(mixed: Path) -> None:
    tallies = [to_file(settings(mixed, form), mixed.parent / f"out.{form}") for form in ("jsonl", "parquet")]
    assert tallies[0] == tallies[1]
    assert tallies[0].without_patient == 5


def test_what_is_refused_is_listed_with_its_place_and_hint(mixed: Path) -> None:
    to_file(settings(mixed), mixed.parent / "out.jsonl")
    found = {row["source"].removeprefix(f"{mixed}/"): row for row in refusals(mixed.parent / "refused.jsonl")}
    assert {name: row["code"] for name, row in found.items()} == {
        "a.zip!notes.txt": "UNKNOWN_FORM",
        "c.jsonl": "MALFORMED_JSON",
        "e.271": "UNKNOWN_FORM",
        "f.zip": "CORRUPT_ARCHIVE",
    }
    assert (found["c.jsonl"]["record"], found["c.jsonl"]["line"], found["c.jsonl"]["column"]) == (4, 4, 2)
    assert all(row["hint"].endswith(".") for row in found.values())


def test_the_list_of_refusals_holds_nothing_of_the_documents(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    planted = "ZQXPLANTED"
    (tmp_path / "in" / "1").write_text(json.dumps({"raw_response": planted}))
    (tmp_path / "in" / "2").write_text(f"<PPMDResults><{planted}></PPMDResults>")
    (tmp_path / "in" / "3").write_text(f"<PPMDResults><Error>{planted}</Error></PPMDResults>")
    (tmp_path / "in" / "4").write_text(f'{{"a": "{planted}"\n{{"b"')
    to_file(settings(tmp_path / "in", field="raw_response"), tmp_path / "out.jsonl")
    assert len(refusals(tmp_path / "refused.jsonl")) == 5
    assert planted not in (tmp_path / "refused.jsonl").read_text()


def test_what_was_refused_can_be_run_again_alone(mixed: Path) -> None:
    out, listed = mixed.parent / "out.jsonl", mixed.parent / "refused.jsonl"
    to_file(settings(mixed), out)
    child = (ARCHIVE / "dependent-child.271").read_text()
    (mixed / "e.271").write_text(child)
    lines = (mixed / "c.jsonl").read_text().replace("{broken", json.dumps({"body": child}))
    (mixed / "c.jsonl").write_text(lines)
    only = again.read(listed)
    second = Settings(sources=again.sources(only), field="body", only=only)
    tally = to_file(second, mixed.parent / "again.jsonl")
    assert (tally.documents, tally.patients) == (4, 2)
    assert {row["code"] for row in refusals(listed)} == {"UNKNOWN_FORM", "CORRUPT_ARCHIVE"}


def test_a_refused_archive_that_is_whole_now_is_run_with_all_that_is_in_it(mixed: Path) -> None:
    to_file(settings(mixed), mixed.parent / "out.jsonl")
    (mixed / "f.zip").write_bytes((mixed / "a.zip").read_bytes())
    only = frozenset(one for one in again.read(mixed.parent / "refused.jsonl") if one[0].endswith("f.zip"))
    tally = to_file(Settings(sources=again.sources(only), only=only), mixed.parent / "again.jsonl")
    assert tally.patients == PATIENTS


def test_a_list_of_an_earlier_run_does_not_stay_beside_a_run_without_refusals(mixed: Path) -> None:
    to_file(settings(mixed), mixed.parent / "out.jsonl")
    assert (mixed.parent / "refused.jsonl").exists()
    to_file(settings(ARCHIVE), mixed.parent / "out.jsonl")
    assert not (mixed.parent / "refused.jsonl").exists()


def test_a_run_does_not_read_its_own_output(mixed: Path) -> None:
    out = mixed / "out.jsonl"
    for _ in range(2):
        assert to_file(settings(mixed), out).patients == RECORDS
    assert (mixed / "refused.jsonl").exists()


def test_the_question_reaches_every_form(mixed: Path) -> None:
    asked = Asked(date_of_service="2020-01-01", service_types=("98",), profile="stated-network")
    tallies = []
    for form in ("jsonl", "parquet"):
        tallies.append(to_file(settings(mixed, form, asked=asked), mixed.parent / f"out.{form}").coverage)
    options: dict[str, Any] = {"date_of_service": "2020-01-01", "service_types": ("98",)}
    expected = [record.coverage for record in x271.read(ARCHIVE, profile="stated-network", **options)]
    assert tallies[0] == tallies[1]
    assert tallies[0]["active"] == 5 * expected.count("active")
    dates = set(read(mixed.parent / "out.parquet")["date_of_service"].to_pylist())
    assert [day.isoformat() for day in dates] == ["2020-01-01"]


def test_a_trace_number_picks_its_patient_in_tables_too(mixed: Path) -> None:
    number = x271.normalize_all(ARCHIVE / "batch-three-sets.271")[2].traces[0].number
    for form in ("jsonl", "parquet"):
        tally = to_file(settings(mixed, form, asked=Asked(trace=number)), mixed.parent / f"out.{form}")
        expected = list(x271.read(ARCHIVE, trace=number))
        assert tally.patients == 5 * len(expected)


def test_long_x12_is_run_in_pieces_with_the_right_places(tmp_path: Path) -> None:
    text = (ARCHIVE / "batch-three-sets.271").read_bytes()
    count = 5 * 2**20 // len(text)
    (tmp_path / "long.x12").write_bytes(text * count)
    to_file(settings(tmp_path / "long.x12", "folder"), tmp_path / "out")
    table = read(tmp_path / "out" / "eligibility")
    assert table.num_rows == 7 * count
    assert table["offset"][7 * (count - 1)].as_py() == (count - 1) * len(text) + text.index(b"ST*")
    assert len(set(table["key"].to_pylist())) == 7 * count


@pytest.mark.parametrize(
    ("name", "form"), [("a.jsonl", "jsonl"), ("b.NDJSON", "jsonl"), ("c", "folder"), ("d.csv", "csv")]
)
def test_the_name_says_the_form(name: str, form: str) -> None:
    assert forms.form(Path(name)) == form


def test_other_options_are_refused(tmp_path: Path) -> None:
    refused: list[Callable[[], object]] = [
        lambda: forms.form(tmp_path / "a.xlsx"),
        lambda: forms.tables("jsonl", "benefits"),
        lambda: forms.tables("csv", "claims"),
    ]
    for call in refused:
        with pytest.raises(x271.UsageError, match="BAD_OPTION"):
            call()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(x271.UsageError, match="OUTPUT_THERE"):
        to_file(settings(ARCHIVE, "folder"), tmp_path / "out")
