"""`inquiries`: questions that can be sent, and questions that are spoiled.

The valid ones are as X12 carries them: capital letters, no delimiter, no blank too many. Codes come from the grammar.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from .. import codes
from ..codes.npi import check_digit
from ..inquiries import (
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
from .options import bad_option
from .pools import allowed
from .vocabulary import Vocabulary, anything, invented

TODAY = date(2026, 11, 21)


def npis() -> st.SearchStrategy[str]:
    """National provider identifiers: ten digits, the last their check digit; none of them is issued."""
    return st.integers(0, 99_999_999).map(lambda number: _with_check_digit(f"2{number:08}"))


def _with_check_digit(nine: str) -> str:
    return nine + check_digit(nine)


def _codes(reference: str, loop: str, *but: str) -> st.SearchStrategy[str]:
    return st.sampled_from([code for code in allowed(reference, loop, "270") if code not in but])


def _maybe(strategy: st.SearchStrategy[Any], none: Any = "") -> st.SearchStrategy[Any]:
    return st.just(none) | strategy


class Parts:
    """The parts of inquiries in one vocabulary."""

    def __init__(self, texts: Vocabulary, *, wide: bool) -> None:
        self.texts = texts
        self.most = (9, 8, 3) if wide else (2, 2, 2)  # references, diagnoses and services of a patient
        self.addresses = st.builds(
            Address,
            line_1=texts.line,
            line_2=_maybe(texts.line),
            city=texts.city,
            state=texts.state,
            postal_code=texts.postal_code,
        ) | st.builds(Address, city=texts.city, country=texts.country, subdivision=_maybe(texts.subdivision))
        self.payers = st.builds(
            Payer,
            name=texts.organization,
            is_person=st.just(False),
            identifier=texts.long_number,
            identifier_qualifier=_codes("NM108", "2100A", "XX"),
            entity=_codes("NM101", "2100A"),
        )
        roles = st.builds(
            ProviderRole,
            role=_codes("PRV01", "2100B"),
            identifier=_maybe(texts.number),
            qualifier=st.just("PXC"),
        )
        self.providers = st.builds(
            Provider,
            name=texts.organization,
            first_name=_maybe(texts.first),
            middle_name=_maybe(texts.middle),
            suffix=_maybe(texts.suffix),
            identifier=npis(),
            entity=_codes("NM101", "2100B"),
            references=self.references("2100B"),
            address=_maybe(self.addresses, None),
            role=_maybe(roles, None),
        )
        self.roles = st.builds(
            ProviderRole, role=_codes("PRV01", "2100C"), identifier=texts.number
        ) | st.builds(
            ProviderRole, role=_codes("PRV01", "2100C"), identifier=npis(), qualifier=st.just("HPI")
        )
        self.procedures = st.builds(
            Procedure,
            code=texts.procedure,
            qualifier=_codes("EQ02-1", "2110C"),
            modifiers=st.lists(texts.short, max_size=4).map(tuple),
        )
        self.traces = st.builds(
            TraceNumber,
            number=texts.number,
            originator=st.tuples(st.sampled_from("139"), texts.nine).map("".join),
            division=_maybe(texts.number),
        )
        self.diagnoses = st.lists(
            st.builds(Diagnosis, code=texts.diagnosis, version=st.sampled_from(("ICD-10", "ICD-9"))),
            max_size=self.most[1],
        ).map(tuple)
        self.service_references = _maybe(
            st.builds(Reference, qualifier=st.sampled_from(("9F", "G1")), value=texts.number), None
        )

    def references(self, loop: str) -> st.SearchStrategy[tuple[Reference, ...]]:
        """Some REF of a loop."""
        one = st.builds(Reference, qualifier=_codes("REF01", loop, "HPI"), value=self.texts.number)
        return st.lists(one, max_size=self.most[0]).map(tuple)


@cache
def parts(*, wide: bool) -> Parts:
    """The parts of inquiries, of a few words or of anything that X12 carries."""
    return Parts(anything() if wide else invented(), wide=wide)


_money = st.decimals(0, Decimal("9999999999999999.99"), places=2)


@cache
def _periods(first: date) -> st.SearchStrategy[Period]:
    days = st.dates(first, TODAY)
    return st.builds(Period, begin=days) | st.builds(
        lambda begin, length: Period(begin=begin, end=begin + timedelta(days=length)),
        days,
        st.integers(1, 400),
    )


@st.composite
def services(draw: st.DrawFn, loop: str, diagnoses: int, born: date, *, wide: bool = False) -> Service:
    """What is asked of a patient with so many diagnoses (EQ and what stands under it)."""
    of = parts(wide=wide)
    made: dict[str, Any] = {}
    if not draw(st.booleans()):
        made["service_types"] = tuple(draw(st.lists(_codes("EQ01", loop), min_size=1, max_size=6)))
    else:
        made["procedure"] = draw(of.procedures)
    if diagnoses:
        made["diagnosis_pointers"] = tuple(draw(st.lists(st.integers(1, diagnoses), max_size=4)))
    if loop == "2110C":
        made["coverage_level"] = draw(_maybe(st.just("FAM")))
        made["spend_down"] = draw(_maybe(_money, None))
        made["billed"] = draw(_maybe(_money, None))
    made["place_of_service"] = draw(_maybe(st.sampled_from(sorted(codes.lookup("III02")))))
    made["reference"] = draw(of.service_references)
    made["date_of_service"] = draw(_maybe(_periods(born), None))
    return Service(**made)


def _patient(draw: st.DrawFn, name_loop: str, *, least: int, wide: bool) -> dict[str, Any]:
    of = parts(wide=wide)
    texts = of.texts
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    diagnoses = draw(of.diagnoses)
    inner = name_loop.replace("2100", "2110")
    asked = st.lists(services(inner, len(diagnoses), born, wide=wide), min_size=least, max_size=of.most[2])
    return {
        "last_name": draw(texts.last),
        "first_name": draw(texts.first),
        "middle_name": draw(_maybe(texts.middle)),
        "suffix": draw(_maybe(texts.suffix)),
        "birth_date": born,
        "gender": draw(_maybe(_codes("DMG03", name_loop))),
        "address": draw(_maybe(of.addresses, None)),
        "references": draw(of.references(name_loop)),
        "provider": draw(_maybe(of.roles, None)),
        "diagnoses": diagnoses,
        "traces": tuple(draw(st.lists(of.traces, max_size=2))),
        "date_of_service": draw(_maybe(_periods(born), None)),
        "card_issued": draw(_maybe(_periods(date(1990, 1, 1)), None)),
        "services": tuple(draw(asked)),
    }


@st.composite
def subscribers(draw: st.DrawFn, *, least: int = 1, wide: bool = False) -> Subscriber:
    """Who holds the plan, with at least so many services asked about."""
    return Subscriber(
        **_patient(draw, "2100C", least=least, wide=wide),
        member_id=draw(parts(wide=wide).texts.long_number),
        member_id_qualifier=draw(_codes("NM108", "2100C")),
        birth_sequence=draw(_maybe(st.integers(1, 999_999_999), None)),
    )


@st.composite
def dependents(draw: st.DrawFn, *, wide: bool = False) -> Dependent:
    """A patient under a subscriber's plan."""
    relationship = draw(_maybe(_codes("INS02", "2100D")))
    return Dependent(
        **_patient(draw, "2100D", least=1, wide=wide),
        relationship=relationship,
        birth_sequence=draw(_maybe(st.integers(1, 9), None)) if relationship else None,
    )


