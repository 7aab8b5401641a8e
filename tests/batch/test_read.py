"""`x271.read`: the patients of many documents."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import x271
from x271 import X271Error
from x271._reading import Question, patients
from x271.batch.read import read

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "fixtures" / "archive"
CHILD = ARCHIVE / "dependent-child.271"
BATCH = ARCHIVE / "batch-three-sets.271"


def test_a_folder_gives_the_patients_of_all_its_documents() -> None:
    records = list(read(ARCHIVE))
    one_by_one = [record for path in sorted(ARCHIVE.iterdir()) for record in x271.normalize_all(path)]
    assert len(records) == 22
    assert records == one_by_one


def test_a_text_is_a_path_or_a_glob() -> None:
    assert list(read(str(CHILD))) == x271.normalize_all(CHILD)
    assert len(list(read(str(ARCHIVE / "batch-*.271")))) == 7


def test_the_options_are_those_of_normalize() -> None:
    options: dict[str, Any] = {
        "date_of_service": "2020-01-01",
        "service_types": ["98"],
        "profile": "stated-network",
    }
    assert list(read(CHILD, **options)) == x271.normalize_all(CHILD, **options)


def test_a_trace_number_picks_its_patient() -> None:
    number = x271.normalize_all(BATCH)[2].traces[0].number
    assert list(read(BATCH, trace=number)) == x271.normalize_all(BATCH, trace=number)
    assert list(read(BATCH, trace="of nobody")) == []


def test_a_wrong_option_is_refused_at_the_call() -> None:
    with pytest.raises(x271.UsageError, match="BAD_DATE"):
        read(CHILD, date_of_service="soon")
    with pytest.raises(x271.UsageError, match="BAD_OPTION"):
        read(CHILD, service_types="30")
    with pytest.raises(x271.UsageError, match="BAD_OPTION"):
        read(CHILD, trace=1)  # type: ignore[arg-type]
    with pytest.raises(x271.UsageError, match="UNKNOWN_PROFILE"):
        read(CHILD, profile="nobody's")


def test_content_is_refused_at_the_call() -> None:
    with pytest.raises(x271.UsageError, match="BAD_INPUT_TYPE"):
        read(b"ISA*")  # type: ignore[arg-type]


def test_the_first_refusal_is_raised_with_the_name_of_its_file(tmp_path: Path) -> None:
    shutil.copy(CHILD, tmp_path / "1.271")
    (tmp_path / "2.271").write_text("ISA, but not really")
    shutil.copy(CHILD, tmp_path / "3.271")
    found = read(tmp_path)
    next(found)
    with pytest.raises(x271.UnreadableEnvelope) as caught:
        next(found)
    assert caught.value.__notes__ == [f"in {tmp_path / '2.271'}"]


def test_with_on_error_reading_goes_on(tmp_path: Path) -> None:
    shutil.copy(CHILD, tmp_path / "1.271")
    (tmp_path / "2.271").write_text("no answer")
    shutil.copy(CHILD, tmp_path / "3.271")
    met: list[tuple[str, str]] = []
    records = list(read(tmp_path, on_error=lambda name, error: met.append((name, error.code))))
    assert len(records) == 2
    assert met == [(str(tmp_path / "2.271"), "UNKNOWN_FORM")]


def test_a_file_that_is_not_there_is_an_error_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(x271.UsageError, match="UNREADABLE_FILE"):
        next(read(tmp_path / "nothere.271"))
    met: list[X271Error] = []
    assert list(read(tmp_path / "nothere.271", on_error=lambda _, error: met.append(error))) == []
    assert [error.code for error in met] == ["UNREADABLE_FILE"]


def test_an_answer_without_a_patient_gives_none_and_is_no_error() -> None:
    assert list(read(ARCHIVE / "payer-down-no-patient.271")) == []


def test_one_document_is_read_at_a_time(tmp_path: Path) -> None:
    for name in "123":
        shutil.copy(CHILD, tmp_path / name)
    found = read(tmp_path)
    next(found)
    (tmp_path / "2").write_bytes(BATCH.read_bytes())
    (tmp_path / "3").unlink()
    assert len([next(found) for _ in range(7)]) == 7  # what stands in the second file by now
    with pytest.raises(x271.UsageError, match="UNREADABLE_FILE"):
        next(found)


def test_a_bad_part_of_a_document_is_reported_though_its_other_parts_are_good() -> None:
    lines = [json.dumps({"raw_response": CHILD.read_text()}), "{broken", json.dumps({"raw_response": "ISA?"})]
    data = "\n".join(lines).encode()
    assert len(x271.normalize_all(data)) == 1  # silent about the others
    found = list(patients(data, Question.of()))
    assert [one.code if isinstance(one, X271Error) else "patient" for one in found] == [
        "patient",
        "MALFORMED_JSON",
        "BAD_ENVELOPE",
    ]


def test_an_error_keeps_no_frames_alive() -> None:
    for data in (b"<broken", b"{broken", b"ISA", b""):
        (error,) = patients(data, Question.of())
        assert isinstance(error, X271Error)
        assert error.__traceback__ is None
        assert error.__context__ is None or error.__suppress_context__
