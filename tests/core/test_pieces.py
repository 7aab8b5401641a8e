"""The pieces of a stream say together what the whole says, however the chunks come and wherever the pieces end."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import answers, whole
from variants import VARIANTS
from x12 import (
    ACTIVE,
    ISA,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    interchange,
    read,
    transaction,
    written,
    x12_fixtures,
)
from x271 import _core
from x271.grammar.compiled import engine
from x271.normalize.profile import compiled
from x271.testing import cuts, mangled

_LARGE = 2**28
ASKED: tuple[Any, ...] = (compiled(None), None, None, ["30"], None)


def pieces(data: bytes, places: list[int], size: int, most: int = _LARGE) -> list[_core.Document]:
    """The documents of the pieces, the chunks cut at these places."""
    cutter = engine().cutter(size, most)
    found = []
    for start, end in zip([0, *places], [*places, len(data)], strict=True):
        found += cutter.feed(data[start:end])
    found += cutter.close()
    return [piece.read() for piece in found]


def records(document: _core.Document) -> list[tuple[dict[str, Any], Any]]:
    """What each record says, and its benefits."""
    return [(record.values(), record.benefits()) for record in document.records(*ASKED)[0]]


def in_order(found: list[Any]) -> list[str]:
    return sorted(map(repr, found))


def refused(make: Callable[[], object]) -> Any:
    try:
        make()
    except _core.Refused as refusal:
        return refusal.args
    return None


def assert_same(data: bytes, places: list[int], size: int) -> None:
    refusal = refused(lambda: read(data))
    if refusal is not None:
        assert refused(lambda: pieces(data, places, size)) == refusal
        return
    expected = read(data)
    if any(code == "FINDINGS_CUT" for code, *_ in expected.findings()):
        return  # each piece has room for as many as the whole has
    found = pieces(data, places, size)
    assert [one for each in found for one in each.segments()] == expected.segments()
    assert [one for each in found for one in each.kinds()] == expected.kinds()
    of_pieces = [each.findings() for each in found]
    assert in_order(list(itertools.chain(*of_pieces))) == in_order(expected.findings())
    wholes = iter(records(expected))
    for at, each in enumerate(found):
        later = list(itertools.chain(*of_pieces[at + 1 :]))
        for values, benefits in records(each):
            whole_values, whole_benefits = next(wholes)
            known = [one for one in whole_values.pop("findings") if one not in later]
            assert list(values.pop("findings")) == known
            assert values == whole_values
            assert benefits == whole_benefits
    assert next(wholes, None) is None


@pytest.mark.parametrize("size", [1, 300, 5000])
@pytest.mark.parametrize("path", x12_fixtures(), ids=lambda path: path.name)
def test_every_fixture_is_the_same_in_pieces(path: Any, size: int) -> None:
    data = path.read_bytes()
    assert_same(data * 2, list(range(0, 2 * len(data), 4096)), size)


@pytest.mark.parametrize("key", VARIANTS)
def test_every_variant_is_the_same_in_pieces(key: str) -> None:
    data = VARIANTS[key].data
    assert_same(data, [], 1)
    assert_same(data * 3, list(range(0, 3 * len(data), 100)), len(data) // 2)


@given(data=st.data(), documents=st.lists(answers(), min_size=1, max_size=3).map(b"".join))
def test_answers_are_the_same_in_pieces(data: st.DataObject, documents: bytes) -> None:
    size = data.draw(st.integers(1, len(documents)))
    assert_same(documents, data.draw(cuts(len(documents))), size)


@given(data=st.data(), document=mangled(whole()))
def test_damaged_answers_are_the_same_in_pieces(data: st.DataObject, document: bytes) -> None:
    size = data.draw(st.integers(1, len(document) + 1))
    assert_same(document, data.draw(cuts(len(document))), size)


@given(
    data=st.data(),
    sets=st.integers(1, 6),
    width=st.integers(4, 120),
    line_end=st.sampled_from((b"\n", b"\r\n")),
)
def test_a_wrapped_stream_is_the_same_in_pieces(
    data: st.DataObject, sets: int, width: int, line_end: bytes
) -> None:
    flat = stream(sets)
    document = line_end.join(flat[at : at + width] for at in range(0, len(flat), width))
    size = data.draw(st.integers(1, len(document)))
    assert_same(document, data.draw(cuts(len(document))), size)


def stream(sets: int, **options: Any) -> bytes:
    """One interchange of this many answers."""
    body = (*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE)
    return written(
        interchange(*(transaction(*body, number=f"{n:04}") for n in range(1, sets + 1))), **options
    )


@pytest.mark.parametrize("break_", [(b"GE*4", b"GE*5"), (b"IEA*1", b"IEA*9"), (b"GE*4*1~", b"")])
def test_a_trailer_is_told_with_the_piece_in_which_it_stands(break_: tuple[bytes, bytes]) -> None:
    found = pieces(stream(4).replace(*break_), [], 200)
    assert [len(each.findings()) for each in found] == [0, 0, 0, 1]
    first, *_, last = [records(each)[0][0]["findings"] for each in found]
    assert (len(first), len(last)) == (0, 1)


def test_sets_after_the_end_of_their_interchange_know_what_was_wrong_with_it() -> None:
    late = stream(2)[len(ISA) + 1 :]
    data = stream(2).replace(b"IEA*1", b"IEA*7") + late
    assert_same(data, [], 200)


def test_a_piece_says_where_it_stands() -> None:
    data = stream(3)
    found = engine_pieces(data, 200)
    starts = [data.index(b"ST*271*%04d" % number) for number in (1, 2, 3)]
    assert [piece.offset for piece in found] == [0, *starts[1:]]
    assert [piece.segment for piece in found] == [0, *(data[:at].count(b"~") for at in starts[1:])]
    assert sum(piece.size for piece in found) == len(data)
    assert [piece.transactions for piece in found] == [1, 1, 1]


def engine_pieces(data: bytes, size: int) -> list[_core.Piece]:
    cutter = engine().cutter(size, _LARGE)
    return [*cutter.feed(data), *cutter.close()]


def test_a_piece_is_read_once() -> None:
    piece = engine_pieces(stream(1), 200)[0]
    piece.read()
    with pytest.raises(ValueError, match="already"):
        piece.read()


def test_a_closed_cutter_takes_nothing_more() -> None:
    cutter = engine().cutter(100, _LARGE)
    cutter.feed(stream(1))
    cutter.close()
    with pytest.raises(ValueError, match="closed"):
        cutter.feed(b"~")
    with pytest.raises(ValueError, match="closed"):
        cutter.close()


def test_a_set_that_is_larger_than_may_be_closes_the_cutter() -> None:
    data = stream(1)[:-60] + b"REF*1~" * 2**18
    cutter = engine().cutter(100, 2**20)
    assert refused(lambda: cutter.feed(data)) == ("TOO_LARGE", 106)  # where the piece with it begins
    with pytest.raises(ValueError, match="closed"):
        cutter.feed(b"~")
