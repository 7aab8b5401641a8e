"""Strategies: inquiries that can be sent, and inquiries made of anything.

The valid ones are as X12 carries them: capital letters, no delimiter, no blank too many. Codes come from the grammar.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from x271 import codes
from x271.grammar import rules
from x271.inquiries import (
    Address,
    Dependent,
    Diagnosis,
    Inquiry,
    Payer,
    Period,
    Procedure,
    Provider,
    ProviderRole,
    Reference,
    Service,
    Subscriber,
    TraceNumber,
)

TODAY = date(2026, 11, 21)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORDS = _LETTERS + "0123456789 '-.,&/()#+=!?;\"%@[]_{}<>$|\\"
_PLAIN = _LETTERS + "0123456789-"


def words(most: int, least: int = 1, alphabet: str = _WORDS) -> st.SearchStrategy[str]:
    """Texts of these lengths, without blanks around them or two in a row."""
    return (
        st.text(alphabet, min_size=least, max_size=most)
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: len(text) >= least)
    )


def names(most: int) -> st.SearchStrategy[str]:
    return words(most, alphabet=_LETTERS + " '-")


def numbers(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return st.text(_PLAIN, min_size=least, max_size=most)


def allowed(loop: str, element: str) -> st.SearchStrategy[str]:
    """The codes that the guide has for an element such as NM108 or EQ02-1."""
    found = [
        one.codes
        for segment in rules.loop("270", loop).segments()
        for outer in segment.elements
        for one in (outer, *outer.components)
        if one.reference == element
    ]
    return st.sampled_from(sorted(frozenset().union(*found)))


def npis() -> st.SearchStrategy[str]:
    return st.integers(0, 10**9 - 1).map(with_check_digit)


def with_check_digit(number: int) -> str:
    """Nine digits and the Luhn digit over 80840 and them."""
    total = 24  # what 80840 comes to
    for at, digit in enumerate(f"{number:09}"):
        doubled = int(digit) * 2 if at % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{number:09}{-total % 10}"


def maybe(strategy: st.SearchStrategy[Any], none: Any = "") -> st.SearchStrategy[Any]:
    return st.just(none) | strategy


_ADDRESSES = st.builds(
    Address,
    line_1=words(55),
    line_2=maybe(words(55)),
    city=words(30, 2),
    state=st.text(_LETTERS, min_size=2, max_size=2),
    postal_code=st.text("0123456789", min_size=3, max_size=15),
) | st.builds(
    Address,
    city=words(30, 2),
    country=st.text(_LETTERS, min_size=2, max_size=3).filter(lambda code: code not in ("US", "USA")),
    subdivision=maybe(st.text(_LETTERS, min_size=1, max_size=3)),
)


def references(loop: str, most: int = 9) -> st.SearchStrategy[tuple[Reference, ...]]:
    one = st.builds(
        Reference, qualifier=allowed(loop, "REF01").filter(lambda code: code != "HPI"), value=numbers(50)
    )
    return st.lists(one, max_size=most).map(tuple)


def periods(first: date, last: date = TODAY) -> st.SearchStrategy[Period]:
    days = st.dates(first, last)
    return st.builds(Period, begin=days) | st.builds(
        lambda begin, length: Period(begin=begin, end=begin + timedelta(days=length)),
        days,
        st.integers(1, 400),
    )


_ROLES_OF_PATIENTS = st.builds(
    ProviderRole, role=allowed("2100C", "PRV01"), identifier=numbers(50)
) | st.builds(ProviderRole, role=allowed("2100C", "PRV01"), identifier=npis(), qualifier=st.just("HPI"))

_PAYERS = st.builds(
    Payer,
    name=words(60),
    is_person=st.just(False),
    identifier=numbers(80, 2),
    identifier_qualifier=allowed("2100A", "NM108").filter(lambda code: code != "XX"),
    entity=allowed("2100A", "NM101"),
)

_PROVIDERS = st.builds(
    Provider,
    name=words(60),
    first_name=maybe(names(35)),
    middle_name=maybe(names(25)),
    suffix=maybe(names(10)),
    identifier=npis(),
    entity=allowed("2100B", "NM101"),
    references=references("2100B"),
    address=maybe(_ADDRESSES, None),
    role=maybe(st.builds(ProviderRole, role=allowed("2100B", "PRV01"), identifier=maybe(numbers(50))), None),
)

_PROCEDURES = st.builds(
    Procedure,
    code=numbers(48),
    qualifier=allowed("2110C", "EQ02-1"),
    modifiers=st.lists(st.text(_PLAIN, min_size=2, max_size=2), max_size=4).map(tuple),
)

_MONEY = st.decimals(0, Decimal("9999999999999999.99"), places=2)
TRACES = st.builds(
    TraceNumber,
    number=numbers(50),
    originator=st.tuples(st.sampled_from("139"), st.text(_PLAIN, min_size=9, max_size=9)).map("".join),
    division=maybe(numbers(50)),
)


_DIAGNOSES = st.builds(
    Diagnosis,
    code=st.text(_LETTERS + "0123456789", min_size=1, max_size=30),
    version=st.sampled_from(("ICD-9", "ICD-10")),
)


@st.composite
def services(draw: st.DrawFn, loop: str, diagnoses: int, born: date) -> Service:
    made: dict[str, Any] = {}
    if draw(st.booleans()):
        made["service_types"] = tuple(draw(st.lists(allowed(loop, "EQ01"), min_size=1, max_size=6)))
    else:
        made["procedure"] = draw(_PROCEDURES)
    if diagnoses:
        made["diagnosis_pointers"] = tuple(draw(st.lists(st.integers(1, diagnoses), max_size=4)))
    if loop == "2110C":
        made["coverage_level"] = draw(maybe(st.just("FAM")))
        made["spend_down"] = draw(maybe(_MONEY, None))
        made["billed"] = draw(maybe(_MONEY, None))
    made["place_of_service"] = draw(maybe(st.sampled_from(sorted(codes.lookup("III02")))))
    made["reference"] = draw(
        maybe(st.builds(Reference, qualifier=st.sampled_from(("9F", "G1")), value=numbers(50)), None)
    )
    made["date_of_service"] = draw(maybe(periods(born), None))
    return Service(**made)


@st.composite
def _patients(draw: st.DrawFn, name_loop: str, least: int = 0, most: int = 3) -> dict[str, Any]:
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    diagnoses = draw(st.lists(_DIAGNOSES, max_size=8))
    inner = name_loop.replace("2100", "2110")
    asked = draw(st.lists(services(inner, len(diagnoses), born), min_size=least, max_size=most))
    return {
        "last_name": draw(names(60)),
        "first_name": draw(names(35)),
        "middle_name": draw(maybe(names(25))),
        "suffix": draw(maybe(names(10))),
        "birth_date": born,
        "gender": draw(maybe(allowed(name_loop, "DMG03"))),
        "address": draw(maybe(_ADDRESSES, None)),
        "references": draw(references(name_loop)),
        "provider": draw(maybe(_ROLES_OF_PATIENTS, None)),
        "diagnoses": tuple(diagnoses),
        "traces": tuple(draw(st.lists(TRACES, max_size=2))),
        "date_of_service": draw(maybe(periods(born), None)),
        "card_issued": draw(maybe(periods(date(1990, 1, 1)), None)),
        "services": tuple(asked),
    }


@st.composite
def inquiries(draw: st.DrawFn, dependents: int = 2) -> Inquiry:
    """An inquiry that may be sent in a batch, as X12 carries it."""
    below = draw(st.integers(0, dependents))
    subscriber = Subscriber(
        **draw(_patients("2100C", least=0 if below else 1)),
        member_id=draw(numbers(80, 2)),
        member_id_qualifier=draw(allowed("2100C", "NM108")),
        birth_sequence=draw(maybe(st.integers(1, 999_999_999), None)),
    )
    made = []
    for _ in range(below):
        relationship = draw(maybe(allowed("2100D", "INS02")))
        sequence = draw(maybe(st.integers(1, 9), None)) if relationship else None
        made.append(
            Dependent(**draw(_patients("2100D", least=1)), relationship=relationship, birth_sequence=sequence)
        )
    return Inquiry(
        payer=draw(_PAYERS),
        provider=draw(_PROVIDERS),
        subscriber=subscriber,
        dependents=tuple(made),
        reference=draw(maybe(numbers(50))),
        cancels=draw(st.booleans()),
        spend_down=draw(st.booleans()),
    )


# --- anything

_TEXTS = st.text(max_size=12) | st.sampled_from(
    (
        "",
        "*",
        "~",
        "30",
        "XX",
        "Fiñch",
        "ß",
        "漢",
        "\x1d",
        "F",
        "19",
        "1",
        "TE:ST",
        "fi9ch",
        "A" * 61,
        "1234567893",
    )
)
_OTHERS: dict[type, st.SearchStrategy[Any]] = {
    str: _TEXTS,
    bool: st.booleans(),
    int: st.integers(),
    date: st.dates(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
}


@st.composite
def spoiled(draw: st.DrawFn) -> Inquiry:
    """A valid inquiry with one to three of its values replaced by any other of their type."""
    made = draw(inquiries()).model_dump()
    for _ in range(draw(st.integers(1, 3))):
        places = list(_leaves(made))
        owner, key = draw(st.sampled_from(places))
        owner[key] = draw(_OTHERS[type(owner[key])])
    return Inquiry.model_validate(made)


def _leaves(held: Any) -> Any:
    """Every place of a plain value in dumped models: what holds it, and its key there."""
    for key in list(held) if isinstance(held, dict) else range(len(held)):
        if isinstance(held[key], tuple):
            held[key] = list(held[key])
        value = held[key]
        if isinstance(value, dict | list):
            yield from _leaves(value)
        elif type(value) in _OTHERS and key != "version":
            yield held, key
