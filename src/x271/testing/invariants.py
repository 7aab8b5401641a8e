"""What holds for every document, whoever sent it: a table of sentences, each with the check that finds where not.

Our own tests and `pytest --x271-archive` go through the same table. A check never says what an element says.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import x271

from . import hiding, keeping, saying
from .subject import Subject

Check = Callable[[Subject], Iterator[str]]
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that holds for every document.

    Attributes:
        name: one word or two, stable.
        sentence: what holds, as a sentence.
        check: gives the places where it does not, such as `record 2, benefits[3].amount`; never a value.
    """

    name: str
    sentence: str
    check: Check


@dataclass(frozen=True, slots=True)
class Broken:
    """Where an invariant does not hold: the first place, and how many there are."""

    invariant: Invariant
    place: str
    count: int = 1

    def __str__(self) -> str:
        more = f" and {self.count - 1} more" if self.count > 1 else ""
        return f"{self.invariant.name}: {self.place}{more}. {self.invariant.sentence}"


INVARIANTS = (
    Invariant("refusal", "Any bytes are read, or refused with an X271Error.", saying.read_or_refused),
    Invariant("lossless", "What was parsed writes itself byte for byte.", keeping.written),
    Invariant("forms", "X12, XML and JSON of one answer give the same record.", keeping.in_each_form),
    Invariant("delimiters", "Other delimiters do not change the record.", keeping.with_other_delimiters),
    Invariant("pieces", "A stream in pieces says what the whole says.", keeping.in_pieces),
    Invariant("twice", "Reading a document twice gives the same.", keeping.read_twice),
    Invariant("json", "A record is the same again from its JSON.", saying.as_json),
    Invariant("shapes", "Others' shapes are complete and are JSON.", saying.in_shapes),
    Invariant("explain", "Every field's value can be explained.", saying.explained),
    Invariant("tables", "The tables say what the records say.", saying.in_tables),
    Invariant("acknowledgment", "The TA1 and 999 that answer it are valid.", saying.acknowledged),
    Invariant("redaction", "De-identified, the record differs in nothing but values.", hiding.redacted),
    Invariant("silence", "Nothing says unasked what identifies a person.", hiding.silent),
)


def broken(data: bytes | Subject) -> Iterator[Broken]:
    """The invariants that do not hold for a document, in the order of the table; none is how it should be.

    An error that is none of ours breaks the invariant that was looked at; of it, only its type and place are told.
    """
    subject = data if isinstance(data, Subject) else Subject(data)
    for one in INVARIANTS:
        found = places(one.check, subject)
        if found:
            yield Broken(one, found[0], len(found))


def places(check: Callable[[Given], Iterator[str]], given: Given) -> list[str]:
    """What a check finds; an error that is none of ours, too."""
    found: list[str] = []
    try:
        found += check(given)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  # a panic of the core is no Exception
        found.append(raised(error))
    return found


def raised(error: BaseException) -> str:
    """An error's type and where in the package it was raised; its message may hold what a patient's element says."""
    inside = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(_package())
    ]
    code = getattr(error, "code", "")
    name = f"{type(error).__name__} {code}" if isinstance(error, x271.X271Error) else type(error).__name__
    if not inside:
        return name
    at = inside[-1]
    return f"{name} at x271/{Path(at.filename).relative_to(_package()).as_posix()}:{at.lineno} in {at.name}"


@cache
def _package() -> str:
    return str(Path(x271.__file__).parent) + os.sep
