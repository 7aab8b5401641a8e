"""Documents as they come out of bad cables: bytes turned over, cut, doubled, swapped."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from variants import VARIANTS
from x12 import all_fixtures, x12_fixtures

_PIECES = (
    *(
        b"~",
        b"\n",
        b"\r\n",
        b"*",
        b":",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xff",
        b"ISA",
        b"ISA*",
        b"IEA",
        b"IEA*1*1",
    ),
    *(b"ST*271*1~", b"SE~", b"GS*HB~", b"GE~", b"TA1*~", b"HL*9*9*23~", b"HL*3*3*22~", b"HL~", b"NM1*~"),
    *(b"EB*1~", b"EB~", b"LS*2120~", b"LE*2120~", b"III*~", b"AAA~", b"DTP*291*RD8*-~", b"DMG*D8~"),
)


@cache
def whole() -> tuple[bytes, ...]:
    """Every X12 fixture and every variant."""
    return (
        *(path.read_bytes() for path in x12_fixtures()),
        *(variant.data for variant in VARIANTS.values()),
    )


@cache
def of_every_form() -> tuple[bytes, ...]:
    """The same and the XML and JSON fixtures."""
    return (*(path.read_bytes() for path in all_fixtures()), *whole())


def _piece(size: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, size), st.sampled_from((1, 1, 2, 5, 20, 200)))


@st.composite
def damaged(draw: st.DrawFn, documents: tuple[bytes, ...]) -> bytes:
    """A document with one to four damages."""
    data = draw(st.sampled_from(documents))
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(_piece(len(data)))
        piece = data[start : start + length]
        replacement = draw(
            st.one_of(
                st.just(b""),
                st.just(piece * 2),
                st.just(piece[::-1]),
                st.binary(min_size=1, max_size=3),
                st.sampled_from(_PIECES),
                st.sampled_from(documents).map(lambda other: other[:400]),
            )
        )
        after = draw(st.sampled_from((data[start + length :], data[start + length :], b"")))
        data = data[:start] + replacement + after
    return data


def cuts(size: int) -> st.SearchStrategy[list[int]]:
    """Where to cut so many bytes into chunks: at a few places, or into equal parts of any size."""
    equal = st.integers(1, max(1, size)).map(lambda step: list(range(0, size, step)))
    few = st.lists(st.integers(0, size), max_size=8).map(sorted)
    return st.one_of(few, equal)
