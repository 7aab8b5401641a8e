"""Cutting: what stands before, between and after the segments, and where everything is. SPEC 1.1."""

from __future__ import annotations

import textwrap

import pytest

from x12 import (
    ACTIVE,
    FIXTURES,
    GS,
    ISA,
    Found,
    answer,
    codes,
    found,
    interchange,
    offsets,
    read,
    segments,
    transaction,
    written,
)

SEGMENTS = answer(ACTIVE)
DATA = written(SEGMENTS)
BASE = (FIXTURES / "variants" / "base.271").read_bytes()


def places(data: bytes) -> list[tuple[str, int]]:
    """Code and byte offset of each finding."""
    return [(code, place[0]) for code, _, place, _ in read(data).findings() if place is not None]


def wrapped(data: bytes, width: int, line_end: bytes = b"\r\n") -> bytes:
    return line_end.join(data[at : at + width] for at in range(0, len(data), width))


@pytest.mark.parametrize(
    ("before", "findings"),
    [
        (b"\xef\xbb\xbf", [("BYTE_ORDER_MARK", 0)]),
        (b"\r\n \t\0\x0c", [("LEADING_BLANKS", 0)]),
        (b"\xef\xbb\xbf\n", [("BYTE_ORDER_MARK", 0), ("LEADING_BLANKS", 3)]),
        (b"HTTP/1.1 200 OK\r\n\r\n", [("LEADING_TEXT", 0)]),
        (b"\n# MISADDRESSED\n", [("LEADING_TEXT", 1)]),
        (b"\xef\xbb\xbfVISA*\n", [("BYTE_ORDER_MARK", 0), ("LEADING_TEXT", 3)]),
    ],
)
def test_what_stands_before_isa_is_passed_over_and_reported(
    before: bytes, findings: list[tuple[str, int]]
) -> None:
    assert segments(before + DATA) == SEGMENTS
    assert places(before + DATA) == findings
    assert offsets(before + DATA) == [offset + len(before) for offset in offsets(DATA)]


@pytest.mark.parametrize("after", ["", "\r\n", "\n\n  "])
def test_an_offset_is_where_the_segment_starts_in_the_input(after: str) -> None:
    data = b"\xef\xbb\xbf " + written(SEGMENTS, after=after)
    for offset, segment in zip(offsets(data), SEGMENTS, strict=True):
        assert data[offset : offset + len(segment)] == segment.encode()


@pytest.mark.parametrize("width", [5, 41, 60, 80, 100])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"SENT BY FAX, SEE VISA\n"])
def test_a_wrapped_input_is_read_as_if_it_were_not(width: int, line_end: bytes, before: bytes) -> None:
    data = before + wrapped(DATA, width, line_end)
    assert segments(data) == SEGMENTS
    assert ("ISA_WRAPPED", len(before)) in places(data)
    for offset, segment in zip(offsets(data), SEGMENTS, strict=True):
        rest = data[offset:].replace(b"\r", b"").replace(b"\n", b"")
        assert data[offset : offset + 1] not in b"\r\n"
        assert rest.startswith(segment.encode())


def test_a_finding_in_a_wrapped_input_has_its_place_in_that_input() -> None:
    flat = written(SEGMENTS[:4]) + b"~" + written(SEGMENTS[4:]) + b"THE END OF IT"
    data = wrapped(flat, 80, b"\n")
    (_, empty), (_, text) = [place for place in places(data) if place[0] != "ISA_WRAPPED"]
    assert data[empty - 1 : empty + 1].replace(b"\n", b"") in (b"~", b"~~")
    assert data[empty:].replace(b"\n", b"").startswith(b"~HL*1")
    assert data[text:].replace(b"\n", b"") == b"THE END OF IT"


def test_line_breaks_between_segments_do_not_make_an_input_wrapped() -> None:
    assert codes(written(SEGMENTS, after="\r\n")) == []


def test_a_line_break_in_text_before_isa_does_not_make_an_input_wrapped() -> None:
    text = b"ISA|" + b"one|\ntwo|" * 10
    assert segments(text + DATA) == SEGMENTS
    assert places(text + DATA) == [("LEADING_TEXT", 0)]


@pytest.mark.parametrize("after", [b"", b"\n", b"\r\n\x1a", b"  "])
def test_a_last_segment_without_terminator_is_read_and_reported(after: bytes) -> None:
    data = DATA[:-1] + after
    assert segments(data) == SEGMENTS
    assert found(data) == [Found("UNTERMINATED_SEGMENT", len(SEGMENTS))]


def test_an_input_that_was_cut_off_keeps_what_came() -> None:
    cut = DATA[: DATA.index(b"EB*") + 8]
    assert segments(cut) == [*SEGMENTS[:-4], "EB*1**30"]
    assert codes(cut) == ["MISSING_TRAILER"] * 3 + ["UNTERMINATED_SEGMENT"]


