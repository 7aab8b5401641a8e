"""Integrex's [GET] response repeats of the question what no answer says (seed 002)."""

from __future__ import annotations

from datetime import date

import pytest

import x271
from inquiries.vendors import CONFIG, ask, example
from x12 import ACTIVE, answer, written
from x271.inquiries import integrex

ANSWER = written(answer(ACTIVE))
RECORD = x271.normalize(ANSWER)
ECHOED = ("internalAccountNumber1", "internalAccountNumber2", "beginDOS")


def echoed(fields: dict[str, str]) -> tuple[str, ...]:
    return tuple(fields[name] for name in ECHOED)


def test_the_posted_request_is_echoed() -> None:
    request = example("integrex")
    assert echoed(RECORD.to_integrex(request)) == ("ACCT1", "ACCT2", "2026-11-20")
    assert echoed(
        RECORD.to_integrex(integrex.Discovery.model_validate(request).model_dump(by_alias=True))
    ) == (
        "ACCT1",
        "ACCT2",
        "2026-11-20",
    )


def test_an_inquiry_is_echoed_as_far_as_a_270_can_say_it() -> None:
    assert echoed(RECORD.to_integrex(ask("integrex", example("integrex")))) == ("ACCT1", "", "2026-11-20")
    dependent = ask("integrex", example("integrex", subscriberFirstName="John"))
    assert echoed(RECORD.to_integrex(dependent)) == ("ACCT1", "", "2026-11-20")


def test_the_day_of_a_question_is_that_of_its_patient() -> None:
    asked = integrex.inquiry(example("integrex", beginDos=None, endDos=None), config=CONFIG)
    day = RECORD.date_of_service
    assert isinstance(day, date)
    assert RECORD.to_integrex(asked)["beginDOS"] == day.isoformat()


def test_everything_else_is_the_answers() -> None:
    plain = RECORD.to_integrex()
    asked = RECORD.to_integrex(example("integrex"), integrex_id="IX1")
    assert {name for name in plain if plain[name] != asked[name]} == {*ECHOED, "integrexId"}
    assert list(asked) == list(plain)
    assert len(asked) == 74


def test_a_given_number_goes_before_the_questions_and_that_before_the_answers() -> None:
    sent = x271.normalize(ANSWER.replace(b"DMG*D8*1980", b"REF*EJ*ANSWERED~DMG*D8*1980"))
    assert sent.to_integrex()["internalAccountNumber1"] == "ANSWERED"
    assert sent.to_integrex(example("integrex"))["internalAccountNumber1"] == "ACCT1"
    given = sent.to_integrex(
        example("integrex"), internal_account_number_1="A", internal_account_number_2="B"
    )
    assert echoed(given)[:2] == ("A", "B")
    silent = sent.to_integrex(example("integrex", internalAccountNumber1=None))
    assert silent["internalAccountNumber1"] == "ANSWERED"


def test_what_is_no_question_is_refused() -> None:
    for asked in ("W100", [1], {1: 2}):
        with pytest.raises(x271.UsageError):
            RECORD.to_integrex(asked)  # type: ignore[arg-type]
