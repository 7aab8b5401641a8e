"""From an input to its patients: what `normalize`, `normalize_all`, `read` and the command line share."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from . import sources
from .errors import DataError, Position, UnreadableEnvelope, UnsupportedTransaction, UsageError, X271Error
from .normalize import profile as profiles
from .normalize.eligibility import Eligibility
from .sources import Limits, Source

if TYPE_CHECKING:
    from . import _core

Data = bytes | bytearray | memoryview | str | os.PathLike[str] | Mapping[str, object]
Day = date | str | None
_Day = tuple[int, int, int]
_LIMITS = Limits()


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


def document(source: Source) -> _core.Document:
    """What the core found in one answer.

    Raises:
        UnreadableEnvelope: no ISA gives delimiters.
        UnsupportedTransaction: there are transaction sets, and none that is read.
    """
    from . import _core
    from .grammar.compiled import engine

    try:
        read = engine().read(source.x12)
    except _core.Refused as refused:
        code, offset = refused.args
        raise UnreadableEnvelope(code, position=Position(offset=offset)) from None
    transactions = read.kinds()
    if transactions and not any(is_read for _, _, is_read in transactions):
        kind, segment, _ = transactions[0]
        shown = kind if kind.isascii() and kind.isdigit() else "of an unknown kind"
        position = Position(segment=segment + 1)
        raise UnsupportedTransaction("UNSUPPORTED_TRANSACTION", position=position, detail=f"a set {shown}")
    return read


def patients(
    data: Data, question: Question, *, limits: Limits = _LIMITS, field: str = sources.FIELD, line: int = 1
) -> Iterator[Eligibility | X271Error]:
    """Every patient of one input in document order, and in its place the error for what cannot be read.

    Nothing at all: the input is readable and names no patient, or none of the question's trace number. The options
    are those of `load_all`.
    """
    try:
        found = sources.load_all(data, limits=limits, field=field, line=line)
    except X271Error as error:
        yield error.with_traceback(None)  # freed of the frames that hold the data
        return
    named: list[tuple[bool, Eligibility]] = []
    for source in found:
        problem = None
        try:
            for one in _records(source, question):
                if question.trace is None:
                    yield one[1]
                else:
                    named.append(one)
        except DataError as error:
            problem = error.with_traceback(None)
        if problem is not None:
            yield problem
    yield from _traced(named)


def _records(source: Source | DataError, question: Question) -> Iterator[tuple[bool, Eligibility]]:
    """The records of one answer, each with whether its trace number is the one asked for."""
    if isinstance(source, DataError):
        raise source
    types = question.service_types
    records, echoed = document(source).records(
        question.orders, question.day, question.until, list(types), question.trace
    )
    for record in records:
        yield echoed, Eligibility._of(record, types, source.results, source.lines)


def _traced(found: list[tuple[bool, Eligibility]]) -> list[Eligibility]:
    """Those that carry the trace number; if nobody does, the only one that carries none."""
    echoed = [record for is_echoed, record in found if is_echoed]
    if echoed or len(found) != 1:
        return echoed
    return [found[0][1]]


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
    position = Position(key="date_of_service")
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
            raise UsageError("BAD_DATE", position=position)
    except ValueError:
        raise UsageError("BAD_DATE", position=position) from None
    if last is not None and last < first:
        raise UsageError("BAD_DATE", position=position, detail="the range ends before it begins")
    until = None if last is None else (last.year, last.month, last.day)
    return (first.year, first.month, first.day), until


def _codes(service_types: Any) -> tuple[str, ...]:
    is_list = isinstance(service_types, Sequence) and not isinstance(service_types, (str, bytes))
    if not is_list or not all(isinstance(code, str) for code in service_types):
        position = Position(key="service_types")
        raise UsageError("BAD_OPTION", position=position, detail="a list of codes is expected")
    return tuple(service_types) or ("30",)
