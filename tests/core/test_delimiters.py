"""Which delimiters an ISA gives, and what is odd about it. SPEC 1.1."""

from __future__ import annotations

import pytest

from x12 import ACTIVE, ISA, Found, answer, codes, found, read, segments, written
from x271 import _core

SEGMENTS = answer(ACTIVE)


def delimiters(data: bytes) -> list[bytes]:
    return [item[5] for item in read(data).interchanges()]


@pytest.mark.parametrize("after", ["", "\n", "\r\n", "\n\n", " \r\n\t"])
@pytest.mark.parametrize("terminator", ["~", "\n", "\r", "\x1d", "'", "!"])
def test_any_terminator_is_read_with_or_without_line_ends_after_it(terminator: str, after: str) -> None:
    data = written(SEGMENTS, terminator, after)
    assert segments(data) == SEGMENTS
    assert found(data) == []
    assert delimiters(data) == [b"*^:" + terminator.encode()]


@pytest.mark.parametrize("separator", ["|", "\t", "\x1c", "+", "~"])
def test_any_separator_of_elements_is_read(separator: str) -> None:
    data = written(SEGMENTS, "'").replace(b"*", separator.encode())
    assert segments(data) == SEGMENTS
    assert found(data) == []


@pytest.mark.parametrize("sent", ["U", "9", " ", ":", "~"])
def test_isa11_that_is_a_letter_a_digit_a_blank_or_another_delimiter_gives_way_to_the_caret(
    sent: str,
) -> None:
    isa = ISA.replace("*^*", f"*{sent}*").encode()
    data = isa + written(SEGMENTS)[len(isa) :]
    assert delimiters(data) == [b"*^:~"]
    assert found(data) == [Found("BAD_REPETITION_SEPARATOR", 1, 11)]


def test_isa11_was_no_separator_before_5010_and_is_not_reported_there() -> None:
    isa = ISA.replace("*^*00501*", "*U*00401*")
    data = written([isa, *SEGMENTS[1:]])
    assert delimiters(data) == [b"*^:~"]
    assert "BAD_REPETITION_SEPARATOR" not in codes(data)


def test_there_is_no_repetition_separator_where_the_caret_is_taken() -> None:
    data = written(SEGMENTS).replace(b"*^*", b"*U*").replace(b"*", b"^")
    assert delimiters(data) == [b"^\0:~"]
    assert found(data) == [Found("BAD_REPETITION_SEPARATOR", 1, 11)]


@pytest.mark.parametrize("sent", ["A", " ", "*"])
def test_isa16_that_cannot_separate_gives_way_to_the_colon(sent: str) -> None:
    data = written([ISA[:-1] + sent, *SEGMENTS[1:]])
    assert delimiters(data) == [b"*^:~"]
    assert found(data) == [Found("BAD_COMPONENT_SEPARATOR", 1, 16)]
    assert len(read(data).segments()) == len(SEGMENTS)


def test_isa16_may_be_left_out() -> None:
    data = written([ISA[:-1], *SEGMENTS[1:]])
    assert delimiters(data) == [b"*^:~"]
    assert [one.code for one in found(data)] == ["BAD_COMPONENT_SEPARATOR"]
    assert segments(data) == [ISA[:-1], *SEGMENTS[1:]]


@pytest.mark.parametrize("terminator", ["~", "\n", "\r\n"])
def test_an_unpadded_isa_is_cut_at_its_separators(terminator: str) -> None:
    isa = "ISA*00**00**ZZ*PAYERX*ZZ*RECEIVER*261121*0900*^*00501*000000001*0*P*:"
    data = written([isa, *SEGMENTS[1:]], terminator)
    assert segments(data) == [isa, *SEGMENTS[1:]]
    assert found(data) == [Found("ISA_NOT_PADDED", 1)]
    assert delimiters(data) == [b"*^:" + terminator[:1].encode()]


def test_an_isa_with_too_wide_elements_is_cut_at_its_separators() -> None:
    isa = ISA.replace("PAYERX         ", "PAYERX OF A LONG NAME")
    data = written([isa, *SEGMENTS[1:]])
    assert segments(data)[0] == isa
    assert found(data) == [Found("ISA_NOT_PADDED", 1)]


@pytest.mark.parametrize(
    "data",
    [
        b"ISA",
        b"ISA*00*~GS*HB~",
        ISA.encode(),
        ISA.replace("*", "A").encode() + b"~",
        b"NO ANSWER, ISA NEITHER",
        b"ISA*" * 200,
    ],
)
def test_an_isa_that_gives_no_delimiters_is_refused(data: bytes) -> None:
    with pytest.raises(_core.Refused) as caught:
        read(data)
    assert caught.value.args == ("BAD_ENVELOPE", 0)


def test_an_isa_that_was_cut_short_does_not_count_on_the_segments_behind_it() -> None:
    isa = ISA[:50]
    with pytest.raises(_core.Refused):
        read(written([isa, *SEGMENTS[1:]]))


def test_each_interchange_has_its_own_delimiters() -> None:
    second = written(SEGMENTS).translate(bytes.maketrans(b"*^:~", b"|!>'"))
    third = written(SEGMENTS, "\n")
    data = written(SEGMENTS, after="\r\n") + second + b"\n" + third
    assert delimiters(data) == [b"*^:~", b"|!>'", b"*^:\n"]
    assert segments(data)[: len(SEGMENTS)] == SEGMENTS
    assert segments(data)[2 * len(SEGMENTS) :] == SEGMENTS
    assert found(data) == []
    assert len(read(data).transactions()) == 3
