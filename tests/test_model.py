"""Models that are made without validation are like those that were validated, and stay apart from each other."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

import x271
from x12 import ACTIVE, answer, interchange, transaction, written
from x271._model import Model
from x271.grammar import acknowledgments, composites, envelope, question, segments
from x271.grammar import answer as answers
from x271.grammar.base import Segment
from x271.grammar.segments import BenefitInformation, MessageText
from x271.normalize import benefits, eligibility, record

_MODULES = (acknowledgments, answers, benefits, composites, eligibility, envelope, question, record, segments)


def _models() -> Iterator[type[Model]]:
    for module in _MODULES:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Model) and value is not Model:
                yield value


MODELS = sorted(set(_models()), key=lambda model: (model.__module__, model.__name__))


def test_there_are_models_to_test() -> None:
    assert len(MODELS) > 80


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_made_unchecked_is_what_pydantic_constructs(model: type[Model]) -> None:
    values: dict[str, Any] = dict.fromkeys(model.model_fields, "anything")
    made, constructed = model._trusted(values), model.model_construct(**values)
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        assert object.__getattribute__(made, name) == object.__getattribute__(constructed, name)
    assert type(made) is model


def test_a_model_that_has_validated_is_still_made_unchecked() -> None:
    assert MessageText.model_validate({"text": "X"}).text == "X"
    MessageText.model_json_schema()
    values = {**dict.fromkeys(MessageText.model_fields), "text": 7}
    assert vars(MessageText._trusted(values))["text"] == 7


def test_a_model_of_somebody_else_is_made_unchecked_too() -> None:
    class Own(MessageText, defer_build=False):
        language: str = ""

    made = Own._trusted({**dict.fromkeys(Own.model_fields), "text": "X", "language": "EN"})
    assert (type(made), made.text, made.language) == (Own, "X", "EN")


def _segments(*sent: str) -> list[Segment]:
    read = x271.parse(written(answer(ACTIVE, *sent)))
    kept: list[Segment] = []

    def keep(one: Segment) -> Segment:
        kept.append(one)
        return one

    read.map_segments(keep)
    return kept


def _benefits(*sent: str) -> list[BenefitInformation]:
    return [one for one in _segments(*sent) if isinstance(one, BenefitInformation)]


def test_a_changed_copy_leaves_those_of_its_kind_alone() -> None:
    first, second = _benefits("EB*C*IND*30****500")
    changed = first.model_copy(update={"amount": Decimal(7), "own": 1})
    assert [changed.amount, first.amount, second.amount] == [Decimal(7), None, Decimal(500)]
    assert "own" in changed.model_fields_set
    assert "own" not in second.model_fields_set
    assert "own" not in _benefits()[0].model_fields_set


def _pickled(one: Segment) -> Segment:
    made: Segment = pickle.loads(pickle.dumps(one))  # noqa: S301  (our own)
    return made


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, _pickled])
def test_a_copy_is_equal_and_says_the_same(copied: Callable[[Segment], Segment]) -> None:
    for one in _segments("EB*C*IND*30****500*.2", "MSG*FIRST"):
        other = copied(one)
        assert other == one
        assert repr(other) == repr(one)
        assert other.model_dump() == one.model_dump()
        assert other.model_fields_set == one.model_fields_set == set(type(one).model_fields)


def test_ten_thousand_short_texts_are_each_what_was_sent() -> None:
    texts = [f"{number:0{width}}" for width in range(1, 9) for number in range(0, min(10**width, 10**5), 67)]
    texts += ["A", "AA", "AAA", " A", "A ", "AAAA", "AAAAA", "AAAAAA", "AAAAAAA", "AAAAAAAA"]
    messages = _segments(*(f"MSG*{text}" for text in texts * 2))
    sent = [one.elements for one in messages if isinstance(one, MessageText)]
    assert sent == [(text,) for text in texts * 2]


def test_a_text_is_read_in_the_encoding_of_its_own_transaction_set() -> None:
    first, second = ["MSG*?"], ["MSG*?", "MSG*!"]
    both = written(interchange(transaction(*first), transaction(*second)))
    # C3 A9 is an e with an accent in UTF-8, and two letters in Latin-1, which the second set is: E9 alone is no UTF-8.
    read = x271.parse(both.replace(b"?", b"\xc3\xa9").replace(b"!", b"\xe9"))
    said = [[one.elements[0] for one in answer.others] for answer in read.answers()]
    assert said == [["\xe9"], ["\xc3\xa9", "\xe9"]]
