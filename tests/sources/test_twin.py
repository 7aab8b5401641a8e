"""XML to its JSON twin and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
import xmltodict
from hypothesis import given

from sources.documents import PPMD, answer, as_xml, nodes
from x271.errors import DataError, UsageError
from x271.sources import Limits
from x271.sources.twin import to_dict, to_xml

SAMPLE = json.loads((PPMD / "sample.json").read_text(encoding="utf-8"))


def test_the_sample_goes_to_xml_and_back() -> None:
    xml = to_xml(SAMPLE)
    assert xml.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<PPMDResults s="PRDAPI1WFEYU1PO"')
    assert to_dict(xml, declaration=True) == SAMPLE
    assert list(to_dict(xml, declaration=True)) == ["?xml", "PPMDResults"]
    assert to_xml(to_dict(xml, declaration=True)) == xml


@pytest.mark.parametrize("name", ["sample", "active"])
def test_the_fixtures_are_twins(name: str) -> None:
    xml, twin = (
        (PPMD / f"{name}.xml").read_bytes(),
        json.loads((PPMD / f"{name}.json").read_text(encoding="utf-8")),
    )
    assert to_dict(xml, declaration=True) == twin
    assert to_xml(twin, pretty=True) == xml


def test_one_child_is_an_object_and_several_are_a_list_and_text_is_text() -> None:
    assert to_dict('<a><b/><c x="1">t</c><d>1</d><d>2</d></a>') == {
        "a": {"b": None, "c": {"@x": "1", "#text": "t"}, "d": ["1", "2"]}
    }


@pytest.mark.parametrize("codec", ["utf-8", "iso-8859-1", "windows-1252", "us-ascii", "utf-16"])
def test_the_declared_encoding_is_written_and_read(codec: str) -> None:
    twin = {"?xml": {"@version": "1.0", "@encoding": codec}, "a": {"@x": "é\n中"}}
    assert to_dict(to_xml(twin), declaration=True) == twin


def test_what_else_the_declaration_says_is_kept() -> None:
    xml = b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<a></a>'
    assert to_xml(to_dict(xml, declaration=True)) == xml
    assert to_dict(xml) == {"a": None}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "NOT_AN_ANSWER"),
        ({"?xml": {"@version": "1.0"}}, "NOT_AN_ANSWER"),
        ({"a": None, "b": None}, "NOT_AN_ANSWER"),
        ({"a": [{}, {}]}, "NOT_AN_ANSWER"),
        ({"a b": None}, "MALFORMED_XML"),
        ({"a": {"@x='1' y": "2"}}, "MALFORMED_XML"),
        ({"a": {"b><c": None}}, "MALFORMED_XML"),
        ({"a": {"@x": "\x01"}}, "MALFORMED_XML"),
        ({"?xml": {"@version": '1.0"?><!DOCTYPE a>'}, "a": None}, "MALFORMED_XML"),
        ({"?xml": {"@encoding": "zlib"}, "a": None}, "MALFORMED_XML"),
    ],
)
def test_what_cannot_be_xml_is_refused(document: dict[str, Any], code: str) -> None:
    with pytest.raises(DataError) as caught:
        to_xml(document)
    assert caught.value.code == code


def test_a_name_that_only_one_of_the_two_parsers_knows_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        to_dict("<a>\n<\U00010000/></a>")
    assert (caught.value.code, str(caught.value.position)) == ("MALFORMED_XML", "line 2")
    assert caught.value.__context__ is None


def test_what_json_does_not_have_is_the_callers_fault() -> None:
    with pytest.raises(UsageError):
        to_xml({"a": {"@x": object()}})


def test_both_ways_have_limits() -> None:
    deep: dict[str, Any] = {}
    deep["a"] = deep
    for call in (lambda: to_xml(deep), lambda: to_dict("<a>" * 101 + "</a>" * 101)):
        with pytest.raises(DataError) as caught:
            call()
        assert caught.value.code == "TOO_DEEP"
    with pytest.raises(DataError) as caught:
        to_dict(b"<a/>", limits=Limits(max_bytes=3))
    assert caught.value.code == "TOO_LARGE"


@given(nodes)
def test_the_twin_is_xmltodicts_own(node: dict[str, Any]) -> None:
    xml = as_xml(answer({"Detail": node}))
    twin = to_dict(xml)
    assert twin == xmltodict.parse(xml)
    assert to_dict(to_xml(twin)) == twin
