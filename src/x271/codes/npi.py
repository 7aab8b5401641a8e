"""The National Provider Identifier: ten digits, the last the Luhn check digit (CMS; ISO 7812 with 80840 in front)."""

from __future__ import annotations

_PREFIX = "80840"  # of the United States' health applications


def check_digit(nine: str) -> str:
    """The tenth digit that belongs to the first nine; empty if they are not nine digits."""
    if not (len(nine) == 9 and nine.isascii() and nine.isdigit()):
        return ""
    digits = [int(one) for one in reversed(_PREFIX + nine)]
    doubled = (sum(divmod(2 * one, 10)) for one in digits[::2])
    return str(-(sum(digits[1::2]) + sum(doubled)) % 10)


def is_npi(value: str) -> bool:
    """Whether the value can be a National Provider Identifier."""
    return len(value) == 10 and value[9] == check_digit(value[:9])
