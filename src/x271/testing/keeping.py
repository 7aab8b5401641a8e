"""What must stay the same of a document: written again, in another form, with other delimiters, in pieces, read twice.

Each check gives the places where that is not so, never with a value.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from .. import api, forms
from .._reading import Question
from ..errors import DataError, X271Error
from ..findings import catalogue
from ..normalize.benefits import Benefit
from ..normalize.eligibility import Eligibility
from ..sources.pieces import pieces
from .comparing import differences
from .separating import oddly_separated, separated_otherwise
from .subject import Subject, attempt

_ENVELOPE = (
    "envelope",
    "version",
)  # areas of findings; XML and JSON have no envelope, and their reader makes one
_TEXTS = frozenset({"MSG", "N3", "NM1", "PER", "REF"})  # where a delimiter may well be text
_PIECE = 300  # bytes, so that even a short document has several


def written(subject: Subject) -> Iterator[str]:
    """`parse(data).to_x12()` is the input, or of XML and JSON something that is read as the same."""
    document = subject.document
    if isinstance(document, X271Error):
        return
    made = document.to_x12()
    if subject.x12 is not None:
        if made != subject.x12:
            yield f"byte {_first_difference(made, subject.x12)}"
        return
    again = api.parse(made)
    if again.to_x12() != made:
        yield "the X12 that was made of it is not written as it was read"
    for at, (one, other) in enumerate(zip(document.groups, again.groups, strict=False)):
        for found in differences(one, other):
            yield f"groups[{at}].{found.path}"
    if len(document.groups) != len(again.groups):
        yield f"{len(document.groups)} groups, and {len(again.groups)} of the X12 that was made of it"


def in_each_form(subject: Subject) -> Iterator[str]:
    """The record is that of the document as X12, XML and JSON, where it can be these."""
    # A delimiter within a simple element is text in XML, so what is found about it differs.
    left_out = ("findings",) if any(oddly_separated(read) for read in subject.read) else ()
    for name, convert in (("X12", forms.to_x12), ("XML", forms.to_xml), ("JSON", forms.to_json)):
        made = attempt(convert, subject.data)
        if isinstance(made, X271Error) or made == subject.data:
            continue
        other = attempt(api.normalize_all, made)
        for place in same_records(subject.patients, other, left_out=left_out):
            yield f"as {name}: {place}"


def with_other_delimiters(subject: Subject) -> Iterator[str]:
    """The record is the same with delimiters that the document does not use."""
    x12 = subject.x12
    if x12 is None or len(subject.read) != 1 or oddly_separated(subject.read[0]) - _TEXTS:
        return
    other = separated_otherwise(x12, subject.read[0])
    if other is not None:
        yield from same_records(subject.patients, attempt(api.normalize_all, other))


def in_pieces(subject: Subject) -> Iterator[str]:
    """A stream's pieces give together the segments and the records of the whole."""
    x12, read = subject.x12, subject.read
    if x12 is None or len(read) != 1 or any(code == "FINDINGS_CUT" for code, *_ in read[0].findings()):
        return
    try:
        found = [piece.read() for piece in pieces(io.BytesIO(x12), size=_PIECE)]
    except DataError as error:
        yield f"refused in pieces with {error.code}"
        return
    for what in ("segments", "kinds"):
        if [one for each in found for one in getattr(each, what)()] != getattr(read[0], what)():
            yield what
    if _counted(one for each in found for one in each.findings()) != _counted(read[0].findings()):
        yield "findings"
    question = Question.of()
    asked: tuple[Any, ...] = (question.orders, None, None, ["30"], None)
    parts = [
        Eligibility._of(record, ("30",), None, None) for each in found for record in each.records(*asked)[0]
    ]
    wholes = [Eligibility._of(record, ("30",), None, None) for record in read[0].records(*asked)[0]]
    # A piece does not know what was found behind it.
    yield from same_records(wholes, parts, left_out=("findings",), places=True)


def read_twice(subject: Subject) -> Iterator[str]:
    """Reading it a second time, from a memoryview, gives the same document and the same records."""
    document = attempt(api.parse, memoryview(subject.data))
    if repr(document) != repr(subject.document) or (
        not isinstance(document, X271Error) and document != subject.document
    ):
        yield "the document"
    yield from same_records(
        subject.records, attempt(api.normalize_all, memoryview(subject.data)), places=True
    )


def same_records(
    first: list[Eligibility] | X271Error,
    second: list[Eligibility] | X271Error,
    *,
    places: bool = False,
    left_out: tuple[str, ...] = (),
) -> Iterator[str]:
    """Where two readings of one answer differ; the envelope's findings count only with `places`."""
    if isinstance(first, X271Error) or isinstance(second, X271Error):
        codes = [one.code if isinstance(one, X271Error) else "" for one in (first, second)]
        if codes[0] != codes[1] and (codes[0] or first) and (codes[1] or second):
            yield f"{codes[0] or 'read'} and {codes[1] or 'read'}"
        return
    if len(first) != len(second):
        yield f"{len(first)} records and {len(second)}"
        return
    for number, (one, other) in enumerate(zip(first, second, strict=True), start=1):
        a, b = (one, other) if places else (_meant(one), _meant(other))
        for found in differences(a, b, places=places):
            if found.path.partition("[")[0] not in left_out:
                yield f"record {number}, {found.path}"


def _meant(record: Eligibility) -> Eligibility:
    """Without the findings about what another form does not have, and blanks for the elements of a bare HSD."""
    changed: dict[str, Any] = {}
    kept = tuple(
        one
        for one in record.findings
        if catalogue()[one.code]["area"] not in _ENVELOPE and one.code != "VENDOR_FAULT"
    )
    if kept != record.findings:
        changed["findings"] = kept
    benefits = tuple(map(_delivered, record.benefits))
    if any(one is not other for one, other in zip(benefits, record.benefits, strict=True)):
        changed["benefits"] = benefits
    return record.model_copy(update=changed) if changed else record


def _delivered(benefit: Benefit) -> Benefit:
    """XML cannot show a segment without elements but by a blank one."""
    if not any(one.elements == (" ",) for one in benefit.deliveries):
        return benefit
    bare = tuple(
        one.model_copy(update={"elements": ()}) if one.elements == (" ",) else one
        for one in benefit.deliveries
    )
    return benefit.model_copy(update={"deliveries": bare})


def _counted(findings: Any) -> list[str]:
    return sorted(map(repr, findings))


def _first_difference(one: bytes, other: bytes) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
