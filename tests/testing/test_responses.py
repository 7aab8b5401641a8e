"""What `responses` draws keeps to the guide, has the features that were asked for, and shrinks to what one can read."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

import x271
from x271.codes.npi import is_npi
from x271.errors import UsageError
from x271.grammar import rules
from x271.grammar.base import Segment
from x271.grammar.envelope import Delimiters
from x271.testing import Document, benefits, people, rejections, responses
from x271.testing.envelopes import USUAL
from x271.testing.pools import allowed
from x271.testing.templates import table

# Shrinking a hundred times is enough to see where it goes.
FINDING = settings(
    max_examples=5000,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
FEWER = settings(max_examples=40)


def shrunk(strategy: st.SearchStrategy[Document], condition: Callable[[Document], bool]) -> Document:
    """The example that a test shows which fails where the condition holds; the same on every run."""
    return find(strategy, condition, settings=FINDING, random=Random(271))  # noqa: S311


def rows(document: Document, start: str) -> list[list[str]]:
    return [one.split("*") for one in document.segments if one.startswith(start + "*")]


def elements(document: Document, start: str, number: int) -> list[str]:
    return [row[number] for row in rows(document, start) if len(row) > number and row[number]]


# --- valid


@given(responses())
def test_an_answer_has_no_finding(answer: Document) -> None:
    report = x271.validate(answer.data)
    assert report.findings == ()
    assert report.valid


@given(responses())
def test_an_answer_is_one_interchange_with_one_set(answer: Document) -> None:
    assert [type(one).__name__ for one in answer.interchange.transactions()] == ["EligibilityAnswer"]
    assert answer.interchange.following == ()
    assert bytes(answer) == answer.data == answer.text.encode()


@given(responses())
def test_what_is_read_is_what_was_drawn(answer: Document) -> None:
    """The segments of the document are those of x271, with standard delimiters."""
    standard = Delimiters(element="*", repetition="^", component=":", terminator="~")
    written = answer.interchange.to_x12(delimiters=standard, line_end="")
    assert written.decode().removesuffix("~").split("~")[1:] == list(answer.segments)[1:]


@given(responses())
def test_providers_have_their_check_digit(answer: Document) -> None:
    for row in rows(answer, "NM1"):
        if len(row) > 9 and row[8] == "XX":
            assert is_npi(row[9])


@given(responses(rejections=False))
def test_an_answer_without_a_rejection_has_a_patient_with_benefits(answer: Document) -> None:
    records = x271.normalize_all(answer.data)
    assert records
    assert all(one.benefits and not one.rejections for one in records)


# --- the whole guide


def places() -> list[tuple[str, str, int]]:
    """Loop, segment and number of each element that the guide uses in an answer's loops."""
    found = []
    for loop in rules.transaction("271").walk():
        if loop.loop_id == "271":
            continue
        for segment in loop.segments():
            if segment.segment_id not in ("HL", "LS", "LE"):
                used = (one.number for one in segment.elements if one.usage != "N")
                found += [(loop.loop_id, segment.segment_id, number) for number in used]
    return found


def test_every_element_that_the_guide_uses_is_drawn_by_a_template() -> None:
    joint = {"{identifier}": 2, "{plan}": 2, "{plan?}": 2, "{reach}": 2, "{reach more}": 2, "{city}": 3}
    joint |= {"{foreign city}": 7}
    drawn = set()
    for one in table():
        for segment in one.text.split("~"):
            parts: list[str] = []
            for part in segment.split("*"):
                parts += [part] * joint.get(part, 1)
            for loop in one.loops:
                for letter in "CD":
                    drawn |= {
                        (loop.replace("#", letter), parts[0], number)
                        for number, part in enumerate(parts)
                        if number and part
                    }
    assert [place for place in places() if place not in drawn] == []


@pytest.mark.parametrize(
    ("reference", "loop", "shown"),
    [
        ("EB01", "2110C", {"1", "6", "A", "B", "C", "G", "MC", "Y"}),
        ("AAA03", "2100A", {"04", "41", "42", "79", "80", "T4"}),
        ("DMG03", "2100C", {"F", "M", "U"}),
    ],
)
def test_codes_are_those_of_the_grammar(reference: str, loop: str, shown: set[str]) -> None:
    assert shown <= set(allowed(reference, loop))
    (rule,) = (
        one
        for segment in rules.loop("271", loop).segments()
        for one in segment.elements
        if one.reference == reference
    )
    assert set(allowed(reference, loop)) == rule.codes


# --- options


@given(responses(dependents=True))
@FEWER
def test_dependents_can_be_asked_for(answer: Document) -> None:
    assert "03" in elements(answer, "NM1", 1)


