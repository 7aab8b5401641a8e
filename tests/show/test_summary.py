"""The closing summary of a run."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

import x271
from x271.batch.tally import Tally
from x271.show.summary import render

ARCHIVE = Path(__file__).parents[2] / "fixtures" / "archive"


def drawn(tally: Tally, *, asked_trace: bool = False) -> dict[str, str]:
    console = Console(file=io.StringIO(), width=100)
    console.print(render(tally, asked_trace=asked_trace))
    assert isinstance(console.file, io.StringIO)
    lines = (line.strip().rsplit(maxsplit=1) for line in console.file.getvalue().splitlines() if line.strip())
    return {what: count for what, count in lines}  # noqa: C416  # two words by then


def test_an_empty_run_shows_zeros() -> None:
    assert drawn(Tally()) == {"Documents": "0", "Patients": "0"}


def test_a_document_is_counted_by_what_came_out_of_it() -> None:
    tally = Tally()
    for patients, errors in ((1, 0), (0, 0), (0, 2), (3, 1)):
        tally.document(patients, errors)
    assert drawn(tally) == {
        "Documents": "4",
        "no patient in it": "1",
        "read in part": "1",
        "refused": "1",
        "Patients": "0",
    }


def test_with_a_trace_number_documents_without_its_patient_are_named_so() -> None:
    tally = Tally()
    tally.document(0, 0)
    assert drawn(tally, asked_trace=True)["no patient with that trace number"] == "1"


def test_rejected_patients_count_under_their_reason() -> None:
    tally = Tally()
    tally.patient(x271.normalize(ARCHIVE / "payer-down.271"))
    tally.patient(x271.normalize(ARCHIVE / "active-ppo.271"))
    shown = drawn(tally)
    assert shown["Rejections"] == "1"
    assert shown["Unable to respond at current time."] == "1"
    assert shown["coverage active"] == shown["coverage unknown"] == "1"


def test_of_many_reasons_the_most_frequent_are_shown_and_the_rest_summed_up() -> None:
    tally = Tally()
    for number in range(12):
        tally.reasons[f"reason {number}"] = 100 - number
    shown = drawn(tally)
    assert shown["reason 7"] == "93"
    assert "reason 8" not in shown
    assert shown["other reasons"] == str(92 + 91 + 90 + 89)


def test_refusals_are_shown_by_code_with_their_meaning() -> None:
    tally = Tally()
    for _ in range(1200):
        tally.error(x271.DataError("EMPTY_INPUT"))
    assert drawn(tally)["EMPTY_INPUT: the input is empty"] == "1,200"
