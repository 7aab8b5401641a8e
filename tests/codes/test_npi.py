"""The check digit of the National Provider Identifier; the examples are those of CMS and of the fixtures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from x271.codes.npi import check_digit, is_npi


@pytest.mark.parametrize("value", ["1234567893", "1999999984", "2999000013"])
def test_a_right_check_digit(value: str) -> None:
    assert is_npi(value)
    assert check_digit(value[:9]) == value[9]


@pytest.mark.parametrize("value", ["1234567890", "123456789", "12345678933", "", "ABCDEFGHIJ", "\u0661234567893"])
def test_what_is_none(value: str) -> None:
    assert not is_npi(value)


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(nine: str, at: int, by: int) -> None:
    changed = nine[:at] + str((int(nine[at]) + by) % 10) + nine[at + 1 :]
    assert check_digit(changed) != check_digit(nine)
