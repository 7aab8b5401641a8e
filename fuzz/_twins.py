"""What the readers of XML and JSON must have in common with lxml and Python's own, and the forms with each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from _run import told

import x271
from x271 import _core, findings
from x271.errors import DataError, X271Error
from x271.grammar.compiled import engine
from x271.forms import to_dict, to_json, to_x12, to_xml
from x271.sources import Limits, Source, json_text, load, load_all, twin, xml


@contextmanager
def _without_ours() -> Iterator[None]:
    """Leaves all reading to lxml and to Python's `json`."""
    kept = xml.tree, json_text._tree

    def tree(text: bytes, *, limits: Limits) -> _core.Tree:
        return xml.by_lxml(xml.utf8(text), limits=limits)

    xml.tree, json_text._tree = tree, json_text.by_python
    try:
        yield
    finally:
        xml.tree, json_text._tree = kept


def _outcome(data: bytes) -> list[Any]:
    found: list[Any] = []
    try:
        for one in load_all(data):
            found.append(
                _said(one, data) if isinstance(one, DataError) else (one, one.results, one.has_fault)
            )
    except X271Error as error:
        found.append(("raised", _said(error, data)))
    return found


def _said(error: X271Error, data: bytes) -> tuple[object, ...]:
    told(error, data)
    kept = ("fault_code", "description", "eligibility_id", "status_id")
    return (error.code, str(error.position), error.detail, *(getattr(error, name, None) for name in kept))


def read_alike(data: bytes) -> None:
    """The core's reader and the full parser find the same answers, faults and places; the X12 is of a bounded size."""
    ours = _outcome(data)
    with _without_ours():
        assert ours == _outcome(data)
    for one in ours:
        if isinstance(one[0], Source):
            assert len(one[0].x12) <= 2000 + 120 * len(data)


def mean_alike(data: bytes) -> None:
    """XML, JSON and X12 made of `PPMDResults` in either form lose no segment, and in the same order give its record.

    JSON has elements of one name together, so the order may be another. X12 in a record is left out, since of a damaged
    envelope XML and JSON make a whole one; and so is JSON that XML does not give back (an empty object, say).
    """
    try:
        source = load(data)
        if source.form == "x12":
            return
        meant = _meant(data)
        forms = to_xml(data), to_json(data), to_x12(data)
        if _undeclared(twin.to_dict(forms[0])) != _undeclared(to_dict(data)):
            return
    except X271Error as error:
        told(error, data)
        return
    segments = _segments(source.x12)
    for form in forms:
        again = _segments(load(form).x12)
        assert sorted(again) == sorted(segments)
        assert again != segments or _meant(form) == meant


def _segments(x12: bytes) -> list[tuple[str, ...]]:
    """Without the envelope, where counts and delimiters stand."""
    found = [elements for _, _, elements in engine().read(x12).segments()]
    return [elements for elements in found if elements[0] not in ("ISA", "GS", "ST", "SE", "GE", "IEA")]


def _undeclared(document: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if name != "?xml"}


def _meant(data: bytes) -> list[dict[str, Any]]:
    around = {code for code, row in findings.catalogue().items() if row["area"] in ("envelope", "version")}
    around.add("VENDOR_FAULT")  # X12 has no place for it
    made = []
    for record in x271.normalize_all(data):
        dumped = _without_places(record.model_dump(mode="json"))
        dumped["findings"] = [one for one in dumped["findings"] if one["code"] not in around]
        made.append(dumped)
    return made


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        dropped = (
            "position",
            "positions",
            "others",
            "results",
            "segments",
            "offset",
            "eligibility_id",
            "source",
        )
        return {name: _without_places(one) for name, one in value.items() if name not in dropped}
    return [_without_places(one) for one in value] if isinstance(value, list) else value
