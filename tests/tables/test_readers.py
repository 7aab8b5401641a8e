"""pyarrow, polars, duckdb and pandas read the tables."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest

import x271
from x271.tables import SCHEMAS, TABLES, tables_of

ARCHIVE = Path(__file__).parents[2] / "fixtures" / "archive"
PPO = ARCHIVE / "active-ppo.271"


def test_pyarrow_reads_a_table() -> None:
    table = pa.table(x271.tables(PPO).eligibility)
    assert table.num_rows == 1
    assert table.schema.field("deductible_individual_in_network_total").type == pa.decimal128(18, 2)
    assert table.schema.field("coverage_start").type == pa.date32()
    assert table.schema.field("plan_type").type == pa.dictionary(pa.int16(), pa.string())
    assert table["deductible_individual_in_network_total"].to_pylist() == [Decimal("1500.00")]
    table.validate(full=True)


@pytest.mark.parametrize("name", TABLES)
def test_pyarrow_finds_each_table_sound(name: str) -> None:
    table = pa.table(getattr(x271.tables(ARCHIVE), name))
    table.validate(full=True)
    assert table.num_rows > 0


@pytest.mark.parametrize("name", TABLES)
def test_a_schema_is_known_before_anything_is_read(name: str) -> None:
    table = getattr(x271.tables("no such file"), name)
    assert pa.schema(table) == pa.schema(SCHEMAS[name])
    assert pa.schema(table).names == table.schema.names()


def test_polars_reads_tables_and_joins_them() -> None:
    tables = x271.tables(str(ARCHIVE / "*.271"))
    patients, benefits = pl.DataFrame(tables.eligibility), pl.DataFrame(tables.benefits)
    joined = benefits.join(patients, on="key", how="left")
    assert joined.height == benefits.height
    assert joined["coverage"].null_count() == 0
    assert patients.filter(pl.col("coverage") == "active").height > 0


def test_duckdb_reads_tables_and_joins_them() -> None:
    tables = x271.tables(ARCHIVE)
    connection = duckdb.connect()
    connection.register("eligibility", tables.eligibility)
    connection.register("benefits", tables.benefits)
    sums = connection.sql(
        "select e.key, count(*) from benefits b join eligibility e using (key) group by e.key order by e.key"
    ).fetchall()
    counts = [len(record.benefits) for record in x271.read(ARCHIVE)]
    assert sorted(count for _, count in sums) == sorted(count for count in counts if count)


def test_duckdb_finds_a_table_by_its_variable() -> None:
    benefits = x271.tables(PPO).benefits
    found = duckdb.sql("select max(amount) from benefits where information_code = 'C'")
    assert found is not None
    assert found.fetchall() == [(Decimal("6000.00"),)]
    assert benefits.name == "benefits"


def test_pandas_reads_a_table() -> None:
    frame = pa.table(x271.tables(ARCHIVE).eligibility).to_pandas()
    assert len(frame) == 22
    assert set(frame["coverage"]) == {"active", "inactive", "unknown"}
    assert frame["plan_type"].dtype.name == "category"


def test_a_batch_is_an_array_and_a_stream() -> None:
    batch = tables_of(PPO)["benefits"]
    assert pa.record_batch(batch).num_rows == pa.table(batch).num_rows == batch.num_rows == len(batch)
    assert pa.schema(batch) == pa.schema(SCHEMAS["benefits"])
    assert batch.nbytes > 0
    assert pl.DataFrame(batch).height == batch.num_rows


def test_polars_and_duckdb_need_no_pyarrow() -> None:
    code = """
import sys
sys.modules["pyarrow"] = None
import duckdb, polars, x271
tables = x271.tables(sys.argv[1])
assert polars.DataFrame(tables.eligibility).height == 1
benefits = tables.benefits
print(duckdb.sql("select count(*) from benefits").fetchall()[0][0])
"""
    done = subprocess.run([sys.executable, "-c", code, str(PPO)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(x271.normalize(PPO).benefits)
