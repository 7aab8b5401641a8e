"""Any input is read or refused with an error of ours, and what is read can be written again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import x271
from drawn import answers, of_every_form, whole
from x12 import ACTIVE, all_fixtures, answer, written, x12_fixtures
from x271.testing import mangled, wild_questions

DATA = written(answer(ACTIVE))


def is_told(refused: x271.X271Error) -> None:
    assert str(refused).startswith(refused.code)


def read_whole(data: Any, **options: Any) -> None:
    """Reads all there is, in every way; lets nothing pass but an X271Error."""
    try:
        document = x271.parse(data)
    except x271.X271Error as refused:
        is_told(refused)
    else:
        assert document.model_dump_json()
        assert repr(document)
        for one in document.answers():
            assert list(one.patients()) is not None
    try:
        records = x271.normalize_all(data, **options)
    except x271.X271Error as refused:
        is_told(refused)
    else:
        for record in records:
            assert record.model_dump_json()
            assert len(record.to_integrex()) == 74


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_whole(data)


@given(st.binary(max_size=300).map(lambda tail: DATA[:106] + tail))
def test_any_bytes_behind_an_isa_are_read_or_refused(data: bytes) -> None:
    read_whole(data)


@given(st.text(max_size=300))
@example("ISA\ud800")
@example("\ufeff")
def test_any_text_is_read_or_refused(data: str) -> None:
    read_whole(data)


@given(mangled(of_every_form()))
@example(DATA[:106] + b"\x0c\n")
def test_any_damaged_document_is_read_or_refused(data: bytes) -> None:
    read_whole(data)


@given(data=mangled(whole()), request=wild_questions())
def test_any_damaged_answer_is_read_or_refused_whatever_was_asked(
    data: bytes, request: dict[str, Any]
) -> None:
    read_whole(data, **request)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ("PPMDResults", "Results", "raw_response", "@NM103_X", "@EB01_X", "#text", "?xml", "a")
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(("PPMDResults", "Results", "raw_response", "@ISA01_X", "data")), _JSON)
)
def test_any_dict_is_read_or_refused(data: dict[str, Any]) -> None:
    read_whole(data)


@pytest.mark.parametrize("data", [None, 7, 1.5, object(), ["ISA"], ("a",), {1: 2}, {"PPMDResults": {1: 2}}])
def test_what_is_no_input_is_the_callers_fault(data: Any) -> None:
    for function in (x271.parse, x271.normalize, x271.normalize_all):
        with pytest.raises(x271.UsageError) as caught:
            function(data)
        assert caught.value.code == "BAD_INPUT_TYPE"


@pytest.mark.parametrize("path", x12_fixtures(), ids=lambda path: path.name)
def test_every_x12_fixture_is_written_as_it_was_read(path: Any) -> None:
    data = path.read_bytes()
    assert x271.parse(data).to_x12() == data
    assert x271.parse(path).to_x12() == data


@pytest.mark.parametrize("path", all_fixtures(), ids=lambda path: path.name)
def test_what_every_fixture_is_written_as_is_read_as_the_same(path: Any) -> None:
    try:
        document = x271.parse(path)
    except (x271.VendorFault, x271.AnswerPending):
        return
    again = x271.parse(document.to_x12())
    assert again.to_x12() == document.to_x12()
    assert again.groups == document.groups


@given(st.one_of(answers(), mangled(whole())))
def test_whatever_is_read_is_written_byte_for_byte(data: bytes) -> None:
    try:
        document = x271.parse(data)
    except x271.DataError:
        return
    assert document.to_x12() == data
    following = b"".join(one.to_x12() for one in document.following)
    assert data.endswith(following)


def test_an_empty_input_is_refused_in_every_form() -> None:
    for data in (b"", "", b" \n", "\ufeff", b"\xef\xbb\xbf", bytearray(), memoryview(b"")):
        with pytest.raises(x271.DataError) as caught:
            x271.parse(data)
        assert caught.value.code == "EMPTY_INPUT"


def test_two_thousand_levels_in_each_other_are_read_or_refused() -> None:
    levels = [f"HL*{n}*{n - 1}*{'22' if n % 2 else '23'}*1" for n in range(1, 2_000)]
    read_whole(written([*answer()[:-3], *levels]))


def test_ten_thousand_segments_in_no_place_are_kept() -> None:
    data = written([*answer()[:4], *["ZZZ*1"] * 10_000])
    (read,) = x271.parse(data).answers()
    assert len(read.others) == 10_000
