"""Numbers, rules and templates: what everything is drawn from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from x271.codes.npi import is_npi
from x271.synthetic.numbers import Numbers
from x271.synthetic.template import filled, numbered, segment, x12
from x271.synthetic.values import RULES, draw, words

TODAY = date(2024, 2, 29)
KNOWN: dict[str, Any] = {
    "today": TODAY,
    "payer.member": "M###",
    "whole": Decimal(100),
    "some": Decimal("30.25"),
    "start": date(2025, 12, 31),
}
seeds = st.integers(0, 2**64 - 1)


def drawn(rule: str, seed: int = 1) -> Any:
    made = draw("it", rule, KNOWN, Numbers(seed))
    return made.get("it", {name.removeprefix("it."): value for name, value in made.items()})


def test_the_numbers_are_those_of_splitmix64() -> None:
    """The first ones of seed 0, as they are published with the algorithm."""
    numbers = Numbers()
    assert [numbers.below(1 << 64) for _ in range(3)] == [
        0xE220A8397B1DCDAF,
        0x6E789E6AA1B965F4,
        0x06C45D188009454F,
    ]


def test_streams_of_near_keys_have_nothing_in_common() -> None:
    first = [
        Numbers(seed, number, use).below(1 << 64)
        for seed in range(9)
        for number in range(9)
        for use in range(3)
    ]
    assert len(set(first)) == len(first)


@given(seeds, st.integers(1, 10**6))
def test_a_number_is_below_what_was_asked(seed: int, count: int) -> None:
    assert 0 <= Numbers(seed).below(count) < count


def test_each_number_of_a_range_comes() -> None:
    numbers = Numbers(1)
    assert {numbers.between(3, 6) for _ in range(200)} == {3, 4, 5, 6}
    assert {numbers.one("AB") for _ in range(50)} == {"A", "B"}


@given(seeds)
def test_amounts(seed: int) -> None:
    assert drawn("money 500 3000 250", seed) in {Decimal(250 * at) for at in range(2, 13)}
    assert 0 < drawn("part whole", seed) < 100
    assert drawn("part whole", seed).as_tuple().exponent == -2
    assert 3 <= drawn("count 3 5", seed) <= 5


def test_arithmetic() -> None:
    assert drawn("minus whole some") == Decimal("69.75")
    assert drawn("plus whole some") == Decimal("130.25")
    assert drawn("times whole 0.01") == Decimal(1)
    assert drawn("minus 99999.99 whole") == Decimal("99899.99")


@given(seeds)
def test_dates_are_relative_to_today(seed: int) -> None:
    assert 1 <= (TODAY - drawn("day -9 -1", seed)).days <= 9
    assert drawn("month -14 -2", seed).day == 1
    assert date(2022, 12, 1) <= drawn("month -14 -2", seed) <= date(2023, 12, 1)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("month 0 0", date(2024, 2, 1)),
        ("month -2 -2", date(2023, 12, 1)),
        ("month 11 11", date(2025, 1, 1)),
        ("month_end 0 0", date(2024, 2, 29)),
        ("month_end -12 -12", date(2023, 2, 28)),
        ("month_end 10 10", date(2024, 12, 31)),
        ("days start 1", date(2026, 1, 1)),
    ],
)
def test_months_end_where_they_end(rule: str, expected: date) -> None:
    assert drawn(rule) == expected


@given(seeds, st.integers(0, 97))
def test_a_person_has_the_age_that_was_asked_for(seed: int, age: int) -> None:
    born = drawn(f"person {age} {age}", seed)["birth"]
    had_birthday = (TODAY.month, TODAY.day) >= (born.month, born.day)
    assert TODAY.year - born.year - (not had_birthday) == age


def test_a_family_has_one_name_one_address_and_first_names_of_their_own() -> None:
    for seed in range(100):
        numbers = Numbers(seed)
        values = dict(KNOWN)
        values |= draw("sub", "person 30 50", values, numbers)
        values |= draw("dep", "person 1 17 of sub", values, numbers)
        assert values["dep.last"] == values["sub.last"]
        assert values["dep.line"] == values["sub.line"]
        assert values["dep.first"] != values["sub.first"]


def test_a_doctor_has_an_npi() -> None:
    assert is_npi(drawn("doctor")["npi"])
    assert is_npi(drawn("organization clinics")["npi"])


def test_lists_and_patterns() -> None:
    assert drawn("pick A | B C") in ("A", "B C")
    assert drawn("digits X##") == f"X{int(drawn('digits X##')[1:]):02}"
    assert "#" not in drawn("number groups")
    assert drawn("from employers") in words()["employers"]
    assert {"name", "id", "member", "phone", "city"} <= set(drawn("from commercial"))


def test_every_rule_says_how_it_is_written() -> None:
    for word, rule in RULES.items():
        assert rule.__doc__ is not None
        assert rule.__doc__.startswith(f"`{word}")


def test_words_fit_into_elements() -> None:
    """No delimiters, capital letters, and no longer than a name may be."""

    def texts(value: Any) -> list[str]:
        if isinstance(value, str):
            return [value]
        inside = value.values() if isinstance(value, dict) else value
        return [text for one in inside for text in texts(one)]

    for text in texts(words()):
        assert text == text.upper()
        assert not set(text) & set("*~^:\n\t")
        assert len(text) <= 60


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1500.00"), "1500"),
        (Decimal("420.50"), "420.5"),
        (Decimal("0.20"), ".2"),
        (Decimal("1.00"), "1"),
        (Decimal(0), "0"),
        (Decimal("0.00"), "0"),
        (Decimal(100), "100"),
        (date(2026, 1, 2), "20260102"),
        (7, "7"),
        ("TEXT", "TEXT"),
    ],
)
def test_values_are_written_as_elements(value: Any, written: str) -> None:
    assert x12(value) == written


def test_a_segment_ends_with_its_last_element() -> None:
    assert segment("NM1*IL*1*{a.b}*{c}**", {"a.b": "100%", "c": ""}) == "NM1*IL*1*100%"


def test_levels_are_counted() -> None:
    lines = ["HL*20", "A", "HL*21", "HL*22", "HL*23", "HL*23", "HL*22", "HL*20", "HL*22"]
    assert list(numbered(lines)) == [
        "HL*1**20*1",
        "A",
        "HL*2*1*21*1",
        "HL*3*2*22*1",
        "HL*4*3*23*0",
        "HL*5*3*23*0",
        "HL*6*2*22*0",
        "HL*7**20*1",
        "HL*8*7*22*0",
    ]


def test_what_is_expected_keeps_its_type() -> None:
    values = {"amount": Decimal("1.5"), "name": "X"}
    assert filled("{amount}", values) == Decimal("1.5")
    assert filled("{name} {amount}", values) == "X 1.5"
    assert filled([{"a": "{amount}"}, True, 3], values) == ({"a": Decimal("1.5")}, True, 3)