@given(responses(dependents=False))
@FEWER
def test_dependents_can_be_left_out(answer: Document) -> None:
    assert "23" not in elements(answer, "HL", 3)


def plans_of(answer: Document) -> list[set[str]]:
    """EB05 of the rows that say active or inactive, patient by patient."""
    found: list[set[str]] = []
    for segment in answer.segments:
        parts = segment.split("*") + [""] * 6
        if parts[0] == "HL" and parts[3] in ("22", "23"):
            found.append(set())
        elif parts[0] == "EB" and parts[1] in "12345678" and parts[5]:
            found[-1].add(parts[5])
    return found


@given(responses(plans=True, dependents=False))
@FEWER
def test_several_plans_can_be_asked_for(answer: Document) -> None:
    assert all(len(plans) > 1 for plans in plans_of(answer))


@given(responses(plans=False))
@FEWER
def test_several_plans_can_be_left_out(answer: Document) -> None:
    assert all(len(plans) < 2 for plans in plans_of(answer))


@given(responses(entities=True))
@FEWER
def test_entities_can_be_asked_for(answer: Document) -> None:
    assert rows(answer, "LS")
    assert rows(answer, "LE")


@given(responses(repetition=True))
@FEWER
def test_repetition_can_be_asked_for(answer: Document) -> None:
    assert any("^" in types for types in elements(answer, "EB", 3))


@given(responses(procedures=True))
@FEWER
def test_procedures_can_be_asked_for(answer: Document) -> None:
    assert elements(answer, "EB", 13)


@given(responses(entities=False, repetition=False, procedures=False))
@FEWER
def test_entities_repetition_and_procedures_can_be_left_out(answer: Document) -> None:
    assert not rows(answer, "LS")
    assert not any("^" in segment for segment in answer.segments[1:])
    assert not elements(answer, "EB", 13)


LEVELS = {
    "source": ("2000A", "2100A"),
    "receiver": ("2100B",),
    "subscriber": ("2100C",),
    "dependent": ("2100D",),
    "benefit": ("2110C", "2110D"),
}


@given(st.data())
@FEWER
def test_rejections_stand_at_the_level_that_was_asked_for(data: st.DataObject) -> None:
    level = data.draw(st.sampled_from(sorted(LEVELS)))
    answer = data.draw(responses(rejections=level))  # type: ignore[arg-type]
    where = {one.segment_loop for one in _rejections(answer)}
    assert where
    assert where <= set(LEVELS[level])


def _rejections(answer: Document) -> list[Segment]:
    found = []

    def look(segment: Segment) -> Segment:
        if segment.segment_identifier == "AAA":
            found.append(segment)
        return segment

    answer.interchange.map_segments(look)
    return found


@given(responses(rejections=True))
@FEWER
def test_any_rejection_can_be_asked_for(answer: Document) -> None:
    assert rows(answer, "AAA")


@given(responses(subscribers=None, rejections=False))
@FEWER
def test_there_are_one_to_three_subscribers_where_that_is_open(answer: Document) -> None:
    assert 1 <= elements(answer, "HL", 3).count("22") <= 3


@given(responses(benefits=benefits(codes="B"), rejections=False, entities=False, procedures=False))
@FEWER
def test_benefits_can_be_those_of_another_strategy(answer: Document) -> None:
    assert set(elements(answer, "EB", 1)) == {"B"}
    assert x271.validate(answer.data).findings == ()


@given(responses(most=0, entities=False, procedures=False, rejections=False, plans=False, dependents=False))
@FEWER
def test_a_patient_has_no_more_benefits_than_wanted(answer: Document) -> None:
    assert len(rows(answer, "EB")) == 1


@given(st.sampled_from(USUAL), st.data())
@FEWER
def test_delimiters_can_be_chosen(delimiters: str, data: st.DataObject) -> None:
    answer = data.draw(responses(delimiters=delimiters))
    found = answer.interchange.delimiters
    assert found.element + found.repetition + found.component + found.terminator == delimiters
    assert x271.validate(answer.data).findings == ()


@given(responses(delimiters=Delimiters(element="|", repetition="!", component=">", terminator="~")))
@FEWER
def test_delimiters_can_be_those_of_a_document(answer: Document) -> None:
    assert answer.text.startswith("ISA|")


@given(responses(line_ends="\r\n"))
@FEWER
def test_line_ends_can_be_chosen(answer: Document) -> None:
    assert answer.data.count(b"\r\n") == len(answer.segments)


@given(responses(version="005010X279"))
@FEWER
def test_the_guide_may_be_named_without_its_addendum(answer: Document) -> None:
    report = x271.validate(answer.data)
    assert report.valid
    assert {one.code for one in report.findings} == {"VERSION_WITHOUT_ADDENDUM"}


