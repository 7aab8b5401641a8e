"""The tables of the inquiries name fields, elements and findings that there are; texts become plain ones."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from x271 import findings
from x271._model import Model
from x271._tables import read_table
from x271.grammar import rules
from x271.inquiries import Inquiry, Reference, Service
from x271.inquiries.checks import _TESTS
from x271.inquiries.parts import Kind, Most
from x271.inquiries.people import Dependent, Patient, Subscriber
from x271.inquiries.search import search_options
from x271.inquiries.texts import fit

CHECKS = read_table("inquiries/checks.tsv")
PLACES = read_table("inquiries/places.tsv")


def parts(annotation: Any) -> list[type[Model]]:
    """The models in the type of a field."""
    found = [one for arg in typing.get_args(annotation) for one in parts(arg)]
    if isinstance(annotation, type) and issubclass(annotation, Model):
        found.append(annotation)
    return found


def models(model: type[Model]) -> set[type[Model]]:
    """A model and all parts of it."""
    found = {model}
    for field in model.model_fields.values():
        for one in parts(field.annotation):
            found |= models(one)
    return found


def fields() -> Iterator[tuple[type[Model], str, Any]]:
    for model in models(Inquiry):
        for name, field in model.model_fields.items():
            yield model, name, field


def resolved(owners: list[type[Model]], path: str) -> None:
    """Fails unless the path names a field of each."""
    for owner in owners:
        here = [owner]
        for step in path.split("."):
            name = re.sub(r"\[\d*\]$", "", step)
            assert any(name in one.model_fields for one in here), (owner, path)
            here = [
                part
                for one in here
                if name in one.model_fields
                for part in parts(one.model_fields[name].annotation)
            ]


@pytest.mark.parametrize("row", CHECKS, ids=lambda row: f"{row['check']}-{row['field']}")
def test_a_check_names_a_function_a_finding_and_a_field(row: dict[str, str]) -> None:
    assert row["check"] in _TESTS
    assert row["finding"] in findings.catalogue()
    assert row["source"]
    first, _, rest = row["field"].partition(".")
    owners: list[type[Model]] = [Subscriber, Dependent] if first == "patient" else [Inquiry]
    resolved(owners, rest if first == "patient" else row["field"])


def test_every_check_is_used() -> None:
    assert {row["check"] for row in CHECKS} == set(_TESTS)


def test_a_search_option_names_fields_of_a_patient_and_the_first_is_everyones() -> None:
    known = {*Patient.model_fields, "member_id"}
    assert all(set(one.fields) <= known for one in search_options())
    assert [one.is_universal for one in search_options()] == [True, False, False, False]
    assert search_options()[0].fields == ("member_id", "first_name", "last_name", "birth_date")


@pytest.mark.parametrize("row", PLACES, ids=lambda row: f"{row['loops']}-{row['element']}")
def test_a_place_names_an_element_that_the_grammar_has_there(row: dict[str, str]) -> None:
    for loop in row["loops"].split():
        envelope = rules.interchange("270")
        rule = envelope if loop == "ISA" else envelope.loops()[0] if loop == "GS" else rules.loop("270", loop)
        known = {
            one.reference
            for segment in rule.segments()
            for outer in segment.elements
            for one in (outer, *outer.components)
        }
        assert row["element"] in known, loop


def test_every_text_of_an_inquiry_says_how_it_is_made_fit() -> None:
    for model, name, field in fields():
        is_text = field.annotation in (str, tuple[str, ...])
        assert any(isinstance(one, Kind) for one in field.metadata) == is_text, (model, name)


def test_every_list_of_parts_says_how_many_there_may_be() -> None:
    for model, name, field in fields():
        is_list = typing.get_origin(field.annotation) is tuple
        assert any(isinstance(one, Most) for one in field.metadata) == is_list, (model, name)


def test_nothing_of_an_inquiry_is_shown() -> None:
    shown = {(model.__name__, name) for model, name, field in fields() if field.repr}
    assert shown == {
        ("Inquiry", name)
        for name in ("payer", "provider", "subscriber", "dependents", "cancels", "spend_down")
    }


def most(model: type[Model], name: str) -> int:
    return next(one.count for one in model.model_fields[name].metadata if isinstance(one, Most))


def test_there_may_be_as_many_as_in_the_grammar() -> None:
    name = rules.loop("270", "2100C")
    assert most(Patient, "references") == name.segment("REF")[0].max
    assert most(Patient, "traces") == rules.loop("270", "2000C").segment("TRN")[0].max
    assert most(Patient, "services") == rules.loop("270", "2110C").max
    assert most(Dependent, "services") == rules.loop("270", "2110D").max
    assert most(Patient, "diagnoses") == sum(one.usage != "N" for one in name.segment("HI")[0].elements)
    asked = rules.loop("270", "2110C").segment("EQ")[0].elements
    assert most(Service, "service_types") == asked[0].repeat
    assert most(Service, "diagnosis_pointers") == len(asked[4].components)
    assert sum(one.name.startswith("modifier") for one in asked[1].components) == 4


# --- texts


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Doe", "DOE"),
        ("  Ann \t Marie\n", "ANN MARIE"),
        ("José Muñoz", "JOSE MUNOZ"),
        ("Jose\u0301", "JOSE"),
        ("Weiß", "WEISS"),
        ("Łukasz Ødegård", "LUKASZ ODEGARD"),
        ("O\u2019Neil\u2013Smith", "O'NEIL-SMITH"),
        ("Þór Æsir", "THOR AESIR"),
        ("A\u00a0B\u200bC", "A BC"),
        ("ﬁnch", "FINCH"),
        ("№ 5", "NO 5"),
        ("Đorđe Ŋ", "DORDE N"),
    ],
)
def test_a_name_is_sent_in_plain_capital_letters(text: str, sent: str) -> None:
    plain, codes = fit(text, Kind("words"), "*^:~")
    assert plain == sent
    assert codes == (() if text.isascii() else ("TRANSLITERATED",))


@pytest.mark.parametrize("text", ["山田", "Иванов", "\x00", "A\x1bB", "\ud800", "😀", "\u0301"])
def test_what_nothing_stands_for_is_said(text: str) -> None:
    for kind in ("words", "number", "code"):
        assert "UNWRITABLE_TEXT" in fit(text, Kind(kind), "*^:~")[1]


def test_a_delimiter_that_a_letter_becomes_is_one_too() -> None:
    assert fit("A\uff5eB", Kind("words"), "*^:~") == ("A B", ("TRANSLITERATED", "DELIMITER_REPLACED"))
    assert fit("A\uff5eB", Kind("number"), "*^:~") == ("A~B", ("TRANSLITERATED", "DELIMITER_IN_VALUE"))


def test_the_table_of_letters_has_ascii_for_each_and_nothing_that_unicode_takes_apart() -> None:
    rows = read_table("inquiries/transliteration.tsv")
    assert all(len(row["character"]) == 1 and row["sent"].isascii() and row["sent"] for row in rows)
    assert len({row["character"] for row in rows}) == len(rows)


def test_a_part_is_made_of_json_too() -> None:
    assert Service.model_validate_json('{"billed": "1.50"}').billed == Decimal("1.50")
    assert Reference.model_validate({"qualifier": " 6P ", "value": None}) == Reference(
        qualifier="6P", value=""
    )
