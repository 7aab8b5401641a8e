"""What each placeholder of `templates.tsv` may become: codes from the grammar, words from `words.tsv`, dates, numbers.

A pool is a list that is drawn from once; its first value is the plainest, and what a failing example shrinks to.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Literal

from .. import codes
from .._tables import read_table
from ..codes.npi import check_digit
from ..grammar import rules
from ..grammar.rules import ElementRule

Types = Literal["one", "any", "several"]

# In place of EB04 and EB05, until the patient's plans are drawn.
PLANS = "\x01\x02\x03"

_STATUS = tuple("12345678")  # EB01: the plan is active or not
_PAYMENT = ("B", "J", "Y")  # an amount, of any period
_ACCUMULATOR = ("C", "G")  # an amount that adds up
_OWN_ROWS = (*_STATUS, *_PAYMENT, *_ACCUMULATOR, "A", "F")  # each has templates of its own


@cache
def words(name: str) -> tuple[str, ...]:
    """A row of `words.tsv`; empty if there is none."""
    rows = {row["pool"]: row["values"] for row in read_table("testing/words.tsv")}
    return tuple(rows[name].split("|")) if name in rows else ()


@cache
def allowed(reference: str, loop: str, transaction: str = "271") -> tuple[str, ...]:
    """The codes that the grammar allows at an element (`EB01`, `EB13-1`) in a loop, the common ones first."""
    known = _element(reference, loop, transaction).codes
    common = [code for code in words(reference) if code in known]
    times = max(1, len(known) // len(common)) if common else 0
    return (*common * times, *sorted(known - set(common)))


def _element(reference: str, loop: str, transaction: str) -> ElementRule:
    for segment in rules.loop(transaction, loop).segments():
        for outer in segment.elements:
            for one in (outer, *outer.components):
                if one.reference == reference:
                    return one
    raise KeyError(reference)


@cache
def pool(name: str, loop: str, types: Types = "any") -> Sequence[str]:
    """The values of a placeholder in a loop; types: whether EB03 may, or must, be repeated."""
    if name.endswith("?"):
        inner = pool(name[:-1], loop, types)
        return ["", *[""] * (len(inner) // 3), *inner]
    if name == "types":
        return _types(types)
    if name[0].isupper():
        reference, _, but = name.partition("!")
        return [code for code in allowed(reference, loop) if code != but]
    if name in _OF_LOOP:
        return _OF_LOOP[name](loop)
    return list(_MADE[name]()) if name in _MADE else words(name)


def _identifiers(loop: str) -> list[str]:
    return [f"{code}*{_identifier(code)}" for code in allowed("NM108", loop)]


def _reached(reference: str, loop: str) -> list[str]:
    return [f"{code}*{number}" for code in allowed(reference, loop) for number in _numbers(code)]


def _identifier(code: str) -> str:
    """An identifier as its qualifier wants it: an NPI with its check digit, those of the tax office nine digits."""
    return {"XX": npis()[0], "24": "000000001", "34": "000000002", "FI": "000000003"}.get(code, "EX0001")


def _types(types: Types) -> list[str]:
    one = list(allowed("EB03", "2110C"))
    several = list(words("several types"))
    several.append("^".join(sorted(set(one))[:99]))  # as many as EB03 may hold
    return {"one": one, "several": several, "any": one + several * 5}[types]


def _numbers(code: str) -> tuple[str, ...]:
    others = {"UR": words("site"), "EM": words("e-mail"), "EX": ("271",), "ED": ("EX0001",)}
    return others.get(code, words("phone"))


def npis() -> list[str]:
    """Ten digits with their check digit, none of which is issued: those that begin with 2 are still to come."""
    return [f"{nine}{check_digit(str(nine))}" for nine in range(299900001, 299900021)]


def _words_of_eb01() -> Iterable[str]:
    """The information codes that are neither a status nor an amount."""
    return (code for code in sorted(set(allowed("EB01", "2110C"))) if code not in _OWN_ROWS)


def _places() -> Iterable[str]:
    return (*words("place") * 3, *sorted(set(codes.lookup("III02")) - set(words("place"))))


def _written(days: Iterable[datetime.date]) -> list[str]:
    return [day.strftime("%Y%m%d") for day in days]


def _days_from(first: datetime.date, count: int) -> list[datetime.date]:
    return [first + datetime.timedelta(days=at) for at in range(count)]


def _days() -> list[str]:
    """Three years around the answers' day, the ends of which are as usual as a day in the middle, and no end."""
    usual = ["20260101", "20261121", "20261231", "20250101", "20240229", "20991231", "99991231"]
    return usual * 30 + _written(_days_from(datetime.date(2025, 1, 1), 1095))


def _births() -> list[str]:
    usual = ["19800101", "20000229", "20260315", "19260704"]
    return usual * 20 + _written(_days_from(datetime.date(1930, 1, 1), 35_000)[::37])


def _periods() -> list[str]:
    usual = ["20260101-20261231", "20250101-20251231", "20261121-20261121", "20260101-99991231"]
    begins = _days_from(datetime.date(2025, 1, 1), 730)[::9]
    made = [
        f"{begin:%Y%m%d}-{begin + datetime.timedelta(days=length):%Y%m%d}"
        for begin in begins
        for length in (0, 30, 364)
    ]
    return usual * 20 + made


def _plans() -> list[str]:
    """EB04 and EB05 together: every insurance type, with and without a name."""
    names = words("plan name")
    made = [f"{code}*{names[at % len(names)]}" for at, code in enumerate(allowed("EB04", "2110C"))]
    return [*made, *(f"*{name}" for name in names), "MA*", "HM*"]


_MADE: dict[str, Callable[[], Iterable[str]]] = {
    "npi": npis,
    "status": lambda: ["1", "6", *_STATUS],
    "payment": lambda: ["B", "B", *_PAYMENT],
    "accumulator": lambda: list(_ACCUMULATOR),
    "word": _words_of_eb01,
    "place": _places,
    "day": _days,
    "birth": _births,
    "period": _periods,
    "plans": _plans,
}
_OF_LOOP: dict[str, Callable[[str], Sequence[str]]] = {
    "identifier": _identifiers,
    "reach": lambda loop: _reached("PER03", loop),
    "reach more": lambda loop: _reached("PER05", loop),
}
