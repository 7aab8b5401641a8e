"""Tables as output: each unit's rows as Parquet or CSV parts, and what is put together of them. Needs pyarrow."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from .._reading import Question
from ..errors import UsageError, X271Error
from ..sources.archives.documents import Document
from ..tables.collector import Batches, Collector
from ..tables.columns import SCHEMAS
from .csv import Csv
from .parts import REFUSED, Folder, Part, Parts, written
from .read import in_document
from .schemas import schema
from .settings import Settings
from .work import Done, count, refuse

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Buffer

_ROWS = 16_384  # of the longest table, at which a batch is written
_GROUP = 16 * 2**20  # bytes of a row group in a single Parquet file


class Columns:
    """Documents as rows of tables, one part for each table that has some."""

    def __init__(
        self, settings: Settings, question: Question, parts: Parts, done: Done, stack: ExitStack
    ) -> None:
        self._settings = settings
        self._question = question
        self._parts = parts
        self._done = done
        self._stack = stack
        # the summary is counted from the table of patients
        self._collector = Collector(question, {*settings.tables, "eligibility"}, batch_rows=_ROWS)
        self._writers: dict[str, _Writer] = {}

    def add(self, document: Document, done: Done) -> None:
        settings, collector = self._settings, self._collector
        before, errors = collector.patients, 0
        found = in_document(
            document, limits=settings.limits, field=settings.field, in_parts=collector.in_parts
        )
        for part in collector.batches(found, document.label):
            if isinstance(part, X271Error):
                errors += 1
                refuse(document, part, done)
            else:
                self._write(part)
        count(document, collector.patients - before, errors, done, self._question)

    def close(self) -> None:
        if self._collector.rows:
            self._write(self._collector.take())
        for writer in self._writers.values():
            writer.close()

    def _write(self, batches: Batches) -> None:
        import pyarrow as pa

        _count(pa.record_batch(batches["eligibility"]), self._done)
        for table in self._settings.tables:
            if batches[table].num_rows:
                self._writer(table).write(pa.record_batch(batches[table]))

    def _writer(self, table: str) -> _Writer:
        if table not in self._writers:
            part = self._parts.part(table, self._done.number, self._done.parts)
            file = self._stack.enter_context(part)
            self._writers[table] = self._made(file, table)
        return self._writers[table]

    def _made(self, file: IO[bytes], table: str) -> _Writer:
        if self._settings.form == "csv":
            return Csv(file, table, is_raw=self._settings.is_raw)
        if self._settings.form == "folder":
            return self._stack.enter_context(_Parquet(file, table))
        return _Arrow(file, table)


def _count(patients: pa.RecordBatch, done: Done) -> None:
    """Counts patients by coverage, and the rejected ones by reason.

    In Python: the import of what pyarrow counts with takes as long as the answers of some units.
    """
    done.tally.coverage.update(value or "" for value in patients.column("coverage").to_pylist())
    rejected = patients.column("rejected")
    if rejected.true_count:
        reasons = zip(patients.column("eligibility_response").to_pylist(), rejected.to_pylist(), strict=True)
        done.tally.reasons.update(reason or "" for reason, is_rejected in reasons if is_rejected)


class _Writer(Protocol):
    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


class _Sink(io.RawIOBase):
    """Where a Parquet writer writes: the file, and after an error nowhere, without another one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] | None = file

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        return self._file.write(data) if self._file is not None else memoryview(data).nbytes

    def drop(self) -> None:
        self._file = None


class _Parquet:
    """As a context, it is closed at the end, and after an error it is freed without a word.

    pyarrow's writer writes its end when it is freed, which a full disk would refuse once more.
    """

    def __init__(self, file: IO[bytes], table: str) -> None:
        import pyarrow.parquet as pq

        self._sink = _Sink(file)
        self._writer = pq.ParquetWriter(self._sink, schema(table), compression="zstd")

    def write(self, batch: pa.RecordBatch | pa.Table) -> None:
        self._writer.write(batch)

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> _Parquet:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.close()
        finally:
            self._sink.drop()
            with suppress(Exception):
                self.close()
            self._writer.is_open = False


class _Arrow:
    """Parts on the way to another form: cheap to write and to read again."""

    def __init__(self, file: IO[bytes], table: str) -> None:
        import pyarrow as pa

        options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
        self._writer = pa.ipc.new_stream(file, pa.schema(SCHEMAS[table]), options=options)

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write(batch)

    def close(self) -> None:
        self._writer.close()


