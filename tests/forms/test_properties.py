"""What must hold for every answer: the three forms say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drawn import answers, of_every_form, whole
from forms.compare import ENVELOPE, Said, attributes, records, said, transactions
from sources.documents import answer, as_xml, nodes
from x271 import X271Error
from x271.forms import to_dict, to_json, to_x12, to_xml
from x271.sources.twin import to_dict as twin_of
from x271.testing import mangled, wild_questions


@given(answers())
def test_x12_through_xml_is_the_same_transaction(x12: bytes) -> None:
    back = to_x12(to_xml(x12))
    assert transactions(back) == transactions(x12)
    assert said(back) == said(x12)


@given(answers())
def test_x12_through_json_is_the_same_transaction(x12: bytes) -> None:
    back = to_x12(to_json(x12))
    assert transactions(back) == transactions(x12)
    assert said(back) == said(x12)


@given(answers())
def test_xml_through_x12_keeps_every_attribute(x12: bytes) -> None:
    xml = to_xml(x12)
    again = to_xml(to_x12(xml))
    assert again == xml
    assert list(attributes(to_dict(again))) == list(attributes(to_dict(xml)))


@given(answers())
def test_xml_and_json_made_of_one_answer_are_twins(x12: bytes) -> None:
    xml, twin = to_xml(x12), to_json(x12)
    assert to_json(xml) == twin
    assert to_xml(twin) == xml
    assert to_dict(x12) == json.loads(twin) == to_dict(xml)


@given(answers(), wild_questions())
def test_an_answer_means_the_same_in_each_form(x12: bytes, question: dict[str, Any]) -> None:
    meant = records(x12, **question)
    assert records(to_xml(x12), **question) == meant
    assert records(to_json(x12), **question) == meant


@given(
    nodes, st.dictionaries(st.sampled_from(("eligibilityid", "s", "unknown")), st.text("ab<é", max_size=3))
)
def test_from_xml_and_json_nothing_is_lost(node: dict[str, Any], around: dict[str, str]) -> None:
    document = answer({"Detail": node})
    document["PPMDResults"]["Results"] |= {f"@{name}": value for name, value in around.items()}
    xml = as_xml(document)
    twin = to_json(xml)
    assert json.loads(twin) == to_dict(xml) == twin_of(xml, declaration=True)
    again = to_xml(twin)
    assert twin_of(again, declaration=True) == twin_of(xml, declaration=True)
    assert to_json(again) == twin
    assert to_x12(twin) == to_x12(xml) == to_x12(again)


@given(mangled(whole()))
def test_what_is_damaged_loses_no_segment_or_is_refused(data: bytes) -> None:
    """Whoever reads XML makes what is missing of the envelope; nothing else comes, and nothing goes."""
    for convert in (to_xml, to_json):
        try:
            form = convert(data)
            back = to_x12(form)
        except X271Error:
            continue
        if form == data:  # it is JSON or XML now
            continue
        before, after = _without_isa(to_x12(data)), _without_isa(back)
        assert _body(after) == _body(before)
        rest = iter(after)
        assert all(segment in rest for segment in before), "the order is the same"


@given(mangled(of_every_form()))
def test_any_input_is_converted_or_refused_with_an_error_of_ours(data: bytes) -> None:
    xml, twin, tree, _ = (_converted(data, convert) for convert in (to_xml, to_json, to_dict, to_x12))
    assert (twin is None) == (tree is None)
    if xml is not None and twin is not None:
        assert {**to_dict(xml), "?xml": 0} == {**to_dict(twin), "?xml": 0}


def _converted(data: bytes, convert: Callable[[bytes], Any]) -> Any:
    try:
        return convert(data)
    except X271Error:
        return None


def _body(segments: list[Said]) -> list[Said]:
    return [segment for segment in segments if segment[0] not in ENVELOPE]


def _without_isa(x12: bytes) -> list[Said]:
    """What must stand in an ISA is made if it is missing, too."""
    return [segment for segment in said(x12) if segment[0] != "ISA"]
