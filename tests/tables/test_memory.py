"""What was found out about segments of earlier answers is remembered, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

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
