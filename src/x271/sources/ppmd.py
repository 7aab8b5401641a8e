"""One AdvancedMD answer (`PPMDResults`) of a tree, made a `Source`; the tree is of XML or of its JSON twin.

The core has the rules: where an answer stands, what a name means, the envelope and the delimiters around it.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ..errors import AnswerPending, DataError, LimitExceeded, MalformedText, UsageError, VendorFault
from . import results
from .limits import Limits
from .source import Source

if TYPE_CHECKING:
    from .. import _core

At = tuple[int | None, int | None, int]  # what PPMDResults and Results are, and where the segments are
_REJECTED = ("2", "3")


def source(
    tree: _core.Tree, answer: At, *, original: bytes | None, limits: Limits, depth: int | None
) -> Source | None:
    """The answer as X12 with what the vendor says around it, or None if it is no answer at all.

    `depth` is how many levels of JSON may still come; None for XML, whose depth is known to be in the limits.

    Raises:
        VendorFault: there is no segment, and a fault or a status of 2 (rejected) or 3 (error).
        AnswerPending: there is no segment and no fault.
        LimitExceeded: `TOO_DEEP`, `TOO_LARGE`.
        MalformedText: `MALFORMED_JSON` if the values leave no delimiter.
        UsageError: `BAD_INPUT_TYPE` for a value that JSON does not have.
    """
    from .. import _core

    levels = limits.max_depth + 1 if depth is None else max(depth, 0)
    problem = None
    try:
        x12, lines, sent = tree.make(answer, levels, limits.max_bytes)
    except _core.Unreadable as error:
        problem = refusal(error)
    if problem is not None:
        raise problem
    said = None if sent is None else results.Said(*sent)
    if x12 is None:
        if said is None:
            return None
        raise _without_segments(results.read(said))
    return Source(
        x12=x12,
        form="json" if lines is None else "xml",
        said=said,
        lines=None if lines is None else array("I", lines),
        original=original,
    )


def refusal(error: _core.Unreadable) -> DataError | UsageError:
    """What the core refused, as an error of ours."""
    code, detail = error.args
    if code == "BAD_INPUT_TYPE":
        return UsageError(code, detail=detail)
    return MalformedText(code, detail=detail) if detail else LimitExceeded(code)


def _without_segments(said: results.Results) -> DataError:
    if said.fault is not None:
        return VendorFault(fault_code=said.fault.code, description=said.fault.description)
    if said.eligibility_status_id.strip() in _REJECTED:
        return VendorFault()
    return AnswerPending(eligibility_id=said.eligibility_id, status_id=said.eligibility_status_id)
