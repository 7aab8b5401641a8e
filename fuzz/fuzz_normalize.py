"""Any bytes give records that are the same each time, in pieces and after JSON, or are refused by an error of ours.

Each patient is a row of the table, too, every field is explained, and no text of ours says what the document says.
"""

from __future__ import annotations

import io
from typing import Any

from _mutate import by_form
from _run import run, silent, told

import x271
from x271 import Eligibility
from x271._reading import Question
from x271.normalize.explanation import field_names
from x271.sources import Limits
from x271.sources.given import recognize
from x271.sources.pieces import pieces

_QUESTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"date_of_service": "2026-07-01"},
    {"date_of_service": "2020-01-01/2030-12-31", "service_types": ("98", "35")},
    {"trace": "T1"},
    {"service_types": ()},
)
_MOST = 5  # patients that are looked at closely


def check(data: bytes) -> None:
    question = _QUESTIONS[len(data) % len(_QUESTIONS)]
    try:
        records = x271.normalize_all(data, **question)
    except x271.X271Error as error:
        told(error, data)
        return
    assert records == x271.normalize_all(data, **question)
    for record in records[:_MOST]:
        looked_at(record, data)
    if not question:
        assert _rows(data) >= len(records)
        in_pieces(records, data)


def looked_at(record: Eligibility, data: bytes) -> None:
    text = record.model_dump_json()
    assert Eligibility.model_validate_json(text).model_dump_json() == text
    assert len(record.to_integrex()) == 74
    assert record.to_vsee_insurance()
    assert record.to_verifytreatment()
    silent(data, repr(record), *map(str, record.findings), *map(repr, record.benefits))
    for field in field_names()[len(data) % 7 :: 7]:
        made = record.explain(field)
        silent(data, repr(made))
        assert str(made)


def _rows(data: bytes) -> int:
    found = x271.tables(data, only="eligibility", on_error=lambda _name, error: told(error, data))
    return sum(batch.num_rows for batch in found.eligibility)


def in_pieces(records: list[Eligibility], data: bytes) -> None:
    """A patient of a piece differs from the same in the whole in findings about what stands behind the piece."""
    if recognize(data, limits=Limits()).form != "x12" or recognize(data, limits=Limits()).text is not data:
        return
    question = Question.of()
    found = []
    for piece in pieces(io.BytesIO(data), size=300):
        read = piece.read()
        made, _ = read.records(question.orders, question.day, question.until, ["30"], None)
        found += [Eligibility._of(one, ("30",), None, None) for one in made]
    assert [_meant(one) for one in found] == [_meant(one) for one in records]


def _meant(record: Eligibility) -> dict[str, Any]:
    return record.model_dump(exclude={"findings"})


if __name__ == "__main__":
    run(check, by_form)
