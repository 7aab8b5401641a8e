"""Answers written by hand, and the core's view of them: what the tests of reading share.

Segments are text with `*`, `^` and `:`; `written` joins them with whatever delimiters a test is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from x271 import _core
from x271.grammar.compiled import engine

FIXTURES = Path(__file__).parent.parent / "fixtures"
ISA = (
    "ISA*00*          *00*          *ZZ*PAYERX         *ZZ*RECEIVER       "
    "*261121*0900*^*00501*000000001*0*P*:"
)
GS = "GS*HB*PAYERX*RECEIVER*20261121*0900*1*X*005010X279A1"
SOURCE = ("HL*1**20*1", "NM1*PR*2*ACME HEALTH*****PI*12345")
RECEIVER = ("HL*2*1*21*1", "NM1*1P*2*CLINIC*****XX*1234567893")
SUBSCRIBER = ("HL*3*2*22*0", "TRN*2*T1*9CLEARING1", "NM1*IL*1*DOE*JANE****MI*W100", "DMG*D8*19800101*F")
SUBSCRIBER_ABOVE = ("HL*3*2*22*1", "NM1*IL*1*DOE*JANE****MI*W100", "DMG*D8*19800101*F")
DEPENDENT = ("HL*4*3*23*0", "TRN*2*T1*9CLEARING1", "NM1*03*1*DOE*BABY", "DMG*D8*20260301*M")
ACTIVE = "EB*1**30*PR*GOLD"


class Found(NamedTuple):
    """A finding of the core with the place that it names; segments count from 1."""

    code: str
    segment: int | None
    element: int | None = None


def transaction(*body: str, number: str = "0001", guide: str = "005010X279A1") -> list[str]:
    """ST to SE around the segments, counted."""
    return [
        f"ST*271*{number}*{guide}",
        f"BHT*0022*11*REF{number}*20261121*0900",
        *body,
        f"SE*{len(body) + 3}*{number}",
    ]


def interchange(*transactions: Sequence[str], isa: str = ISA, gs: str = GS) -> list[str]:
    """ISA to IEA around the transaction sets, counted."""
    control = isa.split(isa[3])[13]
    body = [segment for one in transactions for segment in one]
    return [isa, gs, *body, f"GE*{len(transactions)}*1", f"IEA*1*{control}"]


def answer(*rows: str, subscriber: Sequence[str] = SUBSCRIBER, above: Sequence[str] = ()) -> list[str]:
    """The segments of the specification's base answer with these rows; `above` follows the payer's name."""
    return interchange(transaction(*SOURCE, *above, *RECEIVER, *subscriber, *rows))


def written(segments: Sequence[str], terminator: str = "~", after: str = "") -> bytes:
    """The segments as bytes, each with the terminator and what follows it."""
    return "".join(segment + terminator + after for segment in segments).encode()


def read(data: bytes) -> _core.Document:
    return engine().read(data)


def segments(data: bytes | _core.Document) -> list[str]:
    """The segments that the core cut, their elements joined by `*`."""
    document = read(data) if isinstance(data, bytes) else data
    return ["*".join(parts) for _, _, parts in document.segments()]


def offsets(data: bytes) -> list[int]:
    return [offset for offset, _, _ in read(data).segments()]


def found(data: bytes | _core.Document) -> list[Found]:
    document = read(data) if isinstance(data, bytes) else data
    return [
        Found(code, *(place[1:3] if place is not None else (None, None)))
        for code, _, place, _ in document.findings()
    ]


def codes(data: bytes | _core.Document) -> list[str]:
    return [one.code for one in found(data)]


def everything(document: _core.Document) -> tuple[Any, ...]:
    """All that a document says, to compare two of them."""
    return document.segments(), document.findings(), document.transactions(), document.interchanges()


def loops(data: bytes, transaction: int = 0) -> list[tuple[str, str]]:
    """Per segment of a transaction set its loop and its text, in document order."""
    document = read(data)
    _, first, end, _, _ = document.transactions()[transaction]
    return [(loop or "", "*".join(parts)) for _, loop, parts in document.segments()[first:end]]


def tree(data: bytes) -> list[tuple[str, str]]:
    """The nodes of the first transaction set as (loop, loop around it)."""
    nodes = read(data).transactions()[0][4]
    return [(name, nodes[parent][0]) for name, parent, _ in nodes[1:]]


def x12_fixtures() -> list[Path]:
    """Every X12 document among the fixtures."""
    return sorted(path for path in FIXTURES.rglob("*") if path.suffix in (".271", ".x12", ".edi"))


def all_fixtures() -> list[Path]:
    """Every answer among the fixtures; vendors' requests and the webhook are none."""
    skipped = ("cases.json", "PROVENANCE.md")
    documents = (".271", ".x12", ".edi", ".xml", ".json")
    return sorted(
        path
        for path in FIXTURES.rglob("*")
        if path.suffix in documents and path.name not in skipped and path.parent.name != "requests"
    )


# What says where something stood, or how it was sent, and not what it means.
_PLACES = ("position", "source", "results", "segments", "others")


def meaning(value: Any) -> Any:
    """A dumped record without places."""
    if isinstance(value, dict):
        return {name: meaning(one) for name, one in value.items() if name not in _PLACES}
    return [meaning(one) for one in value] if isinstance(value, (list, tuple)) else value
