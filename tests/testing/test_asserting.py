"""`assert_same_record`: which fields differ, why, and nothing of a patient's unless it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import x271
from drawn import answers
from show.cards import DAY, PLANTED, SHOWN_DAY, flooded, planted
from variants import BASE, VARIANTS
from x12 import ACTIVE, FIXTURES, answer, written
from x271.forms import to_json, to_xml
from x271.testing import assert_same_record
from x271.testing.comparing import differences
from x271.testing.showing import shown

PPO = FIXTURES / "archive" / "active-ppo.271"
DATA = PPO.read_bytes()


def message(a: Any, b: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as raised:
        assert_same_record(a, b, **options)
    return str(raised.value)


def test_a_record_is_the_same_as_itself_in_whatever_form_it_comes() -> None:
    record = x271.normalize(DATA)
    for other in (record, DATA, PPO, DATA.decode(), to_xml(DATA), to_json(DATA)):
        assert_same_record(record, other)
        assert_same_record(other, record)


@given(answers())
def test_any_record_is_the_same_after_its_json(data: bytes) -> None:
    for record in x271.normalize_all(data):
        loaded = x271.Eligibility.model_validate_json(record.model_dump_json())
        assert_same_record(record, loaded, places=True)


def test_an_amount_is_named_by_its_path_with_both_reasons() -> None:
    text = message(DATA, DATA.replace(b"EB*C*IND*30***23*1500*", b"EB*C*IND*30***23*1000*"))
    assert text.split("\n") == [
        "the records differ in 2 fields",
        "  deductible.individual.in_network.total: 1500.00 -> 1000.00",
        "      both   Of the rows that fit the field, the best by the order of preference: it gives the year's total.",
        "      first  from EB07, segment 27, byte 932, loop 2110C",
        "      second from EB07, segment 27, byte 932, loop 2110C",
        "  benefits[12].amount: 1500.00 -> 1000.00",
        "      first  at loop 271/2000A/2000B/2000C/2100C/2110C[2], segment 27, byte offset 932",
        "      second at loop 271/2000A/2000B/2000C/2100C/2110C[2], segment 27, byte offset 932",
        "  (values that may identify a person are not shown; values=True shows them)",
    ]


def test_two_rules_are_told_apart() -> None:
    text = message(DATA, DATA.replace(b"EB*1*FAM", b"EB*6*FAM"))
    assert "  coverage: active -> inactive\n" in text
    assert "  status.description: Active Coverage -> Inactive\n" in text


def test_a_row_that_only_one_has_does_not_move_the_others() -> None:
    first = written(answer(ACTIVE, "EB*B**98***27*20*****Y", "EB*B**UC***27*50*****Y"))
    second = written(answer(ACTIVE, "EB*B**UC***27*50*****Y"))
    text = message(first, second, ignore="copay")
    assert "  benefits[1]: only in the first: Benefit(information='Co-Payment', service_type='98'" in text
    assert text.startswith("the records differ in 1 field\n")
    assert "only in the second" in message(second, first, ignore="copay")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("DOE*JANE", "DOE*JANET", "subscriber.first_name: 4 characters -> 5 characters, from character 5 on"),
        ("DOE*JANE", "Doe*JANE", "subscriber.last_name: 3 characters -> 3 characters, only in case"),
        ("DOE*JANE", "D OE*JANE", "subscriber.last_name: 3 characters -> 4 characters, only in blanks"),
        ("DOE*JANE", "DOE", "subscriber.first_name: 4 characters -> empty"),
        ("19800101", "19800201", "subscriber.birth_date: a date -> 31 days later"),
        ("19800101", "19791231", "subscriber.birth_date: a date -> 1 day earlier"),
        ("19800101", "", "subscriber.birth_date: a date -> none"),
        ("*PR*GOLD", "*PR*SILVER", "plan_description: 4 characters -> 6 characters, from character 1 on"),
        ("*PR*GOLD", "*HM*GOLD", "plan_type.code: PR -> HM"),
        ("*PR*GOLD", "*QQ*GOLD", "plan_type.code: PR -> 2 characters, from character 1 on"),
    ],
)
def test_what_may_identify_is_told_only_by_how_it_differs(old: str, new: str, expected: str) -> None:
    data = written(answer(ACTIVE))
    other = data.decode().replace(old, new).encode()
    assert f"  {expected}\n" in message(data, other)


def test_a_different_day_of_service_is_named_by_the_distance() -> None:
    one = x271.normalize(DATA, date_of_service="2026-11-19")
    other = x271.normalize(DATA, date_of_service="2026-11-21")
    assert "date_of_service: a date -> 2 days later" in message(one, other)
    assert_same_record(DATA, DATA, date_of_service="2026-11-19")


def test_values_are_shown_to_whoever_asks() -> None:
    data = written(answer(ACTIVE))
    text = message(data, data.replace(b"DOE*JANE", b"ROE*JANE"), values=True)
    assert "  subscriber.last_name: DOE -> ROE\n" in text
    assert "NM103, segment 11, byte" in text
    assert ": NM1*IL*1*DOE*JANE****MI*W100\n" in text
    assert "may identify" not in text


def test_paths_can_be_left_out_with_all_below_them() -> None:
    other = DATA.replace(b"EB*C*IND*30***23*1500*", b"EB*C*IND*30***23*1000*")
    assert_same_record(DATA, other, ignore=("deductible", "benefits"))
    assert_same_record(DATA, other, ignore=["deductible.individual", "benefits[12]"])
    assert "deductible" not in message(DATA, other, ignore="deductible")
    assert "benefits[12]" in message(DATA, other, ignore="benefits[1]")


def test_places_count_only_if_they_are_asked_for() -> None:
    moved = DATA.replace(b"~", b"~\n")
    assert_same_record(DATA, moved)
    assert "benefits[0].position.offset: " in message(DATA, moved, places=True)


def test_a_record_that_was_loaded_has_no_reasons_and_is_compared_all_the_same() -> None:
    loaded = x271.Eligibility.model_validate_json(x271.normalize(DATA).model_dump_json())
    text = message(loaded, DATA.replace(b"EB*1*FAM", b"EB*6*FAM"))
    assert "  coverage: active -> inactive\n      second A status of the plan decides" in text


def test_what_cannot_be_read_is_an_error_of_ours() -> None:
    with pytest.raises(x271.DataError):
        assert_same_record(DATA, b"nothing of the kind")
    with pytest.raises(x271.SeveralPatients):
        assert_same_record(DATA, VARIANTS["two-subscribers"].data)


def test_hundreds_of_differences_are_not_all_listed() -> None:
    text = message(DATA, FIXTURES / "archive" / "inactive-hmo.271")
    assert "  ... and " in text
    assert len(text.split("\n")) < 250


@pytest.mark.parametrize("path", sorted((FIXTURES / "archive").glob("*.271")), ids=lambda path: path.name)
def test_no_message_says_what_an_element_says(path: Path) -> None:
    """Against another answer, so that every field differs; both are full of a token."""
    base = (
        planted(BASE.read_bytes())
        .replace(PLANTED.encode(), PLANTED.encode() + b"2")
        .replace(b"1937", b"1938")
    )
    for record in x271.normalize_all(planted(path.read_bytes())):
        for first, second in ((record, x271.normalize(base)), (x271.Eligibility(), record)):
            text = message(first, second, places=True)
            assert not [secret for secret in (PLANTED, DAY, SHOWN_DAY, "1937", "1938") if secret in text]


@pytest.mark.parametrize("path", sorted((FIXTURES / "archive").glob("*.271")), ids=lambda path: path.name)
def test_a_code_that_no_table_knows_is_not_said_either(path: Path) -> None:
    for data in flooded(path.read_bytes()):
        for record in x271.normalize_all(data):
            for first, second in ((record, x271.Eligibility()), (x271.Eligibility(), record)):
                for one in differences(first, second, places=True):
                    assert PLANTED not in one.path + shown(one)
