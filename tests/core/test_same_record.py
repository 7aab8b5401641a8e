"""One answer gives one record, whatever its delimiters and whether it comes as X12 or as PPMDResults XML."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import x271
from drawn import answers
from x12 import ACTIVE, FIXTURES, answer, meaning, segments, written
from x271.findings import catalogue
from x271.testing import wild_questions


def records(data: bytes, *, without: tuple[str, ...] = (), **request: Any) -> list[Any]:
    """The meaning of every record; findings of these areas are left out."""
    found = []
    for record in x271.normalize_all(data, **request):
        dumped = meaning(record.model_dump())
        kept = [one for one in dumped["findings"] if catalogue()[one["code"]]["area"] not in without]
        found.append(dumped | {"findings": sorted(kept, key=str)})
    return found


# --- delimiters

# No letter, digit or blank; and no line end or tab within a segment, where senders wrap and readers trim.
_SEPARATORS = [
    chr(code) for code in range(1, 128) if not chr(code).isalnum() and chr(code) not in " \t\n\x0b\x0c\r"
]
_TERMINATORS = [*_SEPARATORS, "\n", "\r"]
_AFTER = ("", "", "\n", "\r\n", "\r\n\r\n")


def separated(data: bytes) -> tuple[bytes, str]:
    """An answer of our strategies without line ends after terminators, and its four delimiters."""
    element, repetition, component, terminator = (chr(data[at]) for at in (3, 82, 104, 105))
    repetition = "^" if repetition.isalnum() else repetition
    flat = data if terminator in "\r\n" else data.replace(b"\r", b"").replace(b"\n", b"")
    return flat, element + repetition + component + terminator


@st.composite
def two_ways(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """An answer, and the same with other delimiters."""
    data = draw(answers())
    flat, old = separated(data)
    used = set(flat.decode()) - set(old)
    terminator = draw(st.sampled_from([one for one in _TERMINATORS if one not in used]))
    others = draw(
        st.lists(
            st.sampled_from([one for one in _SEPARATORS if one not in used and one != terminator]),
            min_size=3,
            max_size=3,
            unique=True,
        )
    )
    new = "".join(others) + terminator
    moved = flat[:82] + old[1].encode() + flat[83:]  # ISA11 may be a letter; then ^ separates
    text = moved.decode().translate(str.maketrans(old, new))
    after = "" if terminator in "\r\n" else draw(st.sampled_from(_AFTER))
    return data, text.replace(terminator, terminator + after).encode()


@given(both=two_ways(), request=wild_questions())
def test_the_delimiters_of_an_answer_do_not_change_its_records(
    both: tuple[bytes, bytes], request: dict[str, Any]
) -> None:
    one, other = both
    assert records(other, without=("envelope",), **request) == records(one, without=("envelope",), **request)


@given(answers())
def test_the_delimiters_of_an_answer_do_not_change_its_segments(data: bytes) -> None:
    flat, old = separated(data)
    assume(old[0] == "*")
    assert segments(flat)[1:] == [one for one in flat.decode().split(old[3]) if one][1:]


# --- XML


def as_xml(data: bytes) -> str:
    """X12 as PPMDResults: an element per segment, an attribute per element, no SE, as the vendor's sample has it."""
    lines = []
    for segment in segments(data):
        name, *elements = segment.split("*")
        said = [
            f"{name}{number:02}_x={quoteattr(value.strip() if name == 'ISA' else value)}"
            for number, value in enumerate(elements, 1)
            if value.strip()
        ]
        if name != "SE":
            lines.append(f"<{name}Segment {' '.join(said)}/>")
    body = "\n".join(lines)
    return f"<PPMDResults><Results eligibilityid='1'><Edi271>\n{body}\n</Edi271></Results></PPMDResults>"


@given(data=answers(), request=wild_questions())
def test_an_answer_as_xml_gives_the_records_of_its_x12(data: bytes, request: dict[str, Any]) -> None:
    flat, old = separated(data)
    if old[0] != "*":
        flat = flat.decode().translate(str.maketrans(old[:3], "*^:")).encode()
    expected = records(flat, without=("envelope",), **request)
    assert records(as_xml(flat).encode(), without=("envelope",), **request) == expected


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((FIXTURES / "cases").glob("*.x12")) if path.stem != "T01"],
    ids=lambda path: path.stem,
)
def test_a_case_as_xml_gives_the_records_of_its_x12(path: Any) -> None:
    data = path.read_bytes()
    assert records(as_xml(data).encode()) == records(data)


def test_a_finding_in_xml_has_the_line_of_its_element() -> None:
    data = written(answer(ACTIVE, "EB*Z9**30"))
    (record,) = x271.normalize_all(as_xml(data))
    (finding,) = record.findings
    assert finding.code == "UNKNOWN_CODE"
    assert finding.position is not None
    assert finding.position.line is not None
    assert as_xml(data).split("\n")[finding.position.line - 1].startswith('<EBSegment EB01_x="Z9"')
