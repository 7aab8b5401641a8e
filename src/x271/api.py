"""Reading answers: the functions of the public API that take an input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from . import sources
from ._reading import Data, Day, Question, document, patients, without_lenders
from .errors import NoPatient, SeveralPatients, X271Error
from .findings import Finding
from .normalize import profile as profiles
from .normalize.eligibility import Eligibility
from .sources import Limits, Source

if TYPE_CHECKING:
    from . import _core
    from .grammar.envelope import Interchange

_LIMITS = Limits()

__all__ = ["Data", "Day", "normalize", "normalize_all", "parse"]


def parse(data: Data, *, limits: Limits = _LIMITS) -> Interchange:
    """What an answer says: the typed, lossless interchange.

    `bytes` and `str` are content, `os.PathLike` is a file, a mapping is the JSON twin of PPMDResults. X12, XML and
    JSON are told apart by content. What is odd but readable is in `findings`. `limits` (`x271.sources.Limits`) bounds
    what is read.

    Raises:
        DataError: the input cannot be read; VendorFault and AnswerPending if the vendor gave no answer.
        UsageError: the input is of a wrong type, or the file cannot be read.
    """
    source = sources.load(data, limits=limits)
    made = _builder()(document(source, limits), source.x12, source.lines)
    results = source.results
    if results is None:
        return made
    beside = (Finding(code="VENDOR_FAULT"),) if results.fault is not None else ()
    with_results = made.model_copy(update={"results": results, "findings": (*made.findings, *beside)})
    with_results._keep(source.x12)
    return with_results


@cache
def _builder() -> Callable[[_core.Document, bytes, Any], Interchange]:
    """What makes the models, which only `parse` needs; kept, as in `_reading`."""
    from .grammar.build import interchange

    return interchange


def normalize(
    data: Data,
    *,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
    limits: Limits = _LIMITS,
) -> Eligibility:
    """What an answer means for its one patient.

    Args:
        data: as for `parse`.
        date_of_service: a date, ISO text, or an ISO range `2026-11-21/2026-11-30`; by default what the answer
            itself says (DTP*472 or DTP*291 of the patient, else BHT04).
        service_types: what was asked for (EB03 codes).
        trace: TRN02 of the question; picks its patient out of several.
        profile: orders of preference other than the standard ones: a path, a dict, or a name.
        limits: bounds for what is read (`x271.sources.Limits`).

    Raises:
        SeveralPatients: the answer has more than one patient.
        NoPatient: it has none, or none with that trace number; VendorFault and AnswerPending are such, too.
        DataError, UsageError: as for `parse`; ProfileError for a mistake in `profile`.
    """
    found = normalize_all(
        data,
        date_of_service=date_of_service,
        service_types=service_types,
        trace=trace,
        profile=profile,
        limits=limits,
    )
    if len(found) > 1:
        found = without_lenders(found)
    if len(found) > 1:
        raise SeveralPatients(count=len(found))
    if not found:
        raise nobody(data, trace, limits)
    return found[0]


def normalize_all(
    data: Data,
    *,
    date_of_service: Day = None,
    service_types: Sequence[str] = ("30",),
    trace: str | None = None,
    profile: profiles.Profile | None = None,
    limits: Limits = _LIMITS,
) -> list[Eligibility]:
    """What an answer means for each of its patients, in document order; with `trace`, for those that it names.

    Parameters and errors as for `normalize`. A list of several answers (JSON Lines, say) gives the patients of all
    of them; the first that cannot be read is raised only if no other gave a patient (`x271.read` reports each). An
    answer that names no patient gives an empty list; the NoPatient that `normalize` raises for it has its rejections.
    """
    question = Question.of(
        date_of_service=date_of_service, service_types=service_types, trace=trace, profile=profile
    )
    found: list[Eligibility] = []
    failed: X271Error | None = None
    for one in patients(data, question, limits=limits):
        if isinstance(one, X271Error):
            failed = failed or one
        else:
            found.append(one)
    if failed is not None and not found:
        raise failed
    return found


def nobody(data: Data, trace: str | None, limits: Limits = _LIMITS) -> NoPatient:
    """Why a readable input has no patient, from the input itself."""
    from .normalize.rejections import of_document

    error = NoPatient("NO_PATIENT" if trace is None else "TRACE_NOT_FOUND")
    if trace is None:
        read = [
            document(source, limits)
            for source in sources.load_all(data, limits=limits)
            if isinstance(source, Source)
        ]
        error.rejections = tuple(one for each in read for one in of_document(each))
    return error
