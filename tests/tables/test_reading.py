"""`x271.tables` and the collector: sources, batches, errors, keys."""

from __future__ import annotations

import shutil
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from drawn import answers
from tables.compare import compare, rows_of
from x12 import answer, written
from x271 import X271Error, _core, sources
from x271._reading import Question, within
from x271.sources import Limits
from x271.tables import Collector, tables_of

ARCHIVE = Path(__file__).parents[2] / "fixtures" / "archive"
PPO = ARCHIVE / "active-ppo.271"
BATCH = ARCHIVE / "batch-three-sets.271"
NOBODY = ARCHIVE / "payer-down-no-patient.271"


def keys(table: Any) -> list[str]:
    found: list[str] = pa.table(table)["key"].to_pylist()
    return found


def test_a_key_is_source_answer_transaction_set_and_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ARCHIVE)
    sets_and_patients = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1")
    found = keys(x271.tables(BATCH.name).eligibility)
    assert found == [f"{BATCH.name}#1.{numbers}" for numbers in sets_and_patients]


def test_keys_are_the_same_on_every_run_and_whatever_is_built() -> None:
    tables = x271.tables(ARCHIVE)
    assert keys(tables.eligibility) == keys(tables.eligibility) == keys(tables.load().eligibility)
    both = rows_of(x271.tables(ARCHIVE, only=["benefits", "eligibility"]))
    assert [row["key"] for row in both["eligibility"]] == keys(tables.eligibility)
    assert [row["key"] for row in both["benefits"]] == keys(tables.benefits)


def test_bytes_are_content() -> None:
    assert keys(x271.tables(PPO.read_bytes()).eligibility) == ["-#1.1.1"]
    assert keys(tables_of(PPO.read_bytes())["eligibility"]) == ["-#1.1.1"]


def test_a_folder_is_read_as_read_reads_it() -> None:
    compare(rows_of(x271.tables(ARCHIVE)), list(x271.read(ARCHIVE)))


@pytest.mark.parametrize("batch_rows", [1, 7, 40, 10**6])
def test_batches_of_any_size_hold_the_same_rows(batch_rows: int) -> None:
    whole = rows_of(x271.tables(ARCHIVE))
    tables = x271.tables(ARCHIVE, batch_rows=batch_rows)
    assert rows_of(tables) == whole
    batches = list(tables)
    assert len(batches) == (1 if batch_rows == 10**6 else len(batches))
    longest = max(len(record.benefits) for record in x271.read(ARCHIVE))
    assert all(batch.num_rows < batch_rows + longest for each in batches for batch in each.values())


def test_only_what_is_wanted_is_built() -> None:
    tables = x271.tables(PPO, only="benefits")
    assert tables.names == ("benefits",)
    assert [list(batches) for batches in tables] == [["benefits"]]
    with pytest.raises(x271.UsageError, match="only"):
        _ = tables.eligibility
    assert list(tables_of(PPO, only=("findings", "eligibility"))) == ["eligibility", "findings"]


@pytest.mark.parametrize("only", ["nothing", [], ["benefits", "x"], 3])
def test_a_table_that_is_not_there_is_refused_at_the_call(only: Any) -> None:
    with pytest.raises(x271.UsageError, match="BAD_OPTION"):
        x271.tables(PPO, only=only)


@pytest.mark.parametrize("batch_rows", [0, -1, True, 2.5, "7"])
def test_a_wrong_number_of_rows_is_refused_at_the_call(batch_rows: Any) -> None:
    with pytest.raises(x271.UsageError, match="batch_rows"):
        x271.tables(PPO, batch_rows=batch_rows)


