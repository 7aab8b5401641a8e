"""The record as a value: typed, frozen, equal however it was looked at, and the same again from its JSON."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from pydantic import BaseModel, ValidationError

import x271
from drawn import answers
from generators import DOCS, generator
from x12 import all_fixtures, answer, written
from x271.normalize.record import Address

SCHEMA = generator("generate_schema")
PPO = DOCS.parent / "fixtures" / "archive" / "active-ppo.271"


@cache
def _records() -> tuple[x271.Eligibility, ...]:
    found: list[x271.Eligibility] = []
    for path in all_fixtures():
        try:
            found += x271.normalize_all(path)
        except x271.NoPatient:
            continue
    return tuple(found)


def fresh(path: Path = PPO) -> x271.Eligibility:
    """A record whose benefits nobody has looked at."""
    return x271.normalize(path)


def _is_made(record: x271.Eligibility) -> bool:
    return "benefits" in record.__dict__


# --- types


def test_money_is_decimal_and_days_are_dates() -> None:
    record = fresh()
    total = record.deductible.individual.in_network.total
    assert isinstance(total, Decimal)
    assert isinstance(record.copay.office_visit, Decimal)
    assert isinstance(record.coinsurance.in_network, Decimal)
    assert isinstance(record.patient.birth_date, date)
    assert isinstance(record.coverage_start, date)
    assert isinstance(record.date_of_service, date)
    row = next(one for one in record.benefits if one.amount is not None)
    assert isinstance(row.amount, Decimal)
    assert row.position is not None
    assert isinstance(record.patient.address, Address)


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, BaseModel):
        for _, inner in value:
            yield from _values(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _values(inner)
    else:
        yield value


def test_every_value_of_every_fixture_has_the_type_that_its_model_says() -> None:
    for record in _records():
        assert {type(value) for value in _values(record)} <= {
            *(str, bool, int, type(None), Decimal, date),
            *(dict, type(record.results and record.results.created_at)),
        }
        again = x271.Eligibility.model_validate(record.model_dump(), strict=True)
        assert again == record


@given(answers())
def test_every_record_holds_what_its_model_says(data: bytes) -> None:
    for record in x271.normalize_all(data):
        assert x271.Eligibility.model_validate(record.model_dump(), strict=True) == record


# --- benefits are made when they are looked at

LOOKS: dict[str, Callable[[x271.Eligibility], Any]] = {
    "the benefits": lambda record: record.benefits,
    "model_dump": lambda record: record.model_dump(),
    "model_dump of benefits": lambda record: record.model_dump(include={"benefits"}),
    "model_dump_json": lambda record: record.model_dump_json(),
    "equality": lambda record: record == fresh(),
    "equality from the other side": lambda record: fresh() == record,
    "iteration": list,
    "dict": dict,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "model_copy": lambda record: record.model_copy(),
    "deep model_copy": lambda record: record.model_copy(deep=True),
    "pickle": pickle.dumps,
    "repr": repr,
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_record_is_the_same_however_it_was_looked_at(look: str) -> None:
    expected = fresh()
    assert len(expected.benefits) > 10
    record = fresh()
    assert not _is_made(record)
    LOOKS[look](record)
    assert record == expected
    assert record.benefits == expected.benefits
    assert record.model_dump() == expected.model_dump()


def pickled(record: x271.Eligibility) -> x271.Eligibility:
    again = pickle.loads(pickle.dumps(record))  # noqa: S301 - our own
    assert isinstance(again, x271.Eligibility)
    return again


COPIES: dict[str, Callable[[x271.Eligibility], x271.Eligibility]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": pickled,
    "model_copy": lambda record: record.model_copy(),
    "deep model_copy": lambda record: record.model_copy(deep=True),
    "validated": lambda record: x271.Eligibility.model_validate(record.model_dump()),
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_a_copy_is_equal_and_whole(copied: Callable[[x271.Eligibility], x271.Eligibility]) -> None:
    again = copied(fresh())
    assert again == fresh()
    assert again.benefits == fresh().benefits
    assert again.to_integrex() == fresh().to_integrex()
    assert again.model_dump() == fresh().model_dump()


def test_the_benefits_are_made_once() -> None:
    record = fresh()
    assert record.benefits is record.benefits


def test_records_that_differ_only_in_a_benefit_are_not_equal() -> None:
    one = x271.normalize(written(answer("EB*1**30", "EB*H**80")))
    other = x271.normalize(written(answer("EB*1**30", "EB*H**81")))
    assert one.coverage == other.coverage
    assert one != other
    assert one != "one"


def test_an_attribute_that_does_not_exist_is_an_attribute_error() -> None:
    record = fresh()
    with pytest.raises(AttributeError, match="no_such"):
        _ = record.no_such  # type: ignore[attr-defined]
    assert not hasattr(record, "benefit")


def test_a_record_is_frozen() -> None:
    record = fresh()
    with pytest.raises(ValidationError, match="frozen"):
        record.coverage = "inactive"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        record.benefits[0].amount = None  # type: ignore[misc]
    with pytest.raises(ValidationError):
        x271.Eligibility(coverage="active", unknown=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        hash(record)


def test_a_record_made_by_hand_has_its_defaults() -> None:
    record = x271.Eligibility()
    assert record.benefits == ()
    assert record.coverage == "unknown"
    assert x271.Eligibility.model_validate_json(record.model_dump_json()) == record
    assert set(record.to_integrex().values()) >= {""}


# --- JSON


@pytest.mark.parametrize("index", range(len(_records())))
def test_a_record_is_the_same_again_from_its_json(index: int) -> None:
    record = _records()[index]
    again = x271.Eligibility.model_validate_json(record.model_dump_json())
    assert again == record
    assert again.to_integrex() == record.to_integrex()
    assert json.loads(again.model_dump_json()) == json.loads(record.model_dump_json())


@given(answers())
def test_any_record_is_the_same_again_from_its_json(data: bytes) -> None:
    for record in x271.normalize_all(data):
        again = x271.Eligibility.model_validate_json(record.model_dump_json())
        assert again == record
        assert again.to_integrex() == record.to_integrex()


def test_the_schema_in_the_docs_is_the_models() -> None:
    expected = x271.Eligibility.model_json_schema(mode="serialization")
    assert json.loads(SCHEMA.SCHEMA.read_text(encoding="utf-8")) == expected
    assert SCHEMA.main(["--check"]) == 0
    assert set(expected["properties"]) == set(x271.Eligibility.model_fields)


def test_every_record_is_valid_by_the_schema_in_the_docs() -> None:
    schema = json.loads(SCHEMA.SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for record in _records():
        validator.validate(json.loads(record.model_dump_json()))
    wrong = json.loads(_records()[0].model_dump_json()) | {"coverage": "perhaps"}
    assert not validator.is_valid(wrong)
    assert not validator.is_valid(wrong | {"coverage": "active", "unknown": 1})


def test_a_stale_schema_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SCHEMA, "SCHEMA", tmp_path / "schema.json")
    assert SCHEMA.main(["--check"]) == 1
    assert SCHEMA.main([]) == 0
    assert SCHEMA.main(["--check"]) == 0
