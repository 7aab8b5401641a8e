"""Strategies: the 2110 loops of one patient, in which rules collide.

Written like the segments of `segments`, which stand under the EBs.
"""

from __future__ import annotations

from hypothesis import strategies as st

from .segments import (
    MESSAGES,
    Rows,
    few_entities,
    hsds,
    messages,
    no_entities,
    places,
    row_aaas,
    row_dtps,
    row_refs,
    some_entities,
    sometimes,
    status_dtps,
    weighted,
)

_LEVELS = ("IND", "FAM", "", "EMP", "IND", "FAM", "ECH")
_PLANS = (
    "*",
    "PR*GOLD",
    "PR*GOLD",
    "HM*GOLD",
    "PR*SILVER",
    "MA*",
    "MB*",
    "*GOLD",
    "HM*SILVER",
    "MA*GOLD",
    "Q7*",
)
_SOME_PLANS = ("*", "*", "*", "*", *_PLANS)
_NETWORKS = ("Y", "N", "", "W", "U", "Y", "N", "Z")
_TOTALS = ("23", "29", "24", "22", "25", "21", "", "23", "29", "24", "32", "33", "26", "27")
_AMOUNTS = (
    "500",
    "0",
    "250",
    "500.00",
    "1500",
    ".5",
    "99999.99",
    "1O0",
    "",
    "99999",
    "-25",
    "9999",
    "5.",
    ".",
)
_PERCENTS = (".2", "0", "1", "20", ".2", ".125", "", "x", "1.5", ".20")
_GENERAL = ("30", "", "30^98", "MH", "98", "30", "UC", "MH^98", "88^30")
_VISITS = ("98", "30", "", "1", "MH", "96", "A0", "3", "98^96", "UC", "30^98", "EI")
_PERIODS = ("27", "", "7", "26", "36", "23", "24", "29", "32", "34")
_PROCEDURES = ("",) * 9 + ("HC:99213",)

_STATUSES = ("1", "6", "1", "1", "6", "2", "3", "4", "5", "7", "8")
_STATUS_TYPES = ("30", "", "30^98", "MH", "30", "", "98", "MH^30", "UC", "AL")


def _row(
    *,
    kind: st.SearchStrategy[str],
    level: tuple[str, ...],
    types: tuple[str, ...],
    plan: tuple[str, ...],
    values: st.SearchStrategy[str],
    networks: tuple[str, ...],
    row_dtps: st.SearchStrategy[Rows],
    messages: st.SearchStrategy[Rows],
    entities: st.SearchStrategy[Rows],
) -> st.SearchStrategy[Rows]:
    """One 2110 loop; values is EB06 to EB10."""
    eb = st.tuples(
        kind,
        st.sampled_from(level),
        st.sampled_from(types),
        st.sampled_from(plan),
        values,
        st.sampled_from(("", "", "Y", "N", "U")),
        st.sampled_from(networks),
        st.sampled_from(_PROCEDURES),
    ).map(lambda parts: "*".join(("EB", *parts)).rstrip("*"))
    return st.tuples(
        eb,
        hsds,
        row_refs,
        row_dtps,
        row_aaas,
        messages,
        places,
        entities,
        st.sampled_from((False,) * 9 + (True,)),
    ).map(_in_order)


def _in_order(drawn: tuple[str, Rows, Rows, Rows, Rows, Rows, Rows, Rows, bool]) -> Rows:
    """As the guide orders them, or now and then with the entities first: note 3 of SPEC 1.2."""
    eb, hsds, refs, dtps, aaas, messages, places, entities, entities_first = drawn
    if entities_first:
        return [eb, *entities, *places, *messages, *aaas, *dtps, *refs, *hsds]
    return [eb, *hsds, *refs, *dtps, *aaas, *messages, *places, *entities]


def _values(
    periods: tuple[str, ...], amounts: tuple[str, ...], percents: tuple[str, ...]
) -> st.SearchStrategy[str]:
    quantity = st.sampled_from(("*",) * 12 + ("DB*3", "VS*12", "DY*.5"))
    return st.tuples(
        st.sampled_from(periods), st.sampled_from(amounts), st.sampled_from(percents), quantity
    ).map("*".join)


_nothing = ("",)
_status_row = _row(
    kind=st.sampled_from(_STATUSES),
    level=("", "IND", "FAM", "ESP", "E1D"),
    types=_STATUS_TYPES,
    plan=_PLANS,
    values=st.just("****"),
    networks=("", "", "Y"),
    row_dtps=status_dtps,
    messages=sometimes(MESSAGES, 1, rarity=6),
    entities=few_entities,
)
_accumulator_row = _row(
    kind=st.sampled_from("CG"),
    level=_LEVELS,
    types=_GENERAL,
    plan=_SOME_PLANS,
    values=_values(_TOTALS, _AMOUNTS, _nothing),
    networks=_NETWORKS,
    row_dtps=row_dtps,
    messages=messages,
    entities=no_entities,
)
_coinsurance_row = _row(
    kind=st.just("A"),
    level=_LEVELS,
    types=(*_GENERAL, "98"),
    plan=_SOME_PLANS,
    values=_values(_PERIODS, _nothing, _PERCENTS),
    networks=_NETWORKS,
    row_dtps=row_dtps,
    messages=messages,
    entities=no_entities,
)
_copay_row = _row(
    kind=st.just("B"),
    level=_LEVELS,
    types=_VISITS,
    plan=_SOME_PLANS,
    values=_values(_PERIODS, _AMOUNTS, _nothing),
    networks=_NETWORKS,
    row_dtps=row_dtps,
    messages=st.lists(st.sampled_from(MESSAGES), max_size=2),
    entities=no_entities,
)
_other_party_row = _row(
    kind=st.sampled_from(("R", "L", "MC", "U", "X", "1", "R", "L")),
    level=_nothing,
    types=("30", "", "MH", "88"),
    plan=("*", "12*", "HM*GOLD", "Q7*", "PR*"),
    values=st.just("****"),
    networks=_nothing,
    row_dtps=row_dtps,
    messages=sometimes(MESSAGES, 1, rarity=6),
    entities=some_entities,
)
_word_row = _row(
    kind=st.sampled_from(("V", "I", "E", "W", "F", "I", "V", "H", "J", "Y", "D", "CB", "SD", "U")),
    level=("", "IND"),
    types=("30", "", "MH", "30^MH"),
    plan=_SOME_PLANS,
    values=_values(("", "23"), ("", "100"), _nothing),
    networks=("", "Y", "N", "W"),
    row_dtps=row_dtps,
    messages=messages,
    entities=sometimes(["NM1*P3*1*SMITH*ANNA****XX*1234567893"], 1, rarity=8),
)


