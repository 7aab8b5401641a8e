"""What was found out about segments of earlier answers is remembered, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import answers
from tables.compare import rows_of
from x12 import answer, written
from x271._reading import Question
from x271.sources import load_all
from x271.tables import TABLES, Collector
from x271.testing.cells import Rows

TYPES = st.lists(st.sampled_from(["30", "98", "47", "1"]), min_size=1, max_size=2, unique=True)


def collected(documents: Sequence[bytes], types: Sequence[str], *, together: bool) -> Rows:
    """The rows of documents that one collector took, or each one of its own."""
    question = Question.of(service_types=types)
    every: Rows = {name: [] for name in TABLES}
    collector = Collector(question)
    for number, data in enumerate(documents, 1):
        if not together:
            collector = Collector(question)
        for source in load_all(data):
            assert collector.add(source, "source", number) == []
        if not together:
            for name, rows in rows_of(collector.take()).items():
                every[name] += rows
    return rows_of(collector.take()) if together else every


def with_repetition(data: bytes, separator: bytes) -> bytes:
    """The same bytes in an interchange that separates repetitions by something else."""
    return data[:82] + separator + data[83:]


@given(st.data(), st.lists(answers(), min_size=1, max_size=3), TYPES)
def test_what_is_remembered_of_other_answers_changes_nothing(
    data: st.DataObject, pool: list[bytes], types: list[str]
) -> None:
    pool += [with_repetition(one, b"!") for one in pool if len(one) > 110]
    chosen = data.draw(st.lists(st.sampled_from(pool), min_size=2, max_size=6))
    assert collected(chosen, types, together=True) == collected(chosen, types, together=False)


def test_the_same_segment_means_something_else_where_the_separators_are_others() -> None:
    """`30^98` are two service types, or one that no table knows; `1!33` is the other way round."""
    one = written(answer("EB*1**30^98", "EB*C*IND*1!33***23*500*****Y"))
    documents = [one, with_repetition(one, b"!"), one]
    rows = collected(documents, ["30"], together=True)
    assert rows == collected(documents, ["30"], together=False)
    sent = [
        [row["service_type"] for row in rows["benefits"] if f"#{number}." in row["key"]]
        for number in (1, 2, 3)
    ]
    assert sent == [["30", "98", "1!33"], ["30^98", "1", "33"], ["30", "98", "1!33"]]


def test_a_number_that_is_none_is_found_though_its_codes_came_before() -> None:
    good, bad = ("EB*C*IND*30***23*500*****Y", "EB*C*IND*30***23*5O0*****Y")
    last = "EB*C*IND*30***23*500**QX***Y"
    rows = collected([written(answer("EB*1**30", good, bad, good, last))], ["30"], together=True)
    assert [(row["code"], row["element"]) for row in rows["findings"]] == [
        ("BAD_NUMBER", 7),
        ("UNKNOWN_CODE", 9),
    ]


def test_what_is_wrong_is_found_where_the_same_segments_were_good_before() -> None:
    """Each segment stands behind the same ones as before, and differs in what is checked only."""
    good = ("EB*1**30", "EB*C*IND*30***23*500*****Y", "DTP*292*D8*20260101", "REF*18*PLAN1", "III*ZZ*11")
    bad = {
        1: ("EB*C*IND*30***2Q*500*****Y", "UNKNOWN_CODE", 6),
        2: ("DTP*292*D8*20260132", "BAD_DATE", 3),
        3: ("REF*1Q*PLAN1", "UNKNOWN_CODE", 1),
        4: ("III*ZZ*11***1X", "BAD_NUMBER", 5),
    }
    changed = [(*good[:at], segment, *good[at + 1 :]) for at, (segment, _, _) in bad.items()]
    documents = [written(answer(*segments)) for segments in (good, good, *changed, good)]
    rows = collected(documents, ["30"], together=True)
    assert rows == collected(documents, ["30"], together=False)
    found = [(row["key"].split("#")[1][0], row["code"], row["element"]) for row in rows["findings"]]
    expected = [(str(number), *what[1:]) for number, what in enumerate(bad.values(), 3)]
    assert [one for one in found if one[1] in {"UNKNOWN_CODE", "BAD_DATE", "BAD_NUMBER"}] == expected


GOOD = (
    "NM1*P3*1*DOE*JO****XX*2999509575",
    "NM1*PR*2*A PAYER OF THIS NAME*****PI*P1",
    "PER*IC*SERVICES OF MEMBERS*TE*8005550189",
    "PER*IC**TE*8005550189*UR*WWW.EXAMPLE.TEST",
    "DMG*D8*19950227*F",
    "DTP*291*RD8*20250901-20261231",
    "EB*1*FAM*30*PR*THE PLAN OF SOMEBODY",
    "EB*F*IND*98***23*250.5**VS*17**Y",
    "HSD*VS*11***34*1",
    "III*ZZ*11",
    "INS*Y*18*001*25",
    "MPI*C*AO*A*THE RANK OF SOMEBODY*E1",
    "REF*18*PLAN1866",
)
LOOSE = (
    ("NM1*P3*1*DOE {}*JO****XX*2999509575", "NM1*P3*1*DOE*JO****2Q*2999509575", 8),
    ("NM1*P3*1*DOE {}*JO****XX*2999509575", "NM1*P3*1*DOE*JO****XX*2999509575*2Q", 10),
    ("PER*IC*SERVICES {}*TE*8005550189", "PER*IC*SERVICES*2Q*8005550189", 3),
    ("PER*IC**TE*80055501{}", "PER*IC**TE*8005550189*2Q*1", 5),
    ("DMG*D8*199502{}*F", "DMG*D8*19950230*F", 2),
    ("DTP*291*RD8*20250901-202612{}", "DTP*291*RD8*20250901-20261232", 3),
    ("EB*1*FAM*30*PR*THE PLAN {}", "EB*1*FAM*30*PR*THE PLAN*2Q", 6),
    ("MPI*C*AO*A*THE RANK {}*E1", "MPI*C*AO*A*THE RANK*2Q", 5),
)


@pytest.mark.parametrize(("good", "bad", "element"), LOOSE)
def test_what_is_wrong_is_found_where_others_differed_in_what_is_not_checked(
    good: str, bad: str, element: int
) -> None:
    segments = [good.format(text) for text in ("11", "12", "13", "14", "15")]
    documents = [written(answer("EB*1**30", one, *GOOD)) for one in (*segments, bad, segments[0])]
    rows = collected(documents, ["30"], together=True)
    found = [(row["key"].split("#")[1][0], row["code"], row["element"]) for row in rows["findings"]]
    checked = [one for one in found if one[1] in {"UNKNOWN_CODE", "BAD_DATE"}]
    assert [(number, at) for number, _, at in checked] == [("6", element)]


SENT = ("", "1", "18", "2Q", "12345.67", "1O.5", "20260131", "20260132", "A LONGER TEXT", "A*B", "A*B*2Q")


@st.composite
def varied(draw: st.DrawFn) -> list[str]:
    """A good segment in variants: other texts in one or two elements, or behind the last."""
    parts = draw(st.sampled_from(GOOD)).split("*")
    places = draw(st.lists(st.integers(1, len(parts)), min_size=1, max_size=2, unique=True))

    def variant(texts: list[str]) -> str:
        changed = [*parts, ""]
        for place, text in zip(places, texts, strict=True):
            changed[place] = text
        return "*".join(changed if changed[-1] else changed[:-1])

    texts = st.lists(st.sampled_from(SENT), min_size=len(places), max_size=len(places))
    return draw(st.lists(texts.map(variant), min_size=3, max_size=8))


@given(varied())
def test_segments_are_found_to_be_bad_among_others_that_are_good(variants: list[str]) -> None:
    """Each stands behind the same segments as the good ones before, and is compared with those."""
    documents = [written(answer("EB*1**30", segment, *GOOD)) for segment in variants]
    together = collected(documents, ["30"], together=True)
    assert together["findings"] == collected(documents, ["30"], together=False)["findings"]
