"""The whole input and the same input in chunks of any size give the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drawn import answers, whole
from variants import VARIANTS
from x12 import ACTIVE, all_fixtures, answer, everything, read, written
from x271 import _core
from x271.grammar.compiled import engine
from x271.testing import cuts, mangled

DATA = written(answer(ACTIVE))
ISA_ONLY = DATA[:106]


def outcome(data: bytes) -> Any:
    try:
        return everything(read(data))
    except _core.Refused as refused:
        return refused.args


def chunked(data: bytes, places: list[int]) -> Any:
    reader = engine().reader()
    try:
        for start, end in zip([0, *places], [*places, len(data)], strict=True):
            reader.feed(data[start:end])
        return everything(reader.close())
    except _core.Refused as refused:
        return refused.args


def by_size(data: bytes, size: int) -> Any:
    return chunked(data, list(range(0, len(data), size)))


@pytest.mark.parametrize("size", [1, 7, 512, 4096])
@pytest.mark.parametrize("path", all_fixtures(), ids=lambda path: path.name)
def test_every_fixture_is_the_same_in_chunks(path: Any, size: int) -> None:
    data = path.read_bytes()
    assert by_size(data, size) == outcome(data)


@pytest.mark.parametrize("key", VARIANTS)
def test_every_variant_is_the_same_byte_by_byte(key: str) -> None:
    data = VARIANTS[key].data
    assert by_size(data, 1) == outcome(data)


@given(data=st.data(), document=answers())
def test_any_answer_is_the_same_in_chunks(data: st.DataObject, document: bytes) -> None:
    assert chunked(document, data.draw(cuts(len(document)))) == outcome(document)


@given(data=st.data(), document=mangled(whole()))
def test_any_damaged_answer_is_the_same_in_chunks(data: st.DataObject, document: bytes) -> None:
    assert chunked(document, data.draw(cuts(len(document)))) == outcome(document)


_SCRAPS = st.lists(
    st.one_of(st.binary(max_size=6), st.sampled_from((b"~", b"*", b"\n", b"ISA*", b"IEA*1", DATA, ISA_ONLY))),
    max_size=8,
).map(b"".join)


@given(
    rest=_SCRAPS,
    before=st.sampled_from((b"", ISA_ONLY, ISA_ONLY[:-1] + b"\n", b"ISA")),
    size=st.integers(1, 40),
)
@example(rest=b"\x0c\n", before=ISA_ONLY, size=1)
@example(rest=b"\x0c", before=ISA_ONLY[:-1] + b"\n", size=1)
def test_any_bytes_behind_an_isa_are_the_same_in_chunks(rest: bytes, before: bytes, size: int) -> None:
    data = before + rest
    assert by_size(data, size) == outcome(data)


@given(width=st.integers(4, 120), line_end=st.sampled_from((b"\n", b"\r\n")), size=st.integers(1, 200))
def test_a_wrapped_answer_is_the_same_in_chunks(width: int, line_end: bytes, size: int) -> None:
    data = line_end.join(DATA[at : at + width] for at in range(0, len(DATA), width))
    assert by_size(data, size) == outcome(data)


def test_a_closed_reader_takes_nothing_more() -> None:
    reader = engine().reader()
    reader.feed(DATA)
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.feed(b"~")
    with pytest.raises(ValueError, match="closed"):
        reader.close()


def test_a_reader_that_was_fed_nothing_refuses() -> None:
    with pytest.raises(_core.Refused):
        engine().reader().close()
