"""Collects answers into columns: what `x271.tables` and the batch engines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        expected: bytes that all answers have together, if that is known: room is made for them at once.
    """

    def __init__(
        self,
        question: Question,
        only: str | Iterable[str] | None = None,
        *,
        batch_rows: int = _UNBOUNDED,
        expected: int = 0,
    ) -> None:
        self.tables = wanted(only)
        self._question = question
        self._batch_rows = batch_rows
        self._taken = 0
        self._core = _core.Collector(engine(), list(self.tables), expected)

    @property
    def in_parts(self) -> bool:
        """True if no table shows what was found, so that an answer may come in pieces that do not know all of it."""
        return "findings" not in self.tables

    @property
    def rows(self) -> int:
        """Rows of the longest table."""
        return self._core.rows()

    @property
    def nbytes(self) -> int:
        """Bytes that the columns hold."""
        return self._core.nbytes()

    def add(self, source: Source | X271Error, name: str, number: int = 1) -> list[X271Error]:
        """Appends the patients of one answer, whole; gives the errors of what cannot be read, and raises none.

        Args:
            source: an answer of `sources.load_all`, or the error in its place.
            name: where it comes from: the first part of every key.
            number: number of the answer in that source, from 1.

        With a trace number in the question, those patients of this answer are taken that carry it; if none does, the
        only one that carries none.
        """
        answer: Answer | X271Error
        if isinstance(source, X271Error):
            return [source]
        try:
            answer = Answer(document(source, loops=False), source.results, source.lines, number)
        except X271Error as error:
            answer = error.with_traceback(None)  # freed of the frames that hold the data
        parts = self._batches([answer], name, (_UNBOUNDED, _UNBOUNDED))
        return [part for part in parts if isinstance(part, X271Error)]

    @property
    def patients(self) -> int:
        """How many patients were added so far, the taken ones included; only with the table `eligibility`."""
        return self._taken + self._core.patients()

    def batches(self, answers: Iterable[Answer | X271Error], name: str) -> Iterator[Batches | X271Error]:
        """Appends the answers of one input; hands out batches whenever they are full, and errors in their places.

        A trace number in the question counts for all answers of the input, as in `x271.normalize_all`.
        """
        return self._batches(answers, name, (self._batch_rows, _MOST_BYTES))

    def _batches(
        self, answers: Iterable[Answer | X271Error], name: str, limits: tuple[int, int]
    ) -> Iterator[Batches | X271Error]:
        trace = self._question.trace
        silent: Answer | None = None  # the latest with a patient who carries no number
        unsaid, is_echoed = 0, False
        for answer in answers:
            if isinstance(answer, X271Error):
                yield answer
                continue
            if trace is not None:
                carry, carry_none = answer.read.traced(trace)
                if not carry:
                    unsaid += carry_none
                    silent = answer if carry_none else silent
                    continue
                is_echoed = True
            yield from self._parts(answer, name, is_echoed, limits)
        if silent is not None and unsaid == 1 and not is_echoed:
            yield from self._parts(silent, name, False, limits)

    def take(self) -> Batches:
        """Gives what was collected, by table, and starts anew."""
        self._taken += self._core.patients()
        return self._core.take()

    def _parts(
        self, answer: Answer, name: str, echoed: bool, limits: tuple[int, int]
    ) -> Iterator[Batches | X271Error]:
        question = self._question
        asked = (question.day, question.until, list(question.service_types), question.trace, echoed)
        shown = name.encode("utf-8", "backslashreplace").decode("utf-8")  # a file's name may be no text
        origin = (answer.number, answer.before)
        lines = [] if answer.lines is None else answer.lines.tolist()
        fault = answer.results is not None and answer.results.fault is not None
        at: tuple[int, int] | None = (0, 0)
        while at is not None:
            at, too_large = self._core.add(
                answer.read, question.orders, asked, shown, origin, lines, fault, at, limits
            )
            for segment in too_large:
                yield LimitExceeded("TOO_LARGE", position=Position(segment=segment + 1))
            if self._core.rows() >= limits[0] or self._core.nbytes() >= limits[1]:
                yield self.take()
