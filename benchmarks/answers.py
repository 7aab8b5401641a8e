"""Seeded, invented answers for measuring: about 6 KB and 60 EB each, with all companion segments."""

from __future__ import annotations

import random

_SERVICES = ("30", "1", "33", "35", "47", "48", "50", "86", "88", "98", "AL", "MH", "UC")


def _benefits(rng: random.Random) -> list[str]:
    """About sixty EB with what hangs on them."""

    def money(low: int, high: int) -> str:
        return f"{rng.randrange(low, high) * 50}"

    rows = [
        "EB*1*FAM*30*PR*EXAMPLE CHOICE PPO",
        "DTP*346*D8*20260101",
        "DTP*347*D8*20261231",
        "EB*1**1^33^35^47^48^50^86^88^98^AL^MH^UC",
    ]
    for code in "CG":
        for level in ("IND", "FAM"):
            for network in "YN":
                for period in ("23", "29", "24"):
                    rows.append(f"EB*{code}*{level}*30***{period}*{money(10, 200)}*****{network}")
    for service in _SERVICES[1:]:
        rows.append(f"EB*A*IND*{service}***27**.{rng.randrange(1, 5)}****Y")
        rows.append(f"EB*B*IND*{service}***27*{money(0, 2)}*****Y")
        rows += ["MSG*OFFICE VISIT, PRIMARY CARE", "III*ZZ*11"]
        rows += [f"DTP*292*RD8*{rng.choice(('2025', '2026'))}0101-20261231"]
        rows += [f"REF*18*PLAN{rng.randrange(10**4):04}*EXAMPLE CHOICE PPO {service}"]
        rows += ["MSG*COPAY AND COINSURANCE DO NOT APPLY TO PREVENTIVE CARE WITHIN THE NETWORK"]
    rows.append("EB*B*IND*98***27*60*****Y")
    rows.append("MSG*SPECIALIST")
    for service in ("AD", "AE", "AF", "PT"):
        rows.append(f"EB*F*IND*{service}******VS*{rng.randrange(10, 60)}**Y")
        rows += ["HSD*VS*12***34*1", f"REF*G1*AUTH{rng.randrange(10**6):06}", "MSG*LIMITS COMBINED"]
    for service in ("4", "5", "12", "18", "42", "45"):
        rows += [
            f"EB*A*IND*{service}*PR*EXAMPLE CHOICE PPO*27**.2****N",
            f"DTP*348*RD8*20260101-2026{rng.randrange(10, 13)}30",
            "MSG*OUT OF NETWORK SERVICES ARE PAID BY THE ALLOWED AMOUNT, THE BALANCE MAY BE BILLED",
        ]
    rows += [
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
        "NM1*P3*1*PRIMER*ROBIN****XX*2999000039",
        "PER*IC**TE*7755550110",
        "PRV*PC*PXC*207Q00000X",
        "LE*2120",
    ]
    return rows


# What x12sdk and linuxforhealth-x12 refuse, though it is common: see PEERS in the docstring of parse_typed.py.
_REFUSED_BY_PEERS = ("III*", "PER*IC*SERVICE", "EB*F*", "HSD*", "REF*G1*", "MSG*LIMITS", "DTP*347*")


def transaction(seed: int, *, reduced: bool = False) -> list[str]:
    """The segments ST to SE of one answer; reduced: without what some peers refuse."""
    rng = random.Random(seed)  # noqa: S311  (measuring, not secrecy)
    body = [
        f"ST*271*{seed % 10000:04}*005010X279A1",
        f"BHT*0022*11*REF{seed:08}*20261121*0900",
        "HL*1**20*1",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*EXH01",
        "PER*IC*SERVICE*TE*8005550100*UR*WWW.EXAMPLE.TEST",
        "HL*2*1*21*1",
        "NM1*1P*2*EXAMPLE CLINIC*****XX*1999999984",
        "HL*3*2*22*0",
        f"TRN*2*TRACE{seed:08}*9EXAMPLE01",
        f"NM1*IL*1*SAMPLE{seed}*AVERY****MI*EXH{seed:09}",
        f"REF*6P*GRP{rng.randrange(10**5):05}",
        "REF*18*PLAN01",
        "N3*100 EXAMPLE STREET",
        "N4*EXAMPLEVILLE*NV*89999",
        "DMG*D8*19840229*F",
        "DTP*346*D8*20260101",
        *_benefits(rng),
    ]
    if reduced:
        body = [segment for segment in body if not segment.startswith(_REFUSED_BY_PEERS)]
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