def assemble(settings: Settings, folder: Folder, parts: Iterable[Part], name: str) -> None:
    """Puts the parts together, in the order given, under `name` in `folder.whole`."""
    if len(settings.tables) == 1 and settings.form in ("csv", "parquet"):
        # taken one by one, as they may still be made
        named = {settings.tables[0]: (part for part in parts if part.kind != REFUSED)}
        _in_files(settings, folder, named, name)
        return
    given = list(parts)
    listed = {table: [part for part in given if part.kind == table] for table in settings.tables}
    if settings.form == "folder":
        _tidy(folder, listed)
    elif settings.form == "duckdb":
        _duckdb(folder, listed, folder.whole / name)
    else:
        _in_files(settings, folder, listed, name)


def _in_files(settings: Settings, folder: Folder, named: Mapping[str, Iterable[Part]], name: str) -> None:
    make = _one_csv if settings.form == "csv" else _one_parquet
    whole = Path(name)
    for table, parts in named.items():
        own = name if len(named) == 1 else f"{whole.stem}.{table}{whole.suffix}"
        with written(folder.whole / own) as file:
            make(table, folder, parts, file)


def _tidy(folder: Folder, named: dict[str, list[Part]]) -> None:
    """Leaves in the folder of parts what belongs there, and an empty part for a table without rows."""
    for table, parts in named.items():
        wanted = {folder.path / part.file for part in parts}
        for path in (folder.parts / table).iterdir():
            if path not in wanted:
                path.unlink()
        if not parts:
            with written(folder.parts / table / "part-00000000.parquet") as file, _Parquet(file, table):
                pass


def _one_parquet(table: str, folder: Folder, parts: Iterable[Part], file: IO[bytes]) -> None:
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    size = 0
    with _Parquet(file, table) as writer:
        for batch in _batches(folder, parts):
            held.append(batch)
            size += batch.nbytes
            if size >= _GROUP:
                writer.write(pa.Table.from_batches(held))
                held, size = [], 0
        if held:
            writer.write(pa.Table.from_batches(held))


def _batches(folder: Folder, parts: Iterable[Part]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for part in parts:
        with pa.OSFile(str(folder.path / part.file)) as file:
            file.seek(part.start)
            with pa.ipc.open_stream(file, options=pa.ipc.IpcReadOptions(use_threads=False)) as opened:
                yield from opened


def _one_csv(table: str, folder: Folder, parts: Iterable[Part], file: IO[bytes]) -> None:
    file.write((",".join(f'"{name}"' for name in SCHEMAS[table].names()) + "\n").encode())
    for part in parts:
        folder.copy(part, file)


def _duckdb(folder: Folder, named: dict[str, list[Part]], whole: Path) -> None:
    import duckdb

    problem: OSError | None = None
    for memory in _DUCKDB_MEMORY:
        try:
            _duckdb_within(memory, folder, named, whole)
        except duckdb.Error as error:
            problem = _system_error(error)
        else:
            return
        if problem.errno != errno.ENOMEM:
            break
    if problem is not None:
        raise problem


def _duckdb_within(memory: str, folder: Folder, named: dict[str, list[Part]], whole: Path) -> None:
    import duckdb
    import pyarrow as pa

    whole.unlink(missing_ok=True)
    with duckdb.connect(str(whole)) as connection:
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute("SET threads = 1")  # each further one takes memory of its own, and time in all
        for table, parts in named.items():
            rows = pa.RecordBatchReader.from_batches(pa.schema(SCHEMAS[table]), _batches(folder, parts))
            connection.register("rows", rows)
            connection.execute(f'CREATE TABLE "{table}" AS SELECT * FROM rows')  # noqa: S608  # our own names
            connection.unregister("rows")
        connection.execute("CHECKPOINT")


def _system_error(error: Exception) -> OSError:
    """What the system refused to DuckDB, whose own errors have it only in their text."""
    import duckdb

    text = str(error)
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO):
        if os.strerror(number) in text:
            return OSError(number, os.strerror(number))
    if isinstance(error, duckdb.OutOfMemoryException) or "memory" in text.lower():
        return OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
    return OSError(errno.EIO, f"DuckDB cannot write the file ({type(error).__name__})")


def check(form: str) -> None:
    """Raises UsageError `MISSING_EXTRA` if a form needs a package that is not installed."""
    needed = {"duckdb": ("pyarrow", "duckdb")}.get(form, ("pyarrow",))
    for package in needed:
        if not _is_there(package):
            extra = "arrow" if package == "pyarrow" else package
            raise UsageError("MISSING_EXTRA", detail=f'{package}: pip install "x271[{extra}]"')


def _is_there(package: str) -> bool:
    """Looks without importing: that starts threads, and workers are copied while there are none."""
    try:
        return find_spec(package) is not None
    except ValueError:  # it is kept from being imported
        return False


# What DuckDB has for itself; the more only if it cannot do with less, as rows can be as large as a limit allows.
_DUCKDB_MEMORY = ("128MB", "512MB", "2GB")