@given(responses(version="004010X092A1"))
@FEWER
def test_an_old_version_has_neither_repetition_nor_st03(answer: Document) -> None:
    assert [len(row) for row in rows(answer, "ST")] == [3]
    assert elements(answer, "ISA", 11) == ["U"]
    assert not any("^" in one for one in elements(answer, "EB", 3))
    found = {one.code for one in answer.interchange.findings}
    assert found <= {"OLD_VERSION"}


@pytest.mark.parametrize(
    ("option", "make"),
    [
        ("rejections", lambda: responses(rejections="patient")),  # type: ignore[arg-type]
        ("rejections", lambda: responses(rejections="source", dependents=True)),
        ("rejections", lambda: responses(rejections="dependent", dependents=False)),
        ("version", lambda: responses(version="005010X222A1")),
        ("repetition", lambda: responses(version="004010X092A1", repetition=True)),
        ("delimiters", lambda: responses(delimiters="*^:")),
        ("delimiters", lambda: responses(delimiters="*^:A")),
        ("delimiters", lambda: responses(delimiters="*^:'")),
        ("line_ends", lambda: responses(line_ends="\t")),
        ("line_ends", lambda: responses(delimiters="*^:\n", line_ends="\r\n")),
        ("subscribers", lambda: responses(subscribers=0)),
        ("most", lambda: responses(most=-1)),
        ("loop", lambda: people(loop="2100A")),
        ("loop", lambda: benefits(loop="2110")),
        ("codes", lambda: benefits(codes=("B", "ZZ"))),
    ],
)
def test_an_option_that_is_none_is_refused_at_once(option: str, make: Callable[[], object]) -> None:
    with pytest.raises(UsageError) as caught:
        make()
    assert caught.value.code == "BAD_OPTION"
    assert caught.value.position is not None
    assert caught.value.position.key == option


# --- parts


@given(st.sampled_from(("2100C", "2100D")), st.data())
@FEWER
def test_a_person_begins_with_the_name(loop: str, data: st.DataObject) -> None:
    entity = {"2100C": "IL", "2100D": "03"}[loop]
    assert data.draw(people(loop=loop))[0].startswith(f"NM1*{entity}*1*")


@given(benefits(loop="2110D", codes=("MC", "R"), entities=False))
@FEWER
def test_a_benefit_begins_with_one_of_the_codes(segments: tuple[str, ...]) -> None:
    assert segments[0].split("*")[1] in ("MC", "R")
    assert not any(one.startswith("NM1*") for one in segments)


@given(st.sampled_from(("2000A", "2100A", "2100B", "2100C", "2100D", "2110C", "2110D")), st.data())
@FEWER
def test_a_rejection_has_codes_of_its_loop(loop: str, data: st.DataObject) -> None:
    for segment in data.draw(rejections(loop=loop)):
        name, valid, agency, reason, action = segment.split("*")
        assert (name, agency) == ("AAA", "")
        assert valid in "NY"
        assert reason in allowed("AAA03", loop)
        assert action in allowed("AAA04", loop)


# --- reading a failing example


STORIES: dict[str, Callable[[Document], bool]] = {
    "a co-payment for a procedure": lambda one: any(
        row[1] == "B" and len(row) > 13 for row in rows(one, "EB")
    ),
    "several plans": lambda one: any(len(plans) > 1 for plans in plans_of(one)),
    "a dependent": lambda one: "23" in elements(one, "HL", 3),
    "a member not found": lambda one: "75" in elements(one, "AAA", 3),
    "a date under a benefit": lambda one: any(row[2] == "RD8" for row in rows(one, "DTP")),
    "other delimiters": lambda one: not one.data.startswith(b"ISA*"),
}


@pytest.mark.parametrize("story", STORIES)
def test_an_example_shrinks_to_a_few_segments_with_plain_names(story: str) -> None:
    found = shrunk(responses(), STORIES[story])
    assert len(found.segments) <= 17, found
    assert set(elements(found, "NM1", 3)) <= {"EXAMPLE HEALTH", "EXAMPLE CLINIC", "SAMPLE"}, found


def test_an_example_is_printed_a_segment_a_line() -> None:
    found = shrunk(responses(rejections=False), lambda one: "EB*1" in one.text)
    lines = repr(found).split("\n")
    assert lines[0] == "Document(segments='''"
    assert lines[1:-1] == [f"{segment}~" for segment in found.segments]
    other = shrunk(responses(), lambda one: one.data.startswith(b"ISA|"))
    assert repr(other).startswith("Document(delimiters='|")


@given(responses(), responses())
@FEWER
def test_documents_are_equal_if_their_bytes_are(one: Document, other: Document) -> None:
    assume(one.data != other.data)
    assert one != other
    assert one == Document(one.data)
    assert hash(one) == hash(Document(one.data))
    assert one != one.data
