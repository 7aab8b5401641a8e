"""There is a bound for everything that a document may have too much of, with an error of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import x271
from x12 import (
    ACTIVE,
    DEPENDENT,
    RECEIVER,
    SOURCE,
    SUBSCRIBER_ABOVE,
    answer,
    interchange,
    transaction,
    written,
)
from x271.sources import Limits

DATA = written(answer(ACTIVE))


def refused(data: bytes, **limits: int) -> x271.LimitExceeded:
    with pytest.raises(x271.LimitExceeded) as caught:
        x271.normalize_all(data, limits=Limits(**limits))
    for function in (x271.parse, x271.normalize):
        with pytest.raises(x271.LimitExceeded) as again:
            function(data, limits=Limits(**limits))
        assert again.value.code == caught.value.code
    return caught.value


def place(error: x271.LimitExceeded) -> tuple[Any, ...]:
    assert error.position is not None
    return error.position.segment, error.position.element


def with_row(row: str) -> bytes:
    return written(answer(row))


def test_a_document_has_as_many_segments_as_the_limit() -> None:
    count = DATA.count(b"~")
    assert x271.normalize(DATA, limits=Limits(max_segments=count)).coverage == "active"
    error = refused(DATA, max_segments=count - 1)
    assert (error.code, place(error)) == ("TOO_MANY_SEGMENTS", (count, None))


def test_a_segment_has_as_many_elements_as_the_limit() -> None:
    assert x271.normalize(DATA, limits=Limits(max_elements=16))  # those of ISA
    assert refused(DATA, max_elements=15).code == "TOO_MANY_ELEMENTS"
    assert x271.normalize(with_row("EB" + "*1" * 1000)).benefits
    error = refused(with_row("EB" + "*1" * 1001))
    assert (error.code, place(error)) == ("TOO_MANY_ELEMENTS", (13, None))


def test_an_element_repeats_as_often_as_the_limit() -> None:
    row = "EB*1**30^33^35"
    assert len(x271.normalize(with_row(row), limits=Limits(max_repetitions=3)).benefits) == 3
    error = refused(with_row(row), max_repetitions=2)
    assert (error.code, place(error)) == ("TOO_MANY_PARTS", (13, 3))


def test_an_element_has_as_many_components_as_the_limit() -> None:
    row = "EB*1**30**********HC:1:2:3"
    assert x271.normalize(with_row(row), limits=Limits(max_repetitions=4)).benefits
    error = refused(with_row(row), max_repetitions=3)
    assert (error.code, place(error)) == ("TOO_MANY_PARTS", (13, 13))


def test_loops_stand_in_each_other_as_deep_as_the_limit() -> None:
    assert x271.normalize(DATA, limits=Limits(max_depth=6))
    error = refused(DATA, max_depth=4)
    assert error.code == "TOO_DEEP"


def test_an_answer_that_multiplies_its_messages_is_refused() -> None:
    many = ("EB*1**" + "^".join(["30"] * 900), *["MSG*WORDS"] * 20_000)
    error = refused(written(answer(*many)))
    assert (error.code, place(error)) == ("TOO_REPETITIVE", (13, None))
    assert x271.normalize_all(written(answer(*many)), limits=Limits(max_growth=5000))


def test_dependents_that_borrow_thousands_of_benefits_are_refused() -> None:
    child = ("HL*4*3*23*0", "NM1*03*1*DOE*BABY")
    family = (*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *[ACTIVE] * 1000, *child * 1000)
    assert refused(written(interchange(transaction(*family)))).code == "TOO_REPETITIVE"
    small = (*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *[ACTIVE] * 1000, *DEPENDENT)
    assert len(x271.normalize_all(written(interchange(transaction(*small))))) == 2


def test_patients_below_a_source_of_thousands_of_findings_are_refused() -> None:
    patients = ("HL*3*2*22*0", "NM1*IL*1*DOE*JANE") * 1000
    source = (*SOURCE, *["REF*QQ*1"] * 2000)
    assert refused(written(interchange(transaction(*source, *RECEIVER, *patients)))).code == "TOO_REPETITIVE"


def test_a_long_file_in_pieces_has_the_same_limits(tmp_path: Path) -> None:
    row = "EB*1**" + "^".join(["30"] * 1001)
    path = tmp_path / "long.271"
    path.write_bytes(DATA * 12_000 + with_row(row))
    errors: list[x271.X271Error] = []
    count = sum(1 for _ in x271.read(path, on_error=lambda _, error: errors.append(error)))
    assert count > 0
    assert [error.code for error in errors] == ["TOO_MANY_PARTS"]
    assert errors[0].position is not None
    assert errors[0].position.segment == 12_000 * DATA.count(b"~") + 13


def test_columns_have_the_same_limits() -> None:
    row = "EB*1**" + "^".join(["30"] * 1001)
    with pytest.raises(x271.LimitExceeded) as caught:
        list(x271.tables(with_row(row)))
    assert caught.value.code == "TOO_MANY_PARTS"
    assert list(x271.tables(with_row(row), limits=Limits(max_repetitions=2000)))


@pytest.mark.parametrize(
    ("field", "most"),
    [("max_segments", 0), ("max_elements", -1), ("max_repetitions", True), ("max_growth", 1.5)],
)
def test_a_limit_is_a_positive_integer(field: str, most: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        Limits(**{field: most})
    assert caught.value.code == "BAD_OPTION"