def test_a_source_of_a_wrong_type_is_refused_at_the_call() -> None:
    with pytest.raises(x271.UsageError, match="BAD_INPUT_TYPE"):
        x271.tables(7)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good answer, one that is none, and another good one."""
    shutil.copy(PPO, tmp_path / "a.271")
    (tmp_path / "b.271").write_bytes(b"ISA but nothing more")
    shutil.copy(BATCH, tmp_path / "c.271")
    return tmp_path


def test_an_error_is_reported_and_reading_goes_on(folder: Path) -> None:
    told: list[tuple[str, str]] = []
    tables = x271.tables(folder, on_error=lambda name, error: told.append((Path(name).name, error.code)))
    assert len(keys(tables.eligibility)) == 8
    assert told == [("b.271", "BAD_ENVELOPE")]


def test_without_on_error_our_own_error_ends_the_iteration(folder: Path) -> None:
    with pytest.raises(x271.UnreadableEnvelope) as raised:
        list(x271.tables(folder).benefits)
    assert "b.271" in raised.value.__notes__[0]


def test_a_stream_ends_with_our_text_and_the_table_has_our_error(folder: Path) -> None:
    table = x271.tables(folder).eligibility
    with pytest.raises(Exception, match=r"BAD_ENVELOPE.*b\.271"):
        pa.table(table)
    assert isinstance(table.error, x271.UnreadableEnvelope)
    (folder / "b.271").unlink()
    assert pa.table(table).num_rows == 8
    assert table.error is None


def test_a_file_that_is_not_there_is_an_error_of_the_stream() -> None:
    with pytest.raises(Exception, match="UNREADABLE_FILE"):
        pa.table(x271.tables("no/such/file").eligibility)


def test_an_answer_that_names_no_patient_says_why() -> None:
    tables = x271.tables(NOBODY)
    assert keys(tables.eligibility) == []
    (row,) = rows_of(tables)["rejections"]
    assert row["key"] == f"{NOBODY}#1.1"
    assert (row["loop"], row["code"], row["is_primary"]) == ("2000A", "42", False)
    assert row["eligibility_response"] == "Unable to respond at current time."


def test_a_number_that_its_column_cannot_hold_stays_as_text() -> None:
    rows = (
        "EB*1**30*PR*GOLD",
        "EB*C*IND*30***23*12.345*****Y",
        "EB*C*IND*30***29*12345678901234567*****Y",
        "EB*A**30***27**.1234567****Y",
        "EB*F**30***27*1O*0.20*VS*one",
    )
    tables = rows_of(tables_of(written(answer(*rows))))
    benefits = tables["benefits"]
    raw = [[(one["column"], one["value"]) for one in row["raw_values"]] for row in benefits]
    assert raw == [
        [],
        [("amount", "12.345")],
        [("amount", "12345678901234567")],
        [("percent", ".1234567")],
        [("amount", "1O"), ("quantity", "one")],
    ]
    assert [row["amount"] for row in benefits] == [None] * 5
    assert benefits[4]["percent"] == Decimal("0.2")
    (row,) = tables["eligibility"]
    assert row["deductible_individual_in_network_total"] is None
    total, remaining = "deductible_individual_in_network_total", "deductible_individual_in_network_remaining"
    assert [(one["column"], one["value"]) for one in row["raw_values"]][:2] == [
        (total, "12.345"),
        (remaining, "12345678901234567"),
    ]


def test_text_that_is_not_utf8_is_read_as_latin1() -> None:
    data = written(answer("EB*1**30*PR*GOLD")).replace(b"JANE", "J\u00c4NE".encode("latin-1"))
    (row,) = rows_of(tables_of(data))["eligibility"]
    assert row["patient_first_name"] == "J\u00c4NE"


def test_a_trace_number_counts_for_all_answers_of_a_file(tmp_path: Path) -> None:
    number = x271.normalize_all(BATCH)[2].traces[0].number
    compare(rows_of(x271.tables(BATCH, trace=number)), x271.normalize_all(BATCH, trace=number))
    assert list(x271.tables(BATCH, trace="of nobody")) == []


def long_file(folder: Path) -> Path:
    """The answers of the batch five times, in one group."""
    data = BATCH.read_bytes()
    head, tail = data.index(b"ST*"), data.index(b"GE*")
    path = folder / "long.271"
    path.write_bytes(data[:head] + data[head:tail] * 5 + data[tail:])
    return path


def test_a_long_file_that_is_read_in_pieces_gives_the_rows_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = long_file(tmp_path)
    whole = rows_of(x271.tables(path))
    monkeypatch.setattr("x271.sources.pieces.SIZE", 700)
    pieces = rows_of(x271.tables(path))
    assert pieces["eligibility"] == whole["eligibility"]
    assert pieces["benefits"] == whole["benefits"]
    assert pieces["rejections"] == whole["rejections"]
    assert [row["transaction_set"] for row in whole["eligibility"]][-1] == 15
    compare(pieces, list(x271.read(path)))


def test_a_long_file_gives_its_rows_in_small_parts_where_no_table_shows_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = long_file(tmp_path)
    names = ("eligibility", "benefits", "rejections")
    whole = rows_of(x271.tables(path, only=names))
    monkeypatch.setattr("x271.sources.archives.walk._LONG", 1000)
    monkeypatch.setattr("x271.sources.pieces._CHUNK", 300)
    monkeypatch.setattr("x271._reading.PART", 500)
    read = []

    def seen(document: _core.Document, size: int, limits: Limits) -> _core.Document:
        read.append(size)
        return within(document, size, limits)

    monkeypatch.setattr("x271._reading.within", seen)
    assert rows_of(x271.tables(path, only=names)) == whole
    assert len(read) > 5
    read.clear()
    assert len(list(x271.read(path))) == len(whole["eligibility"])
    assert len(read) == 1  # records show findings, so it is one piece of megabytes


@pytest.mark.parametrize("size", [700, 10**6])
def test_a_trace_number_is_found_in_any_piece(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.271"
    path.write_bytes(BATCH.read_bytes())
    monkeypatch.setattr("x271.sources.pieces.SIZE", size)
    for record in x271.normalize_all(BATCH):
        number = record.traces[0].number
        compare(rows_of(x271.tables(path, trace=number)), list(x271.read(path, trace=number)))


def test_the_collector_gives_errors_and_raises_none() -> None:
    collector = Collector(Question.of())
    found: list[X271Error] = []
    for number, source in enumerate(sources.load_all(ARCHIVE / "ppmd-active.xml"), start=1):
        found += collector.add(source, "x", number)
    found += collector.add(sources.Source(b"ISA", "x12"), "x", 2)
    found += collector.add(x271.DataError("NOT_AN_ANSWER"), "x", 3)
    assert [error.code for error in found] == ["BAD_ENVELOPE", "NOT_AN_ANSWER"]
    assert collector.rows > 1
    assert collector.nbytes > 0
    assert collector.take()["eligibility"].num_rows == 1
    assert collector.rows == 0


@given(answers(), st.binary(max_size=200), st.integers(0, 2**16))
def test_whatever_is_damaged_gives_rows_or_our_error(answer: bytes, junk: bytes, at: int) -> None:
    at %= len(answer) + 1
    damaged = answer[:at] + junk + answer[at + len(junk) // 2 :]
    try:
        tables = tables_of(damaged)
    except X271Error:
        return
    for batch in tables.values():
        pa.record_batch(batch).validate(full=True)
    compare(rows_of(tables), x271.normalize_all(damaged))


def test_a_repeated_element_cannot_multiply_what_hangs_on_it_without_bound() -> None:
    types = "^".join(["30"] * 400_000)
    data = written(answer(f"EB*1**{types}", *["MSG*" + "X" * 4000] * 10))
    with pytest.raises(x271.LimitExceeded, match="TOO_MANY_PARTS"):
        tables_of(data)
    wide = Limits(max_repetitions=500_000, max_growth=10**6)  # columns have a bound of their own
    with pytest.raises(x271.LimitExceeded, match="TOO_LARGE"):
        list(x271.tables(data, only="benefits", limits=wide))
    assert sum(batch.num_rows for batch in x271.tables(data, limits=wide).eligibility) == 1


def test_a_file_is_opened_when_its_rows_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        shutil.copy(PPO, tmp_path / f"{number:02}.271")
    rows = len(x271.normalize(PPO).benefits)
    seen: list[Any] = []
    load_all = sources.load_all

    def watched(path: Any, **options: Any) -> Any:
        seen.append(path)
        return load_all(path, **options)

    monkeypatch.setattr(sources, "load_all", watched)
    batches = iter(x271.tables(tmp_path, batch_rows=rows * 3).benefits)
    assert seen == []
    assert next(batches).num_rows == rows * 3
    assert len(seen) == 3
    assert sum(batch.num_rows for batch in batches) == rows * 37


def test_threads_fill_their_own_tables_at_the_same_time() -> None:
    results: list[list[str]] = []

    def work() -> None:
        results.append(keys(x271.tables(ARCHIVE).benefits))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [results[0]] * 4
    assert results[0]


def test_the_core_lets_other_threads_run() -> None:
    data = PPO.read_bytes()
    head, tail = data.index(b"ST*"), data.index(b"GE*")
    large = data[:head] + data[head:tail] * 2000 + data[tail:]
    ticks: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    watcher = threading.Thread(target=tick)
    watcher.start()
    start = time.perf_counter()
    tables_of(large)
    taken = time.perf_counter() - start
    done.set()
    watcher.join()
    during = [at for at in ticks if start < at < start + taken]
    assert len(during) > 5


def opened() -> int:
    """How many files the process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells")
def test_a_stream_that_is_given_up_leaves_nothing_open() -> None:
    before = opened()
    stream = iter(x271.tables(ARCHIVE, batch_rows=1).eligibility)
    next(stream)
    del stream
    assert opened() == before
