"""The models hold the whole guide: every loop, segment, element and component, with usage, maximum, codes and notes.

`structure_271.tsv` and `structure_270.tsv` were made from public transcriptions of the guide, not from the models.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from x271.grammar import rules
from x271.grammar.rules import ElementRule, LoopRule, SegmentRule

HERE = Path(__file__).parent
Row = tuple[str, ...]  # loop, place, usage, max, about, codes, notes

KINDS = ("271", "270")


@cache
def structure(kind: str) -> tuple[Row, ...]:
    text = (HERE / f"structure_{kind}.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return tuple(tuple(row + [""] * (7 - len(row))) for row in rows[1:])


def maximum(number: int | None) -> str:
    return "" if number is None else str(number)


def element_rows(loop: str, rule: ElementRule) -> list[Row]:
    codes = " ".join(sorted(rule.codes))
    row = (loop, rule.reference, rule.usage, str(rule.repeat), rule.data_element, codes, "")
    inner = [row for one in rule.components for row in element_rows(loop, one)]
    return [row, *inner]


def segment_rows(loop: str, rule: SegmentRule) -> list[Row]:
    row = (loop, rule.segment_id, rule.usage, maximum(rule.max), "", "", " ".join(rule.notes))
    return [row, *(row for one in rule.elements for row in element_rows(loop, one))]


def loop_rows(rule: LoopRule, around: str = "") -> list[Row]:
    """A loop's own rows, then those of the loops in it."""
    own: list[Row] = [(rule.loop_id, "", rule.usage, maximum(rule.max), around, "", "")]
    own += [row for one in rule.segments() for row in segment_rows(rule.loop_id, one)]
    return own + [row for one in rule.loops() for row in loop_rows(one, rule.loop_id)]


@cache
def read_back(kind: str) -> tuple[Row, ...]:
    return tuple(loop_rows(rules.interchange(kind)))


LOOPS = [(kind, loop) for kind in KINDS for loop in dict.fromkeys(row[0] for row in structure(kind))]


@pytest.mark.parametrize(("kind", "loop"), LOOPS)
def test_a_loop_is_as_the_guide_has_it_row_for_row(kind: str, loop: str) -> None:
    wanted = [row for row in structure(kind) if row[0] == loop]
    assert [row for row in read_back(kind) if row[0] == loop] == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_missing_and_nothing_invented(kind: str) -> None:
    assert [row[0] for row in read_back(kind) if not row[1]] == [
        row[0] for row in structure(kind) if not row[1]
    ]
    assert len(read_back(kind)) == len(structure(kind)) > 500


@pytest.mark.parametrize("kind", KINDS)
def test_segments_and_loops_of_a_loop_stand_in_the_guides_order(kind: str) -> None:
    benefit = [
        one.segment_id if isinstance(one, SegmentRule) else one.loop_id
        for one in rules.loop(kind, "2110C").contents
    ]
    wanted = {
        "271": ["EB", "HSD", "REF", "DTP", "AAA", "MSG", "2115C", "LS", "2120C", "LE"],
        "270": ["EQ", "AMT", "AMT", "III", "REF", "DTP"],
    }
    assert benefit == wanted[kind]
    source = [one.loop_id for one in rules.loop(kind, "2000A").loops()]
    assert source == ["2100A", "2000B"]


@pytest.mark.parametrize("kind", ["271", "270", "999", "997"])
def test_every_element_has_its_type_and_lengths(kind: str) -> None:
    used: list[ElementRule] = []
    for loop in rules.interchange(kind).walk():
        for segment in loop.segments():
            for element in segment.elements:
                used += element.components or [element]
    for rule in used:
        if rule.data_element.startswith("C"):  # a composite that the guide does not use
            assert rule.usage == "N", rule
            continue
        assert rule.kind in {"ID", "AN", "N0", "R", "DT", "TM"}, rule
        assert rule.min is not None, rule
        assert rule.max is not None, rule
        assert 1 <= rule.min <= rule.max, rule
        if rule.kind == "ID":
            assert all(rule.min <= len(code) <= rule.max for code in rule.codes), rule


@pytest.mark.parametrize("kind", ["271", "270", "999", "997"])
def test_elements_are_numbered_without_gaps(kind: str) -> None:
    for loop in rules.interchange(kind).walk():
        for segment in loop.segments():
            numbers = [element.number for element in segment.elements]
            assert numbers == list(range(1, len(numbers) + 1)), segment.segment_id


@pytest.mark.parametrize("kind", ["271", "270", "999", "997"])
def test_notes_speak_of_elements_that_exist(kind: str) -> None:
    for loop in rules.interchange(kind).walk():
        for segment in loop.segments():
            for note in segment.notes:
                places = [int(note[at : at + 2]) for at in range(1, len(note), 2)]
                assert note[0] in "PRECL"
                assert len(places) >= 2
                assert max(places) <= len(segment.elements)


def test_an_acknowledgment_is_as_its_guide_has_it() -> None:
    def outline(rule: LoopRule) -> list[object]:
        return [
            f"{one.segment_id} {one.usage}{maximum(one.max)}"
            if isinstance(one, SegmentRule)
            else outline(one)
            for one in rule.contents
        ]

    assert outline(rules.transaction("999")) == [
        "ST R1",
        "AK1 R1",
        ["AK2 R1", ["IK3 R1", "CTX S9", "CTX S1", ["IK4 R1", "CTX S10"]], "IK5 R1"],
        "AK9 R1",
        "SE R1",
    ]
    assert outline(rules.transaction("997")) == [
        "ST R1",
        "AK1 R1",
        ["AK2 R1", ["AK3 R1", "AK4 S99"], "AK5 R1"],
        "AK9 R1",
        "SE R1",
    ]


def test_one_element_can_be_asked_for_by_place() -> None:
    (name,) = rules.loop("271", "2100C").segment("NM1")
    identifier = name.elements[8]
    assert (identifier.reference, identifier.name, identifier.usage) == ("NM109", "identifier", "S")
    assert (identifier.kind, identifier.min, identifier.max) == ("AN", 2, 80)
    assert rules.loop("271", "2100D").segment("NM1")[0].elements[8].usage == "N"
    assert rules.loop("271", "2110D").segment("ZZZ") == ()
    with pytest.raises(KeyError):
        rules.loop("271", "2110E")
    with pytest.raises(KeyError):
        rules.transaction("835")
