"""What must hold of a document's de-identified twin, and of everything that is said about it unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from .. import api
from ..errors import X271Error
from ..findings import catalogue
from ..normalize.eligibility import Eligibility
from ..redaction.pseudonyms import OPEN_FROM_YEAR
from ..validation import validate
from .comparing import ABSENT, Difference, differences
from .subject import Subject, attempt

_SAME = ("coverage", "coverage_reason", "pending", "rejected", "eligibility_response")
_ENVELOPE = ("envelope", "version")  # areas of findings
_PLACES = frozenset({"line", "column"})  # XML and JSON are written anew, on other lines


def redacted(subject: Subject) -> Iterator[str]:
    """The de-identified twin gives the same records but for texts of the same shape and dates moved alike."""
    twin = subject.redacted
    if isinstance(twin, X271Error):
        return
    if subject.x12 == subject.data and len(twin) != len(subject.data):
        yield "the number of bytes"
    if isinstance(subject.document, X271Error) or any(
        catalogue()[one.code]["area"] in _ENVELOPE for one in subject.document.findings
    ):
        return  # a version or control number that is none is replaced, and the twin may be read otherwise
    after = attempt(api.normalize_all, twin)
    if isinstance(subject.records, X271Error) or isinstance(after, X271Error):
        codes = [one.code if isinstance(one, X271Error) else "read" for one in (subject.records, after)]
        if codes[0] != codes[1]:
            yield " and ".join(codes)
        return
    if len(after) != len(subject.patients):
        yield f"{len(subject.patients)} records and {len(after)}"
        return
    for number, (one, other) in enumerate(zip(subject.patients, after, strict=True), start=1):
        for path in unlike(one, other):
            yield f"record {number}, {path}"


def unlike(before: Eligibility, after: Eligibility) -> Iterator[str]:
    """The fields in which a record and that of the de-identified document differ by more than they may."""
    moved: set[timedelta] = set()
    for one in differences(before, after, places=True):
        if one.path.rpartition(".")[2] in _PLACES:
            continue
        if one.path.partition("[")[0] in _SAME or not _may_differ(one):
            yield one.path
        elif isinstance(one.before, date) and one.before.year < OPEN_FROM_YEAR:
            moved.add(one.after - one.before)
    if len(moved) > 1:
        yield "dates are not moved alike"


def _may_differ(one: Difference) -> bool:
    if one.before is ABSENT or type(one.before) is not type(one.after):
        return False
    if isinstance(one.before, str):
        return shape(one.before) == shape(one.after)
    if isinstance(one.before, dict):
        return {name: shape(str(value)) for name, value in one.before.items()} == {
            name: shape(str(value)) for name, value in one.after.items()
        }
    return isinstance(one.before, date)


def shape(text: str) -> str:
    """Which kind of character stands where; a run of digits counts once, as a day of the month may get a second."""
    ascii_only = re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"[0-9]+", "9", text)))
    return re.sub(r"[^\x00-\x7f]", "U", ascii_only)


def silent(subject: Subject) -> Iterator[str]:
    """What a record, finding or error says unasked is the same when names, numbers and dates are others."""
    twin = subject.redacted
    if isinstance(twin, X271Error):
        return
    second = Subject(twin)
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("parse", subject.document, second.document),
        ("normalize_all", subject.records, second.records),
        ("validate", attempt(validate, subject.data), attempt(validate, twin)),
    )
    for name, one, other in pairs:
        if isinstance(one, X271Error) and isinstance(other, X271Error):
            if one.code == other.code and _said(one) != _said(other):
                yield f"the error of {name}"
        elif not isinstance(one, list) and _are_alike(one, other) and _said(one) != _said(other):
            yield f"the repr and the findings of {name}"
    for number, (one, other) in enumerate(zip(subject.patients, second.patients, strict=False), start=1):
        if _are_alike(one, other) and _said(one) != _said(other):
            yield f"record {number}"


def _are_alike(one: Any, other: Any) -> bool:
    """Whether the same was found about both, by the same codes: only then can they be compared."""

    def found(made: Any) -> list[str]:
        return [each.code for name in ("findings", "rejections") for each in getattr(made, name, ())]

    return type(one) is type(other) and found(one) == found(other)


def _said(made: Any) -> str:
    """All that something says of itself, without places, and without the name of a guide."""
    said = [
        repr(made),
        str(made) if isinstance(made, X271Error) else "",
        *map(str, getattr(made, "findings", ())),
    ]
    if isinstance(made, Eligibility):
        said += [made.summary(), repr(made.benefits)]
    return re.sub(r"\b(line|column)(=| )\d+| by the guide \w+", "", "\n".join(said))
