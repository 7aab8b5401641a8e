"""From an input to its patients: what `normalize`, `normalize_all`, `read` and the command line share."""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from . import sources
from .errors import DataError, LimitExceeded, Position, UnsupportedTransaction, UsageError, X271Error
from .normalize import profile as profiles
from .sources import Limits, Source
from .sources.archives.stream import Stream
from .sources.pieces import is_long_x12, refused
from .sources.ranges import Pieces, Range
from .sources.results import Results

if TYPE_CHECKING:
    from . import _core
    from .normalize.eligibility import Eligibility

Data = bytes | bytearray | memoryview | str | os.PathLike[str] | Mapping[str, object]
Day = date | str | None
_Day = tuple[int, int, int]
_GUIDE = re.compile(r"\d{6}X\d{3}([A-Z]\d{1,2})?", re.ASCII)
_LIMITS = Limits()
_ALWAYS = 64 * 2**20  # bytes that records may come to, however small the document
_MOST_FINDINGS = 10_000  # of the envelopes of one document, as the core lists them
PART = 2**17  # bytes; with all that is made of them they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every document: the options of `x271.normalize`, checked once."""

    orders: _core.Preferences
    day: _Day | None
    until: _Day | None
    service_types: tuple[str, ...]
    trace: str | None

    @classmethod
    def of(
        cls,
        *,
        date_of_service: Day = None,
        service_types: Sequence[str] = ("30",),
        trace: str | None = None,
        profile: profiles.Profile | None = None,
    ) -> Question:
        """Checks the options.

        Raises:
            UsageError: as `x271.normalize`.
        """
        if trace is not None and not isinstance(trace, str):
            raise UsageError("BAD_OPTION", position=Position(key="trace"), detail="text is expected")
        day, until = _days(date_of_service)
        return cls(profiles.compiled(profile), day, until, _codes(service_types), trace)


@cache
def _core_engine() -> tuple[_core.Engine, type[_core.Refused]]:
    """The core and how it refuses; kept, since even an import that has been done costs something."""
    from . import _core
    from .grammar.compiled import engine

    return engine(), _core.Refused


@cache
def _record() -> type[Eligibility]:
    """The record, which tables have no need of."""
    from .normalize.eligibility import Eligibility

    return Eligibility


def document(source: Source, limits: Limits = _LIMITS, *, loops: bool = True) -> _core.Document:
    """What the core found in one answer; without `loops` it finds those of a transaction set when somebody asks.

    Raises:
        UnreadableEnvelope: no ISA gives delimiters.
        UnsupportedTransaction: there are transaction sets, and none that is read.
        LimitExceeded: there is too much of one thing.
    """
    engine, refusal = _core_engine()
    try:
        read = engine.read(source.x12, loops)
    except refusal as error:
        raise refused(error) from None
    transactions = read.kinds()
    if transactions and not any(is_read for _, _, is_read in transactions):
        kind, segment, _ = transactions[0]
        raise _unsupported(kind, segment, _guide(read))
    return within(read, len(source.x12), limits)


def within(read: _core.Document, size: int, limits: Limits) -> _core.Document:
    """The same document of this size in bytes, if there is not too much of one thing in it.

    Raises:
        LimitExceeded: `TOO_MANY_SEGMENTS`, `TOO_MANY_ELEMENTS`, `TOO_MANY_PARTS`, `TOO_DEEP`, `TOO_REPETITIVE`,
            each with the segment.
    """
    found = read.beyond(
        (
            limits.max_segments,
            limits.max_elements,
            limits.max_repetitions,
            limits.max_depth,
            max(_ALWAYS, limits.max_growth * size),
        )
    )
    if found is not None:
        code, segment, element = found
        raise LimitExceeded(code, position=Position(segment=segment, element=element or None))
    return read


def _unsupported(kind: str, segment: int, guide: str = "") -> UnsupportedTransaction:
    shown = kind if kind.isascii() and kind.isdigit() else "of an unknown kind"
    position = Position(segment=segment + 1)
    return UnsupportedTransaction(
        "UNSUPPORTED_TRANSACTION", position=position, detail=f"a set {shown}{guide}"
    )


