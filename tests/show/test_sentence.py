"""The record in a sentence."""

from __future__ import annotations

import pytest

import x271
from normalize.documents import DAY, answer
from show.cards import ARCHIVE

ACTIVE = "EB*1**30*PR*GOLD"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("active-ppo.271", "active PPO, in-network deductible 420.55 of 1500.00 left, office copay 30.00"),
        (
            "termed-pos.271",
            "inactive POS (the plan ended before the date of service), in-network deductible 750.00; 1 finding",
        ),
        ("inactive-hmo.271", "inactive HMO"),
        ("medicaid-managed-care.271", "active Medicaid, office copay 3.00; 1 finding"),
        (
            "payer-down.271",
            "coverage unknown; rejected: Unable to Respond at Current Time (Resubmission Allowed)",
        ),
        (
            "member-not-found.271",
            "coverage unknown; rejected: Invalid/Missing Subscriber/Insured ID (Please Correct and Resubmit); "
            "Invalid/Missing Subscriber/Insured Name (Please Correct and Resubmit); Patient Birth Date Does Not "
            "Match That for the Patient on the Database (Please Correct and Resubmit)",
        ),
    ],
)
def test_a_document_comes_to_one_sentence(name: str, sentence: str) -> None:
    record = x271.normalize(ARCHIVE / name)
    assert record.summary() == sentence
    assert str(record) == sentence


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("EB*C*IND*30***23*500*****Y",), "in-network deductible 500.00"),
        (("EB*C*IND*30***29*500*****Y",), "500.00 of the in-network deductible left"),
        (
            ("EB*C*IND*30***29*0*****Y", "EB*C*IND*30***23*500*****Y"),
            "in-network deductible 0.00 of 500.00 left",
        ),
        (("EB*C*FAM*30***23*900*****Y",), "in-network family deductible 900.00"),
        # More is left than there is: the rows disagree, and the sentence does not repeat it.
        (("EB*C*IND*30***23*500*****Y", "EB*C*IND*30***29*900*****Y"), "in-network deductible 500.00"),
        (("EB*C*IND*30***23*500*****N",), ""),
        (("EB*B*IND*98***27*30*****Y", "EB*A*IND*30*****.2****Y"), "office copay 30.00"),
        (("EB*A*IND*30*****.2****Y",), "in-network co-insurance 20%"),
    ],
)
def test_money_is_said_as_far_as_it_is_known(rows: tuple[str, ...], said: str) -> None:
    record = x271.normalize(answer(ACTIVE, *rows), date_of_service=DAY)
    assert record.summary() == ", ".join(part for part in ("active PPO", said) if part)


def test_a_kind_of_plan_that_no_table_knows_is_left_out() -> None:
    assert x271.normalize(answer("EB*1**30*ZZZ"), date_of_service=DAY).summary() == "active; 1 finding"


def test_a_payer_that_is_still_looking_is_said() -> None:
    assert x271.normalize(answer("EB*5**30"), date_of_service=DAY).summary() == "active (pending)"


def test_nothing_said_is_unknown() -> None:
    assert x271.normalize(answer(), date_of_service=DAY).summary() == "coverage unknown"
