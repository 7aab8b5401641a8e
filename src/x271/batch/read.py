"""Reading many documents, one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .._reading import Answer, Day, Question, answers, patients
from ..errors import UsageError, X271Error
from ..normalize import profile as profiles
from ..sources import FIELD, Limits
from ..sources.archives.documents import Document
from ..sources.archives.documents import documents as in_item
from ..sources.archives.reader import Reader
from ..sources.archives.walk import items
from .files import documents

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility

_LIMITS = Limits()
OnError = Callable[[str, X271Error], None]


def read(
    source: str | os.PathLike[str],
    *,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
    field: str = FIELD,
    limits: Limits = _LIMITS,
    on_error: OnError | None = None,
) -> Iterator[Eligibility]:
    """What the answers of a file, of a folder with all below it, or of a glob's files mean, one patient at a time.

    Archives (zip, tar), compressed files (gzip, bzip2, xz, zstd) and JSON Lines are opened; what they are is seen by
    their content. Holds one document at a time, and of long X12 one piece. This function alone takes a `str` as a
    path or glob, not as content. The order is that of names, in an archive its own, and in a document that of its
    patients. Documents that are readable and name no patient give none.

    Args:
        source: a file, a folder, or a glob such as `answers/**/*.271`.
        date_of_service: as for `x271.normalize`, like the next three; `trace` counts for each document.
        service_types: what was asked for.
        trace: TRN02 of the question.
        profile: orders of preference.
        field: the name that holds an answer as text in a JSON record.
        limits: bounds for each document and for what is unpacked (`x271.sources.Limits`).
        on_error: called with the document's name and the error for each document, or part of one, that cannot be
            read; reading goes on after it. Names are like `answers.zip!folder/a.271` and `answers.jsonl:17`.
            Without it, the first such error is raised, and a note on it names the document.

    Raises:
        UsageError: at the call for a wrong option, while iterating for a file that cannot be read.
        DataError: while iterating, for a document that cannot be read.
    """
    if not isinstance(source, (str, os.PathLike)):
        raise UsageError("BAD_INPUT_TYPE", detail=f"{type(source).__name__}; read takes a path or a glob")
    question = Question.of(
        date_of_service=date_of_service, service_types=service_types, trace=trace, profile=profile
    )
    return _read(source, question, field, limits, on_error)


def all_documents(sources: Iterable[str | os.PathLike[str]], *, limits: Limits) -> Iterator[Document]:
    """Every document of the sources, in their order; what cannot be had is an error value."""
    reader = Reader()
    for name, path in documents(sources):
        if isinstance(path, X271Error):
            yield Document(name, path)
            continue
        for item in items(name, path, limits=limits):
            yield from in_item(item, reader, limits=limits)


def _read(
    source: str | os.PathLike[str], question: Question, field: str, limits: Limits, on_error: OnError | None
) -> Iterator[Eligibility]:
    for document in all_documents([source], limits=limits):
        for one in found(document, question, limits=limits, field=field):
            if not isinstance(one, X271Error):
                yield one
            elif on_error is not None:
                on_error(document.label, one)
            else:
                one.add_note(f"in {document.label}")
                raise one


def found(
    document: Document, question: Question, *, limits: Limits, field: str
) -> Iterator[Eligibility | X271Error]:
    """The patients of a document, and in its place the error for what cannot be read."""
    if isinstance(document.data, X271Error):
        return iter((document.data,))
    return patients(document.data, question, limits=limits, field=field, line=document.line or 1)


def in_document(
    document: Document, *, limits: Limits, field: str, in_parts: bool = False
) -> Iterator[Answer | X271Error]:
    """The answers of a document, for a collector, and in its place the error for what cannot be read."""
    if isinstance(document.data, X271Error):
        return iter((document.data,))
    line = document.line or 1
    return answers(document.data, limits=limits, field=field, line=line, in_parts=in_parts, loops=False)
