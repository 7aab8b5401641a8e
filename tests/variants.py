"""One valid answer, and what senders do to it: the variants that others drop and we keep.

Each variant is `fixtures/variants/base.271` with one of the faults of `x271.testing`, and says how much must be read of
it. A list of segments holds each without its terminator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from x271.testing import FAULTS, Document
from x271.testing.document import Sheet

Segments = list[bytes]

BASE = Path(__file__).parent.parent / "fixtures" / "variants" / "base.271"
BASE_BENEFITS = 12

# Three benefits of an invented second subscriber.
SECOND_SUBSCRIBER = (
    b"HL*4*2*22*0",
    b"TRN*2*VARIANT-0002*9RIVERBEND",
    b"NM1*IL*1*SAMPLE*EMERY****MI*MSP000000002",
    b"DMG*D8*19790404*M",
    b"EB*1*IND*30*PR*MERIDIAN CHOICE PPO",
    b"EB*C*IND*30***23*1000*****Y",
    b"EB*C*IND*30***29*0*****Y",
)
DEPENDENT = (
    b"HL*4*3*23*0",
    b"TRN*2*VARIANT-0001*9RIVERBEND",
    b"NM1*03*1*SAMPLE*FRANKIE",
    b"DMG*D8*20140210*F",
    b"INS*N*19",
    b"DTP*346*D8*20260101",
)


@dataclass(frozen=True)
class Variant:
    """One thing that senders do.

    Attributes:
        title: as the issue words it.
        build: makes the variant from the segments of the base.
        benefits: EB segments that must be read.
        findings: the codes of all findings, of reading and of normalizing; empty where nothing is odd.
        patients: how many records it gives.
        others: what other parsers do with it, as measured; empty where nobody measured.
    """

    title: str
    build: Callable[[Segments], bytes]
    benefits: int = BASE_BENEFITS
    findings: frozenset[str] = frozenset()
    patients: int = 1
    others: str = ""

    @property
    def data(self) -> bytes:
        """The variant's bytes."""
        return self.build(base())


@lru_cache(maxsize=1)
def _base() -> tuple[bytes, ...]:
    return tuple(BASE.read_bytes().removesuffix(b"~").split(b"~"))


def base() -> Segments:
    """The base's segments, a new list each time."""
    return list(_base())


def joined(segments: Segments, terminator: bytes = b"~") -> bytes:
    """The segments, each with the terminator."""
    return b"".join(segment + terminator for segment in segments)


def counted(segments: Segments) -> Segments:
    """The same with SE01 of the one transaction set counted again."""
    start = _place(segments, b"ST*")
    end = _place(segments, b"SE*")
    count = str(end - start + 1).encode()
    control = segments[end].split(b"*")[2]
    return [*segments[:end], b"*".join((b"SE", count, control)), *segments[end + 1 :]]


def _place(segments: Segments, start: bytes) -> int:
    return next(i for i, segment in enumerate(segments) if segment.startswith(start))


def _base_document() -> Document:
    return Document.of(Sheet(tuple(one.decode() for one in _base())))


def _faulty(name: str) -> Callable[[Segments], bytes]:
    """The base with a fault of the catalogue."""

    def build(_: Segments) -> bytes:
        made = FAULTS[name].done_to(_base_document())
        assert made is not None, name
        return made.data

    return build


def _dependent(segments: Segments) -> bytes:
    """The subscriber's benefits become a dependent's."""
    first = _place(segments, b"EB*")
    subscriber = [
        b"HL*3*2*22*1" if segment.startswith(b"HL*3*") else segment
        for segment in segments[:first]
        if not segment.startswith(b"TRN*")
    ]
    return joined(counted([*subscriber, *DEPENDENT, *segments[first:]]))


def _two_subscribers(segments: Segments) -> bytes:
    place = _place(segments, b"SE*")
    return joined(counted([*segments[:place], *SECOND_SUBSCRIBER, *segments[place:]]))


_LFH = "x12sdk, linuxforhealth-x12 and the MdClarity fork"