@st.composite
def _inquiries(draw: st.DrawFn, least: int, most: int, *, wide: bool) -> Inquiry:
    below = draw(st.integers(least, most))
    of = parts(wide=wide)
    return Inquiry(
        payer=draw(of.payers),
        provider=draw(of.providers),
        subscriber=draw(subscribers(least=0 if below else 1, wide=wide)),
        dependents=tuple(draw(dependents(wide=wide)) for _ in range(below)),
        reference=draw(_maybe(of.texts.number)),
        cancels=draw(st.booleans()),
        spend_down=draw(st.booleans()),
    )


def inquiries(*, dependents: int | None = None, wide: bool = False) -> st.SearchStrategy[Inquiry]:
    """Questions that may be sent in a batch: `to_x12(batch=True)` refuses none of them.

    Args:
        dependents: how many; None for none to two. In real time, that is without `batch`, there is one patient:
            a subscriber without dependents, or one dependent under a subscriber who is not asked about.
        wide: texts of every length and character that X12 carries, instead of a few invented words. To write them,
            give `sender` and `receiver`: the identifiers of provider and payer may be too long for the ISA.

    Raises:
        UsageError: BAD_OPTION.
    """
    if dependents is not None and not 0 <= dependents < 99:
        raise bad_option("dependents", "none to 98 are expected")
    least, most = (0, 2) if dependents is None else (dependents, dependents)
    return _inquiries(least, most, wide=wide)


_TEXTS = st.text(max_size=12) | st.sampled_from(
    (
        *("", "*", "~", "30", "XX", "Fiñch", "ß", "漢", "\x1d", "F", "19", "1", "TE:ST", "fi9ch"),
        *("A" * 61, "1234567893"),
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
def spoiled_inquiries(draw: st.DrawFn) -> Inquiry:
    """A valid inquiry with one to three of its values replaced by any other of their type: most cannot be sent."""
    made = draw(inquiries(wide=True)).model_dump()
    for _ in range(draw(st.integers(1, 3))):
        places = list(_leaves(made))
        owner, key = draw(st.sampled_from(places))
        owner[key] = draw(_OTHERS[type(owner[key])])
    return Inquiry.model_validate(made)


def _leaves(held: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a plain value in dumped models: what holds it, and its key there."""
    for key in list(held) if isinstance(held, dict) else range(len(held)):
        if isinstance(held[key], tuple):
            held[key] = list(held[key])
        value = held[key]
        if isinstance(value, dict | list):
            yield from _leaves(value)
        elif type(value) in _OTHERS and key != "version":
            yield held, key
