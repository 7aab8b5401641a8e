"""What must hold of the records that a document gives, and of what is made of them.

Each check gives the places where it does not hold, never with a value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from .. import api, forms
from ..errors import X271Error
from ..normalize.eligibility import Eligibility
from ..normalize.explanation import OWN_FIELDS, field_names
from ..tables import tables_of
from ..validation import read_acknowledgment, validate
from .cells import rows_of, unlike
from .comparing import differences
from .subject import Subject, attempt

_READERS: dict[str, Callable[[bytes], Any]] = {
    "parse": api.parse,
    "normalize": api.normalize,
    "normalize_all": api.normalize_all,
    "tables": tables_of,
    "validate": validate,
    "to_x12": forms.to_x12,
    "to_xml": forms.to_xml,
    "to_json": forms.to_json,
}


def read_or_refused(subject: Subject) -> Iterator[str]:
    """Every function gives a result or an `X271Error` whose text begins with its code. (Others are told elsewhere.)"""
    outcomes = [(name, attempt(function, subject.data)) for name, function in _READERS.items()]
    for name, made in [*outcomes, ("redact", subject.redacted)]:
        if isinstance(made, X271Error) and not str(made).startswith(f"{made.code}: "):
            yield name
    if not isinstance(subject.document, X271Error):
        subject.document.model_dump_json()


def as_json(subject: Subject) -> Iterator[str]:
    """A record is the same again from its JSON, and the document's JSON is JSON."""
    yield from _of_records(subject, json_of)
    if not isinstance(subject.document, X271Error):
        json.loads(subject.document.model_dump_json())


def in_shapes(subject: Subject) -> Iterator[str]:
    """74 texts for Integrex; what VSee and VerifyTreatment get is JSON."""
    yield from _of_records(subject, shapes_of)


def explained(subject: Subject) -> Iterator[str]:
    """Every field can be explained; the explanation's value is the field's, and it names a rule and places."""
    yield from _of_records(subject, explanations_of)


def _of_records(subject: Subject, check: Callable[[Eligibility], Iterator[str]]) -> Iterator[str]:
    for number, record in enumerate(subject.patients, start=1):
        for place in check(record):
            yield f"record {number}, {place}"


def json_of(record: Eligibility) -> Iterator[str]:
    """The fields of a record that its JSON does not keep."""
    again = Eligibility.model_validate_json(record.model_dump_json())
    for found in differences(record, again, places=True):
        yield found.path


def shapes_of(record: Eligibility) -> Iterator[str]:
    """The shapes of a record that are incomplete or no JSON."""
    fields = record.to_integrex()
    if len(fields) != 74 or not all(isinstance(value, str) for value in fields.values()):
        yield "to_integrex"
    known: Any = {"event_id": "e", "account_code": "a", "eligibility_id": "1", "member_id": "1"}
    made: list[tuple[str, Any]] = [
        ("to_vsee_insurance", record.to_vsee_insurance(eligibility_id="1", last_checked=0)),
        ("to_vsee_webhook", record.to_vsee_webhook(**known, external_member_id="1", created=0)),
        ("to_verifytreatment", record.to_verifytreatment()),
    ]
    for name, shape in made:
        if json.loads(json.dumps(shape)) != shape:
            yield name


def explanations_of(record: Eligibility) -> Iterator[str]:
    """The fields of a record whose explanation is another value's, or says nothing."""
    values = record.to_integrex()
    for field in field_names():
        value = str(getattr(record, field)) if field in OWN_FIELDS else values[field]
        explanation = record.explain(field)
        is_placed = all(at.segment >= 1 and at.offset >= 0 for at in explanation.sources)
        if explanation.value != value or not explanation.rule_text or not is_placed:
            yield field


def in_tables(subject: Subject) -> Iterator[str]:
    """The tables have a row for each patient, benefit, rejection and finding; with pyarrow, every cell is compared."""
    tables = attempt(tables_of, subject.data)
    if isinstance(tables, X271Error) or isinstance(subject.records, X271Error):
        return
    expected = {
        "eligibility": len(subject.patients),
        "benefits": sum(len(one.benefits) for one in subject.patients),
        "rejections": sum(len(one.rejections) for one in subject.patients),
        "findings": sum(len(one.findings) for one in subject.patients),
    }
    for name, count in expected.items():
        rows = tables[name].num_rows
        # What is rejected or odd about an answer without a patient has rows, too.
        if rows < count or (rows > count and name in ("eligibility", "benefits")):
            yield f"{name}: {rows} rows for {count}"
    if find_spec("pyarrow") is not None:
        yield from unlike(rows_of([tables]), subject.patients)


def acknowledged(subject: Subject) -> Iterator[str]:
    """The TA1 and the 999 that answer it are themselves valid, and are read as what they answer."""
    report = attempt(validate, subject.data)
    if isinstance(report, X271Error):
        return
    for name, made in (("TA1", report.ta1()), ("999", report.ack_999())):
        if not made:
            continue
        for one in validate(made).findings:
            yield f"{name}: {one.code}"
        read_acknowledgment(made)
