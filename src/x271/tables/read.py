"""`x271.tables`: answers of any source as Arrow streams."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence

from .. import _core, _reading
from .._reading import Data, Day, InPieces, Question, answers
from ..batch.read import OnError, all_documents, in_document
from ..errors import LimitExceeded, Position, UsageError, X271Error
from ..normalize import profile as profiles
from ..sources import FIELD, Limits
from ..sources.archives.documents import Document
from .collector import Batches, Collector, wanted
from .columns import SCHEMAS

Source = str | os.PathLike[str] | bytes | bytearray | memoryview

_LIMITS = Limits()
CONTENT = "-"  # the name of a source that is no file


def tables(
    source: Source,
    *,
    only: str | Iterable[str] | None = None,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
    field: str = FIELD,
    limits: Limits = _LIMITS,
    on_error: OnError | None = None,
    batch_rows: int = 65_536,
) -> Tables:
    """What the answers of a file, a folder, a glob or of some bytes mean, as four tables of columns.

    Nothing is read until a table is consumed. Each consumer reads the source anew, builds only its own table, and
    holds one document and one batch at a time. Iterate over the result to get the batches of all tables in one
    pass, or `load()` it.

    Args:
        source: as for `x271.read`; bytes are content.
        only: the tables that there shall be: `"eligibility"`, `"benefits"`, `"rejections"`, `"findings"`.
        date_of_service: as for `x271.normalize`, like the next three; `trace` counts for each document.
        service_types: what was asked for.
        trace: TRN02 of the question.
        profile: orders of preference.
        field: as for `x271.read`, like the next.
        limits: bounds for each document and for what is unpacked (`x271.sources.Limits`).
        on_error: called with the document's name and the error for each document, or part of one, that cannot be read;
            reading goes on after it. Without it the first such error ends the table.
        batch_rows: rows of the longest table at which a batch ends; one patient's rows stay together, so a batch can
            be longer.

    Raises:
        UsageError: at the call for a wrong option; while iterating for a file that cannot be read.
        DataError: while iterating. A consumer of `__arrow_c_stream__` raises an error of its own with the same text;
            the table's `error` has ours.
    """
    if not isinstance(source, (str, os.PathLike, bytes, bytearray, memoryview)):
        raise UsageError(
            "BAD_INPUT_TYPE", detail=f"{type(source).__name__}; tables takes a path, a glob or bytes"
        )
    if not isinstance(batch_rows, int) or isinstance(batch_rows, bool) or batch_rows < 1:
        position = Position(key="batch_rows")
        raise UsageError("BAD_OPTION", position=position, detail="a positive integer is expected")
    question = Question.of(
        date_of_service=date_of_service, service_types=service_types, trace=trace, profile=profile
    )

    def read(names: tuple[str, ...]) -> Iterator[Batches]:
        collector = Collector(question, names, batch_rows=batch_rows, expected=_size(source))
        return _read(source, collector, limits, field, on_error)

    return Tables(wanted(only), read)


def tables_of(
    data: Data,
    *,
    only: str | Iterable[str] | None = None,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
) -> Batches:
    """What the answers of one input mean, each table as one batch.

    Args:
        data: as for `x271.parse`.
        only: the tables that are built, as for `x271.tables`, like the others.

    Raises:
        X271Error: the first error of any part of the input; `TOO_LARGE` if the tables would be.
    """
    question = Question.of(
        date_of_service=date_of_service, service_types=service_types, trace=trace, profile=profile
    )
    expected = _size(data) if isinstance(data, (bytes, bytearray, memoryview, os.PathLike)) else 0
    collector = Collector(question, only, expected=expected)
    if not collector.in_parts and expected > _reading.PART:
        pieces = InPieces(data)
        is_full = any(True for _ in collector.batches(pieces, CONTENT))
        if pieces.is_all and not is_full:
            return collector.take()
        collector = Collector(question, only, expected=expected)
    found = answers(data, in_parts=collector.in_parts, loops=False)
    for part in collector.batches(found, CONTENT):
        raise part if isinstance(part, X271Error) else LimitExceeded("TOO_LARGE")
    return collector.take()


def _read(
    source: Source, collector: Collector, limits: Limits, field: str, on_error: OnError | None
) -> Iterator[Batches]:
    for document in _documents(source, limits):
        found = in_document(document, limits=limits, field=field, in_parts=collector.in_parts)
        for part in collector.batches(found, document.label):
            if not isinstance(part, X271Error):
                yield part
            elif on_error is not None:
                on_error(document.label, part)
            else:
                part.add_note(f"in {document.label}")
                raise part
    if collector.rows:
        yield collector.take()


def _size(source: Source) -> int:
    """Bytes of the source as far as that is known: a file may be packed, and a folder has none."""
    if isinstance(source, memoryview):
        return source.nbytes
    if isinstance(source, (bytes, bytearray)):
        return len(source)
    try:
        found = os.stat(source)  # noqa: PTH116  # a text that is no path has a ValueError here, too
    except (OSError, ValueError):  # whoever reads it says why
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def _documents(source: Source, limits: Limits) -> Iterator[Document]:
    if isinstance(source, (str, os.PathLike)):
        yield from all_documents([source], limits=limits)
    else:
        yield Document(CONTENT, bytes(source))


class Table:
    """One table as an Arrow stream: pyarrow, polars, duckdb and others read it through the PyCapsule interface.

    It can be consumed again and again, each time from the start.

    Attributes:
        name: `eligibility`, `benefits`, `rejections` or `findings`.
        schema: its columns; has `__arrow_c_schema__`.
        error: the X271Error that ended the last Arrow stream before its end, else None.
    """

    def __init__(self, name: str, read: Callable[[], Iterator[Batches]]) -> None:
        self.name = name
        self.schema = SCHEMAS[name]
        self.error: X271Error | None = None
        self._read = read

    def __iter__(self) -> Iterator[_core.Batch]:
        """The batches, each with `__arrow_c_array__`; our own errors are raised as they are."""
        for batches in self._read():
            if batches[self.name].num_rows:
                yield batches[self.name]

    def __arrow_c_schema__(self) -> object:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream; a requested schema is not looked at, as the protocol allows."""
        return self.schema.stream(self._streamed())

    def _streamed(self) -> Iterator[_core.Batch]:
        self.error = None
        problem = None
        try:
            yield from self
        except X271Error as error:
            problem = error
        if problem is not None:
            self.error = problem
            raise RuntimeError("; ".join([str(problem), *problem.__notes__]))

    def __repr__(self) -> str:
        return f"<x271 table {self.name}, {len(self.schema.names())} columns>"


