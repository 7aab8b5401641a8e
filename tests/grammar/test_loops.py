"""Which loop each segment belongs to: SPEC 1.2 and its notes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from x12 import (
    ACTIVE,
    DEPENDENT,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    SUBSCRIBER_ABOVE,
    Found,
    answer,
    found,
    interchange,
    loops,
    segments,
    transaction,
    tree,
    written,
)
from x271.grammar.answer import Dependent, Subscriber
from x271.grammar.compiled import description

# SPEC 1.2: per loop the loop around it, and its segments in the order in which they must appear.
LOOPS = {
    "271": ("", "ST BHT SE"),
    "2000A": ("271", "HL AAA"),
    "2100A": ("2000A", "NM1 PER AAA"),
    "2000B": ("2000A", "HL"),
    "2100B": ("2000B", "NM1 REF N3 N4 AAA PRV"),
    "2000C": ("2000B", "HL TRN"),
    "2100C": ("2000C", "NM1 REF N3 N4 AAA PRV DMG INS HI DTP MPI"),
    "2110C": ("2100C", "EB HSD REF DTP AAA MSG"),
    "2115C": ("2110C", "III"),
    "2120C": ("2110C", "NM1 N3 N4 PER PRV"),
    "2000D": ("2000C", "HL TRN"),
    "2100D": ("2000D", "NM1 REF N3 N4 AAA PRV DMG INS HI DTP MPI"),
    "2110D": ("2100D", "EB HSD REF DTP AAA MSG"),
    "2115D": ("2110D", "III"),
    "2120D": ("2110D", "NM1 N3 N4 PER PRV"),
}
LEVELS = {"2000A": "20", "2000B": "21", "2000C": "22", "2000D": "23"}


def made(*body: str) -> bytes:
    """A whole interchange around the body of one transaction set."""
    return written(interchange(transaction(*body)))


def below(data: bytes, start: str) -> list[tuple[str, str]]:
    """Loop and text from the first segment that starts so, without SE."""
    placed = loops(data)
    first = next(at for at, (_, text) in enumerate(placed) if text.startswith(start))
    return placed[first:-1]


def test_the_map_is_the_table_of_the_specification() -> None:
    described = description()["transactions"]["271"]["loops"]
    assert {item["id"]: (item["parent"], " ".join(item["segments"])) for item in described} == LOOPS
    assert {item["id"]: item["level"] for item in described if item["level"]} == LEVELS
    bounded = {item["id"]: item["bounds"] for item in described if item["bounds"]}
    assert bounded == {"2120C": ["LS", "LE"], "2120D": ["LS", "LE"]}
    once = {item["id"] for item in described if item["repeat"] == 1}
    assert {"2100A", "2100B", "2100C", "2100D"} <= once
    assert not once & {
        "2000A",
        "2000B",
        "2000C",
        "2000D",
        "2110C",
        "2110D",
        "2115C",
        "2115D",
        "2120C",
        "2120D",
    }


def test_a_full_answer_in_the_order_of_the_table_stands_in_its_loops() -> None:
    samples = {
        "HL": "HL*1**20*1", "NM1": "NM1*PR*2*X", "AAA": "AAA*N**42*R", "PER": "PER*IC**TE*1", "REF": "REF*6P*1",
        "N3": "N3*1", "N4": "N4*RENO*NV*89501", "PRV": "PRV*PC*PXC*1", "TRN": "TRN*2*T1*9X",
        "DMG": "DMG*D8*19800101*F", "INS": "INS*Y*18", "HI": "HI*ABK:R51", "DTP": "DTP*291*D8*20260101",
        "MPI": "MPI*A*AE*F", "EB": ACTIVE, "HSD": "HSD*VS*1", "MSG": "MSG*1", "III": "III*ZZ*11",
    }  # fmt: skip
    heads = {"2000A": "HL*1**20*1", "2000B": "HL*2*1*21*1", "2000C": "HL*3*2*22*1", "2000D": "HL*4*3*23*0"}
    body = []
    for name, (_, held) in list(LOOPS.items())[1:]:
        inside = [(name, heads.get(name, "") if one == "HL" else samples[one]) for one in held.split()]
        if name.startswith("2120"):
            around = "2110" + name[-1]
            inside = [(around, "LS*2120"), *inside, (around, "LE*2120")]
        body += inside
    data = made(*(text for _, text in body))
    assert loops(data)[2:-1] == body
    assert [one for one in found(data) if one.code != "UNKNOWN_CODE"] == []


@pytest.mark.parametrize("row", [ACTIVE, "EB*1"])
def test_the_parent_is_named_by_hl02_and_not_by_the_order(row: str) -> None:
    twins = ["HL*5*2*22*1", "NM1*IL*1*ROE*RICHARD"]
    second = ["HL*6*5*23*0", "NM1*03*1*ROE*RITA", row]
    first = ["HL*4*3*23*0", "NM1*03*1*DOE*BABY", row]
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *twins, *first, *second)
    assert found(data) == []
    (read,) = x271.parse(data).answers()

    def first_name(one: Subscriber | Dependent) -> str:
        return one.name.name.first_name if one.name and one.name.name else ""

    names = [
        (first_name(one), [first_name(child) for child in one.dependents])
        for one in read.sources[0].receivers[0].subscribers
    ]
    assert names == [("JANE", ["BABY"]), ("RICHARD", ["RITA"])]


def test_a_dependent_may_follow_other_subscribers() -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, "HL*9*2*22*0", "NM1*IL*1*ROE", *DEPENDENT, ACTIVE)
    assert found(data) == []
    assert [record.subscriber.last_name for record in x271.normalize_all(data)] == ["ROE", "DOE"]


def test_an_answer_need_not_name_who_asked() -> None:
    subscriber = ["HL*3*1*22*0", *SUBSCRIBER[1:]]
    data = made(*SOURCE, *subscriber, ACTIVE)
    assert found(data) == []
    assert ("2000C", "2000A") in tree(data)
    assert x271.normalize(data).payer.name == "ACME HEALTH"
    assert [one.name.last_name for one in next(x271.parse(data).answers()).patients() if one.name] == ["DOE"]


def test_an_hl02_that_names_nobody_gets_the_nearest_level_above() -> None:
    data = made(
        *SOURCE, *RECEIVER, "HL*3*7*22*1", *SUBSCRIBER_ABOVE[1:], "HL*4*8*23*0", *DEPENDENT[1:], ACTIVE
    )
    assert found(data) == [Found("BAD_HL", 9, 2), Found("BAD_HL", 12, 2)]
    assert ("2000D", "2000C") in tree(data)
    assert ("2000C", "2000B") in tree(data)
    alone = made(*SOURCE, "HL*3*7*22*0", *SUBSCRIBER[1:], ACTIVE)
    assert ("2000C", "2000A") in tree(alone)


def test_an_hl02_that_names_a_level_below_or_beside_is_no_parent() -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER, "HL*4*3*22*0", "NM1*IL*1*ROE", "HL*5*4*21*0", *RECEIVER[1:])
    assert [one for one in found(data) if one.code == "BAD_HL"] == [
        Found("BAD_HL", 13, 2),
        Found("BAD_HL", 15, 2),
    ]
    assert [one for one in tree(data) if one[0] in LEVELS] == [
        ("2000A", "271"),
        ("2000B", "2000A"),
        ("2000C", "2000B"),
        ("2000C", "2000B"),
        ("2000B", "2000A"),
    ]


@pytest.mark.parametrize("level", ["", "ZZ", "2", "022"])
def test_an_hl03_that_names_no_level_is_the_level_below_its_parent(level: str) -> None:
    data = made(*SOURCE, *RECEIVER, f"HL*3*2*{level}*0", *SUBSCRIBER[1:], ACTIVE)
    assert [one for one in found(data) if one.code == "BAD_HL"] == [Found("BAD_HL", 9, 3)]
    assert x271.normalize(data).coverage == "active"


def test_levels_that_say_nothing_at_all_are_kept_and_reported() -> None:
    data = made("HL", "HL*2*X*Q", "NM1*IL*1*DOE", "HL*3*9*ZZ")
    assert [one.code for one in found(data)].count("BAD_HL") == 3
    assert len(segments(data)) == 11
    assert x271.normalize_all(data) == []


@pytest.mark.parametrize(
    ("subscriber", "dependents", "findings"),
    [
        ("HL*3*2*22*1", (), [Found("HL_CHILD_MISMATCH", 9, 4)]),
        ("HL*3*2*22*0", DEPENDENT, [Found("HL_CHILD_MISMATCH", 9, 4)]),
        ("HL*3*2*22", DEPENDENT, []),
        ("HL*3*2*22", (), []),
        ("HL*3*2*22*1", DEPENDENT, []),
        ("HL*3*2*22*1", ("HL*4*3*23*1", *DEPENDENT[1:]), [Found("HL_CHILD_MISMATCH", 12, 4)]),
    ],
)
def test_hl04_that_is_wrong_about_children_is_reported_and_not_believed(
    subscriber: str, dependents: Sequence[str], findings: list[Found]
) -> None:
    data = made(*SOURCE, *RECEIVER, subscriber, *SUBSCRIBER_ABOVE[1:], *dependents, ACTIVE)
    assert found(data) == findings
    (record,) = x271.normalize_all(data)
    assert record.is_dependent == bool(dependents)


def test_aaa_before_the_payers_name_is_of_the_level_and_after_it_of_the_name() -> None:
    data = made(SOURCE[0], "AAA*N**04*C", SOURCE[1], "AAA*Y**42*R", *RECEIVER, *SUBSCRIBER)
    placed = [one for one in loops(data) if one[1].startswith("AAA")]
    assert placed == [("2000A", "AAA*N**04*C"), ("2100A", "AAA*Y**42*R")]
    assert found(data) == []


@pytest.mark.parametrize(("loop", "level"), [("2100B", RECEIVER), ("2100C", SUBSCRIBER[:1] + SUBSCRIBER[2:])])
def test_what_stands_before_the_name_of_another_level_is_of_the_name_that_follows(
    loop: str, level: tuple[str, ...]
) -> None:
    levels = [SOURCE, RECEIVER, SUBSCRIBER]
    at = 1 if loop == "2100B" else 2
    body = [*SOURCE, *(RECEIVER if at == 2 else ()), level[0], "AAA*N**15*C", "REF*6P*1", *level[1:]]
    body += [segment for one in levels[at + 1 :] for segment in one]
    data = made(*body)
    placed = [place for place, text in loops(data) if text.startswith(("AAA", "REF"))]
    assert placed == [loop, loop]
    assert [one.code for one in found(data)] == ["MISSING_NAME"]
    assert tree(data).count((loop, LOOPS[loop][0])) == 1


def test_a_benefit_without_a_name_is_still_the_patients() -> None:
    data = made(*SOURCE, *RECEIVER, "HL*3*2*22*0", "TRN*2*T1*9CLEARING1", ACTIVE, "MSG*X")
    assert below(data, "EB") == [("2110C", ACTIVE), ("2110C", "MSG*X")]
    assert found(data) == [Found("MISSING_NAME", 11)]
    assert x271.normalize(data).coverage == "active"


def test_a_second_name_at_a_level_is_kept_and_reported() -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER, "NM1*IL*1*ROE*SECOND", ACTIVE)
    assert found(data) == [Found("MISPLACED_SEGMENT", 13)]
    (patient,) = next(x271.parse(data).answers()).patients()
    assert [one.elements for one in patient.others] == [("IL", "1", "ROE", "SECOND")]
    assert x271.normalize(data).patient.first_name == "JANE"


# --- benefits

_DETAILS = ("HSD*VS*12", "REF*6P*GRP1", "DTP*291*D8*20260101", "AAA*N**70*N", "MSG*TEXT", "III*ZZ*11")


@pytest.mark.parametrize("order", list(permutations(_DETAILS))[::37])
def test_what_hangs_on_a_benefit_may_come_in_any_order(order: tuple[str, ...]) -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, *order, "EB*C")
    expected = [("2115C" if text.startswith("III") else "2110C", text) for text in order]
    assert below(data, "EB*1")[1:-1] == expected
    assert found(data) == []
    benefit = x271.normalize(data).benefits[0]
    assert benefit.messages == ("TEXT",)
    assert benefit.places_of_service == ("11",)
    assert [one.qualifier for one in benefit.references] == ["6P"]
    assert [one.code for one in benefit.rejections] == ["70"]
    assert len(benefit.dates) == len(benefit.deliveries) == 1


@given(
    st.lists(st.sampled_from((*_DETAILS, "LS*2120", "LE*2120", "NM1*P3*1*X", "PER*IC**TE*1")), max_size=12)
)
def test_nothing_between_two_benefits_ever_leaves_the_first(details: list[str]) -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, *details, "EB*C")
    between = below(data, "EB*1")[1:-1]
    assert [text for _, text in between] == details
    # PER without an entity has no place in the guide, and stays where it stood.
    assert {place[:4] for place, _ in between} <= {"2110", "2115", "2120"}
    assert below(data, "EB*C") == [("2110C", "EB*C")]


def test_ls_and_le_belong_to_the_benefit_before_them() -> None:
    entity = ["NM1*P3*1*PRIMER", "N3*1 MAIN", "N4*RENO*NV", "PER*IC**TE*1", "PRV*PC*PXC*1"]
    second = ["NM1*FA*2*HOUSE", "N3*2 MAIN"]
    data = made(
        *SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "LS*2120", *entity, *second, "LE*2120", "MSG*AFTER", "EB*C"
    )
    assert [place for place, _ in below(data, "EB*1")] == (
        ["2110C", "2110C"] + ["2120C"] * 7 + ["2110C", "2110C", "2110C"]
    )
    assert found(data) == []
    first, other = x271.normalize(data).benefits
    assert [one.name for one in first.entities] == ["PRIMER", "HOUSE"]
    assert first.entities[0].taxonomy == "1"
    assert first.messages == ("AFTER",)
    assert other.entities == ()


def test_a_related_entity_without_ls_is_still_the_benefits() -> None:
    data = made(
        *SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "NM1*PR*2*OTHER", "PER*IC**TE*1", "NM1*P3*1*X", "EB*C"
    )
    assert [place for place, _ in below(data, "EB*1")] == ["2110C", "2120C", "2120C", "2120C", "2110C"]
    assert found(data) == [Found("ENTITY_WITHOUT_LS", 14), Found("ENTITY_WITHOUT_LS", 16)]


@pytest.mark.parametrize("closing", [("EB*C",), ("HL*9*2*22*0", "NM1*IL*1*ROE"), (), ("LS*2120", "LE*2120")])
def test_an_ls_that_stays_open_is_reported_once_and_closed(closing: tuple[str, ...]) -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "LS*2120", "NM1*PR*2*OTHER", *closing)
    assert found(data) == [Found("LS_NOT_CLOSED", 14)]


def test_le_without_ls_is_kept_and_reported() -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "LE*2120", "NM1*PR*2*OTHER", "EB*C")
    assert found(data) == [Found("MISPLACED_SEGMENT", 14), Found("ENTITY_WITHOUT_LS", 15)]


def test_an_address_behind_a_benefit_without_entity_is_the_patients() -> None:
    data = made(
        *SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "N3*1 MAIN", "N4*RENO*NV*89501", "MSG*STILL THE BENEFIT"
    )
    assert below(data, "EB")[1:] == [
        ("2100C", "N3*1 MAIN"),
        ("2100C", "N4*RENO*NV*89501"),
        ("2110C", "MSG*STILL THE BENEFIT"),
    ]
    address = x271.normalize(data).patient.address
    assert address is not None
    assert address.city == "RENO"


@pytest.mark.parametrize(
    ("before", "loop"),
    [("EB*C", "2110C"), ("NM1*IL", "2100C"), ("HL*3", "2000B"), ("HL*1", "271"), ("SE", "2110C")],
)
def test_a_segment_that_the_guide_does_not_have_is_kept_where_it_stood(before: str, loop: str) -> None:
    body = answer(ACTIVE, "EB*C")
    at = next(number for number, text in enumerate(body) if text.startswith(before))
    body.insert(at, "ZZZ*EXTRA")
    data = written(body)
    assert [text for text in segments(data) if text.startswith("ZZZ")] == ["ZZZ*EXTRA"]
    finding = next(one for one in found(data) if one.code == "UNKNOWN_SEGMENT")
    assert finding == Found("UNKNOWN_SEGMENT", at + 1)
    around = "2100B" if loop == "2000B" else "2000C" if loop == "2100C" else loop
    assert {text: place for place, text in loops(data)}["ZZZ*EXTRA"] == around
    assert len(x271.normalize(data).benefits) == 2


def test_a_segment_of_another_loop_is_kept_and_reported() -> None:
    data = made("DMG*D8*19800101", *SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "BPR*X")
    assert found(data) == [Found("MISPLACED_SEGMENT", 5), Found("UNKNOWN_SEGMENT", 15)]
    (read,) = x271.parse(data).answers()
    assert [one.segment_identifier for one in read.others] == ["DMG"]


def test_a_subscriber_with_benefits_and_a_dependent_are_both_patients() -> None:
    data = made(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, ACTIVE, *DEPENDENT, "EB*6**30")
    assert [(one.is_dependent, one.coverage) for one in x271.normalize_all(data)] == [
        (False, "active"),
        (True, "inactive"),
    ]
    assert [place for place, text in loops(data) if text.startswith("EB")] == ["2110C", "2110D"]


def test_loops_begin_anew_in_every_transaction_set() -> None:
    first = transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "LS*2120")
    second = transaction("HL*4*3*23*0", "NM1*03*1*DOE", ACTIVE, "LE*2120", number="0002")
    data = written(interchange(first, second))
    assert {place for place, _ in loops(data, 1)} == {"271", "2000D", "2100D", "2110D"}
    codes = [one.code for one in found(data)]
    assert codes == ["LS_NOT_CLOSED", "BAD_HL", "MISPLACED_SEGMENT"]