def _guide(read: _core.Document) -> str:
    """The guide for which the first transaction set was refused, if it is that; a name of a guide, never other text."""
    places = (place for code, _, place, _ in read.findings() if code == "UNSUPPORTED_TRANSACTION")
    _, segment, element, *_ = next(places, None) or (0, None, None)
    if segment is None or element not in (3, 8):  # ST03, GS08
        return ""
    sent = read.segments()[segment - 1][2][element].replace(" ", "")
    return f" by the guide {sent}" if _GUIDE.fullmatch(sent) else ""


def patients(
    data: Data | Stream | Range,
    question: Question,
    *,
    limits: Limits = _LIMITS,
    field: str = sources.FIELD,
    line: int = 1,
) -> Iterator[Eligibility | X271Error]:
    """Every patient of one input in document order, and in its place the error for what cannot be read.

    Nothing at all: the input is readable and names no patient, or none of the question's trace number. An X12 file of
    more than a few megabytes is read in pieces, so it may be of any length, and so is a stream; see `sources.pieces`.
    The options are those of `sources.load_all`.
    """
    traced = _Traced()
    for document in answers(data, limits=limits, field=field, line=line):
        if isinstance(document, X271Error):
            yield document
            continue
        for is_echoed, record in document.records(question):
            if question.trace is None:
                yield record
            else:
                traced.add(record, is_echoed=is_echoed)
    yield from traced.found()


class Answer(NamedTuple):
    """What the core found in one answer, or in a piece of a long one.

    Attributes:
        number: of the answer in its input, from 1; those that cannot be read count, too.
        before: how many transaction sets of the answer stand before this piece of it.
        is_piece: True if it may be a piece of an answer, not all of it.
    """

    read: _core.Document
    results: Results | None = None
    lines: array[int] | None = None
    number: int = 1
    before: int = 0
    is_piece: bool = False

    def records(self, question: Question) -> Iterator[tuple[bool, Eligibility]]:
        """Its records, each with whether its trace number is the one asked for."""
        types = question.service_types
        records, echoed = self.read.records(
            question.orders, question.day, question.until, list(types), question.trace
        )
        of = _record()._of
        for record in records:
            yield echoed, of(record, types, self.results, self.lines)


def answers(
    data: Data | Stream | Range,
    *,
    limits: Limits = _LIMITS,
    field: str = sources.FIELD,
    line: int = 1,
    in_parts: bool = False,
    loops: bool = True,
) -> Iterator[Answer | X271Error]:
    """What is read of an input, and in its place the error for what cannot be; see `patients`.

    `loops`: as for `document`.

    With `in_parts` long X12 in memory comes in small pieces, which is faster. A piece does not know what was found
    about the input behind it, so this is for who does not ask for findings.
    """
    problem: X271Error | None = None
    try:
        if isinstance(data, Range):
            if isinstance(data.cut, X271Error):
                yield data.cut
            else:
                yield from _pieces(data.cut, limits, data.start, data.end, loops=loops)
            return
        if isinstance(data, Stream) or (isinstance(data, os.PathLike) and is_long_x12(data)):
            size = PART if in_parts else None
            yield from _pieces(Pieces(data, limits=limits, size=size), limits, loops=loops)
            return
        found = sources.load_all(data, limits=limits, field=field, line=line)
    except X271Error as error:
        problem = error.with_traceback(None)  # freed of the frames that hold the data
    if problem is not None:
        yield problem
        return
    for number, source in enumerate(found, 1):
        if isinstance(source, DataError):
            yield source
            continue
        problem = None
        try:
            if in_parts and source.lines is None and len(source.x12) > PART:
                yield from _parts(source, number, limits, loops=loops)
                continue
            made = Answer(document(source, limits, loops=loops), source.results, source.lines, number)
        except DataError as error:
            problem = error.with_traceback(None)
        yield made if problem is None else problem


def _pieces(
    cut: Pieces, limits: Limits, start: int = 0, end: int | None = None, *, loops: bool
) -> Iterator[Answer | X271Error]:
    """A long X12 file or stream, or what begins in a range of it.

    Raises:
        X271Error: as `sources.pieces`; UnsupportedTransaction at the end, if no transaction set that there is is read.
    """
    for piece, before in cut.within(start, end):
        problem = None
        try:
            made = Answer(within(piece.read(loops), piece.size, limits), before=before, is_piece=True)
        except LimitExceeded as error:  # of this piece; the others may be read
            problem = error.with_traceback(None)
        yield made if problem is None else problem
    if end is None and cut.unread is not None:
        raise _unsupported(*cut.unread)


