"""The values of a story: what a rule such as `money 500 3000 250` draws.

A rule is a word and what it needs; `RULES` has them all. Names of values have points: a person `sub` is `sub.last`,
`sub.first` and so on. What is drawn depends on the stream, on the day and on what was drawn before, on nothing else.
"""

from __future__ import annotations

import tomllib
from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from .._tables import read_text
from ..codes.npi import check_digit
from .numbers import Numbers

Values = dict[str, Any]
_CENT = Decimal("0.01")


@cache
def words() -> Mapping[str, Any]:
    """`words.toml`; lists that stand there as one text are cut at commas, or at blanks where there are none."""
    read = tomllib.loads(read_text("synthetic/words.toml"))
    return {name: _cut(value) if isinstance(value, str) else value for name, value in read.items()}


def _cut(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()] if "," in text else text.split()


def draw(name: str, rule: str, values: Values, numbers: Numbers) -> Values:
    """What the rule draws under the name."""
    word, _, needs = rule.partition(" ")
    drawn = RULES[word](needs, values, numbers)
    if isinstance(drawn, dict):
        return {f"{name}.{part}": value for part, value in drawn.items()}
    return {name: drawn}


@cache
def _integers(needs: str) -> tuple[int, ...]:
    return tuple(map(int, needs.split()))


@cache
def _choices(needs: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in needs.split("|"))


def known(name: str, values: Values) -> Any:
    """A value of a rule: a number that is written there, or what was drawn under the name."""
    return values[name] if name in values else Decimal(name)


# --- amounts and counts


def _money(needs: str, _: Values, numbers: Numbers) -> Decimal:
    """`money LOW HIGH STEP`: dollars."""
    low, high, step = _integers(needs)
    return Decimal(low + step * numbers.below((high - low) // step + 1))


def _part(needs: str, values: Values, numbers: Numbers) -> Decimal:
    """`part WHOLE`: more than nothing and less than the whole, in cents."""
    cents = int(known(needs, values) / _CENT)
    return numbers.between(1, cents - 1) * _CENT


def _minus(needs: str, values: Values, _: Numbers) -> Any:
    """`minus A B`."""
    one, other = (known(name, values) for name in needs.split())
    return one - other


def _plus(needs: str, values: Values, _: Numbers) -> Any:
    """`plus A B`."""
    one, other = (known(name, values) for name in needs.split())
    return one + other


def _times(needs: str, values: Values, _: Numbers) -> Any:
    """`times A B`."""
    one, other = (known(name, values) for name in needs.split())
    return one * other


def _count(needs: str, _: Values, numbers: Numbers) -> int:
    """`count LOW HIGH`."""
    low, high = _integers(needs)
    return numbers.between(low, high)


# --- dates


def _day(needs: str, values: Values, numbers: Numbers) -> date:
    """`day LOW HIGH`: so many days from today."""
    low, high = _integers(needs)
    return _today(values) + timedelta(numbers.between(low, high))


def _month(needs: str, values: Values, numbers: Numbers) -> date:
    """`month LOW HIGH`: the first day of the month so many months from this one."""
    low, high = _integers(needs)
    return _months_on(_today(values), numbers.between(low, high))


def _month_end(needs: str, values: Values, numbers: Numbers) -> date:
    """`month_end LOW HIGH`: the last day of such a month."""
    first = _month(needs, values, numbers)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _days(needs: str, values: Values, _: Numbers) -> date:
    """`days DATE COUNT`: so many days from a date."""
    name, count = needs.split()
    start = values[name]
    if not isinstance(start, date):
        raise TypeError(name)
    return start + timedelta(int(count))


def _today(values: Values) -> date:
    today = values["today"]
    assert isinstance(today, date)  # noqa: S101  (for the type checker)
    return today


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


# --- texts and people


def _digits(needs: str, _: Values, numbers: Numbers) -> str:
    """`digits PATTERN`: a digit for each #."""
    return numbers.digits(needs)


def _number(needs: str, _: Values, numbers: Numbers) -> str:
    """`number LIST`: one of the patterns of words.toml, a digit for each #."""
    return numbers.digits(numbers.one(words()[needs]))


def _pick(needs: str, _: Values, numbers: Numbers) -> str:
    """`pick A | B | C`."""
    return numbers.one(_choices(needs))


def _from(needs: str, _: Values, numbers: Numbers) -> Any:
    """`from LIST`: one of a list of words.toml; one of those that have a name gets numbers, too."""
    found = numbers.one(words()[needs])
    if not isinstance(found, dict):
        return found
    return {**found, "phone": _phone(numbers), **_address(numbers)}


def _organization(needs: str, _: Values, numbers: Numbers) -> Values:
    """`organization LIST`: one that gives care, of a list of names."""
    return {
        "name": numbers.one(words()[needs]),
        "npi": _npi(numbers),
        "phone": _phone(numbers),
        **_address(numbers),
    }


def _person(needs: str, values: Values, numbers: Numbers) -> Values:
    """`person YOUNGEST OLDEST [of NAME]`: a member of the payer's; of somebody: of the family, at its address."""
    low, high, *of = needs.split()
    family = of[1] if of else ""
    address = {part: values[f"{family}.{part}"] for part in _ADDRESS} if family else _address(numbers)
    taken = {
        value for name, value in values.items() if name.endswith(".first")
    }  # nobody has another one's name
    return {
        "last": values[f"{family}.last"] if family else numbers.one(words()["last_names"]),
        "first": numbers.one([one for one in words()["first_names"] if one not in taken]),
        "middle": numbers.one(words()["middle_names"]),
        "birth": _birth(_today(values), int(low), int(high), numbers),
        "gender": numbers.one("FM"),
        "member": numbers.digits(values["payer.member"]),
        **address,
    }


def _doctor(_: str, __: Values, numbers: Numbers) -> Values:
    """`doctor`: a person who gives care."""
    return {
        "last": numbers.one(words()["last_names"]),
        "first": numbers.one(words()["first_names"]),
        "npi": _npi(numbers),
        "phone": _phone(numbers),
        **_address(numbers),
    }


def _birth(today: date, youngest: int, oldest: int, numbers: Numbers) -> date:
    """A birth date of somebody who is of that age today."""
    last = _years_back(today, youngest)
    first = _years_back(today, oldest + 1) + timedelta(1)
    return first + timedelta(numbers.below((last - first).days + 1))


def _years_back(day: date, years: int) -> date:
    year = day.year - years
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28) if is_leap_day and not isleap(year) else day.replace(year=year)


_ADDRESS = ("line", "city", "state", "zip")


def _address(numbers: Numbers) -> Values:
    city, state, postal_code = numbers.one(words()["towns"])
    line = f"{numbers.between(1, 999)} {numbers.one(words()['streets'])}"
    return dict(zip(_ADDRESS, (line, city, state, postal_code), strict=True))


def _phone(numbers: Numbers) -> str:
    return numbers.digits("80055501##")


def _npi(numbers: Numbers) -> str:
    nine = numbers.digits("2999#####")
    return nine + check_digit(nine)


RULES: dict[str, Callable[[str, Values, Numbers], Any]] = {
    "money": _money,
    "part": _part,
    "minus": _minus,
    "plus": _plus,
    "times": _times,
    "count": _count,
    "day": _day,
    "month": _month,
    "month_end": _month_end,
    "days": _days,
    "digits": _digits,
    "number": _number,
    "pick": _pick,
    "from": _from,
    "organization": _organization,
    "person": _person,
    "doctor": _doctor,
}
