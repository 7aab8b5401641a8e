"""One AdvancedMD answer (`PPMDResults`), as XML or as its JSON twin, made a `Source`.

Only the sample shows that XML, so nothing hangs on the names of its wrappers: an answer is what stands in a
`PPMDResults`, or failing that in the document, and its segments are found by the names of attributes alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from ..errors import AnswerPending, DataError, LimitExceeded, MalformedText, VendorFault
from . import results
from .delimiters import NoDelimiterError, write
from .envelope import Envelope
from .json_values import listed, pairs
from .limits import Limits
from .segments import Segments, from_json, from_xml
from .source import Source
from .xml import attributes, local, named

if TYPE_CHECKING:
    from lxml import etree

Node = Mapping[str, object]
_REJECTED = ("2", "3")
_MARKS = ("@success", "@eligibilityid", "@eligibilitystatusid")  # of a `Results` that stands alone


class Answer(NamedTuple):
    """One answer of a document: what `PPMDResults` and `Results` say, and where its segments are."""

    outer: Node
    inner: Node | None
    body: etree._Element | Node


def in_xml(root: etree._Element) -> Iterator[Answer]:
    """The answers of an XML document: each `PPMDResults`, or each of its `Results` if it has several."""
    found = [root] if named(root.tag, "ppmdresults") else []
    found = found or [one for one in root.iter() if named(one.tag, "ppmdresults") and not _is_inside(one)]
    if not found:
        head = _head(root)
        yield Answer({}, head if named(root.tag, "results") and _is_results(head) else None, root)
    for outer in found:
        inner = [child for child in outer if named(child.tag, "results")]
        if not inner:
            yield Answer(_head(outer), None, outer)
        for one in inner:
            yield Answer(_head(outer), _head(one), one if len(inner) > 1 else outer)


def in_json(value: object) -> Iterator[Answer]:
    """The answers of what stands under `PPMDResults` in JSON: an object or a list of them."""
    for outer in filter(_is_object, listed(value)):
        inner = _inner(outer)
        if not inner:
            yield Answer(outer, None, outer)
        for one in inner:
            yield Answer(outer, one, one if len(inner) > 1 else outer)


def unnamed_in_json(record: Node) -> Iterator[Answer]:
    """The answers of a record without `PPMDResults`: what its `Results` say, or else its segments alone."""
    if any(map(_is_results, _inner(record))):
        return in_json(record)
    return iter((Answer({}, None, record),))


def source(answer: Answer, *, original: bytes | None, limits: Limits, depth: int) -> Source | None:
    """The answer as X12 with what the vendor says around it, or None if it is no answer at all.

    `depth` is how many levels of JSON may still come.

    Raises:
        VendorFault: there is no segment, and a fault or a status of 2 (rejected) or 3 (error).
        AnswerPending: there is no segment and no fault.
        LimitExceeded: `TOO_DEEP`, `TOO_LARGE`.
        MalformedText: `MALFORMED_JSON` if the values leave no delimiter.
    """
    is_xml = not isinstance(answer.body, Mapping)
    found = from_json(answer.body, depth=depth) if isinstance(answer.body, Mapping) else from_xml(answer.body)
    said = results.read(answer.outer, answer.inner)
    if not found.items:
        if said is None:
            return None
        raise _without_segments(said)
    x12, lines = _x12(found)
    if len(x12) > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    return Source(
        x12=x12,
        form="xml" if is_xml else "json",
        results=said,
        lines=array("I", lines) if is_xml else None,
        original=original,
    )


def _x12(found: Segments) -> tuple[bytes, list[int]]:
    envelope = Envelope(found)
    try:
        return write(envelope), envelope.lines
    except NoDelimiterError:
        pass
    raise MalformedText("MALFORMED_JSON", detail="its values leave no character to delimit segments with")


def _without_segments(said: results.Results) -> DataError:
    if said.fault is not None:
        return VendorFault(fault_code=said.fault.code, description=said.fault.description)
    if said.eligibility_status_id.strip() in _REJECTED:
        return VendorFault()
    return AnswerPending(eligibility_id=said.eligibility_id, status_id=said.eligibility_status_id)


def _head(element: etree._Element, *, everything: bool = False) -> dict[str, object]:
    """Attributes and `Error` of an element as the JSON twin has them, and all that is below an `Error`."""
    head: dict[str, object] = {f"@{name}": value for name, value in attributes(element)}
    for child in element:
        if everything or named(child.tag, "error"):
            several = head.setdefault(local(child.tag), [])
            several += [_head(child, everything=True)]  # type: ignore[operator]  # ours: attributes start with @
    if everything and element.text:
        head["#text"] = element.text
    return head


def _inner(outer: Node) -> list[Node]:
    """The objects that stand under `Results`."""
    values = (value for name, value in pairs(outer) if named(name, "results"))
    return [one for value in values for one in listed(value) if _is_object(one)]


def _is_results(node: Node) -> bool:
    return any(name.lower() in _MARKS for name, _ in pairs(node))


def _is_inside(element: etree._Element) -> bool:
    return any(named(above.tag, "ppmdresults") for above in element.iterancestors())


def _is_object(value: object) -> TypeGuard[Node]:
    return isinstance(value, Mapping)
