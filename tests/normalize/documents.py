"""Small answers for the tests of the record: an envelope around the segments that matter."""

from __future__ import annotations

from pathlib import Path

from variants import VARIANTS
from x12 import all_fixtures

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
DAY = "2026-11-21"

_HEAD = (
    "ISA*00*          *00*          *ZZ*ACMEPAYER      *ZZ*RECEIVER       *261121*0900*^*00501*000000001*0*P*:",
    "GS*HB*ACMEPAYER*RECEIVER*20261121*0900*1*X*005010X279A1",
    "ST*271*0001*005010X279A1",
    "BHT*0022*11*REF1*20261121*0900",
)
SOURCE = ("HL*1**20*1", "NM1*PR*2*ACME HEALTH*****PI*12345")
RECEIVER = ("HL*2*1*21*1", "NM1*1P*2*CLINIC*****XX*1234567893")
SUBSCRIBER = ("HL*3*2*22*0", "NM1*IL*1*DOE*JANE****MI*W100", "DMG*D8*19800101*F")


def answer(
    *rows: str,
    source: tuple[str, ...] = SOURCE,
    receiver: tuple[str, ...] = RECEIVER,
    subscriber: tuple[str, ...] = SUBSCRIBER,
) -> bytes:
    """A 271 of one subscriber with these rows (everything after its 2100C)."""
    body = [*_HEAD, *source, *receiver, *subscriber, *rows]
    count = len(body) - 2 + 1
    return "".join(
        f"{segment}~" for segment in (*body, f"SE*{count}*0001", "GE*1*1", "IEA*1*000000001")
    ).encode()


def case(name: str) -> bytes:
    """The document of a case of the specification."""
    return (FIXTURES / "cases" / f"{name}.x12").read_bytes()


def fixtures() -> dict[str, bytes | Path]:
    """Every document of the fixtures by name, and every variant."""
    found: dict[str, bytes | Path] = {}
    for folder in ("archive", "cases", "ppmd"):
        for path in all_fixtures():
            if path.parent.name == folder:
                found[f"{folder}/{path.name}"] = path
    return found | {f"variants/{name}": variant.data for name, variant in VARIANTS.items()}
