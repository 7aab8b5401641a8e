"""Strategies: what stands under a name or an EB: dates, references, messages, rejections, entities.

Every vocabulary is small, so that ties and near misses are frequent. The first word of each is the plain
one, so that a failing answer shrinks to plain rows. Segments are written with * ^ and :, which
`answers` translates; no value may hold one of these characters.
"""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

Rows = list[str]

# --- dates: around the date of service 2026-11-21; wild_questions() may ask for the days beside it

_D8 = ("20260101", "20261121", "20261122", "20261120", "20250101", "20260630", "20261231", "20270101")
_ENDS_D8 = ("20261231", "20261120", "20261121", "20260630", "20991231", "99991231", "20270101")
_RD8 = (
    "20260101-20261231",
    "20250101-20251231",
    "20260701-20261121",
    "20261121-20261121",
    "20261120-20261120",
    "20261121-20261130",
    "20260101-99991231",
    "20250101-20261120",
    "20270101-20271231",
)
_STARTS = ("346", "291", "356", "307", "348", "193", "292", "472", "290")
_ENDS = ("347", "349", "357", "194", "540")


def dtps(
    starts: tuple[str, ...], ends: tuple[str, ...], ranges: tuple[str, ...], single: tuple[str, ...] = ()
) -> list[str]:
    return (
        [f"DTP*{q}*D8*{day}" for day, q in product(_D8, starts + single)]
        + [f"DTP*{q}*D8*{day}" for day, q in product(_ENDS_D8, ends)]
        + [f"DTP*{q}*RD8*{span}" for span, q in product(_RD8, ranges)]
        + [f"DTP*{q}*D8*20261332" for q in (*starts, *ends)]
        + [f"DTP*{q}*RD8*20260101-20261332" for q in ranges]
    )


_RANGES = ("291", "307", "292", "472", "291", "307")
_ROW_DTPS = dtps(_STARTS, ("347", "349", "357", "194"), (*_RANGES, "346", "347", "290"))
_STATUS_DTPS = dtps(
    ("346", "291", "307", "356", "348"), ("347", "347", "349", "357"), _RANGES, ("472", "472")
)


def _same(drawn: Rows) -> Rows:
    return drawn


def weighted(*choices: tuple[int, st.SearchStrategy[Rows]]) -> st.SearchStrategy[Rows]:
    """one_of with weights. It counts a strategy once however often it is given, so each gets its own map."""
    return st.one_of(*[strategy.map(_same) for weight, strategy in choices for _ in range(weight)])


def sometimes(segments: list[str], most: int, *, rarity: int) -> st.SearchStrategy[Rows]:
    """Up to `most` of the segments; each place is empty rarity times as often as not."""
    place = st.sampled_from([""] * (rarity * len(segments)) + segments)
    return st.tuples(*[place] * most).map(lambda drawn: [segment for segment in drawn if segment])


row_dtps = sometimes(_ROW_DTPS, 2, rarity=4)
status_dtps = sometimes(_STATUS_DTPS, 2, rarity=1)

# --- AAA, REF, MSG, III, HSD

_ROW_AAAS = [f"AAA*{valid}**{code}*N" for code, valid in product(("70", "33", "54", "T5", "ZQ"), "NY")]
row_aaas = sometimes(_ROW_AAAS, 1, rarity=30)

_ROW_REFS = ["REF*6P*ROWGRP", "REF*1L*ROWPOL*THE GROUP", "REF*18*ROWPLAN", "REF*IG*ROWIG", "REF*6P*ROWGRP2"]
row_refs = sometimes(_ROW_REFS, 2, rarity=4)

MESSAGES = [
    "MSG*SPECIALIST",
    "MSG*PRIMARY CARE",
    "MSG*TIER 1",
    "MSG*NON-SPECIALIST",
    "MSG*NON SPECIALIST",
    "MSG*PCP OR SPECIALIST",
    "MSG*Specialist visit",
    "MSG*NON-SPECIALIST OR SPECIALIST",
    "MSG*Primary Care Physician",
    "MSG*PCP",
    "MSG*NON",
]
messages = sometimes(MESSAGES, 2, rarity=4)
_PLACES = ["III*ZZ*11", "III*ZZ*10", "III*ZZ*22", "III*GR*11"]
places = sometimes(_PLACES, 2, rarity=6)
_HSDS = ["HSD*VS*12*WK*3*34*1", "HSD*VS*12", "HSD****29", "HSD*DY*5**1*27"]
hsds = sometimes(_HSDS, 2, rarity=12)

# --- 2120

_ORGANIZATIONS = ("PR", "PRP", "SEP", "TTP", "Y2", "VER", "2B", "I3", "VN", "X3", "1I", "GW", "P3")
_OTHERS = ("FA", "36", "P5", "GP", "13", "OC", "1P", "Q9")
_NAMES = (
    "2*ACME HEALTH*****PI*12345",
    "2*OTHER HEALTH*****PI*999",
    "2*OTHER HEALTH",
    "2*ACME HEALTH",
    "2*ACME HEALTH*****PI*999",
    "2******PI*12345",
    "2*THIRD FUND*****XX*1234567893",
)
_PERSONS = (
    "1*SMITH*ANNA****XX*1234567893",
    "1*SMITH*ANNA****SV*998877",
    "1*JONES*BOB",
    "1*LEE",
)
_PEOPLE = ("P3", "1P", "P3", "73", "IL", "LR", "13", "PR")
_NM1S = [
    f"NM1*{kind}*{name}"
    for name, kind in product(_NAMES, (*_ORGANIZATIONS, "PR", "PR", "PRP", "VER", *_OTHERS))
]
_NM1S += [f"NM1*{kind}*{name}" for name, kind in product(_PERSONS, _PEOPLE)]
_DETAILS: list[Rows] = [
    [],
    ["PER*IC**TE*7025550101"],
    ["N3*1 MAIN ST*APT 2", "N4*RENO*NV*89501", "PER*IC*DESK*WP*7025550102*FX*7025550103"],
    ["N3*9 ELM ST"],
    ["N4*RENO*NV"],
    ["PER*IC**UR*PLAN.EXAMPLE", "PER*IC**FX*7025550104*TE*7025550105*WP*7025550106"],
    ["N3*1 MAIN ST", "N4*RENO**89501", "PER*IC**EM*A AT B", "PRV*PC*PXC*207Q00000X"],
]
_entity = st.tuples(st.sampled_from(_NM1S), st.sampled_from(_DETAILS)).map(
    lambda drawn: [drawn[0], *drawn[1]]
)


def _loop_2120(drawn: tuple[list[Rows], str]) -> Rows:
    """With LS and LE, without both, or left open: note 2 of SPEC 1.2."""
    entities, form = drawn
    inside = [segment for entity in entities for segment in entity]
    return {
        "both": ["LS*2120", *inside, "LE*2120"],
        "none": inside,
        "open": ["LS*2120", *inside],
    }[form]


some_entities = st.tuples(
    st.lists(_entity, min_size=1, max_size=2), st.sampled_from(("both", "both", "both", "none", "open"))
).map(_loop_2120)
no_entities: st.SearchStrategy[Rows] = st.builds(list)
few_entities = weighted((1, no_entities), (1, some_entities))