def test_blanks_at_the_end_that_are_separators_belong_to_the_segment() -> None:
    data = DATA.replace(b"*", b"\t")[:-1] + b"\t\t"
    assert segments(data)[-1] == SEGMENTS[-1] + "**"


def test_empty_segments_are_reported_where_the_first_in_a_row_stands() -> None:
    data = DATA.replace(b"~EB*", b"~~\r\n~EB*").replace(b"~SE*", b"~~SE*")
    assert segments(data) == SEGMENTS
    first, second = data.index(b"~~") + 1, data.index(b"~~SE") + 1
    assert places(data) == [("EMPTY_SEGMENT", first), ("EMPTY_SEGMENT", second)]


def test_an_input_that_is_odd_all_over_has_a_bounded_number_of_findings() -> None:
    data = written(answer(ACTIVE, *["MSG*X~"] * 5000))
    assert set(codes(data)) == {"EMPTY_SEGMENT", "FINDINGS_CUT"}
    assert codes(data).count("FINDINGS_CUT") == 1
    assert len(codes(data)) < 500
    assert len(read(data).segments()) == 5000 + len(answer(ACTIVE))
    assert len(codes(written(answer(*["ZZZ*X"] * 20_000)))) < 15_000


def test_a_blank_line_is_no_empty_segment_where_lines_end_segments() -> None:
    assert codes(written(SEGMENTS, "\n").replace(b"\nEB*", b"\n\n\r\nEB*")) == []


@pytest.mark.parametrize("text", [b"GARBAGE", b"<eof/>\n", b"*" * 600, b"VISA 4111"])
def test_text_after_the_last_interchange_is_reported_and_not_read(text: bytes) -> None:
    assert segments(DATA + text) == SEGMENTS
    assert places(DATA + text) == [("TRAILING_TEXT", len(DATA))]


def test_the_start_of_another_interchange_is_a_segment_and_reported() -> None:
    data = DATA + b"ISA*00*"
    assert segments(data) == [*SEGMENTS, "ISA*00*"]
    assert set(codes(data)) == {"ISA_NOT_PADDED", "MISSING_TRAILER", "UNTERMINATED_SEGMENT"}


def test_text_between_two_interchanges_is_passed_over_and_reported() -> None:
    data = DATA + b"--- next, sent via ISA ---\n" + DATA
    assert segments(data) == SEGMENTS * 2
    assert places(data) == [("TRAILING_TEXT", len(DATA))]


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n"])
def test_an_iea_without_terminator_does_not_swallow_the_interchange_behind_it(between: bytes) -> None:
    data = DATA[:-1] + between + DATA
    assert segments(data) == SEGMENTS * 2
    assert found(data) == [Found("UNTERMINATED_SEGMENT", len(SEGMENTS))]
    assert len(read(data).interchanges()) == 2


def test_a_damaged_isa_in_the_middle_is_cut_with_the_delimiters_at_hand() -> None:
    data = DATA + written(["ISA*00*", *SEGMENTS[1:]])
    assert segments(data) == [*SEGMENTS, "ISA*00*", *SEGMENTS[1:]]
    assert [len(item[3]) for item in read(data).interchanges()] == [1, 1]
    assert codes(data) == ["ISA_NOT_PADDED", "CONTROL_MISMATCH"]


def test_a_damaged_isa_with_other_delimiters_loses_no_interchange_but_its_own() -> None:
    damaged = written(SEGMENTS).replace(b"*", b"|")[20:]
    data = DATA + b"ISA" + damaged + DATA
    assert segments(data) == SEGMENTS * 2
    assert places(data) == [("TRAILING_TEXT", len(DATA))]


def test_an_isa_in_the_text_of_an_element_starts_nothing() -> None:
    rows = [ACTIVE, "MSG*CALL ISABEL, ISA*THE NURSE"]
    data = written(answer(*rows))
    assert segments(data) == answer(*rows)


def test_text_that_is_not_utf8_is_read_as_latin_1_and_reported_per_transaction_set() -> None:
    one = transaction("HL*1**20*0", "NM1*PR*2*M\u00fcNCHEN")
    two = transaction("HL*1**20*0", "NM1*PR*2*M\u00fcNCHEN", number="0002")
    parts = [written([ISA, GS]), written(one), written(two).replace("ü".encode(), b"\xfc")]
    data = b"".join(parts) + written(["GE*2*1", "IEA*1*000000001"])
    assert segments(data) == interchange(one, two)
    assert found(data) == [Found("NOT_UTF8", 3 + len(one))]


def test_the_wrapped_fixture_says_the_same_as_the_flat_one() -> None:
    text = "\n".join(textwrap.wrap(BASE.decode(), 80, drop_whitespace=False)).encode()
    assert text.replace(b"\n", b"") == BASE
    assert segments(text) == segments(BASE)
