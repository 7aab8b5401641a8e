"""Collects answers into columns: what `x271.tables` and the batch engines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import _core
from .._reading import Answer, Question, document
from ..errors import LimitExceeded, Position, UsageError, X271Error
from ..grammar.compiled import engine
from .columns import TABLES

if TYPE_CHECKING:
    from ..sources import Source

Batches = dict[str, _core.Batch]

_UNBOUNDED = 2**62
_MOST_BYTES = 256 * 2**20  # of one set of batches, whatever rows were asked for


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before a piece of an answer that was cut, so that its keys and places are those of the whole."""

    transaction_sets: int = 0
    segments: int = 0
    bytes: int = 0


_NOTHING = Before()


def wanted(only: str | Iterable[str] | None) -> tuple[str, ...]:
    """The tables that are to be built, in their order.

    Raises:
        UsageError: `BAD_OPTION` for a name that is not one of a table.
    """
    names: tuple[str, ...] = TABLES
    if only is not None:
        names = (only,) if isinstance(only, str) else tuple(only) if isinstance(only, Iterable) else ()
    if not names or any(name not in TABLES for name in names):
        position = Position(key="only")
        raise UsageError("BAD_OPTION", position=position, detail=f"some of {', '.join(TABLES)} are expected")
    return tuple(name for name in TABLES if name in names)


class Collector:
    """Columns that grow by answers until they are taken. One thread at a time; the core releases the GIL.

    Args:
        question: the options of `x271.normalize`, checked.
        only: the tables that are built; by default all.
        batch_rows: rows of the longest table at which `batches` hands out what there is.
    """

    def __init__(
        self, question: Question, only: str | Iterable[str] | None = None, *, batch_rows: int = _UNBOUNDED
    ) -> None:
        self.tables = wanted(only)
        self._question = question
        self._batch_rows = batch_rows
        self._taken = 0
        self._core = _core.Collector(engine(), list(self.tables))

    @property
    def rows(self) -> int:
        """Rows of the longest table."""
        return self._core.rows()

    @property
    def nbytes(self) -> int:
        """Bytes that the columns hold."""
        return self._core.nbytes()

    def add(
        self, source: Source | X271Error, name: str, number: int = 1, *, before: Before = _NOTHING
    ) -> list[X271Error]:
        """Appends the patients of one answer, whole; gives the errors of what cannot be read, and raises none.

        Args:
            source: an answer of `sources.load_all`, or the error in its place.
            name: where it comes from: the first part of every key.
            number: number of the answer in that source, from 1.
            before: of a piece of an answer, what stood before it.

        With a trace number in the question, those patients of this answer are taken that carry it; if none does, the
        only one that carries none.
        """
        if isinstance(source, X271Error):
            return [source]
        try:
            read = document(source)
        except X271Error as error:
            return [error.with_traceback(None)]
        echoed = self._echoed([read])
        if echoed is None:
            return []
        answer = Answer(read, source.results, source.lines, number)
        parts = self._parts(answer, name, before, echoed, (_UNBOUNDED, _UNBOUNDED))
        return [part for part in parts if isinstance(part, X271Error)]

    @property
    def patients(self) -> int:
        """How many patients were added so far, the taken ones included; only with the table `eligibility`."""
        return self._taken + self._core.patients()

    def batches(self, answers: Iterable[Answer | X271Error], name: str) -> Iterator[Batches | X271Error]:
        """Appends the answers of one input; hands out batches whenever they are full, and errors in their places.

        A trace number in the question counts for all answers of the input, as in `x271.normalize_all`.
        """
        limits = (self._batch_rows, _MOST_BYTES)
        traced: list[tuple[int, int, Answer]] = []
        trace = self._question.trace
        for answer in answers:
            if isinstance(answer, X271Error):
                yield answer
            elif trace is None:
                yield from self._parts(answer, name, _NOTHING, False, limits)
            else:
                echoed, unsaid = answer.read.traced(trace)
                # two who carry no number are as good as many, and weigh less
                if echoed or (unsaid and sum(count for _, count, _ in traced) < 2):
                    traced.append((echoed, unsaid, answer))
        is_echoed = any(echoed for echoed, _, _ in traced)
        if is_echoed or sum(unsaid for _, unsaid, _ in traced) == 1:
            for _, _, answer in traced:
                yield from self._parts(answer, name, _NOTHING, is_echoed, limits)

    def take(self) -> Batches:
        """Gives what was collected, by table, and starts anew."""
        self._taken += self._core.patients()
        return self._core.take()

    def _echoed(self, read: list[_core.Document]) -> bool | None:
        """Whether to take the patients that carry the trace number, or the only one without any; None for nobody."""
        trace = self._question.trace
        if trace is None:
            return False
        counts = [one.traced(trace) for one in read]
        if any(echoed for echoed, _ in counts):
            return True
        return False if sum(unsaid for _, unsaid in counts) == 1 else None

    def _parts(
        self, answer: Answer, name: str, before: Before, echoed: bool, limits: tuple[int, int]
    ) -> Iterator[Batches | X271Error]:
        question = self._question
        asked = (question.day, question.until, list(question.service_types), question.trace, echoed)
        shown = name.encode("utf-8", "backslashreplace").decode("utf-8")  # a file's name may be no text
        sets = before.transaction_sets + answer.before
        origin = (answer.number, sets, before.segments, before.bytes)
        lines = [] if answer.lines is None else answer.lines.tolist()
        fault = answer.results is not None and answer.results.fault is not None
        at: tuple[int, int] | None = (0, 0)
        while at is not None:
            at, too_large = self._core.add(
                answer.read, question.orders, asked, shown, origin, lines, fault, at, limits
            )
            for segment in too_large:
                yield LimitExceeded("TOO_LARGE", position=Position(segment=segment + 1 + before.segments))
            if self._core.rows() >= limits[0] or self._core.nbytes() >= limits[1]:
                yield self.take()