def _parts(source: Source, number: int, limits: Limits, *, loops: bool) -> Iterator[Answer]:
    """A long X12 answer in small pieces, each freed before the next is cut.

    Raises:
        DataError: as `document`.
    """
    engine, refusal = _core_engine()
    x12, is_any_read, before = source.x12, False, 0
    cutter = engine.cutter(PART, len(x12))
    problem: DataError | None = None
    try:
        for begin in range(0, len(x12) + PART, PART):
            is_more = begin < len(x12)
            for piece in cutter.feed(x12, begin, begin + PART) if is_more else cutter.close():
                read = within(piece.read(loops), piece.size, limits)
                is_any_read = is_any_read or any(is_read for _, _, is_read in read.kinds())
                yield Answer(read, source.results, None, number, before, is_piece=True)
                before += piece.transactions
    except refusal as error:
        problem = refused(error)
    if problem is not None:
        raise problem
    if not is_any_read:
        document(source, limits)  # says why


class InPieces:
    """The answers of an input, long X12 in small pieces, as long as those tell all that the whole does.

    What was found about the input or its envelopes may concern patients of other pieces, and what there is too much of
    is counted in the whole. Where there is such a thing, or an error, the answers end.

    Attributes:
        is_all: False once they ended like that: the input is to be read whole.
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        self._others = 0  # transaction sets that are not UTF-8, each a finding of the whole
        self.is_all = True

    def __iter__(self) -> Iterator[Answer]:
        for answer in answers(self._data, in_parts=True, loops=False):
            if isinstance(answer, X271Error) or (answer.is_piece and not self._is_enough(answer)):
                self.is_all = False
                return
            yield answer

    def _is_enough(self, piece: Answer) -> bool:
        found = piece.read.plain()
        if found is None:
            return False
        segments, others = found
        self._others += others
        return segments <= _LIMITS.max_segments and self._others <= _MOST_FINDINGS


class _Traced:
    """Those that carry the trace number; if nobody does, the only one that carries none."""

    def __init__(self) -> None:
        self._echoed: list[Eligibility] = []
        self._silent: list[Eligibility] = []

    def add(self, record: Eligibility, *, is_echoed: bool) -> None:
        if is_echoed:
            self._echoed.append(record)
        elif len(self._silent) < 2:  # two are as good as many, and weigh less
            self._silent.append(record)

    def found(self) -> list[Eligibility]:
        if self._echoed or len(self._silent) != 1:
            return self._echoed
        return self._silent


def without_lenders(found: list[Eligibility]) -> list[Eligibility]:
    """Leaves out a subscriber whose rows a dependent had to borrow: the answer is about the dependent."""
    handles = [(record, record._handle()) for record in found]
    borrowed = {
        handle.subscriber_key()[:2] for _, handle in handles if handle is not None and handle.borrowed()
    }
    kept = []
    for record, handle in handles:
        transaction, subscriber, is_dependent = handle.subscriber_key() if handle else (0, None, True)
        if is_dependent or (transaction, subscriber) not in borrowed:
            kept.append(record)
    return kept


def _days(day: Any) -> tuple[_Day | None, _Day | None]:
    """The caller's date, ISO text or ISO range as year, month, day; the end only of a range."""
    if day is None:
        return None, None
    try:
        if isinstance(day, str):
            begin, is_range, end = day.partition("/")
            first = date.fromisoformat(begin)
            last = date.fromisoformat(end) if is_range else None
        elif isinstance(day, date):
            first, last = day, None
        else:
            raise _bad_date()
    except ValueError:
        raise _bad_date() from None
    if last is not None and last < first:
        raise _bad_date("the range ends before it begins")
    until = None if last is None else (last.year, last.month, last.day)
    return (first.year, first.month, first.day), until


def _bad_date(detail: str = "") -> UsageError:
    return UsageError("BAD_DATE", position=Position(key="date_of_service"), detail=detail)


def _codes(service_types: Any) -> tuple[str, ...]:
    is_list = isinstance(service_types, Sequence) and not isinstance(service_types, (str, bytes))
    if not is_list or not all(isinstance(code, str) for code in service_types):
        position = Position(key="service_types")
        raise UsageError("BAD_OPTION", position=position, detail="a list of codes is expected")
    return tuple(service_types) or ("30",)