class Tables:
    """The tables of one source, joined by `key`.

    `eligibility` has one row per patient, `benefits` one per EB segment and service type, `rejections` one per AAA,
    `findings` one per oddity. Iterating gives the batches of all tables by name, read in one pass.
    """

    def __init__(self, names: tuple[str, ...], read: Callable[[tuple[str, ...]], Iterator[Batches]]) -> None:
        self._names = names
        self._read = read

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that there are: all, or those of `only`."""
        return self._names

    @property
    def eligibility(self) -> Table:
        """One row per patient."""
        return self._table("eligibility")

    @property
    def benefits(self) -> Table:
        """One row per EB segment and service type."""
        return self._table("benefits")

    @property
    def rejections(self) -> Table:
        """One row per AAA segment."""
        return self._table("rejections")

    @property
    def findings(self) -> Table:
        """One row per finding."""
        return self._table("findings")

    def __iter__(self) -> Iterator[Batches]:
        """The batches of all tables, read in one pass."""
        return self._read(self._names)

    def load(self) -> Tables:
        """The same tables, read now in one pass and held in memory; consuming them reads nothing more.

        Raises:
            X271Error: as the first table would, if there is no `on_error`.
        """
        held = list(self)
        return Tables(self._names, lambda _: iter(held))

    def _table(self, name: str) -> Table:
        if name not in self._names:
            raise UsageError("BAD_OPTION", position=Position(key="only"), detail=f"{name} is not among them")
        return Table(name, lambda: self._read((name,)))

    def __repr__(self) -> str:
        return f"<x271 tables {', '.join(self._names)}>"
