"""Seeded, invented answers for measuring: about 6 KB and 40 to 80 EB each, with every companion segment.

    python benchmarks/answers.py FOLDER [--seed N] [--sets N] [--files N]

writes one answer, N answers in one interchange, N files of one answer each, and the XML and JSON twins of the first.
The same seed gives the same bytes. They follow the guide: `x271.validate` has no finding. The reduced form leaves out
what x12sdk and linuxforhealth-x12 refuse, though it is common: III, PER in 2100A, EB09 with a letter code, HSD.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

_SERVICES = (
    *("1", "33", "35", "47", "48", "50", "86", "88", "98", "AL", "MH", "UC"),
    *("2", "4", "5", "6", "7", "8", "42", "45", "51", "52", "53", "62"),
)
_THERAPIES = ("AD", "AE", "AF", "PT")
_MESSAGES = (
    "OFFICE VISIT, PRIMARY CARE",
    "SPECIALIST",
    "COPAY AND COINSURANCE DO NOT APPLY TO PREVENTIVE CARE WITHIN THE NETWORK",
    "PRECERTIFICATION IS REQUIRED, CALL THE NUMBER ON THE CARD BEFORE THE SERVICE",
    "OUT OF NETWORK SERVICES ARE PAID BY THE ALLOWED AMOUNT, THE BALANCE MAY BE BILLED",
)


def _money(rng: random.Random, low: int, high: int) -> str:
    return f"{rng.randrange(low, high) * 50}"


def _plan(rng: random.Random) -> list[str]:
    year = rng.choice(("2025", "2026"))
    return [
        "EB*1*FAM*30*PR*EXAMPLE CHOICE PPO",
        f"REF*18*PLAN{rng.randrange(10**4):04}",
        f"DTP*291*RD8*{year}0101-20261231",
        "MSG*BENEFITS ARE SUBJECT TO THE TERMS OF THE PLAN",
        "EB*1**1^33^35^47^48^50^86^88^98^AL^MH^UC",
    ]


def _accumulators(rng: random.Random) -> list[str]:
    """Deductible and out-of-pocket: individual and family, in and out of network, total, to date, remaining."""
    rows = []
    for code in "CG":
        for level in ("IND", "FAM"):
            for network in "YN":
                for period in ("23", "24", "29"):
                    rows.append(f"EB*{code}*{level}*30***{period}*{_money(rng, 10, 200)}*****{network}")
                    if period == "23":
                        rows.append("DTP*292*RD8*20260101-20261231")
    return rows


def _services(rng: random.Random, *, reduced: bool) -> list[str]:
    """Coinsurance and copay of some services."""
    rows = []
    for service in _SERVICES[: rng.randrange(6, len(_SERVICES) + 1)]:
        rows.append(f"EB*A*IND*{service}***27**.{rng.randrange(1, 5)}****Y")
        rows.append(f"MSG*{rng.choice(_MESSAGES)}")
        rows.append(f"EB*B*IND*{service}***27*{_money(rng, 0, 2)}*****Y")
        rows.append(f"REF*18*PLAN{rng.randrange(10**4):04}")
        rows.append("DTP*348*D8*20260101")
        rows.append(f"MSG*{rng.choice(_MESSAGES)}")
        if not reduced:
            rows.append("III*ZZ*11")
    return rows


def _limits(rng: random.Random) -> list[str]:
    rows = []
    for service in _THERAPIES:
        rows += [
            f"EB*F*IND*{service}***23***VS*{rng.randrange(10, 60)}**Y",
            f"HSD*VS*{rng.randrange(10, 60)}***34*1",
            f"REF*9F*AUTH{rng.randrange(10**6):06}",
            "DTP*292*RD8*20260101-20261231",
            "MSG*LIMITS COMBINED",
        ]
    return rows


def _others() -> list[str]:
    """Another payer, and the doctor of primary care."""
    return [
        "EB*R**30*C1",
        "DTP*290*D8*20260101",
        "LS*2120",
        "NM1*SEP*2*SECOND EXAMPLE MUTUAL*****PI*SEM01",
        "N3*PO BOX 555",
        "N4*SAMPLE CITY*UT*84999",
        "PER*IC**TE*8005550120",
        "LE*2120",
        "EB*L**30",
        "LS*2120",
        "NM1*P3*1*PRIMER*ROBIN****XX*1999999984",
        "PER*IC**TE*7755550110",
        "PRV*PC*PXC*207Q00000X",
        "LE*2120",
    ]


def transaction(seed: int, *, reduced: bool = False) -> list[str]:
    """The segments ST to SE of one answer; reduced: without what some peers refuse."""
    rng = random.Random(seed)  # noqa: S311  (measuring, not secrecy)
    body = [
        f"ST*271*{seed % 10000:04}*005010X279A1",
        f"BHT*0022*11*REF{seed:08}*20261121*0900",
        "HL*1**20*1",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*EXH01",
        *(() if reduced else ("PER*IC*SERVICE*TE*8005550100*UR*WWW.EXAMPLE.TEST",)),
        "HL*2*1*21*1",
        "NM1*1P*2*EXAMPLE CLINIC*****XX*1999999984",
        "HL*3*2*22*0",
        f"TRN*2*TRACE{seed:08}*9EXAMPLE01",
        f"NM1*IL*1*SAMPLE*AVERY****MI*EXH{seed:09}",
        f"REF*6P*GRP{rng.randrange(10**5):05}",
        "REF*18*PLAN01",
        "N3*100 EXAMPLE STREET",
        "N4*EXAMPLEVILLE*NV*89999",
        "DMG*D8*19840229*F",
        "DTP*346*D8*20260101",
        *_plan(rng),
        *_accumulators(rng),
        *_services(rng, reduced=reduced),
        *(() if reduced else _limits(rng)),
        *_others(),
    ]
    return [*body, f"SE*{len(body) + 1}*{seed % 10000:04}"]


def interchange(count: int = 1, seed: int = 1, *, reduced: bool = False) -> bytes:
    """An interchange of `count` transaction sets."""
    sets = [transaction(seed + at, reduced=reduced) for at in range(count)]
    segments = [
        "ISA*00*          *00*          *ZZ*EXAMPLEPAYER   *ZZ*EXAMPLECLINIC  *261121*0900*^*00501*000000001*0*P*:",
        "GS*HB*EXAMPLEPAYER*EXAMPLECLINIC*20261121*0900*1*X*005010X279A1",
        *(segment for one in sets for segment in one),
        f"GE*{count}*1",
        "IEA*1*000000001",
    ]
    return ("~".join(segments) + "~").encode("ascii")


def counts(sets: int, seed: int = 1, *, reduced: bool = False) -> dict[str, int]:
    """What `interchange` holds: transaction sets, EB, service types of EB03, messages."""
    segments = [segment for at in range(sets) for segment in transaction(seed + at, reduced=reduced)]
    benefits = [segment.split("*") for segment in segments if segment.startswith("EB*")]
    return {
        "sets": sets,
        "benefits": len(benefits),
        "services": sum(len(row[3].split("^")) for row in benefits if len(row) > 3 and row[3]),
        "messages": sum(segment.startswith("MSG*") for segment in segments),
    }


def write(folder: Path, *, seed: int = 1, sets: int = 1000, files: int = 500) -> None:
    """The corpus: `one.271`, `one.xml`, `one.json`, `many.271`, `files-full/`, and the reduced forms."""
    from x271.forms import to_json, to_xml

    folder.mkdir(parents=True, exist_ok=True)
    one = interchange(1, seed)
    (folder / "one.271").write_bytes(one)
    (folder / "one.xml").write_bytes(to_xml(one))
    (folder / "one.json").write_bytes(to_json(one))
    (folder / "many.271").write_bytes(interchange(sets, seed))
    (folder / "one-reduced.271").write_bytes(interchange(1, seed, reduced=True))
    (folder / "many-reduced.271").write_bytes(interchange(sets, seed, reduced=True))
    for name, reduced in (("files-full", False), ("files-reduced", True)):
        (folder / name).mkdir(exist_ok=True)
        for at in range(files):
            (folder / name / f"{at:05}.271").write_bytes(interchange(1, seed + at, reduced=reduced))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--sets", type=int, default=1000)
    ask.add_argument("--files", type=int, default=500)
    args = ask.parse_args()
    write(args.folder, seed=args.seed, sets=args.sets, files=args.files)


if __name__ == "__main__":
    main()
