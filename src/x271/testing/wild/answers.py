"""`wild_responses`: answers that can be read, in which rules collide and codes are any, and `wild_questions` to them.

The rows are those of `rows`. Segments are written with * ^ : and ~; no value may hold one of these characters.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import strategies as st

from ..document import Document, Sheet
from .rows import patient_rows
from .segments import Rows, dtps, sometimes, weighted

_LEVEL_DTPS = dtps(
    ("346", "291", "356", "307", "382", "539"), ("347", "357", "540"), ("291", "307", "472"), ("472", "442")
)
_level_dtps = sometimes(_LEVEL_DTPS, 2, rarity=2)

_LEGAL = ("72", "42", "75", "15", "41", "80", "T4", "73", "71", "68", "04")
_UNLISTED = ("54", "55", "T5", "ZQ", "A1", "01")  # legal but not VSee's, VSee's but not legal, unknown, base
_AAAS = [f"AAA*N**{code}*{action}" for code, action in product(_LEGAL + _UNLISTED, "CNRQ")]
_level_aaas = sometimes(_AAAS, 2, rarity=8)
_top_aaas = sometimes(_AAAS, 2, rarity=25)

_LEVEL_REFS = [
    "REF*6P*GRP1",
    "REF*1L*POL1",
    "REF*18*PLAN1*THE PLAN",
    "REF*IG*IG1",
    "REF*1W*W1",
    "REF*EJ*ACCT1",
    "REF*6P*GRP2",
]
_level_refs = sometimes(_LEVEL_REFS, 3, rarity=1)

_TRACES: list[Rows] = [
    ["TRN*2*T1*9CLEARING1"],
    [],
    ["TRN*2*T2*9CLEARING1"],
    ["TRN*1*T1*9PAYERPAYE"],
    ["TRN*1*T9*9PAYERPAYE", "TRN*2*T1*9CLEARING1"],
    ["TRN*2*T2*9CLEARING1", "TRN*2*T1*9CLEARING1"],
    [],
]
_DMGS: list[Rows] = [
    ["DMG*D8*19800101*F"],
    [],
    ["DMG*D8*19800101*M"],
    ["DMG*D8*20260230*U"],
    ["DMG*D8*20260315"],
    ["DMG***F"],
]
_ADDRESSES: list[Rows] = [
    [],
    ["N3*5 OAK ST", "N4*RENO*NV*89501"],
    ["N3*5 OAK ST*UNIT 1"],
    ["N4*RENO**89501"],
]
_SUBSCRIBERS = (
    "NM1*IL*1*DOE*JANE****MI*W100",
    "NM1*IL*1*DOE*JANE****MI*W100",
    "NM1*IL*1*DOE*JOHN****II*H200",
    "NM1*IL*1*DOE*JANE",
    "NM1*IL*1*ROE",
)
_DEPENDENTS = ("NM1*03*1*DOE*BABY", "NM1*03*1*ROE *SAM", "NM1*03*1*DOE")
_SUBSCRIBER_INS: list[Rows] = [[], [], ["INS*Y*18*001*25"], ["INS*Y*18"], ["INS*Y*18*001"]]
_DEPENDENT_INS: list[Rows] = [
    ["INS*N*19"],
    [],
    ["INS*N*01*001*25"],
    ["INS*N*G8"],
    ["INS*N*19**25"],
    ["INS*N*ZZ"],
]


def _level(names: tuple[str, ...], ins: list[Rows]) -> st.SearchStrategy[Rows]:
    """What stands between HL and the first EB."""
    return st.tuples(
        st.sampled_from(_TRACES),
        sometimes(_AAAS, 1, rarity=25),
        st.sampled_from(names).map(lambda name: [name]),
        _level_refs,
        st.sampled_from(_ADDRESSES),
        _level_aaas,
        st.sampled_from(_DMGS),
        st.sampled_from(ins),
        _level_dtps,
    ).map(lambda drawn: [segment for part in drawn for segment in part])


_rows_or_none: st.SearchStrategy[Rows] = weighted((2, patient_rows), (1, st.builds(list)))
_dependent = st.tuples(_level(_DEPENDENTS, _DEPENDENT_INS), _rows_or_none)
_subscriber = st.tuples(
    _level(_SUBSCRIBERS, _SUBSCRIBER_INS),
    patient_rows,
    st.lists(_dependent, max_size=2),
    st.sampled_from((True, False)),
)
_PAYER_NM1S = (
    "NM1*PR*2*ACME HEALTH*****PI*12345",
    "NM1*PR*2*ACME HEALTH*****PI*12345",
    "NM1*2B*2*FUND OFFICE*****FI*999",
    "NM1*PR*2******PI*12345",
)
_PAYER_CONTACTS: list[Rows] = [
    [],
    [],
    ["PER*IC**TE*8005551212*FX*8005551213*UR*ACME.EXAMPLE"],
    ["PER*IC**FX*8005551213", "PER*IC*CLAIMS*UR*ACME.EXAMPLE"],
]
_source = st.tuples(
    _top_aaas,
    st.sampled_from(_PAYER_NM1S).map(lambda name: [name]),
    st.sampled_from(_PAYER_CONTACTS),
    _top_aaas,
)
_RECEIVERS: list[Rows] = [["NM1*1P*2*CLINIC*****XX*1234567893"]] * 7 + [[]]  # 2000B is situational
_ANSWERED = ("20261121", "20261121", "20261120", "20261125", "", "20261332")

_Subscriber = tuple[Rows, Rows, list[tuple[Rows, Rows]], bool]
_Transaction = tuple[str, tuple[Rows, Rows, Rows, Rows], Rows, Rows, list[_Subscriber], bool]

_transaction = st.tuples(
    st.sampled_from(_ANSWERED),
    _source,
    st.sampled_from(_RECEIVERS),
    _top_aaas,
    st.one_of(
        [st.lists(_subscriber, min_size=1, max_size=1) for _ in range(5)]
        + [st.lists(_subscriber, max_size=2)]
    ),
    st.sampled_from((False, True)),
)


def _segments(drawn: _Transaction, number: int) -> Rows:
    """One ST, with HL ids, HL04 and SE counted."""
    answered, source, receiver, receiver_aaas, subscribers, dependents_last = drawn
    control = f"{number:04}"
    before_name, payer, contacts, after_name = source
    segments = [f"ST*271*{control}*005010X279A1", f"BHT*0022*11*REF{number}*{answered}*0900"]
    segments += [f"HL*1**20*{1 if subscribers else 0}", *before_name, *payer, *contacts, *after_name]
    above = 1
    if subscribers and receiver:
        segments += ["HL*2*1*21*1", *receiver, *receiver_aaas]
        above = 2
    next_id = above + 1
    waiting: list[tuple[int, Rows]] = []
    for level, rows, dependents, has_rows in subscribers:
        own_id, next_id = next_id, next_id + 1
        segments += [f"HL*{own_id}*{above}*22*{1 if dependents else 0}", *level]
        segments += rows if has_rows or not dependents else []
        below = [(own_id, dependent_level + dependent_rows) for dependent_level, dependent_rows in dependents]
        if dependents_last:  # note 5 of SPEC 1.2: the parent is found by HL02, not by order
            waiting += below
            continue
        for parent, body in below:
            segments += [f"HL*{next_id}*{parent}*23*0", *body]
            next_id += 1
    for parent, body in waiting:
        segments += [f"HL*{next_id}*{parent}*23*0", *body]
        next_id += 1
    return [*segments, f"SE*{len(segments) + 1}*{control}"]


_DELIMITERS = (
    ("*", "^", ":", "~", ""),
    ("*", "^", ":", "~", "\n"),
    ("*", "U", ":", "~", ""),  # the 4010 value: ^ still separates
    ("|", "!", ">", "~", "\r\n"),
    ("*", "^", ":", "\n", ""),
)


def _interchange(drawn: tuple[list[_Transaction], tuple[str, str, str, str, str]]) -> Document:
    transactions, (element, repetition, component, terminator, after) = drawn
    sets = [_segments(transaction, number) for number, transaction in enumerate(transactions, start=1)]
    is_letter = repetition.isalnum()
    parties = f"ZZ*{'PAYERX':15}*ZZ*{'RECEIVER':15}"
    segments = (
        f"ISA*00*{'':10}*00*{'':10}*{parties}*261121*0900*{repetition if is_letter else '^'}*00501*000000001*0*P*:",
        "GS*HB*PAYERX*RECEIVER*20261121*0900*1*X*005010X279A1",
        *(segment for one in sets for segment in one),
        f"GE*{len(transactions)}*1",
        "IEA*1*000000001",
    )
    style = element + ("^" if is_letter else repetition) + component + terminator
    return Document.of(Sheet(segments, style, after))


def wild_responses() -> st.SearchStrategy[Document]:
    """Answers as bad as they may be and still be read: any mix of patients, plans, money and parties.

    Segments stand in their loops and are counted; codes, dates, amounts and what a row says together with what it says
    elsewhere are often not what the guide allows. For programs that pick one value out of an answer: near misses and
    ties are frequent.
    """
    return st.tuples(
        st.one_of(
            [st.lists(_transaction, min_size=1, max_size=1) for _ in range(6)]
            + [st.lists(_transaction, min_size=2, max_size=2)]
        ),
        st.sampled_from((_DELIMITERS[0],) * 5 + _DELIMITERS),
    ).map(_interchange)


def wild_questions() -> st.SearchStrategy[dict[str, Any]]:
    """What may be asked of such an answer: keyword arguments of `x271.normalize_all`."""
    return st.fixed_dictionaries(
        {
            "date_of_service": st.sampled_from(
                (
                    "2026-11-21",
                    "2026-11-21",
                    None,
                    "2026-11-22",
                    "2026-11-20",
                    "2026-11-21/2026-11-30",
                    "2025-06-30",
                    "2027-01-01",
                )
            ),
            "service_types": st.sampled_from(
                (("30",), ("30",), ("98",), ("MH", "30"), ("UC",), ("MH",), ("30", "98", "AL"))
            ),
            "trace": st.sampled_from((None, None, None, None, None, "T1", "T1", "T2", "T9")),
        }
    )
