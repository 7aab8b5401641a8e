"""What a worker does: the documents of one unit, read and written as parts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Protocol

from .._reading import Question
from ..errors import NoPatient, X271Error
from ..sources.archives.documents import Document, documents
from ..sources.archives.reader import Reader
from ..sources.archives.stream import Stream
from ..sources.ranges import Range
from .again import Wanted, refusal
from .parts import LINES, REFUSED, Files, Folder, Memory, Part, Parts, Spools
from .read import found
from .settings import Settings
from .tally import Tally
from .units import Unit

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility

_SAID = 20  # messages of one unit; the list of refusals has all of them


@dataclass(slots=True)
class Done:
    """What came out of a unit.

    Attributes:
        messages: for people, the first few, each with whether it is a refusal.
        unsaid: how many more there were.
        parts: what was written.
        lines: the rows, if they are kept in memory.
        refused: bytes of the list of refusals.
    """

    number: int
    print: str
    weight: int
    tally: Tally = field(default_factory=Tally)
    messages: list[tuple[bool, str]] = field(default_factory=list)
    unsaid: int = 0
    refused: bytes = b""
    parts: list[Part] = field(default_factory=list)
    lines: bytes = b""

    def say(self, message: str, *, is_refusal: bool) -> None:
        if len(self.messages) < _SAID:
            self.messages.append((is_refusal, message))
        else:
            self.unsaid += 1


class Rows(Protocol):
    """Takes documents and writes what is made of them."""

    def add(self, document: Document, done: Done) -> None:
        """Reads one document, and counts what came out of it; never raises for what the document holds."""

    def close(self) -> None:
        """Writes what is still held."""


class Worker:
    """Does one unit after the other."""

    def __init__(self, settings: Settings, folder: Folder | None) -> None:
        """Without a folder, rows are kept in memory."""
        self._settings = settings
        self._question = settings.asked.question()
        self._wanted = Wanted(settings.only)
        self._reader = Reader()
        self._parts: Parts = Memory()
        if folder is not None:
            self._parts = Files(folder) if settings.form == "folder" else Spools(folder)

    def do(self, unit: Unit) -> Done:
        """Reads a unit and writes its parts, which are then on the disk.

        Raises:
            OSError: a part cannot be written.
        """
        done = self.write(unit)
        self.keep(done)
        return done

    def keep(self, done: Done) -> None:
        """Waits until the parts of a unit are on the disk; another thread may write the next one meanwhile.

        Raises:
            OSError: they cannot be.
        """
        self._parts.keep(done.parts)

    def write(self, unit: Unit) -> Done:
        """Reads a unit and writes its parts.

        Raises:
            OSError: a part cannot be written.
        """
        done = Done(unit.number, unit.print, unit.weight)
        with ExitStack() as stack:
            rows = self._rows(done, stack)
            for item in unit.items:
                found = documents(
                    item, self._reader, limits=self._settings.limits, may_hold=self._wanted.may_hold
                )
                for document in found:
                    if self._wanted.has(document.name, document.line):
                        rows.add(document, done)
            rows.close()
        if isinstance(self._parts, Memory):
            done.lines = self._parts.lines
        elif done.refused:
            with self._parts.part(REFUSED, unit.number, done.parts) as file:
                file.write(done.refused)
            done.refused = b""
        return done

    def close(self) -> None:
        """Closes all files."""
        self._reader.close()
        self._parts.close()

    def _rows(self, done: Done, stack: ExitStack) -> Rows:
        if self._settings.form == "jsonl":
            file = stack.enter_context(self._parts.part(LINES, done.number, done.parts))
            return Lines(self._settings, self._question, file)
        from .columns import Columns

        return Columns(self._settings, self._question, self._parts, done, stack)


class Lines:
    """A JSON line for each patient."""

    def __init__(self, settings: Settings, question: Question, file: IO[bytes]) -> None:
        self._settings = settings
        self._question = question
        self._write = file.write
        self._line = SHAPES[settings.shape]

    def add(self, document: Document, done: Done) -> None:
        settings = self._settings
        read = errors = 0
        for one in found(document, self._question, limits=settings.limits, field=settings.field):
            if isinstance(one, X271Error):
                errors += 1
                refuse(document, one, done)
            else:
                read += 1
                done.tally.patient(one)
                self._write(self._line(one) + b"\n")
        count(document, read, errors, done, self._question)

    def close(self) -> None:
        pass


def refuse(document: Document, error: X271Error, done: Done) -> None:
    """Notes that a document, or a part of it, cannot be read."""
    done.tally.error(error)
    done.refused += refusal(document.name, document.line, error)
    done.say(f"{document.label}: {error}", is_refusal=True)


def count(document: Document, read: int, errors: int, done: Done, question: Question) -> None:
    """Counts a document that is done, and says why it has no patient."""
    tally = done.tally
    if isinstance(document.data, Range):
        tally.size += document.data.size
        tally.range(done.number - document.data.number, read, errors)
        return
    tally.document(read, errors)
    if isinstance(document.data, bytes):
        tally.size += len(document.data)
    elif isinstance(document.data, Stream):
        tally.size += document.data.taken
    if not read and not errors and question.trace is None and isinstance(document.data, bytes):
        why = _why(document.data)
        if why.rejections:
            tally.reasons[why.eligibility_response] += 1
        done.say(f"{document.label}: {why}", is_refusal=False)


def _why(data: bytes) -> NoPatient:
    from ..api import nobody

    try:
        return nobody(data, None)
    except X271Error:  # another field holds the answer
        return NoPatient("NO_PATIENT")


def _eligibility(record: Eligibility) -> bytes:
    return record.model_dump_json().encode()


def _as(method: str) -> Callable[[Eligibility], bytes]:
    """The record as one of its own methods gives it."""

    def line(record: Eligibility) -> bytes:
        from pydantic_core import to_json

        return to_json(getattr(record, method)())

    return line


SHAPES: dict[str, Callable[[Eligibility], bytes]] = {
    "eligibility": _eligibility,
    "integrex": _as("to_integrex"),
    "vsee": _as("to_vsee_insurance"),
    "verifytreatment": _as("to_verifytreatment"),
}
