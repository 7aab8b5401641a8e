"""Nobody's data where nobody asked: `repr`, `str`, the summary and the card that rich draws of a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from pydantic import BaseModel

import x271
from drawn import answers
from show.cards import ARCHIVE, PLANTED, SHOWN_DAY, drawn, flooded, planted
from x271.show.card import render
from x271.show.page import render as page

DOCUMENTS = sorted(path for path in ARCHIVE.iterdir() if path.suffix in {".271", ".x12"})
SECRETS = (PLANTED, SHOWN_DAY, "1937, 4, 17", "19370417")


def unasked(record: x271.Eligibility) -> str:
    """Everything that shows a record without being asked for patient data."""
    return "\n".join(
        [
            repr(record),
            str(record),
            record.summary(),
            repr(record.benefits),
            drawn(record, 80),
            drawn(record, 140),
            drawn([record]),
            page([record], patient_data=False),
        ]
    )


def models(value: Any) -> list[BaseModel]:
    """The model and all models in it."""
    if isinstance(value, BaseModel):
        return [value, *(one for _, inner in value for one in models(inner))]
    return [one for inner in value for one in models(inner)] if isinstance(value, tuple) else []


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@given(answers())
def test_no_way_to_look_at_a_record_shows_patient_data_unasked(data: bytes) -> None:
    for record in x271.normalize_all(planted(data), date_of_service="2026-11-21"):
        assert not leaks(unasked(record))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_card_shows_them_if_asked_and_only_then(path: Path) -> None:
    records = x271.normalize_all(planted(path.read_bytes()), date_of_service="2026-11-21")
    for record in records:
        assert not leaks(unasked(record))
        assert PLANTED in drawn(render(record, patient_data=True))
        assert SHOWN_DAY in drawn(render(record, patient_data=True))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_an_element_that_holds_anything_is_not_shown(path: Path) -> None:
    for data in flooded(path.read_bytes()):
        for record in x271.normalize_all(data):
            assert not leaks(unasked(record))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_model_in_a_record_or_a_document_has_it_in_its_repr(path: Path) -> None:
    data = planted(path.read_bytes())
    for record in x271.normalize_all(data, date_of_service="2026-11-21"):
        for model in models(record):
            assert not leaks(repr(model)), type(model)
    assert not leaks(repr(x271.parse(data)))