VARIANTS: dict[str, Variant] = {
    "crlf": Variant(
        "CRLF after the terminator",
        _faulty("crlf"),
        others=f"{_LFH} raise on text given as str; badx12 and x12sdk's segment reader give no transaction",
    ),
    "newline": Variant(
        "newline as terminator",
        _faulty("newline"),
        others=(
            f"{_LFH} give no model and no error; badx12 and x12sdk's segment reader give nothing; "
            "@cosyte/x12 refuses it, edi-cli and x12-edi-tools (PyPI) raise"
        ),
    ),
    "pipes": Variant(
        "`|` as separator",
        _faulty("pipes"),
        others="edi-cli and x12-edi-tools (PyPI) raise",
    ),
    "unknown-information-code": Variant(
        "unknown EB01",
        _faulty("unknown-information-code"),
        benefits=BASE_BENEFITS + 1,
        findings=frozenset({"UNKNOWN_CODE"}),
    ),
    "unknown-service-type": Variant(
        "unknown service type",
        _faulty("unknown-service-type"),
        benefits=BASE_BENEFITS + 1,
        findings=frozenset({"UNKNOWN_CODE"}),
        others=f"{_LFH} reject a code that their closed list lacks, even the guide's A0, A8, 95, CI and CJ",
    ),
    "bad-date": Variant(
        "bad date in a DTP",
        _faulty("coverage-date-impossible"),
        findings=frozenset({"BAD_DATE"}),
    ),
    "segment-count": Variant(
        "wrong SE count",
        _faulty("segment-count"),
        findings=frozenset({"CONTROL_MISMATCH"}),
        others=f"{_LFH}, ansi-x12, berrywave-edi and sqllocks-shape raise",
    ),
    "unknown-segment": Variant(
        "unknown segment",
        _faulty("unknown-segment"),
        findings=frozenset({"UNKNOWN_SEGMENT"}),
    ),
    "ta1": Variant(
        "TA1 before GS",
        _faulty("ta1"),
    ),
    "byte-order-mark": Variant(
        "BOM",
        _faulty("byte-order-mark"),
        findings=frozenset({"BYTE_ORDER_MARK"}),
    ),
    "blank-line": Variant(
        "leading blank line",
        _faulty("blank-line"),
        findings=frozenset({"LEADING_BLANKS"}),
    ),
    "childless-parent": Variant(
        "HL04=1 without child",
        _faulty("childless-parent"),
        findings=frozenset({"HL_CHILD_MISMATCH"}),
    ),
    "latin-1": Variant(
        "accented name (Latin-1)",
        _faulty("latin-1"),
        findings=frozenset({"NOT_UTF8"}),
    ),
    "utf-8": Variant(
        "accented name (UTF-8)",
        _faulty("accented-utf-8"),
    ),
    "two-interchanges": Variant(
        "two ISAs (the second with other delimiters)",
        _faulty("other-delimiters-behind"),
        benefits=2 * BASE_BENEFITS,
        patients=2,
        others=(
            f"{_LFH}, Kartik's x12-edi-tools and ansi-x12 raise; tigershark, edi-cli, oxedi, @cosyte/x12, "
            "pyx12, draftedi, x12-python, mock-edi, badx12 and x12-edi-tools (PyPI) read only the first "
            "(oxedi and @cosyte/x12 say so)"
        ),
    ),
    "no-iea": Variant(
        "no IEA",
        _faulty("no-iea"),
        findings=frozenset({"MISSING_TRAILER"}),
    ),
    "one-element": Variant(
        "EB with one element",
        _faulty("one-element"),
        benefits=BASE_BENEFITS + 1,
    ),
    "no-addendum": Variant(
        "GS08 without A1",
        _faulty("no-addendum"),
        findings=frozenset({"VERSION_WITHOUT_ADDENDUM"}),
        others="tigershark raises ParseError",
    ),
    "dependent": Variant(
        "dependent with III and LS/NM1/LE",
        _dependent,
        others=(
            f"{_LFH} raise on III and on a second NM1 in LS/LE; tigershark loses III and the second entity; "
            "@cosyte/x12 loses HSD and III; edi-cli doubles the EBs and drops III and 2120; "
            "Kartik's x12-edi-tools rejects dependents"
        ),
    ),
    "two-subscribers": Variant(
        "two subscribers",
        _two_subscribers,
        benefits=BASE_BENEFITS + 3,
        patients=2,
        others=(
            "linuxforhealth-x12 and the MdClarity fork raise; "
            "@cosyte/x12 drops the last EB before the second HL; edi-cli gives one EB too many"
        ),
    ),
    "unterminated": Variant(
        "unterminated last segment",
        _faulty("unterminated"),
        findings=frozenset({"UNTERMINATED_SEGMENT"}),
    ),
}
