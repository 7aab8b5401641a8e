"""Reading answers: the functions of the public API that take an input."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from . import sources
from .errors import (
    DataError,
    NoPatient,
    Position,
    SeveralPatients,
    UnreadableEnvelope,
    UnsupportedTransaction,
    UsageError,
)
from .normalize import profile as profiles
from .normalize.eligibility import Eligibility
from .sources import Source

if TYPE_CHECKING:
    from . import _core
    from .grammar.envelope import Interchange

Data = bytes | bytearray | memoryview | str | os.PathLike[str] | Mapping[str, object]
Day = date | str | None


def parse(data: Data) -> Interchange:
    """What an answer says: the typed, lossless interchange.

    `bytes` and `str` are content, `os.PathLike` is a file, a mapping is the JSON twin of PPMDResults. X12, XML and
    JSON are told apart by content. What is odd but readable is in `findings`.

    Raises:
        DataError: the input cannot be read; VendorFault and AnswerPending if the vendor gave no answer.
        UsageError: the input is of a wrong type, or the file cannot be read.
    """
    from .grammar.build import interchange

    source = sources.load(data)
    made = interchange(_read(source), source.x12, source.lines)
    if source.results is None:
        return made
    with_results = made.model_copy(update={"results": source.results})
    with_results._keep(source.x12)
    return with_results


def normalize(
    data: Data,
    *,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
) -> Eligibility:
    """What an answer means for its one patient.

    Args:
        data: as for `parse`.
        date_of_service: a date, ISO text, or an ISO range `2026-11-21/2026-11-30`; by default what the answer itself
            says (DTP*472 or DTP*291 of the patient, else BHT04).
        service_types: what was asked for (EB03 codes).
        trace: TRN02 of the question; picks its patient out of several.
        profile: orders of preference other than the standard ones: a path, a dict, or a name.

    Raises:
        SeveralPatients: the answer has more than one patient.
        NoPatient: it has none, or none with that trace number; VendorFault and AnswerPending are such, too.
        DataError, UsageError: as for `parse`; ProfileError for a mistake in `profile`.
    """
    found = normalize_all(
        data, date_of_service=date_of_service, service_types=service_types, trace=trace, profile=profile
    )
    if not found:
        raise _nobody(data, trace)
    if len(found) > 1:
        found = _without_lenders(found)
    if len(found) > 1:
        raise SeveralPatients(count=len(found))
    return found[0]


def normalize_all(
    data: Data,
    *,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
) -> list[Eligibility]:
    """What an answer means for each of its patients, in document order; with `trace`, for those that it names.

    Parameters and errors as for `normalize`. A list of several answers (JSON Lines, say) gives the patients of all
    of them; the first that cannot be read is raised only if no other gave a patient. An answer that names no
    patient gives an empty list; the NoPatient that `normalize` raises for it has its rejections.
    """
    orders = profiles.compiled(profile)
    day, until = _days(date_of_service)
    types = _codes(service_types)
    if trace is not None and not isinstance(trace, str):
        raise UsageError("BAD_OPTION", position=Position(key="trace"))
    found: list[tuple[bool, Eligibility]] = []
    failed: DataError | None = None
    for source in sources.load_all(data):
        try:
            found += _records(source, orders, day, until, types, trace)
        except DataError as error:
            failed = failed or error
    if not found and failed is not None:
        raise failed
    return _traced(found, trace)


def _nobody(data: Data, trace: str | None) -> NoPatient:
    """Why there is no patient, from the answer itself."""
    from .normalize.rejections import of_document

    error = NoPatient("NO_PATIENT" if trace is None else "TRACE_NOT_FOUND")
    if trace is None:
        read = [_read(source) for source in sources.load_all(data) if isinstance(source, Source)]
        error.rejections = tuple(one for document in read for one in of_document(document))
    return error


def _records(
    source: Source | DataError,
    orders: _core.Preferences,
    day: tuple[int, int, int] | None,
    until: tuple[int, int, int] | None,
    types: tuple[str, ...],
    trace: str | None,
) -> Iterator[tuple[bool, Eligibility]]:
    if isinstance(source, DataError):
        raise source
    records, echoed = _read(source).records(orders, day, until, list(types), trace)
    for record in records:
        yield echoed, Eligibility._of(record, types, source.results, source.lines)


def _traced(found: list[tuple[bool, Eligibility]], trace: str | None) -> list[Eligibility]:
    """Those that carry the trace number; if nobody does, the only one that carries none."""
    if trace is None:
        return [record for _, record in found]
    echoed = [record for is_echoed, record in found if is_echoed]
    if echoed:
        return echoed
    if len(found) == 1:
        return [found[0][1]]
    return []


def _without_lenders(found: list[Eligibility]) -> list[Eligibility]:
    """Leaves out a subscriber whose rows a dependent had to borrow: the answer is about the dependent."""
    borrowed = {
        handle.subscriber_key()[:2]
        for handle in (record._handle() for record in found)
        if handle is not None and handle.borrowed()
    }
    kept = []
    for record in found:
        handle = record._handle()
        transaction, subscriber, is_dependent = (
            handle.subscriber_key() if handle is not None else (0, None, True)
        )
        if is_dependent or (transaction, subscriber) not in borrowed:
            kept.append(record)
    return kept


def _read(source: Source) -> _core.Document:
    from . import _core
    from .grammar.compiled import engine

    try:
        document = engine().read(source.x12)
    except _core.Refused as refused:
        code, offset = refused.args
        raise UnreadableEnvelope(code, position=Position(offset=offset)) from None
    _require_known(document)
    return document


def _require_known(document: _core.Document) -> None:
    """Refuses a document that has transaction sets and none that is read."""
    transactions = document.kinds()
    if transactions and not any(is_read for _, _, is_read in transactions):
        kind, segment, _ = transactions[0]
        shown = kind if kind.isalnum() else "unknown"
        raise UnsupportedTransaction(
            "UNSUPPORTED_TRANSACTION", position=Position(segment=segment + 1), detail=f"a {shown}"
        )


def _days(day: Any) -> tuple[tuple[int, int, int] | None, tuple[int, int, int] | None]:
    if day is None:
        return None, None
    try:
        if isinstance(day, str):
            begin, _, end = day.partition("/")
            first = date.fromisoformat(begin)
            last = date.fromisoformat(end) if end else None
        elif isinstance(day, date):
            first, last = day, None
        else:
            raise UsageError("BAD_DATE", position=Position(key="date_of_service"))
    except ValueError:
        raise UsageError("BAD_DATE", position=Position(key="date_of_service")) from None
    if last is not None and last < first:
        raise UsageError(
            "BAD_DATE", position=Position(key="date_of_service"), detail="the range ends before it begins"
        )
    until = None if last is None else (last.year, last.month, last.day)
    return (first.year, first.month, first.day), until


def _codes(service_types: Any) -> tuple[str, ...]:
    if isinstance(service_types, str) or not isinstance(service_types, Sequence):
        raise UsageError(
            "BAD_OPTION", position=Position(key="service_types"), detail="a list of codes is expected"
        )
    if not all(isinstance(code, str) for code in service_types):
        raise UsageError(
            "BAD_OPTION", position=Position(key="service_types"), detail="a list of codes is expected"
        )
    return tuple(service_types) or ("30",)
