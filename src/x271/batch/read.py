"""Reading many documents, one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from .._reading import Day, Question, patients
from ..errors import UsageError, X271Error
from ..normalize import profile as profiles
from .files import documents

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility

OnError = Callable[[str, X271Error], None]


def read(
    source: str | os.PathLike[str],
    *,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
    on_error: OnError | None = None,
) -> Iterator[Eligibility]:
    """What the answers of a file, of a folder with all below it, or of a glob's files mean, one patient at a time.

    Holds one document at a time. This function alone takes a `str` as a path or glob, not as content. The order
    is that of names and, in a document, of its patients. Documents that are readable and name no patient give none.

    Args:
        source: a file, a folder, or a glob such as `answers/**/*.271`.
        date_of_service: as for `x271.normalize`, like the next three; `trace` counts for each document.
        service_types: what was asked for.
        trace: TRN02 of the question.
        profile: orders of preference.
        on_error: called with the file's name and the error for each file, or part of one, that cannot be read;
            reading goes on after it. Without it, the first such error is raised, and a note on it names the file.

    Raises:
        UsageError: at the call for a wrong option, while iterating for a file that cannot be read.
        DataError: while iterating, for a document that cannot be read.
    """
    if not isinstance(source, (str, os.PathLike)):
        raise UsageError("BAD_INPUT_TYPE", detail=f"{type(source).__name__}; read takes a path or a glob")
    question = Question.of(
        date_of_service=date_of_service, service_types=service_types, trace=trace, profile=profile
    )
    return _read(source, question, on_error)


def _read(
    source: str | os.PathLike[str], question: Question, on_error: OnError | None
) -> Iterator[Eligibility]:
    for name, path in documents([source]):
        for one in [path] if isinstance(path, X271Error) else patients(path, question):
            if not isinstance(one, X271Error):
                yield one
            elif on_error is not None:
                on_error(name, one)
            else:
                one.add_note(f"in {name}")
                raise one
