"""XML and JSON that was made to hurt, and errors that must not tell."""

from __future__ import annotations

import json
import time
import traceback
from typing import Any

import pytest

from sources.documents import PLANTED, PPMD, answer
from x271.errors import DataError, X271Error
from x271.sources import Limits, load, load_all
from x271.sources.twin import to_dict

LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a MSG01_x="&c;">&c;</a>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a><MSG01_x>&b;</MSG01_x></a>'
DOCTYPES = [
    LAUGHS,
    EXTERNAL,
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "<!DOCTYPE a><a/>",
    '<?xml version="1.0"?>\n<!-- x --><?pi x?>\n<!DOCTYPE a><a/>',
    "  <!DOCTYPE a><a/>",
]


def refused(data: Any, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        load(data, **options)
    return caught.value


@pytest.mark.parametrize("text", DOCTYPES)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_doctype_is_refused_in_every_encoding(text: str, codec: str) -> None:
    assert refused(text.encode(codec)).code == "FORBIDDEN_XML"
    assert refused(text).code == "FORBIDDEN_XML"
    with pytest.raises(DataError):
        to_dict(text)


def test_a_doctype_cannot_hide_behind_an_encoding() -> None:
    hidden = b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'
    assert refused(hidden).code == "MALFORMED_XML"
    ebcdic = "<!DOCTYPE a><a/>".encode("cp037")
    assert refused(ebcdic).code == "UNKNOWN_FORM"


def test_the_word_doctype_in_a_comment_or_in_text_is_no_doctype() -> None:
    source = load('<!-- <!DOCTYPE a> --><a MSG01_x="1"><![CDATA[<!DOCTYPE a>]]></a>')
    assert b"MSG*1~" in source.x12


def test_a_long_prolog_is_read_in_linear_time() -> None:
    begun = time.perf_counter()
    refused(b"<?a?>" * 200_000 + b"<!--")
    refused(b"<!---->" * 200_000)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("depth", [101, 240, 300, 3000, 100_000])
def test_deep_xml_is_too_deep(depth: int) -> None:
    assert refused(b"<a>" * depth + b"</a>" * depth).code == "TOO_DEEP"


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('{"PPMDResults":', "}"), ('{"raw_response":', "}")]
)
@pytest.mark.parametrize("depth", [101, 300, 100_000])
def test_deep_json_is_too_deep(opening: str, closing: str, depth: int) -> None:
    text = opening * depth + "{}" + closing * depth
    errors = [one.code for one in _all(text) if isinstance(one, DataError)]
    assert errors == ["TOO_DEEP"]


def _all(data: Any) -> list[Any]:
    try:
        return list(load_all(data))
    except DataError as error:
        return [error]


def test_a_dict_that_holds_itself_is_too_deep() -> None:
    loop: dict[str, Any] = {}
    loop["a"] = loop
    assert refused(loop).code == "TOO_DEEP"
    loop["PPMDResults"] = loop
    assert {one.code for one in _all(loop)} == {"TOO_DEEP"}


def test_texts_in_texts_are_bounded() -> None:
    text: Any = "ISA*"
    for _ in range(12):
        text = json.dumps({"raw_response": text})
    assert [one.code for one in _all(text)] == ["TOO_DEEP"]


def test_depth_is_what_the_limits_say() -> None:
    xml = b'<a><b><c MSG01_x="1"/></b></a>'
    document = {"a": {"b": {"@MSG01_x": "1"}}}
    for data in (xml, document, json.dumps(document)):
        assert load(data, limits=Limits(max_depth=3)).x12
        assert refused(data, limits=Limits(max_depth=2)).code == "TOO_DEEP"


def test_lists_count_as_levels() -> None:
    document: dict[str, Any] = {"PPMDResults": {"a": [{"@MSG01_x": "1"}]}}
    assert load(document, limits=Limits(max_depth=4)).x12
    assert refused(document, limits=Limits(max_depth=3)).code == "TOO_DEEP"
    assert refused({"PPMDResults": {"a": [[[["x"]]]]}}, limits=Limits(max_depth=4)).code == "TOO_DEEP"


def test_x12_that_grows_beyond_the_limit_is_too_large() -> None:
    assert refused('<a MSG01_x="1"/>', limits=Limits(max_bytes=50)).code == "TOO_LARGE"


def test_a_value_beyond_libxml2s_bound_is_too_large() -> None:
    assert refused(b'<a MSG01_x="' + b"x" * 11_000_000 + b'"/>').code == "TOO_LARGE"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (b"<a>\n<b x=1/></a>", 2, 6),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', 1, 1),
        (b'<?xml version="1.0" encoding="zlib"?><a/>', 1, 1),
        (b'<?xml version="1.0" encoding="cp1252"?><a x="\x81"/>', 1, 1),
        (b'<a x="\xe9"/>', 1, None),
        (b'<a x="\x01"/>', 1, None),
        (b'<a x="&#1;"/>', 1, None),
        (b"<a>&undefined;</a>", 1, None),
        (b'<a x="1" x="2"/>', 1, None),
        (b"<a></b>", 1, None),
        (b"<a/><b/>", 1, None),
        ("<a x='\ud800'/>", 1, None),
    ],
)
def test_malformed_xml_is_refused_with_its_position(text: bytes, line: int, column: int | None) -> None:
    error = refused(text)
    assert error.code == "MALFORMED_XML"
    assert error.position is not None
    assert error.position.line == line
    assert column is None or error.position.column == column


def test_malformed_json_is_refused_with_its_position() -> None:
    error = refused('{"a":\n  nope}')
    assert (error.code, str(error.position)) == ("MALFORMED_JSON", "line 2, column 3")


def test_json_whose_values_use_up_all_delimiters_is_refused() -> None:
    everything = "".join(map(chr, range(1, 128)))
    assert refused(answer({"a": {"@MSG01_x": everything}})).code == "MALFORMED_JSON"


BROKEN = [
    f'<{PLANTED} x="{PLANTED}>',
    f"<a>&{PLANTED};</a>",
    f"<a></{PLANTED}>",
    f'<a {PLANTED}="1" {PLANTED}="{PLANTED}"/>',
    f'<?xml version="1.0" encoding="{PLANTED}"?><a/>',
    f'{{"{PLANTED}": "{PLANTED}',
    f'{{"a": {PLANTED}}}',
    f'["{PLANTED}"]',
    f"{PLANTED}",
    f'<PPMDResults><Results success="0"><Error Code="{PLANTED}" Description="{PLANTED}"/></Results>'
    "</PPMDResults>",
    f'<PPMDResults><Results eligibilityid="{PLANTED}" eligibilitystatusid="{PLANTED}"/></PPMDResults>',
    "<a>" * 300 + PLANTED,
    f'<a MSG01_x="{PLANTED}" ' + "x" * 60_000 + "=",
    json.dumps({"raw_response": f"<{PLANTED}"}),
]


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("codec", [None, "utf-8", "utf-16", "cp037"])
def test_no_error_tells_what_the_text_says(text: str, codec: str | None) -> None:
    with pytest.raises(X271Error) as caught:
        load(text if codec is None else text.encode(codec))
    error = caught.value
    shown = (
        "".join(traceback.format_exception_only(error)) + repr(error) + repr(error.position) + error.detail
    )
    assert PLANTED not in shown
    assert error.__context__ is None
    assert error.__cause__ is None


def test_a_source_shows_no_patient() -> None:
    source = load(PPMD / "sample.xml")
    shown = repr(source) + str(source) + repr(source.results) + str(source.results)
    for told in ("VSEE", "EDWARD", "TULLY", "48226", "234234", "1986", "2505465"):
        assert told not in shown