_Variant = tuple[str, str, str, str, Rows]  # EB03, EB06, EB07 or EB08, EB12, what follows


def _flurry(drawn: tuple[str, str, list[_Variant]]) -> Rows:
    kind, level, variants = drawn
    segments = []
    for types, period, value, network, followers in variants:
        amount_and_percent = f"*{value}" if kind == "A" else f"{value}*"
        segments.append(f"EB*{kind}*{level}*{types}***{period}*{amount_and_percent}****{network}".rstrip("*"))
        segments += followers
    return segments


def _flurries(
    kinds: str,
    types: tuple[str, ...],
    periods: tuple[str, ...],
    values: tuple[str, ...],
    followers: list[Rows],
) -> st.SearchStrategy[Rows]:
    """Rows that differ in little: where totals, applied and remaining amounts meet, and where rows tie."""
    variant = st.tuples(
        st.sampled_from(types),
        st.sampled_from(periods),
        st.sampled_from(values),
        st.sampled_from(("Y", "Y", "Y", "", "W", "N", "N", "U")),
        st.sampled_from(followers),
    )
    return st.tuples(
        st.sampled_from(kinds),
        st.sampled_from(("IND", "FAM", "", "EMP")),
        st.lists(variant, min_size=2, max_size=5),
    ).map(_flurry)


_accumulator_flurries = _flurries(
    "CG",
    ("30", "30", "30", "30^98", ""),
    ("23", "24", "29", "22", "23", "24"),
    ("500", "250", "0", "99999.99", "500.00", "1500"),
    [[], [], [], ["MSG*TIER 1"], ["III*ZZ*11"]],
)
_coinsurance_flurries = _flurries(
    "A",
    ("30", "30", "98", "MH"),
    ("27", "27", ""),
    (".2", ".20", "20", ".1"),
    [[], [], ["MSG*TIER 1"], ["III*ZZ*11"]],
)
_copay_flurries = _flurries(
    "B",
    ("98", "98", "30", "MH"),
    ("27", "27", ""),
    ("30", "30.00", "50", "0"),
    [[], ["MSG*SPECIALIST"], ["MSG*SPECIALIST"], ["MSG*PRIMARY CARE"], ["III*ZZ*11"], ["III*ZZ*10"]],
)


def _plans_side_by_side(drawn: list[tuple[str, str, Rows]]) -> Rows:
    return [segment for code, plan, dtps in drawn for segment in (f"EB*{code}**30*{plan}".rstrip("*"), *dtps)]


_several_plans = st.lists(
    st.tuples(
        st.sampled_from(("1", "6", "1", "5")),
        st.sampled_from(("PR*GOLD", "PR*GOLD", "PR*SILVER", "MA*", "MB*", "HM*GOLD", "*")),
        weighted((1, status_dtps), (1, st.builds(list))),
    ),
    min_size=2,
    max_size=3,
).map(_plans_side_by_side)


def flat(drawn: list[Rows]) -> Rows:
    return [segment for row in drawn for segment in row]


_money_row = weighted(
    (3, _accumulator_flurries),
    (1, _coinsurance_flurries),
    (2, _copay_flurries),
    (2, _accumulator_row),
    (1, _coinsurance_row),
    (2, _copay_row),
)
_any_row = weighted(
    (3, _status_row), (4, _money_row), (2, _other_party_row), (1, _word_row), (1, _several_plans)
)
_mixed_rows = st.lists(_any_row, max_size=7).map(flat)
_status_and_money = st.tuples(
    weighted((2, _status_row), (1, _several_plans)), st.lists(_money_row, min_size=2, max_size=6).map(flat)
).map(lambda drawn: drawn[0] + drawn[1])
_statuses_only = st.lists(_status_row, min_size=1, max_size=4).map(flat)
_without_status = st.lists(weighted((3, _word_row), (1, _money_row), (1, _other_party_row)), max_size=3).map(
    flat
)
_NON_COVERED = [
    "EB*I**30",
    "EB*I",
    "EB*I**30*********N",
    "EB*I**MH^30",
    "EB*I**30**********HC:99213",
    "EB*I**MH",
]
_silent = st.lists(st.sampled_from([*_NON_COVERED, "EB*V", "EB*U**30", "EB*W", "EB*E**30"]), max_size=3)
patient_rows = weighted(
    (5, _mixed_rows), (5, _status_and_money), (2, _statuses_only), (1, _without_status), (1, _silent)
)
